"""The writer that needs no chat model: the articles' own sentences, few and in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.answering.choice import Evidence
from pincite.answering.quotes import MOST_STATEMENTS, QuoteWriter
from pincite.model import Article, Section

TEXT = " ".join(f"Sentence {n}." for n in range(9))
STARTS = [TEXT.index(f"Sentence {n}.") for n in range(9)]


def evidence(id_, *scores):
    """A section whose sentences have these scores."""
    section = Section(start=0, end=len(TEXT), heading="", speaker="unknown")
    spans = [(start, start + len("Sentence 0.")) for start in STARTS]
    return Evidence(
        article=Article(id=id_, title="", kind="guide", text=TEXT, sections=(section,)),
        place=(id_, 0),
        section=section,
        score=1,
        sentences=tuple(zip(spans, scores, strict=False)),
    )


def written(*found):
    return [
        f"{s.citations[0].article_id}{s.text.removeprefix('Sentence ').rstrip('.')}"
        for s in QuoteWriter().write(found)
    ]


@pytest.mark.parametrize(
    ("found", "statements"),
    [
        pytest.param([], [], id="no-evidence"),
        pytest.param([evidence("a", 0.1, 0.9)], ["a0", "a1"], id="order-of-the-text-not-of-score"),
        pytest.param(
            [evidence("a", 0.1, 0.5, 0.2, 0.6, 0.7, 0.3, 0.8, 0.4)],
            ["a1", "a3", "a4", "a5", "a6", "a7"],
            id="the-best-six-of-the-best-section",
        ),
        pytest.param(
            [evidence("a", *[0.9] * 7), evidence("b", 0.9)],
            ["a0", "a1", "a2", "a3", "a4", "a5", "b0"],
            id="six-of-it-beside-one-other",
        ),
        pytest.param(
            [evidence("a", 0.5, *[0.9] * 6), evidence("b", 0.9), evidence("c", 0.9)],
            ["a1", "a2", "a3", "a4", "b0", "c0"],
            id="four-of-it-beside-several",
        ),
        pytest.param(
            [evidence("a", 0.9), evidence("b", 0.75, 0.8, 0.6, 0.7)],
            ["a0", "b0", "b1", "b3"],
            id="the-best-three-of-another",
        ),
        pytest.param(
            [evidence("a", 0.8), evidence("b", 0.47, 0.49)],
            ["a0", "b1"],
            id="from-others-only-what-is-near-the-best",
        ),
        pytest.param(
            [evidence("a", 0.2, 0.3), evidence("b", 0.1)],
            ["a0", "a1"],
            id="from-the-best-section-however-far",
        ),
        pytest.param(
            [evidence("a", *[0.9] * 5), *(evidence(id_, *[0.9] * 4) for id_ in "bcde")],
            [
                f"{id_}{n}"
                for id_, most in zip("abcd", (4, 3, 3, 2), strict=True)
                for n in range(most)
            ],
            id="twelve-in-all",
        ),
        pytest.param([evidence("a", -0.5)], ["a0"], id="the-best-section-speaks-even-if-far"),
        pytest.param([evidence("a", -2)], [], id="but-not-below-any-cosine"),
    ],
)
def test_which_sentences_are_quoted(found, statements):
    assert written(*found) == statements


@given(st.lists(st.lists(st.floats(-1, 1.1), min_size=1, max_size=9), max_size=5))
def test_a_statement_is_one_quote_at_its_place_and_there_are_never_too_many(scores):
    found = [evidence(id_, *row) for id_, row in zip("abcde", scores, strict=False)]
    statements = QuoteWriter().write(found)
    assert len(statements) <= MOST_STATEMENTS
    assert all(len(s.citations) == 1 for s in statements)
    assert all(s.text == c.quote == TEXT[c.start : c.end] for s in statements for c in s.citations)
    assert statements == QuoteWriter().write(found)
