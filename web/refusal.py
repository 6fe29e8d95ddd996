"""A refusal as HTML: what was searched for, what is close by, and where else to turn."""

import re
from collections.abc import Iterable
from html import escape

from pincite.model import Answer, NearArticle, SearchedFor
from web.links import article_link, web_address
from web.wording import plain

NO_ANSWER = "The library does not cover this, so there is no answer to give."

REPHRASE = '<a class="correct" href="#correct">Put it another way</a>'
"""Handled by `static/correct.js`, which takes the question that stands before it."""

MISSING = "It asks for {missing}, which no article gives."

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
ADDRESS = re.compile(r"https?://[^\s,;]+")


def refusal(answer: Answer, *, contact: str | None = None) -> str:
    """Say that there is no answer, or what to say instead, and help on from there.

    A fixed reply, such as to a greeting or to words of distress, stands alone: it is no search.
    """
    said = f'<p class="refusal">{plain(answer.reply or NO_ANSWER)}</p>'
    if not answer.searched_for.words and not answer.nearest:
        return said
    tried = searched(answer.standalone_question, answer.searched_for)
    return said + tried + close_by(answer.nearest) + human(contact)


def searched(question: str, tried: SearchedFor) -> str:
    """Say what was looked for, and what of it no article has in any form."""
    why = f"{MISSING.format(missing=plain(tried.missing))} " if tried.missing else ""
    unknown = ", ".join(f"<i>{plain(word)}</i>" for word in tried.unknown)
    nowhere = f"No article has the word{'s' * (len(tried.unknown) > 1)} {unknown}. "
    return (
        f'<p class="searched">{why}Searched for: <q>{plain(question)}</q> '
        f"{nowhere if unknown else ''}{REPHRASE}</p>"
    )


def close_by(nearest: Iterable[NearArticle]) -> str:
    links = "".join(
        f'<li><a class="near" href="{plain(article_link(near.article_id))}">'
        f"{plain(near.title)}</a></li>"
        for near in nearest
    )
    return f'<p class="close">Not answering this, but close by:</p><ul>{links}</ul>' * bool(links)


def human(contact: str | None) -> str:
    """Name whom to ask instead, with an address that can be followed where there is one."""
    if not contact:
        return ""
    return f'<p class="human">You can also ask a person: {with_links(contact)}.</p>'


def with_links(contact: str) -> str:
    """Escape a contact; an e-mail or web address in it becomes a link."""
    if found := EMAIL.search(contact):
        address = f"mailto:{found[0]}"
    elif (found := ADDRESS.search(contact)) and web_address(found[0]):
        address = found[0]
    else:
        return plain(contact)
    before, after = contact[: found.start()], contact[found.end() :]
    link = f'<a href="{escape(address)}">{plain(found[0])}</a>'
    return f"{escape(before)}{link}{escape(after).rstrip('.')}"
