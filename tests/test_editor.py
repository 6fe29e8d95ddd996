"""The editor's page over HTTP: who gets in, and what publishing, correcting, withdrawing do."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.testclient import TestClient

from ingest.writing import only_writer
from pincite.answering import Assistant
from pincite.library import LiveLibrary
from pincite.model import KINDS, SPEAKERS
from pincite.settings import Settings
from tests.web_html import read
from web.desk import Desk, desk_of
from web.editor import COOKIE, MARK, PATH, add_editor
from web.editor_page import KIND_NAMES, SPEAKER_NAMES, editor_page, login_page
from web.login import (
    MOST_SESSIONS,
    SESSION_SECONDS,
    TRIES_IN_ALL,
    TRIES_PER_CLIENT,
    WINDOW_SECONDS,
    Login,
    TooManyTriesError,
    WrongPasswordError,
)
from web.middleware import MAX_BODY, MAX_UPLOAD
from web.server import create_app, own_routes

PASSWORD = "a-password-of-zzyzx"
OWN_PAGE = {MARK: "page", "Origin": "http://testserver"}
WITHOUT_SESSION = {f"{PATH}", f"{PATH}/login", f"{PATH}/logout"}

COLUMN = """\
Sabbaticals for associates

Answers From Dana Whitlock, Esq.

Q: What is a sabbatical worth to an associate?

A: A sabbatical returns your curiosity. Most firms grant a sabbatical after five years.

Q: Who pays for the sabbatical?

A: A few firms pay half of the salary during a sabbatical. Ask before you plan one.
"""
QUESTION = "Who pays for the sabbatical?"


@pytest.fixture
def client(home, embedder) -> Iterator[TestClient]:
    """A server with the editor's page, seen by somebody who has not logged in."""
    yield from serving(home, embedder, password=PASSWORD)


@pytest.fixture
def editor(client: TestClient) -> TestClient:
    """The same, after logging in."""
    assert log_in(client).status_code == 204
    client.headers.update(OWN_PAGE)
    return client


@pytest.fixture
def whole_client(home, embedder) -> Iterator[TestClient]:
    """The editor's page beside Gradio's, as `app.py` serves them."""
    live = LiveLibrary(home / "data", embedder)
    app = create_app(Assistant(live, embedder), live, desk(home, live, embedder, PASSWORD))
    with TestClient(app) as client:
        yield client


@pytest.fixture
def client_without_password(home, embedder) -> Iterator[TestClient]:
    live = LiveLibrary(home / "data", embedder)
    with TestClient(create_app(Assistant(live, embedder), live)) as client:
        yield client


def serving(home: Path, embedder, *, password: str | None) -> Iterator[TestClient]:
    """Leave out Gradio, which takes half a second to build and answers none of these requests."""
    live = LiveLibrary(home / "data", embedder)
    app = own_routes(Assistant(live, embedder), live, desk(home, live, embedder, password))
    with TestClient(app) as client:
        yield client


def desk(home: Path, live: LiveLibrary, embedder, password: str | None) -> Desk | None:
    secret = None if password is None else SecretStr(password)
    settings = Settings(data=home / "data", corpus=home / "corpus", editor_password=secret)
    return desk_of(settings, embedder, live)


def log_in(client: TestClient, password: str = PASSWORD):
    return client.post(f"{PATH}/login", json={"password": password}, headers=OWN_PAGE)


def send(client: TestClient, path: str, text: str | bytes = COLUMN, **fields: str):
    """Send a pasted text as the page does."""
    raw = text.encode() if isinstance(text, str) else text
    return client.post(
        PATH + path,
        files={"source": ("pasted.txt", raw)},
        data={"pasted": "yes", "name": "Sabbaticals for associates"} | fields,
    )


def published(client: TestClient) -> list[str]:
    return [article["id"] for article in client.get(f"{PATH}/articles").json()]


def ask(client: TestClient) -> dict:
    return client.post("/api/ask", json={"question": QUESTION}).json()


def editor_routes(app: FastAPI) -> list[tuple[str, str]]:
    routers = [app.router, *(getattr(r, "original_router", None) for r in app.routes)]
    return sorted(
        (method, route.path)
        for router in filter(None, routers)
        for route in router.routes
        if getattr(route, "path", "").startswith(PATH)
        for method in route.methods
    )


