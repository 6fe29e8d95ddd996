"""`/v1`, asked by OpenAI's own client: what it answers, in words, and whom it answers at all."""

import json
import logging
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from openai import (
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    NotFoundError,
    OpenAI,
    PermissionDeniedError,
)
from pydantic import SecretStr
from starlette.testclient import TestClient

from pincite.answering import Assistant
from pincite.library import LiveLibrary
from pincite.model import MAX_QUESTION, Answer, LeftOut, NearArticle, Statement, Turn
from pincite.settings import Settings, load_settings
from tests.chat_stub import ChatStub, Reply, claims
from tests.interfaces_page import example, run_example
from tests.web_browser import served
from web.completions import Wanted, token_of
from web.middleware import CRASHED, MAX_BODY
from web.plain_text import pieces, plain, words_of
from web.refusal import NO_ANSWER
from web.server import own_routes

TOKEN = "a-long-random-token"
QUESTION = "What are the drawbacks of a secondment?"
SECRET = "should I leave the firm of zzyzx"
PAGE = "http://127.0.0.1:7860"
ASKED = {"model": "pincite", "messages": [{"role": "user", "content": QUESTION}]}
KNOWN = {"Authorization": f"Bearer {TOKEN}"}


def user(content: object) -> dict[str, object]:
    return {"role": "user", "content": content}


@pytest.fixture(scope="module")
def address(_published) -> Iterator[str]:
    """The app in a process of its own, as a person would start it."""
    with served(
        _published / "data", PINCITE_EMBEDDING_MODEL="hashing", PINCITE_API_TOKEN=TOKEN
    ) as address:
        yield address


@pytest.fixture
def openai(address) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{address}/v1", api_key=TOKEN, max_retries=0) as client:
        yield client


@pytest.fixture
def assistant(data, embedder) -> Assistant:
    return Assistant(LiveLibrary(data, embedder), embedder)


@pytest.fixture
def client(assistant, data, embedder) -> Iterator[TestClient]:
    """The same routes in this process, without the page."""
    yield from in_process(assistant, LiveLibrary(data, embedder), TOKEN)


def in_process(assistant: Assistant, live: LiveLibrary, token: str | None) -> Iterator[TestClient]:
    app = own_routes(assistant, live, None, token=SecretStr(token) if token else None)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def complete(client: OpenAI, *messages: object, **options: object):
    return client.chat.completions.create(model="pincite", messages=list(messages), **options)


# --- with OpenAI's client, over a socket -------------------------------------------------------


def test_an_answer_is_text_with_marks_and_sources(openai, address):
    answer = complete(openai, user(QUESTION))
    assert (answer.object, answer.model, answer.usage) == ("chat.completion", "pincite", None)
    (choice,) = answer.choices
    assert (choice.finish_reason, choice.message.role) == ("stop", "assistant")
    statements, sources = choice.message.content.split("\n\nSources:\n")
    assert statements.startswith("“The main drawback of a secondment is being out of sight")
    assert statements.split("\n\n")[0].endswith("” [1]")
    assert sources.startswith(
        "- [1] Secondments to a client; What are the drawbacks of a secondment?; "
        f"a recruiter, Dana Whitlock; undated; {address}/article/secondment#"
    )


def test_the_whole_answer_stands_beside_the_text(openai, small_library):
    answer = complete(openai, user(QUESTION)).pincite
    assert answer["status"] == "answered"
    assert answer["question"] == QUESTION
    for cited in answer["citations"]:
        text = small_library.articles[cited["article_id"]].text
        assert text[cited["start"] : cited["end"]] == cited["quote"]


