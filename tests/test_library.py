"""A published generation opened for reading, and the handle that follows CURRENT."""

import os
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import chain, repeat

import numpy as np
import pytest

from ingest import publish
from ingest.corpus import publish_corpus
from ingest.history import rollback
from ingest.publish import Options
from pincite import index
from pincite.embedding import EmbeddingSpace, HashingEmbedder
from pincite.errors import EmbeddingMismatchError, LibraryDamagedError, LibraryMissingError
from pincite.generations import (
    MANIFEST,
    current_generation,
    files_in,
    folder_of,
    read_manifest,
)
from pincite.library import Library, LiveLibrary
from pincite.model import headings_of
from tests.conftest import bytes_below

EVERY_FILE = (
    "library.sqlite3",
    "chroma/chroma.sqlite3",
    "chroma/passages/data_level0.bin",
    "chroma/passages/header.bin",
    "chroma/passages/length.bin",
    "chroma/passages/link_lists.bin",
    "chroma/section_headings/data_level0.bin",
    "chroma/section_headings/header.bin",
    "chroma/section_headings/length.bin",
    "chroma/section_headings/link_lists.bin",
)
"""A collection's name stands for its folder, which Chroma names by a number of its own."""


def path_of(name, folder):
    """Return where a generation keeps one of these files."""
    uri = f"file:{folder / 'chroma' / 'chroma.sqlite3'}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as db:
        folders = db.execute(
            "SELECT c.name, s.id FROM segments s JOIN collections c ON c.id = s.collection"
            " WHERE s.scope = 'VECTOR'"
        )
        folder_names = dict(folders.fetchall())
    return folder.joinpath(*(folder_names.get(part, part) for part in name.split("/")))


class OtherModel(HashingEmbedder):
    """The same embedder under another model's weights."""

    space = EmbeddingSpace(model="other", weights_sha256="other", dtype="float32", max_tokens=256)


@pytest.fixture
def live(data, embedder):
    return LiveLibrary(data, embedder)


def test_a_generation_holds_what_was_published(live):
    library = live.current()
    assert list(library.articles) == ["burnout", "notice", "secondment"]
    assert library.generation == 1
    assert len(library.vectors.vectors) == len(library.passages)
    assert len(library.headings.vectors) == len(headings_of(library.passages)) == 7
    assert {p.article_id for p in library.passages} == set(library.articles)


def test_a_heading_has_the_vector_of_its_own_words(small_library, embedder):
    words = list(headings_of(small_library.passages).values())
    assert "Handing in your notice\nWho should hear it first?" in words
    assert np.array_equal(small_library.headings.vectors, embedder.embed_documents(words))


def test_opening_and_asking_change_no_byte(live, data):
    before = bytes_below(data)
    library = live.current()
    library.words.scores("notice")
    assert bytes_below(data) == before


