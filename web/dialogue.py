"""What comes in: questions over HTTP, and the page's own history, as the library's `Turn`s."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from pincite.answering import history_from_json
from pincite.errors import QuestionError
from pincite.model import MAX_QUESTION, Turn

INSTEAD: Final = re.compile(r"\A\s*instead\s*:\s*", re.IGNORECASE)
"""Begins a question that replaces what the one before it was understood as; `static/correct.js`
writes it into the question box, and anybody may type it."""

MAX_TEXT: Final = 5 * MAX_QUESTION
"""Characters of a turn, a sentence, a quote, or a question with what the dialogue adds to it."""

ASIDES: Final = frozenset({"correct", "waiting", "notice", "left-out", "searched", "human"})
"""Classes of what stands in an answer (`web.render`) and is no word of it."""


class Request(BaseModel):
    """The body of `POST /api/ask`; whether the history is one, `turns` finds out."""

    model_config = ConfigDict(frozen=True)

    question: str
    history: Any = ()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Return the history.

        Raises:
            QuestionError: it is no list of {role, text}.
        """
        return history_from_json(self.history)


def checked_request(question: object, history: object) -> Request:
    """Check what came without a web framework's own checks.

    Raises:
        QuestionError: the question is no text.
    """
    try:
        return Request.model_validate({"question": question, "history": history})
    except ValidationError as error:
        raise QuestionError(faults(error.errors())) from None


def faults(errors: Sequence[Mapping[str, Any]]) -> str:
    """Say where the input is wrong without repeating it: it may hold the question."""
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in errors)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the page."""

    question: str
    turns: tuple[Turn, ...]
    """The dialogue that it may lean on."""
    as_typed: bool
    """Whether it corrects what was understood, so that it is taken as it stands."""


def asked_on_page(typed: str, history: Sequence[Mapping[str, Any]]) -> Asked:
    """Read a question, which leans on no dialogue when it is a correction.

    Only the page knows "Instead:"; a client of `POST /api/ask` corrects by sending no history.
    """
    if INSTEAD.match(typed):
        return Asked(without_instead(typed), (), as_typed=True)
    return Asked(typed, turns_of_page(history), as_typed=False)


def without_instead(typed: str) -> str:
    return INSTEAD.sub("", typed)


def turns_of_page(history: Sequence[Mapping[str, Any]]) -> tuple[Turn, ...]:
    """Turn Gradio's messages into turns: questions as typed, answers without their HTML.

    A correction begins anew: what was misunderstood is not to be the subject of later questions.
    """
    turns: list[Turn] = []
    for turn in map(turn_of_page, history):
        if turn.role == "user" and INSTEAD.match(turn.text):
            turns = [Turn("user", without_instead(turn.text))]
        else:
            turns.append(turn)
    return tuple(turns)


def turn_of_page(message: Mapping[str, Any]) -> Turn:
    text = content_text(message["content"])
    if message["role"] == "user":
        return Turn("user", text)
    return Turn("assistant", words_of_answer(text))


def content_text(content: object) -> str:
    """Read a message's content, which Gradio gives as a string or as a list of typed parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [content]
    texts = (part.get("text") for part in parts if isinstance(part, Mapping))
    return "\n".join(text for text in texts if isinstance(text, str))


def words_of_answer(answer: str) -> str:
    """Return what an answer's HTML says: its statements, or all of a refusal."""
    words = _Words()
    words.feed(answer)
    words.close()
    return "\n".join(words.said) or " ".join(" ".join(words.all).split())


class _Words(HTMLParser):
    """Collects the text of statements, without the numbers that cite, and all text besides.

    The control beside a question belongs to neither, nor does what is told of a chat model: that
    it reads, what went wrong, what it wrote without support. None of it is a word of the answer.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.all: list[str] = []
        self._in_statement = False
        self._in_link = False
        self._aside = ""
        """The element within which nothing is a word of the answer."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "p" and ("class", "said") in attrs:
            self._in_statement = True
            self.said.append("")
        self._in_link = self._in_link or tag == "a"
        if not self._aside and dict(attrs).get("class") in ASIDES:
            self._aside = tag

    def handle_endtag(self, tag: str) -> None:
        self._in_statement = self._in_statement and tag != "p"
        self._in_link = self._in_link and tag != "a"
        self._aside = "" if tag == self._aside else self._aside

    def handle_data(self, data: str) -> None:
        if self._aside:
            return
        self.all.append(data)
        if self._in_statement and not self._in_link:
            self.said[-1] += data
