"""What surrounds an article on its page: read for title, author and role, then cut with a receipt.

Only the head (the short lines before the article begins) and the tail (what follows its last
words) are touched. Each rule is a small named function; the name stands in the ingest report.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.blocks import Block, Cut, answer_in, folded, question_in, same_line
from ingest.dates import date_in
from pincite.model import Speaker

LONGEST_TITLE = 200
"""Characters; a longer line is a paragraph."""

BYLINE = re.compile(
    r"(?:answers?\s+(?:from|by)|answered\s+by|written\s+by|by|author|from\s+the\s+desk\s+of)"
    r"\s*:?\s+(?P<name>[^\W\d_][^|•·]{2,79}?)\s*(?:[|•·].*)?",
    re.IGNORECASE,
)
BYLINE_ALONE = re.compile(
    r"(?:answers?\s+(?:from|by)|answered\s+by|written\s+by|by|author)\s*:?", re.IGNORECASE
)
POSTNOMINAL = re.compile(r",?\s+(?:Esq(?:uire)?|J\.?D|LL\.?M|LL\.?B)\.?(?=,|$|\s)", re.IGNORECASE)
NAME = re.compile(
    r"[^\W\d_a-z][\w.'’-]*(?:\s+(?:(?:d[aeiou]|del|den|der|l[ae]|ten|v[ao]n|al|bin)\s+)*"
    r"[^\W\d_a-z][\w.'’-]*){1,4}"
)
PHONE = re.compile(r"(?:\+?\d[\d\s().\-–/]{7,}\d)")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
BIO = re.compile(
    r"(?:.*\b(?:web\s?site|web|full|firm|online|attorney|view|read|my)\s+bio(?:graphy)?\b.*"
    r"|(?:[\w.]+\s){0,3}[\w.]+['’]s\s+bio(?:graphy)?"
    r"|(?:view|read|see|my|full|firm|web\s?site|online|e-?mail|contact|me|bio(?:graphy)?|profile"
    r"|v-?card|linkedin|page|[|/,•·&]|and|\s)+)",
    re.IGNORECASE,
)
COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*\d{4}.*|.*\ball rights reserved\b.*", re.IGNORECASE
)
RELATED = re.compile(
    r"(?:related|more|other|recent|popular|previous|further)\s+"
    r"(?:articles?|columns?|posts?|reading|stories|questions|answers|from\b.*)\s*:?"
    r"|(?:see|read)\s+also\s*:?|you (?:may|might) also (?:like|enjoy).*|read more.*|back to top",
    re.IGNORECASE,
)
ROLES: tuple[tuple[re.Pattern[str], Speaker], ...] = (
    (re.compile(r"\b(?:legal )?recruit(?:er|ers|ing|ment)\b", re.IGNORECASE), "recruiter"),
    (
        re.compile(r"\b(?:career )?(?:counsell?ors?|coach(?:es|ing)?)\b", re.IGNORECASE),
        "counsellor",
    ),
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The article's own blocks, and what its surroundings said."""

    blocks: tuple[Block, ...]
    cuts: tuple[Cut, ...]
    title: str | None = None
    author: str | None = None
    date: str | None = None
    speaker: Speaker | None = None


