"""The generations that are kept: go back to one, or check the current one."""

from pathlib import Path

from ingest.building import check
from ingest.writing import only_writer, point_at
from pincite.embedding import Embedder
from pincite.errors import CorpusError
from pincite.generations import (
    Manifest,
    current_generation,
    existing_generations,
    folder_of,
    read_manifest,
)


def rollback(data: Path, *, embedder: Embedder) -> int:
    """Make the newest generation before the current one current again; return its number.

    Raises:
        CorpusError: there is none.
        LibraryDamagedError: it is not whole; the current one stays.
    """
    with only_writer(data):
        current = current_generation(data)
        earlier = [number for number in existing_generations(data) if number < current]
        if not earlier:
            raise CorpusError(f"There is no generation before {current} to go back to")
        check(folder_of(data, earlier[-1]), embedder, new_rows=())
        point_at(data, earlier[-1])
        return earlier[-1]


def verify_current(data: Path, *, embedder: Embedder) -> Manifest:
    """Check the current generation with every vector searched for.

    Raises:
        LibraryDamagedError: the first thing found wrong.
    """
    folder = folder_of(data, current_generation(data))
    manifest = read_manifest(folder)
    check(folder, embedder, new_rows=range(manifest.passages))
    return manifest
