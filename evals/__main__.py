"""`python -m evals`: run the canned questions and the gate, compare runs, report, benchmark."""

from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any, Literal

import typer

from evals import fitting, foreign, inbox, record, supporting, trec
from evals.beir import read_set
from evals.bench import run_bench, scratch
from evals.chat_figures import with_chat_model
from evals.compare import compare
from evals.explain import as_text, explain
from evals.gate import BASELINE, pinned, read_baseline, write_baseline
from evals.questions import FOLDER, digest, load_questions, question_named
from evals.report import as_html
from evals.run import Site, run
from evals.tables import bench_table, chat_table, comparison_table, run_table
from ingest.corpus import publish_corpus
from pincite.console import command_line, print_json
from pincite.embedding import load_embedder
from pincite.library import LiveLibrary
from pincite.reranking import load_reranker
from pincite.retrieval import Retriever
from pincite.settings import load_settings

app = typer.Typer(
    help="Is it good? Canned questions with a gate, comparisons, reports, benchmarks.",
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
)

app.add_typer(inbox.app, name="inbox")
app.command("support")(supporting.run)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Runs = Annotated[Path, typer.Option(help="Where runs are kept.")]


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
    runs: Runs = record.FOLDER,
    writer: Annotated[
        Literal["quotes", "chat"],
        typer.Option(help="`chat`: the chat model that is set, and quotes beside it; no floors."),
    ] = "quotes",
    sample: Annotated[
        int | None, typer.Option(min=1, help="With --writer chat: only N, always the same.")
    ] = None,
) -> None:
    """Run the canned questions through the product; exit with 1 when the gate is closed."""
    if context.invoked_subcommand:
        return
    if lower is not None and not pin:
        raise typer.BadParameter("--lower goes with --pin")
    if pin and writer == "chat":
        raise typer.BadParameter("--pin goes with --writer quotes")
    if sample is not None and writer != "chat":
        raise typer.BadParameter("--sample goes with --writer chat")
    if writer == "chat":
        _with_chat_model(questions, sample, json=json)
    settings, baseline = load_settings(), read_baseline(floors)
    started, clock = datetime.now(UTC), perf_counter()
    found = run(
        corpus=settings.corpus,
        digest=digest(settings.corpus, questions),
        questions=load_questions(questions),
        embedder=load_embedder(settings.embedding_model),
        reranker=load_reranker(settings.reranker),
        progress=_progress,
    )
    if pin:
        baseline = pinned(
            baseline, digest=found.digest, scores=found.scores, why=lower, counts=found.counts
        )
        write_baseline(baseline, floors)
    done = record.record(
        found, baseline, settings=settings, started=started, seconds=perf_counter() - clock
    )
    summary = done.summary() | {"run": str(record.save(done, runs))}
    _show(summary, run_table(summary), json=json)
    raise typer.Exit(0 if done.passed else 1)


def _with_chat_model(questions: Path, sample: int | None, *, json: bool) -> None:
    document = with_chat_model(load_settings(), questions, sample=sample, progress=_progress)
    _show(document, chat_table(document), json=json)
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
    """Compare two saved runs: their folders, or their `run.json`."""
    difference = compare(record.read(before), record.read(after))
    _show(difference, comparison_table(difference), json=json)


@app.command()
def report(
    run_: Annotated[
        Path | None, typer.Argument(metavar="[RUN]", help="A saved run; without, the newest.")
    ] = None,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The HTML file; without, beside the run.")
    ] = None,
    runs: Runs = record.FOLDER,
    json: Json = False,
) -> None:
    """Write a saved run as one HTML file: figures, plots, every question with its answer."""
    source = run_ or record.newest(runs)
    done = record.read(source)
    path = output or (source if source.is_dir() else source.parent) / "report.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_html(done), encoding="utf-8")
    _show({"report": str(path), "questions": len(done.questions)}, str(path), json=json)


@app.command("explain")
def explain_question(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Of a canned question.")],
    *,
    questions: Annotated[Path, typer.Option(help="A folder of questions.")] = FOLDER,
    json: Json = False,
) -> None:
    """Show the whole path of one question, from the words searched to the scores."""
    question = question_named(id_, load_questions(questions))
    settings = load_settings()
    embedder = load_embedder(settings.embedding_model)
    # The library is kept: the next question is explained without embedding everything again.
    site = Site(record.FOLDER / "library", settings.corpus, embedder, _progress)
    path = explain(question, site)
    _show(path, as_text(path), json=json)


@app.command("export")
def export_run(
    to: Annotated[Path, typer.Argument(help="A folder for `run.txt` and `qrels.txt`.")],
    run_: Annotated[
        Path | None, typer.Argument(metavar="[RUN]", help="A saved run; without, the newest.")
    ] = None,
    *,
    runs: Runs = record.FOLDER,
    json: Json = False,
) -> None:
    """Write a saved run in TREC form, for trec_eval and its relatives."""
    lines = trec.export(record.read(run_ or record.newest(runs)), to)
    text = "\n".join(f"{to / name}: {n} lines" for name, n in lines.items())
    _show({"folder": str(to), "lines": lines}, text, json=json)


@app.command("import")
def import_set(
    file: Annotated[Path, typer.Argument(help="A Ragas or DeepEval test set: JSON, JSONL, CSV.")],
    to: Annotated[Path, typer.Argument(help="A new folder, for `python -m evals bench`.")],
    *,
    json: Json = False,
) -> None:
    """Convert a test set of Ragas or DeepEval into BEIR form."""
    done = foreign.convert(file, to)
    text = bench_table({**done, "skipped": len(done["skipped"])})
    reasons = [f"row {s['row']} is skipped: {s['reason']}" for s in done["skipped"]]
    _show(done, "\n".join([text, *reasons]), json=json)


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
    baselines: Annotated[
        bool, typer.Option("--baselines", help="Dense, BM25, RRF and plain fusion beside it.")
    ] = False,
    json: Json = False,
) -> None:
    """Measure retrieval, refusal and speed on a benchmark in BEIR form."""
    data = read_set(folder).first_queries(queries).first_documents(limit)
    settings = load_settings()
    embedder = load_embedder(settings.embedding_model)
    with scratch(workdir) as empty:
        figures = run_bench(
            data,
            embedder,
            workdir=empty,
            progress=_progress,
            reranker=load_reranker(settings.reranker),
            with_baselines=baselines,
        )
    _show(figures, bench_table(figures), json=json)


def _progress(message: str) -> None:
    typer.echo(message, err=True)


def _show(document: dict[str, Any], text: str, *, json: bool) -> None:
    if json:
        print_json(document)
    else:
        typer.echo(text)


if __name__ == "__main__":
    command_line(app)