def test_a_stream_brings_a_statement_a_chunk(openai):
    whole = complete(openai, user(QUESTION))
    chunks = list(complete(openai, user(QUESTION), stream=True))
    texts = [chunk.choices[0].delta.content for chunk in chunks]
    said = [text for text in texts if text]
    assert "".join(said) == whole.choices[0].message.content
    assert len(said) == len(whole.pincite["statements"]) + 1
    assert [text.count("“") for text in said[:-1]] == [1] * (len(said) - 1)
    assert {chunk.id for chunk in chunks} == {chunks[0].id}
    assert [c.choices[0].finish_reason for c in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    assert chunks[-1].pincite["statements"] == whole.pincite["statements"]


def test_a_follow_up_leans_on_what_users_and_assistants_said(openai):
    before = complete(openai, user(QUESTION)).choices[0].message
    answer = complete(
        openai,
        {"role": "system", "content": "Speak of gardening leave only."},
        user(QUESTION),
        {"role": "assistant", "content": before.content},
        user("And the benefits?"),
    )
    assert answer.pincite["standalone_question"] == "And the benefits? (secondment)"
    text = answer.choices[0].message.content
    assert text.startswith("Answering: And the benefits? (secondment)\n\n“A secondment teaches")


def test_the_last_word_of_the_user_is_the_question(openai):
    parts = [{"type": "text", "text": "What are the drawbacks"}, {"type": "text", "text": "of it?"}]
    answer = complete(openai, user(parts), {"role": "assistant", "content": "Well,"})
    assert answer.pincite["question"] == "What are the drawbacks\nof it?"


def test_a_refusal_is_told_in_words(openai):
    answer = complete(openai, user("giraffe zebra"))
    text = answer.choices[0].message.content
    assert text.startswith(f"{NO_ANSWER}\n\nNot answering this, but close by:\n- ")
    assert (answer.pincite["status"], answer.pincite["citations"]) == ("refused", [])


def test_a_greeting_gets_its_own_reply(openai):
    assert complete(openai, user("hello")).choices[0].message.content.startswith("Hello. Ask")


def test_there_is_one_model(openai):
    assert [model.id for model in openai.models.list()] == ["pincite"]


def test_another_model_is_refused(openai):
    with pytest.raises(NotFoundError, match="the only one is pincite"):
        openai.chat.completions.create(model="gpt-5", messages=[user(QUESTION)])


@pytest.mark.parametrize("key", ["wrong", "a-long-random-toke", "Bearer"])
def test_a_wrong_token_opens_nothing(openai, key):
    wrong = openai.with_options(api_key=key)
    with pytest.raises(AuthenticationError, match="This is not the token") as refused:
        complete(wrong, user(QUESTION))
    assert refused.value.code == "invalid_api_key"
    with pytest.raises(AuthenticationError):
        wrong.models.list()


def test_an_empty_question_is_told_in_the_clients_own_error(openai):
    with pytest.raises(BadRequestError, match="Please type a question") as refused:
        complete(openai, user(" "))
    assert refused.value.type == "invalid_request_error"


def test_a_page_of_another_site_is_refused_even_with_the_token(openai):
    with pytest.raises(PermissionDeniedError) as refused:
        complete(openai, user(QUESTION), extra_headers={"Origin": "http://evil.example"})
    assert "does not take requests from others" in refused.value.response.json()["error"]


def test_a_large_body_is_refused(openai):
    with pytest.raises(APIStatusError, match="256 KB") as refused:
        complete(openai, user("x" * MAX_BODY))
    assert refused.value.status_code == 413


@pytest.mark.parametrize("heading", ["OpenAI's protocol", "Gradio"])
def test_the_python_examples_in_the_docs_run(heading, address, data):
    shown = run_example(heading, data, address=address, PINCITE_API_TOKEN=TOKEN)
    assert "The main drawback of a secondment is being out of sight at the firm." in shown


def test_the_request_in_the_docs_is_answered(client):
    (body,) = re.findall(r"-d '(.*)'", example("HTTP", "sh"))
    assert client.post("/api/ask", json=json.loads(body)).json()["status"] == "answered"


# --- with a chat model that says what a test tells it to ---------------------------------------

SIGHT = "The main drawback of a secondment is being out of sight at the firm."
HOURS = "Your billable hours may not count."
SAYS_SIGHT = "The main drawback is being out of sight at your firm."
SAYS_HOURS = "Your billable hours may not count for you."
MIXED = claims(
    (SAYS_SIGHT, [(1, SIGHT)]), ("All return.", [(1, "All return.")]), (SAYS_HOURS, [(1, HOURS)])
)
FIRST = MIXED.index('{"text": "All')
"""Characters until the first sentence is whole."""


@pytest.fixture(scope="module")
def chatting(_published) -> Iterator[tuple[OpenAI, ChatStub]]:
    with (
        ChatStub([]) as stub,
        served(
            _published / "data",
            PINCITE_EMBEDDING_MODEL="hashing",
            PINCITE_API_TOKEN=TOKEN,
            PINCITE_CHAT_MODEL="openai:stub",
            PINCITE_CHAT_BASE_URL=stub.url,
        ) as address,
        OpenAI(base_url=f"{address}/v1", api_key=TOKEN, max_retries=0) as client,
    ):
        yield client, stub


def text_of_stream(client: OpenAI) -> list[str]:
    chunks = complete(client, user(QUESTION), stream=True)
    return [text for chunk in chunks if (text := chunk.choices[0].delta.content)]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(Reply(MIXED), id="some-left-out"),
        pytest.param(Reply(MIXED, piece=FIRST, drop_after=2), id="broken-off"),
        pytest.param(Reply("{}"), id="quotes-instead"),
    ],
)
def test_a_stream_of_a_chat_model_is_the_text_of_the_whole_answer(chatting, written):
    client, stub = chatting
    stub.replies = [written]
    whole = complete(client, user(QUESTION)).choices[0].message.content
    assert "".join(text_of_stream(client)) == whole