def routes_of_an_app() -> list[tuple[str, str]]:
    app = FastAPI()
    add_editor(
        app, Desk(login=Login(SecretStr("x")), corpus=Path(), data=Path(), embedder=None, live=None)
    )  # type: ignore[arg-type]
    return editor_routes(app)


ROUTES = routes_of_an_app()
BEHIND = [(method, path) for method, path in ROUTES if path not in WITHOUT_SESSION]
CHANGING = [(method, path) for method, path in ROUTES if method not in {"GET", "HEAD"}]


# Who gets in


@pytest.mark.parametrize("password", [None, ""], ids=["unset", "empty"])
def test_without_a_password_there_is_no_desk(home, embedder, password):
    assert desk(home, LiveLibrary(home / "data", embedder), embedder, password) is None


def test_the_routes_are_these():
    assert ROUTES == [
        ("DELETE", "/editor/articles/{article_id}"),
        ("GET", "/editor"),
        ("GET", "/editor/articles"),
        ("GET", "/editor/articles/{article_id}"),
        ("GET", "/editor/history"),
        ("GET", "/editor/inbox"),
        ("POST", "/editor/articles"),
        ("POST", "/editor/articles/{article_id}"),
        ("POST", "/editor/articles/{article_id}/preview"),
        ("POST", "/editor/inbox/drop"),
        ("POST", "/editor/inbox/put-back"),
        ("POST", "/editor/login"),
        ("POST", "/editor/logout"),
        ("POST", "/editor/preview"),
        ("POST", "/editor/publish"),
        ("POST", "/editor/rollback"),
    ]


def test_without_a_password_every_route_is_a_404(client_without_password: TestClient):
    replies = [
        client_without_password.request(method, path, headers=OWN_PAGE)
        for method, path in [*ROUTES, ("GET", "/editor/"), ("PUT", "/editor/anything")]
    ]
    assert {reply.status_code for reply in replies} == {404}


@pytest.mark.parametrize(("method", "path"), BEHIND)
def test_without_a_session_a_route_answers_401(client: TestClient, method, path):
    reply = client.request(method, path, headers=OWN_PAGE)
    assert (reply.status_code, reply.json()) == (401, {"error": "Log in first."})


def test_a_token_that_nobody_was_given_opens_nothing(client: TestClient):
    client.cookies.set(COOKIE, "x" * 43, path=PATH)
    assert client.get(f"{PATH}/articles", headers=OWN_PAGE).status_code == 401


@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_a_page_of_another_site_changes_nothing(editor: TestClient, method, path):
    reply = editor.request(method, path, headers={"Origin": "http://evil.example"})
    assert reply.status_code == 403


@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_a_request_that_a_form_could_send_changes_nothing(editor: TestClient, method, path):
    del editor.headers[MARK]
    reply = editor.request(method, path)
    assert reply.status_code == 403
    assert MARK in reply.json()["error"]


def test_the_page_asks_for_the_password_until_somebody_has_logged_in(client: TestClient):
    before = client.get(PATH)
    log_in(client)
    assert (before.status_code, client.get(PATH).status_code) == (200, 200)
    assert (before.text, client.get(PATH).text) == (login_page(), editor_page())


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(client: TestClient):
    cookie = log_in(client).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert f"Path={PATH}" in cookie
    assert f"Max-Age={SESSION_SECONDS}" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_sent_over_https_only(home, embedder):
    (client,) = serving(home, embedder, password=PASSWORD)
    client.base_url = "https://testserver"
    reply = client.post(f"{PATH}/login", json={"password": PASSWORD}, headers={MARK: "page"})
    assert "Secure" in reply.headers["set-cookie"]


def test_after_logging_out_the_token_opens_nothing(editor: TestClient):
    token = editor.cookies[COOKIE]
    assert editor.post(f"{PATH}/logout").status_code == 204
    editor.cookies.set(COOKIE, token, path=PATH)
    assert editor.get(f"{PATH}/articles").status_code == 401


def test_a_wrong_password_lets_nobody_in(client: TestClient):
    reply = log_in(client, "wrong")
    assert (reply.status_code, reply.json()) == (403, {"error": "This is not the password."})
    assert "set-cookie" not in reply.headers


