"""Two real processes on one library: readers follow, writers wait, kills leave it whole."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from pincite.answering import Assistant
from pincite.generations import check_files, existing_generations, folder_of, read_manifest
from pincite.library import LiveLibrary
from tests.conftest import ROOT, write_corpus

KILLS = 8


@pytest.fixture
def environment(corpus, data):
    return os.environ | {
        "PINCITE_DATA": str(data),
        "PINCITE_CORPUS": str(corpus),
        "PINCITE_EMBEDDING_MODEL": "hashing",
    }


@pytest.fixture
def start(environment):
    """Start a Python program in the repository; all are gone when the test ends."""
    started = []

    def begin(*arguments):
        started.append(
            subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def document_of(process):
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return json.loads(out)


def many_articles(version):
    return {
        f"more/{n}.md": f"# Matter {n}\n\nWords number {n} of version {version}. "
        + "Ask early. " * 40
        for n in range(40)
    }


HOLDER = """
import sys, time
from pathlib import Path
from ingest.writing import only_writer
with only_writer(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_reader_answers_from_what_another_process_published(
    start, corpus, data, embedder, plain_gate
):
    assistant = Assistant(LiveLibrary(data, embedder), embedder)
    question = "What does pro bono work teach?"
    assert assistant.ask(question).status == "refused"
    write_corpus(corpus, {"new.md": "# Pro bono\n\nPro bono work teaches you to run a matter.\n"})
    assert document_of(start("-m", "ingest", "--json"))["added"] == ["new"]
    answer = assistant.ask(question)
    assert (answer.generation, answer.citations[0].article_id) == (2, "new")


def test_a_second_writer_is_refused_and_a_killed_one_blocks_nobody(start, data):
    holder = start("-c", HOLDER, str(data))
    assert holder.stdout.readline() == "held\n"
    began = time.monotonic()
    rivals = [start("-m", "ingest", "--rebuild", "--json") for _ in range(2)]
    told = [rival.communicate(timeout=60) for rival in rivals]
    assert [rival.returncode for rival in rivals] == [75, 75]
    assert all(f"in use by process {holder.pid}" in json.loads(out)["error"] for out, _ in told)
    assert time.monotonic() - began < 30
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert document_of(start("-m", "ingest", "--rebuild", "--json"))["generation"] == 2


def test_an_ingest_killed_at_any_moment_leaves_the_library_whole(start, corpus, data, embedder):
    write_corpus(corpus, many_articles(0))
    began = time.monotonic()
    document_of(start("-m", "ingest", "--json"))
    duration = time.monotonic() - began
    live = LiveLibrary(data, embedder)
    moments = random.Random(20261121)
    for kill in range(1, KILLS + 1):
        write_corpus(corpus, many_articles(kill))
        victim = start("-m", "ingest", "--rebuild", "--json")
        time.sleep(duration * moments.uniform(0.3, 1.0))
        victim.kill()
        victim.wait()
        library = live.current()
        folder = folder_of(data, library.generation)
        check_files(folder, read_manifest(folder))
        assert len(library.articles) == 43
    report = document_of(start("-m", "ingest", "--json"))
    assert (report["articles"], report["failed"]) == (43, [])
    assert live.current().generation == report["generation"]
    assert f"version {KILLS}" in live.current().articles["0"].text
    assert len(existing_generations(data)) <= 3
