"""A source as an editor corrects it: text with front matter, whatever it was before.

HTML, PDF and Word files cannot carry front matter, and nobody can mend a sentence in a PDF. What is
kept in the corpus folder is therefore what was read from them, as plain text: Markdown would take
asterisks, brackets and tags of the text for its own. The file itself is kept in the data folder.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from ingest.articles import Prepared
from ingest.decoding import cleaned, decoded
from ingest.frontmatter import Header, split_header
from ingest.isolation import Reader, ReadingFailedError
from ingest.readers import format_of
from ingest.sources import NOT_SOURCES, Source, read_source
from pincite.errors import SourceError
from pincite.model import Article, Section

Read = Callable[[Source], Prepared]
TEXT_FORMATS = frozenset({"markdown", "text"})
LONGEST_NAME = 120
"""Bytes of a file name, so that `-2` and a suffix still fit."""


def isolated(source: Source) -> Prepared:
    """Read one source in a child process of its own.

    Raises:
        SourceError, ReadingFailedError: the message is the reason.
    """
    with Reader() as reader:
        return reader.prepare(source)


def checked_file(path: Path, read: Read) -> Prepared:
    """Read a file that an editor names.

    Raises:
        SourceError: it cannot be published; names the file and the reason.
    """
    try:
        return read(read_source(path.parent, path))
    except (SourceError, ReadingFailedError) as error:
        raise SourceError(f"{path} was not added: {error}") from error


def editable(source: Source, header: Header, *, read: Read = isolated) -> Source:
    """Return the source as it is to be kept: text that begins with what the editor says of it.

    A field that the editor leaves empty keeps what the source says.

    Raises:
        SourceError: there is no text to publish; the message is the reason.
    """
    found = read(source)
    is_text = format_of(source.name, source.raw) in TEXT_FORMATS
    if is_text and header.title in {None, found.article.title}:
        said, body = as_form(source)
        if (merged := _merged(said, header)) == said:
            return source
        return Source(source.name, written(merged, body))
    facts = _merged(_header_of(found.article), header)
    name = PurePosixPath(source.name).with_suffix(".txt").as_posix()
    return Source(name, written(facts, as_text(found.article)))


def headed(source: Source, header: Header) -> Source:
    """Put a header over a text that begins with its first section; leave other formats alone.

    `editable` takes a text to bring its own title, which gives way to the editor's; this does not.
    """
    if format_of(source.name, source.raw) not in TEXT_FORMATS:
        return source
    said, body = as_form(source)
    return Source(source.name, written(_merged(said, header), body))


def as_form(source: Source) -> tuple[Header, str]:
    """Return what stands in the header of a text, and the text itself, for an editor to change."""
    header, body, _ = split_header(cleaned(decoded(source.raw)[0])[0])
    return header, body.strip("\n")


def written(header: Header, body: str) -> bytes:
    """Write a source with its front matter."""
    facts: dict[str, Any] = {
        field.name: list(value) if isinstance(value, tuple) else value
        for field in fields(header)
        if (value := getattr(header, field.name))
    }
    front = yaml.safe_dump(facts, allow_unicode=True, sort_keys=False, width=1000)
    return (f"---\n{front}---\n\n" if facts else "").encode() + f"{body}\n".encode()


def _merged(said: Header, header: Header) -> Header:
    given = {f.name: value for f in fields(header) if (value := getattr(header, f.name))}
    return replace(said, **given)


def _header_of(article: Article) -> Header:
    return Header(
        title=article.title,
        kind=article.kind,
        topics=article.topics,
        speaker=article.speaker,
        author=article.author,
        date=article.date,
        place=article.place,
        url=article.url,
    )


def as_text(article: Article) -> str:
    """Write an article as plain text from which its sections can be read again."""
    parts = []
    end = 0
    for number, section in enumerate(article.sections):
        lead = article.text[end : section.start].strip("\n")
        body = article.text[section.start : section.end]
        parts.append(LAYOUTS[article.kind](article, number, lead, body))
        end = section.end
    rest = article.text[end:].strip("\n")
    return "\n\n".join(filter(None, [*parts, *(_heading(line) for line in rest.split("\n\n"))]))


def _column_part(article: Article, number: int, lead: str, body: str) -> str:
    return f"Q: {lead}\n\nA: {body}" if lead else body


def _guide_part(article: Article, number: int, lead: str, body: str) -> str:
    return "\n\n".join(filter(None, [*(_heading(line) for line in lead.split("\n\n")), body]))


def _heading(line: str) -> str:
    return f"## {line}" if line else ""


def _thread_part(article: Article, number: int, lead: str, body: str) -> str:
    section = article.sections[number]
    count = len(article.sections) - number
    opens = not section.is_question and (not number or article.sections[number - 1].is_question)
    return "\n\n".join(filter(None, [_count_line(section, count) if opens and not lead else "",
                                     lead or _border(section), body]))  # fmt: skip


def _count_line(section: Section, count: int) -> str:
    return "Responses" if section.heading == "Responses" else f"{count} Responses"


def _border(section: Section) -> str:
    return section.heading if section.heading.startswith("Response ") else ""


LAYOUTS: dict[str, Callable[[Article, int, str, str], str]] = {
    "column": _column_part,
    "thread": _thread_part,
    "guide": _guide_part,
}


def safe_name(name: str) -> str:
    """Return a file name that is a source: no folder, no dot in front, nothing unprintable."""
    base = PurePosixPath(name.replace("\\", "/")).name
    base = "".join(c for c in base if c.isprintable()).lstrip(".- ") or "article.txt"
    if base.lower().startswith(NOT_SOURCES):
        base = f"article-{base}"
    path = PurePosixPath(base)
    stem = path.stem.encode()[:LONGEST_NAME].decode(errors="ignore")
    return f"{stem}{path.suffix[:12]}"
