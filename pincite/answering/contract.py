"""The JSON of an answer: the same for the command line, the page's API and the evals."""

from collections.abc import Sequence
from typing import Any

from pincite.errors import QuestionError
from pincite.model import Answer, Citation, Turn


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain values; fields may be added, never renamed."""
    return {
        "status": answer.status,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "statements": [
            {"text": s.text, "citations": answer.numbers(s.citations)} for s in answer.statements
        ],
        "citations": [_citation(n, c) for n, c in enumerate(answer.citations, start=1)],
        "left_out": [{"text": left.text, "reason": left.reason} for left in answer.left_out],
        "notice": answer.notice,
        "uncovered": list(answer.uncovered),
        "reply": answer.reply,
        "nearest": [{"article_id": n.article_id, "title": n.title} for n in answer.nearest],
        "searched_for": {
            "words": list(answer.searched_for.words),
            "unknown": list(answer.searched_for.unknown),
            "missing": answer.searched_for.missing,
        },
        "generation": answer.generation,
        "writer": answer.writer,
        "seconds": answer.seconds,
    }


def _citation(number: int, citation: Citation) -> dict[str, Any]:
    return {
        "n": number,
        "article_id": citation.article_id,
        "title": citation.title,
        "kind": citation.kind,
        "speaker": citation.speaker,
        "author": citation.author,
        "attribution": citation.attribution,
        "date": citation.date,
        "place": citation.place,
        "url": citation.url,
        "heading": citation.heading,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
    }


def history_from_json(raw: object) -> tuple[Turn, ...]:
    """Read a dialogue: a list of `{"role": "user" | "assistant", "text": "..."}`.

    Raises:
        QuestionError: it has another form.
    """
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise QuestionError("The history must be a list of {role, text}")
    return tuple(_turn(item) for item in raw)


def _turn(item: object) -> Turn:
    match item:
        case {"role": "user" | "assistant" as role, "text": str(text)}:
            return Turn(role, text)
        case _:
            raise QuestionError(
                'Each turn of the history must have the role "user" or "assistant", and a text'
            )
