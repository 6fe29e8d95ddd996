"""What stands inside or beside a post and is not its words; and the name of its writer."""

import re
from collections.abc import Sequence

from lxml.etree import _Element as Element

from ingest.blocks import Block, folded
from ingest.html_tree import classes, drop, elements, outermost, shortened, words

CONTROLS = frozenset("button form select textarea input nav menu label fieldset".split())
"""Elements to press or to fill in."""

FURNITURE = re.compile(
    r"(?:^|-)(?:(?:post|user|message)?signature|sig|signatur|avatar|toolbar|tooltip|dropdown|share|"
    r"sharing|social|likes?|reactions?|voting|votes?|vote-?cell|buttons?|btn|actions?|controls?|"
    r"expand-?link|edited-?by|last-?edit(?:ed)?|attachments?|attachment-list|file-?list|"
    r"link-?preview|permalink|advert|ads?|adsbygoogle|sponsor(?:ed)?|report|select-?all|"
    r"user-?titles?|rank|badges?|click-?counter|badge-notification|notice|onebox-metadata|poll|"
    r"lightbox-?meta|meta|jump|breadcrumbs?)(?:-|$)"
)
"""Names of what software adds to a post: who signed it, what to press, how it was received."""

ABOUT_WRITER = re.compile(
    r"(?:^|-)(?:user|author|username|poster|profile|member|date|time|timestamp|byline|post-?info|"
    r"details|head|header|foot|footer|info|cite|tagline|stats|score|points|number|flair|"
    r"comment-count|subject|tools|links|options|navigation|pagination)(?:-|$)"
)
"""Names of what stands around the words where a whole post is all that can be found."""

LABEL = re.compile(
    r"(?:click to (?:expand|enlarge|show|view).*|quote|reply|like|share|report|copy|edited|"
    r"(?:show|read|see|view) (?:more|less)|(?:expand|collapse)(?: post| signature)?|"
    r"code:?(?: ?\[?select(?: all)?\]?)?|select all|link to (?:comment|post)|"
    r"share on other sites|more options\W*|(?:spoiler|quote):|permalink|(?:up|down)vote|"
    r"advertisement|sponsored|topic starter|original poster|sent from (?:my|mobile) .{2,60}|"
    r".{0,60}using tapatalk|(?:last )?(?:edited|modified)(?: .{0,30})? (?:by|on|at)\b.{0,120}|"
    r"attach(?:ed|ment)s? (?:files?|images?|thumbnails?)?:?)[.…]*",
    re.IGNORECASE,
)
"""Lines that are nothing but a button, or what a telephone adds."""

NAMES = ("data-author", "data-username", "data-user-name", "author")
WRITERS = (
    re.compile(
        r"(?:^|-)(?:big-?)?user-?name(?:-|$)|(?:^|-)(?:display|nick|author|poster|member)-?name"
    ),
    re.compile(r"(?:^|-)(?:names|hnuser|creator|user-?link|user-?details|nick)(?:-|$)"),
    re.compile(r"(?:^|-)(?:author|poster|name)(?:-|$)"),
)
"""What software calls the element with a writer's name, the most exact first."""

LONGEST_NAME = 60
WORD = re.compile(r"\w+")


def snake(name: str) -> str:
    """Write `userName__big` and `user_name` alike."""
    return re.sub(r"[_-]+", "-", re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name)).lower()


def has_name(element: Element, pattern: re.Pattern[str]) -> bool:
    """Whether a class of the element is called so."""
    return any(pattern.search(snake(name)) for name in classes(element))


def strip_furniture(body: Element, *, is_container: bool) -> None:
    """Remove what is not the post's words; of a container also what tells of its writer."""
    inside = [e for e in elements(body) if e is not body]
    found = [e for e in inside if e.tag in CONTROLS or has_name(e, FURNITURE)]
    if is_container:
        found += [e for e in inside if e.tag in {"time", "header", "footer"}]
        found += [e for e in inside if has_name(e, ABOUT_WRITER)]
    for element in outermost(found):
        drop(element)


QUOTE = re.compile(
    r"(?:^|-)(?:quote|quotebox|quote-?content|quotemain|bbcode-?quote|quoted)(?:-|$)"
)


def strip_repeats(body: Element, earlier: str) -> list[str]:
    """Remove quotes of what an earlier post on the page already says; return them.

    A quote from elsewhere, or of a post on another page of the thread, is the only place where
    its words stand and is kept.
    """
    quotes = [e for e in elements(body) if e.tag == "blockquote" or has_name(e, QUOTE)]
    removed = []
    for quote in outermost([e for e in quotes if e is not body]):
        text = words(quote)
        if repeats(text, earlier):
            removed.append(shortened(text))
            drop(quote)
    return removed


def repeats(quote: str, earlier: str) -> bool:
    """Whether at least 70 % of a quote's runs of four words stand in what was said before.

    The other 30 % leave room for `Jo Doe said:`, a date, and words that the quoter left out.
    """
    said = WORD.findall(quote.lower())
    runs = [" ".join(said[i : i + 4]) for i in range(max(1, len(said) - 3))]
    return bool(said) and sum(run in earlier for run in runs) >= 0.7 * len(runs)


def without_labels(blocks: Sequence[Block]) -> list[Block]:
    """Leave out the lines that are nothing but a button."""
    return [
        b
        for b in blocks
        if not LABEL.fullmatch(re.sub(r"^(?:-|\d+\.) ", "", b.text)) or b.kind == "rule"
    ]


def writer_of(around: Element, body: Element) -> str:
    """Return the name that a post's surroundings give its writer, or ""."""
    for element in [around, *body.iterancestors()][:8]:
        for name in NAMES:
            if value := folded(element.get(name) or ""):
                return value if len(value) <= LONGEST_NAME else ""
    inside = set(body.iter())
    beside = [e for e in elements(around) if e not in inside]
    marked = [e for e in beside if e.get("itemprop") in {"author", "name"}]
    named = [e for pattern in WRITERS for e in beside if has_name(e, pattern)]
    texts = (re.sub(r"^by:?\s", "", words(e), flags=re.IGNORECASE) for e in (*marked, *named))
    return next((text for text in texts if text and len(text) <= LONGEST_NAME), "")
