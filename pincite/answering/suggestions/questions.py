"""The questions that articles ask: in titles, over sections, and in opening posts."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pincite.answering.courtesy import reply_to
from pincite.answering.dialogue_words import POINTERS, POINTS_AT_NOTHING
from pincite.answering.sides import opposed
from pincite.answering.standalone import leans_on_dialogue
from pincite.glossary import in_standard_terms
from pincite.model import Article, Place
from pincite.sentences import sentence_spans
from pincite.words import content_words, words_in

LENGTHS: Final = range(20, 111)
"""Characters of a question that is read at a glance and still says what it is about."""

ENDS_AS_QUESTION: Final = re.compile(r"\?[\"”’')\]]*$")
AS_IT_STANDS: Final = re.compile(
    r"(?:how|what|when|where|which|who|whom|whether)(?: not)? to\b", re.IGNORECASE
)
"""How a heading begins that asks without a question mark: "How to say no". One such as "What
litigation is like" only names what follows."""

ALIKE: Final = 0.5
"""Share of the content words of two questions, all counted once, from which they ask the same."""


@dataclass(frozen=True, slots=True)
class LibraryQuestion:
    """A question in the library's own words."""

    text: str
    """On one line."""
    article_id: str
    section: int | None
    """Index of the section that it stands over; None where the whole article answers it."""

    def is_answered_from(self, places: Collection[Place]) -> bool:
        """Whether one of these sections is where its answer is to stand."""
        if self.section is None:
            return any(article_id == self.article_id for article_id, _ in places)
        return (self.article_id, self.section) in places


def questions_of(article: Article) -> tuple[LibraryQuestion, ...]:
    """Return the questions that an article asks and that can be asked on their own."""
    found = (
        LibraryQuestion(text, article.id, section)
        for text, section in _asked_in(article)
        if is_askable(text)
    )
    return tuple({question.text.casefold(): question for question in found}.values())


def _asked_in(article: Article) -> Iterator[tuple[str, int | None]]:
    title = _on_one_line(article.title)
    if _asks(title):
        yield title, None
    for number, section in enumerate(article.sections):
        if _asks(heading := _on_one_line(section.heading)) and not section.is_question:
            yield heading, number
        elif section.is_question and not _asks(title):
            # Its title says better what a thread asks than a sentence out of a story.
            yield from (
                (text, None) for text in _asked_between(article, section.start, section.end)
            )


def _asked_between(article: Article, start: int, end: int) -> Iterator[str]:
    """Yield the questions of a post that point at nothing that was told before them."""
    for span in sentence_spans(article.text, start, end):
        sentence = _on_one_line(article.text[slice(*span)])
        words = words_in(POINTS_AT_NOTHING.sub(" ", sentence))
        if ENDS_AS_QUESTION.search(sentence) and not POINTERS.intersection(words):
            yield sentence


def _asks(text: str) -> bool:
    return bool(ENDS_AS_QUESTION.search(text) or AS_IT_STANDS.match(text))


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def is_askable(text: str) -> bool:
    """Whether a text is understood without anything around it, also in the middle of a dialogue."""
    return len(text) in LENGTHS and not leans_on_dialogue(text) and reply_to(text) is None


def is_alike(first: str, second: str) -> bool:
    """Whether two questions ask nearly the same; one for the good sides and one for the bad do not.

    It goes by words: to a cosine, advantages and disadvantages are the same.
    """
    words, others = _words(first), _words(second)
    if opposed(words_in(first), words_in(second)) or not words | others:
        return False
    return len(words & others) >= ALIKE * len(words | others)


def is_asked(text: str, asked: Sequence[str]) -> bool:
    """Whether one of these questions is nearly this one."""
    return any(is_alike(text, other) for other in asked)


def stems(text: str) -> frozenset[str]:
    """Return the words that carry a meaning, without the s of a plural."""
    words = content_words(text)
    return frozenset(w if w.endswith("ss") else w.removesuffix("s") for w in words)


def _words(question: str) -> frozenset[str]:
    return stems(in_standard_terms(question))
