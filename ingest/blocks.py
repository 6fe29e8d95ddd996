"""The common form of every source: a list of blocks, one line of text each."""

import re
from dataclasses import dataclass
from typing import Literal

LONGEST_TITLE = 200
"""Characters; a longer line is a paragraph."""

BlockKind = Literal["heading", "paragraph", "item", "rule", "post"]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a list item with its marker, a horizontal rule, or a post's border.

    A `post` opens the opening post or a response of a thread whose page marks them; its text is
    the poster's name, or "".
    """

    kind: BlockKind
    text: str
    """White space folded to single spaces, no line break; "" for a rule."""
    level: int = 0
    """1 to 6 for headings."""
    stands_alone: bool = False
    """Whether a line of plain text has blank lines on both sides."""
    is_bold: bool = False
    """Whether all of a paragraph is set in bold: a heading in all but its mark."""
    is_quoted: bool = False
    """Whether the source marks it as somebody else's words: `> ...`, a block quotation."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Something left out of the published text, and the rule that says why."""

    rule: str
    text: str


QUESTION = re.compile(
    r"(?:Q|(?:Reader[’']?s?\s+)?Question(?:\s+from\s+[^:?]{2,60}(?=:))?)"
    r"\s*\d{0,3}\s*[:.)\-–—]\s*",
    re.IGNORECASE,
)
ANSWER = re.compile(
    r"(?:A|(?:(?:My|Our)\s+)?Answer)\s*\d{0,3}\s*"
    r"(?:\((?P<who>[^()]{2,40})\)\s*:\s*|[:)]\s*|[.–—]\s+|(?<=\s)-\s+)",
    re.IGNORECASE,
)
"""Markers of a Q&A column at the start of a line: `Q:`, `Q1.`, `Question:`, `A:`, `Answer -`."""


def question_in(text: str) -> str | None:
    """Return what follows a question marker, or None for a line without one."""
    match = QUESTION.match(text)
    return text[match.end() :] if match else None


def answer_in(text: str) -> str | None:
    """Return what follows an answer marker, or None for a line without one."""
    match = ANSWER.match(text)
    return text[match.end() :] if match else None


def answerer_in(text: str) -> str | None:
    """Return the name that an answer marker holds, `A (Jo Doe): `, or None."""
    match = ANSWER.match(text)
    return match["who"] if match else None


def folded(text: str) -> str:
    """Return the text on one line with single spaces."""
    return " ".join(text.split())


def same_line(first: str, second: str) -> bool:
    """Whether two lines say the same but for case, spaces and punctuation at the ends."""
    return bare(first) == bare(second)


def bare(text: str) -> str:
    """Return the words of a line alone, for comparing it with others."""
    return re.sub(r"\W+", " ", text).strip().casefold()


def unlisted(block: Block) -> str:
    """Return the text of a block without the marker of a list item."""
    if block.kind != "item":
        return block.text
    return re.sub(r"^(?:-|\d{1,3}[.)])\s+", "", block.text)
