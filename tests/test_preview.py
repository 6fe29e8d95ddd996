"""What an article would become: shown before it is published, and just what is published then."""

import pytest

from ingest.__main__ import app
from ingest.articles import prepare
from ingest.corpus import add_text, replace_text
from ingest.editing import as_text, editable, safe_name, written
from ingest.frontmatter import Header, split_header
from ingest.preview import Published, preview_lines, preview_source
from ingest.sources import Source
from pincite.errors import SourceError
from pincite.library import LiveLibrary
from tests.conftest import BURNOUT, NOTICE, SECONDMENT, bytes_below, write_corpus

PRO_BONO = "# Pro bono work\n\nPro bono work teaches you to run a matter. Ask for it early.\n"
PAGE = """\
<html><head><title>Moving in house</title></head><body>
<nav><a href="/">Home</a> <a href="/jobs">Jobs</a></nav>
<article><h1>Moving in house</h1>
<p>Most associates who move in house do so between their fourth and their sixth year.</p>
<h2>What about the money?</h2>
<p>Expect less at first, and ask about the bonus and the shares before you say a word.</p>
<ul><li>Ask who decides on the bonus.</li><li>Ask when the shares are yours.</li></ul>
</article></body></html>
"""


@pytest.fixture
def published(data):
    return Published.read(data)


@pytest.fixture
def preview(published, embedder):
    def show(name, text, header=None, **options):
        source = Source(name, text.encode())
        return preview_source(
            source, header=header, published=published, embedder=embedder, read=prepare, **options
        )

    return show


def test_it_shows_everything_that_would_be_published(preview):
    shown = preview("new.md", NOTICE.replace("Three months", "Six weeks") + "\nIt differs much.\n")
    document = shown.as_dict()
    assert {k: document[k] for k in ("id", "source", "title", "kind", "speaker", "author")} == {
        "id": "new",
        "source": "new.md",
        "title": "Handing in your notice",
        "kind": "guide",
        "speaker": "counsellor",
        "author": "Jo Marsh",
    }
    assert (shown.date, shown.place, shown.url) == ("2024-05", "UK", "https://example.org/notice")
    assert shown.topics == ("notice", "resignation")
    assert [s.heading for s in shown.sections] == [
        "How long is the notice period?",
        "Who should hear it first?",
    ]
    assert shown.sections[0].first_words.startswith("Six weeks is usual")
    assert sum(s.passages for s in shown.sections) == shown.passages == 2
    assert [n.other for n in shown.near_duplicates] == ["notice"]
    assert shown.twin is None


def test_a_twin_is_named_and_is_no_near_duplicate(preview):
    shown = preview("copy.md", NOTICE)
    assert (shown.id, shown.twin, shown.near_duplicates) == ("notice", "notice", ())
    assert "  published already, word for word: notice" in preview_lines(shown)


def test_what_is_to_be_replaced_is_not_compared_with(preview):
    shown = preview("notice.md", NOTICE, replacing="notice")
    assert (shown.id, shown.twin, shown.near_duplicates) == ("notice", None, ())


def test_an_id_that_is_taken_gets_a_hash(preview):
    assert preview("notice.md", PRO_BONO).id.startswith("notice-")


def test_an_editor_has_the_last_word(preview):
    header = Header(title="Giving notice", author="Al Beck", place="US", topics=("leaving",))
    shown = preview("n.md", NOTICE, header)
    assert (shown.title, shown.author, shown.place) == ("Giving notice", "Al Beck", "US")
    assert (shown.topics, shown.date, shown.speaker) == (("leaving",), "2024-05", "counsellor")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", NOTICE),
        ("a.md", SECONDMENT),
        ("a.md", BURNOUT),
        ("a.html", PAGE),
        ("a.md", PRO_BONO),
    ],
)
@pytest.mark.parametrize(
    "header", [Header(), Header(title="Another title", place="Germany", speaker="recruiter")]
)
def test_what_is_shown_is_what_is_published(preview, corpus, data, embedder, name, text, header):
    text = text.replace("months", "weeks").replace("secondment", "visit").replace("See a", "Ask a")
    shown = preview(name, text, header)
    report = add_text(name, text.encode(), header, corpus, data, embedder=embedder)
    library = LiveLibrary(data, embedder).current()
    article = library.articles[shown.id]
    assert report.added == [shown.id]
    assert (article.title, article.kind, article.place) == (shown.title, shown.kind, shown.place)
    assert (article.speaker, article.author) == (shown.speaker, shown.author)
    assert [(s.heading, article.text[s.start : s.end][:60]) for s in article.sections] == [
        (s.heading, s.first_words) for s in shown.sections
    ]
    assert sum(p.article_id == shown.id for p in library.passages) == shown.passages


