"""Evidence: whole sections, the sentences in them that answer, and nothing said twice."""

from dataclasses import replace

import pytest

from ingest.articles import plain_article
from ingest.publish import publish
from pincite.answering.evidence import EvidenceFinder, chosen_sections, is_quotable
from pincite.generations import folder_of
from pincite.library import Library
from pincite.model import Passage
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


def places(question, hits, library):
    return [(h.passage.article_id, h.passage.section) for h in chosen_sections(question, hits, library)]


@pytest.mark.parametrize(
    ("question", "hits", "chosen"),
    [
        pytest.param("pay", [("a", 2, 1.0), ("a", 2, 0.99)], [("a", 2)], id="each-section-once"),
        pytest.param("pay", [("a", 2, 1.0), ("b", 2, 0.89)], [("a", 2)], id="far-below-the-best"),
        pytest.param(
            "pay", [("a", 2, 1.0), ("b", 2, 0.9)], [("a", 2), ("b", 2)], id="near-the-best"
        ),
        pytest.param(
            "pay",
            [("a", 0, 1.0), ("a", 1, 1.0), ("a", 2, 1.0), ("b", 2, 1.0)],
            [("a", 0), ("a", 1), ("b", 2)],
            id="at-most-two-of-one-article",
        ),
        pytest.param(
            "pay",
            [(id_, n, 1.0) for id_ in "abcd" for n in (1, 2)],
            [("a", 1), ("a", 2), ("b", 1), ("b", 2), ("c", 1)],
            id="at-most-five",
        ),
        pytest.param(
            "benefits of it",
            [("a", 1, 1.0), ("a", 0, 0.8), ("b", 0, 0.5)],
            [("a", 0)],
            id="the-other-side-is-left-out-and-sets-no-mark",
        ),
        pytest.param("pay", [], [], id="nothing-found"),
    ],
)
def test_chosen_sections(library, question, hits, chosen):
    assert places(question, [hit(*h) for h in hits], library) == chosen


def test_an_opening_post_is_never_evidence(small_library):
    assert small_library.articles["burnout"].sections[0].is_question
    found = places("leave", [hit("burnout", 0, 1.0), hit("burnout", 1, 0.9)], small_library)
    assert found == [("burnout", 1)]


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
        pytest.param("1. tell the partner first\n2. x", "tell the partner first", True, id="number"),
        pytest.param("- when you tell the partner:", "when you tell the partner:", False, id="lead-in"),
        pytest.param("- will the partner listen?", "will the partner listen?", False, id="question"),
        pytest.param(
            "- tell the partner first; then wait", "tell the partner first", False, id="half-an-item"
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

    def test_a_sentence_that_repeats_the_question_scores_one(self, finder):
        (found,) = finder.find("A secondment costs you visibility at the firm.", [hit("a", 1, 1.0)])
        assert found.sentences[0][1] == pytest.approx(1.1)

    def test_asking_again_gives_the_same(self, finder, library, embedder):
        hits = Retriever(library, embedder).search("secondment")
        assert finder.find("secondment", hits) == finder.find("secondment", hits)

    def test_a_section_without_a_quotable_sentence_is_no_evidence(self, tmp_path, embedder):
        questions = "Should I leave the firm before the end of the year? " * 2
        article = plain_article("q", title="", text=questions)
        publish([replace(article, title="Leaving")], data=tmp_path, embedder=embedder)
        finder = EvidenceFinder(Library.open(folder_of(tmp_path, 1), embedder), embedder)
        assert finder.find("leave", [hit("q", 0, 1.0)]) == []
