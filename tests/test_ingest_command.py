"""`python -m ingest` and its commands, for people and, with `--json`, for programs."""

import json
import shutil
import subprocess
import sys

import pytest

from ingest.__main__ import app
from ingest.writing import only_writer
from tests.conftest import NOTICE, ROOT, SMALL_CORPUS, bytes_below, write_corpus

CONTRACT = {
    *("generation", "articles", "passages", "added", "updated", "removed", "unchanged", "skipped"),
    *("failed", "seconds"),
}
COLUMN = (ROOT / "tests" / "data" / "column.txt").read_text()


@pytest.fixture
def ingest(run):
    return lambda *arguments: run(app, *arguments)


def test_the_report_has_the_fields_of_the_contract(ingest, corpus):
    write_corpus(corpus, {"column.txt": COLUMN, "x.pdf": "x"})
    done = ingest("--json")
    assert (done.code, done.document.keys() >= CONTRACT) == (0, True)
    assert done.document["added"] == ["column"]
    assert done.document["unchanged"] == 3
    assert [skipped.keys() for skipped in done.document["skipped"]] == [{"path", "reason"}]
    assert done.document["failed"] == []


def test_a_first_run_shows_its_progress_on_stderr_alone(ingest, data):
    shutil.rmtree(data)
    done = ingest("--json")
    assert done.document["added"] == ["burnout", "notice", "secondment"]
    assert done.err.endswith("] 7/7 passages\n")


def test_for_a_reader_the_report_is_lines(ingest, corpus):
    write_corpus(corpus, {"column.txt": COLUMN, "x.pdf": "x"})
    first, *others = ingest().out.splitlines()
    assert first.startswith("4 articles in ")
    assert others == [
        "added: column",
        "skipped: x.pdf: it is named .pdf and holds something else",
        "5 files: 1 added, 3 unchanged, 1 skipped; 10 lines cut as furniture",
    ]


def test_running_it_again_changes_nothing(ingest, data):
    before = bytes_below(data)
    done = ingest("--json")
    assert (done.document["generation"], done.document["unchanged"]) == (1, 3)
    assert bytes_below(data) == before


def test_another_corpus_folder_can_be_named(ingest, tmp_path):
    other = write_corpus(tmp_path / "other", SMALL_CORPUS | {"column.txt": COLUMN})
    assert ingest("--corpus", other, "--json").document["added"] == ["column"]


def test_a_dry_run_publishes_nothing(ingest, corpus, data):
    write_corpus(corpus, {"column.txt": COLUMN})
    before = bytes_below(data)
    done = ingest("--dry-run", "--json")
    assert (done.document["added"], done.document["dry_run"]) == (["column"], True)
    assert bytes_below(data) == before


def test_a_rebuild_is_a_new_generation(ingest):
    assert ingest("--rebuild", "--json").document["generation"] == 2


def test_many_removals_must_be_allowed(ingest, corpus):
    (corpus / "guides" / "notice.md").unlink()
    (corpus / "threads" / "burnout.md").unlink()
    stopped = ingest("--json")
    assert (stopped.code, stopped.document.keys()) == (1, {"error"})
    assert "run again with --allow-removals" in stopped.err
    assert ingest("--allow-removals", "--json").document["removed"] == ["burnout", "notice"]


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        pytest.param(["--frob"], 2, "No such option: --frob", id="unknown-option"),
        pytest.param(["frob"], 2, "No such command 'frob'", id="unknown-command"),
        pytest.param(["remove"], 2, "Missing argument", id="missing-argument"),
        pytest.param(["remove", "nobody"], 1, "No published article has the id", id="unknown-id"),
        pytest.param(["--corpus", "nowhere"], 2, "There is no corpus folder nowhere", id="corpus"),
        pytest.param(["rollback"], 1, "There is no generation before 1", id="no-rollback"),
        pytest.param(["add", "nothing.md"], 1, "nothing.md was not added", id="nothing-to-add"),
    ],
)
def test_a_mistake_is_one_line_and_one_document(ingest, arguments, code, complaint):
    done = ingest(*arguments, "--json")
    assert done.code == code
    assert complaint in done.document["error"]
    assert done.err == done.document["error"] + "\n"


@pytest.mark.parametrize("arguments", [["status"], ["verify"], ["rollback"], ["remove", "notice"]])
def test_without_a_library_every_command_says_how_to_build_one(ingest, data, arguments):
    shutil.rmtree(data)
    done = ingest(*arguments, "--json")
    assert (done.code, "Build it with: python -m ingest" in done.document["error"]) == (1, True)