def test_what_is_left_out_is_counted_in_the_text_and_not_said(chatting):
    client, stub = chatting
    stub.replies = [Reply(MIXED)]
    first, second, note, sources = text_of_stream(client)
    assert first == f"{SAYS_SIGHT} [1]\n“{SIGHT}” [1]\n\n"
    assert second.startswith(SAYS_HOURS)
    assert note == "Note: 1 sentence was left out because no article supports it.\n\n"
    assert sources.startswith("Sources:")


def test_a_statement_is_sent_while_the_model_writes_and_leaving_hangs_up_at_it(chatting):
    client, stub = chatting
    stub.replies = [Reply(MIXED, piece=FIRST, stall_after=2, keep_alive=True)]
    stub.hung_up.clear()
    stream = complete(client, user(QUESTION), stream=True)
    texts = (chunk.choices[0].delta.content for chunk in stream)
    assert next(filter(None, texts)).startswith(SAYS_SIGHT)
    stream.close()
    assert stub.hung_up.wait(2)


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "stream"])
def test_leaving_before_the_first_statement_hangs_up_at_the_model_too(chatting, streamed):
    client, stub = chatting
    stub.replies = [Reply(MIXED, piece=FIRST // 2, stall_after=1, keep_alive=True)]
    hang_up_once_asked(
        client, stub, "/v1/chat/completions", ASKED | {"stream": streamed}, headers=KNOWN
    )
    assert stub.hung_up.wait(2)


def test_leaving_the_plain_address_hangs_up_at_the_model(chatting):
    client, stub = chatting
    stub.replies = [Reply(MIXED, piece=FIRST, stall_after=2, keep_alive=True)]
    hang_up_once_asked(client, stub, "/api/ask", {"question": QUESTION})
    assert stub.hung_up.wait(2)


def hang_up_once_asked(client: OpenAI, stub: ChatStub, path: str, body: object, **options: object):
    """Ask, and leave as soon as the model has begun to write."""
    stub.hung_up.clear()
    asked, place = len(stub.requests), httpx.URL(str(client.base_url)).join(path)
    with socket.create_connection((place.host, place.port), timeout=20) as line:
        sent = httpx.Request("POST", place, json=body, **options)
        head = "".join(f"{name}: {value}\r\n" for name, value in sent.headers.items())
        line.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + sent.content)
        until = time.monotonic() + 20
        while len(stub.requests) == asked and time.monotonic() < until:
            time.sleep(0.05)
    assert len(stub.requests) == asked + 1


# --- in this process: what a polite client does not send ---------------------------------------


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        pytest.param({"messages": []}, "none of the user", id="no-message"),
        pytest.param(
            {"messages": [{"role": "system", "content": SECRET}]}, "none of the user", id="no-user"
        ),
        pytest.param({"messages": SECRET}, "messages: Input should be", id="no-list"),
        pytest.param({"messages": None}, "messages: Input should be", id="nothing"),
        pytest.param({"messages": [SECRET]}, "messages.0: Input should be", id="no-message-at-all"),
        pytest.param({"messages": [user(None)]}, "list of text parts", id="no-content"),
        pytest.param({"messages": [user({"text": SECRET})]}, "list of text parts", id="object"),
        pytest.param(
            {"messages": [user([{"type": "image_url", "image_url": {"url": SECRET}}])]},
            "list of text parts",
            id="image",
        ),
        pytest.param({"messages": [user([SECRET])]}, "list of text parts", id="bare-parts"),
        pytest.param(
            {"messages": [{"role": "tool", "content": SECRET}, user(QUESTION)]},
            "messages.0.role",
            id="unknown-role",
        ),
        pytest.param(
            {"messages": [user(SECRET * MAX_QUESTION)]}, "shorten it", id="question-too-long"
        ),
        pytest.param({"messages": [user(f"{SECRET} \ud800")]}, "Invalid JSON", id="no-text"),
        pytest.param(
            {"messages": [user(f"{SECRET} \ud800"), user(QUESTION)]},
            "Invalid JSON",
            id="no-text-before",
        ),
        pytest.param({"model": None}, "model", id="no-model"),
        pytest.param({"stream": SECRET}, "stream", id="stream"),
    ],
)
def test_what_cannot_be_asked_is_a_400_in_openais_form(client, changed, complaint):
    sent = json.dumps(ASKED | changed)
    reply = client.post("/v1/chat/completions", content=sent, headers=KNOWN)
    error = reply.json()["error"]
    assert reply.status_code == 400
    assert error.keys() == {"message", "type", "param", "code"}
    assert complaint in error["message"]
    assert SECRET not in reply.text


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut-off"),
        pytest.param(b"\xff\xfe", id="no-text"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b"9" * 10_000, id="long-number"),
    ],
)
def test_a_body_that_is_no_json_is_refused(client, body):
    reply = client.post("/v1/chat/completions", content=body, headers=KNOWN)
    assert reply.status_code == 400
    assert reply.json()["error"]["type"] == "invalid_request_error"


