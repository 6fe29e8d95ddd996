"""What an associate takes along: complete cites, checked once more, and nothing but text."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from starlette.testclient import TestClient

from ingest.publish import publish
from pincite.answering import Assistant
from pincite.embedding import Embedder
from pincite.library import Library, LiveLibrary
from pincite.model import EDITORS, Article, Section
from tests.web_html import Page, read
from web.dialogue import MAX_TEXT
from web.export import RENDERERS
from web.exporting.body import MAX_ITEMS, MAX_PINS, Export, Item
from web.exporting.document import FAILED, UNFINISHED, UNSUPPORTED, WRITTEN, document
from web.exporting.markdown import escaped
from web.exporting.naming import MAX_BYTES, content_disposition, worded
from web.exporting.plain import WIDTH, shown
from web.exporting.source import CHANGED, GONE, safe_address
from web.links import digest
from web.middleware import EXPORT, MAX_BODY, MAX_EXPORT
from web.refusal import NO_ANSWER
from web.server import own_routes
from web.wording import OLD

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> ![i](http://evil.example/i.png) "
    "[l](http://evil.example) http://evil.example www.evil.example &lt;b&gt; `x` **y** # z"
)
SIGHT = "The main drawback of a secondment is being out of sight."
HOURS = "Your hours may not count."
AWAY = "I was away for a year and came back to an empty desk."


def article(id_: str, text: str, **fields: Any) -> Article:
    section = Section(
        start=0,
        end=len(text),
        heading=fields.pop("heading", ""),
        speaker=fields.get("speaker", "recruiter"),
    )
    return Article(**({"kind": "column"} | fields), id=id_, text=text, sections=(section,))


COLUMN = article(
    "second-ments",
    f"{SIGHT} {HOURS}",
    title="Secondments, weighed",
    heading="What are the drawbacks?",
    speaker="recruiter",
    author=EDITORS,
    date="2026-03",
    place="US",
    url="https://example.org/a?x=1&y=2",
)
THREAD = article(
    "thread",
    AWAY,
    title="Back from a year",
    kind="thread",
    heading="Response 1",
    speaker="forum poster",
)
POISON = article("poison", HOSTILE, title=f"P {HOSTILE}", author=HOSTILE, heading=HOSTILE)
PUBLISHED = (COLUMN, THREAD, POISON)
DAY = date(2026, 11, 28)
ORIGIN = "http://testserver"


def pin(source: Article, words: str, /, **changed: Any) -> dict[str, Any]:
    start = source.text.index(words)
    place = {"article_id": source.id, "start": start, "end": start + len(words)}
    return place | {"words": digest(words)} | changed


def quoted(source: Article, words: str) -> dict[str, Any]:
    return {"citations": [pin(source, words)]}


def answered(*statements: dict[str, Any], **fields: Any) -> dict[str, Any]:
    question = {"question": "What are the drawbacks?", "status": "answered"}
    return question | {"statements": list(statements)} | fields


BOTH = answered(quoted(COLUMN, SIGHT), quoted(COLUMN, HOURS), quoted(THREAD, AWAY))
REFUSED = {"question": "How do I bake bread?", "status": "refused", "reply": NO_ANSWER}
FORMS = pytest.mark.parametrize("form", ["copy", "text", "markdown", "html"])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    data: Path = tmp_path_factory.mktemp("export")
    publish(list(PUBLISHED), data=data, embedder=embedder)
    return data


@pytest.fixture(scope="module")
def library(data: Path, embedder: Embedder) -> Library:
    return LiveLibrary(data, embedder).current()


@pytest.fixture(scope="module")
def client(data: Path, embedder: Embedder) -> Iterator[TestClient]:
    live = LiveLibrary(data, embedder)
    with TestClient(own_routes(Assistant(live, embedder), live, None)) as client:
        yield client


@pytest.fixture(scope="module")
def write(library: Library):
    """Write items in a form; the day and the address are always the same."""

    def written(form: str, *items: dict[str, Any]) -> str:
        checked = Export.model_validate({"format": form, "items": items})
        doc = document(checked.items, library=library, origin=ORIGIN, day=DAY)
        return RENDERERS[checked.format](doc)

    return written


def markdown_tokens(markdown: str) -> list[Token]:
    """Parse as viewers do that know tables and strike-through besides."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    blocks = parser.parse(markdown)
    return [*blocks, *(child for block in blocks for child in block.children or [])]


def words_shown(tokens: list[Token]) -> str:
    texts = {"text", "softbreak", "hardbreak", "code_inline"}
    return " ".join(t.content or " " for t in tokens if t.type in texts)


