"""A question in a dialogue, made to stand alone: by rules, without a chat model."""

import re
from collections.abc import Sequence

from pincite.answering.sides import opposed
from pincite.model import Turn
from pincite.words import content_words, words_in

FOLLOWS_ON = re.compile(
    r"(?:and|but|or|so|ok(?:ay)?|then|also|what about|how about|what if|why not|why|really|same"
    r"|which one|any other|anything else)\b",
    re.IGNORECASE,
)
"""How a question begins that goes on from the one before."""

POINTERS = frozenset(
    """it its it's they them their theirs that this these those one ones he him his she her hers
    there then such either both former latter instead else otherwise""".split()
)
"""Words that may point at something said before."""

SHORT = 3
"""With fewer content words than this, even a question without a pointer leans on the last one."""

LOOKS_BACK = 3
"""Earlier questions among which the subject is looked for, the newest first."""


def standalone_question(question: str, history: Sequence[Turn]) -> str:
    """Return the question with the subject that it takes from the dialogue, or as it is.

    The subject is the earlier questions' content words, from the newest that stands on its own,
    in brackets behind the question: readable, and the search needs no grammar.
    """
    asked = [turn.text for turn in history if turn.role == "user" and turn.text.strip()]
    if not asked or not leans_on_dialogue(question):
        return question
    subject: list[str] = []
    for earlier in reversed(asked[-LOOKS_BACK:]):
        subject = content_words(earlier) + subject
        if not leans_on_dialogue(earlier):
            break
    new = set(content_words(question))
    carried = [w for w in dict.fromkeys(subject) if w not in new and not opposed({w}, new)]
    return f"{question.strip()} ({' '.join(carried)})" if carried else question


def leans_on_dialogue(question: str) -> bool:
    """Whether a question cannot be understood without the one before it."""
    content = content_words(question)
    if len(content) < SHORT:
        return True
    pointers = [word for word in words_in(question) if word in POINTERS]
    is_long = len(content) > 2 * SHORT + 2
    return not is_long and (bool(pointers) or bool(FOLLOWS_ON.match(question.strip())))