def test_of_a_correction_too(preview, corpus, data, embedder):
    body = split_header(NOTICE)[1].replace("Three", "Six")
    header = Header(title="Handing in your notice", author="Al Beck")
    shown = preview("notice.md", body, header, replacing="notice")
    replace_text("notice", body.encode(), header, corpus, data, embedder=embedder)
    article = LiveLibrary(data, embedder).current().articles["notice"]
    assert [s.heading for s in article.sections] == [s.heading for s in shown.sections]
    assert len(article.sections) == 2


class TestEditable:
    @pytest.mark.parametrize("text", [NOTICE, SECONDMENT, BURNOUT, PRO_BONO])
    def test_a_text_with_nothing_to_add_stays_as_it_is(self, text):
        source = Source("a.md", text.encode())
        assert editable(source, Header(), read=prepare) is source

    @pytest.mark.parametrize("text", [NOTICE, SECONDMENT, BURNOUT, PRO_BONO, "Words of it. More."])
    def test_sections_survive_being_written_out(self, text):
        article = prepare(Source("a.md", text.encode())).article
        facts = Header(title=article.title, kind=article.kind)
        again = prepare(Source("a.txt", written(facts, as_text(article)))).article
        assert [(s.heading, article.text[s.start : s.end]) for s in article.sections] == [
            (s.heading, again.text[s.start : s.end]) for s in again.sections
        ]

    @pytest.mark.parametrize(
        "value",
        ["a: b", "- a", "yes", "2024", "#1", "'", '"', "é — “x”", "!!str x", "a\\nb", "{a}"],
    )
    def test_every_value_comes_back_from_the_front_matter(self, value):
        header, body, warnings = split_header(written(Header(title=value), "Text.").decode())
        assert (header.title, body.strip(), warnings) == (value, "Text.", [])

    @pytest.mark.parametrize(
        ("name", "safe"),
        [
            ("a b.md", "a b.md"),
            ("../../etc/passwd.md", "passwd.md"),
            ("c:\\x\\y.docx", "y.docx"),
            (".hidden.md", "hidden.md"),
            ("README.md", "article-README.md"),
            ("", "article.txt"),
            ("..", "article.txt"),
        ],
    )
    def test_a_file_name_is_made_safe(self, name, safe):
        assert safe_name(name) == safe

    def test_without_words_there_is_nothing_to_publish(self):
        with pytest.raises(SourceError, match="no text"):
            editable(Source("a.md", b" \n"), Header(title="x"), read=prepare)


class TestCommand:
    def test_a_page_shows_its_sections_and_its_cuts(self, run, tmp_path):
        write_corpus(tmp_path, {"page.html": PAGE})
        (article,) = run(app, "preview", tmp_path / "page.html", "--json").document["articles"]
        assert article["title"] == "Moving in house"
        assert article["sections"][1]["heading"] == "What about the money?"
        assert article.keys() >= {"id", "url", "topics", "twin", "near_duplicates", "warnings"}

    def test_near_duplicates_are_named_for_a_reader(self, run, tmp_path):
        write_corpus(tmp_path, {"new.md": NOTICE.replace("Three", "Six")})
        shown = run(app, "preview", tmp_path / "new.md").out
        assert "  near-duplicate of notice (" in shown

    def test_without_a_library_it_shows_the_same(self, run, tmp_path, monkeypatch):
        monkeypatch.setenv("PINCITE_DATA", str(tmp_path / "none"))
        write_corpus(tmp_path, {"new.md": NOTICE})
        (article,) = run(app, "preview", tmp_path / "new.md", "--json").document["articles"]
        assert (article["id"], article["twin"], article["near_duplicates"]) == ("new", None, [])
        assert not (tmp_path / "none").exists()

    def test_it_publishes_nothing(self, run, data, corpus, tmp_path):
        write_corpus(tmp_path, {"new.md": PRO_BONO})
        before = bytes_below(data), bytes_below(corpus)
        run(app, "preview", tmp_path / "new.md")
        assert (bytes_below(data), bytes_below(corpus)) == before
