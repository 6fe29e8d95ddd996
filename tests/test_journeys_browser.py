"""The ten journeys of the three users, by day, by night and on a phone."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from evals.report import as_html
from pincite.inbox import Inbox
from tests.conftest import SMALL_CORPUS, write_corpus
from tests.test_evals_report import RUN
from tests.web_browser import IN_BROWSER, ask, served, visit, watch

pytestmark = IN_BROWSER

PASSWORD = "only-for-this-test"
CONTACT = "Career counselling, careers@firm.example"
DRAWBACKS = "What are the drawbacks of a secondment?"
SIGHT = "The main drawback of a secondment is being out of sight at the firm."
FOLLOW_UP = "And the benefits of it?"
OFF_TOPIC = "Which zebra breeds suit a monsoon garden?"
SABBATICAL = "# Sabbaticals\n\nA sabbatical returns your curiosity, most partners say.\n"
LOOKS = [("light", 1280), ("dark", 1280), ("dark", 360)]


@dataclass(frozen=True)
class Place:
    """What an app serves, and where."""

    address: str
    home: Path

    @property
    def corpus(self) -> Path:
        return self.home / "corpus"


@pytest.fixture(scope="module")
def running(_published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = shutil.copytree(_published, tmp_path_factory.mktemp("journeys") / "home")
    settings = {
        "PINCITE_EMBEDDING_MODEL": "hashing",
        "PINCITE_CORPUS": str(home / "corpus"),
        "PINCITE_EDITOR_PASSWORD": PASSWORD,
        "PINCITE_INBOX": "true",
        "PINCITE_CONTACT": CONTACT,
    }
    with served(home / "data", **settings) as address:
        yield Place(address, home)


@pytest.fixture
def place(running: Place) -> Iterator[Place]:
    """The same for each journey: three articles in the folder, nothing in the inbox."""
    shutil.rmtree(running.corpus)
    write_corpus(running.corpus, SMALL_CORPUS)
    yield running
    shutil.rmtree(Inbox(running.home / "data" / "inbox").folder, ignore_errors=True)


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def page(request: pytest.FixtureRequest, browser: Browser, place: Place) -> Iterator[Page]:
    """A page that none of the journeys may make complain, look elsewhere or scroll sideways."""
    scheme, width = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        base_url=place.address,
        permissions=["clipboard-read", "clipboard-write"],
    )
    page, seen = context.new_page(), []
    watch(page, place.address, seen)
    yield page
    wide = [p.url for p in context.pages if p.evaluate("document.body.scrollWidth > innerWidth")]
    context.close()
    assert (seen, wide) == ([], [])


def open_desk(page: Page) -> None:
    page.goto("/editor")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#versions-list > li")).not_to_have_count(0)


def publish(page: Page, control: Locator, heading: str) -> None:
    control.click()
    expect(page.locator(heading)).to_be_focused(timeout=60_000)


# An associate


def test_asks_and_reads_the_cited_words_in_their_article(page: Page):
    visit(page, "/")
    answer = ask(page, DRAWBACKS)
    cite = answer.locator(".said", has_text=SIGHT).locator("a.cite")
    cite.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Dana Whitlock")
    cite.click()
    expect(page.locator("#cited")).to_have_text(SIGHT)
    expect(page.locator("#cited")).to_be_in_viewport()
    page.locator("#reader-next").click()
    expect(page.locator("#cited")).to_have_text("Your billable hours may not count.")
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()


def test_follows_up_and_corrects_what_was_understood(page: Page):
    visit(page, "/")
    ask(page, DRAWBACKS)
    follow_up = ask(page, FOLLOW_UP)
    expect(follow_up.locator(".asked q")).to_contain_text("secondment")
    follow_up.get_by_role("link", name="Correct this question").click()
    corrected = ask(page, "Instead: How long is the notice period?")
    expect(corrected).to_contain_text("Three months is usual")


def test_is_told_that_nothing_is_covered_whom_to_ask_and_tries_again(page: Page):
    visit(page, "/")
    refusal = ask(page, OFF_TOPIC)
    expect(refusal.locator(".searched")).to_contain_text("No article has the words zebra")
    expect(refusal.locator("a.cite")).to_have_count(0)
    expect(refusal.locator(".human a")).to_have_attribute("href", "mailto:careers@firm.example")
    refusal.get_by_role("link", name="Put it another way").click()
    expect(page.get_by_role("textbox", name="Your question")).to_be_focused()


def test_takes_an_answer_along(page: Page):
    visit(page, "/")
    answer = ask(page, DRAWBACKS)
    answer.get_by_role("button", name="Copy").click()
    expect(answer.locator(".copy")).to_have_text("Copied")
    assert SIGHT in page.evaluate("navigator.clipboard.readText()")
    answer.get_by_role("button", name="Export").click()
    with page.expect_download() as waiting:
        answer.get_by_role("button", name="Document").click()
    assert SIGHT in Path(waiting.value.path()).read_text()


def test_looks_through_the_library_and_asks_about_an_article(page: Page):
    page.goto("/library")
    page.get_by_label("Search").press_sequentially("out of sight")
    expect(page.locator("#results h2 a")).to_have_text(["Secondments to a client"])
    page.locator("#results h2 a").click()
    expect(page.locator("h1.title")).to_have_text("Secondments to a client")
    page.get_by_role("link", name="Ask about this article").click()
    expect(page.locator("#source-title")).to_have_text("Secondments to a client")
    expect(ask(page, DRAWBACKS)).to_contain_text(SIGHT)


def test_keeps_a_conversation_and_drops_it(page: Page):
    visit(page, "/")
    ask(page, DRAWBACKS)
    expect(page.locator("#chat textarea:enabled")).to_be_visible()
    page.get_by_label("Keep on this computer").check()
    page.wait_for_timeout(1000)
    visit(page, "/")
    expect(page.locator(".answer")).to_have_count(1)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".answer")).to_have_count(0)


# A counsellor who edits


def test_adds_an_article_and_withdraws_it(page: Page, place: Place):
    open_desk(page)
    page.get_by_label("Or paste the text").fill(SABBATICAL)
    preview = page.get_by_role("button", name="Preview")
    publish(page, preview, "#check-heading")
    publish(page, page.get_by_role("button", name="Publish", exact=True), "#result-heading")
    expect(page.locator("#result-heading")).to_have_text("Published: “Sabbaticals”")
    page.get_by_role("button", name="Withdraw “Sabbaticals”").click()
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.locator("#result-heading")).to_have_text("Withdrawn.")


def test_publishes_the_folder_reads_the_report_and_goes_back(page: Page, place: Place):
    open_desk(page)
    publish(page, page.locator("#publish-folder"), "#last-heading")
    (place.corpus / "sabbatical.md").write_text(SABBATICAL)
    (place.corpus / "song.mp3").write_bytes(b"ID3\x03")
    publish(page, page.locator("#publish-folder"), "#last-heading")
    expect(page.locator("#last-report")).to_contain_text("1 article added")
    expect(page.locator("#last-report")).to_contain_text("song.mp3: files ending in '.mp3'")
    page.get_by_role("button", name="Go back to version").click()
    page.get_by_role("dialog").get_by_role("button", name="Go back").click()
    expect(page.locator("#versions-told")).to_contain_text("is served now")
    newest, before = page.locator("#versions-list > li").all()[:2]
    expect(newest).to_contain_text("newer, not served")
    expect(before).to_contain_text("served now")


def test_reads_what_associates_did_not_find(page: Page, place: Place):
    visit(page, "/")
    ask(page, OFF_TOPIC).get_by_role("button", name="Tell the editors that this is missing").click()
    page.get_by_role("dialog").get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Sent to the editors. Thank you.").first).to_be_visible()
    open_desk(page)
    expect(page.locator("#readers li").first).to_contain_text(OFF_TOPIC)


# A developer


def test_reads_the_report_of_an_eval_run(page: Page, tmp_path: Path):
    path = tmp_path / "report.html"
    path.write_text(as_html(RUN), encoding="utf-8")
    report = page.context.new_page()
    report.goto(path.as_uri())
    expect(report.locator("header")).to_contain_text("3 of 6 questions pass")
    page.goto("/healthz")
