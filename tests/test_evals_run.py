"""A run: the judgement on each reply, what is saved of it, the comparison, the commands."""

import json
import re
from pathlib import Path

import ir_measures
import pytest
from ir_measures import RR, R, nDCG

from evals import record, trec
from evals.__main__ import app
from evals.compare import compare
from evals.errors import QuestionsError, RunFileError
from evals.outcome import OKAY, VITAL, Cited, Nugget, Outcome
from evals.questions import Question, question_named
from evals.tables import comparison_table, run_table
from evals.trial import reason_of_failure, run_trials
from ingest.articles import plain_article
from ingest.publish import publish
from pincite.answering import Assistant
from pincite.embedding import HashingEmbedder
from pincite.library import LiveLibrary
from tests.conftest import bytes_below

NOTICE = plain_article(
    "notice",
    title="Notice",
    text="# How long is it?\n\nThree months is usual in most contracts that associates sign.\n\n"
    "# Who is told?\n\nTell the partner first, in person, and nobody else before that.",
)
ARTICLES = {"notice": NOTICE}
LONG, TOLD = "notice#0", "notice#1"
PLACES = {LONG: (17, 78), TOLD: (94, 157), "notice#-1": (0, 6)}


def cited(section, *, verbatim=True):
    start, end = PLACES[section]
    return Cited(article="notice", start=start, end=end, section=section, verbatim=verbatim)


def outcome(*citations, **fields):
    return Outcome(
        **{
            "answerable": True,
            "status": "answered",
            "grades": {LONG: VITAL},
            "nuggets": (Nugget(vital=True, places=(cited(LONG),)),),
            "sides": {},
            "ranked": (TOLD, LONG),
            "cited": citations,
        }
        | fields
    )


UNANSWERABLE = {"answerable": False, "grades": {}}
SIDES = {"guide": (LONG,), "poster": (TOLD,)}


@pytest.mark.parametrize(
    ("judged", "why"),
    [
        pytest.param(outcome(cited(LONG)), "", id="expected-section-cited"),
        pytest.param(outcome(cited(TOLD), cited(LONG)), "", id="among-others"),
        pytest.param(
            outcome(cited(TOLD), grades={LONG: VITAL, TOLD: OKAY}), "", id="an-okay-section-only"
        ),
        pytest.param(
            outcome(cited(TOLD)),
            "cites notice > Who is told?; expected notice > How long is it? (found at rank 2)",
            id="wrong-section",
        ),
        pytest.param(
            outcome(status="refused", ranked=(TOLD,)),
            "was refused; expected notice > How long is it? (found nowhere among 1 sections)",
            id="false-refusal-of-what-was-not-found",
        ),
        pytest.param(
            outcome(cited(LONG), cited(LONG, verbatim=False)),
            "1 of 2 quotes are not verbatim",
            id="a-changed-quote",
        ),
        pytest.param(
            outcome(cited(LONG), status="refused"),
            "refused and yet cites notice > How long is it?",
            id="a-refusal-with-a-citation",
        ),
        pytest.param(
            outcome(cited(LONG), sides=SIDES, grades={LONG: VITAL, TOLD: VITAL}),
            "the side of the poster is not shown: notice > Who is told? (found at rank 1)",
            id="one-side-only",
        ),
        pytest.param(outcome(cited(LONG), cited(TOLD), sides=SIDES), "", id="both-sides"),
        pytest.param(outcome(status="refused", **UNANSWERABLE), "", id="rightly-refused"),
        pytest.param(
            outcome(cited(TOLD), cited(TOLD), **UNANSWERABLE),
            "should be refused; answered from notice > Who is told?",
            id="false-answer",
        ),
        pytest.param(
            outcome(cited("notice#-1"), **UNANSWERABLE),
            "should be refused; answered from notice",
            id="cited-outside-all-sections",
        ),
    ],
)
def test_a_failure_has_a_reason_and_a_pass_has_none(judged, why):
    assert reason_of_failure(judged, ARTICLES) == why


def question(id_, **fields):
    expected = {"article": "notice", "span": NOTICE.text[17:78]}
    basic = {"id": id_, "class": "answerable", "topic": "resigning", "question": "How long?"}
    return Question(**{**basic, "expected": [expected], **fields})


@pytest.fixture
def assistant(tmp_path):
    publish([NOTICE], data=tmp_path, embedder=HashingEmbedder())
    return Assistant(LiveLibrary(tmp_path, HashingEmbedder()), HashingEmbedder())


def test_a_question_is_asked_of_the_real_product(assistant):
    asked = question("long", question="How many months of notice is usual in most contracts?")
    (trial,) = run_trials(assistant, [asked], ARTICLES)
    assert trial.outcome.grades == {LONG: VITAL}
    assert trial.outcome.ranked[0] == LONG
    assert trial.outcome.milliseconds > 0
    assert trial.passed, trial.why
    assert [(c.section, c.verbatim) for c in trial.outcome.cited] == [(LONG, True)]


