"""A saved run in TREC's two file formats, so that any other tool can check our numbers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from evals.outcome import Outcome
from evals.record import Record

RUN: Final = "run.txt"
QRELS: Final = "qrels.txt"
TAG: Final = "pincite"


def export(run: Record, folder: Path) -> dict[str, int]:
    """Write the rankings and the judgements of the answerable questions; return their lines.

    Documents are sections, named `article#index`; grade 2 is vital, 1 okay.
    """
    asked = {id_: outcome for id_, outcome in run.outcomes().items() if outcome.answerable}
    files = {
        RUN: [line for id_, outcome in asked.items() for line in _ranked(id_, outcome)],
        QRELS: [line for id_, outcome in asked.items() for line in _judged(id_, outcome)],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return {name: len(lines) for name, lines in files.items()}


def _ranked(id_: str, outcome: Outcome) -> Iterator[str]:
    """Yield `query Q0 document rank score tag`; the score only repeats the order."""
    for rank, section in enumerate(outcome.ranked, start=1):
        yield f"{id_} Q0 {section} {rank} {len(outcome.ranked) - rank + 1} {TAG}"


def _judged(id_: str, outcome: Outcome) -> Iterator[str]:
    """Yield `query 0 document grade`."""
    for section, grade in outcome.grades.items():
        yield f"{id_} 0 {section} {grade}"