def test_after_five_wrong_passwords_the_right_one_has_to_wait_too(client: TestClient):
    for _ in range(TRIES_PER_CLIENT):
        log_in(client, "wrong")
    reply = log_in(client)
    assert reply.status_code == 429
    assert 0 < int(reply.headers["retry-after"]) <= WINDOW_SECONDS
    assert reply.headers["retry-after"] in reply.json()["error"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"password": [PASSWORD]}, id="no-text"),
        pytest.param({"password": PASSWORD * 100}, id="too-long"),
        pytest.param({"pass": PASSWORD}, id="under-another-name"),
    ],
)
def test_what_is_no_password_is_refused_without_repeating_it(client: TestClient, body):
    reply = client.post(f"{PATH}/login", json=body, headers=OWN_PAGE)
    assert reply.status_code == 422
    assert PASSWORD not in reply.text


def test_the_password_is_in_no_page_log_or_configuration(whole_client: TestClient, caplog, capfd):
    editor = whole_client
    editor.headers.update(OWN_PAGE)
    with caplog.at_level(logging.DEBUG):
        log_in(editor, f"{PASSWORD}!")
        pages = [editor.get(path).text for path in (PATH, "/", "/config", "/pincite/editor.js")]
        pages += [log_in(editor).text, editor.get(PATH).text, send(editor, "/preview").text]
    assert PASSWORD not in "".join([*pages, caplog.text, *capfd.readouterr()])


def test_the_password_is_not_shown_with_the_settings():
    settings = Settings(editor_password=SecretStr(PASSWORD))
    assert PASSWORD not in f"{settings!r} {settings} {settings.model_dump_json()}"


# The log-in by itself, with a clock that is set


class SetClock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def login(clock: SetClock) -> Login:
    return Login(SecretStr(PASSWORD), clock=clock)


def fail(login: Login, *, times: int, client: str = "somebody") -> None:
    for _ in range(times):
        with pytest.raises(WrongPasswordError, match="not the password"):
            login.enter("wrong", client=client)


def test_a_wrong_try_is_forgotten_after_the_window(login: Login, clock: SetClock):
    fail(login, times=TRIES_PER_CLIENT)
    clock.now += WINDOW_SECONDS - 1
    with pytest.raises(TooManyTriesError, match="again in 1 seconds"):
        login.enter(PASSWORD, client="somebody")
    clock.now += 1
    assert login.knows(login.enter(PASSWORD, client="somebody"))


def test_one_clients_wrong_tries_do_not_lock_another_out(login: Login):
    fail(login, times=TRIES_PER_CLIENT)
    assert login.knows(login.enter(PASSWORD, client="somebody else"))


def test_many_clients_together_have_to_wait(login: Login):
    for number in range(TRIES_IN_ALL):
        fail(login, times=1, client=f"client {number}")
    with pytest.raises(TooManyTriesError):
        login.enter(PASSWORD, client="another")


def test_a_session_ends_after_its_hours(login: Login, clock: SetClock):
    token = login.enter(PASSWORD, client="")
    clock.now += SESSION_SECONDS - 1
    assert login.knows(token)
    clock.now += 1
    assert not login.knows(token)


def test_of_too_many_sessions_the_oldest_ends(login: Login):
    tokens = [login.enter(PASSWORD, client="") for _ in range(MOST_SESSIONS + 1)]
    assert [login.knows(token) for token in tokens] == [False] + [True] * MOST_SESSIONS


@pytest.mark.parametrize("token", [None, "", "x"])
def test_no_token_is_no_session(login: Login, token):
    login.enter(PASSWORD, client="")
    assert not login.knows(token)


def test_a_password_in_any_characters_is_compared(clock: SetClock):
    login = Login(SecretStr("pâté \udcff 🦘"), clock=clock)
    assert login.knows(login.enter("pâté \udcff 🦘", client=""))


# Preview


def test_the_preview_of_a_column_shows_its_questions(editor: TestClient):
    seen = send(editor, "/preview").json()
    assert seen["title"] == "Sabbaticals for associates"
    assert seen["kind"] == "column"
    assert [section["heading"] for section in seen["sections"]] == [
        "What is a sabbatical worth to an associate?",
        "Who pays for the sabbatical?",
    ]
    assert seen["sections"][0]["first_words"].startswith("A sabbatical returns")


