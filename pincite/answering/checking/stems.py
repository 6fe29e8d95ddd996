"""Forms of one word as one: `resigning`, `resigned` and `resignation` are `resign`."""

import re
from functools import lru_cache

ENDINGS = re.compile(
    r"(?:ations?|ments?|ingly|edly|ings?|ied|ies|ers?|ors?|ed|ly|ness|al|es|s|e|y)$"
)
SHORTEST = 3
"""Letters that a stem keeps."""


@lru_cache(maxsize=2**14)
def stem(word: str) -> str:
    """Cut a word's endings: rough, and alike for most forms of most words."""
    for _ in range(2):
        shorter = ENDINGS.sub("", word)
        if len(shorter) < SHORTEST:
            break
        word = shorter
    is_doubled = len(word) > SHORTEST and word[-1] == word[-2] and word[-1] not in "ls"
    return word[:-1] if is_doubled else word
