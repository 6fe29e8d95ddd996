"""The two sides of a matter: embeddings hardly tell a question about one from the other."""

from collections.abc import Collection

GOOD = frozenset(
    "advantage advantages benefit benefits pro pros upside upsides plus pluses".split()
)
BAD = frozenset(
    "con cons disadvantage disadvantages downside downsides drawback drawbacks minus minuses"
    " negatives pitfall pitfalls risk risks".split()
)


def opposed(first: Collection[str], second: Collection[str]) -> bool:
    """Whether one text speaks of one side only and the other of the other side only."""
    sides = [(bool(GOOD & set(words)), bool(BAD & set(words))) for words in (first, second)]
    return sides in ([(True, False), (False, True)], [(False, True), (True, False)])
