"""What an answer may be made of: the best sections, and in each the sentences that answer."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pincite.answering.sides import opposed
from pincite.embedding import Embedder, Vectors
from pincite.library import Library
from pincite.model import Article, Place, Section
from pincite.retrieval import Hit
from pincite.sentences import Span, sentence_spans
from pincite.words import content_words, words_in

MOST_SECTIONS = 5
MOST_OF_ONE = {"thread": 2, "column": 1, "guide": 1}
"""Sections of one article, by its kind: the voices of a thread are heard beside each other."""
NEAR_BEST = 0.9
"""Share of the best section's score that another needs to be heard as well."""

LEAD_BONUS = 0.1
"""Cosine that a section's first sentence gains: writers answer first and explain after."""
POINTER_COST = 0.1
"""Cosine that a sentence loses that begins with a word for something said before it."""
POINTERS = frozenset("this that these those it they he she such both neither".split())
SAME = 0.93
"""Cosine from which two sentences say the same."""
FEWEST_WORDS = 4
ENDS = re.compile(r"[.!…][\"'”’)\]]*$")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A section and its sentences, each with how well it answers (a cosine, 1 at most)."""

    article: Article
    section: Section
    score: float
    sentences: tuple[tuple[Span, float], ...]
    """In the order of the text."""


class EvidenceFinder:
    """Chooses sections and sentences in one generation; remembers the sentences' vectors."""

    def __init__(self, library: Library, embedder: Embedder) -> None:
        self._library = library
        self._embedder = embedder
        self._vectors: dict[Place, tuple[list[Span], Vectors]] = {}

    def find(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        """Return the sections to answer from, best first; none twice, no sentence twice."""
        query = self._embedder.embed_query(question)
        said: list[Vectors] = []
        found = []
        for hit in chosen_sections(question, hits, self._library):
            article = self._library.articles[hit.passage.article_id]
            spans, vectors = self._sentences(hit.passage.place)
            rows = [i for i, row in enumerate(vectors) if not _is_said(row, said)]
            said += [vectors[i] for i in rows]
            found.append(
                Evidence(
                    article=article,
                    section=self._library.section(hit.passage.place),
                    score=hit.score,
                    sentences=tuple(
                        (spans[i], float(vectors[i] @ query) + _bonus(article, spans, i))
                        for i in rows
                    ),
                )
            )
        return [evidence for evidence in found if evidence.sentences]

    def _sentences(self, place: Place) -> tuple[list[Span], Vectors]:
        if place not in self._vectors:
            article, section = self._library.articles[place[0]], self._library.section(place)
            spans = [
                span
                for span in sentence_spans(article.text, section.start, section.end)
                if is_quotable(article.text, span)
            ]
            texts = [article.text[start:end] for start, end in spans]
            vectors = self._embedder.embed_documents(texts) if texts else np.zeros((0, 1), "f4")
            self._vectors[place] = (spans, vectors)
        return self._vectors[place]


def chosen_sections(question: str, hits: Sequence[Hit], library: Library) -> Iterator[Hit]:
    """Give the best hit of each section worth hearing, best first.

    Left out: opening posts, sections about the other side of what is asked, what scores far below
    the best, and the third section of one article.
    """
    asked = set(content_words(question))
    seen: set[Place] = set()
    used: Counter[str] = Counter()
    best = 0.0
    for hit in hits:
        place = hit.passage.place
        section = library.section(place)
        if place in seen or section.is_question or opposed(words_in(section.heading), asked):
            continue
        seen.add(place)
        best = best or hit.score
        if hit.score < NEAR_BEST * best or sum(used.values()) == MOST_SECTIONS:
            return
        if used[place[0]] < MOST_OF_ONE[library.articles[place[0]].kind]:
            used[place[0]] += 1
            yield hit


def is_quotable(text: str, span: Span) -> bool:
    """Whether a sentence is whole and says something: no question, no scrap, no cut-off end."""
    words = words_in(text[span[0] : span[1]])
    if len(words) < FEWEST_WORDS or not content_words(" ".join(words)):
        return False
    return bool(ENDS.search(text[span[0] : span[1]])) or _is_item(text, span)


def _is_item(text: str, span: Span) -> bool:
    line = text[text.rfind("\n", 0, span[0]) + 1 : span[0]]
    ends_line = span[1] == len(text) or text[span[1]] == "\n"
    return ends_line and bool(line.strip()) and not text[span[0] : span[1]].endswith((":", "?"))


def _bonus(article: Article, spans: Sequence[Span], i: int) -> float:
    first_word = words_in(article.text[spans[i][0] : spans[i][1]])[0]
    return (LEAD_BONUS if i == 0 else 0) - (POINTER_COST if first_word in POINTERS else 0)


def _is_said(row: Vectors, said: Sequence[Vectors]) -> bool:
    return any(float(row @ other) > SAME for other in said)
