"""An embedder that does not do the same work twice, so that four systems fit into a minute."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pincite.embedding import Embedder, EmbeddingSpace, Vectors


class RememberingEmbedder:
    """Wraps an embedder; vectors are the same, timings of first calls too.

    Every document is remembered, because all systems read the same sentences. Of the questions
    only the last one is: its timed search does the work, and the answer after it does not repeat
    it; the next system, which asks all questions again, is timed honestly.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._documents: dict[str, npt.NDArray[np.float32]] = {}
        self._last: tuple[str, npt.NDArray[np.float32]] | None = None

    @property
    def space(self) -> EmbeddingSpace:
        return self._embedder.space

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._embedder.count_tokens(texts)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        if new := [text for text in dict.fromkeys(texts) if text not in self._documents]:
            rows = self._embedder.embed_documents(new)
            self._documents.update(zip(new, rows, strict=True))
        return np.array([self._documents[text] for text in texts], dtype=np.float32)

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        if self._last is None or self._last[0] != text:
            self._last = (text, self._embedder.embed_query(text))
        return self._last[1]
