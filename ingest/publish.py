"""Articles to a published generation: compare, build beside, then point at it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from ingest import vectorcache
from ingest.building import build, drop_old
from ingest.passages import passages_of
from ingest.report import Origin, Report, SourceNotes
from ingest.vectorcache import OnProgress
from ingest.writing import only_writer, point_at
from pincite.embedding import Embedder
from pincite.errors import LibraryDamagedError, LibraryMissingError, RemovalsError
from pincite.generations import (
    Manifest,
    PublishedArticle,
    check_files,
    current_generation,
    existing_generations,
    folder_of,
    read_manifest,
)
from pincite.model import Article, Passage, embedded_text, headings_of

MOST_REMOVED = 0.5
"""Share of the published articles that a run may remove without being told to."""

FORMAT = 2
"""Of a generation; a new number makes the next run build one, whatever the articles. 2: vectors of
headings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a run is to behave."""

    allow_removals: bool = False
    dry_run: bool = False
    rebuild: bool = False
    """Build a new generation even if nothing changed."""
    on_progress: OnProgress = field(default=lambda done, total: None)


def publish(
    articles: Sequence[Article],
    *,
    data: Path,
    embedder: Embedder,
    options: Options = Options(),
) -> Report:
    """Make these articles, and no others, the current generation; do nothing if they are.

    Raises:
        LibraryBusyError: another process is publishing.
        RemovalsError: more than half of what is published would go.
        LibraryDamagedError: what was built did not pass its checks; nothing was changed.
    """
    with only_writer(data):
        return publish_locked(articles, data=data, embedder=embedder, options=options)


def publish_locked(
    articles: Sequence[Article],
    *,
    data: Path,
    embedder: Embedder,
    options: Options,
    notes: SourceNotes = SourceNotes(),
) -> Report:
    """Publish while the lock is held; `notes` enter the report."""
    began = time.monotonic()
    articles = sorted(articles, key=lambda a: a.id)
    previous = published(data)
    passages = cut(articles, embedder)
    entries = {a.id: _entry(a, notes.origins.get(a.id, Origin())) for a in articles}
    report = _compared(entries, previous, notes, passages=len(passages))
    if previous and not options.allow_removals:
        _check_removals(report, published=len(previous.articles))
    report = replace(report, dry_run=options.dry_run)
    if not options.dry_run and (
        options.rebuild or not _is_current(data, previous, entries, passages, embedder)
    ):
        report = _swap_in(articles, passages, entries, report, data, embedder, options)
    return replace(report, seconds=round(time.monotonic() - began, 3))


def _swap_in(
    articles: Sequence[Article],
    passages: Sequence[Passage],
    entries: Mapping[str, PublishedArticle],
    report: Report,
    data: Path,
    embedder: Embedder,
    options: Options,
) -> Report:
    by_id = {a.id: a for a in articles}
    texts = [embedded_text(by_id[p.article_id], p) for p in passages]
    vectors, new = vectorcache.embed_all(
        data / vectorcache.FILE, texts, embedder, on_progress=options.on_progress
    )
    headings, _ = vectorcache.embed_all(
        data / vectorcache.FILE, list(headings_of(passages).values()), embedder
    )
    generation = max([0, *existing_generations(data)]) + 1
    report = replace(report, generation=generation, embedded=len(new))
    build(
        data,
        generation,
        articles=articles,
        passages=passages,
        vectors=vectors,
        headings=headings,
        new_rows=new,
        embedder=embedder,
        entries=entries,
        passages_sha256=_digest((FORMAT, passages)),
        report=report,
    )
    point_at(data, generation)
    drop_old(data, generation)
    return report


def published(data: Path) -> Manifest | None:
    """Return the manifest of the current generation, or None where none can be read."""
    try:
        return read_manifest(folder_of(data, current_generation(data)))
    except (LibraryMissingError, LibraryDamagedError):
        return None


def cut(articles: Sequence[Article], embedder: Embedder) -> list[Passage]:
    """Cut all articles into passages for the embedder's window."""
    return [
        passage
        for article in articles
        for passage in passages_of(
            article, max_tokens=embedder.space.max_tokens, count_tokens=embedder.count_tokens
        )
    ]


def _entry(article: Article, origin: Origin) -> PublishedArticle:
    return PublishedArticle(
        source=origin.source,
        source_sha256=origin.sha256,
        text_sha256=article.sha256,
        digest=_digest(article),
    )


def _digest(value: object) -> str:
    """Hash the representation of dataclasses of plain values."""
    return sha256(repr(value).encode(errors="surrogatepass")).hexdigest()


def _compared(
    entries: Mapping[str, PublishedArticle],
    previous: Manifest | None,
    notes: SourceNotes,
    *,
    passages: int,
) -> Report:
    before = previous.articles if previous else {}
    both = [id_ for id_ in entries if id_ in before]
    same = [id_ for id_ in both if _content(entries[id_]) == _content(before[id_])]
    return Report(
        generation=previous.generation if previous else None,
        articles=len(entries),
        passages=passages,
        added=[id_ for id_ in entries if id_ not in before],
        updated=[id_ for id_ in both if id_ not in same],
        removed=[id_ for id_ in before if id_ not in entries],
        unchanged=len(same),
        skipped=notes.skipped,
        failed=notes.failed,
        cuts=notes.cuts,
        warnings=notes.warnings,
        near_duplicates=notes.near_duplicates,
    )


def _content(entry: PublishedArticle) -> tuple[str, str]:
    return entry.digest, entry.source


def _check_removals(report: Report, *, published: int) -> None:
    if len(report.removed) > published * MOST_REMOVED:
        raise RemovalsError(removed=len(report.removed), published=published)


def _is_current(
    data: Path,
    previous: Manifest | None,
    entries: Mapping[str, PublishedArticle],
    passages: Sequence[Passage],
    embedder: Embedder,
) -> bool:
    """Whether the current generation holds just this, and is whole."""
    if previous is None or not embedder.space.serves(previous.embedding):
        return False
    if previous.passages_sha256 != _digest((FORMAT, passages)):
        return False
    contents = {id_: _content(entry) for id_, entry in entries.items()}
    if contents != {id_: _content(entry) for id_, entry in previous.articles.items()}:
        return False
    try:
        check_files(folder_of(data, previous.generation), previous)
    except LibraryDamagedError:
        return False
    return True
