"""The gate's weights: a logistic model of the questions that are not held out."""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from evals.questions import Question
from pincite.answering import gate
from pincite.answering.assessment import READ, texts_of
from pincite.answering.kinds import missing
from pincite.answering.standalone import standalone_question
from pincite.retrieval import Retriever
from pincite.spelling import Speller

FILE = Path(gate.__file__).with_name("gate.json")
FALSE_ANSWER_COSTS = 3.0
"""A question answered off the point, in questions refused for nothing: trust is lost faster than
patience, but the threshold must not refuse a third of what the library covers."""


def fit(retriever: Retriever, questions: Sequence[Question], *, digest: str) -> dict[str, Any]:
    """Fit weights and threshold to the open questions; the held-out ones are never looked at.

    The weights are written for features as they are measured, not standardised, so that the file
    can be read. The threshold is where false answers, each counted `FALSE_ANSWER_COSTS` times,
    and false refusals together are fewest; in the middle, where several places are as good.
    """
    respelled = Speller(retriever.library).respelled
    asked = [
        (q, text, retriever.search(text))
        for q in questions
        if not q.holdout and q.class_ != "half-covered"  # its halves are judged apart
        for text in [respelled(standalone_question(q.question, q.history))]
    ]
    judged = [
        (q, gate.features(text, hits, retriever.library))
        for q, text, hits in asked
        if missing(q.question, texts_of(hits[:READ], retriever.library)) is None
    ]
    open_questions, measured = [q for q, _ in judged], [features for _, features in judged]
    names = list(measured[0])
    rows = np.array([[row[name] for name in names] for row in measured])
    labels = np.array([q.answerable for q in open_questions])
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(class_weight="balanced").fit(scaler.transform(rows), labels)
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    chances = 1 / (1 + np.exp(-(rows @ weights + intercept)))
    return {
        "intercept": round(intercept, 4),
        "weights": {n: round(float(w), 4) for n, w in zip(names, weights, strict=True)},
        "threshold": round(best_threshold(chances.tolist(), labels.tolist()), 4),
        "fitted_on": {"questions": len(open_questions), "digest": digest},
    }


def best_threshold(chances: Sequence[float], labels: Sequence[bool]) -> float:
    """Return the threshold with the least cost, in the middle of the widest stretch of these."""
    places = sorted({0.0, 1.0, *chances})
    middles = [(low + high) / 2 for low, high in pairwise(places)]
    widths = [high - low for low, high in pairwise(places)]
    costs = [_cost(middle, chances, labels) for middle in middles]
    best = [i for i, cost in enumerate(costs) if cost == min(costs)]
    return middles[max(best, key=lambda i: widths[i])]


def _cost(threshold: float, chances: Sequence[float], labels: Sequence[bool]) -> float:
    pairs = list(zip(chances, labels, strict=True))
    false_answers = sum(chance >= threshold and not label for chance, label in pairs)
    false_refusals = sum(chance < threshold and label for chance, label in pairs)
    return FALSE_ANSWER_COSTS * false_answers + false_refusals


def write(model: dict[str, Any], file: Path = FILE) -> None:
    """Save the gate in its readable form."""
    file.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")
