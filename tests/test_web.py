"""The web app over HTTP: what it answers, what it refuses, and what it never says."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import gradio as gr
import pytest
from fastapi import Body, FastAPI
from starlette.testclient import TestClient

from ingest.publish import publish
from pincite.answering import Assistant
from pincite.embedding import Embedder, load_embedder
from pincite.library import LiveLibrary
from pincite.model import MAX_QUESTION, Article, Section
from tests.web_html import read
from web.links import digest
from web.middleware import (
    CONTENT_SECURITY_POLICY,
    CRASHED,
    MAX_BODY,
    QuietErrors,
    is_same_origin,
)
from web.page import EXAMPLES, build_page, replies, told_plainly
from web.privacy import CLOSED, UNSET, close_the_leaks
from web.server import create_app
from web.source import CHANGED

SECRET = "should I leave the firm of zzyzx"
CONTRACT = {
    *("status", "question", "standalone_question", "statements", "citations", "nearest"),
    *("generation", "writer", "seconds"),
}
CITATION = {
    *("n", "article_id", "title", "kind", "speaker", "author", "date", "place", "url"),
    *("heading", "start", "end", "quote"),
}


def article(id_: str, title: str, text: str) -> Article:
    section = Section(start=0, end=len(text), heading="", speaker="recruiter")
    return Article(
        id=id_, title=title, kind="guide", text=text, sections=(section,), speaker="recruiter"
    )


SECONDMENTS = article(
    "secondments",
    "Drawbacks of a secondment",
    "The main drawback of a secondment is being out of sight at the firm.\n\n"
    "Another drawback of a secondment is that your hours may not count.",
)
REVIEWS = article(
    "reviews",
    "After a bad review",
    "After a bad review, ask your reviewer for examples.\n\n"
    "A bad review hurts less when you answer it with a plan.",
)
COUNTEROFFERS = article(
    "counteroffers",
    "Counteroffers",
    "A counteroffer rarely mends the reason for leaving.\n\nDecline a counteroffer politely.",
)
QUESTION = "What is the main drawback of a secondment?"


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder("hashing")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[TestClient]:
    """A server whose library stays as it is."""
    data = tmp_path_factory.mktemp("library")
    publish([SECONDMENTS, REVIEWS], data=data, embedder=embedder)
    yield from serving(data, embedder)


@pytest.fixture
def data(tmp_path: Path, embedder: Embedder) -> Path:
    publish([SECONDMENTS, REVIEWS], data=tmp_path, embedder=embedder)
    return tmp_path


@pytest.fixture
def live_client(data: Path, embedder: Embedder) -> Iterator[TestClient]:
    yield from serving(data, embedder)


@pytest.fixture
def client_without_library(tmp_path: Path, embedder: Embedder) -> Iterator[TestClient]:
    yield from serving(tmp_path / "nowhere", embedder)


def serving(data: Path, embedder: Embedder) -> Iterator[TestClient]:
    live = LiveLibrary(data, embedder)
    with TestClient(create_app(Assistant(live, embedder), live)) as client:
        yield client


def test_a_question_is_answered_with_the_contract_of_ask_json(client: TestClient):
    reply = client.post("/api/ask", json={"question": QUESTION})
    assert reply.status_code == 200
    answer = reply.json()
    assert answer.keys() >= CONTRACT
    assert answer["status"] == "answered"
    citation = answer["citations"][answer["statements"][0]["citations"][0] - 1]
    assert citation.keys() >= CITATION
    assert SECONDMENTS.text[citation["start"] : citation["end"]] == citation["quote"]


def test_gradios_own_api_answers_the_same(client: TestClient):
    event = client.post("/gradio_api/call/ask", json={"data": [QUESTION, []]}).json()["event_id"]
    stream = client.get(f"/gradio_api/call/ask/{event}").text
    assert "event: complete" in stream
    assert '"status": "answered"' in stream


def test_only_ask_is_public_in_gradios_api(client: TestClient):
    assert client.get("/gradio_api/info").json()["named_endpoints"].keys() == {"/ask"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param({"question": ""}, "question", id="empty"),
        pytest.param({"question": SECRET * MAX_QUESTION}, "shorten it to 2,000", id="too-long"),
        pytest.param({"history": []}, "question", id="no-question"),
        pytest.param({"question": [SECRET]}, "question", id="no-text"),
        pytest.param(
            {"question": "Why?", "history": [{"role": "system", "text": SECRET}]},
            "role",
            id="unknown-role",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_without_repeating_it(client, body, message):
    reply = client.post("/api/ask", json=body)
    assert reply.status_code == 422
    assert message in reply.json()["error"]
    assert SECRET not in reply.text


def test_a_body_that_is_no_json_is_refused(client: TestClient):
    reply = client.post("/api/ask", content=b"{", headers={"Content-Type": "application/json"})
    assert reply.status_code == 422
    assert reply.json().keys() == {"error"}


def test_a_large_body_is_refused_before_it_is_parsed(client: TestClient):
    reply = client.post("/api/ask", content=b"{" * (MAX_BODY + 1))
    assert reply.status_code == 413
    assert "256 KB" in reply.json()["error"]


def test_a_large_body_of_undeclared_length_is_refused_too(client: TestClient):
    reply = client.post(
        "/api/ask",
        content=(b"[" * 1024 for _ in range(300)),
        headers={"Content-Type": "application/json"},
    )
    assert reply.status_code == 413
    assert "256 KB" in reply.json()["error"]


@pytest.mark.parametrize(
    ("path", "origin", "status"),
    [
        pytest.param("/api/ask", "http://testserver", 200, id="own-page"),
        pytest.param("/api/ask", "http://evil.example", 403, id="foreign-page"),
        pytest.param("/api/ask", "http://testserver.evil.example", 403, id="similar-name"),
        pytest.param("/api/ask", "null", 403, id="sandboxed-frame"),
        pytest.param("/gradio_api/upload", "http://evil.example", 403, id="gradios-upload"),
        pytest.param("/gradio_api/queue/join", "http://evil.example", 403, id="gradios-queue"),
    ],
)
def test_only_the_page_itself_may_send_requests(client, path, origin, status):
    reply = client.post(path, json={"question": QUESTION}, headers={"Origin": origin})
    assert reply.status_code == status
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize("path", ["/config", "/gradio_api/info", "/api/articles/reviews"])
def test_no_foreign_page_is_granted_access_to_what_it_reads(client: TestClient, path: str):
    reply = client.get(path, headers={"Origin": "http://evil.example"})
    assert "access-control-allow-origin" not in reply.headers
    assert "access-control-allow-credentials" not in reply.headers


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        pytest.param(None, "127.0.0.1:7860", True, id="a-program"),
        pytest.param("http://127.0.0.1:7860", "127.0.0.1:7860", True, id="same"),
        pytest.param("http://LOCALHOST:7860", "localhost:7860", True, id="case"),
        pytest.param("http://127.0.0.1:8000", "127.0.0.1:7860", False, id="other-port"),
        pytest.param("null", "", False, id="nothing-is-not-the-same-as-nothing"),
    ],
)
def test_an_origin_is_compared_by_host_and_port(origin, host, same):
    assert is_same_origin(origin, host=host) is same


@pytest.mark.parametrize("path", ["/", "/config", "/healthz", "/api/articles/reviews", "/nowhere"])
def test_every_response_carries_the_protecting_headers(client: TestClient, path: str):
    headers = client.get(path).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/monitoring", "/mcp"])
def test_pages_for_developers_are_not_served(client: TestClient, path: str):
    assert client.get(path).status_code in {403, 404}


def test_gradio_keeps_no_run_history(client: TestClient):
    assert client.get("/gradio_api/runs").status_code == 404


def test_the_pages_configuration_records_and_shares_nothing():
    live = LiveLibrary(Path("nowhere"), load_embedder("hashing"))
    page = build_page(Assistant(live, load_embedder("hashing")))
    config = page.get_config_file()
    (chatbot,) = [c["props"] for c in config["components"] if c["type"] == "chatbot"]
    assert chatbot["buttons"] == []
    assert chatbot["sanitize_html"]
    assert not chatbot["allow_tags"]
    assert chatbot["latex_delimiters"] == []
    assert not config["analytics_enabled"]
    assert len(EXAMPLES) == 6


def test_a_hostile_environment_is_overruled(monkeypatch: pytest.MonkeyPatch):
    wrong = dict.fromkeys([*CLOSED, *UNSET], "True")
    monkeypatch.setattr(os, "environ", os.environ | wrong)
    close_the_leaks()
    assert {name: os.environ.get(name) for name in CLOSED} == CLOSED
    assert not set(UNSET) & os.environ.keys()


def test_gradio_was_imported_with_the_leaks_closed():
    assert gr.analytics.analytics_enabled() is False


def test_health_says_alive_and_ready_says_what_is_published(client: TestClient):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready", "generation": 1, "articles": 2}


def test_a_new_generation_is_served_without_a_restart(live_client, data, embedder):
    before = live_client.get("/readyz").json()
    publish([SECONDMENTS, REVIEWS, COUNTEROFFERS], data=data, embedder=embedder)
    assert before["generation"] == 1
    assert live_client.get("/readyz").json() == {"status": "ready", "generation": 2, "articles": 3}
    assert live_client.get("/api/articles/counteroffers").json()["generation"] == 2
    assert live_client.post("/api/ask", json={"question": QUESTION}).json()["generation"] == 2


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("GET", "/readyz", id="ready"),
        pytest.param("GET", "/api/articles/reviews", id="article"),
        pytest.param("POST", "/api/ask", id="ask"),
    ],
)
def test_without_a_library_every_answer_says_how_to_build_one(client_without_library, method, path):
    reply = client_without_library.request(method, path, json={"question": QUESTION})
    assert reply.status_code == 503
    assert "Build it with: python -m ingest" in reply.text


def test_without_a_library_the_app_is_alive_and_shows_its_page(client_without_library):
    assert client_without_library.get("/healthz").status_code == 200
    assert client_without_library.get("/").status_code == 200


def test_an_article_is_shown_with_the_cited_words_marked(client: TestClient):
    start = SECONDMENTS.text.index("Another")
    end = len(SECONDMENTS.text)
    quote = SECONDMENTS.text[start:end]
    query = {"cited": f"{start}-{end}", "words": digest(quote), "others": "0-8"}
    body = client.get("/api/articles/secondments", params=query).json()
    page = read(body["html"])
    assert body["marked"]
    assert body["title"] == "Drawbacks of a secondment"
    assert page.texts("mark") == ["The main", quote]
    assert page.all("mark", "cited")[0].attributes["id"] == "cited"


def test_an_article_that_changed_is_shown_with_a_note_and_no_mark(client: TestClient):
    query = {"cited": "4-20", "words": digest("other words")}
    body = client.get("/api/articles/secondments", params=query).json()
    assert not body["marked"]
    assert CHANGED in read(body["html"]).text
    assert not read(body["html"]).all("mark")


def test_a_withdrawn_article_is_said_to_be_gone(live_client, data, embedder):
    publish([SECONDMENTS], data=data, embedder=embedder)
    reply = live_client.get("/api/articles/reviews")
    assert reply.status_code == 404
    assert "withdrawn" in reply.json()["error"]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("cited=x", id="no-number"),
        pytest.param("cited=1-2-3", id="three-numbers"),
        pytest.param("others=" + "1-2," * 200, id="too-many"),
    ],
)
def test_a_range_that_is_none_is_refused(client: TestClient, query: str):
    reply = client.get(f"/api/articles/reviews?{query}")
    assert reply.status_code == 422
    assert reply.json().keys() == {"error"}


def test_a_crash_answers_plainly_and_logs_its_place_but_not_the_question(
    caplog: pytest.LogCaptureFixture,
):
    app = FastAPI()
    app.add_middleware(QuietErrors)

    @app.post("/")
    def crash(question: Annotated[str, Body(embed=True)]) -> None:
        raise ZeroDivisionError(question)

    with caplog.at_level(logging.DEBUG), TestClient(app) as client:
        reply = client.post("/", json={"question": SECRET})
    assert reply.status_code == 500
    assert reply.json() == {"error": CRASHED}
    assert "ZeroDivisionError at " in caplog.text
    assert "test_web.py" in caplog.text
    assert SECRET not in caplog.text


def test_a_crash_behind_gradio_is_told_plainly_too(caplog: pytest.LogCaptureFixture):
    with pytest.raises(gr.Error, match="Nothing was stored") as told, told_plainly():
        raise ZeroDivisionError(SECRET)
    assert not told.value.print_exception
    assert "ZeroDivisionError at " in caplog.text
    assert SECRET not in caplog.text


def test_the_chat_shows_what_is_wrong_as_its_answer(tmp_path: Path, embedder: Embedder):
    assistant = Assistant(LiveLibrary(tmp_path, embedder), embedder)
    (shown,) = replies(assistant, QUESTION, [])
    assert "Build it with: python -m ingest" in read(shown).texts("p", "fault")[0]


def test_the_chat_shows_an_answer_one_statement_at_a_time(data: Path, embedder: Embedder):
    assistant = Assistant(LiveLibrary(data, embedder), embedder)
    shown = [read(html).texts("p", "said") for html in replies(assistant, QUESTION, [])]
    assert [len(statements) for statements in shown] == list(range(1, len(shown) + 1))
    assert shown[0] == shown[-1][:1]
