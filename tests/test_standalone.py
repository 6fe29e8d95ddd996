"""A question in a dialogue, made to stand alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.answering.standalone import (
    LOOKS_BACK,
    MOST_CARRIED,
    leans_on_dialogue,
    standalone_question,
)
from pincite.model import Turn
from pincite.words import words_in

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
            "Can it be shortened? (notice period for associates)",
            id="a-pointer-takes-the-subject",
        ),
        pytest.param(
            "And in Germany?",
            asked(NOTICE),
            "And in Germany? (notice period for associates)",
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
            "Why? (notice period for associates; shortened)",
            id="through-a-follow-up-to-what-it-leaned-on",
        ),
        pytest.param(
            "Why?",
            asked(SECONDMENT, NOTICE),
            "Why? (notice period for associates)",
            id="an-older-subject-is-left-behind",
        ),
        pytest.param(
            "  Is notice long?  ",
            asked("notices long"),
            "  Is notice long?  ",
            id="nothing-new-to-carry-over",
        ),
        pytest.param("Why?", [Turn("assistant", NOTICE)], "Why?", id="answers-are-not-subjects"),
        pytest.param("Why?", [Turn("user", "  ")], "Why?", id="an-empty-turn-is-no-subject"),
    ],
)
def test_standalone_question(question, history, standalone):
    assert standalone_question(question, history) == standalone


@pytest.mark.parametrize(
    ("earlier", "carried"),
    [
        pytest.param(
            "My firm wants to lend me to a client for six months. Is that good for my career?",
            "firm wants to lend me to a client; career",
            id="phrases-in-the-readers-own-words",
        ),
        pytest.param("Is an in-house role for me?", "in-house role", id="hyphens-stay"),
        pytest.param(
            "Honestly, last Monday was the worst day, I got a bad appraisal",
            "bad appraisal",
            id="words-of-any-dialogue-are-no-subject",
        ),
        pytest.param("How is it once I've made partner?", "made partner", id="verb-of-a-phrase"),
        pytest.param("appraisal, appraisals, my appraisal?", "appraisal", id="said-once"),
        pytest.param(
            "mentor, bonus, notice, leave, pay, visa, review, layoff, partner, client, judge, "
            "clerk, counsel, salary",
            "mentor; bonus; notice; leave; pay; visa; review; layoff; partner; client; judge; "
            "clerk",
            id="no-more-than-can-be-read-at-a-glance",
        ),
        pytest.param(
            "mentor bonus notice leave pay visa review layoff partner client judge clerk counsel",
            "mentor bonus notice leave pay visa review layoff partner client judge clerk",
            id="an-endless-phrase-is-cut",
        ),
    ],
)
def test_what_is_carried_over(earlier, carried):
    assert standalone_question("Why?", asked(earlier)) == f"Why? ({carried})"


def test_it_looks_for_the_subject_among_the_newest_questions_only():
    near, far = (asked(NOTICE, *["Why?"] * times) for times in (LOOKS_BACK - 1, LOOKS_BACK))
    assert standalone_question("Really?", near) == "Really? (notice period for associates)"
    assert standalone_question("Really?", far) == "Really?"


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        pytest.param(NOTICE, False, id="full"),
        pytest.param("Is it paid during parental leave?", True, id="pointer"),
        pytest.param(
            "Before I start, what should I ask and find out about it?",
            True,
            id="a-pointer-does-not-point-at-words-of-any-dialogue",
        ),
        pytest.param("What about parental leave and pension rights?", True, id="lead-in"),
        pytest.param(
            "And does parental leave reduce pension rights, holidays, seniority or yearly bonus?",
            False,
            id="lead-in-of-a-long-question",
        ),
        pytest.param("ok thanks. And pension rights during leave?", True, id="behind-a-thank-you"),
        pytest.param("Thanks! Are pension rights kept during leave?", False, id="only-a-thank-you"),
        pytest.param(
            "We parted on bad terms. What if the firm writes lies?", True, id="scene-then-what-if"
        ),
        pytest.param("Parental leave?", True, id="too-short-to-judge"),
        pytest.param("delegating to juniors", False, id="a-search-of-keywords"),
        pytest.param("And delegating to juniors", True, id="keywords-that-go-on"),
        pytest.param("for second years", True, id="keywords-that-qualify-what-was-said"),
        pytest.param("in-house equity", False, id="keywords-with-a-hyphen"),
        pytest.param("salary of their juniors", True, id="keywords-that-point-back"),
        pytest.param("What is gardening leave?", False, id="a-definition"),
        pytest.param("What does gardening leave mean?", False, id="a-definition-with-mean"),
        pytest.param("What does that mean?", True, id="a-definition-of-something-said"),
        pytest.param("What is the deadline?", True, id="the-one-of-what-was-said"),
        pytest.param("What is a good salary?", True, id="a-question-for-a-measure"),
        pytest.param("What is required?", True, id="one-word-may-be-an-adjective"),
        pytest.param("What's a sponsor?", False, id="a-definition-of-one-word"),
        pytest.param("What is normal?", True, id="a-definition-of-no-subject"),
        pytest.param("Is it normal to cry at work in front of a partner?", False, id="is-it-to"),
        pytest.param("Is it worth keeping a list of wins?", False, id="is-it-worth"),
        pytest.param("Is it normal at a bank or insurance company?", True, id="is-it-alone"),
        pytest.param("Are there bonuses for recruiting friends?", False, id="there-are"),
        pytest.param("Do bonuses shrink for associates there?", False, id="pointer-with-a-noun"),
        pytest.param("Do associates this year get bonuses?", False, id="time-is-no-pointer"),
        pytest.param(
            "Something else: is it paid during parental leave?", False, id="announced-change"
        ),
        pytest.param("Thanks. Different subject, parental leave?", False, id="change-after-thanks"),
        pytest.param("And can I ask for another matter?", True, id="another-matter-to-work-on"),
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


talk = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            "and what if it they that one in-house partner's notice period leave made is the of "
            "for my drawbacks benefits ? . , because secondment client's long?".split()
        ),
        max_size=30,
    ).map(" ".join),
)
wholes = st.one_of(
    st.sampled_from([NOTICE, SECONDMENT, "gardening leave", "What is gardening leave?"]),
    st.lists(st.text("abcdef", min_size=9), min_size=9, unique=True).map(" ".join),
)
dialogues = st.lists(st.builds(Turn, st.sampled_from(["user", "assistant"]), talk), max_size=8)


@given(talk.filter(bool), dialogues)
def test_the_question_stays_in_front_and_little_is_added(question, history):
    result = standalone_question(question, history)
    added = result.strip().removeprefix(question.strip())
    assert result.strip() == question.strip() + added
    assert len(added.split()) <= MOST_CARRIED
    assert set(words_in(added)) <= {word for turn in history for word in words_in(turn.text)}
    assert result == standalone_question(question, history)


@given(talk)
def test_without_a_dialogue_nothing_changes(question):
    assert standalone_question(question, []) == question


@given(wholes, dialogues)
def test_a_self_contained_question_is_left_alone(question, history):
    assert standalone_question(question, history) == question


@given(talk, wholes, dialogues)
def test_what_was_said_before_a_self_contained_question_does_not_matter(question, whole, before):
    dialogue = [Turn("user", whole)]
    assert standalone_question(question, before + dialogue) == standalone_question(
        question, dialogue
    )
