"""What became of one question, in ids and offsets: all that the metrics look at."""

from dataclasses import dataclass
from typing import Literal

VITAL, OKAY = 2, 1
"""Grades of a section: with vital words, or with words that are welcome and not missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of an article's text, and the section in which it begins."""

    article: str
    start: int
    end: int
    section: str
    """Named `article#index`."""

    def share_of(self, other: "Stretch") -> float:
        """Return how much of the other stretch lies in this one, 0 to 1."""
        if self.article != other.article:
            return 0.0
        overlap = min(self.end, other.end) - max(self.start, other.start)
        return max(0, overlap) / (other.end - other.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nugget:
    """A fact that a good answer holds, and the places that state it: one of them is enough."""

    vital: bool
    places: tuple[Stretch, ...]
    says: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited(Stretch):
    """A citation; of an answer's text it knows what the article has at its place."""

    verbatim: bool
    """Whether the article has, character for character, the quoted words there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What retrieval finds for a dialogue's last turn that is understood differently."""

    alone: tuple[str, ...]
    """Sections, best first, for the last turn without the dialogue."""
    rewritten: tuple[str, ...]
    """The same for the question as a perfect listener would have understood it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one question; sections are named `article#index`."""

    answerable: bool
    status: Literal["answered", "refused", "crashed"]
    class_: str = "answerable"
    grades: dict[str, int]
    """`VITAL` or `OKAY` by section; none for a question without an answer."""
    nuggets: tuple[Nugget, ...] = ()
    sides: dict[str, tuple[str, ...]]
    """Sections by side, where sources disagree."""
    ranked: tuple[str, ...] = ()
    """Sections that retrieval found, best first, each by its best passage."""
    cited: tuple[Cited, ...] = ()
    said: tuple[str, ...] = ()
    """The statements."""
    answerability: float | None = None
    """The gate's probability, 0 to 1; None when it crashed, which is less than any number."""
    follow_up: FollowUp | None = None
    uncovered: str | None = None
    """Of a half-covered question the words that have no answer."""
    told_uncovered: tuple[str, ...] = ()
    """What the reply names as not covered."""
    milliseconds: float | None = None
    """Retrieval and gate; None when it crashed."""

    @property
    def vital(self) -> frozenset[str]:
        return frozenset(section for section, grade in self.grades.items() if grade == VITAL)
