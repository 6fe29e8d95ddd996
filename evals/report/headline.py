"""The verdict, and the figures that it rests on."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from evals.gate import Baseline, complaints
from evals.metrics import METRICS
from evals.record import Figure, Record
from evals.tables import interval, number


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    passing: int
    asked: int
    digest: str
    """Its first characters."""
    model: str
    writer: str
    """Who words the answers; empty when nothing was answered."""
    when: str
    versions: dict[str, Any]
    """Of the libraries; of the model, what makes its vectors what they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A metric's figure over one half of the questions, ready to be shown."""

    value: str
    interval: str
    floor: str
    n: int
    verdict: str
    """`holds`, `falls`, or `free` where there is no floor."""
    differs: bool
    at: float | None
    """Where the value lies on a scale from 0 to 1, in percent; what lies outside is at its end."""
    band: tuple[float, float] | None
    """Left end and width of the interval on the same scale."""
    floor_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    name: str
    better: str
    open: Reading
    held_out: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table of all metrics."""

    name: str
    better: str
    gated: bool
    open: Reading
    held_out: Reading
    baselines: tuple[str, ...]


def headline(run: Record) -> Headline:
    writers = (row.answer["writer"] for row in run.questions if row.answer)
    return Headline(
        passing=sum(row.passed for row in run.questions),
        asked=len(run.questions),
        digest=run.digest[:12],
        model=run.embedding.model,
        writer=next(writers, ""),
        when=f"{datetime.fromisoformat(run.times.started).astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        versions=run.versions
        | {f"model {k}".replace("_", " "): v for k, v in asdict(run.embedding).items()},
    )


def tiles(run: Record) -> list[Tile]:
    """Return the gated metrics, in the order of their registry."""
    gated = (name for name, metric in METRICS.items() if metric.gated and name in run.metrics)
    return [
        Tile(
            name=plain_name(name),
            better=METRICS[name].better,
            open=_reading(name, run.metrics[name]),
            held_out=_reading(name, run.holdout[name]),
        )
        for name in gated
    ]


def table(run: Record) -> list[Line]:
    return [
        Line(
            name=plain_name(name),
            better=metric.better,
            gated=metric.gated,
            open=_reading(name, run.metrics[name]),
            held_out=_reading(name, run.holdout[name]),
            baselines=tuple(number(b.get(name), name) for b in run.baselines.values()),
        )
        for name, metric in METRICS.items()
        if name in run.metrics
    ]


def plain_name(metric: str) -> str:
    return metric.replace("_", " ").replace(" at ", "@")


def _reading(name: str, figure: Figure) -> Reading:
    band = None
    if figure.low is not None and figure.high is not None:
        band = (_percent(figure.low), round(_percent(figure.high) - _percent(figure.low), 1))
    return Reading(
        value=number(figure.value, name),
        interval=interval(figure.model_dump(), name),
        floor=number(figure.floor, name),
        n=figure.n,
        verdict=_verdict(name, figure),
        differs=bool(figure.differs),
        at=None if figure.value is None else _percent(figure.value),
        band=band,
        floor_at=None if figure.floor is None else _percent(figure.floor),
    )


def _verdict(name: str, figure: Figure) -> str:
    """Ask the gate about this figure alone, so that the report never judges otherwise."""
    if figure.floor is None:
        return "free"
    alone = Baseline(digest="", floors={name: figure.floor})
    return "falls" if complaints(alone, digest="", scores={name: figure.value}) else "holds"


def _percent(value: float) -> float:
    return round(100 * min(1.0, max(0.0, value)), 1)
