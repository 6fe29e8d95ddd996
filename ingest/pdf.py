"""PDF to a page: lines with their places on the paper, then paragraphs by gaps, sizes and columns.

A PDF knows no paragraphs. `ingest.paper` puts them together; here the file is opened, within
limits, and every line is told with where it stands and whether a reader can see it.
"""

import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf import apply_configuration as configured
from pypdf.errors import LimitReachedError, PyPdfError

from ingest.blocks import Cut, folded
from ingest.decoding import cleaned
from ingest.frontmatter import Header
from ingest.page import Page
from ingest.paper import Line, as_blocks, without_furniture
from ingest.properties import author_in, title_in
from pincite.errors import SourceError

MOST_PAGES = 500
LARGEST_STREAM = 20_000_000
"""Bytes that one part of the file may unpack to."""
LIMITS: dict[str, Any] = {
    name: LARGEST_STREAM
    for name in (
        "maximum_declared_stream_length",
        "array_based_stream_maximum_output_length",
        "lzw_maximum_output_length",
        "run_length_maximum_output_length",
        "zlib_maximum_output_length",
        "brotli_maximum_output_length",
        "jbig2_maximum_output_length",
    )
}
BROKEN = (PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What pypdf raises on files that are not what they promise."""
SMALLEST_TYPE = 1.0
"""Points."""
INVISIBLE = 3
"""The text rendering mode that paints nothing."""

Matrix = Sequence[float]


def read_pdf(raw: bytes) -> Page:
    """Read the text that a PDF shows.

    Raises:
        SourceError: it is locked, damaged, too large or without text; the message says which.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs what we report by ourselves
    with _explained(), configured(**LIMITS, jbig2dec_binary=None, disable_legacy_handling=True):
        reader = PdfReader(BytesIO(raw), root_object_recovery_limit=1_000)
        if reader.is_encrypted and not _opens_without_password(reader):
            raise SourceError("it is locked with a password; save a copy without one")
        if len(reader.pages) > MOST_PAGES:
            raise SourceError(f"it has more than {MOST_PAGES} pages; split it")
        pages = [_lines(number, page) for number, page in enumerate(reader.pages)]
        metadata = dict(reader.metadata or {})
    lines = [line for page in pages for line in page]
    shown = [line for line in lines if not line.is_hidden]
    if not shown:
        raise SourceError("it has no text layer: scan it with text recognition first")
    kept, furniture = without_furniture(shown)
    blocks = as_blocks(kept)
    return Page(
        blocks=tuple(blocks),
        header=Header(
            title=title_in(metadata.get("/Title"), blocks),
            author=author_in(metadata.get("/Author")),
        ),
        cuts=(*furniture, *(Cut("hidden text", line.text) for line in lines if line.is_hidden)),
    )


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what pypdf raises into a reason."""
    try:
        yield
    except LimitReachedError as error:
        raise SourceError(
            f"a part of it unpacks to more than {LARGEST_STREAM // 10**6} MB, or has no end"
        ) from error
    except BROKEN as error:
        raise SourceError(f"it is damaged and cannot be read ({type(error).__name__})") from error


def _opens_without_password(reader: PdfReader) -> bool:
    """Try the empty password: many files only ask for one before they are changed."""
    with suppress(PyPdfError):  # also where its cipher needs a library that is not installed
        return bool(reader.decrypt(""))
    return False


def _lines(number: int, page: PageObject) -> list[Line]:
    if (contents := page.get_contents()) is not None:
        contents.get_data()  # where it is too large this raises; the extraction would return ""
    ink = _Ink(number, page)
    page.extract_text(visitor_operand_before=ink.see_operator, visitor_text=ink.see_text)
    lines = ink.finished()
    hidden = sum(len(line.text) for line in lines if line.is_hidden)
    if hidden and hidden == sum(len(line.text) for line in lines) and _has_image(page):
        return [  # a scan: its invisible text is what text recognition read in the picture
            Line(text=a.text, page=a.page, x=a.x, y=a.y, size=a.size) for a in lines
        ]
    return lines


def _has_image(page: PageObject) -> bool:
    resources = page.get("/Resources")
    objects = (resources.get_object() if resources else {}).get("/XObject")
    items = objects.get_object().values() if objects else []
    return any(item.get_object().get("/Subtype") == "/Image" for item in items)


@dataclass
class _Ink:
    """Collects the pieces of text that pypdf meets on a page, and puts lines together."""

    number: int
    page: PageObject
    mode: int = 0
    saved: list[int] = field(default_factory=list)
    is_painted: bool | None = None
    """Whether any text was painted since the last piece; None where there was no text at all."""
    lines: list[Line] = field(default_factory=list)
    open: Line | None = None

    def see_operator(self, operator: bytes, operands: Any, *_: Matrix) -> None:  # noqa: ANN401 - pypdf's
        match operator:
            case b"q":
                self.saved.append(self.mode)
            case b"Q":
                self.mode = self.saved.pop() if self.saved else 0
            case b"Tr":
                self.mode = int(operands[0]) if operands else 0
            case b"Tj" | b"TJ" | b"'" | b'"':
                self.is_painted = bool(self.is_painted) or self.mode != INVISIBLE

    def see_text(self, text: str, cm: Matrix, tm: Matrix, font: Any, size: float) -> None:  # noqa: ANN401 - pypdf's
        if clean := folded(cleaned(text)[0]):
            self._add(
                clean, text, _multiplied(tm, cm), str((font or {}).get("/BaseFont", "")), size
            )
            self.is_painted = None
        if text.endswith("\n"):
            self._close()

    def finished(self) -> list[Line]:
        self._close()
        return self.lines

    def _add(self, clean: str, text: str, place: Matrix, font: str, size: float) -> None:
        points = round(abs(size) * math.hypot(place[2], place[3]), 1)
        is_hidden = self.is_painted is False or points < SMALLEST_TYPE or self._is_outside(place)
        if self.open and (self.open.is_hidden != is_hidden):
            self._close()
        if self.open:
            space = " " if text[:1].isspace() else ""
            joined = f"{self.open.text}{space}{clean}"
        else:
            joined = clean
        first = self.open or Line(
            text="",
            page=self.number,
            x=place[4],
            y=place[5],
            size=max(points, 0.1),
            is_bold="bold" in font.lower(),
            is_hidden=is_hidden,
        )
        trailing = " " if text[-1:].isspace() else ""
        self.open = _with_text(first, joined + trailing, is_bold="bold" in font.lower())

    def _close(self) -> None:
        if self.open and (text := folded(self.open.text)):
            self.lines.append(_with_text(self.open, text, is_bold=True))
        self.open = None

    def _is_outside(self, place: Matrix) -> bool:
        box = self.page.mediabox
        return not (box.left <= place[4] <= box.right and box.bottom <= place[5] <= box.top)


def _with_text(line: Line, text: str, *, is_bold: bool) -> Line:
    return replace(line, text=text, is_bold=line.is_bold and is_bold)


def _multiplied(first: Matrix, second: Matrix) -> tuple[float, ...]:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
            e * g + f * i + k, e * h + f * j + m)  # fmt: skip
