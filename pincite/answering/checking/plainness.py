"""Whether a claim is plain text: no markup, no address, no letters that pass for others."""

import re
from collections.abc import Iterable
from unicodedata import name

MARKUP = re.compile(
    r"<[a-z/!][^>]*>?|\]\([^)]*\)?|\b[a-z][a-z+.-]*://\S*|\bwww\.\S*", re.IGNORECASE
)
"""HTML, a link as Markdown writes it, an address."""
LETTERS = re.compile(r"[^\W\d_]+")


def is_plain(claim: str, known: Iterable[str]) -> bool:
    """Whether a claim has no markup and no word in other letters but what a known text has.

    A page shows markup as it is written, but not every program that shows an answer does. A
    Cyrillic `е` passes for an `e`, and so a word for another that no check compares it with.
    """
    texts = list(known)
    found = [*MARKUP.findall(claim), *filter(_is_foreign, LETTERS.findall(claim))]
    return all(any(each in text for text in texts) for each in found)


def _is_foreign(word: str) -> bool:
    return not all(name(letter, "").startswith("LATIN") for letter in word)
