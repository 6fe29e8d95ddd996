"""The chat writer over real HTTP, with a server that answers as badly as it is told to."""

import json
import logging
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from pincite.answering.chat.writer import chat_model
from pincite.answering.choice import Evidence
from pincite.answering.claims import Claim, Quoted
from pincite.errors import (
    ChatModelAccessError,
    ChatModelBusyError,
    ChatModelDownError,
    ChatModelError,
    ChatModelOutputError,
    ChatModelOverflowError,
    ChatModelRefusedError,
    ChatModelTimeoutError,
    ChatModelUnknownError,
    SettingsError,
)
from pincite.model import Article, Section, Turn
from pincite.sentences import sentence_spans
from pincite.settings import Settings
from tests.chat_stub import ENDLESS, ChatStub, Reply, claims, error

TEXT = "Three months is usual in most contracts. Read your own contract first."
USUAL = Claim("It is usually three months.", (Quoted(1, "Three months is usual"),))
READ = Claim("Read the contract.", (Quoted(2, "Read your own contract first."),))
TWO = claims(
    (USUAL.text, [(1, "Three months is usual")]),
    (READ.text, [(2, "Read your own contract first.")]),
)
KEY = "sk-marker-of-a-secret"
QUESTION = "How long is MARKERWORD notice?"


def source(text: str = TEXT) -> Evidence:
    section = Section(start=0, end=len(text), heading="Notice", speaker="counsellor")
    article = Article(id="n", title="Notice", kind="guide", text=text, sections=(section,))
    return Evidence(
        article=article,
        place=("n", 0),
        section=section,
        score=1,
        sentences=tuple((span, 0.5) for span in sentence_spans(text)),
    )


SOURCES = (source(), source())


@contextmanager
def writer_at(url, *, timeout=5.0, context=4096, model="openai:stub", key=KEY):
    writer = chat_model(
        Settings(
            chat_model=model,
            chat_base_url=url,
            chat_api_key=key,
            chat_timeout=timeout,
            chat_context=context,
        )
    )
    try:
        yield writer
    finally:
        writer.close()


@contextmanager
def writer_with(*replies, **settings):
    with ChatStub(replies) as stub, writer_at(stub.url, **settings) as writer:
        yield writer, stub


def test_without_a_setting_there_is_no_writer():
    assert chat_model(Settings()) is None
    assert chat_model(Settings(chat_model="")) is None


def test_importing_the_writer_loads_none_of_the_packages_that_ask_a_model():
    code = (
        "import sys, pincite.answering.chat.writer as c; from pincite.settings import Settings; "
        "assert c.chat_model(Settings()) is None; "
        "print({m.split('.')[0] for m in sys.modules} & "
        "{'langchain', 'langchain_core', 'langsmith', 'openai', 'xllamacpp'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "manner",
    [
        pytest.param({}, id="in-pieces"),
        pytest.param({"piece": 1}, id="a-character-at-a-time"),
        pytest.param({"write": 1}, id="a-byte-at-a-time"),
        pytest.param({"piece": 10_000}, id="all-at-once"),
    ],
)
def test_claims_come_whole_however_they_are_torn_apart(manner):
    said = claims(("Größe zählt – “ja” 🙂.", [(1, "naïve façade 雇用")]))
    with writer_with(Reply(said, **manner)) as (writer, _):
        assert list(writer.claims(QUESTION, SOURCES)) == [
            Claim("Größe zählt – “ja” 🙂.", (Quoted(1, "naïve façade 雇用"),))
        ]


def test_a_claim_is_there_before_the_answer_is():
    said = claims(("One.", [(1, "one")]), ("Two.", [(1, "two")]))
    cut = said.index('{"text": "Two.')
    with writer_with(Reply(said, piece=cut, stall_after=2)) as (writer, _):
        assert next(writer.claims(QUESTION, SOURCES)) == Claim("One.", (Quoted(1, "one"),))


def test_nothing_to_say_is_an_answer():
    with writer_with(Reply('{"claims": []}')) as (writer, stub):
        assert list(writer.claims(QUESTION, SOURCES)) == []
        assert len(stub.requests) == 1


def test_forged_numbers_are_handed_on_to_be_refused():
    said = (
        '{"claims":[{"text":"A.","quotes":[{"source":99,"quote":"x"},{"source":-1,"quote":"y"}]}]}'
    )
    with writer_with(Reply(said)) as (writer, _):
        assert list(writer.claims(QUESTION, SOURCES)) == [
            Claim("A.", (Quoted(99, "x"), Quoted(-1, "y")))
        ]


