"""One run of the canned questions through one system: what happened, and why it failed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from evals.metrics import Outcome
from evals.questions import Question, expected_sections, section_id, section_of
from pincite.answering import Assessment, Assistant
from pincite.model import Answer, Article
from pincite.retrieval import Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A question, the reply to it and the judgement."""

    question: Question
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
        expected = expected_sections(question, articles)
        try:
            yield _judged(question, expected, _timed(assistant, question), articles)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this question's failure
            yield Trial(
                question=question,
                outcome=Outcome(
                    answerable=question.answerable, status="crashed", expected=expected
                ),
                answer=None,
                why=f"crashed with {type(error).__name__}: {error}",
            )


@dataclass(frozen=True, slots=True)
class _Reply:
    assessment: Assessment
    milliseconds: float
    answer: Answer


def _timed(assistant: Assistant, question: Question) -> _Reply:
    started = perf_counter()
    assessment = assistant.assess(question.question, history=question.history)
    milliseconds = (perf_counter() - started) * 1000
    return _Reply(
        assessment, milliseconds, assistant.ask(question.question, history=question.history)
    )


def _judged(
    question: Question,
    expected: tuple[str, ...],
    reply: _Reply,
    articles: Mapping[str, Article],
) -> Trial:
    citations = reply.answer.citations
    outcome = Outcome(
        answerable=question.answerable,
        status=reply.answer.status,
        expected=expected,
        ranked=sections_by_best_passage(reply.assessment.hits),
        cited=tuple(section_of(articles[c.article_id], c.start) for c in citations),
        verbatim=tuple(articles[c.article_id].text[c.start : c.end] == c.quote for c in citations),
        milliseconds=reply.milliseconds,
    )
    return Trial(
        question=question,
        outcome=outcome,
        answer=reply.answer,
        why=reason_of_failure(outcome, articles),
    )


def sections_by_best_passage(hits: Iterable[Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(section_id(h.passage.article_id, h.passage.section) for h in hits))


def reason_of_failure(outcome: Outcome, articles: Mapping[str, Article]) -> str:
    """Say what is wrong with a reply, or nothing.

    An answerable question passes when it is answered, one expected section at least is cited, and
    all quotes are exact; how many of the sections are cited is the business of citation recall.
    """
    if not all(outcome.verbatim):
        return f"{outcome.verbatim.count(False)} of {len(outcome.verbatim)} quotes are not verbatim"
    if outcome.status == "refused" and outcome.cited:
        return f"refused and yet cites {_names(outcome.cited, articles)}"
    if not outcome.answerable:
        cited = _names(outcome.cited, articles)
        return "" if outcome.status == "refused" else f"should be refused; answered from {cited}"
    if outcome.status == "answered" and set(outcome.cited) & set(outcome.expected):
        return ""
    done = f"cites {_names(outcome.cited, articles)}" if outcome.cited else "was refused"
    return f"{done}; expected {_ranks(outcome, articles)}"


def _ranks(outcome: Outcome, articles: Mapping[str, Article]) -> str:
    return ", ".join(
        f"{_names([section], articles)} (found {_rank(section, outcome.ranked)})"
        for section in outcome.expected
    )


def _rank(section: str, ranked: Sequence[str]) -> str:
    if section in ranked:
        return f"at rank {ranked.index(section) + 1}"
    return f"nowhere among {len(ranked)} sections"


def _names(sections: Iterable[str], articles: Mapping[str, Article]) -> str:
    return ", ".join(dict.fromkeys(section_name(section, articles) for section in sections))


def section_name(section: str, articles: Mapping[str, Article]) -> str:
    """Name a section for a reader, as `article > heading`."""
    article_id, _, number = section.rpartition("#")
    heading = articles[article_id].sections[int(number)].heading if int(number) >= 0 else ""
    return f"{article_id} > {heading}" if heading else article_id
