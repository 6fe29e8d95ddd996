"""The evals with a chat model: its claims counted, its quotes looked up, beside plain quotes."""

from dataclasses import replace
from pathlib import Path

import pytest

from evals.__main__ import app
from evals.chat_figures import complaints_of, figures, is_verified
from evals.chatting import ChatRun, Reply, run_chat, sampled
from evals.outcome import Nugget, Outcome
from evals.questions import load_questions
from evals.tables import chat_table
from pincite.answering.chat.models import connect
from pincite.answering.chat.writer import ChatModelWriter, never
from pincite.model import Answer, Article, Citation, Statement
from pincite.settings import Settings
from tests.chat_stub import ChatStub, claims, error
from tests.chat_stub import Reply as Said

MONTHS = "Three months is usual in most contracts that associates sign."
PARTNER = "Tell the supervising partner in person before anybody else hears of it."
FOUR = f"""
- id: how-long
  class: answerable
  topic: resigning
  question: How many months is the notice period in most contracts?
  expected:
    - article: notice
      span: {MONTHS}
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
      span: {PARTNER}
- id: bread
  class: unrelated
  question: How do I bake bread?
- id: moon
  class: nonsense
  question: Green moon walks loudly of seven?
"""
REWRITTEN = Said("Who should hear of it first, the notice?")
LONG = Said(
    claims(
        ("Three months is usual in most contracts.", [(1, MONTHS)]),
        ("Three months is usual, they say.", [(1, "Six months is usual in most contracts.")]),
        ("Nobody knows.", []),
    )
)
FIRST = Said(claims(("Tell the supervising partner in person first.", [(1, PARTNER)])))
FORGED = Said(
    claims(
        ("Nine months is usual.", [(1, "Nine months is usual in most contracts.")]),
        ("The moon says so.", [(77, MONTHS)]),
    )
)
DOWN = Said(status=401, raw=error("Incorrect API key provided"))


@pytest.fixture
def folder(home) -> Path:
    """A folder of four questions about the small corpus; two of them have an answer."""
    folder = home / "questions"
    folder.mkdir()
    (folder / "four.yaml").write_text(FOUR)
    return folder


@pytest.fixture
def evals(run, folder, monkeypatch):
    """Run `python -m evals --writer chat` with a model that gives these replies in turn."""

    def once(*replies, arguments=("--json",)):
        with ChatStub(replies) as stub:
            monkeypatch.setenv("PINCITE_CHAT_MODEL", "openai:stub")
            monkeypatch.setenv("PINCITE_CHAT_BASE_URL", stub.url)
            return run(app, "--questions", folder, "--writer", "chat", *arguments)

    return once


def test_a_good_model_keeps_what_stands_on_its_quotes(evals):
    done = evals(LONG, REWRITTEN, FIRST)
    found = done.document
    assert (done.code, found["passed"], found["complaints"]) == (0, True, [])
    assert found["claims"] == {
        "written": 4,
        "kept": 2,
        "dropped": {"quote not in source": 1, "no quote": 1},
        "shown": 2,
        "verified": 2,
        "verified_share": 1.0,
        "questions_asked": 2,
        "questions_with_a_claim": 2,
        "broken_off": 0,
        "fallbacks": {},
    }
    assert (found["model"], found["receiver"]) == ("openai:stub", "127.0.0.1")


def test_both_writers_are_measured_alike(evals):
    found = evals(LONG, REWRITTEN, FIRST).document
    for writer in ("quotes", "chat"):
        of = found[writer]
        assert (of["answered"], of["answerable"]) == (2, 2)
        assert (of["falsely_answered"], of["unanswerable"], of["crashed"]) == (0, 2, 0)
        assert of["seconds"]["whole_answer"]["n"] == of["seconds"]["first_statement"]["n"] == 2
    assert found["quotes"]["seconds"]["first_claim"] == {"p50": None, "p95": None, "n": 0}
    assert found["chat"]["seconds"]["first_claim"]["n"] == 2
    # Each of the model's two answers cites one section, and that is the expected one; of the
    # follow-up the rules carry too much over, and quote how long the notice is.
    recall, precision = "vital_nugget_recall", "citation_precision"
    assert (found["chat"][recall]["value"], found["chat"][precision]["value"]) == (1.0, 1.0)
    assert (found["quotes"][recall]["value"], found["quotes"][precision]["value"]) == (0.5, 0.5)


def test_a_forging_model_is_answered_by_quotes_with_nothing_of_its_own_shown(evals):
    done = evals(FORGED, REWRITTEN, FORGED)
    counted = done.document["claims"]
    assert done.code == 0
    assert (counted["written"], counted["kept"], counted["shown"]) == (4, 0, 0)
    assert counted["dropped"] == {"quote not in source": 2, "unknown source": 2}
    assert counted["verified_share"] is None
    assert [*counted["fallbacks"].values()] == [2]
    assert "support nothing that the chat model wrote" in next(iter(counted["fallbacks"]))
    assert done.document["chat"]["answered"] == 2


