"""Names that a claim may not bring: those which neither its quotes nor the question have."""

import re
from collections.abc import Collection, Iterable
from itertools import pairwise

from pincite.sentences import sentence_spans
from pincite.words import FUNCTION_WORDS

NAME = re.compile(r"[^\W_]+(?:['’.&][^\W_]+)*")
BEGINS = re.compile(r"[:\"“”‘«]\s*$")
"""What a sentence within a sentence begins after: `Say: "Thank you"`."""
ALSO_WORDS = FUNCTION_WORDS | {"march"}
"""Words that are others in small letters: `May` is not founded on `may`."""
ALSO_NAMES = frozenset({"May", "US", "IT"})
"""Words of function as they are written where they are names."""
MONTHS = frozenset(
    """january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec""".split()
)
ROOT = 4
"""Letters that two forms of a name share at least: `German`, `Germany`; of months, three."""


def unfounded_names(claim: str, known: Iterable[str]) -> list[str]:
    """Return the names of a claim that no known text has, as they are written in it.

    A name is a word with a capital within a sentence, or with capitals after its first letter;
    months and weekdays are names. An abbreviation of two letters is known by the words it stands
    for. Not seen: a name that begins a sentence and looks like any other word there.
    """
    texts = [NAME.findall(text) for text in known]
    words = {_bare(word) for text in texts for word in text}
    initials = {(a[0] + b[0]).upper() for text in texts for a, b in pairwise(text)}
    return [n for n in names_in(claim) if n not in initials and not _is_known(n, words)]


def names_in(text: str) -> list[str]:
    """Return the names of a text, in order, without possessives."""
    starts = {start for start, _ in sentence_spans(text)}
    return [
        name
        for word in NAME.finditer(text)
        if (name := _bare(word.group()))[:1].isupper()
        and (name in ALSO_NAMES or name.lower() not in FUNCTION_WORDS)
        and (
            any(map(str.isupper, name[1:]))
            or not (word.start() in starts or BEGINS.search(text[: word.start()]))
        )
    ]


def _bare(word: str) -> str:
    """Return a name without possessive and dots, an abbreviation without its plural."""
    bare = re.sub(r"['’]s?$", "", word).replace(".", "")
    return bare[:-1] if re.fullmatch(r"[A-Z]{2,}s", bare) else bare


def _is_known(name: str, words: Collection[str]) -> bool:
    low = name.casefold()
    if name in words or (low not in ALSO_WORDS and low in map(str.casefold, words)):
        return True
    return any(_same_root(low, word.casefold()) for word in words if word[:1].isupper())


def _same_root(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    root = len("Nov") if {one, other} <= MONTHS else ROOT
    return root <= len(short) < len(long) and long.startswith(short)
