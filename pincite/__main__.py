"""`python -m pincite`: a question answered in the terminal, or a program's, over MCP."""

import json
import textwrap
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from pincite.answering import Assistant, answer_as_json, assistant_of, history_from_json
from pincite.console import command_line, print_json
from pincite.embedding import load_embedder
from pincite.errors import McpMissingError, QuestionError
from pincite.library import LiveLibrary
from pincite.model import Answer, Statement, Turn
from pincite.settings import Settings, load_settings

WIDTH = 88

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help="Ask the library.")


@app.callback()
def main() -> None:
    """Answer career questions from the published articles."""


@app.command()
def ask(
    question: str,
    history: Annotated[
        Path | None, typer.Option(help="JSON list of {role, text}: the dialogue before.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Answer a question with quotes, or say that the library does not cover it."""
    assistant, _ = _opened(load_settings())
    turns = _read_history(history) if history else ()
    answer = assistant.ask(question, history=turns)
    if as_json:
        print_json(answer_as_json(answer))
    else:
        typer.echo(as_text(answer))


@app.command()
def mcp() -> None:
    """Serve programs that speak MCP, over stdin and stdout, with `ask` and `read_article`."""
    if find_spec("mcp") is None:
        raise McpMissingError
    from pincite.mcp_server import serve

    assistant, live = _opened(load_settings())
    live.current()
    serve(assistant, live)


def _opened(settings: Settings) -> tuple[Assistant, LiveLibrary]:
    embedder = load_embedder(settings.embedding_model)
    live = LiveLibrary(settings.data, embedder)
    return assistant_of(settings, live, embedder), live


def _read_history(path: Path) -> tuple[Turn, ...]:
    try:
        return history_from_json(json.loads(path.read_text()))
    except (OSError, ValueError, RecursionError) as error:
        raise QuestionError(f"The history file {path} cannot be read: {error}") from error


def as_text(answer: Answer) -> str:
    """Lay an answer out for a terminal."""
    lines = []
    if answer.standalone_question != answer.question:
        lines += [f"Answering: {answer.standalone_question}", ""]
    if answer.status == "refused":
        lines.append(answer.reply or "The library does not cover this question.")
        lines += [f"  close by, not answering it: {n.title}" for n in answer.nearest]
    if answer.notice:
        lines += [textwrap.fill(answer.notice, width=WIDTH), ""]
    for statement in answer.statements:
        lines += _said(answer, statement)
    lines += [f"The library does not cover: {part}" for part in answer.uncovered]
    if answer.left_out:
        lines.append(
            f"Left out, because no article supports it: {len(answer.left_out)} of the "
            "chat model's sentences"
        )
    if answer.citations:
        lines.append("")
    for number, c in enumerate(answer.citations, start=1):
        facts = (c.title, c.heading, c.attribution, c.date or "undated", c.place, c.url)
        lines.append(f"[{number}] {'; '.join(fact for fact in facts if fact)}")
    return "\n".join(lines)


def _said(answer: Answer, statement: Statement) -> Iterator[str]:
    """Yield a statement with its marks; one in other words than its sources' with its quotes."""
    quotes = list(zip(answer.numbers(statement.citations), statement.citations, strict=True))
    marks = "".join(f"[{n}]" for n, _ in quotes)
    if statement.is_verbatim:
        yield textwrap.fill(f"“{statement.text}” {marks}", width=WIDTH, subsequent_indent="  ")
        return
    yield textwrap.fill(f"{statement.text} {marks}", width=WIDTH, subsequent_indent="  ")
    for n, c in quotes:
        quote = f"“{c.quote}” [{n}]"
        yield textwrap.fill(quote, WIDTH, initial_indent="    ", subsequent_indent="    ")


if __name__ == "__main__":
    command_line(app)
