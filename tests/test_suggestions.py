"""Questions that the library itself asks: which there are, which are suggested, and over HTTP."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ingest.corpus import publish_corpus
from ingest.publish import Options
from pincite.answering import Assistant
from pincite.answering.suggestions import Suggestions
from pincite.answering.suggestions.questions import is_alike, is_askable, questions_of
from pincite.errors import QuestionError, UnknownArticleError
from pincite.library import LiveLibrary
from pincite.model import MAX_QUESTION
from tests.conftest import SMALL_CORPUS, write_corpus
from web.server import own_routes
from web.suggesting import MAX_ASKED

DRAWBACKS = "What are the drawbacks of a client secondment?"
BENEFITS = "What are the benefits of a client secondment?"
NOTICE = "How long is the usual notice period?"
SHIPPED = 200
"""Questions that the articles that ship ask at least; a figure far below is a reader gone wrong."""

KINDS_OF_TITLES = """\
---
title: {title}
kind: {kind}
topics: [{topic}]
---

{body}
"""


def suggesting(data: Path, embedder) -> Suggestions:
    live = LiveLibrary(data, embedder)
    return Suggestions(Assistant(live, embedder), live)


@pytest.fixture
def corpus(tmp_path) -> Path:
    """The small corpus, whose questions are here long enough to stand alone in a dialogue."""
    files = {
        name: text.replace("of a secondment?", "of a client secondment?").replace(
            "the notice period?", "the usual notice period?"
        )
        for name, text in SMALL_CORPUS.items()
    }
    return write_corpus(tmp_path / "corpus", files)


@pytest.fixture
def data(tmp_path, corpus, embedder) -> Path:
    publish_corpus(corpus, tmp_path / "data", embedder=embedder)
    return tmp_path / "data"


@pytest.fixture
def suggestions(data, embedder, plain_gate) -> Suggestions:
    return suggesting(data, embedder)


@pytest.fixture
def client(data, embedder, plain_gate) -> TestClient:
    live = LiveLibrary(data, embedder)
    return TestClient(own_routes(Assistant(live, embedder), live, None))


@pytest.mark.parametrize(
    ("text", "askable"),
    [
        pytest.param("Should I accept a counteroffer from my firm?", True, id="whole"),
        pytest.param("How to negotiate class year and start date", True, id="how-to"),
        pytest.param("How long should I stay?", False, id="subject-elsewhere"),
        pytest.param("Should I tell him before the review?", False, id="points-at-somebody"),
        pytest.param("Any regrets?", False, id="too-short"),
        pytest.param("Should I leave my firm " + "at once " * 12 + "?", False, id="too-long"),
        pytest.param("Is there no reason to live on law alone?", False, id="fixed-reply"),
    ],
)
def test_a_question_is_suggested_only_if_it_can_be_read_alone(text, askable):
    assert is_askable(text) is askable


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        pytest.param(
            DRAWBACKS, "What are the disadvantages of a client secondment?", True, id="same"
        ),
        pytest.param(DRAWBACKS, BENEFITS, False, id="other-side"),
        pytest.param(DRAWBACKS, NOTICE, False, id="other-subject"),
    ],
)
def test_questions_that_ask_the_same_in_other_words_are_told(first, second, alike):
    assert is_alike(first, second) is alike


def test_an_article_asks_over_its_sections_and_a_thread_in_its_opening_post(data, embedder):
    asked = {
        article.kind: [(question.text, question.section) for question in questions_of(article)]
        for article in LiveLibrary(data, embedder).current().articles.values()
    }
    assert [text for text, _ in asked["column"]] == [BENEFITS, DRAWBACKS]
    assert NOTICE in [text for text, _ in asked["guide"]]
    assert asked["thread"] == [("Should I ask for a leave of absence?", None)]


def test_topics_come_from_front_matter_and_name_no_article_twice(tmp_path, embedder, plain_gate):
    write_corpus(tmp_path / "topical", topical_corpus())
    publish_corpus(tmp_path / "topical", tmp_path / "fresh", embedder=embedder)
    topics = suggesting(tmp_path / "fresh", embedder).by_topic()
    assert [topic.name for topic in topics] == ["US firms", "notice"]
    ids = [question.article_id for topic in topics for question in topic.questions]
    assert len(ids) == len(set(ids)) == 3
    assert [q.text for q in topics[1].questions] == ["How much notice must associates give firms?"]


def topical_corpus() -> dict[str, str]:
    rows = [
        ("a", "Do US firms in London pay more than others?", "us firms", "US firms pay more."),
        ("b", "Do US firms in Munich expect longer days?", "US firms", "US firms expect more."),
        ("c", "How much notice must associates give firms?", "notice", "Give notice early."),
    ]
    return {
        f"{name}.md": KINDS_OF_TITLES.format(
            title=title, kind="guide", topic=topic, body=f"{body} {title.rstrip('?')}."
        )
        for name, title, topic, body in rows
    }


def test_without_topics_the_questions_stand_under_no_name(data, corpus, embedder, plain_gate):
    (corpus / "guides/notice.md").unlink()
    publish_corpus(corpus, data, embedder=embedder)
    (topic,) = suggesting(data, embedder).by_topic()
    assert topic.name == ""
    assert {question.article_id for question in topic.questions} <= {"secondment", "burnout"}
    assert topic.questions


def test_with_another_corpus_its_questions_are_offered_without_a_restart(
    data, corpus, suggestions, embedder
):
    before = suggestions.by_topic()
    for path in corpus.rglob("*.md"):
        path.unlink()
    write_corpus(corpus, topical_corpus())
    publish_corpus(corpus, data, embedder=embedder, options=Options(allow_removals=True))
    after = suggestions.by_topic()
    assert ids_in(before).isdisjoint(ids_in(after))
    assert after[0].name == "US firms"


def ids_in(topics) -> set[str]:
    return {question.article_id for topic in topics for question in topic.questions}


def test_what_the_gate_refuses_is_not_suggested(data, embedder, monkeypatch):
    suggestions = suggesting(data, embedder)
    monkeypatch.setattr("pincite.answering.assessment.fitted", lambda: {**CLOSED})
    monkeypatch.setattr("pincite.answering.gate.fitted", lambda: {**CLOSED})
    monkeypatch.setattr("pincite.answering.assessment.is_heading", lambda *_: False)
    assert suggestions.by_topic() == ()
    assert suggestions.of_article("secondment") == ()


CLOSED = {"intercept": -1.0, "weights": {"known": 0.0}, "threshold": 1.0}


def test_after_an_answer_its_other_sections_are_suggested(suggestions):
    found = suggestions.after(DRAWBACKS, cited=[cited_for(suggestions, DRAWBACKS)])
    assert BENEFITS in [question.text for question in found]
    assert DRAWBACKS not in [question.text for question in found]


def cited_for(suggestions: Suggestions, question: str) -> tuple[str, int]:
    citation = suggestions._assistant.ask(question).citations[0]
    return citation.article_id, citation.start


def test_what_was_asked_before_is_not_suggested_again(suggestions):
    cited = [cited_for(suggestions, DRAWBACKS)]
    found = suggestions.after(
        DRAWBACKS, cited=cited, asked=["What are the benefits of client secondments?"]
    )
    assert BENEFITS not in [question.text for question in found]


def test_nothing_is_suggested_after_a_refusal_or_to_somebody_in_distress(suggestions):
    assert suggestions.after("Sourdough temperature, zebra, quokka?") == ()
    assert suggestions.after("I want to die. What are the drawbacks of a secondment?") == ()


def test_an_empty_question_is_refused_as_everywhere(suggestions):
    with pytest.raises(QuestionError, match="Please type a question"):
        suggestions.after(" ")


def test_an_unknown_article_is_named(suggestions):
    with pytest.raises(UnknownArticleError, match="python -m ingest status"):
        suggestions.of_article("nowhere")


def test_over_http_questions_are_given_to_begin_with_and_for_an_article(client):
    topics = client.get("/api/questions").json()["topics"]
    assert {"topic", "questions"} == set(topics[0])
    first = topics[0]["questions"][0]
    of_article = client.get(f"/api/questions/{first['article_id']}").json()["questions"]
    assert first in of_article


def test_over_http_questions_follow_an_answer(client):
    cited = client.post("/api/ask", json={"question": DRAWBACKS}).json()["citations"]
    places = [{"article_id": c["article_id"], "start": c["start"]} for c in cited]
    reply = client.post("/api/suggestions", json={"question": DRAWBACKS, "cited": places})
    assert BENEFITS in [q["question"] for q in reply.json()["questions"]]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"question": ""}, id="empty"),
        pytest.param({"question": "a" * (MAX_QUESTION + 1)}, id="too-long"),
        pytest.param({"question": 7}, id="no-text"),
        pytest.param({"question": DRAWBACKS, "asked": ["a"] * (MAX_ASKED + 1)}, id="too-many"),
        pytest.param({"question": DRAWBACKS, "cited": [{"article_id": "a"}]}, id="no-place"),
        pytest.param({"question": DRAWBACKS, "asked": ["zzyzx" * 3000]}, id="asked-too-long"),
    ],
)
def test_bad_input_is_told_without_repeating_it(client, body):
    reply = client.post("/api/suggestions", json=body)
    assert reply.status_code == 422
    assert set(reply.json()) == {"error"}
    assert "zzyzx" not in reply.text


def test_an_unknown_article_and_a_missing_library_have_their_codes(client, tmp_path, embedder):
    live = LiveLibrary(tmp_path / "nowhere", embedder)
    empty = TestClient(own_routes(Assistant(live, embedder), live, None))
    assert client.get("/api/questions/nowhere").status_code == 404
    assert empty.get("/api/questions").status_code == 503


@pytest.fixture(scope="module")
def shipped_suggestions(shipped_with_minilm, minilm) -> Suggestions:
    """Of the articles that ship, with the model that ships."""
    return suggesting(shipped_with_minilm, minilm)


@pytest.mark.model
def test_the_shipped_library_offers_six_topics_of_different_articles(shipped_suggestions):
    topics = shipped_suggestions.by_topic()
    ids = [question.article_id for topic in topics for question in topic.questions]
    assert [len(topic.questions) for topic in topics] == [2] * 6
    assert len(set(ids)) == 12


@pytest.mark.model
def test_every_question_that_is_suggested_is_answered_from_where_it_stands(shipped_suggestions):
    assistant = shipped_suggestions._assistant
    library = shipped_suggestions._shelves.current().library
    suggested = {
        question for id_ in library.articles for question in shipped_suggestions.of_article(id_)
    } | {question for topic in shipped_suggestions.by_topic() for question in topic.questions}
    traces = {question: assistant.trace(question.text) for question in suggested}
    astray = [
        question.text
        for question, trace in traces.items()
        if trace.answer.status != "answered"
        or not question.is_answered_from([evidence.place for evidence in trace.evidence])
    ]
    assert astray == []
    assert len(suggested) > SHIPPED * 0.8


@pytest.mark.model
def test_a_question_without_near_ones_leads_nowhere_instead_of_astray(shipped_suggestions):
    home = "Will working from home hurt my chances of making partner?"
    cited = [cited_for(shipped_suggestions, home)]
    assert shipped_suggestions.after(home, cited=cited) == ()
    secondment = shipped_suggestions.after(
        DRAWBACKS, cited=[cited_for(shipped_suggestions, DRAWBACKS)]
    )
    assert len(secondment) == 3
    assert all("secondment" in question.text for question in secondment)
