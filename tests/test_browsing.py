"""The library's pages over HTTP: filters, search, paging, an article, and what is not there."""

from datetime import date

import pytest
from starlette.testclient import TestClient

from ingest.publish import publish
from pincite.answering import Assistant
from pincite.library import LiveLibrary, OncePerGeneration
from pincite.model import Article, Section
from tests.web_html import read
from web.links import article_address, citation_address, digest
from web.server import own_routes
from web.shelf import LONGEST_SEARCH, MOST_SHOWN, PAGE, Shelf
from web.wording import OLD, is_old

HTML = {"accept": "text/html,application/xhtml+xml"}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \"' &amp;"


def article(id_, title, text, **more):
    heading = Section(start=0, end=len(text), heading="", speaker="unknown")
    return Article(id=id_, title=title, text=text, sections=(heading,), **{"kind": "guide"} | more)


SECONDMENTS = article(
    "secondments",
    "Secondments, weighed",
    "A secondment hides you.\n- Hours may not count.\n- 😀 Work can be narrow.",
    kind="column",
    speaker="recruiter",
    author="Dana Whitlock",
    date="2025-03",
    place="US",
    topics=("hours", "secondments"),
    url="https://example.org/secondments",
)
BURNOUT = article(
    "burn/out?",
    "Burnt out",
    "The hours broke me.",
    kind="thread",
    speaker="forum poster",
    date="2012",
    topics=("hours",),
)
UNDATED = article("undated", "No date at all", "Nobody knows when this was written.", place="UK")
MEAN = article("mean", HOSTILE, f"Mind {HOSTILE} this.", author=HOSTILE, topics=(HOSTILE,))
ARTICLES = [SECONDMENTS, BURNOUT, UNDATED, MEAN]


def client_of(data, embedder):
    live = LiveLibrary(data, embedder)
    return TestClient(own_routes(Assistant(live, embedder), live, None))


@pytest.fixture(scope="module")
def client(tmp_path_factory, embedder):
    data = tmp_path_factory.mktemp("library")
    publish(ARTICLES, data=data, embedder=embedder)
    return client_of(data, embedder)


def titles(html):
    return read(html).texts("h2")


def browse(client, query="", **more):
    return client.get(f"/api/library?{query}", **more).json()


def search(client, words, query=""):
    return client.post(f"/api/library?{query}", json={"search": words}).json()


# --- filters -----------------------------------------------------------------------------------


def test_everything_is_shown_newest_first_and_the_undated_last(client):
    reply = client.get("/library")
    assert reply.headers["content-type"].startswith("text/html")
    page = read(reply.text)
    assert page.texts("h2")[:2] == ["Secondments, weighed", "Burnt out"]
    assert set(page.texts("h2")[2:]) == {"No date at all", HOSTILE}
    assert "4 articles, newest first" in page.text
    assert page.texts("p", "facts")[0] == "Column · A recruiter, Dana Whitlock · March 2025 · US"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("topic=hours", ["Secondments, weighed", "Burnt out"], id="topic"),
        pytest.param("speaker=forum+poster", ["Burnt out"], id="speaker"),
        pytest.param("kind=column", ["Secondments, weighed"], id="kind"),
        pytest.param("place=UK", ["No date at all"], id="place"),
        pytest.param("from=2013", ["Secondments, weighed"], id="from-leaves-out-the-undated"),
        pytest.param("to=2025", ["Secondments, weighed", "Burnt out"], id="to"),
        pytest.param("from=2012&to=2012", ["Burnt out"], id="one-year"),
        pytest.param("topic=hours&kind=thread", ["Burnt out"], id="two-filters"),
        pytest.param("topic=hours&place=UK", [], id="nothing-fits"),
        pytest.param("from=never", [], id="no-year"),
        pytest.param("topic=&kind=column&x=1", ["Secondments, weighed"], id="empty-and-unknown"),
    ],
)
def test_a_filter_leaves_what_fits_on_the_page_and_for_its_script(client, query, found):
    assert titles(client.get(f"/library?{query}").text) == found
    assert titles(browse(client, query)["results"]) == found


def test_a_filter_offers_only_what_exists_with_what_it_would_leave(client):
    options = browse(client, "kind=thread")["options"]
    assert options["topic"] == [["", "Any"], ["hours", "hours (1)"]]
    assert options["kind"] == [
        ["", "Any"],
        ["column", "Column (1)"],
        ["guide", "Guide (2)"],
        ["thread", "Forum thread (1)"],
    ]
    assert browse(client)["options"]["from"] == [
        ["", "Any"],
        ["2025", "2025 (1)"],
        ["2012", "2012 (1)"],
    ]


