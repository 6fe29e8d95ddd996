"""A quote's cite in words, made from the library as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote

from pincite.model import Article, Citation
from web.exporting.body import Pin
from web.links import article_address, citation_address, still_there, web_address
from web.render import IN_THREAD, KINDS, label, response, voice_of
from web.wording import OLD, is_old, sentence_case

CHANGED: Final = (
    "The quoted words are left out here: the article has changed since the answer was given."
)
GONE: Final = "The quoted words are left out here: the article is not in the library any more."

KEPT: Final = "%/:?#[]@!$&'()*+,;=~-._"
"""Signs that an address may hold; what else is in it would end it, or its line, in some format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a number in an export stands for."""

    number: int
    title: str
    facts: tuple[str, ...] = ()
    """Who speaks and in what, when, which section, who wrote it, for which country."""
    words: str = ""
    """Empty when they cannot be vouched for any more; then `missing` says why."""
    missing: str = ""
    old: str = ""
    """Said of advice that may not hold any more."""
    address: str = ""
    """Of the article at the words, or of the article where only that is left."""
    original: str = ""
    heads: tuple[str, str] = ("", "")
    """What stands over the quotes of one voice: who and how old, then the particulars."""
    voice: tuple[str, str, str] = ("", "", "")


def source(
    pin: Pin, number: int, *, articles: Mapping[str, Article], origin: str, day: date
) -> Source:
    """Look a quote up; words that do not stand where the answer found them are not repeated."""
    article = articles.get(pin.article_id)
    if article is None:
        return Source(number=number, title=pin.article_id, missing=GONE, voice=unsaid(pin))
    if not still_there(article, (pin.start, pin.end), pin.words):
        return Source(
            number=number,
            title=article.title,
            missing=CHANGED,
            address=f"{origin}{article_address(article.id)}",
            original=safe_address(article.url),
            voice=unsaid(pin),
        )
    citation = article.cite(pin.start, pin.end)
    return Source(
        number=number,
        title=citation.title,
        facts=facts(citation),
        words=citation.quote,
        old=OLD if is_old(citation.date, day) else "",
        address=f"{origin}{citation_address(citation)}",
        original=safe_address(citation.url),
        heads=(label(citation), " · ".join(particulars(citation))),
        voice=voice_of(citation),
    )


def unsaid(pin: Pin) -> tuple[str, str, str]:
    """Keep what has no words apart from what has, in the same article too."""
    return pin.article_id, "", ""


def facts(citation: Citation) -> tuple[str, ...]:
    under = () if response(citation) or not citation.heading else (f"under “{citation.heading}”",)
    return (label(citation), *particulars(citation), *under)


def particulars(citation: Citation) -> tuple[str, ...]:
    """Say what the label leaves open: what a poster posts in, who wrote it, for which country."""
    named = label(citation)
    kind = sentence_case(KINDS[citation.kind]) if named.startswith(IN_THREAD) else ""
    who = sentence_case(citation.attribution)
    told = (kind, response(citation), "" if who == IN_THREAD else who, citation.place or "")
    return tuple(filter(None, told))


def safe_address(url: str | None) -> str:
    """Return a web address with nothing in it that could end it, or "" where there is none."""
    return quote(web_address(url) or "", safe=KEPT)
