"""The articles that ship, published with the model that ships: once in a run, as it takes long."""

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.remembering import RememberingEmbedder
from ingest.corpus import publish_corpus
from pincite.embedding import load_embedder
from pincite.settings import Settings

ROOT = Path(__file__).parents[1]


@cache
def minilm() -> RememberingEmbedder:
    return RememberingEmbedder(load_embedder(Settings().embedding_model))


@cache
def published() -> Path:
    """Return the data folder; nothing may publish to it."""
    folder = TemporaryDirectory(prefix="pincite-shipped-")
    atexit.register(folder.cleanup)
    data = Path(folder.name) / "data"
    publish_corpus(ROOT / "corpus", data, embedder=minilm())
    return data
