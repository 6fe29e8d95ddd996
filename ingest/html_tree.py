"""HTML bytes to a tree: its characters, its elements, and small questions about them.

The only module of the HTML reader that parses. Nothing here or above it follows a link.
"""

import codecs
import re
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element
from lxml.html import HTMLParser, document_fromstring

from ingest.decoding import cleaned, decoded
from pincite.errors import SourceError

DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]{2,40})", re.I
)
UNUSUAL = re.compile(r"[^\x20-\x7e\n\t]")
LONGEST_CUT = 200
"""Characters of a removed text that its receipt shows."""

DEEPEST = 250
"""Levels of tags; libxml2 leaves out what is deeper than 256, and real pages stay below 100."""

LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000}[^<>]*")
MOST_ATTRIBUTES = 2000
"""The parser's time grows with the square of the attributes of one tag."""


def text_of_page(raw: bytes) -> tuple[str, list[str]]:
    """Decode by byte order mark, strict UTF-8, what the page declares, or cp1252 with a warning."""
    if b"\x00" in raw[:4096] and raw[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        raise SourceError("it holds binary data, not a web page")
    try:
        text, warnings = decoded(raw)
    except UnicodeError as error:
        raise SourceError(f"its characters cannot be read: {error}") from error
    declared = DECLARED.search(raw[:4096])
    if warnings and declared:
        return _as_declared(raw, declared[1].decode("ascii")) or (text, warnings)
    return text, warnings


def _as_declared(raw: bytes, name: str) -> tuple[str, list[str]] | None:
    """Read in the encoding the page names, if that leaves hardly a character unread."""
    try:
        codec = codecs.lookup("cp1252" if name.lower() in {"iso-8859-1", "latin-1"} else name)
        text, _ = codec.decode(raw, "replace")
    except (LookupError, ValueError):
        return None
    unread = text.count("\ufffd") if isinstance(text, str) else len(raw)
    if not unread:
        return text, []
    if unread > 20 and unread > 0.01 * len(text):
        return None
    return text, [f"{unread} characters could not be read as {name}"]


def parsed(text: str) -> Element:
    """Parse a page; comments and processing instructions are left out.

    Raises:
        SourceError: it holds no element, or is nested deeper than any page made for readers.
    """
    tags = (match[0] for match in LONG_TAG.finditer(text))
    bare = (
        re.sub(r"\"[^\"]*\"|'[^']*'", "", tag) for tag in tags
    )  # values may be megabytes of data
    if any(len(re.findall(r"\s[\w:.-]+", tag)) > MOST_ATTRIBUTES for tag in bare):
        raise SourceError(f"a tag in it has more than {MOST_ATTRIBUTES:,} attributes")
    parser = HTMLParser(
        remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8", no_network=True
    )
    try:
        root = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise SourceError("it holds no text, or is not a web page") from error
    if _depth(root) > DEEPEST:
        raise SourceError(
            f"its tags are nested more than {DEEPEST} deep: it is no page for readers"
        )
    return root


def _depth(root: Element) -> int:
    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def without_invisible(root: Element) -> int:
    """Clean every text in place; return how many invisible characters went."""
    removed = 0
    for element in root.iter():
        for name in ("text", "tail"):
            text = getattr(element, name)
            if text and UNUSUAL.search(text):
                clean = cleaned(text)[0]
                removed += len(text.replace("\r\n", "\n")) - len(clean.replace("\n\n", "\n"))
                setattr(element, name, clean)
    return max(removed, 0)


def elements(root: Element) -> Iterator[Element]:
    """Yield the elements in document order, without comments."""
    return (e for e in root.iter() if isinstance(e.tag, str))


def classes(element: Element) -> list[str]:
    """Return the class names of an element."""
    return (element.get("class") or "").split()


def words(element: Element) -> str:
    """Return all text inside an element on one line."""
    return " ".join(" ".join(t for t in element.itertext() if isinstance(t, str)).split())


def size(element: Element) -> int:
    """Count the words inside an element."""
    return sum(len(t.split()) for t in element.itertext() if isinstance(t, str))


def text_length(root: Element) -> int:
    """Count the characters of the text, those of programs and styles left out."""
    return sum(
        (len(e.text or "") if e.tag not in {"script", "style"} else 0) + len(e.tail or "")
        for e in root.iter()
    )


def drop(element: Element) -> None:
    """Remove an element; what follows it stays."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    tail = f" {element.tail or ''}"
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    parent.remove(element)


def outermost(found: list[Element]) -> list[Element]:
    """Leave out the elements that stand inside another of them."""
    every = set(found)
    return [e for e in found if not any(a in every for a in e.iterancestors())]


def shortened(text: str) -> str:
    """Cut a text at a word after `LONGEST_CUT` characters; say how many words are left out."""
    if len(text) <= LONGEST_CUT:
        return text
    head = text[:LONGEST_CUT].rsplit(" ", 1)[0]
    return f"{head} … ({len(text[len(head) :].split())} more words)"
