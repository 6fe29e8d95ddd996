"""The corpus folder as the truth: publish it, add to it, take out of it, go back."""

import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import vectorcache
from ingest.articles import prepare
from ingest.corpus import (
    add,
    publish_corpus,
    read_corpus,
    remove,
    with_ids,
)
from ingest.history import rollback, verify_current
from ingest.publish import Options
from ingest.sources import Source
from pincite.errors import (
    CorpusError,
    LibraryDamagedError,
    LibraryMissingError,
    RemovalsError,
    SourceError,
    UnknownArticleError,
)
from pincite.generations import (
    current_generation,
    existing_generations,
    folder_of,
    read_manifest,
)
from pincite.library import LiveLibrary
from pincite.model import headings_of
from tests.conftest import BURNOUT, NOTICE, SMALL_CORPUS, bytes_below, write_corpus

PRO_BONO = "# Pro bono work\n\nPro bono work teaches you to run a matter. Ask for it early.\n"


@pytest.fixture
def publish(corpus, data, embedder):
    """Publish the test's corpus folder; options by keyword."""
    return lambda **options: publish_corpus(
        corpus, data, embedder=embedder, options=Options(**options)
    )


@pytest.fixture
def articles(data, embedder):
    """Return what is published now."""
    return lambda: LiveLibrary(data, embedder).current().articles


def test_publishing_twice_changes_no_byte(publish, data):
    before = bytes_below(data)
    report = publish()
    assert (report.generation, report.embedded, report.unchanged) == (1, 0, 3)
    assert (report.added, report.updated, report.removed) == ([], [], [])
    assert bytes_below(data) == before


def test_a_first_run_adds_everything(tmp_path, embedder):
    write_corpus(tmp_path / "corpus", SMALL_CORPUS)
    report = publish_corpus(tmp_path / "corpus", tmp_path / "data", embedder=embedder)
    assert report.added == ["burnout", "notice", "secondment"]
    assert (report.generation, report.articles, report.embedded) == (1, 3, report.passages)


def test_new_articles_are_added_and_embedded_alone(publish, corpus, articles):
    write_corpus(corpus, {"new/pro-bono.md": PRO_BONO})
    report = publish()
    assert (report.added, report.unchanged, report.embedded) == (["pro-bono"], 3, 1)
    assert articles()["pro-bono"].title == "Pro bono work"


def test_an_edited_text_is_an_update(publish, corpus, articles):
    write_corpus(corpus, {"guides/notice.md": NOTICE.replace("Three months", "Six months")})
    report = publish()
    assert (report.updated, report.unchanged, report.embedded) == (["notice"], 2, 1)
    assert "Six months" in articles()["notice"].text


def test_edited_facts_are_published_without_embedding_anything(publish, corpus, articles):
    write_corpus(corpus, {"guides/notice.md": NOTICE.replace("place: UK", "place: Germany")})
    report = publish()
    assert (report.generation, report.updated, report.embedded) == (2, ["notice"], 0)
    assert articles()["notice"].place == "Germany"


def test_a_moved_file_keeps_its_id_and_embeds_nothing(publish, corpus, data):
    (corpus / "guides" / "notice.md").rename(corpus / "resigning.md")
    report = publish()
    assert (report.updated, report.added, report.removed) == (["notice"], [], [])
    assert report.embedded == 0
    assert read_manifest(folder_of(data, 2)).articles["notice"].source == "resigning.md"


def test_a_moved_file_keeps_its_id_when_another_takes_its_name_later(publish, corpus):
    (corpus / "guides" / "notice.md").rename(corpus / "resigning.md")
    publish()
    write_corpus(corpus, {"guides/notice.md": PRO_BONO})
    report = publish()
    assert len(report.added) == 1
    assert report.added[0].startswith("notice-")
    assert (report.updated, report.removed, report.unchanged) == ([], [], 3)


def test_a_removed_file_is_withdrawn(publish, corpus, articles):
    (corpus / "guides" / "notice.md").unlink()
    report = publish()
    assert (report.removed, report.unchanged) == (["notice"], 2)
    assert "notice" not in articles()


