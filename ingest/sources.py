"""The corpus folder: which files are sources, and why the others are not."""

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

from pincite.errors import CorpusError, SourceError

LARGEST_SOURCE = 20 * 2**20
"""Bytes."""
MOST_SOURCES = 10_000
DEEPEST_FOLDER = 20
"""Folders below the corpus folder."""
QUIET = 0.1
"""Seconds since the last change before a file is read: in the middle of a write its times and its
length may look settled."""
WAITS = (0, QUIET, 2 * QUIET, 4 * QUIET)
"""Seconds before each look at a file that somebody may be writing."""

ADDED = "added"
"""Folder inside the corpus that takes what `add` and the page bring."""

NOT_SOURCES = ("readme", "license", "licence")


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the corpus, read."""

    name: str
    """Path inside the corpus folder, with forward slashes, as `shown`."""
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

    `README*`, `LICENSE*` and dot files are not sources. A folder that cannot be listed, or lies too
    deep, stands in the list itself: `read_source` says why nothing in it is read.

    Raises:
        CorpusError: the folder is missing, holds no source, or far too many. Nothing is ever
            removed for that.
    """
    if not corpus.is_dir():
        raise CorpusError(
            f"There is no corpus folder {corpus}. Nothing was changed; point at it with "
            "--corpus or PINCITE_CORPUS"
        )
    found = sorted(
        islice(_walk(corpus), MOST_SOURCES + 1), key=lambda path: _order(path.relative_to(corpus))
    )
    if not found:
        raise CorpusError(
            f"The corpus folder {corpus} holds no article. Nothing was changed; if it lies on "
            "another disk, see that it is mounted"
        )
    if len(found) > MOST_SOURCES:
        raise CorpusError(
            f"The corpus folder {corpus} holds more than {MOST_SOURCES:,} files. Nothing was "
            "changed; see that it is the right folder"
        )
    return found


def _order(name: Path) -> tuple[bool, bytes]:
    """Put what was added last: a copy of an article that is there already does not replace it."""
    return name.parts[0] == ADDED, os.fsencode(name.as_posix())


def _walk(corpus: Path) -> Iterator[Path]:
    unlisted: list[Path] = []
    walk = os.walk(corpus, onerror=lambda error: unlisted.append(Path(error.filename)))
    for folder, folders, files in walk:
        here = Path(folder)
        visible = [name for name in folders if not name.startswith(".")]
        is_deepest = len(here.relative_to(corpus).parts) >= DEEPEST_FOLDER
        folders[:] = [name for name in visible if not ((here / name).is_symlink() or is_deepest)]
        for name in [*files, *(name for name in visible if name not in folders)]:
            if not name.startswith(".") and not name.lower().startswith(NOT_SOURCES):
                yield here / name
    yield from unlisted


def read_source(corpus: Path, path: Path) -> Source:
    """Read one file without following links or waiting for devices.

    Raises:
        SourceError: it is not a plain file of a known size; the message is the reason.
    """
    if path.is_symlink():
        raise SourceError("it is a link; put the file itself into the folder")
    try:
        if not path.resolve().is_relative_to(corpus.resolve()):
            raise SourceError("it lies outside of the corpus folder")
        for wait in WAITS:
            time.sleep(wait)
            if (raw := _stable_bytes(path)) is not None:
                break
    except OSError as error:
        raise SourceError(f"it cannot be read: {error.strerror}") from error
    if raw is None:
        raise SourceError("changed while reading; publish again when it is saved")
    return Source(name=name_of(corpus, path), raw=raw)


def _stable_bytes(path: Path) -> bytes | None:
    """Return what a plain file holds, or None while somebody may be writing to it."""
    _check_plain(path.lstat())
    descriptor = os.open(path, os.O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        _check_plain(before)  # again: another file may have taken the name
        if 0 <= time.time() - before.st_mtime < QUIET:
            return None
        raw = file.read(LARGEST_SOURCE + 1)
        return raw if _state(before) == _state(os.fstat(descriptor)) else None


O_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
O_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
"""Not to wait for a FIFO's writer; Windows has neither."""


def _check_plain(facts: os.stat_result) -> None:
    if stat.S_ISDIR(facts.st_mode):
        raise SourceError(f"it is a folder more than {DEEPEST_FOLDER} deep; move it further up")
    if not stat.S_ISREG(facts.st_mode):
        raise SourceError("it is not a plain file")
    if facts.st_size > LARGEST_SOURCE:
        raise SourceError(f"it is larger than {LARGEST_SOURCE // 2**20} MB; split it")


def _state(facts: os.stat_result) -> tuple[int, int, int]:
    return facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


def name_of(corpus: Path, path: Path) -> str:
    """Return a source's name: its path inside the corpus folder, as `shown`."""
    return shown(path.relative_to(corpus).as_posix())


def path_of(corpus: Path, name: str) -> Path | None:
    """Return where the source of this name lies, or None."""
    return next((path for path in _walk(corpus) if name_of(corpus, path) == name), None)


def shown(name: str) -> str:
    r"""Return a file name that can be printed and stored; no two names become one.

    Bytes that are not UTF-8, control characters and invisible ones are written as `\udcff`, `\x1b`.
    """
    text = name.replace("\\", r"\\")
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text
    )
