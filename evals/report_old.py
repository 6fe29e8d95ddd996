"""The report: every question with its answer and citations, as Markdown for a reader."""

from collections.abc import Iterator, Mapping

from evals.metrics import METRICS
from evals.run import Run
from evals.tables import number
from evals.trial import Trial, section_name
from pincite.model import Answer, Article, Citation


def as_markdown(found: Run) -> str:
    """Write the whole run out; the same run gives the same text, but for the timings."""
    passing = sum(trial.passed for trial in found.trials)
    lines = [
        "# Evaluation report",
        "",
        f"{passing} of {len(found.trials)} questions pass. Data: `{found.digest[:12]}`.",
        "",
        *_figures(found),
        *(line for trial in found.trials for line in _trial(trial, found.articles)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _figures(found: Run) -> Iterator[str]:
    yield "| metric | better | value | n | held out | n |"
    yield "|---|---|---:|---:|---:|---:|"
    measured, held_out = found.measured, found.held_out
    for name, metric in METRICS.items():
        cells = (
            f"{number(half[name].value, name)} | {half[name].n}" for half in (measured, held_out)
        )
        yield f"| `{name}` | {metric.better} | {' | '.join(cells)} |"
    yield ""


def _trial(trial: Trial, articles: Mapping[str, Article]) -> Iterator[str]:
    question = trial.question
    yield f"## {'PASS' if trial.passed else 'FAIL'} {question.id}"
    yield ""
    yield f"Class: {question.class_}{', held out' if question.holdout else ''}."
    yield ""
    for turn in question.history:
        yield f"> {turn.role}: {_one_line(turn.text)}"
        yield ">"
    yield f"> **{_one_line(question.question)}**"
    yield ""
    if not trial.passed:
        yield f"**Why it fails:** {trial.why}"
        yield ""
    yield from _answer(trial.answer)
    for section in trial.outcome.expected:
        yield f"- expected: {section_name(section, articles)}"
    if trial.outcome.expected:
        yield ""


def _answer(answer: Answer | None) -> Iterator[str]:
    if answer is None:
        return
    if answer.standalone_question != answer.question:
        yield f"Understood as: {_one_line(answer.standalone_question)}"
        yield ""
    if answer.status == "refused":
        near = ", ".join(near.article_id for near in answer.nearest) or "none"
        yield f"Refused. Nearest articles: {near}."
        yield ""
        return
    for statement in answer.statements:
        marks = "".join(f"[{n}]" for n in answer.numbers(statement.citations))
        yield f"{_one_line(statement.text)} {marks}"
        yield ""
    for n, citation in enumerate(answer.citations, start=1):
        yield f"{n}. {_citation(citation)}"
    yield ""


def _citation(citation: Citation) -> str:
    heading = f" > {citation.heading}" if citation.heading else ""
    place = f"{citation.article_id}{heading}, {citation.start}-{citation.end}"
    return f'{place}, {citation.speaker}: "{_one_line(citation.quote)}"'


def _one_line(text: str) -> str:
    return " ".join(text.split())
