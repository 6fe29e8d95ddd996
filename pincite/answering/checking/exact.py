"""Where the words of a quote stand in an article, whatever marks and spaces a model used."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from unicodedata import category, combining, normalize

from pincite.answering.checking.polarity import turns_a_sentence
from pincite.sentences import Span, sentence_spans

FEWEST_WORDS = 3
FEWEST_CHARACTERS = 12
"""Of a quote, or of each piece of one with an ellipsis: less is found anywhere by chance. Of 3,526
sentences of the articles that ship, three are shorter."""

INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Soft hyphen, zero-width spaces and joiners, marks of direction: they are no characters here."""
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
MARKS = "\"'`\u00b4\u02bc\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a"
"""Quotation marks and apostrophes: as one, because one is typed for another."""

_HELD = rf"[\w\u0300-\u036f{INVISIBLE}]"
WORD = re.compile(
    rf"(?:[$€£¥+\u2212.-]+(?=\d))?{_HELD}+"
    rf"(?:(?:[-\u2010\u2011'\u2019]|(?<=\d)[.,:/\u2013](?=\d)){_HELD}+)*[%‰]?"
)
"""A word, compound or figure that a quote takes whole: `non-billable`, `can't`, `$1,500`, `10%`."""
ELLIPSIS = re.compile(r"[\[(]?(?:\. ?){3,}[\])]?")
LOOSE = " '-.,;:"
"""What a model puts around a quote, or takes away, of its own."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in its one comparable form, and where each of its characters comes from."""

    text: str
    spans: tuple[Span, ...]
    """Of each character: the characters of the original that it stands for."""


def folded(text: str, start: int = 0, end: int | None = None) -> Folded:
    """Fold what a model may write otherwise and no reader would call another text.

    NFKC, a character with its accents at a time, except where that makes a digit of what is none
    (10² stays apart from 102, ½ from 1⁄2); every run of white space is a space, and none beside a
    dash; every dash is a hyphen; every run of quotation marks and apostrophes one mark; what is
    invisible is left out. Letters, digits and their case stay.
    """
    kept: list[tuple[str, Span]] = []
    for character, span in _characters(text, start, len(text) if end is None else end):
        before = kept[-1][0] if kept else " "
        if (character == " " and before in " -") or (character == before and character in "-'"):
            continue
        if character == "-" and before == " " and kept:
            kept.pop()
            if kept and kept[-1][0] == "-":
                continue
        kept.append((character, span))
    return Folded("".join(character for character, _ in kept), tuple(span for _, span in kept))


def _characters(text: str, start: int, end: int) -> Iterator[tuple[str, Span]]:
    at = start
    while at < end:
        after = at + 1
        while after < end and combining(text[after]):
            after += 1
        for character in _plain(text[at:after]):
            yield character, (at, after)
        at = after


@lru_cache(maxsize=2**12)
def _plain(cluster: str) -> str:
    if cluster in MARKS:  # NFKC makes a space and an accent of an acute that stands alone
        return "'"
    plain = normalize("NFKC", cluster)
    if any(map(str.isdigit, plain)) and category(cluster[0]) != "Nd":
        plain = cluster
    return "".join(map(_as_typed, plain))


def _as_typed(character: str) -> str:
    if character in INVISIBLE:
        return ""
    if character in DASHES:
        return "-"
    if character in MARKS:
        return "'"
    return " " if character.isspace() else character


def pieces_of(quote: str) -> list[str]:
    """Return the pieces of a folded quote: several where an ellipsis stands for words."""
    return [bare for piece in ELLIPSIS.split(quote) if (bare := piece.strip(LOOSE))]


class Quotable:
    """The text of one section, to look quotes up in."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._folded = folded(text, start, end)
        self._inside_words = {
            offset
            for word in WORD.finditer(text, start, end)
            for offset in range(word.start() + 1, word.end())
        }
        self.sentences: Sequence[Span] = sentence_spans(text, start, end)

    def find(self, quote: str) -> list[Span]:
        """Return the whole sentences around a quote's words; none where they do not stand here.

        A quote with an ellipsis is several, which stand here in this order. What stands around a
        piece, a quotation mark or a stop, is the model's own. Sentences are taken whole, so that a
        `not` or an `if` beside the words quoted is read with them.
        """
        whole = folded(quote).text
        for pieces in ([whole.strip(LOOSE)], pieces_of(whole)):
            if found := self._places(pieces):
                return list(dict.fromkeys(map(self._widened, found)))
        return []

    def _places(self, pieces: Sequence[str]) -> list[Span]:
        places: list[Span] = []
        after = 0
        for number, piece in enumerate(pieces):
            at = self._at(piece, after, first=number == 0)
            if at is None or len(piece) < FEWEST_CHARACTERS or len(piece.split()) < FEWEST_WORDS:
                return []
            after = at + len(piece)
            places.append((self._folded.spans[at][0], self._folded.spans[after - 1][1]))
        gaps = ((left[1], right[0]) for left, right in pairwise(places))
        return [] if any(self._hides(*gap) for gap in gaps) else places

    def _at(self, piece: str, after: int, *, first: bool) -> int | None:
        """Return where a piece stands; the case of a quote's first letter is the model's own."""
        forms = [piece, piece[0].swapcase() + piece[1:]] if first and piece else [piece]
        for form in forms:
            at = self._folded.text.find(form, after) if form else -1
            while at >= 0:
                if self._is_whole(at, at + len(form)):
                    return at
                at = self._folded.text.find(form, at + 1)
        return None

    def _is_whole(self, at: int, end: int) -> bool:
        """Whether neither end cuts a word, or a character that folds to several."""
        spans = self._folded.spans
        if (at and spans[at] == spans[at - 1]) or (
            end < len(spans) and spans[end - 1] == spans[end]
        ):
            return False
        return self._inside_words.isdisjoint((spans[at][0], spans[end - 1][1]))

    def _hides(self, start: int, end: int) -> bool:
        """Whether an ellipsis within one sentence leaves out what turns it."""
        is_within = any(begin <= start and end < stop for begin, stop in self.sentences)
        return is_within and turns_a_sentence(self._text[start:end])

    def _widened(self, place: Span) -> Span:
        touched = [s for s in self.sentences if s[0] < place[1] and s[1] > place[0]]
        return (touched[0][0], touched[-1][1]) if touched else place
