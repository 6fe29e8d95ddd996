"""What an editor does below the form, in a browser: publish the folder, go back, read notes."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from pincite.inbox import Inbox, Note, Quoted, Stated
from tests.conftest import SMALL_CORPUS, write_corpus
from tests.web_browser import IN_BROWSER, publish, served, watch

pytestmark = IN_BROWSER

PASSWORD = "only-for-this-test"
SABBATICAL = "# Sabbaticals\n\nA sabbatical returns your curiosity, most <b>associates</b> say.\n"
QUOTE = "Three months is usual in most contracts that associates sign."
GAP = Note(
    id="00000000000000bb",
    kind="gap",
    written=date(2026, 3, 4),
    question="How do I become a judge? <img src=x onerror=alert(1)>",
    standalone_question="How do I become a judge? <img src=x onerror=alert(1)>",
    generation=1,
    comment="At all!",
)
NOTE = replace(
    GAP,
    id="00000000000000aa",
    kind="unhelpful",
    question="How long is the notice period?",
    standalone_question="How long is the notice period?",
    comment="Too short.",
    citations=(Quoted(article_id="notice", start=0, end=len(QUOTE), quote=QUOTE),),
    statements=(Stated(text="Three months, mostly.", verbatim=False),),
)


@dataclass(frozen=True)
class Place:
    """Where the app under test serves from."""

    address: str
    corpus: Path
    inbox: Inbox


@pytest.fixture(scope="module", autouse=True)
def _small_model() -> Iterator[None]:
    """Publish and serve without weights, for commands and the app alike."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PINCITE_EMBEDDING_MODEL", "hashing")
        yield


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, _small_model: None) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("desk")
    corpus = write_corpus(home / "corpus", SMALL_CORPUS)
    publish(corpus, home / "library")
    settings = {
        "PINCITE_EMBEDDING_MODEL": "hashing",
        "PINCITE_CORPUS": str(corpus),
        "PINCITE_EDITOR_PASSWORD": PASSWORD,
        "PINCITE_INBOX": "true",
    }
    with served(home / "library", **settings) as address:
        yield Place(address, corpus, Inbox(home / "library" / "inbox"))


@pytest.fixture
def place(running: Place) -> Iterator[Place]:
    """The same for every test: three articles in the folder, nothing in the inbox."""
    shutil.rmtree(running.corpus)
    write_corpus(running.corpus, SMALL_CORPUS)
    yield running
    shutil.rmtree(running.inbox.folder, ignore_errors=True)


@pytest.fixture
def seen() -> list[str]:
    """What console, network or a dialog saw; a test that expects something takes it out."""
    return []


@pytest.fixture
def page(browser: Browser, place: Place, seen: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=place.address)
    page = context.new_page()
    watch(page, place.address, seen)
    yield page
    context.close()
    assert seen == []


def open_desk(page: Page) -> Page:
    page.goto("/editor")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#versions-list > li")).not_to_have_count(0)
    return page


def publish_folder(page: Page) -> Locator:
    """Press the button and wait until the run is over, whatever became of it."""
    page.locator("#publish-folder").click()
    expect(page.locator("#publish-folder")).to_be_enabled(timeout=20_000)
    return page.locator("#busy-folder")


def test_a_file_put_into_the_folder_is_published_with_its_report(page: Page, place: Place):
    (place.corpus / "sabbatical.md").write_text(SABBATICAL)
    (place.corpus / "song.mp3").write_bytes(b"ID3\x03")
    told = publish_folder(open_desk(page))
    expect(told).to_have_text("Published, and in answers from now on.", timeout=20_000)
    expect(page.locator("#last-heading")).to_be_focused()
    report = page.locator("#last-report")
    expect(report).to_contain_text("1 file is not published")
    expect(report).to_contain_text("song.mp3: files ending in '.mp3' are not read")
    expect(report).to_contain_text("1 article added")
    expect(report.locator(".names")).to_contain_text(["Sabbaticals"])
    expect(page.locator("#list li").filter(has_text="Sabbaticals")).to_have_count(1)


