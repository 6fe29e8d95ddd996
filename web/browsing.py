"""The routes of the library's pages: browse, filter, search, read an article.

What somebody types to search is as confidential as a question: "laid off" says much about who
types it. So it never stands in an address, where histories, bookmarks and the logs of a proxy
would keep it: the page sends it in the body of a POST and holds it, for going back and reloading,
in the state of the browser's own history entry. Filters say nothing of the kind and stand in the
address, so that a selection can be bookmarked.
"""

from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field

from pincite.errors import PinciteError
from pincite.library import LiveLibrary, OncePerGeneration
from web.article_page import article_page
from web.library_page import fault_page, library_page, selection_json
from web.shelf import LONGEST_SEARCH, MOST_SHOWN, PAGE, Shelf, chosen_of

WITHDRAWN = "This article is not in the library any more, or the address is incomplete."
UNKNOWN = "No such article"
NOT_NOW = "The library cannot be opened"

Skip = Annotated[int, Query(ge=0)]
Shown = Annotated[str, Query()]


class Search(BaseModel):
    search: Annotated[str, Field(max_length=LONGEST_SEARCH)]


def add_browsing(app: FastAPI, live: LiveLibrary) -> None:
    add_library(app, OncePerGeneration(live, Shelf))
    add_article_pages(app, live)


def add_library(app: FastAPI, shelves: OncePerGeneration[Shelf]) -> None:
    """Add the page, and the route that its script asks."""

    @app.get("/library")
    def page(request: Request, shown: Shown = "") -> Response:
        chosen = chosen_of(request.query_params)
        try:
            selection = shelves.current().select(chosen, most=how_many(shown))
        except PinciteError as error:
            return failed(request, 503, NOT_NOW, str(error))
        return HTMLResponse(library_page(selection))

    @app.get("/api/library")
    def browse(request: Request, skip: Skip = 0) -> JSONResponse:
        selection = shelves.current().select(chosen_of(request.query_params), skip=skip)
        return JSONResponse(selection_json(selection))

    @app.post("/api/library")
    def search(request: Request, asked: Search, skip: Skip = 0) -> JSONResponse:
        chosen = chosen_of(request.query_params)
        selection = shelves.current().select(chosen, search=asked.search, skip=skip)
        return JSONResponse(selection_json(selection))


def how_many(shown: str) -> int:
    """Read how many articles an address asks for; what makes no sense is one page."""
    asked = int(shown[: len(str(MOST_SHOWN)) + 1]) if shown.isdecimal() else 0
    return min(max(asked, PAGE), MOST_SHOWN)


def add_article_pages(app: FastAPI, live: LiveLibrary) -> None:
    @app.get("/article/{article_id:path}")
    def page(request: Request, article_id: str) -> Response:
        try:
            library = live.current()
            found = library.articles.get(article_id)
        except PinciteError as error:
            return failed(request, 503, NOT_NOW, str(error))
        if found is None:
            return failed(request, 404, UNKNOWN, WITHDRAWN)
        return HTMLResponse(article_page(found, generation=library.generation))


def failed(request: Request, status: int, title: str, message: str) -> Response:
    """Say what is wrong: in the frame to a browser, in JSON as elsewhere to a program."""
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(fault_page(title, message), status)
    return JSONResponse({"error": message}, status)
