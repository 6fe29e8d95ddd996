"""A published article's source as a text to correct, and back."""

from dataclasses import fields, replace
from pathlib import PurePosixPath
from typing import Any

from ingest.editing import TEXT_FORMATS, as_form, as_text, written
from ingest.frontmatter import Header
from ingest.readers import format_of
from ingest.sources import Source
from pincite.model import Article


def text_to_correct(article: Article, source: Source) -> str:
    """Return the source without its header, or what was read from a web page, PDF or Word file."""
    return as_form(source)[1] if is_text(source) else as_text(article)


def corrected(source: Source, text: bytes, header: Header) -> Source:
    """Return the source that is to take the place of `source`.

    What the editor left empty is empty from now on. A field that the file never had is added only
    when the editor changes it, so that a title found in the text stays where it was found.
    """
    said = as_form(source)[0] if is_text(source) else header
    emptied: dict[str, Any] = {
        f.name: f.default for f in fields(Header) if not getattr(header, f.name)
    }
    name = source.name
    if not is_text(source):
        name = PurePosixPath(name).with_suffix(".txt").as_posix()
    return Source(name, written(replace(said, **emptied), text.decode(errors="replace")))


def is_text(source: Source) -> bool:
    return format_of(source.name, source.raw) in TEXT_FORMATS