def test_a_removal_of_most_is_asked_about_and_nothing_goes_before_it_is_confirmed(
    page: Page, place: Place, seen: list[str]
):
    publish_folder(open_desk(page))
    (place.corpus / "guides" / "notice.md").unlink()
    (place.corpus / "threads" / "burnout.md").unlink()
    publish_folder(page)
    dialog = page.get_by_role("dialog", name="Remove 2 of 3 articles?")
    expect(dialog.locator("#removals-list li")).to_have_text(
        ["Exhausted after two years", "Handing in your notice"], timeout=20_000
    )
    expect(dialog.get_by_role("button", name="Change nothing")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#list li")).to_have_count(3)
    expect(page.get_by_role("button", name="Publish what is in the folder")).to_be_focused()
    publish_folder(page)
    dialog.get_by_role("button", name="Remove them and publish").click(timeout=20_000)
    expect(page.locator("#list li")).to_have_count(1, timeout=20_000)
    expect(dialog).to_be_hidden()
    expect(page.locator("#last-report")).to_contain_text("2 articles removed")
    assert {"409" in line for line in seen} == {True}
    seen.clear()


def test_going_back_asks_first_says_what_is_served_and_the_next_publish_undoes_it(
    page: Page, place: Place
):
    open_desk(page)
    publish_folder(page)
    expect(page.locator("#list li")).to_have_count(3, timeout=20_000)
    (place.corpus / "leave.md").write_text("# Unpaid leave\n\nMost firms grant unpaid leave.\n")
    publish_folder(page)
    expect(page.locator("#list li")).to_have_count(4, timeout=20_000)
    way = page.get_by_role("button", name="Go back to version")
    way.click()
    dialog = page.get_by_role("dialog", name="Go back to version")
    expect(dialog).to_contain_text("1 article goes")
    expect(dialog).to_contain_text("Unpaid leave")
    expect(dialog).to_contain_text("the next publish brings this version back")
    page.keyboard.press("Escape")
    expect(way).to_be_focused()
    way.click()
    dialog.get_by_role("button", name="Go back").click()
    expect(page.locator("#versions-told")).to_contain_text("is served now, 3 articles")
    expect(page.locator("#versions-heading")).to_be_focused()
    expect(page.locator("#list li")).to_have_count(3)
    first, second = page.locator("#versions-list > li").all()[:2]
    expect(first).to_contain_text("newer, not served")
    expect(second).to_contain_text("served now")
    publish_folder(page)
    expect(page.locator("#list li")).to_have_count(4, timeout=20_000)
    expect(page.locator("#versions-told")).to_be_empty()


def test_what_readers_sent_is_read_dropped_and_put_back(page: Page, place: Place):
    place.inbox.put(GAP)
    place.inbox.put(replace(GAP, id="00000000000000cc", comment=""))
    place.inbox.put(NOTE)
    open_desk(page)
    readers = page.locator("#readers")
    expect(page.get_by_role("link", name="From readers (3)")).to_be_visible()
    gap = readers.locator("li").filter(has_text="become a judge")
    expect(gap.locator(".asked")).to_have_text(GAP.question)
    expect(gap).to_contain_text("Asked 2 times · 4 March 2026")
    expect(gap.locator("blockquote")).to_have_text(["At all!"])
    note = readers.locator("li").filter(has_text="notice period")
    note.get_by_text("What was sent").click()
    expect(note).to_contain_text("Three months, mostly. (written by the chat model)")
    expect(note.locator("q")).to_have_text(QUOTE)
    link = note.get_by_role("link", name="Handing in your notice")
    expect(link).to_have_attribute("href", re.compile("^/#/article/notice/0-61/[0-9a-f]{12}$"))

    gap.get_by_role("button", name="Drop").click()
    expect(readers.get_by_role("button", name="Undo")).to_be_focused()
    expect(gap).to_have_count(0)
    assert [each.id for each in place.inbox.contents().notes] == [NOTE.id]
    page.keyboard.press("Enter")
    expect(page.locator("#readers-told")).to_have_text("2 notes are back.")
    expect(gap).to_have_count(1)
    assert len(place.inbox.contents().notes) == 3


def test_an_empty_inbox_says_what_will_stand_there(page: Page):
    open_desk(page)
    expect(page.locator("#readers-lead")).to_contain_text("Nothing is waiting.")
    expect(page.locator("#readers-list > *")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_window(page: Page, place: Place, width: int):
    place.inbox.put(replace(NOTE, comment="W" * 900))
    page.set_viewport_size({"width": width, "height": 800})
    open_desk(page)
    expect(page.locator("#readers blockquote")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