def test_every_file_is_accounted_for(publish, corpus):
    write_corpus(
        corpus,
        {
            "guides/notice.md": NOTICE.replace("Three", "Six"),
            "new.md": PRO_BONO,
            "twin.md": BURNOUT,
            "slides.pptx": "x",
            "binary.md": "\0",
            "README.md": "not a source",
        },
    )
    report = publish()
    assert {(r.path, r.reason.split(";")[0]) for r in report.skipped} == {
        ("twin.md", "the same text as threads/burnout.md"),
        ("slides.pptx", "files ending in '.pptx' are not read"),
        ("binary.md", "it holds binary data, not text"),
    }
    counted = [*report.added, *report.updated, *report.skipped, *report.failed]
    found = [p for p in corpus.rglob("*") if p.is_file() and p.name != "README.md"]
    assert len(counted) + report.unchanged == len(found)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("date: !!timestamp soon", id="attribute-error"),
        pytest.param("title: !!bool maybe", id="key-error"),
        pytest.param('title: "a\\ud800b"', id="unicode-error-while-storing"),
    ],
)
def test_one_odd_header_never_stops_the_others(publish, corpus, header):
    write_corpus(
        corpus, {"odd.md": f"---\n{header}\n---\n\nWords of it. And more.", "b.md": PRO_BONO}
    )
    assert "b" in publish().added


def test_the_order_of_reading_decides_between_two_files_of_one_name(tmp_path, embedder):
    write_corpus(tmp_path / "c", {"a/x.md": PRO_BONO, "b/x.md": NOTICE})
    report = publish_corpus(tmp_path / "c", tmp_path / "d", embedder=embedder)
    assert report.added[0] == "x"
    assert report.added[1].startswith("x-")


names = st.lists(
    st.sampled_from(["a.md", "A.md", "b/a.md", "a.txt", "ä.md", "c/ä.md", "a-.md", "b.md"]),
    unique=True,
    min_size=1,
)


def readings(paths):
    return [
        prepare(Source(path, f"# T\n\nWords of {path.encode()}. And more.".encode()))
        for path in paths
    ]


@given(names)
def test_ids_are_unique_and_do_not_depend_on_the_run(paths):
    ids = [p.article.id for p in with_ids(readings(paths), None)]
    assert len(set(ids)) == len(ids)
    assert ids == [p.article.id for p in with_ids(readings(paths), None)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param("empty", "holds no article. Nothing was changed", id="emptied"),
        pytest.param("missing", "no corpus folder .*Nothing was changed", id="unmounted"),
        pytest.param("unusable", "can be published, so nothing was changed: a.pdf", id="unusable"),
    ],
)
def test_a_corpus_without_an_article_changes_nothing(
    corpus, data, embedder, tmp_path, change, message
):
    folders = {
        "empty": write_corpus(tmp_path / "empty", {"README.md": "x"}),
        "missing": tmp_path / "nowhere",
        "unusable": write_corpus(tmp_path / "unusable", {"a.pdf": "x"}),
    }
    before = bytes_below(data)
    with pytest.raises(CorpusError, match=message):
        publish_corpus(
            folders[change], data, embedder=embedder, options=Options(allow_removals=True)
        )
    assert bytes_below(data) == before


def test_an_empty_corpus_creates_no_data_folder(tmp_path, embedder):
    with pytest.raises(CorpusError):
        publish_corpus(tmp_path, tmp_path / "data", embedder=embedder)
    assert not (tmp_path / "data").exists()


class TestRemovals:
    @pytest.fixture(autouse=True)
    def _two_of_three_are_gone(self, corpus):
        (corpus / "guides" / "notice.md").unlink()
        (corpus / "threads" / "burnout.md").unlink()

    def test_more_than_half_gone_stops_the_run(self, publish, data):
        before = bytes_below(data)
        with pytest.raises(RemovalsError, match=r"remove 2 of 3 .*nothing was.*--allow-removals"):
            publish()
        assert bytes_below(data) == before

    def test_a_dry_run_warns_of_it_as_well(self, publish):
        with pytest.raises(RemovalsError, match="--allow-removals"):
            publish(dry_run=True)

    def test_it_can_be_meant(self, publish, articles):
        assert publish(allow_removals=True).removed == ["burnout", "notice"]
        assert list(articles()) == ["secondment"]