def test_a_failing_model_costs_no_answer(evals):
    done = evals(DOWN)
    found = done.document
    assert (done.code, found["chat"]["answered"]) == (0, 2)
    assert (found["claims"]["written"], found["claims"]["questions_asked"]) == (0, 2)
    assert sum(found["claims"]["fallbacks"].values()) == 2
    for name in ("vital_nugget_recall", "citation_precision"):
        assert found["chat"][name] == found["quotes"][name]


def test_an_answer_that_breaks_off_keeps_its_claims(evals):
    cut = Said(
        LONG.text, piece=LONG.text.index('{"text": "Three months is usual, they'), drop_after=2
    )
    counted = evals(cut, REWRITTEN, FIRST).document["claims"]
    assert (counted["kept"], counted["broken_off"], counted["fallbacks"]) == (2, 1, {})


def test_the_first_statement_is_timed_when_it_is_there(evals):
    slow = replace(LONG, piece=len(LONG.text) // 3, pause=0.3)
    row = evals(slow, REWRITTEN, FIRST).document["questions"][0]
    assert row["id"] == "how-long"
    assert row["whole_answer"] - row["first_statement"] > 0.25


def test_follow_ups_are_searched_as_each_understood_them(evals):
    found = evals(LONG, Said("Green moon walks?"), FIRST).document["follow_ups"]
    assert (found["n"], found["differs"]) == (1, 0)  # words of no dialogue are not taken
    found = evals(LONG, REWRITTEN, FIRST).document
    assert found["questions"][1]["standalone_question"] == REWRITTEN.text
    assert found["follow_ups"]["differs"] == 1
    scores = found["follow_ups"]["ndcg_at_10"]
    assert list(scores) == ["alone", "rules", "model", "perfect"]
    assert all(0 < score <= 1 for score in scores.values())


def test_questions_without_an_answer_are_not_put_to_the_model(run, folder, monkeypatch):
    with ChatStub([LONG, REWRITTEN, FIRST]) as stub:
        monkeypatch.setenv("PINCITE_CHAT_MODEL", "openai:stub")
        monkeypatch.setenv("PINCITE_CHAT_BASE_URL", stub.url)
        run(app, "--questions", folder, "--writer", "chat")
    assert len(stub.requests) == 3
    assert not any("bread" in prompt or "moon" in prompt for prompt in stub.prompts)


def test_the_table_shows_all_that_is_counted(evals):
    text = evals(LONG, REWRITTEN, FORGED, arguments=()).out
    lines = [" ".join(line.split()) for line in text.splitlines()]
    for line in (
        "4 questions, openai:stub (127.0.0.1)",
        "quotes chat",
        "answered 2 of 2 2 of 2",
        "claims written 5",
        "kept 1",
        "dropped: quote not in source 2",
        "dropped: unknown source 1",
        "dropped: no quote 1",
        "share of these with verified quotes 1.000",
        "of these answered by quotes instead 1",
        "Passed.",
    ):
        assert line in lines


TEXT = "Three months is usual."
ARTICLES = {"n": Article(id="n", title="N", kind="guide", text=TEXT, sections=())}
TRUE = ARTICLES["n"].cite(0, 12)


@pytest.mark.parametrize(
    ("citations", "verified"),
    [
        pytest.param((TRUE,), True, id="true"),
        pytest.param((), False, id="no-quote"),
        pytest.param((replace(TRUE, quote="Eight months"),), False, id="another-word"),
        pytest.param((replace(TRUE, start=1, end=13),), False, id="another-place"),
        pytest.param((replace(TRUE, article_id="m"),), False, id="no-such-article"),
        pytest.param((TRUE, replace(TRUE, quote="three months")), False, id="one-of-two"),
    ],
)
def test_a_claim_is_verified_by_the_text_at_its_place(citations, verified):
    assert is_verified(Statement("Usual.", citations), ARTICLES) is verified


def reply(question, *answers, status="answered"):
    seen = [(float(n), answer) for n, answer in enumerate(answers, start=1)]
    nugget = Nugget(vital=True, places=())
    known = {"answerable": True, "grades": {}, "sides": {}, "nuggets": (nugget,)}
    return Reply(question=question, seen=seen, outcome=Outcome(status=status, **known))


def answered(*statements: Statement, writer="chat", **more) -> Answer:
    return Answer(
        question="?",
        standalone_question="?",
        generation=1,
        writer=writer,
        statements=statements,
        **more,
    )


def chat_run(quotes, chat) -> ChatRun:
    return ChatRun(
        model="m", receiver="r", articles=ARTICLES, quotes=quotes, chat=chat, follow_ups=[]
    )


@pytest.fixture
def two(folder):
    """The two questions that have an answer."""
    return load_questions(folder)[:2]


def forged() -> Citation:
    return replace(TRUE, quote="Eight months")


def test_a_shown_claim_without_a_verified_quote_fails_the_run(two):
    bad, plain = answered(Statement("Eight.", (forged(),))), answered(writer="quotes")
    run = chat_run([reply(two[0], plain)], [reply(two[0], bad)])
    assert complaints_of(run) == ["how-long: a shown claim has no verified quote: Eight."]
    found = figures(run)
    assert (found["passed"], found["claims"]["verified_share"]) == (False, 0.0)
    assert chat_table(found).endswith(
        "Failed: how-long: a shown claim has no verified quote: Eight."
    )


def test_a_claim_that_was_shown_for_a_moment_only_counts_too(two):
    moment = answered(Statement("Eight.", (forged(),)), is_complete=False)
    final = answered(Statement("Three.", (TRUE,)), writer="quotes")
    run = chat_run([reply(two[0], final)], [reply(two[0], moment, final)])
    assert len(complaints_of(run)) == 1
    assert figures(run)["claims"]["shown"] == 1


def test_fewer_answers_than_by_quotes_fail_the_run(two):
    good = answered(Statement("Three.", (TRUE,)))
    both = [reply(question, good) for question in two]
    one = [both[0], reply(two[1], answered(), status="refused")]
    assert complaints_of(chat_run(both, both)) == complaints_of(chat_run(one, both)) == []
    assert complaints_of(chat_run(both, one)) == [
        "1 questions are answered with the chat model and 2 by quotes; lost: who-first"
    ]


def test_times_are_those_of_answered_questions(two):
    claim, quote = (answered(Statement("Three.", (TRUE,)), writer=w) for w in ("chat", "quotes"))
    waiting = answered()
    run = chat_run(
        [reply(q, quote) for q in two],
        [reply(two[0], waiting, claim, claim, claim), reply(two[1], waiting, waiting, quote)],
    )
    seconds = figures(run)["chat"]["seconds"]
    assert seconds["first_claim"] == {"p50": 2.0, "p95": 2.0, "n": 1}
    assert seconds["first_statement"] == {"p50": 2.5, "p95": 2.95, "n": 2}
    assert seconds["whole_answer"] == {"p50": 3.5, "p95": 3.95, "n": 2}


class Broken(ChatModelWriter):
    """A writer with a fault of ours."""

    def claims(self, question, sources, *, stop=never):
        raise RuntimeError("broken")
        yield


def test_a_crash_is_a_miss_and_is_named(two, corpus, embedder):
    connection, receiver = connect(
        Settings(chat_model="openai:stub", chat_base_url="http://127.0.0.1:9/v1")
    )
    run = run_chat(
        corpus=corpus,
        questions=two[:1],
        embedder=embedder,
        reranker=None,
        chat=Broken(connection, context=2048, receiver=receiver),
        progress=lambda _: None,
    )
    found = figures(run)
    assert found["chat"]["crashed"] == 1
    assert "lost: how-long" in found["complaints"][0]
    assert "how-long: crashed with RuntimeError: broken" in chat_table(found)


class TestSample:
    def test_it_is_always_the_same_and_in_order(self):
        questions = load_questions()
        chosen = sampled(questions, 12)
        assert chosen == sampled(list(reversed(questions)), 12)[::-1]
        assert [q for q in questions if q in chosen] == chosen
        assert len({q.id for q in chosen}) == 12

    def test_every_class_has_its_share(self):
        questions = load_questions()
        chosen = sampled(questions, 12)
        for name in {q.class_ for q in questions}:
            share = 12 * sum(q.class_ == name for q in questions) / len(questions)
            assert abs(sum(q.class_ == name for q in chosen) - share) < 1

    def test_another_question_changes_little(self):
        questions = load_questions()
        new = questions[0].model_copy(update={"id": "a-new-one"})
        before, after = ({q.id for q in sampled(q_, 12)} for q_ in (questions, [*questions, new]))
        assert len(before & after) >= 11

    @pytest.mark.parametrize("size", [None, 344, 10_000])
    def test_all_are_asked_where_there_are_no_more(self, size):
        questions = load_questions()
        assert len(sampled(questions, size)) == min(len(questions), size or len(questions))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("--sample", 3), "--sample goes with --writer chat", id="sample-of-quotes"),
        pytest.param(("--writer", "chat", "--pin"), "--pin goes with --writer quotes", id="pin"),
    ],
)
def test_options_that_do_not_go_together_are_a_mistake(run, folder, arguments, told):
    done = run(app, "--questions", folder, *arguments)
    assert done.code == 2
    assert told in done.err


def test_without_any_model_it_is_said_what_to_set(run, folder, monkeypatch):
    monkeypatch.delenv("PINCITE_CHAT_MODEL", raising=False)
    monkeypatch.setattr("evals.chatting.small_model", lambda: None)
    done = run(app, "--questions", folder, "--writer", "chat")
    assert done.code == 1
    assert "Set PINCITE_CHAT_MODEL" in done.err