def links(tokens: list[Token]) -> list[str]:
    return [str(t.attrs["href"]) for t in tokens if t.type == "link_open"]


def reading(form: str, written: str) -> str:
    """Return what a reader sees, on one line."""
    seen = {
        "html": lambda: read(written.removeprefix("<!doctype html>")).text,
        "markdown": lambda: words_shown(markdown_tokens(written)),
    }
    return " ".join(seen.get(form, lambda: written)().split())


@FORMS
def test_every_form_holds_the_question_the_quotes_and_complete_cites(write, form):
    written = reading(form, write(form, BOTH))
    start = COLUMN.text.index(HOURS)
    address = f"{ORIGIN}/article/second-ments#{start}-{start + len(HOURS)}/{digest(HOURS)}"
    parts = (
        "What are the drawbacks?",
        "A recruiter's column, March 2026",
        f"“{SIGHT}” [1]",
        f"“{HOURS}” [2]",
        "A forum poster, undated",
        f"“{AWAY}” [3]",
        "[2] “Secondments, weighed” · A recruiter's column, March 2026 · Written by Pincite's "
        "editors in the voice of a recruiter · US · under “What are the drawbacks?”",
        f"At these words: {address}",
        "Original: https://example.org/a?x=1&y=2",
        "[3] “Back from a year” · A forum poster, undated · Forum thread · Response 1",
        "Exported from Pincite on 28 November 2026, from generation 1 of its library.",
    )
    assert [part for part in parts if part not in written] == []


@FORMS
def test_words_that_changed_or_are_gone_are_left_out_with_a_note(write, form):
    changed = pin(COLUMN, HOURS, words=digest("Your hours count."))
    gone = pin(THREAD, AWAY, article_id="withdrawn")
    written = reading(form, write(form, answered({"citations": [changed]}, {"citations": [gone]})))
    assert HOURS not in written
    assert AWAY not in written
    assert f"{CHANGED}" in written
    assert f"{GONE}" in written
    assert "withdrawn" in written
    assert f"The article: {ORIGIN}/article/second-ments" in written


@FORMS
def test_a_claim_is_followed_by_its_quotes_and_told_apart_from_them(write, form):
    claim = {"text": "You will be forgotten.", "citations": [pin(COLUMN, SIGHT), pin(THREAD, AWAY)]}
    written = reading(form, write(form, answered(claim)))
    assert "“You will be forgotten.”" not in written
    order = ["You will be forgotten. [1][2]", f"“{SIGHT}” [1]", f"“{AWAY}” [2] (A forum poster"]
    assert sorted(order, key=written.index) == order
    assert WRITTEN in written


@FORMS
def test_a_claim_whose_quotes_have_all_gone_is_not_repeated(write, form):
    claim = {
        "text": "You will be forgotten.",
        "citations": [pin(COLUMN, SIGHT, words=digest("other"))],
    }
    written = reading(form, write(form, answered(claim)))
    assert "forgotten" not in written
    assert UNSUPPORTED in written
    assert CHANGED in written


@FORMS
def test_a_claim_keeps_the_quotes_that_stand_and_names_the_one_that_does_not(write, form):
    pins = [pin(COLUMN, SIGHT), pin(THREAD, AWAY, words=digest("other"))]
    claim = {"text": "You will be forgotten.", "citations": pins}
    written = reading(form, write(form, answered(claim)))
    assert f"“{SIGHT}” [1]" in written
    assert "You will be forgotten. [1][2]" in written
    assert CHANGED in written
    assert AWAY not in written


@FORMS
def test_advice_of_long_ago_says_so_at_its_source(library, form):
    (item,) = Export.model_validate({"format": form, "items": [BOTH]}).items
    later = document([item], library=library, origin=ORIGIN, day=date(2032, 1, 1))
    assert reading(form, RENDERERS[form](later)).count(OLD) == 2


def test_a_sentence_that_is_its_quote_is_no_claim(write):
    same = {"text": f" {SIGHT} ", "citations": [pin(COLUMN, SIGHT)]}
    assert write("copy", answered(same)).count(SIGHT) == 1


def test_words_that_two_articles_share_are_shown_once_with_both_numbers(library, write):
    twice = {"citations": [pin(COLUMN, "e"), pin(COLUMN, "e", start=6, end=7, words=digest("a"))]}
    twice["citations"][1] = pin(THREAD, "e")
    assert "“e” [1][2] (A forum poster, undated · Back from a year)" in write(
        "copy", answered(twice)
    )