def test_half_may_go_without_a_word(publish, corpus):
    write_corpus(corpus, {"new.md": PRO_BONO})
    publish()
    (corpus / "new.md").unlink()
    (corpus / "guides" / "notice.md").unlink()
    assert publish().removed == ["new", "notice"]


def test_a_dry_run_says_what_would_change_and_changes_nothing(publish, corpus, data):
    write_corpus(corpus, {"new.md": PRO_BONO})
    before = bytes_below(data)
    report = publish(dry_run=True)
    assert (report.added, report.unchanged, report.dry_run) == (["new"], 3, True)
    assert report.generation == 1
    assert bytes_below(data) == before


def test_a_rebuild_makes_a_generation_of_the_same(publish, articles):
    before = articles()
    report = publish(rebuild=True)
    assert (report.generation, report.unchanged, report.embedded) == (2, 3, 0)
    assert articles() == before


def test_three_generations_are_kept(publish, data):
    for _ in range(4):
        publish(rebuild=True)
    assert existing_generations(data) == [3, 4, 5]
    assert sorted(p.name for p in (data / "generations").iterdir()) == ["3", "4", "5"]


def test_what_a_killed_run_left_is_cleared_away(publish, data):
    (data / "generations" / ".building").mkdir()
    (data / "generations" / ".building" / "half").write_text("x")
    publish(rebuild=True)
    assert not (data / "generations" / ".building").exists()


def test_reading_a_corpus_names_the_twin_that_is_published(tmp_path):
    write_corpus(tmp_path, {"b.md": PRO_BONO, "a/b.md": PRO_BONO})
    reading = read_corpus(tmp_path)
    assert [p.source.name for p in reading.prepared] == ["a/b.md"]
    assert [(r.path, r.reason) for r in reading.skipped] == [("b.md", "the same text as a/b.md")]


class TestAdding:
    @pytest.fixture
    def adding(self, corpus, data, embedder):
        return lambda *paths, **options: add(
            paths, corpus, data, embedder=embedder, options=Options(**options)
        )

    @pytest.fixture
    def fresh(self, tmp_path):
        return write_corpus(tmp_path / "desk", {"pro-bono.md": PRO_BONO, "x.pdf": "x"})

    def test_a_file_is_copied_and_published(self, adding, corpus, fresh):
        assert adding(fresh / "pro-bono.md").added == ["pro-bono"]
        assert (corpus / "added" / "pro-bono.md").read_text() == PRO_BONO
        assert (fresh / "pro-bono.md").exists()

    def test_another_file_is_never_overwritten(self, adding, corpus, fresh):
        adding(fresh / "pro-bono.md")
        write_corpus(fresh, {"pro-bono.md": PRO_BONO + "\nA later thought, and a longer one.\n"})
        assert len(adding(fresh / "pro-bono.md").added) == 1
        assert sorted(p.name for p in (corpus / "added").iterdir()) == [
            "pro-bono-2.md",
            "pro-bono.md",
        ]

    def test_one_bad_file_and_none_is_added(self, adding, corpus, data, fresh):
        before = bytes_below(data), bytes_below(corpus)
        with pytest.raises(SourceError, match=r"x\.pdf was not added: it is named \.pdf"):
            adding(fresh / "pro-bono.md", fresh / "x.pdf")
        assert (bytes_below(data), bytes_below(corpus)) == before

    def test_a_file_that_is_not_there_is_named(self, adding, fresh):
        with pytest.raises(
            SourceError, match=r"none\.md was not added: it cannot be read: No such"
        ):
            adding(fresh / "none.md")

    def test_a_dry_run_adds_no_file(self, adding, corpus, fresh):
        before = bytes_below(corpus)
        assert adding(fresh / "pro-bono.md", dry_run=True).added == ["pro-bono"]
        assert bytes_below(corpus) == before

    def test_a_run_that_is_stopped_leaves_no_copy(self, adding, corpus, fresh):
        (corpus / "guides" / "notice.md").unlink()
        (corpus / "threads" / "burnout.md").unlink()
        before = bytes_below(corpus)
        with pytest.raises(RemovalsError):
            adding(fresh / "pro-bono.md")
        assert bytes_below(corpus) == before

    def test_a_copy_of_a_published_article_leaves_no_file(self, adding, corpus, tmp_path):
        os.renames(corpus / "guides" / "notice.md", corpus / "a" / "notice.md")
        copy = write_corpus(tmp_path, {"copy.md": NOTICE}) / "copy.md"
        report = adding(copy)
        assert [r.reason for r in report.skipped] == ["the same text as a/notice.md"]
        assert list((corpus / "added").iterdir()) == []

    def test_a_copy_of_an_article_never_replaces_its_original(self, adding, corpus, data, tmp_path):
        copy = write_corpus(tmp_path, {"copy.md": NOTICE.replace("UK", "US")}) / "copy.md"
        report = adding(copy)
        assert [r.path for r in report.skipped] == ["added/copy.md"]
        manifest = read_manifest(folder_of(data, current_generation(data)))
        assert manifest.articles["notice"].source == "guides/notice.md"


