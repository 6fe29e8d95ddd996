"""The examples of `docs/interfaces.md`, run as a reader would run them."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "interfaces.md").read_text()
ADDRESS = "http://127.0.0.1:7860"


def example(heading: str, language: str) -> str:
    """Return the only block of a language under a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    (block,) = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return block


def run_example(heading: str, data: Path, *, address: str = ADDRESS, **settings: str) -> str:
    """Run the Python example under a heading on a library; give what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", example(heading, "python").replace(ADDRESS, address)],
        cwd=ROOT,
        env=os.environ | settings | environment(data),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment(data: Path) -> dict[str, str]:
    return {"PINCITE_DATA": str(data), "PINCITE_EMBEDDING_MODEL": "hashing"}
