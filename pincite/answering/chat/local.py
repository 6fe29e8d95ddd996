"""A model file on this machine: llama.cpp in a child process, reached over loopback.

In this process it would take the page with it when it crashes, as it does when it is torn down in
the middle of an answer, and could not be ended before its answer is.
"""

import atexit
import json
import os
import secrets
import subprocess
import sys
import time
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread

from pincite.answering.chat import local_server
from pincite.answering.chat.connection import POLL, Stop
from pincite.errors import ChatModelFileError, ChatModelTimeoutError


@dataclass(frozen=True, slots=True)
class _Child:
    process: subprocess.Popen[bytes]
    key: str
    address: "Future[str]"
    """Empty where the model could not be loaded."""


class LocalServer:
    """Starts the child at the first question, and anew when it is gone."""

    def __init__(self, path: Path, *, name: str, context: int, timeout: float) -> None:
        self._path = path
        self._name = name
        self._context = context
        self._timeout = timeout
        self._child: _Child | None = None
        self._lock = Lock()

    def running(self, stop: Stop) -> tuple[str, str]:
        """Return the address of the server and its key, as soon as the model is loaded.

        Raises:
            ChatModelFileError: the file cannot be loaded.
            ChatModelTimeoutError: it takes longer than a model may be silent; it goes on loading.
        """
        with self._lock:
            if self._child is None or self._child.process.poll() is not None:
                self._end()
                self._child = self._started()
            child = self._child
        deadline = time.monotonic() + self._timeout
        while not stop() and time.monotonic() < deadline:
            try:
                address = child.address.result(timeout=POLL)
            except TimeoutError:
                continue
            if not address:
                raise ChatModelFileError(self._name)
            return address, child.key
        raise ChatModelTimeoutError(self._name)

    @property
    def process(self) -> int | None:
        """Id of the child process, while it runs."""
        child = self._child
        return child.process.pid if child and child.process.poll() is None else None

    def stop(self) -> None:
        """End the child at once, whatever it is doing."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            atexit.unregister(self.stop)
            child.process.kill()
            child.process.wait()
            child.address.exception()  # its reader has seen the end
            for pipe in (child.process.stdin, child.process.stdout):
                if pipe:
                    pipe.close()

    def _started(self) -> _Child:
        # -I: what lies in the current folder is not imported. The key is in no command line.
        process = subprocess.Popen(
            [sys.executable, "-I", local_server.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        child = _Child(process, secrets.token_urlsafe(32), Future())
        atexit.register(self.stop)
        order = {
            "path": str(self._path.resolve()),
            "context": self._context,
            "key": child.key,
            "threads": max(1, (os.cpu_count() or 2) - 1),
        }
        Thread(target=_introduce, args=(child, order), name="chat model start", daemon=True).start()
        return child


def _introduce(child: _Child, order: dict[str, object]) -> None:
    """Give the child its orders and wait for its address."""
    assert child.process.stdin is not None
    assert child.process.stdout is not None
    address = b""
    try:
        child.process.stdin.write(json.dumps(order).encode() + b"\n")
        child.process.stdin.flush()
        address = child.process.stdout.readline()
    except OSError:
        pass  # it died at once
    finally:
        child.address.set_result(address.decode().strip())