MARKER = "Tell the supervising partner in person before anybody else hears of it."


class TestRemoving:
    @pytest.fixture
    def removing(self, corpus, data, embedder):
        return lambda id_, **options: remove(id_, corpus, data, embedder=embedder, **options)

    def test_the_source_rests_in_the_data_folder(self, removing, corpus, data, articles):
        report = removing("notice")
        assert (report.removed, list(articles())) == (["notice"], ["burnout", "secondment"])
        assert not (corpus / "guides" / "notice.md").exists()
        assert (data / "withdrawn" / "guides" / "notice.md").read_text() == NOTICE

    def test_what_was_withdrawn_can_be_put_back(self, removing, publish, corpus, data):
        removing("notice")
        (data / "withdrawn" / "guides" / "notice.md").rename(corpus / "guides" / "notice.md")
        report = publish()
        assert (report.added, report.embedded) == (["notice"], 0)

    def test_a_second_source_of_that_name_overwrites_no_first(
        self, removing, publish, corpus, data
    ):
        removing("notice")
        write_corpus(corpus, {"guides/notice.md": PRO_BONO})
        publish()
        removing("notice")
        assert sorted(p.name for p in (data / "withdrawn" / "guides").iterdir()) == [
            "notice-2.md",
            "notice.md",
        ]

    def test_an_unknown_id_changes_nothing(self, removing, corpus, data):
        before = bytes_below(data), bytes_below(corpus)
        with pytest.raises(UnknownArticleError, match=r"'notise'\. List the ids with: .* status"):
            removing("notise")
        assert (bytes_below(data), bytes_below(corpus)) == before

    def test_nothing_published_says_so(self, corpus, tmp_path, embedder):
        with pytest.raises(LibraryMissingError, match="Build it with"):
            remove("notice", corpus, tmp_path / "d", embedder=embedder)

    def test_the_last_article_stays(self, removing, corpus, data, articles):
        removing("notice")
        removing("burnout")
        with pytest.raises(CorpusError, match="Nothing was changed"):
            removing("secondment")
        assert (corpus / "columns" / "secondment.md").exists()
        assert list(articles()) == ["secondment"]

    def test_the_last_article_stays_also_when_its_file_is_gone(self, removing, corpus, articles):
        removing("notice")
        removing("burnout")
        (corpus / "columns" / "secondment.md").unlink()
        with pytest.raises(CorpusError, match="Nothing was changed"):
            removing("secondment")
        assert list(articles()) == ["secondment"]

    def test_an_article_whose_file_is_gone_can_be_withdrawn(self, removing, corpus):
        (corpus / "guides" / "notice.md").unlink()
        assert removing("notice").removed == ["notice"]

    def test_purging_leaves_no_byte_of_it(self, removing, publish, corpus, data):
        publish(rebuild=True)
        removing("notice", purge=True)
        left = bytes_below(data) | {f"corpus/{k}": v for k, v in bytes_below(corpus).items()}
        marks = [MARKER.encode(), b"supervis", b"Handing in your notice", b"Jo Marsh"]
        assert [name for name, raw in left.items() if any(mark in raw for mark in marks)] == []
        assert existing_generations(data) == [3]

    def test_after_purging_the_others_embed_nothing(self, removing, publish):
        removing("notice", purge=True)
        assert publish(rebuild=True).embedded == 0

    def test_purging_leaves_no_vector_of_its_headings_and_keeps_those_of_the_others(
        self, removing, small_library, data, embedder
    ):
        cache = data / vectorcache.FILE
        headings = headings_of(small_library.passages)
        gone = [heading for id_, heading in headings.items() if id_.startswith("notice#")]
        kept = [heading for heading in headings.values() if heading not in gone]
        assert vectorcache.embed_all(cache, [*gone, *kept], embedder)[1] == []
        removing("notice", purge=True)
        assert vectorcache.embed_all(cache, [*gone, *kept], embedder)[1] == [0, 1]

    def test_an_article_put_back_after_purging_is_embedded_anew(self, removing, publish, corpus):
        removing("notice", purge=True)
        write_corpus(corpus, {"guides/notice.md": NOTICE})
        report = publish()
        assert (report.added, report.embedded) == (["notice"], 2)

    def test_withdrawing_an_article_withdraws_its_twins(self, removing, publish, corpus, articles):
        write_corpus(corpus, {"guides/zz-copy.md": NOTICE})
        publish()
        removing("notice", purge=True)
        assert MARKER not in "".join(article.text for article in articles().values())

    def test_what_was_withdrawn_before_can_still_be_purged(self, removing, data):
        removing("notice")
        removing("notice", purge=True)

    def test_purging_clears_what_a_killed_run_left(self, removing, data):
        write_corpus(data / "generations" / ".dropped-0", {"library.sqlite3": MARKER})
        removing("notice", purge=True)
        assert [p for p, raw in bytes_below(data).items() if MARKER.encode() in raw] == []


