"""One source to one article: what the header and the page say, or a reason why not."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import readers
from ingest.articles import plain_article, prepare, slug
from ingest.sources import Source
from pincite.errors import SourceError

BODY = "Ask the partner first, in person and early. Then wait for the answer.\n\nThat is all of it."


def prepared(text, name="notice-periods.md"):
    return prepare(Source(name=name, raw=text if isinstance(text, bytes) else text.encode()))


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        pytest.param(f"---\ntitle: From the header\n---\n\n# Page\n\n{BODY}", "a.md",
                     "From the header", id="header-first"),
        pytest.param(f"# From the page\n\n{BODY}", "a.md", "From the page", id="then-the-page"),
        pytest.param(f"- an item\n\n{BODY}", "Notice-periods_2024.md", "Notice periods 2024",
                     id="then-the-file-name"),
    ],
)  # fmt: skip
def test_where_the_title_comes_from(text, name, title):
    assert prepared(text, name).article.title == title


def test_the_header_goes_before_the_page():
    page = f"Title\n\nTitle\n\nBy Jo Doe\n\nMay 2019\n\nQ: Why?\n\nA: {BODY}"
    by_page = prepared(page, "a.txt").article
    header = "---\nauthor: Di Roe\ndate: 2020\nkind: guide\nspeaker: editor\n---\n"
    by_header = prepared(header + page, "a.txt").article
    assert (by_page.author, by_page.date, by_page.kind) == ("Jo Doe", "2019-05", "column")
    assert (by_header.author, by_header.date, by_header.kind) == ("Di Roe", "2020", "guide")
    assert {s.speaker for s in by_header.sections} == {by_header.speaker} == {"editor"}


def test_nothing_is_invented():
    article = prepared(f"# Notice\n\n{BODY}").article
    nothing = (None, None, None, None, ())
    assert (article.author, article.date, article.place, article.url, article.topics) == nothing
    assert article.speaker == "unknown"


def test_place_url_and_topics_are_the_editors():
    text = f"---\nplace: UK\nurl: https://e.org\ntopics: [a, b]\n---\n\n# Notice\n\n{BODY}"
    article = prepared(text).article
    assert (article.place, article.url, article.topics) == ("UK", "https://e.org", ("a", "b"))


def test_cuts_and_warnings_are_handed_on():
    raw = f"---\nfrob: 1\n---\n\nTag\n\nTitle “x”\n\nBy Jo Doe\n\n{BODY}".encode("cp1252")
    found = prepared(raw, "a.txt")
    assert [cut.rule for cut in found.cuts] == ["tag line", "title", "by-line"]
    assert found.warnings == (
        "not UTF-8: read as Windows-1252; check quotation marks and accents",
        "header field 'frob' is not known",
    )


def test_invisible_characters_are_counted_and_gone():
    found = prepared(f"# No\u200btice\n\n{BODY}\u202e")
    assert found.warnings == ("2 invisible characters removed",)
    assert found.article.title == "Notice"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="empty"),
        pytest.param("\u200b\n \u00a0".encode() * 100, id="nothing-visible"),
        pytest.param(b"---\ntitle: x\n---\n", id="header-alone"),
    ],
)
def test_an_empty_source_is_skipped_for_having_no_text(raw):
    with pytest.raises(SourceError, match="no text"):
        prepared(raw)


def test_an_empty_document_of_a_benchmark_has_no_sections():
    assert plain_article("a", title="T", text="").sections == ()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(b"PK\x03\x04\x00\x00", "not a zip file", id="archive-under-a-wrong-name"),
        pytest.param("notice".encode("utf-16-le"), "binary data", id="utf-16-without-a-mark"),
        pytest.param(codecs.BOM_UTF16_LE + b"a", "characters cannot be read", id="broken-utf-16"),
    ],
)
def test_what_cannot_be_published_has_its_reason(raw, reason):
    with pytest.raises(SourceError, match=reason):
        prepared(raw)


def test_a_book_is_to_be_split(monkeypatch):
    monkeypatch.setattr(readers, "LONGEST_ARTICLE", 50)
    with pytest.raises(SourceError, match="longer than 50 characters; split it"):
        prepared(BODY)


def test_utf_16_with_a_mark_is_text():
    raw = codecs.BOM_UTF16_LE + f"# Nötice\n\n{BODY}".encode("utf-16-le")
    assert prepared(raw).article.title == "Nötice"


def test_utf_32_with_a_mark_is_text():
    raw = codecs.BOM_UTF32_BE + f"# Nötice\n\n{BODY}".encode("utf-32-be")
    assert prepared(raw).article.title == "Nötice"


def test_nothing_is_cut_from_the_documents_of_a_benchmark():
    text = (
        "Title\n\nBy Jo Doe\n\n(415) 555-0142\n\nWords of the text. And more.\n\nBack to top now."
    )
    article = plain_article("a", title="  The\n title ", text=text)
    assert (article.id, article.title, article.kind) == ("a", "The title", "guide")
    assert article.text == text


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_the_sections_of_any_document_are_slices_of_its_text(text):
    article = plain_article("a", title="", text=f"x {text}")
    assert all(0 <= s.start < s.end <= len(article.text) for s in article.sections)
    assert all(article.text[s.start : s.end].strip() for s in article.sections)


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("guides/Going In-House.md", "going-in-house"),
        ("Über_Größe & Naïve.txt", "uber-groe-naive"),
        ("--a--.md", "a"),
        ("漢字.md", "article"),
        ("x" * 200 + ".md", "x" * 80),
        ("a.b.md", "a-b"),
    ],
)
def test_an_id_is_made_of_the_file_name(name, id_):
    assert slug(name) == id_


@given(st.text(min_size=1).filter(lambda name: "/" not in name))
def test_an_id_is_always_plain(name):
    assert set(slug(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert 0 < len(slug(name)) <= 80
