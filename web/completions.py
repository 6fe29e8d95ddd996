"""`/v1`: Pincite for programs that speak OpenAI's protocol; nothing there without a token."""

import hmac
import json
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from itertools import chain
from threading import Event
from typing import Annotated, Any, Final, Literal
from uuid import uuid4

from fastapi import Depends, FastAPI
from fastapi import Request as HttpRequest
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretStr, ValidationError
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pincite.answering import Assistant, answer_as_json
from pincite.errors import PinciteError, QuestionError
from pincite.model import Answer, Turn
from pincite.settings import Settings
from web.dialogue import faults
from web.editor import METHODS, nothing_here
from web.leaving import while_awaited, while_connected
from web.login import digest
from web.middleware import CRASHED, MAX_BODY, counted, log_place
from web.plain_text import pieces, words_of

PATH: Final = "/v1"
MODEL: Final = "pincite"
WRONG_TOKEN: Final = 401


def text_of(content: object) -> str:
    """Read a message's content: a text, or a list of parts that are texts."""
    if isinstance(content, str):
        return content
    return "\n".join(part_text(part) for part in (content if isinstance(content, list) else [None]))


def part_text(part: object) -> str:
    match part:
        case {"type": "text", "text": str(text)}:
            return text
        case _:
            raise PydanticCustomError("content", "a text or a list of text parts is needed")


class Message(BaseModel):
    model_config = ConfigDict(frozen=True)

    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[str, BeforeValidator(text_of)]


class Wanted(BaseModel):
    """The body of a request; what else clients send (temperature, tools ...) changes nothing."""

    model_config = ConfigDict(frozen=True)

    model: str
    messages: tuple[Message, ...]
    stream: bool = False

    @property
    def asked(self) -> int:
        """Return the index of the question: the user's last message.

        Raises:
            QuestionError: the user says nothing.
        """
        own = [n for n, message in enumerate(self.messages) if message.role == "user"]
        if not own:
            raise QuestionError("messages: there is none of the user")
        return own[-1]

    @property
    def question(self) -> str:
        return self.messages[self.asked].content

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Return what was said before the question, answers without their marks and sources."""
        return tuple(
            Turn("user", m.content) if m.role == "user" else Turn("assistant", words_of(m.content))
            for m in self.messages[: self.asked]
            if m.role in {"user", "assistant"}
        )


def token_of(settings: Settings) -> SecretStr | None:
    """Return the token that opens the routes, or nothing when none is set."""
    token = settings.api_token
    return token if token and token.get_secret_value() else None


def add_completions(app: FastAPI, assistant: Assistant, token: SecretStr | None) -> None:
    """Add the routes; without a token each of their addresses answers 404, whatever is asked.

    They are an app of their own because their errors have another form.
    """
    if token is None:
        app.add_api_route(PATH + "/{rest:path}", nothing_here, methods=METHODS)
        return
    own = FastAPI(
        docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(door(token))]
    )
    add_errors(own)

    @own.get("/models")
    def models() -> dict[str, Any]:
        listed = {"id": MODEL, "object": "model", "created": 0, "owned_by": "pincite"}
        return {"object": "list", "data": [listed]}

    @own.post("/chat/completions")
    async def complete(request: HttpRequest, wanted: Annotated[Wanted, Depends(read)]) -> Response:
        page, left = str(request.base_url).rstrip("/"), Event()
        answers = assistant.answers(wanted.question, history=wanted.turns, stop=left.is_set)
        if wanted.stream:
            streamed = await stream(request, answers, page=page, left=left)
            return StreamingResponse(streamed, media_type="text/event-stream")
        *_, answer = await while_connected(request, lambda: list(answers), left=left)
        return JSONResponse(completion(answer, "".join(pieces(answer, page=page))))

    app.mount(PATH, own)


def door(token: SecretStr) -> Callable[[HttpRequest], None]:
    """Make what lets in who sends the token, as `Authorization: Bearer TOKEN`."""
    expected = digest(token.get_secret_value())

    def must_know(request: HttpRequest) -> None:
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(digest(sent.strip()), expected)
        if not (right and scheme.lower() == "bearer"):
            raise HTTPException(
                WRONG_TOKEN, "This is not the token.", {"WWW-Authenticate": "Bearer"}
            )

    return must_know


async def read(request: HttpRequest) -> Wanted:
    """Read the body, as far as it may be read.

    Raises:
        HTTPException: it is too large, has another form, or names another model.
    """
    limited = HttpRequest(request.scope, counted(request.receive, limit=MAX_BODY))
    try:
        wanted = Wanted.model_validate_json(await limited.body())
    except ValidationError as error:
        raise HTTPException(400, faults(error.errors()).removeprefix(": ")) from None
    if wanted.model != MODEL:
        raise HTTPException(404, f"There is no such model; the only one is {MODEL}.")
    return wanted


def add_errors(own: FastAPI) -> None:
    """Answer every failure in OpenAI's form."""

    @own.exception_handler(HTTPException)
    def refused(_: HttpRequest, error: HTTPException) -> JSONResponse:
        return fault(error.detail, error.status_code, error.headers)

    @own.exception_handler(PinciteError)
    def known(_: HttpRequest, error: PinciteError) -> JSONResponse:
        return fault(str(error), 400 if isinstance(error, QuestionError) else 503)

    @own.exception_handler(Exception)
    def crashed(_: HttpRequest, __: Exception) -> JSONResponse:
        return fault(CRASHED, 500)  # where it crashed is logged by `QuietErrors`


def fault(message: str, status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(error_body(message, status), status, headers)


def error_body(message: str, status: int) -> dict[str, Any]:
    code = "invalid_api_key" if status == WRONG_TOKEN else None
    kind = "server_error" if status >= 500 else "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def completion(answer: Answer, content: str) -> dict[str, Any]:
    """Return the whole answer; `usage` is left out, as no tokens are counted."""
    said = {"role": "assistant", "content": content, "refusal": None}
    return head("chat.completion") | {
        "choices": [{"index": 0, "message": said, "logprobs": None, "finish_reason": "stop"}],
        "pincite": answer_as_json(answer),
    }


async def stream(
    request: HttpRequest, answers: Iterator[Answer], *, page: str, left: Event
) -> AsyncGenerator[str]:
    """Begin the answer, so that what cannot be asked is still told by the response's status.

    Raises as `Assistant.ask` does.
    """
    first = await while_connected(request, lambda: next(answers), left=left)
    begun = chain([first], answers)
    return while_awaited(events(begun, page=page), left=left)


def events(answers: Iterator[Answer], *, page: str) -> Iterator[str]:
    """Yield an answer as it grows, as server-sent events; the last one holds all its facts.

    A failure in the middle is the last one, as the status is sent already.
    """
    common = head("chat.completion.chunk")
    yield event(common | {"choices": [choice({"role": "assistant", "content": ""}, finish=None)]})
    sent = 0
    try:
        for answer in answers:
            said = list(pieces(answer, page=page))
            for piece in said[sent:]:
                yield event(common | {"choices": [choice({"content": piece}, finish=None)]})
            sent = len(said)
            if answer.is_complete:
                done = {"choices": [choice({}, finish="stop")], "pincite": answer_as_json(answer)}
                yield event(common | done)
    except PinciteError as error:
        yield event(error_body(str(error), 503))
    except Exception as error:  # noqa: BLE001 -- the text may hold the question
        log_place(error)
        yield event(error_body(CRASHED, 500))
    yield "data: [DONE]\n\n"


def choice(delta: dict[str, str], *, finish: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}


def event(chunk: dict[str, Any]) -> str:
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"


def head(kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
    }