def test_a_follow_up_is_also_searched_alone_and_rewritten(assistant):
    asked = question(
        "who",
        **{"class": "follow-up"},
        question="And who hears it?",
        history=[{"role": "user", "text": "How long?"}, {"role": "assistant", "text": "Long."}],
        rewritten="Which partner is told first, in person?",
    )
    (trial,) = run_trials(assistant, [asked], ARTICLES)
    assert trial.outcome.follow_up.rewritten[0] == TOLD
    assert set(trial.outcome.follow_up.alone) == {LONG, TOLD}


def test_a_crash_fails_its_question_and_not_the_run(assistant, tmp_path):
    (tmp_path / "CURRENT").write_text("nonsense")
    crashed, again = run_trials(assistant, [question("one"), question("two")], ARTICLES)
    assert crashed.outcome.status == again.outcome.status == "crashed"
    assert crashed.outcome.grades == {LONG: VITAL}
    assert "crashed with LibraryDamagedError" in crashed.why


FIVE = """
- id: how-long
  class: answerable
  topic: resigning
  question: How many months is the notice period in most contracts?
  expected:
    - article: notice
      span: Three months is usual in most contracts that associates sign.
- id: what-is-lost
  class: answerable
  topic: secondments-and-rotations
  holdout: true
  question: What are the drawbacks of a secondment?
  expected:
    - article: secondment
      span: The main drawback of a secondment is being out of sight at the firm.
- id: who-first
  class: follow-up
  topic: resigning
  question: And who should hear of it first?
  history:
    - role: user
      text: How long is the notice period?
    - role: assistant
      text: Three months is usual.
  rewritten: Who should hear first that I am handing in my notice?
  expected:
    - article: notice
      span: Tell the supervising partner in person before anybody else hears of it.
- id: bread
  class: unrelated
  question: How do I bake bread?
- id: moon
  class: nonsense
  holdout: true
  question: Green moon walks loudly of seven?
"""


@pytest.fixture
def asked(home) -> Path:
    """A folder of five questions about the small corpus, in one half and the other."""
    folder = home / "questions"
    folder.mkdir()
    (folder / "five.yaml").write_text(FIVE)
    return folder


@pytest.fixture
def evals(run, home, asked):
    """Run `python -m evals` on the small corpus and its five questions."""

    def once(*arguments):
        floors = home / "floors.json"
        return run(app, "--questions", asked, "--baseline", floors, *arguments)

    return once


def test_a_closed_gate_still_prints_its_document(evals):
    done = evals("--json")
    document = done.document
    figure = {"value", "low", "high", "floor", "n", "better", "differs"}
    assert (done.code, document["passed"]) == (1, False)
    assert document["baselines"].keys() == {"dense only", "BM25 only", "hashing embedder"}
    assert document["metrics"].keys() == document["holdout"].keys()
    assert {frozenset(f) for f in document["metrics"].values()} == {frozenset(figure)}
    assert document["metrics"]["false_refusal_rate"]["better"] == "lower"
    assert document["metrics"]["verbatim_rate"]["n"] == document["metrics"]["mrr_at_10"]["n"]
    assert document["questions"][3] == {
        "id": "bread",
        "class": "unrelated",
        "passed": True,
        "why": "",
    }


def test_pinning_opens_the_gate(evals):
    pinned = evals("--pin")
    assert (pinned.code, pinned.out.splitlines()[-1]) == (0, "The gate is open.")
    again = evals("--json").document
    assert (again["passed"], again["complaints"]) == (True, [])
    mrr, held_out = again["metrics"]["mrr_at_10"], again["holdout"]["mrr_at_10"]
    assert mrr["floor"] == pytest.approx(mrr["value"], abs=1e-4)
    assert held_out["floor"] == pytest.approx(held_out["value"], abs=1e-4)
    assert again["metrics"]["p50_ms"]["floor"] is None


def test_a_reason_without_a_pin_is_a_mistake(evals):
    done = evals("--lower", "because")
    assert done.code == 2
    assert "--lower goes with --pin" in done.err


def without_times(value):
    """Leave out what a clock wrote; everything else must not differ."""
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in value.items() if not is_time(k)}
    return [without_times(v) for v in value] if isinstance(value, list) else value


def is_time(name):
    return name in {"times", "milliseconds", "p50_ms", "p95_ms"}


def test_two_runs_of_the_same_thing_differ_in_their_times_only(evals):
    first, second = (Path(evals("--json").document["run"]) for _ in range(2))
    assert first != second
    one, two = (json.loads(path.read_text()) for path in (first, second))
    assert one["times"].keys() == {"started", "seconds"}
    assert without_times(one) == without_times(two)


