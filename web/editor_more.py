"""More of the editor's routes: publish the folder, go back, read and drop what readers sent."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from ingest.publish import Options
from pincite.errors import RemovalsError
from pincite.inbox import MOST_NOTES, Inbox
from web import desk_history, desk_inbox
from web.desk import Desk
from web.desk_history import ServedChangedError

INBOX_OFF = "Readers cannot send anything: PINCITE_INBOX is not set."


class Folder(BaseModel):
    """The body of `POST /editor/publish`."""

    model_config = ConfigDict(extra="forbid")

    allow_removals: bool = False


class Back(BaseModel):
    """The body of `POST /editor/rollback`."""

    model_config = ConfigDict(extra="forbid")

    served: Annotated[int, Field(ge=0)]
    """What the editor saw being served."""


class Ids(BaseModel):
    """Which notes are dropped or put back."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[str], Field(min_length=1, max_length=MOST_NOTES)]


def add_history(routes: APIRouter, at: Desk) -> None:
    @routes.get("/history")
    def past() -> JSONResponse:
        return JSONResponse(desk_history.past(at))

    @routes.post("/publish")
    def publish_folder(wanted: Folder) -> JSONResponse:
        options = Options(allow_removals=wanted.allow_removals)
        try:
            return JSONResponse(desk_history.publish_folder(at, options))
        except RemovalsError:
            # Which ones, so that an editor who confirms knows what is confirmed.
            trial = Options(allow_removals=True, dry_run=True)
            would = desk_history.publish_folder(at, trial)
            error = "Nothing was changed: more than half of the articles would be removed."
            return JSONResponse({"error": error, "would": would}, 409)

    @routes.post("/rollback")
    def roll_back(wanted: Back) -> JSONResponse:
        try:
            return JSONResponse(desk_history.roll_back(at, seen=wanted.served))
        except ServedChangedError as error:
            raise HTTPException(409, str(error)) from error


def add_readers(routes: APIRouter, at: Desk) -> None:
    @routes.get("/inbox")
    def sent() -> JSONResponse:
        return JSONResponse(desk_inbox.sent(at))

    @routes.post("/inbox/drop")
    def drop(these: Ids) -> JSONResponse:
        return JSONResponse({"dropped": desk_inbox.drop(at, opened(at), these.ids)})

    @routes.post("/inbox/put-back")
    def put_back(these: Ids) -> JSONResponse:
        return JSONResponse({"back": desk_inbox.put_back(at, opened(at), these.ids)})


def opened(at: Desk) -> Inbox:
    if at.inbox is None:
        raise HTTPException(404, INBOX_OFF)
    return at.inbox
