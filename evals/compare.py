"""Two saved runs side by side: which figures moved, and which questions changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.errors import RunFileError
from evals.gate import HOLDOUT, NOISE
from evals.metrics import METRICS


class SavedFigure(BaseModel):
    model_config = ConfigDict(extra="ignore")

    value: float | None
    better: str


class SavedQuestion(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    passed: bool
    why: str


class SavedRun(BaseModel):
    """What a comparison needs of `python -m evals --json`."""

    model_config = ConfigDict(extra="ignore")

    digest: str | None = None
    metrics: dict[str, SavedFigure]
    holdout: dict[str, SavedFigure] = Field(default_factory=dict)
    questions: list[SavedQuestion]


def read_run(path: Path) -> SavedRun:
    """Read a saved run.

    Raises:
        RunFileError: there is no such file, or it is something else.
    """
    try:
        return SavedRun.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RunFileError(
            f"There is no run in {path}. Save one with: python -m evals --json > {path}"
        ) from error
    except (ValidationError, UnicodeDecodeError, OSError) as error:
        raise RunFileError(
            f"{path} is not what `python -m evals --json` writes: {str(error).splitlines()[0]}"
        ) from error


def compare(before: SavedRun, after: SavedRun) -> dict[str, Any]:
    """Return the change of every figure, and the questions that pass in one of the runs only."""
    old, new = _all_figures(before), _all_figures(after)
    return {
        "same_data": before.digest == after.digest,
        "metrics": {name: _change(name, old.get(name), new.get(name)) for name in {**old, **new}},
        "questions": list(_changed_questions(before, after)),
    }


def _all_figures(run: SavedRun) -> dict[str, SavedFigure]:
    return {**run.metrics, **{f"{HOLDOUT}{name}": f for name, f in run.holdout.items()}}


def _change(name: str, old: SavedFigure | None, new: SavedFigure | None) -> dict[str, Any]:
    before, after = (figure.value if figure else None for figure in (old, new))
    change = None if before is None or after is None else after - before
    metric = METRICS.get(name.removeprefix(HOLDOUT))
    better = (new or old or SavedFigure(value=None, better="higher")).better
    meaning = verdict(change, better=better, gated=metric is None or metric.gated)
    return {"before": before, "after": after, "change": change, "verdict": meaning}


def verdict(change: float | None, *, better: str, gated: bool) -> str:
    """Say in a word what a change means; within noise, and for timings, it means nothing."""
    if change is None or not gated or abs(change) <= NOISE:
        return ""
    return "better" if (change > 0) == (better == "higher") else "worse"


def _changed_questions(before: SavedRun, after: SavedRun) -> Iterator[dict[str, str]]:
    old = {question.id: question for question in before.questions}
    new = {question.id: question for question in after.questions}
    for id_ in {**old, **new}:
        if id_ not in new:
            yield {"id": id_, "change": "no longer asked", "why": ""}
        elif id_ not in old:
            result = "passes" if new[id_].passed else "fails"
            yield {"id": id_, "change": f"new, {result}", "why": new[id_].why}
        elif old[id_].passed != new[id_].passed:
            result = "passes now" if new[id_].passed else "fails now"
            yield {"id": id_, "change": result, "why": new[id_].why}
