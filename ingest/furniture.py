"""Lines that belong to a page and never to an article, each with the rule that names it.

A rule matches a whole line, so that no sentence of an article can hold what it looks for. The
closed vocabularies of `ANYWHERE` are looked for in the body too; the rest only above the first
and below the last words of an article.
"""

import re
from collections.abc import Callable, Sequence

from ingest.blocks import Block, unlisted
from ingest.bylines import detail

LONGEST_LINE = 300
Test = Callable[[str], bool]

SEPARATOR = r"[\s|/,·•>»:;()+&-]"
NETWORK = (
    r"(?:facebook|twitter|x|linked\s?in|reddit|e-?mail(?: this)?|print(?: this)?|whats\s?app"
    r"|pinterest|tumblr|copy link|pocket|telegram|bluesky|mastodon|threads|tweet(?: this)?|pin it"
    r"|permalink|share|like|more|(?:download|save)(?: this \w+)?(?: as)?(?: pdf)?)"
)
SHARE = re.compile(
    r"(?:please\s+)?(?:click to )?share(?=.*\b(?:this|on|via|article|post|column)\b|\W+"
    rf"{NETWORK})(?:\s+(?:this|on|via|by|with|page|story|article|post|column|thread))*"
    rf"{SEPARATOR}*(?:(?:{NETWORK}|and|on|or){SEPARATOR}*)*(?:\(opens in (?:a )?new window\))?",
    re.IGNORECASE,
)
NETWORKS = re.compile(rf"(?:{NETWORK}{SEPARATOR}+){{2,}}{NETWORK}\W*", re.IGNORECASE)
POST_BUTTONS = re.compile(
    r"(?:(?:reply|quote|report(?: (?:post|abuse))?|like|up\s?vote|down\s?vote|permalink|share|flag"
    r"|edit|bookmark|log in to reply|reply to this (?:post|comment)"
    r"|\d+ (?:likes?|points?|up\s?votes?|people found this helpful)|helpful\??|[▲▼👍↩])"
    rf"(?:{SEPARATOR}+|$))+",
    re.IGNORECASE,
)
"""Below every post of a thread; a page that says one such word once may mean it."""

ADVERTISEMENT = re.compile(
    r"(?:[-—\s]*)(?:advertisements?|sponsored(?: content| post)?|(?:story|article) continues below"
    r"(?: advertisement)?|continue reading below)(?:[-—\s]*)",
    re.IGNORECASE,
)
SENT_FROM = re.compile(r"(?:sent from my|get outlook for) [\w ]{2,30}\.?", re.IGNORECASE)

MENU = (
    r"(?:home|about(?: us)?|our (?:team|people|story|services|firm)|contact(?: us)?|blog|news"
    r"|careers?|jobs?|job search|search|menu|log\s?in|log\s?out|sign in|register|services"
    r"|practice areas|resources|events|faqs?|site\s?map|privacy(?: policy)?|cookie policy"
    r"|terms(?: (?:of (?:use|service)|and conditions|& conditions))?|skip to (?:main )?content"
    r"|(?:toggle|main|primary) (?:navigation|menu)|forums?|members|archives?|advertise|shop|people"
    r"|(?:next|previous|older|newer)(?: (?:page|post|column|article|thread)s?)?|columns|articles"
    r"|employers|candidates|insights|publications|thread tools|rules|new posts|accessibility"
    r"|back to (?:columns|articles|forum|the forum|index|list)|view all(?: posts| columns)?"
    r"|sort by:? \w+|jump to comments|page \d+ of \d+)"
)
MENU_LINE = re.compile(rf"[«‹←<\s]*{MENU}[»›→>\s]*", re.IGNORECASE)
NEIGHBOURS = re.compile(
    r"(?:[«‹←][^»›→]{3,90}|[^«‹←]{3,90}[»›→]"
    r"|(?i:next|previous|prev)\s+(?:column|article|post|thread|question)\s*:.{3,90}"
    r"|(?:Next|Previous|Prev)\s*:(?:\s+(?:[^\Wa-z][\w’'-]*|an?|the|in|of|on|to|for|and|or|is)[?!,:]?)+)"
)
"""`« Older Title`, `Next column: ...`; `Next: ` alone only above a title in capitals."""

