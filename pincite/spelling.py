"""Misspelt words of a question, put right where only one word of the library can be meant."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from pincite.glossary import in_standard_terms
from pincite.library import Library
from pincite.words import FUNCTION_WORDS

SHORT: Final = 5
"""Letters up to which a replaced letter makes another word: "admin" is not "admit"."""
LONG: Final = 8
"""Letters from which two slips leave a word recognisable."""
CLEARLY: Final = 5
"""How many times more often than the next a word stands in the library that is surely meant."""
FOREIGN: Final = 1 / 3
"""Share of unknown words above which a question is not misspelt but in another language."""
FEW: Final = 2
"""Unknown words that may be all of a question: keywords, typed in haste."""

TYPED: Final = re.compile(
    r"""
    "[^"]*" | “[^”]*”                                    # quoted: meant as it stands
    | (?<![^\s(—–])                                      # not inside a word, a name of a file ...
      (?P<word> [a-z]{4,} | (?:^|(?<=[.?!]\s)) [A-Z][a-z]{3,} )
      (?= [),;:.?!…]* (?:[\s—–]|$) )
    """,
    re.VERBOSE,
)
IN_LIBRARY: Final = re.compile(r"(?<![\w'-])[a-z]+(?:[-'][a-z]+)*(?!\w)")

ByLetter = Mapping[str, Sequence[str]]


class Speller:
    """Knows the words of one generation, and English.

    A word is replaced only if neither the library nor English has it, and only by a word of the
    library: "cooking" never becomes "booking", and "cookling" does not become "cooling", because
    "cooking" is likelier. Why so, and what it is worth: docs/decisions/008-spelling.md.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    def respelled(self, question: str) -> str:
        """Return the question with the words that it means; what stands in quotes is kept."""
        typed = dict.fromkeys(m["word"].lower() for m in TYPED.finditer(question) if m["word"])
        unknown = [word for word in typed if not self._knows(word)]
        if not unknown or len(unknown) > max(FEW, FOREIGN * len(typed)):
            return question
        meant = {word: self._meant(word) for word in unknown}

        def replace(match: re.Match[str]) -> str:
            word = match["word"]
            put = word and meant.get(word.lower())
            if not put:
                return match[0]
            return put.capitalize() if word[0].isupper() else put

        return TYPED.sub(replace, question)

    def _knows(self, word: str) -> bool:
        return (
            word in _english()
            or word in self._words
            or bool(self._library.words.passages_with(word))
            or in_standard_terms(word) != word
        )

    def _meant(self, word: str) -> str | None:
        """Return the library's word that is clearly nearest and commonest, if there is one."""
        near = [
            (slips, other)
            for slips, other in _near(word, self._by_letter)
            if len(word) > SHORT or slips < 1 or len(other) != len(word)
        ]
        if not near:
            return None
        fewest = min(slips for slips, _ in near)
        best, *others = sorted(
            (other for slips, other in near if slips == fewest), key=lambda w: -self._words[w]
        )
        clear = not others or self._words[best] >= CLEARLY * self._words[others[0]]
        return best if clear and not self._english_is_nearer(word, best, fewest) else None

    def _english_is_nearer(self, word: str, best: str, slips: float) -> bool:
        """Whether a word that the library lacks is more likely meant than the library's best."""
        counts = _english()
        return any(
            fewer < slips or (fewer == slips and counts[other] > counts.get(best, 0))
            for fewer, other in _near(word, _english_by_letter())
            if other not in self._words
        )

    @cached_property
    def _words(self) -> Counter[str]:
        """How often the library writes each word, names aside."""
        counts: Counter[str] = Counter()
        for article in self._library.articles.values():
            counts.update(IN_LIBRARY.findall(article.text.replace("’", "'")))
        return counts

    @cached_property
    def _by_letter(self) -> ByLetter:
        return _grouped(self._words)


def _near(word: str, words: ByLetter) -> list[tuple[float, str]]:
    """Return the words a slip or two away that begin alike, each with the number of slips.

    Two letters that changed places, the commonest slip of all, count half.
    """
    found = process.extract(
        word,
        [*words.get(word[0], ()), *words.get(word[1::-1], ())],
        scorer=OSA.distance,
        score_cutoff=2 if len(word) >= LONG else 1,
        limit=None,
    )
    letters = sorted(word)
    return [
        (0.5 if slips == 1 and sorted(other) == letters else slips, other)
        for other, slips, _ in found
    ]


@cache
def _english() -> Mapping[str, int]:
    """Return how often a word stands in subtitles, 0 for what only the second list has.

    The first writes "color" and the second "colour" too; short forms are written without their
    apostrophe often enough to count as words.
    """
    text = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
    seldom = {line.split()[0] for line in text.splitlines()}
    seldom |= {word.replace("'", "") for word in FUNCTION_WORDS}
    return dict.fromkeys(seldom, 0) | SpellChecker(language="en").word_frequency.dictionary


@cache
def _english_by_letter() -> ByLetter:
    return _grouped(word for word, count in _english().items() if count)


def _grouped(words: Iterable[str]) -> ByLetter:
    """Group words by their first letter, and by their first two, whose order a slip changes."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for word in words:
        groups[word[0]].append(word)
        if len(word) > 1 and word[0] != word[1]:
            groups[word[:2]].append(word)
    return groups
