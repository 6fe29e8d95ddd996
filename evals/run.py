"""A whole run: the product and its baselines over all questions, and the document it makes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from evals.gate import HOLDOUT, Baseline, complaints, scores_of
from evals.metrics import METRICS, Measured, measure_all
from evals.questions import Question
from evals.remembering import RememberingEmbedder
from evals.trial import Trial, run_trials
from ingest.corpus import publish_corpus
from pincite.answering import Assistant
from pincite.embedding import HASHING, Embedder, load_embedder
from pincite.library import LiveLibrary
from pincite.model import Article
from pincite.retrieval import BM25_ONLY, DENSE_ONLY, HYBRID, Weights

PRODUCT: Final = "product"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything that was found out about one corpus and its questions."""

    digest: str
    articles: Mapping[str, Article]
    trials: Sequence[Trial]
    """The product's, one for each question."""
    baselines: Mapping[str, Sequence[Trial]]
    """The same questions through simpler systems: a number without a baseline says nothing."""

    @property
    def measured(self) -> dict[str, Measured]:
        return half(self.trials, holdout=False)

    @property
    def held_out(self) -> dict[str, Measured]:
        return half(self.trials, holdout=True)

    @property
    def scores(self) -> dict[str, float | None]:
        return scores_of(self.measured, holdout=self.held_out)


def half(trials: Sequence[Trial], *, holdout: bool) -> dict[str, Measured]:
    """Measure the questions that are held out, or the others."""
    return measure_all([t.outcome for t in trials if t.question.holdout is holdout])


def run(
    *,
    corpus: Path,
    digest: str,
    questions: Sequence[Question],
    embedder: Embedder,
    progress: Progress,
    with_baselines: bool = True,
) -> Run:
    """Publish the corpus into a folder that is removed again, and ask all questions there."""
    with TemporaryDirectory(prefix="pincite-evals-") as scratch:
        site = _Site(Path(scratch) / "product", corpus, RememberingEmbedder(embedder), progress)
        trials = site.ask(PRODUCT, questions, HYBRID)
        baselines: dict[str, Sequence[Trial]] = {}
        if with_baselines:
            plain = _Site(Path(scratch) / HASHING, corpus, load_embedder(HASHING), progress)
            baselines = {
                "dense only": site.ask("dense only", questions, DENSE_ONLY),
                "BM25 only": site.ask("BM25 only", questions, BM25_ONLY),
                "hashing embedder": plain.ask("hashing embedder", questions, HYBRID),
            }
        return Run(digest=digest, articles=site.articles, trials=trials, baselines=baselines)


class _Site:
    """The corpus, published with one embedder."""

    def __init__(self, data: Path, corpus: Path, embedder: Embedder, progress: Progress) -> None:
        progress(f"publishing {corpus} with {embedder.space.model}")
        publish_corpus(corpus, data, embedder=embedder)
        self._live = LiveLibrary(data, embedder)
        self._embedder = embedder
        self._progress = progress
        self.articles = self._live.current().articles

    def ask(self, name: str, questions: Sequence[Question], weights: Weights) -> list[Trial]:
        self._progress(f"asking {len(questions)} questions: {name}")
        assistant = Assistant(self._live, self._embedder, weights=weights)
        assistant.assess("A first question, so that loading the model is not timed.")
        return list(run_trials(assistant, questions, self.articles))


def as_document(found: Run, baseline: Baseline | None) -> dict[str, Any]:
    """Return the run as `python -m evals --json` prints it; DESIGN.md fixes the names."""
    against = complaints(baseline, digest=found.digest, scores=found.scores)
    floors = baseline.floors if baseline else {}
    return {
        "passed": not against,
        "complaints": against,
        "digest": found.digest,
        "metrics": _figures(found.measured, floors, prefix=""),
        "holdout": _figures(found.held_out, floors, prefix=HOLDOUT),
        "baselines": {
            name: {metric: m.value for metric, m in half(trials, holdout=False).items()}
            for name, trials in found.baselines.items()
        },
        "questions": [
            {
                "id": trial.question.id,
                "class": trial.question.class_,
                "passed": trial.passed,
                "why": trial.why,
            }
            for trial in found.trials
        ],
    }


def _figures(
    measured: Mapping[str, Measured], floors: Mapping[str, float], *, prefix: str
) -> dict[str, Any]:
    return {
        name: {
            "value": found.value,
            "low": None,
            "high": None,
            "floor": floors.get(prefix + name),
            "n": found.n,
            "better": METRICS[name].better,
        }
        for name, found in measured.items()
    }
