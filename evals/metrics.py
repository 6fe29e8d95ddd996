"""The metrics: pure functions of ids, under the literature's names, and their registry."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG
from ir_measures.measures import Measure

Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one question, in ids; sections are named `article#index`."""

    answerable: bool
    status: Literal["answered", "refused", "crashed"]
    expected: tuple[str, ...] = ()
    """Sections that a good answer cites; none for a question without an answer."""
    ranked: tuple[str, ...] = ()
    """Sections that retrieval found, best first, each by its best passage."""
    cited: tuple[str, ...] = ()
    """The section of every citation."""
    verbatim: tuple[bool, ...] = ()
    """For every citation, whether the article has exactly the quoted words at that place."""
    milliseconds: float | None = None
    """Retrieval and gate; None when it crashed."""


@dataclass(frozen=True, slots=True)
class Measured:
    value: float | None
    """None when there was nothing to measure."""
    n: int
    """Questions, or citations, that the value is a mean over."""


def mean(values: Iterable[float]) -> Measured:
    found = list(values)
    return Measured(fmean(found) if found else None, len(found))


def ranking_scores(
    measure: Measure,
    *,
    relevant: Mapping[str, Mapping[str, int]],
    ranked: Mapping[str, Sequence[str]],
) -> dict[str, float]:
    """Return the measure for every query; a query without a ranking scores 0.

    `relevant` maps query to grade by document; all else is not relevant.

    Source: MacAvaney et al. 2022, "Streamlining Evaluation with ir-measures"; it calls trec_eval.
    """
    run = {
        query: {document: -float(rank) for rank, document in enumerate(documents)}
        for query, documents in ranked.items()
    }
    grades = {query: dict(documents) for query, documents in relevant.items()}
    found = ir_measures.iter_calc([measure], grades, run) if grades else ()
    return {str(metric.query_id): float(metric.value) for metric in found}


def retrieval(measure: Measure, outcomes: Sequence[Outcome]) -> Measured:
    """Mean of a ranking measure over the answerable questions, with sections as documents."""
    asked = {str(n): o for n, o in enumerate(outcomes) if o.answerable}
    scores = ranking_scores(
        measure,
        relevant={n: dict.fromkeys(o.expected, 1) for n, o in asked.items()},
        ranked={n: o.ranked for n, o in asked.items()},
    )
    return mean(scores.values())


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


def precision_of_answers(outcomes: Sequence[Outcome]) -> Measured:
    """Mean over the answerable questions that were not refused: a refusal cites nothing."""
    return mean(
        citation_precision(o.cited, o.expected)
        for o in outcomes
        if o.answerable and o.status != "refused"
    )


def recall_of_answers(outcomes: Sequence[Outcome]) -> Measured:
    """Mean over the answerable questions; a refusal has recall 0."""
    return mean(citation_recall(o.cited, o.expected) for o in outcomes if o.answerable)


def verbatim_rate(outcomes: Sequence[Outcome]) -> Measured:
    """Share of all citations whose quote is, character for character, what stands there."""
    return mean(same for o in outcomes for same in o.verbatim)


def false_answer_rate(outcomes: Sequence[Outcome]) -> Measured:
    """Share of the unanswerable questions that were not plainly refused, without any citation.

    Source: Rajpurkar et al. 2018, "Know What You Don't Know" (SQuAD 2.0).
    """
    return mean(o.status != "refused" or bool(o.cited) for o in outcomes if not o.answerable)


def false_refusal_rate(outcomes: Sequence[Outcome]) -> Measured:
    """Share of the answerable questions that were not answered. Source: `false_answer_rate`."""
    return mean(o.status != "answered" for o in outcomes if o.answerable)


def percentile(share: float, milliseconds: Sequence[float]) -> float | None:
    """Return the time within which `share` percent stay, interpolated; None without times."""
    return float(np.percentile(milliseconds, share)) if len(milliseconds) else None


def time_within(share: float, outcomes: Sequence[Outcome]) -> Measured:
    times = [o.milliseconds for o in outcomes if o.milliseconds is not None]
    return Measured(percentile(share, times), len(times))


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    better: Better
    measure: Callable[[Sequence[Outcome]], Measured]
    gated: bool = True
    """Timings are shown and never gated: they tell more of the machine than of the change."""
    exact: bool = False
    """An invariant, for which no noise is allowed."""


METRICS: Mapping[str, Metric] = {
    "recall_at_5": Metric(better="higher", measure=lambda o: retrieval(R @ 5, o)),
    "mrr_at_10": Metric(better="higher", measure=lambda o: retrieval(RR @ 10, o)),
    "ndcg_at_10": Metric(better="higher", measure=lambda o: retrieval(nDCG @ 10, o)),
    "citation_precision": Metric(better="higher", measure=precision_of_answers),
    "citation_recall": Metric(better="higher", measure=recall_of_answers),
    "verbatim_rate": Metric(better="higher", measure=verbatim_rate, exact=True),
    "false_answer_rate": Metric(better="lower", measure=false_answer_rate),
    "false_refusal_rate": Metric(better="lower", measure=false_refusal_rate),
    "p50_ms": Metric(better="lower", measure=lambda o: time_within(50, o), gated=False),
    "p95_ms": Metric(better="lower", measure=lambda o: time_within(95, o), gated=False),
}


def measure_all(outcomes: Sequence[Outcome]) -> dict[str, Measured]:
    return {name: metric.measure(outcomes) for name, metric in METRICS.items()}
