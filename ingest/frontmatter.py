"""The header of a source: a few known fields in YAML, and nothing that YAML can do besides."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from ingest.decoding import cleaned
from pincite.model import KINDS, SPEAKERS, Kind, Speaker

LARGEST_HEADER = 4096
LONGEST_VALUE = 500
"""Characters. A longer header or value is somebody's accident or attack."""

FIELDS = frozenset({"title", "kind", "topics", "speaker", "author", "date", "place", "url"})
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
DAY_AND_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ][\d:.Z+ -]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the source says of itself; None where it says nothing."""

    title: str | None = None
    kind: Kind | None = None
    topics: tuple[str, ...] = ()
    speaker: Speaker | None = None
    author: str | None = None
    date: str | None = None
    place: str | None = None
    url: str | None = None


class _PlainLoader(yaml.BaseLoader):
    """YAML whose every scalar is the text as written: no objects, no dates, `12:30` is no number.

    Without tags and aliases too: an alias can blow a small header up to gigabytes.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        if getattr(self.peek_event(), "tag", None):  # type: ignore[no-untyped-call] # PyYAML's
            raise yaml.YAMLError("tags are not allowed")
        return super().compose_node(parent, index)


def split_header(text: str) -> tuple[Header, str, list[str]]:
    """Return the header, the body and warnings; a header that cannot be read is left out."""
    text = text.lstrip("\n")
    handler = YAMLHandler()
    if not handler.detect(text):
        return Header(), text, []
    try:
        written, body = handler.split(text)
    except ValueError:
        return Header(), text, ["the header has no closing --- line: read as text"]
    if len(written) > LARGEST_HEADER:
        return Header(), body, [f"header ignored: longer than {LARGEST_HEADER} characters"]
    try:
        raw = handler.load(written, Loader=_PlainLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Header(), body, [f"header ignored: not valid YAML ({_one_line(error)})"]
    if not raw:
        return Header(), body, []
    if not isinstance(raw, Mapping):
        return Header(), text, ["the lines between --- are no header: read as text"]
    header, warnings = _header(raw)
    return header, body, warnings


def _header(raw: Mapping[Any, Any]) -> tuple[Header, list[str]]:
    warnings = [f"header field {str(k)[:40]!r} is not known" for k in raw if k not in FIELDS]
    named = {name: raw[name] for name in sorted(FIELDS - {"topics"}) if name in raw}
    warnings += [f"{n} ignored: not a text" for n, value in named.items() if not _is_text(value)]
    text = {name: _text(raw.get(name)) for name in FIELDS - {"topics"}}
    for name, value in text.items():
        if value is not None and len(value) > LONGEST_VALUE:
            warnings.append(f"{name} ignored: longer than {LONGEST_VALUE} characters")
            text[name] = None
    for name, allowed in (("kind", KINDS), ("speaker", SPEAKERS)):
        if text[name] is not None and text[name] not in allowed:
            warnings.append(f"{name} {text[name]!r} ignored: use one of {', '.join(allowed)}")
            text[name] = None
    if text["date"] and (day := DAY_AND_TIME.fullmatch(text["date"])):
        text["date"] = day[1]
    if text["date"] and not is_date(text["date"]):
        warnings.append(f"date {text['date']!r} ignored: write YYYY-MM-DD, YYYY-MM or YYYY")
        text["date"] = None
    if text["url"] and not re.match(r"https?://[^\s<>\"']+$", text["url"]):
        warnings.append("url ignored: only http and https addresses are shown")
        text["url"] = None
    return Header(**text, topics=_topics(raw.get("topics"))), warnings  # type: ignore[arg-type] # kind and speaker were checked above


def is_date(text: str) -> bool:
    """Whether a text is a year, a month or a day that exists, in ISO 8601."""
    if not DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10] if len(text) < 10 else text)
    except ValueError:
        return False
    return True


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _text(value: object) -> str | None:
    """Return a scalar on one line; YAML's escapes may bring back what was cleaned away."""
    return " ".join(cleaned(value)[0].split()) or None if isinstance(value, str) else None


def _topics(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else str(value).split(",") if value else []
    return tuple(t for t in map(_text, items[:50]) if t and len(t) <= LONGEST_VALUE)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
