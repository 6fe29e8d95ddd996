"""What a web page says of itself: title, author, date and address, only where it states them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml.etree import _Element as Element

from ingest.blocks import LONGEST_TITLE, folded, same_line
from ingest.bylines import is_byline
from ingest.dates import date_in
from ingest.frontmatter import LONGEST_VALUE, Header, is_date
from ingest.html_tree import classes, elements, words

LARGEST_JSON = 500_000
AUTHOR_NAMES = ("author", "dc.creator", "dcterms.creator", "parsely-author", "article:author")
DATE_NAMES = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "parsely-pub-date",
    "publishdate",
    "pubdate",
    "date",
)
WRITTEN_TYPES = re.compile(r"Article|Posting|Question|Report")
SEPARATOR = re.compile(r"\s+[|•·»:]{1,2}\s+|\s+[-–—]\s+")
BYLINE_CLASS = re.compile(r"by-?line|author", re.IGNORECASE)
DATE_CLASS = re.compile(r"date|byline|publish|posted|(?:^|-)time", re.IGNORECASE)
ADDRESS = re.compile(r"https?://[^\s<>\"']+")
FORUM_ADDRESS = re.compile(
    r"[/.?&=](?:forums?|threads?|topics?|discuss(?:ions?)?|community|questions|answers|boards?|"
    r"viewtopic|showthread|showtopic|bbs|t|qa|comments)(?=[/.?&=_-]|$)",
    re.IGNORECASE,
)
FORUM_CLASS = re.compile(
    r"(?:^|[\s_-])(?:forums?|threads?|topic|discussion|question|viewtopic|showthread|bbpress|bbs)"
    r"(?=$|[\s_-])"
)
FORUM_TYPE = re.compile(r"DiscussionForum|QAPage|schema\.org/Question|^Question$")
FORUM_TITLE = re.compile(r"\b(?:forums?|community|message boards?|discussions?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stated:
    """What stands in a page's head, in data for machines."""

    meta: Mapping[str, str]
    """By name, property or itemprop in lower case; the first of each."""
    objects: tuple[Mapping[str, Any], ...]
    """The flat list of JSON-LD objects."""
    address: str | None
    page_title: str


def stated(root: Element) -> Stated:
    """Read the head of a page; before hidden text is removed, since machines' data is hidden."""
    meta: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = folded(element.get("content") or "")
        if content:
            meta.setdefault(name.lower(), content)
    links = [e.get("href") or "" for e in root.iter("link") if e.get("rel") == "canonical"]
    address = next((a for a in (*links, meta.get("og:url", "")) if ADDRESS.fullmatch(a)), None)
    title = next((words(e) for e in root.iter("title")), "")
    return Stated(meta, tuple(_objects(root)), _short(address, LONGEST_VALUE), title)


def _objects(root: Element) -> Iterator[Mapping[str, Any]]:
    for script in root.iter("script"):
        text = script.text or ""
        if "ld+json" in (script.get("type") or "") and len(text) < LARGEST_JSON:
            try:
                yield from _flat(json.loads(text, strict=False))
            except (ValueError, RecursionError):
                continue


def _flat(value: object) -> Iterator[Mapping[str, Any]]:
    """Walk lists, `@graph` and `mainEntity`, where sites put what the page is about."""
    waiting = [value]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting = item[:100] + waiting
        elif isinstance(item, dict):
            yield item
            waiting += [item[name] for name in ("@graph", "mainEntity") if name in item]


def calls_itself_forum(root: Element, said: Stated) -> bool:
    """Whether a page's address, title, types or its body's class say that it is a discussion."""
    types = [str(item.get("@type")) for item in said.objects]
    types += [e.get("itemtype") or "" for e in root.iter() if e.get("itemtype")]
    shells = [e.get(n) or "" for e in root.iter("html", "body") for n in ("class", "id")]
    address = said.address or said.meta.get("og:url", "")
    return (
        FORUM_ADDRESS.search(address) is not None
        or FORUM_TITLE.search(said.page_title) is not None
        or any(FORUM_TYPE.search(kind) for kind in types)
        or any(FORUM_CLASS.search(shell) for shell in shells)
    )


