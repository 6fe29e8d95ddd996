"""Evidence: whole sections, the sentences in them that answer, and nothing said twice."""

from dataclasses import replace

import pytest

from ingest.articles import plain_article
from ingest.publish import publish
from pincite.answering.evidence import (
    Evidence,
    EvidenceFinder,
    candidate_sections,
    chosen,
    is_introduction,
    is_quotable,
)
from pincite.generations import folder_of
from pincite.library import Library
from pincite.model import Article, Passage, Section
from pincite.retrieval import Hit, Retriever


def hit(article_id, section, score):
    passage = Passage(article_id=article_id, section=section, start=0, end=1, context="")
    return Hit(passage=passage, ordinal=0, score=score, similarity=score, bm25=0)


GUIDE = """\
# Benefits of a secondment

A secondment teaches you how clients decide. It also costs you hours.

# Drawbacks of a secondment

A secondment costs you visibility at the firm.

# Pay on a secondment

A secondment is paid by the firm. A secondment teaches you how clients decide.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory, embedder):
    data = tmp_path_factory.mktemp("evidence")
    articles = [plain_article(id_, title="", text=GUIDE) for id_ in "abcd"]
    publish(articles, data=data, embedder=embedder)
    return Library.open(folder_of(data, 1), embedder)


@pytest.mark.parametrize(
    ("question", "hits", "candidates"),
    [
        pytest.param("pay", [("a", 2, 1.0), ("a", 2, 0.9)], [("a", 2)], id="each-section-once"),
        pytest.param(
            "pay", [("b", 2, 1.0), ("a", 2, 0.1)], [("b", 2), ("a", 2)], id="best-first"
        ),
        pytest.param(
            "pay",
            [(id_, n, 1.0) for id_ in "abcd" for n in (0, 1, 2)],
            [(id_, n) for id_ in "abcd" for n in (0, 1, 2)][:8],
            id="at-most-eight",
        ),
        pytest.param(
            "benefits of it", [("a", 1, 1.0), ("a", 0, 0.8)], [("a", 0)], id="not-the-other-side"
        ),
        pytest.param(
            "benefits and risks", [("a", 1, 1.0), ("a", 0, 0.8)], [("a", 1), ("a", 0)],
            id="both-sides-for-who-asks-for-both",
        ),
        pytest.param("pay", [], [], id="nothing-found"),
    ],
)  # fmt: skip
def test_candidate_sections(library, question, hits, candidates):
    found = candidate_sections(question, [hit(*h) for h in hits], library)
    assert [h.passage.place for h in found] == candidates


def test_an_opening_post_is_never_evidence(small_library):
    assert small_library.articles["burnout"].sections[0].is_question
    hits = [hit("burnout", 0, 1.0), hit("burnout", 1, 0.9)]
    found = candidate_sections("leave", hits, small_library)
    assert [h.passage.place for h in found] == [("burnout", 1)]


def candidate(place, score, *, kind="guide", heading=""):
    section = Section(start=0, end=1, heading=heading, speaker="unknown")
    article = Article(id=place[0], title="", kind=kind, text="x", sections=(section,))
    return Evidence(
        article=article, place=(place[0], int(place[1])), section=section, score=score, sentences=()
    )


@pytest.mark.parametrize(
    ("candidates", "places"),
    [
        pytest.param([], [], id="none"),
        pytest.param([candidate("b0", 0.98), candidate("a0", 1.0)], ["a0", "b0"], id="best-first"),
        pytest.param([candidate("a0", 1.0), candidate("b0", 0.96)], ["a0"], id="far-below"),
        pytest.param([candidate("a0", 1.0), candidate("a1", 1.0)], ["a0"], id="one-of-a-guide"),
        pytest.param(
            [candidate(f"a{n}", s, kind="thread") for n, s in enumerate([1.0, 0.93, 0.93])],
            ["a0", "a1"],
            id="two-voices-of-a-thread-the-second-less-near",
        ),
        pytest.param(
            [candidate("a0", 1.0), candidate("b0", 0.95, kind="thread")],
            ["a0"],
            id="another-thread-must-be-as-near-as-any",
        ),
        pytest.param(
            [
                candidate("a0", 1.0, kind="column", heading="Benefits"),
                candidate("b0", 0.99),
                candidate("a1", 0.2, kind="column", heading="Drawbacks"),
            ],
            ["a0", "a1", "b0"],
            id="the-drawbacks-beside-the-benefits",
        ),
        pytest.param(
            [candidate(f"{id_}0", 1.0) for id_ in "abcdef"],
            ["a0", "b0", "c0", "d0", "e0"],
            id="five-in-all",
        ),
    ],
)
def test_chosen_sections(candidates, places):
    assert [f"{e.place[0]}{e.place[1]}" for e in chosen(candidates)] == places


@pytest.mark.parametrize(
    ("headings", "section", "introduces"),
    [
        pytest.param(["", "How?"], 0, True, id="words-before-the-first-heading"),
        pytest.param(["How?", "Why?"], 0, False, id="headed"),
        pytest.param(["", "How?"], 1, False, id="the-second"),
        pytest.param([""], 0, False, id="the-only-one"),
    ],
)
def test_introductions(headings, section, introduces):
    sections = tuple(
        Section(start=n, end=n + 1, heading=h, speaker="unknown") for n, h in enumerate(headings)
    )
    article = Article(id="a", title="", kind="guide", text="xyz", sections=sections)
    assert is_introduction(article, section) is introduces


@pytest.mark.parametrize(
    ("sentence", "quotable"),
    [
        pytest.param("Tell the partner first.", True, id="whole"),
        pytest.param("Tell the partner “first.”", True, id="ends-in-a-quote"),
        pytest.param("Will the partner listen?", False, id="question"),
        pytest.param("Tell them now.", False, id="scrap"),
        pytest.param("It is what it is.", False, id="no-content-word"),
        pytest.param("Tell the partner first and then", False, id="cut-off"),
        pytest.param("Before you tell the partner:", False, id="lead-in"),
    ],
)
def test_which_sentences_are_quotable(sentence, quotable):
    assert is_quotable(sentence, (0, len(sentence))) is quotable


@pytest.mark.parametrize(
    ("text", "sentence", "quotable"),
    [
        pytest.param("- tell the partner first", "tell the partner first", True, id="item"),
        pytest.param(
            "1. tell the partner first\n2. x", "tell the partner first", True, id="number"
        ),
        pytest.param(
            "- when you tell the partner:", "when you tell the partner:", False, id="lead-in"
        ),
        pytest.param(
            "- will the partner listen?", "will the partner listen?", False, id="question"
        ),
        pytest.param(
            "- tell the partner first; then wait",
            "tell the partner first",
            False,
            id="half-an-item",
        ),
    ],
)
def test_a_list_item_needs_no_full_stop(text, sentence, quotable):
    start = text.index(sentence)
    assert is_quotable(text, (start, start + len(sentence))) is quotable


class TestFinding:
    @pytest.fixture
    def finder(self, library, embedder):
        return EvidenceFinder(library, embedder)

    def test_sentences_come_in_the_order_of_the_text_and_lie_in_their_section(
        self, finder, library, embedder
    ):
        question = "What does a secondment teach?"
        found = finder.find(question, Retriever(library, embedder).search(question))
        assert found
        assert all(
            evidence.section.start <= start < end <= evidence.section.end
            for evidence in found
            for (start, end), _ in evidence.sentences
        )
        assert all(e.sentences == tuple(sorted(e.sentences)) for e in found)

    def test_the_same_sentence_of_another_article_is_not_said_again(self, finder):
        found = finder.find("pay", [hit("a", 2, 1.0), hit("b", 2, 1.0)])
        assert [evidence.article.id for evidence in found] == ["a"]

    def test_the_first_sentence_gains_and_a_pointing_one_loses(self, finder):
        (found,) = finder.find("giraffe", [hit("a", 0, 1.0)])
        assert [score for _, score in found.sentences] == pytest.approx([0.1, -0.1])

    def test_a_sentence_that_repeats_the_question_scores_one_and_lifts_its_section(self, finder):
        question = "A secondment costs you visibility at the firm."
        (found,) = finder.find(question, [hit("a", 1, 0.5)])
        assert found.sentences[0][1] == pytest.approx(1.1)
        assert found.score == pytest.approx(0.5 + 0.2 * 1)

    def test_a_sentence_that_speaks_to_the_question_outweighs_a_little_of_search(self, finder):
        question = "A secondment costs you visibility at the firm."
        found = finder.find(question, [hit("a", 0, 0.55), hit("b", 1, 0.5)])
        assert found[0].place == ("b", 1)

    def test_an_introduction_counts_a_little_less(self, tmp_path, embedder):
        said = "A secondment costs you visibility at the firm."
        text = f"{said}\n\n# Why\n\nNobody there sees what you do all day."
        publish([plain_article("i", title="", text=text)], data=tmp_path, embedder=embedder)
        finder = EvidenceFinder(Library.open(folder_of(tmp_path, 1), embedder), embedder)
        (found,) = finder.find(said, [hit("i", 0, 0.5)])
        assert found.score == pytest.approx(0.9 * (0.5 + 0.2 * 1))

    def test_asking_again_gives_the_same(self, finder, library, embedder):
        hits = Retriever(library, embedder).search("secondment")
        assert finder.find("secondment", hits) == finder.find("secondment", hits)

    def test_a_section_without_a_quotable_sentence_is_no_evidence(self, tmp_path, embedder):
        questions = "Should I leave the firm before the end of the year? " * 2
        article = plain_article("q", title="", text=questions)
        publish([replace(article, title="Leaving")], data=tmp_path, embedder=embedder)
        finder = EvidenceFinder(Library.open(folder_of(tmp_path, 1), embedder), embedder)
        assert finder.find("leave", [hit("q", 0, 1.0)]) == []
