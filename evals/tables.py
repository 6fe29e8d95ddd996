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


def chat_table(document: Document) -> str:
    """Show what a chat model wrote beside quotes, what was kept of it, and the verdict."""
    both = [document[writer] for writer in ("quotes", "chat")]
    claims, follow_ups = document["claims"], document["follow_ups"]
    lines = [
        f"{len(document['questions'])} questions, {document['model']} ({document['receiver']})",
        "",
        aligned([("", "quotes", "chat"), *_of_both(both)]),
        "",
        aligned(list(_of_claims(claims))),
        *(f"  {n} x {notice}" for notice, n in claims["fallbacks"].items()),
        "",
        f"{follow_ups['n']} follow-ups, {follow_ups['differs']} of them understood otherwise than "
        "by the rules; nDCG@10:",
        aligned([(name, _plain(value)) for name, value in follow_ups["ndcg_at_10"].items()]),
        "",
        *(f"  {q['id']}: crashed with {q['crash']}" for q in document["questions"] if q["crash"]),
        *(f"Failed: {complaint}" for complaint in document["complaints"]),
    ]
    return "\n".join(lines if document["complaints"] else [*lines, "Passed."])


def _of_both(both: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[str]]:
    for name, of in (("answered", "answerable"), ("falsely_answered", "unanswerable")):
        yield name, *(f"{found[name]} of {found[of]}" for found in both)
    yield "crashed", *(str(found["crashed"]) for found in both)
    for name in ("vital_nugget_recall", "citation_precision"):
        yield name, *(_plain(found[name]["value"]) for found in both)
    for name in both[0]["seconds"]:
        for share in ("p50", "p95"):
            times = (found["seconds"][name][share] for found in both)
            yield f"seconds to {name}, {share}", *map(_plain, times)


def _of_claims(claims: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "claims written", str(claims["written"])
    yield "kept", str(claims["kept"])
    yield from ((f"dropped: {reason}", str(n)) for reason, n in claims["dropped"].items())
    yield "shown, be it for a moment", str(claims["shown"])
    yield "share of these with verified quotes", _plain(claims["verified_share"])
    yield "questions that the model was asked", str(claims["questions_asked"])
    yield "of these with a claim shown", str(claims["questions_with_a_claim"])
    yield "of these broken off", str(claims["broken_off"])
    yield "of these answered by quotes instead", str(sum(claims["fallbacks"].values()))
