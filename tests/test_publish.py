"""Articles to a generation: compared, built beside, checked, and only then current."""

import json
import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from ingest import building, publish, writing
from ingest.articles import plain_article
from ingest.building import build, drop_old
from ingest.publish import Options
from ingest.report import Report
from ingest.sources import Rejected
from ingest.writing import only_writer, point_at
from pincite.errors import LibraryBusyError, LibraryDamagedError
from pincite.generations import (
    current_generation,
    existing_generations,
    folder_of,
    read_manifest,
)
from pincite.library import LiveLibrary
from pincite.model import headings_of
from tests.conftest import bytes_below

A = plain_article("a", title="Notice", text="Three months is usual. Read the contract first.")
B = plain_article("b", title="Leave", text="Ask for a short leave first. Then decide the rest.")


@pytest.fixture
def publishing(tmp_path, embedder):
    return lambda *articles, **options: publish.publish(
        articles, data=tmp_path / "data", embedder=embedder, options=Options(**options)
    )


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


def test_articles_are_published_in_the_order_of_their_ids(publishing, folder, embedder):
    assert publishing(B, A).added == ["a", "b"]
    assert list(LiveLibrary(folder, embedder).current().articles.values()) == [A, B]


def test_the_order_given_makes_no_difference(publishing):
    publishing(A, B)
    report = publishing(B, A)
    assert (report.generation, report.unchanged) == (1, 2)


def test_the_manifest_says_what_was_published(publishing, folder, embedder):
    report = publishing(A, B)
    manifest = read_manifest(folder_of(folder, 1))
    assert (manifest.generation, manifest.passages) == (1, report.passages)
    assert manifest.embedding == embedder.space
    assert manifest.articles["a"].text_sha256 == A.sha256
    assert manifest.report["added"] == ["a", "b"]
    assert manifest.created.endswith("+00:00")


def test_a_change_in_the_cutting_alone_makes_a_new_generation(publishing, monkeypatch):
    publishing(A)
    cut = publish.cut
    monkeypatch.setattr(
        publish, "cut", lambda *given: [replace(p, context="other") for p in cut(*given)]
    )
    report = publishing(A)
    assert (report.generation, report.unchanged, report.embedded) == (2, 1, 1)


