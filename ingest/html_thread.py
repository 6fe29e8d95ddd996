"""Forum pages: which elements hold a post's own words, and who wrote them."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml.etree import _Element as Element

from ingest.blocks import Block, Cut
from ingest.html_blocks import blocks_of
from ingest.html_furniture import WORD, strip_furniture, strip_repeats, without_labels, writer_of
from ingest.html_tree import classes, elements, outermost, size, words

MARKED = ("itemprop", "data-role", "component", "slot", "role", "itemtype", "data-testid")
"""Attributes that say what an element is; `.name` stands for a class, `#name-N` for an id."""

BOARDS: Sequence[tuple[str, ...]] = (
    (".js-post-body",),  # Stack Exchange: questions and answers, not the comments below them
    (".question .post-text", ".answer .post-text"),  # the same, before 2020
    (".crawler-post .post",),  # Discourse without scripts
    (".topic-post .cooked",),  # Discourse as a browser saves it
    (".message-body .bbWrapper",),  # XenForo 2; a signature has a bbWrapper of its own
    (".message .messageText",),  # XenForo 1, WoltLab
    ("[data-role=commentContent]",),  # Invision 4
    (".ipsEntry__content",),  # Invision 5
    ("#post_message_N",),  # vBulletin 3 and 4
    (".js-post__content-text",),  # vBulletin 5 and 6
    (".postbody .content",),  # phpBB 3
    (".post_body.scaleimages", ".post_body"),  # MyBB
    (".blockpost .postmsg",),  # FluxBB
    ("[component=post/content]",),  # NodeBB
    (".Post-body",),  # Flarum
    (".Message.userContent", ".Item-Body .Message"),  # Vanilla
    (".lia-message-body-content",),  # Khoros
    (".bbp-topic-content", ".bbp-reply-content"),  # bbPress
    (".wpforo-post-content", ".wpf-post-content"),  # wpForo
    ("[slot=text-body]", "[slot=comment]"),  # Reddit
    (".thing .usertext-body",),  # Reddit before 2018
    (".toptext", ".commtext"),  # Hacker News
    (".story_text", ".comment_text"),  # Lobsters
    (".fhitem-story .p", ".commentBody"),  # Slashdot
    (".qa-q-view-content", ".qa-a-item-content"),  # Question2Answer
    (".forum_op .content", ".commentthread_comment_text"),  # Steam
    (".md-div",),  # Lemmy
    (".pd .narrow",),  # Nairaland
    (".post_wrapper .inner",),  # SMF
)
"""Where widespread forum software keeps a post's words; enough to know a forum by."""

LOOSE_BOARDS: Sequence[tuple[str, ...]] = (
    (".cooked",),
    (".message-body",),
    (".messageText",),
    (".postmsg",),
    (".postText",),  # JForum
    (".msg_text",),
    (".msg_body",),
    (".postBody",),  # TripAdvisor
    (".t_f",),  # Discuz
    ("span.postbody", ".postbody"),  # phpBB 2
    (".postcontent",),
    (".lia-message-body",),
    (".post_inner #bodyN",),  # UBB.threads
    (".Message",),
)
"""The same, under names that other pages use too: believed where the page says it is a forum."""

BODY_NAME = re.compile(
    r"(?:^|[-_])(?:post|message|msg|comment|reply|answer|question|topic|entry|discussion)s?"
    r"[-_]*(?:body|content|contents|text|message|html|inner|copy)(?:$|[-_])"
)
POST_NAME = re.compile(
    r"^(?:forum[-_])?(?:post|message|msg|comment|reply|answer|response)(?:[-_](?:item|row|wrapper|"
    r"container|box|block|card|list-item))?$"
)
POST_TYPES = re.compile(r"schema\.org/(?:Comment|DiscussionForumPosting|Answer|Question)$")
POST_IDS = re.compile(r"^(?:post|p|msg|message|comment|reply|answer)[-_]?N$")


@dataclass(frozen=True, slots=True)
class Thread:
    """The blocks of a page, and what was cut from within them."""

    blocks: tuple[Block, ...]
    cuts: tuple[Cut, ...] = ()


def thread_of(root: Element, *, is_forum: bool) -> Thread | None:
    """Read a thread of known forum software; None where the page is of none."""
    marks = _index(root)
    bodies = _known(marks, BOARDS) or (_known(marks, LOOSE_BOARDS) if is_forum else [])
    return _thread(bodies) if bodies else None


