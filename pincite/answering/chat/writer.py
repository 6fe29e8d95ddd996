"""The writer that asks a chat model: claims with quotes, none of them checked yet."""

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, Final

from pincite.answering.chat.connection import ChatConnection, Stop
from pincite.answering.chat.models import connect
from pincite.answering.chat.parsing import ClaimReader, readable
from pincite.answering.chat.prompt import (
    Message,
    answer_messages,
    new_mark,
    repair_messages,
    rewrite_messages,
)
from pincite.answering.choice import Evidence
from pincite.answering.claims import Claim
from pincite.errors import ChatModelError, ChatModelOutputError, ChatModelOverflowError
from pincite.model import MAX_QUESTION, Turn
from pincite.settings import Settings
from pincite.words import content_words

LONGEST_BROKEN: Final = 1_000
"""Characters of an answer that could not be read, shown to the model that is to mend it."""

LONGEST_REWRITE: Final = 400
"""Characters; a model that writes more than a question is answering it."""
NEW_WORDS: Final = 0.34
"""Share of a rewritten question's content words that may be new to the dialogue: "partner" for
"partnership" is, and so is what a model makes up."""


def never() -> bool:
    """Nobody asks to stop."""
    return False


class ChatModelWriter:
    """Writes claims with a chat model; what it says is for the verifier to believe or not."""

    name = "chat"

    def __init__(
        self,
        connection: ChatConnection,
        *,
        context: int,
        receiver: str,
        mark: Callable[[], str] = new_mark,
    ) -> None:
        self._connection = connection
        self._context = context
        self._mark = mark
        self.receiver = receiver
        """Who receives questions and sources: a host's name, or "this machine"."""

    @property
    def model(self) -> str:
        """The model as it may be shown: `provider:model`."""
        return self._connection.name

    def claims(
        self, question: str, sources: Sequence[Evidence], *, stop: Stop = never
    ) -> Generator[Claim]:
        """Yield claims as they are written; the number of a source counts `sources` from 1.

        A failure may come after some claims. None at all is an answer too: nothing is covered.

        Raises:
            ChatModelError: the model failed, or wrote nothing that can be read.
        """
        messages = answer_messages(question, sources, context=self._context, mark=self._mark())
        if messages is None:
            raise ChatModelOverflowError(self.model)
        schema = claims_schema(len(sources))
        reader = ClaimReader()
        yield from self._read(reader, messages, schema, stop)
        if reader.is_understood or stop():
            return
        fault = "it holds no JSON object with claims" if reader.written.strip() else "it is empty"
        mended = ClaimReader()
        again = [*messages, *repair_messages(reader.written[:LONGEST_BROKEN] or "-", fault)]
        yield from self._read(mended, again, schema, stop)
        if not mended.is_understood and not stop():
            raise ChatModelOutputError(self.model)

    def rewrite(self, question: str, history: Sequence[Turn], *, stop: Stop = never) -> str | None:
        """Return a follow-up as a question that stands alone; None where the model fails to."""
        messages = rewrite_messages(question, history, mark=self._mark())
        written = ""
        try:
            for piece in self._connection.stream(messages, schema=None, stop=stop):
                written += piece
                if len(written) > LONGEST_REWRITE or "\n" in written.strip():
                    break
        except ChatModelError:
            return None
        return None if stop() else sane_rewrite(written, question, history)

    def close(self) -> None:
        """End what runs for this writer; it starts again when it is asked again."""
        self._connection.close()

    def _read(
        self, reader: ClaimReader, messages: Sequence[Message], schema: dict[str, Any], stop: Stop
    ) -> Iterator[Claim]:
        for piece in self._connection.stream(messages, schema=schema, stop=stop):
            yield from reader.feed(piece)
            if reader.is_done:
                return
        yield from reader.end()


def chat_model(settings: Settings) -> ChatModelWriter | None:
    """Return the writer for the model that is set; None where none is.

    Raises:
        SettingsError: there is no such model, file or package.
    """
    connected = connect(settings)
    if connected is None:
        return None
    connection, receiver = connected
    return ChatModelWriter(connection, context=settings.chat_context, receiver=receiver)


def claims_schema(sources: int) -> dict[str, Any]:
    """Return the form of an answer from so many sources, as JSON Schema."""
    return {
        "title": "claims",
        "type": "object",
        "properties": {
            "claims": {
                "type": "array",
                "items": _object(
                    text={"type": "string"},
                    quotes={
                        "type": "array",
                        "items": _object(
                            source={"type": "integer", "enum": list(range(1, sources + 1))},
                            quote={"type": "string"},
                        ),
                    },
                ),
            }
        },
        "required": ["claims"],
        "additionalProperties": False,
    }


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def sane_rewrite(written: str, question: str, history: Sequence[Turn]) -> str | None:
    """Return a rewritten question that may be searched for, or None.

    It is one line, not much longer than a question, made of the dialogue's words.
    """
    line = readable(written.strip()).strip("\"'“”` ")
    if "\n" in written.strip() or not 0 < len(line) <= min(LONGEST_REWRITE, MAX_QUESTION):
        return None
    words = content_words(line)
    known = set(content_words(" ".join([question, *(turn.text for turn in history)])))
    if not words or sum(word not in known for word in words) > NEW_WORDS * len(words):
        return None
    is_question = line.endswith("?") or not question.rstrip().endswith("?")
    return line if is_question and not set(line) & set("{}[]<>|") else None
