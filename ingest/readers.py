"""Files to pages: one reader a format, chosen by content, or by name where that is silent."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import PurePosixPath

from ingest.blocks import Block
from ingest.decoding import cleaned, decoded, has_mark
from ingest.frontmatter import split_header
from ingest.page import LONGEST_ARTICLE, Page
from ingest.textual import read_markdown, read_text
from pincite.errors import SourceError

Reader = Callable[[bytes], Page]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How Word files before 2007 begin, and newer ones that are locked: their reader says so."""

SUFFIXES: Mapping[str, str] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}


def read_page(name: str, raw: bytes) -> Page:
    """Read a file of any known format.

    Raises:
        SourceError: the format is not known, or the file cannot be read; the message says why.
    """
    return READERS[format_of(name, raw)](raw)


def format_of(name: str, raw: bytes) -> str:
    """Tell a file's format by its first bytes, or by its name where they say nothing.

    Raises:
        SourceError: it is in a format that is not read.
    """
    head = raw[:1024].lstrip()
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith((b"PK\x03\x04", OLE)):
        return "docx"
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise SourceError(
            f"files ending in {suffix or 'nothing'!r} are not read; use {', '.join(SUFFIXES)}"
        )
    if SUFFIXES[suffix] in {"pdf", "docx"}:
        raise SourceError(f"it is named {suffix} and holds something else")
    if head[:15].lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    return SUFFIXES[suffix]


def _from_text(read: Callable[[str], list[Block]]) -> Reader:
    def page(raw: bytes) -> Page:
        text, warnings = _text_of(raw)
        header, body, header_warnings = split_header(text)
        return Page(blocks=tuple(read(body)), header=header, warnings=(*warnings, *header_warnings))

    return page


def _text_of(raw: bytes) -> tuple[str, list[str]]:
    if b"\x00" in raw[:4096] and not has_mark(raw):
        raise SourceError("it holds binary data, not text")
    try:
        raw_text, warnings = decoded(raw)
    except UnicodeError as error:
        raise SourceError(f"its characters cannot be read: {error}") from error
    text, more = cleaned(raw_text)
    if len(text) > LONGEST_ARTICLE:
        raise SourceError(f"it is longer than {LONGEST_ARTICLE:,} characters; split it")
    return text, warnings + more


def _on_demand(module: str, function: str) -> Reader:
    """Load a parser when the first file needs it: a start without them is six times quicker."""

    def page(raw: bytes) -> Page:
        read: Reader = getattr(import_module(module), function)
        return read(raw)

    return page


READERS: Mapping[str, Reader] = {
    "markdown": _from_text(read_markdown),
    "text": _from_text(read_text),
    "html": _on_demand("ingest.html", "read_html"),
    "pdf": _on_demand("ingest.pdf", "read_pdf"),
    "docx": _on_demand("ingest.word", "read_docx"),
}