def test_what_is_asked_holds_the_schema_and_the_sources_and_the_key():
    with writer_with(Reply(TWO)) as (writer, stub):
        assert list(writer.claims(QUESTION, SOURCES)) == [USUAL, READ]
        asked = stub.requests[0]
        schema = asked["response_format"]["json_schema"]
        assert schema["strict"] is True
        assert '"enum": [1, 2]' in json.dumps(schema)
        assert (asked["stream"], asked["temperature"], asked["model"]) == (True, 0, "stub")
        assert asked["max_completion_tokens"] == 1024
        assert QUESTION in stub.prompts[0]
        assert TEXT.split(". ")[1] in stub.prompts[0]
        assert stub.headers[0]["authorization"] == f"Bearer {KEY}"


def test_a_server_that_knows_no_schema_is_asked_without_from_then_on():
    refuse = Reply(status=400, raw=error("response_format of type json_schema is not supported"))
    with writer_with(refuse, refuse, Reply(TWO)) as (writer, stub):
        assert list(writer.claims(QUESTION, SOURCES)) == [USUAL, READ]
        assert list(writer.claims(QUESTION, SOURCES)) == [USUAL, READ]
        kinds = [r.get("response_format", {}).get("type") for r in stub.requests]
        assert kinds == ["json_schema", "json_object", None, None]


@pytest.mark.parametrize(
    ("reply", "expected", "says"),
    [
        pytest.param(
            Reply(status=401, raw=error(f"Incorrect API key provided: {KEY}")),
            ChatModelAccessError,
            "refuses the key. Set PINCITE_CHAT_API_KEY",
            id="401",
        ),
        pytest.param(
            Reply(status=403, raw=error("no")), ChatModelAccessError, "refuses the key", id="403"
        ),
        pytest.param(
            Reply(status=404, raw=error("The model `stub` does not exist")),
            ChatModelUnknownError,
            "Correct PINCITE_CHAT_MODEL",
            id="404",
        ),
        pytest.param(
            Reply(status=429, raw=error("slow down"), headers=[("Retry-After", "0")]),
            ChatModelBusyError,
            "takes no more requests for now",
            id="429",
        ),
        pytest.param(
            Reply(status=500, raw=error("oops")), ChatModelDownError, "broke off", id="500"
        ),
        pytest.param(
            Reply(status=503, raw=b"<html>busy</html>", content_type="text/html"),
            ChatModelDownError,
            "cannot be reached",
            id="503-with-a-page",
        ),
        pytest.param(
            Reply(
                status=400,
                raw=error("maximum context length is 10 tokens", code="context_length_exceeded"),
            ),
            ChatModelOverflowError,
            "Set PINCITE_CHAT_CONTEXT",
            id="context-too-long",
        ),
        pytest.param(
            Reply(status=400, raw=error("I do not like it")),
            ChatModelRefusedError,
            "calls the request invalid",
            id="400-whatever-is-asked",
        ),
        pytest.param(
            Reply(events=[b'data: {"error":{"message":"overloaded","code":503}}\n\n']),
            ChatModelDownError,
            "broke off",
            id="an-error-within-the-stream",
        ),
        pytest.param(Reply(TWO, drop_after=3), ChatModelDownError, "broke off", id="dropped"),
        pytest.param(
            Reply("I am sorry, I cannot."), ChatModelOutputError, "nothing that could", id="prose"
        ),
        pytest.param(Reply(""), ChatModelOutputError, "nothing that could", id="empty"),
        pytest.param(
            Reply(raw=b"<html><h1>Welcome</h1></html>", content_type="text/html"),
            ChatModelOutputError,
            "nothing that could",
            id="a-page-instead-of-a-stream",
        ),
        pytest.param(
            Reply(events=[b'data: {"id":"x","choices":[]}\n\n', b"data: [DONE]\n\n"]),
            ChatModelOutputError,
            "nothing that could",
            id="no-choices",
        ),
        pytest.param(
            Reply(events=[b"data: {nonsense\n\n"]),
            ChatModelOutputError,
            "nothing that could",
            id="no-json",
        ),
        pytest.param(
            Reply(events=[b"data: \xff\xfe\n\n"]), ChatModelError, "The chat model", id="no-utf-8"
        ),
        pytest.param(
            Reply(events=[b"data: [1, 2]\n\n"]), ChatModelError, "The chat model", id="other-json"
        ),
    ],
)
def test_a_failure_is_named_without_what_the_service_said(reply, expected, says):
    with writer_with(reply) as (writer, stub):
        with pytest.raises(ChatModelError, match=says) as raised:
            list(writer.claims(QUESTION, SOURCES))
        assert type(raised.value) is expected or expected is ChatModelError
        shown = f"{raised.value} {raised.value!r} {raised.value.__cause__!r}"
        assert KEY not in shown
        assert "MARKERWORD" not in shown
        assert len(stub.requests) <= 4


