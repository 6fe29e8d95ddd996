"""The corpus folder: which files are sources, and why the others are not."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ingest.readers import READERS
from pincite.errors import CorpusError, SourceError

LARGEST_SOURCE = 20 * 2**20
"""Bytes."""

ADDED = "added"
"""Folder inside the corpus that takes what `add` and the page bring."""

NOT_SOURCES = ("readme", "license", "licence")


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the corpus, read."""

    name: str
    """Path inside the corpus folder, with forward slashes."""
    raw: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that is not published, and why."""

    path: str
    reason: str


def find_sources(corpus: Path) -> list[Path]:
    """List every file that has to be published or accounted for, in a stable order.

    `README*`, `LICENSE*` and dot files are not sources.

    Raises:
        CorpusError: the folder is missing or holds no source. Nothing is ever removed for that.
    """
    if not corpus.is_dir():
        raise CorpusError(
            f"There is no corpus folder {corpus}. Nothing was changed; point at it with "
            "--corpus or PINCITE_CORPUS"
        )
    found = sorted(_walk(corpus), key=lambda path: _order(path.relative_to(corpus)))
    if not found:
        raise CorpusError(
            f"The corpus folder {corpus} holds no article. Nothing was changed; if it lies on "
            "another disk, see that it is mounted"
        )
    return found


def _order(name: Path) -> tuple[bool, str]:
    """Put what was added last: a copy of an article that is there already does not replace it."""
    return name.parts[0] == ADDED, name.as_posix()


def _walk(corpus: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(corpus):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".") and name not in links]
        for name in files + links:
            if not name.startswith(".") and not name.lower().startswith(NOT_SOURCES):
                yield Path(folder) / name


def read_source(corpus: Path, path: Path) -> Source:
    """Read one file without following links or waiting for devices.

    Raises:
        SourceError: it is not a plain file of a known format and size; the message is the reason.
    """
    name = shown(path.relative_to(corpus).as_posix())
    if path.is_symlink():
        raise SourceError("it is a link; put the file itself into the folder")
    if path.suffix.lower() not in READERS:
        kinds = ", ".join(sorted(READERS))
        raise SourceError(f"files ending in {path.suffix or 'nothing'!r} are not read; use {kinds}")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise SourceError("it is not a plain file")
            if facts.st_size > LARGEST_SOURCE:
                raise SourceError(f"it is larger than {LARGEST_SOURCE // 2**20} MB; split it")
            return Source(name=name, raw=file.read(LARGEST_SOURCE + 1))
    except OSError as error:
        raise SourceError(f"it cannot be read: {error.strerror}") from error


def shown(name: str) -> str:
    """Return a file name that can be printed, also where its bytes are not UTF-8."""
    return os.fsencode(name).decode(errors="replace")
