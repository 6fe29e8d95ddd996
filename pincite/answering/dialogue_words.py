"""How people talk when they go on with a subject, and when they change it."""

import re
from typing import Final

ACKNOWLEDGED: Final = (
    r"(?:(?:ok(?:ay)?|right|thanks|thank you|h+m+|fair enough|good to (?:hear|know)|great|got it"
    r"|i see|alright|sure|yes|no)\b\W+)*"
)
"""What stands before a question without saying anything about it."""

FOLLOWS_ON: Final = re.compile(
    ACKNOWLEDGED + r"(?:and|but|or|so|then|also|same|which one|any other|(?:any|some)thing else"
    r"|(?:what|how) (?:about|if)|why not)\b",
    re.IGNORECASE,
)
"""How a question begins that goes on from the one before."""

FOLLOWS_ON_LATER: Final = re.compile(r"[.!?]\s+what (?:if|about)\b", re.IGNORECASE)
"""The same behind a sentence that sets the scene; "and" there goes on from that sentence."""

CHANGES_SUBJECT: Final = re.compile(
    r"(?:^|[.!?,])\s*(?:(?:now|and|so|but|on|to|for|an?|one)\s+)*(?:(?:completely|totally)\s+)?"
    r"(?:(?:some|any)thing else(?: entirely| altogether)?|another (?:subject|topic|matter|note)"
    r"|(?:different|unrelated|separate|new) (?:subject|topic|matter|note|question)"
    r"|chang(?:e|ing) (?:of )?(?:the )?(?:subject|topic))\s*[:.,!–-]",
    re.IGNORECASE,
)
"""How someone announces that the dialogue so far does not matter; a "new matter" may be work."""

DEFINES: Final = re.compile(
    r"what(?:['’]s| is) (?:an?|[\w-]+)(?: [\w-]+){1,3}\W*"
    r"|what does (?:an? )?[\w-]+(?: [\w-]+){0,2} mean\W*",
    re.IGNORECASE,
)
"""A question for a meaning: short, and yet whole. "What is required?" is none."""

ASKS_FOR_MEANING: Final = frozenset("what what's is does a an mean".split())
"""The words of such a question beside its subject."""

POINTERS: Final = frozenset(
    """it its it's they them their theirs they're they'd they've they'll that that's this these
    those one ones he him his he's she her hers she's there then such either both former latter
    instead else otherwise""".split()
)
"""Words that may point at something said before."""

POINTS_AT_NOTHING: Final = re.compile(
    r"\bit(?:['’]s| is)? (?:worth|(?:\w+ )?(?:ok|okay|alright|normal|common|usual|possible|legal"
    r"|allowed|bad|good|better|best|wise|smart|safe|fair|rude|risky|hard|easy|idea|true|late|early)"
    r" (?:to|that|if|for)|takes? to|makes? sense to)\b"
    r"|\b(?:is|are|was|were) there\b|\bthere(?:['’]s| is| are| was| were)\b"
    r"|\bthis (?:week|month|year|morning|spring|summer|autumn|fall|winter|season)\b|\bthese days\b"
    r"|\bone of\b|(?<=\w )that (?=(?:i|you|we|my|our|your|the|an?|nobody|everyone)\b)",
    re.IGNORECASE,
)
"""Pointers that only hold a sentence together: "is it worth", "there are", "this week"."""

GLUE: Final = frozenset(
    """a an the of for to in on at with from by as into my me our us your his her their its no
    not""".split()
)
"""Words that may stand inside a phrase of a subject, but neither begin nor end it."""

GENERAL: Final = frozenset(
    """
    able ago allowed almost already always anyone apart around ask asked asking asks away back
    bad basically best better big bit bring call called came care chance come comes coming
    common cool couple currently day days decide did difference different down early earth easy
    eight end enough even everybody everyone exactly fact fair far feel feels felt find fine
    first five four full gain gave give given gives go goes going gone good great guess guys
    half happen happened happens hard hate head hear heard help honestly hope hour idea im kind
    knew known knows large last late lately later least likely literally little long look looked
    looking looks lot lots love luck luckily mad made make makes making manage matter mean means
    meant mind minute moment month months morning name near never new next nice nine nobody none
    normal nothing number often old open order ought past people person place play point
    possible pretty probably problem put puts question random ready real reason rn round said
    saw saying says second see seem seems seen send set seven several short show side simply
    since six somehow soon sort start started starting step stop stuck stuff supposed take taken
    takes taking talk talking tbh telling tells ten tend think thinking thought three time times
    today together told tomorrow tonight took totally tried true try trying turn turned turns
    two type typical use used using usual usually wait wanted wants way ways week weeks went
    whole wonder word words worse worst worth wrong year years yes yesterday
    monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december
    """.split()
)
"""Words of any dialogue: part of a phrase at best ("made partner"), never a subject."""
