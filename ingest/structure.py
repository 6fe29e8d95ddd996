"""Blocks to sections: what belongs together in a column, a thread or a guide."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ingest.blocks import Block
from ingest.borders import is_count_line
from ingest.columns import STYLES, is_marked, parts_of, questions_of
from ingest.parts import Part, lay_out, split_before
from ingest.threads import is_thread, response_parts, thread_parts
from pincite.model import Kind

__all__ = ["PARTS", "Part", "column_parts", "guide_parts", "kind_of", "lay_out", "thread_parts"]

PLAIN_HEADING = re.compile(r"[^\W_a-z].*[^.,;:!…\"'”’)]")


def kind_of(blocks: Sequence[Block]) -> Kind:
    """Tell a column by its Q and A markers, a thread by its count line or borders of posts.

    Without these an article is a column if it is dressed as one (`columns.STYLES`), or if most of
    its headings, and at least two, are questions; its headings stay sections either way.
    """
    if is_marked(blocks):
        return "column"
    if is_thread(blocks):
        return "thread"
    is_dressed = any(style(blocks) for style in STYLES) or _asks_in_headings(blocks)
    return "column" if is_dressed else "guide"


def _asks_in_headings(blocks: Sequence[Block]) -> bool:
    headings = [part.heading for part in guide_parts(blocks) if part.heading and part.body]
    asking = [heading for heading in headings if heading.endswith("?")]
    return len(asking) > 1 and len(asking) > len(headings) / 2


def column_parts(blocks: Sequence[Block]) -> list[Part]:
    """Begin a part at each question; its heading is the question, its body the answer.

    Where headings are the questions, the parts are a guide's. Comments that readers left below,
    after a count line, are theirs and not the columnist's.
    """
    end = next((i for i, b in enumerate(blocks) if i and is_count_line(b)), len(blocks))
    column, comments = blocks[:end], response_parts(blocks[end:])
    found = questions_of(column)
    parts = parts_of(column, found) if found else guide_parts(column)
    return parts + [replace(comment, speaker="forum poster") for comment in comments]


def guide_parts(blocks: Sequence[Block]) -> list[Part]:
    """Begin a part at each heading."""
    parts = []
    blocks = _with_plain_headings(blocks)
    for group in split_before(blocks, _is_heading):
        has_heading = bool(group) and _is_heading(group[0])
        heading = group[0].text if has_heading else ""
        parts.append(Part(heading, tuple(group[has_heading:]), tuple(group[:has_heading])))
    return parts


PARTS: Mapping[Kind, Callable[[Sequence[Block]], list[Part]]] = {
    "column": column_parts,
    "thread": thread_parts,
    "guide": guide_parts,
}


def _with_plain_headings(blocks: Sequence[Block]) -> list[Block]:
    """Make headings of lines that look like one and have text below them."""
    below = [*blocks[1:], None][: len(blocks)]
    return [
        replace(block, kind="heading", level=2)
        if _looks_like_heading(block) and after and not _looks_like_heading(after)
        else block
        for block, after in zip(blocks, below, strict=False)
    ]


def _looks_like_heading(block: Block) -> bool:
    """A line of plain text alone between blank ones, or a bold one, like a heading in its words."""
    return (
        (block.stands_alone or block.is_bold)
        and len(block.text) <= 80
        and bool(PLAIN_HEADING.fullmatch(block.text))
    )


def _is_heading(block: Block) -> bool:
    return block.kind == "heading"