def test_a_stream_is_events_of_one_line_that_end_with_done(client):
    reply = client.post("/v1/chat/completions", json=ASKED | {"stream": True}, headers=KNOWN)
    *chunks, done, nothing = reply.text.split("\n\n")
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert (done, nothing) == ("data: [DONE]", "")
    assert {json.loads(c.removeprefix("data: "))["object"] for c in chunks} == {
        "chat.completion.chunk"
    }


def test_a_large_body_of_undeclared_length_is_refused_too(client):
    pieces = (b"[" * 1024 for _ in range(300))
    reply = client.post("/v1/chat/completions", content=pieces, headers=KNOWN)
    assert reply.status_code == 413
    assert "256 KB" in reply.json()["error"]["message"]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param({"Authorization": TOKEN}, id="no-scheme"),
        pytest.param({"Authorization": f"Basic {TOKEN}"}, id="other-scheme"),
        pytest.param({"Authorization": "Bearer "}, id="empty"),
        pytest.param({"Authorization": "Bearer \xfc"}, id="no-ascii"),
        pytest.param({"Cookie": f"token={TOKEN}"}, id="cookie"),
    ],
)
def test_without_the_token_nothing_of_the_request_is_even_read(client, headers):
    encoded = [(k.encode(), v.encode("latin-1")) for k, v in headers.items()]
    reply = client.post("/v1/chat/completions", content=b"{", headers=encoded)
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/v1/chat/completions", 405, id="get"),
        pytest.param("POST", "/v1/embeddings", 404, id="not-offered"),
        pytest.param("GET", "/v1/openapi.json", 404, id="no-docs"),
    ],
)
def test_what_is_not_there_is_told_in_openais_form(client, method, path, status):
    reply = client.request(method, path, headers=KNOWN)
    assert reply.status_code == status
    assert reply.json()["error"]["type"] == "invalid_request_error"


