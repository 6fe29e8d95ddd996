"""The metrics, with values worked out by hand."""

import pytest
from ir_measures import nDCG

from evals.metrics import (
    METRICS,
    Outcome,
    citation_precision,
    citation_recall,
    measure_all,
    percentile,
    ranking_scores,
)


def answered(**fields) -> Outcome:
    return Outcome(**{"answerable": True, "status": "answered", "expected": ("a#1",), **fields})


def unanswerable(**fields) -> Outcome:
    return Outcome(**{"answerable": False, "status": "refused", **fields})


REFUSED = answered(status="refused")
CRASHED = answered(status="crashed")
TWO_EXPECTED = answered(expected=("a#1", "b#2"), ranked=("x#0", "a#1", "y#0", "b#2"))
SEVENTH = answered(ranked=("s#1", "s#2", "s#3", "s#4", "s#5", "s#6", "a#1"))


@pytest.mark.parametrize(
    ("name", "outcomes", "value", "n"),
    [
        # 1/log2(3) + 1/log2(5) = 0.6309 + 0.4307, of the ideal 1 + 0.6309
        pytest.param("ndcg_at_10", [TWO_EXPECTED], 0.6509, 1, id="ndcg-ranks-2-and-4"),
        pytest.param("ndcg_at_10", [SEVENTH], 1 / 3, 1, id="ndcg-rank-7-is-one-over-log2-of-8"),
        pytest.param("ndcg_at_10", [SEVENTH, CRASHED], 1 / 6, 2, id="ndcg-a-crash-is-a-miss"),
        pytest.param("mrr_at_10", [TWO_EXPECTED, SEVENTH], (1 / 2 + 1 / 7) / 2, 2, id="mrr"),
        pytest.param("mrr_at_10", [REFUSED], 0, 1, id="mrr-nothing-found"),
        pytest.param("recall_at_5", [TWO_EXPECTED], 1, 1, id="recall-both-among-five"),
        pytest.param("recall_at_5", [TWO_EXPECTED, SEVENTH], 0.5, 2, id="recall-seventh-is-late"),
        pytest.param("recall_at_5", [unanswerable()], None, 0, id="recall-nothing-to-find"),
        pytest.param(
            "citation_precision",
            [answered(cited=("a#1", "a#1", "b#2")), answered(cited=("a#1",))],
            (2 / 3 + 1) / 2,
            2,
            id="precision-is-a-mean-over-questions",
        ),
        pytest.param("citation_precision", [REFUSED], None, 0, id="precision-leaves-refusals-out"),
        pytest.param("citation_precision", [CRASHED], 0, 1, id="precision-a-crash-is-a-miss"),
        pytest.param(
            "citation_recall",
            [answered(expected=("a#1", "b#2"), cited=("a#1", "x#0")), REFUSED],
            0.25,
            2,
            id="citation-recall-a-refusal-has-none",
        ),
        pytest.param(
            "verbatim_rate",
            [answered(verbatim=(True, True, False)), unanswerable(verbatim=(True,)), REFUSED],
            0.75,
            4,
            id="verbatim-counts-all-citations",
        ),
        pytest.param("verbatim_rate", [REFUSED], None, 0, id="verbatim-nothing-quoted"),
        pytest.param(
            "false_answer_rate",
            [unanswerable(), unanswerable(status="answered"), REFUSED, answered()],
            0.5,
            2,
            id="false-answers-among-the-unanswerable-only",
        ),
        pytest.param(
            "false_answer_rate",
            [unanswerable(cited=("a#1",))],
            1,
            1,
            id="a-refusal-with-a-citation-is-no-refusal",
        ),
        pytest.param(
            "false_answer_rate", [unanswerable(status="crashed")], 1, 1, id="a-crash-is-no-refusal"
        ),
        pytest.param(
            "false_refusal_rate",
            [answered(), answered(), REFUSED, CRASHED, unanswerable()],
            0.5,
            4,
            id="a-crash-is-no-answer",
        ),
        pytest.param(
            "p50_ms",
            [answered(milliseconds=10), unanswerable(milliseconds=20), CRASHED],
            15,
            2,
            id="median-of-two-lies-between",
        ),
        pytest.param(
            "p95_ms",
            [answered(milliseconds=float(n)) for n in range(101)],
            95,
            101,
            id="95th-of-0-to-100",
        ),
    ],
)
def test_a_metric_has_the_value_worked_out_by_hand(name, outcomes, value, n):
    measured = METRICS[name].measure(outcomes)
    expected = value if value is None else pytest.approx(value, abs=1e-4)
    assert (measured.value, measured.n) == (expected, n)


@pytest.mark.parametrize(
    ("cited", "expected", "precision", "recall"),
    [
        pytest.param(["a#1"], ["a#1"], 1, 1, id="all-right"),
        pytest.param(["a#1", "b#2"], ["a#1"], 0.5, 1, id="one-too-many"),
        pytest.param(["a#1"], ["a#1", "b#2"], 1, 0.5, id="one-missing"),
        pytest.param(["a#2"], ["a#1"], 0, 0, id="right-article-wrong-section"),
        pytest.param([], ["a#1"], 0, 0, id="no-citation-earns-nothing"),
    ],
)
def test_citation_scores(cited, expected, precision, recall):
    assert citation_precision(cited, expected) == precision
    assert citation_recall(cited, expected) == recall


def test_citation_recall_without_an_expected_section_has_no_meaning():
    with pytest.raises(ValueError, match="score refusals instead"):
        citation_recall(["a#1"], [])


def test_grades_count_and_a_query_that_found_nothing_scores_zero():
    scores = ranking_scores(
        nDCG @ 10,
        relevant={"q1": {"best": 2, "good": 1}, "q2": {"best": 1}},
        ranked={"q1": ["good", "best"]},
    )
    # (1 + 2/log2(3)) of the ideal (2 + 1/log2(3))
    assert scores == {"q1": pytest.approx(2.2619 / 2.6309, abs=1e-4), "q2": 0}


def test_the_time_of_nothing_is_unknown():
    assert percentile(50, []) is None


def test_every_metric_is_measured_and_none_has_a_value_without_questions():
    measured = measure_all([])
    assert measured.keys() == METRICS.keys()
    assert {m.value for m in measured.values()} == {None}
