"""One question as it is shown: what was expected beside what came of it."""

from dataclasses import dataclass
from typing import Final

from evals.metrics.answers import is_said
from evals.outcome import Nugget, Outcome
from evals.questions import Question
from evals.record import ExpectedWords, QuestionRecord, Record
from evals.report.appendix import Link, held_articles, link

FOUND: Final = 5
"""Sections shown of what retrieval found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Expected words, and what became of them."""

    words: str
    worth: str
    nugget: str | None
    side: str | None
    link: Link
    rank: int | None
    """Of their section; None when it was not found."""
    fate: str
    cited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    number: int
    words: str
    """Empty where the statement has the same words."""
    link: Link
    verbatim: bool
    expected: bool
    """Whether it lies in an expected section."""


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    question: Question
    passed: bool
    why: str
    outcome: Outcome
    understood: str | None
    """The question as it was understood, where that is not how it was asked."""
    wanted: tuple[Wanted, ...]
    said: tuple[Said, ...]
    near: tuple[str, ...]
    """Titles named in a refusal."""
    found: tuple[tuple[Link, bool], ...]
    """The first sections of the ranking, and whether they were expected."""


def rows(run: Record) -> list[Row]:
    held = held_articles(run)
    return [_row(row, run, held) for row in run.questions]


def _row(row: QuestionRecord, run: Record, held: frozenset[str]) -> Row:
    outcome, answer = row.outcome, row.answer or {}
    understood = answer.get("standalone_question")
    return Row(
        question=row.question,
        passed=row.passed,
        why=row.why,
        outcome=outcome,
        understood=None if understood == row.question.question else understood,
        wanted=tuple(
            _wanted(words, row, link(words.place.section, run, held)) for words in row.expected
        ),
        said=_said(row, run, held),
        near=tuple(near["title"] for near in answer.get("nearest", ())),
        found=tuple(
            (link(section, run, held), section in outcome.grades)
            for section in outcome.ranked[:FOUND]
        ),
    )


def _wanted(wanted: ExpectedWords, row: QuestionRecord, way: Link) -> Wanted:
    section, ranked = wanted.place.section, row.outcome.ranked
    fate = _fate(wanted, row)
    return Wanted(
        words=wanted.span,
        worth=wanted.worth,
        nugget=wanted.nugget,
        side=wanted.side,
        link=way,
        rank=ranked.index(section) + 1 if section in ranked else None,
        fate=fate,
        cited=fate.startswith("cited"),
    )


def _fate(wanted: ExpectedWords, row: QuestionRecord) -> str:
    cited = row.outcome.cited
    alike = (w for w in row.expected if wanted.nugget and w.nugget == wanted.nugget)
    if _is_cited(wanted, row):
        return "cited"
    if any(_is_cited(other, row) for other in alike):
        return "cited from another place"
    if any(citation.share_of(wanted.place) for citation in cited):
        return "not cited, only less than half of it"
    if wanted.place.section in {citation.section for citation in cited}:
        return "not cited, other words of its section are"
    return "not cited"


def _is_cited(wanted: ExpectedWords, row: QuestionRecord) -> bool:
    """Judge as nugget recall does: half of the words are enough."""
    return is_said(Nugget(vital=True, places=(wanted.place,)), row.outcome.cited)


def _said(row: QuestionRecord, run: Record, held: frozenset[str]) -> tuple[Said, ...]:
    answer = row.answer or {}
    return tuple(
        Said(
            statement["text"],
            tuple(_quote(n, statement["text"], row, run, held) for n in statement["citations"]),
        )
        for statement in answer.get("statements", ())
    )


def _quote(
    number: int, statement: str, row: QuestionRecord, run: Record, held: frozenset[str]
) -> Quote:
    """Show one citation; citations are numbered from 1, in the order of the outcome's."""
    cited = row.outcome.cited[number - 1]
    words = (row.answer or {})["citations"][number - 1]["quote"]
    return Quote(
        number=number,
        words="" if words == statement else words,
        link=link(cited.section, run, held),
        verbatim=cited.verbatim,
        expected=cited.section in row.outcome.grades,
    )
