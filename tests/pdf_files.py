"""PDF files written by hand, for the tests: pages of content streams, and attacks on readers."""

import zlib
from collections.abc import Sequence

FONTS = (
    b"/F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> "
    b"/F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>"
)


def pdf(
    pages: Sequence[bytes],
    *,
    info: dict[str, str] | None = None,
    resources: bytes = b"",
    packed: bool = True,
) -> bytes:
    """Write a PDF with one content stream a page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for content in pages:
        data = zlib.compress(content, 9) if packed else content
        filters = b"/Filter /FlateDecode " if packed else b""
        objects.append(b"<< %s/Length %d >>\nstream\n%s\nendstream" % (filters, len(data), data))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << %s >> %s >> >>" % (len(objects), FONTS, resources)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    trailer = b"/Root 1 0 R"
    if info:
        pairs = b" ".join(b"/%s (%s)" % (k.encode(), v.encode()) for k, v in info.items())
        objects.append(b"<< %s >>" % pairs)
        trailer += b" /Info %d 0 R" % len(objects)
    return written(objects, trailer)


def written(objects: Sequence[bytes], trailer: bytes) -> bytes:
    """Number the objects from 1 and add what a file needs around them."""
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            trailer,
            len(out),
        )
    )


def page(*lines: tuple[float, float, float, str], font: str = "F1", mode: int = 0) -> bytes:
    """Show lines, each given as x, y, size and text."""
    shown = [
        f"BT {mode} Tr /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET"
        for x, y, size, text in lines
    ]
    return "\n".join(shown).encode("latin-1")


def paragraphs(*texts: Sequence[str], top: float = 740, size: float = 11) -> bytes:
    """Show paragraphs of lines, with a gap between the paragraphs."""
    lines, y = [], top
    for text in texts:
        for line in text:
            lines.append((60.0, y, size, line))
            y -= 13
        y -= 10
    return page(*lines)


IMAGE = b"/XObject << /Im << /Type /XObject /Subtype /Image /Width 1 /Height 1 >> >>"
"""Resources of a page with a picture; enough for a reader that never looks at it."""


def bomb(megabytes: int) -> bytes:
    """A page whose content inflates to so much."""
    return pdf([b" " * (megabytes * 10**6)])


def cyclic() -> bytes:
    return written(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"],
        b"/Root 1 0 R",
    )


def empty_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % n for n in range(3, count + 3))
    blank = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    return written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids),
            *[blank] * count,
        ],
        b"/Root 1 0 R",
    )
