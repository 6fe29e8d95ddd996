"""The worker: a file that eats, hangs or crashes costs itself and nothing more."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from ingest import worker
from ingest.articles import prepare
from ingest.isolation import Reader, ReadingFailedError, _Child
from ingest.sources import Source
from pincite.errors import SourceError

TESTS = Path(__file__).parent
BAD = (sys.executable, str(TESTS / "bad_reader.py"))
NOTE = Source(name="note.md", raw=b"# Leaving\n\nTell the partner first. Then tell the others.\n")


def source(name: str) -> Source:
    return Source(name=name, raw=NOTE.raw)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state not in {"Z", "X"}


def ends_within(pid: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_running(pid)


@pytest.fixture
def reader():
    with Reader() as reader:
        yield reader


@pytest.fixture
def bad():
    with Reader(program=BAD, wall_seconds=10) as reader:
        yield reader


def test_a_file_read_by_the_worker_is_what_it_is_without(reader):
    assert reader.prepare(NOTE) == prepare(NOTE)


def test_a_file_that_cannot_be_used_is_skipped_with_its_reason(reader):
    with pytest.raises(SourceError, match="files ending in"):
        reader.prepare(source("note.exe"))


def test_one_worker_reads_many_files(reader):
    reader.prepare(NOTE)
    pid = reader._child.pid
    began = time.monotonic()
    for number in range(20):
        reader.prepare(source(f"{number}.md"))
    assert time.monotonic() - began < 1
    assert reader._child.pid == pid


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        pytest.param("spin", "s of processor time", id="endless-loop"),
        pytest.param("eat", "more than 1 GB of memory", id="memory"),
        pytest.param("crash", "crashed \\(signal 11\\)", id="segmentation-fault"),
        pytest.param("exit", "crashed \\(exit code 3\\)", id="exit"),
        pytest.param("recurse", "nested too deeply", id="recursion"),
        pytest.param("raise", r"the reader failed \(KeyError: '\\x1b\[31mred'\)", id="exception"),
        pytest.param("connect", "may not use socket", id="network"),
        pytest.param("run", "may not use subprocess", id="other-programs"),
        pytest.param("open", "Too many open files", id="open-files"),
    ],
)
def test_a_breakdown_is_told_and_the_next_file_is_read(bad, fault, reason):
    with pytest.raises(ReadingFailedError, match=reason):
        bad.prepare(source(fault))
    assert bad.prepare(NOTE) == prepare(NOTE)


def test_a_file_that_hangs_is_stopped_and_the_next_one_is_read():
    with Reader(program=BAD, wall_seconds=1.5) as reader:
        with pytest.raises(ReadingFailedError, match=r"took longer than 1.5 s"):
            reader.prepare(source("sleep"))
        assert reader.prepare(NOTE) == prepare(NOTE)


def test_a_reader_cannot_fill_the_disk(bad, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with pytest.raises(ReadingFailedError, match=r"File too large|crashed"):
        bad.prepare(source("fill"))
    assert (tmp_path / "full").stat().st_size <= worker.LARGEST_FILE


def test_what_a_library_prints_is_not_taken_for_an_answer(bad):
    assert bad.prepare(source("print.md")) == prepare(source("print.md"))


def test_an_answer_that_makes_no_sense_is_a_failure_of_that_file(bad):
    with pytest.raises(ReadingFailedError, match=r"makes no sense"):
        bad.prepare(source("babble"))
    assert bad.prepare(NOTE) == prepare(NOTE)


def test_more_text_than_an_answer_may_hold_is_skipped(reader):
    raw = ("\n\n".join(["公司" * 500] * 1900)).encode()
    with pytest.raises(SourceError, match="more than 5 MB of text"):
        reader.prepare(Source(name="long.txt", raw=raw))


def test_every_file_has_its_own_processor_time():
    with Reader(program=BAD) as reader:
        for _ in range(8):  # together more than the one second and a bit that this worker grants
            reader.prepare(Source(name="long.md", raw=NOTE.raw * 1500))
        assert reader.prepare(NOTE) == prepare(NOTE)


def test_a_worker_that_died_between_two_files_is_replaced(reader):
    reader.prepare(NOTE)
    os.kill(reader._child.pid, signal.SIGKILL)
    reader._child.wait()
    assert reader.prepare(NOTE) == prepare(NOTE)


def test_no_worker_stays_when_the_reader_is_closed(reader):
    reader.prepare(NOTE)
    pid = reader._child.pid
    reader.close()
    assert not is_running(pid)


PARENT = """
import sys
from ingest.isolation import Reader
from ingest.sources import Source
reader = Reader(program=[sys.executable, {bad!r}, "2"])
reader.prepare(Source(name="note.md", raw=b"Tell the partner first, then the others."))
print(reader._child.pid, flush=True)
{then}
"""


@pytest.mark.parametrize(
    "then",
    [
        pytest.param("input()", id="idle"),
        pytest.param("reader.prepare(Source(name='sleep', raw=b'x'))", id="asleep"),
        pytest.param("reader.prepare(Source(name='spin', raw=b'x'))", id="busy"),
    ],
)
def test_no_worker_outlives_a_parent_that_is_killed(then):
    program = PARENT.format(bad=BAD[1], then=then)
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(TESTS.parent)},
    )
    with parent:
        pid = int(parent.stdout.readline())
        time.sleep(0.2)
        parent.kill()
    assert ends_within(pid, 2)


def test_the_worker_learns_no_secret(tmp_path, monkeypatch):
    spy = tmp_path / "spy.py"
    spy.write_text("import json, os; print(json.dumps(dict(os.environ)))")
    monkeypatch.setenv("PINCITE_CHAT_API_KEY", "secret")
    with closing(_Child([sys.executable, str(spy)])) as child:
        assert "PINCITE_CHAT_API_KEY" not in json.loads(child.stdout.read())


def test_the_worker_imports_nothing_heavy():
    program = "import sys, ingest.worker; print([m for m in sys.modules if m in %r])"
    heavy = ("torch", "chromadb", "sklearn", "sentence_transformers", "gradio", "numpy", "pydantic")
    done = subprocess.run(
        [sys.executable, "-c", program % (heavy,)],
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
