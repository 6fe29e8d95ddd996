"""Near-duplicates: found among articles, named in the report, and heard once in an answer."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.__main__ import app
from ingest.articles import plain_article
from ingest.corpus import publish_corpus
from ingest.duplicates import NearDuplicate, near_duplicates, near_to
from ingest.publish import publish
from pincite.answering.evidence import EvidenceFinder
from pincite.answering.likeness import NEAR, is_copy, likeness, word_pairs
from pincite.generations import folder_of
from pincite.library import Library, LiveLibrary
from pincite.retrieval import Retriever
from tests.conftest import NOTICE, write_corpus

WORDS = [f"word{n}" for n in range(5000)]


def text(seed, length=200, *, changed_every=0):
    """Return words that depend on the seed, every n-th of them changed."""
    words = [WORDS[(seed * 7919 + n * (seed + 3)) % len(WORDS)] for n in range(length)]
    changed = range(0, length, changed_every) if changed_every else ()
    return " ".join(f"other{n}" if n in changed else word for n, word in enumerate(words)) + "."


def article(id_, words):
    return plain_article(id_, title=id_, text=words)


@pytest.mark.parametrize(
    ("other", "similarity"),
    [
        pytest.param(text(1), 1.0, id="same"),
        pytest.param(text(1).upper().replace(" ", "\n\n"), 1.0, id="case-and-layout"),
        pytest.param(text(1, changed_every=20), 0.82, id="one-word-in-twenty"),
        pytest.param(text(1, changed_every=10), 0.67, id="one-word-in-ten"),
        pytest.param(text(1, changed_every=5), None, id="one-word-in-five"),
        pytest.param(text(1, length=100), None, id="half-of-it"),
        pytest.param(text(2), None, id="another-text"),
        pytest.param("", None, id="empty"),
    ],
)
def test_how_much_may_differ(other, similarity):
    articles = [article("a", text(1)), replace(article("b", "x"), text=other)]
    expected = [("a", "b", pytest.approx(similarity, abs=0.01))] if similarity else []
    found = [(n.article, n.other, n.similarity) for n in near_duplicates(articles)]
    assert found == expected
    assert [n.other for n in near_to(articles[0], articles[1:])] == [o for _, o, _ in expected]


def test_each_pair_is_named_once_whatever_the_order():
    articles = [article(id_, text(1)) for id_ in "cab"]
    pairs = [NearDuplicate(a, b, 1.0) for a, b in ("ab", "ac", "bc")]
    assert near_duplicates(articles) == near_duplicates(articles[::-1]) == pairs


def test_the_nearest_is_named_first():
    others = [article("b", text(1, changed_every=10)), article("c", text(1, changed_every=30))]
    assert [n.other for n in near_to(article("a", text(1)), others)] == ["c", "b"]


def test_a_thousand_articles_take_seconds():
    articles = [article(f"a{n}", text(n, 500)) for n in range(1000)]
    copies = [article(f"b{n}", text(n, 500, changed_every=12)) for n in range(0, 1000, 20)]
    began = time.process_time()
    found = near_duplicates([*articles, *copies])
    assert time.process_time() - began < 15
    assert {(f"a{n}", f"b{n}") for n in range(0, 1000, 20)} <= {(n.article, n.other) for n in found}


COPY = NOTICE.replace("Three months", "Four months").replace("title: H", "title: On h")


def test_the_report_and_the_status_name_them(run, corpus):
    write_corpus(corpus, {"copy.md": COPY})
    pair = {"article": "copy", "other": "notice", "similarity": pytest.approx(0.9, abs=0.1)}
    assert run(app, "--json").document["near_duplicates"] == [pair]
    assert run(app, "--json").document["near_duplicates"] == [pair]
    assert run(app, "status", "--json").document["near_duplicates"] == [pair]
    assert "near-duplicates: copy and notice are " in run(app, "status").out
    assert "near-duplicates: copy and notice are " in run(app).out


def test_without_any_the_list_is_empty(run):
    assert run(app, "--json").document["near_duplicates"] == []
    assert run(app, "status", "--json").document["near_duplicates"] == []


@pytest.mark.parametrize(
    ("section", "other", "copied"),
    [
        pytest.param("Tell your partner first.", "Tell your partner first.", True, id="same"),
        pytest.param(
            "Tell your partner first, in person.",
            "Before all else: tell your partner first, in person. Then write a letter.",
            True,
            id="all-of-it-is-said-by-the-other",
        ),
        pytest.param(
            "Before all else: tell your partner first. Then write a letter to the firm, and wait.",
            "Tell your partner first.",
            False,
            id="it-says-more-than-the-other",
        ),
        pytest.param("", "", False, id="nothing-is-no-copy"),
    ],
)
def test_when_a_section_is_a_copy(section, other, copied):
    assert is_copy(word_pairs(section), word_pairs(other)) is copied


sentences = st.lists(st.sampled_from("tell your partner first then wait".split()), max_size=12)


@given(sentences.map(" ".join), sentences.map(" ".join))
def test_likeness_is_a_share_and_the_same_both_ways(section, other):
    one, two = word_pairs(section), word_pairs(other)
    assert 0 <= likeness(one, two) == likeness(two, one) <= 1
    assert likeness(one, one) == bool(one)
    assert is_copy(one, one) == bool(one)
    assert is_copy(one, two) or likeness(one, two) < NEAR


def test_likeness_is_the_share_of_neighbouring_words_in_common():
    one, two = word_pairs("Tell your partner first."), word_pairs("TELL\nyour partner, then wait")
    assert likeness(one, two) == pytest.approx(2 / 5)
    assert likeness(word_pairs("Tell."), word_pairs("Tell.")) == 0


QUESTION = "How long is the notice period in a usual contract?"
JAMMER = """\
How long is the notice period in a usual contract? The notice period in a usual contract is long. \
Ask about the notice period in your usual contract before {n} other people do so this year.
"""


class TestAnswers:
    @pytest.fixture
    def evidence(self, corpus, data, embedder):
        def find(question):
            publish_corpus(corpus, data, embedder=embedder)
            library = LiveLibrary(data, embedder).current()
            hits = Retriever(library, embedder).search(question)
            return EvidenceFinder(library, embedder).find((question, hits))

        return find

    def test_of_near_duplicates_one_is_heard(self, evidence, corpus):
        write_corpus(corpus, {f"copy{n}.md": COPY.replace("Four", f"{n}") for n in range(3)})
        heard = [e.article.id for e in evidence("How long is the notice period?")]
        assert len([id_ for id_ in heard if id_ == "notice" or id_.startswith("copy")]) == 1

    @pytest.mark.parametrize("copies", [5, 50])
    def test_copies_tuned_to_a_question_do_not_crowd_out_the_others(self, evidence, corpus, copies):
        write_corpus(corpus, {f"jam{n}.md": JAMMER.format(n=n) for n in range(copies)})
        publish_only = evidence(QUESTION)
        assert sum(e.article.id.startswith("jam") for e in publish_only) <= 1

    def test_copies_leave_room_among_the_candidates(self, tmp_path, embedder):
        jammers = [article(f"jam{n}", JAMMER.format(n=n)) for n in range(50)]
        true = article("true", "The notice period in a usual contract is three months long.")
        publish([*jammers, true], data=tmp_path, embedder=embedder)
        library = Library.open(folder_of(tmp_path, 1), embedder)
        finder = EvidenceFinder(library, embedder)
        kept = finder._without_copies(Retriever(library, embedder).search(QUESTION))
        ids = [hit.passage.article_id for hit in kept]
        assert "true" in ids
        assert sum(id_.startswith("jam") for id_ in ids) == 1