def test_the_preview_says_what_is_cut_and_why(editor: TestClient):
    seen = send(editor, "/preview").json()
    assert all(cut["rule"] and cut["text"] for cut in seen["cuts"])
    assert "Sabbaticals for associates" in [cut["text"] for cut in seen["cuts"]]


def test_a_preview_publishes_nothing(editor: TestClient, home):
    before = published(editor)
    send(editor, "/preview")
    assert published(editor) == before
    assert not (home / "corpus" / "added").exists()


def test_what_the_editor_says_goes_before_what_was_found(editor: TestClient):
    said = {"speaker": "counsellor", "author": "Jo  Marsh", "date": "2024-05", "place": "UK"}
    seen = send(editor, "/preview", topics="leave, pay ,,leave", **said).json()
    assert {name: seen[name] for name in said} == said | {"author": "Jo Marsh"}
    assert seen["topics"] == ["leave", "pay"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        pytest.param("date", "May 2024", "date: write YYYY-MM-DD, YYYY-MM or YYYY", id="date"),
        pytest.param("date", "2024-02-31", "date: write YYYY-MM-DD", id="no-such-day"),
        pytest.param("url", "javascript:alert(1)", "url: write an address", id="no-web-address"),
        pytest.param("url", 'https://a.example/">', "url: write an address", id="quote-in-address"),
        pytest.param("kind", "poem", "kind: ", id="unknown-kind"),
        pytest.param("speaker", "the pope", "speaker: ", id="unknown-speaker"),
        pytest.param("title", "x" * 501, "title: ", id="long-title"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(editor: TestClient, field, value, message):
    reply = send(editor, "/preview", **{field: value})
    assert reply.status_code == 422
    assert message in reply.json()["error"]


@pytest.mark.parametrize("path", ["/preview", "/articles"])
@pytest.mark.parametrize("text", ["", " \n"], ids=["nothing", "blanks"])
def test_without_a_text_there_is_nothing_to_see(editor: TestClient, path, text):
    reply = send(editor, path, text)
    assert (reply.status_code, reply.json()["error"]) == (
        422,
        "Choose a file or paste a text first.",
    )


def test_a_body_that_is_no_form_is_refused(editor: TestClient):
    assert editor.post(f"{PATH}/preview", json={"source": COLUMN}).status_code == 422


def test_a_file_that_cannot_be_read_says_why(editor: TestClient):
    reply = editor.post(f"{PATH}/preview", files={"source": ("song.mp3", b"ID3\x03")})
    assert reply.status_code == 422
    assert ".mp3" in reply.json()["error"]


def test_a_text_that_is_published_already_is_named(editor: TestClient, home):
    raw = (home / "corpus" / "guides" / "notice.md").read_bytes()
    reply = editor.post(f"{PATH}/preview", files={"source": ("other.md", raw)})
    assert reply.json()["twin"] == "notice"


# Publish, undo


def test_a_published_article_is_answered_from_at_once(editor: TestClient):
    before = ask(editor)
    start = time.monotonic()
    done = send(editor, "/articles", speaker="recruiter").json()
    answer = ask(editor)
    assert time.monotonic() - start < 5
    assert before["status"] == "refused"
    assert [article["title"] for article in done["published"]] == ["Sabbaticals for associates"]
    assert {c["article_id"] for c in answer["citations"]} == {"sabbaticals-for-associates"}
    assert answer["citations"][0]["speaker"] == "recruiter"
    assert answer["generation"] == done["generation"]


def test_what_was_previewed_is_what_is_published(editor: TestClient):
    said = {"speaker": "counsellor", "place": "UK", "date": "2024"}
    seen = send(editor, "/preview", **said).json()
    send(editor, "/articles", **said)
    (article,) = (a for a in editor.get(f"{PATH}/articles").json() if a["id"] == seen["id"])
    names = ("title", "kind", "speaker", "place", "date")
    assert [article[name] for name in names] == [seen[name] for name in names]


def test_undo_withdraws_it_and_keeps_its_source(editor: TestClient, home):
    send(editor, "/articles")
    reply = editor.delete(f"{PATH}/articles/sabbaticals-for-associates")
    assert reply.json()["removed"] == ["sabbaticals-for-associates"]
    assert ask(editor)["status"] == "refused"
    assert COLUMN.strip() in next((home / "data" / "withdrawn").rglob("sabb*")).read_text()


def test_the_same_text_is_not_published_twice(editor: TestClient, home):
    send(editor, "/articles")
    reply = send(editor, "/articles")
    assert reply.status_code == 422
    assert "the same text as added/sabbaticals-for-associates.txt" in reply.json()["error"]
    assert len(list((home / "corpus" / "added").iterdir())) == 1


def test_a_file_keeps_its_name_and_its_format(editor: TestClient, home):
    page = b"<html><body><h1>Leave</h1><p>Ask for leave early, and in writing.</p></body></html>"
    files = {"source": ("..\\..\\README leave.html", page)}
    done = editor.post(f"{PATH}/articles", files=files).json()
    assert len(done["published"]) == 1
    assert all(
        path.is_relative_to(home / "corpus" / "added") for path in (home / "corpus").rglob("*eave*")
    )


def test_only_the_editors_own_article_is_reported_as_theirs(editor: TestClient, home):
    (home / "corpus" / "somebody.md").write_text("# Else\n\nSomebody copied this file here.\n")
    done = send(editor, "/articles").json()
    assert [article["id"] for article in done["published"]] == ["sabbaticals-for-associates"]
    assert "somebody" in published(editor)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("POST", "/articles", id="publish"),
        pytest.param("POST", "/articles/notice", id="correct"),
        pytest.param("DELETE", "/articles/notice", id="withdraw"),
    ],
)
def test_while_somebody_else_publishes_nothing_is_changed(editor: TestClient, home, method, path):
    before = published(editor)
    with only_writer(home / "data"):
        reply = editor.request(method, PATH + path, files={"source": ("a.txt", COLUMN)})
    assert reply.status_code == 503
    assert "in use by process" in reply.json()["error"]
    assert published(editor) == before


