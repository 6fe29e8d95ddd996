"""The library to browse: which articles fit, in what order, and what else could be chosen."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from pincite.finding import Finder, Findings
from pincite.library import Library
from pincite.model import Article

PAGE: Final = 30
"""Articles that come at once."""
MOST_SHOWN: Final = 3000
"""Articles that an address may ask for at once; the rest is a click away."""
LONGEST_SEARCH: Final = 200
"""Characters."""

Chosen = Mapping[str, str]
"""The filters in use, each with the value chosen."""


def year(article: Article) -> tuple[str, ...]:
    return (article.date[:4],) if article.date else ()


VALUES: Final[Mapping[str, Callable[[Article], tuple[str, ...]]]] = {
    "topic": lambda article: article.topics,
    "speaker": lambda article: (article.speaker,),
    "kind": lambda article: (article.kind,),
    "place": lambda article: (article.place,) if article.place else (),
    "from": year,
    "to": year,
}
"""What each filter looks at. An undated article fits no range of years: its age is not known."""


def chosen_of(query: Mapping[str, str]) -> Chosen:
    """Take the filters out of an address; what else stands there is none of ours."""
    return {name: query[name] for name in VALUES if query.get(name)}


def address(chosen: Chosen, *, shown: int = PAGE) -> str:
    """Return the page's address with these filters, `shown` articles on it."""
    more = {"shown": str(shown)} if shown > PAGE else {}
    query = urlencode({**chosen, **more})
    return f"/library?{query}" if query else "/library"


def fits(article: Article, name: str, value: str) -> bool:
    values = VALUES[name](article)
    if name == "from":
        return any(each >= value for each in values)
    if name == "to":
        return any(each <= value for each in values)
    return value in values


@dataclass(frozen=True, slots=True)
class Selection:
    """What fits the filters and the search: a stretch of it, and what else could be chosen."""

    articles: Sequence[Article]
    total: int
    skipped: int
    chosen: Chosen
    counts: Mapping[str, Counter[str]]
    """For each filter, how many articles each value would leave, the other filters as they are."""
    findings: Findings | None
    """What was searched for; None when nothing was."""

    @property
    def following(self) -> int | None:
        """How many articles to skip for those that come next."""
        end = self.skipped + len(self.articles)
        return end if end < self.total else None


class Shelf:
    """The articles of one generation, newest first and the undated last."""

    def __init__(self, library: Library) -> None:
        self.library = library
        by_title = sorted(library.articles.values(), key=lambda article: article.title.casefold())
        self._newest = sorted(by_title, key=lambda article: article.date or "", reverse=True)

    @cached_property
    def _finder(self) -> Finder:
        # Whoever only browses does not wait until every word of the library is known.
        return Finder(self.library)

    def select(
        self, chosen: Chosen, *, search: str = "", skip: int = 0, most: int = PAGE
    ) -> Selection:
        """Select by filters and words, the best first when words are given."""
        findings = self._finder.find(search) if search else None
        articles = self._newest
        if findings:
            articles = [self.library.articles[id_] for id_ in findings.ids]
        fitting, counts = counted(articles, chosen)
        return Selection(
            articles=fitting[skip : skip + most],
            total=len(fitting),
            skipped=skip,
            chosen=chosen,
            counts=counts,
            findings=findings,
        )


def counted(
    articles: Iterable[Article], chosen: Chosen
) -> tuple[list[Article], Mapping[str, Counter[str]]]:
    """Return the articles that fit every filter, and the counts of what each filter could be."""
    fitting = []
    counts: dict[str, Counter[str]] = {name: Counter() for name in VALUES}
    for article in articles:
        against = [name for name, value in chosen.items() if not fits(article, name, value)]
        if not against:
            fitting.append(article)
        if len(against) < 2:
            for name in against or VALUES:
                counts[name].update(VALUES[name](article))
    return fitting, counts
