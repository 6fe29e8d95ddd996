"""Answer or refuse: what is measured, and what it makes of it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.answering import gate
from pincite.answering.gate import answerability, features, fitted
from pincite.retrieval import Retriever


def measured(library, embedder, question):
    return features(question, Retriever(library, embedder).search(question), library)


def test_nothing_found_measures_nothing(small_library):
    assert set(features("notice", [], small_library).values()) == {0.0}


def test_the_similarity_is_the_best_cosine_and_support_the_mean_of_three(small_library, embedder):
    hits = Retriever(small_library, embedder).search("notice period")
    best = sorted((hit.similarity for hit in hits), reverse=True)
    found = features("notice period", hits, small_library)
    assert found["similarity"] == best[0] > best[1]
    assert found["support"] == pytest.approx(sum(best[:3]) / 3)


@pytest.mark.parametrize(
    ("question", "coverage"),
    [
        pytest.param("How long is the notice period?", 1, id="every-word-stands-there"),
        pytest.param("giraffe zebra", 0, id="no-word-stands-anywhere"),
        pytest.param("How is it?", 0, id="no-content-word-at-all"),
    ],
)
def test_coverage(small_library, embedder, question, coverage):
    assert measured(small_library, embedder, question)["coverage"] == coverage


def test_a_rare_word_that_is_missing_costs_more_than_a_common_one(small_library, embedder):
    with_unknown = measured(small_library, embedder, "notice period giraffe")["coverage"]
    assert 0 < with_unknown < 2 / 3


def test_words_spread_over_sections_cover_less_of_the_best(small_library, embedder):
    found = measured(small_library, embedder, "notice contract doctor drawback")
    assert 0 < found["best_coverage"] < found["coverage"]


@given(st.text(max_size=80))
def test_every_measure_is_finite_and_every_coverage_a_share(small_library, embedder, question):
    found = measured(small_library, embedder, question)
    assert all(math.isfinite(value) for value in found.values())
    assert 0 <= found["best_coverage"] <= 1
    assert 0 <= found["coverage"] <= 1


def test_the_probability_is_the_logistic_function_of_the_weighted_sum(monkeypatch):
    model = {"intercept": -1.0, "weights": {"similarity": 2.0, "coverage": 3.0}, "threshold": 0.5}
    monkeypatch.setattr(gate, "fitted", lambda: model)
    assert answerability({"similarity": 0.5, "coverage": 0.0}) == pytest.approx(0.5)
    assert answerability({"similarity": 0.5, "coverage": 1.0}) == pytest.approx(
        1 / (1 + math.exp(-3))
    )


def test_the_fitted_model_weighs_what_is_measured_and_has_a_threshold(small_library):
    model = fitted()
    assert set(model["weights"]) <= features("notice", [], small_library).keys()
    assert 0 < model["threshold"] < 1


def test_better_coverage_never_makes_an_answer_less_likely():
    nothing = dict.fromkeys(["similarity", "support", "coverage", "best_coverage"], 0.0)
    everything = dict.fromkeys(nothing, 1.0)
    assert answerability(nothing) < fitted()["threshold"] <= answerability(everything)
