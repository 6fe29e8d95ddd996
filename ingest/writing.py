"""One writer at a time, and files that are on disk when we say so."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pincite.errors import LibraryBusyError
from pincite.generations import POINTER

LOCK = ".lock"
HOLDER = "writer.json"


@contextmanager
def only_writer(data: Path) -> Iterator[None]:
    """Hold the library's kernel lock; it falls with the process, so no stale lock can stay.

    Raises:
        LibraryBusyError: another process holds it.
    """
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(data / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LibraryBusyError(data, holder=_holder(data)) from None
    try:
        note = {"pid": os.getpid(), "command": Path(sys.argv[0]).parent.name or sys.argv[0]}
        note["since"] = datetime.now(UTC).isoformat(timespec="seconds")
        (data / HOLDER).write_text(json.dumps(note))
        yield
    finally:
        (data / HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(data: Path) -> str:
    with suppress(OSError, ValueError, KeyError):
        note = json.loads((data / HOLDER).read_text())
        return f"process {note['pid']} ({note['command']}, since {note['since']})"
    return "another process"


def sync_tree(folder: Path) -> None:
    """Flush every file and folder below `folder`, and itself, to the disk."""
    for path in [*folder.rglob("*"), folder]:
        sync(path)


def point_at(data: Path, generation: int) -> None:
    """Make a generation the current one: readers see the old one or the new one, never neither."""
    fresh = data / f"{POINTER}.new"
    fresh.write_text(f"{generation}\n")
    sync(fresh)
    fresh.replace(data / POINTER)
    sync(data)


def sync(path: Path) -> None:
    """Flush one file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
