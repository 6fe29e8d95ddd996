"""What `python -m ingest` tells a script, and a person, about how it went."""

import pytest

from ingest import corpus as corpus_module
from ingest.__main__ import app
from ingest.isolation import Reader, ReadingFailedError
from ingest.report import Report
from ingest.sources import Rejected
from ingest.writing import only_writer
from tests.conftest import NOTICE, bytes_below, write_corpus

PRO_BONO = "# Pro bono work\n\nPro bono work teaches you to run a matter. Ask for it early.\n"


class FragileReader(Reader):
    """The real reader, on which files named `bomb` go off."""

    def prepare(self, source):
        if "bomb" in source.name:
            raise ReadingFailedError("the reader crashed (signal 9)")
        return super().prepare(source)


@pytest.fixture(autouse=True)
def _fragile(monkeypatch):
    monkeypatch.setattr(corpus_module, "Reader", FragileReader)


@pytest.fixture
def ingest(run):
    return lambda *arguments: run(app, *arguments)


@pytest.mark.parametrize(
    ("files", "code"),
    [
        pytest.param({}, 0, id="nothing-to-change"),
        pytest.param({"new.md": PRO_BONO}, 0, id="published"),
        pytest.param({"x.pptx": "x", "copy.md": NOTICE, "e.md": ""}, 0, id="skipped-is-no-failure"),
        pytest.param({"bomb.md": "x"}, 1, id="one-failed"),
        pytest.param({"bomb.md": "x", "new.md": PRO_BONO}, 1, id="one-failed-the-rest-published"),
    ],
)
@pytest.mark.parametrize("arguments", [[], ["--json"], ["--dry-run", "--json"]])
def test_the_exit_code_of_a_run(ingest, corpus, files, code, arguments):
    write_corpus(corpus, files)
    assert ingest(*arguments).code == code


def test_the_rest_is_published_when_one_fails(ingest, corpus):
    write_corpus(corpus, {"bomb.md": "x", "new.md": PRO_BONO})
    document = ingest("--json").document
    assert document["added"] == ["new"]
    assert document["failed"] == [{"path": "bomb.md", "reason": "the reader crashed (signal 9)"}]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="no-source"),
        pytest.param({"README.md": "x"}, id="nothing-that-is-a-source"),
        pytest.param({"bomb.md": "x"}, id="all-failed"),
        pytest.param({"x.pptx": "x"}, id="all-skipped"),
    ],
)
def test_nothing_to_publish_leaves_the_library_as_it_was(ingest, data, tmp_path, files):
    other = write_corpus(tmp_path / "other", files)
    other.mkdir(exist_ok=True)
    before = bytes_below(data)
    done = ingest("--corpus", other, "--json")
    assert (done.code, done.document.keys()) == (2, {"error"})
    assert done.err.strip().splitlines()[-1] == done.document["error"]
    assert bytes_below(data) == before


def test_a_missing_folder_is_nothing_to_publish(ingest, tmp_path):
    assert ingest("--corpus", tmp_path / "nowhere", "--json").code == 2


def test_a_library_in_use_is_to_be_tried_again(ingest, data):
    with only_writer(data):
        assert ingest("--json").code == 75


def test_adding_a_file_that_fails_is_an_error_and_adds_none(ingest, corpus, tmp_path):
    write_corpus(tmp_path, {"bomb.md": "x"})
    done = ingest("add", tmp_path / "bomb.md", "--json")
    assert (done.code, "was not added: the reader crashed" in done.document["error"]) == (1, True)
    assert not (corpus / "added").exists()


@pytest.mark.parametrize(
    "others", [["https://b.example/"], ["a.md"]], ids=["two-pages", "a-page-and-a-file"]
)
def test_one_page_at_a_time(ingest, others):
    done = ingest("add", "https://a.example/", *others, "--json")
    assert done.code == 2
    assert "one page at a time" in done.document["error"]


def test_the_last_line_counts_every_file_once(ingest, corpus):
    write_corpus(corpus, {"new.md": PRO_BONO, "x.pptx": "x", "bomb.md": "x"})
    last = ingest().out.splitlines()[-1]
    assert last.startswith("6 files: 1 added, 3 unchanged, 1 skipped, 1 failed; ")


def test_long_lists_are_counted_and_not_printed():
    report = Report(generation=1, articles=30, passages=30, added=[f"a{n}" for n in range(30)])
    assert report.lines()[1].endswith("a9 and 20 more")


def test_the_report_tells_the_exit_code():
    report = Report(generation=1, articles=1, passages=1, skipped=[Rejected("a", "b")])
    assert report.exit_code == 0
    failed = Report(generation=1, articles=1, passages=1, failed=[Rejected("a", "b")])
    assert failed.exit_code == 1
