"""Which notes ask the same thing, and in which order they are listed."""

import time
from dataclasses import replace
from datetime import date

import pytest

from pincite.gaps import Group, alike, grouped
from pincite.inbox import Note

GAP = Note(
    id="00000000000000cc",
    kind="gap",
    written=date(2026, 3, 4),
    question="How do I become a judge?",
    standalone_question="How do I become a judge?",
    generation=1,
)
UNHELPFUL = replace(GAP, id="a" * 16, kind="unhelpful", standalone_question="And my bonus?")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(
            "What are the drawbacks of a secondment?",
            "what are drawbacks of secondments",
            True,
            id="small-words-and-plurals",
        ),
        pytest.param(
            "What are the drawbacks of a secondment?",
            "What are the benefits of a secondment?",
            False,
            id="another-word-that-matters",
        ),
        pytest.param("Why?", "WHY? ", True, id="small-words-only"),
        pytest.param("Why?", "How?", False, id="other-small-words"),
        pytest.param("Why?", "Secondment?", False, id="one-says-nothing"),
    ],
)
def test_near_identical_questions_are_the_same_one(one, other, same):
    assert alike(one, other) is same


def test_what_is_asked_most_often_comes_first_and_kinds_stay_apart():
    again = replace(GAP, id="d" * 16, standalone_question="How do I become judge, please?")
    unhelpful = replace(again, id="e" * 16, kind="unhelpful")
    groups = grouped([UNHELPFUL, GAP, again, unhelpful])
    assert groups == [Group([GAP, again]), Group([UNHELPFUL]), Group([unhelpful])]
    assert [group.kind for group in groups] == ["gap", "unhelpful", "unhelpful"]


def test_a_group_is_listed_under_its_oldest_question():
    again = replace(GAP, id="d" * 16, standalone_question="How do I become judge, please?")
    (group,) = grouped([GAP, again])
    assert group.question == "How do I become a judge?"


def test_a_full_inbox_is_grouped_while_an_editor_waits():
    notes = [
        replace(GAP, id=f"{n:016x}", standalone_question=f"May I bill word{n} and term{n}?")
        for n in range(1000)
    ]
    began = time.process_time()
    assert len(grouped(notes)) == 1000
    assert time.process_time() - began < 3
