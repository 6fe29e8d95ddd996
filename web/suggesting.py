"""Questions to ask, over HTTP: to begin with, after an answer, and those of one article."""

from collections.abc import Sequence
from threading import Thread
from typing import Annotated, Final

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pincite.answering import Assistant
from pincite.answering.suggestions import LibraryQuestion, Suggestions
from pincite.errors import PinciteError
from pincite.library import LiveLibrary
from web.dialogue import MAX_TEXT

MAX_CITED: Final = 100
MAX_ASKED: Final = 50


class Cited(BaseModel):
    """Where an answer's quote stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article_id: Annotated[str, StringConstraints(max_length=500)]
    start: Annotated[int, Field(ge=0)]


class Answered(BaseModel):
    """The body of `POST /api/suggestions`: a question as it was understood, and its answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Annotated[str, StringConstraints(max_length=MAX_TEXT)]
    cited: Annotated[tuple[Cited, ...], Field(max_length=MAX_CITED)] = ()
    asked: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)], ...],
        Field(max_length=MAX_ASKED),
    ] = ()


def add_suggestions(app: FastAPI, assistant: Assistant, live: LiveLibrary) -> None:
    suggestions = Suggestions(assistant, live)
    app.state.suggestions = suggestions

    @app.get("/api/questions")
    def to_begin_with() -> JSONResponse:
        topics = [
            {"topic": topic.name, "questions": as_json(topic.questions)}
            for topic in suggestions.by_topic()
        ]
        return JSONResponse({"topics": topics})

    @app.get("/api/questions/{article_id:path}")
    def of_article(article_id: str) -> JSONResponse:
        return JSONResponse({"questions": as_json(suggestions.of_article(article_id))})

    @app.post("/api/suggestions")
    def after(answered: Answered) -> JSONResponse:
        cited = [(place.article_id, place.start) for place in answered.cited]
        found = suggestions.after(answered.question, cited=cited, asked=answered.asked)
        return JSONResponse({"questions": as_json(found)})


def as_json(questions: Sequence[LibraryQuestion]) -> list[dict[str, str]]:
    return [{"question": q.text, "article_id": q.article_id} for q in questions]


def warm_up(app: FastAPI) -> None:
    """Choose the questions to begin with before the first page asks for them.

    It takes a dozen searches, which load the embedding model as well; then the thread ends.
    """
    Thread(target=_choose, args=(app.state.suggestions,), name="suggestions", daemon=True).start()


def _choose(suggestions: Suggestions) -> None:
    try:
        suggestions.by_topic()
    except PinciteError:
        return  # whoever asks next is told
