"""Files to articles in a child process, so that no file can cost the run more than itself."""

import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter, ValidationError

from ingest import worker
from ingest.articles import Prepared
from ingest.sources import Source
from pincite.errors import PinciteError, SourceError

PROGRAM = (sys.executable, "-P", "-m", worker.__name__)
PASSED_ON = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TMPDIR", "TZ")
"""All that a child learns of the environment: no key and no password."""


class ReadingFailedError(PinciteError):
    """Reading one source broke down; the message is the reason in the ingest report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What a child says of one file; exactly one of the first three is given."""

    prepared: Prepared | None = None
    skipped: str | None = None
    failed: str | None = None
    is_last: bool = False
    """Whether the child ends after this answer."""


ANSWER = TypeAdapter(_Answer)


class Reader:
    """Prepares sources one after another in a child, and replaces the child when it dies.

    To be closed (use `with`); not for several threads at once.
    """

    def __init__(
        self, *, wall_seconds: float = worker.WALL_SECONDS, program: Sequence[str] = PROGRAM
    ) -> None:
        self._wall_seconds = wall_seconds
        self._program = program
        self._child: _Child | None = None
        if not worker.HAS_LIMITS:
            warnings.warn("files are read without limits on this system", stacklevel=2)

    def prepare(self, source: Source) -> Prepared:
        """Turn a source into an article, as `ingest.articles.prepare` does.

        Raises:
            SourceError: there is no text to publish; the message is the reason.
            ReadingFailedError: the child broke down or was stopped; the message says how.
        """
        answer = self._asked(source)
        if answer.is_last:
            self.close()
        if answer.skipped is not None:
            raise SourceError(answer.skipped)
        if answer.prepared is None:
            raise ReadingFailedError(answer.failed or "the reader gave no answer")
        return replace(answer.prepared, source=source)

    def close(self) -> None:
        """End the child."""
        if self._child:
            self._child.close()
        self._child = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _asked(self, source: Source) -> _Answer:
        if self._child and self._child.poll() is not None:  # died while idle: no file's fault
            self.close()
        self._child = child = self._child or _Child(self._program)
        is_late = threading.Event()

        def stop() -> None:
            is_late.set()
            child.kill()

        timer = threading.Timer(self._wall_seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            body = _exchange(child, source)
        except BaseException:  # Ctrl-C: what the child would say next belongs to no question
            self.close()
            raise
        finally:
            timer.cancel()
            timer.join()
        if is_late.is_set():
            return _Answer(
                failed=f"it took longer than {self._wall_seconds:g} s to read", is_last=True
            )
        return (
            _understood(body)
            if body is not None
            else _Answer(failed=_cause(child.wait()), is_last=True)
        )


def _understood(body: bytes) -> _Answer:
    try:
        return ANSWER.validate_json(body)
    except ValidationError:
        return _Answer(failed="the reader gave an answer that makes no sense", is_last=True)


def _cause(code: int) -> str:
    if worker.HAS_LIMITS and code == -signal.SIGXCPU:
        return f"it took more than {worker.CPU_SECONDS} s of processor time to read"
    return f"the reader crashed ({f'signal {-code}' if code < 0 else f'exit code {code}'})"


class _Child(subprocess.Popen[bytes]):
    """A worker that finds the same code as we do, whatever the current folder holds."""

    def __init__(self, program: Sequence[str]) -> None:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        ours = str(Path(worker.__file__).parents[1])
        inherited = os.environ.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([ours, *([inherited] if inherited else [])])
        lifeline, self._lifeline = os.pipe()  # nobody writes to it; see `ingest.worker`
        try:
            super().__init__(
                [*program, str(lifeline)] if worker.HAS_LIMITS else program,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                pass_fds=[lifeline] if worker.HAS_LIMITS else [],
            )
        except BaseException:
            os.close(self._lifeline)
            raise
        finally:
            os.close(lifeline)

    def close(self) -> None:
        """End it."""
        self.kill()
        self.wait()
        os.close(self._lifeline)
        for pipe in filter(None, (self.stdin, self.stdout)):
            with suppress(OSError):  # what was not sent yet cannot be
                pipe.close()


def _exchange(child: subprocess.Popen[bytes], source: Source) -> bytes | None:
    """Ask and return the answer, or None if the child ended without one."""
    assert child.stdin
    assert child.stdout
    try:
        for body in (source.name.encode(), source.raw):
            worker.write_frame(child.stdin, body)
        return worker.read_frame(child.stdout, most=worker.LARGEST_ANSWER)
    except OSError:  # the pipe broke: the child is gone
        return None