def loose_thread(root: Element) -> Thread | None:
    """Read a thread by what its elements are called; for pages that say they are a forum."""
    marks = _index(root)
    if bodies := _named(marks):
        return _thread(bodies)
    posts = _repeated(marks)
    return _thread(posts, is_container=True) if posts else None


def _thread(bodies: Sequence[Element], *, is_container: bool = False) -> Thread:
    """Write the posts one after another, each opened by the name of its writer."""
    blocks: list[Block] = []
    cuts: list[Cut] = []
    earlier = ""
    every = set(bodies)
    writers = [writer_of(_surroundings(body, every), body) for body in bodies]
    for writer, body in zip(writers, bodies, strict=True):
        strip_furniture(body, is_container=is_container)
        cuts += [Cut("quote of an earlier post", q) for q in strip_repeats(body, earlier)]
        earlier += " " + " ".join(WORD.findall(words(body).lower()))
        if said := without_labels(blocks_of(body)):
            blocks += [Block("post", writer), *said]
    return Thread(tuple(blocks), tuple(cuts))


def _index(root: Element) -> Mapping[str, list[Element]]:
    """List the elements by each of their marks."""
    index: dict[str, list[Element]] = defaultdict(list)
    for element in elements(root):
        for mark in _marks(element):
            index[mark].append(element)
    return index


def _marks(element: Element) -> Iterator[str]:
    yield from {f".{name}" for name in classes(element)}
    for name in MARKED:
        if value := element.get(name):
            yield f"[{name}={value}]"
    if identity := element.get("id"):
        yield "#" + re.sub(r"\d+", "N", identity)


def _known(marks: Mapping[str, list[Element]], boards: Sequence[tuple[str, ...]]) -> list[Element]:
    """Take the first board whose marks hold words."""
    for board in boards:
        found = [e for mark in board for e in _matching(marks, mark)]
        bodies = _in_order(e for e in outermost(found) if size(e))
        if bodies:
            return bodies
    return []


def _matching(marks: Mapping[str, list[Element]], mark: str) -> list[Element]:
    """Match `.a`, `span.a`, `.a.b` or `.around .a`."""
    *around, last = mark.split(" ")
    tag, dot, name = last.partition(".")
    first, *more = name.split(".") if dot else [""]
    found = marks.get(f".{first}" if dot else last, [])
    inside = set(marks.get(around[0], [])) if around else None
    return [
        e
        for e in found
        if (not dot or not tag or e.tag == tag)
        and set(more) <= set(classes(e))
        and (inside is None or any(a in inside for a in e.iterancestors()))
    ]


def _named(marks: Mapping[str, list[Element]]) -> list[Element]:
    """Take the class called like a post's body that repeats and holds the most words."""
    groups = [
        outermost([e for e in found if e.tag not in {"p", "a", "span"}])
        for mark, found in marks.items()
        if mark.startswith(".") and BODY_NAME.search(_snake(mark[1:]))
    ]
    return _largest(groups)


def _repeated(marks: Mapping[str, list[Element]]) -> list[Element]:
    """Take the containers called posts; who, when and what to press are cut from them later."""
    groups = [
        outermost(found)
        for mark, found in marks.items()
        if (mark[0] == "." and POST_NAME.match(_snake(mark[1:])))
        or (mark[0] == "#" and POST_IDS.match(mark[1:]))
        or POST_TYPES.search(mark.rstrip("]"))
    ]
    return _largest(groups)


def _largest(groups: Collection[list[Element]]) -> list[Element]:
    """Choose the group with the most words; of equals the first, which is the outermost."""
    repeated = [group for group in groups if sum(1 for e in group if size(e)) > 1]
    best = max(repeated, key=lambda group: sum(map(size, group)), default=[])
    return [element for element in best if size(element)]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def _in_order(found: Iterator[Element]) -> list[Element]:
    bodies = list(found)
    if not bodies:
        return []
    places = {e: n for n, e in enumerate(bodies[0].getroottree().iter())}
    return sorted(set(bodies), key=places.__getitem__)


def _surroundings(body: Element, bodies: Collection[Element]) -> Element:
    """Climb to the outermost element that holds no other post."""
    around = body
    for above in body.iterancestors():
        if any(e in bodies and e is not body for e in above.iter()):
            return around
        around = above
    return body
