"""Web pages saved as HTML: one thread or one article, and what the page says of itself."""

from collections.abc import Sequence
from dataclasses import replace

from lxml.etree import _Element as Element

from ingest.blocks import Block
from ingest.html_article import article_blocks
from ingest.html_hidden import remove_hidden, show_noscript
from ingest.html_meta import calls_itself_forum, header_of, stated
from ingest.html_receipt import beside_text, receipts
from ingest.html_thread import Thread, loose_thread, thread_of
from ingest.html_tree import parsed, size, text_length, text_of_page, without_invisible
from ingest.page import LONGEST_ARTICLE, Page
from pincite.errors import SourceError

LONGEST_PAGE = 10_000_000
"""Bytes. The largest of 250 real pages has half a million."""


def read_html(raw: bytes) -> Page:
    """Read a saved web page; nothing it links to is fetched.

    Raises:
        SourceError: there is no text of its own in it; the message says why.
    """
    if len(raw) > LONGEST_PAGE:
        raise SourceError(f"it is longer than {LONGEST_PAGE:,} bytes; split it")
    text, warnings = text_of_page(raw)
    root = parsed(text)
    if text_length(root) > LONGEST_ARTICLE:
        raise SourceError(f"it is longer than {LONGEST_ARTICLE:,} characters; split it")
    if reason := _no_page(root):
        raise SourceError(reason)
    if removed := without_invisible(root):
        warnings.append(f"{removed} invisible characters removed")
    said = stated(root)
    is_forum = calls_itself_forum(root, said)
    if show_noscript(root):
        warnings.append("read as browsers without scripts show it")
    had_script = next(root.iter("script"), None) is not None
    hidden = remove_hidden(root)
    header = header_of(said, root)
    beside = beside_text(root)
    found = _read(root, is_forum=is_forum)
    if not any(block.kind not in {"rule", "post"} for block in found.blocks):
        raise SourceError(_no_text(had_script=had_script))
    if any(block.kind == "post" for block in found.blocks):
        first = next(block.text for block in found.blocks if block.kind == "post")
        header = replace(header, kind="thread", author=first or header.author)
    return Page(
        blocks=found.blocks,
        header=header,
        cuts=(*hidden, *found.cuts, *receipts(beside, found.blocks)),
        warnings=tuple(warnings),
    )


def _read(root: Element, *, is_forum: bool) -> Thread:
    """Read a thread of known software, else a thread by its names, else an article."""
    if (thread := thread_of(root, is_forum=is_forum)) is not None:
        return thread
    article = article_blocks(root)
    if is_forum and (loose := loose_thread(root)) is not None:
        if is_thread(loose.blocks, article):
            return loose
        article = article_blocks(root, favour_recall=True)
    return Thread(tuple(article))


def is_thread(posts: Sequence[Block], article: Sequence[Block]) -> bool:
    """Whether posts found by their names alone are what the page is about.

    They hold at least half as many words as the article that trafilatura finds; comments below an
    article repeat as well.
    """
    return count(posts) >= count(article) / 2


def count(blocks: Sequence[Block]) -> int:
    """Count the words of blocks."""
    return sum(len(block.text.split()) for block in blocks if block.kind != "post")


def _no_page(root: Element) -> str | None:
    """Say why a page cannot hold an article, where its form alone tells."""
    if root.tag == "svg" or (
        next(root.iter("svg"), None) is not None and root.find("head") is None and _is_drawing(root)
    ):
        return "it is a drawing (SVG), not a page"
    if next(root.iter("frameset"), None) is not None:
        return "it is a frame around other pages: save the page inside the frame"
    forwards = [e for e in root.iter("meta") if (e.get("http-equiv") or "").lower() == "refresh"]
    if any("url" in (e.get("content") or "").lower() for e in forwards) and size(root) < 40:
        return "it only forwards to another page: save that page"
    return None


def _is_drawing(root: Element) -> bool:
    body = root.find("body")
    return body is not None and [e.tag for e in body] == ["svg"]


def _no_text(*, had_script: bool) -> str:
    by_script = "; if a script puts its text in place, save the page from a browser that shows it"
    return "no text" + (by_script if had_script else "")
