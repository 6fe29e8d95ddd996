"""What is written from the evidence: quotes, or a chat model's claims as far as they hold."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final

from pincite.answering.chat.connection import Stop
from pincite.answering.chat.writer import ChatModelWriter
from pincite.answering.checking.checker import Checker
from pincite.answering.choice import Evidence
from pincite.answering.claims import Claim
from pincite.answering.quotes import QuoteWriter
from pincite.answering.verifier import verify
from pincite.errors import ChatModelError
from pincite.model import Article, LeftOut, Statement
from pincite.sentences import sentence_spans

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

    def with_sentence(self, found: Statement | LeftOut, articles: Articles) -> "Written":
        """Add what became of a sentence; one that is shown once is shown, however often it comes.

        So it is left out once, and no longer when it comes again with quotes that support it.
        """
        if found.text in (statement.text for statement in self.unchecked):
            return self
        others = tuple(left for left in self.left_out if left.text != found.text)
        if isinstance(found, LeftOut):
            is_new = len(others) == len(self.left_out)
            return replace(self, left_out=(*others, found)) if is_new else self
        return replace(
            self,
            unchecked=(*self.unchecked, found),
            statements=(*self.statements, *verify([found], articles).statements),
            left_out=others,
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
    """Yield what a chat model wrote and may be shown as it grows; the last is the whole.

    Where nothing may be shown, and where the model fails before anything could, that is quotes.
    Before the first statement nothing is yielded: an answer without any would be a refusal.
    """
    so_far, fault = Written(writer=chat.name), ""
    try:
        with closing(chat.claims(question, evidence, stop=stop)) as claims:
            for claim in claims:
                for sentence in sentences_of(claim):
                    so_far = so_far.with_sentence(checker.check(sentence), articles)
                if so_far.statements:
                    yield replace(so_far, is_complete=False)
    except ChatModelError as error:
        fault = f"{error}."
    if so_far.statements:
        yield replace(so_far, notice=f"{fault} {BROKEN_OFF}" if fault else None)
        return
    why = f"{fault} {INSTEAD}" if fault else UNSUPPORTED if so_far.left_out else SILENT
    yield replace(quoted(evidence, articles), left_out=so_far.left_out, notice=why)


def sentences_of(claim: Claim) -> list[Claim]:
    """Return a claim for each sentence of one: a true sentence must not carry a false one along."""
    texts = (claim.text[start:end] for start, end in sentence_spans(claim.text))
    return [Claim(text, claim.quotes) for text in texts if any(map(str.isalnum, text))]
