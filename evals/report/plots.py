"""What is rather looked at than read: the risk-coverage curve and the histograms, as geometry."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

import numpy as np

from evals.metrics.figures import as_rows
from evals.metrics.refusal import risk_coverage, risk_row
from evals.outcome import Outcome
from evals.record import Record

LEFT, TOP, WIDTH, HEIGHT = 40, 10, 300, 180
"""Of the curve's frame, in the units of the drawing, which are about pixels on a phone."""

LATER, NOT_FOUND = "11 or later", "not found"
RANKS: Final = ("1", "2", "3", "4", "5", "6–10", LATER, NOT_FOUND)
BINS: Final = 8
"""About as many latency bins below the 95th percentile; all slower ones share one."""


@dataclass(frozen=True, slots=True)
class Tick:
    at: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Risk over coverage, as the points of an SVG line."""

    points: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    coverage: float
    """Share of the questions that the product answered."""
    risk: float | None
    """Share of these that is wrong; None when nothing was answered."""
    x: str
    y: str
    """Where the product stands."""
    first: tuple[float, float]
    last: tuple[float, float]
    """Coverage and risk at both ends of the line."""


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    count: int
    share: float
    """Of the longest bar, in percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    title: str
    caption: str
    of: str
    """What the labels are."""
    bars: tuple[Bar, ...]


def risk_curve(run: Record) -> Curve | None:
    """Draw the curve of all questions; None without a question."""
    outcomes = list(run.outcomes().values())
    if not outcomes:
        return None
    coverage, risk = (values.tolist() for values in risk_coverage(as_rows(map(risk_row, outcomes))))
    answered, wrong = _operating_point(outcomes)
    top = max(0.1, ceil(10 * max([*risk, wrong or 0.0])) / 10)
    return Curve(
        points=" ".join(f"{_x(c)},{_y(r / top)}" for c, r in zip(coverage, risk, strict=True)),
        across=tuple(Tick(_x(n / 4), f"{n / 4:g}") for n in range(5)),
        up=tuple(Tick(_y(n / 2), f"{top * n / 2:.2f}") for n in range(3)),
        coverage=answered,
        risk=wrong,
        x=_x(answered),
        y=_y((wrong or 0.0) / top),
        first=(coverage[0], risk[0]),
        last=(coverage[-1], risk[-1]),
    )


def _operating_point(outcomes: Sequence[Outcome]) -> tuple[float, float | None]:
    """Return coverage and risk of what was really answered, as the curve counts them."""
    answered = [o for o in outcomes if o.status == "answered"]
    risk = float(np.mean([risk_row(o)[1] for o in answered])) if answered else None
    return len(answered) / len(outcomes), risk


def _x(share: float) -> str:
    return f"{LEFT + WIDTH * share:.1f}"


def _y(share: float) -> str:
    return f"{TOP + HEIGHT * (1 - share):.1f}"


def ranks(run: Record) -> Histogram:
    """Count at which rank the first vital section of each answerable question was found."""
    found = Counter(_rank(o) for o in run.outcomes().values() if o.answerable)
    return Histogram(
        title="Where the first vital section was found",
        caption="Each answerable question counts once; the more of them at rank 1, the better.",
        of="rank",
        bars=_bars((label, found[label]) for label in RANKS),
    )


def _rank(outcome: Outcome) -> str:
    found = (n for n, section in enumerate(outcome.ranked, start=1) if section in outcome.vital)
    rank = next(found, None)
    if rank is None:
        return NOT_FOUND
    if rank > 10:
        return LATER
    return str(rank) if rank <= 5 else "6–10"


def latencies(run: Record) -> Histogram:
    """Count the questions by the time that retrieval and gate took."""
    times = [o.milliseconds for o in run.outcomes().values() if o.milliseconds is not None]
    return Histogram(
        title="How long retrieval and gate took",
        caption="Questions by milliseconds; the last bar holds the slowest. Crashes are left out.",
        of="milliseconds",
        bars=_bars(_by_time(times)) if times else (),
    )


def _by_time(times: Sequence[float]) -> list[tuple[str, int]]:
    width = _round_width(float(np.percentile(times, 95)) / BINS)
    lowest = floor(min(times) / width)
    last = max(lowest, floor(float(np.percentile(times, 95)) / width)) + 1
    found = Counter(min(floor(time / width), last) for time in times)
    return [(_label(n, width, last), found[n]) for n in range(lowest, last + 1)]


def _label(number: int, width: float, last: int) -> str:
    start = f"{number * width:g}"
    return f"{start} or more" if number == last else f"{start}–{(number + 1) * width:g}"


def _round_width(least: float) -> float:
    """Return the next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(max(least, 0.001)))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least)


def _bars(counts: Iterable[tuple[str, int]]) -> tuple[Bar, ...]:
    counts = list(counts)
    longest = max((count for _, count in counts), default=0) or 1
    return tuple(Bar(label, count, round(100 * count / longest, 1)) for label, count in counts)
