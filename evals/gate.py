"""The gate: floors committed with the data that they belong to, and what stands against a run."""

from collections.abc import Mapping
from math import ceil, floor
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.errors import BaselineError
from evals.metrics import METRICS, Measured, Metric

BASELINE: Final = Path(__file__).parent / "baseline.json"
HOLDOUT: Final = "holdout."
"""Stands before the metrics of the held-out questions."""

NOISE: Final = 0.01
"""How far a score may lie on the wrong side of its floor, or by one question where that is more.

The product answers alike every time on one machine; between processors, whose bf16 and fp32 differ
in the fourth digit, near ties may change places. A question that changes moves a mean over the 207
open answerable questions by 0.005, so that three that are lost close the gate; of the 51 held out
it moves the mean by 0.02, so that it takes two.
"""

DIGITS: Final = 4
"""Decimals of a floor."""

Scores = Mapping[str, float | None]
"""Values by metric; those of the held-out questions begin with `HOLDOUT`."""


class Lowered(BaseModel):
    """A floor that was lowered on purpose."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    before: float
    after: float | None
    """None for a metric that is no longer measured."""
    why: str


class Baseline(BaseModel):
    """The committed floors; where lower is better, a floor is the largest value allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str
    """Of the corpus and the questions; scores of different data are never compared."""
    floors: dict[str, float]
    counts: dict[str, int] = {}
    """Questions behind each floor."""
    lowered: tuple[Lowered, ...] = ()


def read_baseline(path: Path) -> Baseline | None:
    """Return the committed floors; None when nothing was pinned yet.

    Raises:
        BaselineError: the file is not a baseline.
    """
    if not path.exists():
        return None
    try:
        return Baseline.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise BaselineError(
            f"{path} is not a baseline ({error.errors()[0]['msg']}); restore it from git, "
            "or delete it and write it anew with: python -m evals --pin"
        ) from error


def write_baseline(baseline: Baseline, path: Path) -> None:
    path.write_text(baseline.model_dump_json(indent=2) + "\n", encoding="utf-8")


def metric_of(name: str) -> Metric:
    return METRICS[name.removeprefix(HOLDOUT)]


def scores_of(
    measured: Mapping[str, Measured], *, holdout: Mapping[str, Measured]
) -> dict[str, float | None]:
    """Join both halves into what the gate compares; timings and what has no case are left out."""
    halves = {**measured, **{f"{HOLDOUT}{name}": m for name, m in holdout.items()}}
    return {
        name: found.value
        for name, found in halves.items()
        if metric_of(name).gated and found.value is not None
    }


def complaints(baseline: Baseline | None, *, digest: str, scores: Scores) -> list[str]:
    """Return what stands against these scores; an empty list means that the gate is open."""
    if baseline is None:
        return ["there are no floors yet: pin them with `python -m evals --pin`"]
    if digest != baseline.digest:
        return ["the corpus or the questions changed: pin them with `python -m evals --pin`"]
    if unmatched := sorted(scores.keys() ^ baseline.floors.keys()):
        return [f"no counterpart for {unmatched}: pin them with `python -m evals --pin`"]
    return [
        f"{name} is {_shown(scores[name])}, its floor is {least:.3f}"
        for name, least in baseline.floors.items()
        if _is_worse(name, scores[name], than=least, noise=_noise(name, baseline.counts))
    ]


def _shown(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"


def _is_worse(name: str, value: float | None, *, than: float, noise: float) -> bool:
    if value is None:
        return True
    gap = than - value if metric_of(name).better == "higher" else value - than
    return gap > noise


def _noise(name: str, counts: Mapping[str, int]) -> float:
    """Return how far a score may fall: by one question, or by `NOISE` where that is less."""
    if metric_of(name).exact:
        return 0.0
    return max(NOISE, 1 / counts[name]) if counts.get(name) else NOISE


def counts_of(
    measured: Mapping[str, Measured], *, holdout: Mapping[str, Measured]
) -> dict[str, int]:
    """Return how many questions each score of a run comes from."""
    halves = {**measured, **{f"{HOLDOUT}{name}": m for name, m in holdout.items()}}
    return {name: found.n for name, found in halves.items()}


def pinned(
    before: Baseline | None,
    *,
    digest: str,
    scores: Scores,
    why: str | None,
    counts: Mapping[str, int] | None = None,
) -> Baseline:
    """Return the floors of today's scores.

    Raises:
        BaselineError: a floor would fall and `why` gives no reason for it.
    """
    floors = {
        name: _rounded(value, metric_of(name))
        for name, value in scores.items()
        if value is not None
    }
    old = before.floors if before else {}
    lowered = [
        Lowered(metric=name, before=least, after=floors.get(name), why=(why or "").strip())
        for name, least in old.items()
        if name not in floors or _fell(floors[name], least, metric_of(name))
    ]
    if not all(change.why for change in lowered):
        raise BaselineError(
            f"These floors would fall: {', '.join(sorted(change.metric for change in lowered))}. "
            'If that is meant, say why: python -m evals --pin --lower "the reason"'
        )
    kept = before.lowered if before else ()
    return Baseline(
        digest=digest,
        floors=floors,
        counts={name: n for name, n in (counts or {}).items() if name in floors},
        lowered=(*kept, *lowered),
    )


def _rounded(value: float, metric: Metric) -> float:
    """Round so that the value itself is never on the wrong side of its floor."""
    towards = floor if metric.better == "higher" else ceil
    return round(towards(round(value * 10**DIGITS, 6)) / 10**DIGITS, DIGITS)


def _fell(after: float, before: float, metric: Metric) -> bool:
    return after < before if metric.better == "higher" else after > before
