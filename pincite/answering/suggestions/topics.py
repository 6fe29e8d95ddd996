"""Questions to begin with: a few topics that cover much of the library, a few questions of each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import Final

from pincite.answering.suggestions.questions import ENDS_AS_QUESTION, LibraryQuestion, stems
from pincite.model import KINDS, Article

MOST_TOPICS: Final = 6
OF_TOPIC: Final = 2
WITHOUT_TOPICS: Final = 6
"""Questions of a library whose articles name no topics."""

IsAnswered = Callable[[LibraryQuestion], bool]
"""Asked as late as possible, because it takes a search."""
Asked = Mapping[str, Sequence[LibraryQuestion]]
"""The questions of each article, by its id."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What some articles are about, and questions that they answer."""

    name: str
    """As an article writes it; empty where no article names a topic."""
    questions: tuple[LibraryQuestion, ...]


def by_topic(articles: Mapping[str, Article], asked: Asked, is_answered: IsAnswered) -> list[Topic]:
    """Return topics, the most frequent first, each with questions of articles heard only once."""
    names = _named(articles.values())
    topics: dict[str, Topic] = {}
    used: set[str] = set()
    for key in _spread(names, asked):
        if len(topics) == MOST_TOPICS:
            break
        fresh = [article for article in names[key] if article.id not in used]
        questions = _first_of_each(_best(key, fresh, asked), OF_TOPIC, is_answered)
        if questions:
            topics[key] = Topic(_spelling(key, names[key]), questions)
            used.update(question.article_id for question in questions)
    if topics:
        return [topics[key] for key in sorted(topics, key=lambda key: -len(names[key]))]
    in_turn = _in_turn(articles.values(), asked)
    questions = _first_of_each(in_turn, WITHOUT_TOPICS, is_answered)
    return [Topic("", questions)] if questions else []


def _named(articles: Iterable[Article]) -> dict[str, list[Article]]:
    """Return the articles of each topic, whose name is taken in small letters."""
    named: dict[str, list[Article]] = {}
    for article in articles:
        for key in dict.fromkeys(topic.casefold() for topic in article.topics):
            named.setdefault(key, []).append(article)
    return named


def _spread(named: Mapping[str, Sequence[Article]], asked: Asked) -> Iterator[str]:
    """Yield topics so that each adds as many articles as it can to those of the topics before.

    The most frequent alone would be one subject under several names, and names that fit anything:
    articles that ask about a topic by its name count first. Source: greedy maximum coverage,
    Nemhauser, Wolsey and Fisher 1978.
    """
    left = {key: {article.id for article in articles} for key, articles in named.items()}
    telling = {
        key: {id_ for id_ in ids if any(_names(key, question) for question in asked.get(id_, ()))}
        for key, ids in left.items()
    }
    covered: set[str] = set()

    def gain(key: str) -> tuple[int, int, int]:
        return len(telling[key] - covered), len(left[key] - covered), len(left[key])

    while left:
        best = max(left, key=gain)
        covered |= left.pop(best)
        yield best


def _best(topic: str, articles: Iterable[Article], asked: Asked) -> list[LibraryQuestion]:
    """Return the articles' questions: those that name the topic first, then whole questions."""

    def order(item: tuple[int, LibraryQuestion]) -> tuple[bool, bool, int]:
        rank, question = item
        return not _names(topic, question), not ENDS_AS_QUESTION.search(question.text), rank

    ranked = [
        (_rank(topic, article), question)
        for article in articles
        for question in asked.get(article.id, ())
    ]
    return [question for _, question in sorted(ranked, key=order)]


def _names(topic: str, question: LibraryQuestion) -> bool:
    return bool(stems(topic) & stems(question.text))


def _rank(topic: str, article: Article) -> int:
    return [name.casefold() for name in article.topics].index(topic)


def _in_turn(articles: Iterable[Article], asked: Asked) -> Iterator[LibraryQuestion]:
    """Yield questions of all kinds of articles in turn, so that none crowds the others out."""
    kinds: dict[str, list[LibraryQuestion]] = {kind: [] for kind in KINDS}
    for article in articles:
        kinds[article.kind].extend(asked.get(article.id, ()))
    return (q for q in chain.from_iterable(zip_longest(*kinds.values())) if q is not None)


def _first_of_each(
    questions: Iterable[LibraryQuestion], most: int, is_answered: IsAnswered
) -> tuple[LibraryQuestion, ...]:
    """Return the first questions that are answered, one of an article."""

    def answered() -> Iterator[LibraryQuestion]:
        used: set[str] = set()
        for question in questions:
            if question.article_id not in used and is_answered(question):
                used.add(question.article_id)
                yield question

    return tuple(islice(answered(), most))


def _spelling(key: str, articles: Iterable[Article]) -> str:
    """Return a topic as it is written with the most capitals: "US firms" before "us firms"."""
    written = [name for article in articles for name in article.topics if name.casefold() == key]
    return max(written, key=lambda name: sum(map(str.isupper, name)))
