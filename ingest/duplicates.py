"""Articles that say nearly the same: found before a reader hears one thing from two sources.

Why datasketch and not rapidfuzz: comparing 1,000 articles with each other is half a million pairs.
rapidfuzz compares every one of them, while MinHash with locality sensitive hashing names the few
pairs worth comparing; these are then compared exactly, so that the figure shown is no estimate.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from datasketch import MinHash, MinHashLSH

from pincite.answering.likeness import NEAR, WordPairs, likeness, word_pairs
from pincite.model import Article

PERMUTATIONS = 128
LIKELY = 0.35
"""Similarity from which a pair is compared exactly. So far below `NEAR` because hashing finds pairs
by chance: with these two numbers it missed none of 150 that were near, in 2 s for 1,000 articles of
900 words; with 64 and 0.45 it missed one in ten."""


@dataclass(frozen=True, slots=True, order=True)
class NearDuplicate:
    """Two articles that say nearly the same."""

    article: str
    other: str
    similarity: float
    """0.6 to 1, share of the word pairs of both that both have."""


def near_duplicates(articles: Iterable[Article]) -> list[NearDuplicate]:
    """Return the pairs that are near-duplicates, each once, the smaller id first."""
    pairs = {article.id: word_pairs(article.text) for article in articles}
    return sorted(
        found
        for id_, others in _likely(pairs).items()
        for other in others
        if id_ < other and (found := _compared(id_, pairs[id_], other, pairs[other]))
    )


def near_to(article: Article, others: Iterable[Article]) -> list[NearDuplicate]:
    """Return the articles that are near-duplicates of one, the nearest first."""
    own = word_pairs(article.text)
    compared = (
        _compared(article.id, own, other.id, word_pairs(other.text))
        for other in others
        if _may_be_near(len(article.text), len(other.text))
    )
    return sorted(filter(None, compared), key=lambda found: -found.similarity)


def _may_be_near(length: int, other: int) -> bool:
    """Whether two texts are alike enough in length (characters, with room for other words)."""
    return min(length, other) >= 0.4 * max(length, other)


def _compared(id_: str, own: WordPairs, other_id: str, other: WordPairs) -> NearDuplicate | None:
    similarity = likeness(own, other)
    return NearDuplicate(id_, other_id, round(similarity, 3)) if similarity >= NEAR else None


def _likely(pairs: Mapping[str, WordPairs]) -> dict[str, list[str]]:
    """Return for every article those that its signature comes near to."""
    index = MinHashLSH(threshold=LIKELY, num_perm=PERMUTATIONS)
    signatures = {id_: _signature(own) for id_, own in pairs.items() if own}
    for id_, signature in signatures.items():
        index.insert(id_, signature)
    return {id_: index.query(signature) for id_, signature in signatures.items()}


def _signature(pairs: WordPairs) -> MinHash:
    signature = MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=zlib.crc32)
    signature.update_batch([" ".join(pair).encode() for pair in pairs])
    return signature
