"""Text that a page holds and does not show: found, counted and removed before anything is read.

Hidden words would be indexed and quoted though no reader of the page ever saw them; whoever can
write into a page (a comment, a biography) could put words into our answers. Rules read inline
styles, attributes, well-known class names and the page's own simple style rules; a style sheet in
another file is not fetched.
"""

import re
from collections.abc import Callable, Mapping

from lxml.etree import _Element as Element

from ingest.blocks import Cut
from ingest.html_tree import classes, drop, elements, outermost, shortened, size, words

NEVER_SHOWN = frozenset(
    "script style template noscript iframe object embed svg canvas audio video datalist".split()
)
"""Elements whose text is a program, a drawing, or what only a browser without them would show."""

HIDING_CLASSES = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screenreader-text element-invisible "
    "u-hidden is-hidden hidden d-none hide invisible offscreen".split()
)
SHOWN_AGAIN = re.compile(r"(?:^|:|-)(?:block|flex|inline\S*|grid|table\S*|visible|show)$")
"""`hidden md:block` and `d-none d-md-flex` hide on a telephone only."""

RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
AT_BLOCK = re.compile(r"@[^{};]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
SIMPLE = re.compile(r"[.#][\w-]+")
MOST_OF_PAGE = 0.5
"""Pages that fade in, or lie behind an open window, hide everything until a script has run."""

Style = Mapping[str, str]


def declarations(style: str) -> dict[str, str]:
    """Read `a: b; c: d`; names and values in lower case, without `!important`."""
    plain = re.sub(r"/\*.*?\*/|!important", "", style.lower())
    pairs = (part.partition(":") for part in plain.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if value}


def length(value: str) -> float | None:
    """Return a length in pixels, roughly; None where it is none or relative to something."""
    match = re.match(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|vw|vh|%)?(?=$|[\s,/)])", value)
    if not match:
        return None
    unit = {"em": 16.0, "rem": 16.0, "vw": 10.0, "vh": 10.0, "%": 0.16}.get(match[2] or "px", 1.0)
    return float(match[1]) * unit


def not_displayed(style: Style) -> bool:
    """`display:none`, `visibility:hidden` and their newer relatives."""
    return (
        style.get("display") == "none"
        or style.get("visibility") in {"hidden", "collapse"}
        or style.get("content-visibility") == "hidden"
    )


def too_small(style: Style) -> bool:
    """Letters of at most two pixels; nobody reads them, an indexer does."""
    short = re.search(r"(?:^|\s)(\S+?)(?:/\S+)?\s+\S+$", style.get("font", ""))
    written = style.get("font-size") or (short[1] if short else "")
    pixels = length(written)
    return (pixels is not None and pixels <= 2) or length(style.get("line-height", "")) == 0


def see_through(style: Style) -> bool:
    """Opacity so low that nothing is seen, or transparent letters."""
    opacity = length(style.get("opacity", ""))
    filtered = re.search(r"opacity\(\s*0?\.?0*%?\s*\)", style.get("filter", ""))
    ink = style.get("-webkit-text-fill-color") or style.get("color", "")
    return (
        (opacity is not None and opacity <= (0.08 if "%" not in style["opacity"] else 1.3))
        or filtered is not None
        or ink == "transparent"
        or re.fullmatch(r"(?:rgba|hsla)\(.*[,/]\s*0?\.?0*%?\s*\)|#\w{3}0|#\w{6}00", ink) is not None
    )


def off_screen(style: Style) -> bool:
    """Moved so far that no screen shows it."""
    places = [style.get(s, "") for s in ("left", "right", "top", "bottom", "text-indent")]
    places += [v for k in ("margin", "margin-left", "margin-top") for v in style.get(k, "").split()]
    places += (
        re.findall(r"-?[\d.]+\w*", style.get("transform", "")) + style.get("inset", "").split()
    )
    moved = style.get("transform", "").startswith("translate")
    return any((length(p) or 0) <= -500 for p in places) or (
        moved and any((length(p) or 0) >= 2000 or p == "-100vw" for p in places)
    )


def clipped_away(style: Style) -> bool:
    """A box without extent that cuts off what flows over it, a clip or a scale to nothing."""
    cut_off = style.get("overflow", "").startswith(("hidden", "clip")) or "overflow-y" in style
    sides = ("height", "width", "max-height", "max-width")
    lengths = [length(style.get(side, "")) for side in sides]
    clip = style.get("clip", "") + style.get("clip-path", "")
    return (
        (cut_off and any(side is not None and side <= 1 for side in lengths))
        or bool(re.search(r"rect\(\s*(?:[01](?:px)?[\s,]*){4}\)", clip))
        or bool(re.search(r"inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0|polygon\(\s*0", clip))
        or bool(re.search(r"scale[xy]?\(\s*0?\.?0*\s*[,)]", style.get("transform", "")))
    )


def behind(style: Style) -> bool:
    """Put behind the page itself."""
    return style.get("z-index", "").startswith("-") and "position" in style


