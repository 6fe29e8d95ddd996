"""Sentences of a canonical text, as offsets."""

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

LIST_MARKER = re.compile(r"\s*(?:[-*•·‣▪●–]|\(?\d{1,2}[.)])\s+")
"""What opens a list item in a canonical text; it belongs to no sentence."""

Span = tuple[int, int]
"""Start and end, in characters."""


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the sentences between two offsets, in order, without surrounding white space.

    A line break always ends a sentence, because canonical texts hold a paragraph or a list item a
    line. List markers are left out; a span is never empty.
    """
    end = len(text) if end is None else end
    return [span for line in _lines(text, start, end) for span in _in_line(text, *line)]


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    for match in re.finditer(r"[^\n]+", text[start:end]):
        yield start + match.start(), start + match.end()


def _in_line(text: str, start: int, end: int) -> Iterator[Span]:
    if marker := LIST_MARKER.match(text, start, end):
        start = marker.end()
    for found in get_sentence_boundaries("en", text[start:end]):
        span = trimmed(text, start + found["start_index"], start + found["end_index"])
        if span[0] < span[1]:
            yield span


def trimmed(text: str, start: int, end: int) -> Span:
    """Return the range without white space at its ends."""
    body = text[start:end]
    return start + len(body) - len(body.lstrip()), start + len(body.rstrip())
