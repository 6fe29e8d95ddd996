"""The editor's routes: log in, preview, publish, correct, withdraw; none without a password set.

What was published and what readers sent is in `editor_more`.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from web import desk
from web.desk import Desk
from web.editor_more import add_history, add_readers
from web.editor_page import editor_page, login_page
from web.login import SESSION_SECONDS, Login, TooManyTriesError, WrongPasswordError
from web.submission import read_submission

PATH = "/editor"
COOKIE = "pincite_editor"
MARK = "X-Pincite-Editor"
"""A header that the page's script sends. A form or a link on a foreign page cannot, and a foreign
script would have to ask for leave, which nobody gets."""
LOG_IN = "Log in first."
OFF = "There is no such page."
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class Password(BaseModel):
    password: Annotated[str, Field(max_length=1000)]


def add_editor(app: FastAPI, at: Desk | None) -> None:
    """Add the routes; without a desk each of their addresses answers 404, whatever is asked."""
    if at is None:
        app.add_api_route(PATH, nothing_here, methods=METHODS)
        app.add_api_route(PATH + "/{rest:path}", nothing_here, methods=METHODS)
        return
    door = Door(at.login)
    app.include_router(door_routes(door))
    behind = APIRouter(prefix=PATH, dependencies=[Depends(door.must_be_open)])
    add_reading(behind, at)
    add_writing(behind, at)
    add_history(behind, at)
    add_readers(behind, at)
    app.include_router(behind)


def nothing_here() -> Response:
    raise HTTPException(404, OFF)


@dataclass(frozen=True)
class Door:
    """Knows an editor by the cookie, and our own page by the header it sends."""

    login: Login

    def is_open(self, request: Request) -> bool:
        return self.login.knows(request.cookies.get(COOKIE))

    def must_be_open(self, request: Request) -> None:
        if not self.is_open(request):
            raise HTTPException(401, LOG_IN)
        must_be_our_page(request)


def must_be_our_page(request: Request) -> None:
    if MARK not in request.headers:
        raise HTTPException(403, f"A request to {PATH} needs the header {MARK}.")


def door_routes(door: Door) -> APIRouter:
    """Build the routes that need no session: the page, log in, log out."""
    routes = APIRouter(prefix=PATH)

    @routes.get("")
    def page(request: Request) -> HTMLResponse:
        return HTMLResponse(editor_page() if door.is_open(request) else login_page())

    @routes.post("/login", dependencies=[Depends(must_be_our_page)])
    def log_in(request: Request, given: Password) -> Response:
        client = request.client.host if request.client else ""
        try:
            token = door.login.enter(given.password, client=client)
        except WrongPasswordError as error:
            return JSONResponse({"error": str(error)}, 403)
        except TooManyTriesError as error:
            wait = {"Retry-After": str(error.seconds)}
            return JSONResponse({"error": str(error)}, 429, headers=wait)
        reply = Response(status_code=204)
        reply.set_cookie(
            COOKIE,
            token,
            max_age=SESSION_SECONDS,
            path=PATH,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return reply

    @routes.post("/logout", dependencies=[Depends(must_be_our_page)])
    def log_out(request: Request) -> Response:
        door.login.leave(request.cookies.get(COOKIE))
        reply = Response(status_code=204)
        reply.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict")
        return reply

    return routes


def add_reading(routes: APIRouter, at: Desk) -> None:
    @routes.get("/articles")
    def articles() -> JSONResponse:
        return JSONResponse(desk.articles(at))

    @routes.get("/articles/{article_id}")
    def article(article_id: str) -> JSONResponse:
        return JSONResponse(desk.to_correct(at, article_id))


def add_writing(routes: APIRouter, at: Desk) -> None:
    """Add what takes a source. The session is checked before a byte of the body is read."""

    @routes.post("/preview")
    async def preview(request: Request) -> JSONResponse:
        sent = await read_submission(request)
        seen = await run_in_threadpool(desk.new_shown, at, sent)
        return JSONResponse(seen.as_dict())

    @routes.post("/articles")
    async def publish(request: Request) -> JSONResponse:
        sent = await read_submission(request)
        return JSONResponse(await run_in_threadpool(desk.add, at, sent))

    @routes.post("/articles/{article_id}/preview")
    async def preview_correction(request: Request, article_id: str) -> JSONResponse:
        sent = await read_submission(request)
        seen = await run_in_threadpool(desk.correction_shown, at, article_id, sent)
        return JSONResponse(seen.as_dict())

    @routes.post("/articles/{article_id}")
    async def correct(request: Request, article_id: str) -> JSONResponse:
        sent = await read_submission(request)
        return JSONResponse(await run_in_threadpool(desk.replace, at, article_id, sent))

    @routes.delete("/articles/{article_id}")
    def withdraw(article_id: str) -> JSONResponse:
        return JSONResponse(desk.withdraw(at, article_id))
