"""Answer or refuse: what is measured, and what it makes of it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.answering import gate
from pincite.answering.gate import answerability, features, fitted, is_heading
from pincite.retrieval import Retriever


def measured(library, embedder, question):
    return features(question, Retriever(library, embedder).search(question), library)


def test_nothing_found_is_not_similar(small_library):
    assert features("notice", [], small_library)["similarity"] == 0


def test_the_similarity_is_the_best_cosine(small_library, embedder):
    hits = Retriever(small_library, embedder).search("notice period")
    assert features("notice period", hits, small_library)["similarity"] == max(
        hit.similarity for hit in hits
    )


@pytest.mark.parametrize(
    ("question", "is_one"),
    [
        pytest.param("What drawbacks has a secondment?", True, id="its-words-stand-in-a-heading"),
        pytest.param("notice period", True, id="the-heading-in-short"),
        pytest.param("burnout", False, id="a-word-of-no-heading"),
        pytest.param("giraffe secondment zebra llama", False, id="less-than-half-of-the-words"),
        pytest.param(
            "May my landlord keep the deposit through the whole notice period?",
            False,
            id="a-long-question-is-no-heading",
        ),
        pytest.param("How is it?", False, id="no-content-word"),
    ],
)
def test_a_short_question_may_be_a_heading(small_library, embedder, question, is_one):
    hits = Retriever(small_library, embedder).search(question)
    assert is_heading(question, hits, small_library) is is_one


def test_without_a_hit_nothing_is_a_heading(small_library):
    assert not is_heading("notice period", [], small_library)


@pytest.mark.parametrize(
    ("question", "known"),
    [
        pytest.param("How long is the notice period?", 1, id="every-word-stands-somewhere"),
        pytest.param("giraffe zebra", 0, id="no-word-stands-anywhere"),
        pytest.param("How is it?", 0, id="no-content-word-at-all"),
        pytest.param("My resignation", 1, id="a-topic-makes-a-word-known"),
    ],
)
def test_how_much_of_a_question_is_known(small_library, embedder, question, known):
    assert measured(small_library, embedder, question)["known"] == known


def test_a_rare_word_that_is_missing_costs_more_than_a_common_one(small_library, embedder):
    known = measured(small_library, embedder, "notice period giraffe")["known"]
    assert 0 < known < 2 / 3


@given(st.text(max_size=80))
def test_every_measure_is_finite_and_what_is_known_is_a_share(small_library, embedder, question):
    values = measured(small_library, embedder, question)
    assert all(math.isfinite(value) for value in values.values())
    assert 0 <= values["known"] <= 1


def test_the_probability_is_the_logistic_function_of_the_weighted_sum(monkeypatch):
    model = {"intercept": -1.0, "weights": {"similarity": 2.0, "known": 3.0}, "threshold": 0.5}
    monkeypatch.setattr(gate, "fitted", lambda: model)
    assert answerability({"similarity": 0.5, "known": 0.0}) == pytest.approx(0.5)
    assert answerability({"similarity": 0.5, "known": 1.0}) == pytest.approx(1 / (1 + math.exp(-3)))


def test_the_fitted_model_weighs_what_is_measured_and_has_a_threshold(small_library):
    model = fitted()
    assert set(model["weights"]) == features("notice", [], small_library).keys()
    assert 0 < model["threshold"] < 1


def test_each_thing_that_is_measured_higher_makes_an_answer_likelier(small_library):
    nothing = dict.fromkeys(features("notice", [], small_library), 0.0)
    assert all(answerability(nothing | {name: 1.0}) > answerability(nothing) for name in nothing)


def test_a_library_that_holds_nothing_of_it_is_refused_and_one_that_holds_all_is_not(small_library):
    nothing = dict.fromkeys(features("notice", [], small_library), 0.0)
    everything = dict.fromkeys(nothing, 1.0)
    assert answerability(nothing) < fitted()["threshold"] <= answerability(everything)
