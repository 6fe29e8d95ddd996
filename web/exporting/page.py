"""An export as one HTML file that needs nothing else, for a word processor or a printer."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from web.exporting.document import Document
from web.exporting.plain import address_label, shown

FOLDER: Final = Path(__file__).parent


def as_html(doc: Document) -> str:
    """Return the page. It holds no script, and whatever was asked or quoted is escaped."""
    style = Markup((FOLDER / "page.css").read_text(encoding="utf-8"))
    page: str = templates().get_template("page.html").render(doc=doc, style=style)
    return page


@cache
def templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=lambda value: shown(value) if type(value) is str else value,
    )
    found.filters["address_label"] = address_label
    return found
