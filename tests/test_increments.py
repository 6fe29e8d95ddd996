"""Each change of the corpus folder does exactly that and no more, counted in embedded passages."""

import pytest

from ingest.corpus import add_text, publish_corpus, remove, replace_text, source_of
from ingest.editing import as_form
from ingest.frontmatter import Header
from pincite.embedding import load_embedder
from pincite.errors import CorpusError, SourceError, UnknownArticleError
from pincite.generations import current_generation, folder_of, read_manifest
from pincite.library import LiveLibrary
from tests.conftest import NOTICE, bytes_below, write_corpus

PRO_BONO = "# Pro bono work\n\nPro bono work teaches you to run a matter. Ask for it early.\n"


class CountingEmbedder:
    """The real embedder, which also remembers what it embedded."""

    def __init__(self):
        self._real = load_embedder("hashing")
        self.space = self._real.space
        self.count_tokens = self._real.count_tokens
        self.embed_query = self._real.embed_query
        self.embedded = []

    def embed_documents(self, texts):
        self.embedded += texts
        return self._real.embed_documents(texts)


@pytest.fixture
def counting():
    return CountingEmbedder()


@pytest.fixture
def publish(corpus, data, counting):
    return lambda: publish_corpus(corpus, data, embedder=counting)


@pytest.fixture
def articles(data, embedder):
    return lambda: LiveLibrary(data, embedder).current().articles


def done(report):
    return {
        "added": list(report.added),
        "updated": list(report.updated),
        "removed": list(report.removed),
        "unchanged": report.unchanged,
    }


NOTHING = {"added": [], "updated": [], "removed": [], "unchanged": 3}


def test_a_second_run_embeds_and_writes_nothing(publish, data, counting):
    before = bytes_below(data)
    report = publish()
    assert done(report) == NOTHING
    assert (report.generation, counting.embedded) == (1, [])
    assert bytes_below(data) == before  # the manifest, too, is equal byte for byte


@pytest.mark.parametrize("name", ["resigning.md", "guides/notice.txt", "columns/notice.md"])
def test_a_renamed_file_keeps_its_id_and_embeds_nothing(publish, corpus, data, counting, name):
    text = NOTICE.replace("# How", "## How").replace("# Who", "## Who")
    write_corpus(corpus, {"guides/notice.md": text})
    publish()
    (corpus / "guides" / "notice.md").rename(corpus / name)
    report = publish()
    assert done(report) == NOTHING | {"updated": ["notice"], "unchanged": 2}
    assert counting.embedded == []
    manifest = read_manifest(folder_of(data, current_generation(data)))
    assert manifest.articles["notice"].source == name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("author: Jo Marsh", "author: Jo March"),
        ("date: 2024-05", "date: 2024-06-01"),
        ("place: UK", "place: Germany"),
        ("speaker: counsellor", "speaker: recruiter"),
        ("topics: [notice, resignation]", "topics: [leaving]"),
        ("url: https://example.org/notice", "url: https://example.org/leaving"),
    ],
)
def test_edited_facts_embed_nothing(publish, corpus, counting, old, new):
    write_corpus(corpus, {"guides/notice.md": NOTICE.replace(old, new)})
    assert done(publish()) == NOTHING | {"updated": ["notice"], "unchanged": 2}
    assert counting.embedded == []


def test_an_edited_paragraph_embeds_the_passages_of_its_section_alone(publish, corpus, counting):
    write_corpus(corpus, {"guides/notice.md": NOTICE.replace("Three months", "Six months")})
    assert done(publish()) == NOTHING | {"updated": ["notice"], "unchanged": 2}
    (embedded,) = counting.embedded
    assert "How long is the notice period?" in embedded
    assert "Six months is usual" in embedded


def test_an_edited_heading_embeds_it_and_the_passages_under_it(publish, corpus, counting):
    new = "How much notice must I give?"
    text = NOTICE.replace("How long is the notice period?", new)
    write_corpus(corpus, {"guides/notice.md": text})
    report = publish()
    assert done(report) == NOTHING | {"updated": ["notice"], "unchanged": 2}
    passage, heading = counting.embedded
    assert passage.startswith(f"{heading}\nThree months is usual")
    assert (heading, report.embedded) == (f"Handing in your notice\n{new}", 1)


def test_a_deleted_file_is_gone_and_embeds_nothing(publish, corpus, counting, articles):
    (corpus / "guides" / "notice.md").unlink()
    assert done(publish()) == NOTHING | {"removed": ["notice"], "unchanged": 2}
    assert counting.embedded == []
    assert "notice" not in articles()


def test_putting_it_back_embeds_nothing(publish, corpus, counting):
    (corpus / "guides" / "notice.md").unlink()
    publish()
    write_corpus(corpus, {"guides/notice.md": NOTICE})
    assert done(publish()) == NOTHING | {"added": ["notice"], "unchanged": 2}
    assert counting.embedded == []


def test_a_copy_is_refused_with_the_name_of_its_twin(publish, corpus, counting):
    write_corpus(corpus, {"guides/zz.md": NOTICE})
    report = publish()
    assert done(report) == NOTHING
    assert [(r.path, r.reason) for r in report.skipped] == [
        ("guides/zz.md", "the same text as guides/notice.md")
    ]


