"""Answer or refuse: a calibrated probability that the library covers a question."""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from pincite.library import Library
from pincite.retrieval import Hit
from pincite.words import content_words

LEADING = 3
"""Sections, the best ones, in which the question's words are looked for."""


def features(question: str, hits: Sequence[Hit], library: Library) -> dict[str, float]:
    """Measure how well a question is covered.

    `similarity`: the best cosine. `support`: the mean of the best three cosines. `coverage`: the
    share of the question's content words, weighted by how rare they are in the library, that
    stand in the best sections. `best_coverage`: the same for the best section alone.
    """
    if not hits:
        return {"similarity": 0.0, "support": 0.0, "coverage": 0.0, "best_coverage": 0.0}
    top = sorted((hit.similarity for hit in hits), reverse=True)[:3]
    places = list(dict.fromkeys(hit.passage.place for hit in hits))
    found = {word: library.words.passages_with(word) for word in content_words(question)}
    size = len(library.passages)
    weight = {word: math.log(1 + size / (1 + len(where))) for word, where in found.items()}

    def coverage(leading: int) -> float:
        rows = {row for place in places[:leading] for row in library.rows[place]}
        covered = sum(weight[word] for word, where in found.items() if where & rows)
        return covered / sum(weight.values()) if weight else 0.0

    return {
        "similarity": top[0],
        "support": sum(top) / len(top),
        "coverage": coverage(LEADING),
        "best_coverage": coverage(1),
    }


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
