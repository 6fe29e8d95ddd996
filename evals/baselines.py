"""Simpler systems on the same published documents: a number without a baseline says nothing."""

from collections.abc import Callable, Sequence
from statistics import fmean
from typing import Final

from ir_measures import R, nDCG

from evals.beir import BeirSet
from evals.metrics.ranking import ranking_scores
from pincite.embedding import Embedder
from pincite.library import Library
from pincite.retrieval import BM25_ONLY, DENSE_ONLY, Hit, Retriever, Weights

DEPTH: Final = 10
"""Different documents that a ranking holds, where there are as many."""
POOL: Final = 200
"""Passages of each single search whose documents are ranked."""
RRF_K: Final = 60
PLAIN_FUSION: Final = Weights(dense=0.7, lexical=0.3, heading=0)

Grouped = Callable[[Sequence[Hit]], list[str]]
"""From passages to the documents that they belong to, by the best passage, best first."""


def baseline_figures(
    data: BeirSet, library: Library, embedder: Embedder, grouped: Grouped
) -> dict[str, dict[str, float]]:
    """Return nDCG@10 and recall@10 of four systems by name.

    BM25 has the same query as the product, with its phrases; the fusion is of scores scaled to
    0-1 as the product does it, without headings.
    """
    rankers = {
        name: Retriever(library, embedder, weights)
        for name, weights in (
            ("dense", DENSE_ONLY),
            ("bm25", BM25_ONLY),
            ("weighted_fusion", PLAIN_FUSION),
        )
    }
    asked = [query for query in data.queries if query.id in data.grades]
    ranked = {
        name: {q.id: grouped(ranker.search(q.text, k=POOL)) for q in asked}
        for name, ranker in rankers.items()
    }
    ranked["rrf"] = {
        q.id: reciprocal_rank_fusion([ranked["dense"][q.id], ranked["bm25"][q.id]]) for q in asked
    }
    return {
        name: {
            label: fmean(ranking_scores(measure, relevant=data.grades, ranked=found).values())
            for label, measure in (("ndcg10", nDCG @ DEPTH), ("recall10", R @ DEPTH))
        }
        for name, found in ranked.items()
    }


def reciprocal_rank_fusion(rankings: Sequence[Sequence[str]]) -> list[str]:
    """Order documents by the sum of 1 / (60 + rank).

    Source: Cormack, Clarke and Büttcher 2009, "Reciprocal Rank Fusion outperforms Condorcet".
    """
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, document in enumerate(ranking, start=1):
            scores[document] = scores.get(document, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores, key=lambda document: -scores[document])
