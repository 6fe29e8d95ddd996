"""What a chat model writes, read while it comes in: each claim as soon as its own text is whole.

The form asked for is `{"claims": [{"text": ..., "quotes": [{"source": 1, "quote": ...}]}]}`. Small
models send it in fences, with prose around it, as one object, with a string for a list or cut off.
Anything is accepted whose meaning is plain; whether it is true is for others to check.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic_core import from_json

from pincite.answering.claims import Claim, Quoted
from pincite.sentences import LIST_MARKER

TEXT_KEYS: Final = ("text", "claim", "sentence", "statement")
QUOTES_KEYS: Final = ("quotes", "quote", "citations", "evidence")
QUOTE_KEYS: Final = ("quote", "text", "words")
SOURCE_KEYS: Final = ("source", "sources", "number", "source_number", "id")
NO_SOURCE: Final = 0
"""Number of no source: given where a model's own is missing or none."""

MOST_CLAIMS: Final = 12
MOST_QUOTES: Final = 6
LONGEST_CLAIM: Final = 1_000
LONGEST_QUOTE: Final = 2_000
LONGEST_OUTPUT: Final = 60_000
"""Characters; a model that writes more is running on."""
MOST_REPEATS: Final = 3
"""Claims handed in again before a model is taken to be going round in circles."""

_NUMBERED: Final = (
    r"(?:sources?\s*)?#?(?P<number>-?[\d¹²³⁰⁴-⁹]{1,2})"
    r"(?:\s*(?:[,;&–-]|and)\s*(?:sources?\s*)?#?\d{1,2})*\s*"
)
"""Numbers that can be sources', of which a turn has few: no years."""
MARKER: Final = re.compile(rf"\s*[\[【]\s*\^?\s*{_NUMBERED}[\]】](?:\([^()\s]*\))?", re.IGNORECASE)
"""A citation in the text of a claim, such as [1], [1, 2], 【1】, [^1] or [1](http://...)."""
IN_ROUND: Final = re.compile(
    rf"\s*\((?:see\s+)?(?=sources?\b|#?\d{{1,2}}\b){_NUMBERED}\)", re.IGNORECASE
)
"""The same in other brackets: (1), (Source 2), (see sources 1 and 3); no year."""
RAISED: Final = re.compile(r"(?<=[^\W\d_]|[.,;:!?'\"’”)])(?P<number>[¹²³⁰⁴-⁹]+)")
LABEL: Final = re.compile(
    r"\s*(?:according\s+to\s+)?(?:the\s+)?source\s*#?(?P<number>\d+)\s*[:,–-]\s+", re.IGNORECASE
)
"""What a sentence is opened with instead: Source 1: ..., According to source 1, ..."""
NUMBER: Final = re.compile(r"\s*[\[(【]?\s*(?:source\s*)?#?\s*(-?\d+)(?:\.0+)?\s*[\])】]?\s*", re.I)

THOUGHT_BEGINS: Final = "<think>"
THOUGHT_ENDS: Final = "</think>"

HIDDEN: Final = frozenset(("Cc", "Cf", "Co", "Cs", "Zl", "Zp"))
"""Unicode categories that a reader cannot see, or that turn the text after them round."""


@dataclass(slots=True)
class _Open:
    """A brace or bracket that is not closed yet."""

    start: int
    is_object: bool
    keys: set[str] = field(default_factory=set)

    @property
    def is_claim(self) -> bool:
        return not self.keys.isdisjoint(TEXT_KEYS) or not self.keys.isdisjoint(QUOTES_KEYS)