@FORMS
def test_a_dialogue_is_written_in_order_with_its_refusals_and_faults(write, form):
    failed = {"question": "And the pay?", "status": "failed"}
    written = reading(form, write(form, BOTH, REFUSED, failed))
    order = ["What are the drawbacks?", f"“{SIGHT}”", "bake bread", NO_ANSWER, "the pay?", FAILED]
    assert sorted(order, key=written.index) == order
    assert written.count("Sources") == 1


@FORMS
def test_what_is_told_of_an_answer_is_told_in_the_export(write, form):
    item = answered(
        quoted(COLUMN, SIGHT),
        question="Instead: And the drawbacks?",
        standalone_question="And the drawbacks? (secondment)",
        uncovered=["What does it pay?"],
        notice="The chat model broke off.",
        is_complete=False,
    )
    written = reading(form, write(form, item))
    parts = (
        "Understood as: And the drawbacks? (secondment)",
        "The library does not cover: What does it pay?",
        "The chat model broke off.",
        UNFINISHED,
    )
    assert [part for part in parts if part not in written] == []
    assert "Instead" not in written


def test_a_question_understood_as_typed_is_not_repeated(write):
    asked = answered(quoted(COLUMN, SIGHT), standalone_question="What are the drawbacks?")
    assert "Understood" not in write("copy", asked)


def test_a_refusal_without_words_of_its_own_says_that_nothing_covers_it(write):
    assert NO_ANSWER in write("copy", {"question": "Why?", "status": "refused"})


def test_plain_text_for_a_memo_has_one_line_a_paragraph_and_a_file_readable_ones(write):
    long = article("x", "word " * 60, title="t").text.strip()
    item = {"question": long, "status": "refused"}
    assert write("copy", item).splitlines()[0] == f"Question: {long}"
    lines = write("text", item).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert long in " ".join(lines)


def test_an_address_is_not_broken(write):
    assert re.search(
        rf"{ORIGIN}/article/second-ments#0-\d+/[0-9a-f]{{12}}$", write("text", BOTH), re.M
    )


def test_links_of_this_machine_say_where_they_open(library):
    (item,) = Export.model_validate({"format": "copy", "items": [BOTH]}).items
    local = document([item], library=library, origin="http://127.0.0.1:7860", day=DAY)
    shared = document([item], library=library, origin="https://pincite.firm.example", day=DAY)
    assert "open on the computer" in local.remarks[-1]
    assert len(local.remarks) == len(shared.remarks) + 1


class TestHtml:
    @pytest.fixture
    def page(self, write) -> Page:
        hostile = answered(quoted(POISON, HOSTILE), question=HOSTILE, uncovered=[HOSTILE])
        return read(write("html", BOTH, hostile, REFUSED).removeprefix("<!doctype html>"))

    def test_it_is_a_whole_page_with_a_language_a_title_and_one_main_heading(self, page):
        assert page.all("html")[0].attributes == {"lang": "en"}
        assert page.texts("title") == ["Questions and answers"]
        assert page.texts("h1") == ["Questions and answers"]
        assert page.texts("h2")[0] == "What are the drawbacks?"
        assert page.texts("h3") == ["Sources", "Sources"]

    def test_a_single_answer_is_titled_by_its_question(self, write):
        single = read(write("html", BOTH).removeprefix("<!doctype html>"))
        assert single.texts("h1") == single.texts("title") == ["What are the drawbacks?"]
        assert single.texts("h2") == ["Sources"]

    def test_it_holds_no_script_no_foreign_file_and_a_style_for_paper(self, page):
        assert not page.tags & {"script", "img", "link", "iframe", "object", "b "}
        assert not {name for name in page.attributes if name.startswith("on") or name == "src"}
        (style,) = page.texts("style")
        assert "@media print" in style
        assert "url(" not in style
        assert "@import" not in style

    def test_markup_in_an_article_stays_text(self, page):
        assert page.texts("h2")[1] == HOSTILE
        assert f"“{HOSTILE}” [1]" in page.texts("blockquote")[-1]

    def test_its_links_lead_to_its_own_sources_the_library_and_the_originals(self, page):
        hrefs = [link.attributes["href"] for link in page.all("a")]
        ids = {e.attributes["id"] for e in page.elements if "id" in e.attributes}
        inside = {h.removeprefix("#") for h in hrefs if h.startswith("#")}
        assert inside == ids
        outside = {h for h in hrefs if not h.startswith((f"{ORIGIN}/article/", "#"))}
        assert outside == {"https://example.org/a?x=1&y=2"}

    def test_ids_are_unique(self, page):
        ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
        assert len(ids) == len(set(ids))


