"""What comes in: questions over HTTP, and the page's own history, as the library's `Turn`s."""

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from pincite.answering import history_from_json
from pincite.errors import QuestionError
from pincite.model import Turn


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


def turns_of_page(history: Sequence[Mapping[str, Any]]) -> tuple[Turn, ...]:
    """Turn Gradio's messages into turns: questions as typed, answers without their HTML."""
    return tuple(turn_of_page(message) for message in history)


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
    """Collects the text of statements, without the numbers that cite, and all text besides."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.all: list[str] = []
        self._in_statement = False
        self._in_link = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "p" and ("class", "said") in attrs:
            self._in_statement = True
            self.said.append("")
        self._in_link = self._in_link or tag == "a"

    def handle_endtag(self, tag: str) -> None:
        self._in_statement = self._in_statement and tag != "p"
        self._in_link = self._in_link and tag != "a"

    def handle_data(self, data: str) -> None:
        self.all.append(data)
        if self._in_statement and not self._in_link:
            self.said[-1] += data
