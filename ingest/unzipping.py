"""Is a zip file safe to unpack? Asked before any library opens a Word file."""

import zlib
from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pincite.errors import SourceError

MOST_ENTRIES = 2_000
MOST_BYTES = 100 * 2**20
"""Of all entries together, as they really unpack: what the headers say is not believed."""
MOST_RATIO = 100
RATIO_FREE = 2**20
"""Bytes up to which an entry may shrink as far as it likes: a table of styles is mostly repeats."""
CHUNK = 2**16
LOCAL_HEADER = 30
ENCRYPTED = 0x1

OTHER_ARCHIVES = (
    ("xl/", "an Excel workbook; save the text as .docx or .pdf"),
    ("ppt/", "a PowerPoint presentation; save the text as .docx or .pdf"),
    ("content.xml", "an OpenDocument file; save it as .docx"),
    ("META-INF/container.xml", "an e-book; save the text as .docx or .html"),
)


def check_word_archive(raw: bytes) -> None:
    """Unpack everything once, without keeping it.

    Raises:
        SourceError: it is a bomb, damaged, locked, or no Word file.
    """
    try:
        with ZipFile(BytesIO(raw)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            _check_kind(archive.namelist())
            _check_sizes(archive, entries)
    except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise SourceError(f"it is damaged: {' '.join(str(error).split())[:200]}") from error


def _check_entries(entries: Sequence[ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise SourceError(f"it holds more than {MOST_ENTRIES:,} files inside")
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise SourceError("it is locked with a password; save a copy without one")
    if any(entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for entry in entries):
        raise SourceError("it is packed in a way that Word never uses; save it again with Word")
    in_order = sorted(entries, key=lambda entry: entry.header_offset)
    for first, second in pairwise(in_order):
        end = first.header_offset + LOCAL_HEADER + len(first.filename) + first.compress_size
        if end > second.header_offset:
            raise SourceError("its parts overlap, as no Word file's do; save it again with Word")


def _check_kind(names: Sequence[str]) -> None:
    if "word/document.xml" in names:
        return
    for beginning, what in OTHER_ARCHIVES:
        if any(name.startswith(beginning) for name in names):
            raise SourceError(f"it is {what}")
    raise SourceError("it is a zip archive; unpack it and add the files in it")


def _check_sizes(archive: ZipFile, entries: Sequence[ZipInfo]) -> None:
    total = 0
    for entry in entries:
        size, opening = 0, b""
        with archive.open(entry) as file:
            while chunk := file.read(CHUNK):
                opening = opening or chunk
                size += len(chunk)
                total += len(chunk)
                if total > MOST_BYTES:
                    raise SourceError(f"it unpacks to more than {MOST_BYTES // 2**20} MB")
                if size > max(RATIO_FREE, MOST_RATIO * entry.compress_size):
                    raise SourceError(f"it unpacks to more than {MOST_RATIO} times its size")
        if b"<!DOCTYPE" in opening or b"<!ENTITY" in opening:
            raise SourceError("it declares XML entities, as no Word file does; save it again")
