"""Reads rendered HTML back, so that tests can say what is in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "img", "input", "link", "meta"})
"""Elements without an end."""


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page:
    elements: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str, of_class: str = "") -> list[Element]:
        return list(self._matching(tag, of_class))

    def texts(self, tag: str, of_class: str = "") -> list[str]:
        return [element.text for element in self._matching(tag, of_class)]

    @property
    def tags(self) -> set[str]:
        return {element.tag for element in self.elements}

    @property
    def attributes(self) -> set[str]:
        return {name for element in self.elements for name in element.attributes}

    def _matching(self, tag: str, of_class: str) -> Iterator[Element]:
        for element in self.elements:
            classes = element.attributes.get("class", "").split()
            if element.tag == tag and (not of_class or of_class in classes):
                yield element


def read(html: str) -> Page:
    """Parse as a browser would, entities resolved."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.page.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.page.text += data
        for element in self._open:
            element.text += data
