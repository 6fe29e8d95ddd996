"""Where a citation leads: the one place that writes an address; the pages' scripts read it."""

from hashlib import sha256
from urllib.parse import quote, urlsplit

from pincite.inbox import Quoted
from pincite.model import Article, Citation
from pincite.sentences import Span


def article_link(article_id: str) -> str:
    """Open an article at its top."""
    return f"#/article/{quote(article_id, safe='')}"


def citation_link(citation: Citation | Quoted) -> str:
    """Open an article at the cited words; carries what tells whether they are still there."""
    span = f"{citation.start}-{citation.end}"
    return f"{article_link(citation.article_id)}/{span}/{digest(citation.quote)}"


def article_address(article_id: str) -> str:
    """Return the address of the article's own page."""
    return f"/article/{quote(article_id, safe='')}"


def citation_address(citation: Citation) -> str:
    """Return the address of the article's page at the cited words, for whoever is outside the chat.

    The words stand after the `#`, which a browser keeps to itself.
    """
    span = f"{citation.start}-{citation.end}"
    return f"{article_address(citation.article_id)}#{span}/{digest(citation.quote)}"


def digest(words: str) -> str:
    return sha256(words.encode()).hexdigest()[:12]


def still_there(article: Article, span: Span, words: str) -> bool:
    """Tell whether the article holds, at `span`, the words with this digest."""
    start, end = span
    return 0 <= start < end <= len(article.text) and digest(article.text[start:end]) == words


def web_address(url: str | None) -> str | None:
    """Return an address that may be linked; anything but http and https is not."""
    parts = urlsplit(url or "")
    return url if parts.scheme in {"http", "https"} and parts.netloc else None
