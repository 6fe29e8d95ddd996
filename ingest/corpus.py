"""The corpus folder as the truth: publish it, add to it, take out of it, go back."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from ingest import vectorcache
from ingest.articles import Prepared, prepare, slug
from ingest.building import check, drop_old
from ingest.publish import Options, publish_locked, published
from ingest.report import Origin, Report, SourceNotes
from ingest.sources import ADDED, Rejected, find_sources, read_source, shown
from ingest.writing import only_writer, point_at
from pincite.embedding import Embedder
from pincite.errors import CorpusError, PinciteError, SourceError, UnknownArticleError
from pincite.generations import (
    Manifest,
    current_generation,
    existing_generations,
    folder_of,
    read_manifest,
)
from pincite.library import Library
from pincite.model import embedded_text

WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Reading:
    """Every file of a corpus folder: prepared, or with the reason why not."""

    prepared: Sequence[Prepared]
    skipped: Sequence[Rejected]
    failed: Sequence[Rejected]


def read_corpus(corpus: Path) -> Reading:
    """Prepare every source; one that cannot be used never stops the others.

    Raises:
        CorpusError: the folder is missing or empty.
    """
    prepared: dict[str, Prepared] = {}
    skipped: list[Rejected] = []
    failed: list[Rejected] = []
    for path in find_sources(corpus):
        name = shown(path.relative_to(corpus).as_posix())
        try:
            found = prepare(read_source(corpus, path))
        except SourceError as error:
            skipped.append(Rejected(name, str(error)))
        except (ValueError, RecursionError, MemoryError) as error:
            failed.append(Rejected(name, f"{type(error).__name__}: {error}"))
        else:
            twin = prepared.setdefault(found.article.sha256, found)
            if twin is not found:
                skipped.append(Rejected(name, f"the same text as {twin.source.name}"))
    return Reading(list(prepared.values()), skipped, failed)


def publish_corpus(
    corpus: Path,
    data: Path,
    *,
    embedder: Embedder,
    options: Options = Options(),
) -> Report:
    """Publish what the corpus folder holds.

    Raises:
        CorpusError, LibraryBusyError, RemovalsError, LibraryDamagedError: nothing was changed.
    """
    find_sources(corpus)  # an empty folder is an error before anything is created
    with only_writer(data):
        return _publish(corpus, data, embedder, options)


def _publish(corpus: Path, data: Path, embedder: Embedder, options: Options) -> Report:
    reading = read_corpus(corpus)
    if not reading.prepared:
        reasons = "; ".join(f"{r.path}: {r.reason}" for r in [*reading.skipped, *reading.failed])
        raise CorpusError(
            f"No file in {corpus} can be published, so nothing was changed: {reasons}"
        )
    named = with_ids(reading.prepared, published(data))
    return publish_locked(
        [p.article for p in named],
        data=data,
        embedder=embedder,
        options=options,
        notes=SourceNotes(
            origins={p.article.id: Origin(p.source.name, p.source.sha256) for p in named},
            skipped=reading.skipped,
            failed=reading.failed,
            cuts={p.article.id: p.cuts for p in named if p.cuts},
            warnings={p.article.id: p.warnings for p in named if p.warnings},
        ),
    )


def with_ids(prepared: Sequence[Prepared], previous: Manifest | None) -> list[Prepared]:
    """Give every article its id: the one it has, also after a move, or one from its file name."""
    before = previous.articles if previous else {}
    names = {p.source.name for p in prepared}
    kept = {entry.source: id_ for id_, entry in before.items()}
    moved = {e.text_sha256: id_ for id_, e in before.items() if e.source not in names}
    ids: dict[str, str] = {}
    for p in prepared:
        known = kept.get(p.source.name) or moved.get(p.article.sha256)
        if known and known not in ids.values():
            ids[p.source.name] = known
    taken = set(ids.values())
    for name in (p.source.name for p in prepared if p.source.name not in ids):
        ids[name] = slug(name)
        if ids[name] in taken:
            ids[name] += f"-{sha256(name.encode()).hexdigest()[:8]}"
        taken.add(ids[name])
    return [replace(p, article=replace(p.article, id=ids[p.source.name])) for p in prepared]


def add(
    paths: Sequence[Path], corpus: Path, data: Path, *, embedder: Embedder, options: Options
) -> Report:
    """Copy sources into `<corpus>/added/`, never over another file, and publish.

    Raises:
        SourceError: one of them cannot be published; nothing was copied.
    """
    for path in paths:
        _check_source(path)
    target = corpus / ADDED
    with only_writer(data):
        target.mkdir(parents=True, exist_ok=True)
        copies = [_copied(path, target) for path in paths]
        try:
            report = _publish(corpus, data, embedder, options)
        except PinciteError:
            for copy in copies:
                copy.unlink()
            raise
    rejected = {r.path for r in [*report.skipped, *report.failed]}
    for copy in copies:
        if options.dry_run or copy.relative_to(corpus).as_posix() in rejected:
            copy.unlink()
    return report


def _check_source(path: Path) -> None:
    try:
        prepare(read_source(path.parent, path))
    except SourceError as error:
        raise SourceError(f"{path} was not added: {error}") from error


def _copied(path: Path, folder: Path) -> Path:
    copy = _free_name(folder / path.name)
    shutil.copyfile(path, copy)
    return copy


def remove(
    article_id: str, corpus: Path, data: Path, *, embedder: Embedder, purge: bool = False
) -> Report:
    """Take an article's source out of the corpus folder, and publish the rest.

    The source moves to `<data>/withdrawn/`; with `purge` it is deleted, with every older
    generation and every vector that knew it.

    Raises:
        UnknownArticleError: there is no such article.
        CorpusError: it is the last one.
    """
    with only_writer(data):
        manifest = read_manifest(folder_of(data, current_generation(data)))
        if article_id not in manifest.articles:
            raise UnknownArticleError(article_id)
        source = corpus / manifest.articles[article_id].source
        resting = _free_name(data / WITHDRAWN / manifest.articles[article_id].source)
        resting.parent.mkdir(parents=True, exist_ok=True)
        if source.exists():  # else it is gone from the folder already: publish without it
            shutil.move(source, resting)
        try:
            report = _publish(corpus, data, embedder, Options(allow_removals=True))
        except PinciteError:
            if resting.exists():
                shutil.move(resting, source)
            raise
        if purge:
            resting.unlink(missing_ok=True)
            _purge(data, embedder)
        return report


def _purge(data: Path, embedder: Embedder) -> None:
    current = current_generation(data)
    drop_old(data, current, keep=1)
    library = Library.open(folder_of(data, current), embedder)
    texts = [embedded_text(library.articles[p.article_id], p) for p in library.passages]
    vectorcache.keep_only(data / vectorcache.FILE, texts, embedder)
    library.words.close()


def rollback(data: Path, *, embedder: Embedder) -> int:
    """Make the newest generation before the current one current again; return its number.

    Raises:
        CorpusError: there is none.
        LibraryDamagedError: it is not whole; the current one stays.
    """
    with only_writer(data):
        current = current_generation(data)
        earlier = [number for number in existing_generations(data) if number < current]
        if not earlier:
            raise CorpusError(f"There is no generation before {current} to go back to")
        check(folder_of(data, earlier[-1]), embedder, new_rows=())
        point_at(data, earlier[-1])
        return earlier[-1]


def verify_current(data: Path, *, embedder: Embedder) -> Manifest:
    """Check the current generation with every vector searched for.

    Raises:
        LibraryDamagedError: the first thing found wrong.
    """
    folder = folder_of(data, current_generation(data))
    manifest = read_manifest(folder)
    check(folder, embedder, new_rows=range(manifest.passages))
    return manifest


def _free_name(path: Path) -> Path:
    """Return the path, or the first of `name-2`, `name-3` ... that is not taken."""
    number = 2
    free = path
    while free.exists():
        free = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return free
