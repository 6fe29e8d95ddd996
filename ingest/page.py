"""What a reader makes of one file: blocks, and what the file says of itself."""

from dataclasses import dataclass

from ingest.blocks import Block, Cut
from ingest.frontmatter import Header

LONGEST_ARTICLE = 2_000_000
"""Characters; about a thousand pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A source read, before anything around the article is cut away by its lines."""

    blocks: tuple[Block, ...]
    header: Header = Header()  # noqa: RUF009 - frozen
    """From front matter or the page's own metadata."""
    cuts: tuple[Cut, ...] = ()
    """What the reader itself left out: navigation, share bars, hidden text."""
    warnings: tuple[str, ...] = ()
