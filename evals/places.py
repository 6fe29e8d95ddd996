"""Where expected words stand: their offsets, their sections, and the names of sections."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from evals.errors import QuestionsError
from evals.outcome import OKAY, VITAL, Nugget, Stretch
from evals.questions import Expected, Question
from pincite.model import Article


class Headed(Protocol):
    @property
    def heading(self) -> str: ...


class Sectioned(Protocol):
    """An article as it is published, or as a run has saved it."""

    @property
    def sections(self) -> Sequence[Headed]: ...


def section_id(article_id: str, section: int) -> str:
    """Name a section in rankings; `section` is its index in `Article.sections`."""
    return f"{article_id}#{section}"


def section_of(article: Article, start: int) -> str:
    """Name the section that holds the character at `start`; a place outside all gets `#-1`."""
    inside = (n for n, s in enumerate(article.sections) if s.start <= start < s.end)
    return section_id(article.id, next(inside, -1))


def section_name(section: str, articles: Mapping[str, Sectioned]) -> str:
    """Name a section for a reader, as `article > heading`."""
    article_id, _, number = section.rpartition("#")
    heading = articles[article_id].sections[int(number)].heading if int(number) >= 0 else ""
    return f"{article_id} > {heading}" if heading else article_id


def section_names(sections: Iterable[str], articles: Mapping[str, Article]) -> str:
    return ", ".join(dict.fromkeys(section_name(section, articles) for section in sections))


def located(question: Question, articles: Mapping[str, Article]) -> list[Stretch]:
    """Return where the expected spans stand, in their order.

    Raises:
        QuestionsError: a span is not, or not once, in a section of its published article.
    """
    return [_locate(question, expected, articles) for expected in question.expected]


def _locate(question: Question, expected: Expected, articles: Mapping[str, Article]) -> Stretch:
    article = articles.get(expected.article)
    if article is None:
        raise QuestionsError(
            f"Question {question.id!r} expects the article {expected.article!r}, "
            f"which is not published; the corpus holds {sorted(articles)}"
        )
    found = article.text.count(expected.span)
    if found != 1:
        raise QuestionsError(
            f"Question {question.id!r} expects words that are {found or 'no'} times in the "
            f"published text of {article.id!r}: {expected.span!r}"
        )
    start = article.text.index(expected.span)
    section = section_of(article, start)
    if section.endswith("#-1"):
        raise QuestionsError(
            f"Question {question.id!r} expects words outside all sections of {article.id!r}: "
            f"{expected.span!r}"
        )
    return Stretch(article=article.id, start=start, end=start + len(expected.span), section=section)


def grades(expected: Sequence[Expected], places: Sequence[Stretch]) -> dict[str, int]:
    """Grade the sections: one with vital words is vital, whatever else it holds."""
    found: dict[str, int] = {}
    for wanted, place in zip(expected, places, strict=True):
        grade = VITAL if wanted.worth == "vital" else OKAY
        found[place.section] = max(grade, found.get(place.section, 0))
    return found


def nuggets(expected: Sequence[Expected], places: Sequence[Stretch]) -> tuple[Nugget, ...]:
    """Join the places that state the same fact; one vital place makes the fact vital."""
    groups: dict[str, list[tuple[Expected, Stretch]]] = {}
    for number, pair in enumerate(zip(expected, places, strict=True)):
        groups.setdefault(pair[0].nugget or f"#{number}", []).append(pair)
    return tuple(
        Nugget(
            vital=any(wanted.worth == "vital" for wanted, _ in group),
            places=tuple(place for _, place in group),
            says=group[0][0].nugget,
        )
        for group in groups.values()
    )


def sides(expected: Sequence[Expected], places: Sequence[Stretch]) -> dict[str, tuple[str, ...]]:
    """Return the sections in which each side that a good answer must show speaks."""
    found: dict[str, tuple[str, ...]] = {}
    for wanted, place in zip(expected, places, strict=True):
        if wanted.side is not None and wanted.worth == "vital":
            found[wanted.side] = (*found.get(wanted.side, ()), place.section)
    return found