def test_what_two_filters_keep_out_neither_offers(client):
    options = browse(client, "kind=thread&place=UK")["options"]
    assert options["kind"] == [["", "Any"], ["guide", "Guide (1)"], ["thread", "Forum thread (0)"]]
    assert options["place"] == [["", "Any"], ["UK", "UK (0)"]]


def test_a_filter_in_use_is_taken_off_by_one_link(client):
    links = read(browse(client, "topic=hours&kind=thread")["chosen"]).all("a")
    assert [link.attributes["href"] for link in links] == [
        "/library?kind=thread",
        "/library?topic=hours",
        "/library",
    ]
    assert browse(client)["chosen"] == ""


def test_where_nothing_fits_the_page_leads_out(client):
    reply = browse(client, "topic=hours&place=UK")
    assert reply["count"] == "No article matches."
    assert read(reply["further"]).texts("a") == ["Clear the filters"]
    alone = search(client, "zzyzx")
    assert alone["count"] == "No article has all of these words."
    assert read(alone["further"]).texts("button") == ["Clear the search"]


# --- search ------------------------------------------------------------------------------------


def test_a_search_shows_the_words_marked_where_they_stand(client):
    reply = search(client, "hours cou")
    page = read(reply["results"])
    assert page.texts("h2") == ["Secondments, weighed"]
    assert page.texts("mark") == ["Hours", "count"]
    assert reply["count"] == "1 article"


def test_a_search_is_narrowed_by_filters_and_counts_what_it_found(client):
    assert search(client, "hours")["total"] == 2
    assert search(client, "hours")["count"] == "2 articles, best match first"
    assert titles(search(client, "hours", "kind=thread")["results"]) == ["Burnt out"]
    assert search(client, "hours")["options"]["place"] == [["", "Any"], ["US", "US (1)"]]


def test_what_is_typed_is_taken_from_the_body_alone(client):
    assert browse(client, "search=zzyzx&q=zzyzx")["total"] == len(ARTICLES)
    assert "zzyzx" not in client.get("/library?search=zzyzx").text


def test_a_search_that_is_too_long_is_refused_without_repeating_it(client):
    reply = client.post("/api/library", json={"search": "z" * (LONGEST_SEARCH + 1)})
    assert reply.status_code == 422
    assert "zzz" not in reply.text


def test_an_articles_markup_is_shown_as_text(client):
    reply = search(client, "mind")
    for html in (
        client.get("/library").text,
        client.get("/article/mean").text,
        client.get("/library", params={"topic": HOSTILE}).text,
        reply["results"],
    ):
        page = read(html)
        assert "<script>alert(1)</script>" in page.text
        assert {i.attributes["src"] for i in page.all("img")} <= {"/pincite/favicon.svg"}
        assert not [s for s in page.all("script") if "src" not in s.attributes]


# --- many --------------------------------------------------------------------------------------


def words(number):
    """Return a text like no other: near-copies are refused, or hard to tell apart."""
    return " ".join(f"w{number * 7 + n}" for n in range(7))


@pytest.fixture(scope="module")
def many(tmp_path_factory, embedder):
    data = tmp_path_factory.mktemp("many")
    written = [article(f"a{n:03}", f"Number {n:03}", words(n)) for n in range(PAGE * 2 + 5)]
    publish(written, data=data, embedder=embedder)
    return client_of(data, embedder)


def test_more_come_in_pages_until_all_are_shown(many):
    first, second, third = (browse(many, f"skip={skip}") for skip in (0, PAGE, 2 * PAGE))
    shown = [title for reply in (first, second, third) for title in titles(reply["results"])]
    assert shown == [f"Number {n:03}" for n in range(PAGE * 2 + 5)]
    assert [first["next"], second["next"], third["next"]] == [PAGE, 2 * PAGE, None]
    assert first["count"] == f"The first {PAGE} of {PAGE * 2 + 5} articles, newest first"
    assert third["further"] == ""


def test_show_more_is_a_link_where_there_is_no_script(many):
    (more,) = [a for a in read(many.get("/library").text).all("a") if a.text == "Show more"]
    assert len(titles(many.get(more.attributes["href"]).text)) == 2 * PAGE


