"""The pages keep to WCAG 2.2 AA, as far as a machine sees: all states, light, dark, any width."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.chat_stub import ChatStub, Reply, claims
from tests.test_keyboard_and_zoom import tab_to
from tests.web_browser import IN_BROWSER, ask, served, visit

pytestmark = IN_BROWSER

PASSWORD = "correct horse battery"
DRAWBACKS = "What are the drawbacks of a secondment?"
FOLLOW_UP = "And the benefits of it?"
OFF_TOPIC = "What temperature should I bake sourdough bread at?"
DISTRESS = "I want to kill myself."
SIGHT = "The main drawback of a secondment is being out of sight at the firm."
MIXED = claims(
    ("The main drawback is being out of sight at your firm.", [(1, SIGHT)]),
    ("Zebras always return to firms.", [(1, "Zebras return.")]),
)

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}
LOOKS = [*product(("light", "dark"), (WIDE, NARROW))]


@dataclass(frozen=True)
class Servers:
    """Two of them: one that quotes, one whose answers a chat model writes."""

    plain: str
    chat: str
    data: Path
    """What the plain one serves."""
    corpus: Path
    """What it is published from."""
    stub: ChatStub


@pytest.fixture(scope="module")
def servers(_published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    home = shutil.copytree(_published, tmp_path_factory.mktemp("accessibility") / "home")
    small = {"PINCITE_EMBEDDING_MODEL": "hashing", "PINCITE_CORPUS": str(home / "corpus")}
    with (
        ChatStub([]) as stub,
        served(
            home / "data", **small, PINCITE_INBOX="true", PINCITE_EDITOR_PASSWORD=PASSWORD
        ) as plain,
        served(
            _published / "data",
            PINCITE_EMBEDDING_MODEL="hashing",
            PINCITE_CHAT_MODEL="openai:stub",
            PINCITE_CHAT_BASE_URL=stub.url,
        ) as chat,
    ):
        yield Servers(plain, chat, home / "data", home / "corpus", stub)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE)
    yield context.new_page()
    context.close()


def broken(page: Page) -> list[str]:
    """Return what axe finds in both colour schemes and at both widths, one line an element."""
    return [
        f"{scheme} {size['width']}: {rule['id']}: {' '.join(map(str, node['target']))}"
        for scheme, size in LOOKS
        for rule in looked_at(page, scheme, size)
        for node in rule["nodes"]
    ]


def looked_at(page: Page, scheme: str, size: dict[str, int]) -> list[dict]:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size(size)
    page.wait_for_timeout(250)  # colours fade over, in Gradio's own styles
    return Axe().run(page, options=RULES).response["violations"]


def start(page: Page, servers: Servers) -> None:
    visit(page, servers.plain)


def typed(page: Page, servers: Servers) -> None:
    start(page, servers)
    page.locator("#chat textarea").fill(DRAWBACKS)


def answered(page: Page, servers: Servers) -> None:
    start(page, servers)
    ask(page, DRAWBACKS)


def reading(page: Page, servers: Servers) -> None:
    answered(page, servers)
    page.locator("a.cite").first.click()
    expect(page.locator("#cited")).to_be_focused()


def refused(page: Page, servers: Servers) -> None:
    start(page, servers)
    expect(ask(page, OFF_TOPIC).locator(".refusal")).to_be_visible()


def comforted(page: Page, servers: Servers) -> None:
    start(page, servers)
    expect(ask(page, DISTRESS)).to_contain_text("crisis line")


def followed_up(page: Page, servers: Servers) -> None:
    answered(page, servers)
    expect(ask(page, FOLLOW_UP).locator(".asked")).to_be_visible()


def faulty(page: Page, servers: Servers) -> None:
    start(page, servers)
    away = servers.data.rename(servers.data.with_name("away"))
    try:
        expect(ask(page, DRAWBACKS).locator(".fault")).to_be_visible()
    finally:
        away.rename(servers.data)


def busy(page: Page, servers: Servers) -> None:
    servers.stub.replies = [Reply(MIXED, wait=20)]
    visit(page, servers.chat)
    expect(page.locator(".privacy")).to_contain_text("are sent to")
    page.locator("#chat textarea").fill(DRAWBACKS)
    page.locator("#chat textarea").press("Enter")
    expect(page.locator(".waiting .now")).to_be_visible()


def left_out(page: Page, servers: Servers) -> None:
    servers.stub.replies = [Reply(MIXED)]
    visit(page, servers.chat)
    ask(page, DRAWBACKS).locator("summary").click()
    expect(page.locator("details[open] .why")).to_be_visible()


def feedback(page: Page, servers: Servers) -> None:
    answered(page, servers)
    page.get_by_role("button", name="Not helpful?").click()
    expect(page.locator("#feedback")).to_be_visible()


def offline(page: Page, servers: Servers) -> None:
    answered(page, servers)
    page.context.set_offline(True)
    page.locator("a.cite").first.click()
    expect(page.locator("#reader .changed")).to_contain_text("does not answer")


def logging_in(page: Page, servers: Servers) -> None:
    page.goto(f"{servers.plain}/editor")
    expect(page.locator("#password")).to_be_visible()


def at_the_desk(page: Page, servers: Servers) -> None:
    logging_in(page, servers)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    expect(page.locator("#versions-list > li")).not_to_have_count(0)


def previewing(page: Page, servers: Servers) -> None:
    at_the_desk(page, servers)
    page.locator("#text").fill("Leaving well\n\nTell your supervising partner in person first.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview h3").first).to_be_visible()


def reporting(page: Page, servers: Servers) -> None:
    refused(page, servers)
    page.get_by_role("button", name="Tell the editors that this is missing").click()
    page.get_by_role("dialog").get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".sent")).to_be_visible()
    (servers.corpus / "leave.md").write_text("# Unpaid leave\n\nMost firms grant unpaid leave.\n")
    (servers.corpus / "song.mp3").write_bytes(b"ID3\x03")
    at_the_desk(page, servers)
    expect(page.locator("#readers li")).not_to_have_count(0)
    page.locator("#publish-folder").click()
    expect(page.locator("#last-heading")).to_be_focused()
    expect(page.locator("#last-report")).to_contain_text("song.mp3")


def going_back(page: Page, servers: Servers) -> None:
    reporting(page, servers)
    page.get_by_role("button", name="Go back to version").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def went_back(page: Page, servers: Servers) -> None:
    going_back(page, servers)
    page.get_by_role("dialog").get_by_role("button", name="Go back").click()
    expect(page.locator("#versions-told")).to_contain_text("is served now")


def browsing(page: Page, servers: Servers) -> None:
    page.goto(f"{servers.plain}/library")
    expect(page.get_by_role("link", name="Secondments to a client")).to_be_visible()


def article(page: Page, servers: Servers) -> None:
    browsing(page, servers)
    page.get_by_role("link", name="Secondments to a client").click()
    expect(page.locator("main h1")).to_have_text("Secondments to a client")


def no_such_article(page: Page, servers: Servers) -> None:
    page.goto(f"{servers.plain}/article/no-such-article")
    expect(page.locator("main h1")).to_be_visible()


def exporting(page: Page, servers: Servers) -> None:
    answered(page, servers)
    page.get_by_text("Export", exact=True).first.click()


STATES: list[Callable[[Page, Servers], None]] = [
    *(start, typed, answered, reading, refused, comforted, followed_up, faulty, busy, left_out),
    *(feedback, offline, logging_in, previewing, browsing, article, no_such_article, exporting),
    *(reporting, going_back, went_back),
]


@pytest.mark.parametrize("reached", STATES, ids=lambda reached: reached.__name__)
def test_no_rule_of_wcag_is_broken(page: Page, servers: Servers, reached):
    reached(page, servers)
    assert broken(page) == []


def test_an_answer_on_its_way_is_stopped_by_the_keyboard(page: Page, servers: Servers):
    busy(page, servers)
    tab_to(page, ".stop-button")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .submit-button")).to_be_visible()
    expect(page.locator("#chat textarea")).to_be_enabled()
