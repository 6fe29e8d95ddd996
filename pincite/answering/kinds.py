"""Kinds of questions that a library of advice cannot answer, however near its subject lies."""

import re
from collections.abc import Iterable
from typing import Final, Literal

Missing = Literal["a forecast", "a private fact", "a figure", "an origin"]
"""What is asked for and cannot be had."""

WHEN: Final = (
    r"(?:next|this|coming|end of the) (?:week|month|quarter|year|cycle|spring|summer|autumn|fall)"
    r"|(?:before|by|until|around) (?:christmas|easter|thanksgiving|summer|january|february|march"
    r"|april|may|june|july|august|september|october|november|december|\d{4}|the end of)"
    r"|in (?:\d+|one|two|three|five|ten|a few) (?:weeks|months|years)|tomorrow|tonight|someday|ever"
)
SOMEBODY: Final = (
    r"(?:he|she|they|it|any(?:one|body)|some(?:one|body)|nobody"
    r"|(?:the|my|our|that|this|one of (?:the|my|our)) [\w' -]{2,60}?)"
)
START: Final = r"^\W*(?:so |and |but )?"

FORECASTS: Final = (
    rf"{START}(?:will|am|is|are) (?:i|we|he|she|they|my|our|the)\b.*\b(?:{WHEN})\b",
    rf"{START}(?:is|are) {SOMEBODY} going to"
    r" (?:quit|leave|resign|retire|get|make|pick|promote|fire|close|merge|be)\b",
    rf"{START}will {SOMEBODY}"
    r" (?:pick|choose|hire|promote|fire|sack|call|quit|leave|resign|retire)\b"
    r".*\b(?:me|us|before|this|next|or)\b",
)
"""Somebody's own future: `Will I make partner next year?`, but not `Will working from home hurt my
chances?`."""

PRIVATE_FACTS: Final = (
    rf"\bwhat (?:did|does|do|has|have) {SOMEBODY} (?:say|said|write|wrote|think|decide|decided|tell"
    r"|told|put|mean|vote|rate)\b.*\b(?:about|of|on|next to|behind|against|for) (?:me|us|my|our)\b",
    rf"{START}(?:has|have|did) {SOMEBODY}(?: already| yet)? (?:pick|picked|choose|chose|chosen"
    r"|noticed?|decided?|hired?|read|seen|saw|complained?|voted?|rejected|approved|reported)\b",
    rf"\b(?:has|did|have) {SOMEBODY} (?:picked|pick|chosen|choose|chose) (?:me|us)\b",
    r"\bis my name on\b",
    r"\bhow much (?:does|do|did|is|are) (?:(?-i:[A-Z]\w+ [A-Z]\w+)"
    r"|my (?:boss|colleague|office ?mate|group head)\b).*\b(?:paid|earns?|makes?)\b",
)
"""What was said, decided or noticed in a room that no author was in."""

FIGURES: Final = (
    r"\bwhat (?:percentage|share|proportion|fraction)\b",
    r"\bhow many (?:associates|lawyers|partners|firms|people|women|men|students|applicants"
    r"|candidates|characters)\b",
    r"\b(?:how much|what) (?:does|do|did) (?:an?|the|my|most) [\w ]{2,50} (?:charge|cost)\b",
    r"\bhow much (?:does|do|may|can) .{2,60}\b(?:charge|cost|put up)\b",
)
FIGURE: Final = re.compile(r"\d|[%£$€]|\b(?:per ?cent|thousands?|millions?)\b", re.IGNORECASE)
"""What a passage that answers with a figure has in it."""

ORIGINS: Final = (
    r"\bwho (?:first )?(?:invented|coined|came up with|introduced)\b",
    r"\b(?:words?|terms?|phrases?|expressions?) [\w\"'“”‘’ ]{1,60}\b(?:come from|first appear)",
    r"\bin (?:which|what) (?:decade|century)\b",
)
ORIGIN: Final = re.compile(
    r"\b(?:invent\w*|coin(?:ed|age)|origin\w*|latin|greek|1[5-9]\d\d|20\d\d|\d0s|centur\w+)\b",
    re.IGNORECASE,
)
"""What a passage that tells where something comes from has in it."""


def missing(question: str, passages: Iterable[str]) -> Missing | None:
    """Return what a question asks for that these passages, the best found, cannot give.

    Nobody's future and no private fact is in a library. Figures and origins may be: there the
    passages decide.
    """
    asked = " ".join(question.split())
    if _matches(FORECASTS, asked):
        return "a forecast"
    if _matches(PRIVATE_FACTS, asked):
        return "a private fact"
    texts = list(passages)
    if _matches(FIGURES, asked) and not any(FIGURE.search(text) for text in texts):
        return "a figure"
    if _matches(ORIGINS, asked) and not any(ORIGIN.search(text) for text in texts):
        return "an origin"
    return None


def _matches(patterns: Iterable[str], question: str) -> bool:
    return any(re.search(pattern, question, re.IGNORECASE) for pattern in patterns)
