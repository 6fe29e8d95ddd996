"""Answer or refuse: a calibrated probability that the library covers a question."""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from pincite.glossary import in_standard_terms
from pincite.library import Library
from pincite.retrieval import Hit
from pincite.words import content_words

NEARBY = 3


def features(question: str, hits: Sequence[Hit], library: Library) -> dict[str, float]:
    """Measure how well a question is covered.

    `similarity`: the best cosine. `nearby`: the mean of the best three, since what a library covers
    it seldom mentions once. `known`: the share of the question's content words, weighted by how
    rare they are in the library, that the library holds anywhere. How far the best passage stands
    out among the next ones was tried and left out: it falls as a subject is covered better.
    """
    words = content_words(in_standard_terms(question))
    counts = {word: len(library.words.passages_with(word)) for word in words}
    weights = {w: math.log(1 + len(library.passages) / (1 + n)) for w, n in counts.items()}
    known = sum(weights[word] for word, count in counts.items() if count)
    nearest = sorted((hit.similarity for hit in hits), reverse=True)[:NEARBY] or [0.0]
    return {
        "similarity": nearest[0],
        "nearby": sum(nearest) / len(nearest),
        "known": known / sum(weights.values()) if weights else 0.0,
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
