"""Plain text and Markdown to blocks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.blocks import Block, answer_in, folded, question_in
from pincite.sentences import LIST_MARKER

UNDERLINE = re.compile(r"\s*(=|-|_|\*|~)(?:\s*\1){2,}\s*")
"""A horizontal rule, or the underline of a heading."""

TAG = re.compile(r"<[^<>]*>")
CHECKBOX = re.compile(r"(?:\[[ xX✓✔]?\]|[☐☑☒□✓✔✗❑❏])\s+(?=\S)")
"""An item of a checklist: `[ ] Ask`, `☐ Ask`; it is published as an item like any other."""

QUOTE = re.compile(r"(?:>\s?)+")
"""What a mail or a forum sets before the lines it quotes."""


def read_markdown(body: str) -> list[Block]:
    """Parse CommonMark; emphasis, links, images and HTML leave their words and nothing else."""
    return list(_markdown_blocks(MarkdownIt("commonmark").parse(body)))


@dataclass(slots=True)
class _Place:
    """Where in a Markdown document the parser stands."""

    marker: str = ""
    heading: int = 0
    is_underlined: bool = False
    quotes: int = 0

    def enter(self, token: Token) -> None:
        match token.type:
            case "heading_open" | "heading_close":
                self.heading = int(token.tag[1]) if token.nesting > 0 else 0
                self.is_underlined = token.markup == "-"
            case "list_item_open":
                self.marker = f"{token.info}. " if token.info else "- "
            case "list_item_close":
                self.marker = ""
            case "blockquote_open" | "blockquote_close":
                self.quotes += token.nesting


def _markdown_blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    at = _Place()
    for token in tokens:
        at.enter(token)
        match token.type:
            case "hr":
                yield Block("rule", "")
            case "inline" if at.heading:
                yield from _heading(folded(_plain(token.children or [])), at)
            case "inline":
                yield from _inline(token, at)
                at.marker = ""
            case "fence" | "code_block" | "html_block":
                yield from _paragraphs([_without_tags(token.content)], "")


def _heading(text: str, at: _Place) -> Iterator[Block]:
    """Read a sentence with dashes below it as a paragraph above a rule: it heads nothing."""
    if at.is_underlined and text.endswith((".", "!")):
        yield Block("paragraph", text)
        yield Block("rule", "")
    else:
        yield Block("heading", text, at.heading)


def _inline(token: Token, at: _Place) -> Iterator[Block]:
    children = token.children or []
    is_bold = _is_bold(children) and not at.marker
    for block in _paragraphs(_plain(children).split("\n"), at.marker):
        yield replace(block, is_bold=is_bold, is_quoted=at.quotes > 0)


def _is_bold(children: Sequence[Token]) -> bool:
    depth, has_words = 0, False
    for child in children:
        depth += child.nesting if child.type.startswith("strong") else 0
        if child.content.strip() and child.type != "html_inline":
            has_words = True
            if not depth:
                return False
    return has_words


def _plain(children: Sequence[Token]) -> str:
    breaks = {"softbreak": "\n", "hardbreak": "\n"}
    words = {"text", "code_inline", "image"}
    return "".join(
        breaks.get(child.type, child.content if child.type in words else "") for child in children
    )


def _without_tags(html: str) -> str:
    """Take comments and tags away; a comment that is never closed hides nothing."""
    kept, at = [], 0
    while (opens := html.find("<!--", at)) >= 0 and (closes := html.find("-->", opens)) >= 0:
        kept.append(html[at:opens])
        at = closes + 3
    return TAG.sub(" ", " ".join([*kept, html[at:]]))


def _paragraphs(lines: Sequence[str], marker: str) -> Iterator[Block]:
    """Join the lines of one paragraph, but begin anew where a line is marked `Q:` or `A:`."""
    groups: list[list[str]] = []
    for line in lines:
        if groups and not _is_marked(line):
            groups[-1].append(line)
        else:
            groups.append([line])
    for text in filter(None, (folded(" ".join(group)) for group in groups)):
        if marker:
            yield Block("item", marker + CHECKBOX.sub("", text, count=1))
        else:
            yield Block("paragraph", text)


def _is_marked(line: str) -> bool:
    return question_in(line) is not None or answer_in(line) is not None


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
            blocks[-1:] = _underlined(blocks[-1:], text, is_directly_below=bool(open_line))
            open_line = ""
        elif open_line and _goes_on(open_line, text, wrapped_at):
            blocks[-1] = replace(blocks[-1], text=_joined(blocks[-1], text), stands_alone=False)
            open_line = line
        else:
            blocks.append(_text_block(text, stands_alone=not (above.strip() or below.strip())))
            open_line = line
    return blocks


def _joined(block: Block, text: str) -> str:
    return f"{block.text} {QUOTE.sub('', text, count=1) if block.is_quoted else text}"


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
        or CHECKBOX.match(text)
        or _is_marked(text)
        or text.startswith(">") != previous.lstrip().startswith(">")
    )
    return bool(wrapped_at and len(previous.rstrip()) > 0.6 * wrapped_at and not starts_anew)


def _underlined(last: list[Block], marks: str, *, is_directly_below: bool) -> list[Block]:
    """Make a heading of a line with marks below it; of a sentence only if they are as long."""
    if last and is_directly_below and last[0].kind == "paragraph" and len(last[0].text) <= 120:
        text = last[0].text
        if not text.endswith((".", "!")) or len(marks) >= 0.8 * len(text):
            return [Block("heading", text, 2)]
    return [*last, Block("rule", "")]


def _text_block(text: str, *, stands_alone: bool) -> Block:
    if hashes := re.match(r"(#{1,6})\s+(\S.*)", text):
        return Block("heading", hashes[2].rstrip("# "), len(hashes[1]))
    if (quote := QUOTE.match(text)) and quote.end() < len(text):
        return Block("paragraph", text[quote.end() :].lstrip(), is_quoted=True)
    if marker := LIST_MARKER.match(text):
        number = marker[0].strip()
        lead = f"{number} " if number[-1] in ".)" else "- "
        return Block("item", lead + CHECKBOX.sub("", text[marker.end() :], count=1))
    if box := CHECKBOX.match(text):
        return Block("item", "- " + text[box.end() :])
    return Block("paragraph", text, stands_alone=stands_alone)
