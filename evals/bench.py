"""Run a benchmark in BEIR form through the very code that `ask` runs, and measure it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from statistics import fmean
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
from ir_measures import RR, R, Success, nDCG
from ir_measures.measures import Measure
from sklearn.metrics import roc_auc_score

from evals.baselines import DEPTH, baseline_figures
from evals.beir import BeirSet, Dialogue, Document
from evals.errors import BenchmarkError
from evals.memory import peak_mb
from evals.metrics.ranking import ranking_scores
from ingest.articles import plain_article
from ingest.publish import publish
from pincite.answering import Assistant
from pincite.embedding import Embedder
from pincite.library import LiveLibrary
from pincite.model import Turn
from pincite.reranking import Reranker
from pincite.retrieval import Hit, Retriever

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What one question found."""

    documents: Sequence[str] = ()
    """By their best passage, best first; empty when the search crashed, which counts as a miss."""
    answerability: float | None = None
    """None when it crashed, which is less than any number."""
    answerable: bool = False
    milliseconds: float | None = None
    fault: str = ""


class Bench:
    """An ingested benchmark, ready to be asked."""

    def __init__(
        self,
        live: LiveLibrary,
        embedder: Embedder,
        ids: Sequence[str],
        reranker: Reranker | None = None,
    ) -> None:
        self._assistant = Assistant(live, embedder, reranker=reranker)
        self._retriever = Retriever(live.current(), embedder, reranker=reranker)
        self._passages = len(live.current().passages)
        self._ids = {_article_id(n): id_ for n, id_ in enumerate(ids)}
        self._library, self._embedder = live.current(), embedder

    def search(self, question: str, history: Sequence[Turn] = ()) -> Search:
        """Retrieve and gate one question; a crash is an empty result."""
        try:
            assessment = self._assistant.assess(question, history=history)
            return Search(
                documents=self._documents(assessment.standalone_question, assessment.hits),
                answerability=assessment.answerability,
                answerable=assessment.answerable,
                milliseconds=assessment.seconds * 1000,
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, this question is a miss
            return Search(fault=f"{type(error).__name__}: {error}")

    def _documents(self, question: str, hits: Sequence[Hit]) -> list[str]:
        """Group passages, and look deeper while a few long documents fill the ranking."""
        found = self._grouped(hits)
        depth = len(hits)
        while len(found) < min(DEPTH, len(self._ids)) and depth < self._passages:
            depth = min(self._passages, max(4 * depth, 100))
            deeper = self._grouped(self._retriever.search(question, k=depth))
            found = list(dict.fromkeys([*found, *deeper]))
        return found[:DEPTH]

    def baselines(self, data: BeirSet) -> dict[str, dict[str, float]]:
        """Return the figures of simpler systems, see `baseline_figures`."""
        return baseline_figures(data, self._library, self._embedder, self._grouped)

    def _grouped(self, hits: Sequence[Hit]) -> list[str]:
        return list(dict.fromkeys(self._ids[hit.passage.article_id] for hit in hits))


def _article_id(number: int) -> str:
    """Stand in for a document's id, which may be any string: odd ones must not reach paths."""
    return f"document-{number:07d}"


def run_bench(
    data: BeirSet,
    embedder: Embedder,
    *,
    workdir: Path,
    progress: Progress,
    reranker: Reranker | None = None,
    with_baselines: bool = False,
) -> dict[str, Any]:
    """Ingest the documents, ask everything, and return what `evals bench --json` prints."""
    embedder.embed_documents(["One text, so that loading the model is not timed."])
    progress(f"ingesting {len(data.documents)} documents")
    seconds = _ingest(data.documents, workdir, embedder)
    ids = [document.id for document in data.documents]
    bench = Bench(LiveLibrary(workdir, embedder), embedder, ids, reranker)
    bench.search("A first question, so that opening the library is not timed.")
    progress(f"asking {len(data.queries)} queries")
    searches = {query.id: bench.search(query.text) for query in data.queries}
    for id_, fault in ((id_, s.fault) for id_, s in searches.items() if s.fault):
        progress(f"query {id_} counts as a miss: {fault}")
    labels = {q.id: q.answerable for q in data.queries if q.answerable is not None}
    result: dict[str, Any] = {
        "docs": len(data.documents),
        "queries": len(data.queries),
        **_ranking_figures(data, searches),
        "ingest_seconds": seconds,
        "docs_per_second": len(data.documents) / seconds,
        **_time_figures(list(searches.values())),
    }
    if labels:
        result |= refusal_figures([(searches[id_], label) for id_, label in labels.items()])
    if with_baselines and data.grades:
        progress("asking simpler systems")
        result["baselines"] = bench.baselines(data)
    if data.dialogues is not None:
        progress(f"asking {len(data.dialogues)} dialogues")
        result["multiturn"] = _dialogue_figures(bench, data.dialogues)
    return {**result, "peak_mb": peak_mb()}


def _ingest(documents: Sequence[Document], workdir: Path, embedder: Embedder) -> float:
    started = perf_counter()
    articles = [
        plain_article(_article_id(n), title=d.title, text=d.text if d.text.strip() else d.title)
        for n, d in enumerate(documents)
    ]
    publish([a for a in articles if a.sections], data=workdir, embedder=embedder)
    return perf_counter() - started


def _ranking_figures(data: BeirSet, searches: Mapping[str, Search]) -> dict[str, float | None]:
    measures = {"ndcg10": nDCG @ 10, "recall10": R @ 10, "mrr10": RR @ 10, "hit5": Success @ 5}
    ranked = {id_: search.documents for id_, search in searches.items()}
    return {name: _mean(m, data.grades, ranked) for name, m in measures.items()}


def _mean(
    measure: Measure,
    relevant: Mapping[str, Mapping[str, int]],
    ranked: Mapping[str, Sequence[str]],
) -> float | None:
    scores = ranking_scores(measure, relevant=relevant, ranked=ranked)
    return fmean(scores.values()) if scores else None


def _time_figures(searches: Sequence[Search]) -> dict[str, float | None]:
    times = [s.milliseconds for s in searches if s.milliseconds is not None]
    return {
        name: float(np.percentile(times, share)) if times else None
        for name, share in (("p50_ms", 50), ("p95_ms", 95))
    }


def refusal_figures(labelled: Sequence[tuple[Search, bool]]) -> dict[str, float | None]:
    """Compare the gate with the labels; a figure without a case is None.

    Source of the area under the curve: Fawcett 2006, "An introduction to ROC analysis".
    """
    scores = [s.answerability for s, _ in labelled if s.answerability is not None]
    crashed = min(scores, default=0.0) - 1
    labels = [label for _, label in labelled]
    marks = [crashed if s.answerability is None else s.answerability for s, _ in labelled]
    return {
        "refusal_auroc": float(roc_auc_score(labels, marks)) if len(set(labels)) == 2 else None,
        "false_answers": _share(s.answerable for s, label in labelled if not label),
        "false_refusals": _share(not s.answerable for s, label in labelled if label),
    }


def _share(flags: Iterator[bool]) -> float | None:
    found = list(flags)
    return fmean(found) if found else None


def _dialogue_figures(bench: Bench, dialogues: Sequence[Dialogue]) -> dict[str, Any]:
    """Score three ways of understanding a last turn, on the turns for which all three exist."""
    turns = [d for d in dialogues if d.history and d.rewritten and d.relevant]
    relevant = {d.id: dict.fromkeys(d.relevant, 1) for d in turns}
    alone = {d.id: bench.search(d.question).documents for d in turns}
    product = {d.id: bench.search(d.question, d.history) for d in dialogues}
    perfect = {d.id: bench.search(d.rewritten or "").documents for d in turns}
    in_context = {d.id: product[d.id].documents for d in turns}
    labelled = [(product[d.id], d.answerable) for d in dialogues if d.answerable is not None]
    return {
        "turns": len(turns),
        "last_turn_ndcg10": _mean(nDCG @ 10, relevant, alone),
        "product_ndcg10": _mean(nDCG @ 10, relevant, in_context),
        "rewritten_ndcg10": _mean(nDCG @ 10, relevant, perfect),
        **(refusal_figures(labelled) if labelled else {}),
    }


@contextmanager
def scratch(workdir: Path | None) -> Iterator[Path]:
    """Yield an empty folder and remove it afterwards, whatever happens.

    Raises:
        BenchmarkError: the folder that was named holds something, which would be lost.
    """
    if workdir is None:
        with TemporaryDirectory(prefix="pincite-bench-") as name:
            yield Path(name)
        return
    if workdir.exists() and not (workdir.is_dir() and not any(workdir.iterdir())):
        raise BenchmarkError(
            f"{workdir} is removed after the run, and it is not an empty folder: name a new one"
        )
    workdir.mkdir(parents=True, exist_ok=True)
    try:
        yield workdir
    finally:
        rmtree(workdir)
