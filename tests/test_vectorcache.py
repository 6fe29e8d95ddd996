"""Vectors by content: nothing is embedded twice."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from ingest import vectorcache
from ingest.vectorcache import embed_all, keep_only
from pincite.embedding import EmbeddingSpace, HashingEmbedder

TEXTS = ["notice period", "parental leave", "notice period"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "vectors.sqlite3"


def embed(path, texts, embedder, on_progress=lambda done, total: None):
    return embed_all(path, texts, embedder, on_progress=on_progress)


def test_every_text_has_its_row_and_equal_texts_are_embedded_once(path, embedder):
    rows, new = embed(path, TEXTS, embedder)
    assert np.array_equal(rows, embedder.embed_documents(TEXTS))
    assert len(new) == 2


def test_what_was_embedded_once_comes_from_the_cache(path, embedder):
    first, _ = embed(path, TEXTS, embedder)
    again, new = embed(path, [*TEXTS[::-1], "secondment"], embedder)
    assert np.array_equal(again[:3], first[::-1])
    assert new == [3]


def test_another_models_vectors_are_never_taken(path, embedder):
    class Other(HashingEmbedder):
        space = EmbeddingSpace("other", "weights", "float32", 256)

    embed(path, TEXTS, embedder)
    assert len(embed(path, TEXTS, Other())[1]) == 2


def test_progress_counts_to_the_end_in_batches(path, embedder, monkeypatch):
    monkeypatch.setattr(vectorcache, "BATCH", 2)
    seen = []
    embed(path, ["a b", "c d", "e f"], embedder, lambda done, total: seen.append((done, total)))
    assert seen == [(2, 3), (3, 3)]


def test_a_run_that_breaks_off_keeps_the_batches_it_finished(path, embedder, monkeypatch):
    monkeypatch.setattr(vectorcache, "BATCH", 1)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed(path, ["notice", "leave"], embedder, stop)
    assert embed(path, ["notice", "leave"], embedder)[1] == [1]


def test_what_is_not_kept_is_forgotten_without_a_trace(path, embedder):
    embed(path, ["notice", "marker sentence"], embedder)
    doomed = vectorcache._key(embedder, "marker sentence").encode()
    assert doomed in path.read_bytes()
    keep_only(path, ["notice"], embedder)
    assert doomed not in path.read_bytes()
    assert embed(path, ["notice", "marker sentence"], embedder)[1] == [1]


def test_the_texts_themselves_are_not_in_the_cache(path, embedder):
    embed(path, ["marker sentence"], embedder)
    assert b"marker" not in path.read_bytes()


def damaged(path):
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE vectors SET vector = x'0000'")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.write_bytes(b"garbage" * 99), id="not-a-database"),
        pytest.param(damaged, id="vectors-cut-short"),
    ],
)
def test_a_damaged_cache_is_built_anew(path: Path, embedder, damage):
    embed(path, TEXTS, embedder)
    damage(path)
    assert np.array_equal(embed(path, TEXTS, embedder)[0], embedder.embed_documents(TEXTS))


def test_no_text_is_no_vector(path, embedder):
    assert len(embed(path, [], embedder)[0]) == 0
