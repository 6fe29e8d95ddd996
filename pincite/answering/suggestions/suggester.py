"""Which of its own questions the library suggests: to begin with, to go on, and for one article."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import chain, islice
from threading import Lock
from typing import Final

from pincite.answering.assistant import Assistant
from pincite.answering.courtesy import reply_to
from pincite.answering.suggestions.questions import LibraryQuestion, is_asked, questions_of
from pincite.answering.suggestions.topics import Topic, by_topic
from pincite.errors import UnknownArticleError
from pincite.library import Library, LiveLibrary, OncePerGeneration
from pincite.model import Place
from pincite.retrieval import Hit

MOST_AFTER: Final = 3
MOST_OF_ARTICLE: Final = 5

NEAR: Final = 30
"""Passages, the best by search, whose sections' questions are near a question."""
NEAR_SCORE: Final = 0.65
NEAR_COSINE: Final = 0.4
"""What a passage of an article that was not cited needs, so that its question leads on instead of
away. Tried on nine questions: below, "Will working from home hurt my chances of making partner?"
led to secondments."""
LOOKS_BACK: Final = 5
"""Earlier questions of a dialogue whose answers are not suggested again."""

Cited = tuple[str, int]
"""An article's id, and an offset into its text."""


@dataclass(frozen=True)
class _Shelf:
    """The questions of one generation, and what is known of them so far."""

    library: Library
    asked: Mapping[str, Sequence[LibraryQuestion]]
    answered_from: dict[LibraryQuestion, tuple[Place, ...]] = field(default_factory=dict)
    """Sections that a question is answered from, the best first; none where it is refused."""
    lock: Lock = field(default_factory=Lock)
    topics: list[Topic] = field(default_factory=list)

    def over(self, place: Place) -> Iterator[LibraryQuestion]:
        """Yield the questions that a section answers, its own before the whole article's."""
        asked = self.asked.get(place[0], ())
        yield from (question for question in asked if question.section == place[1])
        yield from (question for question in asked if question.section is None)

    def place_of(self, cited: Cited) -> Place | None:
        """Return the section that holds an offset; None where there is none any more."""
        article_id, start = cited
        article = self.library.articles.get(article_id)
        section = article.section_at(start) if article else None
        return (article_id, article.sections.index(section)) if article and section else None


class Suggestions:
    """Suggests questions that the current library asks, once it is seen to answer them.

    A question is suggested when, asked alone, it is answered, and from the section that it stands
    over or the article that asks it. That takes a search, so it is found out when a question is
    about to be suggested, and remembered until another generation is published. Nothing that
    anybody typed is kept.
    """

    def __init__(self, assistant: Assistant, live: LiveLibrary) -> None:
        self._assistant = _in_quotes(assistant)
        self._shelves = OncePerGeneration(live, _shelf_of)

    def by_topic(self) -> tuple[Topic, ...]:
        """Return questions to begin with.

        Raises:
            LibraryMissingError, LibraryDamagedError, EmbeddingMismatchError: see `LiveLibrary`.
        """
        shelf = self._shelves.current()
        with shelf.lock:  # who comes second waits instead of searching the same again
            if not shelf.topics:
                articles = shelf.library.articles
                shelf.topics.extend(
                    by_topic(articles, shelf.asked, lambda asked: self._is_answered(asked, shelf))
                )
        return tuple(shelf.topics)

    def of_article(self, article_id: str) -> tuple[LibraryQuestion, ...]:
        """Return questions that an article answers, in its order; raises as `by_topic` does.

        Raises:
            UnknownArticleError: it is not published.
        """
        shelf = self._shelves.current()
        if article_id not in shelf.library.articles:
            raise UnknownArticleError(article_id)
        asked = shelf.asked[article_id]
        answered = (question for question in asked if self._is_answered(question, shelf))
        return tuple(islice(answered, MOST_OF_ARTICLE))

    def after(
        self, question: str, *, cited: Sequence[Cited] = (), asked: Sequence[str] = ()
    ) -> tuple[LibraryQuestion, ...]:
        """Return questions near one that was answered just now, best first; none after a refusal.

        Left out: what the sections `cited` have answered, and what was `asked` before. All
        questions are taken as they stand. Raises as `Assistant.ask` does.
        """
        shelf = self._shelves.current()
        if reply_to(question):
            return ()
        found = self._assistant.assess(question)
        if not found.answerable:
            return ()
        near = [hit for part in found.covered for hit in part.hits[:NEAR]]
        heard = {place for place in map(shelf.place_of, cited) if place}
        heard.update(self._first_found(asked[-LOOKS_BACK:]))
        fresh = self._fresh(_near(near, cited, shelf), heard, [question, *asked], shelf)
        return tuple(islice(fresh, MOST_AFTER))

    def _fresh(
        self, near: Iterable[LibraryQuestion], heard: set[Place], said: list[str], shelf: _Shelf
    ) -> Iterator[LibraryQuestion]:
        """Yield answered questions that nobody asked, each from a section of its own."""
        for question in near:
            if question.is_answered_from(heard) or is_asked(question.text, said):
                continue
            if self._is_answered(question, shelf):
                first = shelf.answered_from[question][0]
                if first not in heard:
                    yield question
                heard.add(first)
                said.append(question.text)

    def _first_found(self, asked: Sequence[str]) -> Iterator[Place]:
        """Yield the section that search finds first for each question."""
        for question in asked:
            yield from (hit.passage.place for hit in self._assistant.assess(question).hits[:1])

    def _is_answered(self, question: LibraryQuestion, shelf: _Shelf) -> bool:
        if question not in shelf.answered_from:
            trace = self._assistant.trace(question.text)
            evidence = trace.evidence if trace.answer.status == "answered" else ()
            shelf.answered_from[question] = tuple(found.place for found in evidence)
        return question.is_answered_from(shelf.answered_from[question])


def _shelf_of(library: Library) -> _Shelf:
    return _Shelf(library, {id_: questions_of(a) for id_, a in library.articles.items()})


def _near(hits: Iterable[Hit], cited: Iterable[Cited], shelf: _Shelf) -> Iterable[LibraryQuestion]:
    """Return the questions over the sections that were found, then all of the cited articles."""
    ids = dict.fromkeys(article_id for article_id, _ in cited)
    over = (
        question
        for hit in hits
        if hit.passage.article_id in ids or _is_near(hit)
        for question in shelf.over(hit.passage.place)
    )
    beside = chain.from_iterable(shelf.asked.get(article_id, ()) for article_id in ids)
    return dict.fromkeys(chain(over, beside))


def _is_near(hit: Hit) -> bool:
    return hit.score >= NEAR_SCORE and hit.similarity >= NEAR_COSINE


def _in_quotes(assistant: Assistant) -> Assistant:
    """Return the assistant without its chat model, which nobody waits for here."""
    if assistant.chat is None:
        return assistant
    quoting = copy(assistant)
    quoting.chat = None
    return quoting
