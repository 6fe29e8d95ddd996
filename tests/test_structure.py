"""Blocks to sections: columns and threads in the many shapes in which they are saved."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.articles import plain_article, prepare
from ingest.blocks import Block
from ingest.readers import read_text
from ingest.sources import Source
from ingest.structure import column_parts, guide_parts, kind_of, lay_out, thread_parts


def article_of(text, name="page.txt"):
    return prepare(Source(name=name, raw=text.encode())).article


def sections_of(article):
    return [(s.heading, article.text[s.start : s.end]) for s in article.sections]


def quotable(article):
    """Everything that a passage, and so a quote, can be made of."""
    return "\n".join(article.text[s.start : s.end] for s in article.sections)


# --- columns ------------------------------------------------------------------------------------

TAG = "Brackwater Legal Search – matching lawyers and opportunity"
TITLE = "Weighing a Client Secondment"
BYLINE = "Answers From Dana Whitlock, Esq."
PHONE = "(415) 555-0142"
BIO = "Website bio"
HEAD = f"{TAG}\n\n{TITLE}\n\n{TITLE}\n\n{BYLINE}\n\n{PHONE}\n\n{BIO}\n\n"

Q1 = "I have been offered a secondment to a client. Should I take it?"
A1 = "Usually, yes. A secondment shows you how a client’s business decides – and who decides."
A1B = "Before you accept, ask the partner three things:"
ITEMS = ["who reviews you while you are away", "whether your hours count", "what you return to"]
Q2 = "What are the drawbacks?"
A2 = "You are out of sight at the firm. “Out of sight” can mean out of mind at review time."
BODY_WORDS = (A1, A1B, *ITEMS, A2)

BULLETS = "\n".join(f"• {item}" for item in ITEMS)
BODY = f"Q: {Q1}\n\nA: {A1}\n\n{A1B}\n\n{BULLETS}\n\nQ: {Q2}\n\nA: {A2}\n\n"
OTHERS = ["Moving In-House After Four Years", "Is It Too Late to Switch?", "Leaving Before Bonus"]
ONCE = "\n\n".join(OTHERS)
TWICE = "\n\n".join(f"{title}\n\n{title}" for title in OTHERS)

COLUMNS = [
    pytest.param(HEAD + BODY + TWICE, id="as-it-is-saved"),
    pytest.param((HEAD + BODY + TWICE).replace("\n\n", "\n"), id="no-blank-lines"),
    pytest.param((HEAD + BODY + TWICE).replace("\n", "\r\n"), id="lines-ended-by-windows"),
    pytest.param((HEAD + BODY + TWICE).replace("\n\n", "\n\n\n\n"), id="many-blank-lines"),
    pytest.param(
        HEAD.replace(BYLINE, "Answers From\nDana Whitlock, Esq.") + BODY + TWICE,
        id="by-line-over-two-lines",
    ),
    pytest.param(
        HEAD.replace(BYLINE, "Answers From\n\nDana Whitlock, Esq.") + BODY + TWICE,
        id="by-line-over-two-paragraphs",
    ),
    pytest.param(
        HEAD.replace(BYLINE, "Answers from: Dana Whitlock, J.D.") + BODY + TWICE,
        id="by-line-with-colon",
    ),
    pytest.param(
        HEAD.replace(BYLINE, "By Dana Whitlock") + BODY + TWICE, id="by-line-that-says-by"
    ),
    pytest.param(
        HEAD.replace(PHONE, "415.555.0142 ext. 31") + BODY + TWICE, id="phone-with-extension"
    ),
    pytest.param(
        HEAD.replace(PHONE, "Tel: +1 (415) 555-0142 x31") + BODY + TWICE, id="phone-with-label"
    ),
    pytest.param(
        HEAD.replace(f"{PHONE}\n\n{BIO}", f"{PHONE} | {BIO}") + BODY + TWICE,
        id="bio-joined-to-the-phone",
    ),
    pytest.param(
        HEAD.replace(f"{PHONE}\n\n{BIO}", f"{PHONE} {BIO}") + BODY + TWICE,
        id="bio-joined-without-a-bar",
    ),
    pytest.param(HEAD.replace(BIO, "View Dana’s website bio") + BODY + TWICE, id="bio-with-name"),
    pytest.param(
        HEAD.replace(BIO, "dana@brackwater.example") + BODY + TWICE, id="mail-instead-of-bio"
    ),
    pytest.param(
        HEAD.replace(f"\n\n{TITLE}\n\n{TITLE}", f"\n\n{TITLE}") + BODY + TWICE,
        id="title-printed-once",
    ),
    pytest.param(
        HEAD.replace(f"\n\n{TITLE}\n\n{TITLE}", f"\n\n{TITLE}\n\n{TITLE.upper()}") + BODY + TWICE,
        id="title-once-in-capitals",
    ),
    pytest.param(HEAD + BODY.replace("• ", "•\t") + TWICE, id="tabs-after-bullets"),
    pytest.param(HEAD + BODY.replace("• ", "- ") + TWICE, id="hyphens-as-bullets"),
    pytest.param(HEAD + BODY.replace("• ", "* ") + TWICE, id="stars-as-bullets"),
    pytest.param(HEAD + BODY.replace("\n• ", "\n\n• ") + TWICE, id="blank-lines-between-bullets"),
    pytest.param(
        HEAD + BODY.replace("Q: ", "Question: ").replace("A: ", "Answer: ") + TWICE,
        id="markers-written-out",
    ),
    pytest.param(
        HEAD + BODY.replace("Q: ", "Q. ").replace("A: ", "A. ") + TWICE, id="markers-with-stops"
    ),
    pytest.param(
        HEAD + BODY.replace("Q: ", "Q:\n\n").replace("A: ", "A:\n\n") + TWICE,
        id="markers-on-lines-of-their-own",
    ),
    pytest.param(
        HEAD + BODY.replace("Q: ", "Q1: ", 1).replace("A: ", "A1: ", 1) + TWICE, id="numbered"
    ),
    pytest.param(HEAD + BODY + "\n\n".join([ONCE, ONCE]), id="other-titles-as-a-b-a-b"),
    pytest.param(
        HEAD + BODY + "\n\n".join(f"{title} {title}" for title in OTHERS),
        id="other-titles-twice-on-a-line",
    ),
    pytest.param(HEAD + BODY + "Related columns\n\n" + TWICE, id="label-above-other-titles"),
    pytest.param(HEAD + BODY + "More columns:\n\n" + TWICE, id="other-label-above-titles"),
    pytest.param(HEAD + BODY + TWICE.rsplit("\n\n", 1)[0], id="page-cut-off-between-two-printings"),
    pytest.param(HEAD + BODY + TWICE + "\n\nThe Partner Wh", id="page-cut-off-in-a-new-title"),
    pytest.param(HEAD + BODY + TWICE + f"\n\n{TITLE}\n\n{TITLE}", id="its-own-title-again-below"),
    pytest.param(HEAD + BODY + TWICE + "\n\n" + ONCE, id="other-titles-three-times"),
    pytest.param(
        HEAD + BODY + "\n".join(f"- {title}\n- {title}" for title in OTHERS),
        id="other-titles-as-a-list",
    ),
    pytest.param((HEAD + BODY + TWICE).replace(" ", "\u00a0"), id="unbreakable-spaces"),
    pytest.param(re.sub(r"(.{60}\S*) ", r"\1\n", HEAD + BODY + TWICE), id="wrapped-by-hand-at-60"),
    pytest.param(
        f"{TAG}\n\n{BYLINE}\n\n{PHONE}\n\n{BIO}\n\n{TITLE}\n\n{TITLE}\n\n" + BODY + TWICE,
        id="by-line-above-the-title",
    ),
    pytest.param(HEAD + BODY.replace("Q: ", "Q:").replace("A: ", "A:") + TWICE, id="no-space"),
    pytest.param(
        HEAD + BODY.replace("Q: ", "Q – ").replace("A: ", "A – ") + TWICE, id="markers-with-dashes"
    ),
    pytest.param(
        HEAD.replace(f"{BYLINE}\n\n{PHONE}\n\n{BIO}", f"{BYLINE} | {PHONE} | {BIO}") + BODY,
        id="by-line-phone-and-bio-between-bars",
    ),
    pytest.param(HEAD + BODY + "-----\n\n" + TWICE, id="rule-before-the-titles"),
    pytest.param(
        HEAD + BODY + TWICE + "\n\n© 2024 Brackwater Legal Search. All rights reserved.",
        id="copyright-at-the-end",
    ),
    pytest.param(HEAD + BODY + f"{PHONE}\n\n{BIO}\n\n" + TWICE, id="phone-and-bio-again-below"),
    pytest.param(HEAD + BODY, id="nothing-below"),
    pytest.param("\n\n\n" + HEAD + BODY + TWICE + "\n\n\n", id="blank-lines-around"),
    pytest.param(
        HEAD.replace(f"{BYLINE}\n\n", f"{BYLINE}\n\nMarch 4, 2019\n\n") + BODY + TWICE,
        id="date-below-the-by-line",
    ),
]


@pytest.mark.parametrize("text", COLUMNS)
class TestColumn:
    def test_its_kind_title_author_and_role_are_read(self, text):
        article = article_of(text)
        assert article.kind == "column"
        assert article.title.casefold() == TITLE.casefold()
        assert article.author == "Dana Whitlock"

    def test_a_section_is_an_answer_under_its_question(self, text):
        sections = sections_of(article_of(text))
        assert [heading for heading, _ in sections] == [Q1, Q2]
        assert sections[0][1].startswith(A1)
        assert sections[1][1] == A2

    def test_nothing_of_the_answers_is_lost(self, text):
        body = quotable(article_of(text))
        assert [words for words in BODY_WORDS if words not in body] == []

    def test_what_surrounds_it_is_in_no_passage(self, text):
        body = quotable(article_of(text)).casefold()
        around = (TAG, TITLE, "Whitlock", "415", "bio", "@", "Related", "Brackwater", *OTHERS)
        assert [line for line in around if line.casefold() in body] == []


NAVIGATION_STAYS = (
    "BUG: when the page breaks off inside the second printing of the last title, "
    "none of the other titles is cut, and all of them become text of the last answer"
)


def test_a_page_cut_off_inside_a_repeated_title_still_loses_its_navigation():
    article = article_of((HEAD + BODY + TWICE)[:-8])
    assert sections_of(article)[1][1] == A2


def test_a_title_printed_twice_on_its_line_is_one_title():
    text = HEAD.replace(f"{TITLE}\n\n{TITLE}", f"{TITLE} {TITLE}") + BODY
    assert article_of(text).title == TITLE


def test_a_phone_number_behind_the_name_is_no_part_of_it():
    text = HEAD.replace(f"{BYLINE}\n\n{PHONE}\n\n{BIO}", f"{BYLINE} {PHONE} {BIO}") + BODY
    assert article_of(text).author == "Dana Whitlock"


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(f"{TITLE}\n\n{TAG}\n\n{TITLE}\n\n{BYLINE}\n\n", id="between-two-titles"),
        pytest.param(f"{TITLE}\n\n{TITLE}\n\n{TAG}\n\n{BYLINE}\n\n", id="below-the-title"),
    ],
)
def test_a_tag_line_below_the_title_is_in_no_passage(head):
    assert "Brackwater" not in quotable(article_of(head + BODY))


def test_hyphens_mark_questions_and_answers():
    text = HEAD + BODY.replace("Q: ", "Q - ").replace("A: ", "A - ")
    assert [heading for heading, _ in sections_of(article_of(text))] == [Q1, Q2]


def test_the_role_of_a_columnist_is_read_only_where_it_is_named():
    assert article_of(HEAD + BODY).speaker == "unknown"
    named = HEAD.replace(TAG, "Brackwater – legal recruiters since 1990")
    assert article_of(named + BODY).speaker == "recruiter"


def test_the_date_of_a_column_is_read_from_its_line():
    dated = HEAD.replace(f"{BIO}\n\n", f"{BIO}\n\nPosted on March 4, 2019\n\n")
    assert article_of(dated + BODY).date == "2019-03-04"
    assert article_of(HEAD + BODY).date is None


def test_words_before_the_first_question_are_a_section_without_heading():
    intro = "Half the associates who call me ask about secondments, and few have asked the client."
    sections = sections_of(article_of(HEAD + intro + "\n\n" + BODY))
    assert sections[0] == ("", intro)
    assert [heading for heading, _ in sections[1:]] == [Q1, Q2]


def test_a_question_of_two_paragraphs_is_one_heading():
    text = HEAD + f"Q: {Q1}\n\nI am in my fourth year.\n\nA: {A1}\n\nQ: {Q2}\n\nA: {A2}"
    assert sections_of(article_of(text)) == [(f"{Q1} I am in my fourth year.", A1), (Q2, A2)]


def test_in_markdown_a_column_has_the_same_sections():
    text = f"---\ntitle: {TITLE}\n---\n\n**Q:** {Q1}\n\n**A:** {A1}\n\nQ: {Q2}\n\nA: {A2}\n"
    assert sections_of(article_of(text, "page.md")) == [(Q1, A1), (Q2, A2)]


def test_in_markdown_markers_on_neighbouring_lines_are_parted():
    text = f"# {TITLE}\n\nQ: {Q1}\nA: {A1}\n\nQ: {Q2}\nA: {A2}\n"
    assert sections_of(article_of(text, "page.md")) == [(Q1, A1), (Q2, A2)]


def test_a_last_line_that_looks_like_a_title_is_kept_when_it_stands_once():
    article = article_of(HEAD + BODY + "Good luck with the secondment")
    assert "Good luck with the secondment" in quotable(article)


def test_a_sentence_said_twice_by_the_columnist_is_not_navigation():
    closing = "Ask the partner. Ask the partner again."
    assert closing in quotable(article_of(HEAD + BODY + closing))


# --- threads ------------------------------------------------------------------------------------

ASKED = "My supervising partner emails at 2 am and expects an answer. I am exhausted."
ASKS = "Should I say something, or look for another firm?"
R1 = "Say something first. Most partners do not notice what they send at night."
R1B = "Pick one week, and one rule: nothing after ten unless it is urgent."
R2 = "I looked elsewhere. It was the best decision of my career"
POST = f"Partner who emails at night\n\n{ASKED}\n\n{ASKS}\n\n"

THREADS = [
    pytest.param(
        POST + f"2 Responses\n\nResponse 1\n\n{R1}\n\n{R1B}\n\nResponse 2\n\n{R2}.",
        ["Response 1", "Response 2"],
        id="numbered",
    ),
    pytest.param(
        POST + f"2 Responses\n\nResponse 1:\n{R1}\n{R1B}\nResponse 2:\n{R2}.",
        ["Response 1", "Response 2"],
        id="numbered-without-blank-lines",
    ),
    pytest.param(
        POST + f"2 Responses\n\n{R1}\n\n{R2}.", ["Response 1", "Response 2"],
        id="as-many-paragraphs-as-responses",
    ),
    pytest.param(
        POST + f"2 Responses\n\n{R1}\n\n{R1B}\n\n{R2}.", ["Responses"],
        id="more-paragraphs-than-responses-have-no-border-that-could-be-known",
    ),
    pytest.param(POST + f"2 Responses\n\n{R1} {R1B} {R2}.", ["Responses"], id="one-paragraph"),
    pytest.param(POST + f"1 Response\n\n{R1}\n\n{R2}.", ["Response 1"], id="one-response"),
    pytest.param(POST + f"One reply so far\n\n{R1}\n\n{R2}.", ["Response 1"], id="count-in-words"),
    pytest.param(POST + f"(2 Comments)\n\n{R1}\n\n{R2}.", ["Response 1", "Response 2"],
                 id="count-in-brackets"),
    pytest.param(
        POST + f"2 Responses\n\nJo Doe says:\n\n{R1}\n\n{R1B}\n\nAnn Lee said\n\n{R2}.",
        ["Jo Doe says", "Ann Lee said"],
        id="names-above",
    ),
    pytest.param(
        POST + f"2 Responses\n\nPosted by Jo Doe, 4 March 2019\n\n{R1}\n\nReply from Lee\n\n{R2}.",
        ["Posted by Jo Doe, 4 March 2019", "Reply from Lee"],
        id="posted-by",
    ),
    pytest.param(
        POST + f"2 Responses\n\n{R1}\n\n{R1B}\n\n-----\n\n{R2}.", ["Response 1", "Response 2"],
        id="rules-between",
    ),
    pytest.param(
        POST + f"2 Responses\n\n-----\n\n{R1}\n\n-----\n\n{R2}.\n\n-----",
        ["Response 1", "Response 2"],
        id="rules-above-and-below",
    ),
    pytest.param(
        POST + f"Response #1\n\n{R1}\n\nResponse #2\n\n{R2}.", ["Response #1", "Response #2"],
        id="no-count-line",
    ),
    pytest.param(
        POST + f"2 Responses\n\nResponse 1\n\n{R1}\n\nResponse 2\n\n{R2}", ["Response 1",
        "Response 2"], id="cut-off-at-the-end",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "headings"), THREADS)
class TestThread:
    def test_responses_are_parted_where_a_border_is_known(self, text, headings):
        article = article_of(text)
        assert article.kind == "thread"
        assert article.title == "Partner who emails at night"
        assert [s.heading for s in article.sections] == ["Opening post", *headings]

    def test_only_the_opening_post_asks(self, text, headings):
        article = article_of(text)
        assert [s.is_question for s in article.sections] == [True] + [False] * len(headings)
        assert sections_of(article)[0][1] == f"{ASKED}\n\n{ASKS}"

    def test_nothing_that_was_said_is_lost(self, text, headings):
        article = article_of(text)
        assert [said for said in (ASKED, ASKS, R1, R2) if said not in quotable(article)] == []

    def test_the_border_lines_are_in_no_section(self, text, headings):
        body = quotable(article_of(text))
        assert "Response" not in body
        assert "Jo Doe" not in body

    def test_a_forum_poster_is_speaking(self, text, headings):
        assert {s.speaker for s in article_of(text).sections} == {"forum poster"}


@pytest.mark.parametrize("name", ["page.txt", "page.md"])
def test_rules_directly_below_the_responses_cost_no_response(name):
    text = POST + f"2 Responses\n-----\n{R1}\n-----\n{R2}.\n-----\n"
    article = article_of(text, name)
    assert [said for said in (R1, R2) if said not in article.text] == []


def test_a_name_with_initials_opens_a_response():
    text = POST + f"2 Responses\n\nJo Doe says:\n\n{R1}\n\nA. Lee said:\n\n{R2}."
    headings = [s.heading for s in article_of(text).sections]
    assert headings == ["Opening post", "Jo Doe says", "A. Lee said"]


def test_a_thread_in_markdown_has_its_headings_as_borders():
    text = f"# Night mail\n\n{ASKED} {ASKS}\n\n## Response 1\n\n{R1}\n\n## Response 2\n\n{R2}.\n"
    article = article_of(text, "thread.md")
    assert article.kind == "thread"
    assert [s.heading for s in article.sections] == ["Opening post", "Response 1", "Response 2"]


def test_a_title_that_is_the_question_is_no_part_of_the_opening_post():
    text = f"Should I leave?\n\n{ASKED}\n\n1 Response\n\n{R1}"
    article = article_of(text)
    assert (article.title, sections_of(article)[0]) == ("Should I leave?", ("Opening post", ASKED))


# --- guides -------------------------------------------------------------------------------------


def test_a_guide_begins_a_section_at_each_heading():
    text = f"# Notice\n\nIntro words here.\n\n## How long?\n\n{R1}\n\n### In detail\n\n{R1B}\n"
    assert sections_of(article_of(text, "guide.md")) == [
        ("", "Intro words here."),
        ("How long?", R1),
        ("In detail", R1B),
    ]


def test_the_first_heading_below_the_title_is_not_taken_for_its_head():
    article = article_of(f"# Notice\n\n## How long?\n\n{R1}\n", "guide.md")
    assert (article.title, sections_of(article)) == ("Notice", [("How long?", R1)])


def test_in_plain_text_a_short_line_alone_is_a_heading():
    text = (
        f"Notice\n\nIntro words come first here.\n\nHow long is it?\n\n{R1}\n\nIn detail\n\n{R1B}"
    )
    assert [s.heading for s in article_of(text).sections] == ["", "How long is it?", "In detail"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("It ends in a full stop.", id="full-stop"),
        pytest.param("it begins in lower case", id="lower-case"),
        pytest.param("It is far too long to be a heading of anything " * 2, id="long"),
        pytest.param("It leads in:", id="colon"),
    ],
)
def test_what_is_no_heading_in_plain_text(line):
    text = f"Notice\n\nIntro words come first here.\n\n{line}\n\n{R1}"
    assert [s.heading for s in article_of(text).sections] == [""]


def test_a_heading_without_words_below_stays_in_the_text():
    article = article_of(
        "# Notice\n\nIntro words.\n\n## Part one\n\n## How long?\n\nThree.\n", "a.md"
    )
    assert sections_of(article) == [("", "Intro words."), ("How long?", "Three.")]
    assert "Part one" in article.text


@pytest.mark.parametrize("text", ["Buy low, sell high", "Should I leave now?"])
def test_a_document_of_one_short_line_can_be_found(text):
    assert quotable(plain_article("a", title="", text=text)) == text


def test_an_article_of_short_lines_is_not_refused():
    lines = ["Before you resign", "Read your contract", "Tell the partner", "Hand over your work"]
    assert quotable(article_of("\n\n".join(lines))) == "\n\n".join(lines[1:])


def test_the_last_line_of_a_guide_stays_in_its_section():
    text = f"Notice\n\n{R1}\n\n{R1B}\n\nAlways read your own contract first"
    assert "Always read your own contract first" in quotable(article_of(text))


# --- telling the kinds apart, and laying out ----------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("Q: What?\nA: That.", "column", id="both-markers"),
        pytest.param("Q: What?\nSo I thought.", "guide", id="question-marker-alone"),
        pytest.param("What now?\n2 Responses\nWait.", "thread", id="count-line"),
        pytest.param("2 Responses\nWait.", "guide", id="count-line-with-nothing-above"),
        pytest.param("What now?\nResponse 1\nWait.", "thread", id="numbered-response"),
        pytest.param("Wait and see.", "guide", id="neither"),
        pytest.param("She gave\n2 answers to the question", "guide", id="count-in-a-sentence"),
    ],
)
def test_kind_of(text, kind):
    assert kind_of(read_text(text)) == kind


blocks = st.lists(
    st.one_of(
        st.builds(
            Block,
            st.sampled_from(["paragraph", "item", "heading"]),
            st.sampled_from(
                ["Q: Why?", "A: So.", "Q:", "A:", "2 Responses", "Response 1", "Jo Doe says:",
                 "Wait.", "- item", "A Heading", "Reply from Jo", "x" * 90]
            ),
            st.integers(1, 3),
            st.booleans(),
        ),
        st.just(Block("rule", "")),
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip


@pytest.mark.parametrize("parts_of", [column_parts, thread_parts, guide_parts])
@given(blocks=blocks)
def test_sections_are_slices_in_order_that_do_not_overlap(parts_of, blocks):
    parts = parts_of(blocks)
    text, sections = lay_out(parts, speaker="unknown")
    assert all(s.start < s.end <= len(text) for s in sections)
    assert all(a.end <= b.start for a, b in pairwise(sections))
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] for s in sections)


@given(blocks=blocks)
def test_no_block_of_a_guide_is_lost_from_the_text(blocks):
    text, _ = lay_out(guide_parts(blocks), speaker="unknown")
    assert [b.text for b in blocks if b.text not in text] == []


def test_blocks_stand_a_blank_line_apart_and_items_on_consecutive_lines():
    text, _ = lay_out(guide_parts(read_text("One.\n\n- a\n\n- b\n\nTwo.")), speaker="unknown")
    assert text == "One.\n\n- a\n- b\n\nTwo."
