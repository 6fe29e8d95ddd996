"""Follow-ups: how much of what the dialogue adds reaches the search."""

from typing import Final

from ir_measures import nDCG

from evals.metrics.figures import Row, Rows
from evals.metrics.ranking import ranking_score
from evals.outcome import Outcome

WITH_HISTORY, ALONE, REWRITTEN = 0, 1, 2
"""Columns of `follow_up_row`."""
LEAST_GAP: Final = 0.01
"""Below this the dialogue adds nothing that a share could be taken of."""


def follow_up_row(outcome: Outcome) -> Row | None:
    """Return nDCG@10 with the dialogue, of the last turn alone, and of the perfect rewrite.

    Source: Elgohary, Peskov and Boyd-Graber 2019, "Can You Unpack That?" (CANARD).
    """
    if outcome.follow_up is None:
        return None
    rankings = (outcome.ranked, outcome.follow_up.alone, outcome.follow_up.rewritten)
    return tuple(ranking_score(nDCG @ 10, outcome.grades, ranked) for ranked in rankings)


def gap_closed(rows: Rows) -> float:
    """Share of the way from the last turn alone to the perfect rewrite; NaN without a way to go.

    Below 0 the dialogue does harm; above 1 the product beats the rewrite.
    """
    product, alone, rewritten = rows.mean(axis=0)
    gap = rewritten - alone
    return float((product - alone) / gap) if gap >= LEAST_GAP else float("nan")


def shortfall(rows: Rows) -> float:
    """How far nDCG@10 stays below that of the perfect rewrite; never below 0."""
    means = rows.mean(axis=0)
    return float(max(0.0, means[REWRITTEN] - means[WITH_HISTORY]))
