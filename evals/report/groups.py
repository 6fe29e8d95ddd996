"""Figures by topic, class and style, as tables whose cells are shaded."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from evals.metrics import METRICS
from evals.metrics.figures import measure
from evals.questions import TOPICS, Class, Question, Style
from evals.record import QuestionRecord, Record
from evals.tables import number

COLUMNS: Final = {
    "recall_at_5": "recall @5",
    "vital_nugget_recall": "vital nuggets",
    "citation_precision": "citation precision",
    "false_refusal_rate": "false refusals",
}
"""Metrics of answerable questions, with short names: a phone shows all four beside the group."""

WITH_FALSE_ANSWERS: Final = COLUMNS | {"false_answer_rate": "false answers"}

SHADES: Final = (0.5, 0.7, 0.85, 0.95)
"""Where a cell takes the next shade, on a scale on which 1 is the best."""

NO_TOPIC: Final = "no topic"


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    shade: int | None
    """0 (worst) to 4; None where nothing was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    name: str
    passing: int
    asked: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTable:
    by: str
    columns: tuple[str, ...]
    groups: tuple[Group, ...]


def by_topic(run: Record) -> GroupTable:
    return _table(run, "topic", (*TOPICS, NO_TOPIC), lambda q: q.topic or NO_TOPIC, COLUMNS)


def by_class(run: Record) -> GroupTable:
    return _table(run, "class", get_args(Class), lambda q: q.class_, WITH_FALSE_ANSWERS)


def by_style(run: Record) -> GroupTable:
    return _table(run, "style", get_args(Style), lambda q: q.style, WITH_FALSE_ANSWERS)


def _table(
    run: Record,
    by: str,
    names: Iterable[str],
    name_of: Callable[[Question], str],
    columns: dict[str, str],
) -> GroupTable:
    """Group the questions, in the order of `names`; a name without a question is left out."""
    members: dict[str, list[QuestionRecord]] = {name: [] for name in names}
    for row in run.questions:
        members[name_of(row.question)].append(row)
    groups = (_group(name, rows, columns) for name, rows in members.items() if rows)
    return GroupTable(by=by, columns=tuple(columns.values()), groups=tuple(groups))


def _group(name: str, rows: Sequence[QuestionRecord], metrics: Iterable[str]) -> Group:
    return Group(
        name=name,
        passing=sum(row.passed for row in rows),
        asked=len(rows),
        cells=tuple(_cell(metric, rows) for metric in metrics),
    )


def _cell(name: str, rows: Sequence[QuestionRecord]) -> Cell:
    metric = METRICS[name]
    value = measure(metric, [row.outcome for row in rows], interval=False).value
    if value is None:
        return Cell(number(None, name), None)
    worth = value if metric.better == "higher" else 1 - value
    return Cell(number(value, name), sum(worth >= border for border in SHADES))
