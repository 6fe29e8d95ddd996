"""Several questions in one: each is answered, or named as not covered, on its own."""

import re
from collections.abc import Iterator
from typing import Final

from pincite.answering.dialogue_words import GENERAL
from pincite.answering.standalone import leans_on_dialogue
from pincite.sentences import Span, sentence_spans
from pincite.words import content_words

MOST_PARTS: Final = 4
"""Each takes a search of its own; the last one holds whatever else is asked."""

SHORT: Final = 2
"""With fewer content words a part leans on the one before. In a dialogue it takes more: there a
question that stands alone is the rule, and a second one in the same breath is not."""

WHO: Final = (
    r"(?:i|we|you|he|she|they|people|(?:an?|the|my|our|any|some|most)\s+\w+|anyone|someone)"
)
OPENS: Final = (
    r"(?:(?:how|what|when|where|who|which|why)\b(?!\s+to\b)"
    r"|(?:should|shall|do|does|did|can|could|will|would|is|are|am|was|were|may|might|must|has|have)"
    rf"\s+{WHO}\b)"
)
"""How a question begins."""
SUCH_AS: Final = r"(?:should|can|could|will|would|does|did|is|are)\b"
"""How one begins after a comma, whoever it is about."""
OPENING: Final = re.compile(rf"\W*(?:(?:and|but|also|plus|oh)\W+)?{OPENS}", re.IGNORECASE)
ANOTHER: Final = re.compile(
    rf"(?:,|;|\s[-–—])?\s+(?:and|but|plus)\s+(?:also\s+|then\s+)?(?={OPENS})"
    rf"|[,;]\s+(?:and|but)\s+(?:also\s+)?(?={SUCH_AS})",
    re.IGNORECASE,
)
"""Where a question goes on to ask something else; what comes after "or" is a choice in it."""


JOINT: Final = re.compile(
    rf"\A\W*(?:and|but|also|plus|oh)\W+(?:also\s+)?(?={OPENS})", re.IGNORECASE
)
"""How a sentence is joined to the one before. It leans on it all the same when it says little:
"Also how do I stop slugs?", but not "And what would a sensible person do?"."""


def parts_of(question: str) -> list[str]:
    """Return the questions that are asked in one, in order, as typed: one, if it is one.

    What leans on the question before stays with it ("... And how long does it take?"), as does
    what is told before a question, or after the last one. So each part can be understood alone.
    """
    parts: list[Span] = [(0, 0)]
    told_from: int | None = None
    for (start, end), asks in _pieces(question):
        begins = start if told_from is None else told_from
        told_from = None if asks else begins
        before = content_words(question[slice(*parts[-1])])
        if asks and before and _stands_alone(question[begins:end]):
            parts.append((begins, end))
        elif asks:
            parts[-1] = (parts[-1][0], end)
    starts = [start for start, _ in parts[:MOST_PARTS]]
    ends = [*(end for _, end in parts[: len(starts) - 1]), len(question)]
    return [question[slice(*span)].strip() for span in zip(starts, ends, strict=True)]


def _stands_alone(part: str) -> bool:
    alone = JOINT.sub("", part)
    telling = set(content_words(alone)) - GENERAL
    return not leans_on_dialogue(alone, short=SHORT) and (alone == part or len(telling) >= SHORT)


def _pieces(question: str) -> Iterator[tuple[Span, bool]]:
    """Yield the sentences, and whether they ask.

    One that asks is cut where it goes on to ask something else, but not behind a story: that is
    what all of it is about ("I failed the bar. What do I write, and should I mention my father?").
    """
    story = False
    for start, end in sentence_spans(question):
        opens = bool(OPENING.match(question, start, end))
        asks = opens or question[start:end].rstrip().endswith("?")
        story |= not asks
        for found in ANOTHER.finditer(question, start, end) if opens and not story else ():
            yield (start, found.start()), True
            start = found.end()
        yield (start, end), asks
