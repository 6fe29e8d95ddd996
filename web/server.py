"""The web app: routes of our own, with Gradio's page mounted beside them."""

from pathlib import Path
from threading import Event
from typing import Any

import gradio as gr
from fastapi import FastAPI
from fastapi import Request as HttpRequest
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from pydantic import SecretStr
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from ingest.isolation import ReadingFailedError
from pincite.answering import Assistant, answer_as_json
from pincite.errors import (
    CorpusError,
    PinciteError,
    QuestionError,
    SourceError,
    UnknownArticleError,
)
from pincite.inbox import Inbox
from pincite.library import LiveLibrary
from pincite.sentences import Span
from web.browsing import add_browsing
from web.completions import add_completions
from web.desk import Desk
from web.dialogue import Request, faults
from web.editor import add_editor
from web.export import add_export
from web.feedback import add_feedback
from web.leaving import while_connected
from web.links import still_there
from web.look import CSS, THEME, head
from web.middleware import BodyLimit, QuietErrors, ResponseHeaders, SameOrigin
from web.page import build_page
from web.source import Marks, article_html
from web.suggesting import add_suggestions

STATIC = Path(__file__).parent / "static"
NO_DOCS: dict[str, Any] = {"docs_url": None, "redoc_url": None, "openapi_url": None}

WITHDRAWN = "This article is not in the library any more; it may have been withdrawn."
MAX_MARKS = 100
"""Other quotes to mark in one article; an answer has far fewer."""


STATUS: dict[type[PinciteError], int] = {
    QuestionError: 422,
    SourceError: 422,
    CorpusError: 422,
    ReadingFailedError: 422,
    UnknownArticleError: 404,
}
"""Of an error that the one who asks can mend; any other is the server's, 503."""


def create_app(
    assistant: Assistant,
    live: LiveLibrary,
    desk: Desk | None = None,
    inbox: Inbox | None = None,
    token: SecretStr | None = None,
    contact: str | None = None,
) -> FastAPI:
    """Build the app; it looks at the newest generation each time it is asked.

    Without a desk there is no page to add articles, without an inbox nothing to send to editors,
    without a token nothing for programs that speak OpenAI's protocol. `contact` is whom refusals
    name.
    """
    app = own_routes(assistant, live, desk, inbox, token)
    app.mount("/pincite", StaticFiles(directory=STATIC))
    gr.mount_gradio_app(
        app,
        build_page(assistant, takes_feedback=inbox is not None, contact=contact),
        path="/",
        footer_links=[],
        run_history=False,
        app_kwargs=dict(NO_DOCS),  # Gradio writes into it
        show_error=False,
        favicon_path=str(STATIC / "favicon.svg"),
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=THEME,
        css=CSS,
        head=head(takes_feedback=inbox is not None),
    )
    return app


def own_routes(
    assistant: Assistant,
    live: LiveLibrary,
    desk: Desk | None,
    inbox: Inbox | None = None,
    token: SecretStr | None = None,
) -> FastAPI:
    """Build all of the app but Gradio's page."""
    app = FastAPI(title="Pincite", **NO_DOCS)
    add_middleware(app)
    add_error_handlers(app)
    add_health(app, live)
    add_answers(app, assistant)
    add_suggestions(app, assistant, live)
    add_articles(app, live)
    add_browsing(app, live)
    add_export(app, live)
    add_completions(app, assistant, token)
    add_feedback(app, inbox, live)
    add_editor(app, desk)
    return app


def add_middleware(app: FastAPI) -> None:
    """Wrap everything, Gradio's routes too; what is added last sees a request first."""
    # Without this, Gradio grants its own cross-origin access; with no origin listed nobody has any.
    app.add_middleware(CORSMiddleware, allow_origins=())
    app.add_middleware(BodyLimit)
    app.add_middleware(SameOrigin)
    app.add_middleware(QuietErrors)
    app.add_middleware(ResponseHeaders)


def add_error_handlers(app: FastAPI) -> None:
    """Answer every failure of our own routes as `{"error": message}`."""

    @app.exception_handler(PinciteError)
    def known(_: HttpRequest, error: PinciteError) -> JSONResponse:
        return JSONResponse({"error": str(error)}, STATUS.get(type(error), 503))

    @app.exception_handler(RequestValidationError)
    def malformed(_: HttpRequest, error: RequestValidationError) -> JSONResponse:
        return JSONResponse({"error": faults(error.errors())}, 422)

    @app.exception_handler(HTTPException)
    def refused(_: HttpRequest, error: HTTPException) -> JSONResponse:
        return JSONResponse({"error": error.detail}, error.status_code)


def add_health(app: FastAPI, live: LiveLibrary) -> None:
    @app.get("/healthz")
    def alive() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    def ready() -> JSONResponse:
        try:
            library = live.current()
        except PinciteError as error:
            return JSONResponse({"status": "not ready", "reason": str(error)}, 503)
        return JSONResponse(
            {
                "status": "ready",
                "generation": library.generation,
                "articles": len(library.articles),
            }
        )


def add_answers(app: FastAPI, assistant: Assistant) -> None:
    @app.post("/api/ask")
    async def ask(request: Request, connection: HttpRequest) -> JSONResponse:
        left = Event()
        answers = assistant.answers(request.question, history=request.turns, stop=left.is_set)
        *_, answer = await while_connected(connection, lambda: list(answers), left=left)
        return JSONResponse(answer_as_json(answer))


def add_articles(app: FastAPI, live: LiveLibrary) -> None:
    @app.get("/api/articles/{article_id:path}")
    def article(
        article_id: str, cited: str = "", words: str = "", others: str = ""
    ) -> JSONResponse:
        library = live.current()
        found = library.articles.get(article_id)
        if found is None:
            raise HTTPException(404, WITHDRAWN)
        wanted = Marks(next(iter(spans(cited)), None), spans(others))
        changed = wanted.cited is not None and not still_there(found, wanted.cited, words)
        marks = Marks() if changed else wanted
        return JSONResponse(
            {
                "id": found.id,
                "title": found.title,
                "generation": library.generation,
                "marked": marks.cited is not None,
                "html": article_html(found, marks, changed=changed),
            }
        )


def spans(written: str) -> tuple[Span, ...]:
    """Read "12-40,58-90".

    Raises:
        HTTPException: it is something else, or too much.
    """
    parts = written.split(",")[: MAX_MARKS + 1] if written else []
    if len(parts) > MAX_MARKS:
        raise HTTPException(422, f"No more than {MAX_MARKS} ranges can be marked.")
    try:
        return tuple(span(part) for part in parts)
    except ValueError as error:
        raise HTTPException(422, "A range is written as two numbers, such as 12-40.") from error


def span(written: str) -> Span:
    start, end = written.split("-")
    return int(start), int(end)
