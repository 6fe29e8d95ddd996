"""What a refusal tells of the search: the words that were looked for, and which no article has."""

from typing import Final

from pincite.answering.assessment import Assessment
from pincite.library import Library
from pincite.model import SearchedFor
from pincite.words import content_words

MOST_WORDS: Final = 12
"""Words that are named; a long story has more, and the rarest say what it is about."""


def searched_for(found: Assessment, library: Library) -> SearchedFor:
    """Name what a refused question was searched for."""
    holders = library.words.holders(content_words(found.standalone_question))
    rarest = sorted(holders, key=lambda word: len(holders[word]))[:MOST_WORDS]
    words = tuple(word for word in holders if word in rarest)
    return SearchedFor(
        words=words,
        unknown=tuple(word for word in words if not holders[word]),
        missing=found.missing,
    )
