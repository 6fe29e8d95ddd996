"""What a chat model hands in before any of it is checked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that a model says it took from a source; nothing here has been looked up yet."""

    source: int
    """Number of a source of this turn, from 1, as the model gave it."""
    quote: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that a model wrote, with the words that it says the sentence stands on."""

    text: str
    quotes: tuple[Quoted, ...]
