"""A whole run: the product and its baselines over all questions, and what was measured."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from evals.gate import counts_of, scores_of
from evals.metrics import Measured, measure_all
from evals.questions import Question
from evals.remembering import RememberingEmbedder
from evals.trial import Trial, run_trials
from ingest.corpus import publish_corpus
from pincite.answering import Assistant
from pincite.answering.chat.writer import ChatModelWriter
from pincite.embedding import HASHING, Embedder, EmbeddingSpace, load_embedder
from pincite.library import LiveLibrary
from pincite.model import Article
from pincite.reranking import Reranker
from pincite.retrieval import BM25_ONLY, DENSE_ONLY, HYBRID, Weights

PRODUCT: Final = "product"
Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Run:
    """Everything that was found out about one corpus and its questions."""

    digest: str
    embedding: EmbeddingSpace
    articles: Mapping[str, Article]
    trials: Sequence[Trial]
    """The product's, one for each question."""
    baselines: Mapping[str, Sequence[Trial]]
    """The same questions through simpler systems: a number without a baseline says nothing."""

    @cached_property
    def measured(self) -> dict[str, Measured]:
        return half(self.trials, holdout=False)

    @cached_property
    def held_out(self) -> dict[str, Measured]:
        return half(self.trials, holdout=True)

    @property
    def counts(self) -> dict[str, int]:
        return counts_of(self.measured, holdout=self.held_out)

    @property
    def scores(self) -> dict[str, float | None]:
        return scores_of(self.measured, holdout=self.held_out)


def half(trials: Sequence[Trial], *, holdout: bool, intervals: bool = True) -> dict[str, Measured]:
    """Measure the questions that are held out, or the others."""
    outcomes = [t.outcome for t in trials if t.question.holdout is holdout]
    return measure_all(outcomes, intervals=intervals)


def run(
    *,
    corpus: Path,
    digest: str,
    questions: Sequence[Question],
    embedder: Embedder,
    progress: Progress,
    reranker: Reranker | None = None,
    with_baselines: bool = True,
) -> Run:
    """Publish the corpus into a folder that is removed again, and ask all questions there."""
    with TemporaryDirectory(prefix="pincite-evals-") as scratch:
        site = Site(Path(scratch) / "product", corpus, RememberingEmbedder(embedder), progress)
        trials = site.ask(PRODUCT, questions, HYBRID, reranker)
        baselines: dict[str, Sequence[Trial]] = {}
        if with_baselines:
            plain = Site(Path(scratch) / HASHING, corpus, load_embedder(HASHING), progress)
            baselines = {
                "dense only": site.ask("dense only", questions, DENSE_ONLY),
                "BM25 only": site.ask("BM25 only", questions, BM25_ONLY),
                "hashing embedder": plain.ask("hashing embedder", questions, HYBRID),
            }
        return Run(
            digest=digest,
            embedding=embedder.space,
            articles=site.articles,
            trials=trials,
            baselines=baselines,
        )


class Site:
    """The corpus, published with one embedder."""

    def __init__(self, data: Path, corpus: Path, embedder: Embedder, progress: Progress) -> None:
        progress(f"publishing {corpus} with {embedder.space.model}")
        publish_corpus(corpus, data, embedder=embedder)
        self._live = LiveLibrary(data, embedder)
        self._embedder = embedder
        self._progress = progress
        self.articles = self._live.current().articles

    def assistant(
        self,
        weights: Weights = HYBRID,
        reranker: Reranker | None = None,
        chat: ChatModelWriter | None = None,
    ) -> Assistant:
        return Assistant(self._live, self._embedder, weights, reranker, chat)

    def ask(
        self,
        name: str,
        questions: Sequence[Question],
        weights: Weights,
        reranker: Reranker | None = None,
    ) -> list[Trial]:
        self._progress(f"asking {len(questions)} questions: {name}")
        assistant = self.assistant(weights, reranker)
        assistant.assess("A first question, so that loading the model is not timed.")
        return list(run_trials(assistant, questions, self.articles))