def test_a_run_can_be_read_back_as_it_was_saved(evals):
    path = Path(evals("--json").document["run"])
    found = record.read(path.parent)
    assert found == record.read(path)
    assert record.newest(path.parent.parent) == path
    assert found.model_dump_json(by_alias=True, indent=1) + "\n" == path.read_text()
    assert [len(found.outcomes(holdout=half)) for half in (None, True, False)] == [5, 2, 3]
    assert found.section_name("notice#1") == "notice > Who should hear it first?"
    assert found.embedding.model == "hashing"


def test_no_password_is_saved_with_a_run(evals, monkeypatch):
    monkeypatch.setenv("PINCITE_EDITOR_PASSWORD", "open sesame")
    path = Path(evals("--json").document["run"])
    assert "sesame" not in path.read_text()
    assert record.read(path).settings["embedding_model"] == "hashing"


def test_runs_of_the_same_second_lie_side_by_side(evals, tmp_path):
    found = record.read(Path(evals("--json").document["run"]))
    paths = [record.save(found, tmp_path / "runs") for _ in range(3)]
    assert [re.sub(r"^[\d-]{15}", "", path.parent.name) for path in paths] == ["", "-2", "-3"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(None, r"no run in .*Make one with: python -m evals", id="missing"),
        pytest.param("{", "is not a run that this version", id="not-json"),
        pytest.param('{"error": "x"}', "is not a run that this version", id="an-error"),
    ],
)
def test_a_file_that_is_no_run_is_named(tmp_path, content, complaint):
    path = tmp_path / "a.json"
    path.unlink(missing_ok=True) if content is None else path.write_text(content)
    with pytest.raises(RunFileError, match=complaint):
        record.read(path)


def test_without_any_run_the_newest_is_an_error(tmp_path):
    with pytest.raises(RunFileError, match="Make one with: python -m evals"):
        record.newest(tmp_path)


class TestComparison:
    @pytest.fixture
    def before(self, evals):
        return record.read(Path(evals("--json").document["run"]))

    @staticmethod
    def changed(run, change):
        """Return the run with each question's row as `change` makes it; None leaves it out."""
        rows = [new for row in run.questions if (new := change(row)) is not None]
        return run.model_copy(update={"questions": rows})

    def test_a_run_does_not_differ_from_itself(self, before):
        found = compare(before, before)
        assert {m["change"] for m in found["metrics"].values()} <= {0.0, None}
        assert {m["verdict"] for m in found["metrics"].values()} == {""}
        assert comparison_table(found).endswith("No question changed.")

    def test_questions_that_changed_are_named_with_the_reason(self, before):
        why = {row.question.id: row.why for row in before.questions}
        fails = self.changed(before, lambda row: row.model_copy(update={"why": "it broke"}))
        assert not why["bread"]
        changes = {q["id"]: q for q in compare(before, fails)["questions"]}
        assert changes["bread"] == {"id": "bread", "change": "fails now", "why": "it broke"}
        back = {q["id"]: q for q in compare(fails, before)["questions"]}
        assert back["bread"]["change"] == "passes now"

    def test_questions_of_one_run_only_are_named_and_not_measured(self, before):
        fewer = self.changed(before, lambda row: None if row.question.id == "bread" else row)
        assert compare(before, fewer)["asked_twice"] == 4
        assert compare(before, fewer)["questions"] == [
            {"id": "bread", "change": "no longer asked", "why": ""}
        ]
        assert compare(fewer, before)["questions"][0]["change"] == "new, passes"

    @pytest.mark.parametrize(
        ("misses", "verdict"),
        [
            pytest.param(30, "worse", id="beyond-chance"),
            pytest.param(1, "", id="one-question-may-be-chance"),
        ],
    )
    def test_a_change_counts_when_its_interval_excludes_zero(self, before, misses, verdict):
        (row,) = (row for row in before.questions if row.question.id == "how-long")
        found = row.model_copy(update={"outcome": outcome(ranked=(LONG,), grades={LONG: VITAL})})
        missed = row.model_copy(update={"outcome": outcome(ranked=(), grades={LONG: VITAL})})
        old, new = [], []
        for n in range(40):
            named = question(f"q{n}")
            old.append(found.model_copy(update={"question": named}))
            new.append((missed if n < misses else found).model_copy(update={"question": named}))
        runs = [before.model_copy(update={"questions": rows}) for rows in (old, new)]
        change = compare(*runs)["metrics"]["recall_at_5"]
        assert change["change"] == pytest.approx(-misses / 40)
        assert change["verdict"] == verdict
        assert compare(*reversed(runs))["metrics"]["recall_at_5"]["verdict"] == (
            "better" if verdict else ""
        )

    def test_runs_of_different_data_are_marked_as_such(self, before):
        other = before.model_copy(update={"digest": "other"})
        text = comparison_table(compare(before, other))
        assert text.splitlines()[0] == "The corpora or the questions differ."

    def test_the_command_takes_folders(self, run, evals):
        path = Path(evals("--json").document["run"])
        done = run(app, "compare", path.parent, path, "--json")
        assert (done.code, done.document["questions"]) == (0, [])


