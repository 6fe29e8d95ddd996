"""Elements to blocks: headings, paragraphs and list items, each on one line."""

from dataclasses import replace

from lxml import etree
from lxml.etree import _Element as Element

from ingest.blocks import Block, answer_in, folded, question_in
from pincite.sentences import LIST_MARKER

HEADINGS = {f"h{n}": n for n in range(1, 7)}
INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i ins kbd label mark q s samp "
    "small span strike strong sub sup time tt u var wbr img picture source nobr".split()
)
"""Elements that go on in the line; any other ends a paragraph."""

BOLD = frozenset({"b", "strong"})
Line = tuple[str, bool]
"""The text of a line, and whether all its letters are bold."""


def blocks_of(root: Element) -> list[Block]:
    """Turn an element into blocks, in the order of the page."""
    reader = _Reader()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            reader.begin(element)
        else:
            reader.end(element)
            if element is not root:
                reader.say(element.tail)
    reader.end_paragraph("")
    return reader.blocks


class _Reader:
    """Gathers the lines of a paragraph until an element ends it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._lines: list[Line] = []
        self._text = ""
        self._has_plain = False
        self._bold = 0
        self._quotes = 0
        self._marker = ""
        self._lists: list[int | None] = []

    def begin(self, element: Element) -> None:
        tag = _tag(element)
        self._bold += tag in BOLD
        if tag == "br":
            self.end_line()
        elif tag not in INLINE:
            parent = element.getparent()
            self.end_paragraph(_tag(parent) if parent is not None else "")
            self._quotes += tag == "blockquote"
            self._open(element, tag)
        self.say(element.text)

    def _open(self, element: Element, tag: str) -> None:
        if tag in {"ol", "ul"}:
            self._lists.append(_first(element) if tag == "ol" else None)
        elif tag == "li":
            self._marker = self._next_marker()
        elif tag == "hr":
            self.blocks.append(Block("rule", ""))

    def end(self, element: Element) -> None:
        tag = _tag(element)
        if tag in BOLD:
            self._bold -= 1
            self._end_bold()
        elif tag not in INLINE:
            self.end_paragraph(tag)
            self._quotes -= tag == "blockquote"
        if tag in {"ol", "ul"} and self._lists:
            self._lists.pop()
        if tag == "li":
            self._marker = ""

    def say(self, text: str | None) -> None:
        if text:
            self._text += text
            self._has_plain = self._has_plain or (not self._bold and bool(text.strip()))

    def end_line(self) -> None:
        text = folded(self._text)
        self._lines.append((text, bool(text) and not self._has_plain))
        self._text, self._has_plain = "", False

    def _end_bold(self) -> None:
        """Break after a bold question that its answer follows in the same paragraph."""
        if not self._bold and not self._has_plain and folded(self._text).endswith("?"):
            self.end_line()

    def end_paragraph(self, tag: str) -> None:
        self.end_line()
        lines, self._lines = self._lines, []
        groups = _grouped(lines)
        if tag in HEADINGS and groups:
            text = " ".join(text for text, _ in groups)
            self.blocks.append(Block("heading", text, HEADINGS[tag]))
        elif groups:
            blocks = [_block(text, self._marker, is_bold=bold) for text, bold in groups]
            self.blocks += [replace(b, is_quoted=self._quotes > 0) for b in blocks]
            self._marker = ""  # what else stands in the item is a paragraph of its own

    def _next_marker(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number}. "


def _tag(element: Element) -> str:
    return element.tag if isinstance(element.tag, str) else ""


def _first(element: Element) -> int:
    start = element.get("start") or "1"
    return int(start) if start.isdecimal() and len(start) < 6 else 1


def _grouped(lines: list[Line]) -> list[Line]:
    """Join the lines of a paragraph, but begin anew at a blank, a mark, or beside a bold line."""
    groups: list[Line] = []
    is_open = False
    for text, is_bold in lines:
        if text and is_open and is_bold == groups[-1][1] and not starts_anew(text):
            groups[-1] = (f"{groups[-1][0]} {text}", is_bold)
        elif text:
            groups.append((text, is_bold))
        is_open = bool(text)
    return groups


def starts_anew(text: str) -> bool:
    """Whether a line opens an item, a question or an answer."""
    marks = (LIST_MARKER.match(text), question_in(text), answer_in(text))
    return any(mark is not None for mark in marks)


def _block(text: str, marker: str, *, is_bold: bool) -> Block:
    if marker:
        return Block("item", marker + text)
    return replace(plain_block(text), is_bold=is_bold)


def plain_block(text: str) -> Block:
    """Make a paragraph, or an item where the line itself carries a list marker."""
    mark = LIST_MARKER.match(text)
    if mark is None or question_in(text) is not None or answer_in(text) is not None:
        return Block("paragraph", text)
    number = mark[0].strip()
    lead = f"{number} " if number[-1] in ".)" else "- "
    return Block("item", lead + text[mark.end() :])
