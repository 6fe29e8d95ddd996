"""Blocks to sections: what belongs together in a column, a thread or a guide."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.blocks import Block, answer_in, folded, question_in
from pincite.model import Kind, Section, Speaker

RESPONSE_COUNT = re.compile(
    r"\(?(?P<count>\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten)\s+"
    r"(?:responses?|repl(?:y|ies)|answers?|comments?)(?:\s+so far)?\W*",
    re.IGNORECASE,
)
NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
BORDERS = (
    re.compile(r"(?:Response|Reply|Answer|Comment)\s*(?:#\s*)?\d{1,3}\s*[:.]?", re.IGNORECASE),
    re.compile(r"[^.!?:]{2,60}\s(?:says|said|wrote|writes|replied|answered|responded)\s*:?"),
    re.compile(
        r"(?:posted|reply|response|answer|comment)\s+(?:by|from)\s+[^.!?]{2,80}", re.IGNORECASE
    ),
)
"""Lines that open a response: `Response 2`, `Jo Doe says:`, `Posted by Jo Doe, 4 March 2019`."""

PLAIN_HEADING = re.compile(r"[^\W_a-z].*[^.,;:!…\"'”’)]")
OPENING = "Opening post"
RESPONSES = "Responses"


@dataclass(frozen=True, slots=True)
class Part:
    """A section before its text is laid out: what stands before the body, and the body."""

    heading: str
    body: tuple[Block, ...]
    lead: tuple[Block, ...] = ()
    """The heading as it stands in the source; empty where the heading is a label of ours."""
    is_question: bool = False


def kind_of(blocks: Sequence[Block]) -> Kind:
    """Tell a column by its Q and A markers, a thread by its count line or numbered responses."""
    has_question = any(question_in(block.text) is not None for block in blocks)
    if has_question and any(answer_in(block.text) is not None for block in blocks):
        return "column"
    if any(_is_count_line(block) for block in blocks[1:]):
        return "thread"
    numbered = [block for block in blocks if _opens_response(block) and "esponse" in block.text]
    return "thread" if numbered else "guide"


def column_parts(blocks: Sequence[Block]) -> list[Part]:
    """Begin a part at each question; its heading is the question, its body the answer.

    Without answer markers the question is the one block that carries its marker.
    """
    groups = _split_before(blocks, lambda block: question_in(block.text) is not None)
    intro, questions = ([], groups) if _is_question(groups[0]) else (groups[0], groups[1:])
    parts = [Part("", tuple(intro))] if intro else []
    return parts + [_question_part(group) for group in questions]


def _is_question(group: Sequence[Block]) -> bool:
    return bool(group) and question_in(group[0].text) is not None


def _question_part(group: Sequence[Block]) -> Part:
    marked = [i for i, block in enumerate(group) if answer_in(block.text) is not None]
    border = marked[0] if marked else 2 if not question_in(group[0].text) else 1
    question = _unmarked(group[:border], question_in)
    heading = folded(" ".join(block.text for block in question))
    return Part(heading, _unmarked(group[border:], answer_in), question)


def _unmarked(blocks: Sequence[Block], marker: Callable[[str], str | None]) -> tuple[Block, ...]:
    """Take the markers away, and blocks that were nothing but a marker."""
    stripped = (
        block if (rest := marker(block.text)) is None else replace(block, text=rest)
        for block in blocks
    )
    return tuple(block for block in stripped if block.text or block.kind == "rule")


def thread_parts(blocks: Sequence[Block]) -> list[Part]:
    """Part the opening post from the responses, and these where a stated rule tells a border."""
    count_at = next((i for i, b in enumerate(blocks) if _is_count_line(b)), None)
    if count_at is not None:
        opening, rest = blocks[:count_at], blocks[count_at + 1 :]
        count = _count(blocks[count_at].text)
    else:
        first = next((i for i, b in enumerate(blocks) if _opens_response(b)), len(blocks))
        opening, rest, count = blocks[:first], blocks[first:], None
    parts = [Part(OPENING, tuple(opening), is_question=True)] if opening else []
    return parts + _responses(rest, count)


def _responses(blocks: Sequence[Block], count: int | None) -> list[Part]:
    for opens in (_opens_response, _is_heading, _is_rule):
        if any(opens(block) for block in blocks):
            return _bordered(_split_before(blocks, opens), opens)
    texts = [block for block in blocks if block.kind == "paragraph"]
    if count == 1 or count == len(texts) == len(blocks):
        groups = [blocks] if count == 1 else [[block] for block in blocks]
        return [Part(f"Response {n}", tuple(g)) for n, g in enumerate(groups, 1) if g]
    return [Part(RESPONSES, tuple(blocks))] if blocks else []


def _bordered(groups: Sequence[Sequence[Block]], opens: Callable[[Block], bool]) -> list[Part]:
    parts: list[Part] = []
    for group in (g for g in groups if g):
        lead = tuple(b for b in group[:1] if opens(b) and b.kind != "rule")
        body = tuple(group[1:] if opens(group[0]) else group)
        heading = lead[0].text.rstrip(":") if lead else f"Response {len(parts) + 1}"
        if body:
            parts.append(Part(heading, body, lead))
    return parts


def guide_parts(blocks: Sequence[Block]) -> list[Part]:
    """Begin a part at each heading."""
    parts = []
    blocks = _with_plain_headings(blocks)
    for group in _split_before(blocks, _is_heading):
        has_heading = bool(group) and _is_heading(group[0])
        heading = group[0].text if has_heading else ""
        parts.append(Part(heading, tuple(group[has_heading:]), tuple(group[:has_heading])))
    return parts


PARTS: Mapping[Kind, Callable[[Sequence[Block]], list[Part]]] = {
    "column": column_parts,
    "thread": thread_parts,
    "guide": guide_parts,
}


def lay_out(parts: Sequence[Part], *, speaker: Speaker) -> tuple[str, tuple[Section, ...]]:
    """Write the canonical text and the sections' places in it.

    Blocks stand a blank line apart, items of one list on consecutive lines. A part without words
    of its own leaves its heading in the text and no section; where all are so, the text is one.
    """
    text = ""
    sections = []
    for part in parts:
        text = _append(text, part.lead)
        start = len(text) + 2 if text else 0
        text = _append(text, part.body)
        if start < len(text):
            sections.append(
                Section(
                    start=start,
                    end=len(text),
                    heading=part.heading,
                    speaker=speaker,
                    is_question=part.is_question,
                )
            )
    if text and not sections:
        sections = [Section(start=0, end=len(text), heading="", speaker=speaker)]
    return text, tuple(sections)


def _append(text: str, blocks: Sequence[Block]) -> str:
    follows_item = False
    for block in blocks:
        if block.kind != "rule" and block.text:
            is_item = block.kind == "item"
            text += ("\n" if is_item and follows_item else "\n\n") if text else ""
            text += block.text
            follows_item = is_item
    return text


def _split_before(blocks: Sequence[Block], opens: Callable[[Block], bool]) -> list[list[Block]]:
    groups: list[list[Block]] = [[]]
    for block in blocks:
        if opens(block) and groups[-1]:
            groups.append([])
        groups[-1].append(block)
    return groups


def _with_plain_headings(blocks: Sequence[Block]) -> list[Block]:
    """Make headings of the lines of plain text that look like one and have text below them."""
    below = [*blocks[1:], None]
    return [
        replace(block, kind="heading", level=2)
        if _looks_like_heading(block) and after and not _looks_like_heading(after)
        else block
        for block, after in zip(blocks, below, strict=False)
    ]


def _looks_like_heading(block: Block) -> bool:
    """A line alone between blank ones, short, beginning with a capital, without a full stop."""
    return (
        block.stands_alone and len(block.text) <= 80 and bool(PLAIN_HEADING.fullmatch(block.text))
    )


def _is_heading(block: Block) -> bool:
    return block.kind == "heading"


def _is_rule(block: Block) -> bool:
    return block.kind == "rule"


def _is_count_line(block: Block) -> bool:
    return block.kind != "item" and bool(RESPONSE_COUNT.fullmatch(block.text))


def _opens_response(block: Block) -> bool:
    return block.kind in {"heading", "paragraph"} and any(b.fullmatch(block.text) for b in BORDERS)


def _count(line: str) -> int:
    written = RESPONSE_COUNT.fullmatch(line)["count"].lower()  # type: ignore[index] # it is a count line
    return int(written) if written.isdecimal() else NUMBERS.index(written)
