"""Is a generation whole? Asked before it is published, and by `python -m ingest verify`."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from pincite import index, store
from pincite.embedding import Embedder, Vectors
from pincite.lexical import words_of
from pincite.library import Library
from pincite.model import embedded_text, headings_of
from pincite.retrieval import Retriever

SAMPLE = 200
"""Vectors looked for that were in the previous generation already."""
MOST_LOST = 0.01
"""Share of vectors that Chroma's approximate search may miss among many near-copies. Answers come
from exact search over all stored vectors; what this test is for, a store that lost its index,
loses nearly all of them."""
FEW_LOST = 2
"""Vectors that it may miss in any library of twenty or more: of 47 near-copies one is lost in about
every twenty-fifth build, since Chroma builds its graph with several threads."""
PROBES = 5
"""Sections whose own heading is asked; all must fail, since equal headings may crowd one out."""


def faults(folder: Path, library: Library, embedder: Embedder, new: Sequence[int]) -> list[str]:
    """Return what is wrong with a generation; empty when it may be served.

    `new` are the rows of vectors that were never in a published generation.
    """
    vectors = library.vectors.vectors
    return [
        *_bad_slices(library),
        *_bad_vectors(vectors, len(library.passages)),
        *_bad_vectors(library.headings.vectors, len(headings_of(library.passages))),
        *_lost_vectors(folder / index.FOLDER, library, vectors, new),
        *_bad_words(folder / store.FILE, library),
        *_lost_probes(library, embedder),
    ]


def _bad_slices(library: Library) -> list[str]:
    return [
        f"passage {p.id} does not lie in its section"
        for p in library.passages
        for section in [library.articles[p.article_id].sections[p.section]]
        if not section.start <= p.start < p.end <= section.end
    ]


def _bad_vectors(vectors: Vectors, passages: int) -> list[str]:
    if len(vectors) != passages or not np.isfinite(vectors).all():
        return [f"{len(vectors)} vectors for {passages} passages, or one that is not a number"]
    lengths = np.linalg.norm(vectors, axis=1)
    wrong = int(((np.abs(lengths - 1) > 1e-3) & (lengths > 0)).sum())
    return [f"{wrong} vectors are not of unit length"] if wrong else []


def _lost_vectors(
    folder: Path, library: Library, vectors: Vectors, new: Sequence[int]
) -> list[str]:
    chosen = np.random.default_rng(0).permutation(len(vectors))[:SAMPLE]
    rows = [row for row in sorted({*new, *chosen.tolist()}) if vectors[row].any()]
    if not rows:
        return []
    lost = index.not_found_by_search(
        folder, [library.passages[row].id for row in rows], vectors[rows]
    )
    if len(lost) <= max(MOST_LOST * len(rows), min(FEW_LOST, len(rows) // 10)):
        return []
    return [f"{len(lost)} of {len(rows)} vectors cannot be found by search, as {lost[0]}"]


def _bad_words(path: Path, library: Library) -> list[str]:
    with closing(store.connect(path)) as db:
        found = [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    step = max(1, len(library.passages) // SAMPLE)
    for passage in library.passages[::step]:
        text = embedded_text(library.articles[passage.article_id], passage)
        words = words_of(text)
        if words and not library.words.passages_with(words[-1]):
            found.append(f"the word {words[-1]!r} of passage {passage.id} is not in the word index")
    return found


def _lost_probes(library: Library, embedder: Embedder) -> list[str]:
    """Ask a few titles and headings: the search that answers must find what they stand over."""
    headed = [p for p in library.passages if p.context]
    probes = headed[:: max(1, len(headed) // PROBES)][:PROBES]
    retriever = Retriever(library, embedder)
    lost = [
        probe.context
        for probe in probes
        if probe.context not in {hit.passage.context for hit in retriever.search(probe.context)}
    ]
    is_lost = bool(probes) and len(lost) == len(probes)
    return [f"asking {lost[0]!r} finds nothing under that heading"] if is_lost else []
