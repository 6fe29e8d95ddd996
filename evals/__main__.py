"""`python -m evals`: run the canned questions and the gate, compare runs, report, benchmark."""

from pathlib import Path
from typing import Annotated, Any

import typer

from evals import fitting
from evals.beir import read_set
from evals.bench import run_bench, scratch
from evals.compare import compare, read_run
from evals.gate import BASELINE, pinned, read_baseline, write_baseline
from evals.questions import FOLDER, digest, load_questions
from evals.report import as_markdown
from evals.run import Run, as_document, run
from evals.tables import bench_table, comparison_table, run_table
from ingest.corpus import publish_corpus
from pincite.console import command_line, print_json
from pincite.embedding import load_embedder
from pincite.library import LiveLibrary
from pincite.retrieval import Retriever
from pincite.settings import load_settings

app = typer.Typer(
    help="Is it good? Canned questions with a gate, comparisons, reports, benchmarks.",
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.callback(invoke_without_command=True)
def gate(
    context: typer.Context,
    *,
    json: Json = False,
    pin: Annotated[bool, typer.Option("--pin", help="Make today's scores the floors.")] = False,
    lower: Annotated[
        str | None, typer.Option("--lower", help="Why a floor may fall; with --pin.")
    ] = None,
    floors: Annotated[Path, typer.Option("--baseline", help="The file of the floors.")] = BASELINE,
    questions: Annotated[
        Path, typer.Option(help="A folder of other questions; they have no floors.")
    ] = FOLDER,
) -> None:
    """Run the canned questions through the product; exit with 1 when the gate is closed."""
    if context.invoked_subcommand:
        return
    if lower is not None and not pin:
        raise typer.BadParameter("--lower goes with --pin")
    baseline = read_baseline(floors)
    found = _run(with_baselines=True, questions=questions)
    if pin:
        baseline = pinned(baseline, digest=found.digest, scores=found.scores, why=lower)
        write_baseline(baseline, floors)
    document = as_document(found, baseline)
    _show(document, run_table(document), json=json)
    raise typer.Exit(0 if document["passed"] else 1)


@app.command("fit")
def fit_gate(*, json: Json = False) -> None:
    """Fit the gate that answers or refuses to the questions that are not held out."""
    settings = load_settings()
    embedder = load_embedder(settings.embedding_model)
    with scratch(None) as data:
        publish_corpus(settings.corpus, data, embedder=embedder)
        retriever = Retriever(LiveLibrary(data, embedder).current(), embedder)
        model = fitting.fit(retriever, load_questions(), digest=digest(settings.corpus))
    fitting.write(model)
    _show(model, f"{fitting.FILE}: {model}", json=json)


@app.command("compare")
def compare_runs(before: Path, after: Path, *, json: Json = False) -> None:
    """Compare two runs that `python -m evals --json` wrote."""
    difference = compare(read_run(before), read_run(after))
    _show(difference, comparison_table(difference), json=json)


@app.command()
def report(
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where to write the Markdown.")
    ] = Path("var/evals/report.md"),
    json: Json = False,
) -> None:
    """Write every question with its answer and its citations into a Markdown file."""
    found = _run(with_baselines=False)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(as_markdown(found), encoding="utf-8")
    _show({"report": str(output), "questions": len(found.trials)}, str(output), json=json)


@app.command()
def bench(
    folder: Annotated[Path, typer.Argument(help="corpus.jsonl, queries.jsonl, qrels.tsv, ...")],
    *,
    workdir: Annotated[
        Path | None, typer.Option(help="A new or empty folder; removed afterwards.")
    ] = None,
    queries: Annotated[int | None, typer.Option(min=1, help="Only the first N.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="All relevant documents, and others up to N.")
    ] = None,
    json: Json = False,
) -> None:
    """Measure retrieval, refusal and speed on a benchmark in BEIR form."""
    data = read_set(folder).first_queries(queries).first_documents(limit)
    embedder = load_embedder(load_settings().embedding_model)
    with scratch(workdir) as empty:
        figures = run_bench(data, embedder, workdir=empty, progress=_progress)
    _show(figures, bench_table(figures), json=json)


def _run(*, with_baselines: bool, questions: Path = FOLDER) -> Run:
    settings = load_settings()
    return run(
        corpus=settings.corpus,
        digest=digest(settings.corpus, questions),
        questions=load_questions(questions),
        embedder=load_embedder(settings.embedding_model),
        progress=_progress,
        with_baselines=with_baselines,
    )


def _progress(message: str) -> None:
    typer.echo(message, err=True)


def _show(document: dict[str, Any], text: str, *, json: bool) -> None:
    if json:
        print_json(document)
    else:
        typer.echo(text)


if __name__ == "__main__":
    command_line(app)
