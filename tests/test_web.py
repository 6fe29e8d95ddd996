"""The web app over HTTP: what it answers, what it refuses, and what it never says."""

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote

import gradio as gr
import pytest
from fastapi import Body, FastAPI
from starlette.testclient import TestClient

from ingest.publish import publish
from pincite.answering import Assistant
from pincite.answering.chat.writer import chat_model
from pincite.embedding import Embedder, load_embedder
from pincite.inbox import FOLDER, MAX_COMMENT, MAX_TURNS, Inbox, Stated, today
from pincite.library import LiveLibrary
from pincite.model import MAX_QUESTION, Answer, Article, Section, Statement
from pincite.settings import Settings
from tests.web_html import read
from web.feedback import feedback_html, inbox_of
from web.links import digest
from web.look import (
    PRIVATE,
    PRIVATE_UNTIL_SENT,
    STORED_NOWHERE,
    STORED_UNTIL_SENT,
    THIS_MACHINE,
    header,
)
from web.middleware import (
    CONTENT_SECURITY_POLICY,
    CRASHED,
    MAX_BODY,
    QuietErrors,
    is_same_origin,
)
from web.page import build_page, is_question, replies, told_plainly
from web.privacy import CLOSED, UNSET, close_the_leaks
from web.server import create_app, own_routes
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


@pytest.fixture
def inbox(data: Path) -> Inbox:
    return Inbox(data / FOLDER)


@pytest.fixture
def feedback_client(data: Path, embedder: Embedder, inbox: Inbox) -> Iterator[TestClient]:
    """Our own routes only: building Gradio's page takes most of the time."""
    live = LiveLibrary(data, embedder)
    with TestClient(own_routes(Assistant(live, embedder), live, None, inbox)) as client:
        yield client


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


DIALOGUE = [
    {"role": "user", "content": "What is a secondment?"},
    {"role": "assistant", "content": "A time at a client."},
]


@pytest.mark.parametrize(
    ("typed", "answering"),
    [
        pytest.param("And the drawback?", 1, id="leaning-on-the-dialogue"),
        pytest.param("Instead: And the drawback?", 0, id="corrected"),
        pytest.param("Instead: And the drawback? (secondment)", 0, id="corrected-in-brackets"),
    ],
)
def test_a_correction_is_answered_as_it_stands(data, embedder, typed, answering):
    assistant = Assistant(LiveLibrary(data, embedder), embedder)
    (*_, last) = replies(assistant, typed, DIALOGUE)
    assert len(read(last).all("p", "asked")) == answering


def test_the_prefix_of_a_correction_is_no_part_of_the_question(data, embedder):
    assistant = Assistant(LiveLibrary(data, embedder), embedder)
    (*_, last) = replies(assistant, f"Instead: {QUESTION}", DIALOGUE, takes_feedback=True)
    sent = carried(last)
    assert (sent["question"], sent["standalone_question"]) == (QUESTION, QUESTION)
    assert sent["history"] == []


def test_only_the_page_knows_of_corrections(client: TestClient):
    reply = client.post("/api/ask", json={"question": f"Instead: {QUESTION}"}).json()
    assert reply["question"] == f"Instead: {QUESTION}"


@pytest.mark.parametrize(
    ("typed", "valid"),
    [
        pytest.param("Why?", True, id="a-question"),
        pytest.param("Instead: why?", True, id="a-correction"),
        pytest.param("  ", False, id="nothing"),
        pytest.param("instead :  ", False, id="a-correction-to-nothing"),
    ],
)
def test_an_empty_line_is_kept_out_of_the_dialogue(typed, valid):
    verdict = is_question(typed)
    assert (verdict["is_valid"], verdict["message"]) == (valid, "Type a question first.")


QUOTE = SECONDMENTS.text.partition("\n")[0]
CITED = {"article_id": "secondments", "start": 0, "end": len(QUOTE), "quote": QUOTE}
SENT: dict[str, Any] = {
    "status": "answered",
    "question": QUESTION,
    "standalone_question": QUESTION,
    "generation": 1,
    "history": [],
    "citations": [CITED],
    "comment": "",
}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_without_an_inbox_there_is_nothing_to_send_to(client: TestClient, method: str):
    reply = client.request(method, "/api/feedback", json=SENT)
    assert reply.status_code == 404
    assert reply.json().keys() == {"error"}


def test_without_an_inbox_the_page_says_and_loads_nothing_of_it(client: TestClient):
    page = client.get("/").text
    assert PRIVATE in page
    assert "feedback" not in page


def test_with_an_inbox_the_page_says_so(data: Path, embedder: Embedder, inbox: Inbox):
    live = LiveLibrary(data, embedder)
    with TestClient(create_app(Assistant(live, embedder), live, inbox=inbox)) as client:
        page = client.get("/").text
    assert PRIVATE_UNTIL_SENT in page
    assert PRIVATE not in page
    assert "/pincite/feedback.js" in page


