"""The chat application: `python app.py`, then open the address that it prints."""

import sys

import uvicorn

from pincite.answering import assistant_of
from pincite.embedding import load_embedder
from pincite.errors import PinciteError
from pincite.library import LiveLibrary
from pincite.settings import Settings, load_settings
from web.completions import token_of
from web.desk import desk_of
from web.editor import PATH
from web.feedback import inbox_of
from web.server import create_app
from web.suggesting import warm_up


def serve(settings: Settings) -> None:
    """Serve the page until it is stopped.

    Raises:
        PinciteError: the library or the embedding model cannot be opened.
    """
    embedder = load_embedder(settings.embedding_model)
    live = LiveLibrary(settings.data, embedder)
    live.current()
    inbox = inbox_of(settings)
    desk = desk_of(settings, embedder, live, inbox)
    app = create_app(
        assistant_of(settings, live, embedder),
        live,
        desk,
        inbox,
        token_of(settings),
        settings.contact,
    )
    warm_up(app)
    address = f"http://{settings.host}:{settings.port}"
    sys.stdout.write(f"Pincite is at {address} (stop it: Ctrl-C)\n")
    if desk:
        sys.stdout.write(f"Editors add articles at {address}{PATH}\n")
    sys.stdout.flush()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        # An access log holds addresses, and Gradio's carry what identifies a session.
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=3,
    )


def main() -> int:
    try:
        serve(load_settings())
    except PinciteError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
