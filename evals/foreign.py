"""Test sets of Ragas and DeepEval as folders in BEIR form, which `evals bench` measures."""

import ast
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any, Final

from evals.errors import BenchmarkError
from pincite.model import Turn

QUESTION: Final = ("user_input", "input", "question")
CONTEXTS: Final = ("reference_contexts", "context", "contexts", "ground_truth_context")
"""Fields of Ragas (0.2 and later), of DeepEval, and of Ragas before 0.2; the first one counts."""
SPEAKERS: Final = {"human": "user", "user": "user", "ai": "assistant", "assistant": "assistant"}
BETWEEN_CONTEXTS: Final = "|"
"""What DeepEval writes between contexts in CSV; Ragas writes a Python list, others JSON."""

Fields = Mapping[str, Any]


@dataclass
class Converted:
    """What the rows of a test set became; every row ends in one of the lists."""

    documents: dict[str, str] = field(default_factory=dict)
    """Id by text: a context that two rows share is one document."""
    queries: list[dict[str, Any]] = field(default_factory=list)
    dialogues: list[dict[str, Any]] = field(default_factory=list)
    judged: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[dict[str, Any]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, Any]:
        return {
            "documents": len(self.documents),
            "queries": len(self.queries),
            "dialogues": len(self.dialogues),
            "skipped": self.skipped,
        }


def convert(path: Path, folder: Path) -> dict[str, Any]:
    """Convert a test set (JSON, JSONL or CSV) and return what became of its rows.

    Raises:
        BenchmarkError: the file cannot be read, holds no usable row, or the folder is not empty.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise BenchmarkError(
            f"{folder} is not an empty folder: name a new one for the converted set"
        )
    found = Converted()
    for number, row in enumerate(_rows(path), start=1):
        _add(found, number, row)
    if not found.queries and not found.dialogues:
        raise BenchmarkError(
            f"{path} holds no row with a question (one of {', '.join(QUESTION)}, or `turns`) and "
            f"its contexts (one of {', '.join(CONTEXTS)})"
        )
    _write(found, folder)
    return found.counts


def _rows(path: Path) -> Iterator[Fields]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() == ".csv":
            rows: Any = list(csv.DictReader(StringIO(text, newline="")))
        elif path.suffix.lower() == ".jsonl":
            # not splitlines(), which also cuts at separators that texts hold
            rows = [json.loads(line) for line in text.split("\n") if line.strip()]
        else:
            rows = json.loads(text)
    except (OSError, ValueError, csv.Error, RecursionError) as error:
        raise BenchmarkError(f"{path} cannot be read as JSON, JSONL or CSV: {error}") from error
    rows = rows.get("goldens", rows) if isinstance(rows, dict) else rows
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BenchmarkError(f"{path} holds no list of rows")
    yield from rows


def _add(found: Converted, number: int, row: Fields) -> None:
    turns = _turns(row)
    contexts = _contexts(next((row[name] for name in CONTEXTS if row.get(name)), None))
    if not turns or turns[-1].role != "user":
        found.skipped.append({"row": number, "reason": "it ends with no question"})
        return
    if not contexts:
        found.skipped.append({"row": number, "reason": "it names no context that answers"})
        return
    ids = [
        found.documents.setdefault(c, f"c{len(found.documents) + 1}")
        for c in dict.fromkeys(contexts)
    ]
    question = turns[-1].text
    if len(turns) > 1:
        history = [{"role": turn.role, "text": turn.text} for turn in turns[:-1]]
        dialogue = {"id": f"d{number}", "history": history, "question": question}
        found.dialogues.append(dialogue | {"rewritten": None, "relevant": ids})
        return
    found.queries.append({"id": f"q{number}", "text": question})
    found.judged += [(f"q{number}", id_) for id_ in ids]


def _turns(row: Fields) -> list[Turn]:
    """Return the dialogue up to the last thing that a person says."""
    said = row.get("turns") or next((row[name] for name in QUESTION if row.get(name)), None)
    said = _parsed(said)
    messages = said if isinstance(said, list) else [{"role": "user", "content": said}]
    turns = [turn for message in messages if (turn := _turn(message)) is not None]
    while turns and turns[-1].role != "user":
        turns.pop()
    return turns


def _turn(message: object) -> Turn | None:
    if not isinstance(message, dict):
        return None
    role = SPEAKERS.get(str(message.get("role") or message.get("type")))
    text = message.get("content")
    if role is None or not isinstance(text, str) or not text.strip():
        return None
    return Turn("user" if role == "user" else "assistant", _plain(text))


def _contexts(value: object) -> list[str]:
    value = _parsed(value)
    if isinstance(value, str):
        value = value.split(BETWEEN_CONTEXTS)
    if not isinstance(value, Sequence):
        return []
    return [_plain(text) for text in value if isinstance(text, str) and text.strip()]


def _plain(text: str) -> str:
    """Replace half characters, which JSON may name and no file can hold."""
    return text.strip().encode(errors="replace").decode()


def _parsed(value: object) -> object:
    """Read a list that a CSV file holds as text; anything else stays as it is."""
    if not isinstance(value, str) or not value.lstrip().startswith("["):
        return value
    for read in (json.loads, ast.literal_eval):
        with suppress(ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return read(value)
    return value


def _write(found: Converted, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    documents = ({"id": id_, "title": "", "text": t} for t, id_ in found.documents.items())
    _write_lines(folder / "corpus.jsonl", map(_json, documents))
    _write_lines(folder / "queries.jsonl", map(_json, found.queries))
    rows = ("query-id\tcorpus-id\tscore", *(f"{q}\t{d}\t1" for q, d in found.judged))
    _write_lines(folder / "qrels.tsv", iter(rows))
    if found.dialogues:
        _write_lines(folder / "multiturn.jsonl", map(_json, found.dialogues))


def _json(row: Fields) -> str:
    return json.dumps(row, ensure_ascii=False)


def _write_lines(path: Path, lines: Iterator[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
