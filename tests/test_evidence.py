"""Evidence: whole sections, the sentences in them that answer, and nothing said twice."""

from dataclasses import replace

import pytest

from ingest.articles import plain_article
from ingest.publish import publish
from pincite.answering.evidence import (
    ASKED,
    CANDIDATES,
    COVERAGE,
    EACH_PART,
    INTRODUCTION,
    EvidenceFinder,
    candidate_sections,
    is_introduction,
    places_of_words,
)
from pincite.answering.quotable import is_quotable
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
            [(id_, n) for id_ in "abcd" for n in (0, 1, 2)],
            id="every-section-however-many",
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
        found = finder.find((question, Retriever(library, embedder).search(question)))
        assert found
        assert all(
            evidence.section.start <= start < end <= evidence.section.end
            for evidence in found
            for (start, end), _ in evidence.sentences
        )
        assert all(e.sentences == tuple(sorted(e.sentences)) for e in found)

    def test_the_same_sentence_of_another_article_is_not_said_again(self, finder):
        found = finder.find(("pay", [hit("a", 2, 1.0), hit("b", 2, 1.0)]))
        assert [evidence.article.id for evidence in found] == ["a"]

    def test_the_first_sentence_gains_and_a_pointing_one_loses(self, finder):
        (found,) = finder.find(("giraffe", [hit("a", 0, 1.0)]))
        assert [score for _, score in found.sentences] == pytest.approx([0.1, -0.1])

    def test_a_section_that_says_all_that_is_asked_gains_every_weight_whole(self, finder):
        question = "A secondment costs you visibility at the firm."
        (found,) = finder.find((question, [hit("a", 1, 0.5)]))
        assert found.sentences[0][1] == pytest.approx(1.1)
        assert found.score == pytest.approx(0.5 + ASKED + EACH_PART + COVERAGE)

    def test_a_section_that_says_nothing_of_it_keeps_its_search_score(self, finder):
        (found,) = finder.find(("Do giraffes sleep? Zebras do.", [hit("a", 1, 0.5)]))
        assert found.score == pytest.approx(0.5)

    def test_a_sentence_that_speaks_to_the_question_outweighs_a_little_of_search(self, finder):
        question = "A secondment costs you visibility at the firm."
        found = finder.find((question, [hit("a", 0, 0.55), hit("b", 1, 0.5)]))
        assert found[0].place == ("b", 1)

    def test_an_introduction_counts_a_little_less(self, tmp_path, embedder):
        said = "A secondment costs you visibility at the firm."
        text = f"{said}\n\n# Why\n\nNobody there sees what you do all day."
        publish([plain_article("i", title="", text=text)], data=tmp_path, embedder=embedder)
        finder = EvidenceFinder(Library.open(folder_of(tmp_path, 1), embedder), embedder)
        (found,) = finder.find((said, [hit("i", 0, 0.5)]))
        assert found.score == pytest.approx(INTRODUCTION * (0.5 + ASKED + EACH_PART + COVERAGE))

    def test_asking_again_gives_the_same(self, finder, library, embedder):
        hits = Retriever(library, embedder).search("secondment")
        assert finder.find(("secondment", hits)) == finder.find(("secondment", hits))

    def test_a_section_without_a_quotable_sentence_is_no_evidence(self, tmp_path, embedder):
        questions = "Should I leave the firm before the end of the year? " * 2
        article = plain_article("q", title="", text=questions)
        publish([replace(article, title="Leaving")], data=tmp_path, embedder=embedder)
        finder = EvidenceFinder(Library.open(folder_of(tmp_path, 1), embedder), embedder)
        assert finder.find(("leave", [hit("q", 0, 1.0)])) == []

    def test_no_more_than_the_best_candidates_are_weighed(self, tmp_path, embedder):
        texts = {f"a{n:02}": f"Partner number{n} waits{n} beside client{n}." for n in range(20)}
        articles = [plain_article(id_, title="", text=text) for id_, text in texts.items()]
        publish(articles, data=tmp_path, embedder=embedder)
        finder = EvidenceFinder(Library.open(folder_of(tmp_path, 1), embedder), embedder)
        last = list(texts)[CANDIDATES]
        hits = [hit(id_, 0, 0.5) for id_ in texts]
        asked = texts[last].replace(".", "?")
        assert last not in {e.article.id for e in finder.find((asked, hits))}
        assert finder.find((asked, hits[1:]))[0].article.id == last


