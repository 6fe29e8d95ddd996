"""What an associate sees: the real page in a real browser, over the articles that ship."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

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
ROTATION = "My rotation ends soon. How do I stay in the department I like?"
FOLLOW_UP = "And how long?"
CORRECTED = "How long is parental leave?"
OFF_TOPIC = "What temperature should I bake sourdough bread at?"
POISONED = "What should associates know about quokka husbandry clauses?"

PAYLOAD = "<img src=http://127.0.0.1:9/x onerror=alert(1)><script>alert(2)</script>"
POISON = f"""---
title: Quokka husbandry clauses {PAYLOAD}
kind: guide
---

Quokka husbandry clauses {PAYLOAD} matter to associates more than they know.

Associates should read every quokka husbandry clause {PAYLOAD} before they sign.
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("browser")
    corpus = folder / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    (corpus / "poison.md").write_text(POISON)
    publish(corpus, folder / "library")
    with served(folder / "library") as url:
        yield url


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of its own per test; whatever its console, its network or a dialog saw fails it."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    seen: list[str] = []
    watch(page, address, seen)
    visit(page, address)
    yield page
    context.close()
    assert seen == []


def quote_of(citation: Locator) -> str:
    return citation.locator("xpath=preceding-sibling::q").inner_text()


def test_a_citation_opens_its_article_at_the_quoted_sentence(page: Page):
    answer = ask(page, SECONDMENT)
    citation = answer.locator("a.cite").nth(1)
    citation.click()
    expect(page.locator("#cited")).to_have_text(quote_of(citation))
    expect(page.locator("#cited")).to_be_focused()
    expect(page.locator("#cited")).to_be_in_viewport()
    expect(page.locator("#reader-status")).to_contain_text("at the cited words")


def test_every_citation_of_an_answer_opens_the_words_beside_it(page: Page):
    answer = ask(page, SECONDMENT)
    pairs = page.evaluate(
        """async (links) => Promise.all(links.map(async (link) => {
             const [, , id, span, words] = link.getAttribute("href").split("/");
             const reply = await fetch(`/api/articles/${id}?cited=${span}&words=${words}`);
             const holder = document.createElement("div");
             holder.innerHTML = (await reply.json()).html;
             const marked = [...holder.querySelectorAll("mark.cited")].map((m) => m.textContent);
             return [link.parentElement.querySelector("q").textContent, marked.join(" ")];
           }))""",
        answer.locator("a.cite").element_handles(),
    )
    assert len(pairs) >= 3
    assert [quote for quote, _ in pairs] == [marked for _, marked in pairs]


def test_citations_of_an_earlier_answer_still_open_their_article(page: Page):
    first = ask(page, SECONDMENT).locator("a.cite").first
    ask(page, ROTATION).locator("a.cite").first.click()
    expect(page.locator("#source-title")).to_be_visible()
    first.click()
    expect(page.locator("#cited")).to_have_text(quote_of(first))


def test_a_refusal_cites_nothing_and_its_near_articles_open_at_their_top(page: Page):
    answer = ask(page, OFF_TOPIC)
    expect(answer).to_contain_text("The library does not cover this")
    expect(answer.locator("a.cite")).to_have_count(0)
    near = answer.locator("a.near").first
    near.click()
    expect(page.locator("#source-title")).to_have_text(near.inner_text())
    expect(page.locator("mark")).to_have_count(0)


