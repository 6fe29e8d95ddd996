"""What an answer may be made of: the best sections, and in each the sentences that answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pincite.answering.choice import Evidence, asks_for_views, chosen
from pincite.answering.gate import rarity
from pincite.answering.likeness import WordPairs, is_copy, word_pairs
from pincite.answering.quotable import bonus, is_quotable
from pincite.answering.sides import opposed
from pincite.embedding import Embedder, Vectors
from pincite.glossary import in_standard_terms
from pincite.library import Library
from pincite.model import Article, Place
from pincite.retrieval import Hit
from pincite.sentences import Span, sentence_spans
from pincite.words import content_words, words_in

CANDIDATES = 10
"""Sections, the best by search, among which the sentences decide."""

ASKED = 0.3
"""How much a section's best sentence for what is asked counts beside its search score: a section
may be about the question's subject and still not speak to the question."""
EACH_PART = 0.4
"""How much the best sentences for each of the question's sentences count, on average: a long
worried question is about all that it tells."""
COVERAGE = 0.15
"""How much the share of the question's words that a section holds counts, rare ones most."""

INTRODUCTION = 0.9
"""Share of its score that an introduction keeps: it names the subject and answers nothing."""

MOST_TOGETHER = 4
"""Sections heard on several questions in one."""

SAME = 0.93
"""Cosine from which two sentences say the same."""


Searched = tuple[str, Sequence[Hit]]
"""A question and what search found for it."""


class EvidenceFinder:
    """Chooses sections and sentences in one generation; remembers the sentences' vectors."""

    def __init__(self, library: Library, embedder: Embedder) -> None:
        self._library = library
        self._embedder = embedder
        self._vectors: dict[Place, tuple[list[Span], Vectors]] = {}
        self._pairs: dict[Place, WordPairs] = {}

    def find(self, *asked: Searched) -> list[Evidence]:
        """Return the sections to answer from, best first; none twice, no sentence twice.

        Of several questions each gets its share, in their order.
        """
        share = max(1, MOST_TOGETHER // len(asked)) if len(asked) > 1 else None
        found = [e for question, hits in asked for e in self._chosen(question, hits)[:share]]
        said: list[Vectors] = []
        return [
            fresh
            for evidence in _once_each(found)
            if (fresh := self._without_repeats(evidence, said)).sentences
        ]

    def _chosen(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        asked = self._read(question)
        found = candidate_sections(question, hits, self._library)
        candidates = [self._weighed(hit, asked) for hit in self._without_copies(found)]
        return chosen(candidates, views=asks_for_views(question))

    def _read(self, question: str) -> "_Asked":
        sentences = [
            question[start:end] for start, end in sentence_spans(question, 0, len(question))
        ]
        whole = self._embedder.embed_query(in_standard_terms(question))
        parts = whole[np.newaxis]
        if len(sentences) > 1:
            parts = self._embedder.embed_documents([in_standard_terms(s) for s in sentences])
        asking = [row for row, s in enumerate(sentences) if "?" in s] or [len(parts) - 1]
        return _Asked(whole, parts, asking, places_of_words(question, self._library))

    def _weighed(self, hit: Hit, asked: "_Asked") -> Evidence:
        article = self._library.articles[hit.passage.article_id]
        spans, vectors = self._sentences(hit.passage.place)
        cosines = vectors @ asked.whole if spans else np.zeros(0)
        score = hit.score + COVERAGE * asked.coverage(hit.passage.place)
        if spans:
            best = (vectors @ asked.parts.T).max(axis=0)
            score += ASKED * float(best[asked.asking].max()) + EACH_PART * float(best.mean())
        return Evidence(
            article=article,
            place=hit.passage.place,
            section=self._library.section(hit.passage.place),
            score=score * (INTRODUCTION if is_introduction(article, hit.passage.section) else 1),
            sentences=tuple(
                (span, float(cosine) + bonus(article, spans, i))
                for i, (span, cosine) in enumerate(zip(spans, cosines, strict=True))
            ),
        )

    def _without_copies(self, hits: Sequence[Hit]) -> list[Hit]:
        """Keep the best of sections that say nearly the same, so that copies crowd nobody out."""
        kept: list[Hit] = []
        for hit in hits:
            if len(kept) == CANDIDATES:
                break
            pairs = self._pairs_of(hit.passage.place)
            if not any(is_copy(pairs, self._pairs_of(other.passage.place)) for other in kept):
                kept.append(hit)
        return kept

    def _pairs_of(self, place: Place) -> WordPairs:
        if place not in self._pairs:
            section = self._library.section(place)
            text = self._library.articles[place[0]].text[section.start : section.end]
            self._pairs[place] = word_pairs(text)
        return self._pairs[place]

    def _without_repeats(self, evidence: Evidence, said: list[Vectors]) -> Evidence:
        """Leave out what was said in a section before this one, and add the rest to `said`."""
        _, vectors = self._sentences(evidence.place)
        rows = [i for i, row in enumerate(vectors) if not _is_said(row, said)]
        said += [vectors[i] for i in rows]
        return replace(evidence, sentences=tuple(evidence.sentences[i] for i in rows))

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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, read for what its sentences ask."""

    whole: Vectors
    """Of the whole question; one row of unit length, as those of its sentences in `parts`."""
    parts: Vectors
    asking: Sequence[int]
    """Rows of the sentences that end as questions; the last one where none does."""
    words: Sequence[tuple[float, frozenset[Place]]]
    """For each content word how rare it is, and the sections that hold it."""

    def coverage(self, place: Place) -> float:
        """Return the share of the question's words that a section holds, 0 to 1."""
        total = sum(weight for weight, _ in self.words)
        return sum(w for w, places in self.words if place in places) / total if total else 0.0


def places_of_words(question: str, library: Library) -> list[tuple[float, frozenset[Place]]]:
    """Return, for each content word of a question, its weight and the sections that hold it."""
    holders = library.words.holders(content_words(in_standard_terms(question)))
    return [
        (rarity(ordinals, library), frozenset(library.passages[n].place for n in ordinals))
        for ordinals in holders.values()
    ]


def candidate_sections(question: str, hits: Sequence[Hit], library: Library) -> list[Hit]:
    """Return the best hit of each section that may answer, best first.

    Left out: opening posts, and sections about the other side of what is asked.
    """
    asked = set(content_words(question))
    best: dict[Place, Hit] = {}
    for hit in hits:
        section = library.section(hit.passage.place)
        if not section.is_question and not opposed(words_in(section.heading), asked):
            best.setdefault(hit.passage.place, hit)
    return list(best.values())


def is_introduction(article: Article, section: int) -> bool:
    """Whether a section stands without a heading before others that have one."""
    return section == 0 and not article.sections[0].heading and len(article.sections) > 1


def _once_each(found: Iterable[Evidence]) -> Iterable[Evidence]:
    """Put what several questions found in one section together, each sentence at its best."""
    kept: dict[Place, Evidence] = {}
    for evidence in found:
        other = kept.get(evidence.place, evidence)
        both = zip(evidence.sentences, other.sentences, strict=True)
        best = tuple((span, max(score, others)) for (span, score), (_, others) in both)
        kept[evidence.place] = replace(other, sentences=best)
    return kept.values()


def _is_said(row: Vectors, said: Sequence[Vectors]) -> bool:
    return any(float(row @ other) > SAME for other in said)
