"""The last wall before display: only an article's exact words pass."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.answering.verifier import holds, verify
from pincite.model import Article, Statement

TEXT = "Three months is usual. Do not resign before you have signed."
ARTICLE = Article(id="notice", title="Notice", kind="guide", text=TEXT, sections=())
ARTICLES = {"notice": ARTICLE}
TRUE = ARTICLE.cite(23, len(TEXT))

spans = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, len(TEXT))).map(
    lambda pair: (min(pair[0], pair[1] - 1), max(pair[0] + 1, pair[1]))
)


@given(spans)
def test_a_true_quote_is_kept(span):
    statement = Statement("said", (ARTICLE.cite(*span),))
    assert verify([statement], ARTICLES).statements == (statement,)


@given(spans, st.data())
def test_a_quote_with_one_character_altered_is_dropped(span, data):
    true = ARTICLE.cite(*span)
    at = data.draw(st.integers(0, len(true.quote) - 1))
    other = data.draw(st.characters().filter(lambda c: c != true.quote[at]))
    false = replace(true, quote=true.quote[:at] + other + true.quote[at + 1 :])
    assert verify([Statement("said", (false,))], ARTICLES).statements == ()


@pytest.mark.parametrize(
    "false",
    [
        pytest.param(replace(TRUE, quote="Do resign before you have signed."), id="word-left-out"),
        pytest.param(replace(TRUE, start=0), id="start-moved"),
        pytest.param(replace(TRUE, end=TRUE.end - 1), id="end-moved"),
        pytest.param(replace(TRUE, start=-37, end=0, quote=""), id="empty"),
        pytest.param(
            replace(TRUE, start=TRUE.start - len(TEXT), end=TRUE.end), id="counted-from-the-end"
        ),
        pytest.param(
            replace(TRUE, end=len(TEXT) + 1), id="past-the-end-where-a-slice-would-still-match"
        ),
        pytest.param(replace(TRUE, article_id="other"), id="no-such-article"),
        pytest.param(replace(TRUE, quote=TRUE.quote.upper()), id="another-case"),
    ],
)
def test_a_false_citation_does_not_hold(false):
    assert not holds(false, ARTICLES)


def test_a_statement_with_one_false_citation_is_dropped_whole():
    false = replace(TRUE, quote="invented")
    found = verify([Statement("a", (TRUE, false)), Statement("b", (TRUE,))], ARTICLES)
    assert [s.text for s in found.statements] == ["b"]
    assert found.dropped == 1


def test_a_statement_without_a_citation_is_dropped():
    assert verify([Statement("trust me", ())], ARTICLES).dropped == 1


def test_nothing_written_is_nothing_dropped():
    assert verify([], ARTICLES) == verify(iter(()), {})
