"""From a question to an answer: the one path that the command line, the page and the evals take."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock

from pincite.answering.evidence import EvidenceFinder
from pincite.answering.gate import answerability, asks_for_forecast, features, fitted
from pincite.answering.quotes import QuoteWriter
from pincite.answering.standalone import standalone_question
from pincite.answering.verifier import verify
from pincite.embedding import Embedder
from pincite.errors import QuestionError
from pincite.library import Library, LiveLibrary
from pincite.model import MAX_QUESTION, Answer, NearArticle, Turn
from pincite.retrieval import HYBRID, Hit, Retriever, Weights

NEAREST = 3
"""Articles that a refusal names."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was found for a question, and whether it is enough."""

    standalone_question: str
    hits: Sequence[Hit]
    answerability: float
    """Probability, 0 to 1, that the library answers the question; never shown to a reader."""
    answerable: bool


@dataclass(frozen=True, slots=True)
class _Desk:
    """Everything that belongs to one generation."""

    library: Library
    retriever: Retriever
    evidence: EvidenceFinder


class Assistant:
    """Answers questions from the library that is current when they are asked."""

    def __init__(self, live: LiveLibrary, embedder: Embedder, weights: Weights = HYBRID) -> None:
        self._live = live
        self._embedder = embedder
        self._weights = weights
        self._writer = QuoteWriter()
        self._lock = Lock()
        self._last: _Desk | None = None

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        """Answer with verified quotes, or refuse.

        Raises:
            QuestionError: the question is empty or longer than 2,000 characters.
            LibraryMissingError, LibraryDamagedError, EmbeddingMismatchError: see `LiveLibrary`.
        """
        began = time.monotonic()
        desk = self._desk()
        assessed = self._assess(desk, question, history)
        answer = Answer(
            question=question,
            standalone_question=assessed.standalone_question,
            generation=desk.library.generation,
            writer=self._writer.name,
            nearest=_nearest(assessed.hits, desk.library),
        )
        if assessed.answerable:
            evidence = desk.evidence.find(assessed.standalone_question, assessed.hits)
            written = verify(self._writer.write(evidence), desk.library.articles)
            if written.statements:
                answer = replace(answer, statements=written.statements, nearest=())
        return replace(answer, seconds=round(time.monotonic() - began, 3))

    def assess(self, question: str, *, history: Sequence[Turn] = ()) -> Assessment:
        """Search and decide without writing; raises as `ask` does."""
        return self._assess(self._desk(), question, history)

    def _assess(self, desk: _Desk, question: str, history: Sequence[Turn]) -> Assessment:
        check_question(question)
        standalone = standalone_question(question, history)
        hits = desk.retriever.search(standalone)
        probability = answerability(features(standalone, hits, desk.library))
        if asks_for_forecast(question):
            probability = 0.0
        return Assessment(standalone, hits, probability, probability >= fitted()["threshold"])

    def _desk(self) -> _Desk:
        library = self._live.current()
        with self._lock:
            if self._last is None or self._last.library is not library:
                self._last = _Desk(
                    library,
                    Retriever(library, self._embedder, self._weights),
                    EvidenceFinder(library, self._embedder),
                )
            return self._last


def check_question(question: str) -> None:
    """Refuse what is no question.

    Raises:
        QuestionError: it is empty or too long.
    """
    if not question.strip():
        raise QuestionError("Please type a question")
    if any("\ud800" <= char <= "\udfff" for char in question):
        raise QuestionError("The question holds characters that are no text; type it anew")
    if len(question) > MAX_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters; shorten it to {MAX_QUESTION:,}"
        )


def _nearest(hits: Sequence[Hit], library: Library) -> tuple[NearArticle, ...]:
    ids = list(dict.fromkeys(hit.passage.article_id for hit in hits))[:NEAREST]
    return tuple(NearArticle(id_, library.articles[id_].title) for id_ in ids)
