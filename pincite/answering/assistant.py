"""From a question to an answer: the one path that the command line, the page and the evals take."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from pincite.answering.choice import Evidence
from pincite.answering.courtesy import reply_to, reply_to_refused
from pincite.answering.evidence import EvidenceFinder
from pincite.answering.gate import answerability, features, fitted, is_heading
from pincite.answering.kinds import Missing, missing
from pincite.answering.parts import parts_of
from pincite.answering.quotes import QuoteWriter
from pincite.answering.standalone import standalone_question
from pincite.answering.verifier import verify
from pincite.embedding import Embedder
from pincite.errors import QuestionError
from pincite.library import Library, LiveLibrary
from pincite.model import MAX_QUESTION, Answer, NearArticle, Statement, Turn
from pincite.reranking import Reranker
from pincite.retrieval import HYBRID, Hit, Retriever, Weights
from pincite.spelling import Speller

NEAREST = 3
"""Articles that a refusal names."""
READ = 5
"""Passages that are read for the kind of thing that is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What was found for a question, and whether it is enough."""

    standalone_question: str
    hits: Sequence[Hit]
    features: Mapping[str, float]
    """What the gate looks at."""
    missing: Missing | None
    """What is asked for and not to be had: refused, however near the passages are."""
    answerability: float
    """Probability, 0 to 1, that the library answers the question, or the likeliest part of it;
    never shown to a reader."""
    answerable: bool
    parts: Sequence["Assessment"] = ()
    """Where several things are asked and one at least is covered: each on its own."""
    seconds: float
    """Search and gate."""

    @property
    def covered(self) -> Sequence["Assessment"]:
        """What to answer: the covered parts, or the whole."""
        return [part for part in self.parts if part.answerable] or [self]

    @property
    def uncovered(self) -> tuple[str, ...]:
        return tuple(part.standalone_question for part in self.parts if not part.answerable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The whole way from a question to its answer, for those who look into it."""

    assessment: Assessment
    evidence: Sequence[Evidence]
    """Sections chosen to answer from, best first; none for a refusal."""
    written: Sequence[Statement]
    """What the writer wrote, before it was verified."""
    answer: Answer


@dataclass(frozen=True, slots=True)
class _Desk:
    """Everything that belongs to one generation."""

    library: Library
    retriever: Retriever
    evidence: EvidenceFinder
    speller: Speller


class Assistant:
    """Answers questions from the library that is current when they are asked."""

    def __init__(
        self,
        live: LiveLibrary,
        embedder: Embedder,
        weights: Weights = HYBRID,
        reranker: Reranker | None = None,
    ) -> None:
        self._live = live
        self._embedder = embedder
        self._weights = weights
        self._reranker = reranker
        self._writer = QuoteWriter()
        self._lock = Lock()
        self._last: _Desk | None = None

    def ask(self, question: str, *, history: Sequence[Turn] = (), as_typed: bool = False) -> Answer:
        """Answer with verified quotes, or refuse.

        `as_typed` takes the question as it stands: nothing is carried over from the dialogue, and
        no spelling is corrected.

        Raises:
            QuestionError: the question is empty or longer than 2,000 characters.
            LibraryMissingError, LibraryDamagedError, EmbeddingMismatchError: see `LiveLibrary`.
        """
        return self.trace(question, history=history, as_typed=as_typed).answer

    def trace(
        self, question: str, *, history: Sequence[Turn] = (), as_typed: bool = False
    ) -> Trace:
        """Answer as `ask` does, and keep what led there."""
        began = time.monotonic()
        desk = self._desk()
        assessed = _assess(desk, question, history, as_typed=as_typed)
        evidence: Sequence[Evidence] = ()
        reply = reply_to(question)
        if assessed.answerable and reply is None:
            evidence = desk.evidence.find(
                *((part.standalone_question, part.hits) for part in assessed.covered)
            )
        written = self._writer.write(evidence)
        statements = verify(written, desk.library.articles).statements
        answer = Answer(
            question=question,
            standalone_question=question if reply else assessed.standalone_question,
            generation=desk.library.generation,
            writer=self._writer.name,
            statements=statements,
            uncovered=assessed.uncovered if statements else (),
            nearest=() if statements or reply else _nearest(assessed.hits, desk.library),
            reply=reply if statements or reply else reply_to_refused(question),
            seconds=round(time.monotonic() - began, 3),
        )
        return Trace(assessment=assessed, evidence=evidence, written=written, answer=answer)

    def assess(self, question: str, *, history: Sequence[Turn] = ()) -> Assessment:
        """Search and decide without writing; raises as `ask` does."""
        return _assess(self._desk(), question, history, as_typed=False)

    def _desk(self) -> _Desk:
        library = self._live.current()
        with self._lock:
            if self._last is None or self._last.library is not library:
                self._last = _Desk(
                    library,
                    Retriever(library, self._embedder, self._weights, self._reranker),
                    EvidenceFinder(library, self._embedder),
                    Speller(library),
                )
            return self._last


def _assess(desk: _Desk, question: str, history: Sequence[Turn], *, as_typed: bool) -> Assessment:
    """Assess the whole, and each part where several things are asked.

    A covered part is answered even where the whole looks too far off, and the whole is where no
    part stands on its own.
    """
    began = time.perf_counter()
    check_question(question)

    def assess(text: str) -> Assessment:
        if as_typed:
            return _assess_one(desk, text, text)
        respelled = desk.speller.respelled
        return _assess_one(desk, respelled(text), respelled(standalone_question(text, history)))

    whole, typed = assess(question), parts_of(question)
    parts = [assess(part) for part in typed] if len(typed) > 1 else []
    covered = [part for part in parts if part.answerable]
    return replace(
        whole,
        answerability=max(part.answerability for part in [whole, *covered]),
        answerable=whole.answerable or bool(covered),
        parts=parts if covered else (),
        seconds=time.perf_counter() - began,
    )


def _assess_one(desk: _Desk, asked: str, standalone: str) -> Assessment:
    began = time.perf_counter()
    hits = desk.retriever.search(standalone)
    measured = features(standalone, hits, desk.library)
    not_there = missing(asked, texts_of(hits[:READ], desk.library))
    probability = 0.0 if not_there else answerability(measured)
    enough = probability >= fitted()["threshold"] or is_heading(standalone, hits, desk.library)
    return Assessment(
        standalone_question=standalone,
        hits=hits,
        features=measured,
        missing=not_there,
        answerability=probability,
        answerable=not not_there and enough,
        seconds=time.perf_counter() - began,
    )


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


def texts_of(hits: Sequence[Hit], library: Library) -> Iterator[str]:
    for passage in (hit.passage for hit in hits):
        yield library.articles[passage.article_id].text[passage.start : passage.end]


def _nearest(hits: Sequence[Hit], library: Library) -> tuple[NearArticle, ...]:
    ids = list(dict.fromkeys(hit.passage.article_id for hit in hits))[:NEAREST]
    return tuple(NearArticle(id_, library.articles[id_].title) for id_ in ids)
