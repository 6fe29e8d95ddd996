"""What a run and a comparison look like on a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evals.run import PRODUCT

Document = Mapping[str, Any]
"""A run as `evals.run.as_document` makes it, or as it was saved."""


def run_table(document: Document) -> str:
    """Show the figures with their floors and baselines, what failed and why, and the verdict."""
    rows = [("metric", "n", "floor", PRODUCT, *document["baselines"], "held out")]
    for name, figure in document["metrics"].items():
        others = [values[name] for values in document["baselines"].values()]
        held_out = document["holdout"][name]["value"]
        cells = [figure["floor"], figure["value"], *others, held_out]
        rows.append((name, str(figure["n"]), *(number(cell, name) for cell in cells)))
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


def comparison_table(difference: Document) -> str:
    """Show what `evals.compare.compare` found."""
    rows = [("metric", "before", "after", "change", "")]
    for name, change in difference["metrics"].items():
        cells = (number(change[key], name) for key in ("before", "after", "change"))
        rows.append((name, *cells, change["verdict"]))
    warning = [] if difference["same_data"] else ["The corpora or the questions differ.", ""]
    changed = [f"  {q['id']}: {q['change']}. {q['why']}".rstrip() for q in difference["questions"]]
    return "\n".join([*warning, aligned(rows), "", *(changed or ["No question changed."])])


def number(value: float | None, metric: str) -> str:
    """Show a value with as many digits as it deserves."""
    if value is None:
        return "-"
    return f"{value:.1f}" if metric.endswith("_ms") else f"{value:.3f}"


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
    flat = {**figures, **{f"multiturn.{k}": v for k, v in figures.get("multiturn", {}).items()}}
    flat.pop("multiturn", None)
    return aligned([(name, _plain(value)) for name, value in flat.items()])


def _plain(value: float | None) -> str:
    if value is None or isinstance(value, int):
        return "-" if value is None else str(value)
    return f"{value:.3f}"
