"""What a run and a comparison look like on a terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from evals.run import PRODUCT

Document = Mapping[str, Any]
"""A run as `Record.summary` gives it, or another of our JSON documents."""


def run_table(document: Document) -> str:
    """Show the figures with their floors and baselines, what failed and why, and the verdict."""
    baselines = document["baselines"]
    rows = [("metric", "n", "floor", PRODUCT, "95 %", *baselines, "held out", "n", "95 %")]
    for name, figure in document["metrics"].items():
        others = [number(values[name], name) for values in baselines.values()]
        floor, held_out = number(figure["floor"], name), document["holdout"][name]
        rows.append(
            (
                name,
                str(figure["n"]),
                floor,
                *_cells(figure, name),
                *others,
                *_with_n(held_out, name),
            )
        )
    questions = document["questions"]
    failing = [q for q in questions if not q["passed"]]
    lines = [
        aligned(rows),
        "",
        f"{len(questions) - len(failing)} of {len(questions)} questions pass",
        *(f"  {q['id']} ({q['class']}): {q['why']}" for q in failing),
        "",
        *(f"The gate is closed: {complaint}" for complaint in document["complaints"]),
    ]
    return "\n".join(lines if document["complaints"] else [*lines, "The gate is open."])


def _cells(figure: Mapping[str, Any], name: str) -> tuple[str, str]:
    """Show a value and its interval."""
    return number(figure["value"], name), interval(figure, name)


def _with_n(figure: Mapping[str, Any], name: str) -> tuple[str, str, str]:
    """Show a held-out value; `!` where it differs from the open one beyond both intervals."""
    value, between = _cells(figure, name)
    return value, str(figure["n"]), f"{between} !" if figure["differs"] else f"{between}  "


def interval(figure: Mapping[str, Any], name: str) -> str:
    if figure["low"] is None or figure["high"] is None:
        return "-"
    return f"{number(figure['low'], name)}-{number(figure['high'], name)}"


def comparison_table(difference: Document) -> str:
    """Show what `evals.compare.compare` found."""
    rows = [("metric", "before", "after", "change", "95 %", "")]
    for name, change in difference["metrics"].items():
        cells = (number(change[key], name) for key in ("before", "after", "change"))
        rows.append((name, *cells, interval(change, name), change["verdict"]))
    warning = [] if difference["same_data"] else ["The corpora or the questions differ.", ""]
    changed = [f"  {q['id']}: {q['change']}. {q['why']}".rstrip() for q in difference["questions"]]
    return "\n".join([*warning, aligned(rows), "", *(changed or ["No question changed."])])


def number(value: float | None, metric: str) -> str:
    """Show a value with as many digits as it deserves."""
    if value is None:
        return "-"
    return f"{value:.1f}" if metric.endswith(("_ms", "_words")) else f"{value:.3f}"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Set rows of cells in columns: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Iterable[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.rjust(width) if n else cell.ljust(width)
        for n, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join([first, *others]).rstrip()


def bench_table(figures: Document) -> str:
    """Show a benchmark's figures, one a line."""
    return aligned([(name, _plain(value)) for name, value in _flat(figures)])


def _flat(figures: Document) -> Iterator[tuple[str, float | None]]:
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", found) for inner, found in _flat(value))
        else:
            yield name, value


def _plain(value: float | None) -> str:
    if value is None or isinstance(value, int):
        return "-" if value is None else str(value)
    return f"{value:.3f}"
