"""From use to test: what a reader sends to the editors, exactly as it was shown beforehand."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Final, TypeVar
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from pincite.inbox import (
    FOLDER,
    MAX_COMMENT,
    MAX_TURNS,
    Inbox,
    Note,
    Quoted,
    Stated,
    Status,
    new_id,
    today,
)
from pincite.library import LiveLibrary
from pincite.model import MAX_QUESTION, Answer, Article, Turn
from pincite.settings import Settings
from web.dialogue import MAX_TEXT
from web.editor import METHODS, nothing_here

PATH: Final = "/api/feedback"
MAX_CITATIONS: Final = 100
"""And of sentences."""


Part = TypeVar("Part")


def short(what: str, text_of: Callable[[Part], str]) -> AfterValidator:
    """Make the check that a part of a note is no longer than any answer's can be."""

    def checked(part: Part) -> Part:
        if len(text_of(part)) > MAX_TEXT:
            raise PydanticCustomError("too_long", "a {what} is too long", {"what": what})
        return part

    return AfterValidator(checked)


ShortTurn = Annotated[Turn, short("message", lambda turn: turn.text)]
ShortQuote = Annotated[Quoted, short("quote", lambda quoted: quoted.quote)]
ShortSentence = Annotated[Stated, short("sentence", lambda stated: stated.text)]


class Sent(BaseModel):
    """The body of `POST /api/feedback`: what `shown` put into the page, and a comment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status
    question: Annotated[str, StringConstraints(min_length=1, max_length=MAX_QUESTION)]
    standalone_question: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)]
    generation: Annotated[int, Field(ge=0)]
    history: Annotated[tuple[ShortTurn, ...], Field(max_length=MAX_TURNS)]
    citations: Annotated[tuple[ShortQuote, ...], Field(max_length=MAX_CITATIONS)]
    statements: Annotated[tuple[ShortSentence, ...], Field(max_length=MAX_CITATIONS)] = ()
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_COMMENT)] = ""

    def note(self, articles: Mapping[str, Article]) -> Note:
        """Make a note; words that no article holds at their place are left out."""
        citations = tuple(c for c in self.citations if holds(c, articles))
        return Note(
            id=new_id(),
            kind="gap" if self.status == "refused" else "unhelpful",
            written=today(),
            question=self.question,
            standalone_question=self.standalone_question,
            generation=self.generation,
            history=self.history,
            citations=citations,
            statements=tuple(s for s in self.statements if is_borne_out(s, citations)),
            comment=self.comment,
        )


def holds(quoted: Quoted, articles: Mapping[str, Article]) -> bool:
    article = articles.get(quoted.article_id)
    is_range = 0 <= quoted.start < quoted.end
    return (
        is_range and article is not None and article.text[quoted.start : quoted.end] == quoted.quote
    )


def is_borne_out(stated: Stated, citations: Sequence[Quoted]) -> bool:
    """Whether a sentence may be kept: one that is said to be a quote has to be one."""
    words = stated.text.split()
    return not stated.verbatim or any(words == quoted.quote.split() for quoted in citations)


def inbox_of(settings: Settings) -> Inbox | None:
    """Open the inbox, or nothing when readers are not to send anything."""
    return Inbox(settings.data / FOLDER) if settings.inbox else None


def add_feedback(app: FastAPI, inbox: Inbox | None, live: LiveLibrary) -> None:
    """Add the route; without an inbox its address answers 404, whatever is asked."""
    if inbox is None:
        app.add_api_route(PATH, nothing_here, methods=METHODS)
        return

    @app.post(PATH)
    def send(sent: Sent) -> JSONResponse:
        inbox.put(sent.note(live.current().articles))
        return JSONResponse({"status": "sent"}, 201)


def shown(answer: Answer, history: Sequence[Turn]) -> dict[str, object]:
    """Return what would be sent of an answer: the dialogue only where the question leaned on it."""
    leans = answer.standalone_question != answer.question
    return {
        "status": answer.status,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "generation": answer.generation,
        "history": [asdict(turn) for turn in history[-MAX_TURNS:]] if leans else [],
        "citations": [
            {"article_id": c.article_id, "start": c.start, "end": c.end, "quote": c.quote}
            for c in answer.citations
        ],
        "statements": sentences(answer),
    }


def sentences(answer: Answer) -> list[dict[str, object]]:
    """Return an answer's sentences where a chat model wrote some; else its quotes say it all."""
    if all(statement.is_verbatim for statement in answer.statements):
        return []
    return [{"text": s.text, "verbatim": s.is_verbatim} for s in answer.statements]


def feedback_html(answer: Answer, history: Sequence[Turn]) -> str:
    """Render the place of a finished answer's control; `static/feedback.js` makes it a button.

    What would be sent travels with the answer instead of being read back from the page: there,
    Markdown has changed questions, and nothing tells which dialogue an answer was given in. A
    `title` passes the sanitizer as it is; percent signs keep its JSON from Markdown. It is no link,
    as a browser remembers the address of one that is opened in a new tab. It holds no text, so
    that the history, which is read back from this HTML, stays what was said.
    """
    written = quote(json.dumps(shown(answer, history)), safe="")
    return f'<p class="after"><span class="note" title="{written}"></span></p>'
