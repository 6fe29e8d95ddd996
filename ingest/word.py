"""Word files to a page: what a reader sees, in order, with a receipt for the rest."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from lxml.etree import LxmlError
from lxml.etree import _Element as Element

from ingest.blocks import Block, BlockKind, Cut, folded
from ingest.decoding import cleaned
from ingest.frontmatter import Header
from ingest.page import Page
from ingest.properties import author_in, title_in
from ingest.styles import Looks, Styles, Tag
from ingest.unzipping import check_word_archive
from pincite.errors import SourceError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What old Word files and locked new ones begin with."""
UNSEEN = frozenset({Tag.DELETED, Tag.MOVED_AWAY, Tag.FALLBACK, Tag.TEXT_BOX})
"""Not in the line: deleted words, a drawing for older programs, and text boxes, which follow it."""
CHARACTERS = {Tag.T: "", Tag.TAB: " ", Tag.BR: "\n", Tag.CR: "\n", Tag.HYPHEN: "-"}
"""What a run is made of; "" stands for the text inside."""
LONGEST_ROW = 500
TEMPLATE_DAY = "2013-12-23"
"""On which the template of python-docx was made: every file written with it says so."""
ASIDE = {"header": "running header or footer", "footer": "running header or footer",
         "footnotes": "footnote", "endnotes": "footnote", "comments": "comment"}  # fmt: skip
"""Parts beside the text, by the end of their relationship's type."""
DEEPEST = 50
"""Tables in tables."""


def read_docx(raw: bytes) -> Page:
    """Read the body of a Word file.

    Raises:
        SourceError: it is locked, damaged, a bomb or no Word file; the message says which.
    """
    if raw.startswith(OLE):
        raise SourceError(
            "it is locked with a password, or an old .doc file; save it as .docx without one"
        )
    check_word_archive(raw)
    try:
        document = Document(BytesIO(raw))
        body = _Body(Styles(document))
        body.read(document.element.body)
        asides = _asides(document)
    except (OpcError, LxmlError, BadZipFile, AttributeError, LookupError, ValueError) as error:
        raise SourceError(f"it is not a whole Word file ({type(error).__name__})") from error
    return Page(
        blocks=tuple(body.blocks),
        header=_header(document, body.blocks),
        cuts=(*body.cuts, *asides),
    )


def _header(document: WordDocument, blocks: list[Block]) -> Header:
    said = document.core_properties
    author = author_in(said.author)
    return Header(
        title=title_in(said.title, blocks), author=author, date=_date(said.created, author)
    )


def _date(created: datetime | None, author: str | None) -> str | None:
    """Take the day on which the file was begun, if a person began it: templates have days too."""
    if created is None or author is None or not 1990 <= created.year <= 2100:
        return None
    day = created.date().isoformat()
    return day if day != TEMPLATE_DAY else None


@dataclass
class _Body:
    """Walks the body once; keeps blocks, what was hidden, and how far each list has counted."""

    styles: Styles
    blocks: list[Block] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    counts: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))

    def read(self, parent: Element, depth: int = 0) -> None:
        """Read paragraphs, tables and content controls in their order."""
        if depth > DEEPEST:
            raise SourceError("it is nested too deeply to be read")
        for child in parent:
            match child.tag:
                case Tag.P:
                    self._paragraph(child, depth)
                case Tag.TR:
                    self._row(child, depth)
                case Tag.TBL | Tag.SDT | Tag.SDT_CONTENT | Tag.INS | Tag.MOVE_TO | Tag.CUSTOM:
                    self.read(child, depth + 1)

    def _row(self, row: Element, depth: int) -> None:
        """Make one line of a row of short cells; long ones were laid out side by side: read on."""
        cells = []
        for cell in row.iterchildren(Tag.TC):
            inner = _Body(self.styles, cuts=self.cuts, counts=self.counts)
            inner.read(cell, depth + 1)
            cells.append(inner.blocks)
        blocks = [block for cell in cells for block in cell]
        if len(blocks) > 1 and all(len(cell) <= 1 for cell in cells):
            text = " | ".join(block.text for block in blocks)
            blocks = [Block("paragraph", text)] if len(text) <= LONGEST_ROW else blocks
        self.blocks += blocks

    def _paragraph(self, element: Element, depth: int) -> None:
        looks = self.styles.looks_of(element)
        lines = [line for line in map(folded, self._text(element, looks).split("\n")) if line]
        lead = self._lead(looks) if lines else ""
        is_bold = not (lead or looks.heading) and self.styles.is_bold(element)
        for i, line in enumerate(lines):
            kind: BlockKind = (
                "heading" if looks.heading else "item" if lead and not i else "paragraph"
            )
            self.blocks.append(
                Block(kind, line if i else lead + line, looks.heading, is_bold=is_bold)
            )
        for box in _within(element, Tag.TEXT_BOX, unseen=UNSEEN - {Tag.TEXT_BOX}):
            self.read(box, depth + 1)

    def _text(self, element: Element, looks: Looks) -> str:
        seen = []
        for run in _within(element, Tag.R, unseen=UNSEEN):
            text = cleaned("".join(map(_characters, _within(run, *CHARACTERS, unseen=UNSEEN))))[0]
            if text.strip() and (looks.is_hidden or self.styles.is_hidden(run)):
                self.cuts.append(Cut("hidden text", folded(text)))
            else:
                seen.append(text)
        return "".join(seen)

    def _lead(self, looks: Looks) -> str:
        """Return the marker that Word draws before a list item."""
        if looks.heading or not looks.list_format:
            return ""
        if looks.list_format == "bullet":
            return "- "
        self.counts[looks.list_place] += 1
        for place in self.counts:
            if place[0] == looks.list_place[0] and place[1] > looks.list_place[1]:
                self.counts[place] = 0
        return f"{self.counts[looks.list_place]}. "


def _within(element: Element, *tags: str, unseen: Collection[str]) -> Iterator[Element]:
    """Yield the outermost elements of these tags below an element, but for unseen branches."""
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        if child.tag in tags:
            yield child
        elif child.tag not in unseen:
            waiting.extend(reversed(child))


def _characters(element: Element) -> str:
    return CHARACTERS[element.tag] or element.text or ""


def _asides(document: WordDocument) -> list[Cut]:
    """Return what stands beside the text: it is not published, and not dropped without a word."""
    cuts: list[Cut] = []
    for relation in document.part.rels.values():
        rule = ASIDE.get(relation.reltype.rsplit("/", 1)[-1])
        if rule and not relation.is_external:
            root = parse_xml(relation.target_part.blob)
            lines = ["".join(t.text or "" for t in p.iter(Tag.T)) for p in root.iter(Tag.P)]
            cuts += [Cut(rule, text) for line in lines if (text := folded(cleaned(line)[0]))]
    return list(dict.fromkeys(cuts))