def header_of(said: Stated, root: Element) -> Header:
    """Gather what is stated; `root` is the page as people see it."""
    return Header(
        title=_title(said, root),
        author=_short(_author(said, root), 100),
        date=_date(said, root),
        url=said.address,
    )


def _title(said: Stated, root: Element) -> str | None:
    shown = [words(e) for e in root.iter("h1")]
    heads = [text for text in shown if text]
    named = said.meta.get("og:title") or (heads[0] if len(heads) == 1 else "") or said.page_title
    return _short(without_site(named or next(iter(heads), ""), said), LONGEST_TITLE)


def without_site(title: str, said: Stated) -> str:
    """Take the site from a title's end: its stated name, its host, or what a bar sets off."""
    borders = list(SEPARATOR.finditer(title))
    if not borders:
        return title
    rest, last = title[: borders[-1].start()], title[borders[-1].end() :]
    host = re.sub(r"^https?://(?:www\.)?|[./].*", "", said.address or "")
    bare = re.sub(r"\W", "", last).casefold()
    is_site = (
        same_line(last, said.meta.get("og:site_name", ""))
        or bare == re.sub(r"\W", "", host).casefold()
        or (borders[-1][0].strip() in {"|", "::", "»", "•"} and len(last.split()) <= 5)
    )
    return without_site(rest, said) if is_site and len(rest.split()) > 1 else title


def _author(said: Stated, root: Element) -> str | None:
    written = [said.meta[name] for name in AUTHOR_NAMES if name in said.meta]
    names = [name for name in written if not ADDRESS.match(name)]
    names += [_named(item["author"]) for item in _written(said) if "author" in item]
    return next(filter(None, names), None) or _shown_author(root)


def _named(value: object) -> str:
    """Return the names in JSON-LD's `author`: a text, an object, or a list of them."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_named, value[:5])))
    if isinstance(value, dict):
        return _named(value.get("name"))
    return folded(value) if isinstance(value, str) and not ADDRESS.match(value) else ""


def _written(said: Stated) -> list[Mapping[str, Any]]:
    return [item for item in said.objects if WRITTEN_TYPES.search(str(item.get("@type")))]


def _shown_author(root: Element) -> str | None:
    """Take a link that says rel=author, or a line that says `By` and stands where authors do."""
    for element in elements(root):
        text = words(element) if _may_name_author(element) else ""
        if text and len(text) <= 80 and (element.get("rel") == "author" or is_byline(text)):
            return re.sub(r"^(?:written\s+)?by:?\s+", "", text, flags=re.IGNORECASE)
    return None


def _may_name_author(element: Element) -> bool:
    is_called_so = any(BYLINE_CLASS.search(name) for name in classes(element))
    return element.get("rel") == "author" or is_called_so


def _date(said: Stated, root: Element) -> str | None:
    written = [said.meta[name] for name in DATE_NAMES if name in said.meta]
    written += [str(item.get("datePublished") or "") for item in _written(said)]
    written += [str(item.get("dateCreated") or "") for item in _written(said)]
    return next(filter(None, map(iso_date, written)), None) or _shown_date(root)


def _shown_date(root: Element) -> str | None:
    """Take an element marked as the day of publication, or one called so that holds only a date."""
    for element in elements(root):
        marked = element.get("itemprop") in {"datePublished", "dateCreated"}
        if marked or element.get("pubdate") is not None:
            value = element.get("datetime") or element.get("content") or words(element)
        elif any(DATE_CLASS.search(name) for name in classes(element)) and len(element) < 5:
            value = words(element)
        else:
            continue
        if found := iso_date(value):
            return found
    return None


def iso_date(value: str) -> str | None:
    """Return the day of a time stamp or of a written date; None for a form with two meanings."""
    stamp = re.match(r"\d{4}-\d{2}-\d{2}(?=$|[T\s])", value)
    found = stamp[0] if stamp else date_in(value[:60])
    return found if found and is_date(found) else None


def _short(text: str | None, limit: int) -> str | None:
    return text if text and len(text) <= limit else None