@pytest.mark.parametrize("shown", ["x", "-3", "0", "", "²"])
def test_a_senseless_number_to_show_shows_one_page(many, shown):
    assert len(titles(many.get("/library", params={"shown": shown}).text)) == PAGE


def test_a_huge_number_to_show_is_capped(many):
    assert many.get(f"/library?shown={MOST_SHOWN}{'0' * 5000}").status_code == 200
    assert many.get("/api/library?skip=-1").status_code == 422


# --- an article --------------------------------------------------------------------------------


def test_an_articles_page_holds_all_of_it_without_a_script(client):
    page = read(client.get("/article/secondments").text)
    assert page.texts("h1") == ["Secondments, weighed"]
    assert page.texts("li")[-2:] == ["Hours may not count.", "😀 Work can be narrow."]
    assert page.texts("p", "facts") == [
        "Column · A recruiter, Dana Whitlock · March 2025 · US · example.org"
    ]
    hrefs = [link.attributes["href"] for link in page.all("a")]
    assert {"/library", "/library?topic=hours", "/#/article/secondments"} <= set(hrefs)
    assert "https://example.org/secondments" in hrefs
    assert "needs JavaScript" not in page.text


def test_every_line_says_where_it_starts_in_the_text(client):
    lines = [
        (int(e.attributes["data-start"]), e.text)
        for e in read(client.get("/article/secondments").text).elements
        if "data-start" in e.attributes
    ]
    assert [text for _, text in lines] == [
        "A secondment hides you.",
        "Hours may not count.",
        "😀 Work can be narrow.",
    ]
    assert [SECONDMENTS.text[at : at + len(text)] for at, text in lines] == [t for _, t in lines]


def test_an_id_is_found_however_odd_its_characters(client):
    assert article_address("burn/out?") == "/article/burn%2Fout%3F"
    assert "Burnt out" in client.get(article_address("burn/out?")).text


def test_a_citations_address_is_the_page_at_the_words():
    citation = SECONDMENTS.cite(2, 12)
    assert citation_address(citation) == f"/article/secondments#2-12/{digest('secondment')}"


def test_old_advice_says_so_on_its_page_and_in_the_list(client):
    assert OLD in client.get(article_address("burn/out?")).text
    assert OLD not in client.get("/article/secondments").text
    assert client.get("/library").text.count(OLD) == 1


@pytest.mark.parametrize(
    ("written", "old"),
    [
        pytest.param("2021-11-27", True, id="a-day-more-than-five-years"),
        pytest.param("2021-11-28", False, id="five-years-to-the-day"),
        pytest.param("2021-11", False, id="a-month-that-may-still-be-within"),
        pytest.param("2021-10", True, id="a-month-before"),
        pytest.param("2021", False, id="a-year-that-may-still-be-within"),
        pytest.param("2020", True, id="a-year-before"),
        pytest.param(None, False, id="undated"),
    ],
)
def test_advice_is_old_only_when_that_is_certain(written, old):
    assert is_old(written, date(2026, 11, 28)) is old


def test_an_unknown_article_is_told_in_the_frame_to_a_browser(client):
    reply = client.get("/article/nowhere", headers=HTML)
    assert reply.status_code == 404
    page = read(reply.text)
    assert page.texts("h1") == ["No such article"]
    assert "/library" in {link.attributes["href"] for link in page.all("a")}


def test_an_unknown_article_is_told_in_json_to_a_program(client):
    reply = client.get("/article/nowhere")
    assert reply.status_code == 404
    assert "not in the library" in reply.json()["error"]


@pytest.mark.parametrize("path", ["/library", "/article/secondments"])
def test_a_library_that_cannot_be_opened_is_told_in_the_frame(tmp_path, embedder, path):
    reply = client_of(tmp_path / "nowhere", embedder).get(path, headers=HTML)
    assert reply.status_code == 503
    assert "python -m ingest" in read(reply.text).text


def test_a_new_generation_is_shown_at_once(tmp_path, embedder):
    publish([SECONDMENTS], data=tmp_path, embedder=embedder)
    client = client_of(tmp_path, embedder)
    assert browse(client)["total"] == 1
    publish([SECONDMENTS, UNDATED], data=tmp_path, embedder=embedder)
    assert browse(client)["total"] == 2


def test_the_shelf_is_kept_while_its_generation_is_served(tmp_path, embedder):
    publish([SECONDMENTS], data=tmp_path, embedder=embedder)
    shelves = OncePerGeneration(LiveLibrary(tmp_path, embedder), Shelf)
    assert shelves.current() is shelves.current()
