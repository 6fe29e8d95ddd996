"""One source to one article: decode, read, clean, find the structure."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from ingest.blocks import Block, Cut, folded
from ingest.cleaning import clean
from ingest.decoding import cleaned
from ingest.frontmatter import Header
from ingest.readers import read_page
from ingest.sources import Source
from ingest.structure import PARTS, kind_of, lay_out
from ingest.textual import read_text
from pincite.errors import SourceError
from pincite.model import Article, Speaker


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
    read = read_page(source.name, source.raw)
    header = read.header
    stem = PurePosixPath(source.name).stem
    page = clean(read.blocks, title=header.title)
    article = _article(
        page.blocks,
        replace(
            header,
            title=page.title or folded(stem.replace("-", " ").replace("_", " ")),
            kind=header.kind or kind_of(page.blocks),
            author=header.author or page.author,
            date=header.date or page.date,
            speaker=header.speaker or page.speaker,
        ),
    )
    if not article.sections:
        raise SourceError("no text")
    return Prepared(article, source, (*read.cuts, *page.cuts), read.warnings)


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
