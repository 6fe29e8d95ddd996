"""The nouns: what a citation pins, how a voice is named, how an answer numbers its citations."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.model import (
    EDITORS,
    Answer,
    Article,
    Passage,
    Section,
    Statement,
    attribution,
    embedded_text,
    headings_of,
)

TEXT = "Which notice?\n\nThree months is usual.\n\nA stray line.\n\nTell the partner first."
ARTICLE = Article(
    id="notice",
    title="Notice",
    kind="column",
    text=TEXT,
    sections=(
        Section(start=15, end=37, heading="Which notice?", speaker="recruiter"),
        Section(start=54, end=len(TEXT), heading="Who hears?", speaker="counsellor"),
    ),
    speaker="firm",
    author="Jo Marsh",
    date="2024-05",
    place="UK",
    url="https://example.org",
)


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_a_citation_quotes_exactly_what_stands_at_its_place(a, b):
    start, end = min(a, b), max(a, b) + 1
    citation = ARTICLE.cite(start, min(end, len(TEXT)) or 1) if start < len(TEXT) else None
    assert citation is None or TEXT[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(5, 5, id="empty-range"),
        pytest.param(9, 5, id="backwards"),
        pytest.param(-1, 5, id="before-the-text"),
        pytest.param(0, len(TEXT) + 1, id="past-the-end"),
    ],
)
def test_words_that_are_not_there_cannot_be_cited(start, end):
    with pytest.raises(ValueError, match=rf"'notice' has no characters {start} to {end}"):
        ARTICLE.cite(start, end)


def test_a_citation_carries_what_its_reader_judges_it_by():
    cited = ARTICLE.cite(15, 20)
    assert (cited.quote, cited.heading, cited.speaker) == ("Three", "Which notice?", "recruiter")
    assert (cited.title, cited.kind, cited.author) == ("Notice", "column", "Jo Marsh")
    assert (cited.date, cited.place, cited.url) == ("2024-05", "UK", "https://example.org")


def test_words_outside_every_section_are_said_by_the_article():
    cited = ARTICLE.cite(39, 45)
    assert (cited.heading, cited.speaker) == ("", "firm")


@pytest.mark.parametrize(
    ("offset", "heading"),
    [
        pytest.param(14, None, id="just-before"),
        pytest.param(15, "Which notice?", id="first-character"),
        pytest.param(36, "Which notice?", id="last-character"),
        pytest.param(37, None, id="just-after"),
    ],
)
def test_a_section_holds_its_start_and_not_its_end(offset, heading):
    section = ARTICLE.section_at(offset)
    assert (section.heading if section else None) == heading


@pytest.mark.parametrize(
    ("speaker", "author", "shown"),
    [
        pytest.param("recruiter", "Jo Marsh", "a recruiter, Jo Marsh", id="voice-and-name"),
        pytest.param("unknown", "Jo Marsh", "Jo Marsh", id="name-alone"),
        pytest.param("forum poster", None, "a forum poster", id="voice-alone"),
        pytest.param("editor", None, "an editor", id="an-before-a-vowel"),
        pytest.param("unknown", None, "unknown speaker", id="nothing-known"),
        pytest.param(
            "recruiter",
            EDITORS,
            "written by Pincite's editors in the voice of a recruiter",
            id="articles-that-ship-never-pose-as-a-recruiter",
        ),
        pytest.param("unknown", EDITORS, "written by Pincite's editors", id="editors-alone"),
    ],
)
def test_attribution(speaker, author, shown):
    assert attribution(speaker=speaker, author=author) == shown


@pytest.mark.parametrize(
    ("context", "embedded"),
    [
        pytest.param("Notice\nWhich?", "Notice\nWhich?\nThree months", id="context-comes-first"),
        pytest.param("", "Three months", id="no-blank-line-without-a-context"),
    ],
)
def test_what_is_embedded(context, embedded):
    passage = Passage(article_id="notice", section=0, start=15, end=27, context=context)
    assert embedded_text(ARTICLE, passage) == embedded
    assert passage.id == "notice@15"


def test_headings_are_named_once_by_their_section_in_the_order_of_the_passages():
    notice = Passage(article_id="notice", section=1, start=54, end=60, context="Notice\nWho hears?")
    passages = [
        notice,
        replace(notice, start=61, end=70),
        replace(notice, section=2, start=80, end=90, context=""),
        replace(notice, article_id="leave", section=0, start=0, end=9, context="Leave"),
    ]
    assert list(headings_of(passages).items()) == [
        ("notice#1", "Notice\nWho hears?"),
        ("leave#0", "Leave"),
    ]
    assert headings_of([]) == {}


def test_equal_text_has_equal_hash_and_another_text_another():
    twin = Article(id="x", title="Other", kind="guide", text=TEXT, sections=())
    other = Article(id="notice", title="Notice", kind="column", text=TEXT + " ", sections=())
    assert twin.sha256 == ARTICLE.sha256 != other.sha256


def answer(*statements):
    return Answer(
        question="q", standalone_question="q", generation=1, writer="w", statements=statements
    )


FIRST, SECOND, THIRD = ARTICLE.cite(15, 20), ARTICLE.cite(54, 58), ARTICLE.cite(59, 62)


def test_citations_are_numbered_from_one_in_the_order_of_the_statements():
    found = answer(Statement("a", (SECOND,)), Statement("b", (FIRST, SECOND)))
    assert found.citations == (SECOND, FIRST)
    assert [found.numbers(s.citations) for s in found.statements] == [[1], [2, 1]]


@given(st.lists(st.lists(st.sampled_from([FIRST, SECOND, THIRD]), min_size=1), min_size=1))
def test_every_number_leads_to_its_own_citation(groups):
    found = answer(*(Statement("s", tuple(group)) for group in groups))
    assert [
        [found.citations[n - 1] for n in found.numbers(s.citations)] for s in found.statements
    ] == groups
    assert len(set(found.citations)) == len(found.citations)


def test_an_answer_without_a_statement_is_a_refusal_without_citations():
    assert (answer().status, answer().citations) == ("refused", ())
    assert answer(Statement("a", (FIRST,))).status == "answered"


def test_the_time_an_answer_took_is_no_part_of_what_it_says():
    assert answer() == Answer(
        question="q", standalone_question="q", generation=1, writer="w", seconds=9
    )
