"""The writer that needs no chat model: it answers in the articles' own sentences."""

from collections.abc import Sequence

from pincite.answering.choice import Evidence
from pincite.model import Statement

MOST_STATEMENTS = 12
FROM_THE_BEST = 6
AMONG_SEVERAL = 4
FROM_OTHERS = 3
"""Sentences quoted from the best section, from it when more than two are heard, and from each other
one."""
NEAR_BEST = 0.6
"""Share of the very best sentence's score that one from another section needs to be quoted."""


class QuoteWriter:
    """Chooses sentences and shows them as quotes: same question, same library, same answer."""

    name = "quotes"

    def write(self, evidence: Sequence[Evidence]) -> list[Statement]:
        """Return statements, each one sentence with the place where it stands.

        Sentences of a section keep their order; sections come best first.
        """
        best = max((score for _, score in evidence[0].sentences), default=0) if evidence else 0
        statements: list[Statement] = []
        most = FROM_THE_BEST if len(evidence) <= 2 else AMONG_SEVERAL
        for number, found in enumerate(evidence):
            room = min(FROM_OTHERS if number else most, MOST_STATEMENTS - len(statements))
            floor = NEAR_BEST * best if number else -1
            good = sorted((s for s in found.sentences if s[1] >= floor), key=lambda s: -s[1])
            for start, end in sorted(span for span, _ in good[:room]):
                citation = found.article.cite(start, end)
                statements.append(Statement(citation.quote, (citation,)))
        return statements
