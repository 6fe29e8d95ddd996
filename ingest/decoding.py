"""Bytes to clean characters: encodings, line ends, and characters that no reader should meet."""

import codecs
import unicodedata

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

KEPT_CONTROLS = "\n\t"
JOINERS = "\u200c\u200d"
"""Format characters (Unicode category Cf) that belong to words or emoji; all others are removed."""


def has_mark(raw: bytes) -> bool:
    """Whether the bytes begin with a byte order mark, which makes zero bytes text."""
    return raw.startswith(tuple(mark for mark, _ in BOMS))


def decoded(raw: bytes) -> tuple[str, list[str]]:
    """Return the text and warnings: by byte order mark, strict UTF-8, or cp1252 with a warning.

    Raises:
        UnicodeError: a byte order mark promises an encoding that the bytes do not keep.
    """
    for mark, encoding in BOMS:
        if raw.startswith(mark):
            return raw.decode(encoding), []
    try:
        return raw.decode(), []
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
        return text, ["not UTF-8: read as Windows-1252; check quotation marks and accents"]


def cleaned(text: str) -> tuple[str, list[str]]:
    """Return the text with plain line ends and spaces, without invisible characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n\n").replace("\u0085", "\n")
    kept = [c for c in text if not _is_invisible(c)]
    removed = len(text) - len(kept)
    spaced = "".join(" " if unicodedata.category(c) == "Zs" else c for c in kept)
    return spaced, [f"{removed} invisible characters removed"] if removed else []


def _is_invisible(char: str) -> bool:
    if char in KEPT_CONTROLS or char in JOINERS:
        return False
    return unicodedata.category(char) in {"Cc", "Cf", "Cs"}
