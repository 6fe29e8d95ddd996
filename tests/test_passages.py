"""Sections to passages: literal slices that fit the model's window, and no word lost."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.articles import plain_article
from ingest.passages import asked_in, passages_of
from pincite.embedding import load_embedder
from pincite.model import Article, Section, embedded_text
from pincite.sentences import LIST_MARKER

pieces = st.sampled_from(
    [
        "Wait here.", "Ask the partner, then wait; or do not.", "\n- an item", "\n", "\n\n",
        "word " * 30, "“Quoted,” she said.", "é漢😀.", "Mr. Doe asks.", "x", "\n• another item",
        "a-b/c", "# Heading here", "verylongword" * 10, "Is it? Yes!",
    ]
)  # fmt: skip
numbered = st.sampled_from(["\n2. number", "\n(12) bracketed item", "1.", "\n3) third"])
texts = st.lists(pieces, min_size=1, max_size=25).map(" ".join)
texts_with_numbers = st.lists(st.one_of(pieces, numbered), min_size=1, max_size=25).map(" ".join)


@st.composite
def articles(draw, texts=texts_with_numbers):
    """An article of up to three sections with any title and headings."""
    text, sections = "", []
    for _ in range(draw(st.integers(1, 3))):
        body = draw(texts).strip() or "x"
        text += "\n\n" if text else ""
        heading = draw(st.sampled_from(["", "How long is it?", "heading " * 40]))
        sections.append(
            Section(start=len(text), end=len(text) + len(body), heading=heading, speaker="unknown")
        )
        text += body
    title = draw(st.sampled_from(["", "A title", "title " * 300]))
    return Article(id="a", title=title, kind="guide", text=text, sections=tuple(sections))


def cut(article, embedder, max_tokens):
    return passages_of(article, max_tokens=max_tokens, count_tokens=embedder.count_tokens)


@given(articles(), st.integers(8, 60))
def test_every_passage_is_a_trimmed_slice_inside_its_section_in_order(embedder, article, size):
    passages = cut(article, embedder, size)
    for_each = [(p, article.sections[p.section]) for p in passages]
    assert all(s.start <= p.start < p.end <= s.end for p, s in for_each)
    assert all(a.end <= b.start for a, b in pairwise(passages))
    assert [text for p in passages if (text := article.text[p.start : p.end]) != text.strip()] == []


@given(articles(), st.integers(8, 60))
def test_ids_are_unique(embedder, article, size):
    ids = [p.id for p in cut(article, embedder, size)]
    assert len(set(ids)) == len(ids)


def between(article, passages):
    """Return what of each section lies in no passage."""
    left = []
    for number, section in enumerate(article.sections):
        at = section.start
        for passage in (p for p in passages if p.section == number):
            left.append(article.text[at : passage.start])
            at = passage.end
        left.append(article.text[at : section.end])
    return left


@given(articles(), st.integers(8, 60))
def test_no_word_of_a_section_is_lost_but_list_markers(embedder, article, size):
    gaps = between(article, cut(article, embedder, size))
    assert [gap for gap in gaps if LIST_MARKER.sub("", f"{gap} ").strip()] == []


@given(articles(texts), st.integers(8, 60))
def test_with_its_context_a_passage_fits_the_window(embedder, article, size):
    found = cut(article, embedder, size)
    counts = embedder.count_tokens([embedded_text(article, p) for p in found])
    assert [count for count in counts if count > size] == []


def test_a_numbered_list_fits_the_window(embedder):
    article, found = passages("\n".join(f"{n}. two words" for n in range(1, 40)), embedder, size=12)
    assert max(embedder.count_tokens([embedded_text(article, p) for p in found])) <= 12


def test_a_dash_in_an_endless_sentence_leaves_every_passage_whole(embedder):
    _, found = passages("word " * 30 + "– an item of the list", embedder, size=6)
    assert [p for p in found if p.start >= p.end] == []


def test_a_dash_in_an_endless_sentence_costs_no_word(embedder):
    article, found = passages("word " * 30 + "– an item of the list", embedder, size=6)
    assert "".join(between(article, found)).split() == []


@given(articles())
def test_cutting_is_the_same_each_time(embedder, article):
    assert cut(article, embedder, 20) == cut(article, embedder, 20)


def passages(text, embedder, *, title="", size=12):
    article = plain_article("a", title=title, text=text)
    return article, cut(article, embedder, size)


def slices(text, embedder, **options):
    article, found = passages(text, embedder, **options)
    return [article.text[p.start : p.end] for p in found]


def test_whole_sentences_are_joined_as_long_as_they_fit(embedder):
    text = "One two three four. Five six seven eight. Nine ten eleven twelve. Last."
    assert slices(text, embedder, size=8) == [
        "One two three four. Five six seven eight.",
        "Nine ten eleven twelve. Last.",
    ]


def test_a_sentence_longer_than_the_window_is_cut_at_its_clauses(embedder):
    text = "One two three four; five six seven eight; nine ten."
    assert slices(text, embedder, size=5) == [
        "One two three four",
        "; five six seven eight",
        "; nine ten.",
    ]


def test_passages_never_cross_from_one_section_into_the_next(embedder):
    _, found = passages("# A\n\nOne two.\n\n# B\n\nThree four.", embedder, size=200)
    assert [p.section for p in found] == [0, 1]


def test_the_context_is_title_and_heading(embedder):
    _, found = passages("# How long?\n\nThree months.", embedder, title="Notice")
    assert [p.context for p in found] == ["Notice\nHow long?"]


def test_a_heading_that_repeats_the_title_is_embedded_once(embedder):
    _, found = passages("# Notice\n\nThree months.", embedder, title="Notice")
    assert [p.context for p in found] == ["Notice"]


def test_a_title_of_a_pages_length_leaves_half_the_window(embedder):
    article, found = passages("One two three four five.", embedder, title="title " * 500, size=10)
    assert embedder.count_tokens([found[0].context])[0] <= 5
    assert [article.text[p.start : p.end] for p in found] == ["One two three four five."]


def test_what_stands_over_a_response_is_the_question_that_was_asked(small_library):
    thread = small_library.articles["burnout"]
    contexts = {p.context for p in small_library.passages if p.article_id == "burnout"}
    assert asked_in(thread) == "Should I ask for a leave of absence?"
    assert contexts == {"Exhausted after two years\nShould I ask for a leave of absence?"}


def test_a_thread_that_asks_nothing_has_its_title_alone():
    thread = Article(id="a", title="T", kind="thread", text="", sections=())
    assert asked_in(thread) == ""


def test_one_word_of_any_length_is_cut_and_kept(embedder):
    word = "x" * 5000
    assert "".join(slices(word + ".", embedder)) == word + "."


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("A sentence of some words. " * 80, id="sentences"),
        pytest.param("word " * 1200, id="one-endless-sentence"),
        pytest.param("\n".join(f"{n}. item number {n}" for n in range(1, 99)), id="numbered-items"),
        pytest.param("不動産の弁護士が転職する。" * 60, id="a-script-without-spaces"),
        pytest.param("a/b-c.d,e;" * 300, id="punctuation"),
        pytest.param(
            "\n".join(f"({n}) one two three" for n in range(1, 99)),
            id="bracketed-numbers",
        ),
    ],
)
def test_with_the_real_model_every_passage_fits_its_window(text):
    model = load_embedder("all-MiniLM-L6-v2")
    article = plain_article("a", title="A title", text=text)
    found = cut(article, model, 256)
    assert found
    assert max(model.count_tokens([embedded_text(article, p) for p in found])) <= 256


def test_an_article_without_sections_has_no_passages(embedder):
    article = replace(plain_article("a", title="", text="x."), sections=())
    assert cut(article, embedder, 20) == []


def test_a_section_of_white_space_has_no_passages(embedder):
    section = Section(start=0, end=2, heading="", speaker="unknown")
    article = Article(id="a", title="", kind="guide", text=" \n", sections=(section,))
    assert cut(article, embedder, 20) == []
