"""Suggested questions on the real page: asked by a press, gone with the next, never in the way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web_browser import (
    IN_BROWSER,
    ROOT,
    ask,
    complete,
    publish,
    served,
    visit,
    watch,
)

pytestmark = [*IN_BROWSER, pytest.mark.model]

SECONDMENT = "What are the drawbacks of a secondment?"
OFF_TOPIC = "What temperature should I bake sourdough bread at?"
WAIT_MS = 60_000
"""The first suggestions wait for the model."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("suggesting") / "library"
    publish(ROOT / "corpus", data)
    with served(data) as url:
        yield url


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    seen: list[str] = []
    watch(page, address, seen)
    visit(page, address)
    yield page
    context.close()
    assert seen == []


def test_a_question_to_begin_with_is_asked_by_a_press_and_the_others_go(page: Page):
    first = page.locator("#start button").first
    first.wait_for(timeout=WAIT_MS)
    expect(page.locator("#start h2")).to_have_count(6)
    asked = first.inner_text()
    first.focus()
    page.keyboard.press("Enter")
    expect(complete(page.locator(".answer")).locator("a.cite")).not_to_have_count(0)
    expect(page.locator('#dialogue [data-testid="user"]')).to_have_text([asked])
    expect(page.locator("#start")).to_be_hidden()


def test_a_follow_up_is_asked_as_it_stands_and_new_ones_come(page: Page):
    ask(page, SECONDMENT)
    buttons = page.locator("#further button")
    buttons.first.wait_for(timeout=WAIT_MS)
    asked = buttons.first.inner_text()
    buttons.first.click()
    expect(page.locator('#dialogue [data-testid="user"]').nth(1)).to_have_text(asked)
    answer = complete(page.locator(".answer").nth(1))
    expect(answer.locator(".asked")).to_have_count(0)
    buttons.first.wait_for(timeout=WAIT_MS)
    assert asked not in buttons.all_inner_texts()


def test_suggestions_move_nothing_are_not_read_out_and_are_no_part_of_the_messages(page: Page):
    answer = ask(page, SECONDMENT)
    before = answer.bounding_box()
    page.locator("#further button").first.wait_for(timeout=WAIT_MS)
    assert answer.bounding_box() == before
    expect(page.locator("#further")).to_have_attribute("aria-live", "off")
    expect(page.locator(".message-row #further")).to_have_count(0)


def test_a_refusal_is_followed_by_no_suggestions(page: Page):
    ask(page, SECONDMENT)
    page.locator("#further button").first.wait_for(timeout=WAIT_MS)
    ask(page, OFF_TOPIC)
    expect(page.locator("#further button")).to_have_count(0)


def test_an_open_article_ends_with_the_questions_that_it_answers(page: Page):
    ask(page, SECONDMENT).locator("a.cite").first.click()
    button = page.locator("#article-questions button").first
    button.wait_for(timeout=WAIT_MS)
    asked = button.inner_text()
    button.click()
    expect(page.locator('#dialogue [data-testid="user"]').nth(1)).to_have_text(asked)
