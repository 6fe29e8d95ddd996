"""One new generation in a folder of its own: write, close, verify, flush; and the old ones' end."""

import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ingest import vectorcache, verify
from ingest.report import Report
from ingest.writing import sync, sync_tree
from pincite import index, lexical, store
from pincite.embedding import Embedder, Vectors
from pincite.errors import LibraryDamagedError
from pincite.generations import (
    GENERATIONS,
    MANIFEST,
    Manifest,
    PublishedArticle,
    current_generation,
    existing_generations,
    files_in,
    folder_of,
)
from pincite.library import Library
from pincite.model import Article, Passage, embedded_text, headings_of

KEPT = 3
"""Generations kept, so that a rollback is one command."""
BUILDING = ".building"
DROPPED = ".dropped-"


def build(
    data: Path,
    generation: int,
    *,
    articles: Sequence[Article],
    passages: Sequence[Passage],
    vectors: Vectors,
    headings: Vectors,
    new_rows: Sequence[int],
    embedder: Embedder,
    entries: Mapping[str, PublishedArticle],
    passages_sha256: str,
    report: Report,
) -> None:
    """Write a generation, check it as a reader would find it, and flush it to the disk.

    Raises:
        LibraryDamagedError: it is not whole; it was removed again.
    """
    scratch = data / GENERATIONS / BUILDING
    shutil.rmtree(scratch, ignore_errors=True)  # what a killed run left
    scratch.mkdir(parents=True)
    try:
        _write(scratch, articles, passages, vectors, headings)
        manifest = Manifest(
            generation=generation,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            embedding=embedder.space,
            passages=len(passages),
            passages_sha256=passages_sha256,
            articles=entries,
            files=files_in(scratch),
            report=report.as_dict(),
        )
        (scratch / MANIFEST).write_text(manifest.to_json())
        check(scratch, embedder, new_rows=new_rows)
        sync_tree(scratch)
        scratch.replace(folder_of(data, generation))
        sync(data / GENERATIONS)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def _write(
    folder: Path,
    articles: Sequence[Article],
    passages: Sequence[Passage],
    vectors: Vectors,
    headings: Vectors,
) -> None:
    store.write(folder / store.FILE, articles, passages)
    by_id = {article.id: article for article in articles}
    lexical.build(folder / store.FILE, [_words(by_id[p.article_id], p) for p in passages])
    index.build(folder / index.FOLDER, [p.id for p in passages], vectors)
    sections = list(headings_of(passages))
    index.build(folder / index.FOLDER, sections, headings, collection=index.HEADINGS)


def _words(article: Article, passage: Passage) -> tuple[str, str, str]:
    """Return what is searched by words."""
    return passage.context, article.text[passage.start : passage.end], "\n".join(article.topics)


def check(folder: Path, embedder: Embedder, *, new_rows: Sequence[int]) -> None:
    """Open a generation as a reader does, and search it.

    Raises:
        LibraryDamagedError: the first thing found wrong.
    """
    library = Library.open(folder, embedder)
    found = verify.faults(folder, library, embedder, new_rows)
    library.words.close()
    if found:
        raise LibraryDamagedError(folder, fault=found[0])


def drop_old(data: Path, current: int, *, keep: int = KEPT) -> None:
    """Remove all but the newest generations, and what a killed run left; never the current one."""
    for half_gone in (data / GENERATIONS).glob(f"{DROPPED}*"):
        shutil.rmtree(half_gone, ignore_errors=True)
    others = [number for number in existing_generations(data) if number != current]
    for number in others[: max(0, len(others) - (keep - 1))]:
        gone = folder_of(data, number)
        doomed = gone.with_name(f"{DROPPED}{number}")
        gone.replace(doomed)  # at once, so that no reader opens half of it
        shutil.rmtree(doomed, ignore_errors=True)


def purge_traces(data: Path, embedder: Embedder) -> None:
    """Drop every generation but the current one, and every vector that it does not hold."""
    current = current_generation(data)
    drop_old(data, current, keep=1)
    library = Library.open(folder_of(data, current), embedder)
    texts = [embedded_text(library.articles[p.article_id], p) for p in library.passages]
    kept = [*texts, *headings_of(library.passages).values()]
    vectorcache.keep_only(data / vectorcache.FILE, kept, embedder)
    library.words.close()
