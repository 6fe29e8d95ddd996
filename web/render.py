"""An answer as HTML. Articles are untrusted: all text passes through `plain` on its way here."""

from collections.abc import Iterable
from html import escape
from itertools import groupby

from pincite.model import Answer, Citation, Kind, NearArticle, Speaker, Statement
from web.links import article_link, citation_link

VOICES: dict[Speaker, str] = {
    "recruiter": "A recruiter's",
    "counsellor": "A counsellor's",
    "firm": "A firm's",
    "editor": "An editor's",
    "forum poster": "A forum poster's",
    "unknown": "A",
}
KINDS: dict[Kind, str] = {"column": "column", "thread": "forum thread", "guide": "guide"}
IN_THREAD = "A forum poster"
"""A thread belongs to nobody: whoever speaks in it is named alone."""

COPY = '<p class="after"><a class="copy" href="#copy">Copy with sources</a></p>'
"""Handled by `static/reader.js`; Gradio's own button would copy the HTML."""

CORRECT = '<a class="correct" href="#correct">Correct this question</a>'
"""Handled by `static/correct.js`, which takes the question that stands before it."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def plain(text: str) -> str:
    """Escape a text and put it on one line: a blank line would end a block of HTML in Markdown."""
    return escape(" ".join(text.split()))


def answer_html(answer: Answer, *, shown: int | None = None, feedback: str = "") -> str:
    """Render an answer, or its first `shown` statements while the rest is on its way.

    `feedback` is what `web.feedback` writes below a finished answer; nothing without an inbox.
    """
    parts = [standalone(answer)]
    if answer.status == "refused":
        parts.append(refusal(answer.nearest, answer.reply))
    else:
        parts += [voice(answer, list(group)) for _, group in by_voice(answer.statements[:shown])]
    if answer.status == "answered" and shown is None:
        parts += [*map(uncovered, answer.uncovered), COPY]
    return f'<div class="answer">{"".join(parts)}{feedback}</div>'


def fault_html(message: str) -> str:
    """Render what went wrong in place of an answer."""
    return f'<div class="answer"><p class="fault">{plain(message)}</p></div>'


def standalone(answer: Answer) -> str:
    """Say which question was answered, when it is not the one typed, and let it be corrected."""
    asked = plain(answer.standalone_question)
    if asked == plain(answer.question):
        return ""
    return f'<p class="asked">Answering: <q>{asked}</q> {CORRECT}</p>'


def uncovered(part: str) -> str:
    """Name what else was asked and has no answer."""
    return f'<p class="uncovered">The library does not cover: <q>{plain(part)}</q></p>'


def by_voice(statements: Iterable[Statement]) -> Iterable[tuple[object, Iterable[Statement]]]:
    """Group what one voice says in one article, as far as it stands together."""
    return groupby(statements, key=lambda statement: voice_of(statement.citations[0]))


def voice_of(citation: Citation) -> tuple[str, str, str]:
    """Tell voices apart: in a thread each response is somebody else's."""
    return citation.article_id, citation.speaker, response(citation)


def response(citation: Citation) -> str:
    return citation.heading if citation.kind == "thread" else ""


def voice(answer: Answer, statements: list[Statement]) -> str:
    citation = statements[0].citations[0]
    said = "".join(statement_html(answer, statement) for statement in statements)
    return (
        f'<div class="voice"><p class="who"><b>{plain(label(citation))}</b> '
        f'<span class="title">{plain(citation.title)}</span></p>'
        f'<p class="by">{plain(byline(citation))}</p>{said}</div>'
    )


def label(citation: Citation) -> str:
    """Say whose voice this is and how old, such as "A recruiter's column, 2026"."""
    if citation.kind == "thread" and citation.speaker == "forum poster":
        who = IN_THREAD
    else:
        who = f"{VOICES[citation.speaker]} {KINDS[citation.kind]}"
    return f"{who}, {readable_date(citation.date)}"


def byline(citation: Citation) -> str:
    """Say who wrote it and for which country, as far as the source tells."""
    facts = (response(citation), sentence_case(citation.attribution), citation.place)
    return " · ".join(filter(None, facts))


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


def statement_html(answer: Answer, statement: Statement) -> str:
    """Render a sentence and its marks; quotation marks stand only around the source's own words."""
    text = plain(statement.text)
    verbatim = any(text == plain(citation.quote) for citation in statement.citations)
    words = f"<q>{text}</q>" if verbatim else f"<span>{text}</span>"
    numbers = answer.numbers(statement.citations)
    marks = "".join(
        mark(citation, number)
        for citation, number in zip(statement.citations, numbers, strict=True)
    )
    return f'<p class="said">{words}{marks}</p>'


def mark(citation: Citation, number: int) -> str:
    # No space before it and none inside: a number never starts a line on its own.
    return (
        f'<a class="cite" href="{plain(citation_link(citation))}" '
        f'title="Read this in “{plain(citation.title)}”">[{number}]</a>'
    )


NO_ANSWER = "The library does not cover this, so there is no answer to give."


def refusal(nearest: Iterable[NearArticle], reply: str | None = None) -> str:
    """Say that there is no answer, or what to say instead, and name what is close by."""
    links = "".join(
        f'<li><a class="near" href="{plain(article_link(near.article_id))}">'
        f"{plain(near.title)}</a></li>"
        for near in nearest
    )
    close = f'<p class="close">Not answering this, but close by:</p><ul>{links}</ul>'
    return f'<p class="refusal">{plain(reply or NO_ANSWER)}</p>{close if links else ""}'
