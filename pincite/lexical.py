"""Search by words: SQLite's FTS5 with Porter stemming and BM25."""

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from threading import Lock

from pincite.store import connect

TITLE_WEIGHT = 2.0
"""A word in title or heading counts twice; see docs/decisions/003-fusion.md."""

SCHEMA = """
CREATE VIRTUAL TABLE words USING fts5 (
    context, body, topics, content = '', tokenize = "porter unicode61 remove_diacritics 2"
)
"""

WORD = re.compile(r"\w+")


def build(path: Path, rows: Iterable[tuple[str, str, str]]) -> None:
    """Add the word index to a generation's database.

    A row is a passage's context, its slice, and its article's topics. Topics make a word known to
    the library and do not count in the ranking: they would lift all of an article alike.
    """
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(SCHEMA)
        db.executemany(
            "INSERT INTO words (rowid, context, body, topics) VALUES (?, ?, ?, ?)",
            [(ordinal, *row) for ordinal, row in enumerate(rows)],
        )
        db.execute("INSERT INTO words (words) VALUES ('optimize')")


class LexicalIndex:
    """The word index of a closed generation; passages go by their number."""

    def __init__(self, path: Path) -> None:
        self._db = connect(path)
        self._lock = Lock()

    def scores(self, question: str) -> Mapping[int, float]:
        """Return the BM25 score, above 0, of every passage that shares a word with the question.

        Neighbouring words count once more where they stand together.
        """
        words = all_words(question)
        phrases = dict.fromkeys(f"{first} {second}" for first, second in pairwise(words))
        query = " OR ".join(f'"{term}"' for term in (*dict.fromkeys(words), *phrases))
        if not query:
            return {}
        found = self._rows(
            "SELECT rowid, -bm25(words, ?, 1.0, 0.0) FROM words WHERE words MATCH ?",
            (TITLE_WEIGHT, query),
        )
        return {int(ordinal): float(score) for ordinal, score in found if score > 0}

    def passages_with(self, word: str, *, in_heading: bool = False) -> frozenset[int]:
        """Return the passages that hold a word or another form of its stem.

        With `in_heading` only those that have it in the title or heading above them.
        """
        query = f'context : "{word}"' if in_heading else f'"{word}"'
        found = self._rows("SELECT rowid FROM words WHERE words MATCH ?", (query,))
        return frozenset(int(ordinal) for (ordinal,) in found)

    def close(self) -> None:
        self._db.close()

    def _rows(self, sql: str, values: Sequence[object]) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()


def words_of(text: str) -> list[str]:
    """Return the different words of a text in lower case, in order, as the index cuts them."""
    return list(dict.fromkeys(all_words(text)))


def all_words(text: str) -> list[str]:
    return WORD.findall(text.lower().replace("_", " "))
