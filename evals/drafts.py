"""A note from the inbox as a draft question, and the draft that an editor has filled in."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Annotated, Final, get_args

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from evals.errors import QuestionsError
from evals.questions import SPAN_WORDS, TOPICS, Class, Question
from ingest.articles import slug
from pincite.inbox import Note
from pincite.words import content_words

NOTE_LINE = re.compile(r"^# note: ([0-9a-f]+)$", re.MULTILINE)
DRAFT: Final = TypeAdapter(Annotated[list[Question], Field(min_length=1, max_length=1)])
SENT_AS: Final = {
    "unhelpful": "an answer that did not help",
    "gap": "a question that was refused",
}


def one_line(text: str) -> str:
    """Return a reader's text without line breaks and control characters.

    It is printed to terminals and into YAML's comments, which some of these would end.
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def draft(note: Note) -> str:
    """Write a note as a question in YAML; comments say what only an editor can fill in."""
    return "\n".join([*_about(note), "", *_entry(note), ""])


def _about(note: Note) -> Iterator[str]:
    yield f"# note: {note.id}"
    yield from _comment(f"A draft: {SENT_AS[note.kind]}, sent on {note.written}.")
    if note.comment:
        yield from _comment(f"The reader wrote: {note.comment}")
    yield from _comment(
        "Put the question into other words: nothing may stay that tells who asked. Fill in what is "
        "open, then: python -m evals inbox accept FILE"
    )


def _entry(note: Note) -> Iterator[str]:
    is_follow_up = bool(note.history) and note.kind == "unhelpful"
    question = note.question if is_follow_up else note.standalone_question
    words = " ".join(content_words(question)[:4])
    yield f"- id: {slug(words or f'note-{note.id}')}"
    yield from _comment(f"One of: {', '.join(get_args(Class))}.", indent=2)
    yield f"  class: {_class(note, is_follow_up=is_follow_up)}"
    yield from _comment(f"One of: {', '.join(TOPICS)}; or empty where there is none.", indent=2)
    yield "  topic:"
    yield f"  question: {_scalar(question)}"
    if is_follow_up:
        yield from _dialogue(note)
    yield from _expected(note)


def _class(note: Note, *, is_follow_up: bool) -> Class:
    if note.kind == "gap":
        return "near-topic"
    return "follow-up" if is_follow_up else "answerable"


def _dialogue(note: Note) -> Iterator[str]:
    yield "  history:"
    for turn in note.history:
        yield f"    - role: {turn.role}"
        yield f"      text: {_scalar(turn.text)}"
    yield from _comment("What a perfect listener would have understood:", indent=2)
    yield f"  rewritten: {_scalar(note.standalone_question)}"


def _expected(note: Note) -> Iterator[str]:
    """Suggest the words that the answer cited, where they could be a span."""
    words = f"{SPAN_WORDS.start} to {SPAN_WORDS.stop - 1} words of one paragraph"
    if note.kind == "gap":
        yield from _comment(
            "If the library does answer it: another class, a topic, and `expected` with an "
            f"`article` and a `span` of {words}.",
            indent=2,
        )
        return
    yield from _comment(
        f"What a good answer would cite: {words}, literally and once in the article. What stands "
        "here is what the answer cited; it did not help.",
        indent=2,
    )
    yield "  expected:"
    for cited in note.citations:
        if len(cited.quote.split()) in SPAN_WORDS and "\n" not in cited.quote:
            yield f"    - article: {_scalar(cited.article_id)}"
            yield f"      span: {_scalar(cited.quote)}"
        else:
            yield from _comment(f"{cited.article_id}: {cited.quote}", indent=4)


def _comment(text: str, *, indent: int = 0) -> list[str]:
    return [f"{' ' * indent}# {line}" for line in wrap(one_line(text), 96 - indent)]


def _scalar(text: str) -> str:
    """Quote a text: whatever a reader typed stays one value."""
    written: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**6)
    return written.strip()


def read_draft(path: Path) -> tuple[Question, str | None]:
    """Read a draft that an editor has filled in: the question, and the note's id.

    Raises:
        QuestionsError: it does not fit the schema; the message says what to mend.
    """
    try:
        text = path.read_text(encoding="utf-8")
        (question,) = DRAFT.validate_python(yaml.safe_load(text))
    except OSError as error:
        raise QuestionsError(f"{path} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise QuestionsError(f"{path} is not YAML: {error}") from error
    except ValidationError as error:
        faults = (_fault(e["loc"], e["msg"]) for e in error.errors())
        raise QuestionsError(f"Mend {path}: {'; '.join(faults)}") from error
    named = NOTE_LINE.search(text)
    return question, named[1] if named else None


def _fault(loc: Sequence[int | str], message: str) -> str:
    return f"{'.'.join(map(str, loc[1:])) or 'the question'}: {message}"