def test_the_protecting_headers_are_sent(client):
    headers = client.post("/v1/chat/completions", json=ASKED, headers=KNOWN).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_without_a_library_it_says_how_to_build_one(tmp_path, embedder):
    live = LiveLibrary(tmp_path, embedder)
    (client,) = in_process(Assistant(live, embedder), live, TOKEN)
    reply = client.post("/v1/chat/completions", json=ASKED, headers=KNOWN)
    assert reply.status_code == 503
    assert "Build it with: python -m ingest" in reply.json()["error"]["message"]
    assert reply.json()["error"]["type"] == "server_error"


class CrashingAssistant(Assistant):
    """Says what it was asked as it falls."""

    def answers(self, question, **options):
        raise ZeroDivisionError(question)


class BreakingAssistant(Assistant):
    """Breaks off after its first statement."""

    def answers(self, question, **options):
        (whole,) = super().answers(question, **options)
        yield replace(whole, statements=whole.statements[:1], is_complete=False)
        raise ZeroDivisionError(question)


def test_a_crash_after_the_first_statement_is_the_streams_last_chunk(data, embedder, caplog):
    live = LiveLibrary(data, embedder)
    (client,) = in_process(BreakingAssistant(live, embedder), live, TOKEN)
    reply = client.post("/v1/chat/completions", json=ASKED | {"stream": True}, headers=KNOWN)
    *_, said, last, done, nothing = reply.text.split("\n\n")
    assert reply.status_code == 200
    assert "out of sight" in said
    assert json.loads(last.removeprefix("data: "))["error"]["message"] == CRASHED
    assert (done, nothing) == ("data: [DONE]", "")
    assert "ZeroDivisionError at " in caplog.text
    assert QUESTION not in caplog.text


def test_what_cannot_be_asked_is_told_by_the_status_of_a_stream_too(client):
    sent = ASKED | {"messages": [user(" ")], "stream": True}
    assert client.post("/v1/chat/completions", json=sent, headers=KNOWN).status_code == 400


def test_a_crash_is_told_plainly_and_logged_without_what_was_asked(data, embedder, caplog):
    live = LiveLibrary(data, embedder)
    (client,) = in_process(CrashingAssistant(live, embedder), live, TOKEN)
    sent = ASKED | {"messages": [user(SECRET)]}
    with caplog.at_level(logging.DEBUG):
        reply = client.post("/v1/chat/completions", json=sent, headers=KNOWN)
    assert reply.status_code == 500
    assert reply.json()["error"]["message"] == CRASHED
    assert "ZeroDivisionError at " in caplog.text
    assert SECRET not in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
@pytest.mark.parametrize("path", ["/v1/models", "/v1/chat/completions", "/v1/anything"])
def test_without_a_token_set_there_is_no_such_address(assistant, data, embedder, method, path):
    (client,) = in_process(assistant, LiveLibrary(data, embedder), None)
    reply = client.request(method, path, json=ASKED, headers=KNOWN)
    assert reply.status_code == 404