def clean(blocks: Sequence[Block], *, title: str | None) -> Cleaned:
    """Separate an article from the lines around it.

    `title` is what the header says; without one it is read from the head.
    """
    head = _head_length(blocks, title)
    lines = [block.text for block in blocks[:head]]
    rules = _details(lines)
    is_column = any(question_in(block.text) is not None for block in blocks[head:])
    found = _title_line(lines, rules, title, is_column=is_column)
    if found is not None:
        rules |= _title_rules(
            lines, found, rules, is_marked=is_column or "by-line" in rules.values()
        )
    body_end, tail_cuts = _tail(blocks, start=head, furniture=[lines[i] for i in rules])
    cut = [Cut(rules[i], lines[i]) for i in sorted(rules)]
    kept = [block for i, block in enumerate(blocks[:body_end]) if i not in rules]
    if not kept:  # a source of a single line: the line is the article
        return Cleaned(blocks=tuple(blocks), cuts=(), title=title)
    authors = [name for i, rule in rules.items() if rule == "by-line" for name in [_name(lines, i)]]
    return Cleaned(
        blocks=tuple(kept),
        cuts=(*cut, *tail_cuts),
        title=title or (lines[found] if found is not None else None),
        author=next(filter(None, authors), None),
        date=next((date_in(lines[i]) for i, rule in rules.items() if rule == "date line"), None),
        speaker=_role([lines[i] for i, r in rules.items() if r in {"tag line", "by-line"}]),
    )


def _head_length(blocks: Sequence[Block], title: str | None) -> int:
    """Count the leading short lines: no sentence, no list, no question of a column."""
    for i, block in enumerate(blocks):
        if block.kind in {"item", "rule"} or len(block.text) > LONGEST_TITLE:
            return i
        if question_in(block.text) is not None or answer_in(block.text) is not None:
            return i
        if block.kind == "heading" and block.level > 1 and i > 0 and not _repeats(blocks, i, title):
            return i
        if _is_sentence(block.text) and i > 0 and not _repeats(blocks, i, title):
            return i
        if block.kind == "paragraph" and title and i == 0 and not _is_detail_or(block.text, title):
            return i
    return len(blocks)


def _is_detail_or(text: str, title: str) -> bool:
    return same_line(text, title) or _detail(text) is not None


def _repeats(blocks: Sequence[Block], i: int, title: str | None) -> bool:
    earlier = [block.text for block in blocks[:i]] + ([title] if title else [])
    return any(same_line(blocks[i].text, text) for text in earlier)


def _is_sentence(text: str) -> bool:
    if _detail(text) or BYLINE_ALONE.fullmatch(text) or NAME.fullmatch(POSTNOMINAL.sub("", text)):
        return False
    return bool(re.search(r"[.!?…:][\"'”’)]?$", text)) or len(text.split()) > 20


def _details(lines: Sequence[str]) -> dict[int, str]:
    """Name the rule for every line of the head that tells about the author."""
    rules = {i: rule for i, line in enumerate(lines) if (rule := _detail(line))}
    for i, line in enumerate(lines[:-1]):
        if BYLINE_ALONE.fullmatch(line):
            rules |= {i: "by-line", i + 1: "by-line"}
    return rules


def _detail(line: str) -> str | None:
    tests = (
        ("by-line", is_byline),
        ("date line", lambda text: date_in(text) is not None),
        ("phone line", is_phone_line),
        ("bio line", is_bio_line),
    )
    return next((rule for rule, holds in tests if holds(line)), None)


def is_byline(line: str) -> bool:
    """`Answers From Jo Doe, Esq.`, `By Jo Doe`: a lead-in and a name in capitals, nothing else."""
    match = BYLINE.fullmatch(line)
    return bool(match and NAME.match(POSTNOMINAL.sub("", match["name"]))) and len(line) <= 120


def is_phone_line(line: str) -> bool:
    """A telephone number or mail address with at most a few words around it."""
    numbers = [found for found in PHONE.findall(line) if sum(map(str.isdigit, found)) >= 9]
    rest = PHONE.sub(" ", EMAIL.sub(" ", line))
    is_contact = bool(numbers or EMAIL.search(line))
    return is_contact and len(rest.split()) <= 8 and not line.endswith("?")


def is_bio_line(line: str) -> bool:
    """`Website bio`, `View profile | E-mail`, `Jo Doe's bio`: words that only name such a link."""
    return len(line.split()) <= 15 and not line.endswith("?") and bool(BIO.fullmatch(line))