def test_a_library_in_use_is_to_be_tried_again_later(ingest, data):
    with only_writer(data):
        done = ingest("--json")
    assert done.code == 75
    assert "is in use by process" in done.document["error"]


def test_status(ingest):
    status = ingest("status", "--json").document
    assert status.keys() >= {"generation", "kept", "created", "passages", "embedding", "articles"}
    assert (status["generation"], status["kept"], status["passages"]) == (1, [1], 7)
    assert status["articles"]["notice"] == "guides/notice.md"
    shown = ingest("status").out
    assert "3 articles in 7 passages, embedded with hashing" in shown
    assert "  notice  (guides/notice.md)\n" in shown


def test_verify(ingest, data):
    assert ingest("verify", "--json").document == {"generation": 1, "whole": True, "passages": 7}
    assert ingest("verify").out == "generation 1 is whole: 7 passages found by search\n"
    (data / "generations" / "1" / "library.sqlite3").write_bytes(b"")
    damaged = ingest("verify", "--json")
    assert damaged.code == 1
    assert "library.sqlite3 is not as it was published. Go back" in damaged.document["error"]


def test_rollback(ingest):
    ingest("--rebuild")
    assert ingest("rollback", "--json").document == {"generation": 1}
    ingest("--rebuild")
    assert ingest("rollback").out == "generation 2 is current\n"


def test_remove_and_purge(ingest, corpus, data):
    assert ingest("remove", "notice", "--json").document["removed"] == ["notice"]
    assert (data / "withdrawn" / "guides" / "notice.md").exists()
    assert ingest("remove", "burnout", "--purge", "--json").document["removed"] == ["burnout"]
    assert not (data / "withdrawn" / "threads" / "burnout.md").exists()
    assert not (corpus / "threads" / "burnout.md").exists()


def test_add(ingest, corpus, tmp_path):
    write_corpus(tmp_path / "desk", {"my column.txt": COLUMN})
    done = ingest("add", tmp_path / "desk" / "my column.txt", "--json")
    assert done.document["added"] == ["my-column"]
    assert (corpus / "added" / "my column.txt").read_text() == COLUMN


class TestPreview:
    @pytest.fixture
    def desk(self, tmp_path):
        odd = NOTICE.replace("place: UK", "plaice: UK")
        return write_corpus(tmp_path / "desk", {"c.txt": COLUMN, "n.md": odd, "x.pdf": "x"})

    def test_it_shows_what_a_file_would_become(self, ingest, desk):
        (article,) = ingest("preview", desk / "c.txt", "--json").document["articles"]
        assert article["title"] == "Weighing a Client Secondment"
        assert (article["kind"], article["author"]) == ("column", "Dana Whitlock")
        assert [s["heading"] for s in article["sections"]] == [
            "I have been offered a secondment to a client. Should I take it?",
            "What are the drawbacks?",
        ]
        assert {"rule": "by-line", "text": "Answers From Dana Whitlock, Esq."} in article["cuts"]

    def test_of_a_folder_it_shows_every_file(self, ingest, desk):
        document = ingest("preview", desk, "--json").document
        assert [a["source"] for a in document["articles"]] == ["c.txt", "n.md"]
        assert [s["path"].endswith("x.pdf") for s in document["skipped"]] == [True]

    def test_for_a_reader_cuts_and_warnings_are_lines(self, ingest, desk):
        shown = ingest("preview", desk).out
        assert "c.txt: column 'Weighing a Client Secondment', 2 passages" in shown
        assert "  cut (phone line): (415) 555-0142\n" in shown
        assert "  warning: header field 'plaice' is not known\n" in shown
        assert "  § What are the drawbacks?: You are out of sight" in shown
        assert "x.pdf: it is named .pdf and holds something else" in shown

    def test_it_publishes_nothing(self, ingest, desk, data):
        before = bytes_below(data)
        ingest("preview", desk)
        assert bytes_below(data) == before

    def test_a_file_that_cannot_be_published_has_its_reason(self, ingest, tmp_path):
        done = ingest("preview", tmp_path / "none.md", "--json")
        assert "cannot be read" in done.document["skipped"][0]["reason"]


def test_help_lists_the_commands(ingest):
    shown = ingest("--help").out
    missing = [name for name in ("preview", "add", "remove", "status", "verify", "rollback")
               if name not in shown]  # fmt: skip
    assert missing == []


def test_the_program_itself_writes_nothing_else_to_stdout(corpus, data):
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "--rebuild", "--json"],
        cwd=ROOT,
        env={
            "PINCITE_DATA": str(data),
            "PINCITE_CORPUS": str(corpus),
            "PINCITE_EMBEDDING_MODEL": "hashing",
        },
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["generation"] == 2
    assert b"Traceback" not in done.stderr
