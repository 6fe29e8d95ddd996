"""The common form of every source: a list of blocks, one line of text each."""

import re
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "rule"]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a list item with its marker, or a horizontal rule."""

    kind: BlockKind
    text: str
    """White space folded to single spaces, no line break; "" for a rule."""
    level: int = 0
    """1 to 6 for headings."""
    stands_alone: bool = False
    """Whether a line of plain text has blank lines on both sides."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Something left out of the published text, and the rule that says why."""

    rule: str
    text: str


QUESTION = re.compile(r"(?:Q|Question)\s*\d{0,3}\s*[:.)\-–—]\s*", re.IGNORECASE)
ANSWER = re.compile(r"(?:A|Answer)\s*\d{0,3}\s*[:)]\s*|(?:A|Answer)\s*[.–—]\s+", re.IGNORECASE)
"""Markers of a Q&A column at the start of a line: `Q:`, `Q1.`, `Question:`, `A:`, `Answer -`."""


def question_in(text: str) -> str | None:
    """Return what follows a question marker, or None for a line without one."""
    match = QUESTION.match(text)
    return text[match.end() :] if match else None


def answer_in(text: str) -> str | None:
    """Return what follows an answer marker, or None for a line without one."""
    match = ANSWER.match(text)
    return text[match.end() :] if match else None


def folded(text: str) -> str:
    """Return the text on one line with single spaces."""
    return " ".join(text.split())


def same_line(first: str, second: str) -> bool:
    """Whether two lines say the same but for case, spaces and punctuation at the ends."""
    return _bare(first) == _bare(second)


def _bare(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
