"""What Word's styles and numbering make of a paragraph: a heading, a list item, hidden."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml.etree import _Element as Element

SMALLEST_TYPE = 2
"""Half points; what is smaller nobody can read."""
MOST_STYLES = 20
"""Styles that one can be based on, one upon the other; a circle would have no end."""


class Tag:
    """Names of WordprocessingML elements as lxml writes them."""

    P = qn("w:p")
    R = qn("w:r")
    T = qn("w:t")
    TBL = qn("w:tbl")
    TR = qn("w:tr")
    TC = qn("w:tc")
    TAB = qn("w:tab")
    BR = qn("w:br")
    CR = qn("w:cr")
    HYPHEN = qn("w:noBreakHyphen")
    SDT = qn("w:sdt")
    SDT_CONTENT = qn("w:sdtContent")
    CUSTOM = qn("w:customXml")
    INS = qn("w:ins")
    MOVE_TO = qn("w:moveTo")
    DELETED = qn("w:del")
    MOVED_AWAY = qn("w:moveFrom")
    TEXT_BOX = qn("w:txbxContent")
    FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """How Word shows a paragraph."""

    heading: int = 0
    """1 to 6, or 0 for none."""
    list_format: str = ""
    """"bullet", "decimal" ..., or "" outside of lists."""
    list_place: tuple[str, int] = ("", 0)
    """The list and the level in it."""
    is_hidden: bool = False


class Styles:
    """Looks things up in a document's styles and numbering."""

    def __init__(self, document: WordDocument) -> None:
        styles = document.styles.element.iterchildren(qn("w:style"))
        self._by_id = {style.get(qn("w:styleId")): style for style in styles}
        body = document.element.body
        used = {style.get(qn("w:val")) for style in body.iter(qn("w:pStyle"))}
        self._has_title = any(self._name(self._by_id.get(id_)) == "title" for id_ in used)
        self._formats = _formats(document)

    def looks_of(self, paragraph: Element) -> Looks:
        """Tell what a paragraph's own properties, and then its styles, make of it."""
        chain = [paragraph, *self._chain(_value(paragraph, "w:pPr/w:pStyle"))]
        number = next(
            (n for n in (p.find(_path("w:pPr/w:numPr")) for p in chain) if n is not None), None
        )
        list_id = _value(number, "w:numId") or ""
        level = int(_value(number, "w:ilvl") or 0)
        return Looks(
            heading=self._heading(chain),
            list_format=self._formats.get((list_id, level), ""),
            list_place=(list_id, level),
            is_hidden=any(_is_hidden(style) for style in chain[1:]),
        )

    def is_hidden(self, run: Element) -> bool:
        """Whether a run, or the style that it is in, is marked as hidden or too small to see."""
        return any(_is_hidden(at) for at in [run, *self._chain(_value(run, "w:rPr/w:rStyle"))])

    def is_bold(self, paragraph: Element) -> bool:
        """Whether all that a paragraph's runs show is set in bold by themselves."""
        runs = [
            r for r in paragraph.iter(Tag.R) if any((t.text or "").strip() for t in r.iter(Tag.T))
        ]
        return bool(runs) and all(_is_on(run, "w:rPr/w:b") for run in runs)

    def _heading(self, chain: list[Element]) -> int:
        for at in chain:
            name = self._name(at)
            if name == "title":
                return 1
            outline = _value(at, "w:pPr/w:outlineLvl")
            named = re.fullmatch(r"heading (\d)", name)
            level = int(named[1]) if named else int(outline) + 1 if outline else 0
            if 0 < level < 10:
                return min(level + self._has_title, 6)
        return 0

    def _chain(self, id_: str | None) -> Iterator[Element]:
        for _ in range(MOST_STYLES):
            style = self._by_id.get(id_)
            if style is None:
                return
            yield style
            id_ = _value(style, "w:basedOn")

    def _name(self, style: Element | None) -> str:
        return (_value(style, "w:name") or "").lower()


def _formats(document: WordDocument) -> dict[tuple[str, int], str]:
    """Return the number format of every level of every list."""
    part = next(
        (r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")),
        None,
    )
    root = getattr(part, "element", None)
    if root is None:
        return {}
    abstract = {
        one.get(qn("w:abstractNumId")): {
            int(level.get(qn("w:ilvl"))): _value(level, "w:numFmt") or "decimal"
            for level in one.iterchildren(qn("w:lvl"))
        }
        for one in root.iterchildren(qn("w:abstractNum"))
    }
    return {
        (str(one.get(qn("w:numId"))), level): "" if format_ == "none" else format_
        for one in root.iterchildren(qn("w:num"))
        for level, format_ in abstract.get(_value(one, "w:abstractNumId"), {}).items()
    }


def _is_hidden(at: Element) -> bool:
    size = _value(at, "w:rPr/w:sz") or ""
    is_tiny = size.isdecimal() and int(size) <= SMALLEST_TYPE
    return is_tiny or _is_on(at, "w:rPr/w:vanish")


def _is_on(at: Element, path: str) -> bool:
    found = at.find(_path(path))
    return found is not None and found.get(qn("w:val"), "1") not in {"0", "false", "off"}


def _value(at: Element | None, path: str) -> str | None:
    found = at.find(_path(path)) if at is not None else None
    return found.get(qn("w:val")) if found is not None else None


def _path(path: str) -> str:
    return "/".join(map(qn, path.split("/")))
