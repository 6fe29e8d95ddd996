"""A conversation in a real browser: citations and the way through them, keeping, beginning anew."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.web_browser import IN_BROWSER, ROOT, ask, publish, served, visit, watch

pytestmark = [*IN_BROWSER, pytest.mark.model]

QUESTION = "Is a counteroffer ever worth taking after I resigned?"
FOLLOW_UP = "And how do I turn it down?"
OFF_TOPIC = "Which zebra breeds suit a monsoon garden?"
CONTACT = "Career counselling, careers@firm.example"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data: Path = tmp_path_factory.mktemp("conversation") / "library"
    publish(ROOT / "corpus", data)
    with served(data, PINCITE_CONTACT=CONTACT) as url:
        yield url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    page = context.new_page()
    seen: list[str] = []
    watch(page, address, seen)
    visit(page, address)
    yield page
    assert seen == []


def card(page: Page) -> Locator:
    return page.get_by_role("tooltip")


def stored(page: Page) -> str:
    return page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")


def settled(page: Page, wanted: Callable[[int], bool]) -> int:
    """Wait until so much is stored; the content policy forbids Playwright to wait in the page."""
    deadline = time.monotonic() + 20
    while not wanted(size := len(stored(page))):
        assert time.monotonic() < deadline, f"{size} characters are stored"
        page.wait_for_timeout(100)
    return size


def test_a_citation_pointed_at_shows_its_quote_and_who_says_so(page: Page):
    answer = ask(page, QUESTION)
    citation = answer.locator("a.cite").nth(1)
    expect(card(page)).to_have_count(0)
    citation.hover()
    expect(card(page)).to_be_visible()
    quote = citation.locator("xpath=preceding-sibling::q").inner_text()
    expect(card(page).locator(".quote")).to_have_text(f"“{quote}”")
    voice = answer.locator(".voice").first
    expect(card(page).locator(".who")).to_have_text(voice.locator(".who b").inner_text())
    expect(card(page).locator(".title")).to_have_text(voice.locator(".title").inner_text())
    expect(card(page).locator(".by")).to_have_text(voice.locator(".by").inner_text())
    box = card(page).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280
    card(page).hover()  # it stays while it is pointed at itself
    page.wait_for_timeout(400)
    expect(card(page)).to_be_visible()
    page.mouse.move(5, 5)
    expect(card(page)).to_be_hidden()


def test_the_keyboard_shows_a_card_and_escape_takes_it_away_and_nothing_else(page: Page):
    citations = ask(page, QUESTION).locator("a.cite")
    citations.first.click()
    expect(page.locator("#cited")).to_be_focused()
    citations.first.focus()
    page.keyboard.press("Tab")
    expect(citations.nth(1)).to_be_focused()
    expect(card(page)).to_be_visible()
    expect(citations.nth(1)).to_have_attribute("aria-describedby", "cite-card")
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(page.locator("#reader")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()


def test_next_goes_through_all_citations_of_an_answer_across_its_articles(page: Page):
    answer = ask(page, QUESTION)
    citations = answer.locator("a.cite")
    quotes = answer.locator(".said q").all_inner_texts()
    total = citations.count()
    citations.first.click()
    expect(page.locator("#reader-step")).to_have_text(f"1 of {total}")
    expect(page.get_by_role("button", name="Previous citation")).to_be_disabled()
    titles = {page.locator("#source-title").inner_text()}
    for number in range(2, total + 1):
        page.get_by_role("button", name="Next citation").click()
        expect(page.locator("#reader-step")).to_have_text(f"{number} of {total}")
        expect(page.locator("#cited")).to_be_in_viewport()
        marked = page.locator("#reader mark.cited").all_inner_texts()
        assert " ".join(" ".join(marked).split()) in {" ".join(q.split()) for q in quotes}
        titles.add(page.locator("#source-title").inner_text())
    assert len(titles) > 1
    expect(page.get_by_role("button", name="Next citation")).to_be_disabled()
    expect(page.get_by_role("button", name="Previous citation")).to_be_focused()
    page.go_back()
    expect(page.locator("#reader-step")).to_have_text(f"{total - 1} of {total}")


def test_speakers_who_differ_stand_side_by_side_and_on_a_phone_one_below_the_other(page: Page):
    sides = ask(page, QUESTION).locator(".side")
    expect(sides).to_have_count(2)
    left, right = (side.bounding_box() for side in sides.all())
    assert left
    assert right
    assert (left["y"], left["x"] < right["x"]) == (right["y"], True)
    page.set_viewport_size({"width": 360, "height": 740})
    left, right = (side.bounding_box() for side in sides.all())
    assert left
    assert right
    assert (left["x"], left["y"] < right["y"]) == (right["x"], True)


def test_a_refusal_says_what_was_searched_for_and_whom_to_ask_and_is_put_another_way(page: Page):
    answer = ask(page, OFF_TOPIC)
    expect(answer.locator(".searched")).to_contain_text(f"Searched for: {OFF_TOPIC}")
    expect(answer.locator(".searched")).to_contain_text("No article has the words zebra")
    link = answer.locator(".human a")
    expect(link).to_have_attribute("href", "mailto:careers@firm.example")
    answer.get_by_role("link", name="Put it another way").click()
    box = page.get_by_role("textbox", name="Your question")
    expect(box).to_have_value(f"Instead: {OFF_TOPIC}")
    expect(box).to_be_focused()


def test_a_conversation_is_begun_anew_and_nothing_is_carried_over(page: Page):
    ask(page, QUESTION).locator("a.cite").first.click()
    expect(page.locator("#reader")).to_be_visible()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".answer")).to_have_count(0)
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.get_by_role("textbox", name="Your question")).to_be_focused()
    expect(ask(page, FOLLOW_UP).locator(".asked")).to_have_count(0)


def test_nothing_that_was_said_is_stored_unless_somebody_asks_for_it(page: Page):
    before = len(stored(page))
    ask(page, QUESTION)
    page.wait_for_timeout(1000)
    assert len(stored(page)) <= before + 100  # an empty list, scrambled anew


def test_a_kept_conversation_comes_back_and_goes_on_until_it_is_dropped(
    page: Page, context: BrowserContext, address: str
):
    ask(page, QUESTION)
    expect(page.locator("#chat textarea:enabled")).to_be_visible()
    page.get_by_label("Keep on this computer").check()
    kept = settled(page, lambda size: size > 1000)
    ask(page, FOLLOW_UP)
    settled(page, lambda size: size > kept + 500)

    later = context.new_page()
    visit(later, address)
    expect(later.locator(".answer")).to_have_count(2)
    expect(later.get_by_label("Keep on this computer")).to_be_checked()
    expect(ask(later, "And in writing?").locator(".asked")).to_contain_text("counteroffer")
    later.get_by_label("Keep on this computer").uncheck()
    settled(later, lambda size: size < 300)

    afterwards = context.new_page()
    visit(afterwards, address)
    afterwards.wait_for_timeout(2000)
    expect(afterwards.locator(".answer")).to_have_count(0)
    expect(afterwards.get_by_label("Keep on this computer")).not_to_be_checked()
