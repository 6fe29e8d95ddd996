"""Benchmarks in BEIR form: a folder of documents, queries and judgements, and maybe dialogues."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from evals.errors import BenchmarkError
from pincite.model import Turn

Id = Annotated[str, Field(validation_alias=AliasChoices("id", "_id"))]
"""Any string; the sets on the BEIR site write `_id`."""

OrEmpty = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]


class Row(BaseModel):
    """A line of a JSONL file; fields that we do not know are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: Id


class Document(Row):
    title: OrEmpty = ""
    text: str


class Query(Row):
    text: str
    answerable: bool | None = None
    """None: not labelled."""


class Dialogue(Row):
    """A question with the turns before it."""

    history: tuple[Turn, ...] = ()
    question: str
    rewritten: str | None = None
    """The question as a perfect listener would have understood it."""
    relevant: tuple[str, ...] = ()
    answerable: bool | None = None


Grades = Mapping[str, Mapping[str, int]]
"""By query and document, above 0; what is not there is not relevant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirSet:
    documents: Sequence[Document]
    queries: Sequence[Query]
    grades: Grades
    dialogues: Sequence[Dialogue] | None
    """None without `multiturn.jsonl`."""

    def first_queries(self, n: int | None) -> "BeirSet":
        """Keep the queries that count for something, and of these the first `n`.

        Without a relevant document a query counts for refusal only, which takes a label.
        """
        counting = [q for q in self.queries if q.id in self.grades or q.answerable is not None]
        kept = counting[:n]
        grades = {q.id: self.grades[q.id] for q in kept if q.id in self.grades}
        return replace(self, queries=kept, grades=grades)

    def first_documents(self, n: int | None) -> "BeirSet":
        """Keep every relevant document, and of the others the first, `n` in all; in file order."""
        if n is None:
            return self
        relevant = self._relevant()
        room = max(0, n - sum(document.id in relevant for document in self.documents))
        others = [document.id for document in self.documents if document.id not in relevant]
        kept = relevant | set(others[:room])
        return replace(self, documents=[d for d in self.documents if d.id in kept])

    def _relevant(self) -> set[str]:
        by_query = {id_ for grades in self.grades.values() for id_ in grades}
        return by_query | {id_ for dialogue in self.dialogues or () for id_ in dialogue.relevant}


def read_set(folder: Path) -> BeirSet:
    """Read a benchmark.

    Raises:
        BenchmarkError: a file is missing or a line cannot be read; both are named.
    """
    if not folder.is_dir():
        raise BenchmarkError(f"There is no folder {folder}")
    dialogues = folder / "multiturn.jsonl"
    return BeirSet(
        documents=_filled(folder / "corpus.jsonl", Document),
        queries=(_rows if dialogues.exists() else _filled)(folder / "queries.jsonl", Query),
        grades=_grades(folder / "qrels.tsv"),
        dialogues=_rows(dialogues, Dialogue) if dialogues.exists() else None,
    )


RowT = TypeVar("RowT", bound=Row)


def _filled(path: Path, form: type[RowT]) -> list[RowT]:
    if not (rows := _rows(path, form)):
        raise BenchmarkError(f"{path} is empty")
    return rows


def _rows(path: Path, form: type[RowT]) -> list[RowT]:
    rows: dict[str, RowT] = {}
    for number, line in _lines(path):
        try:
            row = form.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"])) or "the line"
            raise BenchmarkError(f"{path}, line {number}: {field}: {first['msg']}") from error
        if row.id in rows:
            raise BenchmarkError(f"{path}, line {number}: the id {row.id!r} was used before")
        rows[row.id] = row
    return list(rows.values())


def _grades(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for number, line in list(_lines(path))[1:]:
        try:
            query, document, score = line.split("\t")
            grade = int(float(score))
        except (ValueError, OverflowError) as error:
            raise BenchmarkError(
                f"{path}, line {number}: expected query, document and score with tabs between "
                f"them, found {line!r}"
            ) from error
        if grade > 0:
            grades.setdefault(query, {})[document] = grade
    return grades


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers from 1 on."""
    number = 0
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except OSError as error:
        raise BenchmarkError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BenchmarkError(f"{path}, after line {number}: not UTF-8: {error}") from error
