"""Whether a claim is about the words it quotes, and does not say their opposite."""

import json
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pincite.answering.checking.clauses import clauses
from pincite.answering.checking.polarity import contradictions, generalises
from pincite.answering.checking.stems import stem
from pincite.embedding import Embedder, Vectors
from pincite.words import content_words

Judgement = Literal["about", "against", "whole"]


class Surroundings:
    """The sentences of this turn's sources, of which a claim quotes some.

    A claim whose quote is the wrong one is mostly nearer to another of these sentences: that tells
    more than any similarity does alone.
    """

    def __init__(self, sentences: Sequence[str], embedder: Embedder) -> None:
        self.sentences = sentences
        self._embedder = embedder
        self._clauses: dict[int, Vectors] = {}

    @cached_property
    def _vectors(self) -> Vectors:
        """Of all sentences: embedded at the first claim, so that each claim costs its own only."""
        return self._embedder.embed_documents(self.sentences)

    @cached_property
    def _stems(self) -> Sequence[frozenset[str]]:
        return [frozenset(map(stem, content_words(text))) for text in self.sentences]

    @cached_property
    def _holders(self) -> Counter[str]:
        return Counter(found for stems in self._stems for found in stems)

    def is_about(self, claim: str, quoted: Collection[int]) -> bool:
        """Whether a claim is about the quoted sentences, which go by their number."""
        return probability("about", self.measured(claim, quoted)) >= threshold("about")

    def is_against(self, claim: str, quoted: Collection[int]) -> bool:
        """Whether a claim says the opposite of a sentence that it quotes, or more."""
        measured = (contradictions(claim, self.sentences[row]) for row in quoted)
        if generalises(claim, " ".join(self.sentences[row] for row in quoted)):
            return True
        return any(probability("against", cues) >= threshold("against") for cues in measured)

    def is_whole(self, claim: str, quoted: Collection[int]) -> bool:
        """Whether each clause of a claim stands in the quoted sentences, not one of them only."""
        return probability("whole", self.measured_by_clause(claim, quoted)) >= threshold("whole")

    def measured(self, claim: str, quoted: Collection[int]) -> dict[str, float]:
        """Measure how well a claim fits the quoted sentences.

        `similarity`: the best cosine. `coverage`: the share of the claim's words that they hold,
        rare ones counting most. `nearer`, `fuller`: by how much any other sentence has more of it.
        """
        rows = sorted(quoted)
        others = [row for row in range(len(self.sentences)) if row not in quoted]
        cosines: npt.NDArray[np.float32] = (
            self._vectors @ self._embedder.embed_documents([claim])[0]
        )
        words = [stem(word) for word in content_words(claim)]
        similarity = float(cosines[rows].max())
        coverage = self._coverage(words, rows)
        return {
            "similarity": similarity,
            "coverage": coverage,
            "nearer": max([similarity, *map(float, cosines[others])]) - similarity,
            "fuller": max([coverage, *(self._coverage(words, [o]) for o in others)]) - coverage,
        }

    def measured_by_clause(self, claim: str, quoted: Collection[int]) -> dict[str, float]:
        """Measure how well the clause of a claim that fits the quoted sentences least does.

        `clause_similarity`: its best cosine with any of their clauses, or with one of them whole.
        `clause_coverage`: the share of its words that they hold; beside the `coverage` of the whole
        claim, as where all is reworded a clause may be. `new`: the most that a clause has of words
        which they do not hold, rare ones counting up to 1. `new_run`: the same of words that follow
        each other, wherever a clause ends.
        """
        rows = sorted(quoted)
        parts = clauses(claim)
        stems = [[stem(word) for word in content_words(part)] for part in parts]
        in_order = [stem(word) for part in parts for word in content_words(part)]
        return {
            "clause_similarity": self._least_similar(parts, rows),
            "clause_coverage": min(
                (self._coverage(words, rows) for words in stems if words), default=0.0
            ),
            "coverage": self._coverage(list(dict.fromkeys(in_order)), rows),
            "new": max((sum(self._news(words, rows)) for words in stems), default=0.0),
            "new_run": _longest_run(self._news(in_order, rows)),
        }

    def _least_similar(self, parts: Sequence[str], rows: Sequence[int]) -> float:
        for row in rows:
            if row not in self._clauses:
                own = self._embedder.embed_documents(clauses(self.sentences[row]))
                self._clauses[row] = np.vstack([self._vectors[row], own])
        quoted = np.vstack([self._clauses[row] for row in rows])
        cosines = self._embedder.embed_documents(parts) @ quoted.T
        return float(cosines.max(axis=1).min())

    def _news(self, words: Sequence[str], rows: Sequence[int]) -> list[float]:
        """Return for each word 0 where the rows hold it, else how rare it is among all, to 1."""
        rarest = math.log(1 + len(self.sentences))
        return [0.0 if self._is_held(w, rows) else self._weight(w) / rarest for w in words]

    def _coverage(self, words: Sequence[str], rows: Sequence[int]) -> float:
        weights = [self._weight(word) for word in words]
        held = (self._is_held(word, rows) for word in words)
        total = sum(weights)
        return sum(w for w, h in zip(weights, held, strict=True) if h) / total if total else 0.0

    def _weight(self, word: str) -> float:
        return math.log(1 + len(self.sentences) / (1 + self._holders[word]))

    def _is_held(self, word: str, rows: Sequence[int]) -> bool:
        return any(word in self._stems[row] for row in rows)


def _longest_run(news: Iterable[float]) -> float:
    """Return the greatest sum of neighbours without a nought between them."""
    longest = run = 0.0
    for new in news:
        run = run + new if new else 0.0
        longest = max(longest, run)
    return longest


def threshold(judgement: Judgement) -> float:
    """Return the probability from which a claim is about its quotes, or against them."""
    return float(fitted()[judgement]["threshold"])


def probability(judgement: Judgement, measured: Mapping[str, float]) -> float:
    """Return what the fitted model makes of what was measured, 0 to 1."""
    model = fitted()[judgement]
    total = model["intercept"] + sum(
        weight * measured[name] for name, weight in model["weights"].items()
    )
    return 1 / (1 + math.exp(-total))


@cache
def fitted() -> Mapping[str, Any]:
    """Read weights and thresholds; `python -m evals support --fit` writes them."""
    model: Mapping[str, Any] = json.loads(files(__package__).joinpath("support.json").read_text())
    return model
