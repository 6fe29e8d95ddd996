"""What the page sends to be exported: where it found its quotes, and none of their words."""

from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from web.dialogue import MAX_TEXT

Form = Literal["copy", "text", "markdown", "html"]
"""`copy` is the plain text without line breaks inside a paragraph: it is pasted into a memo."""
Status = Literal["answered", "refused", "failed"]
"""`failed`: something went wrong, or it was stopped before the first sentence."""

MAX_ITEMS: Final = 500
"""Questions of one dialogue."""
MAX_PINS: Final = 5000
"""Quotes of all answers together: with `MAX_TEXT` it bounds what a small request can ask for."""

Short = Annotated[str, StringConstraints(max_length=MAX_TEXT)]


class Pin(BaseModel):
    """A place in an article, and the digest of the words that the answer found there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article_id: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    words: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]

    @model_validator(mode="after")
    def _is_no_longer_than_a_quote(self) -> Self:
        if self.end - self.start > MAX_TEXT:
            raise PydanticCustomError("quote", "a quote is too long")
        return self


class Said(BaseModel):
    """A sentence of an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Short = ""
    """What a chat model wrote; empty where the answer is the quoted words themselves."""
    citations: Annotated[tuple[Pin, ...], Field(min_length=1)]


class Item(BaseModel):
    """A question and what was answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Short
    standalone_question: Short = ""
    """What the question was understood as; empty where that is the question itself."""
    status: Status
    statements: tuple[Said, ...] = ()
    uncovered: tuple[Short, ...] = ()
    notice: Short = ""
    """What went differently with a chat model, such as that the rest is missing."""
    reply: Short = ""
    """A refusal's own words."""
    is_complete: bool = True


class Export(BaseModel):
    """The body of `POST /api/export`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Form
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=MAX_ITEMS)]

    @model_validator(mode="after")
    def _has_not_too_many_quotes(self) -> Self:
        if sum(len(said.citations) for item in self.items for said in item.statements) > MAX_PINS:
            raise PydanticCustomError("quotes", "there are too many quotes; export single answers")
        return self
