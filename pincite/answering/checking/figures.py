"""Figures that a claim may not bring: those which its quotes do not have."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple
from unicodedata import numeric

from pincite.answering.checking.exact import folded

_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBERS = {word: float(n) for n, word in enumerate(_ONES)}
_NUMBERS |= {word: 10.0 * n for n, word in enumerate(_TENS, start=2)}
_NUMBERS |= {"half": 0.5, "twice": 2, "double": 2, "dozen": 12, "a": 1, "an": 1, "single": 1}
_TIMES = {"hundred": 100, "thousand": 1000, "k": 1000}
_TIMES |= {"million": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9}
_RANKS = {
    word: float(n)
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1
    )
}
_UNITS = {
    word: words.split()[0]
    for words in (
        "% percent percentage",
        "minute minutes",
        "hour hours hourly",
        "day days daily",
        "week weeks weekly",
        "month months monthly",
        "year years yearly",
        "$ dollar dollars usd",
        "€ euro euros eur",
        "£ pound pounds gbp",
    )
    for word in words.split()
}
VAGUE = frozenset("a an one single first second".split())
"""Figures of a claim only beside a unit: `one year` is one, `one of them` is not."""

TOKEN = re.compile(r"[$€£%]|\d+(?:[.,:/]\d+)*(?:(?:st|nd|rd|th)\b)?|[^\W\d_]+|[^\W_]")
MINUS = re.compile(r"(?<![^\s(])[-\u2212](?=[$€£]?\d)")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
PLAIN = re.compile(r"\d+(?:\.\d+)?")
RANK = re.compile(r"(?<=\d)(?:st|nd|rd|th)$")


class Figure(NamedTuple):
    """An amount as it was meant: `three months`, `3 months` and `3-month` are one."""

    amount: str
    unit: str | None
    """What is counted, where it is time, money or a share."""
    is_rank: bool = False
    """`third` is a rank, `three` is none."""
    is_vague: bool = False
    is_article: bool = False
    """Written as `a` or `an`: `a month` may be one month, or each."""


def unfounded_figures(claim: str, quoted: str) -> set[Figure]:
    """Return a claim's numbers, dates, shares and amounts that the quoted words do not have.

    What either text counts in no unit of time or money agrees with any: `three to six months`.
    """
    theirs = _all_figures(quoted)
    return {figure for figure in figures_in(claim) if not _is_founded(figure, theirs)}


def _is_founded(figure: Figure, theirs: Collection[Figure]) -> bool:
    if figure.is_article and figure.unit not in {other.unit for other in theirs}:
        return True
    return any(
        (figure.amount, figure.is_rank) == (other.amount, other.is_rank)
        and (figure.unit == other.unit or None in (figure.unit, other.unit))
        for other in theirs
    )


def figures_in(text: str) -> set[Figure]:
    """Return the figures of a text, written in digits or in words."""
    return {f for f in _all_figures(text) if not (f.is_vague and f.unit is None)}


def _all_figures(text: str) -> set[Figure]:
    plain = folded(MINUS.sub("minus ", text)).text.lower()
    tokens = TOKEN.findall(plain.replace("per cent", "percent"))
    found: set[Figure] = set()
    at = 0
    while at < len(tokens):
        amount, after = _amount(tokens, at)
        if amount is not None:
            is_vague = tokens[at] in VAGUE and after == at + 1
            found.add(
                Figure(
                    f"-{amount}" if "minus" in tokens[max(at - 2, 0) : at] else amount,
                    _unit(tokens, at, after),
                    is_rank=tokens[at] in _RANKS or bool(RANK.search(tokens[at])),
                    is_vague=is_vague,
                    is_article=is_vague and tokens[at] in ("a", "an"),
                )
            )
        at = max(after, at + 1)
    return found


def _amount(tokens: Sequence[str], at: int) -> tuple[str | None, int]:
    """Read the number that begins here, if one does; return it and the token after it."""
    value = _value(tokens[at])
    if value is None:
        return (RANK.sub("", tokens[at]) if tokens[at][-1].isdigit() else None), at + 1
    if tokens[at] in _TENS and at + 1 < len(tokens) and tokens[at + 1] in _ONES[1:10]:
        at += 1
        value += _NUMBERS[tokens[at]]
    while at + 1 < len(tokens) and tokens[at + 1] in _TIMES:
        at += 1
        value *= _TIMES[tokens[at]]
    return f"{value:.12g}", at + 1


def _value(token: str) -> float | None:
    """Return what one token stands for; None for a word, and for a date or a time in digits."""
    bare = RANK.sub("", token)
    if GROUPED.fullmatch(bare):
        return float(bare.replace(",", ""))
    if PLAIN.fullmatch(bare):
        return float(bare)
    if len(token) == 1 and token.isnumeric():
        return numeric(token)
    return _NUMBERS.get(token, _RANKS.get(token))


def _unit(tokens: Sequence[str], at: int, after: int) -> str | None:
    if after < len(tokens) and tokens[after] in _UNITS:
        return _UNITS[tokens[after]]
    return tokens[at - 1] if at and tokens[at - 1] in ("$", "€", "£") else None
