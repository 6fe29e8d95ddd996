"""Dates written in words: on a line of their own, or in the line above a post."""

import re
from datetime import datetime

LEAD = re.compile(
    r"^(?:first posted|posted|published|updated|last (?:updated|modified|edited)|date)?\s*(?:on)?"
    r"\s*:?\s*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?",
    re.IGNORECASE,
)
TIME = re.compile(r",?(?:\s+at)?\s+\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?$", re.IGNORECASE)
FORMS = (
    ("%B %d, %Y", "%Y-%m-%d"),
    ("%b %d, %Y", "%Y-%m-%d"),
    ("%d %B %Y", "%Y-%m-%d"),
    ("%d %b %Y", "%Y-%m-%d"),
    ("%Y-%m-%d", "%Y-%m-%d"),
    ("%B %Y", "%Y-%m"),
)
"""Only forms with one meaning: 04/03/2019 is April in one country and March in another."""

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
MOMENT = re.compile(
    rf"\b(?:(?:on\s+)?(?:{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH},?\s+\d{{4}}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})"
    r"|(?:\d{1,3}|an?|one|two|three)\s+(?:minute|hour|day|week|month|year)s?\s+ago|yesterday)"
    r"(?:,?(?:\s+at)?\s+\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\b\.?)?)?",
    re.IGNORECASE,
)
"""When something was posted, in any form, `04/03/2019` and `2 days ago` too: it is never read."""


def date_in(line: str) -> str | None:
    """Return the date in ISO 8601 if the line holds one and nothing else, or None."""
    if len(line) > 80:
        return None
    text = TIME.sub("", LEAD.sub("", line.strip(" ."))).replace("Sept ", "Sep ")
    text = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", text)
    for form, iso in FORMS:
        try:
            return datetime.strptime(text, form).strftime(iso)
        except ValueError:
            continue
    return None
