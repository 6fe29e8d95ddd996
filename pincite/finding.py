"""Articles found by the words that somebody types while browsing, before the last word is done."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final
from unicodedata import combining, normalize

import numpy as np
import numpy.typing as npt

from pincite.lexical import WORD, all_words, stems_of
from pincite.library import Library
from pincite.model import Article, Passage
from pincite.postings import Phrase, Scores
from pincite.sentences import Span
from pincite.words import content_words, words_in

ENDING: Final = 3
"""Letters of an ending ("ing", "ies") that may differ between what is typed and what is found. The
index goes by stems, for which a secondment is a second."""
SHORTEST: Final = 3
"""Letters from which a word is completed; two begin half of the dictionary."""
MOST_COMPLETIONS: Final = 64
"""Forms that an unfinished word may become, the commonest: each costs a look into the index."""
COMPLETED: Final = 0.3
"""What a completion counts beside the word as it was typed, which may be finished after all."""
NAMED: Final = 0.5
"""What all words in title, author and topics add, as a share of the best score of a passage."""

SNIPPET: Final = 240
LEAD: Final = 60
"""Characters shown of an article, and of them before its first match."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found, best first."""

    ids: tuple[str, ...]
    best: Mapping[str, Passage]
    """Of each article found the passage that holds most of what was typed."""
    words: frozenset[str]
    """The library's words, in lower case, that count as typed."""

    def matches(self, text: str, within: Span | None = None) -> list[Span]:
        """Return where a text, or a part of it, holds one of the words."""
        found = WORD.finditer(text, *(within or (0, len(text))))
        return [match.span() for match in found if match[0].lower() in self.words]

    def snippet(self, article: Article) -> Span:
        """Return the stretch of an article that holds most of the words, whole words only."""
        passage = self.best[article.id]
        first, last = passage.start, passage.end
        matches = self.matches(article.text, (first, last))
        if not matches:
            first, last = 0, len(article.text)
            matches = self.matches(article.text)
        if not matches:
            return passage.start, word_end(
                article.text, min(passage.end, passage.start + SNIPPET), passage.end
            )
        densest = max(matches, key=lambda match: words_near(article.text, match, matches))
        start = word_start(article.text, max(first, densest[0] - LEAD), first)
        return start, word_end(article.text, min(last, start + SNIPPET), last)


def words_near(text: str, first: Span, matches: Iterable[Span]) -> int:
    """Count the different words in a snippet that begins at a match."""
    near = (m for m in matches if first[0] <= m[0] and m[1] <= first[0] + SNIPPET - LEAD)
    return len({text[start:end].lower() for start, end in near})


def word_start(text: str, at: int, first: int) -> int:
    """Return where the next whole word begins, `at` itself when it is the first."""
    while at > first and not text[at - 1].isspace():
        at -= 1
    return at


def word_end(text: str, at: int, last: int) -> int:
    while at < last and not text[at].isspace():
        at += 1
    return at


class Finder:
    """Finds the articles of one generation that hold every word typed.

    Words alone decide, not meaning: whoever browses sees why an article is shown, and a word that
    no article has finds nothing. What ranks them is the word index that answers questions.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._ids = list(library.articles)
        numbers = {id_: number for number, id_ in enumerate(self._ids)}
        self._article_of = np.array([numbers[p.article_id] for p in library.passages], dtype=int)
        self._holding: defaultdict[str, array[int]] = defaultdict(lambda: array("l"))
        self._naming: defaultdict[str, array[int]] = defaultdict(lambda: array("l"))
        for number, article in enumerate(library.articles.values()):
            naming = set(all_words(facts(article)))
            for word in naming:
                self._naming[word].append(number)
            for word in naming | set(all_words(article.text)):
                self._holding[word].append(number)
        self._sorted = sorted(self._holding)
        self._stems = stems_of(self._sorted)
        self._alike: defaultdict[Phrase, list[str]] = defaultdict(list)
        for word, stems in self._stems.items():
            self._alike[stems].append(word)

    def find(self, typed: str) -> Findings | None:
        """Return the articles that hold every word, or None when nothing is typed to search for."""
        asked = self._asked(typed)
        if not asked:
            return None
        held = np.ones(len(self._ids), dtype=bool)
        named = np.zeros(len(self._ids))
        for forms in asked.values():
            held &= self._marked(self._holding, forms)
            named += self._marked(self._naming, forms) / len(asked)
        return self._ranked(asked, held, named)

    def _asked(self, typed: str) -> dict[str, list[str]]:
        """Return the library's words that each word typed may stand for; the last may go on.

        Words without a meaning of their own count only where there are no others.
        """
        words = content_words(typed) or words_in(typed)
        asked = list(dict.fromkeys(w for word in words for w in all_words(word) if len(w) > 1))
        stems = stems_of(asked)
        forms = {word: self._forms(word, stems[word]) for word in asked}
        last = asked[-1] if asked and typed.lower().endswith(asked[-1]) else ""
        if len(last) >= SHORTEST:
            forms[last] = list(dict.fromkeys((*forms[last], *self._completions(last))))
        elif last and len(asked) > 1 and not forms[last]:
            del forms[last]
        return forms

    def _forms(self, word: str, stems: Phrase) -> list[str]:
        return [other for other in self._alike.get(stems, ()) if is_form(other, word)]

    def _completions(self, beginning: str) -> list[str]:
        """Return the library's words that begin so, the commonest first."""
        at = bisect_left(self._sorted, beginning)
        words = takewhile(lambda word: word.startswith(beginning), self._sorted[at:])
        return sorted(words, key=lambda word: -len(self._holding[word]))

    def _marked(
        self, where: Mapping[str, Sequence[int]], words: Iterable[str]
    ) -> npt.NDArray[np.bool_]:
        marked = np.zeros(len(self._ids), dtype=bool)
        for word in words:
            marked[where.get(word, ())] = True
        return marked

    def _ranked(
        self, asked: Mapping[str, Sequence[str]], held: npt.NDArray[np.bool_], named: Scores
    ) -> Findings:
        completions = {
            self._stems[form] for forms in asked.values() for form in forms[:MOST_COMPLETIONS]
        }
        scores = self._library.words.scores(" ".join(asked))
        scores = scores + COMPLETED * self._library.words.scores_of(completions)
        rows = np.flatnonzero(held[self._article_of])
        rows = rows[np.argsort(-scores[rows], kind="stable")]
        articles, first = np.unique(self._article_of[rows], return_index=True)
        best = rows[first]
        total = scores[best] + NAMED * max(scores[best], default=0.0) * named[articles]
        order = np.argsort(-total, kind="stable")
        passages = [self._library.passages[row] for row in best[order]]
        return Findings(
            ids=tuple(passage.article_id for passage in passages),
            best={passage.article_id: passage for passage in passages},
            words=frozenset(form for forms in asked.values() for form in forms),
        )


def is_form(word: str, typed: str) -> bool:
    """Tell whether a word of the same stem is the word typed with another ending, or longer."""
    word, typed = without_accents(word), without_accents(typed)
    kept = max(0, max(len(word), len(typed)) - ENDING)
    return word.startswith(typed) or word[:kept] == typed[:kept]


def without_accents(word: str) -> str:
    """Write a word as the index does, where "resume" finds "résumé"."""
    return "".join(letter for letter in normalize("NFKD", word) if not combining(letter))


def facts(article: Article) -> str:
    """Return what is known of an article besides its text, as words to search."""
    return " ".join((article.title, article.author or "", *article.topics))
