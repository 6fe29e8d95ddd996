"""What a model claims, checked: shown on the article's own words, or dropped for a reason."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pincite.answering.checking.exact import Quotable
from pincite.answering.checking.figures import unfounded_figures
from pincite.answering.checking.names import unfounded_names
from pincite.answering.checking.plainness import is_plain
from pincite.answering.checking.support import Surroundings
from pincite.answering.choice import Evidence
from pincite.answering.claims import Claim
from pincite.embedding import Embedder
from pincite.model import Citation, LeftOut, Statement
from pincite.sentences import Span

Reason = Literal[
    "no quote",
    "a question",
    "not plain text",
    "unknown source",
    "quote not in source",
    "figure not in quotes",
    "name not in quotes",
    "not about its quotes",
    "against its quotes",
    "only in part in its quotes",
]

QUESTION = re.compile(r"\?\W*$")
"""A claim that ends as one states nothing."""


@dataclass(frozen=True, slots=True)
class Source:
    """A section that the model was given, and where its sentences stand among those of all."""

    evidence: Evidence
    quotable: Quotable
    first: int
    """Number of its first sentence among the sentences of all sources."""

    def text(self, span: Span) -> str:
        return self.evidence.article.text[slice(*span)]

    def rows(self, span: Span) -> list[int]:
        """Return the numbers of the sentences in a span, without questions: they say nothing."""
        return [
            self.first + i
            for i, (start, end) in enumerate(self.quotable.sentences)
            if start < span[1] and end > span[0] and not self.text((start, end)).endswith("?")
        ]


@dataclass(frozen=True, slots=True)
class Found:
    """Whole sentences around words that a claim quotes."""

    source: Source
    span: Span

    @property
    def citation(self) -> Citation:
        return self.source.evidence.article.cite(*self.span)


class Sources:
    """The sections of one turn, by the numbers that the model was given for them."""

    def __init__(self, sections: Iterable[Evidence], embedder: Embedder) -> None:
        self._sources: list[Source] = []
        sentences: list[str] = []
        for evidence in sections:
            section, text = evidence.section, evidence.article.text
            quotable = Quotable(text, section.start, section.end)
            self._sources.append(Source(evidence, quotable, len(sentences)))
            sentences += [text[start:end] for start, end in quotable.sentences]
        self.surroundings = Surroundings(sentences, embedder)

    def numbered(self, number: int) -> Source | None:
        """Return the source of a number from 1; a model may send any, of any type."""
        is_one = type(number) is int and 1 <= number <= len(self._sources)
        return self._sources[number - 1] if is_one else None

    def found(self, claim: Claim) -> Sequence[Found] | Reason:
        """Look up all that a claim quotes; one false quote is the reason to drop the claim."""
        found: list[Found] = []
        for quoted in claim.quotes:
            source = self.numbered(quoted.source)
            if source is None:
                return "unknown source"
            spans = source.quotable.find(quoted.quote)
            if not spans:
                return "quote not in source"
            found += [Found(source, span) for span in spans]
        return found or "no quote"


class Checker:
    """Checks a model's claims against the sources that it was given for one question."""

    def __init__(self, question: str, sections: Iterable[Evidence], embedder: Embedder) -> None:
        self._question = question
        self._sources = Sources(sections, embedder)

    def check(self, claim: Claim) -> Statement | LeftOut:
        """Return the claim with the words it stands on, or the first reason to drop it.

        Cited are the whole sentences around each quote, so that the claim is read beside what the
        article says in full. One false quote drops all of the claim: it was written on a false
        ground.
        """
        text = claim.text.encode(errors="replace").decode()  # halves of characters break readers
        if QUESTION.search(claim.text):  # before marks stand in for halves of characters
            return LeftOut(text, "a question")
        found = self._sources.found(claim) if text.strip() else "no quote"
        if isinstance(found, str):
            return LeftOut(text, found)
        if reason := self._objection(text, found):
            return LeftOut(text, reason)
        return Statement(text, tuple(dict.fromkeys(each.citation for each in found)))

    def _objection(self, claim: str, found: Sequence[Found]) -> Reason | None:
        quoted = "\n".join(each.source.text(each.span) for each in found)
        if not is_plain(claim, [quoted, self._question]):
            return "not plain text"
        if unfounded_figures(claim, quoted):
            return "figure not in quotes"
        over = (f"{each.citation.title}\n{each.citation.heading}" for each in found)
        if unfounded_names(claim, [quoted, self._question, *over]):
            return "name not in quotes"
        rows = {row for each in found for row in each.source.rows(each.span)}
        surroundings = self._sources.surroundings
        if not rows or not surroundings.is_about(claim, rows):
            return "not about its quotes"
        if surroundings.is_against(claim, rows):
            return "against its quotes"
        return None if surroundings.is_whole(claim, rows) else "only in part in its quotes"
