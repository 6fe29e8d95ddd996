"""Published generations on disk: the pointer, the manifest, and whether files are whole."""

from dataclasses import replace
from hashlib import sha256

import pytest

from pincite.embedding import EmbeddingSpace
from pincite.errors import LibraryDamagedError, LibraryMissingError
from pincite.generations import (
    File,
    Manifest,
    PublishedArticle,
    check_files,
    current_generation,
    existing_generations,
    files_in,
    read_manifest,
)

MANIFEST = Manifest(
    generation=3,
    created="2026-11-21T20:00:00+00:00",
    embedding=EmbeddingSpace("hashing", "none", "float32", 256),
    passages=2,
    passages_sha256="p",
    articles={
        "übung": PublishedArticle(source="a.md", source_sha256="s", text_sha256="t", digest="d")
    },
    files={"x": File(size=1, sha256="f")},
    report={"added": ["übung"]},
)


def test_a_manifest_comes_back_as_it_was_written():
    assert Manifest.from_json(MANIFEST.to_json()) == MANIFEST


def test_equal_manifests_are_equal_text():
    assert Manifest.from_json(MANIFEST.to_json()).to_json() == MANIFEST.to_json()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="cut-off"),
        pytest.param("[]", id="a-list"),
        pytest.param("{}", id="nothing-in-it"),
        pytest.param('{"embedding": {}, "articles": {}, "files": {}}', id="fields-missing"),
        pytest.param(
            MANIFEST.to_json().replace('"articles": {', '"articles": [], "was": {'),
            id="a-list-of-articles",
        ),
        pytest.param("\udcff", id="not-utf-8"),
    ],
)
def test_what_is_no_manifest_is_damage_with_a_remedy(tmp_path, text):
    (tmp_path / "manifest.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(
        LibraryDamagedError, match=r"manifest\.json cannot be read .*python -m ingest rollback"
    ):
        read_manifest(tmp_path)


def test_a_missing_manifest_is_damage(tmp_path):
    with pytest.raises(LibraryDamagedError, match="python -m ingest --rebuild"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("written", ["3\n", "3", " 3 \n"])
def test_the_pointer_holds_a_number(tmp_path, written):
    (tmp_path / "CURRENT").write_text(written)
    assert current_generation(tmp_path) == 3


@pytest.mark.parametrize("written", ["", "-1", "3 4", "../../etc", "three"])
def test_a_pointer_without_a_number_is_damage(tmp_path, written):
    (tmp_path / "CURRENT").write_text(written)
    with pytest.raises(LibraryDamagedError, match=r"CURRENT holds .*not a number.*ingest"):
        current_generation(tmp_path)


def test_a_folder_where_nothing_was_published_says_how_to_publish(tmp_path):
    with pytest.raises(LibraryMissingError, match="Build it with: python -m ingest"):
        current_generation(tmp_path / "nowhere")


def test_only_closed_generations_are_listed_by_number(tmp_path):
    for name in ("10", "9", ".building", ".dropped-8"):
        (tmp_path / "generations" / name).mkdir(parents=True)
    assert existing_generations(tmp_path) == [9, 10]
    assert existing_generations(tmp_path / "nowhere") == []


class TestFiles:
    @pytest.fixture
    def folder(self, tmp_path):
        (tmp_path / "chroma").mkdir()
        (tmp_path / "chroma" / "v.bin").write_bytes(b"vectors")
        (tmp_path / "library.sqlite3").write_bytes(b"articles")
        (tmp_path / "manifest.json").write_text("of itself it says nothing")
        return tmp_path

    @pytest.fixture
    def manifest(self, folder):
        return replace(MANIFEST, files=files_in(folder))

    def test_every_file_but_the_manifest_is_measured(self, folder):
        found = files_in(folder)
        assert {name: file.size for name, file in found.items()} == {
            "chroma/v.bin": 7,
            "library.sqlite3": 8,
        }
        assert found["chroma/v.bin"].sha256 == sha256(b"vectors").hexdigest()

    def test_whole_files_pass(self, folder, manifest):
        check_files(folder, manifest)

    def test_an_added_file_is_found(self, folder, manifest):
        (folder / "more").touch()
        with pytest.raises(LibraryDamagedError, match="more is not as it was published"):
            check_files(folder, manifest)

    def test_a_changed_byte_is_found_where_the_size_is_the_same(self, folder, manifest):
        (folder / "chroma" / "v.bin").write_bytes(b"vectorS")
        with pytest.raises(LibraryDamagedError, match=r"chroma/v\.bin is not as it was published"):
            check_files(folder, manifest)

    def test_a_missing_file_is_found(self, folder, manifest):
        (folder / "library.sqlite3").unlink()
        with pytest.raises(LibraryDamagedError, match=r"library\.sqlite3 is not as it was"):
            check_files(folder, manifest)
