"""From a question to an answer: the one path that the command line, the page and the evals take."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pincite.answering.assessment import Assessment, assessed, check_question, fault_in
from pincite.answering.chat.connection import Stop
from pincite.answering.chat.writer import ChatModelWriter, chat_model, never
from pincite.answering.checking.checker import Checker
from pincite.answering.choice import Evidence
from pincite.answering.courtesy import reply_to, reply_to_refused
from pincite.answering.evidence import EvidenceFinder
from pincite.answering.parts import parts_of
from pincite.answering.refusing import searched_for
from pincite.answering.standalone import standalone_question
from pincite.answering.writing import Written, claimed, quoted
from pincite.embedding import Embedder
from pincite.library import Library, LiveLibrary, OncePerGeneration
from pincite.model import Answer, NearArticle, SearchedFor, Statement, Turn
from pincite.reranking import Reranker, load_reranker
from pincite.retrieval import HYBRID, Hit, Retriever, Weights
from pincite.settings import Settings
from pincite.spelling import Speller

NEAREST = 3
"""Articles that a refusal names."""


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
        chat: ChatModelWriter | None = None,
    ) -> None:
        self._embedder = embedder
        self._weights = weights
        self._reranker = reranker
        self.chat = chat
        """Who writes the answers; they are made of quotes where nobody does."""
        self._desks = OncePerGeneration(live, self._desk_of)

    def ask(self, question: str, *, history: Sequence[Turn] = (), as_typed: bool = False) -> Answer:
        """Answer with verified quotes, or refuse.

        `as_typed` takes the question as it stands: nothing is carried over from the dialogue, and
        no spelling is corrected.

        Raises:
            QuestionError: the question is empty or longer than 2,000 characters.
            LibraryMissingError, LibraryDamagedError, EmbeddingMismatchError: see `LiveLibrary`.
        """
        return self.trace(question, history=history, as_typed=as_typed).answer

    def answers(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        as_typed: bool = False,
        stop: Stop = never,
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, every statement of it checked; the last one is complete.

        Raises as `ask` does. `stop` is looked at while a chat model writes.
        """
        traces = self._traces(question, history, as_typed=as_typed, stop=stop)
        return (trace.answer for trace in traces)

    def trace(
        self, question: str, *, history: Sequence[Turn] = (), as_typed: bool = False
    ) -> Trace:
        """Answer as `ask` does, and keep what led there."""
        *_, last = self._traces(question, history, as_typed=as_typed, stop=never)
        return last

    def assess(self, question: str, *, history: Sequence[Turn] = ()) -> Assessment:
        """Search and decide without writing; raises as `ask` does."""
        return self._assess(self._desks.current(), question, history, as_typed=False, stop=never)

    def _traces(
        self, question: str, history: Sequence[Turn], *, as_typed: bool, stop: Stop
    ) -> Iterator[Trace]:
        began = time.monotonic()
        desk, reply = self._desks.current(), reply_to(question)
        # What gets a fixed reply, such as distress, is nothing for a chat model to read.
        as_typed = as_typed or reply is not None
        found = self._assess(desk, question, history, as_typed=as_typed, stop=stop)
        evidence: Sequence[Evidence] = ()
        if found.answerable and reply is None:
            evidence = desk.evidence.find(
                *((part.standalone_question, part.hits) for part in found.covered)
            )
        for written in self._written(desk, found, evidence, stop):
            statements = written.statements
            in_vain = not (statements or reply)
            answer = Answer(
                question=question,
                standalone_question=question if reply else found.standalone_question,
                generation=desk.library.generation,
                writer=written.writer,
                statements=statements,
                left_out=written.left_out,
                notice=written.notice if statements else None,
                uncovered=found.uncovered if statements else (),
                nearest=_nearest(found.hits, desk.library) if in_vain else (),
                searched_for=searched_for(found, desk.library) if in_vain else SearchedFor(),
                reply=reply if statements or reply else reply_to_refused(question),
                is_complete=written.is_complete,
                seconds=round(time.monotonic() - began, 3),
            )
            yield Trace(
                assessment=found, evidence=evidence, written=written.unchecked, answer=answer
            )

    def _written(
        self, desk: _Desk, found: Assessment, evidence: Sequence[Evidence], stop: Stop
    ) -> Iterator[Written]:
        articles = desk.library.articles
        if self.chat is None or not evidence:
            yield quoted(evidence, articles)
            return
        asked = " ".join(part.standalone_question for part in found.covered)
        checker = Checker(asked, evidence, self._embedder)
        yield from claimed(self.chat, asked, evidence, articles, checker, stop)

    def _assess(
        self,
        desk: _Desk,
        question: str,
        history: Sequence[Turn],
        *,
        as_typed: bool,
        stop: Stop,
    ) -> Assessment:
        check_question(question)
        asked_before = () if as_typed else _asked_of_the_library(history)
        history = [_as_answered(turn, desk) for turn in asked_before]

        def by_rules(text: str) -> str:
            if as_typed:
                return text
            return desk.speller.respelled(standalone_question(text, history))

        if self.chat and history and (rewritten := self.chat.rewrite(question, history, stop=stop)):
            # A chat model reads the question as a whole; parts of it are put right by rules.
            whole = desk.speller.respelled(rewritten)
            found = assessed(
                question, desk.retriever, lambda text: whole if text == question else by_rules(text)
            )
            if found.answerable:
                return found
        return assessed(question, desk.retriever, by_rules)

    def _desk_of(self, library: Library) -> _Desk:
        return _Desk(
            library,
            Retriever(library, self._embedder, self._weights, self._reranker),
            EvidenceFinder(library, self._embedder),
            Speller(library),
        )


def assistant_of(settings: Settings, live: LiveLibrary, embedder: Embedder) -> Assistant:
    """Return the assistant with the models that are set.

    Raises:
        ModelMissingError, SettingsError: one of them cannot be used.
    """
    return Assistant(
        live, embedder, reranker=load_reranker(settings.reranker), chat=chat_model(settings)
    )


def _nearest(hits: Sequence[Hit], library: Library) -> tuple[NearArticle, ...]:
    ids = list(dict.fromkeys(hit.passage.article_id for hit in hits))[:NEAREST]
    return tuple(NearArticle(id_, library.articles[id_].title) for id_ in ids)


def _as_answered(turn: Turn, desk: _Desk) -> Turn:
    """Return a question without what the library did not cover of it: nothing goes on from it."""
    if turn.role == "assistant" or fault_in(turn.text) or len(parts_of(turn.text)) == 1:
        return turn
    found = assessed(turn.text, desk.retriever, desk.speller.respelled)
    return replace(turn, text=" ".join(part.standalone_question for part in found.covered))


def _asked_of_the_library(history: Sequence[Turn]) -> Sequence[Turn]:
    """Return a dialogue without what got a fixed reply: distress is nothing to carry on to others.

    It is left out for the rules as well: what they carry over, a chat model would be asked.
    """
    kept: list[Turn] = []
    is_question = True
    for turn in history:
        if turn.role == "user":
            is_question = reply_to(turn.text) is None
        if is_question:
            kept.append(turn)
    return kept