def test_the_table_shows_floors_intervals_baselines_and_failures(evals):
    document = evals("--json").document
    lines = run_table(document).splitlines()
    assert lines[0].split() == (
        "metric n floor product 95 % dense only BM25 only hashing embedder held out n 95 %".split()
    )
    assert any(line.startswith("recall_at_5 ") for line in lines)
    failing = [q for q in document["questions"] if not q["passed"]]
    assert f"{5 - len(failing)} of 5 questions pass" in lines
    assert lines[-1].startswith("The gate is closed: there are no floors yet")


class TestExport:
    def test_other_tools_find_our_figures_in_the_files(self, run, evals, tmp_path):
        path = Path(evals("--json").document["run"])
        done = run(app, "export", tmp_path, path, "--json").document
        qrels = list(ir_measures.read_trec_qrels(str(tmp_path / trec.QRELS)))
        ranked = list(ir_measures.read_trec_run(str(tmp_path / trec.RUN)))
        assert done["lines"] == {trec.RUN: len(ranked), trec.QRELS: len(qrels)}
        measures = [R(rel=VITAL) @ 5, RR @ 10, nDCG @ 10]
        theirs = ir_measures.calc_aggregate(measures, qrels, ranked)
        found = record.read(path)
        both = {  # the files hold all questions, the run's own figures one half each
            name: [half.value * half.n for half in (found.metrics[name], found.holdout[name])]
            for name in ("recall_at_5", "mrr_at_10", "ndcg_at_10")
        }
        ours = [sum(parts) / 3 for parts in both.values()]
        assert [theirs[measure] for measure in measures] == pytest.approx(ours)

    def test_a_line_reads_as_trec_eval_reads_it(self, run, evals, tmp_path):
        evals()
        run(app, "export", tmp_path)
        first = (tmp_path / trec.RUN).read_text().splitlines()[0].split()
        assert (first[0], first[1], first[3], first[5]) == ("how-long", "Q0", "1", "pincite")
        assert (tmp_path / trec.QRELS).read_text().splitlines()[0] == "how-long 0 notice#0 2"


class TestReport:
    def test_it_is_written_beside_the_newest_run(self, run, evals):
        path = Path(evals("--json").document["run"])
        done = run(app, "report", "--json").document
        assert done == {"report": str(path.parent / "report.html"), "questions": 5}
        assert "what-is-lost" in (path.parent / "report.html").read_text()

    def test_it_is_written_where_asked(self, run, evals, tmp_path):
        path = Path(evals("--json").document["run"])
        run(app, "report", path, "--output", tmp_path / "new" / "r.html")
        assert (tmp_path / "new" / "r.html").read_text().startswith("<!doctype html>")


class TestExplanation:
    @pytest.fixture
    def explained(self, run, asked):
        def once(id_, *arguments):
            return run(app, "explain", id_, "--questions", asked, *arguments)

        return once

    def test_it_holds_the_whole_path(self, explained):
        path = explained("who-first", "--json").document
        assert path["question"] == "And who should hear of it first?"
        assert "notice" in path["standalone_question"]
        assert path["gate"]["features"].keys() == path["gate"]["weights"].keys()
        assert path["hits"][0].keys() >= {"section", "score", "similarity", "bm25", "grade"}
        assert path["expected"][0]["section"] == "notice > Who should hear it first?"
        assert {"ndcg_at_10", "false_refusal_rate"} <= path["scores"].keys()

    def test_it_reads_well_on_a_terminal(self, explained):
        text = explained("how-long").out
        for part in ("asked: ", "understood: ", "gate: ", "expected:", "passages", "recall_at_5"):
            assert part in text

    def test_a_question_without_an_answer_can_be_explained_too(self, explained):
        assert explained("bread", "--json").document["expected"] == []

    def test_the_library_that_it_asks_is_kept_for_the_next_time(self, explained):
        explained("bread")
        before = bytes_below(Path("var/evals/library"))
        explained("moon")
        assert bytes_below(Path("var/evals/library")) == before

    def test_a_wrong_id_names_near_ones(self, explained):
        done = explained("how-lng")
        assert done.code == 1
        assert "There is no question 'how-lng'; like it: how-long" in done.err


def test_an_id_like_no_other_has_no_near_one():
    with pytest.raises(QuestionsError, match="none is near"):
        question_named("zzzz", [question("how-long")])
