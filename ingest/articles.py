"""One source to one article: decode, read, clean, find the structure."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from ingest.blocks import Block, Cut, folded
from ingest.cleaning import clean
from ingest.decoding import cleaned, decoded, has_mark
from ingest.frontmatter import Header, split_header
from ingest.readers import READERS, read_text
from ingest.sources import Source
from ingest.structure import PARTS, kind_of, lay_out
from pincite.errors import SourceError
from pincite.model import Article, Speaker

LONGEST_ARTICLE = 2_000_000
"""Characters; about a thousand pages."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to publish, and what its editor should know."""

    article: Article
    source: Source
    cuts: tuple[Cut, ...]
    warnings: tuple[str, ...]


def prepare(source: Source) -> Prepared:
    """Turn a source into an article; its id is "" until the publisher gives it one.

    Raises:
        SourceError: there is no text to publish; the message is the reason.
    """
    text, warnings = _text_of(source)
    header, body, header_warnings = split_header(text)
    path = PurePosixPath(source.name)
    blocks = READERS[path.suffix.lower()](body)
    page = clean(blocks, title=header.title)
    kind = header.kind or kind_of(page.blocks)
    title = page.title or folded(path.stem.replace("-", " ").replace("_", " "))
    article = _article(
        page.blocks,
        replace(
            header,
            title=title,
            kind=kind,
            author=header.author or page.author,
            date=header.date or page.date,
            speaker=header.speaker or page.speaker,
        ),
    )
    if not article.sections:
        raise SourceError("no text")
    return Prepared(article, source, page.cuts, (*warnings, *header_warnings))


def _text_of(source: Source) -> tuple[str, list[str]]:
    if b"\x00" in source.raw[:4096] and not has_mark(source.raw):
        raise SourceError("it holds binary data, not text")
    try:
        raw_text, warnings = decoded(source.raw)
    except UnicodeError as error:
        raise SourceError(f"its characters cannot be read: {error}") from error
    text, more = cleaned(raw_text)
    if len(text) > LONGEST_ARTICLE:
        raise SourceError(f"it is longer than {LONGEST_ARTICLE:,} characters; split it")
    return text, warnings + more


def _article(blocks: Collection[Block], header: Header) -> Article:
    kind = header.kind or "guide"
    speaker: Speaker = header.speaker or ("forum poster" if kind == "thread" else "unknown")
    text, sections = lay_out(PARTS[kind](list(blocks)), speaker=speaker)
    return Article(
        id="",
        title=header.title or "",
        kind=kind,
        text=text,
        sections=sections,
        speaker=speaker,
        author=header.author,
        date=header.date,
        place=header.place,
        topics=header.topics,
        url=header.url,
    )


def plain_article(id_: str, *, title: str, text: str) -> Article:
    """Make a guide of plain text of which nothing is cut, for benchmarks."""
    blocks = read_text(cleaned(text)[0])
    return replace(_article(blocks, Header(title=folded(title), kind="guide")), id=id_)


def slug(name: str) -> str:
    """Return the id that a source's file name asks for: lower-case words joined by hyphens."""
    stem = PurePosixPath(name).stem
    ascii_only = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:80].rstrip("-") or "article"
