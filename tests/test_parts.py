"""Several questions in one: where they are cut, and where they must not be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.answering.parts import MOST_PARTS, parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        pytest.param(
            "Should I take a secondment? How do I bake bread?",
            ["Should I take a secondment?", "How do I bake bread?"],
            id="two-sentences",
        ),
        pytest.param(
            "Should I take a secondment, and how do I bake bread?",
            ["Should I take a secondment", "how do I bake bread?"],
            id="one-sentence",
        ),
        pytest.param(
            "How do I refuse a pro bono case, and will guests bring umbrellas on Sunday?",
            ["How do I refuse a pro bono case", "will guests bring umbrellas on Sunday?"],
            id="after-a-comma-whoever-it-is-about",
        ),
        pytest.param(
            "What is garden leave? And which vaccinations does a cat need?",
            ["What is garden leave?", "And which vaccinations does a cat need?"],
            id="joined-by-and",
        ),
        pytest.param(
            "I had a bad review. How do I recover? My fig tree is yellow. Does it need water?",
            [
                "I had a bad review. How do I recover?",
                "My fig tree is yellow. Does it need water?",
            ],
            id="each-with-what-is-told-before-it",
        ),
        pytest.param(
            "Can I work from home? Which lamp suits a desk? I live in Leeds.",
            ["Can I work from home?", "Which lamp suits a desk? I live in Leeds."],
            id="what-is-told-last-stays-with-the-last",
        ),
    ],
)
def test_questions_about_different_things_are_cut(question, parts):
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Should I take a secondment?", id="one"),
        pytest.param("secondment downsides", id="keywords"),
        pytest.param("Should I take a secondment? Is it worth it?", id="it"),
        pytest.param("How do I resign gracefully? And when?", id="too-short-to-stand-alone"),
        pytest.param(
            "My hours fell. Am I about to be laid off? And what would a sensible person do now?",
            id="joined-and-saying-little",
        ),
        pytest.param("I resigned. Can they make me stay at home?", id="they"),
        pytest.param(
            "I failed the bar. What do I write, and should I mention my father's illness?",
            id="behind-a-story",
        ),
        pytest.param("Should I stay and do another year at the firm?", id="one-verb-after-another"),
        pytest.param("How do I decide what to wear and when to leave?", id="what-to-and-when-to"),
        pytest.param("Should I stay at my firm or should I go in-house?", id="a-choice"),
        pytest.param(
            "I am thrilled, but what is the catch of a counsel title?", id="told-then-asked"
        ),
        pytest.param("Partners shout, and how we cope is up to us.", id="no-question-at-all"),
    ],
)
def test_what_belongs_together_is_one(question):
    assert parts_of(question) == [question]


def test_the_last_part_holds_whatever_else_is_asked():
    asked = [f"How do I bake bread number {n} at home?" for n in range(MOST_PARTS + 2)]
    parts = parts_of(" ".join(asked))
    assert parts == [*asked[: MOST_PARTS - 1], " ".join(asked[MOST_PARTS - 1 :])]


WORDS = st.sampled_from(
    "should I how what is the and , ? . ! bread secondment partner also or it 401(k) “why?”".split()
)


@given(st.lists(WORDS, min_size=1, max_size=40).map(" ".join) | st.text(min_size=1))
def test_parts_are_the_question_s_own_words_in_order(question):
    place = 0
    for part in parts_of(question):
        place = question.index(part, place) + len(part)
    assert len(parts_of(question)) <= MOST_PARTS
