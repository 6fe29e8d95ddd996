"""A run: the judgement on each reply, the tables, the comparison, the report, the command."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals import gate
from evals.__main__ import app
from evals.compare import SavedRun, compare, read_run, verdict
from evals.errors import RunFileError
from evals.metrics import METRICS, Outcome
from evals.questions import Question
from evals.report import as_markdown
from evals.run import Run, as_document
from evals.tables import comparison_table, run_table
from evals.trial import Trial, reason_of_failure, run_trials
from ingest.articles import plain_article
from ingest.publish import publish
from pincite.answering import Assistant
from pincite.embedding import HashingEmbedder
from pincite.library import LiveLibrary
from pincite.model import Answer, NearArticle, Statement, Turn

DATA = Path(__file__).parent / "data"
NOTICE = plain_article(
    "notice",
    title="Notice",
    text="# How long is it?\n\nThree months is usual in most contracts that associates sign.\n\n"
    "# Who is told?\n\nTell the partner first, in person, and nobody else before that.",
)
ARTICLES = {"notice": NOTICE}
LONG, TOLD = "notice#0", "notice#1"


def outcome(**fields):
    return Outcome(
        **{"answerable": True, "status": "answered", "expected": (LONG,), "ranked": (TOLD, LONG)}
        | fields
    )


@pytest.mark.parametrize(
    ("judged", "why"),
    [
        pytest.param(outcome(cited=(LONG,), verbatim=(True,)), "", id="expected-section-cited"),
        pytest.param(outcome(cited=(TOLD, LONG), verbatim=(True, True)), "", id="among-others"),
        pytest.param(
            outcome(cited=(TOLD,), verbatim=(True,)),
            "cites notice > Who is told?; expected notice > How long is it? (found at rank 2)",
            id="wrong-section",
        ),
        pytest.param(
            outcome(status="refused", ranked=(TOLD,)),
            "was refused; expected notice > How long is it? (found nowhere among 1 sections)",
            id="false-refusal-of-what-was-not-found",
        ),
        pytest.param(
            outcome(cited=(LONG, LONG), verbatim=(True, False)),
            "1 of 2 quotes are not verbatim",
            id="a-changed-quote",
        ),
        pytest.param(
            outcome(status="refused", cited=(LONG,), verbatim=(True,)),
            "refused and yet cites notice > How long is it?",
            id="a-refusal-with-a-citation",
        ),
        pytest.param(
            outcome(answerable=False, expected=(), status="refused"), "", id="rightly-refused"
        ),
        pytest.param(
            outcome(answerable=False, expected=(), cited=(TOLD, TOLD), verbatim=(True, True)),
            "should be refused; answered from notice > Who is told?",
            id="false-answer",
        ),
        pytest.param(
            outcome(answerable=False, expected=(), cited=("notice#-1",), verbatim=(True,)),
            "should be refused; answered from notice",
            id="cited-outside-all-sections",
        ),
    ],
)
def test_a_failure_has_a_reason_and_a_pass_has_none(judged, why):
    assert reason_of_failure(judged, ARTICLES) == why


def question(id_, class_="answerable", **fields):
    expected = [{"article": "notice", "span": NOTICE.text[17:78]}]
    needs = {"expected": expected} if class_ in {"answerable", "follow-up"} else {}
    return Question(**{"id": id_, "class": class_, "question": "How long?", **needs, **fields})


@pytest.fixture
def assistant(tmp_path):
    publish([NOTICE], data=tmp_path, embedder=HashingEmbedder())
    return Assistant(LiveLibrary(tmp_path, HashingEmbedder()), HashingEmbedder())


def test_a_question_is_asked_of_the_real_product(assistant):
    asked = question("long", question="How many months of notice is usual in most contracts?")
    (trial,) = run_trials(assistant, [asked], ARTICLES)
    assert trial.outcome.expected == (LONG,)
    assert trial.outcome.ranked[0] == LONG
    assert trial.outcome.milliseconds > 0
    assert trial.passed, trial.why
    assert set(trial.outcome.verbatim) == {True}


def test_a_crash_fails_its_question_and_not_the_run(assistant, tmp_path):
    (tmp_path / "CURRENT").write_text("nonsense")
    crashed, again = run_trials(assistant, [question("one"), question("two")], ARTICLES)
    assert crashed.outcome.status == again.outcome.status == "crashed"
    assert crashed.outcome.expected == (LONG,)
    assert "crashed with LibraryDamagedError" in crashed.why


def trial(asked, judged, *, answer=None, why=""):
    return Trial(question=asked, outcome=judged, answer=answer, why=why)


def answered(asked, *places, status_of=None):
    statements = tuple(
        Statement(NOTICE.text[start:end], (NOTICE.cite(start, end),)) for start, end in places
    )
    return Answer(
        question=asked.question,
        standalone_question=status_of or asked.question,
        generation=1,
        writer="quotes",
        statements=statements,
        nearest=() if statements else (NearArticle("notice", "Notice"),),
    )


def small_run():
    good = question("good")
    follow_up = question(
        "follow-up",
        "follow-up",
        question="Who hears it?",
        history=(Turn("user", "How long is notice?"), Turn("assistant", "Three months.")),
        rewritten="Who is told?",
        holdout=True,
    )
    refused = question("weather", "unrelated", question="Will it\nrain?")
    broken = question("broken")
    right = outcome(cited=(LONG,), verbatim=(True,), milliseconds=10.0)
    wrong = replace(right, cited=(TOLD,), milliseconds=20.0)
    return Run(
        digest="0123456789abcdef",
        articles=ARTICLES,
        trials=[
            trial(good, right, answer=answered(good, (17, 78))),
            trial(
                follow_up,
                wrong,
                answer=answered(follow_up, (94, 157), status_of="Who hears of the notice?"),
                why=reason_of_failure(wrong, ARTICLES),
            ),
            trial(
                refused,
                Outcome(answerable=False, status="refused", milliseconds=30.0),
                answer=answered(refused),
            ),
            trial(
                broken,
                Outcome(answerable=True, status="crashed", expected=(LONG,)),
                why="crashed with KeyError: 'x'",
            ),
        ],
        baselines={"BM25 only": [trial(good, wrong, why="cites something else")]},
    )


def golden(name, text):
    path = DATA / name
    if os.environ.get("RENEW_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def test_the_report_reads_as_it_did():
    text = as_markdown(small_run())
    assert text == golden("evals_report.md", text)


def test_the_table_reads_as_it_did():
    text = run_table(as_document(small_run(), None)) + "\n"
    assert text == golden("evals_table.txt", text)


def test_an_open_gate_is_said_to_be_open():
    found = small_run()
    baseline = gate.pinned(None, digest=found.digest, scores=found.scores, why=None)
    document = as_document(found, baseline)
    assert document["passed"]
    assert run_table(document).endswith("The gate is open.")
    assert document["metrics"]["mrr_at_10"]["floor"] == document["metrics"]["mrr_at_10"]["value"]
    assert document["holdout"]["mrr_at_10"]["floor"] == 0.5
    assert document["metrics"]["p50_ms"]["floor"] is None


def test_the_document_has_the_names_that_other_programs_rely_on():
    document = as_document(small_run(), None)
    figure = {"value", "low", "high", "floor", "n", "better"}
    assert document["passed"] is False
    assert document["metrics"].keys() == document["holdout"].keys() == METRICS.keys()
    assert {frozenset(f) for f in document["metrics"].values()} == {frozenset(figure)}
    assert document["metrics"]["false_refusal_rate"]["better"] == "lower"
    assert document["questions"][3] == {
        "id": "broken",
        "class": "answerable",
        "passed": False,
        "why": "crashed with KeyError: 'x'",
    }


def saved(**scores):
    figures = {name: {"value": value, "better": "higher"} for name, value in scores.items()}
    return SavedRun(digest="d", metrics=figures, questions=[])


@pytest.mark.parametrize(
    ("change", "better", "word"),
    [
        pytest.param(0.05, "higher", "better", id="up"),
        pytest.param(-0.05, "higher", "worse", id="down"),
        pytest.param(0.05, "lower", "worse", id="up-where-lower-is-better"),
        pytest.param(gate.NOISE / 2, "higher", "", id="noise"),
        pytest.param(None, "higher", "", id="unknown"),
    ],
)
def test_what_a_change_means(change, better, word):
    assert verdict(change, better=better, gated=True) == word


def test_a_faster_run_is_not_called_better():
    assert verdict(-50.0, better="lower", gated=False) == ""


def test_figures_that_only_one_run_has_are_shown_without_a_change():
    found = compare(saved(mrr_at_10=0.5), saved(ndcg_at_10=0.6))["metrics"]
    assert found["mrr_at_10"] == {"before": 0.5, "after": None, "change": None, "verdict": ""}
    assert found["ndcg_at_10"]["after"] == 0.6


def test_questions_that_changed_are_named_with_the_reason():
    before = saved().model_copy(update={"questions": questions(a=True, b=False, c=True, d=True)})
    after = saved().model_copy(update={"questions": questions(a=False, b=True, c=True, e=False)})
    assert compare(before, after)["questions"] == [
        {"id": "a", "change": "fails now", "why": "a failed"},
        {"id": "b", "change": "passes now", "why": ""},
        {"id": "d", "change": "no longer asked", "why": ""},
        {"id": "e", "change": "new, fails", "why": "e failed"},
    ]


def questions(**passed):
    rows = [{"id": i, "passed": p, "why": "" if p else f"{i} failed"} for i, p in passed.items()]
    return SavedRun.model_validate({"metrics": {}, "questions": rows}).questions


def test_runs_of_different_data_are_marked_as_such():
    other = saved(mrr_at_10=0.6).model_copy(update={"digest": "other"})
    text = comparison_table(compare(saved(mrr_at_10=0.5), other))
    assert text.splitlines()[0] == "The corpora or the questions differ."
    assert "0.100  better" in text
    assert text.splitlines()[-1] == "No question changed."


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(None, r"no run in .*Save one with: python -m evals --json > ", id="missing"),
        pytest.param("{", "is not what `python -m evals --json` writes", id="not-json"),
        pytest.param('{"error": "x"}', "is not what `python -m evals --json`", id="an-error"),
    ],
)
def test_a_file_that_is_no_run_is_named(tmp_path, content, complaint):
    path = tmp_path / "a.json"
    path.unlink(missing_ok=True) if content is None else path.write_text(content)
    with pytest.raises(RunFileError, match=complaint):
        read_run(path)


class TestCommand:
    """`python -m evals`, with the embedder that needs no weights."""

    @pytest.fixture(autouse=True)
    def _quick(self, monkeypatch, tmp_path):
        monkeypatch.chdir(DATA.parent.parent)
        monkeypatch.setenv("PINCITE_EMBEDDING_MODEL", "hashing")
        monkeypatch.setenv("PINCITE_DATA", str(tmp_path / "library"))

    def test_a_closed_gate_still_prints_its_document(self, tmp_path):
        done = CliRunner().invoke(app, ["--json", "--baseline", str(tmp_path / "none.json")])
        document = json.loads(done.stdout)
        assert (done.exit_code, document["passed"]) == (1, False)
        assert len(document["questions"]) == 60
        assert document["baselines"].keys() == {"dense only", "BM25 only", "hashing embedder"}
        assert document["metrics"]["verbatim_rate"]["value"] == 1
        assert list(tmp_path.iterdir()) == []

    def test_pinning_opens_the_gate(self, tmp_path):
        floors = tmp_path / "floors.json"
        pinned = CliRunner().invoke(app, ["--pin", "--baseline", str(floors)])
        assert (pinned.exit_code, pinned.stdout.splitlines()[-1]) == (0, "The gate is open.")
        again = CliRunner().invoke(app, ["--json", "--baseline", str(floors)])
        assert (again.exit_code, json.loads(again.stdout)["complaints"]) == (0, [])

    def test_the_report_is_written_where_asked(self, tmp_path):
        path = tmp_path / "new" / "report.md"
        done = CliRunner().invoke(app, ["report", "--output", str(path), "--json"])
        assert json.loads(done.stdout) == {"report": str(path), "questions": 60}
        assert path.read_text().count("\n## ") == 60

    def test_two_saved_runs_are_compared(self, tmp_path):
        path = tmp_path / "a.json"
        path.write_text(json.dumps(as_document(small_run(), None)))
        done = CliRunner().invoke(app, ["compare", str(path), str(path), "--json"])
        assert json.loads(done.stdout)["questions"] == []
        assert (
            "No question changed."
            in CliRunner().invoke(app, ["compare", str(path), str(path)]).stdout
        )

    def test_a_reason_without_a_pin_is_a_mistake(self):
        done = CliRunner().invoke(app, ["--lower", "because"])
        assert done.exit_code == 2
        assert "--lower goes with --pin" in done.output