class TestThePage:
    @pytest.fixture
    def adding(self, corpus, data, counting):
        return lambda name, raw, **facts: add_text(
            name, raw.encode(), Header(**facts), corpus, data, embedder=counting
        )

    @pytest.fixture
    def correcting(self, corpus, data, counting):
        return lambda id_, raw, **facts: replace_text(
            id_, raw.encode(), Header(**facts), corpus, data, embedder=counting
        )

    def test_an_added_text_is_kept_with_its_facts(self, adding, corpus, articles, counting):
        report = adding("pro-bono.md", PRO_BONO, author="Jo Marsh", speaker="counsellor")
        assert done(report) == NOTHING | {"added": ["pro-bono"]}
        assert (corpus / "added" / "pro-bono.md").read_text() == (
            f"---\nspeaker: counsellor\nauthor: Jo Marsh\n---\n\n{PRO_BONO}"
        )
        article = articles()["pro-bono"]
        assert (article.author, article.speaker) == ("Jo Marsh", "counsellor")
        passage, heading = counting.embedded
        assert passage.startswith("Pro bono work\nPro bono work teaches")
        assert (heading, report.embedded) == ("Pro bono work", 1)

    def test_publishing_the_folder_afterwards_changes_nothing(self, adding, publish):
        adding("pro-bono.md", PRO_BONO, author="Jo Marsh")
        assert publish().generation == 2

    def test_another_file_is_never_overwritten(self, adding, corpus):
        adding("pro-bono.md", PRO_BONO)
        report = adding("pro-bono.md", PRO_BONO + "\nA later thought, and a longer one.\n")
        assert len(report.added) == 1
        assert len(list((corpus / "added").iterdir())) == 2

    @pytest.mark.parametrize(
        "name",
        ["../../evil.md", "/etc/evil.md", "..\\evil.md", ".evil.md", "a/b/evil.md", "\nevil.md"],
    )
    def test_a_name_leads_nowhere_else(self, adding, corpus, name):
        adding(name, PRO_BONO)
        assert [p.name for p in (corpus / "added").iterdir()] == ["evil.md"]

    @pytest.mark.parametrize("name", ["README.md", "license.txt", "x" * 400 + ".md", "é" * 200])
    def test_any_name_becomes_a_source(self, adding, name):
        assert len(adding(name + ".md", PRO_BONO).added) == 1

    def test_a_html_page_becomes_text_and_the_page_is_kept(self, adding, corpus, data, articles):
        page = (
            "<html><head><title>Pro bono</title></head><body><article><h1>Pro bono</h1>"
            "<p>Pro bono work teaches you to run a matter of your own, from its first day on.</p>"
            "<p>Ask for it early, and say to the partner what you would like to learn.</p>"
            "</article></body></html>"
        )
        report = adding("page.html", page, place="UK")
        kept = (corpus / "added" / "page.txt").read_text()
        assert "place: UK\n" in kept
        assert "<p>" not in kept
        assert (data / "originals" / "added" / "page.txt.html").read_text() == page
        assert "Ask for it early, and say to the partner" in articles()[report.added[0]].text

    @pytest.mark.parametrize(
        ("name", "raw", "complaint"),
        [
            ("copy.md", NOTICE, "the same text as guides/notice.md"),
            ("empty.md", "", "no text"),
            ("slides.pptx", "x", "are not read"),
        ],
    )
    def test_what_cannot_be_published_leaves_no_trace(
        self, adding, corpus, data, name, raw, complaint
    ):
        before = bytes_below(corpus), bytes_below(data)
        with pytest.raises(SourceError, match=complaint):
            adding(name, raw)
        assert (bytes_below(corpus), bytes_below(data)) == before

    def test_undo_takes_it_away_again(self, adding, corpus, data, embedder, articles):
        (id_,) = adding("pro-bono.md", PRO_BONO).added
        assert remove(id_, corpus, data, embedder=embedder).removed == [id_]
        assert id_ not in articles()
        assert list((corpus / "added").iterdir()) == []

    def test_purging_what_was_withdrawn_before_takes_its_original_too(
        self, adding, corpus, data, embedder
    ):
        page = "<html><h1>Leave</h1><p>Ask for leave early, and ask in writing.</p></html>"
        (id_,) = adding("page.html", page).added
        remove(id_, corpus, data, embedder=embedder)
        remove(id_, corpus, data, embedder=embedder, purge=True)
        left = [path for path, raw in bytes_below(data).items() if b"Ask for leave early" in raw]
        assert left == []

    def test_a_correction_keeps_the_id_and_the_old_source(
        self, correcting, corpus, data, counting, articles
    ):
        header, body = as_form(source_of("notice", corpus, data))
        assert header.author == "Jo Marsh"
        report = correcting(
            "notice", body.replace("Three", "Six"), title=header.title, author="Al Beck"
        )
        assert done(report) == NOTHING | {"updated": ["notice"], "unchanged": 2}
        assert len(counting.embedded) == 1
        assert articles()["notice"].author == "Al Beck"
        assert (data / "withdrawn" / "guides" / "notice.md").read_text() == NOTICE
        assert "Six months" in (corpus / "guides" / "notice.md").read_text()

    @pytest.mark.parametrize(
        ("id_", "raw", "error"),
        [("notise", "Words of it. And more.", UnknownArticleError), ("notice", "", SourceError)],
    )
    def test_a_correction_that_fails_changes_nothing(
        self, correcting, corpus, data, id_, raw, error
    ):
        before = bytes_below(corpus), bytes_below(data)
        with pytest.raises(error):
            correcting(id_, raw)
        assert (bytes_below(corpus), bytes_below(data)) == before

    def test_a_correction_into_a_twin_changes_nothing(self, correcting, corpus, data, articles):
        _, body = as_form(source_of("secondment", corpus, data))
        before = bytes_below(corpus)
        with pytest.raises((SourceError, CorpusError)):
            correcting("notice", body, kind="column", title="Secondments to a client")
        assert bytes_below(corpus) == before
        assert sorted(articles()) == ["burnout", "notice", "secondment"]