@pytest.mark.parametrize(
    ("written", "is_open"),
    [
        pytest.param(None, False, id="not-set"),
        pytest.param("", False, id="empty"),
        pytest.param("t", True, id="set"),
    ],
)
def test_it_is_opened_by_its_setting_only(written, is_open, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    if written is not None:
        monkeypatch.setenv("PINCITE_API_TOKEN", written)
    assert (token_of(load_settings()) is not None) is is_open


def test_the_token_is_not_shown_with_the_settings():
    assert TOKEN not in repr(Settings(api_token=SecretStr(TOKEN)))


# --- the text ---------------------------------------------------------------------------------


@pytest.fixture
def answer(small_library) -> Answer:
    notice, secondment = (small_library.articles[id_] for id_ in ("notice", "secondment"))
    months = notice.cite(*span_of(notice.text, "Three months is usual"))
    sight = secondment.cite(*span_of(secondment.text, "The main drawback"))
    return Answer(
        question="Why?",
        standalone_question="Why?",
        generation=1,
        writer="chat",
        statements=(
            Statement("Three months is common,\nand secondments hide you.", (months, sight)),
            Statement(sight.quote, (sight,)),
        ),
    )


def span_of(text: str, beginning: str) -> tuple[int, int]:
    start = text.index(beginning)
    return start, text.index(".", start) + 1


def test_a_statement_in_other_words_is_followed_by_its_quotes(answer):
    first, second, sources = pieces(answer, page=PAGE)
    assert first == (
        "Three months is common, and secondments hide you. [1][2]\n"
        "“Three months is usual in most contracts that associates sign.” [1]\n"
        "“The main drawback of a secondment is being out of sight at the firm.” [2]\n\n"
    )
    assert (
        second == "“The main drawback of a secondment is being out of sight at the firm.” [2]\n\n"
    )
    assert "; a counsellor, Jo Marsh; May 2024; UK; https://example.org/notice; " in sources
    assert f"; {PAGE}/article/secondment#" in sources


def test_an_address_that_is_no_web_page_is_not_given(answer):
    (first, *_), url = answer.citations, "javascript:alert(1)"
    hostile = replace(answer, statements=(Statement("x", (replace(first, url=url),)),))
    assert "javascript" not in "".join(pieces(hostile, page=PAGE))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        pytest.param("Wait\n  a year.", "Wait a year.", id="one-line"),
        pytest.param("![x](http://evil.example)", "![x]\\(http://evil.example)", id="image"),
        pytest.param("<img src=x>", "\\<img src=x>", id="html"),
        pytest.param("[1] and (2) < 3", "[1] and (2) \\< 3", id="near-markup"),
    ],
)
def test_an_article_makes_no_markup_in_a_front_end(written, shown):
    assert plain(written) == shown


@pytest.mark.parametrize(
    "standalone",
    [pytest.param("Why?", id="alone"), pytest.param("Why? (notice)", id="follow-up")],
)
def test_the_words_of_an_answer_are_read_back_without_marks_and_sources(answer, standalone):
    written = "".join(pieces(replace(answer, standalone_question=standalone), page=PAGE))
    assert words_of(written).splitlines()[0] == "Three months is common, and secondments hide you."
    assert not re.search(r"\[\d\]|Sources|Answering|http", words_of(written))


@pytest.mark.parametrize(
    "writer", [pytest.param("chat", id="broken-off"), pytest.param("quotes", id="quotes-instead")]
)
def test_what_is_told_of_a_chat_model_is_no_word_of_the_answer(answer, writer):
    left_out = (LeftOut("Nobody returns.", "no quote"),)
    told = replace(answer, writer=writer, notice="It failed.", left_out=left_out)
    written = "".join(pieces(told, page=PAGE))
    assert "Note: It failed.\n\n" in written
    assert "Note: 1 sentence was left out" in written
    assert words_of(written) == words_of("".join(pieces(answer, page=PAGE)))


def test_a_growing_answer_is_the_beginning_of_the_whole_one(answer):
    whole = list(pieces(replace(answer, notice="It broke off."), page=PAGE))
    for shown in range(len(answer.statements) + 1):
        so_far = replace(answer, statements=answer.statements[:shown], is_complete=False)
        assert list(pieces(so_far, page=PAGE)) == whole[:shown]


def test_the_history_is_what_was_said_without_what_was_put_around_it(answer):
    written = "".join(pieces(answer, page=PAGE))
    messages = [user("Why?"), {"role": "assistant", "content": written}, user("And then?")]
    wanted = Wanted.model_validate({"model": "pincite", "messages": messages})
    assert wanted.question == "And then?"
    assert wanted.turns == (Turn("user", "Why?"), Turn("assistant", words_of(written)))


def test_what_others_wrote_is_read_as_it_is():
    assert words_of("See [2] there.\n\nIn Sources: none.") == "See [2] there.\n\nIn Sources: none."


def test_a_refusal_without_near_articles_is_its_reply(answer):
    refused = replace(answer, statements=(), reply="Hello.")
    near = replace(refused, reply=None, nearest=(NearArticle("a", "On\nhats"),))
    assert list(pieces(refused, page=PAGE)) == ["Hello."]
    assert "".join(pieces(near, page=PAGE)).endswith("close by:\n- On hats")