STYLES: tuple[Callable[[Style], bool], ...] = (
    not_displayed, too_small, see_through, off_screen, clipped_away, behind
)  # fmt: skip


def hidden_by_style(style: Style) -> bool:
    """Whether declarations alone hide an element."""
    return any(hides(style) for hides in STYLES)


def brightness(colour: str) -> float | None:
    """Return 0 for black to 255 for white, of the forms in which pages write near-white text."""
    value = {"white": "#fff", "snow": "#fffafa", "ivory": "#fffff0", "black": "#000"}.get(
        colour, colour
    )
    if match := re.fullmatch(r"#([0-9a-f]{3,8})", value):
        digits = match[1] if len(match[1]) >= 6 else "".join(c * 2 for c in match[1])
        return sum(int(digits[i : i + 2], 16) for i in (0, 2, 4)) / 3
    if match := re.match(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)", value):
        return sum(map(int, match.groups())) / 3
    if match := re.match(r"hsla?\([^,]*,?\s*[\d.]+%?[\s,]+([\d.]+)%", value):
        return float(match[1]) * 2.55
    return None


def same_colour(element: Element, style: Style) -> bool:
    """Letters as bright as what they stand on; without a stated background that is white."""
    ink = brightness(style.get("color") or (element.get("color") or "").lower())
    if ink is None or (ink < 240 and not style.keys() & {"background", "background-color"}):
        return False
    paper = next(filter(None, map(background, (element, *element.iterancestors()))), "white")
    ground = brightness(paper)
    return ground is not None and abs(ground - ink) <= 12


def background(element: Element) -> str:
    """Return the colour, or whatever else stands in for it, that an element paints behind it."""
    style = declarations(element.get("style") or "")
    painted = style.get("background-color") or style.get("background")
    return painted or style.get("background-image") or (element.get("bgcolor") or "").lower()


def hidden_by_attribute(element: Element) -> bool:
    """`hidden`, `aria-hidden`, a closed dialogue, or a class that is called so."""
    names = classes(element)
    by_class = any(c.lower() in HIDING_CLASSES for c in names)
    return (
        element.get("hidden") is not None
        or (element.get("aria-hidden") or "").lower() == "true"
        or (element.tag == "dialog" and element.get("open") is None)
        or (by_class and not any(SHOWN_AGAIN.search(c) for c in names))
    )


def sheet_rules(root: Element) -> frozenset[str]:
    """Return the simple selectors, `.a` and `#b`, that the page's own style elements hide.

    Rules inside @media and the like hold for some screens only and are not read.
    """
    merged: dict[str, dict[str, str]] = {}
    for sheet in root.iter("style"):
        plain = AT_BLOCK.sub(
            " ", re.sub(r"/\*.*?\*/", " ", (sheet.text or "")[:300_000], flags=re.S)
        )
        for selectors, body in RULE.findall(plain):
            for selector in map(str.strip, selectors.split(",")):
                if SIMPLE.fullmatch(selector):
                    merged.setdefault(selector, {}).update(declarations(body))
    return frozenset(selector for selector, style in merged.items() if hidden_by_style(style))


def is_hidden(element: Element, rules: frozenset[str]) -> bool:
    """Whether an element itself is hidden; those inside it go with it."""
    if not element.attrib:
        return element.tag in NEVER_SHOWN
    if element.tag in NEVER_SHOWN or hidden_by_attribute(element):
        return True
    marks = {f".{c}" for c in classes(element)} | {f"#{element.get('id')}"}
    style = declarations(element.get("style") or "")
    return bool(marks & rules) or hidden_by_style(style) or same_colour(element, style)


def show_noscript(root: Element) -> bool:
    """Show what a page shows to browsers without scripts, where that is all the words it has.

    Discourse, read without a browser, holds its whole thread in a noscript element and nothing
    outside. A noscript beside a page's words stays hidden.
    """
    inside = outermost(list(root.iter("noscript")))
    body = next(root.iter("body"), root)
    held = sum(map(size, inside))
    outside = size(body) - held - sum(size(e) for e in body.iter("script", "style", "template"))
    if held < 20 or outside > held / 4:
        return False
    for element in inside:
        element.tag = "div"
    return True


def find_hidden(root: Element) -> list[Element]:
    """Return the outermost hidden elements, but not one that holds most of the page."""
    rules = sheet_rules(root)
    limit = MOST_OF_PAGE * size(root)
    found = [e for e in elements(root) if is_hidden(e, rules)]
    return outermost([e for e in found if e.tag in NEVER_SHOWN or not _is_page(e, limit)])


def _is_page(element: Element, limit: float) -> bool:
    return element.tag in {"html", "body"} or (size(element) > limit and size(element) > 100)


def remove_hidden(root: Element) -> list[Cut]:
    """Remove hidden text in place; the receipt names what a person would call text."""
    said = []
    for element in find_hidden(root):
        text = "" if element.tag in {"script", "style", "svg"} else words(element)
        drop(element)
        if len(text.split()) > 2:
            said.append(text)
    return [Cut("hidden text", shortened(text)) for text in said]
