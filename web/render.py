"""An answer as HTML. Articles are untrusted: all text passes through `plain` on its way here."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from pincite.inbox import today
from pincite.model import Answer, Citation, Kind, LeftOut, Speaker, Statement
from web.links import citation_link
from web.refusal import refusal
from web.wording import OLD, is_old, plain, readable_date, sentence_case

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

COPY = '<p class="after take"></p>'
"""Filled by `static/export.js` with what copies and exports; Gradio's own would copy the HTML."""

CORRECT = '<a class="correct" href="#correct">Correct this question</a>'
"""Handled by `static/correct.js`, which takes the question that stands before it."""

WAITING = "Reading the articles …"
STOPPED = "Stopped before the first sentence."
"""What stays of an answer that is stopped while nothing is written yet; `static/pincite.css` shows
it when there is nothing to stop any more."""

WHY: Mapping[str, str] = {
    "no quote": "It names no words of an article.",
    "a question": "It is a question and states nothing.",
    "not plain text": "It has markup, an address or letters that the words it quotes do not.",
    "unknown source": "It names a source that there is not.",
    "quote not in source": "The words that it quotes do not stand in the article.",
    "figure not in quotes": "Its number or date is not in the words that it quotes.",
    "name not in quotes": "It names somebody or something that the words it quotes do not.",
    "not about its quotes": "The words that it quotes are about something else.",
    "against its quotes": "It says the opposite of the words that it quotes.",
    "only in part in its quotes": "The words that it quotes carry only a part of it.",
}
"""Why a sentence was left out, by the checker's reason."""


def answer_html(answer: Answer, *, feedback: str = "", contact: str | None = None) -> str:
    """Render an answer, or what there is of it while the rest is on its way.

    `feedback` is what `web.feedback` writes below a finished answer; nothing without an inbox.
    `contact` is whom a reader may ask when the library has no answer.
    """
    parts = [standalone(answer)]
    if answer.status == "answered":
        parts.append(notice(answer.notice))
        parts.append(voices(answer))
        if answer.is_complete:
            parts += [*map(uncovered, answer.uncovered), left_out(answer.left_out), COPY]
    elif answer.is_complete:
        parts.append(refusal(answer, contact=contact))
    else:
        parts.append(waiting())
    return f'<div class="answer">{"".join(parts)}{feedback}</div>'


def waiting_html() -> str:
    """Render the time before a chat model's first sentence."""
    return f'<div class="answer">{waiting()}</div>'


def waiting() -> str:
    return f'<p class="waiting"><i class="now">{WAITING}</i><i class="stopped">{STOPPED}</i></p>'


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


def notice(text: str | None) -> str:
    """Say what went differently with a chat model."""
    return f'<p class="notice">{plain(text)}</p>' if text else ""


def left_out(sentences: Sequence[LeftOut]) -> str:
    """Count what no article supports; it is read only by who opens it, and never as an answer."""
    if not sentences:
        return ""
    items = "".join(
        f'<li><s>{plain(each.text)}</s> <span class="why">{plain(WHY[each.reason])}</span></li>'
        for each in sentences
    )
    return (
        f'<details class="left-out"><summary>{left_out_line(len(sentences))}</summary>'
        f"<p><b>Not supported by the articles.</b> The chat model wrote this; do not rely on it."
        f"</p><ul>{items}</ul></details>"
    )


def left_out_line(count: int) -> str:
    if count == 1:
        return "1 sentence was left out because no article supports it."
    return f"{count} sentences were left out because no article supports them."


def voices(answer: Answer) -> str:
    """Render who says what; where kinds of speakers differ, each kind in a column of its own."""
    sides: dict[Speaker, str] = {}
    for _, group in by_voice(answer.statements):
        said = list(group)
        speaker = said[0].citations[0].speaker
        sides[speaker] = sides.get(speaker, "") + voice(answer, said)
    if len(sides) == 1:
        return "".join(sides.values())
    columns = "".join(f'<div class="side">{side}</div>' for side in sides.values())
    return f'<div class="sides">{columns}</div>'


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
        f'<p class="by">{plain(byline(citation))}</p>{age(citation)}{said}</div>'
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


def age(citation: Citation) -> str:
    """Note that advice is old; readers weigh it, nothing is left out for it."""
    return f'<p class="old">{OLD}</p>' if is_old(citation.date, today()) else ""


def statement_html(answer: Answer, statement: Statement) -> str:
    """Render a sentence and its marks; quotation marks stand only around the source's own words.

    A sentence in other words is followed by its quotes, so that one which they do not bear out is
    seen at once.
    """
    text = plain(statement.text)
    numbers = answer.numbers(statement.citations)
    numbered = list(zip(statement.citations, numbers, strict=True))
    marks = "".join(mark(citation, number) for citation, number in numbered)
    if statement.is_verbatim:
        return f'<p class="said"><q>{text}</q>{marks}</p>'
    first = voice_of(statement.citations[0])
    pinned = "".join(
        f'<p class="pinned"><q>{plain(c.quote)}</q>{mark(c, n)}{whose(c, under=first)}</p>'
        for c, n in numbered
    )
    return f'<p class="said"><span>{text}</span>{marks}</p>{pinned}'


def whose(citation: Citation, *, under: tuple[str, str, str]) -> str:
    """Name the voice of a quote that stands under another's."""
    if voice_of(citation) == under:
        return ""
    facts = (label(citation), citation.title, response(citation))
    return f' <span class="whose">{plain(" · ".join(filter(None, facts)))}</span>'


def mark(citation: Citation, number: int) -> str:
    # No space before it and none inside: a number never starts a line on its own.
    return (
        f'<a class="cite" href="{plain(citation_link(citation))}" '
        f'title="Read this in “{plain(citation.title)}”">[{number}]</a>'
    )