@pytest.mark.parametrize(
    ("receiver", "takes_feedback", "said"),
    [
        pytest.param(None, False, PRIVATE, id="no-model"),
        pytest.param(None, True, PRIVATE_UNTIL_SENT, id="no-model-with-inbox"),
        pytest.param(THIS_MACHINE, False, PRIVATE, id="this-machine"),
        pytest.param(THIS_MACHINE, True, PRIVATE_UNTIL_SENT, id="this-machine-with-inbox"),
        pytest.param("llm.example", False, STORED_NOWHERE, id="host"),
        pytest.param("llm.example", True, STORED_UNTIL_SENT, id="host-with-inbox"),
    ],
)
def test_the_header_says_who_receives_what(receiver, takes_feedback, said):
    page = read(header(receiver, takes_feedback=takes_feedback))
    (privacy,) = page.texts("p", "privacy")
    assert privacy.endswith(said)
    sent = "passages are sent to llm.example, which writes the answers" in privacy
    assert sent is (receiver == "llm.example")
    assert ("exact words" in page.text) is (receiver is None)


def test_a_receivers_name_makes_no_markup():
    assert "<img src=x" not in header("<img src=x>", takes_feedback=False)


def test_the_model_file_is_called_as_the_page_knows_it(tmp_path: Path):
    pytest.importorskip("xllamacpp")
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF")
    writer = chat_model(Settings(chat_model=f"gguf:{path}"))
    assert writer
    assert writer.receiver == THIS_MACHINE


def test_the_inbox_is_opened_by_its_setting_only(tmp_path: Path):
    assert inbox_of(Settings(data=tmp_path)) is None
    opened = inbox_of(Settings(data=tmp_path, inbox=True))
    assert opened
    assert opened.folder == tmp_path / "inbox"


def test_what_is_sent_is_stored_with_a_date(feedback_client: TestClient, inbox: Inbox):
    sent = SENT | {"comment": " Too short. "}
    assert feedback_client.post("/api/feedback", json=sent).status_code == 201
    (note,) = inbox.contents().notes
    assert (note.kind, note.written) == ("unhelpful", today())
    assert (note.question, note.comment) == (QUESTION, "Too short.")
    assert [c.quote for c in note.citations] == [QUOTE]


def test_nothing_of_the_request_but_its_body_is_stored(feedback_client: TestClient, inbox: Inbox):
    headers = {"User-Agent": "zzyzx-agent", "Cookie": "session=zzyzx", "X-Forwarded-For": "zzyzx"}
    assert feedback_client.post("/api/feedback", json=SENT, headers=headers).status_code == 201
    (path,) = inbox.folder.iterdir()
    written = json.loads(path.read_text())
    assert "zzyzx" not in path.read_text()
    assert written.keys() - SENT.keys() == {"id", "kind", "written", "statements"}


def test_a_refused_question_is_stored_as_a_gap(feedback_client: TestClient, inbox: Inbox):
    feedback_client.post("/api/feedback", json=SENT | {"status": "refused", "citations": []})
    assert [note.kind for note in inbox.contents().notes] == ["gap"]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"quote": "Words that no article holds."}, id="other-words"),
        pytest.param({"article_id": "withdrawn"}, id="unknown-article"),
        pytest.param({"start": 1}, id="other-place"),
        pytest.param({"start": -len(SECONDMENTS.text)}, id="before-the-text"),
        pytest.param({"start": 5, "end": 5, "quote": ""}, id="nothing"),
    ],
)
def test_words_that_no_article_holds_are_left_out(feedback_client, inbox, changed):
    sent = SENT | {"citations": [CITED | changed, CITED]}
    assert feedback_client.post("/api/feedback", json=sent).status_code == 201
    (note,) = inbox.contents().notes
    assert [c.quote for c in note.citations] == [QUOTE]


def test_a_chat_models_sentences_are_stored_and_no_sentence_passes_for_a_quote(
    feedback_client, inbox
):
    own = {"text": "You may be out of sight.", "verbatim": False}
    quoted = {"text": QUOTE, "verbatim": True}
    invented = {"text": "Words that no article holds.", "verbatim": True}
    sent = SENT | {"statements": [own, invented, quoted]}
    assert feedback_client.post("/api/feedback", json=sent).status_code == 201
    (note,) = inbox.contents().notes
    assert note.statements == (Stated(**own), Stated(**quoted))


