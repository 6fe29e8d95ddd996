"""Search by words: stems, phrases, rare words before common ones, title and heading twice."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite import lexical
from pincite.lexical import LexicalIndex, words_of
from pincite.model import MAX_QUESTION


@pytest.fixture
def search(tmp_path):
    """Build an index of rows (context, body, and perhaps topics), and open it."""

    def build(*rows):
        lexical.build(tmp_path / "words.sqlite3", [(*row, "")[:3] for row in rows])
        return LexicalIndex(tmp_path / "words.sqlite3")

    return build


FILLER = [("", f"filler text number {n}") for n in range(8)]


def test_only_passages_that_share_a_word_have_a_score(search):
    found = search(("", "notice period"), ("", "parental leave")).scores("How long is my notice?")
    assert found.keys() == {0}


def test_scores_are_above_zero(search):
    scores = search(("", "notice period"), *FILLER).scores("notice")
    assert all(score > 0 for score in scores.values())


def test_a_word_in_the_title_weighs_more_than_one_in_the_body(search):
    scores = search(("notice", "three months"), ("three months", "notice"), *FILLER).scores(
        "notice"
    )
    assert scores[0] > scores[1] > 0


def test_a_topic_makes_a_word_known_and_does_not_count_in_the_ranking(search):
    index = search(("", "three months", "notice"), ("", "notice"), *FILLER)
    assert index.passages_with("notice") == {0, 1}
    assert index.scores("notice").keys() == {1}


def test_a_word_can_be_looked_for_in_headings_alone(search):
    index = search(("Resigning", "notice"), ("", "I resign"), ("Notice", "resigned"), *FILLER)
    assert index.passages_with("resign") == {0, 1, 2}
    assert index.passages_with("resign", in_heading=True) == {0}


def test_a_rare_word_weighs_more_than_a_common_one(search):
    scores = search(("", "secondment pay"), ("", "filler pay"), *FILLER).scores("secondment filler")
    assert scores[0] > scores[1]


def test_neighbouring_words_of_the_question_weigh_more_together_than_apart(search):
    index = search(("", "notice period long"), ("", "notice long period"), *FILLER)
    together = index.scores("Is the notice period over?")
    assert together[0] > together[1] > 0
    assert index.scores("period of notice")[0] == index.scores("period of notice")[1]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param("notice period " * 142 + "or leave now", {0, 1}, id="the-same-words-again"),
        pytest.param("notice " * 285 + "leave", {0, 1}, id="one-word-again"),
        pytest.param(
            " ".join(map(chr, range(0x4E00, 0x4E00 + 997))) + " leaves", {1}, id="998-words"
        ),
    ],
)
def test_the_longest_question_is_searched(search, asked, found):
    assert len(asked) == MAX_QUESTION
    index = search(("", "notice period"), ("", "parental leave"), *FILLER)
    assert index.scores(asked).keys() == found


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        pytest.param("resigning gracefully", "How do I resign?", id="other-form-of-the-stem"),
        pytest.param("Café RÉSUMÉ", "resume", id="accents-and-case"),
        pytest.param("in-house counsel", "inhouse or in-house?", id="hyphen"),
        pytest.param("the partner’s view", "partner's", id="possessive"),
        pytest.param("snake_case", "snake", id="underscore"),
    ],
)
def test_words_that_meet(search, stored, asked):
    assert search(("", stored), *FILLER).scores(asked).keys() == {0}


@pytest.mark.parametrize(
    "asked", ["", "?!", '"', "NEAR( AND *", 'a" OR "b', "\x00", "🦓", "_", "²"]
)
def test_no_question_breaks_the_query(search, asked):
    assert search(("", "notice period"), *FILLER).scores(asked) == {}


@given(st.text(max_size=60))
def test_any_question_is_searched_without_an_error(small_library, asked):
    scores = small_library.words.scores(asked)
    assert all(score > 0 for score in scores.values())
    assert all(0 <= row < len(small_library.passages) for row in scores)


def test_the_passages_that_hold_a_word(search):
    index = search(("", "resigning"), ("resigned", "x"), ("", "leave"))
    assert index.passages_with("resign") == {0, 1}
    assert index.passages_with("zebra") == frozenset()


def test_the_index_cannot_be_written_to(search):
    index = search(("", "notice"))
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        index._db.execute("DELETE FROM words")
    index.close()


def test_the_body_is_not_stored_a_second_time(search, tmp_path):
    search(("", "confidential"))
    with closing(sqlite3.connect(tmp_path / "words.sqlite3")) as db:
        assert db.execute("SELECT body FROM words").fetchall() == [(None,)]


def test_the_different_words_of_a_text_in_order():
    assert words_of("To be, or_not TO be") == ["to", "be", "or", "not"]
