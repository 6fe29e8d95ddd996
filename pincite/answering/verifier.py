"""The last wall before display: a statement stands only on words that are in the article."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pincite.model import Article, Citation, Statement


@dataclass(frozen=True, slots=True)
class Verified:
    """The statements that may be shown, and how many may not."""

    statements: tuple[Statement, ...]
    dropped: int


def verify(statements: Iterable[Statement], articles: Mapping[str, Article]) -> Verified:
    """Keep the statements whose every citation names an article's exact words.

    A statement with one false citation is dropped whole: it was written on a false ground.
    """
    written = list(statements)
    kept = tuple(s for s in written if s.citations and all(holds(c, articles) for c in s.citations))
    return Verified(kept, dropped=len(written) - len(kept))


def holds(citation: Citation, articles: Mapping[str, Article]) -> bool:
    """Whether the quote is, character for character, what stands at its place."""
    article = articles.get(citation.article_id)
    return (
        article is not None
        and 0 <= citation.start < citation.end <= len(article.text)
        and article.text[citation.start : citation.end] == citation.quote
    )
