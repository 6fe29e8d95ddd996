"""A published generation, opened for reading; and the handle that follows CURRENT."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from pincite import index, store
from pincite.embedding import Embedder
from pincite.errors import EmbeddingMismatchError, LibraryDamagedError
from pincite.generations import check_files, current_generation, folder_of, read_manifest
from pincite.index import VectorIndex
from pincite.lexical import LexicalIndex
from pincite.model import Article, Passage, Place, Section, headings_of

Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class Library:
    """All of one generation: an answer is made from one of these and never mixes two."""

    generation: int
    articles: Mapping[str, Article]
    passages: tuple[Passage, ...]
    """In the order of the vectors' rows and of the word index."""
    vectors: VectorIndex
    headings: VectorIndex
    """Of what stands over the sections, in the order of `headings_of`."""
    words: LexicalIndex

    def section(self, place: Place) -> Section:
        return self.articles[place[0]].sections[place[1]]

    @classmethod
    def open(cls, folder: Path, embedder: Embedder) -> "Library":
        """Open a generation after comparing every file with its manifest.

        Raises:
            LibraryDamagedError: something is missing or differs from what was published.
            EmbeddingMismatchError: it was built with another embedding model.
        """
        manifest = read_manifest(folder)
        if not embedder.space.serves(manifest.embedding):
            raise EmbeddingMismatchError(
                folder, built_with=manifest.embedding.model, asked_for=embedder.space.model
            )
        check_files(folder, manifest)
        try:
            passages = store.read_passages(folder / store.FILE)
            return cls(
                generation=manifest.generation,
                articles=store.read_articles(folder / store.FILE),
                passages=passages,
                vectors=VectorIndex.open(folder / index.FOLDER, [p.id for p in passages]),
                headings=VectorIndex.open(
                    folder / index.FOLDER, list(headings_of(passages)), collection=index.HEADINGS
                ),
                words=LexicalIndex(folder / store.FILE),
            )
        except (LookupError, sqlite3.Error) as error:
            raise LibraryDamagedError(folder, fault=str(error)) from error


class LiveLibrary:
    """Gives the current generation, also when another process has just published it."""

    def __init__(self, data: Path, embedder: Embedder) -> None:
        self._data = data
        self._embedder = embedder
        self._lock = Lock()
        self._open: Library | None = None

    def current(self) -> Library:
        """Return the generation that CURRENT points at now.

        Raises:
            LibraryMissingError, LibraryDamagedError, EmbeddingMismatchError: see `Library.open`.
        """
        with self._lock:
            generation = current_generation(self._data)
            while self._open is None or self._open.generation != generation:
                try:
                    self._open = Library.open(folder_of(self._data, generation), self._embedder)
                except LibraryDamagedError:
                    # A writer may have dropped it between the pointer's reading and the opening.
                    if current_generation(self._data) == generation:
                        raise
                generation = current_generation(self._data)
            return self._open


class OncePerGeneration(Generic[Made]):
    """Gives what is made of the current generation, which is made when it is first asked for."""

    def __init__(self, live: LiveLibrary, make: Callable[[Library], Made]) -> None:
        self._live = live
        self._make = make
        self._lock = Lock()
        self._last: tuple[Library, Made] | None = None

    def current(self) -> Made:
        """Return it; raises as `LiveLibrary.current` does."""
        library = self._live.current()
        with self._lock:
            if self._last is None or self._last[0] is not library:
                self._last = library, self._make(library)
            return self._last[1]
