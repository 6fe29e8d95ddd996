"""How much memory this process and its children have needed."""

import re
import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_mb() -> float:
    """Return the largest resident memory, so far, of this process or any child, in MiB.

    Linux hands `ru_maxrss` on from a parent to the program it starts, so that a small program
    started by a large one looks large; the kernel's own mark `VmHWM` does not have that fault.
    """
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(_own_kib(), _kib(children)) / 1024


def _own_kib() -> float:
    mark = re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text()) if STATUS.exists() else None
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(mark[1]) if mark else _kib(own)


def _kib(maxrss: int) -> float:
    return maxrss / 1024 if sys.platform == "darwin" else float(maxrss)
