"""Forum threads: the opening post, the count line, and the responses where a border is known."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.blocks import Block
from ingest.borders import (
    NUMBERED,
    SAYS,
    TITLED,
    borders,
    count_in,
    is_border,
    is_count_line,
    is_telling,
    names_alone,
)
from ingest.parts import Part, split_before

SIGNATURE = re.compile(r"(?:--|__)\s?(?:\S.{0,59})?")

OPENING = "Opening post"
RESPONSES = "Responses"

Flags = Sequence[bool]


def is_thread(blocks: Sequence[Block]) -> bool:
    """Tell a thread by a post's border, a count line, a numbered response or two signed posts."""
    if any(is_count_line(block) or block.kind == "post" for block in blocks[1:]):
        return True
    above = [block.text for block in blocks if is_border(block)]
    signed = [text for text in above if not SAYS.fullmatch(text) and not TITLED.fullmatch(text)]
    return len(signed) > 1 or any("esponse" in text and NUMBERED.fullmatch(text) for text in above)


def thread_parts(blocks: Sequence[Block]) -> list[Part]:
    """Part the opening post from the responses, and these where a stated rule tells a border."""
    if any(block.kind == "post" for block in blocks):
        return _posts(blocks)
    counts = [i for i, block in enumerate(blocks) if is_count_line(block)]
    count_at = next((i for i in counts if i > 0), counts[0] if counts else None)
    if count_at is not None:
        return [*_opening(blocks[:count_at]), *response_parts(blocks[count_at:])]
    flags = borders(blocks)
    starts = [i for i, flag in enumerate(flags) if flag and not (i and flags[i - 1])]
    if starts[:1] == [0] and not blocks[0].text.startswith(("Response", "Reply", "Answer")):
        starts = starts[1:]  # the opening post is signed as well
    first = starts[0] if starts else len(blocks)
    return [*_opening(blocks[:first]), *response_parts(blocks[first:])]


def response_parts(blocks: Sequence[Block]) -> list[Part]:
    """Part what follows a thread's opening post, or the comments below an article.

    Where no border is known, a single response, or as many paragraphs as the count line says, are
    parted; any other text stays one section, "Responses".
    """
    above = tuple(blocks[:1]) if blocks and is_count_line(blocks[0]) else ()
    rest = blocks[len(above) :]
    count = count_in(above[0].text) if above else None
    flags = _known_borders(rest, count)
    if flags is not None:
        parts = list(_bordered(rest, flags))
    elif count == 1 or count == len(rest) == len([b for b in rest if b.kind == "paragraph"]):
        groups = [tuple(rest)] if count == 1 else [(block,) for block in rest]
        parts = [Part(f"Response {n}", g) for n, g in enumerate(groups, 1) if g]
    else:
        parts = [Part(RESPONSES, tuple(rest))] if rest else []
    return [Part("", (), above), *parts] if above else parts


def _posts(blocks: Sequence[Block]) -> list[Part]:
    """Take the posts as the page marks them: the first asks, the others respond."""
    groups = split_before(blocks, lambda block: block.kind == "post")
    posts = [[b for b in group if b.kind != "post" and not is_count_line(b)] for group in groups]
    filled = [post for post in posts if post]
    responses = [
        part
        for n, post in enumerate(filled[1:], 1)
        for part in _part(f"Response {n}", post, borders(post))
    ]
    return [*_opening(filled[0] if filled else []), *responses]


def _opening(blocks: Sequence[Block]) -> list[Part]:
    return list(_part(OPENING, blocks, borders(blocks), is_question=True)) if blocks else []


def _known_borders(blocks: Sequence[Block], count: int | None) -> list[bool] | None:
    """Choose what parts the responses.

    Rule: of border lines, headings, rules and lines that hold a name alone, the first that gives
    as many responses as the count line says; otherwise the first of the first three that occurs.
    """
    classes = [
        borders(blocks),
        [block.kind == "heading" for block in blocks],
        [block.kind == "rule" for block in blocks],
        names_alone(blocks),
    ]
    for flags in classes if count is not None else ():
        if any(flags) and len(list(_groups(blocks, flags))) == count:
            return flags
    return next((flags for flags in classes[:3] if any(flags)), None)


def _groups(blocks: Sequence[Block], flags: Flags) -> Iterator[tuple[list[Block], list[bool]]]:
    """Begin a group at each border; borders in a row are one, and a group of rules is none."""
    starts = [i for i, flag in enumerate(flags) if flag and not (i and flags[i - 1])]
    for start, end in pairwise([*([] if starts[:1] == [0] else [0]), *starts, len(blocks)]):
        if any(block.kind != "rule" for block in blocks[start:end]):
            yield list(blocks[start:end]), list(flags[start:end])


def _bordered(blocks: Sequence[Block], flags: Flags) -> Iterator[Part]:
    for n, (group, own) in enumerate(_groups(blocks, flags), 1):
        yield from _part(_heading(group, own) or f"Response {n}", group, own)


def _heading(group: Sequence[Block], flags: Flags) -> str:
    """Take the first border line if it names or numbers the post; one below it may quote."""
    lead = [block for block, flag in zip(group, flags, strict=True) if flag]
    first = next((block for block in lead if is_border(block)), lead[0] if lead else None)
    return first.text.rstrip(": ") if first and is_telling(first) else ""


def _part(
    heading: str, group: Sequence[Block], flags: Flags, *, is_question: bool = False
) -> Iterator[Part]:
    """Keep border lines and quoted lines above a post, and its signature below, out of its body.

    They stay in the text. A post that quotes and adds nothing is its quotation.
    """
    start = next((i for i, flag in enumerate(flags) if not flag), len(group))
    body = next((i for i in range(start, len(group)) if not group[i].is_quoted), start)
    end = _signed_at(group, body)
    yield Part(heading, tuple(group[body:end]), tuple(group[:body]), is_question=is_question)
    if end < len(group):
        yield Part("", (), tuple(group[end:]))


def _signed_at(group: Sequence[Block], body: int) -> int:
    """Return where a signature begins: `--`, then at most three short lines to the end."""
    for i in range(max(body + 1, len(group) - 4), len(group)):
        is_short = all(len(block.text) <= 60 for block in group[i:])
        if SIGNATURE.fullmatch(group[i].text) and is_short:
            return i
    return len(group)
