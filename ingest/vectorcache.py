"""Vectors by content: a text that was ever embedded with a model is not embedded again."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import numpy as np

from pincite.embedding import Embedder, Vectors

FILE = "vectors.sqlite3"
BATCH = 256
"""Texts embedded between two commits: what a killed run loses at most."""

UNIT = 1e-3
"""How far a vector's length may be from one."""

OnProgress = Callable[[int, int], None]
"""Called with the texts done so far and the texts to embed."""


def embed_all(
    path: Path,
    texts: Sequence[str],
    embedder: Embedder,
    *,
    on_progress: OnProgress = lambda done, total: None,
) -> tuple[Vectors, list[int]]:
    """Return a row per text and which rows had to be embedded; new vectors enter the cache."""
    keys = [_key(embedder, text) for text in texts]
    with closing(_opened(path)) as db:
        known = _lookup(db, keys)
        new = list({key: i for i, key in enumerate(keys) if key not in known}.values())
        for first in range(0, len(new), BATCH):
            batch = new[first : first + BATCH]
            rows = embedder.embed_documents([texts[i] for i in batch])
            found = {keys[i]: row.tobytes() for i, row in zip(batch, rows, strict=True)}
            with db:
                db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", found.items())
            known |= found
            on_progress(first + len(batch), len(new))
    if not keys:
        return np.zeros((0, 1), dtype=np.float32), new
    return np.array([np.frombuffer(known[key], dtype=np.float32) for key in keys]), new


def keep_only(path: Path, texts: Iterable[str], embedder: Embedder) -> None:
    """Forget every vector but those of these texts, and leave no trace of it in the file."""
    with closing(_opened(path)) as db:
        with db:
            db.execute("CREATE TEMP TABLE kept (key TEXT PRIMARY KEY)")
            db.executemany(
                "INSERT OR IGNORE INTO kept VALUES (?)", [(_key(embedder, t),) for t in texts]
            )
            db.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM kept)")
        db.execute("VACUUM")


def _opened(path: Path) -> sqlite3.Connection:
    try:
        return _connected(path)
    except sqlite3.DatabaseError:  # damaged: it is only a cache
        path.unlink()
        return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    try:
        db.execute("PRAGMA secure_delete = ON")
        db.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB)")
        db.execute("SELECT count(length(vector)) FROM vectors").fetchone()  # reads every page
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def _lookup(db: sqlite3.Connection, keys: Iterable[str]) -> dict[str, bytes]:
    found = ((key, db.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone())
             for key in dict.fromkeys(keys))  # fmt: skip
    return {key: row[0] for key, row in found if row and _is_vector(row[0])}


def _is_vector(stored: bytes) -> bool:
    """Whether a stored value can be what an embedder gave: finite, of length one or zero."""
    if not stored or len(stored) % 4:
        return False
    length = float(np.linalg.norm(np.frombuffer(stored, dtype=np.float32)))
    return length == 0 or abs(length - 1) < UNIT


def _key(embedder: Embedder, text: str) -> str:
    return sha256(f"{embedder.space.key}\n{text}".encode()).hexdigest()
