"""A question in a dialogue, made to stand alone: by rules, without a chat model."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from pincite.answering.dialogue_words import (
    ASKS_FOR_MEANING,
    CHANGES_SUBJECT,
    DEFINES,
    FOLLOWS_ON,
    FOLLOWS_ON_LATER,
    GENERAL,
    GLUE,
    POINTERS,
    POINTS_AT_NOTHING,
)
from pincite.answering.sides import opposed
from pincite.model import Turn
from pincite.words import content_words, words_in

SHORT: Final = 3
"""With fewer content words than this, even a question without a pointer leans on the last one."""

LONG: Final = 8
"""With more content words than this, a question holds its own subject."""

LOOKS_BACK: Final = 10
"""Earlier questions among which the subject is looked for, the newest first."""

MOST_CARRIED: Final = 12
"""Words that a question takes from the dialogue at most; the reader sees them behind it."""

CLAUSE: Final = re.compile(r"[^\s\w'’-]+|\s[-–—]+\s")
"""What ends a phrase."""

TOKEN: Final = re.compile(r"\w+(?:[-'’]\w+)*")
"""A word; unlike in the search, "in-house" is one."""

PHRASE: Final = re.compile(r"g?s(?:[-ga]{0,3}s)*")
"""Phrases in a clause whose words are marked by `_mark`."""


def standalone_question(question: str, history: Sequence[Turn]) -> str:
    """Return the question with the subject that it takes from the dialogue, or as it is.

    The subject is phrases of the earlier questions, from the newest that stands on its own, in
    brackets behind the question: "And the downsides? (secondment to a client)". Answers are not
    carried: whole or in part, in the evals their words drowned the question's.
    """
    asked = [turn.text for turn in history if turn.role == "user" and turn.text.strip()]
    if not asked or not leans_on_dialogue(question):
        return question
    carried = _new_phrases(_subject(asked), content_words(question))
    return f"{question.strip()} ({'; '.join(carried)})" if carried else question


def leans_on_dialogue(question: str, *, short: int = SHORT) -> bool:
    """Whether a question cannot be understood without the one before it."""
    question = question.strip()
    content = content_words(question)
    if len(content) > LONG or CHANGES_SUBJECT.search(question):
        return False
    if len(content) < short:
        return not _is_short_but_whole(question)
    goes_on = FOLLOWS_ON.match(question) or FOLLOWS_ON_LATER.search(question)
    return bool(goes_on) or _points_back(question)


def _is_short_but_whole(question: str) -> bool:
    """Whether it asks what something is, or is a search of keywords ("gardening leave")."""
    words = words_in(question)
    content = content_words(question)
    if not content or FOLLOWS_ON.match(question) or POINTERS & set(words):
        return False
    if DEFINES.fullmatch(question):
        return set(words) - ASKS_FOR_MEANING <= set(content) - GENERAL
    qualifies = TOKEN.findall(question)[0].lower() in GLUE
    only_subject = set(words) <= {*content, *GLUE}
    return only_subject and not qualifies and len(content) > 1 and "?" not in question


def _points_back(question: str) -> bool:
    """Whether a pointer stands before anything in the question that it could point at."""
    said: set[str] = set()
    for word in words_in(POINTS_AT_NOTHING.sub(" ", question)):
        if word in POINTERS:
            return True
        said.update(w for w in content_words(word) if w not in GENERAL)
        if len(said) >= SHORT:
            return False
    return False


def _subject(asked: Sequence[str]) -> list[str]:
    """Return the newest question that stands on its own and those after it, in their order."""
    newest = list(reversed(asked[-LOOKS_BACK:]))
    whole = (n for n, earlier in enumerate(newest) if not leans_on_dialogue(earlier))
    return newest[next(whole, len(newest)) :: -1]


def _new_phrases(texts: Iterable[str], known: Collection[str]) -> list[str]:
    """Return the phrases that say something new, as typed, `MOST_CARRIED` words at most."""
    phrases: list[str] = []
    left = MOST_CARRIED
    said: set[str] = set()
    for phrase in (p for text in texts for p in _phrases(text, known)):
        stems = _stems(content_words(" ".join(phrase)))
        if not stems <= said and len(phrase) <= left:
            phrases.append(" ".join(phrase))
            left -= len(phrase)
            said |= stems
    return phrases


def _phrases(text: str, known: Collection[str]) -> list[list[str]]:
    found = []
    for clause in CLAUSE.split(text):
        words = TOKEN.findall(clause)
        marks = "".join(_mark(word, known) for word in words)
        spans = (match.span() for match in PHRASE.finditer(marks))
        found += [words[start : min(end, start + MOST_CARRIED)] for start, end in spans]
    return found


def _mark(word: str, known: Collection[str]) -> str:
    """Mark a word: s(ubject), g(eneral), a(sked already), - (glue) or x, which ends a phrase."""
    plain = " ".join(words_in(word))
    content = content_words(word)
    if plain in GLUE:
        return "-"
    if not content or opposed(content, known):
        return "x"
    if _stems(content) <= _stems(known):
        return "a"
    return "g" if plain in GENERAL else "s"


def _stems(words: Iterable[str]) -> set[str]:
    """Return the words without the s of a plural."""
    return {w if w.endswith("ss") else w.removesuffix("s") for w in words}
