"""A question in a dialogue, made to stand alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.answering.standalone import leans_on_dialogue, standalone_question
from pincite.model import Turn

NOTICE = "How long is the notice period for associates?"
SECONDMENT = "What are the drawbacks of a client secondment?"


def asked(*questions):
    return [turn for q in questions for turn in (Turn("user", q), Turn("assistant", "Zzz yyy."))]


@pytest.mark.parametrize(
    ("question", "history", "standalone"),
    [
        pytest.param(NOTICE, [], NOTICE, id="nothing-was-asked-before"),
        pytest.param("And why?", [], "And why?", id="nothing-to-lean-on"),
        pytest.param(
            SECONDMENT, asked(NOTICE), SECONDMENT, id="a-question-that-stands-alone-stays"
        ),
        pytest.param(
            "Can it be shortened?",
            asked(NOTICE),
            "Can it be shortened? (long notice period associates)",
            id="a-pointer-takes-the-subject",
        ),
        pytest.param(
            "And in Germany?",
            asked(NOTICE),
            "And in Germany? (long notice period associates)",
            id="a-short-follow-up",
        ),
        pytest.param(
            "And the benefits?",
            asked(SECONDMENT),
            "And the benefits? (client secondment)",
            id="the-other-side-replaces-the-side-asked-before",
        ),
        pytest.param(
            "Why?",
            asked(NOTICE, "Can it be shortened?"),
            "Why? (long notice period associates shortened)",
            id="through-a-follow-up-to-what-it-leaned-on",
        ),
        pytest.param(
            "Why?",
            asked(SECONDMENT, NOTICE),
            "Why? (long notice period associates)",
            id="an-older-subject-is-left-behind",
        ),
        pytest.param(
            "  Is notice long?  ",
            asked("notice long"),
            "  Is notice long?  ",
            id="nothing-new-to-carry-over",
        ),
        pytest.param("Why?", [Turn("assistant", NOTICE)], "Why?", id="answers-are-not-subjects"),
        pytest.param("Why?", [Turn("user", "  ")], "Why?", id="an-empty-turn-is-no-subject"),
    ],
)
def test_standalone_question(question, history, standalone):
    assert standalone_question(question, history) == standalone


def test_it_looks_no_further_back_than_three_questions():
    history = asked("zebra crossing", "Why?", "Why so?", "And then?")
    assert standalone_question("Really?", history) == "Really?"


@given(
    st.text(min_size=1),
    st.lists(st.builds(Turn, st.sampled_from(["user", "assistant"]), st.text())),
)
def test_the_words_of_the_question_always_stay_in_front(question, history):
    result = standalone_question(question, history)
    assert result.strip().startswith(question.strip())
    assert result == standalone_question(question, history)


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        pytest.param(NOTICE, False, id="full"),
        pytest.param("Is it paid during parental leave?", True, id="pointer"),
        pytest.param("What about parental leave and pension rights?", True, id="lead-in"),
        pytest.param("Parental leave?", True, id="too-short-to-judge"),
        pytest.param(
            "Should I tell the partner who staffs me that I want a leave of absence before they "
            "assign another transaction over Christmas and New Year?",
            False,
            id="long-enough-to-hold-its-own-subject",
        ),
    ],
)
def test_leans_on_dialogue(question, leans):
    assert leans_on_dialogue(question) is leans
