"""The nouns: articles with their sections and passages, and answers pinned to exact words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Literal, get_args

Kind = Literal["column", "thread", "guide"]
Speaker = Literal["recruiter", "counsellor", "forum poster", "firm", "editor", "unknown"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SPEAKERS: tuple[Speaker, ...] = get_args(Speaker)

EDITORS = "Pincite editors"
"""The author of the articles that ship: written by the project, in somebody's voice."""

Place = tuple[str, int]
"""An article's id and the index of one of its sections."""

MAX_QUESTION = 2000
"""Characters; a longer question is refused with an error, not cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of an article that belongs together: an answer with its question, a response ...

    Invariant: the sections of an article follow one another and do not overlap.
    """

    start: int
    """Offset of the first character of the body in `Article.text`; the heading stands before it."""
    end: int
    heading: str
    """A heading, the question that a Q&A answer answers, "Response 2", or "" at the top."""
    speaker: Speaker
    is_question: bool = False
    """An opening post: it asks, so that nothing in it is quoted as an answer."""


@dataclass(frozen=True, kw_only=True)
class Article:
    """One published document. Everything quoted is a slice of `text`."""

    id: str
    title: str
    kind: Kind
    text: str
    """The one canonical cleaned text; all offsets in the project count its characters."""
    sections: tuple[Section, ...]
    speaker: Speaker = "unknown"
    author: str | None = None
    date: str | None = None
    """ISO 8601, perhaps only a year or a month; None when the source does not say."""
    place: str | None = None
    """Set by the editor, never inferred."""
    topics: tuple[str, ...] = ()
    url: str | None = None

    @cached_property
    def sha256(self) -> str:
        return sha256(self.text.encode()).hexdigest()

    def section_at(self, offset: int) -> Section | None:
        """Return the section whose body holds the character at `offset`."""
        return next((s for s in self.sections if s.start <= offset < s.end), None)

    def cite(self, start: int, end: int) -> "Citation":
        """Pin the words `text[start:end]`.

        Raises:
            ValueError: the range is empty or outside the text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"article {self.id!r} has no characters {start} to {end}")
        section = self.section_at(start)
        return Citation(
            article_id=self.id,
            start=start,
            end=end,
            quote=self.text[start:end],
            title=self.title,
            kind=self.kind,
            speaker=section.speaker if section else self.speaker,
            author=self.author,
            date=self.date,
            place=self.place,
            url=self.url,
            heading=section.heading if section else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A slice of one section, short enough to embed with its context.

    Invariant: `article.text[start:end]` is the passage and lies inside `article.sections[section]`.
    """

    article_id: str
    section: int
    """Index into `Article.sections`."""
    start: int
    end: int
    context: str
    """Title and heading as they are embedded before the slice; shortened where they are long."""

    @property
    def id(self) -> str:
        return f"{self.article_id}@{self.start}"

    @property
    def place(self) -> "Place":
        return self.article_id, self.section

    @property
    def section_id(self) -> str:
        return f"{self.article_id}#{self.section}"


def headings_of(passages: Iterable[Passage]) -> dict[str, str]:
    """Return what stands over each section, title and heading, by the section's id.

    Sections without either are left out; the order is that of the passages.
    """
    return {p.section_id: p.context for p in passages if p.context}


def embedded_text(article: Article, passage: Passage) -> str:
    """Return what is embedded for a passage: its context, then its slice."""
    return f"{passage.context}\n{article.text[passage.start : passage.end]}".lstrip("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The exact words of one article that support a statement, and who said them.

    Invariant, checked before display: `article.text[start:end] == quote`.
    """

    article_id: str
    start: int
    end: int
    quote: str
    title: str
    kind: Kind
    speaker: Speaker
    author: str | None
    date: str | None
    place: str | None
    url: str | None
    heading: str

    @property
    def attribution(self) -> str:
        """Who is speaking, in words for a reader."""
        return attribution(speaker=self.speaker, author=self.author)


def attribution(*, speaker: Speaker, author: str | None) -> str:
    """Name the voice and the author; articles that ship say that editors wrote them."""
    voice = {"unknown": "", "editor": "an editor"}.get(speaker, f"a {speaker}")
    if author == EDITORS:
        written = "written by Pincite's editors"
        return f"{written} in the voice of {voice}" if voice else written
    return ", ".join(part for part in (voice, author) if part) or "unknown speaker"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer and the citations that support it, at least one."""

    text: str
    citations: tuple[Citation, ...]

    @property
    def is_verbatim(self) -> bool:
        """Whether it is its sources' own words, but for white space."""
        return all(self.text.split() == citation.quote.split() for citation in self.citations)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence of a chat model that may not be shown as an answer, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a dialogue."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class NearArticle:
    """An article named in a refusal: close to the question, and not answering it."""

    article_id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedFor:
    """What a refused question was searched for, so that it can be put in other words."""

    words: tuple[str, ...] = ()
    """The words that carry its meaning, in order."""
    unknown: tuple[str, ...] = ()
    """Those of them that no article holds in any form."""
    missing: str | None = None
    """What kind of thing it asks for that a library does not have, such as "a forecast"."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The reply to one question: statements, or a refusal without any citation."""

    question: str
    standalone_question: str
    """The question with what it takes from the dialogue written out."""
    generation: int
    writer: str
    statements: tuple[Statement, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    """What a chat model wrote and no article supports; shown only to who asks for it."""
    notice: str | None = None
    """What went differently with a chat model, such as that quotes stand in for its answer."""
    uncovered: tuple[str, ...] = ()
    """What else was asked that the library does not cover, where it answers a part."""
    nearest: tuple[NearArticle, ...] = ()
    searched_for: SearchedFor = SearchedFor()
    """Of a refusal without a fixed reply."""
    reply: str | None = None
    """A refusal's own words, where a fixed reply is kinder than saying that nothing was found."""
    is_complete: bool = True
    """Whether no statement may follow; an answer may be shown while a chat model writes on."""
    seconds: float = field(default=0.0, compare=False)

    @property
    def status(self) -> Literal["answered", "refused"]:
        return "answered" if self.statements else "refused"

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations without repetition, in the order of their numbers 1, 2, 3 ..."""
        return tuple(dict.fromkeys(c for s in self.statements for c in s.citations))

    def numbers(self, citations: Sequence[Citation]) -> list[int]:
        """Return the numbers that these citations carry in this answer."""
        order = {citation: n for n, citation in enumerate(self.citations, start=1)}
        return [order[citation] for citation in citations]
