"""Word files: what a reader sees, in order, and what ends as a reason."""

from datetime import UTC, datetime

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from word_files import (
    LAUGHS,
    OLE,
    W,
    archive,
    docx,
    huge_node,
    noise,
    overlapping,
    saved,
    with_body,
    with_part,
    with_template,
    xxe,
)

from ingest import unzipping
from ingest.word import read_docx
from pincite.errors import SourceError

ABSTRACT_ID = qn("w:abstractNumId")


def texts(raw: bytes) -> list[str]:
    return [block.text for block in read_docx(raw).blocks]


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def test_headings_lists_and_tables_keep_their_order():
    document = Document()
    document.add_heading("Moving in-house", 0)
    document.add_heading("When is the right time?", 1)
    document.add_paragraph("Between the third and the sixth year.")
    document.add_paragraph("Ask early.", style="List Bullet")
    document.add_paragraph("Ask the partner.", style="List Number")
    document.add_paragraph("Ask the client.", style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["Year", "Salary", "3", "lower by a fifth"], strict=True):
        cell.text = text
    document.add_paragraph("Then decide.")
    found = read_docx(saved(document)).blocks
    assert [(b.kind, b.level, b.text) for b in found] == [
        ("heading", 1, "Moving in-house"),
        ("heading", 2, "When is the right time?"),
        ("paragraph", 0, "Between the third and the sixth year."),
        ("item", 0, "- Ask early."),
        ("item", 0, "1. Ask the partner."),
        ("item", 0, "2. Ask the client."),
        ("paragraph", 0, "Year | Salary"),
        ("paragraph", 0, "3 | lower by a fifth"),
        ("paragraph", 0, "Then decide."),
    ]


def test_a_paragraph_all_in_bold_says_so():
    document = Document()
    document.add_paragraph().add_run("Will I be bored?").bold = True
    half = document.add_paragraph("Some ")
    half.add_run("are.").bold = True
    assert [b.is_bold for b in read_docx(saved(document)).blocks] == [True, False]


def test_cells_laid_out_side_by_side_are_read_one_after_the_other():
    document = Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "Left one.\nLeft two."
    table.cell(0, 0).add_paragraph("Left three.")
    table.cell(0, 1).text = "Right."
    assert texts(saved(document)) == ["Left one.", "Left two.", "Left three.", "Right."]


def test_a_table_in_a_table_is_read_once():
    document = Document()
    outer = document.add_table(1, 1)
    outer.cell(0, 0).text = "Outer."
    outer.cell(0, 0).add_table(1, 1).cell(0, 0).text = "Inner."
    assert texts(saved(document)) == ["Outer.", "Inner."]


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        pytest.param(f"<w:ins>{run('Added.')}</w:ins>", ["Added."], id="tracked-insertion"),
        pytest.param(f"{run('Kept.')}<w:del>{run('Gone.')}</w:del>", ["Kept."], id="deletion"),
        pytest.param(f"<w:hyperlink>{run('Linked.')}</w:hyperlink>", ["Linked."], id="link"),
        pytest.param(
            f"<w:sdt><w:sdtContent>{run('Filled in.')}</w:sdtContent></w:sdt>",
            ["Filled in."],
            id="content-control",
        ),
        pytest.param(
            "<w:r><w:t>One</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t></w:r>",
            ["One", "two three"],
            id="line-break-and-tab",
        ),
        pytest.param(
            f"{run('Text.')}<w:r><w:pict><w:txbxContent><w:p>{run('In a box.')}</w:p>"
            "</w:txbxContent></w:pict></w:r>",
            ["Text.", "In a box."],
            id="text-box",
        ),
    ],
)
def test_words_are_read_where_word_shows_them(body, seen):
    assert texts(with_body(f"<w:p>{body}</w:p>")) == seen


@pytest.mark.parametrize(
    "properties",
    [
        pytest.param("<w:vanish/>", id="hidden"),
        pytest.param('<w:sz w:val="2"/>', id="one-point"),
    ],
)
def test_hidden_words_are_cut_with_a_receipt(properties):
    page = read_docx(with_body(f"<w:p>{run('Stay. ')}{run('Resign.', properties)}</w:p>"))
    assert [b.text for b in page.blocks] == ["Stay."]
    assert [(c.rule, c.text) for c in page.cuts] == [("hidden text", "Resign.")]


def test_words_hidden_by_a_style_are_cut_too():
    document = Document()
    document.styles.add_style("Secret", 2).font.hidden = True
    document.add_paragraph("Stay. ").add_run("Resign.", style="Secret")
    assert texts(saved(document)) == ["Stay."]


