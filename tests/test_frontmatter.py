"""The header of a source: a few known fields; whatever else it tries, the body is kept."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.frontmatter import Header, is_date, split_header

BODY = "Ask the partner first.\n\nThen wait."


def with_header(*lines):
    return "\n".join(["---", *lines, "---", "", BODY])


def split(*lines):
    return split_header(with_header(*lines))


def test_every_field_is_read():
    header, body, warnings = split(
        'title: "Notice: how long"',
        "kind: column",
        "topics: [notice, pay rise]",
        "speaker: forum poster",
        "author: Jo Marsh",
        "date: 2024-05-31",
        "place: UK",
        "url: https://example.org/a?b=c",
    )
    assert header == Header(
        title="Notice: how long",
        kind="column",
        topics=("notice", "pay rise"),
        speaker="forum poster",
        author="Jo Marsh",
        date="2024-05-31",
        place="UK",
        url="https://example.org/a?b=c",
    )
    assert (body.strip(), warnings) == (BODY, [])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BODY, id="none"),
        pytest.param("Notice\n---\nAsk first.", id="an-underline-is-no-fence"),
        pytest.param("--\ntitle: x\n--\n" + BODY, id="two-dashes-are-no-fence"),
    ],
)
def test_a_text_without_a_header_is_all_body(text):
    assert split_header(text) == (Header(), text, [])


@pytest.mark.parametrize(
    ("lines", "header"),
    [
        pytest.param(["place:", 'url: ""', "topics:"], Header(), id="empty-fields"),
        pytest.param(["date: 2024"], Header(date="2024"), id="year"),
        pytest.param(["date: 2024-05"], Header(date="2024-05"), id="month"),
        pytest.param(["date: 2024-05-31 10:00:00"], Header(date="2024-05-31"), id="time-of-day"),
        pytest.param(["title: 2024"], Header(title="2024"), id="number-as-title"),
        pytest.param(["title: |", "  two", "  lines"], Header(title="two lines"), id="folded"),
        pytest.param(["topics: pay, leave"], Header(topics=("pay", "leave")), id="topics-as-text"),
        pytest.param(["topics: [1, [a], b]"], Header(topics=("1", "b")), id="odd-topics"),
        pytest.param(["# a comment", "place: UK"], Header(place="UK"), id="comment"),
        pytest.param([""], None, id="nothing"),
    ],
)
def test_what_a_field_may_look_like(lines, header):
    found, body, warnings = split(*lines)
    assert body.strip() == BODY
    assert (found, warnings) == (header, []) or header is None


@pytest.mark.parametrize(
    ("lines", "warning"),
    [
        pytest.param(["autor: Jo"], "header field 'autor' is not known", id="unknown-field"),
        pytest.param(["kind: essay"], "kind 'essay' ignored: use one of column,", id="kind"),
        pytest.param(["speaker: judge"], "speaker 'judge' ignored: use one of", id="speaker"),
        pytest.param(["date: 31/05/2024"], "date '31/05/2024' ignored: write YYYY", id="date"),
        pytest.param(["date: 2024-13"], "date '2024-13' ignored", id="month-that-is-not"),
        pytest.param(["date: '2024-02-30'"], "date '2024-02-30' ignored", id="day-that-is-not"),
        pytest.param(["url: javascript:alert(1)"], "url ignored: only http", id="script-as-url"),
        pytest.param(["url: data:text/html,x"], "url ignored: only http", id="data-as-url"),
        pytest.param(["url: 'https://a b'"], "url ignored: only http", id="url-with-a-space"),
        pytest.param(["title: " + "x" * 501], "title ignored: longer than 500", id="long-title"),
        pytest.param(["topic: " + "x" * 4100], "header ignored: longer than 4096", id="too-long"),
        pytest.param(["title: [", "x"], "header ignored: not valid YAML", id="not-yaml"),
        pytest.param(["title: a: b"], "header ignored: not valid YAML", id="two-colons"),
        pytest.param(["a: &x [1]", "b: *x"], "aliases are not allowed", id="alias"),
        pytest.param(
            ["title: !!python/object/apply:os.system [ls]"], "tags are not allowed", id="code"
        ),
        pytest.param(["<<: 3"], "field '<<' is not known", id="merge-key"),
        pytest.param(["? {a: b}", ": c"], "header ignored: not valid YAML", id="mapping-as-key"),
        pytest.param(["[" * 4000], "header ignored", id="deeply-nested"),
        pytest.param(["\ttitle: x"], "header ignored: not valid YAML", id="tab"),
        pytest.param(["__proto__: x"], "field '__proto__' is not known", id="key-of-a-script"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_left_out_with_a_warning_and_the_body_kept(lines, warning):
    _, body, warnings = split(*lines)
    assert warning in " | ".join(warnings)
    assert body.strip() == BODY


def test_a_good_field_beside_a_bad_one_is_kept():
    assert split("kind: essay", "author: Jo")[0] == Header(author="Jo")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("author: [Jo, Di]", id="list"),
        pytest.param("title: {a: b}", id="mapping"),
        pytest.param("place: NO", id="norway-is-false-in-yaml"),
        pytest.param("title: Yes", id="a-title-that-is-true-in-yaml"),
    ],
)
def test_a_value_of_another_kind_is_not_dropped_silently(line):
    header, _, warnings = split(line)
    assert warnings or header != Header()


def test_a_time_of_day_is_no_number_to_the_base_of_sixty():
    assert split("title: 12:30")[0].title == "12:30"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("date: !!timestamp soon", id="timestamp"),
        pytest.param("title: !!bool maybe", id="bool"),
        pytest.param("title: !!int ''", id="int"),
    ],
)
def test_a_tag_that_does_not_fit_its_value_is_a_warning(line):
    _, body, warnings = split(line)
    assert warnings
    assert body.strip() == BODY


@pytest.mark.parametrize("escape", [r"\ud800", r"\0", r"\u200b", r"\u202e"])
def test_an_escape_brings_no_invisible_character_back(escape):
    assert split(f'title: "no{escape}tice"')[0].title == "notice"


def test_an_alias_bomb_costs_no_time():
    levels = ["a: &a [x, x, x, x, x, x, x, x, x]"] + [
        f"{this}: &{this} [{', '.join([f'*{last}'] * 9)}]"
        for last, this in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    began = time.process_time()
    _, body, warnings = split(*levels)
    assert time.process_time() - began < 0.2
    assert "aliases are not allowed" in warnings[0]
    assert body.strip() == BODY


def test_a_header_that_never_closes_is_read_as_text():
    text = "---\ntitle: x\n\n" + BODY
    assert split_header(text) == (
        Header(),
        text,
        ["the header has no closing --- line: read as text"],
    )


@pytest.mark.parametrize("first", ["First paragraph of it.", "- an item\n- another"])
def test_a_rule_at_the_top_costs_no_text(first):
    text = f"---\n{first}\n\n---\n\nSecond paragraph."
    warning = "the lines between --- are no header: read as text"
    assert split_header(text) == (Header(), text, [warning])


def test_blank_lines_before_the_header_do_not_hide_it():
    assert split_header("\n\n" + with_header("place: UK"))[0] == Header(place="UK")


@given(st.text(st.characters(codec="utf-8", exclude_characters="-"), max_size=300))
def test_whatever_stands_in_the_header_the_body_is_kept(written):
    header, body, _ = split_header(f"---\n{written}\n---\n\n{BODY}")
    assert body.endswith(BODY)
    assert all(len(v) <= 500 for v in (header.title, header.author, header.place) if v)


@pytest.mark.parametrize(
    ("text", "real"),
    [("2024", True), ("2024-02", True), ("2024-02-29", True), ("2023-02-29", False),
     ("2024-00", False), ("24-01-01", False), ("2024-1-1", False), ("20240101", False), ("", False),
     ("0000", False), ("٢٠٢٤", False)],
)  # fmt: skip
def test_dates(text, real):
    assert is_date(text) is real
