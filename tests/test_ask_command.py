"""`python -m pincite ask`: an answer in the terminal, one JSON document for programs."""

import json
import re
import subprocess
import sys

import pytest

from pincite.__main__ import app, as_text
from pincite.answering import Assistant
from pincite.console import command_line
from pincite.library import LiveLibrary
from pincite.model import Answer, LeftOut, Statement
from tests.conftest import ROOT

pytestmark = pytest.mark.usefixtures("plain_gate")

ANSWERED, REFUSED = "How long is the notice period?", "giraffe zebra"

ANSWER = {
    *("status", "question", "standalone_question", "statements", "citations", "nearest"),
    *("generation", "writer", "seconds", "reply", "uncovered", "left_out", "notice"),
    "searched_for",
}
CITATION = {
    *("n", "article_id", "title", "kind", "speaker", "author", "date", "place", "url"),
    *("heading", "start", "end", "quote"),
}


def test_an_answer_as_json_has_the_fields_of_the_contract(run, data, embedder):
    done = run(app, "ask", ANSWERED, "--json")
    answer = done.document
    assert (done.code, answer["status"], answer["question"]) == (0, "answered", ANSWERED)
    assert answer.keys() == ANSWER
    assert answer["statements"][0].keys() == {"text", "citations"}
    assert answer["citations"][0].keys() >= CITATION
    assert [c["n"] for c in answer["citations"]] == list(range(1, len(answer["citations"]) + 1))


def test_every_quote_in_the_json_stands_in_the_article(run, data, embedder):
    articles = LiveLibrary(data, embedder).current().articles
    cited = run(app, "ask", ANSWERED, "--json").document["citations"]
    assert [articles[c["article_id"]].text[c["start"] : c["end"]] for c in cited] == [
        c["quote"] for c in cited
    ]


def test_a_refusal_is_no_failure(run):
    done = run(app, "ask", REFUSED, "--json")
    assert (done.code, done.document["status"], done.document["citations"]) == (0, "refused", [])
    assert done.document["nearest"][0].keys() == {"article_id", "title"}


def test_for_a_reader_quotes_carry_numbers_and_sources(run):
    done = run(app, "ask", ANSWERED)
    assert done.out.startswith(
        "“Three months is usual in most contracts that associates sign.” [1]"
    )
    assert (
        "[1] Handing in your notice; How long is the notice period?; a counsellor, Jo Marsh; "
        "2024-05; UK; https://example.org/notice" in done.out
    )


def test_for_a_reader_a_refusal_says_so_and_names_what_is_near(run):
    out = run(app, "ask", REFUSED).out
    assert out.startswith(
        "The library does not cover this question.\n  close by, not answering it:"
    )


def test_a_follow_up_says_what_is_being_answered(run, tmp_path):
    path = tmp_path / "history.json"
    path.write_text(
        json.dumps([{"role": "user", "text": "What are the drawbacks of a secondment?"}])
    )
    follow_up = ("ask", "And the benefits?", "--history", path)
    assert run(app, *follow_up).out.startswith(
        "Answering: And the benefits? (secondment)\n\n“A sec"
    )
    document = run(app, *follow_up, "--json").document
    assert document["question"] == "And the benefits?"
    assert document["standalone_question"] == "And the benefits? (secondment)"


def test_an_undated_source_is_called_undated(data, embedder):
    assistant = Assistant(LiveLibrary(data, embedder), embedder)
    shown = as_text(assistant.ask("What are the drawbacks of a secondment?"))
    assert "a recruiter, Dana Whitlock; undated" in shown


