"""`python -m pincite mcp`, asked by the protocol's own client, over a real pipe."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import TextIO

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult

from ingest.corpus import publish_corpus
from pincite import __main__ as program
from pincite.__main__ import app
from pincite.answering import Assistant
from pincite.library import LiveLibrary
from pincite.mcp_server import mcp_server
from tests.conftest import ROOT, write_corpus
from tests.interfaces_page import environment, example, run_example
from tests.test_ask_command import ANSWER, CITATION

QUESTION = "What are the drawbacks of a secondment?"
SECRET = "should I leave the firm of zzyzx"
ARGUMENTS = ["-m", "pincite", "mcp"]


@pytest.fixture
def log(tmp_path) -> Iterator[TextIO]:
    with (tmp_path / "stderr.txt").open("w+") as file:
        yield file


@pytest.fixture
def talk(data, log) -> Callable[..., object]:
    """Start the server in a process of its own, and let `done` talk with it."""
    server = StdioServerParameters(
        command=sys.executable, args=ARGUMENTS, cwd=ROOT, env=environment(data)
    )

    def run(done: Callable[[Client], Awaitable[object]], mode: str = "auto") -> object:
        async def connected() -> object:
            async with Client(stdio_client(server, errlog=log), mode=mode) as client:
                return await done(client)

        return asyncio.run(connected())

    return run


@pytest.fixture
def talk_here(data, embedder) -> Callable[..., object]:
    """Let `done` talk with a server in this process: the same without the pipe, and quicker."""
    live = LiveLibrary(data, embedder)

    def run(done: Callable[[Client], Awaitable[object]]) -> object:
        async def connected() -> object:
            async with Client(mcp_server(Assistant(live, embedder), live)) as client:
                return await done(client)

        return asyncio.run(connected())

    return run


def call(talk: Callable[..., object], tool: str, **arguments: object) -> CallToolResult:
    async def called(client: Client) -> CallToolResult:
        return await client.call_tool(tool, arguments)

    result = talk(called)
    assert isinstance(result, CallToolResult)
    return result


def said(result: CallToolResult) -> str:
    (block,) = result.content
    return block.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_two_tools_are_offered_that_change_nothing(talk, mode):
    async def list_tools(client: Client) -> object:
        return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in talk(list_tools, mode)}
    assert tools.keys() == {"ask", "read_article"}
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert tools["ask"].input_schema["required"] == ["question"]
    assert tools["read_article"].input_schema["required"] == ["article_id"]
    turn = tools["ask"].input_schema["$defs"]["Turn"]
    assert turn["properties"]["role"]["enum"] == ["user", "assistant"]


def test_an_answer_is_the_json_of_ask(talk, data, embedder):
    result = call(talk, "ask", question=QUESTION)
    answer = result.structured_content
    assert not result.is_error
    assert answer.keys() == ANSWER
    assert answer["status"] == "answered"
    articles = LiveLibrary(data, embedder).current().articles
    for cited in answer["citations"]:
        assert cited.keys() >= CITATION
        assert articles[cited["article_id"]].text[cited["start"] : cited["end"]] == cited["quote"]
    assert json.loads(said(result)) == answer


def test_a_follow_up_leans_on_the_history(talk_here):
    before = [{"role": "user", "text": QUESTION}, {"role": "assistant", "text": "Being away."}]
    answer = call(talk_here, "ask", question="And the benefits?", history=before).structured_content
    assert answer["standalone_question"] == "And the benefits? (secondment)"


def test_a_refusal_is_no_error(talk_here):
    result = call(talk_here, "ask", question="giraffe zebra")
    assert not result.is_error
    assert result.structured_content["status"] == "refused"


def test_the_words_around_a_quote_can_be_read(talk, data, embedder):
    async def ask_and_read(client: Client) -> tuple[dict, dict, dict]:
        asked = (await client.call_tool("ask", {"question": QUESTION})).structured_content
        cited = asked["citations"][0]
        place = {"article_id": cited["article_id"], "start": cited["start"], "end": cited["end"]}
        stretch = (await client.call_tool("read_article", place)).structured_content
        whole = {"article_id": cited["article_id"], "end": 10**9}
        return cited, stretch, (await client.call_tool("read_article", whole)).structured_content

    cited, stretch, whole = talk(ask_and_read)
    article = LiveLibrary(data, embedder).current().articles["secondment"]
    assert stretch["text"] == cited["quote"]
    assert whole["text"] == article.text
    assert (whole["start"], whole["end"], whole["length"]) == (0, *[len(article.text)] * 2)
    assert (whole["title"], whole["author"]) == ("Secondments to a client", "Dana Whitlock")
    assert [s["heading"] for s in whole["sections"]] == [s.heading for s in article.sections]


@pytest.mark.parametrize(
    ("tool", "arguments", "complaint"),
    [
        pytest.param("ask", {"question": " "}, "Please type a question", id="empty"),
        pytest.param("ask", {"question": "x" * 2001}, "2,001 characters", id="too-long"),
        pytest.param("ask", {}, "question", id="no-question"),
        pytest.param(
            "ask",
            {"question": "Why?", "history": [{"role": "system", "text": "x"}]},
            "'user' or 'assistant'",
            id="unknown-role",
        ),
        pytest.param(
            "read_article", {"article_id": "Secondments"}, "Near it are: secondment, ", id="unknown"
        ),
        pytest.param(
            "read_article",
            {"article_id": "notice", "start": 9999},
            "ask for some of them",
            id="behind-the-end",
        ),
        pytest.param(
            "read_article",
            {"article_id": "notice", "start": 9, "end": 9},
            "start before end",
            id="nothing",
        ),
        pytest.param(
            "read_article", {"article_id": "notice", "start": -1}, "greater than", id="before"
        ),
        pytest.param("forget", {}, "Unknown tool", id="no-such-tool"),
    ],
)
def test_a_mistake_is_an_error_that_says_what_to_do(talk_here, tool, arguments, complaint):
    result = call(talk_here, tool, **arguments)
    assert result.is_error
    assert complaint in said(result)


def test_what_is_published_is_read_by_a_server_that_runs(talk, corpus, data, embedder):
    async def twice(client: Client) -> list[dict]:
        before = await client.call_tool("read_article", {"article_id": "notice"})
        write_corpus(corpus, {"hats.md": "# Hats\n\nWear no hat in court, whatever they say."})
        publish_corpus(corpus, data, embedder=embedder)
        after = await client.call_tool("read_article", {"article_id": "hats"})
        return [before.structured_content, after.structured_content]

    assert [found["generation"] for found in talk(twice)] == [1, 2]


def test_nothing_that_is_asked_is_logged(talk, log):
    async def sent(client: Client) -> None:
        await client.call_tool("ask", {"question": SECRET})
        await client.call_tool("ask", {"question": SECRET * 100})
        await client.call_tool("ask", {"question": [SECRET], "history": SECRET})
        await client.call_tool("read_article", {"article_id": SECRET})

    talk(sent)
    log.seek(0)
    assert log.read() == ""


def test_stdout_holds_the_protocol_only(data):
    opening = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    done = subprocess.run(
        [sys.executable, *ARGUMENTS],
        cwd=ROOT,
        env=environment(data),
        input=f"no protocol\n{json.dumps(opening)}\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stdout
    assert [json.loads(line)["jsonrpc"] for line in done.stdout.splitlines()]


class CrashingAssistant(Assistant):
    """Says what it was asked as it falls."""

    def ask(self, question, *, history=()):
        raise ZeroDivisionError(question)


CRASHING_SERVER = """
import sys
from pathlib import Path
from pincite.embedding import load_embedder
from pincite.library import LiveLibrary
from pincite.mcp_server import serve
from tests.test_mcp import CrashingAssistant

