"""How facts are put into words on every page: dates, whose age, and text that is safe in HTML."""

from datetime import date as date_type
from html import escape

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def plain(text: str) -> str:
    """Escape a text and put it on one line: a blank line would end a block of HTML in Markdown."""
    return escape(" ".join(text.split()))


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def readable_date(date: str | None) -> str:
    """Write an ISO date, which may be a year or a month only, for a reader."""
    if date is None:
        return "undated"
    year, *rest = date.split("-")
    month = MONTHS[int(rest[0]) - 1] if rest else ""
    day = str(int(rest[1])) if len(rest) > 1 else ""
    return " ".join(filter(None, (day, month, year)))


OLD_YEARS = 5
"""Advice on salaries, firms and rules is worth a second look after so many."""
OLD = "More than five years old: check whether it still holds."


def is_old(date: str | None, today: date_type) -> bool:
    """Tell whether advice of this ISO date is certainly older than `OLD_YEARS`.

    Of a year or a month the last day is meant: nothing is called old that may not be.
    """
    if date is None:
        return False
    latest = date + "-12-31"[len(date) - len("2026") :]
    return latest < f"{today.year - OLD_YEARS:04}-{today:%m-%d}"