class ClaimReader:
    """Reads one answer; feed it what comes in, and `end` it."""

    def __init__(self) -> None:
        self.written = ""
        """All that came in; a trailing comma is blanked out."""
        self.is_empty_answer = False
        """It said, in the form asked for, that there is nothing to say."""
        self.is_done = False
        """Enough was read; whatever follows is not worth waiting for."""
        self._is_thinking = False
        """Between the marks in which some models reason before they answer."""
        self._open: list[_Open] = []
        self._at = 0
        self._string: int | None = None
        """Where the string began that is not closed yet."""
        self._last_string = ""
        self._comma: int | None = None
        """Where a comma stands after which nothing came yet."""
        self._seen: set[Claim] = set()
        self._repeats = 0

    @property
    def is_understood(self) -> bool:
        """Whether there was an answer, if only that there is nothing to say."""
        return bool(self._seen) or self.is_empty_answer

    def feed(self, text: str) -> list[Claim]:
        """Take in the next piece, whatever its size, and return the claims that it completes."""
        self.written += text
        claims: list[Claim] = []
        while self._at < len(self.written) and not self.is_done:
            if self._is_thinking:
                if (end := self.written.find(THOUGHT_ENDS, self._at)) < 0:
                    break
                self._at, self._is_thinking = end + len(THOUGHT_ENDS) - 1, False
            elif self._string is None:
                claims += self._structure(self.written[self._at])
            elif not self._within_string(self.written[self._at]):
                break
            self._at += 1
        self.is_done = self.is_done or len(self.written) > LONGEST_OUTPUT
        return claims

    def end(self) -> list[Claim]:
        """Return what can be saved of a claim that was cut off: nothing that is not whole."""
        cut = next((o for o in self._open if o.is_claim), None)
        if self.is_done or cut is None:
            return []
        try:
            found = from_json(self.written[cut.start :].rstrip().rstrip(","), allow_partial=True)
        except ValueError:
            return []
        return [claim for claim in self._claims(found) if claim.quotes]

    def _within_string(self, char: str) -> bool:
        """Pass over one character of a string; False where the next piece must be awaited."""
        if char == "\\":
            if self._at + 1 == len(self.written):
                return False
            self._at += 1
        elif char == '"':
            self._last_string = self.written[self._string : self._at]
            self._string = None
        return True

    def _structure(self, char: str) -> list[Claim]:
        """Take in one character outside strings."""
        claims: list[Claim] = []
        if char in "{[":
            self._open.append(_Open(self._at, is_object=char == "{"))
        elif char in "}]":
            claims = self._close(char)
        elif char == '"' and self._open:  # in prose a quotation mark opens nothing
            self._string = self._at + 1
        elif char == ":" and self._open:
            self._open[-1].keys.add(self._last_string.strip().lower())
        elif char == ">" and not self._open:
            self._is_thinking = self.written.endswith(THOUGHT_BEGINS, 0, self._at + 1)
        if not char.isspace():
            self._comma = self._at if char == "," else None
        return claims

    def _close(self, char: str) -> list[Claim]:
        if self._comma is not None:
            self.written = f"{self.written[: self._comma]} {self.written[self._comma + 1 :]}"
        while self._open and self._open[-1].is_object != (char == "}"):
            self._open.pop()  # a bracket of the other kind was never closed
        if not self._open:
            return []
        closed = self._open.pop()
        body = self.written[closed.start : self._at + 1]
        if not closed.is_object:
            self.is_empty_answer |= self._is_no_claims(body)
        if not closed.is_claim or any(o.is_claim for o in self._open):
            return []
        try:
            found = json.loads(body, strict=False)
        except (ValueError, RecursionError):
            return []
        return list(self._claims(found))

    def _is_no_claims(self, body: str) -> bool:
        empty = not body[1:-1].strip()
        return empty and (not self._open or "claims" in self._open[-1].keys)

    def _claims(self, found: object) -> Iterator[Claim]:
        claim = claim_from(found)
        if claim is None:
            return
        if claim in self._seen:
            self._repeats += 1
        else:
            self._seen.add(claim)
            yield claim
        self.is_done = len(self._seen) >= MOST_CLAIMS or self._repeats >= MOST_REPEATS


def claim_from(found: object) -> Claim | None:
    """Return what an object means as a claim; None where it has no text."""
    named = _lowered(found)
    text = _first(named, TEXT_KEYS)
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_CLAIM:
        return None
    shown, number = _unmarked(text)
    source = _first(named, SOURCE_KEYS)
    source = number if source is None else source
    quotes = (_quoted(q, source) for q in _as_list(_first(named, QUOTES_KEYS)))
    kept = dict.fromkeys(q for q in quotes if q is not None)
    says_something = any(char.isalnum() for char in shown)
    return Claim(shown, tuple(kept)[:MOST_QUOTES]) if says_something else None


def _unmarked(text: str) -> tuple[str, str | None]:
    """Return a claim as it is read, and the first number that its text cites, if it does.

    Citations and list markers are no words of the claim; as figures they would be its undoing.
    """
    number: str | None = None
    for mark in (MARKER, IN_ROUND, RAISED):
        found = mark.search(text)
        number = number or (found["number"] if found else None)
        text = mark.sub("", text)
    text = readable(text)
    if item := LIST_MARKER.match(text):
        text = text[item.end() :]
    if label := LABEL.match(text):
        number = number or label["number"]
        text = text[label.end() :]
        text = text[:1].upper() + text[1:]
    return text, unicodedata.normalize("NFKC", number) if number else None


def readable(text: str) -> str:
    """Return a text on one line, without characters that cannot be seen."""
    spaced = " ".join(text.split())
    return "".join(c for c in spaced if unicodedata.category(c) not in HIDDEN)


def _quoted(found: object, default: object) -> Quoted | None:
    """Return one quote; its number is the claim's where it has none of its own."""
    named = _lowered(found)
    words = found if isinstance(found, str) else _first(named, QUOTE_KEYS)
    if not isinstance(words, str) or not 0 < len(words.strip()) <= LONGEST_QUOTE:
        return None
    source = _first(named, SOURCE_KEYS)
    encodable = words.encode(errors="ignore").decode()
    return Quoted(_number(default if source is None else source), encodable.strip())


def _number(given: object) -> int:
    match given:
        case bool():
            return NO_SOURCE
        case int():
            return given
        case float() if given.is_integer():
            return int(given)
        case [only]:
            return _number(only)
        case str() if len(given) < 40 and (found := NUMBER.fullmatch(given)):
            return int(found[1])
        case _:
            return NO_SOURCE


def _lowered(found: object) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        return {}
    return {str(key).strip().lower(): value for key, value in found.items()}


def _first(named: Mapping[str, Any], keys: Sequence[str]) -> Any:  # noqa: ANN401 - JSON
    return next((named[key] for key in keys if named.get(key) is not None), None)


def _as_list(found: object) -> Sequence[object]:
    return found if isinstance(found, list) else [] if found is None else [found]
