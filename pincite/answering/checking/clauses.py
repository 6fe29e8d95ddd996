"""A claim in its clauses, so that a supported one carries no other along."""

import re
from collections.abc import Iterator

from pincite.words import content_words

CUT = re.compile(
    r"\s*[,;:()\u2013\u2014]\s+|\s+[(\u2013\u2014-](?=\S)|\s+-\s+"
    r"|\s+(?=(?:and|or|but|so|yet|because|since|if|unless|until|while|when|where|whereas|which|who"
    r"|although|though|except|provided|before|after|just as|even if|as)\s)",
    re.IGNORECASE,
)
"""Where a clause may begin: after a mark within a sentence, before a word that joins."""
FEWEST = 2
"""Words of meaning in a clause; what has fewer begins the next one."""


def clauses(sentence: str) -> list[str]:
    """Cut a sentence into its clauses; every word is in one of them, in order."""
    found: list[str] = []
    begun = ""
    for piece in _pieces(sentence):
        begun = f"{begun} {piece}".strip()
        if len(content_words(begun)) >= FEWEST:
            found.append(begun)
            begun = ""
    if begun:
        found[-1:] = [" ".join([*found[-1:], begun])]
    return found


def _pieces(sentence: str) -> Iterator[str]:
    at = 0
    for cut in CUT.finditer(sentence):
        if piece := sentence[at : cut.start()].strip():
            yield piece
        at = cut.end()
    if rest := sentence[at:].strip():
        yield rest
