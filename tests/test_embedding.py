"""Embedders: rows of unit length, a space that tells two models apart, nothing downloaded."""

import json
from pathlib import Path

import numpy as np
import pytest

from pincite.embedding import (
    BUNDLED,
    EmbeddingSpace,
    HashingEmbedder,
    SentenceTransformerEmbedder,
    load_embedder,
    unit_rows,
)
from pincite.errors import ModelMissingError

SPACE = EmbeddingSpace(model="m", weights_sha256="w", dtype="float32", max_tokens=256)


def test_rows_are_scaled_to_length_one_and_a_row_of_zeros_stays():
    rows = unit_rows(np.array([[3, 4], [0, 0]], dtype=np.float32))
    assert rows.tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0, 0]]
    assert rows.dtype == np.float32


def test_hashing_finds_shared_words_alike_and_others_unlike(embedder):
    same, other = embedder.embed_documents(["notice period", "secondment drawbacks"])
    question = embedder.embed_query("notice period")
    assert question @ same == pytest.approx(1)
    assert question @ other == pytest.approx(0)


def test_hashing_sees_no_meaning_in_function_words(embedder):
    assert not embedder.embed_query("what is it about").any()


def test_hashing_counts_words(embedder):
    assert embedder.count_tokens(["one two, three", ""]) == [3, 0]


@pytest.mark.parametrize(
    ("other", "serves"),
    [
        pytest.param(SPACE, True, id="itself"),
        pytest.param(
            EmbeddingSpace(model="m", weights_sha256="w", dtype="bfloat16", max_tokens=256),
            True,
            id="another-precision-is-near-enough",
        ),
        pytest.param(
            EmbeddingSpace(model="renamed", weights_sha256="w", dtype="float32", max_tokens=256),
            True,
            id="the-weights-count-not-the-folder's-name",
        ),
        pytest.param(
            EmbeddingSpace(model="m", weights_sha256="x", dtype="float32", max_tokens=256),
            False,
            id="other-weights",
        ),
        pytest.param(
            EmbeddingSpace(model="m", weights_sha256="w", dtype="float32", max_tokens=128),
            False,
            id="cut-elsewhere",
        ),
    ],
)
def test_which_questions_may_be_compared_with_which_passages(other, serves):
    assert SPACE.serves(other) is serves


def test_vectors_of_two_precisions_are_cached_apart():
    other = EmbeddingSpace(model="m", weights_sha256="w", dtype="bfloat16", max_tokens=256)
    assert SPACE.key != other.key


def test_the_embedder_without_weights_is_chosen_by_name():
    assert isinstance(load_embedder("hashing"), HashingEmbedder)


def test_a_model_that_is_not_on_this_machine_is_named_with_the_remedy(tmp_path):
    with pytest.raises(
        ModelMissingError, match=r"'nobody/nothing'.*neither a folder nor cached.*unset it to use"
    ):
        load_embedder("nobody/nothing")


def test_a_name_that_no_hub_could_hold_is_answered_alike():
    with pytest.raises(ModelMissingError, match="Set PINCITE_EMBEDDING_MODEL to a folder"):
        load_embedder("a/b/c d")


def test_a_folder_without_a_model_is_named(tmp_path):
    with pytest.raises(ModelMissingError, match=r"holds no tokenizer\.json"):
        load_embedder(str(tmp_path))


def test_weights_that_run_code_when_loaded_are_not_taken_for_weights(tmp_path):
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ModelMissingError, match="holds no safetensors file"):
        _ = load_embedder(str(tmp_path)).space


@pytest.fixture(scope="module")
def model():
    return load_embedder(BUNDLED)


@pytest.mark.model
class TestModel:
    """The model that ships."""

    def test_a_paraphrase_without_a_shared_word_is_near(self, model):
        near, far = model.embed_documents(["Handing in your notice", "Baking sourdough bread"])
        question = model.embed_query("How do I resign?")
        assert question @ near > 0.4 > 0.2 > question @ far

    def test_rows_have_unit_length_in_the_order_of_the_texts(self, model):
        rows = model.embed_documents(["one", "two words"])
        assert np.linalg.norm(rows, axis=1).tolist() == pytest.approx([1, 1], abs=1e-5)
        assert rows[1] @ model.embed_query("two words") == pytest.approx(1, abs=2e-2)

    def test_the_space_is_that_of_the_weights_on_disk(self, model):
        assert model.space.weights_sha256.startswith("53aa5117")
        assert (model.space.model, model.space.max_tokens) == (BUNDLED, 256)

    def test_tokens_are_counted_with_the_special_ones_and_without_a_limit(self, model):
        assert model.count_tokens(["notice"]) == [3]
        assert model.count_tokens(["a " * 1000]) == [1002]

    def test_a_folder_is_a_model_too_and_serves_the_same_library(self, model, tmp_path):
        folder = tmp_path / "mine"
        folder.symlink_to(model._folder)
        loaded = load_embedder(str(folder))
        assert loaded.space.model == "mine"
        assert loaded.space.serves(model.space)

    def test_half_a_character_in_a_question_breaks_nothing(self, model):
        assert model.embed_query("notice \ud800 period").shape == (384,)


def test_a_prompt_for_documents_takes_room_in_the_window(tmp_path):
    source = Path(load_embedder(BUNDLED)._folder)
    (tmp_path / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())
    (tmp_path / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": {"document": "passage: "}})
    )
    prompted = SentenceTransformerEmbedder(tmp_path, name="prompted")
    assert prompted.count_tokens(["notice"]) == [3 + 4]
