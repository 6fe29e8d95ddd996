"""`python -m ingest`: publish the corpus folder; preview, add, remove, status, verify, rollback."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ingest.articles import Prepared, prepare
from ingest.corpus import add as add_sources
from ingest.corpus import publish_corpus, verify_current
from ingest.corpus import remove as remove_article
from ingest.corpus import rollback as roll_back
from ingest.passages import passages_of
from ingest.publish import Options
from ingest.report import Report
from ingest.sources import find_sources, read_source
from ingest.vectorcache import OnProgress
from pincite.console import command_line, print_json
from pincite.embedding import Embedder, load_embedder
from pincite.errors import SourceError
from pincite.generations import current_generation, existing_generations, folder_of, read_manifest
from pincite.settings import Settings, load_settings

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Publish a folder of articles as a library.",
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")]
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
    """Publish what the corpus folder holds."""
    if context.invoked_subcommand is None:
        settings, embedder = _parts()
        options = Options(
            dry_run=dry_run,
            rebuild=rebuild,
            allow_removals=allow_removals,
            on_progress=_progress_bar(),
        )
        _show(
            publish_corpus(
                corpus or settings.corpus, settings.data, embedder=embedder, options=options
            ),
            as_json=as_json,
        )


@app.command()
def preview(path: Path, as_json: Json = False) -> None:
    """Show what a file or a folder would become; publish nothing."""
    _, embedder = _parts()
    folder, paths = (path, find_sources(path)) if path.is_dir() else (path.parent, [path])
    articles, skipped = [], []
    for source in paths:
        try:
            articles.append(_previewed(prepare(read_source(folder, source)), embedder))
        except SourceError as error:
            skipped.append({"path": str(source), "reason": str(error)})
    if as_json:
        print_json({"articles": articles, "skipped": skipped})
    for line in [] if as_json else _preview_lines(articles, skipped):
        typer.echo(line)


@app.command()
def add(
    paths: list[Path],
    corpus: Corpus = None,
    as_json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Copy files into `added/` in the corpus folder and publish it."""
    settings, embedder = _parts()
    options = Options(dry_run=dry_run, on_progress=_progress_bar())
    _show(
        add_sources(
            paths, corpus or settings.corpus, settings.data, embedder=embedder, options=options
        ),
        as_json=as_json,
    )


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
    facts = {
        "generation": manifest.generation,
        "kept": existing_generations(data),
        "created": manifest.created,
        "passages": manifest.passages,
        "embedding": manifest.embedding.as_dict(),
        "articles": {id_: entry.source for id_, entry in manifest.articles.items()},
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
    _say(report.as_dict(), "\n".join(report.lines()), as_json=as_json)


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


def _previewed(found: Prepared, embedder: Embedder) -> dict[str, Any]:
    article = found.article
    passages = passages_of(
        article, max_tokens=embedder.space.max_tokens, count_tokens=embedder.count_tokens
    )
    return {
        "source": found.source.name,
        "title": article.title,
        "kind": article.kind,
        "speaker": article.speaker,
        "author": article.author,
        "date": article.date,
        "place": article.place,
        "sections": [
            {"heading": s.heading, "first_words": article.text[s.start : s.end][:60]}
            for s in article.sections
        ],
        "passages": len(passages),
        "cuts": [{"rule": cut.rule, "text": cut.text} for cut in found.cuts],
        "warnings": list(found.warnings),
    }


def _preview_lines(articles: list[dict[str, Any]], skipped: list[dict[str, str]]) -> list[str]:
    lines = []
    for a in articles:
        lines.append(f"{a['source']}: {a['kind']} {a['title']!r}, {a['passages']} passages")
        lines.append(
            f"  speaker {a['speaker']}, author {a['author']}, date {a['date']}, place {a['place']}"
        )
        lines += [
            f"  § {s['heading'] or '(no heading)'}: {s['first_words']}" for s in a["sections"]
        ]
        lines += [f"  cut ({c['rule']}): {c['text'][:80]}" for c in a["cuts"]]
        lines += [f"  warning: {note}" for note in a["warnings"]]
    return lines + [f"skipped: {s['path']}: {s['reason']}" for s in skipped]


if __name__ == "__main__":
    command_line(app)
