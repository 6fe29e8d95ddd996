"""Fixtures that several test files share: a small corpus, and libraries published from one."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
from hypothesis import HealthCheck, settings

from ingest.corpus import publish_corpus
from pincite.answering import assessment, gate
from pincite.console import command_line
from pincite.embedding import Embedder, load_embedder
from pincite.library import LiveLibrary
from tests import shipped as ships

ROOT = Path(__file__).parent.parent

settings.register_profile(
    "pincite",
    max_examples=60,
    deadline=None,  # a shared machine's pauses are no finding
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("pincite")

NOTICE = """\
---
title: Handing in your notice
kind: guide
speaker: counsellor
author: Jo Marsh
date: 2024-05
place: UK
topics: [notice, resignation]
url: https://example.org/notice
---

# How long is the notice period?

Three months is usual in most contracts that associates sign. Read your own contract first.

# Who should hear it first?

Tell the supervising partner in person before anybody else hears of it.
"""

SECONDMENT = """\
---
title: Secondments to a client
kind: column
speaker: recruiter
author: Dana Whitlock
---

Q: What are the benefits of a secondment?

A: A secondment teaches you how a client decides. Clients often send work to lawyers they know.

Q: What are the drawbacks of a secondment?

A: The main drawback of a secondment is being out of sight at the firm. Your billable hours may \
not count.
"""

BURNOUT = """\
---
title: Exhausted after two years
kind: thread
---

I have not slept properly for months because of the hours. Should I ask for a leave of absence?

2 Responses

Response 1

Ask for a short leave of absence before you decide anything else.

Response 2

See a doctor first, and tell the partner only what concerns the work.
"""

SMALL_CORPUS = {
    "guides/notice.md": NOTICE,
    "columns/secondment.md": SECONDMENT,
    "threads/burnout.md": BURNOUT,
}


@dataclass(frozen=True)
class Outcome:
    """What a command left behind for the caller to see."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict:
        """The one JSON document of stdout; anything more in it is an error."""
        return json.loads(self.out)


Run = Callable[..., Outcome]


def write_corpus(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def bytes_below(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with what it holds."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch):
    for name in [name for name in os.environ if name.upper().startswith("PINCITE_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return load_embedder("hashing")


@pytest.fixture(scope="session")
def _published(tmp_path_factory, embedder) -> Path:
    home = tmp_path_factory.mktemp("small")
    corpus = write_corpus(home / "corpus", SMALL_CORPUS)
    publish_corpus(corpus, home / "data", embedder=embedder)
    return home


@pytest.fixture(scope="module")
def browser():
    """A real browser; not for longer than a module, as Playwright keeps an event loop running."""
    from tests.web_browser import chromium  # imports what other tests can do without

    with chromium() as running:
        yield running


@pytest.fixture
def home(_published, tmp_path) -> Path:
    """A folder of the test's own with `corpus/` and `data/`, where generation 1 is published."""
    return shutil.copytree(_published, tmp_path / "home")


@pytest.fixture
def corpus(home) -> Path:
    return home / "corpus"


@pytest.fixture
def data(home) -> Path:
    return home / "data"


@pytest.fixture(scope="session")
def small_library(_published, embedder):
    """The library of `SMALL_CORPUS`, opened; nothing may publish to it."""
    return LiveLibrary(_published / "data", embedder).current()


@pytest.fixture(scope="session")
def shipped_data(tmp_path_factory, embedder) -> Path:
    """The articles that ship, published with the hashing embedder; nothing may publish to it."""
    data = tmp_path_factory.mktemp("shipped") / "data"
    publish_corpus(ROOT / "corpus", data, embedder=embedder)
    return data


@pytest.fixture(scope="session")
def shipped(shipped_data, embedder):
    return LiveLibrary(shipped_data, embedder).current()


@pytest.fixture(scope="session")
def minilm() -> Embedder:
    """The model that ships, which embeds nothing twice in a run."""
    return ships.minilm()


@pytest.fixture(scope="session")
def shipped_with_minilm() -> Path:
    """The articles that ship, published with the model that ships; nothing may publish to it."""
    return ships.published()


@pytest.fixture
def plain_gate(monkeypatch):
    """A gate that opens when half of the question is known, however the product's is fitted."""
    model = {"intercept": -1.0, "weights": {"known": 2.0}, "threshold": 0.5}
    monkeypatch.setattr(gate, "fitted", lambda: model)
    monkeypatch.setattr(assessment, "fitted", lambda: model)


@pytest.fixture
def run(monkeypatch, capsys, home) -> Run:
    """Run a program of ours in this process, in an empty folder, on the test's own library."""
    monkeypatch.chdir(home)
    monkeypatch.setenv("PINCITE_EMBEDDING_MODEL", "hashing")
    monkeypatch.setenv("PINCITE_DATA", str(home / "data"))
    monkeypatch.setenv("PINCITE_CORPUS", str(home / "corpus"))

    def run_program(program: typer.Typer, *arguments: object) -> Outcome:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["program/__main__.py", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            command_line(program)
        shown = capsys.readouterr()
        return Outcome(int(stopped.value.code or 0), shown.out, shown.err)

    return run_program
