"""The canned questions: their schema, and the sections in which a good answer lies."""

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from evals.errors import QuestionsError
from ingest.sources import find_sources
from pincite.model import MAX_QUESTION, Article, Turn

FOLDER = Path(__file__).parent / "questions"
SPAN_WORDS = range(10, 41)
"""Words of an expected span: enough to be found once only, few enough to be one thought."""

Class = Literal["answerable", "follow-up", "near-topic", "unrelated", "unknowable", "nonsense"]


class Expected(BaseModel):
    """Words that answer a question; their section is what retrieval and answer must reach."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article: str
    span: str

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
    question: str = Field(min_length=1, max_length=MAX_QUESTION)
    holdout: bool = False
    """Reported apart: nothing is tuned on these."""
    history: tuple[Turn, ...] = ()
    rewritten: str | None = None
    """What a perfect listener would have understood by a follow-up."""
    expected: tuple[Expected, ...] = ()
    """All that a good answer would cite; none when the library has no answer."""

    @property
    def answerable(self) -> bool:
        return self.class_ in {"answerable", "follow-up"}

    @model_validator(mode="after")
    def _has_what_its_class_needs(self) -> Self:
        follow_up = self.class_ == "follow-up"
        if bool(self.expected) != self.answerable:
            raise ValueError("`expected` belongs to every answerable question and to no other")
        if bool(self.history) != follow_up or bool(self.rewritten) != follow_up:
            raise ValueError("`history` and `rewritten` belong to every follow-up and to no other")
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
        name = raw[number].get("id", number) if isinstance(number, int) else "the file"
        place = ".".join(map(str, field)) or "the entry"
        raise QuestionsError(f"{path}, {name}: {place}: {first['msg']}") from error


def section_id(article_id: str, section: int) -> str:
    """Name a section in rankings; `section` is its index in `Article.sections`."""
    return f"{article_id}#{section}"


def section_of(article: Article, start: int) -> str:
    """Name the section that holds the character at `start`; a place outside all gets `#-1`."""
    inside = (n for n, s in enumerate(article.sections) if s.start <= start < s.end)
    return section_id(article.id, next(inside, -1))


def expected_sections(question: Question, articles: Mapping[str, Article]) -> tuple[str, ...]:
    """Return the sections that hold the expected spans, each once.

    Raises:
        QuestionsError: a span is not, or not once, in the published text of its article.
    """
    return tuple(dict.fromkeys(_locate(question, e, articles) for e in question.expected))


def _locate(question: Question, expected: Expected, articles: Mapping[str, Article]) -> str:
    article = articles.get(expected.article)
    if article is None:
        raise QuestionsError(
            f"Question {question.id!r} expects the article {expected.article!r}, "
            f"which is not published; the corpus holds {sorted(articles)}"
        )
    found = article.text.count(expected.span)
    if found != 1:
        raise QuestionsError(
            f"Question {question.id!r} expects words that are {found or 'no'} times in the "
            f"published text of {article.id!r}: {expected.span!r}"
        )
    section = section_of(article, article.text.index(expected.span))
    if section.endswith("#-1"):
        raise QuestionsError(
            f"Question {question.id!r} expects words outside all sections of {article.id!r}: "
            f"{expected.span!r}"
        )
    return section


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