def _title_line(
    lines: Sequence[str], rules: dict[int, str], title: str | None, *, is_column: bool
) -> int | None:
    """Find the title: what the header names, what stands twice, or what stands in its place."""
    free = [i for i in range(len(lines)) if i not in rules]
    if title:
        return next((i for i in free if same_line(lines[i], title)), None)
    doubled = [i for i in free if any(i < j and same_line(lines[i], lines[j]) for j in free)]
    byline = next((i for i, rule in rules.items() if rule == "by-line"), None)
    above = [i for i in free if byline is not None and i < byline]
    place = doubled[:1] or above[-1:] or (free[-1:] if is_column else free[:1])
    return place[0] if place else None


def _title_rules(
    lines: Sequence[str], found: int, rules: dict[int, str], *, is_marked: bool
) -> dict[int, str]:
    more = {i: "title" for i in range(len(lines)) if same_line(lines[i], lines[found])}
    if is_marked or len(more) > 1:
        more |= {i: "tag line" for i in range(found) if i not in rules and i not in more}
    return more


def _tail(
    blocks: Sequence[Block], *, start: int, furniture: Sequence[str]
) -> tuple[int, list[Cut]]:
    """Return where the article ends and what was cut after it."""
    end = len(blocks)
    cuts: list[Cut] = []
    while True:
        first, rule = _tail_rule(blocks, start, end, furniture)
        if rule is None:
            return end, cuts[::-1]
        cuts += [Cut(rule, block.text) for block in reversed(blocks[first:end])]
        end = first


def _tail_rule(
    blocks: Sequence[Block], start: int, end: int, furniture: Sequence[str]
) -> tuple[int, str | None]:
    if end <= start:
        return end, None
    last = blocks[end - 1]
    if last.kind == "rule":
        return end - 1, "rule at the end"
    if (first := titles_printed_twice(blocks, start, end)) < end:
        return first, "titles printed twice at the end"
    if last.kind in {"paragraph", "heading"}:
        if any(same_line(last.text, line) for line in furniture):
            return end - 1, "repeated line of the head"
        for rule, holds in TAIL_LINES:
            if holds(last.text):
                return end - 1, rule
    return end, None


TAIL_LINES = (
    ("copyright line", lambda text: bool(COPYRIGHT.fullmatch(text))),
    ("label of related titles", lambda text: bool(RELATED.fullmatch(text))),
    ("phone line", is_phone_line),
    ("bio line", is_bio_line),
)


def titles_printed_twice(blocks: Sequence[Block], start: int, end: int) -> int:
    """Return where a closing run of titles begins in which every title stands at least twice.

    A single title may be left over at the very end, where a page was cut off; the first of the
    run never is, so that the last line of an article cannot be taken for one.
    """
    counts: Counter[str] = Counter()
    best = end
    for i in range(end - 1, start - 1, -1):
        line = blocks[i].text
        if not _is_title(blocks[i]):
            break
        counts.update(_printed(line))
        single = [text for text, count in counts.items() if count == 1]
        last = _printed(blocks[end - 1].text)[0]
        leftover = single == [last] and len(counts) > 1
        if not single or leftover:
            best = i
    return best


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
    words = folded(re.sub(r"^(?:-|\d+[.)]) ", "", line)).casefold().split()
    half, odd = divmod(len(words), 2)
    if not odd and half > 1 and words[:half] == words[half:]:
        return [" ".join(words[:half])] * 2
    return [" ".join(words)]


def _name(lines: Sequence[str], i: int) -> str | None:
    match = BYLINE.fullmatch(lines[i])
    written = match["name"] if match else lines[i] if not BYLINE_ALONE.fullmatch(lines[i]) else ""
    return POSTNOMINAL.sub("", written).strip(" ,") or None


def _role(lines: Sequence[str]) -> Speaker | None:
    """Take the role that a by-line or tag line names in so many words."""
    return next((role for line in lines for word, role in ROLES if word.search(line)), None)
