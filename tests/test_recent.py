"""Gradio holds a dialogue's newest turns; the page keeps the others where they stood."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web_browser import CHROMIUM, ask, served, visit, watch
from web.dialogue import turn_of_page
from web.recent import KEPT, MOST, new_turn, newest, turn_html

DRAWBACKS = "What are the drawbacks of a secondment?"
NOTICE = "How long is the notice period?"
CLAUSES = "What about sourdough?"


def dialogue(questions: int) -> list[dict[str, str]]:
    return [
        {"role": role, "content": f"{role} {number}"}
        for number in range(questions)
        for role in ("user", "assistant")
    ]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        pytest.param(0, 0, id="none"),
        pytest.param(MOST - 1, MOST - 1, id="room-for-one-more"),
        pytest.param(MOST, KEPT, id="full"),
        pytest.param(200, KEPT, id="much-too-long"),
    ],
)
def test_a_dialogue_that_is_full_keeps_its_newest_turns(asked, kept):
    whole = dialogue(asked)
    assert newest(whole) == whole[2 * (asked - kept) :]


def test_a_question_that_was_never_answered_goes_as_a_turn_of_its_own():
    stopped = {"role": "user", "content": "stopped"}
    kept = newest([*dialogue(2), stopped, *dialogue(MOST)])
    assert kept == dialogue(MOST)[2 * (MOST - KEPT) :]


def test_what_names_a_turn_is_no_word_of_its_answer():
    said = '<div class="answer"><p class="said"><q>Wait.</q></p></div>'
    message = {"role": "assistant", "content": turn_html(said, turn=new_turn())}
    assert turn_of_page(message).text == "Wait."


@pytest.fixture
def page(browser: Browser, data) -> Iterator[Page]:
    with served(data, PINCITE_EMBEDDING_MODEL="hashing") as address:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        seen: list[str] = []
        watch(page, address, seen)
        visit(page, address)
        yield page
        context.close()
        assert seen == []


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install one (Debian: chromium)")
def test_turns_that_gradio_lets_go_of_stay_on_the_page_and_work(page: Page):
    asked = [DRAWBACKS, *[f"{NOTICE} {number}" for number in range(MOST)]]
    [ask(page, question) for question in asked]
    questions = page.locator("#dialogue .user-row")
    kept = page.locator("#dialogue .kept")
    expect(kept).to_have_count(MOST - KEPT)
    assert [text.strip() for text in questions.all_text_contents()] == asked
    expect(page.locator("#dialogue .answer")).to_have_count(len(asked))
    expect(kept.get_by_role("button", name="Edit")).to_have_count(0)

    expect(kept.first).to_contain_text("out of sight")
    kept.first.locator("a.cite").first.click()
    expect(page.locator("#cited")).to_contain_text("out of sight")
    page.keyboard.press("Escape")

    page.locator("#dialogue .message-wrap").get_by_role("button", name="Edit").first.click()
    page.locator("#dialogue .message-wrap textarea").fill(CLAUSES)
    page.locator("#dialogue").get_by_role("button", name="Submit").click()
    expect(questions).to_have_count(MOST - KEPT + 1)
    expect(questions.last).to_contain_text(CLAUSES)
    expect(kept).to_have_count(MOST - KEPT)

    page.locator("#dialogue").get_by_role("button", name="Clear", include_hidden=True).evaluate(
        "button => button.click()"
    )
    expect(page.locator("#dialogue .user-row")).to_have_count(0)
