"""What surrounds an article: read for title, author and role, cut with a receipt, and no more."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import Block, answer_in, folded, question_in, same_line
from ingest.cleaning import clean, is_bio_line, is_byline, is_phone_line, titles_printed_twice
from ingest.dates import date_in
from ingest.readers import read_text

WORDS = "A secondment shows you how a client decides. Ask who reviews you while you are away."


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("Answers From Dana Whitlock, Esq.", True),
        ("Answers by Dana Whitlock", True),
        ("Answered by: Dana M. Whitlock, J.D., LL.M.", True),
        ("By Ludwig van der Rohe", True),
        ("by Maria O’Neill-Smith", True),
        ("By Dana Whitlock | Brackwater Legal Search", True),
        ("Author: José Álvarez", True),
        ("From the desk of Dana Whitlock", True),
        ("By the time you read this", False),
        ("By then", False),
        ("Written by hand", False),
        ("Answers from associates differ", False),
        ("By " + "Dana " * 40, False),
    ],
)
def test_by_lines(line, is_one):
    assert is_byline(line) is is_one


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("(415) 555-0142", True),
        ("415.555.0142 ext. 31", True),
        ("Tel +44 20 7946 0018", True),
        ("dana@brackwater.example", True),
        ("Call Dana on (415) 555-0142 or write to dana@brackwater.example", True),
        ("From 2019 to 2024", False),
        ("Did anyone call (415) 555-0142?", False),
        ("I called the number (415) 555-0142 twice a day for most of that spring.", False),
        ("$190,000", False),
    ],
)
def test_phone_lines(line, is_one):
    assert is_phone_line(line) is is_one


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("Website bio", True),
        ("View Dana’s full bio", True),
        ("Dana Whitlock's bio", True),
        ("View profile | E-mail | vCard", True),
        ("LinkedIn", True),
        ("Biology majors make good patent lawyers", False),
        ("Should I rewrite my website bio?", False),
        ("A bio is the first thing that a client reads about you", False),
    ],
)
def test_bio_lines(line, is_one):
    assert is_bio_line(line) is is_one


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("March 4, 2019", "2019-03-04"),
        ("Posted on Mar 4th, 2019.", "2019-03-04"),
        ("Last updated: 4 March 2019", "2019-03-04"),
        ("1 Sept 2020", "2020-09-01"),
        ("2019-03-04", "2019-03-04"),
        ("May 2019", "2019-05"),
        ("04/03/2019", None),
        ("In March 2019 I left.", None),
        ("31 February 2019", None),
        ("2019", None),
        ("", None),
    ],
)
def test_dates_in_words(line, iso):
    assert date_in(line) == iso


@pytest.mark.parametrize(
    ("line", "question", "answer"),
    [
        ("Q: Why?", "Why?", None),
        ("q1. Why?", "Why?", None),
        ("Question 2 – Why?", "Why?", None),
        ("Quit first.", None, None),
        ("Q", None, None),
        ("A: So.", None, "So."),
        ("Answer: So.", None, "So."),
        ("A. So.", None, "So."),
        ("A secondment pays.", None, None),
        ("A-levels matter.", None, None),
        ("Answers differ.", None, None),
        ("A.B. Smith wrote it.", None, None),
    ],
)
def test_markers_of_a_column(line, question, answer):
    assert (question_in(line), answer_in(line)) == (question, answer)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Going In-House!", "going in house", True),
        ("“Going In-House”", "Going In-House", True),
        ("Going In-House", "Going Out", False),
    ],
)
def test_lines_that_say_the_same(first, second, same):
    assert same_line(first, second) is same


def test_folding_leaves_single_spaces():
    assert folded("  a\n\tb ") == "a b"


def cleaned(text, title=None):
    return clean(read_text(text), title=title)


def cut(text, title=None):
    return [(c.rule, c.text) for c in cleaned(text, title).cuts]


def kept(text, title=None):
    return [block.text for block in cleaned(text, title).blocks]


def test_every_cut_has_a_receipt_in_the_order_of_the_page():
    text = f"Tag line\n\nTitle\n\nTitle\n\nBy Jo Doe\n\n{WORDS}\n\n© 2024 Firm\n\nBack to top"
    assert cut(text) == [
        ("tag line", "Tag line"),
        ("title", "Title"),
        ("title", "Title"),
        ("by-line", "By Jo Doe"),
        ("copyright line", "© 2024 Firm"),
        ("label of related titles", "Back to top"),
    ]
    assert kept(text) == [WORDS]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("You can reach the bar association at any hour", id="no-phone-number"),
        pytest.param("Read more before you decide, and decide slowly after that.", id="long-label",
                     ),
        pytest.param("Call the partner. Then call the recruiter.", id="advice-to-call"),
        pytest.param("Rights are reserved to those who read contracts", id="not-a-copyright"),
    ],
)  # fmt: skip
def test_a_closing_line_of_the_article_is_not_taken_for_furniture(line):
    assert kept(f"Title\n\n{WORDS}\n\n{line}")[-1] == line


def test_a_source_of_one_line_is_its_own_article():
    assert kept("Only a title") == ["Only a title"]
    assert cut("Only a title") == []


def test_the_title_of_the_header_goes_before_what_the_page_says():
    found = cleaned(f"The Page's Title\n\n{WORDS}", title="My Title")
    assert found.title == "My Title"
    assert [b.text for b in found.blocks] == ["The Page's Title", WORDS]


def test_the_headers_title_is_cut_where_the_page_repeats_it():
    assert kept(f"My title!\n\n{WORDS}", title="My Title") == [WORDS]


def test_with_a_header_title_a_short_first_paragraph_is_kept():
    assert kept("Ask early.\n\nWait long.", title="Notice") == ["Ask early.", "Wait long."]


def test_a_first_paragraph_of_sentences_is_not_a_title():
    first = "Nobody expects you to know it all. Ask early. Ask often."
    assert kept(f"{first}\n\n{WORDS}") == [first, WORDS]


@pytest.mark.parametrize(
    ("head", "speaker"),
    [
        pytest.param(
            "Legal recruiters since 1990\n\nTitle\n\nBy Jo Doe", "recruiter", id="tag-line"
        ),
        pytest.param("Title\n\nBy Jo Doe, career coach", "counsellor", id="by-line"),
        pytest.param("Title\n\nBy Jo Doe", None, id="not-said"),
        pytest.param("What recruiters want\n\nWhat recruiters want", None, id="only-in-the-title"),
    ],
)
def test_the_role_is_read_only_from_who_speaks(head, speaker):
    assert cleaned(f"{head}\n\n{WORDS}").speaker == speaker


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "".join(f"Title number {n}\n\n" for n in range(1000)), id="a-thousand-short-lines"
        ),
        pytest.param("x" * 20_000, id="one-word-of-20,000-letters"),
    ],
)
def test_a_page_made_to_be_slow_is_cleaned_at_once(text):
    began = time.process_time()
    cleaned(text)
    assert time.process_time() - began < 0.2


lines = st.lists(
    st.sampled_from(["Title One", "Title Two", "Title Three", WORDS, "- item", "Q: Why?"]),
    max_size=9,
)


@given(lines)
def test_only_a_closing_run_of_repeated_titles_is_cut(texts):
    blocks = [Block("item" if t.startswith("-") else "paragraph", t) for t in texts]
    end = titles_printed_twice(blocks, 0, len(blocks))
    gone = texts[end:]
    assert all(gone.count(line) > 1 or line == gone[-1] for line in gone)
    assert WORDS not in gone
    assert "Q: Why?" not in gone


@given(
    st.lists(st.sampled_from(["Title", WORDS, "By Jo Doe", "(415) 555-0142", "x", "Website bio",
                              "May 2019", "Q: Why?", "A: So.", "-----", "• item"]), min_size=1)
)  # fmt: skip
def test_every_line_is_kept_or_has_a_receipt(texts):
    blocks = read_text("\n\n".join(texts))
    found = clean(blocks, title=None)
    assert sorted([b.text for b in found.blocks] + [c.text for c in found.cuts]) == sorted(
        b.text for b in blocks
    )
