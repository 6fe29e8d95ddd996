"""Over all canned questions, in a real browser: what the reader marks are the quoted words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from evals.questions import FOLDER, load_questions
from pincite.embedding import Embedder
from pincite.inbox import Quoted
from pincite.library import LiveLibrary
from tests.web_browser import IN_BROWSER, served, visit
from web.links import citation_link

pytestmark = [*IN_BROWSER, pytest.mark.model]

ASK = """(asked) => fetch("/api/ask", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(asked),
}).then((reply) => reply.json())"""

OPEN = """async (links) => {
  const marked = [];
  for (const link of links) {
    const opened = new Promise((done) =>
      document.addEventListener("pincite:article", done, { once: true }));
    location.hash = link;
    await opened;
    const marks = [...document.querySelectorAll("#reader mark.cited")];
    marked.push(marks.map((mark) => mark.textContent).join(" "));
  }
  return marked;
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, shipped_with_minilm: Path) -> Iterator[Page]:
    with served(shipped_with_minilm) as address:
        page = browser.new_page()
        visit(page, address)
        yield page
        page.close()


def test_every_quote_of_every_canned_question_is_what_the_reader_marks(
    page: Page, shipped_with_minilm: Path, minilm: Embedder
):
    articles = LiveLibrary(shipped_with_minilm, minilm).current().articles
    shown: dict[str, tuple[str, str]] = {}
    for question in load_questions(FOLDER):
        history = [{"role": turn.role, "text": turn.text} for turn in question.history]
        answer = page.evaluate(ASK, {"question": question.question, "history": history})
        for cited in answer["citations"]:
            text = articles[cited["article_id"]].text[cited["start"] : cited["end"]]
            quoted = Quoted(
                **{part: cited[part] for part in ("article_id", "start", "end", "quote")}
            )
            shown[citation_link(quoted)] = (quoted.quote, text)
    assert len(shown) > 300
    assert [quote for quote, text in shown.values() if quote != text] == []
    marked = page.evaluate(OPEN, list(shown))
    quotes = [" ".join(quote.split()) for quote, _ in shown.values()]
    assert [" ".join(words.split()) for words in marked] == quotes
