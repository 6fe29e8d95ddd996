"""How alike two texts are, by their pairs of neighbouring words."""

from itertools import pairwise

from pincite.words import words_in

NEAR = 0.6
"""Jaccard similarity of word pairs from which two texts are near-duplicates: about one word changed
in eight. Texts that only share their subject stay below 0.2."""
CONTAINED = 0.9
"""Share of a section's word pairs from which another section says all of it. So near 1 because the
few words that differ may be the answer: "is three months long"."""
WordPairs = frozenset[tuple[str, str]]


def word_pairs(text: str) -> WordPairs:
    """Return the pairs of neighbouring words: a text's fingerprint, deaf to case and layout."""
    return frozenset(pairwise(words_in(text)))


def likeness(pairs: WordPairs, other: WordPairs) -> float:
    """Return the Jaccard similarity of two texts, 0 to 1; 0 for a text without words."""
    both = len(pairs | other)
    return len(pairs & other) / both if both else 0.0


def is_copy(pairs: WordPairs, other: WordPairs) -> bool:
    """Whether a section is a near-duplicate of another, or says hardly anything that it does not.

    One that says more than the other is none: what both say is then heard once, by sentences.
    """
    contained = bool(pairs) and len(pairs & other) >= CONTAINED * len(pairs)
    return contained or likeness(pairs, other) >= NEAR
