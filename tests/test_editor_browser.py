"""What an editor does in a real browser: add an article, ask about it, correct it, take it back."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web_browser import IN_BROWSER, ROOT, ask, publish, served, visit, watch

pytestmark = [*IN_BROWSER, pytest.mark.model]

PASSWORD = "only-for-this-test"
TITLE = "Beekeeping on the firm's roof"
COLUMN = f"""\
{TITLE}
{TITLE}

Answers From Dana Whitlock, Esq.

Q: May an associate keep bees on the roof of the firm?

A: An associate may keep bees on the roof when the office manager agrees. Most firms ask for \
insurance against stings <b onclick=alert(1)>first</b>.

Q: Does beekeeping hurt a partnership case?

A: Beekeeping has never hurt a partnership case, and honey makes a good gift for clients.
"""
QUESTION = "May an associate keep bees on the roof of the firm?"
SECTIONS = [QUESTION, "Does beekeeping hurt a partnership case?"]
FILE = """\
---
title: Fencing for associates
kind: guide
---

# Why fence at lunch?

Fencing at lunch clears the head, and a fencing club is near most offices.
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("editing")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    publish(folder / "corpus", folder / "library")
    settings = {
        "PINCITE_CORPUS": str(folder / "corpus"),
        "PINCITE_EDITOR_PASSWORD": PASSWORD,
    }
    with served(folder / "library", **settings) as url:
        yield url


@pytest.fixture
def seen() -> list[str]:
    """What console, network or a dialog saw; a test that expects something takes it out."""
    return []


@pytest.fixture
def page(browser: Browser, address: str, seen: list[str]) -> Iterator[Page]:
    """The editor's page after logging in; whatever is left in `seen` fails it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address)
    page = context.new_page()
    watch(page, address, seen)
    page.goto("/editor")
    log_in(page)
    expect(page.locator("#list li")).not_to_have_count(0)
    yield page
    context.close()
    assert seen == []


def log_in(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def preview(page: Page, text: str) -> None:
    page.get_by_label("Or paste the text").fill(text)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="What will be published")).to_be_focused(timeout=30_000)


def publish_it(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Publish( the correction)?$")).click()
    expect(page.locator("#result-heading")).to_be_focused(timeout=60_000)


def listed(page: Page, title: str):
    return page.locator("#list li").filter(has_text=title)


def withdraw(page: Page, title: str) -> None:
    page.get_by_role("button", name=f"Withdraw “{title}”").click()
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.locator("#result-heading")).to_have_text("Withdrawn.")


def test_an_article_is_added_asked_about_and_taken_back(page: Page):
    preview(page, COLUMN)
    expect(page.get_by_label("Title")).to_have_value(TITLE)
    expect(page.get_by_label("Kind")).to_have_value("column")
    expect(page.locator("#preview h4")).to_have_text(SECTIONS)
    expect(page.locator("#preview .cuts")).to_contain_text(TITLE)
    page.get_by_label("Who speaks").select_option("recruiter")
    expect(page.locator("#preview .sections")).to_contain_text("A recruiter")
    publish_it(page)
    published = time.monotonic()
    expect(page.locator("#result-heading")).to_have_text(f"Published: “{TITLE}”")
    expect(listed(page, TITLE)).to_contain_text("A recruiter")

    asking = page.context.new_page()
    visit(asking, "/")
    seconds = time.monotonic() - published
    answer = ask(asking, QUESTION)
    expect(answer.locator(".who").first).to_contain_text(TITLE)
    assert time.monotonic() - published - seconds < 5
    answer.locator("a.cite").first.click()
    expect(asking.locator("#source-title")).to_have_text(TITLE)
    expect(asking.locator("#cited")).to_contain_text("keep bees on the roof")
    expect(asking.locator("#reader b")).to_have_count(0)

    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#result-heading")).to_have_text("Withdrawn again.", timeout=20_000)
    expect(listed(page, TITLE)).to_have_count(0)
    expect(ask(asking, QUESTION)).not_to_contain_text(TITLE)


def test_the_link_after_publishing_opens_the_article(page: Page):
    preview(page, COLUMN)
    publish_it(page)
    page.get_by_role("link", name="Open it and ask about it").click()
    expect(page.locator("#source-title")).to_have_text(TITLE)
    # Gradio complains of being left before it is ready.
    expect(page.locator("#start button").first).to_be_visible(timeout=60_000)
    page.goto("/editor")
    withdraw(page, TITLE)


def test_a_file_is_previewed_as_soon_as_it_is_chosen(page: Page):
    file = {"name": "fencing.md", "mimeType": "text/markdown", "buffer": FILE.encode()}
    page.get_by_label("Choose a file").set_input_files([file])  # type: ignore[arg-type]
    expect(page.get_by_label("Title")).to_have_value("Fencing for associates")
    expect(page.locator("#preview h4")).to_have_text(["Why fence at lunch?"])
    expect(page.get_by_label("Or paste the text")).to_be_hidden()
    page.get_by_role("button", name="Take another").click()
    expect(page.get_by_label("Or paste the text")).to_be_visible()
    expect(page.locator("#step-check")).to_be_hidden()


def test_a_published_text_is_corrected_and_the_correction_undone(page: Page):
    preview(page, COLUMN)
    publish_it(page)
    page.get_by_role("button", name=f"Correct the text of “{TITLE}”").click()
    text = page.get_by_label("Correct the text", exact=True)
    expect(text).to_have_value(re.compile("never hurt a partnership case"))
    text.fill(text.input_value().replace("has never hurt", "has seldom hurt"))
    publish_it(page)
    expect(page.locator("#result-heading")).to_have_text(f"Corrected: “{TITLE}”")
    article = page.request.get("/api/articles/beekeeping-on-the-firm-s-roof").json()["html"]
    assert "has seldom hurt" in article
    page.get_by_role("button", name="Undo the correction").click()
    expect(page.locator("#result-heading")).to_have_text(
        "The correction is undone.", timeout=20_000
    )
    article = page.request.get("/api/articles/beekeeping-on-the-firm-s-roof").json()["html"]
    assert "has never hurt" in article
    withdraw(page, TITLE)


def test_withdrawing_asks_first_and_escape_keeps_the_article(page: Page):
    title = page.locator("#list a").first.inner_text()
    button = page.get_by_role("button", name=f"Withdraw “{title}”")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Withdraw this article?")).to_contain_text(title)
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(listed(page, title)).to_have_count(1)


def test_what_cannot_be_published_is_said_and_nothing_typed_is_lost(page: Page, seen):
    preview(page, COLUMN)
    page.get_by_label("Author").fill("Jo Marsh")
    page.route("**/editor/articles", lambda route: route.abort())
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator("#publish-fault")).to_contain_text("what you typed is still here")
    expect(page.get_by_label("Or paste the text")).to_have_value(COLUMN)
    expect(page.get_by_label("Author")).to_have_value("Jo Marsh")
    assert "ERR_FAILED" in seen.pop()


def test_when_the_session_has_ended_the_work_goes_on_after_logging_in(page: Page, seen):
    page.get_by_label("Or paste the text").fill(COLUMN)
    page.context.clear_cookies()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("dialog", name="Log in")).to_contain_text("still here")
    log_in(page)
    expect(page.locator("#preview h4")).to_have_text(SECTIONS)
    expect(page.get_by_label("Or paste the text")).to_have_value(COLUMN)
    assert "401" in seen.pop()


def test_the_keyboard_reaches_every_step_of_the_form_in_order(page: Page):
    page.get_by_label("Or paste the text").focus()
    page.keyboard.insert_text(COLUMN)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Preview")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What will be published")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Title")).to_be_focused()
