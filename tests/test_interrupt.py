"""Ctrl-C: a real process is interrupted at many moments, and the library stays as it was."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from ingest.corpus import publish_corpus
from ingest.deposit import Deposit
from pincite.generations import check_files, current_generation, folder_of, read_manifest
from pincite.library import LiveLibrary
from tests.conftest import ROOT, bytes_below, write_corpus

MANY = {
    f"many/a{n}.md": f"# Article {n}\n\n" + f"Sentence {n} says something of its own. " * 40
    for n in range(20)
}
NEW = "# Pro bono work\n\nPro bono work teaches you to run a matter. Ask for it early.\n"
KILLED = -signal.SIGINT
"""The signal came while the interpreter was taken down, after the report."""
PROGRAM = "from ingest.__main__ import app; from pincite.console import command_line; "
READY = "import sys; sys.stderr.write('ready'); sys.stderr.flush(); command_line(app)"


@pytest.fixture
def start(corpus, data):
    """Start the program and return when it has been loaded, so that moments can be counted."""
    started = []

    def begin(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM + READY, *arguments],
            cwd=ROOT,
            env=os.environ
            | {
                "PINCITE_DATA": str(data),
                "PINCITE_CORPUS": str(corpus),
                "PINCITE_EMBEDDING_MODEL": "hashing",
                "PYTHONPATH": str(ROOT),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stderr.read(5) == "ready"
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def interrupted(process, seconds):
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    return process.returncode, json.loads(out or '{"error": ""}')


@pytest.mark.parametrize("seconds", [0.2, 0.8, 1.6, 2.4])
def test_an_interrupted_run_changes_nothing_and_the_next_completes(
    start, corpus, data, embedder, seconds
):
    write_corpus(corpus, MANY)
    before = bytes_below(folder_of(data, 1))
    code, document = interrupted(start("--json"), seconds)
    stopped = (code, set(document) == {"error"})
    assert stopped in [(130, True), (0, False), (KILLED, False)]  # or it was done by then
    assert current_generation(data) == (1 if code == 130 else 2)
    assert bytes_below(folder_of(data, 1)) == before
    assert len(LiveLibrary(data, embedder).current().articles) == (3 if code == 130 else 23)

    out, err = start("--json").communicate(timeout=60)
    assert (json.loads(out)["articles"], "Traceback" in err) == (23, False)
    current = folder_of(data, current_generation(data))
    check_files(current, read_manifest(current))
    assert [p.name for p in (data / "generations").iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize("seconds", [0.2, 1.6])
@pytest.mark.parametrize("arguments", [["add", "new.md"], ["remove", "notice"]], ids=lambda a: a[0])
def test_the_folder_and_the_library_go_together(start, corpus, data, tmp_path, arguments, seconds):
    write_corpus(tmp_path, {"new.md": NEW})
    before = bytes_below(corpus)
    command = [str(tmp_path / a) if a == "new.md" else a for a in arguments]
    code, _ = interrupted(start(*command, "--json"), seconds)
    is_published = current_generation(data) == 2
    assert is_published or code == 130
    assert (bytes_below(corpus) != before) is is_published


class TestDeposit:
    @pytest.fixture
    def deposit(self, corpus, data):
        return Deposit(corpus, data)

    @staticmethod
    def interrupted(deposit, *acts):
        with deposit:
            for act in acts:
                act(deposit)
            raise KeyboardInterrupt

    def test_an_interrupt_before_the_swap_puts_every_file_back(self, deposit, corpus, data):
        before = bytes_below(corpus)
        with pytest.raises(KeyboardInterrupt):
            self.interrupted(deposit, put, withdraw)
        assert bytes_below(corpus) == before
        assert bytes_below(data / "withdrawn") == {}

    def test_an_interrupt_after_the_swap_keeps_what_is_published(
        self, deposit, corpus, data, embedder
    ):
        def publish(_):
            publish_corpus(corpus, data, embedder=embedder)

        with pytest.raises(KeyboardInterrupt):
            self.interrupted(deposit, put, withdraw, publish)
        assert (corpus / "added" / "new.md").read_bytes() == NEW.encode()
        assert (data / "withdrawn" / "guides" / "notice.md").exists()

    def test_no_file_of_another_is_overwritten_or_taken_away(self, deposit, corpus):
        write_corpus(corpus, {"added/new.md": "theirs"})
        with pytest.raises(KeyboardInterrupt):
            self.interrupted(deposit, put)
        assert bytes_below(corpus / "added") == {"new.md": b"theirs"}


def put(deposit):
    deposit.put("added/new.md", NEW.encode())


def withdraw(deposit):
    deposit.withdraw("guides/notice.md")
