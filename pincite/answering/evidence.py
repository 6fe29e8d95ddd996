"""What an answer may be made of: the best sections, and in each the sentences that answer."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from pincite.answering.sides import opposed
from pincite.embedding import Embedder, Vectors
from pincite.library import Library
from pincite.model import Article, Place, Section
from pincite.retrieval import Hit
from pincite.sentences import Span, sentence_spans
from pincite.words import content_words, words_in

CANDIDATES = 8
"""Sections, the best by search, among which the sentences decide."""
SENTENCE_WEIGHT = 0.2
"""How much a section's best sentence counts beside its search score: a section may be about the
question's subject and still not speak to the question."""
MOST_SECTIONS = 5
MOST_OF_ONE = {"thread": 2, "column": 1, "guide": 1}
"""Sections of one article, by its kind: the voices of a thread are heard beside each other."""
NEAR_BEST = 0.97
NEAR_IN_THREAD = 0.93
"""Shares of the best section's score that another needs to be heard as well: in another article,
and in the same thread, where it is the next voice in one conversation."""

INTRODUCTION = 0.9
"""Share of its score that an introduction keeps: it names the subject and answers nothing."""

LEAD_BONUS = 0.1
"""Cosine that a section's first sentence gains: writers answer first and explain after. Not in a
thread, where posters begin by saying who they are."""
POINTER_COST = 0.1
"""Cosine that a sentence loses that begins with a word for something said before it."""
POINTERS = frozenset("this that these those it they he she such both neither".split())
SAME = 0.93
"""Cosine from which two sentences say the same."""
NEAR = 0.6
"""Jaccard similarity of word pairs from which two texts are near-duplicates: about one word changed
in eight. Texts that only share their subject stay below 0.2."""
CONTAINED = 0.9
"""Share of a section's word pairs from which another section says all of it. So near 1 because the
few words that differ may be the answer: "is three months long"."""
WordPairs = frozenset[tuple[str, str]]
FEWEST_WORDS = 4
ENDS = re.compile(r"[.!…][\"'”’)\]]*$")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A section and its sentences, each with how well it answers (a cosine, 1 at most)."""

    article: Article
    place: Place
    section: Section
    score: float
    """Search score and best sentence together; comparable within one question only."""
    sentences: tuple[tuple[Span, float], ...]
    """In the order of the text."""


class EvidenceFinder:
    """Chooses sections and sentences in one generation; remembers the sentences' vectors."""

    def __init__(self, library: Library, embedder: Embedder) -> None:
        self._library = library
        self._embedder = embedder
        self._vectors: dict[Place, tuple[list[Span], Vectors]] = {}
        self._pairs: dict[Place, WordPairs] = {}

    def find(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        """Return the sections to answer from, best first; none twice, no sentence twice."""
        query = self._embedder.embed_query(question)
        found = candidate_sections(question, hits, self._library, most=len(hits))
        candidates = [self._weighed(hit, query) for hit in self._without_copies(found)]
        said: list[Vectors] = []
        return [
            fresh
            for evidence in chosen(candidates)
            if (fresh := self._without_repeats(evidence, said)).sentences
        ]

    def _weighed(self, hit: Hit, query: Vectors) -> Evidence:
        article = self._library.articles[hit.passage.article_id]
        spans, vectors = self._sentences(hit.passage.place)
        cosines = [float(row @ query) for row in vectors]
        score = hit.score + SENTENCE_WEIGHT * max(cosines, default=0.0)
        return Evidence(
            article=article,
            place=hit.passage.place,
            section=self._library.section(hit.passage.place),
            score=score * (INTRODUCTION if is_introduction(article, hit.passage.section) else 1),
            sentences=tuple(
                (span, cosine + _bonus(article, spans, i))
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


def candidate_sections(
    question: str, hits: Sequence[Hit], library: Library, *, most: int = CANDIDATES
) -> list[Hit]:
    """Return the best hit of each section that may answer, best first.

    Left out: opening posts, and sections about the other side of what is asked.
    """
    asked = set(content_words(question))
    best: dict[Place, Hit] = {}
    for hit in hits:
        section = library.section(hit.passage.place)
        if not section.is_question and not opposed(words_in(section.heading), asked):
            best.setdefault(hit.passage.place, hit)
    return list(best.values())[:most]


def word_pairs(text: str) -> WordPairs:
    """Return the pairs of neighbouring words: a text's fingerprint, deaf to case and layout."""
    return frozenset(pairwise(words_in(text)))


def likeness(pairs: WordPairs, other: WordPairs) -> float:
    """Return the Jaccard similarity of two texts, 0 to 1; 0 for a text without words."""
    both = len(pairs | other)
    return len(pairs & other) / both if both else 0.0


def is_copy(pairs: WordPairs, other: WordPairs) -> bool:
    """Whether a section is a near-duplicate of another, or says hardly anything that it does not.

    One that says more than the other is none: what both say is then heard once, by sentences.
    """
    contained = bool(pairs) and len(pairs & other) >= CONTAINED * len(pairs)
    return contained or likeness(pairs, other) >= NEAR


def chosen(candidates: Sequence[Evidence]) -> list[Evidence]:
    """Return the sections near the best one, but no more of one article than its kind allows."""
    ranked = sorted(candidates, key=lambda evidence: -evidence.score)
    used: Counter[str] = Counter()
    kept = []
    for evidence in ranked:
        article = evidence.article
        share = NEAR_IN_THREAD if article.id == ranked[0].article.id else NEAR_BEST
        is_near = evidence.score >= share * ranked[0].score
        if is_near and used[article.id] < MOST_OF_ONE[article.kind]:
            used[article.id] += 1
            kept += [evidence, *_other_side(evidence, ranked)]
    return kept[:MOST_SECTIONS]


def _other_side(evidence: Evidence, ranked: Sequence[Evidence]) -> list[Evidence]:
    """Return the same article's section on the drawbacks beside the one on the benefits.

    Only a question that asks for neither side finds both among its candidates.
    """
    return [
        other
        for other in ranked
        if other.article.id == evidence.article.id
        and opposed(words_in(other.section.heading), words_in(evidence.section.heading))
    ][:1]


def is_introduction(article: Article, section: int) -> bool:
    """Whether a section stands without a heading before others that have one."""
    return section == 0 and not article.sections[0].heading and len(article.sections) > 1


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
    is_lead = i == 0 and article.kind != "thread"
    return (LEAD_BONUS if is_lead else 0) - (POINTER_COST if first_word in POINTERS else 0)


def _is_said(row: Vectors, said: Sequence[Vectors]) -> bool:
    return any(float(row @ other) > SAME for other in said)
