"""What every request and every response has to satisfy, Gradio's included."""

import logging
import traceback
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.sources import LARGEST_SOURCE

log = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        # Gradio puts its page configuration into an inline script: escaping is the first wall
        # against markup in an article, this policy is the second.
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
CACHEABLE = ("/assets/", "/static/", "/pincite/", "/theme.css", "/favicon.ico")
"""Files that are the same for everybody; all else may hold a question and is never stored."""

MAX_BODY = 256 * 1024
"""Bytes; a question of 2,000 characters and a long dialogue are well below."""
LIMITED = ("/api/", "/editor")
"""Gradio's own queue sends the whole rendered dialogue with each question and is not limited."""

MAX_UPLOAD = LARGEST_SOURCE
UPLOADS = ("/editor/preview", "/editor/articles")
"""Where an editor sends a source."""

MAX_EXPORT = 2 * 1024 * 1024
"""A dialogue of some hundred answers, told by the places of its quotes."""
EXPORT = "/api/export"

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class ResponseHeaders:
    """Add the headers that keep the page on this machine and out of foreign frames."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers["Cache-Control"] = caching(scope["path"], headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def caching(path: str, headers: MutableHeaders) -> str:
    if not path.startswith(CACHEABLE):
        return "no-store"
    return headers.get("Cache-Control", "no-cache")


class SameOrigin:
    """Refuse a request that changes something and was sent by a page of another site."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in READING:
            headers = Headers(scope=scope)
            if not is_same_origin(headers.get("origin"), host=headers.get("host", "")):
                refusal = JSONResponse(
                    {"error": "This page does not take requests from others."}, 403
                )
                await refusal(scope, receive, send)
                return
        await self.app(scope, receive, send)


def is_same_origin(origin: str | None, *, host: str) -> bool:
    """Tell whether a browser's `Origin` names this host; programs send none and may pass."""
    return origin is None or urlsplit(origin).netloc.lower() == host.lower() != ""


class BodyLimit:
    """Stop reading a request to our own routes at their limit, before anything parses it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(LIMITED):
            await self.app(scope, receive, send)
            return
        limit = limit_of(scope["path"])
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            refusal = JSONResponse({"error": too_large(limit)}, 413)
            await refusal(scope, receive, send)
            return
        await self.app(scope, counted(receive, limit=limit), send)


def limit_of(path: str) -> int:
    if path.startswith(UPLOADS):
        return MAX_UPLOAD
    return MAX_EXPORT if path == EXPORT else MAX_BODY


def too_large(limit: int) -> str:
    if limit == MAX_UPLOAD:
        return f"The file is larger than {limit // 2**20} MB; split it."
    return f"The request is larger than {limit // 1024} KB; send a shorter dialogue."


def counted(receive: Receive, *, limit: int) -> Receive:
    """Read on until `limit` bytes have come; needed where no length was declared."""
    seen = 0

    async def receive_counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise HTTPException(413, too_large(limit))
        return message

    return receive_counted


class QuietErrors:
    """Answer a crash with a plain 500, and log where it happened but nothing of what was asked.

    A traceback's last line is the exception's text, which may quote the question.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_noting_start(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_noting_start)
        except Exception as error:  # noqa: BLE001 -- the last resort: whatever it was, it is logged
            log_place(error)
            if not started:
                await JSONResponse({"error": CRASHED}, 500)(scope, receive, send)


CRASHED = "Something went wrong here. Nothing was stored; please try again."


def log_place(error: Exception) -> None:
    """Log the type of a crash and where it happened, without its text."""
    log.error("%s at %s", type(error).__name__, " < ".join(places(error)))


def places(error: Exception) -> Iterable[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return (f"{frame.filename}:{frame.lineno}" for frame in reversed(frames[-3:]))