def test_a_redirect_is_not_followed():
    with ChatStub([Reply(TWO)]) as elsewhere:
        there = ("Location", f"{elsewhere.url}/chat/completions")
        with (
            writer_with(Reply(status=307, headers=[there])) as (writer, _),
            pytest.raises(ChatModelError, match="The chat model"),
        ):
            list(writer.claims(QUESTION, SOURCES))
        assert elsewhere.called == []


def test_nobody_there_is_known_within_seconds():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        began = time.monotonic()
        with writer_at(url) as writer, pytest.raises(ChatModelDownError, match="cannot be reached"):
            list(writer.claims(QUESTION, SOURCES))
        assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(TWO, wait=30), id="before-the-first-word"),
        pytest.param(Reply(TWO, stall_after=2), id="between-two"),
        pytest.param(Reply(TWO, stall_after=2, keep_alive=True), id="with-signs-of-life"),
        pytest.param(Reply(TWO, piece=1, pause=0.2), id="in-all"),
    ],
)
def test_a_model_that_stalls_is_cut_off(reply):
    with writer_with(reply, timeout=0.5) as (writer, _):
        writer_is_warm(writer)
        began = time.monotonic()
        with pytest.raises(ChatModelTimeoutError, match="PINCITE_CHAT_TIMEOUT"):
            list(writer.claims(QUESTION, SOURCES))
        assert time.monotonic() - began < 3 * 0.5 + 2


def writer_is_warm(writer):
    """Import and connect first, so that a busy machine's imports are not timed."""
    next(iter(writer.claims("?", SOURCES, stop=lambda: True)), None)


def test_claims_written_before_a_failure_are_not_lost():
    whole = claims(("One.", [(1, "one")]), ("Two.", [(1, "two")]))
    with writer_with(Reply(whole, piece=len(whole) - 10, drop_after=2)) as (writer, _):
        found = writer.claims(QUESTION, SOURCES)
        assert next(found).text == "One."
        with pytest.raises(ChatModelDownError):
            list(found)


def test_an_endless_answer_ends_after_twelve_claims():
    many = ", ".join(f'{{"text": "C{n}.", "quotes": []}}' for n in range(50))
    with writer_with(Reply(f'{{"claims": [{many}, ', repeat=ENDLESS, piece=200)) as (writer, stub):
        assert len(list(writer.claims(QUESTION, SOURCES))) == 12
        assert stub.hung_up.wait(5)


def test_an_endless_sentence_is_no_answer():
    with writer_with(Reply("la " * 2000, repeat=ENDLESS, piece=6000)) as (writer, stub):
        with pytest.raises(ChatModelOutputError):
            list(writer.claims(QUESTION, SOURCES))
        assert stub.hung_up.wait(5)


def test_stop_hangs_up_in_the_middle_of_a_silence():
    gone = threading.Event()
    reply = Reply(TWO, stall_after=2, keep_alive=True)
    with writer_with(reply, timeout=60) as (writer, stub):
        threading.Timer(0.5, gone.set).start()
        began = time.monotonic()
        assert list(writer.claims(QUESTION, SOURCES, stop=gone.is_set)) == []
        assert time.monotonic() - began < 20
        assert stub.hung_up.wait(5)
        assert len(stub.requests) == 1


def test_leaving_an_answer_hangs_up():
    reply = Reply(claims(("One.", [(1, "one")])), repeat=ENDLESS, pause=0.01)
    with writer_with(reply) as (writer, stub):
        found = writer.claims(QUESTION, SOURCES)
        next(found)
        found.close()
        assert stub.hung_up.wait(5)


def test_an_answer_that_cannot_be_read_is_asked_for_once_more():
    with writer_with(Reply("Well, three months."), Reply(TWO)) as (writer, stub):
        assert list(writer.claims(QUESTION, SOURCES)) == [USUAL, READ]
        assert stub.requests[1]["messages"][-2]["content"] == "Well, three months."
        assert "no JSON object with claims" in stub.requests[1]["messages"][-1]["content"]


