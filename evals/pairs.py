"""Claims paired with quotes: what supports a claim, what does not, and what says its opposite."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from evals.errors import ClaimsError
from evals.questions import Question
from pincite.answering.checking.polarity import OPPOSITES
from pincite.answering.choice import Evidence
from pincite.answering.claims import Claim, Quoted
from pincite.model import Article
from pincite.sentences import sentence_spans

FILE = Path(__file__).parent / "claims" / "paraphrases.yaml"

Kind = Literal["sentence", "note", "verbatim", "joined", "encyclopedia"]
"""How a claim is worded: a full sentence of ours, a nugget's few words, the article's own sentence,
two of those in one, or a sentence of an encyclopedia on a page of the web (WiCE)."""
Label = Literal["right", "astray", "against", "grafted", "partly"]
"""The quote supports the claim, is another claim's, says the opposite, supports all but a clause
that was put to the claim, or supports a part of it that nobody marked."""

VERBATIM = 3
"""Sentences taken from each article as they stand."""
ASTRAY = 2
"""Other claims of the same article whose quotes each claim is paired with."""
INVENTED = "invented "
"""How the form of a false clause begins that was written by hand."""
QUOTE_BEGINS = 15
"""Characters by which a quote is looked up among sections; what follows may have an ellipsis."""
AUXILIARY = re.compile(r"\b(is|are|was|were|will|can|may|should|would|could|must)\b(?! not)")


class Paraphrase(BaseModel):
    """A quote, a sentence that it supports, sentences that it contradicts or supports by half."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article: str
    quote: str = Field(min_length=15)
    claim: str = Field(min_length=15)
    wrong: tuple[str, ...] = Field(min_length=1)
    half: dict[str, str] = Field(min_length=1)
    """The claim with something invented, by what that is: a reason, a consequence ..."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim and words that are, or are not, its support."""

    kind: Kind
    label: Label
    article: Article
    text: str
    quotes: tuple[str, ...]
    sections: tuple[int, ...]
    """Sources of the turn; the first quote stands in the first."""
    form: str = ""
    """How a claim was made of two."""

    @property
    def claim(self) -> Claim:
        return Claim(self.text, tuple(Quoted(self._source_of(q), q) for q in self.quotes))

    @property
    def sources(self) -> list[Evidence]:
        return [
            Evidence(self.article, (self.article.id, n), self.article.sections[n], 0.0, ())
            for n in self.sections
        ]

    @property
    def is_invented(self) -> bool:
        """Whether its false clause was written for it, and is of its own subject."""
        return self.form.startswith(INVENTED)

    def _source_of(self, quote: str) -> int:
        """Return the number of the section in which a quote begins."""
        text = self.article.text
        spans = [(s.start, s.end) for s in (self.article.sections[n] for n in self.sections)]
        begins = quote[:QUOTE_BEGINS]
        return next((n for n, span in enumerate(spans, 1) if begins in text[slice(*span)]), 1)

    @property
    def is_held_out(self) -> bool:
        """Whether it is for measuring only: half of the articles are."""
        return sha256(self.article.id.encode()).digest()[0] % 2 == 1


def load_paraphrases(articles: dict[str, Article], file: Path = FILE) -> list[Pair]:
    """Read the committed pairs: each right one, and those that say its opposite.

    Raises:
        ClaimsError: an entry does not fit, or its quote is not, or not once, in its article.
    """
    try:
        entries = TypeAdapter(list[Paraphrase]).validate_python(
            yaml.safe_load(file.read_text(encoding="utf-8"))
        )
    except (yaml.YAMLError, ValidationError) as error:
        raise ClaimsError(f"{file}: {error}") from error
    pairs: list[Pair] = []
    for entry in entries:
        article = articles.get(entry.article)
        if article is None or article.text.count(entry.quote) != 1:
            raise ClaimsError(f"{file}: not once in {entry.article!r}: {entry.quote!r}")
        right = _right("sentence", article, entry.claim, entry.quote)
        wrong = [replace(right, text=text, label="against") for text in entry.wrong]
        half = [
            replace(right, text=text, label="grafted", form=f"{INVENTED}{form}")
            for form, text in entry.half.items()
        ]
        pairs += [right, *wrong, *half]
    return pairs


def notes(questions: Iterable[Question], articles: dict[str, Article]) -> list[Pair]:
    """Return the canned questions' nuggets as claims on their spans, each nugget once."""
    found = {
        (e.article, e.nugget): _right("note", articles[e.article], e.nugget, e.span)
        for question in questions
        for e in question.expected
        if e.nugget
    }
    return list(found.values())


def verbatim(articles: Iterable[Article]) -> list[Pair]:
    """Return some of each article's sentences as claims on themselves, and turned round."""
    pairs: list[Pair] = []
    for article in articles:
        spans = (
            span for s in article.sections for span in sentence_spans(article.text, s.start, s.end)
        )
        texts = [article.text[start:end] for start, end in spans]
        good = {t for t in texts if len(t.split()) >= 6 and t.endswith(".") and texts.count(t) == 1}
        for text in sorted(good, key=lot)[:VERBATIM]:
            right = _right("verbatim", article, text, text)
            pairs += [right, *(replace(right, text=t, label="against") for t in turned_round(text))]
    return pairs


def turned_round(sentence: str) -> Iterator[str]:
    """Return a sentence with a `not` taken away or added, and with a word for its opposite."""
    if " not " in sentence:
        yield sentence.replace(" not ", " ", 1)
    elif AUXILIARY.search(sentence):
        yield AUXILIARY.sub(r"\1 not", sentence, count=1)
    for word in re.finditer(r"\w+", sentence):
        if opposites := OPPOSITES.get(word.group()):
            yield f"{sentence[: word.start()]}{min(opposites)}{sentence[word.end() :]}"
            return


def _right(kind: Kind, article: Article, claim: str, quote: str) -> Pair:
    start = article.text.index(quote)
    section = next(n for n, s in enumerate(article.sections) if s.start <= start < s.end)
    return Pair(kind, "right", article, claim, (quote,), (section,))


def astray(pairs: Sequence[Pair]) -> list[Pair]:
    """Pair claims with the quotes of others of their article, chosen by lot.

    Each in two ways: with the section that the claim is about among the sources, and without.
    """
    return [
        replace(pair, label="astray", quotes=other.quotes, sections=sections)
        for pair in pairs
        for other in _others(pair, pairs)
        for sections in {other.sections, tuple(dict.fromkeys(other.sections + pair.sections))}
    ]


def _others(pair: Pair, pairs: Sequence[Pair]) -> list[Pair]:
    others = [p for p in pairs if p.article.id == pair.article.id and not share_words(p, pair)]
    return sorted(others, key=lambda p: lot(pair.text + p.text))[:ASTRAY]


def share_words(one: Pair, other: Pair) -> bool:
    """Whether the quotes of one are in those of the other, or have a sentence in common."""
    ours, theirs = (" ".join(pair.quotes) for pair in (one, other))
    return any(ours[start:end] in theirs for start, end in sentence_spans(ours)) or any(
        theirs[start:end] in ours for start, end in sentence_spans(theirs)
    )


def lot(text: str) -> bytes:
    return sha256(text.encode()).digest()
