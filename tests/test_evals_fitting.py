"""The gate's fitting: the threshold's choice, and what is never looked at."""

import json
from pathlib import Path

import pytest

from evals import fitting
from evals.questions import load_questions
from ingest.corpus import publish_corpus
from pincite.embedding import HashingEmbedder
from pincite.library import LiveLibrary
from pincite.retrieval import Retriever

CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.mark.parametrize(
    ("chances", "labels", "threshold"),
    [
        pytest.param([0.1, 0.9], [False, True], 0.5, id="middle-of-the-widest-gap"),
        pytest.param([0.2, 0.3, 0.9], [False, True, True], 0.25, id="no-error-is-possible"),
        pytest.param([0.4, 0.6, 0.8], [True, False, True], 0.7, id="a-false-answer-costs-two"),
        pytest.param([0.5], [True], 0.25, id="everything-is-answerable"),
    ],
)
def test_the_threshold_costs_least(chances, labels, threshold):
    assert fitting.best_threshold(chances, labels) == pytest.approx(threshold)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory) -> Retriever:
    data = tmp_path_factory.mktemp("fitting")
    embedder = HashingEmbedder()
    publish_corpus(CORPUS, data, embedder=embedder)
    return Retriever(LiveLibrary(data, embedder).current(), embedder)


@pytest.fixture(scope="module")
def model(retriever):
    return fitting.fit(retriever, load_questions(), digest="d")


def asking(text):
    """A question that is not held out and has no answer."""
    some = next(q for q in load_questions() if not q.holdout and not q.answerable)
    return some.model_copy(update={"question": text, "history": []})


def test_the_fit_never_looks_at_held_out_questions(retriever, model):
    open_only = [q for q in load_questions() if not q.holdout]
    assert fitting.fit(retriever, open_only, digest="d") == model


def test_what_is_refused_for_its_kind_is_not_for_the_gate_to_learn(retriever, model):
    refused = ["Will I move next year?", "What did my boss write of me?", "Is my name on the list?"]
    questions = [*load_questions(), *map(asking, refused)]
    assert fitting.fit(retriever, questions, digest="d") == model


def test_what_is_of_no_kind_is_learned_from(retriever, model):
    questions = [*load_questions(), asking("How do giraffes sleep?")]
    fitted_on = fitting.fit(retriever, questions, digest="d")["fitted_on"]["questions"]
    assert fitted_on == model["fitted_on"]["questions"] + 1


def test_passages_that_are_all_more_similar_mean_more_answerable(model):
    assert min(model["weights"].values()) > 0


def test_the_model_is_written_to_be_read(model, tmp_path):
    fitting.write(model, tmp_path / "gate.json")
    assert json.loads((tmp_path / "gate.json").read_text()) == model
    assert model["fitted_on"]["digest"] == "d"


def test_the_gate_that_ships_was_fitted_like_this_one(model):
    shipped = json.loads(fitting.FILE.read_text())
    assert shipped.keys() == model.keys()
    assert shipped["weights"].keys() == model["weights"].keys()
