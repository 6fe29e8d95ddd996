"""Hybrid search: three scores, each scaled to 0-1, added with weights."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.articles import plain_article
from ingest.publish import publish
from pincite.glossary import in_standard_terms
from pincite.index import VectorIndex
from pincite.library import LiveLibrary
from pincite.model import headings_of
from pincite.retrieval import BM25_ONLY, DENSE_ONLY, HYBRID, Retriever, Weights, scaled

QUESTIONS = [
    "How long is the notice period?",
    "drawbacks of a secondment",
    "Should I tell the partner about burnout?",
    "going in-house pay",
]


@pytest.mark.parametrize(
    ("values", "result"),
    [
        pytest.param([1, 3, 2], [0, 1, 0.5], id="stretched-to-0-and-1"),
        pytest.param([-0.5, 0.5, 0], [0, 1, 0.5], id="negative-cosines"),
        pytest.param([4, 4], [0, 0], id="all-equal-says-nothing"),
        pytest.param([7], [0], id="one-alone-says-nothing"),
        pytest.param([], [], id="none"),
    ],
)
def test_scaling(values, result):
    assert scaled(np.array(values, dtype=float)).tolist() == result


@given(st.lists(st.floats(-1, 1, width=16), min_size=2))
def test_scaling_keeps_the_order_and_the_range(values):
    result = scaled(np.array(values))
    assert ((result >= 0) & (result <= 1)).all()
    assert (np.diff(result[np.argsort(values)]) >= 0).all()


@pytest.fixture(params=QUESTIONS)
def question(request):
    return request.param


def search(library, embedder, question, weights=HYBRID, **options):
    return Retriever(library, embedder, weights).search(question, **options)


def test_hits_come_best_first(shipped, embedder, question):
    scores = [hit.score for hit in search(shipped, embedder, question)]
    assert scores == sorted(scores, reverse=True)


def answering(library):
    """Return the rows of the passages that may answer: those outside opening posts."""
    return [
        row for row, p in enumerate(library.passages) if not library.section(p.place).is_question
    ]


def test_dense_search_alone_ranks_by_the_cosine(small_library, embedder, question):
    hits = search(small_library, embedder, question, DENSE_ONLY)
    asked = embedder.embed_query(in_standard_terms(question))
    cosines = small_library.vectors.similarities(asked)
    ranked = sorted((float(cosines[row]) for row in answering(small_library)), reverse=True)
    assert [hit.similarity for hit in hits] == ranked


def test_word_search_alone_ranks_by_bm25_and_finds_only_shared_words(
    small_library, embedder, question
):
    hits = search(small_library, embedder, question, BM25_ONLY)
    found = small_library.words.scores(question)
    ranked = sorted((found[row] for row in answering(small_library) if found[row]), reverse=True)
    assert [hit.bm25 for hit in hits] == ranked


def test_a_hits_score_is_the_weighted_sum_of_the_three_scaled_scores(small_library, embedder):
    question = "How long is a notice period?"
    hits = search(small_library, embedder, question, Weights(dense=0.6, lexical=0.4, heading=0.2))
    found = small_library.headings.similarities(embedder.embed_query(question))
    headings = dict(zip(headings_of(small_library.passages), found, strict=True))
    above = np.array([headings[h.passage.section_id] for h in hits])
    weights = Weights(dense=0.6, lexical=0.4, heading=0.2).where_best_heading(above.max())
    by_hand = (
        weights.dense * scaled(np.array([h.similarity for h in hits]))
        + weights.lexical * scaled(np.array([h.bm25 for h in hits]))
        + weights.heading * scaled(above)
    )
    assert weights.heading > 0
    assert len(hits) == len(answering(small_library))
    assert [hit.score for hit in hits] == pytest.approx(by_hand.tolist())


class TestHeadings:
    """What the heading alone does: passages that are alike in all else."""

    @pytest.fixture
    def alike(self, small_library):
        """The small library, but all passages have one vector."""
        one = np.ones_like(small_library.vectors.vectors)
        return replace(small_library, vectors=VectorIndex(one / np.linalg.norm(one[0])))

    @pytest.mark.parametrize(
        ("heading", "first"),
        [
            pytest.param(0.15, "notice@152", id="the-one-under-the-heading-asked-for"),
            pytest.param(0, "burnout@122", id="without-it-the-first-of-the-library"),
        ],
    )
    def test_which_comes_first(self, alike, embedder, heading, first):
        weights = Weights(dense=0.85, lexical=0, heading=heading)
        (asked,) = (p.context for p in alike.passages if p.id == "notice@152")
        hits = search(alike, embedder, asked, weights)
        assert hits[0].passage.id == first
        assert len({hit.similarity for hit in hits}) == 1

    def test_nothing_above_a_passage_is_like_a_heading_that_shares_no_word(self, alike, embedder):
        question = embedder.embed_query("giraffe")
        passages = [p for p in alike.passages if p.article_id != "burnout"][:3]
        contexts = ["Giraffe", "", "Its opposite"]
        library = replace(
            alike,
            passages=tuple(replace(p, context=c) for p, c in zip(passages, contexts, strict=True)),
            vectors=VectorIndex(alike.vectors.vectors[:3]),
            headings=VectorIndex(np.array([question, -question])),
        )
        hits = search(library, embedder, "giraffe", Weights(dense=1, lexical=0, heading=0.5))
        assert [(h.ordinal, h.score) for h in hits] == [(0, 0.5), (1, 0.25), (2, 0)]

    def test_a_library_without_any_heading_is_searched_all_the_same(self, tmp_path, embedder):
        article = plain_article("a", title="", text="Three months is usual. Read the contract.")
        publish([article], data=tmp_path, embedder=embedder)
        library = LiveLibrary(tmp_path, embedder).current()
        assert len(library.headings.vectors) == 0
        assert [h.passage.id for h in search(library, embedder, "three months")] == ["a@0"]


def test_opening_posts_are_never_found(shipped, embedder, question):
    hits = search(shipped, embedder, question)
    assert hits
    assert not [h for h in hits if shipped.section(h.passage.place).is_question]


def test_slang_is_searched_in_the_words_of_the_articles(shipped, embedder):
    slang, standard = "OCI wardrobe", "on-campus interviews wardrobe"
    found = {hit.ordinal for hit in search(shipped, embedder, slang, BM25_ONLY)}
    assert found >= {hit.ordinal for hit in search(shipped, embedder, standard, BM25_ONLY)} != set()


@pytest.mark.parametrize(
    "question", ["How do I deal with a difficult partner?", "Is it a big deal to leave early?"]
)
def test_a_word_of_two_meanings_is_no_slang(question):
    assert in_standard_terms(question) == question


def test_at_most_k_hits_and_the_same_ones_first(shipped, embedder, question):
    every = search(shipped, embedder, question, k=50)
    assert search(shipped, embedder, question, k=3) == every[:3]


def test_the_same_question_finds_the_same(shipped, embedder, question):
    assert search(shipped, embedder, question) == search(shipped, embedder, question)


def test_a_hit_knows_its_passage_and_article(shipped, embedder):
    retriever = Retriever(shipped, embedder)
    hits = retriever.search("secondment")
    assert all(shipped.passages[hit.ordinal] is hit.passage for hit in hits)
    assert {hit.passage.article_id for hit in hits} <= shipped.articles.keys()


def test_without_any_shared_word_the_word_search_stays_silent(small_library, embedder):
    assert search(small_library, embedder, "giraffe", BM25_ONLY) == []
    assert {hit.bm25 for hit in search(small_library, embedder, "giraffe")} == {0}


def test_ties_keep_the_order_of_the_library(small_library, embedder):
    hits = search(small_library, embedder, "giraffe", DENSE_ONLY)
    tied = [hit.ordinal for hit in hits if hit.similarity == hits[-1].similarity]
    assert len(tied) > 1
    assert tied == sorted(tied)


@pytest.mark.parametrize(
    "weights",
    [
        pytest.param(Weights(dense=0, lexical=0, heading=0), id="no-weight"),
        pytest.param(
            Weights(dense=0, lexical=0, heading=1), id="headings-only-order-what-is-found"
        ),
    ],
)
def test_without_a_search_of_the_passages_nothing_is_found(small_library, embedder, weights):
    assert search(small_library, embedder, "notice", weights) == []


@pytest.mark.parametrize(
    ("cosine", "heading"),
    [
        pytest.param(-0.2, 0, id="unlike"),
        pytest.param(0.5, 0, id="hardly-like"),
        pytest.param(0.65, HYBRID.heading / 2, id="halfway"),
        pytest.param(0.8, HYBRID.heading, id="what-is-asked"),
        pytest.param(1.0, HYBRID.heading, id="the-question-itself"),
    ],
)
def test_a_heading_counts_by_how_well_it_fits_and_the_others_share_the_rest(cosine, heading):
    weights = HYBRID.where_best_heading(cosine)
    assert weights.heading == pytest.approx(heading)
    assert weights.dense + weights.lexical + weights.heading == pytest.approx(1)
    assert weights.dense / weights.lexical == pytest.approx(HYBRID.dense / HYBRID.lexical)
