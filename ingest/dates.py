"""Dates written in words on a line of their own."""

import re
from datetime import datetime

LEAD = re.compile(
    r"^(?:posted|published|updated|last updated|date)?\s*(?:on)?\s*:?\s*", re.IGNORECASE
)
FORMS = (
    ("%B %d, %Y", "%Y-%m-%d"),
    ("%b %d, %Y", "%Y-%m-%d"),
    ("%d %B %Y", "%Y-%m-%d"),
    ("%d %b %Y", "%Y-%m-%d"),
    ("%Y-%m-%d", "%Y-%m-%d"),
    ("%B %Y", "%Y-%m"),
)
"""Only forms with one meaning: 04/03/2019 is April in one country and March in another."""


def date_in(line: str) -> str | None:
    """Return the date in ISO 8601 if the line holds one and nothing else, or None."""
    text = LEAD.sub("", line.strip(" .")).replace("Sept ", "Sep ")
    text = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", text)
    for form, iso in FORMS:
        try:
            return datetime.strptime(text, form).strftime(iso)
        except ValueError:
            continue
    return None
