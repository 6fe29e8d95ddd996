"""What surrounds an article on its page: read for title, author and role, then cut with a receipt.

Only the head (the short lines before the article begins), the tail (what follows its last words)
and whole lines of a closed vocabulary (`furniture.ANYWHERE`) are touched. Each rule is a small
named function; the name stands in the ingest report.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.blocks import LONGEST_TITLE, Block, Cut, answer_in, bare, question_in, same_line
from ingest.bylines import (
    date_of,
    detail,
    is_bio_line,
    is_byline,
    is_byline_alone,
    is_name,
    is_phone_line,
    name_in,
    role_in,
)
from ingest.furniture import ANYWHERE, EDGES, furniture_rule, menu_run
from ingest.tail import halved, is_about, tail_rules, titles_printed_twice
from pincite.model import Speaker

__all__ = [
    "Cleaned",
    "clean",
    "is_bio_line",
    "is_byline",
    "is_phone_line",
    "titles_printed_twice",
]

LONGEST_HEAD = 60
"""Lines; what stands below them is no head, whatever it looks like."""

Rules = dict[int, str]
"""Places of blocks, and the rule that cuts each."""


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
    cut = _furniture(blocks)
    places = [i for i in range(len(blocks)) if i not in cut]
    rest = [blocks[i] for i in places]
    head = _head_length(rest, title)
    lines = [block.text for block in rest[:head]]
    is_column = any(question_in(block.text) is not None for block in rest[head:])
    rules, found = _head_rules(lines, title, is_column=is_column)
    author = _author(lines, rules)
    if head < len(rest) and is_about(author, rest[head].text):
        rules[head] = "author box"
    furniture = [rest[i].text for i in rules]
    rules |= tail_rules(rest, start=head, furniture=furniture, author=author)
    cut |= {places[i]: rule for i, rule in rules.items()}
    kept = tuple(block for i, block in enumerate(blocks) if i not in cut)
    if not any(block.kind != "rule" for block in kept):  # the only line is the article
        return Cleaned(blocks=tuple(blocks), cuts=(), title=title)
    said = {i: rule for i, rule in rules.items() if i < head}
    return Cleaned(
        blocks=kept,
        cuts=tuple(Cut(cut[i], blocks[i].text) for i in sorted(cut)),
        title=title or (None if found is None else halved(lines[found]) or lines[found]),
        author=author,
        date=next(
            filter(None, (date_of(lines[i]) for i in _said(said, "date line", "by-line"))), None
        ),
        speaker=role_in([lines[i] for i in _said(said, "tag line", "by-line")]),
    )


def _said(rules: Rules, *names: str) -> list[int]:
    """Return the places that the first of these rules cut, then those of the second ..."""
    return [i for name in names for i in sorted(rules) if rules[i] == name]


def _author(lines: Sequence[str], rules: Rules) -> str | None:
    return next(filter(None, (name_in(lines[i]) for i in _said(rules, "by-line"))), None)


def _furniture(blocks: Sequence[Block]) -> Rules:
    """Name the page's own lines: everywhere by a closed vocabulary, above the article by all."""
    counts = Counter(block.text for block in blocks)
    found = {
        i: rule
        for i, block in enumerate(blocks)
        if (rule := furniture_rule(block, ANYWHERE))
        and (rule != "post buttons" or " " in block.text or counts[block.text] > 1)
    }
    i = 0
    while i < min(len(blocks), LONGEST_HEAD):
        block = blocks[i]
        if block.kind == "item" and (end := menu_run(blocks, i)) > i:
            found |= dict.fromkeys(range(i, end), "navigation")
            i = end
            continue
        rule = furniture_rule(block, EDGES)
        if rule:
            found[i] = rule
        elif i not in found and (_ends_head(block) or _is_sentence(block.text)):
            break
        i += 1
    return found


def _ends_head(block: Block) -> bool:
    is_marked = question_in(block.text) is not None or answer_in(block.text) is not None
    return block.kind in {"item", "post"} or len(block.text) > LONGEST_TITLE or is_marked


def _head_length(blocks: Sequence[Block], title: str | None) -> int:
    """Count the leading short lines: no sentence, no list, no question of a column."""
    seen = {bare(title)} if title else set()
    for i, block in enumerate(blocks):
        if i == LONGEST_HEAD or block.kind == "rule" or _ends_head(block):
            return i
        if bare(block.text) not in seen and (
            _begins_body(block) if i else _begins_at_once(block, title)
        ):
            return i
        seen.add(bare(block.text))
    return len(blocks)


def _begins_body(block: Block) -> bool:
    return (block.kind == "heading" and block.level > 1) or _is_sentence(block.text)


def _begins_at_once(block: Block, title: str | None) -> bool:
    """Whether the first block is no title: there is another, or it holds several sentences."""
    if block.kind == "heading" or detail(block.text) is not None:
        return False
    return bool(title) or bool(re.search(r"[.!?]\s+[^\W\d_a-z].*\w{3}[.!?]$", block.text))


def _is_sentence(text: str) -> bool:
    if detail(text) or is_byline_alone(text) or is_name(text):
        return False
    return bool(re.search(r"[.!?…:][\"'”’)]?$", text)) or len(text.split()) > 20


def _head_rules(
    lines: Sequence[str], title: str | None, *, is_column: bool
) -> tuple[Rules, int | None]:
    """Name the rule for every line of the head that goes, and find the title among them."""
    rules = {i: rule for i, line in enumerate(lines) if (rule := detail(line))}
    for i, line in enumerate(lines[:-1]):
        if is_byline_alone(line):
            rules |= {i: "by-line", i + 1: "by-line"}
    found = _title_line(lines, rules, title, is_column=is_column)
    if found is None:
        return rules, None
    titles = {i: "title" for i, line in enumerate(lines) if _says(line, lines[found])}
    byline = max((i for i, rule in rules.items() if rule == "by-line"), default=-1)
    if is_column or byline >= 0 or len(titles) > 1:
        above = byline if is_column or len(titles) > 1 else -1
        free = range(max(found, above))
        titles |= {i: "tag line" for i in free if i not in rules and i not in titles}
    return rules | titles, found


def _says(line: str, title: str) -> bool:
    return same_line(line, title) or same_line(halved(line) or line, halved(title) or title)


def _title_line(
    lines: Sequence[str], rules: Rules, title: str | None, *, is_column: bool
) -> int | None:
    """Find the title: what the header names, what stands twice, or what stands in its place."""
    free = [i for i in range(len(lines)) if i not in rules]
    if title:
        return next((i for i in free if same_line(lines[i], title)), None)
    counts = Counter(bare(lines[i]) for i in free)
    doubled = [i for i in free if counts[bare(lines[i])] > 1 or halved(lines[i])]
    byline = next((i for i, rule in rules.items() if rule == "by-line"), None)
    above = [i for i in free if byline is not None and i < byline]
    place = doubled[:1] or above[-1:] or (free[-1:] if is_column else free[:1])
    return place[0] if place else None
