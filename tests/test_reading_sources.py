"""The corpus folder: what is a source, and what is said of everything else."""

import os
import threading
from itertools import cycle
from pathlib import Path

import pytest

from ingest import sources
from ingest.sources import find_sources, name_of, path_of, read_source, shown
from pincite.errors import CorpusError, SourceError


def test_a_folder_with_too_many_files_is_refused_as_a_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MOST_SOURCES", 3)
    for number in range(4):
        (tmp_path / f"{number}.md").write_text("x")
    with pytest.raises(CorpusError, match="holds more than 3 files"):
        find_sources(tmp_path)


def test_a_folder_too_deep_stands_in_the_list_itself(tmp_path):
    deep = tmp_path.joinpath(*["d"] * 22)
    deep.mkdir(parents=True)
    (deep / "bottom.md").write_text("x")
    (tmp_path.joinpath(*["d"] * 20) / "last.md").write_text("x")
    found = find_sources(tmp_path)
    assert [len(path.relative_to(tmp_path).parts) for path in found] == [21, 21]
    with pytest.raises(SourceError, match="more than 20 deep"):
        read_source(tmp_path, found[0])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_folder_that_cannot_be_listed_stands_in_the_list_itself(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o000)
    assert find_sources(tmp_path) == [tmp_path / "closed"]


def test_a_file_reached_through_a_folder_that_became_a_link_is_not_read(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("x")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "inside").symlink_to(outside)
    with pytest.raises(SourceError, match="outside of the corpus"):
        read_source(corpus, corpus / "inside" / "secret.md")


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("plain name.md", "plain name.md"),
        ("caf\u00e9.md", "caf\u00e9.md"),
        ("new\nline.md", r"new\nline.md"),
        ("esc\x1b[31m.md", r"esc\x1b[31m.md"),
        ("bidi\u202e.md", r"bidi\u202e.md"),
        (os.fsdecode(b"\xff.md"), r"\udcff.md"),
        (r"back\nslash.md", r"back\\nslash.md"),
    ],
)
def test_a_name_is_shown_so_that_it_can_be_printed_and_found_again(tmp_path, name, seen):
    (tmp_path / name).write_text("x")
    assert shown(name) == seen
    assert path_of(tmp_path, seen) == tmp_path / name
    assert name_of(tmp_path, tmp_path / name) == seen


def test_a_name_that_no_source_has_lies_nowhere(tmp_path):
    assert path_of(tmp_path, "x.md") is None


def test_a_file_that_keeps_changing_is_never_read_as_a_mixture(tmp_path):
    path = tmp_path / "busy.md"
    versions = [b"a" * 500_000, b"b" * 500_000]
    path.write_bytes(versions[0])
    stop = threading.Event()
    writer = threading.Thread(target=write_in_turns, args=(path, versions, stop))
    writer.start()
    try:
        outcomes = {outcome(tmp_path, path) for _ in range(20)}
    finally:
        stop.set()
        writer.join()
    assert outcomes <= {*versions, "changed while reading; publish again when it is saved"}


def test_a_file_saved_just_now_is_read(tmp_path):
    path = tmp_path / "new.md"
    path.write_bytes(b"new")
    assert read_source(tmp_path, path).raw == b"new"


def write_in_turns(path: Path, versions: list[bytes], stop: threading.Event) -> None:
    with path.open("r+b", buffering=0) as file:
        for version in cycle(versions):
            if stop.is_set():
                return
            file.seek(0)
            file.write(version)


def outcome(corpus: Path, path: Path) -> bytes | str:
    try:
        return read_source(corpus, path).raw
    except SourceError as error:
        return str(error)


def test_a_file_that_vanished_is_told(tmp_path):
    with pytest.raises(SourceError, match="No such file"):
        read_source(tmp_path, tmp_path / "gone.md")