class TestRollingBack:
    @pytest.fixture
    def rolling(self, data, embedder):
        return lambda: rollback(data, embedder=embedder)

    def test_the_generation_before_is_current_again(self, rolling, publish, corpus, articles):
        write_corpus(corpus, {"new.md": PRO_BONO})
        publish()
        assert rolling() == 1
        assert "new" not in articles()

    def test_nothing_before_is_said_so(self, rolling):
        with pytest.raises(CorpusError, match="no generation before 1 to go back to"):
            rolling()

    def test_a_damaged_one_is_not_gone_back_to(self, rolling, publish, data):
        publish(rebuild=True)
        (folder_of(data, 1) / "library.sqlite3").write_bytes(b"")
        with pytest.raises(LibraryDamagedError, match=r"library\.sqlite3 is not as it was"):
            rolling()
        assert current_generation(data) == 2

    def test_a_damaged_current_one_is_left_behind(self, rolling, publish, data, articles):
        publish(rebuild=True)
        (folder_of(data, 2) / "library.sqlite3").write_bytes(b"")
        assert rolling() == 1
        assert len(articles()) == 3

    def test_publishing_afterwards_takes_a_new_number(self, rolling, publish, data):
        publish(rebuild=True)
        rolling()
        assert publish(rebuild=True).generation == 3
        assert existing_generations(data) == [1, 2, 3]


def test_verifying_searches_every_vector_of_the_current_generation(data, embedder):
    manifest = verify_current(data, embedder=embedder)
    assert (manifest.generation, manifest.passages) == (1, 7)


def test_verifying_names_the_damage(data, embedder):
    (folder_of(data, 1) / "library.sqlite3").write_bytes(b"")
    with pytest.raises(LibraryDamagedError, match=r"library\.sqlite3 is not as it was published"):
        verify_current(data, embedder=embedder)


def test_the_options_of_a_run_cannot_be_changed():
    with pytest.raises(AttributeError):
        replace(Options(), dry_run=True).dry_run = False  # type: ignore[misc]