def test_a_library_on_a_read_only_disk_can_be_opened(live, data):
    for path in sorted(data.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert live.current().generation == 1


def test_the_files_of_a_generation_are_those_whose_damage_is_tried_here(data):
    folder = folder_of(data, 1)
    tried = {path_of(name, folder) for name in EVERY_FILE}
    assert tried == {p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST}


def delete(path):
    path.unlink()


def truncate(path):
    os.truncate(path, path.stat().st_size // 2)


def append(path):
    path.write_bytes(path.read_bytes() + b"\0")


def flip(path):
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


ALL_DAMAGE = [
    pytest.param(name, damage, id=f"{damage.__name__}-{name.removeprefix('chroma/')}")
    for name in EVERY_FILE
    for damage in (delete, truncate, append, flip)
    if not (name.endswith("link_lists.bin") and damage in (truncate, flip))  # it is empty
]


@pytest.mark.parametrize(("name", "damage"), ALL_DAMAGE)
def test_damage_to_any_file_is_named_with_the_remedy(live, data, name, damage):
    folder = folder_of(data, 1)
    path = path_of(name, folder)
    damage(path)
    with pytest.raises(
        LibraryDamagedError,
        match=rf"{path.relative_to(folder)} is not as it was .*python -m ingest rollback",
    ):
        live.current()


@pytest.mark.parametrize("name", EVERY_FILE)
def test_the_next_publish_mends_what_was_damaged(live, corpus, data, embedder, name):
    append(path_of(name, folder_of(data, 1)))
    report = publish_corpus(corpus, data, embedder=embedder)
    assert (report.generation, report.embedded) == (2, 0)
    assert live.current().generation == 2


def test_a_missing_manifest_is_damage_that_the_next_publish_mends(live, corpus, data, embedder):
    (folder_of(data, 1) / MANIFEST).unlink()
    with pytest.raises(LibraryDamagedError, match=r"manifest\.json cannot be read"):
        live.current()
    publish_corpus(corpus, data, embedder=embedder)
    assert live.current().generation == 2


@pytest.mark.parametrize("written", ["garbage", "", "9"])
def test_a_pointer_to_nothing_is_damage_that_the_next_publish_mends(
    live, corpus, data, embedder, written
):
    (data / "CURRENT").write_text(written)
    with pytest.raises(LibraryDamagedError, match="build a new one with: python -m ingest"):
        live.current()
    publish_corpus(corpus, data, embedder=embedder)
    assert live.current().generation == 2


def test_a_missing_generation_folder_is_damage(live, data):
    shutil.rmtree(data / "generations")
    with pytest.raises(LibraryDamagedError, match="cannot be read"):
        live.current()


def test_an_open_library_answers_on_while_its_files_are_damaged(live, data):
    library = live.current()
    shutil.rmtree(data / "generations")
    assert live.current() is library
    assert library.words.scores("notice").any()


def test_nothing_published_says_how_to_publish(tmp_path, embedder):
    with pytest.raises(LibraryMissingError, match="Build it with: python -m ingest"):
        LiveLibrary(tmp_path, embedder).current()


def test_another_embedding_model_is_refused_before_the_first_answer(data):
    with pytest.raises(
        EmbeddingMismatchError, match="built with hashing, but the settings ask for other"
    ):
        LiveLibrary(data, OtherModel()).current()


def test_publishing_with_the_other_model_is_the_remedy(corpus, data):
    report = publish_corpus(corpus, data, embedder=OtherModel())
    assert (report.generation, report.unchanged, report.embedded) == (2, 3, report.passages)
    assert LiveLibrary(data, OtherModel()).current().generation == 2


def test_the_same_generation_is_opened_once(live):
    assert live.current() is live.current()


def test_a_newly_published_generation_is_followed(live, corpus, data, embedder):
    old = live.current()
    (corpus / "new.md").write_text("# Pro bono\n\nPro bono work teaches you to run a matter.\n")
    publish_corpus(corpus, data, embedder=embedder)
    assert live.current().generation == 2
    assert "new" in live.current().articles
    assert "new" not in old.articles


def test_a_rollback_is_followed(live, corpus, data, embedder):
    publish_corpus(corpus, data, embedder=embedder, options=Options(rebuild=True))
    assert live.current().generation == 2
    rollback(data, embedder=embedder)
    assert live.current().generation == 1


def test_a_generation_dropped_while_it_is_opened_is_given_up_for_the_new_one(
    live, corpus, data, embedder, monkeypatch
):
    publish_corpus(corpus, data, embedder=embedder, options=Options(rebuild=True))
    shutil.rmtree(folder_of(data, 1))
    pointer = chain([1], repeat(2))  # as read by one that was just too early
    monkeypatch.setattr("pincite.library.current_generation", lambda _: next(pointer))
    assert live.current().generation == 2


def test_a_store_that_lacks_a_passage_is_damage_though_its_files_are_as_published(data, embedder):
    folder = folder_of(data, 1)
    manifest = read_manifest(folder)
    shutil.rmtree(folder / "chroma")
    index.build(folder / "chroma", ["a@0"], embedder.embed_documents(["notice"]))
    (folder / MANIFEST).write_text(replace(manifest, files=files_in(folder)).to_json())
    with pytest.raises(LibraryDamagedError, match="vector store holds 1 passages"):
        Library.open(folder, embedder)


class TestFromBeforeHeadings:
    """A library that a version without vectors of headings published."""

    @pytest.fixture
    def data(self, corpus, tmp_path, embedder, monkeypatch):
        data = tmp_path / "before"
        with monkeypatch.context() as before:
            before.setattr(publish, "FORMAT", 1)
            publish_corpus(corpus, data, embedder=embedder)
        folder = folder_of(data, 1)
        library, manifest = Library.open(folder, embedder), read_manifest(folder)
        shutil.rmtree(folder / "chroma")
        ids = [p.id for p in library.passages]
        index.build(folder / "chroma", ids, library.vectors.vectors)
        (folder / MANIFEST).write_text(replace(manifest, files=files_in(folder)).to_json())
        return data

    def test_it_is_named_with_the_remedy(self, live):
        with pytest.raises(
            LibraryDamagedError, match=r"holds no section_headings.* with: python -m ingest"
        ):
            live.current()

    def test_the_next_publish_adds_them_though_no_article_changed(
        self, live, corpus, data, embedder
    ):
        report = publish_corpus(corpus, data, embedder=embedder)
        assert (report.generation, report.unchanged, report.embedded) == (2, 3, 0)
        assert len(live.current().headings.vectors) == 7

    def test_going_back_to_it_is_refused(self, corpus, data, embedder):
        publish_corpus(corpus, data, embedder=embedder)
        with pytest.raises(LibraryDamagedError, match="holds no section_headings"):
            rollback(data, embedder=embedder)
        assert current_generation(data) == 2


def test_a_database_without_its_tables_is_damage_though_its_files_are_as_published(data, embedder):
    folder = folder_of(data, 1)
    manifest = read_manifest(folder)
    (folder / "library.sqlite3").write_bytes(b"")
    (folder / MANIFEST).write_text(replace(manifest, files=files_in(folder)).to_json())
    with pytest.raises(LibraryDamagedError, match="no such table"):
        Library.open(folder, embedder)


def test_many_readers_at_once_get_one_library(live):
    with ThreadPoolExecutor(8) as pool:
        libraries = list(pool.map(lambda _: live.current(), range(16)))
        scores = list(pool.map(lambda _: libraries[0].words.scores("notice").tolist(), range(64)))
    assert set(map(id, libraries)) == {id(live.current())}
    assert scores == [scores[0]] * 64
