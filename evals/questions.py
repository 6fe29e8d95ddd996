"""The canned questions: their schema, their files and the digest of what scores depend on."""

import os
from collections.abc import Sequence
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, Self, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from evals.errors import QuestionsError
from ingest.sources import find_sources
from pincite.model import MAX_QUESTION, Turn

FOLDER = Path(__file__).parent / "questions"
SPAN_WORDS = range(10, 41)
"""Words of an expected span: enough to be found once only, few enough to be one thought."""

Class = Literal[
    "answerable",
    "disagreement",
    "follow-up",
    "half-covered",
    "adversarial",
    "near-topic",
    "unrelated",
    "unknowable",
    "nonsense",
]
ANSWERABLE: Final = frozenset({"answerable", "disagreement", "follow-up", "half-covered"})
"""The other classes have no answer. `half-covered`: of two things the library knows one;
`adversarial`: an article's own words, another question."""

Style = Literal["plain", "slang", "typos", "worried", "keywords", "second-language"]

Topic = Literal[
    "first-years",
    "getting-work",
    "feedback",
    "hours-and-pay",
    "leave-and-flexibility",
    "health",
    "fairness",
    "conduct",
    "secondments-and-rotations",
    "practice-groups",
    "partnership",
    "business-development",
    "lateral-moves",
    "resigning",
    "layoffs-and-gaps",
    "in-house",
    "other-careers",
    "abroad",
    "clerkships-and-bar",
]
TOPICS: Final[tuple[Topic, ...]] = get_args(Topic)


class Expected(BaseModel):
    """Words that answer a question, or a part of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article: str
    span: str
    worth: Literal["vital", "okay"] = "vital"
    """An answer without a vital one is not complete; an okay one is welcome and not missed."""
    nugget: str | None = None
    """What the words say, in short; words with the same nugget say it in different places."""
    side: str | None = None
    """Who holds this view, where sources disagree: `column`, `poster`, `partner` ..."""

    @model_validator(mode="after")
    def _is_a_thought_of_one_paragraph(self) -> Self:
        if len(self.span.split()) not in SPAN_WORDS or "\n" in self.span:
            raise ValueError(
                f"a span has {SPAN_WORDS.start} to {SPAN_WORDS.stop - 1} words of one paragraph"
            )
        return self


class Question(BaseModel):
    """A question as an associate would put it, and what a good answer cites."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    class_: Class = Field(alias="class")
    topic: Topic | None = None
    """None where the question has no answer, and is about nothing that articles are about."""
    style: Style = "plain"
    question: str = Field(min_length=1, max_length=MAX_QUESTION)
    holdout: bool = False
    """Reported apart: nothing is tuned on these."""
    history: tuple[Turn, ...] = ()
    rewritten: str | None = None
    """What a perfect listener would have understood by a follow-up."""
    expected: tuple[Expected, ...] = ()
    """What a good answer would cite; none when the library has no answer."""
    uncovered: str | None = None
    """The words of a half-covered question that the library has no answer to."""

    @property
    def answerable(self) -> bool:
        return self.class_ in ANSWERABLE

    @model_validator(mode="after")
    def _has_what_its_class_needs(self) -> Self:
        follow_up = self.class_ == "follow-up"
        sides = {expected.side for expected in self.expected}
        if bool(self.expected) != self.answerable:
            raise ValueError("`expected` belongs to every answerable question and to no other")
        if self.answerable and not any(e.worth == "vital" for e in self.expected):
            raise ValueError("one of `expected` at least is vital")
        if self.answerable and self.topic is None:
            raise ValueError("an answerable question has a `topic`")
        if bool(self.history) != follow_up or bool(self.rewritten) != follow_up:
            raise ValueError("`history` and `rewritten` belong to every follow-up and to no other")
        if (len(sides - {None}) >= 2) != (self.class_ == "disagreement"):
            raise ValueError("two `side`s at least belong to every disagreement and to no other")
        return self

    @model_validator(mode="after")
    def _says_what_is_not_covered(self) -> Self:
        if (self.uncovered is not None) != (self.class_ == "half-covered"):
            raise ValueError("`uncovered` belongs to every half-covered question and to no other")
        if self.uncovered is not None and self.uncovered not in self.question:
            raise ValueError("`uncovered` are words of the question, as they stand there")
        return self


def load_questions(folder: Path = FOLDER) -> list[Question]:
    """Read every `*.yaml` of the folder, in the order of the names.

    Raises:
        QuestionsError: a file is not YAML, a question does not fit, or an id is used twice.
    """
    questions = [question for path in _files(folder) for question in _read(path)]
    ids = [question.id for question in questions]
    if not ids:
        raise QuestionsError(f"There are no questions (*.yaml) in {folder}")
    if twice := sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        raise QuestionsError(f"Each question needs an id of its own; used twice: {twice}")
    return questions


def question_named(id_: str, questions: Sequence[Question]) -> Question:
    """Return one question.

    Raises:
        QuestionsError: there is none with this id; near ones are named.
    """
    by_id = {question.id: question for question in questions}
    if id_ not in by_id:
        near = ", ".join(get_close_matches(id_, by_id, n=3, cutoff=0.3)) or "none is near"
        raise QuestionsError(f"There is no question {id_!r}; like it: {near}")
    return by_id[id_]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


def _read(path: Path) -> list[Question]:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return TypeAdapter(list[Question]).validate_python(raw)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise QuestionsError(f"{path} is not YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        number, *field = first["loc"] or ("",)
        entry = raw[number] if isinstance(number, int) else None
        name = entry.get("id", number) if isinstance(entry, dict) else number or "the file"
        place = ".".join(map(str, field)) or "the entry"
        raise QuestionsError(f"{path}, {name}: {place}: {first['msg']}") from error


def digest(corpus: Path, questions: Path = FOLDER) -> str:
    """Identify the data that scores belong to: the corpus's sources and the questions.

    Raises:
        CorpusError: there is no source in the corpus folder.
    """
    total = sha256()
    for root, paths in ((corpus, find_sources(corpus)), (questions, _files(questions))):
        for path in paths:
            content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            total.update(os.fsencode(path.relative_to(root).as_posix()))
            total.update(sha256(content).digest())
    return total.hexdigest()
