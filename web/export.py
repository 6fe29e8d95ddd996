"""Take it with you: an answer or a dialogue as a file, every quote compared once more."""

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import Response

from pincite.library import LiveLibrary
from web.exporting.body import Export, Form
from web.exporting.document import Document, document
from web.exporting.markdown import as_markdown
from web.exporting.naming import content_disposition, file_name
from web.exporting.page import as_html
from web.exporting.plain import as_text
from web.exporting.source import safe_address
from web.middleware import EXPORT

RENDERERS: Mapping[Form, Callable[[Document], str]] = {
    "copy": lambda doc: as_text(doc, width=None),
    "text": as_text,
    "markdown": as_markdown,
    "html": as_html,
}
MEDIA_TYPES: Mapping[Form, str] = {
    "copy": "text/plain",
    "text": "text/plain",
    "markdown": "text/markdown",
    "html": "text/html",
}


def add_export(app: FastAPI, live: LiveLibrary) -> None:
    """Add the route; what it is sent and what it answers is stored nowhere."""

    @app.post(EXPORT)
    def export(wanted: Export, request: Request) -> Response:
        today = datetime.now().astimezone().date()
        doc = document(wanted.items, library=live.current(), origin=origin(request), day=today)
        return Response(
            RENDERERS[wanted.format](doc),
            media_type=MEDIA_TYPES[wanted.format],
            headers={"Content-Disposition": content_disposition(file_name(doc, wanted.format))},
        )


def origin(request: Request) -> str:
    """Return where the page was opened: behind a proxy only the browser knows."""
    told = safe_address(request.headers.get("origin")) or safe_address(str(request.base_url))
    parts = urlsplit(told)
    return f"{parts.scheme}://{parts.netloc}"
