"""What is written from the evidence: quotes, or a chat model's claims as far as they hold."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final

from pincite.answering.chat.connection import Stop
from pincite.answering.chat.writer import ChatModelWriter
from pincite.answering.checking.checker import Checker
from pincite.answering.choice import Evidence
from pincite.answering.quotes import QuoteWriter
from pincite.answering.verifier import verify
from pincite.errors import ChatModelError
from pincite.model import Article, LeftOut, Statement

QUOTES: Final = QuoteWriter()

INSTEAD: Final = "What follows are quotes from the articles instead."
UNSUPPORTED: Final = f"The articles support nothing that the chat model wrote. {INSTEAD}"
SILENT: Final = f"The chat model found nothing to say from the articles. {INSTEAD}"
BROKEN_OFF: Final = "What stands here was checked; the rest is missing."

Articles = Mapping[str, Article]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a writer has written so far."""

    writer: str
    unchecked: tuple[Statement, ...] = ()
    """Before the last comparison with the articles' text."""
    statements: tuple[Statement, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    """Sentences of a chat model that are not shown as an answer."""
    notice: str | None = None
    """What the reader is told about the writing itself."""
    is_complete: bool = True

    def with_statement(self, statement: Statement, articles: Articles) -> "Written":
        if statement in self.unchecked:
            return self
        kept = verify([statement], articles).statements
        return replace(
            self,
            unchecked=(*self.unchecked, statement),
            statements=(*self.statements, *kept),
        )


def quoted(evidence: Sequence[Evidence], articles: Articles) -> Written:
    """Write in the articles' own sentences."""
    unchecked = tuple(QUOTES.write(evidence))
    statements = verify(unchecked, articles).statements
    return Written(writer=QUOTES.name, unchecked=unchecked, statements=statements)


def claimed(
    chat: ChatModelWriter,
    question: str,
    evidence: Sequence[Evidence],
    articles: Articles,
    checker: Checker,
    stop: Stop,
) -> Iterator[Written]:
    """Yield what a chat model wrote and may be shown, after each claim; the last is the whole.

    Where nothing may be shown, and where the model fails before anything could, that is quotes.
    """
    so_far, fault = Written(writer=chat.name), ""
    try:
        with closing(chat.claims(question, evidence, stop=stop)) as claims:
            for claim in claims:
                found = checker.check(claim)
                if isinstance(found, Statement):
                    so_far = so_far.with_statement(found, articles)
                elif found not in so_far.left_out:
                    so_far = replace(so_far, left_out=(*so_far.left_out, found))
                yield replace(so_far, is_complete=False)
    except ChatModelError as error:
        fault = f"{error}."
    if so_far.statements:
        yield replace(so_far, notice=f"{fault} {BROKEN_OFF}" if fault else None)
        return
    why = f"{fault} {INSTEAD}" if fault else UNSUPPORTED if so_far.left_out else SILENT
    yield replace(quoted(evidence, articles), left_out=so_far.left_out, notice=why)