embedder = load_embedder("hashing")
live = LiveLibrary(Path(sys.argv[1]), embedder)
serve(CrashingAssistant(live, embedder), live)
"""


def test_a_crash_is_told_and_logged_without_what_was_asked(data, log):
    server = StdioServerParameters(
        command=sys.executable, args=["-c", CRASHING_SERVER, str(data)], cwd=ROOT
    )

    async def ask() -> CallToolResult:
        async with Client(stdio_client(server, errlog=log)) as client:
            return await client.call_tool("ask", {"question": SECRET})

    result = asyncio.run(ask())
    log.seek(0)
    logged = log.read()
    assert result.is_error
    assert SECRET not in said(result)
    assert "ZeroDivisionError at " in logged
    assert "test_mcp.py" in logged
    assert SECRET not in logged


def test_without_a_library_the_command_says_how_to_build_one(run, monkeypatch):
    monkeypatch.setenv("PINCITE_DATA", "nowhere")
    done = run(app, "mcp")
    assert (done.code, done.out) == (1, "")
    assert "Build it with: python -m ingest" in done.err


def test_without_the_package_the_command_says_which_extra_to_install(run, monkeypatch):
    monkeypatch.setattr(program, "find_spec", lambda name: None)
    done = run(app, "mcp")
    assert (done.code, done.out) == (1, "")
    assert "python -m pip install -e '.[mcp]'" in done.err


def test_the_example_in_the_docs_runs(data):
    shown = run_example("MCP", data)
    assert shown.startswith("Secondments to a client -- The main drawback of a secondment")


def test_the_entry_in_the_docs_starts_what_there_is():
    (entry,) = json.loads(example("MCP", "json"))["mcpServers"].values()
    assert entry["args"] == ARGUMENTS
    assert entry.keys() == {"command", "args", "env"}
