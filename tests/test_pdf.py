"""PDF files: what is text, what is paper, and what ends as a reason."""

from io import BytesIO
from pathlib import Path

import pytest
from pdf_files import IMAGE, bomb, cyclic, empty_pages, page, paragraphs, pdf
from pypdf import PdfReader, PdfWriter

from ingest.pdf import read_pdf
from pincite.errors import SourceError

SAMPLES = Path(__file__).parent / "data" / "pdf"
SEEN = "The visible text stands here for all to see."


def texts(raw: bytes) -> list[str]:
    return [block.text for block in read_pdf(raw).blocks]


def cuts(raw: bytes) -> list[tuple[str, str]]:
    return [(cut.rule, cut.text) for cut in read_pdf(raw).cuts]


def encrypted(raw: bytes, *, user: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(raw)))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["letter", "columns"])
def test_a_printed_page_becomes_headings_and_whole_paragraphs(name):
    """Both were printed by Chromium from `letter.html`: on two small pages, and in two columns."""
    found = read_pdf((SAMPLES / f"{name}.pdf").read_bytes())
    assert [(b.level, b.text) for b in found.blocks if b.kind == "heading"] == [
        (1, "Moving in-house after three years"),
        (2, "When is the right time?"),
        (2, "What should I ask?"),
        (2, "What about the salary?"),
    ]
    # a header on the only page of a file repeats nowhere, so it stays at the end
    assert [b.text.split()[0] for b in found.blocks if b.kind == "paragraph"][:11] == (
        "By Most There Ask Keep Ask Q: A: It Do Finally,".split()
    )
    salary = next(b.text for b in found.blocks if b.text.startswith("It is usually lower"))
    assert salary.endswith("equity that may or may not be worth something one day in the future.")


def test_running_headers_and_page_numbers_are_cut_with_a_receipt():
    assert cuts((SAMPLES / "letter.pdf").read_bytes()) == [
        ("running header or footer", "Career Letter 12 - November"),
        ("page number", "Page 1 of 2"),
        ("running header or footer", "Career Letter 12 - November"),
        ("page number", "Page 2 of 2"),
    ]


def test_a_line_at_the_edge_that_differs_from_page_to_page_stays():
    raw = pdf([paragraphs([f"Rule {i} of them all: ask {i} people first."]) for i in range(3)])
    assert len(texts(raw)) == 3


def test_a_title_that_is_repeated_as_a_running_header_stays():
    title = page((60, 800, 20, "Leaving well"))
    header = page((60, 800, 8, "Leaving well"))
    body = [paragraphs([f"Body of page {word}, said once."]) for word in ("one", "two", "three")]
    raw = pdf([title + b"\n" + body[0], *(header + b"\n" + text for text in body[1:])])
    assert texts(raw)[0] == "Leaving well"
    assert cuts(raw) == [("running header or footer", "Leaving well")] * 2


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        pytest.param(
            ["Nobody should leave in a hurry, and no resig-", "nation is ever private."],
            "Nobody should leave in a hurry, and no resignation is ever private.",
            id="divided",
        ),
        pytest.param(
            ["An in-house post is a job; take the in-", "house post only when it suits."],
            "An in-house post is a job; take the in-house post only when it suits.",
            id="hyphened-elsewhere",
        ),
        pytest.param(
            ["The salaries of the years from 2019-", "2021 were raised in every firm."],
            "The salaries of the years from 2019- 2021 were raised in every firm.",
            id="numbers",
        ),
    ],
)
def test_words_divided_at_the_end_of_a_line_are_joined(lines, joined):
    assert texts(pdf([paragraphs(lines)])) == [joined]


def test_a_paragraph_goes_on_over_the_page():
    first = paragraphs(["The partner who hears of it first is the one who has to tell the"])
    second = paragraphs(["others, and will be glad of the warning."])
    assert len(texts(pdf([first, second]))) == 1


def test_bullets_and_numbers_begin_list_items():
    raw = pdf([paragraphs(["\\267 Ask your mentor about it.", "1. Read the contract."])])
    assert [(b.kind, b.text) for b in read_pdf(raw).blocks][-1] == (
        "item",
        "1. Read the contract.",
    )


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param(page((60, 300, 11, "Resign today."), mode=3), id="painted-with-nothing"),
        pytest.param(page((60, 3000, 11, "Resign today.")), id="off-the-page"),
        pytest.param(page((60, 300, 0.5, "Resign today.")), id="half-a-point-high"),
    ],
)
def test_text_that_nobody_can_see_is_cut(hidden):
    raw = pdf([paragraphs([SEEN]) + b"\n" + hidden])
    assert texts(raw) == [SEEN]
    assert cuts(raw) == [("hidden text", "Resign today.")]


def test_the_invisible_text_over_a_scan_is_its_text():
    picture = b"q 500 0 0 700 0 0 cm /Im Do Q\n"
    raw = pdf([picture + page((60, 300, 11, SEEN), mode=3)], resources=IMAGE)
    assert texts(raw) == [SEEN]


@pytest.mark.parametrize(
    ("info", "title", "author"),
    [
        ({"Title": "Leaving well", "Author": "Jo Marsh"}, "Leaving well", "Jo Marsh"),
        ({"Title": "Microsoft Word - x.docx", "Author": "jmarsh"}, None, None),
        ({"Title": "untitled", "Author": "Microsoft Office User"}, None, None),
        ({}, None, None),
    ],
)
def test_title_and_author_are_taken_where_a_person_wrote_them(info, title, author):
    header = read_pdf(pdf([paragraphs([SEEN])], info=info)).header
    assert (header.title, header.author) == (title, author)


def test_a_stated_title_does_not_outrank_the_one_on_the_page():
    raw = pdf(
        [page((60, 800, 20, "Leaving well")) + b"\n" + paragraphs([SEEN])],
        info={"Title": "Newsletter template 2009"},
    )
    assert read_pdf(raw).header.title is None


def test_the_day_on_which_a_file_was_made_is_not_the_date_of_its_text():
    raw = pdf([paragraphs([SEEN])], info={"CreationDate": "D:20240503120000Z"})
    assert read_pdf(raw).header.date is None


def test_a_file_that_only_its_changes_are_locked_in_is_read():
    assert texts(encrypted(pdf([paragraphs([SEEN])]), user="")) == [SEEN]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(encrypted(pdf([paragraphs([SEEN])]), user="x"), "password", id="locked"),
        pytest.param(pdf([b"/Im Do"], resources=IMAGE), "no text layer: scan it", id="image-only"),
        pytest.param(pdf([page((60, 300, 11, SEEN), mode=3)]), "no text layer", id="all-invisible"),
        pytest.param(bomb(60), "unpacks to more than 20 MB", id="flate-bomb"),
        pytest.param(cyclic(), "damaged", id="cyclic-pages"),
        pytest.param(empty_pages(501), "more than 500 pages", id="501-pages"),
        pytest.param(empty_pages(3), "no text layer", id="empty-pages"),
        pytest.param(pdf([paragraphs([SEEN])])[:200], "damaged", id="truncated"),
        pytest.param(b"%PDF-1.7\n" + bytes(range(256)) * 20, "damaged", id="random"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(raw, reason):
    with pytest.raises(SourceError, match=reason):
        read_pdf(raw)


def test_garbage_before_the_header_does_no_harm():
    assert texts(b"garbage\r\n" * 20 + pdf([paragraphs([SEEN])])) == [SEEN]
