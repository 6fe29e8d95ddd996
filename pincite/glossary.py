"""How associates talk, in the words that articles use: abbreviations and slang of the profession.

Neither search knows that a headhunter is a recruiter or that WFH is working from home. A question
that uses such a word is searched with the standard term behind it; what the reader sees of the
question stays as it was typed. Only words with one meaning in this field are listed.
"""

import re
from typing import Final

TERMS: Final[dict[str, str]] = {
    # Where and when one works
    r"wfh|remote|remotely|from home": "working from home",
    r"part[- ]time|(?:60|70|80|90) ?%|flex(?:i|ible)?[- ]time": "reduced hours",
    r"pto": "paid leave",
    r"billables?": "billable hours",
    # Family
    r"(?:mat|pat|maternity|paternity) leave|pregnan(?:t|cy)|having a (?:baby|child|kid)"
    r"|expecting a (?:baby|child)": "parental leave",
    # People
    r"gcs?|company counsel|corporate counsel": "in-house general counsel",
    r"head-?hunters?": "legal recruiter",
    r"boss(?:es)?|supervisors?": "supervising partner",
    r"screamers?|bully|bullies|bullying|yells?|yelled|yelling|shouts?": "partner who screams",
    # Groups, seats and places
    r"biglaw|big law": "large law firm",
    r"(?:first|second|final|last|next|current|my) seat|seats|rotations?": "practice group rotation",
    r"second(?:ed|ee|ees|ing)|(?:lend|lends|lent|loan|loaned) (?:me )?to a client": (
        "client secondment"
    ),
    r"litigators?|disputes?": "litigation",
    r"m&a|(?:do|doing|to) deals|deals? (?:team|work|lawyers?)": "corporate transactions",
    r"switch (?:teams?|departments?|fields?)|retrain": "switch practice groups",
    # Two sides
    r"pros|upsides?|pluses": "advantages benefits",
    r"benefits": "advantages",
    r"drawbacks": "disadvantages",
    r"cons|downsides?|minuses": "disadvantages drawbacks",
    # Getting on
    r"bd|rainmakers?|rainmaking|bring(?:ing)? in (?:clients?|business|work)": (
        "business development"
    ),
    r"mak(?:e|es|ing) partner|made partner|partner track": "partnership",
    r"appraisals?|annual review|my annual": "performance review",
    r"burn(?:t|ed|ing)[- ]out": "burnout exhausted",
    # Moving and leaving
    r"lateral(?:ing|led)?|jump(?:ing|ed)? ship|(?:new|another) shop": "lateral move to a new firm",
    r"quit(?:s|ting)?|hand(?:ed|ing)? in my (?:notice|letter|resignation)": "resign notice",
    r"(?:more|extra) (?:money|cash|pay) (?:to|if i) stay": "counteroffer",
    r"comp": "pay compensation",
    # Recruiting
    r"oci|ocis": "on-campus interviews",
    r"ppp": "profits per partner",
    r"ll\.?m\.?s?": "master of laws degree",
}

PATTERNS: Final = tuple(
    (re.compile(rf"(?<!\w)(?:{said})(?!\w)", re.IGNORECASE), term) for said, term in TERMS.items()
)


def in_standard_terms(question: str) -> str:
    """Return the question followed by the standard terms for its slang, in brackets."""
    terms = [
        term
        for said, term in PATTERNS
        if said.search(question) and term.lower() not in question.lower()
    ]
    return f"{question} ({', '.join(terms)})" if terms else question