def test_the_keyboard_opens_a_citation_and_escape_returns_to_it(page: Page):
    citations = ask(page, SECONDMENT).locator("a.cite")
    citations.first.focus()
    page.keyboard.press("Tab")
    expect(citations.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#cited")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    expect(citations.nth(1)).to_be_focused()


def test_the_browsers_back_button_goes_to_the_source_before(page: Page):
    citations = ask(page, SECONDMENT).locator("a.cite")
    citations.first.click()
    expect(page.locator("#cited")).to_have_text(quote_of(citations.first))
    citations.nth(1).click()
    expect(page.locator("#cited")).to_have_text(quote_of(citations.nth(1)))
    page.go_back()
    expect(page.locator("#cited")).to_have_text(quote_of(citations.first))
    page.go_back()
    expect(page.locator("#reader")).to_be_hidden()


def question_box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your question")


def test_what_a_question_was_understood_as_is_corrected_by_the_keyboard(page: Page):
    ask(page, SECONDMENT)
    misunderstood = ask(page, FOLLOW_UP)
    understood = misunderstood.locator(".asked q").inner_text()
    assert "secondment" in understood
    misunderstood.get_by_role("link", name="Correct this question").focus()
    page.keyboard.press("Enter")
    box = question_box(page)
    expect(box).to_have_value(f"Instead: {understood}")
    expect(box).to_be_focused()
    page.keyboard.type("!")
    expect(box).to_have_value(f"Instead: {understood}!")
    corrected = ask(page, f"Instead: {CORRECTED}")
    expect(corrected.locator(".title").first).to_contain_text("Parental Leave")
    expect(corrected.locator(".asked")).to_have_count(0)
    further = ask(page, "And the pay?").locator(".asked q")
    expect(further).to_contain_text("parental leave")
    expect(further).not_to_contain_text("secondment")


def test_a_correction_is_sent_as_the_control_wrote_it(page: Page):
    ask(page, SECONDMENT)
    misunderstood = ask(page, FOLLOW_UP)
    understood = misunderstood.locator(".asked q").inner_text()
    misunderstood.locator("a.correct").click()
    question_box(page).press("Enter")
    corrected = complete(page.locator(".answer").nth(2))
    expect(page.locator('#dialogue [data-testid="user"]').nth(2)).to_have_text(
        f"Instead: {understood}"
    )
    expect(corrected.locator(".asked, .fault")).to_have_count(0)


def test_a_question_can_be_corrected_while_its_answer_grows(page: Page):
    ask(page, SECONDMENT)
    box = question_box(page)
    box.fill("And the drawbacks?")
    box.press("Enter")
    page.locator("a.correct").click()
    expect(box).to_have_value("Instead: And the drawbacks? (secondment)")
    expect(box).to_be_focused()
    complete(page.locator(".answer").nth(1))
    expect(box).to_have_value("Instead: And the drawbacks? (secondment)")


def test_on_a_phone_the_open_source_makes_room_for_a_correction(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, SECONDMENT).locator("a.cite").first.click()
    expect(page.locator("#cited")).to_be_in_viewport()
    page.locator("#reader-close").click()
    answer = ask(page, "And the drawbacks?")
    answer.locator("a.cite").first.click()
    expect(question_box(page)).to_be_hidden()
    answer.locator("a.correct").click()
    expect(question_box(page)).to_be_focused()
    expect(page.locator("#reader")).to_be_hidden()


def test_an_answer_is_copied_as_text_with_its_sources(page: Page):
    answer = ask(page, SECONDMENT)
    answer.locator(".copy").click()
    expect(answer.locator(".copy")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"“{quote_of(answer.locator('a.cite').first)}” [1]" in copied
    assert "<" not in copied


def test_markup_in_an_article_stays_text_on_the_page(page: Page):
    answer = ask(page, POISONED)
    citation = answer.locator("a.cite").first
    expect(answer).to_contain_text("<script>")
    citation.click()
    expect(page.locator("#reader")).to_contain_text("<script>")
    expect(page.locator(".answer img, .answer script, #reader img, #reader script")).to_have_count(
        0
    )


def test_markup_in_a_question_reaches_nobody(page: Page):
    ask(page, f"{SECONDMENT} <script>alert(3)</script><b onclick=alert(4)>now</b>")
    expect(page.locator("#dialogue script, #dialogue [onclick]")).to_have_count(0)


def test_on_a_phone_the_source_is_a_sheet_below_the_chat(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    citation = ask(page, SECONDMENT).locator("a.cite").first
    citation.click()
    expect(page.locator("#cited")).to_be_in_viewport()
    expect(citation).to_be_in_viewport()
    chat, sheet = page.locator("#chat").bounding_box(), page.locator("#reader").bounding_box()
    assert chat
    assert sheet
    assert sheet["y"] >= chat["y"] + chat["height"] - 1
    assert sheet["width"] == 390


def test_the_page_says_what_it_is_once(page: Page):
    expect(page.locator("h1")).to_have_text(["Pincite"])
    expect(page).to_have_title("Pincite")
    expect(page.locator(".masthead")).to_contain_text("Nothing you type leaves this computer")
    expect(page.locator("footer")).not_to_be_visible()
