"""The articles that failing questions expect or cite, in full, and the links that lead there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from evals.outcome import Stretch
from evals.record import ArticleRecord, Record

OUTSIDE = -1
"""Index of text that is in no section."""


@dataclass(frozen=True, slots=True)
class Link:
    name: str
    anchor: str | None
    """None for an article that the report does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    text: str
    expected: bool
    cited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    anchor: str | None
    heading: str
    pieces: tuple[Piece, ...]
    expected_by: tuple[str, ...]
    """Ids of the failing questions that expect words of it."""
    cited_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    anchor: str
    id: str
    title: str
    sections: tuple[SectionView, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """A stretch of an article and the failing question that expects or cites it."""

    question: str
    stretch: Stretch


def link(section: str, run: Record, held: frozenset[str]) -> Link:
    """Name a section, with the way to it when its article is among those that are `held`."""
    article, _, _ = section.rpartition("#")
    return Link(run.section_name(section), anchor(section) if article in held else None)


def anchor(section: str) -> str:
    article, _, number = section.rpartition("#")
    return f"article-{article}" if int(number) == OUTSIDE else f"a-{article}-{number}"


def held_articles(run: Record) -> frozenset[str]:
    return frozenset(use.stretch.article for use in chain(_expected(run), _cited(run)))


def articles_of(run: Record) -> list[ArticleView]:
    """Return the articles by title."""
    found = (_view(id_, run) for id_ in held_articles(run))
    return sorted(found, key=lambda view: (view.title, view.id))


def _expected(run: Record) -> Iterator[Use]:
    return (
        Use(row.question.id, wanted.place)
        for row in run.questions
        if not row.passed
        for wanted in row.expected
    )


def _cited(run: Record) -> Iterator[Use]:
    return (
        Use(row.question.id, citation)
        for row in run.questions
        if not row.passed
        for citation in row.outcome.cited
    )


def _view(id_: str, run: Record) -> ArticleView:
    article = run.articles[id_]
    expected = [use for use in _expected(run) if use.stretch.article == id_]
    cited = [use for use in _cited(run) if use.stretch.article == id_]
    return ArticleView(
        anchor=anchor(f"{id_}#{OUTSIDE}"),
        id=id_,
        title=article.title,
        sections=tuple(
            SectionView(
                anchor=None if number == OUTSIDE else anchor(f"{id_}#{number}"),
                heading="" if number == OUTSIDE else article.sections[number].heading,
                pieces=_pieces(article.text, start, end, expected=expected, cited=cited),
                expected_by=_users(expected, start, end),
                cited_by=_users(cited, start, end),
            )
            for number, start, end in _parts(article)
        ),
    )


def _parts(article: ArticleRecord) -> Iterator[tuple[int, int, int]]:
    """Give index, start and end of the sections, and of the text that stands between them.

    A section's heading stands before its start; it is shown as such and not once more as text.
    """
    done = 0
    for number, section in enumerate(article.sections):
        if article.text[done : section.start].strip() not in {"", section.heading.strip()}:
            yield OUTSIDE, done, section.start
        yield number, section.start, section.end
        done = section.end
    if article.text[done:].strip():
        yield OUTSIDE, done, len(article.text)


def _pieces(
    text: str, start: int, end: int, *, expected: Sequence[Use], cited: Sequence[Use]
) -> tuple[Piece, ...]:
    """Cut a stretch of text wherever expected or cited words begin or end."""
    bounds = {b for use in (*expected, *cited) for b in (use.stretch.start, use.stretch.end)}
    cuts = sorted({start, end} | {bound for bound in bounds if start < bound < end})
    return tuple(
        Piece(text=text[a:b], expected=_holds(expected, a, b), cited=_holds(cited, a, b))
        for a, b in pairwise(cuts)
    )


def _holds(uses: Sequence[Use], start: int, end: int) -> bool:
    return any(use.stretch.start <= start and end <= use.stretch.end for use in uses)


def _users(uses: Sequence[Use], start: int, end: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(u.question for u in uses if start <= u.stretch.start < end))
