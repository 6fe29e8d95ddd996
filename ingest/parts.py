"""Parts of an article, and how they are laid out as its canonical text and sections."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.blocks import Block
from pincite.model import Section, Speaker


@dataclass(frozen=True, slots=True)
class Part:
    """A section before its text is laid out: what stands before the body, and the body."""

    heading: str
    body: tuple[Block, ...]
    lead: tuple[Block, ...] = ()
    """What stands in the text and in no section: the heading as the source has it, a border."""
    is_question: bool = False
    speaker: Speaker | None = None
    """Who speaks where it is not the article's speaker: a reader's comment below a column."""


def lay_out(parts: Sequence[Part], *, speaker: Speaker) -> tuple[str, tuple[Section, ...]]:
    """Write the canonical text and the sections' places in it.

    Blocks stand a blank line apart, items of one list on consecutive lines. A part without words
    of its own leaves its heading in the text and no section; where all are so, the text is one.
    """
    text = ""
    sections = []
    for part in parts:
        text = _append(text, part.lead)
        start = len(text) + 2 if text else 0
        text = _append(text, part.body)
        if start < len(text):
            sections.append(
                Section(
                    start=start,
                    end=len(text),
                    heading=part.heading,
                    speaker=part.speaker or speaker,
                    is_question=part.is_question,
                )
            )
    if text and not sections:
        sections = [Section(start=0, end=len(text), heading="", speaker=speaker)]
    return text, tuple(sections)


def _append(text: str, blocks: Sequence[Block]) -> str:
    follows_item = False
    for block in blocks:
        if block.kind not in {"rule", "post"} and block.text:
            is_item = block.kind == "item"
            text += ("\n" if is_item and follows_item else "\n\n") if text else ""
            text += block.text
            follows_item = is_item
    return text


def split_before(blocks: Sequence[Block], opens: Callable[[Block], bool]) -> list[list[Block]]:
    """Begin a new group at each block that opens one; the first may be empty."""
    groups: list[list[Block]] = [[]]
    for block in blocks:
        if opens(block) and groups[-1]:
            groups.append([])
        groups[-1].append(block)
    return groups
