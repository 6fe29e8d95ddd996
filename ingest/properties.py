"""What a PDF or Word file says of itself, as far as a person can have meant it."""

import re
from collections.abc import Sequence

from ingest.blocks import LONGEST_TITLE, Block, folded, same_line
from ingest.decoding import cleaned

NO_TITLE = re.compile(
    r"untitled.*|microsoft word\b.*|(?:document|dokument|title|titel|presentation|slide) ?\d*"
    r"|.*\.(?:docx?|pdf|indd|qxd|rtf|odt|html?|pages|tmp|txt)|(?:https?:|www\.|file:|about:).*|\W*",
    re.IGNORECASE,
)
"""What programs write where nobody wrote a title."""

NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?:\s+(?:[a-z]{1,3}\s+)?[^\W\d_a-z][\w.'’-]*){1,4}")
NO_NAME = re.compile(
    r"\b(?:microsoft|office|word|adobe|admin\w*|user|owner|author|unknown|default|template"
    r"|scanner|inc|llp|llc|ltd|gmbh)\b",
    re.IGNORECASE,
)


def title_in(stated: object, blocks: Sequence[Block]) -> str | None:
    """Take a title that the file states, unless a program wrote it or the page has another.

    Titles of files outlive their texts: where the page opens with a heading of its own, the two
    must agree.
    """
    title = _line(stated)
    if not title or len(title) > LONGEST_TITLE or NO_TITLE.fullmatch(title):
        return None
    top = next((b for b in blocks[:10] if b.kind == "heading" and b.level == 1), None)
    return title if top is None or same_line(top.text, title) else None


def author_in(stated: object) -> str | None:
    """Take an author who has a first and a last name; a login or a program is nobody."""
    name = _line(stated)
    is_name = name and len(name) <= 80 and NAME.fullmatch(name) and not NO_NAME.search(name)
    return name if is_name else None


def _line(stated: object) -> str:
    return folded(cleaned(stated)[0]) if isinstance(stated, str) else ""
