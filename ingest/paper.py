"""Lines on paper to paragraphs: what repeats on every page goes, what was broken is joined."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.blocks import Block, Cut, answer_in, folded, question_in
from pincite.sentences import LIST_MARKER


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of print; places in points, y counted upwards from the foot of the page."""

    text: str
    page: int
    x: float
    y: float
    size: float
    is_bold: bool = False
    is_hidden: bool = False


EDGE = 2
"""Lines at the top and at the bottom of a page where running headers and footers stand."""
REPEATED = 0.4
"""Share of the pages that a running line stands on; left and right pages may differ."""
PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.)?\s*[-–—]?\s*#\s*(?:(?:of|von|/|\|)\s*#)?\s*[-–—]?", re.I
)
NUMBERED_PAGE = re.compile(r"(?:page|seite) #(?: (?:of|von|/) #)?")
"""Says by itself what it is, also where there is one page only."""
LONGEST_HEADING = 150
LARGER = 1.1
"""How much larger than the body a heading is set."""
WIDER = 1.3
"""How much wider than between lines the gap between paragraphs is."""
SHORT = 0.75
"""A line with less than this share of the usual length is the last of its paragraph."""
BULLET = re.compile(r"[•◦▪‣●○■–—*·\uf0b7\uf0a7]\s+")
SENTENCE_END = re.compile(r"[.!?…:][\"'”’)\]]*$")


def without_furniture(lines: Sequence[Line]) -> tuple[list[Line], list[Cut]]:
    """Separate running headers, footers and page numbers from the text."""
    pages = defaultdict(list)
    for line in lines:
        pages[line.page].append(line)
    body = _body_size(lines)
    edges = [
        line
        for page in pages.values()
        for line in _edge_lines(page)
        if line.size <= body * LARGER  # a title is larger, also where it repeats as a header
    ]
    seen = defaultdict(set)
    for line in edges:
        seen[_key(line)].add(line.page)
    needed = max(2, REPEATED * len(pages))
    cuts = {
        line: "page number" if PAGE_NUMBER.fullmatch(_key(line)[0]) else "running header or footer"
        for line in edges
        if len(seen[_key(line)]) >= needed or NUMBERED_PAGE.fullmatch(_key(line)[0])
    }
    return (
        [line for line in lines if line not in cuts],
        [Cut(cuts[line], line.text) for line in lines if line in cuts],
    )


def _edge_lines(page: Sequence[Line]) -> list[Line]:
    heights = sorted({round(line.y) for line in page})
    outer = {*heights[:EDGE], *heights[-EDGE:]}
    return [line for line in page if round(line.y) in outer]


def _key(line: Line) -> tuple[str, int]:
    """Return what makes two lines the same furniture: height, and words but for a page number."""
    words = re.sub(r"^\d+|\d+$|(?<=page )\d+|(?<=seite )\d+", "#", line.text.casefold())
    return words, round(line.y / 6)


def _body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def as_blocks(lines: Sequence[Line]) -> list[Block]:
    """Join lines to headings, paragraphs and list items."""
    if not lines:
        return []
    words = Counter(re.findall(r"[\w-]+", " ".join(line.text.casefold() for line in lines)))
    leading = _leading(lines)
    usual = median(len(line.text) for line in lines if len(line.text) > 20 or len(lines) < 5)
    groups = [[lines[0]]]
    for above, line in pairwise(lines):
        if _begins(above, line, leading=leading, usual=usual, first=groups[-1][0]):
            groups.append([line])
        else:
            groups[-1].append(line)
    body = _body_size(lines)
    sizes = sorted({g[0].size for g in groups if _is_heading(g, body)}, reverse=True)
    return [_block(group, body, sizes, words) for group in groups]


def _leading(lines: Sequence[Line]) -> float:
    """Return the usual distance of two lines of one paragraph, in lines' own sizes."""
    gaps = [
        round((above.y - line.y) / line.size, 2)
        for above, line in pairwise(lines)
        if above.page == line.page
        and above.size == line.size
        and 0 < above.y - line.y < 4 * line.size
    ]
    return Counter(gaps).most_common(1)[0][0] if gaps else 1.2


def _begins(above: Line, line: Line, *, leading: float, usual: float, first: Line) -> bool:
    """Whether a line begins a paragraph rather than going on with the one above."""
    if abs(above.size - line.size) > 0.5 or above.is_bold != line.is_bold or _is_marked(line.text):
        return True
    ends = bool(SENTENCE_END.search(above.text))
    if above.page != line.page or line.y > above.y + line.size:  # the next page or column
        return ends or (line.text[:1].isupper() and len(above.text) < SHORT * usual)
    if (above.y - line.y) / line.size > WIDER * leading:
        return True
    is_indented = line.x > above.x + line.size and first is above
    return ends and (is_indented or line.x > first.x + line.size or len(above.text) < SHORT * usual)


def _is_marked(text: str) -> bool:
    return bool(
        BULLET.match(text)
        or LIST_MARKER.match(text + " ")
        or question_in(text) is not None
        or answer_in(text) is not None
    )


def _is_heading(group: Sequence[Line], body: float) -> bool:
    """Set larger than the body or in bold, short, and not ending as a sentence does."""
    text = " ".join(line.text for line in group)
    stands_out = group[0].size > body * LARGER or all(line.is_bold for line in group)
    is_set_apart = len(text) <= LONGEST_HEADING and not re.search(r"[.,;:]$", text)
    return stands_out and is_set_apart and not _is_marked(text)


def _block(
    group: Sequence[Line], body: float, sizes: Sequence[float], words: Counter[str]
) -> Block:
    text = folded(_joined([line.text for line in group], words))
    if _is_heading(group, body):
        return Block("heading", text, min(sizes.index(group[0].size) + 1, 6))
    if marker := BULLET.match(text) or LIST_MARKER.match(text + " "):
        number = marker[0].strip()
        lead = f"{number} " if number[-1:] in {".", ")"} else "- "
        return Block("item", lead + text[marker.end() :])
    is_bold = all(line.is_bold for line in group)
    return Block("paragraph", text, stands_alone=len(group) == 1, is_bold=is_bold)


def _joined(lines: Sequence[str], words: Counter[str]) -> str:
    """Join lines, and the halves of words that were divided at their ends.

    A hyphen stays where the document writes the word with it elsewhere, and not without.
    """
    text = lines[0]
    for line in lines[1:]:
        halves = re.search(r"([^\W\d_]+)[-‐\u00ad]$", text), re.match(r"[^\W\d_]+", line)
        if halves[0] and halves[1] and line[0].islower():
            whole, hyphened = (
                sign.join((halves[0][1], halves[1][0])).casefold() for sign in ("", "-")
            )
            keeps = words[hyphened] > words[whole]
            text = (text[:-1] + "-" if keeps else text[:-1]) + line
        else:
            text = f"{text} {line}"
    return text
