"""Answer or refuse: a calibrated probability that the library covers a question."""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from pincite.glossary import in_standard_terms
from pincite.library import Library
from pincite.retrieval import Hit
from pincite.words import content_words

HEADINGS = 10
"""Passages whose headings are compared with a short question."""
SHORT = 4
"""Content words of a short question: of so few a cosine knows little, and a heading much."""
NAMED = 0.5
"""Share of a short question's words, by weight, from which a heading is about it."""


def features(question: str, hits: Sequence[Hit], library: Library) -> dict[str, float]:
    """Measure how well a question is covered.

    `similarity`: the best cosine. `known`: the share of the question's content words, weighted by
    how rare they are in the library, that the library holds anywhere. What else was tried, and why
    it was left out: docs/decisions/004-gate.md.
    """
    holders = library.words.holders(content_words(in_standard_terms(question)))
    weights = {word: rarity(ordinals, library) for word, ordinals in holders.items()}
    known = sum(weight for word, weight in weights.items() if holders[word])
    return {
        "similarity": max((hit.similarity for hit in hits), default=0.0),
        "known": known / sum(weights.values()) if weights else 0.0,
    }


def is_heading(question: str, hits: Sequence[Hit], library: Library) -> bool:
    """Whether a short question is about what stands over one of the best passages.

    `Should I take a secondment?`: the model hardly knows the word, and three headings have it.
    """
    if len(content_words(question)) > SHORT:
        return False
    holders = library.words.holders(content_words(in_standard_terms(question)))
    weights = {word: rarity(ordinals, library) for word, ordinals in holders.items()}
    return named_in_heading(weights, hits[:HEADINGS], library) >= NAMED


def rarity(holders: Collection[int], library: Library) -> float:
    """Weigh a word by how few passages of the library hold it.

    Source: inverse document frequency, Spärck Jones 1972.
    """
    return math.log(1 + len(library.passages) / (1 + len(holders)))


def named_in_heading(weights: Mapping[str, float], hits: Sequence[Hit], library: Library) -> float:
    """Return the largest share of the words that the title and heading over one passage hold."""
    if not weights or not hits:
        return 0.0
    holders = {word: library.words.passages_with(word, in_heading=True) for word in weights}
    shares = (sum(w for word, w in weights.items() if h.ordinal in holders[word]) for h in hits)
    return max(shares) / sum(weights.values())


def answerability(measured: Mapping[str, float]) -> float:
    """Return the probability, 0 to 1, that the library answers the question."""
    model = fitted()
    total = model["intercept"] + sum(
        weight * measured[name] for name, weight in model["weights"].items()
    )
    return 1 / (1 + math.exp(-total))


@cache
def fitted() -> Mapping[str, Any]:
    """Read the weights and the threshold; `python -m evals fit` writes them."""
    model: Mapping[str, Any] = json.loads(files(__package__).joinpath("gate.json").read_text())
    return model
