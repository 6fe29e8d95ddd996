"""Runs as artefacts: `run.json` holds all that a report, a comparison or an export needs later."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.errors import RunFileError
from evals.gate import HOLDOUT, Baseline, complaints
from evals.metrics import METRICS, Measured, differ
from evals.outcome import Outcome, Stretch
from evals.places import section_name
from evals.questions import Expected, Question
from evals.run import Run, half
from evals.trial import Trial
from pincite.answering import answer_as_json
from pincite.embedding import EmbeddingSpace
from pincite.model import Article
from pincite.settings import Settings

FOLDER: Final = Path("var/evals")
FILE: Final = "run.json"
LIBRARIES: Final = ("chromadb", "numpy", "scikit-learn", "sentence-transformers", "torch")


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Figure(Part):
    value: float | None
    low: float | None = None
    high: float | None = None
    """Of the 95 % bootstrap interval."""
    floor: float | None = None
    n: int
    better: Literal["higher", "lower"]
    differs: bool | None = None
    """Of the held-out questions: whether they differ from the open ones beyond their intervals."""


class ExpectedWords(Expected):
    """Expected words and the place where they stand."""

    place: Stretch


class QuestionRecord(Part):
    """One question: what was asked and expected, what became of it, and the judgement."""

    question: Question
    expected: tuple[ExpectedWords, ...]
    outcome: Outcome
    answer: dict[str, Any] | None
    """As `ask --json` prints it, without the time; None when it crashed."""
    passed: bool
    why: str


class SectionRecord(Part):
    heading: str
    start: int
    end: int


class ArticleRecord(Part):
    title: str
    text: str
    sections: tuple[SectionRecord, ...]


class Times(Part):
    """What differs between two runs of the same commit; besides, only fields in milliseconds do."""

    started: str
    """UTC, ISO 8601."""
    seconds: float


class Record(Part):
    """A run, as it is saved."""

    format: Literal[1] = 1
    digest: str
    """Of the corpus and the questions."""
    embedding: EmbeddingSpace
    settings: dict[str, Any]
    versions: dict[str, str]
    passed: bool
    complaints: list[str]
    metrics: dict[str, Figure]
    holdout: dict[str, Figure]
    baselines: dict[str, dict[str, float | None]]
    questions: list[QuestionRecord]
    articles: dict[str, ArticleRecord]
    times: Times

    def outcomes(self, *, holdout: bool | None = None) -> dict[str, Outcome]:
        """Return what became of the questions by id: of one half, or of all of them."""
        return {
            row.question.id: row.outcome
            for row in self.questions
            if holdout in {None, row.question.holdout}
        }

    def section_name(self, section: str) -> str:
        """Name a section for a reader, as `article > heading`."""
        return section_name(section, self.articles)

    def summary(self) -> dict[str, Any]:
        """Return what `python -m evals --json` prints; the names are relied on."""
        rows = [
            {"id": row.question.id, "class": row.question.class_} | row.model_dump(include=JUDGED)
            for row in self.questions
        ]
        return self.model_dump(include=SUMMED_UP) | {"questions": rows}


JUDGED: Final = {"passed", "why"}
SUMMED_UP: Final = {"digest", "passed", "complaints", "metrics", "holdout", "baselines"}


def record(
    found: Run, baseline: Baseline | None, *, settings: Settings, started: datetime, seconds: float
) -> Record:
    """Write a run down, with the gate's verdict."""
    against = complaints(baseline, digest=found.digest, scores=found.scores)
    floors = baseline.floors if baseline else {}
    return Record(
        digest=found.digest,
        embedding=found.embedding,
        settings=settings.model_dump(mode="json", exclude={"editor_password"}),
        versions={name: version(name) for name in ("pincite", *LIBRARIES)},
        passed=not against,
        complaints=against,
        metrics=_figures(found.measured, floors, prefix=""),
        holdout=_with_differences(_figures(found.held_out, floors, prefix=HOLDOUT), found.trials),
        baselines={
            name: {
                metric: measured.value
                for metric, measured in half(trials, holdout=False, intervals=False).items()
            }
            for name, trials in found.baselines.items()
        },
        questions=[_row(trial) for trial in found.trials],
        articles={id_: _article(article) for id_, article in found.articles.items()},
        times=Times(started=started.isoformat(timespec="seconds"), seconds=round(seconds, 1)),
    )


def _figures(
    measured: Mapping[str, Measured], floors: Mapping[str, float], *, prefix: str
) -> dict[str, Figure]:
    return {
        name: Figure(
            value=found.value,
            low=found.low,
            high=found.high,
            floor=floors.get(prefix + name),
            n=found.n,
            better=METRICS[name].better,
        )
        for name, found in measured.items()
    }


def _with_differences(figures: Mapping[str, Figure], trials: Sequence[Trial]) -> dict[str, Figure]:
    held_out, others = (
        [t.outcome for t in trials if t.question.holdout is holdout] for holdout in (True, False)
    )
    return {
        name: figure.model_copy(update={"differs": differ(METRICS[name], held_out, others)})
        for name, figure in figures.items()
    }


def _row(trial: Trial) -> QuestionRecord:
    answer = answer_as_json(trial.answer) if trial.answer else {}
    answer.pop("seconds", None)
    return QuestionRecord(
        question=trial.question,
        expected=tuple(
            ExpectedWords(**wanted.model_dump(), place=place)
            for wanted, place in zip(trial.question.expected, trial.places, strict=True)
        ),
        outcome=trial.outcome,
        answer=answer or None,
        passed=trial.passed,
        why=trial.why,
    )


def _article(article: Article) -> ArticleRecord:
    sections = (
        SectionRecord(heading=s.heading, start=s.start, end=s.end) for s in article.sections
    )
    return ArticleRecord(title=article.title, text=article.text, sections=tuple(sections))


def save(run: Record, folder: Path) -> Path:
    """Save a run in a new folder named by its time, and return the file."""
    name = datetime.fromisoformat(run.times.started).strftime("%Y%m%d-%H%M%S")
    number = 1
    while (home := folder / (name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    home.mkdir(parents=True)
    path = home / FILE
    path.write_text(run.model_dump_json(by_alias=True, indent=1) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> Record:
    """Read a saved run, from its file or its folder.

    Raises:
        RunFileError: there is no such file, or it is something else.
    """
    path = path / FILE if path.is_dir() else path
    try:
        return Record.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RunFileError(f"There is no run in {path}. Make one with: python -m evals") from error
    except (ValidationError, UnicodeDecodeError, OSError) as error:
        raise RunFileError(
            f"{path} is not a run that this version of `python -m evals` saved: "
            f"{str(error).splitlines()[0]}"
        ) from error


def newest(folder: Path) -> Path:
    """Return the file of the run that began last.

    Raises:
        RunFileError: there is none yet.
    """
    runs = sorted(folder.glob(f"*/{FILE}"))
    if not runs:
        raise RunFileError(f"There is no run in {folder} yet. Make one with: python -m evals")
    return runs[-1]
