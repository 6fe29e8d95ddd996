"""Words: what carries the subject of a question."""

import pytest

from pincite.words import content_words, words_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Don’t WAIT!", ["don't", "wait"], id="curly-apostrophe-and-case"),
        pytest.param("in-house, LL.M.", ["in", "house", "ll", "m"], id="hyphen-and-full-stop"),
        pytest.param("naïve 漢字", ["naïve", "漢字"], id="other-scripts"),
        pytest.param("— … !", [], id="no-word"),
    ],
)
def test_words_in(text, words):
    assert words_in(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("What should I do about it?", [], id="nothing-but-function-words"),
        pytest.param("Should I resign, or resign later?", ["resign", "later"], id="each-word-once"),
        pytest.param("my partner's notice", ["partner", "notice"], id="possessive"),
        pytest.param("a B c plan", ["plan"], id="single-letters-say-nothing"),
    ],
)
def test_content_words(text, words):
    assert content_words(text) == words
