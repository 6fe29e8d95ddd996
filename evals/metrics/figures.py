"""What a metric is: a row of numbers for each question, and the figure that a set of rows gives."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from evals.outcome import Outcome

Better = Literal["higher", "lower"]
Row = tuple[float, ...]
Rows = npt.NDArray[np.float64]
"""One row for each question that the metric is about."""
Draws = npt.NDArray[np.float64]
"""A figure, or the difference of two, for other draws of the questions."""

RESAMPLES: Final = 1000
CONFIDENCE: Final = 0.95
SEED: Final = 20260101
"""The same draws every time: two runs of the same commit give the same intervals."""


def average(rows: Rows) -> float:
    return float(rows[:, 0].mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    better: Better
    row: Callable[[Outcome], Row | None]
    """None for a question that the metric says nothing about."""
    reduce: Callable[[Rows], float] = average
    """NaN where the rows leave the figure undefined."""
    gated: bool = True
    """Timings are shown and never gated: they tell more of the machine than of the change."""
    exact: bool = False
    """An invariant, for which no noise is allowed."""

    def rows(self, outcomes: Iterable[Outcome]) -> Rows:
        return as_rows(row for o in outcomes if (row := self.row(o)) is not None)


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with its bootstrap interval; all None when there was nothing to measure."""

    value: float | None
    n: int
    """Questions that the value comes from."""
    low: float | None = None
    high: float | None = None


def as_rows(rows: Iterable[Row]) -> Rows:
    return np.array(list(rows), dtype=np.float64)


def measure(metric: Metric, outcomes: Sequence[Outcome], *, interval: bool = True) -> Measured:
    """Return a metric's figure, with its 95 % interval when asked."""
    rows = metric.rows(outcomes)
    value = metric.reduce(rows) if len(rows) else np.nan
    if np.isnan(value):
        return Measured(None, len(rows))
    low, high = interval_of(draws(metric.reduce, rows)) if interval else (None, None)
    return Measured(float(value), len(rows), low, high)


def draws(figure: Callable[[Rows], float], rows: Rows, *, seed: int = SEED) -> Draws:
    """Return what a figure would be had other questions of the same kind been asked.

    Rows are drawn whole, with replacement, so that a question's citations stay together. Draws
    that leave the figure undefined are left out. Of rows that are all alike the bootstrap knows no
    doubt, however few they are.

    Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", ch. 13; for retrieval,
    Sakai 2006, "Evaluating evaluation metrics based on the bootstrap".
    """
    if len(rows) < 2:
        return np.zeros(0)
    choices = np.random.default_rng(seed).integers(len(rows), size=(RESAMPLES, len(rows)))
    drawn: Draws = np.array([figure(rows[numbers]) for numbers in choices])
    return drawn[~np.isnan(drawn)]


def interval_of(drawn: Draws) -> tuple[float | None, float | None]:
    """Return the 95 % percentile interval; None twice where nothing could be drawn."""
    if not len(drawn):
        return None, None
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(drawn, [tail, 100 - tail])
    return float(low), float(high)


def excludes_zero(drawn: Draws) -> bool:
    """Whether a difference is more than the choice of questions explains."""
    low, high = interval_of(drawn)
    return low is not None and high is not None and not low <= 0 <= high


def differ(metric: Metric, some: Sequence[Outcome], others: Sequence[Outcome]) -> bool:
    """Whether two different sets of questions give different figures, beyond their intervals."""
    first = draws(metric.reduce, metric.rows(some))
    second = draws(metric.reduce, metric.rows(others), seed=SEED + 1)
    n = min(len(first), len(second))
    return excludes_zero(first[:n] - second[:n])
