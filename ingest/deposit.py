"""Files put into the corpus folder and taken out of it; all undone if they are not published."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from ingest.articles import slug
from ingest.publish import published
from ingest.sources import Source, path_of
from ingest.writing import sync
from pincite.errors import UnknownArticleError
from pincite.generations import current_generation, folder_of, read_manifest

WITHDRAWN = "withdrawn"
ORIGINALS = "originals"


class Deposit:
    """The changes of one run to the corpus folder, made while the library's lock is held.

    Leaving the block by an error, or by Ctrl-C, puts every file back, unless the generation that
    knows of the changes is current already: the corpus folder and the library go together.
    """

    def __init__(self, corpus: Path, data: Path) -> None:
        self._corpus = corpus
        self._data = data
        self._written: list[Path] = []
        self._moved: list[tuple[Path, Path]] = []

    def __enter__(self) -> "Deposit":
        self._before = _generation(self._data)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None and _generation(self._data) == self._before:
            self.undo()

    def undo(self) -> None:
        """Put every file back where it was."""
        for path in self._written:
            path.unlink(missing_ok=True)
        for source, resting in self._moved:
            if resting.exists():
                shutil.move(resting, source)

    def twin_of(self, text_sha256: str) -> str | None:
        """Return the source that is published with this very text and still there, if any."""
        manifest = published(self._data)
        entries = manifest.articles.values() if manifest else ()
        twins = (e.source for e in entries if e.text_sha256 == text_sha256)
        return next((source for source in twins if path_of(self._corpus, source)), None)

    def put(self, name: str, raw: bytes) -> str:
        """Write a source under this name, or the next that is free; return the name it got.

        It appears whole: until then it is empty, and its words are in a dot file.
        """
        path = free_name(self._corpus / name)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._write(path, raw)
        return path.relative_to(self._corpus).as_posix()

    def keep_original(self, name: str, source: Source) -> None:
        """Keep the file that a source was read from, under the source's name and its own ending."""
        path = free_name(self._data / ORIGINALS / f"{name}{Path(source.name).suffix}")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._write(path, source.raw)

    def _write(self, path: Path, raw: bytes) -> None:
        path.touch(exist_ok=False)  # ours from here on, so that nothing else is overwritten
        self._written.append(path)
        fresh = path.with_name(f".{path.name}.new")
        self._written.append(fresh)
        fresh.write_bytes(raw)
        sync(fresh)
        fresh.replace(path)

    def take_back(self, names: Iterable[str]) -> None:
        """Remove sources that this run put there, and their originals."""
        for name in names:
            (self._corpus / name).unlink()
            for original in _originals(self._data, name):
                original.unlink()

    def withdraw(self, name: str) -> None:
        """Move a source to the data folder; one that is gone already is no error."""
        source = path_of(self._corpus, name) or self._corpus / name
        resting = free_name(self._data / WITHDRAWN / name)
        resting.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._moved.append((source, resting))
        if source.exists():
            shutil.move(source, resting)

    def purge(self) -> None:
        """Delete what was withdrawn, and the files it was read from."""
        for source, resting in self._moved:
            resting.unlink(missing_ok=True)
            for original in _originals(self._data, source.relative_to(self._corpus).as_posix()):
                original.unlink()


def _originals(data: Path, name: str) -> list[Path]:
    """Return the files that a source, by its name in the corpus folder, was read from."""
    place = data / ORIGINALS / name
    if not place.parent.is_dir():
        return []
    return [path for path in place.parent.iterdir() if path.name.startswith(f"{place.name}.")]


def _generation(data: Path) -> int | None:
    manifest = published(data)
    return manifest.generation if manifest else None


def source_path(article_id: str, data: Path) -> str:
    """Return the path of a published article's source inside the corpus folder.

    Raises:
        UnknownArticleError: there is no such article.
        LibraryMissingError, LibraryDamagedError: nothing is published, or it cannot be read.
    """
    manifest = read_manifest(folder_of(data, current_generation(data)))
    if article_id not in manifest.articles:
        raise UnknownArticleError(article_id)
    return manifest.articles[article_id].source


def purge_withdrawn(article_id: str, data: Path) -> bool:
    """Delete what was withdrawn before under this id, and the files it was read from.

    False where the article is published, or nowhere.
    """
    if article_id in read_manifest(folder_of(data, current_generation(data))).articles:
        return False
    resting = data / WITHDRAWN
    found = [p for p in resting.rglob("*") if p.is_file() and slug(p.name) == article_id]
    for path in found:
        path.unlink()
        for original in _originals(data, path.relative_to(resting).as_posix()):
            original.unlink()
    return bool(found)


def same_text(source: str) -> str:
    """Return the reason why the twin of a source is not published."""
    return f"the same text as {source}"


def free_name(path: Path) -> Path:
    """Return the path, or the first of `name-2`, `name-3` ... that is not taken."""
    number = 2
    free = path
    while free.exists():
        free = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return free
