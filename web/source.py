"""An article as HTML for the reader, with the cited words marked in place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise
from urllib.parse import urlsplit

from pincite.model import Article, Section, attribution
from pincite.sentences import Span
from web.links import web_address
from web.wording import plain, readable_date, sentence_case

LINE = re.compile(r"\S.*")
"""A canonical text holds a heading, a paragraph or a list item a line."""
BULLET = re.compile(r"[-*•·‣▪●\u2013]\s+")

CHANGED = "This article has changed since the answer was given, so the quoted words are not marked."
"""Shown in place of the mark when the words are no longer where the citation says."""

OPEN_MARK = '<mark class="cited">'
FIRST_MARK = '<mark class="cited" id="cited" tabindex="-1">'


@dataclass(frozen=True, slots=True)
class Marks:
    """What to mark: the cited words strongly, the same answer's other quotes lightly."""

    cited: Span | None = None
    others: tuple[Span, ...] = ()

    def at(self, offset: int) -> str | None:
        """Return the tag that opens before the character at `offset`."""
        if self.cited and self.cited[0] <= offset < self.cited[1]:
            return OPEN_MARK
        if any(start <= offset < end for start, end in self.others):
            return "<mark>"
        return None

    def borders(self, span: Span) -> list[int]:
        """Return the offsets that cut `span` into stretches with one marking each."""
        spans = [*self.others, *([self.cited] if self.cited else [])]
        inside = {offset for pair in spans for offset in pair if span[0] < offset < span[1]}
        return sorted({*span, *inside})


def article_html(article: Article, marks: Marks, *, changed: bool = False) -> str:
    """Render the whole article; `changed` adds the note that the cited words have gone."""
    note = f'<p class="changed">{CHANGED}</p>' if changed else ""
    body = "".join(parts(article, marks))
    # The first stretch of the mark takes the focus; text is escaped, so this is the tag itself.
    body = body.replace(OPEN_MARK, FIRST_MARK, 1)
    return f'<article class="source">{head(article)}{note}<div class="text">{body}</div></article>'


def head(article: Article) -> str:
    by = sentence_case(attribution(speaker=article.speaker, author=article.author))
    facts = [by, readable_date(article.date), *([article.place] if article.place else [])]
    return (
        f'<h2 class="title" id="source-title">{plain(article.title)}</h2>'
        f'<p class="facts">{plain(" · ".join(facts))}{original(article.url)}</p>'
    )


def original(url: str | None) -> str:
    address = web_address(url)
    if address is None:
        return ""
    host = plain(urlsplit(address).netloc)
    return f' · <a href="{plain(address)}" target="_blank" rel="noopener noreferrer">{host}</a>'


def parts(article: Article, marks: Marks) -> Iterator[str]:
    """Render the sections and what stands between them, in order."""
    at = 0
    for section in article.sections:
        yield heading_html(article.text, (at, section.start), section, marks)
        yield lines_html(article.text, (section.start, section.end), marks)
        at = section.end
    yield lines_html(article.text, (at, len(article.text)), marks)


def heading_html(text: str, before: Span, section: Section, marks: Marks) -> str:
    """Render the lines before a section as its heading, or the label it was given."""
    lines = [line_html("h3", text, line, marks) for line in lines_of(text, before)]
    label = plain(section.heading)
    return "".join(lines) or (f"<h3>{label}</h3>" if label else "")


def lines_html(text: str, span: Span, marks: Marks) -> str:
    """Render each line as a paragraph, and runs of lines with a bullet as lists."""
    runs = groupby(lines_of(text, span), key=lambda line: bool(BULLET.match(text, *line)))
    return "".join(
        (list_html if is_list else paragraphs)(text, list(run), marks) for is_list, run in runs
    )


def lines_of(text: str, span: Span) -> list[Span]:
    return [match.span() for match in LINE.finditer(text, *span)]


def list_html(text: str, lines: Sequence[Span], marks: Marks) -> str:
    items = (line_html("li", text, (after_bullet(text, line), line[1]), marks) for line in lines)
    return f"<ul>{''.join(items)}</ul>"


def after_bullet(text: str, line: Span) -> int:
    bullet = BULLET.match(text, *line)
    return bullet.end() if bullet else line[0]


def paragraphs(text: str, lines: Sequence[Span], marks: Marks) -> str:
    return "".join(line_html("p", text, line, marks) for line in lines)


def line_html(tag: str, text: str, line: Span, marks: Marks) -> str:
    """Render a line; it says where it starts, so that selected words can be found in the text."""
    return f'<{tag} data-start="{line[0]}">{marked(text, line, marks)}</{tag}>'


def marked(text: str, span: Span, marks: Marks) -> str:
    """Escape a stretch of text, its marks around it; a mark that goes on is opened again."""
    borders = marks.borders(span)
    pieces = []
    for start, end in pairwise(borders):
        tag = marks.at(start)
        words = escape(text[start:end])
        pieces.append(f"{tag}{words}</mark>" if tag else words)
    return "".join(pieces)
