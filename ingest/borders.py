"""Lines of a thread that are nobody's words: who posted what follows and when, how many replied."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.blocks import Block, folded
from ingest.dates import MOMENT

NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WHAT = r"(?:responses?|repl(?:y|ies)|answers?|comments?)"
RESPONSE_COUNT = re.compile(
    rf"[\[(]?(?:(?:all|showing)\s+)?(?P<count>\d{{1,4}}|{'|'.join(NUMBERS[1:])})\s+"
    rf"(?:{WHAT}|thoughts?(?=\s+on\b))"
    r"(?:\s+so far|\s+(?:to|on)\s+[“\"«‘'].*)?\W*",
    re.IGNORECASE,
)
COUNT_BEHIND = re.compile(
    rf"(?:all\s+|user\s+|reader\s+)?(?:{WHAT}|discussion)\s*(?:\(\s*(?P<count>\d{{1,4}})\s*\)|:\s*(?P<number>\d{{1,4}}))\W*",
    re.IGNORECASE,
)
BARE_COUNT = re.compile(r"(?:responses|replies)\s*:?", re.IGNORECASE)
"""`2 Responses`, `Comments (4)`, `3 responses to “Title”`; without a number only as a heading."""

NUMBERED = re.compile(
    r"(?:(?:Response|Reply|Answer|Comment|Post)\s*(?:#\s*)?\d{1,3}|#\s?\d{1,4})"
    r"(?:\s+of\s+\d{1,4}|\s*(?:by|from|[|–—-])\s+[^.!?]{2,60})?\s*[:.]?",
    re.IGNORECASE,
)
POSTER = (
    r"(?!(?:I|he|He|she|She|we|We|they|They|you|You|it|It|who|Who|which)\b)"
    r"(?:[^\W_a-z][\w.'’-]*(?:\s+[^\W_a-z][\w.'’-]*){0,3}|[^\W_][\w.'’-]*)"
    r"(?:\s*\([^()]{2,30}\))?"
)
"""One word, or up to four that begin in capitals: a name, not the words of a post."""

SAYS = re.compile(
    rf"{POSTER}\s+(?:says|said|wrote|writes|replied|answered|responded|commented)\s*:?"
)
POSTED = re.compile(
    r"(?:originally\s+)?(?:posted|reply|response|answer|comment|submitted|asked|answered"
    r"|commented|replied)\s+(?:by|from)\s+(?:[^.!?]|(?<=\b[A-Z])\.){2,80}",
    re.IGNORECASE,
)
TITLED = re.compile(r"(?:Re|RE|re):\s+\S.{0,150}")
"""Lines that open a response: `Response 2`, `Jo Doe says:`, `Posted by Jo Doe, 4 March 2019`."""

AROUND_DATE = re.compile(
    r"\b(?:posted|by|on|at|says|said|wrote|commented|replied|responded|answered|asked|edited|likes?"
    r"|updated|original poster|op|reply|response|permalink)\b|#\s?\d{1,4}\b|[^\w\s.'’-]|\s[-–—]\s",
    re.IGNORECASE,
)
ABOUT_POSTER = re.compile(
    r"(?:joined|posts|location|member since|registered|reputation|messages|karma)\s*:?\s.{1,40}"
    r"|(?:(?:new|senior|junior|active|veteran|verified|full)\s+member|moderator|guest)",
    re.IGNORECASE,
)
NAME_ALONE = re.compile(POSTER)


def is_count_line(block: Block) -> bool:
    """`2 Responses`, `Comments (4)`; a heading that says `Responses`."""
    if block.kind in {"item", "rule", "post"} or len(block.text) > 200:
        return False
    is_bare = block.kind == "heading" or block.stands_alone or block.is_bold
    return bool(
        RESPONSE_COUNT.fullmatch(block.text)
        or COUNT_BEHIND.fullmatch(block.text)
        or (is_bare and BARE_COUNT.fullmatch(block.text))
    )


def is_border(block: Block) -> bool:
    """Whether a line names, numbers or dates the post below it."""
    text = block.text
    if block.kind not in {"heading", "paragraph"} or block.is_quoted or len(text) > 160:
        return False
    patterns = (NUMBERED, SAYS, POSTED, TITLED)
    return any(p.fullmatch(text) for p in patterns) or is_signed(text)


def is_signed(text: str) -> bool:
    """`Jo Doe | March 4, 2019 at 3:14 pm`, `2 days ago`: a moment, and at most a name."""
    rest = _around_moment(text)
    return rest is not None and (not rest or bool(NAME_ALONE.fullmatch(rest)))


def is_dated_line(block: Block) -> bool:
    """Whether a border line holds a moment."""
    return MOMENT.search(block.text) is not None


def _around_moment(text: str) -> str | None:
    """Return what stands beside a moment but for verbs, bars and numbers; None without one."""
    if len(text) > 120 or text.endswith((".", "!", "?")) or not (moment := MOMENT.search(text)):
        return None
    above, below = text[: moment.start()], text[moment.end() :]
    is_parted = not above or re.search(r"[^\w\s.'’]\s*$|\b(?:on|wrote|said|posted)\s*$", above)
    is_date = any(map(str.isdigit, moment[0]))
    return folded(AROUND_DATE.sub(" ", f"{above} {below}")) if is_parted or is_date else None


def borders(blocks: Sequence[Block]) -> list[bool]:
    """Flag border lines, and lines that belong to one: a name above it, the poster's rank below.

    Where at least two posts are dated, `Jo Doe said:` opens a quotation and no post of its own.
    """
    own = [is_border(block) for block in blocks]
    is_dated = sum(flag and is_dated_line(b) for flag, b in zip(own, blocks, strict=True)) > 1
    for i, block in enumerate(blocks):
        if is_dated and own[i] and SAYS.fullmatch(block.text):
            own[i] = any(own[max(i - 1, 0) : i])
    flags = list(own)
    for i, block in enumerate(blocks):
        if not own[i] and block.kind in {"paragraph", "heading"}:
            is_above = any(own[i + 1 : i + 2]) and _is_name_above(block, blocks[i + 1])
            is_below = any(flags[max(i - 1, 0) : i]) and bool(ABOUT_POSTER.fullmatch(block.text))
            flags[i] = is_above or is_below
    return flags


def _is_name_above(block: Block, border: Block) -> bool:
    """A name alone above a moment or a number that names nobody."""
    is_nameless = _around_moment(border.text) == "" or border.text.startswith("#")
    return is_nameless and bool(NAME_ALONE.fullmatch(block.text))


def names_alone(blocks: Sequence[Block]) -> list[bool]:
    return [
        block.kind == "paragraph"
        and bool(NAME_ALONE.fullmatch(block.text))
        and len(below.text) > 40
        for block, below in pairwise(blocks)
    ] + [False] * bool(blocks)


def is_telling(block: Block) -> bool:
    """Whether a border line is worth a heading: it says more than a moment or `#2`."""
    text = block.text
    if block.kind == "heading":
        return True
    is_number = text.startswith("#") and NUMBERED.fullmatch(text)
    patterns = (NUMBERED, SAYS, POSTED)
    return not is_number and any(pattern.fullmatch(text) for pattern in patterns)


def count_in(line: str) -> int | None:
    if match := RESPONSE_COUNT.fullmatch(line):
        written = match["count"].lower()
        return int(written) if written.isdecimal() else NUMBERS.index(written)
    match = COUNT_BEHIND.fullmatch(line)
    return int(match["count"] or match["number"]) if match else None