# Correct, withdraw


def correct(editor: TestClient, article_id: str, old: str, new: str, **changed: str):
    whole = editor.get(f"{PATH}/articles/{article_id}").json()
    text = whole.pop("text")
    assert old in text
    del whole["id"]
    return send(editor, f"/articles/{article_id}", text.replace(old, new), **whole | changed)


@pytest.mark.parametrize(
    ("article_id", "old", "new"),
    [
        pytest.param("notice", "Three months is usual", "Four months is usual", id="markdown"),
        pytest.param("secondment", "Clients often send", "Clients rarely send", id="column"),
        pytest.param("burnout", "See a doctor first", "See your doctor first", id="thread"),
    ],
)
def test_a_corrected_text_takes_the_place_of_the_old_one(editor, home, article_id, old, new):
    before = editor.get(f"{PATH}/articles").json()
    reply = correct(editor, article_id, old, new)
    assert [article["id"] for article in reply.json()["published"]] == [article_id]
    html = editor.get(f"/api/articles/{article_id}").json()["html"]
    assert new in html
    assert old not in html
    assert editor.get(f"{PATH}/articles").json() == before
    assert not (home / "corpus" / "added").exists()


def test_a_correction_can_be_taken_back(editor: TestClient):
    before = editor.get(f"{PATH}/articles/notice").json()
    correct(editor, "notice", "Three months", "Four months", author="")
    changed = editor.get(f"{PATH}/articles/notice").json()
    whole = {name: value for name, value in before.items() if name not in {"id", "text"}}
    send(editor, "/articles/notice", before["text"], **whole)
    assert changed["author"] == ""
    assert editor.get(f"{PATH}/articles/notice").json() == before


def test_a_correction_is_previewed_as_it_will_be_published(editor: TestClient):
    whole = editor.get(f"{PATH}/articles/notice").json()
    text = whole.pop("text") + "\n\n# May it be shortened?\n\nOnly when both sides agree.\n"
    del whole["id"]
    seen = send(editor, "/articles/notice/preview", text, **whole | {"place": ""}).json()
    assert seen["id"] == "notice"
    assert seen["near_duplicates"] == []
    assert [s["heading"] for s in seen["sections"]][-1] == "May it be shortened?"
    assert seen["place"] is None
    assert seen["author"] == "Jo Marsh"


