"""What readers sent, grouped: notes that ask the same thing are one question, asked more often."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pincite.inbox import Note, NoteKind
from pincite.words import content_words

ALIKE: Final = 0.7
"""Share of common content words from which two questions count as the same one."""


@dataclass(frozen=True, slots=True)
class Group:
    """Notes of one kind that ask the same thing, the oldest first; at least one."""

    notes: Sequence[Note]

    @property
    def kind(self) -> NoteKind:
        return self.notes[0].kind

    @property
    def question(self) -> str:
        return self.notes[0].standalone_question


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is compared by; found once, as a full inbox compares half a million times."""

    stems: frozenset[str]
    words: tuple[str, ...]
    """All of them, for a question of small words only."""

    @classmethod
    def of(cls, question: str) -> "Asked":
        stems = frozenset(word.removesuffix("s") for word in content_words(question))
        return cls(stems, tuple(question.casefold().split()))

    def is_like(self, other: "Asked") -> bool:
        if not self.stems or not other.stems:
            return self.words == other.words
        return len(self.stems & other.stems) / len(self.stems | other.stems) >= ALIKE


def alike(one: str, other: str) -> bool:
    """Whether two questions are near-identical: their content words are, plurals aside."""
    return Asked.of(one).is_like(Asked.of(other))


def grouped(notes: Iterable[Note]) -> list[Group]:
    """Group notes, what was sent most often first.

    A note joins the first group whose oldest note it is like, so that a group never drifts away
    from the question that it is listed under.
    """
    groups: list[tuple[NoteKind, Asked, list[Note]]] = []
    for note in notes:
        asked = Asked.of(note.standalone_question)
        taking = (
            members for kind, first, members in groups if kind == note.kind and asked.is_like(first)
        )
        members = next(taking, None)
        if members is None:
            groups.append((note.kind, asked, [note]))
        else:
            members.append(note)
    return sorted((Group(members) for *_, members in groups), key=lambda g: -len(g.notes))
