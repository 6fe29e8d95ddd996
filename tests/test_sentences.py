"""Sentences as offsets: whole, trimmed, in order, and never across a line."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.sentences import sentence_spans, trimmed

texts = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab Z.!?\n-•1)(“”’'\"…–:; é漢😀"), st.characters(codec="utf-8")
    ),
    max_size=200,
)


def said(text):
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("Wait. Then ask.", ["Wait.", "Then ask."], id="two"),
        pytest.param("Wait\nThen ask", ["Wait", "Then ask"], id="a-line-ends-a-sentence"),
        pytest.param("- Wait here.\n2. Ask.", ["Wait here.", "Ask."], id="markers-left-out"),
        pytest.param("(3) Ask.\n• Go.", ["Ask.", "Go."], id="other-markers"),
        pytest.param("Ask Mr. Doe first.", ["Ask Mr. Doe first."], id="abbreviation"),
        pytest.param("He said “Wait.” Then ask.", ["He said “Wait.”", "Then ask."], id="quotes"),
        pytest.param("It took 3.5 years.", ["It took 3.5 years."], id="decimal"),
        pytest.param("Is it? Yes! Go.", ["Is it?", "Yes!", "Go."], id="question-and-call"),
        pytest.param("  Wait.  ", ["Wait."], id="no-white-space-around"),
        pytest.param(" \n\t\n", [], id="nothing"),
        pytest.param("Ask, e.g. a partner.", ["Ask, e.g. a partner."], id="latin-abbreviation"),
        pytest.param("Über 20 Jahre – naïve 😀. Ask.", ["Über 20 Jahre – naïve 😀.", "Ask."],
                     id="offsets-count-characters-not-bytes"),
    ],
)  # fmt: skip
def test_sentences(text, sentences):
    assert said(text) == sentences


@given(texts)
def test_spans_are_trimmed_never_empty_and_in_order(text):
    spans = sentence_spans(text)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert not [span for span in spans if "\n" in text[slice(*span)]]


@given(texts, st.data())
def test_spans_stay_inside_the_range_that_was_asked_for(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = sentence_spans(text, start, end)
    assert all(start <= first < last <= end for first, last in spans)
    assert [text[a:b] for a, b in spans] == said(text[start:end])


@given(st.lists(st.text("abc, ", min_size=1).filter(str.strip).map(lambda s: f"Go {s}.")))
def test_no_word_is_lost(sentences):
    text = " ".join(sentences)
    assert " ".join(said(text)).split() == text.split()


def test_a_range_is_trimmed_to_its_words():
    assert trimmed("..  ab  ..", 2, 8) == (4, 6)
