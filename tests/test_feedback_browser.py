"""What an associate sends to the editors: seen first, sent on request, stored as it was shown."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, Page, expect

from pincite.answering import Assistant
from pincite.embedding import Embedder
from pincite.inbox import Inbox, today
from pincite.library import LiveLibrary
from pincite.settings import Settings
from tests.web_browser import (
    IN_BROWSER,
    START_SECONDS,
    ask,
    free_port,
    visit,
    watch,
)
from web.feedback import inbox_of
from web.server import create_app

pytestmark = [*IN_BROWSER, pytest.mark.model]

SECONDMENT = "What are the drawbacks of a secondment?"
FOLLOW_UP = "And  the *advantages*?"
OFF_TOPIC = "What temperature should I bake sourdough bread at?"
HELPFUL = "Not helpful?"
MISSING = "Tell the editors that this is missing"
THANKS = "Sent to the editors. Thank you."


@contextmanager
def running(settings: Settings, embedder: Embedder) -> Iterator[str]:
    """Serve the app in a thread, put together as `app.py` does; give its address."""
    live = LiveLibrary(settings.data, embedder)
    app = create_app(Assistant(live, embedder), live, inbox=inbox_of(settings))
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=3)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until_started(server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


def wait_until_started(server: uvicorn.Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def library(shipped_with_minilm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(shipped_with_minilm, tmp_path_factory.mktemp("feedback") / "library")


@pytest.fixture(scope="module")
def address(library: Path, minilm: Embedder) -> Iterator[str]:
    with running(Settings(data=library, inbox=True), minilm) as url:
        yield url


@pytest.fixture(scope="module")
def address_without_inbox(library: Path, minilm: Embedder) -> Iterator[str]:
    with running(Settings(data=library), minilm) as url:
        yield url


@pytest.fixture
def inbox(library: Path) -> Iterator[Inbox]:
    """The inbox of the app that runs, emptied after each test."""
    inbox = Inbox(library / "inbox")
    yield inbox
    for note in inbox.contents().notes:
        inbox.remove(note.id)


def watched(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    seen: list[str] = []
    watch(page, address, seen)
    visit(page, address)
    yield page
    context.close()
    assert seen == []


@pytest.fixture
def page(browser: Browser, address: str, inbox: Inbox) -> Iterator[Page]:
    """A page of its own per test; whatever its console, its network or a dialog saw fails it."""
    yield from watched(browser, address)


@pytest.fixture
def page_of_a_full_inbox(
    browser: Browser, address: str, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """A page whose console is not looked at: the browser itself writes the 503 into it."""
    monkeypatch.setattr("pincite.inbox.MOST_NOTES", 0)
    context = browser.new_context()
    page = context.new_page()
    visit(page, address)
    yield page
    context.close()


@pytest.fixture
def page_without_inbox(browser: Browser, address_without_inbox: str) -> Iterator[Page]:
    yield from watched(browser, address_without_inbox)


def open_dialog(answer: Locator, name: str = HELPFUL) -> Locator:
    answer.get_by_role("button", name=name).click()
    dialog = answer.page.get_by_role("dialog", name="Send this to the editors?")
    expect(dialog).to_be_visible()
    return dialog


def stored(inbox: Inbox) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(inbox.folder.glob("*"))]


ABOUT = {
    "unhelpful": "an answer that did not help",
    "gap": "a question that the library does not answer",
}
SAID_BY = {"user": "You", "assistant": "Pincite"}


def as_shown(note: dict[str, Any]) -> list[str]:
    """Write what is in a file as the dialog shows it; the id and the date were not there yet."""
    rewritten = note["standalone_question"]
    return [
        ABOUT[note["kind"]],
        note["question"],
        *([rewritten] if rewritten != note["question"] else []),
        *(
            f"“{said['text']}” (a quote)"
            if said["verbatim"]
            else f"{said['text']} (written by the chat model)"
            for said in note["statements"]
        ),
        *(f"{SAID_BY[turn['role']]}: {turn['text']}" for turn in note["history"]),
        *(
            f"“{c['quote']}” ({c['article_id']}, {c['start']}–{c['end']})"
            for c in note["citations"]
        ),
        f"generation {note['generation']}",
    ]


def test_without_an_inbox_the_page_offers_nothing(page_without_inbox: Page):
    answer = ask(page_without_inbox, SECONDMENT)
    expect(answer.locator(".copy")).to_be_visible()
    refusal = ask(page_without_inbox, OFF_TOPIC)
    expect(refusal.locator(".refusal")).to_be_visible()
    expect(page_without_inbox.locator(".note, .feedback")).to_have_count(0)
    expect(page_without_inbox.locator(".masthead")).to_contain_text("unless you keep it here.")
    expect(page_without_inbox.locator("script[src*=feedback]")).to_have_count(0)


def test_the_dialog_shows_exactly_what_is_then_in_the_file(page: Page, inbox: Inbox):
    dialog = open_dialog(ask(page, SECONDMENT))
    shown = dialog.locator(".stored").all_text_contents()
    dialog.get_by_label("A word to the editors").fill("Too little on pay.\nReally.")
    dialog.get_by_role("button", name="Send").click()
    expect(page.get_by_text(THANKS).first).to_be_focused()
    (note,) = stored(inbox)
    assert shown == as_shown(note)
    assert (note["kind"], note["question"]) == ("unhelpful", SECONDMENT)
    assert len(note["citations"]) >= 3
    assert note["comment"] == "Too little on pay.\nReally."
    assert note["written"] == today().isoformat()


def test_a_follow_up_is_sent_with_the_dialogue_that_it_leans_on(page: Page, inbox: Inbox):
    first = ask(page, SECONDMENT)
    said = first.locator(".said q").all_inner_texts()
    dialog = open_dialog(ask(page, FOLLOW_UP))
    shown = dialog.locator(".stored").all_text_contents()
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_have_count(0)
    (note,) = stored(inbox)
    assert shown == as_shown(note)
    assert note["question"] == FOLLOW_UP
    assert note["standalone_question"].startswith(FOLLOW_UP)
    assert note["history"] == [
        {"role": "user", "text": SECONDMENT},
        {"role": "assistant", "text": "\n".join(said)},
    ]


def test_a_refused_question_is_sent_as_a_gap(page: Page, inbox: Inbox):
    dialog = open_dialog(ask(page, OFF_TOPIC), MISSING)
    shown = dialog.locator(".stored").all_text_contents()
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_have_count(0)
    (note,) = stored(inbox)
    assert shown == as_shown(note) == [ABOUT["gap"], OFF_TOPIC, f"generation {note['generation']}"]


def test_nothing_is_stored_or_sent_before_send_is_pressed(page: Page, inbox: Inbox):
    requests: list[str] = []
    answer = ask(page, SECONDMENT)
    page.on("request", lambda request: requests.append(f"{request.method} {request.url}"))
    dialog = open_dialog(answer)
    dialog.get_by_label("A word to the editors").fill("Not sent.")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    expect(answer.get_by_role("button", name=HELPFUL)).to_be_focused()
    assert [line for line in requests if "/api/" in line] == []
    assert not inbox.contents().notes


def test_the_keyboard_alone_sends_and_stays_inside(page: Page, inbox: Inbox):
    answer = ask(page, SECONDMENT)
    answer.locator(".export").focus()
    page.keyboard.press("Tab")
    expect(answer.get_by_role("button", name=HELPFUL)).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    stops = ["What will be stored", "A word to the editors, if you like", "Send", "Cancel"]
    for stop in stops:
        page.keyboard.press("Tab")
        expect(dialog.locator(":focus")).to_have_accessible_name(stop)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("By hand.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text(THANKS).first).to_be_focused()
    (note,) = stored(inbox)
    assert note["comment"] == "By hand."


def test_escape_cancels_and_leaves_the_open_source_open(page: Page, inbox: Inbox):
    answer = ask(page, SECONDMENT)
    answer.locator("a.cite").first.click()
    expect(page.locator("#cited")).to_be_focused()
    dialog = open_dialog(answer)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(answer.get_by_role("button", name=HELPFUL)).to_be_focused()
    expect(page.locator("#reader")).to_be_visible()
    assert not inbox.contents().notes


def test_an_answer_is_sent_once_also_when_the_dialogue_goes_on(page: Page, inbox: Inbox):
    answer = ask(page, SECONDMENT)
    open_dialog(answer).get_by_role("button", name="Send").click()
    expect(answer.get_by_text(THANKS)).to_be_visible()
    refusal = ask(page, OFF_TOPIC)
    expect(answer.get_by_text(THANKS)).to_be_visible()
    expect(answer.get_by_role("button", name=HELPFUL)).to_have_count(0)
    expect(refusal.get_by_role("button", name=MISSING)).to_be_visible()
    assert len(inbox.contents().notes) == 1


def test_why_it_is_not_taken_is_shown_and_the_comment_kept(page_of_a_full_inbox: Page):
    dialog = open_dialog(ask(page_of_a_full_inbox, OFF_TOPIC), MISSING)
    comment = dialog.get_by_label("A word to the editors")
    comment.fill("Keep this.")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_contain_text("inbox is full, so nothing was sent")
    expect(comment).to_have_value("Keep this.")


def test_on_a_phone_all_of_the_dialog_is_reached(page: Page):
    page.set_viewport_size({"width": 390, "height": 700})
    dialog = open_dialog(ask(page, SECONDMENT))
    expect(dialog.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
    expect(dialog.get_by_role("heading")).to_be_in_viewport(ratio=1)
    box = dialog.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_the_page_says_what_is_stored(page: Page):
    expect(page.locator(".masthead")).to_contain_text("or send it to the editors")
