"""The receipt for what a page holds beside its article: named and shortened, not word for word."""

import re
from collections.abc import Sequence

from lxml.etree import _Element as Element

from ingest.blocks import Block, Cut
from ingest.html_furniture import WORD, has_name, repeats
from ingest.html_tree import elements, shortened, words

FEWEST_WORDS = 6
"""A menu of fewer words is nothing that a person would call text."""

MOST_CUTS = 25

RULES: tuple[tuple[str, frozenset[str], re.Pattern[str]], ...] = (
    (
        "cookie note",
        frozenset(),
        re.compile(r"(?:^|-)(?:cookies?|consent|gdpr|ccpa|onetrust)(?:-|$)"),
    ),
    ("share bar", frozenset(), re.compile(r"(?:^|-)(?:share|sharing|social|addtoany)(?:-|$)")),
    (
        "comment form",
        frozenset({"form", "textarea"}),
        re.compile(r"(?:^|-)(?:comment-form|respond|reply-form|quick-?reply)(?:-|$)"),
    ),
    (
        "related articles",
        frozenset(),
        re.compile(
            r"(?:^|-)(?:related|recommended|similar|more-(?:stories|from|posts)|read-?next)(?:-|$)"
        ),
    ),
    ("newsletter", frozenset(), re.compile(r"(?:^|-)(?:newsletter|subscribe|sign-?up)(?:-|$)")),
    ("signature", frozenset(), re.compile(r"(?:^|-)(?:post|message|user)?signature(?:-|$)")),
    (
        "navigation",
        frozenset({"nav", "menu"}),
        re.compile(r"(?:^|-)(?:nav|navbar|navigation|menu|breadcrumbs?|pagination)(?:-|$)"),
    ),
    ("page footer", frozenset({"footer"}), re.compile(r"^(?:site-|page-|global-)?footer$")),
    ("sidebar", frozenset({"aside"}), re.compile(r"^(?:side-?bar|widget-area)(?:-|$)")),
)
"""The rule's name in the report, the elements and the class names that it stands for."""


def beside_text(root: Element) -> list[Cut]:
    """List what stands beside the text, from the outside in; called before anything is cut."""
    found = []
    inside: set[Element] = set()
    for element in elements(root):
        if element.getparent() in inside:
            inside.add(element)
        elif rule := _rule(element):
            inside.add(element)
            text = words(element)
            if len(text.split()) >= FEWEST_WORDS:
                found.append(Cut(rule, text))
    return found


def _rule(element: Element) -> str | None:
    if element.tag in {"html", "body", "main", "article"}:
        return None
    return next(
        (n for n, tags, names in RULES if element.tag in tags or has_name(element, names)), None
    )


def receipts(beside: Sequence[Cut], blocks: Sequence[Block]) -> list[Cut]:
    """Keep what was not published after all, shortened and once each."""
    published = " ".join(WORD.findall(" ".join(block.text for block in blocks).lower()))
    cuts = [Cut(c.rule, shortened(c.text)) for c in beside if not repeats(c.text[:2000], published)]
    return list(dict.fromkeys(cuts))[:MOST_CUTS]
