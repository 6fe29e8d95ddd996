"""The page with a chat model that does whatever a test tells it to: what is shown, and how soon."""

import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.chat_stub import ENDLESS, ChatStub, Reply, claims
from tests.web_browser import IN_BROWSER, ROOT, ask, served, visit, watch
from web.render import STOPPED, WAITING, WHY

pytestmark = IN_BROWSER

QUESTION = "What are the drawbacks of a secondment?"
SIGHT = "The main drawback of a secondment is being out of sight at the firm."
HOURS = "Your billable hours may not count."
SAYS_SIGHT = "The main drawback is being out of sight at your firm."
SAYS_HOURS = "Your billable hours may not count for you."
GOOD = claims((SAYS_SIGHT, [(1, SIGHT)]), (SAYS_HOURS, [(1, HOURS)]))
FORGED = claims(
    ("Secondments always lead to partnership.", [(1, "Secondments always lead to partnership.")]),
    ("Only 3 in 10 return.", [(1, HOURS)]),
    ("A <b>forged</b> source says so.", [(9, SIGHT)]),
)
FIRST = GOOD.index('{"text": "Your')
"""Characters until the first sentence is whole."""

TIMEOUT = 4
KEY = "sk-marker-of-a-secret"
SECONDS = 1_000


@contextmanager
def chatting(data: Path, url: str, **settings: str) -> Iterator[str]:
    with served(
        data,
        PINCITE_EMBEDDING_MODEL="hashing",
        PINCITE_CHAT_MODEL="openai:stub",
        PINCITE_CHAT_BASE_URL=url,
        PINCITE_CHAT_TIMEOUT=str(TIMEOUT),
        **settings,
    ) as address:
        yield address


@pytest.fixture(scope="module")
def running(_published: Path) -> Iterator[tuple[str, ChatStub]]:
    with ChatStub([]) as stub, chatting(_published / "data", stub.url) as address:
        yield address, stub


