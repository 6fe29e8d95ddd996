"""An export as plain text: with lines of a readable width for a file, without for pasting."""

import re
from collections.abc import Iterator
from textwrap import TextWrapper
from typing import Final

from web.exporting.document import Document, Entry, Line, Voice
from web.exporting.source import Source

WIDTH: Final = 76
UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Controls that no reader sees and that could make a line read as another one."""


def shown(text: str) -> str:
    """Put a text on one line, without what cannot be seen."""
    return " ".join(UNSEEN.sub("", text).split())


class Writer:
    """Sets paragraphs, each an item of what is joined by line breaks in the end."""

    def __init__(self, width: int | None) -> None:
        self.width = width

    def paragraph(self, text: str, indent: str = "", hang: str | None = None) -> str:
        """Set a paragraph; `hang` begins its further lines, or else `indent` does."""
        text = shown(text)
        if self.width is None:
            return f"{indent}{text}"
        wrapper = TextWrapper(
            width=self.width,
            initial_indent=indent,
            subsequent_indent=indent if hang is None else hang,
            break_long_words=False,  # addresses stay whole
            break_on_hyphens=False,
        )
        return wrapper.fill(text)


def as_text(doc: Document, *, width: int | None = WIDTH) -> str:
    """Return the whole text; without a width a paragraph is one line and nothing is indented."""
    writer = Writer(width)
    rule = "\n\n" + "-" * 20 + "\n\n"
    body = rule.join("\n\n".join(entry_blocks(each, writer)) for each in doc.entries)
    end = "\n".join(writer.paragraph(line) for line in (doc.exported, *doc.remarks))
    return f"{body}\n\n{end}\n"


def entry_blocks(entry: Entry, writer: Writer) -> Iterator[str]:
    """Yield what is set off by an empty line."""
    yield writer.paragraph(f"Question: {entry.question}")
    if entry.understood:
        yield writer.paragraph(f"Understood as: {entry.understood}")
    yield from (writer.paragraph(text) for text in (entry.notice, entry.outcome) if text)
    yield from (voice_block(voice, writer) for voice in entry.voices)
    for part in entry.uncovered:
        yield writer.paragraph(f"The library does not cover: {part}")
    if entry.remark:
        yield writer.paragraph(entry.remark)
    if entry.sources:
        yield "\n".join(["Sources", *(source_block(each, writer) for each in entry.sources)])


def voice_block(voice: Voice, writer: Writer) -> str:
    who, particulars = voice.heads
    heads = [" · ".join(filter(None, (who, voice.title))), *filter(None, [particulars])]
    lines = [line_text(line) for line in voice.lines]
    indent = "" if writer.width is None else "  "
    return "\n".join(
        [*map(writer.paragraph, heads), *(writer.paragraph(line, indent) for line in lines)]
    )


def line_text(line: Line) -> str:
    written = {"quote": f"“{line.text}”", "claim": line.text, "missing": f"({line.text})"}
    whose = f" ({line.whose})" if line.whose else ""
    return f"{written[line.kind]} {line.marks}{whose}"


def source_block(source: Source, writer: Writer) -> str:
    hang = "" if writer.width is None else "    "
    cite = " · ".join((f"“{source.title}”", *source.facts))
    more = [
        *filter(None, (source.missing, source.old)),
        *([f"{address_label(source)}: {source.address}"] if source.address else []),
        *([f"Original: {source.original}"] if source.original else []),
    ]
    first = writer.paragraph(f"[{source.number}] {cite}", "", hang)
    return "\n".join([first, *(writer.paragraph(line, hang) for line in more)])


def address_label(source: Source) -> str:
    """Say what a link leads to: the words, or the article where the words have gone."""
    return "At these words" if source.words else "The article"
