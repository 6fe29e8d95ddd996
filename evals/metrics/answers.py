"""Answers: what is cited, which of the expected facts are in them, how much is said twice."""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from statistics import fmean
from typing import Final

from evals.metrics.figures import Row, Rows
from evals.outcome import Cited, Nugget, Outcome
from pincite.words import words_in

COVERED: Final = 0.5
"""Share of a nugget's words that citations hold where it counts as said."""


def citation_precision(cited: Sequence[str], expected: Collection[str]) -> float:
    """Share of the citations that lie in an expected section: 0 to 1; no citation earns 0.

    Source: Gao et al. 2023, "Enabling Large Language Models to Generate Text with Citations"
    (ALCE), with an expected section in place of their entailment model.
    """
    return fmean(section in expected for section in cited) if cited else 0.0


def citation_recall(cited: Collection[str], expected: Collection[str]) -> float:
    """Share of the expected sections that are cited: 0 to 1. Source: see `citation_precision`.

    Raises:
        ValueError: nothing is expected, so that the share has no meaning.
    """
    if not expected:
        raise ValueError("citation recall needs an expected section; score refusals instead")
    return len(set(cited) & set(expected)) / len(set(expected))


def is_said(nugget: Nugget, cited: Sequence[Cited]) -> bool:
    """Whether the citations hold at least half of the words of one of the nugget's places."""
    return any(
        sum(citation.share_of(place) for citation in set(cited)) >= COVERED
        for place in nugget.places
    )


def nugget_recall(nuggets: Sequence[Nugget], cited: Sequence[Cited]) -> float:
    """Share of the nuggets that are said: 0 to 1.

    Source: Voorhees 2003, "Overview of the TREC 2003 Question Answering Track", with vital and
    okay nuggets; overlap with the nugget's own words stands in for an assessor.

    Raises:
        ValueError: there is no nugget, so that the share has no meaning.
    """
    if not nuggets:
        raise ValueError("nugget recall needs a nugget; score refusals instead")
    return fmean(is_said(nugget, cited) for nugget in nuggets)


def redundancy(said: Sequence[str]) -> float:
    """Share of an answer's pairs of neighbouring words that it has more than once: 0 to 1.

    Source: Li et al. 2016, "A Diversity-Promoting Objective Function for Neural Conversation
    Models" (distinct-2, of which this is the complement).
    """
    pairs = [pair for text in said for pair in pairwise(words_in(text))]
    return 1 - len(set(pairs)) / len(pairs) if pairs else 0.0


def precision_row(outcome: Outcome) -> Row | None:
    """An answerable question counts unless it was refused: a refusal cites nothing."""
    if not outcome.answerable or outcome.status == "refused":
        return None
    return (citation_precision([c.section for c in outcome.cited], outcome.grades),)


def recall_row(outcome: Outcome) -> Row | None:
    """Every answerable question counts, with its vital sections; a refusal has recall 0."""
    if not outcome.answerable:
        return None
    return (citation_recall({c.section for c in outcome.cited}, outcome.vital),)


def nugget_row(outcome: Outcome, *, vital_only: bool) -> Row | None:
    """Every answerable question counts; a refusal says nothing."""
    nuggets = [n for n in outcome.nuggets if n.vital or not vital_only]
    return (nugget_recall(nuggets, outcome.cited),) if outcome.answerable else None


def verbatim_row(outcome: Outcome) -> Row | None:
    """Count the exact quotes, and all quotes; an answer without a quote has no say."""
    exact = sum(citation.verbatim for citation in outcome.cited)
    return (exact, len(outcome.cited)) if outcome.cited else None


def of_all(rows: Rows) -> float:
    """Return the share of all quotes that are exact, whichever answer they belong to."""
    return float(rows[:, 0].sum() / rows[:, 1].sum())


def redundancy_row(outcome: Outcome) -> Row | None:
    return (redundancy(outcome.said),) if outcome.said else None


def length_row(outcome: Outcome) -> Row | None:
    """Count the words of an answer."""
    return (float(sum(1 for _ in _words(outcome.said))),) if outcome.said else None


def _words(said: Sequence[str]) -> Iterator[str]:
    return (word for text in said for word in text.split())


def both_sides_row(outcome: Outcome) -> Row | None:
    """Where sources disagree: 1 when each side's own section is cited, otherwise 0.

    Source: after perspective coverage in Chen et al. 2019, "Seeing Things from a Different Angle".
    """
    if not outcome.sides:
        return None
    cited = {citation.section for citation in outcome.cited}
    return (float(all(cited & set(sections) for sections in outcome.sides.values())),)
