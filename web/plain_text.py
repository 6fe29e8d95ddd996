"""An answer as plain text with numbered sources, for programs that show nothing else; and back."""

import re
from collections.abc import Iterator
from typing import Final

from pincite.answering.chat.writer import ChatModelWriter
from pincite.model import Answer, Citation, Statement
from web.links import citation_address, web_address
from web.refusal import NO_ANSWER
from web.render import left_out_line
from web.wording import readable_date

SOURCES: Final = "Sources:"
ASKED: Final = "Answering: "
NOTE: Final = "Note: "
OWN_ADDITIONS: Final = re.compile(
    rf"\A{ASKED}.*\n\n|^{NOTE}.*\n\n|(?: ?\[\d+\])+$|^{SOURCES}\n(?s:.*)", re.M
)
"""What `pieces` puts around the words of an answer, which a front end sends back as history."""


def pieces(answer: Answer, *, page: str) -> Iterator[str]:
    """Yield an answer as text, a statement at a time; the last piece lists the sources.

    Of an answer that still grows, these are the first pieces of the whole one. `page` is the
    address of the app, where an article's page shows it at the quoted words.
    """
    if answer.standalone_question != answer.question:
        yield f"{ASKED}{plain(answer.standalone_question)}\n\n"
    if answer.status == "answered":
        yield from said(answer)
    if not answer.is_complete:
        return
    if answer.status == "refused":
        yield refusal(answer)
        return
    if answer.left_out:
        yield f"{NOTE}{left_out_line(len(answer.left_out))}\n\n"
    listed = (f"- [{n}] {source(c, page=page)}" for n, c in enumerate(answer.citations, start=1))
    yield "\n".join((SOURCES, *listed))


def said(answer: Answer) -> Iterator[str]:
    """Yield the statements; what is told of a chat model's own comes when it is known, after."""
    told = [f"{NOTE}{plain(answer.notice)}\n\n"] if answer.notice else []
    statements = [f"{statement_text(answer, each)}\n\n" for each in answer.statements]
    yield from statements + told if answer.writer == ChatModelWriter.name else told + statements


def statement_text(answer: Answer, statement: Statement) -> str:
    """Write a statement with its marks; one that is no quote is followed by its quotes."""
    text = plain(statement.text)
    numbered = list(zip(answer.numbers(statement.citations), statement.citations, strict=True))
    marks = "".join(f"[{n}]" for n, _ in numbered)
    if statement.is_verbatim:
        return f"“{text}” {marks}"
    return "\n".join([f"{text} {marks}", *(f"“{plain(c.quote)}” [{n}]" for n, c in numbered)])


def source(citation: Citation, *, page: str) -> str:
    facts = (
        citation.title,
        citation.heading,
        citation.attribution,
        readable_date(citation.date),
        citation.place,
        web_address(citation.url),
        f"{page}{citation_address(citation)}",
    )
    return "; ".join(plain(fact) for fact in facts if fact)


def refusal(answer: Answer) -> str:
    said = answer.reply or NO_ANSWER
    if not answer.nearest:
        return said
    near = "\n".join(f"- {plain(n.title)}" for n in answer.nearest)
    return f"{said}\n\nNot answering this, but close by:\n{near}"


def plain(text: str) -> str:
    """Put a text on one line, and keep a front end from making Markdown links or HTML of it.

    Articles are untrusted: an image of theirs would be fetched from wherever they say.
    """
    return " ".join(text.split()).replace("](", "]\\(").replace("<", "\\<")


def words_of(written: str) -> str:
    """Return the words of an answer that was written here: no marks, no sources."""
    return OWN_ADDITIONS.sub("", written).strip()
