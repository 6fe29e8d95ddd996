"""The metrics, with values worked out by hand, and their intervals."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ir_measures import nDCG
from sklearn.metrics import roc_auc_score

from evals.metrics import METRICS, differ, measure_all
from evals.metrics.answers import citation_precision, citation_recall, nugget_recall, redundancy
from evals.metrics.figures import as_rows, average, draws, interval_of, measure
from evals.metrics.ranking import ranking_score, ranking_scores
from evals.metrics.refusal import auroc, risk_coverage
from evals.outcome import OKAY, VITAL, Cited, FollowUp, Nugget, Outcome, Stretch


def stretch(section, start=0, end=100):
    return Stretch(article=section.partition("#")[0], start=start, end=end, section=section)


def cited(section, start=0, end=100, *, verbatim=True):
    article = section.partition("#")[0]
    return Cited(article=article, start=start, end=end, section=section, verbatim=verbatim)


def nugget(*places, vital=True):
    return Nugget(vital=vital, places=places)


def answered(*vital, **fields) -> Outcome:
    grades = dict.fromkeys(vital or ("a#1",), VITAL)
    return Outcome(
        **{"answerable": True, "status": "answered", "grades": grades, "sides": {}, **fields}
    )


def unanswerable(**fields) -> Outcome:
    return Outcome(
        **{
            "answerable": False,
            "status": "refused",
            "class_": "unrelated",
            "grades": {},
            "sides": {},
            **fields,
        }
    )


REFUSED = answered(status="refused")
CRASHED = answered(status="crashed")
TWO_VITAL = answered("a#1", "b#2", ranked=("x#0", "a#1", "y#0", "b#2"))
SEVENTH = answered(ranked=("s#1", "s#2", "s#3", "s#4", "s#5", "s#6", "a#1"))
ALSO_OKAY = answered(grades={"a#1": VITAL, "b#2": OKAY}, ranked=("b#2", "a#1"))
SPLIT = {"column": ("a#1",), "poster": ("t#2", "t#3")}
THREE_FACTS = (
    nugget(stretch("a#1", 0, 100)),
    nugget(stretch("a#1", 200, 300), stretch("b#2", 0, 50)),
    nugget(stretch("a#1", 400, 500), vital=False),
)


def follow_up(product, alone, rewritten):
    """Rankings in which `a#1`, the only vital section, has these ranks."""
    lists = [(*(f"x#{n}" for n in range(rank - 1)), "a#1") for rank in (product, alone, rewritten)]
    return answered(ranked=lists[0], follow_up=FollowUp(alone=lists[1], rewritten=lists[2]))


@pytest.mark.parametrize(
    ("name", "outcomes", "value", "n"),
    [
        # 1/log2(3) + 1/log2(5) = 0.6309 + 0.4307, of the ideal 1 + 0.6309
        pytest.param("ndcg_at_10", [TWO_VITAL], 0.6509, 1, id="ndcg-ranks-2-and-4"),
        pytest.param("ndcg_at_10", [SEVENTH], 1 / 3, 1, id="ndcg-rank-7-is-one-over-log2-of-8"),
        pytest.param("ndcg_at_10", [SEVENTH, CRASHED], 1 / 6, 2, id="ndcg-a-crash-is-a-miss"),
        # (1 + 2/log2(3)) of the ideal (2 + 1/log2(3))
        pytest.param("ndcg_at_10", [ALSO_OKAY], 2.2619 / 2.6309, 1, id="ndcg-vital-counts-double"),
        pytest.param("mrr_at_10", [TWO_VITAL, SEVENTH], (1 / 2 + 1 / 7) / 2, 2, id="mrr"),
        pytest.param("mrr_at_10", [ALSO_OKAY], 1, 1, id="mrr-okay-is-a-find"),
        pytest.param("mrr_at_10", [REFUSED], 0, 1, id="mrr-nothing-found"),
        pytest.param("recall_at_5", [TWO_VITAL], 1, 1, id="recall-both-among-five"),
        pytest.param("recall_at_5", [TWO_VITAL, SEVENTH], 0.5, 2, id="recall-seventh-is-late"),
        pytest.param("recall_at_10", [TWO_VITAL, SEVENTH], 1, 2, id="recall-seventh-of-ten"),
        pytest.param(
            "recall_at_5",
            [answered(grades={"a#1": VITAL, "b#2": OKAY}, ranked=("a#1",))],
            1,
            1,
            id="recall-does-not-miss-what-is-okay",
        ),
        pytest.param("recall_at_5", [unanswerable()], None, 0, id="recall-nothing-to-find"),
        pytest.param(
            "citation_precision",
            [answered(cited=(cited("a#1"), cited("a#1", 5), cited("b#2"))), ALSO_OKAY],
            (2 / 3 + 0) / 2,
            2,
            id="precision-is-a-mean-over-questions",
        ),
        pytest.param(
            "citation_precision",
            [answered(grades={"a#1": VITAL, "b#2": OKAY}, cited=(cited("b#2"),))],
            1,
            1,
            id="precision-okay-is-no-fault",
        ),
        pytest.param("citation_precision", [REFUSED], None, 0, id="precision-leaves-refusals-out"),
        pytest.param("citation_precision", [CRASHED], 0, 1, id="precision-a-crash-is-a-miss"),
        pytest.param(
            "citation_recall",
            [answered("a#1", "b#2", cited=(cited("a#1"), cited("x#0"))), REFUSED],
            0.25,
            2,
            id="citation-recall-a-refusal-has-none",
        ),
        pytest.param(
            "vital_nugget_recall",
            [answered(nuggets=THREE_FACTS, cited=(cited("a#1", 0, 60), cited("b#2", 20, 60)))],
            1,
            1,
            id="nuggets-half-of-the-words-of-one-place-are-enough",
        ),
        pytest.param(
            "nugget_recall",
            [answered(nuggets=THREE_FACTS, cited=(cited("a#1", 0, 60), cited("b#2", 20, 60)))],
            2 / 3,
            1,
            id="nuggets-okay-ones-count-among-all",
        ),
        pytest.param(
            "vital_nugget_recall",
            [answered(nuggets=THREE_FACTS, cited=(cited("a#1", 0, 49), cited("c#2", 0, 50)))],
            0,
            1,
            id="nuggets-less-than-half-and-another-article",
        ),
        pytest.param(
            "vital_nugget_recall",
            [answered(nuggets=THREE_FACTS[:1], cited=(cited("a#1", 0, 30), cited("a#1", 60, 90)))],
            1,
            1,
            id="nuggets-two-quotes-together",
        ),
        pytest.param(
            "vital_nugget_recall",
            [answered(nuggets=THREE_FACTS[:1], status="refused"), unanswerable()],
            0,
            1,
            id="nuggets-a-refusal-says-nothing",
        ),
        pytest.param(
            "verbatim_rate",
            [
                answered(cited=(cited("a#1"), cited("a#1", 5), cited("a#1", 9, verbatim=False))),
                unanswerable(cited=(cited("a#1"),)),
                REFUSED,
            ],
            0.75,
            2,
            id="verbatim-counts-all-citations",
        ),
        pytest.param("verbatim_rate", [REFUSED], None, 0, id="verbatim-nothing-quoted"),
        pytest.param(
            "redundancy", [answered(said=("Ask the firm.", "Ask the firm!"))], 0.5, 1, id="twice"
        ),
        pytest.param(
            "answer_words",
            [answered(said=("Ask the firm.", "Then wait.")), answered(said=("No.",)), REFUSED],
            3,
            2,
            id="words",
        ),
        pytest.param(
            "false_answer_rate",
            [unanswerable(), unanswerable(status="answered"), REFUSED, answered()],
            0.5,
            2,
            id="false-answers-among-the-unanswerable-only",
        ),
        pytest.param(
            "false_answer_rate",
            [unanswerable(cited=(cited("a#1"),))],
            1,
            1,
            id="a-refusal-with-a-citation-is-no-refusal",
        ),
        pytest.param(
            "false_answer_rate", [unanswerable(status="crashed")], 1, 1, id="a-crash-is-no-refusal"
        ),
        pytest.param(
            "false_answers_adversarial",
            [unanswerable(status="answered"), unanswerable(class_="adversarial")],
            0,
            1,
            id="false-answers-of-one-class",
        ),
        pytest.param(
            "false_refusal_rate",
            [answered(), answered(), REFUSED, CRASHED, unanswerable()],
            0.5,
            4,
            id="a-crash-is-no-answer",
        ),
        pytest.param(
            "uncovered_told_rate",
            [
                answered(uncovered="who bakes bread", told_uncovered=("Also, who bakes bread?",)),
                answered(uncovered="who bakes bread", told_uncovered=("Who sings?",)),
                answered(uncovered="who sings", told_uncovered=("Who sings?", "Who bakes?")),
                answered(uncovered="who sings"),
                answered(uncovered="who sings", told_uncovered=("Who sings?",), status="crashed"),
                answered(told_uncovered=("Who sings?",)),
                unanswerable(),
            ],
            1 / 5,
            5,
            id="what-is-not-covered-is-named-whole-and-alone",
        ),
        pytest.param(
            "refusal_auroc",
            [
                answered(answerability=0.9),
                answered(answerability=0.4),
                unanswerable(answerability=0.5),
                unanswerable(answerability=0.1),
            ],
            0.75,
            4,
            id="auroc-three-of-four-pairs-in-order",
        ),
        pytest.param(
            "refusal_auroc",
            [CRASHED, unanswerable(answerability=0.0)],
            0,
            2,
            id="auroc-a-crash-is-below-every-number",
        ),
        pytest.param("refusal_auroc", [REFUSED], None, 1, id="auroc-takes-both-kinds"),
        # Right, right, wrong, wrong: risks 0, 0, 1/3, 1/2
        pytest.param(
            "risk_coverage_area",
            [
                answered(answerability=0.9, ranked=("a#1",)),
                answered(answerability=0.8, ranked=("a#1",)),
                unanswerable(answerability=0.7),
                answered(answerability=0.6, ranked=("x#0",)),
            ],
            (0 + 0 + 1 / 3 + 1 / 2) / 4,
            4,
            id="risk-rises-with-coverage",
        ),
        pytest.param(
            "both_sides_rate",
            [
                answered(sides=SPLIT, cited=(cited("a#1"), cited("t#3"))),
                answered(sides=SPLIT, cited=(cited("t#2"), cited("t#3"))),
                answered(cited=(cited("a#1"),)),
            ],
            0.5,
            2,
            id="one-section-of-each-side",
        ),
        # nDCG of ranks 2, 7 and 1: 0.6309, 1/3, 1
        pytest.param(
            "followup_gap_closed",
            [follow_up(2, 7, 1), answered()],
            (0.6309 - 1 / 3) / (1 - 1 / 3),
            1,
            id="gap-closed",
        ),
        pytest.param(
            "followup_gap_closed", [follow_up(2, 1, 1)], None, 1, id="no-gap-no-share-of-it"
        ),
        pytest.param("followup_shortfall", [follow_up(2, 7, 1)], 1 - 0.6309, 1, id="shortfall"),
        pytest.param("followup_shortfall", [follow_up(1, 7, 2)], 0, 1, id="better-than-rewritten"),
        pytest.param("followup_ndcg_alone", [follow_up(2, 7, 1)], 1 / 3, 1, id="alone"),
        pytest.param("followup_ndcg_rewritten", [follow_up(2, 7, 1)], 1, 1, id="rewritten"),
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
    measured = measure(METRICS[name], outcomes)
    expected = value if value is None else pytest.approx(value, abs=1e-4)
    assert (measured.value, measured.n) == (expected, n)


@pytest.mark.parametrize(
    ("sections", "expected", "precision", "recall"),
    [
        pytest.param(["a#1"], ["a#1"], 1, 1, id="all-right"),
        pytest.param(["a#1", "b#2"], ["a#1"], 0.5, 1, id="one-too-many"),
        pytest.param(["a#1"], ["a#1", "b#2"], 1, 0.5, id="one-missing"),
        pytest.param(["a#2"], ["a#1"], 0, 0, id="right-article-wrong-section"),
        pytest.param([], ["a#1"], 0, 0, id="no-citation-earns-nothing"),
    ],
)
def test_citation_scores(sections, expected, precision, recall):
    assert citation_precision(sections, expected) == precision
    assert citation_recall(sections, expected) == recall


@pytest.mark.parametrize("recall", [citation_recall, nugget_recall])
def test_recall_of_nothing_has_no_meaning(recall):
    with pytest.raises(ValueError, match="score refusals instead"):
        recall([], [])


def test_nothing_said_repeats_nothing():
    assert redundancy([]) == 0


def test_a_query_that_found_nothing_scores_zero():
    scores = ranking_scores(
        nDCG @ 10, relevant={"q1": {"a": 1}, "q2": {"b": 1}}, ranked={"q1": ["a"]}
    )
    assert scores == {"q1": 1, "q2": 0}
    assert ranking_score(nDCG @ 10, {"a": 1}, []) == 0


def test_what_no_gate_can_tell_apart_is_one_threshold():
    coverage, risk = risk_coverage(as_rows([(0.5, 0), (0.9, 1), (0.5, 1)]))
    assert coverage.tolist() == pytest.approx([1 / 3, 1])
    assert risk.tolist() == pytest.approx([1, 2 / 3])


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=30))
def test_the_area_under_the_curve_is_the_one_of_the_library(pairs):
    labels, scores = zip(*pairs, strict=True)
    assume(len(set(labels)) == 2)
    assert auroc(as_rows(pairs)) == pytest.approx(roc_auc_score(labels, scores))


def test_every_metric_is_measured_and_none_has_a_value_without_questions():
    measured = measure_all([])
    assert measured.keys() == METRICS.keys()
    assert {m.value for m in measured.values()} == {None}


class TestInterval:
    ROWS = as_rows([(float(n % 4 == 0),) for n in range(200)])

    def test_it_is_that_of_a_proportion_where_theory_knows_one(self):
        # A quarter of 200: standard error sqrt(0.25 * 0.75 / 200) = 0.0306, times 1.96
        low, high = interval_of(draws(average, self.ROWS))
        assert (low, high) == pytest.approx((0.25 - 0.060, 0.25 + 0.060), abs=0.012)

    def test_it_is_the_same_every_time(self):
        assert interval_of(draws(average, self.ROWS)) == interval_of(draws(average, self.ROWS))

    @pytest.mark.parametrize(
        "rows",
        [pytest.param([], id="nothing"), pytest.param([(1.0,)], id="one-question")],
    )
    def test_without_two_questions_there_is_none(self, rows):
        assert interval_of(draws(average, as_rows(rows))) == (None, None)

    def test_draws_without_a_value_are_left_out(self):
        outcomes = [answered(answerability=0.9), *[unanswerable(answerability=0.1)] * 2]
        found = measure(METRICS["refusal_auroc"], outcomes)
        assert (found.low, found.high) == (1, 1)

    def test_a_metric_shows_it(self):
        found = measure(METRICS["false_refusal_rate"], [answered(), REFUSED] * 10)
        assert 0.2 < found.low < 0.5 < found.high < 0.8
        assert (
            measure(METRICS["false_refusal_rate"], [REFUSED, REFUSED], interval=False).low is None
        )

    @pytest.mark.parametrize(
        ("others", "different"),
        [
            pytest.param([answered(), REFUSED] * 20, False, id="the-same-share"),
            pytest.param([answered()] * 40, True, id="all-against-half"),
            pytest.param([], False, id="nothing-to-compare-with"),
        ],
    )
    def test_two_sets_of_questions_differ_beyond_it(self, others, different):
        some = [answered(), REFUSED] * 20
        assert differ(METRICS["false_refusal_rate"], some, others) is different


def test_rows_are_drawn_whole():
    rows = as_rows([(0.0, 1.0), (1.0, 0.0)] * 5)
    sums = draws(lambda drawn: float((drawn.sum(axis=1) == 1).all()), rows)
    assert np.all(sums == 1)
