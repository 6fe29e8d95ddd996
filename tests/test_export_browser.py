"""What is taken along from the page: by keyboard, as files, and when the server is gone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Locator, Page, Route, expect

from tests.web_browser import IN_BROWSER, ROOT, ask, publish, served, visit, watch
from tests.web_html import read
from web.middleware import EXPORT

pytestmark = [*IN_BROWSER, pytest.mark.model]

SECONDMENT = "What are the *drawbacks* of a secondment?"
FOLLOW_UP = "And how long?"
OFF_TOPIC = "What temperature should I bake sourdough bread at?"
WHOLE = "Whole conversation"
TEXT, MARKDOWN, PAGE = "Plain text", "Markdown", "Document"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data: Path = tmp_path_factory.mktemp("export") / "library"
    publish(ROOT / "corpus", data)
    with served(data) as url:
        yield url


def opened(browser: Browser, address: str, seen: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    watch(page, address, seen)
    visit(page, address)
    yield page
    context.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of its own per test; whatever its console, its network or a dialog saw fails it."""
    seen: list[str] = []
    yield from opened(browser, address, seen)
    assert seen == []


@pytest.fixture
def page_without_server(browser: Browser, address: str) -> Iterator[Page]:
    """A page whose console is not looked at: the browser writes of its lost request into it."""
    for page in opened(browser, address, []):
        page.route(f"**{EXPORT}", lambda route: route.abort())
        yield page


def save(answer: Locator, name: str, *, whole: bool = False) -> Download:
    answer.get_by_role("button", name="Export").click()
    answer.get_by_label(WHOLE if whole else "This answer").check()
    with answer.page.expect_download() as waiting:
        answer.get_by_role("button", name=name).click()
    return waiting.value


def text_of(download: Download) -> str:
    return Path(download.path()).read_text(encoding="utf-8")


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def quotes(answer: Locator) -> list[str]:
    return answer.locator(".said q").all_text_contents()


def test_a_copied_answer_has_its_question_as_typed_its_quotes_and_whole_cites(page, address):
    answer = ask(page, SECONDMENT)
    answer.get_by_role("button", name="Copy").click()
    expect(answer.locator(".copy")).to_have_text("Copied")
    expect(page.locator("#export-status")).to_have_text("Copied with its sources.")
    copied = clipboard(page)
    assert copied.startswith(f"Question: {SECONDMENT}\n")
    said = [f"“{words}” [{n}]" for n, words in enumerate(quotes(answer), start=1)]
    assert len(said) >= 3
    assert [words for words in said if words not in copied] == []
    href = answer.locator("a.cite").first.get_attribute("href").removeprefix("#/article/")
    article, words = href.split("/", 1)
    assert f"At these words: {address}/article/{article}#{words}\n" in copied
    expect(answer.locator(".copy")).to_have_text("Copy")


def test_an_answer_is_saved_as_plain_text(page: Page):
    answer = ask(page, SECONDMENT)
    saved = save(answer, TEXT)
    assert saved.suggested_filename == "Pincite - What are the drawbacks of a secondment.txt"
    assert quotes(answer)[0] in " ".join(text_of(saved).split())
    expect(page.locator("#export-status")).to_contain_text("Saved as “Pincite - What are")
    expect(answer.locator(".export")).to_be_focused()
    expect(answer.locator(".forms")).to_be_hidden()


def test_a_whole_conversation_is_saved_in_order_with_its_refusal(page: Page):
    ask(page, SECONDMENT)
    follow_up = ask(page, FOLLOW_UP)
    understood = follow_up.locator(".asked q").inner_text()
    refusal = ask(page, OFF_TOPIC)
    saved = text_of(save(refusal, MARKDOWN, whole=True))
    asked = [line for line in saved.splitlines() if line.startswith("## ")]
    assert asked == [
        "## What are the \\*drawbacks\\* of a secondment?",
        f"## {FOLLOW_UP}",
        f"## {OFF_TOPIC}",
    ]
    assert f"Understood as: {understood}" in saved.replace("\\", "")
    assert "The library does not cover this" in saved


def test_a_single_answer_of_a_conversation_is_saved_alone(page: Page):
    ask(page, SECONDMENT)
    refusal = ask(page, OFF_TOPIC)
    assert "drawbacks" not in text_of(save(refusal, TEXT))


def test_a_saved_page_shows_the_same_quotes_in_a_browser_and_asks_for_nothing(
    page: Page, browser: Browser, tmp_path: Path
):
    answer = ask(page, SECONDMENT)
    saved = tmp_path / "saved.html"
    save(answer, PAGE).save_as(saved)
    assert read(saved.read_text(encoding="utf-8").removeprefix("<!doctype html>")).texts("h1") == [
        SECONDMENT
    ]
    requests: list[str] = []
    reader = browser.new_page()
    reader.on("request", lambda request: requests.append(request.url))
    reader.goto(saved.as_uri())
    expect(reader.locator("blockquote")).to_have_count(len(quotes(answer)))
    expect(reader).to_have_title(SECONDMENT)
    reader.locator("blockquote a").first.click()
    expect(reader.locator("#source-1-1")).to_be_in_viewport()
    reader.close()
    assert [url for url in requests if not url.startswith(saved.as_uri())] == []


