"""What an export says, whatever its form: questions, answers by voice, and complete cites."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, Literal

from pincite.library import Library
from pincite.model import Article
from web.dialogue import without_instead
from web.exporting.body import Item, Pin, Said
from web.exporting.source import Source, source
from web.refusal import NO_ANSWER
from web.wording import readable_date

FAILED: Final = "No answer was given: something went wrong, or it was stopped."
UNFINISHED: Final = "This answer was not finished when it was exported."
UNSUPPORTED: Final = (
    "A sentence of the answer is left out here: none of the words that supported it can be found."
)
QUOTED: Final = "What stands in quotation marks was compared with the library's articles that day."
WRITTEN: Final = (
    "Sentences without quotation marks were written by a chat model; below each stand the quotes "
    "that it was checked against."
)
NEARBY: Final = "The links to articles open on the computer that Pincite runs on."
LOOPBACK: Final = ("http://127.0.0.1", "http://localhost", "http://[::1]")


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph below a voice."""

    kind: Literal["quote", "claim", "missing"]
    text: str
    sources: tuple[Source, ...] = ()
    whose: str = ""
    """Names the voice of a quote that stands under another's."""

    @property
    def marks(self) -> str:
        return "".join(f"[{each.number}]" for each in self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What one voice says in one article, as far as it stands together."""

    title: str
    heads: tuple[str, str]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One question with its answer; `outcome` stands in place of an answer that there is not."""

    question: str
    understood: str = ""
    notice: str = ""
    voices: tuple[Voice, ...] = ()
    outcome: str = ""
    uncovered: tuple[str, ...] = ()
    remark: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Ready to be written; all text is as it was found, each format escapes it in its own way."""

    entries: tuple[Entry, ...]
    exported: str
    remarks: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.entries[0].question if len(self.entries) == 1 else "Questions and answers"


def document(items: Sequence[Item], *, library: Library, origin: str, day: date) -> Document:
    """Look everything up in one generation; `origin` is where the articles' pages are served."""
    entries = tuple(
        entry(item, articles=library.articles, origin=origin, day=day) for item in items
    )
    lines = [line for each in entries for voice in each.voices for line in voice.lines]
    remarks = {
        QUOTED: any(line.kind == "quote" for line in lines),
        WRITTEN: any(line.kind == "claim" for line in lines),
        NEARBY: bool(lines) and origin.startswith(LOOPBACK),
    }
    return Document(
        entries=entries,
        exported=f"Exported from Pincite on {readable_date(day.isoformat())}, "
        f"from generation {library.generation} of its library.",
        remarks=tuple(remark for remark, applies in remarks.items() if applies),
    )


def entry(item: Item, *, articles: Mapping[str, Article], origin: str, day: date) -> Entry:
    pins = dict.fromkeys(pin for said in item.statements for pin in said.citations)
    found = {
        pin: source(pin, number, articles=articles, origin=origin, day=day)
        for number, pin in enumerate(pins, start=1)
    }
    question = on_one_line(without_instead(item.question))
    understood = on_one_line(item.standalone_question)
    return Entry(
        question=question,
        understood="" if understood == question else understood,
        notice=item.notice,
        voices=tuple(voices(item.statements, found)),
        outcome=outcome(item),
        uncovered=item.uncovered,
        remark="" if item.is_complete or item.status == "failed" else UNFINISHED,
        sources=tuple(found.values()),
    )


def outcome(item: Item) -> str:
    if item.status == "refused":
        return item.reply or NO_ANSWER
    return FAILED if item.status == "failed" or not item.statements else ""


def voices(statements: Iterable[Said], found: Mapping[Pin, Source]) -> Iterable[Voice]:
    """Group statements by the voice of their first quote, as the page does."""
    groups = groupby(statements, key=lambda said: found[said.citations[0]].voice)
    for _, group in groups:
        said = list(group)
        first = found[said[0].citations[0]]
        lines = [
            line for each in said for line in said_lines(each, [found[p] for p in each.citations])
        ]
        yield Voice(title=first.title, heads=first.heads, lines=tuple(lines))


def said_lines(said: Said, sources: Sequence[Source]) -> list[Line]:
    """Write a sentence: a claim before its quotes, and for words that have gone a note."""
    there = [each for each in sources if each.words]
    missing = [Line("missing", each.missing, (each,)) for each in sources if not each.words]
    quotes = quote_lines(there, under=sources[0].voice)
    if not said.text or (there and all(said.text.split() == s.words.split() for s in there)):
        return quotes + missing
    claim = Line("claim", said.text, tuple(sources)) if there else Line("missing", UNSUPPORTED)
    return [claim, *quotes, *missing]


def quote_lines(sources: Iterable[Source], *, under: tuple[str, str, str]) -> list[Line]:
    """Write each wording once, with all the places that it stands in."""
    places: dict[str, tuple[Source, ...]] = {}
    for each in sources:
        places[each.words] = (*places.get(each.words, ()), each)
    return [Line("quote", words, same, whose(same, under)) for words, same in places.items()]


def whose(sources: Iterable[Source], under: tuple[str, str, str]) -> str:
    others = (f"{s.heads[0]} · {s.title}" for s in sources if s.voice != under)
    return "; ".join(dict.fromkeys(others))


def on_one_line(text: str) -> str:
    return " ".join(text.split())
