"""Files to blocks: one reader a format, chosen by the file's ending."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.blocks import Block, answer_in, folded, question_in
from pincite.sentences import LIST_MARKER

UNDERLINE = re.compile(r"\s*(=|-|_|\*|~)(?:\s*\1){2,}\s*")
"""A horizontal rule, or the underline of a heading."""

TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)

Reader = Callable[[str], list[Block]]


def read_markdown(body: str) -> list[Block]:
    """Parse CommonMark; emphasis, links, images and HTML leave their words and nothing else."""
    return list(_markdown_blocks(MarkdownIt("commonmark").parse(body)))


def _markdown_blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    marker, heading = "", 0
    for token in tokens:
        match token.type:
            case "heading_open" | "heading_close":
                heading = int(token.tag[1]) if token.nesting > 0 else 0
            case "list_item_open":
                marker = f"{token.info}. " if token.info else "- "
            case "hr":
                yield Block("rule", "")
            case "inline" if heading:
                yield Block("heading", folded(_plain(token.children or [])), heading)
            case "inline":
                yield from _paragraphs(_plain(token.children or []).split("\n"), marker)
                marker = ""
            case "fence" | "code_block" | "html_block":
                yield from _paragraphs([TAG.sub(" ", token.content)], "")


def _plain(children: Sequence[Token]) -> str:
    breaks = {"softbreak": "\n", "hardbreak": "\n"}
    return "".join(
        breaks.get(child.type, child.content if child.type in {"text", "code_inline"} else "")
        for child in children
    )


def _paragraphs(lines: Sequence[str], marker: str) -> Iterator[Block]:
    """Join the lines of one paragraph, but begin anew where a line is marked `Q:` or `A:`."""
    groups: list[list[str]] = []
    for line in lines:
        if groups and question_in(line) is None and answer_in(line) is None:
            groups[-1].append(line)
        else:
            groups.append([line])
    for text in filter(None, (folded(" ".join(group)) for group in groups)):
        yield Block("item", marker + text) if marker else Block("paragraph", text)


def read_text(body: str) -> list[Block]:
    """Read plain text: a paragraph is a line, or lines up to a blank one where they are wrapped."""
    lines = body.split("\n")
    wrapped_at = _wrap_width(lines)
    blocks: list[Block] = []
    open_line = ""  # the previous line, while its paragraph may go on
    for above, line, below in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        text = folded(line)
        if not text:
            open_line = ""
        elif UNDERLINE.fullmatch(text):
            blocks[-1:] = _underlined(blocks[-1:], is_directly_below=bool(open_line))
            open_line = ""
        elif open_line and _goes_on(open_line, text, wrapped_at):
            blocks[-1] = Block(blocks[-1].kind, f"{blocks[-1].text} {text}")
            open_line = line
        else:
            blocks.append(_text_block(text, stands_alone=not (above.strip() or below.strip())))
            open_line = line
    return blocks


def _wrap_width(lines: Sequence[str]) -> int | None:
    """Return the width at which a text was wrapped by hand, or None: then a line is a paragraph.

    Rule: no line over 100 characters, and more than half of the lines that another follows
    directly are nearly as long as the longest.
    """
    longest = max((len(line.rstrip()) for line in lines), default=0)
    followed = [a for a, b in pairwise(lines) if a.strip() and b.strip()]
    full = [line for line in followed if len(line.rstrip()) > 0.7 * longest]
    wrapped = 40 <= longest <= 100 and len(full) > len(followed) / 2
    return longest if wrapped else None


def _goes_on(previous: str, text: str, wrapped_at: int | None) -> bool:
    starts_anew = (
        LIST_MARKER.match(text + " ")
        or question_in(text) is not None
        or answer_in(text) is not None
    )
    return bool(wrapped_at and len(previous.rstrip()) > 0.6 * wrapped_at and not starts_anew)


def _underlined(last: list[Block], *, is_directly_below: bool) -> list[Block]:
    if last and is_directly_below and last[0].kind == "paragraph" and len(last[0].text) <= 120:
        return [Block("heading", last[0].text, 2)]
    return [*last, Block("rule", "")]


def _text_block(text: str, *, stands_alone: bool) -> Block:
    if hashes := re.match(r"(#{1,6})\s+(\S.*)", text):
        return Block("heading", hashes[2].rstrip("# "), len(hashes[1]))
    if marker := LIST_MARKER.match(text):
        number = marker[0].strip()
        lead = f"{number} " if number[-1] in ".)" else "- "
        return Block("item", lead + text[marker.end() :])
    return Block("paragraph", text, stands_alone=stands_alone)


READERS: Mapping[str, Reader] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
    ".text": read_text,
}
