"""The corpus folder: which files are sources, and why the others are not."""

import os
import socket

import pytest

from ingest import sources
from ingest.sources import Source, find_sources, read_source, shown
from pincite.errors import CorpusError, SourceError
from tests.conftest import write_corpus


def names(folder):
    return [path.relative_to(folder).as_posix() for path in find_sources(folder)]


def test_sources_are_found_in_every_folder_in_a_stable_order(tmp_path):
    write_corpus(tmp_path, {"b.md": "", "a/z.txt": "", "a/b/c.md": "", "B.md": ""})
    assert names(tmp_path) == ["B.md", "a/b/c.md", "a/z.txt", "b.md"]


def test_readmes_licences_and_dot_files_are_not_sources(tmp_path):
    not_sources = [
        "README.md",
        "readme",
        "a/README.txt",
        "LICENSE",
        "LICENCE.md",
        ".a.md",
        ".git/x.md",
    ]
    write_corpus(tmp_path, dict.fromkeys(["x.md", *not_sources], ""))
    assert names(tmp_path) == ["x.md"]


def test_files_of_other_formats_are_found_so_that_they_can_be_reported(tmp_path):
    write_corpus(tmp_path, {"x.pdf": "", "y": ""})
    assert names(tmp_path) == ["x.pdf", "y"]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="empty"),
        pytest.param({"README.md": "x", ".hidden.md": "x"}, id="nothing-but-a-readme"),
    ],
)
def test_a_folder_without_sources_changes_nothing(tmp_path, files):
    write_corpus(tmp_path, files)
    with pytest.raises(CorpusError, match=r"holds no article\. Nothing was changed; if it"):
        find_sources(tmp_path)


@pytest.mark.parametrize("name", ["missing", "file.md"])
def test_what_is_no_folder_changes_nothing(tmp_path, name):
    (tmp_path / "file.md").touch()
    with pytest.raises(CorpusError, match=r"no corpus folder .*Nothing was changed; .*--corpus"):
        find_sources(tmp_path / name)


def test_a_source_is_its_bytes_under_its_path_in_the_folder(tmp_path):
    write_corpus(tmp_path, {"a/x.md": "Ünïcode\r\n"})
    source = read_source(tmp_path, tmp_path / "a" / "x.md")
    assert source == Source(name="a/x.md", raw="Ünïcode\r\n".encode())
    assert len(source.sha256) == 64


def make_link(path):
    path.with_name("target.md").write_text("x")
    path.symlink_to("target.md")


def make_loop(path):
    path.symlink_to(path)


def make_folder_link(path):
    path.symlink_to("/")


def make_fifo(path):
    os.mkfifo(path)


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path.name)


def make_huge(path):
    path.touch()
    os.truncate(path, sources.LARGEST_SOURCE + 1)


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        pytest.param("x.md", make_link, "it is a link; put the file itself", id="link"),
        pytest.param("x.md", make_loop, "it is a link", id="link-to-itself"),
        pytest.param("x.md", make_folder_link, "it is a link", id="link-to-a-folder"),
        pytest.param("x.md", make_fifo, "it is not a plain file", id="fifo-that-never-ends"),
        pytest.param("x.md", make_socket, "cannot be read|not a plain file", id="socket"),
        pytest.param("x.md", make_huge, "it is larger than 20 MB; split it", id="huge"),
        pytest.param("x.md", os.mkdir, "not a plain file|more than 20 deep", id="folder"),
        pytest.param("x.md", lambda path: None, "cannot be read: No such file", id="gone"),
    ],
)
def test_what_cannot_be_read_has_its_reason(tmp_path, monkeypatch, name, make, reason):
    monkeypatch.chdir(tmp_path)
    make(tmp_path / name)
    with pytest.raises(SourceError, match=reason):
        read_source(tmp_path, tmp_path / name)


def test_a_link_to_a_folder_is_reported_and_never_followed(tmp_path):
    outside = write_corpus(tmp_path / "outside", {"canary.md": "secret"})
    corpus = write_corpus(tmp_path / "corpus", {"x.md": "x"})
    (corpus / "linked").symlink_to(outside)
    (corpus / "loop").symlink_to(corpus)
    assert names(corpus) == ["linked", "loop", "x.md"]


def test_a_name_that_is_not_utf_8_can_be_printed(tmp_path):
    os.close(os.open(os.fsencode(tmp_path) + b"/a\xff.md", os.O_CREAT))
    (path,) = find_sources(tmp_path)
    assert read_source(tmp_path, path).name == shown(path.name) == r"a\udcff.md"
    shown(path.name).encode()
