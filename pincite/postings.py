"""BM25 as FTS5 counts it, from the places of words in memory: FTS5 walks every row each time."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from math import log
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt

from pincite.store import connect

Scores = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Phrase = tuple[str, ...]
"""Stems that stand one after the other in one column; often a single one."""

K1: Final = 1.2
B: Final = 0.75
LEAST_RARITY: Final = 1e-6
"""What a phrase that most passages hold still weighs: all three as in FTS5's bm25()."""

PASSAGE: Final = 26
COLUMN: Final = 24
"""A place is one number: passage, column and offset, from these bits on. The next word is 1 more,
and no column is so long that its end would touch the start of the next."""

KEPT: Final = 4096
"""Stems, and phrases, that stay in memory: the latest asked. They take at most 40 bytes for each
word of the library: 8 for its place, 16 for the gain from its stem, 16 from the pair it begins."""


class Postings:
    """The places of the stems of a closed generation, each read when it is first asked for."""

    def __init__(self, path: Path, weights: Mapping[str, float]) -> None:
        """Open the index; `weights` says for each column, in order, what a word in it counts."""
        self._db = connect(path)
        self._db.row_factory = None
        self._db.execute("CREATE VIRTUAL TABLE temp.places USING fts5vocab(main, words, instance)")
        sizes = self._db.execute("SELECT sz FROM words_docsize ORDER BY id")
        lengths = np.array([sum_of_varints(blob) for (blob,) in sizes], dtype=float)
        average = max(lengths.sum(), 1) / max(len(lengths), 1)
        damping = K1 * (1 - B + B * lengths / average)
        self._passages = len(lengths)
        # Functions, not methods: a cache that leads to its owner keeps a dropped library alive.
        places = lru_cache(KEPT)(partial(read_places, self._db, Lock(), tuple(weights)))
        counts = np.array(list(weights.values()))
        self._gains = lru_cache(KEPT)(partial(gains, places, counts, damping))

    def scores(self, phrases: Sequence[Phrase]) -> Scores:
        """Return the BM25 score of every passage, by its number: the sum over the phrases."""
        found = [self._gains(phrase) for phrase in phrases if phrase]
        if not found:
            return np.zeros(self._passages)
        passages, gained = map(np.concatenate, zip(*found, strict=True))
        return np.bincount(passages, gained, minlength=self._passages).astype(float)

    def passages(self, phrase: Phrase) -> Numbers:
        """Return the passages that hold a phrase in any column, in ascending order."""
        return self._gains(phrase)[0] if phrase else np.zeros(0, dtype=np.int64)

    def close(self) -> None:
        self._db.close()


def read_places(db: sqlite3.Connection, lock: Lock, columns: Sequence[str], stem: str) -> Numbers:
    """Return where a stem stands, in ascending order."""
    numbered = " ".join(f"WHEN '{name}' THEN {n}" for n, name in enumerate(columns))
    sql = (
        f"SELECT (doc << {PASSAGE}) | (CASE col {numbered} END << {COLUMN}) | offset "
        "FROM temp.places WHERE term = ?"
    )
    with lock:
        return np.fromiter((place for (place,) in db.execute(sql, (stem,))), dtype=np.int64)


def gains(
    places_of: Callable[[str], Numbers], weights: Scores, damping: Scores, phrase: Phrase
) -> tuple[Numbers, Scores]:
    """Return the passages that hold a phrase, and what it adds to the score of each."""
    places = places_of(phrase[0])
    for stem in phrase[1:]:
        places = shared(places + 1, places_of(stem))
    holders = places >> PASSAGE
    firsts = np.flatnonzero(np.diff(holders, prepend=-1))
    passages = holders[firsts]
    count = np.add.reduceat(weights[places >> COLUMN & 3], firsts)
    rarity = log((len(damping) - len(passages) + 0.5) / (len(passages) + 0.5))
    return passages, max(rarity, LEAST_RARITY) * (count * (K1 + 1) / (count + damping[passages]))


def shared(some: Numbers, others: Numbers) -> Numbers:
    """Return the numbers that stand in both ascending lists."""
    few, many = sorted((some, others), key=len)
    rows = np.searchsorted(many, few)
    rows[rows == len(many)] = 0
    both: Numbers = few[many[rows] == few]
    return both


def sum_of_varints(blob: bytes) -> int:
    """Return a passage's length from FTS5's record: a number for each column, 7 bits a byte."""
    total = number = 0
    for byte in blob:
        number = number << 7 | byte & 127
        if byte < 128:
            total += number
            number = 0
    return total