def test_a_web_page_is_corrected_as_text(editor: TestClient, home):
    page = (
        b"<html><body><article><h1>Leave</h1><h2>When should I ask?</h2><p>Ask for leave early, "
        b"and in writing, so that nobody can say later that they did not know of it.</p>"
        b"</article></body></html>"
    )
    (home / "corpus" / "leave.html").write_bytes(page)
    send(editor, "/articles")
    correct(editor, "leave", "Ask for leave early", "Ask for leave soon")
    html = editor.get("/api/articles/leave").json()["html"]
    assert "Ask for leave soon" in html
    assert "When should I ask?" in html
    assert not (home / "corpus" / "leave.html").exists()


def test_a_withdrawn_article_is_gone(editor: TestClient, home):
    source = (home / "corpus" / "guides" / "notice.md").read_text()
    assert editor.delete(f"{PATH}/articles/notice").status_code == 200
    assert "notice" not in published(editor)
    assert editor.get("/api/articles/notice").status_code == 404
    assert (home / "data" / "withdrawn" / "guides" / "notice.md").read_text() == source


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("GET", "/articles/nobody", id="read"),
        pytest.param("POST", "/articles/nobody", id="correct"),
        pytest.param("POST", "/articles/nobody/preview", id="preview"),
        pytest.param("DELETE", "/articles/nobody", id="withdraw"),
    ],
)
def test_an_article_that_is_not_there_is_a_404(editor: TestClient, method, path):
    reply = editor.request(method, PATH + path, files={"source": ("a.txt", COLUMN)})
    assert reply.status_code == 404
    assert "nobody" in reply.json()["error"]


def test_the_last_article_stays(editor: TestClient):
    first, second, last = published(editor)
    editor.delete(f"{PATH}/articles/{first}")
    editor.delete(f"{PATH}/articles/{second}")
    reply = editor.delete(f"{PATH}/articles/{last}")
    assert reply.status_code == 422
    assert published(editor) == [last]


# Sizes


def test_a_file_of_more_than_20_mb_is_refused_before_it_is_read(editor: TestClient):
    reply = send(editor, "/preview", b"x" * MAX_UPLOAD)
    assert (reply.status_code, MAX_UPLOAD) == (413, 20 * 2**20)
    assert "larger than 20 MB" in reply.json()["error"]


def test_a_large_file_of_undeclared_length_is_refused_too(editor: TestClient):
    head = b'--b\r\nContent-Disposition: form-data; name="source"; filename="a.txt"\r\n\r\n'
    reply = editor.post(
        f"{PATH}/preview",
        content=(part for part in [head, *[b"x" * 2**20] * 21]),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )
    assert reply.status_code == 413
    assert "larger than 20 MB" in reply.json()["error"]


def test_nobody_sends_a_large_file_without_a_session(client: TestClient):
    read_so_far = 0

    def parts() -> Iterator[bytes]:
        nonlocal read_so_far
        for _ in range(19):
            read_so_far += 1
            yield b"x" * 2**20

    form = {"Content-Type": "multipart/form-data; boundary=b"}
    reply = client.post(f"{PATH}/preview", content=parts(), headers=OWN_PAGE | form)
    assert reply.status_code == 401


def test_logging_in_takes_no_large_body(client: TestClient):
    reply = client.post(f"{PATH}/login", content=b"x" * (MAX_BODY + 1), headers=OWN_PAGE)
    assert reply.status_code == 413


# The page


@pytest.mark.parametrize("page", [login_page(), editor_page()], ids=["login", "editor"])
def test_the_page_has_one_heading_and_names_every_field(page):
    shown = read(page)
    fields = [e for tag in ("input", "select", "textarea") for e in shown.all(tag)]
    seen = [e for e in fields if "hidden" not in e.attributes]
    labels = {e.attributes.get("for") for e in shown.all("label")} | {"find"}
    assert len(shown.all("h1")) == 1
    assert {e.attributes["id"] for e in seen} <= labels
    assert not [name for name in shown.attributes if name.startswith("on")]
    assert len({e.attributes["id"] for e in shown.elements if "id" in e.attributes}) == len(
        [e for e in shown.elements if "id" in e.attributes]
    )


def test_every_kind_and_speaker_has_a_name_to_choose():
    assert tuple(KIND_NAMES) == KINDS
    assert tuple(SPEAKER_NAMES) == SPEAKERS


def test_the_page_carries_the_same_policy_as_every_other(client: TestClient):
    headers = client.get(PATH).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
