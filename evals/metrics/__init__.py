"""The metrics: pure functions under the literature's names, and their registry."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from ir_measures import RR, R, nDCG
from ir_measures.measures import Measure

from evals.metrics.answers import (
    both_sides_row,
    length_row,
    nugget_row,
    of_all,
    precision_row,
    recall_row,
    redundancy_row,
    verbatim_row,
)
from evals.metrics.figures import Measured, Metric, Row, Rows, differ, measure
from evals.metrics.followups import ALONE, REWRITTEN, follow_up_row, gap_closed, shortfall
from evals.metrics.ranking import ranking
from evals.metrics.refusal import (
    area_under_risk,
    auroc,
    false_answer_row,
    false_refusal_row,
    label_row,
    risk_row,
    told_row,
)
from evals.outcome import VITAL, Outcome

__all__ = ["METRICS", "Measured", "Metric", "differ", "measure_all"]


def time_row(outcome: Outcome) -> Row | None:
    return None if outcome.milliseconds is None else (outcome.milliseconds,)


def percentile(rows: Rows, *, share: float) -> float:
    """Return the time within which `share` percent stay, interpolated."""
    return float(np.percentile(rows[:, 0], share))


def column(rows: Rows, *, number: int) -> float:
    return float(rows[:, number].mean())


def ranked(measure: Measure) -> partial[Row | None]:
    return partial(ranking, measure=measure)


def false_answers(class_: str) -> Metric:
    """Of one class there are few questions: shown, and gated with all the others together."""
    return Metric(better="lower", row=partial(false_answer_row, class_=class_), gated=False)


METRICS: Mapping[str, Metric] = {
    "recall_at_5": Metric(better="higher", row=ranked(R(rel=VITAL) @ 5)),
    "recall_at_10": Metric(better="higher", row=ranked(R(rel=VITAL) @ 10)),
    "mrr_at_10": Metric(better="higher", row=ranked(RR @ 10)),
    "ndcg_at_10": Metric(better="higher", row=ranked(nDCG @ 10)),
    "citation_precision": Metric(better="higher", row=precision_row),
    "citation_recall": Metric(better="higher", row=recall_row),
    "vital_nugget_recall": Metric(better="higher", row=partial(nugget_row, vital_only=True)),
    "nugget_recall": Metric(better="higher", row=partial(nugget_row, vital_only=False)),
    "verbatim_rate": Metric(better="higher", row=verbatim_row, reduce=of_all, exact=True),
    "redundancy": Metric(better="lower", row=redundancy_row, gated=False),
    "answer_words": Metric(better="lower", row=length_row, gated=False),
    "false_answer_rate": Metric(better="lower", row=false_answer_row),
    "false_answers_adversarial": false_answers("adversarial"),
    "false_answers_near_topic": false_answers("near-topic"),
    "false_answers_unrelated": false_answers("unrelated"),
    "false_answers_unknowable": false_answers("unknowable"),
    "false_answers_nonsense": false_answers("nonsense"),
    "false_refusal_rate": Metric(better="lower", row=false_refusal_row),
    "uncovered_told_rate": Metric(better="higher", row=told_row),
    "refusal_auroc": Metric(better="higher", row=label_row, reduce=auroc),
    "risk_coverage_area": Metric(better="lower", row=risk_row, reduce=area_under_risk),
    "both_sides_rate": Metric(better="higher", row=both_sides_row),
    # Shown only: a quotient of small differences, and its shortfall below is gated.
    "followup_gap_closed": Metric(
        better="higher", row=follow_up_row, reduce=gap_closed, gated=False
    ),
    "followup_shortfall": Metric(better="lower", row=follow_up_row, reduce=shortfall),
    "followup_ndcg_alone": Metric(
        better="higher", row=follow_up_row, reduce=partial(column, number=ALONE), gated=False
    ),
    "followup_ndcg_rewritten": Metric(
        better="higher", row=follow_up_row, reduce=partial(column, number=REWRITTEN), gated=False
    ),
    "p50_ms": Metric(
        better="lower", row=time_row, reduce=partial(percentile, share=50), gated=False
    ),
    "p95_ms": Metric(
        better="lower", row=time_row, reduce=partial(percentile, share=95), gated=False
    ),
}


def measure_all(outcomes: Sequence[Outcome], *, intervals: bool = True) -> dict[str, Measured]:
    return {name: measure(m, outcomes, interval=intervals) for name, m in METRICS.items()}
