"""Search by words: SQLite's FTS5 with Porter stemming and BM25."""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Final

from pincite.postings import Phrase, Postings, Scores
from pincite.store import connect

WEIGHTS: Final = {"context": 2.0, "body": 1.0, "topics": 0.0}
"""A word in title or heading counts twice; see docs/decisions/003-fusion.md."""

TOKENIZER = 'tokenize = "porter unicode61 remove_diacritics 2"'
SCHEMA = f"CREATE VIRTUAL TABLE words USING fts5 ({', '.join(WEIGHTS)}, content = '', {TOKENIZER})"

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
        self._postings = Postings(path, WEIGHTS)

    def scores(self, question: str) -> Scores:
        """Return the BM25 score of every passage: 0 where it shares no word with the question.

        Neighbouring words count once more where they stand together.
        """
        words = all_words(question)
        stems = stems_of(dict.fromkeys(words))
        pairs = dict.fromkeys(pairwise(words))
        together = [stems[first] + stems[second] for first, second in pairs]
        return self._postings.scores([*stems.values(), *together])

    def scores_of(self, phrases: Iterable[Phrase]) -> Scores:
        """Return the BM25 score of every passage for phrases in the index's own form."""
        return self._postings.scores(list(phrases))

    def holders(self, words: Iterable[str]) -> dict[str, frozenset[int]]:
        """Return the passages that hold each word or another form of its stem."""
        return {
            word: frozenset(self._postings.passages(stems).tolist())
            for word, stems in stems_of(dict.fromkeys(words)).items()
        }

    def passages_with(self, word: str, *, in_heading: bool = False) -> frozenset[int]:
        """Return the passages that hold a word or another form of its stem.

        With `in_heading` only those that have it in the title or heading above them.
        """
        if not in_heading:
            return self.holders([word])[word]
        found = self._rows("SELECT rowid FROM words WHERE words MATCH ?", (f'context : "{word}"',))
        return frozenset(int(ordinal) for (ordinal,) in found)

    def close(self) -> None:
        self._db.close()
        self._postings.close()

    def _rows(self, sql: str, values: Sequence[object]) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()


def words_of(text: str) -> list[str]:
    """Return the different words of a text in lower case, in order, as the index cuts them."""
    return list(dict.fromkeys(all_words(text)))


def all_words(text: str) -> list[str]:
    return WORD.findall(text.lower().replace("_", " "))


def stems_of(words: Iterable[str]) -> dict[str, Phrase]:
    """Return what the index knows each word by, from FTS5 itself: now and then none, or several."""
    asked = list(words)
    stems: dict[str, Phrase] = dict.fromkeys(asked, ())
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f"CREATE VIRTUAL TABLE words USING fts5 (word, content = '', {TOKENIZER})")
        db.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(words, instance)")
        db.executemany("INSERT INTO words (rowid, word) VALUES (?, ?)", enumerate(asked))
        for row, stem in db.execute("SELECT doc, term FROM stems ORDER BY doc, offset"):
            stems[asked[row]] += (stem,)
    return stems