@pytest.fixture
def stub(running: tuple[str, ChatStub]) -> ChatStub:
    """The model of the app that runs; a test sets its replies."""
    _, stub = running
    stub.requests.clear()
    stub.hung_up.clear()
    return stub


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """Open a page; whatever its console, its network or a dialog saw is a fault."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    seen: list[str] = []
    watch(page, address, seen)
    visit(page, address)
    yield page
    context.close()
    assert seen == []


@pytest.fixture
def page(browser: Browser, running: tuple[str, ChatStub]) -> Iterator[Page]:
    with opened(browser, running[0]) as page:
        yield page


def begin(page: Page) -> Locator:
    """Ask, and give the answer while it grows."""
    box = page.locator("#chat textarea:enabled")
    box.fill(QUESTION)
    box.press("Enter")
    return page.locator(".answer").last


def expect_quotes_instead(answer: Locator) -> None:
    expect(answer.locator(".notice")).to_contain_text("quotes from the articles instead")
    expect(answer.locator(".said q")).to_have_text([SIGHT, HOURS])
    expect(answer.locator(".pinned")).to_have_count(0)


def test_claims_are_shown_with_their_quotes_and_open_the_article_at_them(page, stub):
    stub.replies = [Reply(GOOD)]
    answer = ask(page, QUESTION)
    expect(answer.locator(".said > span")).to_have_text([SAYS_SIGHT, SAYS_HOURS])
    expect(answer.locator(".pinned q")).to_have_text([SIGHT, HOURS])
    expect(answer.locator(".said q, .notice, details")).to_have_count(0)
    for quote in answer.locator(".pinned q").all():
        expect(quote).to_be_visible()
    answer.locator(".pinned a.cite").nth(1).click()
    expect(page.locator("#cited")).to_have_text(HOURS)


def test_the_first_sentence_is_shown_while_the_model_writes_on(page, stub):
    stub.replies = [Reply(GOOD, piece=FIRST, wait=1, pause=1.5)]
    answer = begin(page)
    expect(answer.locator(".now")).to_have_text(WAITING)
    expect(answer.locator(".now")).to_be_visible()
    expect(answer.locator(".said > span")).to_have_text([SAYS_SIGHT])
    expect(answer.locator(".pinned q")).to_have_text([SIGHT])
    expect(answer.locator(".waiting, .copy")).to_have_count(0)
    expect(answer.locator(".said > span")).to_have_text([SAYS_SIGHT, SAYS_HOURS])
    expect(answer.locator(".copy")).to_be_visible()


def test_of_forged_quotes_none_is_shown_but_quotes_are_and_the_rest_where_it_is_opened(page, stub):
    stub.replies = [Reply(FORGED)]
    answer = ask(page, QUESTION)
    expect_quotes_instead(answer)
    assert "partnership" not in answer.inner_text()
    summary = answer.locator("summary")
    expect(summary).to_have_text("3 sentences were left out because no article supports them.")
    summary.focus()
    page.keyboard.press("Enter")
    opened = answer.locator("details[open]")
    expect(opened).to_contain_text("Not supported by the articles")
    expect(opened.locator("s")).to_have_text(
        [
            "Secondments always lead to partnership.",
            "Only 3 in 10 return.",
            "A <b>forged</b> source says so.",
        ]
    )
    for text in (WHY["quote not in source"], WHY["figure not in quotes"], WHY["unknown source"]):
        expect(opened.get_by_text(text)).to_be_visible()


def test_what_is_left_out_is_neither_copied_nor_carried_on(page, stub):
    mixed = claims(
        (SAYS_SIGHT, [(1, SIGHT)]), ("Zebras always return to firms.", [(1, "Zebras return.")])
    )
    stub.replies = [Reply(mixed)]
    answer = ask(page, QUESTION)
    expect(answer.locator("summary")).to_contain_text("1 sentence was left out")
    answer.locator(".copy").click()
    expect(answer.locator(".copy")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"\n{SAYS_SIGHT} [1]\n“{SIGHT}” [1]\n\nSources" in copied
    assert "ebras" not in copied
    ask(page, "And the benefits of it?")
    asked = "\n".join(stub.prompts[1:])
    assert SAYS_SIGHT in asked
    assert "ebras" not in asked
    assert "left out" not in asked


def test_a_silent_model_is_cut_off_and_quotes_stand_in(page, stub):
    stub.replies = [Reply(GOOD, stall_after=2)]
    began = time.monotonic()
    answer = ask(page, QUESTION)
    assert time.monotonic() - began < TIMEOUT + 3
    expect(answer.locator(".notice")).to_contain_text("was cut off because it took too long")
    expect_quotes_instead(answer)


def test_an_answer_cut_off_in_the_middle_keeps_what_was_checked_and_says_so(page, stub):
    stub.replies = [Reply(GOOD, piece=FIRST, stall_after=2)]
    answer = ask(page, QUESTION)
    expect(answer.locator(".notice")).to_contain_text("the rest is missing")
    expect(answer.locator(".said > span")).to_have_text([SAYS_SIGHT])


@pytest.mark.parametrize(
    "written",
    [pytest.param(0, id="before-the-first-sentence"), pytest.param(1, id="after-it")],
)
def test_stop_hangs_up_at_the_model_at_once(page, stub, written):
    stub.replies = [Reply(GOOD, piece=FIRST, stall_after=1 + written, keep_alive=True)]
    answer = begin(page)
    expect(answer.locator(".said" if written else ".now")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    assert stub.hung_up.wait(2)
    expect(page.locator("#chat .stop-button")).to_have_count(0)
    expect(answer.locator(".said" if written else ".stopped")).to_have_text(
        re.compile(SAYS_SIGHT if written else STOPPED)
    )
    expect(answer.locator(".now")).not_to_be_visible()
    stub.replies = [Reply(GOOD)]
    expect(ask(page, QUESTION).locator(".said")).to_have_count(2)


def test_whoever_closes_the_page_hangs_up_at_the_model(browser, running, stub):
    stub.replies = [Reply(GOOD, repeat=ENDLESS, piece=FIRST, pause=0.1)]
    with opened(browser, running[0]) as page:
        expect(begin(page).locator(".said")).not_to_have_count(0)
    assert stub.hung_up.wait(TIMEOUT)


SERVER = """
import sys
from tests.chat_stub import ChatStub, Reply
with ChatStub([Reply(sys.argv[1], piece=int(sys.argv[2]), stall_after=2)]) as stub:
    print(stub.url, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("piece", "shown"),
    [pytest.param(7, 0, id="before-the-first-sentence"), pytest.param(FIRST, 1, id="after-it")],
)
def test_a_server_killed_in_mid_answer_is_told_within_two_seconds(browser, data, piece, shown):
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, GOOD, str(piece)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    with (
        server,
        chatting(data, server.stdout.readline().strip()) as address,
        opened(browser, address) as page,
    ):
        answer = begin(page)
        expect(answer.locator(".said" if shown else ".now")).to_be_visible()
        time.sleep(1)
        server.kill()
        expect(answer.locator(".copy")).to_be_visible(timeout=2 * SECONDS)
        expect(answer.locator(".notice")).to_contain_text("cannot be reached or broke off")
        if not shown:
            expect_quotes_instead(answer)


def test_the_page_names_who_receives_what_before_the_first_question_and_never_the_key(
    browser, data, capfd
):
    with (
        chatting(data, "https://chat.example.invalid/v1", PINCITE_CHAT_API_KEY=KEY) as address,
        opened(browser, address) as page,
    ):
        expect(page.locator(".privacy")).to_have_text(
            "Your questions, the dialogue and the articles' passages are sent to "
            "chat.example.invalid, which writes the answers. Nothing is stored on this computer "
            "unless you keep it here."
        )
        expect(page.locator(".masthead")).not_to_contain_text("exact words")
        expect_quotes_instead(ask(page, QUESTION))
        told = [page.content()]
        for path in ("/", "/config", "/gradio_api/info"):
            with urllib.request.urlopen(f"{address}{path}", timeout=10) as reply:
                told.append(reply.read().decode())
    told += capfd.readouterr()
    assert all(KEY not in text for text in told)
    assert "Pincite is at" in told[-2], "the app's own output was looked at"
    assert QUESTION not in "".join(told[-2:])
