"""Q&A columns: where a question begins and where its answer does, in every dress they wear.

A style is a function from blocks to the questions found, none if the article is not so dressed.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.blocks import Block, answer_in, answerer_in, folded, question_in
from ingest.parts import Part

LONGEST_QUESTION = 60
"""Words of a question that nothing marks but its question mark."""

NAME_WORD = r"[^\W\d_a-z][\w.'’-]*"
LABEL = re.compile(
    rf"(?!Re:)(?P<who>{NAME_WORD}(?:\s+{NAME_WORD}){{0,3}})(?:\s*\([^()]{{2,40}}\))?\s*:\s*"
)
"""`Pincite:`, `Jane Roe:`, `JR:`, `Li Park (counsel):` at the start of a line: who speaks."""

NUMBER = re.compile(r"\d{1,2}[.)]\s+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answer: heading, and the places of both in the blocks."""

    start: int
    answer: int
    heading: str


Marker = Callable[[str], str | None]
"""What follows a marker at the start of a line, or None."""

Style = Callable[[Sequence[Block]], list[Asked]]


def marked(blocks: Sequence[Block]) -> list[Asked]:
    """Find questions with a marker, `Q:`; the answer begins at its marker or after one block."""
    starts = [i for i, block in enumerate(blocks) if question_in(block.text) is not None]
    found = []
    for start, end in pairwise([*starts, len(blocks)]):
        answers = (i for i in range(start, end) if answer_in(blocks[i].text) is not None)
        after_one = start + 1 if question_in(blocks[start].text) else start + 2
        answer = next(answers, min(after_one, end))
        found.append(Asked(start, answer, _heading(blocks[start:answer], question_in)))
    return found


def named(blocks: Sequence[Block]) -> list[Asked]:
    """Find an interview: the first to speak asks.

    Rule: the first who speaks twice asks; more than half of these turns hold a question mark, and
    somebody else replies each time but the last.
    """
    turns = [(i, who) for i, block in enumerate(blocks) if (who := _speaker(block))]
    counts = Counter(who for _, who in turns)
    asker = next((who for _, who in turns if counts[who] > 1), "")
    asked = [n for n, (_, who) in enumerate(turns) if who == asker]
    ends = [i for i, _ in turns[1:]] + [len(blocks)]
    asks = [n for n in asked if any("?" in b.text for b in blocks[turns[n][0] : ends[n]])]
    replied = [n for n in asked if n + 1 < len(turns) and n + 1 not in asked]
    if len(asks) <= len(asked) / 2 or len(replied) < len(asked) - 1:
        return []
    return [
        Asked(turns[n][0], ends[n], _heading(blocks[turns[n][0] : ends[n]], _unlabelled))
        for n in asked
    ]


def bold(blocks: Sequence[Block]) -> list[Asked]:
    """Find at least two runs of bold paragraphs that end in a question mark, with text below."""
    found = []
    for start, end in _runs(blocks, lambda block: block.is_bold):
        has_answer = end < len(blocks) and blocks[end].kind in {"paragraph", "item"}
        if has_answer and blocks[end - 1].text.endswith("?"):
            found.append(Asked(start, end, NUMBER.sub("", _heading(blocks[start:end]), count=1)))
    return found if len(found) > 1 else []


def numbered(blocks: Sequence[Block]) -> list[Asked]:
    """Find at least two numbered items that are questions, each with something else below."""
    found = [
        Asked(i, i + 1, NUMBER.sub("", block.text, count=1))
        for i, (block, below) in enumerate(pairwise(blocks))
        if _is_numbered(block) and block.text.endswith("?") and not _is_numbered(below)
    ]
    return found if len(found) > 1 else []


def lines(blocks: Sequence[Block]) -> list[Asked]:
    """Find at least three short paragraphs that are questions, each with an answer below.

    Rule: at most two paragraphs stand above the first; nothing in the article is a heading; each
    ends in a question mark, has at most sixty words, and what follows it is not a question; an
    answer has three paragraphs on average, since the questions of a forum lie farther apart.
    """
    found = [
        Asked(i, i + 1, block.text)
        for i, (block, below) in enumerate(pairwise(blocks))
        if _is_plain_question(block) and below.kind != "rule" and not below.text.endswith("?")
    ]
    has_heading = any(block.kind == "heading" for block in blocks)
    is_dense = len(found) > 2 and len(blocks) - found[0].start <= 4 * len(found)
    return found if is_dense and found[0].start <= 2 and not has_heading else []


