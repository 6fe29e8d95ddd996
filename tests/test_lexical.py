"""Search by words: stems, phrases, rare words before common ones, title and heading twice."""

import gc
import sqlite3
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite import lexical, postings
from pincite.lexical import LexicalIndex, all_words, words_of
from pincite.model import MAX_QUESTION


@pytest.fixture
def search(tmp_path):
    """Build an index of rows (context, body, and perhaps topics), and open it."""

    def build(*rows):
        lexical.build(tmp_path / "words.sqlite3", [(*row, "")[:3] for row in rows])
        return LexicalIndex(tmp_path / "words.sqlite3")

    return build


FILLER = [("", f"filler text number {n}") for n in range(8)]


def holders(scores):
    """Return the passages that have a score."""
    return set(np.flatnonzero(scores).tolist())


def scores_by_fts5(index, question):
    """Ask SQLite's own bm25(), which `scores` has to agree with."""
    words = all_words(question)
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    query = " OR ".join(f'"{phrase}"' for phrase in dict.fromkeys(words + pairs))
    sql = "SELECT rowid, -bm25(words, 2.0, 1.0, 0.0) FROM words WHERE words MATCH ?"
    scores = np.zeros_like(index.scores(""))
    for passage, score in index._rows(sql, (query,)) if query else []:
        scores[passage] = score
    return scores


def test_only_passages_that_share_a_word_have_a_score(search):
    found = search(("", "notice period"), ("", "parental leave")).scores("How long is my notice?")
    assert holders(found) == {0}


def test_a_word_that_every_passage_holds_still_has_a_score_above_zero(search):
    scores = search(*FILLER).scores("filler")
    assert (scores > 0).all()


def test_a_word_in_the_title_weighs_more_than_one_in_the_body(search):
    scores = search(("notice", "three months"), ("three months", "notice"), *FILLER).scores(
        "notice"
    )
    assert scores[0] > scores[1] > 0


def test_a_topic_makes_a_word_known_and_does_not_count_in_the_ranking(search):
    index = search(("", "three months", "notice"), ("", "notice"), *FILLER)
    assert index.passages_with("notice") == {0, 1}
    assert holders(index.scores("notice")) == {1}


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
    assert holders(index.scores(asked)) == found


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
    assert holders(search(("", stored), *FILLER).scores(asked)) == {0}


@pytest.mark.parametrize(
    "asked", ["", "?!", '"', "NEAR( AND *", 'a" OR "b', "\x00", "🦓", "_", "²"]
)
def test_a_question_without_a_word_of_the_library_finds_nothing(search, asked):
    assert not search(("", "notice period"), *FILLER).scores(asked).any()


ROWS = [
    ("Notice period", "The notice period is the period of notice", "notice period"),
    ("Leave", "leave leave leave", ""),
    ("To leave the", "notice to the firm", "leave"),
    ("", "Café in-house résumé", "period"),
    ("", "the " * 130 + "firm", ""),
    ("", "", ""),
    ("The firm", "is to leave the café", "the firm"),
]
"""Words doubled, in most rows, across the border of two columns, in topics only; a row of none."""


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("", id="empty"),
        pytest.param("leave", id="one-word"),
        pytest.param("leave leave leave", id="repeated"),
        pytest.param("the notice to the the firm", id="stop-words"),
        pytest.param("leaving leaves leaved", id="one-stem-three-times"),
        pytest.param("a CAFÉ resume", id="accents"),
        pytest.param("zebra notice zebra", id="unknown-between"),
        pytest.param('"notice" NEAR(period, 2) OR leave* NOT ^firm', id="syntax"),
        pytest.param("period the notice leave", id="pairs-over-the-border-of-columns"),
        pytest.param("period\u19b0notice to leave", id="one-word-that-is-two-to-fts5"),
        pytest.param("notice \u19b0 period", id="a-word-that-is-none-to-fts5"),
    ],
)
def test_scores_are_those_of_fts5(search, asked):
    index = search(*ROWS)
    assert index.scores(asked) == pytest.approx(scores_by_fts5(index, asked), rel=1e-9, abs=0)


QUESTIONS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from('the a of Notice noticé period to SECONDMENT in-house zebra ² " ('.split()),
        max_size=12,
    ).map(" ".join),
)


@given(QUESTIONS)
def test_scores_of_any_question_are_those_of_fts5(small_library, asked):
    scores = small_library.words.scores(asked)
    assert len(scores) == len(small_library.passages)
    by_fts5 = scores_by_fts5(small_library.words, asked)
    assert scores == pytest.approx(by_fts5, rel=1e-9, abs=0)


def test_scores_stay_the_same_when_words_fall_out_of_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(postings, "KEPT", 2)
    lexical.build(tmp_path / "words", ROWS)
    index = LexicalIndex(tmp_path / "words")
    for asked in ["notice period to leave the firm", "café", "notice period to leave the firm"]:
        assert index.scores(asked) == pytest.approx(scores_by_fts5(index, asked), rel=1e-9, abs=0)
    assert index._postings._gains.cache_info().currsize == 2


def test_an_index_of_nothing_answers_with_no_scores(search):
    assert search().scores("notice period").tolist() == []


def test_threads_that_ask_at_once_get_what_one_would(search):
    index = search(*ROWS)
    words = words_of(" ".join(map(" ".join, ROWS)))
    asked = [f"{first} {second}" for first in words for second in words] * 4
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(index.scores, asked))
    assert [scores.tolist() for scores in found] == [index.scores(q).tolist() for q in asked]
    assert found[1] == pytest.approx(scores_by_fts5(index, asked[1]), rel=1e-9, abs=0)


def test_an_index_that_nobody_holds_is_gone_with_what_it_kept(search):
    index = search(*ROWS)
    index.scores("notice")
    kept = weakref.ref(index._postings._gains)
    gc.disable()
    try:
        del index
        assert kept() is None
    finally:
        gc.enable()


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