def test_another_format_alone_makes_a_new_generation(publishing, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(publish, "FORMAT", 1)
        publishing(A, B)
    report = publishing(A, B)
    assert (report.generation, report.unchanged, report.embedded) == (2, 2, 0)
    assert publishing(A, B).generation == 2


def test_words_without_any_meaning_can_be_published(publishing):
    silent = plain_article("a", title="", text="It is what it is, and so it may be.")
    assert publishing(silent).passages == 1


def test_progress_is_told_while_embedding(publishing):
    seen = []
    publishing(A, B, on_progress=lambda done, total: seen.append((done, total)))
    assert seen == [(2, 2)]


@pytest.mark.parametrize("moment", ["_write", "check", "sync_tree"])
def test_a_build_that_breaks_off_leaves_the_old_generation_and_nothing_else(
    publishing, folder, monkeypatch, moment
):
    publishing(A)

    def broken(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(building, moment, broken)
    with pytest.raises(OSError, match="No space left"):
        publishing(A, B)
    assert current_generation(folder) == 1
    assert [p.name for p in (folder / "generations").iterdir()] == ["1"]


def test_a_pointer_that_cannot_be_written_leaves_the_old_one(publishing, folder, monkeypatch):
    publishing(A)

    def broken(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(writing, "sync", broken)
    with pytest.raises(OSError, match="Input/output error"):
        publishing(A, B)
    assert current_generation(folder) == 1


class TestBuilding:
    """A generation made wrong on purpose never becomes one."""

    @pytest.fixture
    def made(self, tmp_path, embedder):
        def make(**wrong):
            passages = publish.cut([A], embedder)
            right = {
                "articles": [A],
                "passages": passages,
                "vectors": embedder.embed_documents(["notice"] * len(passages)),
                "headings": embedder.embed_documents(list(headings_of(passages).values())),
                "new_rows": range(len(passages)),
                "embedder": embedder,
                "entries": {},
                "passages_sha256": "",
                "report": Report(generation=1, articles=1, passages=1),
            }
            build(tmp_path, 1, **right | wrong)
            return read_manifest(folder_of(tmp_path, 1))

        return make

    def test_made_right_it_passes(self, made):
        assert made().generation == 1

    def test_vectors_of_another_length_are_found(self, made, embedder, tmp_path):
        vectors = 2 * embedder.embed_documents(["notice"])
        with pytest.raises(LibraryDamagedError, match="1 vectors are not of unit length"):
            made(vectors=vectors)
        assert existing_generations(tmp_path) == []

    def test_headings_of_another_length_are_found(self, made, embedder, tmp_path):
        headings = 2 * embedder.embed_documents(["Notice"])
        with pytest.raises(LibraryDamagedError, match="1 vectors are not of unit length"):
            made(headings=headings)
        assert existing_generations(tmp_path) == []

    def test_a_passage_outside_its_section_is_found(self, made, embedder):
        (passage,) = publish.cut([A], embedder)
        with pytest.raises(LibraryDamagedError, match="a@0 does not lie in its section"):
            made(passages=[replace(passage, end=passage.end + 1)])

    def test_a_generation_is_private_to_its_owner_by_its_data_folder(self, publishing, folder):
        publishing(A)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


class TestDroppingOld:
    @pytest.fixture
    def data(self, tmp_path):
        for number in (1, 2, 3, 4, 5):
            (tmp_path / "generations" / str(number)).mkdir(parents=True)
        return tmp_path

    @pytest.mark.parametrize(
        ("current", "keep", "left"),
        [
            pytest.param(5, 3, [3, 4, 5], id="the-newest-three"),
            pytest.param(1, 3, [1, 4, 5], id="never-the-current-one"),
            pytest.param(5, 1, [5], id="the-current-one-alone"),
            pytest.param(5, 9, [1, 2, 3, 4, 5], id="fewer-than-may-be-kept"),
        ],
    )
    def test_which_stay(self, data, current, keep, left):
        drop_old(data, current, keep=keep)
        assert existing_generations(data) == left
        assert len(list((data / "generations").iterdir())) == len(left)


class TestLock:
    def test_a_second_writer_is_told_who_is_at_work(self, tmp_path):
        with (
            only_writer(tmp_path),
            pytest.raises(LibraryBusyError, match=rf"in use by process {os.getpid()} \(.*since 20"),
            only_writer(tmp_path),
        ):
            pass

    def test_the_refused_writer_leaves_the_note_of_the_first(self, tmp_path):
        with only_writer(tmp_path):
            with pytest.raises(LibraryBusyError), only_writer(tmp_path):
                pass
            assert json.loads((tmp_path / "writer.json").read_text())["pid"] == os.getpid()

    def test_a_holder_whose_note_cannot_be_read_is_another_process(self, tmp_path):
        with only_writer(tmp_path):
            (tmp_path / "writer.json").write_text("{")
            with (
                pytest.raises(LibraryBusyError, match=r"in use by another process\. Nothing was"),
                only_writer(tmp_path),
            ):
                pass

    def test_it_is_free_again_afterwards_also_after_a_failure(self, tmp_path):
        with pytest.raises(OSError, match="x"), only_writer(tmp_path):
            raise OSError("x")
        with only_writer(tmp_path):
            pass
        assert not (tmp_path / "writer.json").exists()

    def test_publishing_meanwhile_is_refused_and_changes_nothing(self, publishing, folder):
        publishing(A)
        with only_writer(folder):
            before = bytes_below(folder)
            with pytest.raises(LibraryBusyError, match="run again when it has finished") as busy:
                publishing(A, B)
            assert bytes_below(folder) == before
        assert busy.value.exit_code == 75


def test_the_pointer_is_replaced_whole(tmp_path):
    point_at(tmp_path, 1)
    point_at(tmp_path, 12)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"CURRENT": "12\n"}


class TestReport:
    REPORT = Report(
        generation=2,
        articles=5,
        passages=9,
        added=["a", "b"],
        updated=["c"],
        skipped=[Rejected("x.pdf", "no")],
        failed=[Rejected("y.md", "oh")],
        seconds=1.25,
        embedded=4,
        warnings={"a": ["odd"]},
    )

    def test_for_a_terminal(self):
        assert self.REPORT.lines() == [
            "5 articles in 9 passages are published (generation 2, 1.2 s, 4 embedded)",
            "added: a, b",
            "updated: c",
            "skipped: x.pdf: no",
            "failed: y.md: oh",
            "warning: a: odd",
        ]

    def test_a_dry_run_says_would(self):
        shown = replace(self.REPORT, dry_run=True).lines()[0]
        assert "would be published" in shown

    def test_as_a_document(self):
        document = json.loads(json.dumps(self.REPORT.as_dict()))
        assert document["skipped"] == [{"path": "x.pdf", "reason": "no"}]
        assert document["generation"] == 2


def test_a_spoilt_cache_is_mended_by_a_rebuild(publishing, folder):
    publishing(A)
    spoilt = np.full(1024, 0.5, dtype=np.float32).tobytes()
    with closing(sqlite3.connect(folder / "vectors.sqlite3")) as db, db:
        db.execute("UPDATE vectors SET vector = ?", (spoilt,))
    assert publishing(A, rebuild=True).generation == 2