VISIBILITY = "Partners forget whoever sits elsewhere."
PAY = "Bonuses depend on billed hours."
VOICES = f"""\
# One

{VISIBILITY}

# Two

{PAY}

# Both

{VISIBILITY} {PAY}

# Neither

Dogs chase cats around gardens.
"""
ONE, TWO, BOTH, NEITHER = [("v", n) for n in range(4)]


@pytest.fixture(scope="module")
def voices(tmp_path_factory, embedder):
    data = tmp_path_factory.mktemp("weighing")
    publish([plain_article("v", title="", text=VOICES)], data=data, embedder=embedder)
    return Library.open(folder_of(data, 1), embedder)


class TestWeighing:
    """What a section gains beside its search score, which is the same for all here."""

    @pytest.fixture
    def score(self, voices, embedder):
        def of(question, place):
            (found,) = EvidenceFinder(voices, embedder).find((question, [hit(*place, 0.5)]))
            return found.score - 0.5

        return of

    def test_each_sentence_of_a_long_question_is_looked_for(self, score):
        question = f"{VISIBILITY} {PAY}"
        assert score(question, BOTH) == pytest.approx(ASKED + EACH_PART + COVERAGE)
        assert score(question, TWO) == pytest.approx(
            ASKED + EACH_PART / 2 + COVERAGE * 4 / 9, abs=0.02
        )

    def test_what_is_asked_counts_more_than_what_is_told(self, score):
        question = f"{VISIBILITY} {PAY[:-1]}?"
        assert score(question, TWO) > score(question, ONE) + ASKED / 2

    def test_without_a_question_mark_the_last_sentence_is_what_is_asked(self, score):
        question = f"{VISIBILITY} {PAY}"
        assert score(question, TWO) > score(question, ONE) + ASKED / 2

    def test_where_several_are_asked_the_best_answered_one_counts(self, score):
        question = f"{VISIBILITY[:-1]}? {PAY[:-1]}?"
        assert score(question, ONE) == pytest.approx(score(question, TWO), abs=0.05)
        assert score(question, ONE) > ASKED

    def test_the_words_of_a_question_count_even_where_no_sentence_is_like_it(self, score):
        assert score("Dogs?", NEITHER) > score("Dogs?", ONE) == 0


RARE = """\
# Rare

Partners like clawback letters.

# Common

Partners like promotion letters.

# More

Partners write about promotion.

# Still more

Partners talk about promotion.
"""


@pytest.fixture(scope="module")
def rare(tmp_path_factory, embedder):
    data = tmp_path_factory.mktemp("coverage")
    publish([plain_article("r", title="", text=RARE)], data=data, embedder=embedder)
    return Library.open(folder_of(data, 1), embedder)


class TestCoverage:
    def test_of_equal_sections_the_one_with_the_rare_word_comes_first(self, rare, embedder):
        finder = EvidenceFinder(rare, embedder)
        found = finder.find(("Promotion, clawback?", [hit("r", 1, 0.5), hit("r", 0, 0.5)]))
        assert found[0].place == ("r", 0)

    def test_the_rarer_a_word_the_more_it_weighs(self, rare):
        weights = [weight for weight, _ in places_of_words("partners promotion clawback", rare)]
        assert weights == sorted(weights)
        assert len(set(weights)) == 3

    def test_each_word_is_placed_in_the_sections_that_hold_it(self, rare):
        places = [places for _, places in places_of_words("the clawback of zebras", rare)]
        assert places == [{("r", 0)}, set()]

    def test_a_question_without_a_content_word_covers_nothing(self, rare, embedder):
        (found,) = EvidenceFinder(rare, embedder).find(("Is it?", [hit("r", 0, 0.5)]))
        assert found.score == pytest.approx(0.5)
