"""`python -m ingest`: publish the corpus folder; preview, add, remove, status, verify, rollback."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from ingest.corpus import add as add_sources
from ingest.corpus import add_text, publish_corpus
from ingest.corpus import remove as remove_article
from ingest.fetch import fetch, is_url
from ingest.frontmatter import Header
from ingest.history import rollback as roll_back
from ingest.history import verify_current
from ingest.preview import Published, preview_lines, previews
from ingest.publish import Options
from ingest.report import Report
from ingest.vectorcache import OnProgress
from pincite.console import command_line, print_json
from pincite.embedding import Embedder, load_embedder
from pincite.errors import CorpusError
from pincite.generations import current_generation, existing_generations, folder_of, read_manifest
from pincite.settings import Settings, load_settings

NOTHING_TO_PUBLISH = 2
"""Exit code of a run that found no source, or none that could be read."""

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Publish a folder of articles as a library.",
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")]
Where = Annotated[str, typer.Argument(help="A file, a folder or an https address.")]
Wheres = Annotated[list[str], typer.Argument(help="Files, or one https address.")]
Corpus = Annotated[Path | None, typer.Option(help="Folder of the sources [PINCITE_CORPUS].")]


@app.callback(invoke_without_command=True)
def publish(
    context: typer.Context,
    corpus: Corpus = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build a new generation even if nothing changed.")
    ] = False,
    allow_removals: Annotated[
        bool, typer.Option("--allow-removals", help="Let more than half of the articles go.")
    ] = False,
) -> None:
    """Publish what the corpus folder holds.

    Exits 0 when all is published, 1 when some files failed and the rest is published, 2 when
    nothing could be published: the live library is then as before.
    """
    if context.invoked_subcommand is not None:
        return
    settings, embedder = _parts()
    options = Options(
        dry_run=dry_run,
        rebuild=rebuild,
        allow_removals=allow_removals,
        on_progress=_progress_bar(),
    )
    try:
        report = publish_corpus(
            corpus or settings.corpus, settings.data, embedder=embedder, options=options
        )
    except CorpusError as error:
        error.exit_code = NOTHING_TO_PUBLISH
        raise
    _show(report, as_json=as_json)
    raise typer.Exit(report.exit_code)


@app.command()
def preview(source: Where, as_json: Json = False) -> None:
    """Show what a file, a folder or a web page would become; publish nothing."""
    settings, embedder = _parts()
    articles, skipped = previews(source, published=Published.read(settings.data), embedder=embedder)
    document = {
        "articles": [article.as_dict() for article in articles],
        "skipped": [asdict(rejected) for rejected in skipped],
    }
    lines = [line for article in articles for line in preview_lines(article)]
    lines += [f"skipped: {rejected.path}: {rejected.reason}" for rejected in skipped]
    _say(document, "\n".join(lines), as_json=as_json)


@app.command()
def add(
    sources: Wheres,
    corpus: Corpus = None,
    as_json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Copy files, or fetch one https page, into `added/` in the corpus folder, and publish it."""
    pages = [source for source in sources if is_url(source)]
    if pages and len(sources) > 1:
        raise typer.BadParameter("one page at a time, and no files beside it")
    settings, embedder = _parts()
    folder = corpus or settings.corpus
    options = Options(dry_run=dry_run, on_progress=_progress_bar())
    if pages:
        page = fetch(pages[0])
        report = add_text(
            page.source.name,
            page.source.raw,
            Header(url=page.url),
            folder,
            settings.data,
            embedder=embedder,
            options=options,
        )
    else:
        paths = [Path(source) for source in sources]
        report = add_sources(paths, folder, settings.data, embedder=embedder, options=options)
    _show(report, as_json=as_json)
    raise typer.Exit(report.exit_code)


@app.command()
def remove(
    article_id: str,
    corpus: Corpus = None,
    as_json: Json = False,
    purge: Annotated[
        bool, typer.Option("--purge", help="Delete the source and every trace of it.")
    ] = False,
) -> None:
    """Withdraw an article: move its source to `withdrawn/` in the data folder and publish."""
    settings, embedder = _parts()
    _show(
        remove_article(
            article_id, corpus or settings.corpus, settings.data, embedder=embedder, purge=purge
        ),
        as_json=as_json,
    )


@app.command()
def status(as_json: Json = False) -> None:
    """Say what is published."""
    data = load_settings().data
    manifest = read_manifest(folder_of(data, current_generation(data)))
    facts: dict[str, Any] = {
        "generation": manifest.generation,
        "kept": existing_generations(data),
        "created": manifest.created,
        "passages": manifest.passages,
        "embedding": manifest.embedding.as_dict(),
        "articles": {id_: entry.source for id_, entry in manifest.articles.items()},
        "near_duplicates": manifest.report.get("near_duplicates", []),
        "report": manifest.report,
    }
    if as_json:
        print_json(facts)
        return
    typer.echo(
        f"generation {manifest.generation} of {manifest.created}, {len(manifest.articles)} articles"
        f" in {manifest.passages} passages, embedded with {manifest.embedding.model}"
    )
    for id_, entry in manifest.articles.items():
        typer.echo(f"  {id_}  ({entry.source})")
    for near in facts["near_duplicates"]:
        typer.echo(
            f"near-duplicates: {near['article']} and {near['other']} are"
            f" {near['similarity']:.0%} alike"
        )


@app.command()
def verify(as_json: Json = False) -> None:
    """Check every file, vector and passage of the current generation."""
    settings, embedder = _parts()
    manifest = verify_current(settings.data, embedder=embedder)
    _say(
        {"generation": manifest.generation, "whole": True, "passages": manifest.passages},
        f"generation {manifest.generation} is whole: {manifest.passages} passages found by search",
        as_json=as_json,
    )


@app.command()
def rollback(as_json: Json = False) -> None:
    """Go back to the generation before the current one."""
    settings, embedder = _parts()
    generation = roll_back(settings.data, embedder=embedder)
    _say({"generation": generation}, f"generation {generation} is current", as_json=as_json)


def _parts() -> tuple[Settings, Embedder]:
    settings = load_settings()
    return settings, load_embedder(settings.embedding_model)


def _show(report: Report, *, as_json: bool) -> None:
    _say(report.as_dict(), "\n".join([*report.lines(), report.summary()]), as_json=as_json)


def _say(document: dict[str, Any], text: str, *, as_json: bool) -> None:
    if as_json:
        print_json(document)
    else:
        typer.echo(text)


def _progress_bar() -> OnProgress:
    """Return a callback that draws on stderr."""

    def draw(done: int, total: int) -> None:
        filled = 40 * done // total
        end = "\n" if done == total else ""
        sys.stderr.write(f"\rembedding [{'#' * filled:<40}] {done}/{total} passages{end}")
        sys.stderr.flush()

    return draw


if __name__ == "__main__":
    command_line(app)