CRUMBS = re.compile(r"\s+(?:>|»|›|→|/)\s+")
CRUMB_ROOT = re.compile(
    r"(?:you are here:?\s*)?(?:home|start|index|forums?|blog|news|articles|advice|careers?"
    r"|columns|resources|library|main|community)",
    re.IGNORECASE,
)
TAGS = re.compile(
    r"(?:filed (?:under|in)\s*:?|(?:tagged(?: (?:with|as|under))?|posted in|tags?|categor(?:y|ies)"
    r"|topics?|labels?|keywords)\s*:)\s+[^.!?]{2,200}",
    re.IGNORECASE,
)
AMOUNT = r"\d[\d.,]*\s?k?"
COUNTER = re.compile(
    rf"(?:(?:(?:views?|reads?|visits|hits|prints|shares|downloads)\s*:\s*{AMOUNT}"
    rf"|(?:viewed|printed|read|shared|downloaded)\s+{AMOUNT}\s+times?"
    rf"|{AMOUNT}\s+(?:page\s+)?(?:views?|reads?|visits|hits|prints|shares|downloads|likes|followers)"
    r"|\d{1,2}[\s-]min(?:ute)?s?\s+read|(?:estimated\s+)?reading time:?\s+\d{1,2}\s+min(?:ute)?s?)"
    rf"(?:{SEPARATOR}+|\.?$))+",
    re.IGNORECASE,
)
COOKIES = re.compile(
    r"(?=.*\bcookies?\b)(?:.*\b(?:we|site|website|page)\b.*\buses?\b.*\bcookies\b.*"
    r"|.*\b(?:accept|allow|manage|reject)\s+(?:all|our|your)?\s*cookies?\b.*"
    r"|cookie (?:notice|settings|policy))",
    re.IGNORECASE,
)
SIGN_UP = re.compile(
    r"(?:(?:sign\s?up|subscribe|join)\b[^.?]{0,40}\b(?:our|my|this|free|weekly|monthly|for|to)"
    r"\b[^.?]{0,40}\b(?:newsletters?|updates|mailing list|alerts|digest)\b.{0,80}"
    r"|get\b[^.?]*\b(?:in|to) your inbox\b.{0,60}|enter your e-?mail\b.{0,60}"
    r"|(?:your )?e-?mail address|(?:no spam|we never spam)\b.{0,60}"
    r"|unsubscribe (?:at )?any ?time\W*"
    r"|subscribe(?: now| today)?\W*|sign up(?: now| today)?\W*"
    r"|.{0,20}\bnewsletter sign-?up\b.{0,20})",
    re.IGNORECASE,
)
COMMENT_FORM_LABEL = re.compile(
    r"(?:leave|post|write|add)\s+(?:a|your)\s+(?:reply|comment|response|answer)\W*(?:cancel reply)?"
    r"|join the (?:discussion|conversation)\W*|(?:quick )?reply to (?:this )?(?:thread|topic)",
    re.IGNORECASE,
)
COMMENT_FORM = re.compile(
    r"your e-?mail address will not be published\b.*|required fields are marked\b.*"
    r"|(?:name|e-?mail|website|comment)\s*\*|(?:post|submit|add)(?: (?:a |your )?comment)?"
    r"|save my name\b.*|notify me (?:of|by|when)\b.*|cancel reply|comments are closed\b.*"
    r"|(?:you must|please|you need to)?\s*(?:be logged|log|sign)(?:ged)? in (?:or register )?to"
    r" (?:post|reply|comment|leave|answer)\b.*|be the first to (?:comment|reply)\W*"
    r"|you must log in or register to reply here\W*"
    r"|this (?:thread|topic) is (?:now )?closed\b.{0,40}",
    re.IGNORECASE,
)
COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*\d{4}.*|.*\ball rights reserved\b.*", re.IGNORECASE
)


def is_share_bar(line: str) -> bool:
    """`Share this: Facebook Twitter`, `Facebook | LinkedIn | Print`: links to networks alone."""
    return bool(SHARE.fullmatch(line) or NETWORKS.fullmatch(line))


def is_navigation(line: str) -> bool:
    """`Home | About | Contact`, `Contact us`, `« Older column`: a menu's words, short and many."""
    if detail(line):
        return False
    parts = [part.strip() for part in re.split(r"\s*[|·•]\s*|\s+/\s+", line) if part.strip()]
    is_menu = len(parts) >= 3 and all(len(part.split()) <= 4 for part in parts)
    known = [part for part in parts if MENU_LINE.fullmatch(part)]
    return bool(
        (is_menu and known and not re.search(r"[.!?]$", line))
        or (parts and len(known) == len(parts))
        or NEIGHBOURS.fullmatch(line)
    )


def is_breadcrumb(line: str) -> bool:
    """`Home > Columns > Moving`: a path through the site, from a root that it names."""
    steps = CRUMBS.split(line)
    return len(steps) > 1 and bool(CRUMB_ROOT.fullmatch(steps[0].strip())) and len(line) <= 200


def is_sign_up(line: str) -> bool:
    """`Sign up for our newsletter`: at most thirty words that ask for a mail address."""
    return len(line.split()) <= 30 and bool(SIGN_UP.fullmatch(line))


def _matches(pattern: re.Pattern[str]) -> Test:
    return lambda line: bool(pattern.fullmatch(line))


ANYWHERE: tuple[tuple[str, Test], ...] = (
    ("share bar", is_share_bar),
    ("post buttons", _matches(POST_BUTTONS)),
    ("advertisement", _matches(ADVERTISEMENT)),
    ("signature of a device", _matches(SENT_FROM)),
)
EDGES: tuple[tuple[str, Test], ...] = (
    ("navigation", is_navigation),
    ("breadcrumb", is_breadcrumb),
    ("tags line", _matches(TAGS)),
    ("counter", _matches(COUNTER)),
    ("cookie note", _matches(COOKIES)),
    ("newsletter sign-up", is_sign_up),
    ("comment form", _matches(COMMENT_FORM)),
    ("comment form", _matches(COMMENT_FORM_LABEL)),
    ("copyright line", _matches(COPYRIGHT)),
)


def furniture_rule(block: Block, rules: Sequence[tuple[str, Test]]) -> str | None:
    """Return the name of the first rule that a line of the page meets, or None."""
    is_title = block.kind == "heading" and block.level == 1
    if block.kind not in {"paragraph", "heading"} or is_title or len(block.text) > LONGEST_LINE:
        return None
    return next((name for name, holds in rules if holds(block.text)), None)


def menu_run(blocks: Sequence[Block], start: int) -> int:
    """Return the end of a list that is a menu: three items or more, four words each, half known."""
    end = start
    while end < len(blocks) and blocks[end].kind == "item":
        end += 1
    items = [unlisted(block) for block in blocks[start:end]]
    known = [item for item in items if MENU_LINE.fullmatch(item) or is_share_bar(item)]
    short = all(len(item.split()) <= 4 and not re.search(r"[.!?,:]$", item) for item in items)
    return end if len(items) >= 3 and short and len(known) >= len(items) / 2 else start
