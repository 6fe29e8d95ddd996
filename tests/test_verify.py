"""Is a generation whole? Every damage that its files' hashes cannot show."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from ingest import verify
from ingest.verify import faults
from pincite import lexical
from pincite.generations import folder_of
from pincite.index import VectorIndex
from pincite.lexical import LexicalIndex
from pincite.library import Library


@pytest.fixture
def folder(data):
    return folder_of(data, 1)


@pytest.fixture
def library(folder, embedder):
    return Library.open(folder, embedder)


@pytest.fixture
def found(folder, embedder):
    """Return what is wrong with a library opened from the test's folder."""
    return lambda library: faults(folder, library, embedder, range(len(library.passages)))


def test_what_was_published_has_no_fault(found, library):
    assert found(library) == []


def test_the_shipped_corpus_has_no_fault(shipped_data, shipped, embedder):
    assert faults(folder_of(shipped_data, 1), shipped, embedder, []) == []


def test_a_passage_outside_its_section(found, library):
    first, *others = library.passages
    moved = replace(library, passages=(replace(first, end=10_000), *others))
    assert found(moved)[0] == f"passage {first.id} does not lie in its section"


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        pytest.param(lambda v: v[:-1], "6 vectors for 7 passages", id="one-missing"),
        pytest.param(lambda v: v * np.nan, "or one that is not a number", id="not-a-number"),
        pytest.param(lambda v: v * 2, "7 vectors are not of unit length", id="too-long"),
    ],
)
def test_vectors_that_are_no_vectors(library, spoil, fault):
    spoilt = spoil(library.vectors.vectors)
    assert fault in verify._bad_vectors(spoilt, len(library.passages))[0]


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        pytest.param(lambda v: v[:-1], "6 vectors for 7 ", id="one-missing"),
        pytest.param(lambda v: v * np.nan, "or one that is not a number", id="not-a-number"),
        pytest.param(lambda v: v * 2, "7 vectors are not of unit length", id="too-long"),
    ],
)
def test_headings_whose_vectors_are_no_vectors(found, library, spoil, fault):
    spoilt = replace(library, headings=VectorIndex(spoil(library.headings.vectors)))
    assert fault in found(spoilt)[0]


def test_a_vector_of_zeros_is_allowed_and_not_searched_for(found, library):
    vectors = library.vectors.vectors.copy()
    vectors[0] = 0
    assert found(replace(library, vectors=VectorIndex(vectors))) == []


def test_vectors_that_search_does_not_find(shipped_data, shipped, embedder):
    vectors = shipped.vectors.vectors.copy()
    rows = range(len(shipped.passages))
    spoilt_rows = len(rows) // 50  # two in a hundred; one in a hundred is let pass
    vectors[:spoilt_rows] = embedder.embed_query("zebra crossing giraffe")
    spoilt = replace(shipped, vectors=VectorIndex(vectors))
    (fault, *_) = faults(folder_of(shipped_data, 1), spoilt, embedder, rows)
    assert fault.startswith(f"{spoilt_rows} of {len(rows)} vectors cannot be found by search")


def test_a_word_that_is_not_in_the_word_index(found, library, tmp_path):
    lexical.build(tmp_path / "words", [("", "other", "")] * len(library.passages))
    other = replace(library, words=LexicalIndex(tmp_path / "words"))
    assert "is not in the word index" in found(other)[0]


def test_a_database_that_sqlite_finds_inconsistent(found, library, folder):
    with closing(sqlite3.connect(folder / "library.sqlite3")) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = replace(sql, 'url TEXT,', 'url TEXT NOT NULL,')")
    assert found(library)[0] == "NULL value in articles.url"
