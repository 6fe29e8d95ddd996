"""The articles of a generation on disk: what is written is what is read."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite import store
from pincite.model import Article, Passage, Section

ARTICLE = Article(
    id="b",
    title="Notice “period”",
    kind="thread",
    text="Should I?\n\nAsk – first. 😀",
    sections=(
        Section(start=0, end=9, heading="Opening post", speaker="unknown", is_question=True),
        Section(start=11, end=25, heading="", speaker="forum poster"),
    ),
    speaker="forum poster",
    author="Jo",
    date="2024",
    place="UK",
    topics=("pay, and more", "leave"),
    url="https://example.org",
)
BARE = Article(id="a", title="", kind="guide", text="x", sections=())
PASSAGES = [
    Passage(article_id="b", section=1, start=11, end=23, context="Notice\nShould I?"),
    Passage(article_id="b", section=0, start=0, end=9, context=""),
]


@pytest.fixture
def path(tmp_path):
    store.write(tmp_path / "library.sqlite3", [ARTICLE, BARE], PASSAGES)
    return tmp_path / "library.sqlite3"


def test_articles_come_back_as_they_were_in_the_order_of_their_ids(path):
    assert list(store.read_articles(path).items()) == [("a", BARE), ("b", ARTICLE)]


def test_passages_come_back_in_the_order_of_their_numbers(path):
    assert store.read_passages(path) == tuple(PASSAGES)


def test_two_passages_with_one_id_are_refused(tmp_path):
    with pytest.raises(sqlite3.IntegrityError, match=r"passages\.id"):
        store.write(tmp_path / "x", [ARTICLE], [PASSAGES[0], PASSAGES[0]])


def test_a_published_database_cannot_be_changed(path):
    with (
        closing(store.connect(path)) as db,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        db.execute("DELETE FROM articles")


@given(text=st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_text_is_stored_character_for_character(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("store") / "x"
    store.write(path, [replace(ARTICLE, text=text, title=text, topics=(text,))], [])
    read = store.read_articles(path)["b"]
    assert (read.text, read.title, read.topics) == (text, text, (text,))