def test_two_who_ask_at_once_get_each_their_own():
    with writer_with(Reply(TWO, piece=3, pause=0.005)) as (writer, stub):
        found = {}
        threads = [
            threading.Thread(
                target=lambda n=n: found.update({n: list(writer.claims(f"Q{n}?", SOURCES))})
            )
            for n in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == {n: [USUAL, READ] for n in range(6)}
        assert len(stub.requests) == 6


def test_a_question_too_long_for_the_context_is_not_sent():
    with writer_with(Reply(TWO), context=1024) as (writer, stub):
        with pytest.raises(ChatModelOverflowError, match="PINCITE_CHAT_CONTEXT"):
            list(writer.claims("why " * 500, SOURCES))
        assert stub.requests == []


def test_tracing_that_the_environment_asks_for_sends_nothing(monkeypatch):
    with ChatStub([Reply(TWO)]) as canary:
        host = canary.url.removesuffix("/v1")
        for name, value in {
            "LANGSMITH_TRACING": "true",
            "LANGCHAIN_TRACING_V2": "true",
            "LANGSMITH_ENDPOINT": host,
            "LANGSMITH_API_KEY": "lsv2_x",
            "LANGSMITH_GATEWAY": host,
            "HTTP_PROXY": host,
            "http_proxy": host,
            "ALL_PROXY": host,
            "OPENAI_PROXY": host,
            "OPENAI_BASE_URL": canary.url,
            "OPENAI_API_BASE": canary.url,
            "OPENAI_API_KEY": "sk-for-another-service",
        }.items():
            monkeypatch.setenv(name, value)
        with writer_with(Reply(TWO), key=None) as (writer, stub):
            assert list(writer.claims(QUESTION, SOURCES)) == [USUAL, READ]
            assert "sk-for-another-service" not in str(stub.headers)
        from langchain_core.tracers.langchain import wait_for_all_tracers

        wait_for_all_tracers()
        assert canary.called == []


def test_nothing_of_a_question_or_key_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    with writer_with(Reply(TWO), Reply(status=500)) as (writer, _):
        list(writer.claims(QUESTION, SOURCES))
        with pytest.raises(ChatModelError):
            list(writer.claims(QUESTION, SOURCES))
        assert KEY not in f"{writer!r} {vars(writer)!r} {vars(writer._connection)!r}"
    logged = caplog.text + "".join(str(record.args) for record in caplog.records)
    assert "MARKERWORD" not in logged
    assert KEY not in logged


@pytest.mark.parametrize(
    ("model", "says"),
    [
        pytest.param("gpt-5", "names no provider", id="no-provider"),
        pytest.param("nonsense:gpt", "cannot be opened|no such provider", id="unknown"),
        pytest.param("gguf:/no/such/file.gguf", "No such file", id="no-file"),
        pytest.param("gguf:/", "cannot be read: Is a directory", id="a-folder"),
        pytest.param(f"gguf:{__file__}", "is no GGUF file", id="another-file"),
    ],
)
def test_a_model_that_cannot_be_is_a_setting_to_correct(model, says):
    with pytest.raises(SettingsError, match=says):
        chat_model(Settings(chat_model=model, chat_api_key=KEY))


@pytest.mark.skipif(
    __import__("importlib.util").util.find_spec("langchain_anthropic") is not None,
    reason="the extra is installed",
)
def test_a_missing_package_is_named_by_its_extra():
    with pytest.raises(SettingsError, match=r"pip install -e '\.\[anthropic\]'"):
        chat_model(Settings(chat_model="anthropic:claude", chat_api_key=KEY))


def test_who_receives_a_question_is_known_beforehand():
    with writer_at("http://127.0.0.1:9/v1") as writer:
        assert (writer.receiver, writer.model) == ("127.0.0.1", "openai:stub")
    with writer_at(None) as writer:
        assert writer.receiver == "api.openai.com"


HISTORY = (Turn("user", "What are the drawbacks of a secondment?"), Turn("assistant", "Distance."))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(
            "And the benefits of a secondment?", "And the benefits of a secondment?", id="good"
        ),
        pytest.param(
            '  "The benefits of a secondment?"\n', "The benefits of a secondment?", id="quoted"
        ),
        pytest.param("A secondment teaches how clients decide.", None, id="an-answer"),
        pytest.param("", None, id="nothing"),
        pytest.param("The benefits?\nOf a secondment?", None, id="two-lines"),
        pytest.param("benefits of a secondment " * 40 + "?", None, id="too-long"),
        pytest.param("Which cheese goes with Burgundy wine?", None, id="another-subject"),
        pytest.param('{"question": "benefits of a secondment?"}', None, id="json"),
        pytest.param(
            "The \u202ebenefits\x00 of a secondment?",
            "The benefits of a secondment?",
            id="controls",
        ),
    ],
)
def test_a_follow_up_is_rewritten_or_left_alone(said, expected):
    with writer_with(Reply(said)) as (writer, stub):
        assert writer.rewrite("And the benefits?", HISTORY) == expected
        assert "drawbacks of a secondment" in stub.prompts[0]
        assert "response_format" not in stub.requests[0]


def test_a_rewrite_that_fails_leaves_the_question_alone():
    with writer_with(Reply(status=500)) as (writer, _):
        assert writer.rewrite("And the benefits?", HISTORY) is None