def test_an_answer_carries_its_sentences_where_one_is_not_a_quote():
    written = Statement("You may be out of sight.", (SECONDMENTS.cite(0, len(QUOTE)),))
    quoted = Statement(QUOTE, (SECONDMENTS.cite(0, len(QUOTE)),))
    answers = [
        Answer(
            question="Why?", standalone_question="Why?", generation=1, writer="x", statements=said
        )
        for said in ((written, quoted), (quoted,))
    ]
    assert [carried(feedback_html(each, ()))["statements"] for each in answers] == [
        [{"text": written.text, "verbatim": False}, {"text": QUOTE, "verbatim": True}],
        [],
    ]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"question": ""}, id="no-question"),
        pytest.param({"question": SECRET * MAX_QUESTION}, id="long-question"),
        pytest.param({"question": f"{SECRET} \ud800"}, id="no-text"),
        pytest.param({"standalone_question": SECRET * MAX_QUESTION}, id="long-rewrite"),
        pytest.param({"comment": SECRET * MAX_COMMENT}, id="long-comment"),
        pytest.param(
            {"history": [{"role": "user", "text": SECRET}] * (MAX_TURNS + 1)}, id="many-turns"
        ),
        pytest.param({"history": [{"role": "user", "text": SECRET * 500}]}, id="long-turn"),
        pytest.param({"history": [{"role": SECRET, "text": "x"}]}, id="unknown-role"),
        pytest.param({"citations": [CITED] * 101}, id="many-citations"),
        pytest.param({"citations": [CITED | {"quote": SECRET * 500}]}, id="long-quote"),
        pytest.param({"citations": [{"article_id": SECRET}]}, id="half-a-citation"),
        pytest.param(
            {"statements": [{"text": SECRET * 500, "verbatim": False}]}, id="long-sentence"
        ),
        pytest.param({"statements": [{"text": "x", "verbatim": False}] * 101}, id="many-sentences"),
        pytest.param({"statements": [{"text": SECRET}]}, id="half-a-sentence"),
        pytest.param({"status": SECRET}, id="unknown-status"),
        pytest.param({"generation": SECRET}, id="generation"),
        pytest.param({"sender": SECRET}, id="more-than-was-shown"),
    ],
)
def test_what_the_page_would_not_send_is_refused_and_not_stored(feedback_client, inbox, changed):
    sent = json.dumps(SENT | changed)
    reply = feedback_client.post(
        "/api/feedback", content=sent, headers={"Content-Type": "application/json"}
    )
    assert reply.status_code == 422
    assert SECRET not in reply.text
    assert not inbox.folder.exists()


def test_a_foreign_page_cannot_send(feedback_client: TestClient, inbox: Inbox):
    headers = {"Origin": "http://evil.example"}
    assert feedback_client.post("/api/feedback", json=SENT, headers=headers).status_code == 403
    assert not inbox.folder.exists()


def test_a_full_inbox_says_so(feedback_client, inbox, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pincite.inbox.MOST_NOTES", 1)
    assert feedback_client.post("/api/feedback", json=SENT).status_code == 201
    reply = feedback_client.post("/api/feedback", json=SENT)
    assert reply.status_code == 503
    assert "inbox is full, so nothing was sent" in reply.json()["error"]
    assert len(inbox.contents().notes) == 1


def carried(html: str) -> dict[str, Any]:
    """Return what an answer's HTML would have the page send."""
    (holder,) = read(html).all("span", "note")
    sent: dict[str, Any] = json.loads(unquote(holder.attributes["title"]))
    return sent


def test_a_finished_answer_carries_what_would_be_sent(feedback_client, data, embedder, inbox):
    assistant = Assistant(LiveLibrary(data, embedder), embedder)
    *growing, last = replies(assistant, QUESTION, [], takes_feedback=True)
    assert not [html for html in growing if read(html).all("span", "note")]
    assert feedback_client.post("/api/feedback", json=carried(last)).status_code == 201
    (note,) = inbox.contents().notes
    answer = assistant.ask(QUESTION)
    assert [(c.article_id, c.quote) for c in note.citations] == [
        (c.article_id, c.quote) for c in answer.citations
    ]


@pytest.mark.parametrize(
    ("question", "turns"),
    [
        pytest.param(QUESTION, 0, id="alone"),
        pytest.param("And the drawback?", 2, id="leaning-on-it"),
    ],
)
def test_the_dialogue_is_sent_where_the_question_leans_on_it(data, embedder, question, turns):
    assistant = Assistant(LiveLibrary(data, embedder), embedder)
    (*_, last) = replies(assistant, question, DIALOGUE, takes_feedback=True)
    assert len(carried(last)["history"]) == turns


def test_an_answer_carries_nothing_where_there_is_no_inbox(data: Path, embedder: Embedder):
    assistant = Assistant(LiveLibrary(data, embedder), embedder)
    (*_, last) = replies(assistant, QUESTION, [])
    assert not read(last).all("span", "note")
