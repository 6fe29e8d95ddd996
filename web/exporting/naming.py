"""The name of an exported file, from its question, so that every system can store it."""

import unicodedata
from typing import Final
from urllib.parse import quote

from web.exporting.body import Form
from web.exporting.document import Document

SUFFIX: Final[dict[Form, str]] = {"copy": "txt", "text": "txt", "markdown": "md", "html": "html"}
MAX_BYTES: Final = 120
"""Of the question's part; file systems take 255 in all, and some sync clients count the path."""


def file_name(doc: Document, form: Form) -> str:
    """Return a name such as "Pincite - Should I go.txt".

    The beginning keeps it from being a name that Windows reserves, such as "con.txt".
    """
    others = len(doc.entries) - 1
    more = f" and {others} more" if others else ""
    return f"Pincite - {worded(doc.entries[0].question)}{more}.{SUFFIX[form]}"


def worded(question: str) -> str:
    """Keep letters, digits and single spaces, as far as they fit."""
    kept = "".join(c if is_wordy(c) else " " for c in unicodedata.normalize("NFC", question))
    name = ""
    for word in kept.split():
        longer = f"{name} {word}".strip()
        if len(longer.encode()) > MAX_BYTES:
            break
        name = longer
    return name or "Question"


def is_wordy(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character in "-'’"


def content_disposition(name: str) -> str:
    """Write the header that hands the file out under this name, by RFC 6266."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
