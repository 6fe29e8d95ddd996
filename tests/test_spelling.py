"""Misspelt words: put right when one word of the library is clearly meant, else left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.questions import load_questions
from ingest.corpus import publish_corpus
from pincite.library import LiveLibrary
from pincite.spelling import FEW, Speller
from tests.conftest import write_corpus


@pytest.fixture(scope="session")
def speller(shipped):
    return Speller(shipped)


@pytest.fixture
def respelled_in(tmp_path, embedder):
    """Put a question right in the words of one text."""

    def respelled(text: str, question: str) -> str:
        corpus = write_corpus(tmp_path / "corpus", {"guides/a.md": f"---\ntitle: A\n---\n\n{text}"})
        publish_corpus(corpus, tmp_path / "data", embedder=embedder)
        return Speller(LiveLibrary(tmp_path / "data", embedder).current()).respelled(question)

    return respelled


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("drawbacks of a secondmnet", "drawbacks of a secondment", id="changed-places"),
        pytest.param("the partnrship track", "the partnership track", id="letter-missing"),
        pytest.param("a partnner left", "a partner left", id="letter-too-many"),
        pytest.param("my colleegue left", "my colleague left", id="other-letter"),
        pytest.param("he does not udnerstnad me", "he does not understand me", id="two-slips"),
        pytest.param("maternity leve", "maternity leave", id="short-letter-missing"),
        pytest.param("which frim is better", "which firm is better", id="short-changed-places"),
        pytest.param("a (secondmnet), or not?", "a (secondment), or not?", id="among-signs"),
        pytest.param("a secondmnet—why?", "a secondment—why?", id="before-a-dash"),
        pytest.param("Secondmnet: good?", "Secondment: good?", id="capital-at-the-start"),
        pytest.param("No. Partnrs lie.", "No. Partners lie.", id="capital-of-a-sentence"),
        pytest.param("secondmnet partnrship", "secondment partnership", id="all-of-it"),
        pytest.param("esconded for a year", "seconded for a year", id="first-two-letters"),
    ],
)
def test_a_slip_is_put_right(speller, typed, meant):
    assert speller.respelled(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("What does Secondmnet pay?", id="name"),
        pytest.param("SECONDMNET", id="capitals"),
        pytest.param('Is "my secondmnet here" a word?', id="in-quotes"),
        pytest.param("Is “my secondmnet here” good?", id="in-printed-quotes"),
        pytest.param("see secondmnet.com or www.partnrship.org", id="address"),
        pytest.param("mail jo@secondmnet", id="mail"),
        pytest.param("the file secondmnet_2 and partnrship2", id="digits"),
        pytest.param("the secondmnet's end", id="apostrophe"),
        pytest.param("a law-frim", id="hyphen"),
        pytest.param("secondmnet/partnrship", id="slash"),
        pytest.param("teh partner", id="too-short"),
        pytest.param("my parntre left", id="two-slips-in-a-shorter-word"),
        pytest.param("My salary 2024-05-01 at £90k", id="figures"),
        pytest.param("Wie kann ich meine Stelle als Anwalt kundigen, ohne Arger?", id="German"),
        pytest.param("She have told to me that I am not enough senior", id="foreign-grammar"),
        pytest.param("asdf lkjh qwpoe zxmn ghgh", id="mash"),
        pytest.param("", id="empty"),
    ],
)
def test_what_is_left_as_it_stands(speller, question):
    assert speller.respelled(question) == question


@pytest.mark.parametrize(
    "word",
    """cooking volcano bassoon paella cricket tortoise lasagna trombone glacier saxophone knitting
    penguin marmalade ukulele broccoli telescope kayak origami hamster orchestra vinyl tractor
    admin intro crypto bitcoin podcast defence favourite centres behaviour recognise
    analyze""".split(),
)
def test_a_good_word_that_the_library_lacks_stays_as_it_is(speller, word):
    assert speller.respelled(f"the best {word} of all") == f"the best {word} of all"


def test_the_slang_of_the_profession_is_no_slip(respelled_in):
    assert respelled_in("He left big-law.", "is biglaw hard") == "is biglaw hard"


def test_a_short_form_without_its_apostrophe_is_no_slip(respelled_in):
    assert respelled_in("They want it.", "it wasnt his idea") == "it wasnt his idea"


@pytest.mark.parametrize("style", ["plain", "worried", "keywords", "second-language"])
def test_no_canned_question_without_slips_is_changed(speller, style):
    asked = [q.question for q in load_questions() if q.style == style and not q.holdout]
    assert asked
    assert [q for q in asked if speller.respelled(q) != q] == []


def test_a_word_that_is_as_likely_as_another_is_not_chosen(respelled_in):
    assert respelled_in("lateral literal", "a leteral move") == "a leteral move"


def test_of_two_words_the_one_that_is_far_commoner_is_meant(respelled_in):
    assert respelled_in("literal " + 5 * "lateral ", "a leteral move") == "a lateral move"


def test_letters_that_changed_places_weigh_more_than_a_commoner_word(respelled_in):
    assert respelled_in("given " + 9 * "give ", "a givne day") == "a given day"


def test_a_commoner_english_word_that_is_as_near_keeps_the_library_s_away(respelled_in):
    assert respelled_in("cooling", "cookling for two") == "cookling for two"
    assert respelled_in("cooling cooking" + 5 * " cooking", "cookling for two") == "cooking for two"


def test_an_english_word_that_is_nearer_keeps_the_library_s_away(respelled_in):
    assert respelled_in("contract", "a constract") == "a contract"
    assert respelled_in("prosecution", "fear of pesecution") == "fear of pesecution"


def test_a_replaced_letter_makes_another_word_of_a_short_one(respelled_in):
    assert respelled_in("level", "the lefel here") == "the lefel here"
    assert respelled_in("levels", "the lefels here") == "the levels here"


def test_names_of_the_library_are_not_put_for_slips(respelled_in):
    assert respelled_in("Ask Grant, or Ms Grant.", "the gratn or rnat") == "the gratn or rnat"


def test_a_word_that_search_finds_by_its_stem_is_no_slip(respelled_in):
    assert respelled_in("the pupilmaster", "two pupilmasters") == "two pupilmasters"


def test_short_forms_are_put_right_with_their_apostrophe(respelled_in):
    assert respelled_in("It mustn’t end in-house.", "one mustnt go inhouse") == (
        "one mustn't go in-house"
    )


def test_only_a_third_of_a_longer_question_may_be_unknown(speller):
    slips = "secondmnet partnrship colleegue".split()
    assert len(slips) > FEW
    assert speller.respelled(" ".join(slips)) == " ".join(slips)
    told = " about that firm with them after last year"
    assert speller.respelled(" ".join(slips) + told) == "secondment partnership colleague" + told


@given(st.text(max_size=80) | st.text("secondmnt parli.\"“”'?", max_size=60))
def test_what_was_put_right_once_is_not_changed_again(speller, typed):
    once = speller.respelled(typed)
    assert speller.respelled(once) == once
    assert len(once.split()) == len(typed.split())


@given(st.text(st.characters(exclude_characters='"“”'), max_size=60))
def test_nothing_in_quotes_is_changed(speller, typed):
    assert speller.respelled(f'"{typed}" or “{typed}”') == f'"{typed}" or “{typed}”'
