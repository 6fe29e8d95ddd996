"""The gate: when it closes, and what it takes to move a floor."""

import pytest

from evals.errors import BaselineError
from evals.gate import BASELINE as SHIPPED
from evals.gate import (
    NOISE,
    Baseline,
    complaints,
    pinned,
    read_baseline,
    scores_of,
    write_baseline,
)
from evals.metrics import Measured
from tests.conftest import ROOT

FLOORS = {"recall_at_5": 0.9, "false_answer_rate": 0.1, "verbatim_rate": 1.0}
BASELINE = Baseline(digest="d1", floors=FLOORS)
LITTLE = NOISE / 2
MUCH = NOISE * 2


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        pytest.param({}, None, id="at-the-floor"),
        pytest.param({"recall_at_5": 0.95, "false_answer_rate": 0.0}, None, id="better"),
        pytest.param({"recall_at_5": 0.9 - LITTLE}, None, id="within-noise"),
        pytest.param({"false_answer_rate": 0.1 + LITTLE}, None, id="within-noise-lower-is-better"),
        pytest.param(
            {"recall_at_5": 0.9 - MUCH}, "recall_at_5 is 0.880, its floor is 0.900", id="below"
        ),
        pytest.param(
            {"false_answer_rate": 0.1 + MUCH},
            "false_answer_rate is 0.120, its floor is 0.100",
            id="above-where-lower-is-better",
        ),
        pytest.param(
            {"verbatim_rate": 1 - LITTLE},
            "verbatim_rate is 0.995, its floor is 1.000",
            id="an-invariant-has-no-noise",
        ),
        pytest.param(
            {"recall_at_5": None},
            "recall_at_5 is not measured, its floor is 0.900",
            id="not-measured",
        ),
        pytest.param(
            {"mrr_at_10": 1.0},
            "no counterpart for ['mrr_at_10']: pin them with `python -m evals --pin`",
            id="a-metric-without-a-floor",
        ),
    ],
)
def test_the_gate_on_the_same_data(changed, complaint):
    found = complaints(BASELINE, digest="d1", scores={**FLOORS, **changed})
    assert found == ([complaint] if complaint else [])


@pytest.mark.parametrize(
    ("count", "closed"),
    [
        pytest.param(20, False, id="one-question-of-twenty-may-change"),
        pytest.param(500, True, id="of-five-hundred-noise-is-the-larger"),
    ],
)
def test_one_question_is_never_more_than_noise(count, closed):
    baseline = BASELINE.model_copy(update={"counts": {"recall_at_5": count}})
    found = complaints(baseline, digest="d1", scores={**FLOORS, "recall_at_5": 0.9 - 1 / 25})
    assert bool(found) is closed


def test_every_score_below_its_floor_is_named():
    scores = {"recall_at_5": 0.0, "false_answer_rate": 1.0, "verbatim_rate": 0.0}
    assert len(complaints(BASELINE, digest="d1", scores=scores)) == 3


def test_a_floor_without_a_score_closes_the_gate():
    found = complaints(BASELINE, digest="d1", scores={"recall_at_5": 0.9})
    assert found == [
        "no counterpart for ['false_answer_rate', 'verbatim_rate']: "
        "pin them with `python -m evals --pin`"
    ]


def test_scores_of_other_data_are_not_compared():
    found = complaints(BASELINE, digest="d2", scores=dict.fromkeys(FLOORS, 0.0))
    assert found == ["the corpus or the questions changed: pin them with `python -m evals --pin`"]


def test_without_floors_the_gate_is_closed():
    assert complaints(None, digest="d1", scores=FLOORS) == [
        "there are no floors yet: pin them with `python -m evals --pin`"
    ]


def test_held_out_questions_have_floors_of_their_own_and_timings_have_none():
    both = {"recall_at_5": Measured(0.8, 35), "p50_ms": Measured(12.0, 47)}
    held_out = {"recall_at_5": Measured(0.7, 9), "verbatim_rate": Measured(None, 0)}
    scores = scores_of(both, holdout=held_out)
    assert scores == {"recall_at_5": 0.8, "holdout.recall_at_5": 0.7}
    baseline = Baseline(digest="d1", floors={"recall_at_5": 0.8, "holdout.recall_at_5": 0.9})
    assert complaints(baseline, digest="d1", scores=scores) == [
        "holdout.recall_at_5 is 0.700, its floor is 0.900"
    ]


def test_the_first_pin_takes_the_scores_as_they_are():
    baseline = pinned(None, digest="d1", scores=FLOORS, why=None)
    assert baseline == BASELINE
    assert complaints(baseline, digest="d1", scores=FLOORS) == []


def test_a_pinned_score_is_never_on_the_wrong_side_of_its_own_floor():
    scores = {"verbatim_rate": 0.98766, "recall_at_5": 2 / 3, "false_answer_rate": 1 / 3}
    floors = pinned(None, digest="d1", scores=scores, why=None).floors
    assert floors == {"verbatim_rate": 0.9876, "recall_at_5": 0.6666, "false_answer_rate": 0.3334}


def test_a_floor_rises_without_a_reason():
    better = {**FLOORS, "recall_at_5": 0.95, "false_answer_rate": 0.0}
    baseline = pinned(BASELINE, digest="d2", scores=better, why=None)
    assert (baseline.floors, baseline.lowered) == (better, ())


@pytest.mark.parametrize("why", [None, "", "  "])
@pytest.mark.parametrize(
    ("scores", "named"),
    [
        pytest.param({**FLOORS, "recall_at_5": 0.89}, "recall_at_5", id="falls"),
        pytest.param(
            {**FLOORS, "false_answer_rate": 0.11},
            "false_answer_rate",
            id="rises-but-lower-is-better",
        ),
        pytest.param(
            {"recall_at_5": 0.9, "false_answer_rate": 0.1}, "verbatim_rate", id="disappears"
        ),
    ],
)
def test_lowering_a_floor_takes_a_reason(scores, named, why):
    with pytest.raises(BaselineError, match=rf'{named}\. .*--pin --lower "the reason"'):
        pinned(BASELINE, digest="d1", scores=scores, why=why)


def test_the_reason_for_a_lower_floor_is_kept_with_the_floors(tmp_path):
    path = tmp_path / "baseline.json"
    lower = {**FLOORS, "recall_at_5": 0.8}
    write_baseline(pinned(BASELINE, digest="d1", scores=lower, why="harder questions"), path)
    write_baseline(pinned(read_baseline(path), digest="d1", scores=lower, why=None), path)
    (change,) = read_baseline(path).lowered
    assert (change.metric, change.before, change.after) == ("recall_at_5", 0.9, 0.8)
    assert change.why == "harder questions"


def test_every_floor_that_was_lowered_has_its_line_in_the_changelog():
    told = " ".join((ROOT / "CHANGELOG.md").read_text().split())
    lowered = read_baseline(SHIPPED).lowered
    assert [change.why for change in lowered if " ".join(change.why.split()) not in told] == []


def test_no_file_means_no_floors(tmp_path):
    assert read_baseline(tmp_path / "baseline.json") is None


def test_a_damaged_baseline_says_how_to_mend_it(tmp_path):
    path = tmp_path / "baseline.json"
    path.write_text('{"floors": {}}')
    with pytest.raises(BaselineError, match=r"restore it from git.*python -m evals --pin"):
        read_baseline(path)
