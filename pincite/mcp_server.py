"""The library for programs that speak MCP. The only module that knows the `mcp` package.

What a client sends may be a confidence, so nothing of it is logged.
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from difflib import get_close_matches
from importlib.metadata import version
from typing import Annotated, Any, Final

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from pincite.answering import Assistant, answer_as_json
from pincite.errors import PinciteError
from pincite.library import Library, LiveLibrary
from pincite.model import Article, Turn, attribution

INSTRUCTIONS: Final = (
    "A library of career advice for law-firm associates. `ask` answers from its articles alone: "
    "every statement carries citations, whose quotes are the articles' exact words. Show a "
    "statement with its quotes and say who speaks; do not add to what they say. Where the status "
    "is `refused`, the library does not answer, and the nearest articles do not either. "
    "`read_article` gives the words around a quote."
)
READING: Final = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

NEAR: Final = 3
"""Ids that are named when there is no such article."""
LONGEST_ID: Final = 200
"""Characters of an unknown id that are compared with those of the library."""


def serve(assistant: Assistant, live: LiveLibrary) -> None:
    """Serve over stdin and stdout until the client closes them."""
    log_without_texts()
    mcp_server(assistant, live).run()


def mcp_server(assistant: Assistant, live: LiveLibrary) -> MCPServer[Any]:
    """Build the server; like the page, it looks at the newest generation each time it is asked."""
    server: MCPServer[Any] = MCPServer(
        "pincite", title="Pincite", version=version("pincite"), instructions=INSTRUCTIONS
    )

    @server.tool(title="Ask the library", annotations=READING)
    def ask(
        question: Annotated[str, Field(description="One question, in full; 2,000 characters.")],
        history: Annotated[
            list[Turn], Field(description="The dialogue before, where the question leans on it.")
        ] = [],  # noqa: B006 -- a default of the tool's schema; nothing changes it
    ) -> dict[str, Any]:
        """Answer a career question with verified quotes, or say that the library does not."""
        with told_plainly():
            return answer_as_json(assistant.ask(question, history=history))

    @server.tool(title="Read an article", annotations=READING)
    def read_article(
        article_id: Annotated[str, Field(description="As in a citation.")],
        start: Annotated[int, Field(description="Offset of the first character.", ge=0)] = 0,
        end: Annotated[
            int | None, Field(description="Offset after the last character; left out: the end.")
        ] = None,
    ) -> dict[str, Any]:
        """Return an article, or a stretch of it, with its sections, author, date and source."""
        with told_plainly():
            library = live.current()
            return article_as_json(found(article_id, library), library, start=start, end=end)

    return server


def found(article_id: str, library: Library) -> Article:
    """Return an article.

    Raises:
        ToolError: there is none with this id; it names ids that look like it.
    """
    article = library.articles.get(article_id)
    if article is None:
        wanted = article_id[:LONGEST_ID]
        near = get_close_matches(wanted.lower(), library.articles, n=NEAR, cutoff=0)
        raise ToolError(f"No article has the id {wanted!r}. Near it are: {', '.join(near)}")
    return article


def article_as_json(
    article: Article, library: Library, *, start: int, end: int | None
) -> dict[str, Any]:
    """Return what is known of an article, and of its text the characters from `start` to `end`.

    Raises:
        ToolError: the text has no such characters.
    """
    length = len(article.text)
    last = length if end is None else min(end, length)
    if not start < last:
        raise ToolError(f"The text has {length} characters; ask for some of them, start before end")
    return {
        "article_id": article.id,
        "title": article.title,
        "kind": article.kind,
        "speaker": article.speaker,
        "author": article.author,
        "attribution": attribution(speaker=article.speaker, author=article.author),
        "date": article.date,
        "place": article.place,
        "topics": list(article.topics),
        "url": article.url,
        "text": article.text[start:last],
        "start": start,
        "end": last,
        "length": length,
        "sections": [asdict(section) for section in article.sections],
        "generation": library.generation,
    }


@contextmanager
def told_plainly() -> Iterator[None]:
    """Hand a failure that somebody can mend to the client, as words for it to read."""
    try:
        yield
    except PinciteError as error:
        raise ToolError(str(error)) from None


def log_without_texts() -> None:
    """Log warnings to stderr, before a server is built, which would log more than that."""
    handler = logging.StreamHandler()
    handler.setFormatter(WithoutTexts("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class WithoutTexts(logging.Formatter):
    """Writes of a crash what it was and where, not its text, which may quote the question."""

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802 -- so logging calls it
        _, error, _ = ei
        while error.__cause__:
            error = error.__cause__
        frames = reversed(traceback.extract_tb(error.__traceback__)[-3:])
        where = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in frames)
        return f"{type(error).__name__} at {where}"
