"""Article pages: trafilatura finds the main content; its structure is kept as blocks."""

from copy import deepcopy

from lxml.etree import _Element as Element
from trafilatura import bare_extraction

from ingest.blocks import Block
from ingest.html_blocks import blocks_of

HTML_NAMES = {"list": "ul", "item": "li", "quote": "blockquote", "lb": "br", "row": "tr"}
"""What trafilatura's own names for elements are called in HTML."""


def article_blocks(root: Element, *, favour_recall: bool = False) -> list[Block]:
    """Return the main content, and the readers' comments where trafilatura keeps them.

    With its defaults, as `trafilatura.extract` would; `favour_recall` takes more in doubt.
    """
    found = bare_extraction(deepcopy(root), include_formatting=True, favor_recall=favour_recall)
    if found is None or isinstance(found, dict):
        return []
    return [
        b
        for part in (found.body, found.commentsbody)
        if part is not None
        for b in blocks_of(_as_html(part))
    ]


def _as_html(part: Element) -> Element:
    """Rename trafilatura's elements: `<head rend="h2">`, `<hi rend="#b">`, `<list rend="ol">`."""
    for element in part.iter():
        rend = element.get("rend") or ""
        if element.tag == "head":
            element.tag = rend if rend in {"h1", "h2", "h3", "h4", "h5", "h6"} else "h2"
        elif element.tag == "hi":
            element.tag = "strong" if rend == "#b" else "em"
        elif element.tag == "list":
            element.tag = "ol" if rend == "ol" else "ul"
        elif isinstance(element.tag, str):
            element.tag = {"ref": "a", **HTML_NAMES}.get(element.tag, element.tag)
    return part
