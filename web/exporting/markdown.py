"""An export as Markdown, in which nothing but what is written here is markup."""

import re
from collections.abc import Iterator
from typing import Final

from web.exporting.document import Document, Entry, Line, Voice
from web.exporting.plain import address_label, shown
from web.exporting.source import Source

SIGNS: Final = re.compile(r"[\\`*_{}\[\]<>&~|$^=#@]|[:.](?=\S)|/(?=/)|(?<=/)/")
"""What is markup somewhere in a line. The colons, dots and slashes within a word are: a bare
address, which many viewers make a link of."""
FIRST: Final = re.compile(r"\A(?:([-+])|(\d+)([.)]))")
"""What is markup at the start of a line, besides."""


def escaped(text: str) -> str:
    """Write a text so that a viewer shows these words and makes nothing of them."""
    safe = SIGNS.sub(r"\\\g<0>", shown(text))
    return FIRST.sub(lambda found: rf"{found[2] or ''}\{found[1] or found[3]}", safe)


def as_markdown(doc: Document) -> str:
    """Return the whole text."""
    level = 1 if len(doc.entries) == 1 else 2
    blocks = [] if level == 1 else [f"# {escaped(doc.title)}"]
    for entry in doc.entries:
        blocks += entry_blocks(entry, level)
    ends = (doc.exported, *doc.remarks)
    return "\n\n".join([*blocks, "---", *map(escaped, ends)]) + "\n"


def entry_blocks(entry: Entry, level: int) -> Iterator[str]:
    yield f"{'#' * level} {escaped(entry.question)}"
    if entry.understood:
        yield f"Understood as: {escaped(entry.understood)}"
    yield from (escaped(text) for text in (entry.notice, entry.outcome) if text)
    for voice in entry.voices:
        yield from voice_blocks(voice)
    for part in entry.uncovered:
        yield f"The library does not cover: {escaped(part)}"
    if entry.remark:
        yield escaped(entry.remark)
    if entry.sources:
        yield f"{'#' * (level + 1)} Sources"
        yield "\n".join(source_item(each) for each in entry.sources)


def voice_blocks(voice: Voice) -> Iterator[str]:
    who, particulars = voice.heads
    named = " · ".join(filter(None, (f"**{escaped(who)}**" if who else "", escaped(voice.title))))
    yield hard_lines(named, *filter(None, [escaped(particulars)]))
    yield from map(line_block, voice.lines)


def line_block(line: Line) -> str:
    whose = f" ({escaped(line.whose)})" if line.whose else ""
    rest = f"{escaped(line.marks)}{whose}"
    match line.kind:
        case "quote":
            return f"> “{escaped(line.text)}” {rest}"
        case "claim":
            return f"{escaped(line.text)} {rest}"
        case "missing":
            return f"> ({escaped(line.text)}) {rest}".rstrip()


def source_item(source: Source) -> str:
    cite = " · ".join((f"“{escaped(source.title)}”", *map(escaped, source.facts)))
    more = [
        *(escaped(note) for note in (source.missing, source.old) if note),
        *([f"{address_label(source)}: <{source.address}>"] if source.address else []),
        *([f"Original: <{source.original}>"] if source.original else []),
    ]
    return hard_lines(f"- {escaped(f'[{source.number}]')} {cite}", *(f"  {line}" for line in more))


def hard_lines(*lines: str) -> str:
    """Keep the lines of one paragraph apart."""
    return "\\\n".join(lines)