SIGNS = st.sampled_from(
    [
        *"\\`*_{}[]<>()#+-.!|~&$^=:/@\"'1 \n\t",
        *("a", "é", "http://", "www.", "]("),
        *("<!--", "<script ", "</div ", "<?", "<a href=x ", "```", "~~~", "---", "    "),
    ]
)
TEXTS = st.one_of(st.lists(SIGNS, max_size=30).map("".join), st.text(max_size=40), st.just(HOSTILE))


@given(text=TEXTS)
def test_no_text_is_markup_in_markdown_and_no_word_is_lost(text):
    tokens = markdown_tokens(f"{escaped(text)}\n")
    assert {t.type for t in tokens} <= {"paragraph_open", "inline", "text", "paragraph_close"}
    assert "".join(t.content for t in tokens if t.type == "text") == shown(text)


@given(question=TEXTS, claim=TEXTS, notice=TEXTS, part=TEXTS, gone=TEXTS.filter(bool))
def test_markdown_holds_only_the_links_and_headings_written_here(
    write, question, claim, notice, part, gone
):
    pins = [pin(POISON, HOSTILE), pin(COLUMN, SIGHT), pin(THREAD, AWAY, article_id=gone)]
    said = {"text": claim, "citations": pins}
    item = answered(said, question=question, notice=notice, uncovered=[part])
    tokens = markdown_tokens(write("markdown", item))
    kinds = {t.type for t in tokens}
    assert not kinds & {"html_block", "html_inline", "image", "code_block", "fence", "table_open"}
    assert not kinds & {"code_inline", "em_open", "s_open", "ordered_list_open"}
    assert [t.tag for t in tokens if t.type == "heading_open"] == ["h1", "h2"]
    foreign = [link for link in links(tokens) if not link.startswith(f"{ORIGIN}/article/")]
    assert foreign == ["https://example.org/a?x=1&y=2"]
    words = "".join(words_shown(tokens).split())
    texts = ("".join(shown(text).split()) for text in (claim, notice, part, HOSTILE))
    assert [text for text in texts if text not in words] == []


@pytest.mark.parametrize(
    "address",
    ["http://evil.example", "www.evil.example", "evil.example", "//evil.example", "a@evil.example"],
)
def test_no_bare_address_is_left_for_a_viewer_to_link(address):
    assert address not in escaped(f"See {address} now")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        pytest.param(
            "https://example.org/a?b=1&c=(2)", "https://example.org/a?b=1&c=(2)", id="as-is"
        ),
        pytest.param(
            'http://x.org/a b<">`\\', "http://x.org/a%20b%3C%22%3E%60%5C", id="what-ends-it"
        ),
        pytest.param("javascript:alert(1)", "", id="no-web-address"),
        pytest.param(None, "", id="none"),
    ],
)
def test_an_original_is_linked_by_an_address_that_ends_where_it_ends(url, address):
    assert safe_address(url) == address


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("a\x00b\x1b[1m", "ab[1m", id="controls"),
        pytest.param("pay \u202eyap", "pay yap", id="turned-around"),
        pytest.param("a\ud800b", "ab", id="half-a-character"),
        pytest.param("a\n\n  b\u00a0c", "a b c", id="white-space"),
    ],
)
def test_what_cannot_be_seen_is_left_out(text, left):
    assert shown(text) == left


@pytest.mark.parametrize(
    ("question", "name"),
    [
        pytest.param("Should I go?", "Should I go", id="words"),
        pytest.param("../../etc: a/b\\c", "etc a b c", id="no-path"),
        pytest.param('<>:"/\\|?*\x00', "Question", id="nothing-left"),
        pytest.param("", "Question", id="empty"),
        pytest.param("Kündigung\u202e gpj.exe…", "Kündigung gpj exe", id="letters-of-all-kinds"),
        pytest.param("word " * 100, ("word " * 24).strip(), id="cut-at-a-word"),
        pytest.param("x" * 500, "Question", id="one-endless-word"),
    ],
)
def test_a_file_is_named_by_its_question_as_every_system_allows(question, name):
    assert worded(question) == name


@given(question=st.text())
def test_a_files_name_has_no_sign_that_a_system_refuses(question):
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]|[ .]$|^[ .]', worded(question))
    assert 0 < len(worded(question).encode()) <= MAX_BYTES


def post(client: TestClient, *items: dict[str, Any], form: str = "text", **sent: Any):
    return client.post(EXPORT, json={"format": form, "items": items}, **sent)


