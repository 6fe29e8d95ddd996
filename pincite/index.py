"""The vectors of a generation. The only module that knows that Chroma exists."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import chromadb
import numpy as np
import numpy.typing as npt
from chromadb.api.client import Client
from chromadb.config import Settings
from chromadb.errors import NotFoundError

from pincite.embedding import Vectors

FOLDER = "chroma"
PASSAGES = "passages"
HEADINGS = "section_headings"
"""The two collections; a tool that takes the first one, by name, gets the passages."""
SEARCHED = 200
"""Candidates that Chroma's approximate search keeps: enough that it hardly ever misses."""
BATCH = 5000
"""Records in one call; chromadb 1.5.9 takes at most 5,461."""


def build(
    directory: Path, ids: Sequence[str], vectors: Vectors, *, collection: str = PASSAGES
) -> None:
    """Write a new collection of our own vectors, in this order, and close the store."""
    with _client(directory) as client:
        made = client.create_collection(
            collection,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": SEARCHED}},
        )
        for first in range(0, len(ids), BATCH):
            batch = slice(first, first + BATCH)
            made.add(ids=list(ids[batch]), embeddings=vectors[batch])


class VectorIndex:
    """All vectors of a closed generation in memory, searched exactly.

    Opening a Chroma store writes to it, so it is read from a private copy and the generation stays
    as it was published, also on a read-only disk. Why exact: docs/decisions/002-exact-search.md.
    """

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    @classmethod
    def open(
        cls, directory: Path, ids: Sequence[str], *, collection: str = PASSAGES
    ) -> "VectorIndex":
        """Load the vectors in the order of `ids`.

        Raises:
            LookupError: the store does not hold exactly these ids.
        """
        with _private_copy(directory, collection) as held:
            rows = _all_vectors(held)
        if rows.keys() != set(ids) or len(rows) != len(ids):
            raise LookupError(
                f"the vector store holds {len(rows)} {collection}, the articles have {len(ids)}"
            )
        if not ids:
            return cls(np.zeros((0, 1), dtype=np.float32))
        return cls(np.array([rows[id_] for id_ in ids], dtype=np.float32))

    def similarities(self, query: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return the cosine similarity of every row to the question, -1 to 1."""
        if not len(self._vectors):
            return np.zeros(0, dtype=np.float32)
        result: npt.NDArray[np.float32] = self._vectors @ query
        return result

    @property
    def vectors(self) -> Vectors:
        return self._vectors


def not_found_by_search(directory: Path, ids: Sequence[str], vectors: Vectors) -> list[str]:
    """Return the ids whose own vector does not lead Chroma's search back to them or to a twin."""
    missing: list[str] = []
    with _private_copy(directory, PASSAGES) as collection:
        for first in range(0, len(ids), BATCH):
            batch = slice(first, first + BATCH)
            found = collection.query(
                query_embeddings=vectors[batch], n_results=FIRST, include=["distances"]
            )
            nearest = zip(ids[batch], found["ids"], found["distances"] or [], strict=True)
            missing += [
                id_
                for id_, near, distances in nearest
                if id_ not in near and not (distances and distances[0] <= TWIN)
            ]
    return missing


FIRST = 10
"""Results among which a vector must find itself; near-copies may stand before it."""
TWIN = 1e-4
"""Cosine distance under which two stored vectors count as one; float32 rounding is about 1e-6."""


@contextmanager
def _client(directory: Path) -> Iterator[Client]:
    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    # Annotated as the interface, which lacks `close`.
    client = cast(Client, chromadb.PersistentClient(str(directory), settings=settings))
    try:
        yield client
    finally:
        client.close()


@contextmanager
def _private_copy(directory: Path, collection: str) -> Iterator[chromadb.Collection]:
    with TemporaryDirectory(prefix="pincite-") as scratch:
        copy = shutil.copytree(directory, Path(scratch) / FOLDER)
        for path in copy.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        copy.chmod(0o700)
        with _client(copy) as client:
            try:
                held = client.get_collection(collection, embedding_function=None)
            except NotFoundError:
                raise LookupError(f"the vector store holds no {collection}") from None
            yield held


def _all_vectors(collection: chromadb.Collection) -> dict[str, npt.NDArray[np.float32]]:
    rows: dict[str, npt.NDArray[np.float32]] = {}
    for first in range(0, collection.count(), BATCH):
        page = collection.get(limit=BATCH, offset=first, include=["embeddings"])
        embeddings = page["embeddings"]
        rows.update(zip(page["ids"], np.asarray(embeddings, dtype=np.float32), strict=True))
    return rows
