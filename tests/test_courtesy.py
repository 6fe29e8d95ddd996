"""Fixed replies: who asks the library nothing gets a kind word, and who is in danger help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.answering import Assistant, answer_as_json
from pincite.answering.courtesy import (
    CONFIDENCE,
    DISTRESS,
    GOODBYE,
    GREETING,
    LEGAL_ADVICE,
    THANKS,
    WHO,
    reply_to,
    reply_to_refused,
)
from pincite.library import LiveLibrary
from pincite.model import MAX_QUESTION


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        pytest.param("Hi!", GREETING, id="hi"),
        pytest.param("hello there", GREETING, id="hello"),
        pytest.param("Good morning", GREETING, id="morning"),
        pytest.param("Thanks so much!", THANKS, id="thanks"),
        pytest.param("ok thank you", THANKS, id="ok-thanks"),
        pytest.param("Thank you very much for your help.", THANKS, id="long-thanks"),
        pytest.param("Bye!", GOODBYE, id="bye"),
        pytest.param("who are you?", WHO, id="who"),
        pytest.param("Are you a real person?", WHO, id="a-person"),
        pytest.param("What can you do?", WHO, id="what"),
        pytest.param("I want to kill myself", DISTRESS, id="suicidal"),
        pytest.param("some nights i don’t want to wake up", DISTRESS, id="curly-apostrophe"),
        pytest.param(
            "Thanks. My hours are 70 a week and I have been hurting myself.", DISTRESS, id="hidden"
        ),
        pytest.param("Hi, should I take a secondment?", None, id="a-greeting-before-a-question"),
        pytest.param("Help me find a mentor", None, id="help-with-something"),
        pytest.param("Is it career suicide to go part-time?", None, id="a-figure-of-speech"),
        pytest.param("How do I thank a partner for her help?", None, id="thanking-somebody"),
        pytest.param("Are lawyers who work for you happy?", None, id="who-works-for-you"),
        pytest.param("I am burnt out and cannot sleep. What now?", None, id="the-library-has-that"),
    ],
)
def test_what_asks_the_library_nothing_gets_its_own_reply(said, reply):
    assert reply_to(said) == reply


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        pytest.param("Can I sue my firm over the bonus?", LEGAL_ADVICE, id="sue"),
        pytest.param("Is my non-compete clause enforceable?", LEGAL_ADVICE, id="enforceable"),
        pytest.param("Can you review my contract", LEGAL_ADVICE, id="review"),
        pytest.param(
            "How do I leak a confidential memo to the press?", CONFIDENCE, id="to-the-press"
        ),
        pytest.param(
            "I want to tell my brother about the deal our client is doing", CONFIDENCE, id="a-tip"
        ),
        pytest.param("How do I bake bread?", None, id="anything-else"),
    ],
)
def test_a_refusal_names_where_the_question_belongs(asked, reply):
    assert reply_to_refused(asked) == reply


def test_distress_names_people_and_no_article():
    for word in ("emergency number", "crisis line", "doctor", "assistance programme"):
        assert word in DISTRESS


@given(st.text(max_size=MAX_QUESTION))
def test_any_words_can_be_read(text):
    assert reply_to(text) is None or isinstance(reply_to(text), str)
    assert reply_to_refused(text) in {None, LEGAL_ADVICE, CONFIDENCE}


@pytest.fixture
def assistant(data, embedder):
    return Assistant(LiveLibrary(data, embedder), embedder)


@pytest.mark.parametrize("said", ["Thanks!", "I want to end my life. Should I give notice?"])
def test_a_fixed_reply_cites_nothing_and_names_no_article(assistant, said):
    answer = assistant.ask(said)
    document = answer_as_json(answer)
    assert (answer.status, answer.citations, answer.nearest) == ("refused", (), ())
    assert document["reply"] == reply_to(said)
    assert document["standalone_question"] == said


def test_an_answer_has_no_reply_beside_it(assistant, plain_gate):
    answer = assistant.ask("What are the drawbacks of a secondment?")
    assert (answer.status, answer.reply) == ("answered", None)
