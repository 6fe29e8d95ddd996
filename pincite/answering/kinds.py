"""Kinds of questions that a library of advice cannot answer, however near its subject lies."""

import re
from collections.abc import Iterable
from typing import Final, Literal

Missing = Literal["a forecast", "a private fact", "a figure", "an origin"]
"""What is asked for and cannot be had."""

WHEN: Final = (
    r"(?:next|this|coming|end of the) (?:week|month|quarter|year|cycle|spring|summer|autumn|fall)"
    r"|(?:before|by|until|around) (?:christmas|easter|thanksgiving|summer|january|february|march"
    r"|april|may|june|july|august|september|october|november|december|\d{4}|the (?:end of|summer))"
    r"|in (?:\d+|one|two|three|five|ten|a few) (?:weeks|months|years)|tomorrow|tonight|someday"
)
PERSON: Final = r"(?:he|she|they|(?:the|my|our|that|this|one of (?:the|my|our)) [\w' -]{2,60}?)"
SOMEBODY: Final = rf"(?:any(?:one|body)|some(?:one|body)|nobody|{PERSON})"
START: Final = r"^\W*(?:so |and |but )?"
FUTURE: Final = rf"{START}(?!.*\b(?:if|unless|while|without|have to|allowed|entitled|for \w+ing)\b)"
"""Nothing that the event depends on: what follows from what, and what the rules are, is advice."""

FORECASTS: Final = (
    rf"{FUTURE}(?:will|(?:am|is|are)(?=.* going to )) (?:i|we|he|she|they|my|our|the)\b"
    rf".*\b(?:{WHEN})\b",
    rf"{FUTURE}(?:is|are) {SOMEBODY} going to"
    r" (?:quit|leave|resign|retire|pick|promote|fire|close|merge)\b",
    rf"{FUTURE}will {SOMEBODY} (?:pick|choose|hire|promote|fire|sack) (?:me|us)"
    rf"(?: or\b.*|.*\b(?:{WHEN})|)\W*$",
)
"""Somebody's own future: `Will I make partner next year?`, but not `Will working from home hurt my
chances?`."""

PRIVATE_FACTS: Final = (
    rf"\bwhat (?:did|has|have) {SOMEBODY} (?:say|said|write|wrote|written|think|decide|decided|tell"
    r"|told|put|mean|vote|rate)\b.*\b(?:about|of|on|next to|behind|against|for) (?:me|us|my|our)\b",
    rf"\bwhat (?:do|does) {PERSON} (?:really )?think (?:about|of) (?:me|us)\W*$",
    rf"{START}(?:has|have|did) {PERSON}(?: already| yet)? (?:pick|picked|choose|chose|chosen"
    r"|noticed?|decided?|hired?|read|seen|saw|complained?|voted?|rejected|approved|reported)\b",
    rf"\b(?:has|did|have) {PERSON} (?:picked|pick|chosen|choose|chose) (?:me|us)\b",
    r"\bis my name on (?:the|that|this|a|any|their|your) (?:\w+ ){0,3}list\b",
    r"\bhow much (?:does|did|is) (?:(?-i:[A-Z]\w+ [A-Z]\w+)(?: in (?:my|our|the) [\w ]{2,30}?)?"
    r"|my (?:boss|colleague|office ?mate|group head)) (?:get |getting |being )?"
    r"(?:paid|earn|make|making|earning)\b",
)
"""What was said, decided or noticed in a room that no author was in. Whether anyone ever did what
the asker thinks of doing is no such fact: stories are in a library."""

FIGURES: Final = (
    r"\bwhat (?:percentage|share|proportion|fraction)\b(?!.*\bshould\b)",
    r"\bhow many (?:associates|lawyers|partners|firms|people|women|men|students|applicants"
    r"|candidates|characters)\b(?!.*\bshould\b)",
    r"\b(?:how much|what) (?:does|do|did) (?:an?|the|my|most) [\w ]{2,50} (?:charge|cost)\b"
    r"(?! (?:me|you|us|my|your)\b)",
    r"\bhow much (?:does|do|may|can) .{2,60}\b(?:charge|cost|put up)\b(?! (?:me|you|us)\b)",
)
FIGURE: Final = re.compile(r"\d|[%£$€]|\b(?:per ?cent|thousands?|millions?)\b", re.IGNORECASE)
"""What a passage that answers with a figure has in it."""

ORIGINS: Final = (
    r"\bwho (?:first )?(?:invented|coined|(?:came up with|introduced) (?:the|this|that))\b",
    r"\b(?:where|when|which|what|how)\b.{0,60}\b(?:words?|terms?|phrases?|expressions?)"
    r" [\w\"'“”‘’ ]{1,60}\b(?:come from|first appear)",
    r"\bin (?:which|what) (?:decade|century)\b",
)
ORIGIN: Final = re.compile(
    r"\b(?:invent\w*|coin(?:ed|age)|origin\w*|latin|greek|1[5-9]\d\d|20\d\d|\d0s|centur\w+)\b",
    re.IGNORECASE,
)
"""What a passage that tells where something comes from has in it."""


BY_PASSAGES: Final[tuple[tuple[Missing, tuple[str, ...], re.Pattern[str]], ...]] = (
    ("a figure", FIGURES, FIGURE),
    ("an origin", ORIGINS, ORIGIN),
)


def missing(question: str, passages: Iterable[str]) -> Missing | None:
    """Return what a question asks for that these passages, the best found, cannot give.

    Nobody's future and no private fact is in a library. Figures and origins may be: there the
    passages decide, and only there they are read.
    """
    asked = " ".join(question.split())
    if _matches(FORECASTS, asked):
        return "a forecast"
    if _matches(PRIVATE_FACTS, asked):
        return "a private fact"
    sought = [(kind, shown) for kind, how, shown in BY_PASSAGES if _matches(how, asked)]
    texts = list(passages) if sought else []
    return next((kind for kind, shown in sought if not any(map(shown.search, texts))), None)


def _matches(patterns: Iterable[str], question: str) -> bool:
    return any(re.search(pattern, question, re.IGNORECASE) for pattern in patterns)
