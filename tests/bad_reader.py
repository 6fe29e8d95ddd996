"""A worker whose reader does what the name of a file says: the faults that real ones can have."""

import ctypes
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from ingest import worker
from ingest.articles import prepare
from ingest.sources import Source


def spin() -> None:
    while True:
        pass


def eat() -> None:
    held = []
    while True:
        held.append(bytearray(2**24))


def fill() -> None:
    with Path(os.environ["TMPDIR"], "full").open("wb") as file:
        while True:
            file.write(bytes(2**22))


def misbehave(source: Source) -> object:
    faults = {
        "spin": spin,
        "eat": eat,
        "fill": fill,
        "sleep": lambda: time.sleep(600),
        "crash": lambda: ctypes.string_at(0),
        "exit": lambda: os._exit(3),
        "raise": lambda: {}["\x1b[31mred"],
        "recurse": lambda: misbehave(source),
        "print": lambda: print("not an answer"),  # noqa: T201 - that is the fault
        "connect": lambda: socket.create_connection(("127.0.0.1", 9)),
        "run": lambda: subprocess.run(["true"], check=True),
        "open": lambda: [open("/dev/null") for _ in range(200)],  # noqa: PTH123, SIM115 - left open
        "babble": lambda: os.write(3, b"\xff" * 4096),
    }
    faults.get(Path(source.name).stem, lambda: None)()
    return prepare(source)


worker.prepare = misbehave  # type: ignore[assignment]
worker.CPU_SECONDS = 1
worker.WALL_SECONDS = int(sys.argv[1]) if len(sys.argv) > 2 else 30
worker.main()
