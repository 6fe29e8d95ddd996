"""Which sentences may be quoted, and which of them read well alone."""

import re
from collections.abc import Sequence

from pincite.model import Article
from pincite.sentences import Span
from pincite.words import content_words, words_in

LEAD_BONUS = 0.1
"""Cosine that a section's first sentence gains: writers answer first and explain after. Not in a
thread, where posters begin by saying who they are."""
POINTER_COST = 0.1
"""Cosine that a sentence loses that begins with a word for something said before it."""
POINTERS = frozenset("this that these those it they he she such both neither".split())
FEWEST_WORDS = 4
ENDS = re.compile(r"[.!…][\"'”’)\]]*$")


def is_quotable(text: str, span: Span) -> bool:
    """Whether a sentence is whole and says something: no question, no scrap, no cut-off end."""
    words = words_in(text[span[0] : span[1]])
    if len(words) < FEWEST_WORDS or not content_words(" ".join(words)):
        return False
    return bool(ENDS.search(text[span[0] : span[1]])) or _is_item(text, span)


def _is_item(text: str, span: Span) -> bool:
    line = text[text.rfind("\n", 0, span[0]) + 1 : span[0]]
    ends_line = span[1] == len(text) or text[span[1]] == "\n"
    return ends_line and bool(line.strip()) and not text[span[0] : span[1]].endswith((":", "?"))


def bonus(article: Article, spans: Sequence[Span], i: int) -> float:
    """Return what a sentence gains or loses by its place and its first word, as a cosine."""
    first_word = words_in(article.text[spans[i][0] : spans[i][1]])[0]
    is_lead = i == 0 and article.kind != "thread"
    return (LEAD_BONUS if is_lead else 0) - (POINTER_COST if first_word in POINTERS else 0)
