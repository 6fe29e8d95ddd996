"""Bytes to clean characters: never a silent guess, nothing invisible."""

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.decoding import cleaned, decoded

READABLE = "Naïve “notice” – 3 months\n"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(READABLE.encode(), id="utf-8"),
        pytest.param(codecs.BOM_UTF8 + READABLE.encode(), id="utf-8-with-mark"),
        pytest.param(codecs.BOM_UTF16_LE + READABLE.encode("utf-16-le"), id="utf-16-little"),
        pytest.param(codecs.BOM_UTF16_BE + READABLE.encode("utf-16-be"), id="utf-16-big"),
        pytest.param(codecs.BOM_UTF32_LE + READABLE.encode("utf-32-le"), id="utf-32-little"),
        pytest.param(codecs.BOM_UTF32_BE + READABLE.encode("utf-32-be"), id="utf-32-big"),
    ],
)
def test_declared_encodings_are_read_without_a_warning(raw):
    assert decoded(raw) == (READABLE, [])


@given(st.text(st.characters(codec="utf-8")))
def test_utf_8_comes_back_character_for_character(text):
    assert decoded(codecs.BOM_UTF8 + text.encode()) == (text, [])


def test_undeclared_bytes_are_read_as_windows_1252_with_a_warning():
    text, warnings = decoded(READABLE.encode("cp1252"))
    assert text == READABLE
    assert warnings == ["not UTF-8: read as Windows-1252; check quotation marks and accents"]


def test_a_byte_that_windows_1252_lacks_is_shown_as_missing():
    assert decoded(b"a\x81\xe9")[0] == "a\ufffdé"


def test_a_mark_that_promises_another_encoding_is_an_error():
    with pytest.raises(UnicodeError, match="truncated data"):
        decoded(codecs.BOM_UTF16_LE + b"a")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        pytest.param("a\r\nb\rc", "a\nb\nc", id="line-ends-of-other-systems"),
        pytest.param("a\u2028b\u2029c\u0085d", "a\nb\n\nc\nd", id="line-ends-of-unicode"),
        pytest.param("a\u00a0b\u2003c\u3000d", "a b c d", id="every-space-is-a-space"),
        pytest.param("a\tb", "a\tb", id="a-tab-stays"),
        pytest.param("نمی\u200cخواهم", "نمی\u200cخواهم", id="non-joiners-belong-to-words"),
        pytest.param("👩\u200d💻", "👩\u200d💻", id="joiners-belong-to-emoji"),
    ],
)  # fmt: skip
def test_cleaning(text, clean):
    assert cleaned(text) == (clean, [])


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param("\x00", id="nul"),
        pytest.param("\u200b", id="zero-width-space"),
        pytest.param("\ufeff", id="mark-in-the-middle"),
        pytest.param("\u00ad", id="soft-hyphen"),
        pytest.param("\u202e", id="text-turned-round"),
        pytest.param("\x1b", id="escape"),
        pytest.param("\U000e0041", id="tag-that-spells-orders"),
        pytest.param("\ud800", id="half-a-character"),
        pytest.param("\x0c", id="form-feed"),
    ],
)
def test_invisible_characters_are_removed_and_counted(hidden):
    assert cleaned(f"no{hidden}tice{hidden}") == ("notice", ["2 invisible characters removed"])


@given(st.text())
def test_clean_text_has_nothing_left_to_clean(text):
    clean, _ = cleaned(text)
    assert cleaned(clean) == (clean, [])
    assert not {unicodedata.category(c) for c in clean} & {"Cs", "Zl", "Zp"}
    clean.encode()
