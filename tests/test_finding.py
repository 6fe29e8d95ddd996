"""Finding articles by words while they are typed: what matches, what comes first, what is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.publish import publish
from pincite.finding import SNIPPET, Finder, is_form
from pincite.library import LiveLibrary
from pincite.model import Article, Section

PADDING = "Nothing of the kind is told in these lines, which fill the page. " * 12


def article(id_, text, **more):
    section = Section(start=0, end=len(text), heading="", speaker="recruiter")
    return Article(id=id_, kind="guide", text=text, sections=(section,), **{"title": id_} | more)


ARTICLES = [
    article("loans", "A secondment lends you to a client.\n\nA client may keep you."),
    article("waiting", "Give it a second look, and a second year. Clients wait.", title="Patience"),
    article(
        "leaving", "Resigning takes a letter.", author="Dana Whitlock", topics=("garden leave",)
    ),
    article("garden", PADDING + "\n\nOne word on gardens, at last, and on leave too."),
    article("title", "Read this first.", title="Salaries in the UK"),
    article("accents", "Her résumé was naïve.", title="On paper"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory, embedder):
    data = tmp_path_factory.mktemp("finding")
    publish(ARTICLES, data=data, embedder=embedder)
    return LiveLibrary(data, embedder).current()


@pytest.fixture(scope="module")
def finder(library):
    return Finder(library)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("secondment", {"loans"}, id="a-stem-shared-by-chance-is-no-match"),
        pytest.param("seco", {"loans", "waiting"}, id="a-word-still-being-typed"),
        pytest.param("seco ", set(), id="a-finished-word-is-not-completed"),
        pytest.param("client wait", {"waiting"}, id="every-word-in-any-form"),
        pytest.param("what about a client?", {"loans", "waiting"}, id="function-words-aside"),
        pytest.param("whitlock", {"leaving"}, id="author"),
        pytest.param("garden leave", {"leaving", "garden"}, id="topic-or-text"),
        pytest.param("salaries uk", {"title"}, id="title"),
        pytest.param("resigned letters", {"leaving"}, id="other-endings"),
        pytest.param("resume naive", {"accents"}, id="without-accents"),
        pytest.param("RESIGNING", {"leaving"}, id="capitals"),
        pytest.param("letter q", {"leaving"}, id="a-letter-alone-is-not-searched"),
        pytest.param("letter xy", {"leaving"}, id="two-letters-that-no-article-has-yet"),
        pytest.param("letter xyz", set(), id="a-word-that-no-article-has"),
    ],
)
def test_an_article_is_found_when_it_holds_every_word(finder, typed, found):
    assert set(finder.find(typed).ids) == found


@pytest.mark.parametrize("typed", ["", "  ", "?!", "a", "\ud800"])
def test_nothing_to_search_for_is_no_search(finder, typed):
    assert finder.find(typed) is None


def test_the_article_that_says_it_of_itself_comes_first(finder):
    assert finder.find("garden leave").ids == ("leaving", "garden")


def test_the_article_with_the_word_itself_comes_before_one_with_a_longer_word(finder):
    assert finder.find("second").ids[0] == "waiting"


def test_a_snippet_holds_the_matches_however_far_down(library, finder):
    far, found = library.articles["garden"], finder.find("garden leave")
    start, end = found.snippet(far)
    assert start > len(PADDING) / 2
    assert [far.text[a:b] for a, b in found.matches(far.text, (start, end))] == ["gardens", "leave"]


def test_an_article_found_by_its_author_shows_how_it_begins(library, finder):
    leaving = library.articles["leaving"]
    assert finder.find("whitlock").snippet(leaving) == (0, len(leaving.text))


@given(typed=st.lists(st.sampled_from(["nothing", "lines", "garden", "leave", "kind"]), min_size=1))
def test_a_snippet_is_short_and_cuts_no_word(library, finder, typed):
    found, far = finder.find(" ".join(typed)), library.articles["garden"]
    start, end = found.snippet(far)
    assert end - start <= SNIPPET + len("Nothing")
    assert not far.text[start - 1 : start].strip()
    assert not far.text[end : end + 1].strip()


@pytest.mark.parametrize(
    ("word", "typed", "same"),
    [
        pytest.param("salaries", "salary", True, id="plural"),
        pytest.param("negotiation", "negotiating", True, id="ending"),
        pytest.param("resignation", "resign", True, id="longer"),
        pytest.param("second", "secondment", False, id="another-word"),
    ],
)
def test_a_form_differs_by_its_ending(word, typed, same):
    assert is_form(word, typed) is same