def test_a_saved_page_fits_paper(page: Page, browser: Browser, tmp_path: Path):
    saved = tmp_path / "saved.html"
    save(ask(page, SECONDMENT), PAGE).save_as(saved)
    reader = browser.new_page(viewport={"width": 640, "height": 900})
    reader.emulate_media(media="print")
    reader.goto(saved.as_uri())
    too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not reader.evaluate(too_wide)
    assert reader.pdf().startswith(b"%PDF")
    reader.close()


def test_the_keyboard_alone_exports(page: Page):
    answer = ask(page, SECONDMENT)
    answer.locator(".copy").focus()
    page.keyboard.press("Tab")
    opening = answer.get_by_role("button", name="Export")
    expect(opening).to_be_focused()
    expect(opening).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(opening).to_have_attribute("aria-expanded", "true")
    expect(answer.get_by_role("group", name="Export", exact=True)).to_be_in_viewport(ratio=1)
    page.keyboard.press("Tab")
    expect(answer.get_by_role("radio", name="This answer")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(answer.get_by_role("radio", name=WHOLE)).to_be_checked()
    page.keyboard.press("Tab")
    expect(answer.get_by_role("button", name=TEXT)).to_be_focused()
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename.endswith(".txt")
    expect(page.locator("#export-status")).to_contain_text("Saved as “Pincite - What are")
    expect(answer.locator(".export")).to_be_focused()


def test_escape_closes_the_choice_and_leaves_the_open_source_open(page: Page):
    answer = ask(page, SECONDMENT)
    answer.locator("a.cite").first.click()
    expect(page.locator("#cited")).to_be_focused()
    answer.locator(".export").click()
    page.keyboard.press("Escape")
    expect(answer.locator(".forms")).to_be_hidden()
    expect(answer.locator(".export")).to_be_focused()
    expect(page.locator("#reader")).to_be_visible()


def test_the_page_sends_the_places_of_its_quotes_and_none_of_their_words(page: Page):
    answer = ask(page, SECONDMENT)
    with page.expect_request(f"**{EXPORT}") as waiting:
        answer.locator(".copy").click()
    sent = waiting.value.post_data
    assert sent
    (item,) = json.loads(sent)["items"]
    assert len(item["statements"]) == len(quotes(answer))
    assert [words for words in quotes(answer) if words in sent] == []


def test_without_the_server_a_copy_is_taken_from_the_page_and_says_so(page_without_server: Page):
    answer = ask(page_without_server, SECONDMENT)
    answer.locator(".copy").click()
    expect(answer.get_by_role("alert")).to_contain_text("were not compared once more")
    copied = clipboard(page_without_server)
    assert f"“{quotes(answer)[0]}” [1]" in copied
    assert "[1] http" in copied
    assert "were not compared once more" in copied


def test_without_the_server_nothing_is_saved_and_the_choice_stays(page_without_server: Page):
    answer = ask(page_without_server, SECONDMENT)
    answer.locator(".export").click()
    answer.get_by_role("button", name=TEXT).click()
    expect(answer.get_by_role("alert")).to_contain_text("so nothing was saved")
    expect(answer.get_by_role("button", name=TEXT)).to_be_enabled()


def test_why_the_server_exports_nothing_is_shown(page_without_server: Page):
    def refuse(route: Route) -> None:
        route.fulfill(status=503, json={"error": "There is no library."})

    answer = ask(page_without_server, SECONDMENT)
    page_without_server.route(f"**{EXPORT}", refuse)
    answer.locator(".export").click()
    answer.get_by_role("button", name=TEXT).click()
    expect(answer.get_by_role("alert")).to_have_text("There is no library.")


def test_without_a_clipboard_of_its_own_the_browser_copies_the_old_way(page: Page):
    answer = ask(page, SECONDMENT)
    read_text = "globalThis.clip = navigator.clipboard; delete Navigator.prototype.clipboard"
    page.evaluate(read_text)
    answer.locator(".copy").click()
    expect(answer.locator(".copy")).to_have_text("Copied")
    assert quotes(answer)[0] in page.evaluate("clip.readText()")


def test_on_a_phone_the_choice_fits(page: Page):
    page.set_viewport_size({"width": 360, "height": 740})
    answer = ask(page, SECONDMENT)
    answer.locator(".export").click()
    expect(answer.get_by_role("button", name=PAGE)).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