def test_a_sentence_in_other_words_is_no_quote_and_is_followed_by_its_quotes(small_library):
    notice = small_library.articles["notice"]
    start = notice.text.index("Three months")
    months = notice.cite(start, notice.text.index(".", start) + 1)
    lines = as_text(
        Answer(
            question="Why?",
            standalone_question="Why?",
            generation=1,
            writer="chat",
            statements=(Statement("It is three months.", (months,)),),
            left_out=(LeftOut("Nobody resigns in May.", "no quote"),),
            notice="The chat model broke off.",
        )
    ).splitlines()
    assert lines[:5] == [
        "The chat model broke off.",
        "",
        "It is three months. [1]",
        "    “Three months is usual in most contracts that associates sign.” [1]",
        "Left out, because no article supports it: 1 of the chat model's sentences",
    ]
    assert "resigns" not in "\n".join(lines)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(None, "cannot be read: .*No such file", id="missing"),
        pytest.param(b"{", "cannot be read: Expecting", id="not-json"),
        pytest.param(b"\xff", "cannot be read: .*decode", id="not-utf-8"),
        pytest.param(b'{"role": "user"}', "must be a list", id="no-list"),
        pytest.param(
            b'[{"role": "bot", "text": "x"}]', 'the role "user" or "assistant"', id="role"
        ),
        pytest.param(
            b"[" * 100_000,
            "cannot be read",
            id="deeply-nested",
        ),
    ],
)
def test_a_bad_history_file_is_one_line_and_one_document(run, tmp_path, content, complaint):
    path = tmp_path / "history.json"
    path.unlink(missing_ok=True) if content is None else path.write_bytes(content)
    done = run(app, "ask", ANSWERED, "--history", path, "--json")
    assert done.code == 1
    assert done.document.keys() == {"error"}
    assert done.err == done.document["error"] + "\n"
    assert re.search(complaint, done.err)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        pytest.param(["ask", " "], "Please type a question", id="empty-question"),
        pytest.param(["ask", "x" * 2001], "has 2,001 characters; shorten it", id="too-long"),
        pytest.param(["ask"], "Missing argument 'question'.", id="no-question"),
        pytest.param(["ask", "x", "--frob"], "No such option: --frob", id="unknown-option"),
        pytest.param(["frob"], "No such command 'frob'", id="unknown-command"),
    ],
)
def test_a_mistake_is_one_line_and_one_document(run, arguments, complaint):
    done = run(app, *arguments, "--json")
    assert done.code in {1, 2}
    assert done.document.keys() == {"error"}
    assert complaint in done.err
    assert done.err.count("\n") == 1


def test_without_json_a_mistake_leaves_stdout_empty(run):
    done = run(app, "ask", "")
    assert (done.code, done.out, done.err) == (1, "", "Please type a question\n")


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        pytest.param("PINCITE_DATA", "nowhere", "Build it with: python -m ingest", id="no-library"),
        pytest.param("PINCITE_EMBEDDING_MODEL", "nobody", "'nobody' cannot be loaded", id="model"),
        pytest.param("PINCITE_FROB", "1", "There is no setting PINCITE_FROB", id="setting"),
    ],
)
def test_a_setting_that_does_not_work_is_one_document(run, monkeypatch, name, value, complaint):
    monkeypatch.setenv(name, value)
    done = run(app, "ask", ANSWERED, "--json")
    assert done.code == 1
    assert complaint in done.document["error"]


def test_a_library_of_another_model_is_refused(run, monkeypatch):
    monkeypatch.setenv("PINCITE_EMBEDDING_MODEL", "all-MiniLM-L6-v2")
    done = run(app, "ask", ANSWERED, "--json")
    assert "was built with hashing, but the settings ask for all-MiniLM-L6-v2" in done.err


def test_stopping_with_ctrl_c_is_no_traceback(monkeypatch, capsys):
    def interrupted(**_):
        raise KeyboardInterrupt

    with pytest.raises(SystemExit, match="130"):
        command_line(interrupted)
    assert capsys.readouterr().err == "Stopped before the end.\n"


def test_help_is_no_failure(run):
    done = run(app, "ask", "--help")
    assert done.code == 0
    assert "Answer a question with quotes" in done.out


def test_the_program_itself_writes_nothing_else_to_stdout(data):
    done = subprocess.run(
        [sys.executable, "-m", "pincite", "ask", ANSWERED, "--json"],
        cwd=ROOT,
        env={"PINCITE_DATA": str(data), "PINCITE_EMBEDDING_MODEL": "hashing"},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout).keys() == ANSWER
    assert done.stderr == b""
