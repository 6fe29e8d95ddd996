"""A cross-encoder that reads question and passage together: an option for those who have one."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pincite.embedding import model_folder

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class Reranker:
    """Scores passages for a question; read only from this machine.

    Source: Nogueira and Cho 2019, "Passage Re-ranking with BERT".
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()

    def scores(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return one number per text, higher is better; comparable within one call only."""
        with self._lock:
            found = self._model.predict([(question, text) for text in texts])
        return np.asarray(found, dtype=np.float64)

    @cached_property
    def _model(self) -> "CrossEncoder":
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call] # the library leaves it so
        model: CrossEncoder = CrossEncoder(
            str(self._folder), num_labels=1, device="cpu", local_files_only=True
        )
        return model


def load_reranker(name: str | None) -> Reranker | None:
    """Find the cross-encoder of that name, a folder or one in the local cache; None for none.

    Raises:
        ModelMissingError: there is no such model here.
    """
    return Reranker(model_folder(name)) if name else None
