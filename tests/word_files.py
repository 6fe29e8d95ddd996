"""Word files and other archives for the tests: ordinary ones, and attacks on readers."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from docx.document import Document as WordDocument

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: WordDocument) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def docx(*paragraphs: str) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def with_part(raw: bytes, name: str, body: bytes) -> bytes:
    """Replace or add one file inside a Word file."""
    out = BytesIO()
    with ZipFile(BytesIO(raw)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, body)
    return out.getvalue()


def with_body(xml: str, *, prolog: str = "") -> bytes:
    """A Word file whose body is this XML."""
    document = f"{prolog}<w:document {W}><w:body>{xml}</w:body></w:document>"
    return with_part(docx("x"), "word/document.xml", document.encode())


def archive(*names: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in names:
            new.writestr(name, b"x")
    return out.getvalue()


def huge_node(megabytes: int) -> bytes:
    """One text node of so much in a file of a few hundred kilobytes."""
    return with_body(f"<w:p><w:r><w:t>{'a' * (megabytes * 10**6)}</w:t></w:r></w:p>")


def noise(count: int) -> bytes:
    """Bytes that shrink by about a half: a bomb of size, not of ratio."""
    return zlib.compress(b"".join(struct.pack(">Q", i * i) for i in range(count)), 1)


def overlapping() -> bytes:
    """An archive in which two names share one place."""
    raw = bytearray(with_part(docx("x"), "word/other.xml", b"y" * 500))
    first = raw.index(b"PK\x01\x02")
    second = raw.index(b"PK\x01\x02", first + 4)
    raw[second + 42 : second + 46] = raw[first + 42 : first + 46]
    return bytes(raw)


LAUGHS = (
    "<!DOCTYPE w ["
    + '<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)


def xxe(path: str) -> bytes:
    return with_body(
        "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", prolog=f'<!DOCTYPE w [<!ENTITY x SYSTEM "{path}">]>'
    )


def with_template(address: str) -> bytes:
    """A Word file that asks for its template from elsewhere."""
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/attachedTemplate" Target="{address}" TargetMode="External"/>'
        "</Relationships>"
    )
    return with_part(
        docx("A word from the template's file."), "word/_rels/document.xml.rels", rels.encode()
    )


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
