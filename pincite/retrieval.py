"""Hybrid search: cosines of passage and heading, and BM25, each scaled to 0-1 and weighted."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pincite.embedding import Embedder
from pincite.glossary import in_standard_terms
from pincite.library import Library
from pincite.model import Passage, embedded_text, headings_of
from pincite.reranking import Reranker

Scores = npt.NDArray[np.float64]

POOL: Final = 100
"""Passages that each of the two searches puts forward at least; deeper ones never win."""


RERANKED: Final = 20
"""Passages that a cross-encoder reads, where there is one: each takes it some ten milliseconds."""
RERANKED_SHARE: Final = 0.5
"""What it says in a hit's score: one that was taught on web search may know less of this subject
than the search does, so it does not decide alone."""


HEADING_FITS: Final = (0.5, 0.8)
"""Best cosine of a heading from which headings count, and from which they count in full."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of the three searches in a hit's score; why these: docs/decisions/003-fusion.md."""

    dense: float = 0.765
    lexical: float = 0.235
    heading: float = 0.42
    """Of the whole, which the others share otherwise, where a heading says what is asked; less
    where none does: a question that stands over a section is half its answer, a vague likeness is
    noise.
    """

    def where_best_heading(self, cosine: float) -> "Weights":
        """Return the shares for a question, by the best cosine of a heading."""
        low, high = HEADING_FITS
        heading = self.heading * min(1.0, max(0.0, (cosine - low) / (high - low)))
        return Weights((1 - heading) * self.dense, (1 - heading) * self.lexical, heading)


HYBRID: Final = Weights()
DENSE_ONLY: Final = Weights(dense=1, lexical=0, heading=0)
BM25_ONLY: Final = Weights(dense=0, lexical=1, heading=0)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a question found."""

    passage: Passage
    ordinal: int
    """Number of the passage in its library."""
    score: float
    """What hits are ranked by: 0 to 1, comparable within one search only."""
    similarity: float
    """Cosine similarity to the question, -1 to 1: comparable between questions."""
    bm25: float
    """0 when no word is shared."""


class Retriever:
    """Searches one generation."""

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        weights: Weights = HYBRID,
        reranker: Reranker | None = None,
    ) -> None:
        self.library = library
        self._embedder = embedder
        self._weights = weights
        self._reranker = reranker
        self._asks = np.array(
            [library.section(p.place).is_question for p in library.passages], dtype=bool
        )
        """Passages of opening posts: they ask, so that finding one helps nobody."""
        rows = {id_: row for row, id_ in enumerate(headings_of(library.passages))}
        self._heading = np.array([rows.get(p.section_id, -1) for p in library.passages], dtype=int)
        """For each passage the row of what stands over it; -1, the last row, where nothing does."""

    def search(self, question: str, *, k: int = POOL) -> list[Hit]:
        """Return at most `k` passages, best first; ties in the order of the library.

        Weighted scores, not ranks: rank fusion throws away how sure each side is.
        """
        terms = in_standard_terms(question)
        query = self._embedder.embed_query(terms)
        similarities = self.library.vectors.similarities(query)
        headings = np.append(self.library.headings.similarities(query), 0)[self._heading]
        bm25 = self.library.words.scores(terms)
        pool = self._pool(similarities, bm25, max(k, POOL))
        pool = pool[~self._asks[pool]]
        weights = self._weights.where_best_heading(max(headings[pool], default=0.0))
        fused = weights.dense * scaled(similarities[pool])
        fused += weights.lexical * scaled(bm25[pool])
        fused += weights.heading * scaled(headings[pool])
        if self._reranker and len(pool):
            fused = self._reranked(self._reranker, question, pool, fused)
        best = np.argsort(-fused, kind="stable")[:k]
        return [
            Hit(
                passage=self.library.passages[pool[row]],
                ordinal=int(pool[row]),
                score=float(fused[row]),
                similarity=float(similarities[pool[row]]),
                bm25=float(bm25[pool[row]]),
            )
            for row in best
        ]

    def _reranked(
        self, reranker: Reranker, question: str, pool: npt.NDArray[np.intp], fused: Scores
    ) -> Scores:
        read = np.argsort(-fused, kind="stable")[:RERANKED]
        passages = [self.library.passages[n] for n in pool[read]]
        texts = [embedded_text(self.library.articles[p.article_id], p) for p in passages]
        mixed = (1 - RERANKED_SHARE) * fused
        mixed[read] += RERANKED_SHARE * scaled(reranker.scores(question, texts))
        return mixed

    def _pool(
        self, similarities: npt.NDArray[np.float32], bm25: Scores, depth: int
    ) -> npt.NDArray[np.intp]:
        sides = []
        if self._weights.dense:
            sides.append(np.argsort(-similarities, kind="stable")[:depth])
        if self._weights.lexical:
            words = np.argsort(-bm25, kind="stable")[:depth]
            sides.append(words[bm25[words] > 0])
        return np.unique(np.concatenate(sides)) if sides else np.zeros(0, dtype=np.intp)


def scaled(values: npt.NDArray[np.floating]) -> Scores:
    """Stretch values to 0-1 (min-max); all equal become 0."""
    if not len(values) or values.max() == values.min():
        return np.zeros(len(values))
    result: Scores = (values - values.min()) / (values.max() - values.min())
    return result
