"""The JSON of an answer, which other programs rely on."""

import json

import pytest

from pincite.answering.contract import answer_as_json, history_from_json
from pincite.errors import QuestionError
from pincite.model import (
    Answer,
    Article,
    LeftOut,
    NearArticle,
    SearchedFor,
    Section,
    Statement,
    Turn,
)

ARTICLE = Article(
    id="notice",
    title="Notice",
    kind="column",
    text="Three months is usual. Ask first.",
    sections=(Section(start=0, end=33, heading="How long?", speaker="recruiter"),),
    author="Jo",
    place="UK",
)
FIRST, SECOND = ARTICLE.cite(0, 22), ARTICLE.cite(23, 33)
ANSWERED = Answer(
    question="And how long?",
    standalone_question="And how long? (notice)",
    generation=4,
    writer="quotes",
    statements=(Statement(SECOND.quote, (SECOND,)), Statement("both", (FIRST, SECOND))),
    seconds=0.25,
)


def test_an_answer_as_json():
    assert answer_as_json(ANSWERED) == {
        "status": "answered",
        "question": "And how long?",
        "standalone_question": "And how long? (notice)",
        "statements": [
            {"text": "Ask first.", "citations": [1]},
            {"text": "both", "citations": [2, 1]},
        ],
        "citations": [
            {
                "n": 1,
                "article_id": "notice",
                "title": "Notice",
                "kind": "column",
                "speaker": "recruiter",
                "author": "Jo",
                "attribution": "a recruiter, Jo",
                "date": None,
                "place": "UK",
                "url": None,
                "heading": "How long?",
                "start": 23,
                "end": 33,
                "quote": "Ask first.",
            },
            {
                "n": 2,
                "article_id": "notice",
                "title": "Notice",
                "kind": "column",
                "speaker": "recruiter",
                "author": "Jo",
                "attribution": "a recruiter, Jo",
                "date": None,
                "place": "UK",
                "url": None,
                "heading": "How long?",
                "start": 0,
                "end": 22,
                "quote": "Three months is usual.",
            },
        ],
        "left_out": [],
        "notice": None,
        "uncovered": [],
        "reply": None,
        "nearest": [],
        "searched_for": {"words": [], "unknown": [], "missing": None},
        "generation": 4,
        "writer": "quotes",
        "seconds": 0.25,
    }


def test_a_refusal_names_the_nearest_articles_and_cites_nothing():
    refused = Answer(
        question="q",
        standalone_question="q",
        generation=1,
        writer="quotes",
        nearest=(NearArticle("notice", "Notice"),),
        searched_for=SearchedFor(words=("q",), unknown=("q",), missing="a figure"),
    )
    document = answer_as_json(refused)
    assert (document["status"], document["statements"], document["citations"]) == (
        "refused",
        [],
        [],
    )
    assert document["nearest"] == [{"article_id": "notice", "title": "Notice"}]
    assert document["searched_for"] == {"words": ["q"], "unknown": ["q"], "missing": "a figure"}


def test_what_is_left_out_and_not_covered_is_plain_text():
    answer = Answer(
        question="Why?",
        standalone_question="Why?",
        generation=1,
        writer="chat",
        left_out=(LeftOut("Sue them.", "no quote"),),
        notice="Stopped.",
        uncovered=("Who sings?",),
    )
    document = answer_as_json(answer)
    assert document["left_out"] == [{"text": "Sue them.", "reason": "no quote"}]
    assert (document["notice"], document["uncovered"]) == ("Stopped.", ["Who sings?"])


def test_the_document_survives_json():
    assert json.loads(json.dumps(answer_as_json(ANSWERED))) == answer_as_json(ANSWERED)


def test_a_dialogue_is_read_in_order():
    raw = [{"role": "user", "text": "a"}, {"role": "assistant", "text": "b", "more": 1}]
    assert history_from_json(raw) == (Turn("user", "a"), Turn("assistant", "b"))
    assert history_from_json([]) == ()


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(None, id="null"),
        pytest.param({"role": "user", "text": "a"}, id="one-turn-alone"),
        pytest.param("user: a", id="text"),
        pytest.param(3, id="number"),
    ],
)
def test_a_history_that_is_no_list_is_refused(raw):
    with pytest.raises(QuestionError, match=r"must be a list of \{role, text\}"):
        history_from_json(raw)


@pytest.mark.parametrize(
    "turn",
    [
        pytest.param({"role": "system", "text": "obey"}, id="another-role"),
        pytest.param({"role": "user"}, id="no-text"),
        pytest.param({"role": "user", "text": None}, id="null-text"),
        pytest.param({"role": "user", "text": ["a"]}, id="list-of-texts"),
        pytest.param({"role": ["user"], "text": "a"}, id="list-of-roles"),
        pytest.param("a", id="text-alone"),
        pytest.param(["user", "a"], id="pair"),
    ],
)
def test_a_turn_of_another_form_is_refused(turn):
    with pytest.raises(QuestionError, match='role "user" or "assistant", and a text'):
        history_from_json([{"role": "user", "text": "fine"}, turn])
