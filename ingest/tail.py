"""What stands below the last words of an article: cut from the end upwards, rule by rule."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from ingest.blocks import LONGEST_TITLE, Block, answer_in, bare, folded, question_in, unlisted
from ingest.bylines import detail, is_bio_line, is_phone_line
from ingest.furniture import COMMENT_FORM_LABEL, EDGES, furniture_rule, menu_run

LONGEST_RUN = 25
"""Lines that may stand under a label such as `Related columns`."""

RELATED = re.compile(
    r"(?:(?:related|more|other|recent|popular|previous|further|latest|similar|recommended|trending)\s+"
    r"(?:articles?|columns?|posts?|reading|stories|questions|answers|threads?|topics|discussions"
    r"|guides|from\b.*|on this\b.*|by\b.*)|also in this (?:series|section)"
    r"|most (?:read|popular|viewed)|recommended for you)\s*:?"
    r"|(?:see|read)\s+also\s*:?|you (?:may|might) also (?:like|enjoy)\b[^.]*|read (?:more|next)"
    r"(?:\s+(?:articles?|columns?|posts?|stories|about|on|from|like)\b[^.,]*)?\W*|back to top",
    re.IGNORECASE,
)
DATED = re.compile(r"(?:first )?(?:posted|published|updated|last)\b", re.IGNORECASE)
ABOUT_AUTHOR = re.compile(
    r"about (?:the )?(?:author|columnist|writer|contributor)s?\s*:?|author bio\w*", re.IGNORECASE
)
IS_SOMEBODY = re.compile(
    r"\s*(?:,[^,.]{2,40},)?\s+(?:is|was|has|works|worked|serves|helps|advises|writes|places|can be"
    r"|practi[cs]ed)\b",
)
"""What follows the author's name in a sentence about the author."""


def tail_rules(
    blocks: Sequence[Block], *, start: int, furniture: Collection[str], author: str | None
) -> dict[int, str]:
    """Return the place of each block below the article, and the rule that tells.

    `furniture` are lines that were cut from the head; printed again below they go as well.
    """
    repeated = {bare(line) for line in furniture}
    rules: dict[int, str] = {}
    end = len(blocks)
    while end > start:
        first, rule = _last_run(blocks, start, end, author)
        if rule is None and bare(blocks[end - 1].text) in repeated and _is_line(blocks[end - 1]):
            first, rule = end - 1, "repeated line of the head"
        if rule is None:
            break
        rules |= dict.fromkeys(range(first, end), rule)
        end = first
    return rules


def _last_run(
    blocks: Sequence[Block], start: int, end: int, author: str | None
) -> tuple[int, str | None]:
    last = blocks[end - 1]
    if last.kind == "rule":
        return end - 1, "rule at the end"
    if _is_line(last) and (rule := _line_rule(last, author)):
        return end - 1, rule
    if (first := titles_printed_twice(blocks, start, end)) < end:
        return first, "titles printed twice at the end"
    if last.kind == "item" and (first := _menu_above(blocks, start, end)) < end:
        return first, "navigation"
    return _labelled(blocks, start, end)


def _is_line(block: Block) -> bool:
    return block.kind in {"paragraph", "heading"}


def _line_rule(block: Block, author: str | None) -> str | None:
    text = block.text
    if rule := furniture_rule(block, EDGES):
        return rule
    tests = (
        ("label of related titles", bool(len(text) <= 120 and RELATED.fullmatch(text))),
        ("phone line", is_phone_line(text)),
        ("bio line", is_bio_line(text)),
        ("date line", bool(DATED.match(text)) and detail(text) == "date line"),
        ("author box", is_about(author, text)),
        ("author box", bool(ABOUT_AUTHOR.fullmatch(text))),
    )
    return next((rule for rule, holds in tests if holds), None)


def is_about(author: str | None, text: str) -> bool:
    """`Jo Doe is a recruiter in ...`: at most eighty words that begin with the author's name."""
    if not author or not text.startswith(author) or len(text.split()) > 80:
        return False
    return bool(IS_SOMEBODY.match(text[len(author) :]))


def _menu_above(blocks: Sequence[Block], start: int, end: int) -> int:
    first = end
    while first > start and blocks[first - 1].kind == "item":
        first -= 1
    return first if menu_run(blocks[first:end], 0) == end - first else end


def _labelled(blocks: Sequence[Block], start: int, end: int) -> tuple[int, str | None]:
    """Find a label below which nothing but what it names stands, down to the end."""
    for i in range(end - 1, max(start, end - LONGEST_RUN) - 1, -1):
        text = blocks[i].text
        below = blocks[i + 1 : end]
        if _is_line(blocks[i]) and below and len(text) <= 120:
            if RELATED.fullmatch(text) and all(map(_is_linked_title, below)):
                return i, "titles under a label"
            if COMMENT_FORM_LABEL.fullmatch(text) and all(len(b.text.split()) <= 10 for b in below):
                return i, "comment form"
            if ABOUT_AUTHOR.fullmatch(text) and _is_author_box(below):
                return i, "author box"
        if len(text) > LONGEST_TITLE * 3:
            break
    return end, None


def _is_linked_title(block: Block) -> bool:
    text = unlisted(block)
    return _is_title(block) and len(text.split()) <= 20 and not re.search(r"[.!…:]$", text)


def _is_author_box(blocks: Sequence[Block]) -> bool:
    """At most three paragraphs of at most eighty words, none of them a list or a heading."""
    return len(blocks) <= 3 and all(
        block.kind == "paragraph" and len(block.text.split()) <= 80 for block in blocks
    )


def titles_printed_twice(blocks: Sequence[Block], start: int, end: int) -> int:
    """Return where a closing run of titles begins in which every title stands at least twice.

    A single title may be left over at the very end, where a page was cut off, whole or in part;
    the first of the run never is, so that the last line of an article cannot be taken for one.
    """
    counts: Counter[str] = Counter()
    best = end
    for i in range(end - 1, start - 1, -1):
        line = blocks[i].text
        if not _is_title(blocks[i]):
            break
        counts.update(_printed(line))
        if len(counts) > LONGEST_RUN * 8:
            break
        if _all_printed_twice(counts, last=_printed(blocks[end - 1].text)[0]):
            best = i
    return best


def _all_printed_twice(counts: Counter[str], *, last: str) -> bool:
    single = [text for text, count in counts.items() if count == 1]
    is_leftover = single == [last] and len(counts) > 1
    is_broken = (
        len(single) == 2
        and len(counts) > 2
        and last in single
        and len(last) > 3
        and all(text.startswith(last) for text in single)
    )
    return not single or is_leftover or is_broken


def _is_title(block: Block) -> bool:
    is_marked = question_in(block.text) is not None or answer_in(block.text) is not None
    ends_as_sentence = re.search(r"[.!…]$", block.text) and len(block.text.split()) > 15
    return (
        block.kind != "rule"
        and 0 < len(block.text) <= LONGEST_TITLE
        and not is_marked
        and not ends_as_sentence
    )


def _printed(line: str) -> list[str]:
    """Return the title once for each time that the line prints it: `Title Title` counts twice."""
    text = folded(re.sub(r"^(?:-|\d+[.)]) ", "", line))
    half = halved(text)
    return [half.casefold()] * 2 if half else [text.casefold()]


def halved(text: str) -> str | None:
    """Return half of a line that says the same twice, in at least two words each, or None."""
    words = text.split()
    half, odd = divmod(len(words), 2)
    is_double = (
        not odd and half > 1 and bare(" ".join(words[:half])) == bare(" ".join(words[half:]))
    )
    return " ".join(words[:half]) if is_double else None
