"""The corpus folder as the truth: publish it, add to it, take out of it, go back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.articles import Prepared
from ingest.building import purge_traces
from ingest.deposit import Deposit, purge_withdrawn, same_text, source_path
from ingest.duplicates import near_duplicates
from ingest.editing import TEXT_FORMATS, checked_file, editable, headed, safe_name
from ingest.frontmatter import Header
from ingest.isolation import Reader, ReadingFailedError
from ingest.naming import with_ids
from ingest.publish import Options, publish_locked, published
from ingest.readers import SUFFIXES
from ingest.report import Origin, Report, SourceNotes
from ingest.sources import ADDED, Rejected, Source, find_sources, name_of, path_of, read_source
from ingest.writing import only_writer
from pincite.embedding import Embedder
from pincite.errors import CorpusError, SourceError


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
    with Reader() as reader:
        for path in find_sources(corpus):
            name = name_of(corpus, path)
            try:
                found = reader.prepare(read_source(corpus, path))
            except SourceError as error:
                skipped.append(Rejected(name, str(error)))
            except ReadingFailedError as error:
                failed.append(Rejected(name, str(error)))
            else:
                twin = prepared.setdefault(found.article.sha256, found)
                if twin is not found:
                    skipped.append(Rejected(name, same_text(twin.source.name)))
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


def _publish(
    corpus: Path,
    data: Path,
    embedder: Embedder,
    options: Options,
    *,
    renamed: Mapping[str, str] | None = None,
) -> Report:
    reading = read_corpus(corpus)
    if not reading.prepared:
        reasons = "; ".join(f"{r.path}: {r.reason}" for r in [*reading.skipped, *reading.failed])
        raise CorpusError(
            f"No file in {corpus} can be published, so nothing was changed: {reasons}"
        )
    named = with_ids(reading.prepared, published(data), renamed=renamed)
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
            near_duplicates=near_duplicates(p.article for p in named),
        ),
    )


def add(
    paths: Sequence[Path], corpus: Path, data: Path, *, embedder: Embedder, options: Options
) -> Report:
    """Copy sources into `<corpus>/added/`, never over another file, and publish.

    What is published already, word for word, is not copied; the report names its twin.

    Raises:
        SourceError: one of them cannot be published; nothing was copied.
    """
    with Reader() as reader:
        texts = {path: checked_file(path, reader.prepare).article.sha256 for path in paths}
    with only_writer(data), Deposit(corpus, data) as deposit:
        twins = {p: twin for p, text in texts.items() if (twin := deposit.twin_of(text))}
        fresh = [path for path in paths if path not in twins]
        copies = [deposit.put(f"{ADDED}/{safe_name(p.name)}", p.read_bytes()) for p in fresh]
        report = _publish(corpus, data, embedder, options)
        rejected = {r.path for r in [*report.skipped, *report.failed]}
        deposit.take_back(copies if options.dry_run else [c for c in copies if c in rejected])
    refused = [Rejected(f"{ADDED}/{path.name}", same_text(twin)) for path, twin in twins.items()]
    return replace(report, skipped=[*report.skipped, *refused])


def add_text(
    name: str,
    raw: bytes,
    header: Header,
    corpus: Path,
    data: Path,
    *,
    embedder: Embedder,
    options: Options = Options(),
) -> Report:
    """Write a source with its front matter to `<corpus>/added/`, and publish; see `editing`.

    The file it was read from, where it could not carry a header, stays in `<data>/originals/`.

    Raises:
        SourceError: it cannot be published, or is word for word; nothing was written.
    """
    source = Source(safe_name(name), raw)
    with Reader() as reader:
        kept = editable(source, header, read=reader.prepare)
        text = reader.prepare(kept).article.sha256
    with only_writer(data), Deposit(corpus, data) as deposit:
        if twin := deposit.twin_of(text):
            raise SourceError(f"{name} was not added: {same_text(twin)}")
        path = deposit.put(f"{ADDED}/{kept.name}", kept.raw)
        if kept.name != source.name:
            deposit.keep_original(path, source)
        return _published_or_refused(path, corpus, data, embedder, options, deposit)


def replace_text(
    article_id: str,
    raw: bytes,
    header: Header,
    corpus: Path,
    data: Path,
    *,
    embedder: Embedder,
    name: str | None = None,
) -> Report:
    """Correct an article: its source moves to `withdrawn/`, this one takes its place and its id.

    `name` tells the format of `raw`; without it `raw` is text, or Markdown where the source is.

    Raises:
        UnknownArticleError, SourceError: nothing was changed.
    """
    with only_writer(data), Deposit(corpus, data) as deposit:
        old = source_path(article_id, data)
        suffix = Path(name or old).suffix.lower()
        if name is None and SUFFIXES.get(suffix) not in TEXT_FORMATS:
            suffix = ".txt"
        source = Source(Path(old).with_suffix(suffix).as_posix(), raw)
        with Reader() as reader:
            kept = editable(headed(source, header), header, read=reader.prepare)
            text = reader.prepare(kept).article.sha256
        if (twin := deposit.twin_of(text)) not in {None, old}:
            raise SourceError(f"{article_id} was not changed: {same_text(str(twin))}")
        deposit.withdraw(old)
        path = deposit.put(kept.name, kept.raw)
        return _published_or_refused(
            path, corpus, data, embedder, Options(allow_removals=True), deposit, renamed={path: old}
        )


def _published_or_refused(
    path: str,
    corpus: Path,
    data: Path,
    embedder: Embedder,
    options: Options,
    deposit: Deposit,
    *,
    renamed: Mapping[str, str] | None = None,
) -> Report:
    """Publish; a source that did not make it is taken back.

    Raises:
        SourceError: the reason.
    """
    report = _publish(corpus, data, embedder, options, renamed=renamed)
    reasons = [r.reason for r in [*report.skipped, *report.failed] if r.path == path]
    if reasons or options.dry_run:
        deposit.undo()
    if reasons and renamed:  # the article that was to be corrected is published again
        _publish(corpus, data, embedder, options)
    if reasons:
        raise SourceError(f"{path} was not published: {reasons[0]}")
    return report


def source_of(article_id: str, corpus: Path, data: Path) -> Source:
    """Return the source of a published article, for an editor to correct.

    Raises:
        UnknownArticleError: there is no such article.
        SourceError: its file is gone.
    """
    name = source_path(article_id, data)
    return read_source(corpus, path_of(corpus, name) or corpus / name)


def remove(
    article_id: str, corpus: Path, data: Path, *, embedder: Embedder, purge: bool = False
) -> Report:
    """Take an article's source out of the corpus folder, with its twins, and publish the rest.

    The source moves to `<data>/withdrawn/`; with `purge` it is deleted, with every older
    generation and every vector that knew it, also when it was withdrawn before.

    Raises:
        UnknownArticleError: there is no such article.
        CorpusError: it is the last one.
    """
    with only_writer(data):
        if purge and purge_withdrawn(article_id, data):
            purge_traces(data, embedder)
            return _publish(corpus, data, embedder, Options())
        source = source_path(article_id, data)
        twins = [r.path for r in read_corpus(corpus).skipped if r.reason == same_text(source)]
        with Deposit(corpus, data) as deposit:
            for name in (source, *twins):
                deposit.withdraw(name)
            report = _publish(corpus, data, embedder, Options(allow_removals=True))
        if purge:
            deposit.purge()
            purge_traces(data, embedder)
        return report
