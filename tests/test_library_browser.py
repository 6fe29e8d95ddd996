"""The library in a real browser: filters, search while typing, an article at the cited words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from pincite.library import Library
from tests.web_browser import IN_BROWSER, served, watch
from web.links import citation_address
from web.source import CHANGED

pytestmark = IN_BROWSER

ID = "client-secondments"
ALL = 74
NONE = "asks for words where the article has none"


@pytest.fixture(scope="module")
def address(shipped_data: Path) -> Iterator[str]:
    with served(shipped_data, PINCITE_EMBEDDING_MODEL="hashing") as url:
        yield url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture
def seen() -> list[str]:
    """What console, network or a dialog saw; a test that expects something takes it out."""
    return []


@pytest.fixture
def page(context: BrowserContext, address: str, seen: list[str]) -> Iterator[Page]:
    page = context.new_page()
    watch(page, address, seen)
    yield page
    assert seen == []


def total(page: Page) -> int:
    return page.locator("#results > li").count()


def test_typing_narrows_the_list_and_the_typed_words_stand_in_no_address(page, address):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/library")
    page.get_by_label("Search").press_sequentially("garden le")
    expect(page.locator("#count")).to_have_text("2 articles, best match first")
    expect(page.locator("#results mark").first).to_have_text(re.compile("garden", re.IGNORECASE))
    assert not [url for url in [*asked, page.url] if "garden" in url]


def test_a_search_is_there_again_after_going_back_and_after_reloading(page, address):
    page.goto(f"{address}/library?to=2026")
    page.get_by_label("Search").fill("garden leave")
    count = page.locator("#count")
    expect(count).to_contain_text("best match first")
    told = count.inner_text()
    page.locator("#results h2 a").first.click()
    expect(page.locator("h1.title")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Search")).to_have_value("garden leave")
    expect(count).to_have_text(told)
    page.reload()
    expect(page.get_by_label("Search")).to_have_value("garden leave")
    expect(count).to_have_text(told)


def test_filters_stand_in_the_address_and_are_taken_off_by_one_click(page, address):
    page.goto(f"{address}/library")
    page.get_by_label("Kind").select_option("guide")
    page.get_by_label("Who speaks").select_option("counsellor")
    expect(page).to_have_url(f"{address}/library?speaker=counsellor&kind=guide")
    expect(page.get_by_role("link", name="Kind: Guide")).to_be_visible()
    both = page.locator("#count").inner_text()
    page.get_by_role("link", name="Kind: Guide").click()
    expect(page).to_have_url(f"{address}/library?speaker=counsellor")
    expect(page.get_by_label("Kind")).to_have_value("")
    expect(page.locator("#count")).to_be_focused()
    page.go_back()
    expect(page.get_by_label("Kind")).to_have_value("guide")
    expect(page.locator("#count")).to_have_text(both)


def test_more_articles_come_on_a_click_and_the_focus_goes_to_the_first_of_them(page, address):
    page.goto(f"{address}/library")
    assert total(page) == 30
    page.get_by_text("Show more").click()
    expect(page.locator("#results > li")).to_have_count(60)
    expect(page.locator("#results > li").nth(30).locator("h2 a")).to_be_focused()
    page.get_by_text("Show more").click()
    expect(page.locator("#results > li")).to_have_count(ALL)
    expect(page.get_by_text("Show more")).to_have_count(0)
    page.reload()
    assert total(page) == ALL


def test_a_search_that_finds_nothing_can_be_cleared(page, address):
    page.goto(f"{address}/library")
    page.get_by_label("Search").fill("zzyzx")
    expect(page.locator("#count")).to_have_text("No article has all of these words.")
    page.get_by_role("button", name="Clear the search").click()
    expect(page.locator("#count")).to_contain_text(f"of {ALL} articles")
    expect(page.get_by_label("Search")).to_be_focused()


def test_a_server_that_is_gone_is_told_and_can_be_tried_again(page, address, context, seen):
    page.goto(f"{address}/library")
    context.set_offline(True)
    page.get_by_label("Search").fill("garden")
    expect(page.get_by_role("alert")).to_contain_text("Pincite does not answer")
    assert total(page) == 30
    context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#count")).to_contain_text("best match first")
    expect(page.locator("#fault")).to_be_empty()
    seen[:] = [line for line in seen if "ERR_INTERNET_DISCONNECTED" not in line]


def test_without_a_script_the_library_filters_and_an_article_reads(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/library")
    page.get_by_label("Topic", exact=True).select_option("secondments")
    page.get_by_role("button", name="Show").click()
    assert "topic=secondments" in page.url
    page.locator("#results h2 a").first.click()
    expect(page.locator("article .text p").first).to_be_visible()
    expect(page.get_by_text("needs JavaScript")).to_have_count(0)
    context.close()


# --- an article --------------------------------------------------------------------------------


def marked(page: Page) -> str:
    page.locator("#cited").wait_for()
    return "".join(page.locator("mark.cited").all_text_contents())


def test_the_cited_words_are_marked_in_view_and_focused(page, address, shipped: Library):
    article = shipped.articles[ID]
    last = article.sections[-1]
    page.goto(address + citation_address(article.cite(last.start + 2, last.start + 60)))
    assert marked(page) == article.text[last.start + 2 : last.start + 60]
    expect(page.locator("#cited")).to_be_in_viewport()
    expect(page.locator("#cited")).to_be_focused()


def test_words_can_be_named_without_a_digest_and_another_address_moves_the_mark(
    page, address, shipped: Library
):
    text = shipped.articles[ID].text
    page.goto(f"{address}/article/{ID}#0-9")
    assert marked(page) == text[:9]
    page.evaluate("location.hash = '#2-12'")
    expect(page.locator("mark.cited")).to_have_text(text[2:12])
    expect(page.locator("mark.cited")).to_have_count(1)


@pytest.mark.parametrize(
    ("fragment", "told"),
    [
        pytest.param("#10-999999", NONE, id="beyond-the-end"),
        pytest.param("#10-10", NONE, id="nothing"),
        pytest.param("#0-9/0123456789ab", CHANGED, id="other-words-than-were-cited"),
    ],
)
def test_an_address_that_does_not_fit_is_told_and_nothing_is_marked(page, address, fragment, told):
    page.goto(f"{address}/article/{ID}{fragment}")
    expect(page.locator("#notes")).to_contain_text(told)
    expect(page.locator("mark")).to_have_count(0)


def select(page: Page, words: str) -> None:
    page.evaluate(
        """words => {
          const walker = document.createTreeWalker(document.querySelector(".text"), 4);
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(words);
            if (at < 0) continue;
            getSelection().setBaseAndExtent(
              walker.currentNode, at, walker.currentNode, at + words.length);
            return;
          }
        }""",
        words,
    )


def copied(page: Page) -> str:
    page.locator("#copied:not(:empty)").wait_for()
    return page.evaluate("navigator.clipboard.readText()")


def test_a_link_to_selected_words_leads_to_these_words(page, address, shipped: Library):
    article = shipped.articles[ID]
    words = "being out of sight at the firm"
    start = article.text.index(words)
    page.goto(f"{address}/article/{ID}#0-30")
    page.locator("#cited").wait_for()
    select(page, f" {words}")
    page.get_by_role("button", name="Copy link to the selected words").click()
    expected = citation_address(article.cite(start, start + len(words)))
    assert copied(page) == address + expected
    page.goto("about:blank")
    page.goto(address + expected)
    assert marked(page) == words


def test_characters_outside_the_basic_plane_count_once(page, address, shipped: Library):
    page.goto(f"{address}/article/{ID}")
    page.evaluate("document.querySelector('.text p').textContent = '😀😀 Hear both sides.'")
    select(page, "both")
    page.get_by_role("button", name="Copy link").click()
    at = page.evaluate("Number(document.querySelector('.text p').dataset.start)")
    assert f"#{at + 8}-{at + 12}/" in copied(page)


def test_a_link_to_the_article_is_its_plain_address(page, address):
    page.goto(f"{address}/article/{ID}#0-9")
    page.get_by_role("button", name="Copy link").click()
    assert copied(page) == f"{address}/article/{ID}"


def test_an_article_is_asked_about_on_the_chat_page(page, address):
    page.goto(f"{address}/article/{ID}")
    page.get_by_role("link", name="Ask about this article").click()
    expect(page.locator("#reader")).to_be_visible()
    expect(page.locator("#source-title")).to_have_text("Client Secondments, Weighed Up")


@pytest.mark.parametrize("width", [320, 768])
def test_nothing_is_wider_than_the_window(page, address, width):
    page.set_viewport_size({"width": width, "height": 640})
    wide = "document.documentElement.scrollWidth > innerWidth"
    page.goto(f"{address}/library?topic=secondments&from=2026")
    assert not page.evaluate(wide)
    page.goto(f"{address}/article/{ID}#0-9")
    assert not page.evaluate(wide)
