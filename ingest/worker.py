"""The child process that reads files: `python -m ingest.worker`, started by `ingest.isolation`.

Requests come in on stdin and answers go out on what was stdout, one file after another. A parser
that eats memory or processor time, hangs, or crashes takes this process with it and nothing else.
Answers are JSON: the side that reads hostile files is never trusted with a pickle. The last
argument may name a pipe that nobody ever writes to: when its other end closes, the parent is gone.
"""

import json
import os
import signal
import struct
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any

from ingest.articles import prepare
from ingest.sources import Source
from pincite.errors import SourceError

try:
    import fcntl
    import resource
except ImportError:  # Windows has neither; `ingest.isolation` warns
    HAS_LIMITS = False
else:
    HAS_LIMITS = True

MEMORY = 2**30
CPU_SECONDS = 20
WALL_SECONDS = 30
LARGEST_FILE = 64 * 2**20
MOST_OPEN_FILES = 64
LARGEST_ANSWER = 5 * 2**20
"""Bytes of JSON. These six are the whole contract of a child: one file may cost so much."""
REUSABLE_BELOW = 512 * 2**20
"""Bytes: a child that still holds more is replaced: no file pays for another's leftovers."""

LENGTH = struct.Struct(">Q")
OUT_OF_MEMORY = f"it needed more than {MEMORY // 2**30} GB of memory to be read"

FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")
"""Beginnings of Python's audit events: a reader needs no network and no other program."""


def main() -> None:
    """Answer requests until stdin ends."""
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end ends us
    _limit()
    _end_with_parent()
    sys.addaudithook(_refuse)
    while (name := read_frame(requests)) is not None:
        raw = read_frame(requests) or b""
        _begin()
        answer = _answer(Source(name=name.decode(), raw=raw))
        answer["is_last"] = is_last = _is_spent() or answer.get("failed") == OUT_OF_MEMORY
        body = _encoded(answer)
        _end()
        write_frame(answers, body)
        if is_last:
            return


def read_frame(stream: IO[bytes], *, most: int | None = None) -> bytes | None:
    """Return one message; None where the stream ends, b"" for one longer than `most`."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    if most is not None and length > most:
        return b""
    body = stream.read(length)
    return body if len(body) == length else None


def write_frame(stream: IO[bytes], body: bytes) -> None:
    """Send one message."""
    stream.write(LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def _answer(source: Source) -> dict[str, Any]:
    try:
        found = prepare(source)
    except SourceError as error:
        return {"skipped": str(error)}
    except MemoryError:
        return {"failed": OUT_OF_MEMORY}
    except RecursionError:
        return {"failed": "it is nested too deeply to be read"}
    except Exception as error:  # noqa: BLE001 - one file's bad luck, whatever a parser raises
        said = "".join(c for c in f"{type(error).__name__}: {error}" if c.isprintable())
        return {"failed": f"the reader failed ({said[:300]})"}
    return {"prepared": asdict(replace(found, source=Source(name=source.name, raw=b"")))}


def _encoded(answer: dict[str, Any]) -> bytes:
    try:
        body = json.dumps(answer, ensure_ascii=False, default=lambda raw: "").encode()
    except (ValueError, MemoryError) as error:
        body = json.dumps(
            {"failed": f"its text cannot be kept ({error})", "is_last": True}
        ).encode()
    if len(body) > LARGEST_ANSWER:
        reason = f"it holds more than {LARGEST_ANSWER // 2**20} MB of text; split it"
        body = json.dumps({"skipped": reason, "is_last": answer["is_last"]}).encode()
    return body


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event.startswith(FORBIDDEN):
        raise PermissionError(f"a reader may not use {event}")


def _limit() -> None:
    if HAS_LIMITS:
        for kind, most in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_FSIZE, LARGEST_FILE),
            (resource.RLIMIT_NOFILE, MOST_OPEN_FILES),
            (resource.RLIMIT_CORE, 0),
        ):
            _set_limit(kind, most)


def _set_limit(kind: int, most: int) -> None:
    """Lower a limit, or raise it again as far as the system lets us."""
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _end_with_parent() -> None:
    """Die when the parent does, even in a parser stuck in C code, which runs no Python.

    So it is left to the kernel: a pipe that closes sends SIGIO, whose default action is to end.
    Not the pipe of the requests: a write to it sends the same, and may be told late.
    """
    if HAS_LIMITS and (lifeline := sys.argv[-1]).isdecimal():
        flags = fcntl.fcntl(int(lifeline), fcntl.F_GETFL)
        fcntl.fcntl(int(lifeline), fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(int(lifeline), fcntl.F_SETFL, flags | os.O_ASYNC)


def _begin() -> None:
    """Give a file its own processor time; the alarm remains should the parent not stop us."""
    if HAS_LIMITS:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _set_limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + CPU_SECONDS + 1)
        signal.alarm(WALL_SECONDS + 5)


def _end() -> None:
    if HAS_LIMITS:
        signal.alarm(0)


def _is_spent() -> bool:
    """Whether more address space is still taken than a fresh child needs by far."""
    try:  # not ru_maxrss: it begins with what the parent held
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # only Linux tells
        return False
    return pages * resource.getpagesize() > REUSABLE_BELOW


if __name__ == "__main__":
    main()
