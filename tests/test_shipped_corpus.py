"""The articles that ship: written by the editors, whole, and of the form that CONTRIBUTING asks."""

import re
from collections import Counter
from datetime import date

import pytest

from ingest.articles import prepare
from ingest.corpus import publish_corpus
from ingest.publish import Options
from ingest.sources import find_sources, read_source
from pincite.model import EDITORS, KINDS
from tests.conftest import ROOT

CORPUS = ROOT / "corpus"
SOURCES = find_sources(CORPUS)

INLINE_MARKDOWN = re.compile(
    r"\*\*|__|(?<!\w)[*_]\w[^*_\n]*\w[*_](?!\w)|`|\[[^\]]*\]\(|^#{1,6} |<[a-z/!]", re.MULTILINE
)


@pytest.fixture(params=SOURCES, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def found(path):
    return prepare(read_source(CORPUS, path))


def test_nothing_is_cut_and_nothing_warned_of(found):
    assert (found.cuts, found.warnings) == ((), ())


def test_it_says_that_the_editors_wrote_it_and_when(found):
    assert found.article.author == EDITORS
    assert date.fromisoformat(found.article.date) <= date.today()


def test_its_kind_is_known_and_is_that_of_its_folder(found, path):
    assert found.article.kind in KINDS
    assert path.parent.name == f"{found.article.kind}s"


def test_it_says_who_is_speaking_and_what_it_is_about(found):
    assert found.article.speaker != "unknown"
    assert found.article.topics
    assert found.article.title


def test_its_length_is_that_of_an_article(found):
    assert 400 <= len(found.article.text.split()) <= 1200


def test_no_markdown_is_left_in_what_is_quoted(found):
    assert INLINE_MARKDOWN.findall(found.article.text) == []


def test_every_section_has_a_heading_or_opens_the_article(found):
    assert [s.heading for s in found.article.sections[1:] if not s.heading] == []
    assert len(found.article.sections) > 2


def test_there_are_enough_of_each_kind():
    kinds = Counter(path.parent.name for path in SOURCES)
    assert kinds.keys() == {"columns", "threads", "guides"}
    assert min(kinds.values()) >= 6
    assert kinds.total() >= 18


def test_all_of_them_are_published(tmp_path, embedder):
    report = publish_corpus(
        CORPUS, tmp_path / "data", embedder=embedder, options=Options(dry_run=True)
    )
    assert len(report.added) == len(SOURCES)
    assert (report.skipped, report.failed, report.cuts, report.warnings) == ([], [], {}, {})


def test_titles_and_headings_tell_articles_apart(shipped):
    titles = Counter(article.title for article in shipped.articles.values())
    assert [title for title, count in titles.items() if count > 1] == []
