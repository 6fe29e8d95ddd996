"""Is a question covered? It is understood, searched for and judged, and so are its parts."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pincite.answering.gate import answerability, features, fitted, is_heading
from pincite.answering.kinds import Missing, missing
from pincite.answering.parts import parts_of
from pincite.errors import QuestionError
from pincite.library import Library
from pincite.model import MAX_QUESTION
from pincite.retrieval import Hit, Retriever

READ = 5
"""Passages that are read for the kind of thing that is asked for."""

Understood = Callable[[str], str]
"""From a question, or one of several in one, to what it means without the dialogue."""


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


def assessed(question: str, retriever: Retriever, understood: Understood) -> Assessment:
    """Assess the whole, and each part where several things are asked.

    A covered part is answered even where the whole looks too far off, and the whole is where no
    part stands on its own.
    """
    began = time.perf_counter()
    whole, typed = _assess_one(question, retriever, understood), parts_of(question)
    parts = [_assess_one(part, retriever, understood) for part in typed] if len(typed) > 1 else []
    covered = [part for part in parts if part.answerable]
    return replace(
        whole,
        answerability=max(part.answerability for part in [whole, *covered]),
        answerable=whole.answerable or bool(covered),
        parts=parts if covered else (),
        seconds=time.perf_counter() - began,
    )


def _assess_one(question: str, retriever: Retriever, understood: Understood) -> Assessment:
    began = time.perf_counter()
    library, standalone = retriever.library, understood(question)
    hits = retriever.search(standalone)
    measured = features(standalone, hits, library)
    not_there = missing(question, texts_of(hits[:READ], library))
    probability = 0.0 if not_there else answerability(measured)
    return Assessment(
        standalone_question=standalone,
        hits=hits,
        features=measured,
        missing=not_there,
        answerability=probability,
        answerable=not not_there
        and (probability >= fitted()["threshold"] or is_heading(standalone, hits, library)),
        seconds=time.perf_counter() - began,
    )


def check_question(question: str) -> None:
    """Refuse what is no question.

    Raises:
        QuestionError: it is empty or too long.
    """
    if fault := fault_in(question):
        raise QuestionError(fault)


def fault_in(question: str) -> str | None:
    """Say what keeps a text from being asked; None where nothing does."""
    if not question.strip():
        return "Please type a question"
    if any("\ud800" <= char <= "\udfff" for char in question):
        return "The question holds characters that are no text; type it anew"
    if len(question) > MAX_QUESTION:
        return f"The question has {len(question):,} characters; shorten it to {MAX_QUESTION:,}"
    return None


def texts_of(hits: Sequence[Hit], library: Library) -> Iterator[str]:
    for passage in (hit.passage for hit in hits):
        yield library.articles[passage.article_id].text[passage.start : passage.end]