STYLES: tuple[Style, ...] = (named, bold, numbered, lines)
"""What an article without markers may be dressed in, the surest first."""


def questions_of(blocks: Sequence[Block]) -> list[Asked]:
    """Return the questions of a column, none where they are headings or there are none."""
    found = marked(blocks)
    return found or next(filter(None, (style(blocks) for style in STYLES)), [])


def is_marked(blocks: Sequence[Block]) -> bool:
    """Whether both markers occur, or question markers alone at least twice with text below."""
    found = marked(blocks)
    if any(answer_in(block.text) is not None for block in blocks):
        return bool(found)
    ends = [*(asked.start for asked in found[1:]), len(blocks)]
    return len([a for a, end in zip(found, ends, strict=False) if a.answer < end]) > 1


def parts_of(blocks: Sequence[Block], found: Sequence[Asked]) -> list[Part]:
    """Make a part of each question with its answer, and one of what stands above the first."""
    unsigned = _unsigned(blocks, found)
    first = found[0].start
    ends = [asked.start for asked in found[1:]] + [len(blocks)]
    above, intro = _without_last_headings(blocks[:first])
    parts = [Part("", tuple(intro))] if intro else []
    for asked, end in zip(found, ends, strict=True):
        question = _unmarked(blocks[asked.start : asked.answer], question_in)
        answer = _unmarked(blocks[asked.answer : end], unsigned)
        below, body = _without_last_headings(answer) if end < len(blocks) else ((), answer)
        signature = _signature(blocks[asked.answer : end], unsigned)
        parts.append(Part(asked.heading, tuple(body), (*above, *question, *signature)))
        above = below
    return parts


def _without_last_headings(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Part the headings at the end, which belong to the next question, from what they follow."""
    end = len(blocks)
    while end and blocks[end - 1].kind in {"heading", "rule"}:
        end -= 1
    return tuple(blocks[end:]), tuple(blocks[:end])


def _unmarked(blocks: Sequence[Block], marker: Marker) -> tuple[Block, ...]:
    """Take the markers away, and blocks that were nothing but a marker."""
    stripped = (
        block if (rest := marker(block.text)) is None else replace(block, text=rest)
        for block in blocks
    )
    return tuple(block for block in stripped if block.text or block.kind == "rule")


def _unsigned(blocks: Sequence[Block], found: Sequence[Asked]) -> Marker:
    """Return what takes markers from answers, and names if one answers; of several they stay."""
    if marked(blocks):
        names = {who for block in blocks if (who := answerer_in(block.text))}
        keeps = len(names) > 1
        return lambda text: None if keeps and answerer_in(text) else answer_in(text)
    answers = [blocks[asked.answer] for asked in found if asked.answer < len(blocks)]
    signed = {who for block in answers if (who := _speaker(block))}
    return lambda text: _unlabelled(text) if signed == {_who(text)} else None


def _signature(answer: Sequence[Block], unsigned: Marker) -> list[Block]:
    """Keep the name that is taken from an answer as a line above it."""
    first = answer[0].text if answer else ""
    who = answerer_in(first) or (None if answer_in(first) else _who(first))
    return [Block("paragraph", f"{who}:")] if who and unsigned(first) is not None else []


def _heading(blocks: Sequence[Block], marker: Marker = lambda text: None) -> str:
    return folded(" ".join(block.text for block in _unmarked(blocks, marker)))


def _speaker(block: Block) -> str | None:
    return _who(block.text) if block.kind in {"paragraph", "heading"} else None


def _who(text: str) -> str | None:
    match = LABEL.match(text)
    return match["who"] if match else None


def _unlabelled(text: str) -> str | None:
    match = LABEL.match(text)
    return text[match.end() :] if match else None


def _runs(blocks: Sequence[Block], holds: Callable[[Block], bool]) -> list[tuple[int, int]]:
    """Return start and end of each run of blocks for which it holds."""
    edges = [False, *map(holds, blocks), False]
    borders = [i for i, (a, b) in enumerate(pairwise(edges)) if a != b]
    return list(zip(borders[::2], borders[1::2], strict=True))


def _is_numbered(block: Block) -> bool:
    return block.kind == "item" and bool(NUMBER.match(block.text))


def _is_plain_question(block: Block) -> bool:
    return (
        block.kind == "paragraph"
        and not block.is_quoted
        and block.text.endswith("?")
        and len(block.text.split()) <= LONGEST_QUESTION
    )
