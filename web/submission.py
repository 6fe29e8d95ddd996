"""What an editor sends: a source, its name, and what is known of it; checked before it is used."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from ingest.articles import slug
from ingest.blocks import folded
from ingest.frontmatter import LONGEST_VALUE, Header, is_date
from pincite.model import Kind, Speaker
from web.links import web_address

NOTHING = "Choose a file or paste a text first."
MOST_TOPICS = 50
MARKDOWN = re.compile(r"^(#{1,6} \S|---$)", re.MULTILINE)
"""A heading or a header: a pasted text with one is read as Markdown."""


def date_or_nothing(text: str) -> str:
    if text and not is_date(text):
        raise PydanticCustomError("date", "write YYYY-MM-DD, YYYY-MM or YYYY")
    return text


def address_or_nothing(text: str) -> str:
    if text and (web_address(text) is None or re.search(r"[\s<>\"']", text)):
        raise PydanticCustomError("url", "write an address that begins with http:// or https://")
    return text


Line = Annotated[str, AfterValidator(folded), StringConstraints(max_length=LONGEST_VALUE)]


class Facts(BaseModel):
    """The fields of the form; an empty one says nothing."""

    title: Line = ""
    kind: Kind | None = None
    speaker: Speaker | None = None
    author: Line = ""
    date: Annotated[Line, AfterValidator(date_or_nothing)] = ""
    place: Line = ""
    topics: Annotated[str, StringConstraints(max_length=4 * LONGEST_VALUE)] = ""
    url: Annotated[Line, AfterValidator(address_or_nothing)] = ""

    @property
    def header(self) -> Header:
        topics = filter(None, (folded(topic) for topic in self.topics.split(",")))
        return Header(
            title=self.title or None,
            kind=self.kind,
            speaker=self.speaker,
            author=self.author or None,
            date=self.date or None,
            place=self.place or None,
            topics=tuple(dict.fromkeys(topics))[:MOST_TOPICS],
            url=self.url or None,
        )


@dataclass(frozen=True, slots=True)
class Submission:
    """A source as bytes, under the name that it came with; publishing makes a safe one of it."""

    name: str
    raw: bytes
    header: Header


async def read_submission(request: Request) -> Submission:
    """Read the form; whoever calls has seen the session first, for this may read 20 MB.

    Raises:
        HTTPException: there is no source in it.
        RequestValidationError: a field has a value that cannot be used.
    """
    async with request.form(max_files=1, max_fields=12) as form:
        upload = form.get("source")
        if not isinstance(upload, UploadFile):
            raise HTTPException(422, NOTHING)
        raw = await upload.read()
        if not raw.strip():
            raise HTTPException(422, NOTHING)
        facts = facts_of(form)
        name = upload.filename or ""
        if form.get("pasted") == "yes":
            name = pasted_name(facts.title or str(form.get("name", "")), raw)
        return Submission(name, raw, facts.header)


def facts_of(form: FormData) -> Facts:
    fields = {name: value for name, value in form.items() if name in Facts.model_fields and value}
    try:
        return Facts.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None


def pasted_name(title: str, raw: bytes) -> str:
    suffix = "md" if MARKDOWN.search(raw.decode(errors="replace")) else "txt"
    return f"{slug(title.replace('/', '-') + '.')}.{suffix}"
