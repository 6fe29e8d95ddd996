"""Files to blocks: Markdown and plain text, whose lines mean different things."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.articles import prepare
from ingest.blocks import Block
from ingest.sources import Source
from ingest.textual import read_markdown, read_text

DATA = Path(__file__).parent / "data"


def shown(blocks):
    """One short line a block: `h2 Title`, `p words`, `- item`, `---`."""
    lead = {"paragraph": "p ", "item": "", "rule": "---"}
    return [lead.get(b.kind, f"h{b.level} ") + b.text for b in blocks]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        pytest.param("# A\n\nb\nc\n\n## D", ["h1 A", "p b c", "h2 D"], id="headings-wrapped-lines"),
        pytest.param("A\n===\n\nB\n---", ["h1 A", "h2 B"], id="underlined-headings"),
        pytest.param("- a\n- b\n\n1. c\n2) d", ["- a", "- b", "1. c", "2. d"], id="lists"),
        pytest.param("- a\n  - b\n- c", ["- a", "- b", "- c"], id="nested-list"),
        pytest.param("- a\n\n  more\n- b", ["- a", "p more", "- b"], id="item-of-two-paragraphs"),
        pytest.param("a *b* **c** `d` [e](f) <g@h.i>", ["p a b c d e g@h.i"], id="marks-go"),
        pytest.param("a\n\n***\n\nb", ["p a", "---", "p b"], id="rule"),
        pytest.param("a  \nb\\\nc", ["p a b c"], id="hard-breaks"),
        pytest.param("> quoted\n> words", ["p quoted words"], id="quotation"),
        pytest.param("&copy; \\* &amp;", ["p © * &"], id="entities-and-escapes"),
        pytest.param("<div>\nwords\n</div>\n\na <b>c</b>", ["p words", "p a c"], id="html"),
        pytest.param("```\ncode here\n```", ["p code here"], id="code"),
        pytest.param("a<!-- hidden -->b", ["p ab"], id="comment"),
        pytest.param("Q: a\nb\nA: c\n", ["p Q: a b", "p A: c"], id="markers-begin-a-paragraph"),
        pytest.param("[1]: http://x\n\ntext [1]", ["p text 1"], id="reference"),
        pytest.param("", [], id="nothing"),
    ],
)  # fmt: skip
def test_markdown(text, blocks):
    found = shown(read_markdown(text))
    assert found == blocks


def test_an_image_leaves_its_words():
    assert shown(read_markdown("See ![the chart](x.png) here.")) == ["p See the chart here."]


def test_an_empty_item_marks_nothing_else():
    assert shown(read_markdown("-\n\nafter")) == ["p after"]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        pytest.param("a\nb", ["p a", "p b"], id="a-line-is-a-paragraph"),
        pytest.param("## A ##\n\nb", ["h2 A", "p b"], id="hashes"),
        pytest.param("A\n===\nb", ["h2 A", "p b"], id="underlined"),
        pytest.param("a\n\n---\n\nb", ["p a", "---", "p b"], id="rule"),
        pytest.param("* * *", ["---"], id="spaced-rule"),
        pytest.param("• a\n•\tb\n- c\n3) d", ["- a", "- b", "- c", "3) d"], id="markers"),
        pytest.param("-not an item\n3.5 years", ["p -not an item", "p 3.5 years"], id="no-markers"),
        pytest.param("  a   b  ", ["p a b"], id="white-space-is-folded"),
        pytest.param("\n \n", [], id="nothing"),
    ],
)
def test_plain_text(text, blocks):
    assert shown(read_text(text)) == blocks


WRAPPED = """\
The first paragraph of this text was wrapped by hand at sixty
characters, as many people do in their mails and their notes,
and it goes on for some lines.

• An item that is wrapped as well, since it is longer than one
line can hold.
• Another item
Q: A question that begins a line of its own after a short one?
A: An answer.
"""


def test_lines_wrapped_by_hand_are_joined_but_items_and_markers_are_not():
    assert shown(read_text(WRAPPED)) == [
        "p The first paragraph of this text was wrapped by hand at sixty characters, as many "
        "people do in their mails and their notes, and it goes on for some lines.",
        "- An item that is wrapped as well, since it is longer than one line can hold.",
        "- Another item",
        "p Q: A question that begins a line of its own after a short one?",
        "p A: An answer.",
    ]


@pytest.mark.parametrize("mark", ["Q: ", "A: ", "• ", "2. "])
def test_in_wrapped_text_a_mark_begins_anew_also_below_a_full_line(mark):
    full = "A line that is as long as all the others of this text\n"
    assert len(read_text(full * 3 + mark + full * 2)) == 2


def test_long_lines_are_paragraphs_and_never_joined():
    text = "A long line that nobody wrapped. " * 4 + "\n" + "Another one, as long as that. " * 4
    assert len(read_text(text)) == 2


def test_only_a_line_between_blank_ones_stands_alone():
    found = read_text("Alone\n\nTogether\nwith this")
    assert [block.stands_alone for block in found] == [True, False, False]


def words(blocks):
    return " ".join(block.text for block in blocks).split()


plain = st.lists(
    st.sampled_from(
        ["Wait here.", "Q: Why?", "A: So.", "ask first", "", "Title Line", "long " * 15]
    )
).map("\n".join)


@given(plain)
def test_no_word_of_plain_text_is_lost(text):
    assert words(read_text(text)) == text.split()


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_blocks_are_single_lines_and_only_rules_are_empty(text):
    for_all = [*read_text(text), *read_markdown(text)]
    assert all("\n" not in block.text for block in for_all)
    assert all(
        (block.text == "") == (block.kind == "rule") for block in for_all if block.kind != "heading"
    )


@pytest.mark.parametrize("name", ["column.md", "guide.markdown", "column.txt", "thread.text"])
def test_every_text_format_has_a_sample_that_becomes_an_article(name):
    article = prepare(Source(name, (DATA / name).read_bytes())).article
    assert (article.title, article.kind) == {
        "column.md": ("Leaving a Firm on Good Terms", "column"),
        "guide.markdown": ("Keeping Time", "guide"),
        "column.txt": ("Weighing a Client Secondment", "column"),
        "thread.text": ("Partner who emails at night", "thread"),
    }[name]
    assert len(article.sections) >= 2


def seconds_of(work: Callable[[], object]) -> float:
    """Return the processor time it takes, without what coverage's tracer adds to it."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        began = time.process_time()
        work()
        return time.process_time() - began
    finally:
        sys.settrace(tracer)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 50_000, id="brackets"),
        pytest.param("|" * 100_000, id="pipes"),
        pytest.param("> " * 5_000, id="quotations"),
        pytest.param("*a " * 20_000, id="stars"),
        pytest.param("- " * 5_000 + "a", id="nested-items"),
        pytest.param("word " * 200_000, id="one-long-line"),
        pytest.param("<!--" * 2_000, id="open-comments"),
        pytest.param("- -" + " -" * 20_000, id="marks-of-a-rule"),
    ],
)
@pytest.mark.parametrize("read", [read_markdown, read_text])
def test_a_page_made_to_be_slow_is_read_within_seconds(read, text):
    assert seconds_of(lambda: read(text)) < 5


def test_unclosed_comments_take_no_longer_than_other_words():
    assert seconds_of(lambda: read_markdown("<!--" * 8_000)) < 0.2


def test_blocks_compare_by_what_they_say():
    assert Block("heading", "A", 2) == Block("heading", "A", 2) != Block("heading", "A", 3)