@pytest.mark.parametrize(
    ("form", "media", "suffix"),
    [
        pytest.param("text", "text/plain", "txt", id="text"),
        pytest.param("markdown", "text/markdown", "md", id="markdown"),
        pytest.param("html", "text/html", "html", id="html"),
    ],
)
def test_a_file_is_handed_out_by_name_and_kept_nowhere(client, form, media, suffix):
    reply = post(client, BOTH, REFUSED, form=form)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == f"{media}; charset=utf-8"
    assert unquote(reply.headers["content-disposition"]) == (
        f"attachment; filename*=UTF-8''Pincite - What are the drawbacks and 1 more.{suffix}"
    )
    assert reply.headers["cache-control"] == "no-store"


def test_a_name_is_written_as_the_header_allows():
    assert content_disposition('ü"\r\n.txt') == "attachment; filename*=UTF-8''%C3%BC%22%0D%0A.txt"


def test_links_lead_where_the_browser_has_the_page_from(client: TestClient):
    told = {"Origin": "https://pincite.firm.example", "Host": "pincite.firm.example"}
    assert (
        "https://pincite.firm.example/article/second-ments#"
        in post(client, BOTH, headers=told).text
    )
    assert "http://testserver/article/second-ments#" in post(client, BOTH).text


def test_the_exported_quotes_are_those_of_an_answer(client: TestClient):
    answer = client.post("/api/ask", json={"question": "What is the main drawback?"}).json()
    cited = [
        {k: c[k] for k in ("article_id", "start", "end")} | {"words": digest(c["quote"])}
        for c in answer["citations"]
    ]
    text = post(client, answered(*({"citations": [c]} for c in cited)), form="copy").text
    assert cited
    assert [f"“{c['quote']}” [{n}]" in text for n, c in enumerate(answer["citations"], 1)] == [
        True
    ] * len(cited)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"format": "docx", "items": [REFUSED]}, id="unknown-form"),
        pytest.param({"format": "text", "items": []}, id="nothing"),
        pytest.param({"format": "text", "items": [REFUSED] * (MAX_ITEMS + 1)}, id="too-many"),
        pytest.param({"format": "text", "items": [answered({"citations": []})]}, id="no-source"),
        pytest.param(
            {"format": "text", "items": [answered(quoted(COLUMN, SIGHT) | {"quote": "secret"})]},
            id="words-of-its-own",
        ),
        pytest.param(
            {
                "format": "text",
                "items": [answered({"citations": [pin(COLUMN, SIGHT, end=MAX_TEXT + 1)]})],
            },
            id="too-long-a-quote",
        ),
        pytest.param(
            {
                "format": "text",
                "items": [answered({"citations": [pin(COLUMN, SIGHT)] * (MAX_PINS + 1)})],
            },
            id="too-many-quotes",
        ),
        pytest.param(
            {"format": "text", "items": [REFUSED | {"question": "secret" * MAX_TEXT}]},
            id="too-long-a-question",
        ),
    ],
)
def test_what_cannot_be_exported_is_refused_without_being_repeated(client, body):
    reply = client.post(EXPORT, json=body)
    assert reply.status_code == 422
    assert reply.json().keys() == {"error"}
    assert "secret" not in reply.text


def test_a_long_dialogue_is_taken_although_it_is_larger_than_a_question_may_be(client: TestClient):
    long = answered(*[quoted(COLUMN, SIGHT)] * 10, question="Why? " * 300)
    reply = post(client, *[long] * 200)
    assert len(reply.request.content) > MAX_BODY
    assert reply.status_code == 200
    assert reply.text.count(f"“{SIGHT}” [1]") >= 200


def test_a_dialogue_beyond_all_measure_is_refused_before_it_is_parsed(client: TestClient):
    assert client.post(EXPORT, content=b"[" * (MAX_EXPORT + 1)).status_code == 413


def test_a_page_of_another_site_gets_nothing(client: TestClient):
    assert post(client, BOTH, headers={"Origin": "http://evil.example"}).status_code == 403


def test_without_a_library_the_export_says_how_to_build_one(tmp_path: Path, embedder: Embedder):
    live = LiveLibrary(tmp_path / "nowhere", embedder)
    with TestClient(own_routes(Assistant(live, embedder), live, None)) as client:
        reply = post(client, BOTH)
    assert reply.status_code == 503
    assert "Build it with: python -m ingest" in reply.json()["error"]


def test_an_item_is_complete_unless_it_says_otherwise():
    assert Item.model_validate(REFUSED).is_complete
