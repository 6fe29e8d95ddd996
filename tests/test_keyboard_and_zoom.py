"""What no rule of axe sees: keyboard, what is read out, motion, zoom, spacing, forced colours."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web_browser import IN_BROWSER, ask, complete, served, visit

pytestmark = IN_BROWSER

DRAWBACKS = "What are the drawbacks of a secondment?"
BENEFITS = "What are the benefits of a secondment?"
MOST_TABS = 40

FOCUS_IS_SEEN = """() => {
  const looks = (element) =>
    [element, element.parentElement, element.parentElement.parentElement]
      .concat(element.closest(".input-container") ?? [])
      .map((each) => getComputedStyle(each))
      .map((style) => [style.outline, style.boxShadow, style.borderColor].join())
      .join();
  const element = document.activeElement;
  if (element === document.body) return ""; // the browser's own controls come next
  const focused = looks(element);
  element.blur();
  const plain = looks(element);
  element.focus({ preventScroll: true });
  return focused === plain ? element.outerHTML.slice(0, 200) : "";
}"""
SPOKEN = """() => {
  window.heard = [];
  new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      const region = target.closest?.("[aria-live], [role=status], [role=log], [role=alert]");
      if (!region || region.getAttribute("aria-live") === "off") continue;
      if (region.id === "reader-status") continue;
      window.heard.push(...[...addedNodes].map((node) => node.textContent.trim()).filter(Boolean));
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
}"""
SPACED = """
* { line-height: 1.5 !important; word-spacing: 0.16em !important }
* { letter-spacing: 0.12em !important }
p { margin-bottom: 2em !important }
"""
TOO_WIDE = """() => [...document.querySelectorAll("body, body *")]
  .filter((element) => element.checkVisibility() && element.textContent.trim())
  .filter((element) => {
    const box = element.getBoundingClientRect();
    const isHidden = ["hidden", "clip"].includes(getComputedStyle(element).overflowX);
    const isCut = isHidden && element.scrollWidth > element.clientWidth + 1;
    const isForEyes = box.width > 1 && box.height > 1;
    return isForEyes && (isCut || box.right > innerWidth + 1 || box.left < -1);
  })
  .map((element) => `${element.tagName}.${element.className}#${element.id}`)"""
MOVING = """() => [...document.querySelectorAll("*")].filter((element) => {
  const style = getComputedStyle(element);
  const takesTime = /[1-9]/.test(style.transitionDuration) && style.transitionProperty !== "none";
  return takesTime || style.animationName !== "none" || style.scrollBehavior === "smooth";
}).length"""


@pytest.fixture(scope="module")
def address(_published: Path) -> Iterator[str]:
    with served(_published / "data", PINCITE_EMBEDDING_MODEL="hashing") as url:
        yield url


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    visit(page, address)
    yield page
    context.close()


def tab_to(page: Page, selector: str, *, key: str = "Tab") -> list[str]:
    """Press a key until the focus is there; give the stops at which it could not be seen."""
    unseen = []
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        unseen.append(page.evaluate(FOCUS_IS_SEEN))
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return [stop for stop in unseen if stop]
    raise AssertionError(f"{selector} is not reached within {MOST_TABS} presses of {key}")


def test_the_keyboard_alone_asks_reads_steps_returns_and_stops_with_the_focus_always_seen(
    page: Page,
):
    page.evaluate("document.activeElement.blur()")
    unseen = tab_to(page, "#question textarea")
    page.keyboard.type(DRAWBACKS)
    page.keyboard.press("Enter")
    complete(page.locator(".answer"))
    expect(page.locator("#chat textarea")).to_be_enabled()
    page.locator("#chat textarea").focus()
    unseen += tab_to(page, "a.cite", key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#cited")).to_be_focused()
    unseen += tab_to(page, "#reader-previous", key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#reader")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator("a.cite:focus")).to_have_count(1)
    unseen += tab_to(page, "#question textarea")
    page.keyboard.type(BENEFITS)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_have_count(2)
    complete(page.locator(".answer").last)
    assert unseen == []


def test_the_page_has_one_head_one_main_part_one_source_and_headings_in_order(page: Page):
    ask(page, DRAWBACKS).locator("a.cite").first.click()
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("navigation")).to_have_count(1)
    expect(page.get_by_role("complementary", name="Source")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_text(["Pincite"])
    levels = page.evaluate(
        """[...document.querySelectorAll("h1, h2, h3, h4")]
             .filter((heading) => heading.checkVisibility())
             .map((heading) => Number(heading.tagName[1]))"""
    )
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_each_sentence_of_an_answer_is_read_out_once(page: Page):
    page.evaluate(SPOKEN)
    answer = ask(page, DRAWBACKS)
    said = answer.locator(".said q").all_text_contents()
    expect(page.locator("#chat textarea")).to_be_enabled()
    heard = page.evaluate("window.heard")
    assert len(said) > 1
    assert [text for text in heard if any(words in text for words in said)] == said


def test_nothing_moves_for_who_asks_for_no_motion(page: Page):
    ask(page, DRAWBACKS).locator("a.cite").first.click()
    expect(page.locator("#cited")).to_be_focused()
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == 0


@pytest.mark.parametrize(
    ("width", "height", "style"),
    [
        pytest.param(640, 400, "", id="at-200-percent"),
        pytest.param(320, 640, "", id="at-400-percent"),
        pytest.param(1280, 800, SPACED, id="spaced-as-WCAG-1.4.12-allows"),
    ],
)
def test_nothing_is_cut_off_and_the_page_never_scrolls_sideways(page: Page, width, height, style):
    page.set_viewport_size({"width": width, "height": height})
    page.add_style_tag(content=style or "/* none */")
    answer = ask(page, DRAWBACKS)
    expect(page.locator("#chat textarea")).to_be_in_viewport()
    expect(answer.locator("a.cite").first).to_be_visible()
    assert page.evaluate(TOO_WIDE) == []
    answer.locator("a.cite").first.click()
    expect(page.locator("#cited")).to_be_in_viewport()
    wide = [name for name in page.evaluate(TOO_WIDE) if "reader-title" not in name]
    assert wide == []  # the bar's title is cut with an ellipsis; the article repeats it whole


def test_in_forced_colours_the_cited_words_and_the_numbers_still_stand_out(page: Page):
    page.emulate_media(forced_colors="active")
    answer = ask(page, DRAWBACKS)
    answer.locator("a.cite").first.click()
    cited = page.locator("#cited")
    text = page.locator("#reader .text")
    colour = "element => getComputedStyle(element).backgroundColor"
    assert cited.evaluate(colour) != text.evaluate(colour)
    expect(cited).to_have_css("outline-width", re.compile("[23]px"))
    expect(answer.locator("a.cite").nth(1)).to_have_css("border-top-width", "1px")
    expect(answer.locator("a.cite.open")).to_have_css("border-top-width", "3px")
