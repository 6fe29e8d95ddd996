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


def test_the_fit_never_looks_at_held_out_questions(retriever):
    questions = load_questions()
    open_only = [q for q in questions if not q.holdout]
    assert fitting.fit(retriever, questions, digest="d") == fitting.fit(
        retriever, open_only, digest="d"
    )


def test_more_similar_means_more_answerable(retriever):
    assert fitting.fit(retriever, load_questions(), digest="d")["weights"]["similarity"] > 0


def test_the_model_is_written_to_be_read(retriever, tmp_path):
    model = fitting.fit(retriever, load_questions(), digest="d")
    fitting.write(model, tmp_path / "gate.json")
    assert json.loads((tmp_path / "gate.json").read_text()) == model
    assert model["fitted_on"]["digest"] == "d"
