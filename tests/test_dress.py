"""What columns and threads are known by, what is furniture of a page, and what must stay."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.borders import is_border, is_count_line, is_signed
from ingest.cleaning import clean
from ingest.dates import date_in
from ingest.furniture import ANYWHERE, EDGES, furniture_rule
from ingest.structure import column_parts, guide_parts, kind_of, lay_out, thread_parts
from ingest.textual import read_markdown, read_text

BODY = "A secondment shows you how a client decides. Ask who reviews you while you are away."


def cuts(text):
    return [(cut.rule, cut.text) for cut in clean(read_text(text), title=None).cuts[1:]]


def headings(parts):
    return [part.heading for part in parts if part.body]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Home | About | Contact", "navigation"),
        ("Contact us", "navigation"),
        ("« The Older Column", "navigation"),
        ("Next column: On Leaving", "navigation"),
        ("Next: The Partner Who Texts", "navigation"),
        ("Page 2 of 3", "navigation"),
        ("Home > Columns > Moving", "breadcrumb"),
        ("You are here: Forum » Hours", "breadcrumb"),
        ("Filed under: Pay, Moving", "tags line"),
        ("Tags: offers", "tags line"),
        ("1,204 views | 3 min read", "counter"),
        ("Printed 23 times", "counter"),
        ("We use cookies to improve this site.", "cookie note"),
        ("Accept all cookies", "cookie note"),
        ("Sign up for our newsletter", "newsletter sign-up"),
        ("Get new columns in your inbox", "newsletter sign-up"),
        ("Leave a Reply", "comment form"),
        ("Your email address will not be published. Required fields are marked *", "comment form"),
        ("You must be logged in to post a comment.", "comment form"),
        ("Share this: Facebook Twitter", "share bar"),
        ("Email | Print | LinkedIn", "share bar"),
        ("Reply | Quote | Report", "post buttons"),
        ("Advertisement", "advertisement"),
        ("Sent from my telephone", "signature of a device"),
        ("© 2018 Corbel", "copyright line"),
    ],
)
def test_furniture_has_the_name_of_its_rule(line, rule):
    assert furniture_rule(Block("paragraph", line), (*ANYWHERE, *EDGES)) == rule
    assert (rule, line) in cuts(f"Title\n\n{BODY}\n\n{line}")


@pytest.mark.parametrize(
    "line",
    [
        "Get the terms confirmed by e-mail.",
        "Join the committee of your bar section.",
        "Sign up for fewer things than you are offered.",
        "Next: ask the partner for an hour.",
        "Share the credit with the junior who found the case.",
        "Share this with nobody before you have signed.",
        "Accept the cookies that reception offers.",
        "Contact the client, then the partner",
        "Posted in London, she missed her desk",
        "“Ask early,” she said, “and ask often.”",
        "«Ask early», she said",
        "Pay, hours and title | in that order",
        "Reply within the hour",
        "Name your price",
        "Read more contracts than you draft.",
        "Leave a copy with your assistant",
        "About the author of your review, say nothing.",
        "In 2019 I had 40 views and no offer.",
        "Print it and sleep on it.",
    ],
)
def test_a_closing_line_of_advice_is_not_furniture(line):
    assert cuts(f"Title\n\n{BODY}\n\n{line}") == []


@pytest.mark.parametrize("line", ["Edit", "Report", "Home", "Subscribe now", "Leave a reply"])
def test_in_the_body_only_whole_lines_of_a_closed_vocabulary_go(line):
    assert cuts(f"Title\n\n{BODY}\n\n{line}\n\n{BODY} And again.") == []


def test_buttons_of_one_word_go_where_they_are_repeated():
    text = f"Title\n\n{BODY}\n\nReply\n\n{BODY} Twice.\n\nReply\n\n{BODY} Thrice."
    assert cuts(text) == [("post buttons", "Reply")] * 2


def test_the_author_box_is_known_by_the_name_of_the_by_line():
    about = "Jo Doe is a recruiter who likes rain."
    assert cuts(f"Title\n\nBy Jo Doe\n\n{BODY}\n\n{about}")[-1] == ("author box", about)
    assert cuts(f"Title\n\n{BODY}\n\n{about}") == []


def test_titles_go_under_a_label_and_an_unlabelled_line_stays():
    titles = ["Moving House", "When to Leave"]
    found = cuts(f"Title\n\n{BODY}\n\nRelated columns\n\n" + "\n\n".join(titles))
    assert [text for _, text in found] == ["Related columns", *titles]
    assert cuts(f"Title\n\n{BODY}\n\n" + "\n\n".join(titles)) == []


@pytest.mark.parametrize(
    "line",
    [
        "2 Responses", "3 replies", "Comments (4)", "4 Comments", "(2 Comments)", "Replies: 2",
        "One reply so far", "3 Responses to “Leaving”", "2 thoughts on “Leaving”",
        "Showing 3 replies", "All comments (12)", "4 Answers",
    ],
)  # fmt: skip
def test_count_lines(line):
    assert is_count_line(Block("paragraph", line))


@pytest.mark.parametrize(
    "line",
    ["2 answers to the question", "Responses", "She gave 4 answers", "Comments", "40 hours"],
)
def test_what_is_no_count_line(line):
    assert not is_count_line(Block("paragraph", line))


def test_a_heading_that_says_responses_counts_them_without_a_number():
    assert is_count_line(Block("heading", "Responses", 2))


@pytest.mark.parametrize(
    "line",
    [
        "Response 2", "#2", "Reply 3 of 7", "Comment 4 by Jo Doe", "Jo Doe says:", "A. Lee said:",
        "tired_in_tulsa wrote:", "Jo Doe (original poster) says:",
        "Jo Doe | March 4, 2019 at 3:14 pm",
        "Jo Doe – 4 March 2019", "Posted by Jo on 4 March 2019", "March 4, 2019 at 3:14 pm",
        "Anonymous · 3 days ago", "On 4 March 2019, Jo Doe wrote:", "Jo Doe, 04/03/2019 15:14",
        "Re: Leaving after a year", "Ann Lee said",
    ],
)  # fmt: skip
def test_border_lines_of_posts(line):
    assert is_border(Block("paragraph", line))


@pytest.mark.parametrize(
    "line",
    [
        "I left on March 4, 2019 and never looked back.",
        "I quit two years ago",
        "The offer of 4 March 2019 was better",
        "He said:",
        "Which is what my partner said",
        "The partner always says:",
        "Wait until yesterday",
    ],
)
def test_words_of_a_post_are_no_border(line):
    assert not is_border(Block("paragraph", line))


def test_a_moment_alone_or_with_a_name_signs_a_post():
    assert is_signed("yesterday")
    assert is_signed("Jo | 2 days ago")
    assert not is_signed("Ask them")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("Q: Why?\n\nSo.\n\nQ: When?\n\nNow.", "column", id="questions-marked-alone"),
        pytest.param("Q: Why?\n\nSo.", "guide", id="one-question-marked-alone"),
        pytest.param("1. Why?\n\nSo.\n\n2. When?\n\nNow.", "column", id="numbered"),
        pytest.param("1. Why?\n2. When?\n\nThink.", "guide", id="numbered-without-answers"),
        pytest.param("**Why?**\n\nSo.\n\n**When?**\n\nNow.", "column", id="bold"),
        pytest.param("**Why?**\n\nSo.\n\n**Never**\n\nNow.", "guide", id="one-bold"),
        pytest.param("## Why?\n\nSo.\n\n## When?\n\nNow.", "column", id="headings"),
        pytest.param(
            "## Why?\n\nSo.\n\n## When?\n\nNow.\n\n## A\n\nB.\n\n## C\n\nD.", "guide",
            id="half-of-the-headings",
        ),
        pytest.param("Jo: Why?\n\nAnn: So.\n\nJo: When?\n\nAnn: Now.", "column", id="interview"),
        pytest.param("Pros: Pay.\n\nCons: Hours.\n\nPros: Rest.\n\nCons: Pay.", "guide",
                     id="labels-that-do-not-ask"),
        pytest.param("Note: Hm.\n\nJo: Why?\n\nAnn: So.\n\nJo: Go on.\n\nAnn: Now.", "guide",
                     id="half-of-the-turns-ask"),
        pytest.param("Why is it so?\n\nSo it is.\n\nWhen is it?\n\nNow it is.", "guide",
                     id="two-lines-that-ask"),
        pytest.param("Jo | 4 March 2019\n\nWhy?\n\nAnn | 5 March 2019\n\nSo.", "thread",
                     id="two-signed-posts"),
    ],
)  # fmt: skip
def test_kind_of_what_is_dressed(text, kind):
    assert kind_of(read_markdown(text)) == kind


ASKING = "Why?\n\nSo.\n\nWhen?\n\nNow.\n\nHow?\n\nThus."


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param(ASKING, "column", id="lines-that-ask"),
        pytest.param(f"Three.\n\nStand.\n\nAbove.\n\n{ASKING}", "guide", id="a-long-way-down"),
        pytest.param(f"{ASKING}\n\n" + "More.\n\n" * 9, "guide", id="far-apart"),
        pytest.param(f"{ASKING}\n\n# Done\n\nGo.", "guide", id="with-headings"),
    ],
)
def test_lines_that_ask_make_a_column_only_by_the_rule(text, kind):
    assert kind_of(read_markdown(text)) == kind


def test_an_interview_keeps_the_names_of_several_who_answer():
    blocks = read_text("Jo: Why?\n\nAnn: So.\n\nJo: When?\n\nLi: Now.\n\nAnn: Later.")
    text, sections = lay_out(column_parts(blocks), speaker="unknown")
    assert [s.heading for s in sections] == ["Why?", "When?"]
    assert [text[s.start : s.end] for s in sections] == ["Ann: So.", "Li: Now.\n\nAnn: Later."]


@pytest.mark.parametrize("answer", ["Ann Lee: So.", "A (Ann Lee): So."])
def test_the_name_of_the_only_one_who_answers_stands_above_the_answer(answer):
    asks = "Q" if answer.startswith("A (") else "Jo"
    blocks = read_text(f"{asks}: Why?\n\n{answer}\n\n{asks}: When?\n\n{answer}")
    text, sections = lay_out(column_parts(blocks), speaker="unknown")
    assert [text[s.start : s.end] for s in sections] == ["So.", "So."]
    assert text.count("Ann Lee:") == 2


def test_comments_below_a_column_are_their_posters():
    blocks = read_text("Q: Why?\n\nA: So.\n\n1 Comment\n\nNo.")
    _, sections = lay_out(column_parts(blocks), speaker="recruiter")
    assert [(s.heading, s.speaker) for s in sections] == [
        ("Why?", "recruiter"),
        ("Response 1", "forum poster"),
    ]


def test_a_heading_between_two_questions_is_in_neither_answer():
    blocks = read_markdown("Q: Why?\n\nA: So.\n\n## Later\n\nQ: When?\n\nA: Now.")
    text, sections = lay_out(column_parts(blocks), speaker="unknown")
    assert [text[s.start : s.end] for s in sections] == ["So.", "Now."]
    assert "Later" in text


def test_quotes_above_and_a_signature_below_are_in_no_section():
    blocks = read_text("Why?\n\n1 Reply\n\nReply 1\n\n> Why?\n\nSo it is.\n\n--\nJo Doe")
    text, sections = lay_out(thread_parts(blocks), speaker="forum poster")
    assert [text[s.start : s.end] for s in sections] == ["Why?", "So it is."]
    assert text.endswith("--\n\nJo Doe")


def test_in_a_dated_thread_a_line_that_says_who_said_it_opens_a_quotation():
    signed = [f"Ann\n\nMarch {day}, 2019" for day in (4, 5)]
    said = "Li said:\n\nNo."
    text = f"Why?\n\n2 Replies\n\n{signed[0]}\n\nSo.\n\n{said}\n\n{signed[1]}\n\n{said}"
    parts = thread_parts(read_text(text))
    assert headings(parts) == ["Opening post", "Response 1", "Response 2"]
    assert [block.text for block in parts[2].body] == ["So.", "Li said:", "No."]


def test_a_post_that_only_quotes_is_its_quotation():
    blocks = read_text("Why?\n\n1 Reply\n\nReply 1\n\n> So it is.")
    assert headings(thread_parts(blocks)) == ["Opening post", "Reply 1"]


@pytest.mark.parametrize("text", ["[ ] Ask\n[x] Wait", "☐ Ask\n☑ Wait", "- [ ] Ask\n- [X] Wait"])
@pytest.mark.parametrize("read", [read_text, read_markdown])
def test_boxes_of_a_checklist_are_items(text, read):
    if read is read_markdown and not text.startswith("-"):
        return
    assert [(b.kind, b.text) for b in read(text)] == [("item", "- Ask"), ("item", "- Wait")]


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("Posted March 4, 2019 at 3:14 pm", "2019-03-04"),
        ("Monday, 4 March 2019", "2019-03-04"),
        ("04/03/2019 at 3:14 pm", None),
    ],
)
def test_dates_with_a_weekday_or_a_time(line, iso):
    assert date_in(line) == iso


line_of_a_thread = st.sampled_from(
    ["2 Responses", "Jo Doe | March 4, 2019", "#2", "Re: Why", "Jo says:", "> Quoted words.", "--",
     "Jo", "So it is.", "- item", "Why is it?", "1. Why?", "Jo: Why?", "Ann: So.", "Response 1",
     "Related posts", "-----", "Thanks", "Good luck with it", "A Heading"]
)  # fmt: skip


@pytest.mark.parametrize("parts_of", [thread_parts, guide_parts])
@given(lines=st.lists(line_of_a_thread, min_size=1, max_size=12))
def test_no_line_is_lost_from_the_text(parts_of, lines):
    blocks = read_text("\n\n".join(lines))
    text, _ = lay_out(parts_of(blocks), speaker="unknown")
    assert [b.text for b in blocks if b.text not in text] == []


@given(lines=st.lists(line_of_a_thread, min_size=1, max_size=12))
def test_no_word_of_a_column_is_lost(lines):
    blocks = read_text("\n\n".join(lines))
    text, _ = lay_out(column_parts(blocks), speaker="unknown")
    words = [word for block in blocks for word in block.text.split()]
    assert [word for word in words if word not in text] == []


@given(lines=st.lists(line_of_a_thread, min_size=1, max_size=12))
def test_every_line_is_kept_or_has_a_receipt(lines):
    blocks = read_text("\n\n".join(lines))
    found = clean(blocks, title=None)
    assert sorted([*(b.text for b in found.blocks), *(c.text for c in found.cuts)]) == sorted(
        b.text for b in blocks
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("reply " * 50 + "x", id="buttons"),
        pytest.param("share save print email " * 12 + "!", id="networks"),
        pytest.param("we use site cookies " * 14 + "\n\n", id="cookies"),
        pytest.param("Jo Doe says\n\n" * 5000, id="borders"),
        pytest.param("Jo: Why?\n\nAnn: So.\n\n" * 2500, id="turns"),
        pytest.param("Q: Why?\n\nA: So.\n\n" * 2500, id="markers"),
        pytest.param("A " * 100_000, id="one-long-line"),
    ],
)
def test_a_page_made_to_be_slow_is_cleaned_and_parted_at_once(text):
    began = time.monotonic()
    blocks = list(clean(read_text(f"{text}\n\n{text}"), title=None).blocks)
    for parts_of in (column_parts, thread_parts, guide_parts):
        parts_of(blocks)
    assert kind_of(blocks)
    assert time.monotonic() - began < 5


def test_nothing_is_a_guide_of_nothing():
    assert clean([], title=None).blocks == ()
    assert kind_of([]) == "guide"
    assert [
        lay_out(p([]), speaker="unknown") for p in (column_parts, thread_parts, guide_parts)
    ] == [("", ())] * 3
