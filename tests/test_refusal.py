"""A refusal helps on: what was searched for, what no article says, whom to ask instead."""

from dataclasses import replace

import pytest

from pincite.answering import Assistant
from pincite.library import LiveLibrary
from pincite.model import Answer, NearArticle, SearchedFor
from tests.web_html import read
from web.page import replies
from web.refusal import refusal, with_links
from web.render import answer_html

REFUSED = Answer(
    question="How do I groom a quokka?",
    standalone_question="How do I groom a quokka?",
    generation=1,
    writer="quotes",
    nearest=(NearArticle("notice", "Notice & more"),),
    searched_for=SearchedFor(words=("groom", "quokka"), unknown=("quokka",)),
)


@pytest.fixture
def assistant(data, embedder, plain_gate):
    return Assistant(LiveLibrary(data, embedder), embedder)


def test_a_refusal_names_the_words_that_it_searched_for_and_those_that_no_article_has(assistant):
    found = assistant.ask("Which giraffe partner zebra?").searched_for
    assert found == SearchedFor(words=("giraffe", "partner", "zebra"), unknown=("giraffe", "zebra"))


def test_a_word_in_another_form_is_one_that_an_article_has(assistant):
    found = assistant.ask("giraffe zebra okapi secondments hour").searched_for
    assert found.unknown == ("giraffe", "zebra", "okapi")


def test_what_is_asked_for_and_not_to_be_had_is_named(assistant):
    asked = "What percentage of secondments are longer than the notice period?"
    assert assistant.ask(asked).searched_for.missing == "a figure"


def test_an_answer_and_a_greeting_were_no_search(assistant):
    for_both = [assistant.ask("How long is the notice period?"), assistant.ask("Hello")]
    assert [answer.searched_for for answer in for_both] == [SearchedFor(), SearchedFor()]


def test_of_a_long_story_the_rarest_words_are_named_in_their_order(assistant):
    story = " ".join(f"zebra{n}" for n in range(20)) + " secondment"
    words = assistant.ask(story).searched_for.words
    assert words == tuple(f"zebra{n}" for n in range(12))


def test_the_page_says_what_was_searched_for_and_lets_it_be_put_another_way():
    page = read(answer_html(REFUSED))
    (searched,) = page.texts("p", "searched")
    assert "Searched for: How do I groom a quokka? No article has the word quokka." in searched
    (link,) = page.all("a", "correct")
    assert (link.text, link.attributes["href"]) == ("Put it another way", "#correct")


def test_several_unknown_words_are_named_together():
    both = replace(REFUSED, searched_for=SearchedFor(words=("a", "b"), unknown=("a", "b")))
    assert "No article has the words a, b." in read(refusal(both)).text


def test_a_kind_of_thing_that_no_article_gives_is_the_first_thing_said():
    asked = replace(REFUSED, searched_for=SearchedFor(words=("x",), missing="a forecast"))
    (searched,) = read(refusal(asked)).texts("p", "searched")
    assert searched.startswith("It asks for a forecast, which no article gives.")


def test_a_greeting_is_answered_without_a_search_or_a_contact():
    greeting = Answer(
        question="Hi", standalone_question="Hi", generation=1, writer="quotes", reply="Hello."
    )
    assert read(refusal(greeting, contact="Jo")).text == "Hello."


@pytest.mark.parametrize(
    ("contact", "shown", "links"),
    [
        pytest.param("Jo Marsh, room 4", "Jo Marsh, room 4", [], id="words"),
        pytest.param(
            "Careers (careers@firm.example)",
            "Careers (careers@firm.example)",
            ["mailto:careers@firm.example"],
            id="mail",
        ),
        pytest.param(
            "https://firm.example/careers",
            "https://firm.example/careers",
            ["https://firm.example/careers"],
            id="web",
        ),
        pytest.param("javascript:alert(1)", "javascript:alert(1)", [], id="no-script"),
        pytest.param('<b onclick="x">Jo</b>', '<b onclick="x">Jo</b>', [], id="markup"),
    ],
)
def test_a_contact_is_shown_as_text_with_an_address_that_can_be_followed(contact, shown, links):
    page = read(with_links(contact))
    assert page.text == shown
    assert [link.attributes["href"] for link in page.all("a", "")] == links


def test_whom_to_ask_instead_is_named_in_a_refusal_of_the_page_and_not_in_an_answer(assistant):
    asked = ["giraffe zebra", "How long is the notice period?"]
    *_, refused = replies(assistant, asked[0], [], contact="Jo Marsh")
    *_, answered = replies(assistant, asked[1], [], contact="Jo Marsh")
    assert "You can also ask a person: Jo Marsh." in read(refused).text
    assert "Jo Marsh." not in read(answered).texts("p", "human")
