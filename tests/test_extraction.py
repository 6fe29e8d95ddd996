"""The benchmark of extraction, on a folder of three pages."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.extraction import Sample as Page
from benchmarks.extraction import main, score, word_f1

ROOT = Path(__file__).parent.parent
TEXT = (
    "Most associates wait until their third year before they speak with a recruiter at all.",
    "A recruiter who knows the market can say which groups are hiring, and which only look so.",
    "Keep a list of your matters, with your own part in each of them written in plain words.",
)
LINES = "".join(f"<p>{line}</p>" for line in TEXT)
BODY = f"<html><head><title>Moving on</title></head><body><article>{LINES}</article></body></html>"
POST = '<div class="post"><div class="postbody"><div class="content">{}</div></div></div>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    add(tmp_path / "article", "one", BODY, " ".join(TEXT))
    add(tmp_path / "forum", "two", BODY, " ".join(TEXT))
    posts = POST.format("Is May too early?") + POST.format("No, call today.")
    add(tmp_path / "forum", "three", posts, "Is May too early? No, call today.")
    rows = "two\tarticle\thttps://x\nthree\tforum\thttps://y\nabsent\tforum\thttps://z\n"
    (tmp_path / "forum" / "manifest.tsv").write_text(rows)
    return tmp_path


def add(folder: Path, name: str, html: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.html.gz").write_bytes(gzip.compress(html.encode()))
    (folder / f"{name}.json").write_text(json.dumps({"main_content": text}))


def test_json_names_both_readers_and_every_kind(folder: Path, capsys):
    assert main([str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ours"] == {"article": 1.0, "forum_folder_article": 1.0, "forum": 1.0}
    assert found["trafilatura"].keys() == found["ours"].keys()


def test_the_table_shows_a_row_for_each_kind(folder: Path, capsys):
    assert main([str(folder)]) == 0
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()] == [
        ["kind", "pages"],
        ["article", "1"],
        ["forum_folder_article", "1"],
        ["forum", "1"],
    ]


def test_an_empty_folder_is_an_error_that_says_what_is_needed(tmp_path: Path, capsys):
    assert main([str(tmp_path)]) == 1
    assert "it needs article/ or forum/" in capsys.readouterr().err


def test_a_crash_counts_as_nothing_and_is_named(capsys):
    def broken(name: str, raw: bytes) -> str:
        raise RuntimeError("boom")

    assert score(broken, Page("page-7", "forum", b"", "words")) == 0.0
    assert "page-7: crashed with RuntimeError: boom" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("found", "reference", "f1"),
    [
        pytest.param("a b c", "C b A", 1.0, id="order-and-case-do-not-count"),
        pytest.param("a a", "a", 2 / 3, id="a-word-twice-counts-twice"),
        pytest.param("a b", "a c", 0.5, id="half"),
        pytest.param("", "a", 0.0, id="nothing"),
    ],
)
def test_word_f1(found: str, reference: str, f1: float):
    assert word_f1(found, reference) == pytest.approx(f1)


def test_it_runs_as_a_file(folder: Path):
    command = [sys.executable, "benchmarks/extraction.py", str(folder), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["ours"]["forum"] == 1.0
