"""One run of the canned questions through one system: what happened, and why it failed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from evals import places
from evals.metrics.refusal import tells_what_is_uncovered
from evals.outcome import Cited, FollowUp, Outcome, Stretch
from evals.places import section_name, section_names, section_of
from evals.questions import Question
from pincite.answering import Assessment, Assistant, Trace
from pincite.model import Answer, Article
from pincite.retrieval import Hit

DEPTH = 20
"""Sections of a ranking that are kept; no metric looks deeper than ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A question, the reply to it and the judgement."""

    question: Question
    places: Sequence[Stretch]
    """Where the expected words stand, in their order."""
    outcome: Outcome
    answer: Answer | None
    """None when it crashed."""
    why: str
    """The reason of the failure; empty when the question passed."""

    @property
    def passed(self) -> bool:
        return not self.why


def run_trials(
    assistant: Assistant, questions: Iterable[Question], articles: Mapping[str, Article]
) -> Iterator[Trial]:
    """Ask every question. A crash is a miss, as a user would feel it, and does not end the run."""
    for question in questions:
        found = places.located(question, articles)
        known = what_is_known(question, found)
        try:
            yield _judged(question, found, known, assistant, articles)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this question's failure
            yield Trial(
                question=question,
                places=found,
                outcome=Outcome(status="crashed", **known),
                answer=None,
                why=f"crashed with {type(error).__name__}: {error}",
            )


def what_is_known(question: Question, found: Sequence[Stretch]) -> dict[str, Any]:
    """Return the fields of an outcome that are known before anything is asked."""
    return {
        "answerable": question.answerable,
        "class_": question.class_,
        "grades": places.grades(question.expected, found),
        "nuggets": places.nuggets(question.expected, found),
        "sides": places.sides(question.expected, found),
        "uncovered": question.uncovered,
    }


def _judged(
    question: Question,
    found: Sequence[Stretch],
    known: Mapping[str, Any],
    assistant: Assistant,
    articles: Mapping[str, Article],
) -> Trial:
    trace = assistant.trace(question.question, history=question.history)
    outcome = Outcome(
        **known,
        **what_became(trace, articles),
        follow_up=follow_up(question, assistant),
    )
    return Trial(
        question=question,
        places=found,
        outcome=outcome,
        answer=trace.answer,
        why=reason_of_failure(outcome, articles),
    )


def what_became(trace: Trace, articles: Mapping[str, Article]) -> dict[str, Any]:
    """Return the fields of an outcome that the reply settles."""
    return {
        **what_was_said(trace.answer, articles),
        "ranked": sections_by_best_passage(hits_in_turn(trace.assessment)),
        "answerability": trace.assessment.answerability,
        "milliseconds": trace.assessment.seconds * 1000,
    }


def what_was_said(answer: Answer, articles: Mapping[str, Article]) -> dict[str, Any]:
    """Return the fields of an outcome that an answer settles by itself."""
    return {
        "status": answer.status,
        "cited": tuple(
            Cited(
                article=c.article_id,
                start=c.start,
                end=c.end,
                section=section_of(articles[c.article_id], c.start),
                verbatim=articles[c.article_id].text[c.start : c.end] == c.quote,
            )
            for c in answer.citations
        ),
        "said": tuple(statement.text for statement in answer.statements),
        "told_uncovered": answer.uncovered,
    }


def follow_up(question: Question, assistant: Assistant) -> FollowUp | None:
    """Search for a dialogue's last turn alone, and as a perfect listener would have put it."""
    if question.rewritten is None:
        return None
    alone, rewritten = (
        sections_by_best_passage(assistant.assess(text).hits)
        for text in (question.question, question.rewritten)
    )
    return FollowUp(alone=alone, rewritten=rewritten)


def hits_in_turn(assessment: Assessment) -> Iterator[Hit]:
    """Yield what was found; of several covered parts of a question, by rank."""
    by_rank = zip_longest(*(part.hits for part in assessment.covered))
    return (hit for rank in by_rank for hit in rank if hit)


def sections_by_best_passage(hits: Iterable[Hit]) -> tuple[str, ...]:
    found = dict.fromkeys(hit.passage.section_id for hit in hits)
    return tuple(found)[:DEPTH]


def reason_of_failure(outcome: Outcome, articles: Mapping[str, Article]) -> str:
    """Say what is wrong with a reply, or nothing.

    An answerable question passes when it is answered, one expected section at least is cited (of
    sources that disagree one of each side) and all quotes are exact; how many of the expected
    sections are cited is the business of citation recall.
    """
    cited = [citation.section for citation in outcome.cited]
    verbatim = [citation.verbatim for citation in outcome.cited]
    if not all(verbatim):
        return f"{verbatim.count(False)} of {len(verbatim)} quotes are not verbatim"
    if outcome.status == "refused" and cited:
        return f"refused and yet cites {section_names(cited, articles)}"
    if not outcome.answerable:
        answered = f"should be refused; answered from {section_names(cited, articles)}"
        return "" if outcome.status == "refused" else answered
    if outcome.status == "answered" and set(cited) & outcome.grades.keys():
        return _missing_side(outcome, articles) or _not_told(outcome)
    done = f"cites {section_names(cited, articles)}" if cited else "was refused"
    return f"{done}; expected {_ranks(outcome.vital, outcome, articles)}"


def _missing_side(outcome: Outcome, articles: Mapping[str, Article]) -> str:
    cited = {citation.section for citation in outcome.cited}
    missing = {name: s for name, s in outcome.sides.items() if not cited & set(s)}
    return "; ".join(
        f"the side of the {name} is not shown: {_ranks(sections, outcome, articles)}"
        for name, sections in missing.items()
    )


def _not_told(outcome: Outcome) -> str:
    if tells_what_is_uncovered(outcome):
        return ""
    told = "; ".join(outcome.told_uncovered) or "nothing"
    return f"names as not covered: {told}; expected: {outcome.uncovered or 'nothing'}"


def _ranks(sections: Iterable[str], outcome: Outcome, articles: Mapping[str, Article]) -> str:
    return ", ".join(
        f"{section_name(section, articles)} (found {_rank(section, outcome.ranked)})"
        for section in sorted(sections)
    )


def _rank(section: str, ranked: Sequence[str]) -> str:
    if section in ranked:
        return f"at rank {ranked.index(section) + 1}"
    return f"nowhere among {len(ranked)} sections"
