"""Who wrote an article, as the lines around it say: by-lines, telephone and bio lines, roles."""

import re
from collections.abc import Sequence

from ingest.dates import MOMENT, date_in
from pincite.model import Speaker

LONGEST_DETAIL = 300
"""Characters; a longer line is not looked at."""

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
ROLES: tuple[tuple[re.Pattern[str], Speaker], ...] = (
    (re.compile(r"\b(?:legal )?recruit(?:er|ers|ing|ment)\b", re.IGNORECASE), "recruiter"),
    (
        re.compile(r"\b(?:career )?(?:counsell?ors?|coach(?:es|ing)?)\b", re.IGNORECASE),
        "counsellor",
    ),
)


def is_byline(line: str) -> bool:
    """`Answers From Jo Doe, Esq.`, `By Jo Doe`: a lead-in and a name in capitals, nothing else."""
    match = BYLINE.fullmatch(line)
    return bool(match and NAME.match(POSTNOMINAL.sub("", match["name"]))) and len(line) <= 120


def is_byline_alone(line: str) -> bool:
    """`Answers From`, with the name in the next line."""
    return bool(BYLINE_ALONE.fullmatch(line))


def is_phone_line(line: str) -> bool:
    """A telephone number or mail address with at most a few words around it."""
    if len(line) > LONGEST_DETAIL:
        return False
    numbers = [found for found in PHONE.findall(line) if sum(map(str.isdigit, found)) >= 9]
    rest = PHONE.sub(" ", EMAIL.sub(" ", line))
    is_contact = bool(numbers or EMAIL.search(line))
    return is_contact and len(rest.split()) <= 8 and not line.endswith("?")


def is_bio_line(line: str) -> bool:
    """`Website bio`, `View profile | E-mail`, `Jo Doe's bio`: words that only name such a link."""
    if not re.search(r"[^\W\d_]", line) or line.endswith("?"):
        return False
    if len(line) > LONGEST_DETAIL or len(line.split()) > 15:
        return False
    return bool(BIO.fullmatch(line))


def is_name(line: str) -> bool:
    """A name in capitals, with or without letters after it, and nothing else."""
    return len(line) <= LONGEST_DETAIL and bool(NAME.fullmatch(POSTNOMINAL.sub("", line)))


def detail(line: str) -> str | None:
    """Name the rule by which a line of the head tells about the author, or None."""
    tests = (
        ("by-line", is_byline),
        ("date line", lambda text: date_in(text) is not None),
        ("phone line", is_phone_line),
        ("bio line", is_bio_line),
    )
    return next((rule for rule, holds in tests if holds(line)), None)


def name_in(line: str) -> str | None:
    """Return the name of a by-line: what follows its lead-in, up to a number, a date or a bar."""
    match = BYLINE.fullmatch(line)
    written = match["name"] if match else "" if is_byline_alone(line) else line
    for border in (PHONE, EMAIL, MOMENT):
        written = border.split(written, maxsplit=1)[0]
    written = POSTNOMINAL.sub("", re.sub(r"\((?=\s*$)", "", written))
    return re.sub(r"[\s,(–—-]+(?:on)?[\s(]*$", "", written).strip(" ,") or None


def date_of(line: str) -> str | None:
    """Return the date of a date line, or of a part of a by-line between bars or after the name."""
    pieces = [line, *re.split(r"[|•·]", line)]
    if moment := MOMENT.search(line):
        pieces.append(moment[0])
    return next(filter(None, map(date_in, pieces)), None)


def role_in(lines: Sequence[str]) -> Speaker | None:
    """Take the role that a by-line or tag line names in so many words."""
    return next((role for line in lines for word, role in ROLES if word.search(line)), None)
