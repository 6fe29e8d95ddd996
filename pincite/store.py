"""The articles of a generation on disk: the tables `articles`, `sections` and `passages`."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from pincite.model import Article, Passage, Section

FILE = "library.sqlite3"

SCHEMA = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
    speaker TEXT NOT NULL, author TEXT, date TEXT, place TEXT, topics TEXT NOT NULL, url TEXT,
    sha256 TEXT NOT NULL
) STRICT;
CREATE TABLE sections (
    article_id TEXT NOT NULL REFERENCES articles (id), number INTEGER NOT NULL,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, heading TEXT NOT NULL, speaker TEXT NOT NULL,
    is_question INTEGER NOT NULL,
    PRIMARY KEY (article_id, number)
) STRICT;
CREATE TABLE passages (
    ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    article_id TEXT NOT NULL REFERENCES articles (id), section INTEGER NOT NULL,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, context TEXT NOT NULL
) STRICT;
"""


def write(path: Path, articles: Sequence[Article], passages: Sequence[Passage]) -> None:
    """Fill a new database; passages are numbered 0, 1, 2 ... in the order given."""
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(SCHEMA)
        db.executemany(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    a.id,
                    a.title,
                    a.kind,
                    a.text,
                    a.speaker,
                    a.author,
                    a.date,
                    a.place,
                    json.dumps(a.topics),
                    a.url,
                    a.sha256,
                )
                for a in articles
            ],
        )
        db.executemany(
            "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (a.id, number, s.start, s.end, s.heading, s.speaker, s.is_question)
                for a in articles
                for number, s in enumerate(a.sections)
            ],
        )
        db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (ordinal, p.id, p.article_id, p.section, p.start, p.end, p.context)
                for ordinal, p in enumerate(passages)
            ],
        )


def read_articles(path: Path) -> dict[str, Article]:
    """Return every article by its id, in the order of the ids."""
    with closing(connect(path)) as db:
        sections: dict[str, list[Section]] = defaultdict(list)
        for row in db.execute("SELECT * FROM sections ORDER BY article_id, number"):
            sections[row["article_id"]].append(
                Section(
                    start=row["start"],
                    end=row["end"],
                    heading=row["heading"],
                    speaker=row["speaker"],
                    is_question=bool(row["is_question"]),
                )
            )
        return {
            row["id"]: Article(
                id=row["id"],
                title=row["title"],
                kind=row["kind"],
                text=row["text"],
                sections=tuple(sections[row["id"]]),
                speaker=row["speaker"],
                author=row["author"],
                date=row["date"],
                place=row["place"],
                topics=tuple(json.loads(row["topics"])),
                url=row["url"],
            )
            for row in db.execute("SELECT * FROM articles ORDER BY id")
        }


def read_titles(path: Path) -> dict[str, str]:
    """Return every article's title by its id, without reading the articles."""
    with closing(connect(path)) as db:
        return {row["id"]: row["title"] for row in db.execute("SELECT id, title FROM articles")}


def read_passages(path: Path) -> tuple[Passage, ...]:
    """Return every passage in the order of its number, which is also its row among the vectors."""
    with closing(connect(path)) as db:
        return tuple(
            Passage(
                article_id=row["article_id"],
                section=row["section"],
                start=row["start"],
                end=row["end"],
                context=row["context"],
            )
            for row in db.execute("SELECT * FROM passages ORDER BY ordinal")
        )


def connect(path: Path) -> sqlite3.Connection:
    """Open a closed generation's database: read only, usable from every thread, never changed."""
    db = sqlite3.connect(
        f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False
    )
    db.row_factory = sqlite3.Row
    return db
