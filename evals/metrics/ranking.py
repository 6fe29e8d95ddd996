"""Retrieval: what a ranking of sections is worth, computed by trec_eval through ir-measures."""

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures.measures import Measure

from evals.metrics.figures import Row
from evals.outcome import Outcome


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


def ranking_score(measure: Measure, grades: Mapping[str, int], ranked: Sequence[str]) -> float:
    """Return the measure of one ranking; 0 for an empty one."""
    return ranking_scores(measure, relevant={"q": grades}, ranked={"q": ranked})["q"]


def ranking(outcome: Outcome, measure: Measure) -> Row | None:
    """Score the ranking of an answerable question, with sections as documents."""
    if not outcome.answerable:
        return None
    return (ranking_score(measure, outcome.grades, outcome.ranked),)