def test_a_hidden_mark_that_is_switched_off_hides_nothing():
    shown = run("Stay.", '<w:vanish w:val="0"/>')
    assert texts(with_body(f"<w:p>{shown}</w:p>")) == ["Stay."]


def test_headers_footers_and_footnotes_are_cut_with_a_receipt():
    document = Document()
    document.add_paragraph("Text.")
    document.sections[0].header.paragraphs[0].text = "Letter 12"
    page = read_docx(saved(document))
    assert [(c.rule, c.text) for c in page.cuts] == [("running header or footer", "Letter 12")]


@pytest.mark.parametrize(
    ("title", "author", "created", "expected"),
    [
        pytest.param(
            "On leaving", "Jo Marsh", 2024, ("On leaving", "Jo Marsh", "2024-05-03"), id="said"
        ),
        pytest.param("Document1", "admin", 2024, (None, None, None), id="by-a-program"),
        pytest.param("", "Jo Marsh", 1601, (None, "Jo Marsh", None), id="no-date"),
    ],
)
def test_properties_are_taken_where_a_person_wrote_them(title, author, created, expected):
    document = Document()
    document.add_paragraph("Text.")
    said = document.core_properties
    said.title, said.author = title, author
    said.created = datetime(created, 5, 3, tzinfo=UTC)
    header = read_docx(saved(document)).header
    assert (header.title, header.author, header.date) == expected


def test_the_template_of_a_library_dates_nothing():
    assert read_docx(docx("Text.")).header.date is None


def test_numbering_goes_on_in_a_list_and_begins_anew_below_it():
    document = Document()
    levels = [0, 1, 1, 0, 1]
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element
    own = next(n for n in numbering.num_lst if n.numId == style.pPr.numPr.numId.val)
    abstract = next(
        a
        for a in numbering.iterchildren("{*}abstractNum")
        if a.get(ABSTRACT_ID) == str(own.abstractNumId.val)
    )
    abstract.append(parse_xml(f'<w:lvl {W} w:ilvl="1"><w:numFmt w:val="decimal"/></w:lvl>'))
    for level in levels:
        item = document.add_paragraph("x")
        place = f'<w:ilvl w:val="{level}"/><w:numId w:val="{own.numId}"/>'
        item._p.get_or_add_pPr().append(parse_xml(f"<w:numPr {W}>{place}</w:numPr>"))
    assert texts(saved(document)) == ["1. x", "1. x", "2. x", "2. x", "1. x"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(OLE, "password, or an old .doc file; save it as .docx", id="ole"),
        pytest.param(archive("xl/workbook.xml"), "an Excel workbook; save", id="excel"),
        pytest.param(archive("ppt/presentation.xml"), "a PowerPoint", id="powerpoint"),
        pytest.param(archive("mimetype", "content.xml"), "OpenDocument", id="open-document"),
        pytest.param(archive("notes.md"), "a zip archive; unpack it", id="zip"),
        pytest.param(archive(*(f"word/{n}" for n in range(2001))), "2,000 files", id="entries"),
        pytest.param(archive("word/document.xml"), "not a whole Word file", id="one-part-only"),
        pytest.param(docx("x")[:3000], "damaged", id="truncated"),
        pytest.param(huge_node(60), "100 times its size", id="ratio"),
        pytest.param(overlapping(), "overlap", id="overlapping"),
        pytest.param(with_body("<w:p/>", prolog=LAUGHS), "XML entities", id="billion-laughs"),
        pytest.param(xxe("file:///etc/passwd"), "XML entities", id="external-entity"),
        pytest.param(with_body("<w:p>"), "not a whole Word file", id="broken-xml"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(raw, reason):
    with pytest.raises(SourceError, match=reason):
        read_docx(raw)


def test_all_entries_together_may_not_unpack_to_more_than_the_limit(monkeypatch):
    monkeypatch.setattr(unzipping, "MOST_BYTES", 2**20)
    raw = docx("x")
    for name in ("word/media/a.bin", "word/media/b.bin"):
        raw = with_part(raw, name, noise(80_000))
    with pytest.raises(SourceError, match="unpacks to more than 1 MB"):
        read_docx(raw)


def test_a_template_elsewhere_is_not_asked_for():
    assert texts(with_template("http://127.0.0.1:9/t.dotm")) == ["A word from the template's file."]


def test_tables_nested_beyond_reason_are_refused():
    open_, close = "<w:tbl><w:tr><w:tc>" * 60, "</w:tc></w:tr></w:tbl>" * 60
    with pytest.raises(SourceError, match="nested too deeply"):
        read_docx(with_body(f"{open_}<w:p>{run('x')}</w:p>{close}"))
