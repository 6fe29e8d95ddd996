"""The vectors of a generation: exact cosine search over what a real Chroma store holds."""

import numpy as np
import pytest

from pincite import index
from pincite.index import HEADINGS, VectorIndex, not_found_by_search
from tests.conftest import bytes_below

IDS = ["notice@0", "pay@0", "leave@0"]


@pytest.fixture
def vectors(embedder):
    return embedder.embed_documents(["notice period", "pay rise", "parental leave pay"])


@pytest.fixture
def store(tmp_path, vectors):
    index.build(tmp_path / "chroma", IDS, vectors)
    return tmp_path / "chroma"


def test_vectors_come_back_in_the_order_of_the_ids_asked_for(store, vectors):
    turned = VectorIndex.open(store, IDS[::-1])
    assert np.array_equal(turned.vectors, vectors[::-1])


def test_a_passage_has_similarity_one_to_its_own_words(store, embedder):
    found = VectorIndex.open(store, IDS).similarities(embedder.embed_query("pay rise"))
    assert found[1] == pytest.approx(1)


def test_a_question_without_a_shared_word_has_similarity_zero(store, embedder):
    found = VectorIndex.open(store, IDS).similarities(embedder.embed_query("giraffe"))
    assert found.tolist() == pytest.approx([0, 0, 0], abs=1e-6)


def test_similarity_is_the_cosine_that_was_worked_out_by_hand(tmp_path):
    rows = np.array([[1, 0], [0.6, 0.8], [-1, 0]], dtype=np.float32)
    index.build(tmp_path / "chroma", IDS, rows)
    found = VectorIndex.open(tmp_path / "chroma", IDS).similarities(np.array([1, 0], "f4"))
    assert found.tolist() == pytest.approx([1, 0.6, -1])


def test_opening_and_searching_change_no_byte(store, vectors):
    before = bytes_below(store)
    VectorIndex.open(store, IDS)
    not_found_by_search(store, IDS, vectors)
    assert bytes_below(store) == before


@pytest.mark.parametrize(
    "ids",
    [
        pytest.param(IDS[:2], id="one-too-many-stored"),
        pytest.param([*IDS, "more@0"], id="one-not-stored"),
        pytest.param([*IDS[:2], "other@0"], id="another-one-stored"),
        pytest.param([*IDS, IDS[0]], id="one-asked-for-twice"),
    ],
)
def test_a_store_of_other_passages_is_refused(store, ids):
    with pytest.raises(LookupError, match=rf"holds 3 passages, the articles have {len(ids)}"):
        VectorIndex.open(store, ids)


class TestTwoCollections:
    """Passages and headings, side by side in one store."""

    SECTIONS = ("notice#0", "pay#0")

    @pytest.fixture
    def headings(self, store, embedder):
        vectors = embedder.embed_documents(["Notice", "Pay"])
        index.build(store, self.SECTIONS, vectors, collection=HEADINGS)
        return vectors

    def test_each_gives_its_own_vectors(self, store, vectors, headings):
        assert np.array_equal(VectorIndex.open(store, IDS).vectors, vectors)
        opened = VectorIndex.open(store, self.SECTIONS[::-1], collection=HEADINGS)
        assert np.array_equal(opened.vectors, headings[::-1])

    def test_search_looks_among_the_passages_alone(self, store, vectors, headings):
        assert not_found_by_search(store, IDS, vectors) == []
        assert not_found_by_search(store, self.SECTIONS, headings) == [*self.SECTIONS]

    def test_headings_of_other_sections_are_refused(self, store, headings):
        with pytest.raises(LookupError, match="holds 2 section_headings, the articles have 1"):
            VectorIndex.open(store, self.SECTIONS[:1], collection=HEADINGS)

    @pytest.mark.parametrize(
        "ids", [pytest.param(SECTIONS, id="two"), pytest.param((), id="none-asked-for")]
    )
    def test_a_store_without_the_second_is_refused(self, store, ids):
        with pytest.raises(LookupError, match="holds no section_headings"):
            VectorIndex.open(store, ids, collection=HEADINGS)

    def test_an_empty_one_opens_and_finds_nothing(self, store, vectors, embedder):
        index.build(store, [], np.zeros((0, 1), dtype=np.float32), collection=HEADINGS)
        opened = VectorIndex.open(store, [], collection=HEADINGS)
        assert opened.similarities(embedder.embed_query("pay rise")).tolist() == []
        assert np.array_equal(VectorIndex.open(store, IDS).vectors, vectors)


def test_every_stored_vector_leads_search_back_to_itself(store, vectors):
    assert not_found_by_search(store, IDS, vectors) == []


def test_a_vector_that_search_does_not_lead_to_is_missed(store, vectors, embedder):
    lost = embedder.embed_documents(["zebra crossing"])
    asked = ["pay@0", "lost@0"], np.vstack([vectors[1], lost])
    assert not_found_by_search(store, *asked) == ["lost@0"]


def test_two_passages_with_one_vector_are_found_for_each_other(tmp_path, vectors):
    twins = vectors[[0, 0, 1]]
    index.build(tmp_path / "chroma", IDS, twins)
    assert not_found_by_search(tmp_path / "chroma", IDS, twins) == []


def test_the_store_measures_directions_and_not_lengths(tmp_path):
    index.build(tmp_path / "chroma", ["a@0", "b@0"], np.array([[1, 0], [0, 1]], dtype=np.float32))
    longer = np.array([[3, 0], [1, 1]], dtype=np.float32)
    assert not_found_by_search(tmp_path / "chroma", ["twin@0", "lost@0"], longer) == ["lost@0"]


def test_an_empty_index_finds_nothing():
    empty = VectorIndex(np.zeros((0, 4), dtype=np.float32))
    assert empty.similarities(np.ones(4, dtype=np.float32)).tolist() == []


def test_more_records_than_one_call_takes_are_all_stored(tmp_path, monkeypatch):
    monkeypatch.setattr(index, "BATCH", 7)
    rows = np.eye(20, dtype=np.float32)
    ids = [f"a@{n}" for n in range(20)]
    index.build(tmp_path / "chroma", ids, rows)
    assert np.array_equal(VectorIndex.open(tmp_path / "chroma", ids).vectors, rows)
    assert not_found_by_search(tmp_path / "chroma", ids, rows) == []
