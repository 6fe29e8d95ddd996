"""Refusal: what is answered off the point, what is refused for nothing, and in which order."""

from typing import Final

import numpy as np
import numpy.typing as npt
from ir_measures import Success

from evals.metrics.figures import Row, Rows
from evals.metrics.ranking import ranking_score
from evals.outcome import Outcome
from pincite.words import words_in

NEVER: Final = -1.0
"""Answerability of a crash: less than any probability."""


def false_answer_row(outcome: Outcome, *, class_: str | None = None) -> Row | None:
    """An unanswerable question is to be refused plainly, without any citation.

    Source: Rajpurkar et al. 2018, "Know What You Don't Know" (SQuAD 2.0).
    """
    if outcome.answerable or class_ not in {None, outcome.class_}:
        return None
    return (float(outcome.status != "refused" or bool(outcome.cited)),)


def false_refusal_row(outcome: Outcome) -> Row | None:
    """An answerable question is to be answered. Source: see `false_answer_row`."""
    return (float(outcome.status != "answered"),) if outcome.answerable else None


def tells_what_is_uncovered(outcome: Outcome) -> bool:
    """Whether an answer names what it leaves open, all of it and nothing else.

    The words named may hold more than those expected: a story before them, or an "also".
    """
    if outcome.uncovered is None:
        return not outcome.told_uncovered
    wanted = set(words_in(outcome.uncovered))
    return len(outcome.told_uncovered) == 1 and wanted <= set(words_in(outcome.told_uncovered[0]))


def told_row(outcome: Outcome) -> Row | None:
    """A half-covered question is to be answered, and the rest of it named as not covered."""
    if outcome.uncovered is None:
        return None
    return (float(outcome.status == "answered" and tells_what_is_uncovered(outcome)),)


def label_row(outcome: Outcome) -> Row:
    """Return whether a question has an answer, and how likely the gate thinks that is."""
    return float(outcome.answerable), _answerability(outcome)


def auroc(rows: Rows) -> float:
    """Chance that an answerable question is held for likelier than an unanswerable one: 0 to 1.

    Source: Hanley and McNeil 1982, "The meaning and use of the area under a ROC curve"; counted
    here because the bootstrap asks a thousand times.
    """
    answerable = rows[:, 0] == 1
    likely, unlikely = rows[answerable, 1], np.sort(rows[~answerable, 1])
    if not len(likely) or not len(unlikely):
        return float("nan")
    below, not_above = (np.searchsorted(unlikely, likely, side=s) for s in ("left", "right"))
    return float((below + not_above).mean() / (2 * len(unlikely)))


def risk_row(outcome: Outcome) -> Row:
    """Return the answerability, and whether an answer would be wrong however it is written.

    It would: the library has no answer, or nothing expected is among the first five sections.
    """
    found = outcome.answerable and ranking_score(Success @ 5, outcome.grades, outcome.ranked)
    return _answerability(outcome), float(not found)


def risk_coverage(rows: Rows) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return coverage and risk, both 0 to 1, at every threshold, from the strictest on.

    Coverage is the share of all questions answered, risk the share of these that is wrong. Ties
    are one threshold: no gate can tell them apart.

    Source: El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective Classification".
    """
    order = np.argsort(-rows[:, 0], kind="stable")
    scores, wrong = rows[order, 0], rows[order, 1]
    answered = np.arange(1, len(rows) + 1)
    last_of_tie = np.append(scores[1:] != scores[:-1], True)
    return (answered / len(rows))[last_of_tie], (np.cumsum(wrong) / answered)[last_of_tie]


def area_under_risk(rows: Rows) -> float:
    """Return the mean risk over all coverages: 0 to 1, lower is better.

    Source: Geifman, Uziel and El-Yaniv 2019, "Bias-Reduced Uncertainty Estimation" (AURC).
    """
    coverage, risk = risk_coverage(rows)
    widths = np.diff(coverage, prepend=0.0)
    return float((widths * risk).sum())


def _answerability(outcome: Outcome) -> float:
    return NEVER if outcome.answerability is None else outcome.answerability
