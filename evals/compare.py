"""Two saved runs side by side: which figures moved, and which questions changed."""

from collections.abc import Iterator, Mapping
from typing import Any

from evals.metrics import METRICS, Metric
from evals.metrics.figures import as_rows, draws, excludes_zero, interval_of, measure
from evals.outcome import Outcome
from evals.record import Record


def compare(before: Record, after: Record) -> dict[str, Any]:
    """Return the change of every figure, and the questions that pass in one of the runs only.

    Figures are compared on the questions that both runs asked, all of them, held out or not. A
    change counts when its 95 % interval excludes 0: a paired bootstrap over the questions (Efron
    and Tibshirani 1993, ch. 16), which sees that most questions did not change.
    """
    old, new = before.outcomes(), after.outcomes()
    asked_twice = [id_ for id_ in old if id_ in new]
    pairs = [(old[id_], new[id_]) for id_ in asked_twice]
    return {
        "same_data": before.digest == after.digest,
        "asked_twice": len(pairs),
        "metrics": {name: change(metric, pairs) for name, metric in METRICS.items()},
        "questions": list(_changed_questions(before, after)),
    }


def change(metric: Metric, pairs: list[tuple[Outcome, Outcome]]) -> dict[str, Any]:
    """Return a figure before and after, the difference with its interval, and what it means."""
    before, after = (measure(metric, [p[i] for p in pairs], interval=False) for i in (0, 1))
    if before.value is None or after.value is None:
        values = {"before": before.value, "after": after.value}
        return values | {"change": None, "low": None, "high": None, "verdict": ""}
    rows = [(metric.row(old), metric.row(new)) for old, new in pairs]
    both = [(old, new) for old, new in rows if old is not None and new is not None]
    width = len(both[0][0]) if both else 0
    drawn = draws(
        lambda drawn: metric.reduce(drawn[:, width:]) - metric.reduce(drawn[:, :width]),
        as_rows((*old, *new) for old, new in both),
    )
    low, high = interval_of(drawn)
    difference = after.value - before.value
    meaning = ""
    if metric.gated and excludes_zero(drawn):
        meaning = "better" if (difference > 0) == (metric.better == "higher") else "worse"
    return {
        "before": before.value,
        "after": after.value,
        "change": difference,
        "low": low,
        "high": high,
        "verdict": meaning,
    }


def _changed_questions(before: Record, after: Record) -> Iterator[dict[str, str]]:
    old, new = _verdicts(before), _verdicts(after)
    for id_ in {**old, **new}:
        if id_ not in new:
            yield {"id": id_, "change": "no longer asked", "why": ""}
        elif id_ not in old:
            result = "fails" if new[id_] else "passes"
            yield {"id": id_, "change": f"new, {result}", "why": new[id_]}
        elif bool(old[id_]) != bool(new[id_]):
            result = "fails now" if new[id_] else "passes now"
            yield {"id": id_, "change": result, "why": new[id_]}


def _verdicts(run: Record) -> Mapping[str, str]:
    """Return why each question fails; nothing for one that passes."""
    return {row.question.id: row.why for row in run.questions}
