"""The canned questions with a chat model, and with quotes beside it: what was said, and when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from evals import places
from evals.errors import ChatEvalsError
from evals.outcome import FollowUp, Outcome
from evals.questions import Class, Question
from evals.remembering import RememberingEmbedder
from evals.run import Progress, Site
from evals.small_model import small_model
from evals.trial import (
    follow_up,
    hits_in_turn,
    sections_by_best_passage,
    what_is_known,
    what_was_said,
)
from pincite.answering import Assistant
from pincite.answering.chat.writer import ChatModelWriter, chat_model
from pincite.embedding import Embedder
from pincite.model import Answer, Article, Statement
from pincite.reranking import Reranker
from pincite.settings import Settings

SEED: Final = "20260101"
"""The same questions every time, and the others stay when one is added."""

SMALL_CONTEXT: Final = 1536
"""Tokens that the small model is given at most: on two cores it answers within half a minute, and
it makes no more of a longer prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """How one question was answered, as a reader saw it happen."""

    question: Question
    seen: Sequence[tuple[float, Answer]]
    """The answer as it grew, each time with the seconds since the question."""
    outcome: Outcome
    crash: str = ""

    @property
    def answer(self) -> Answer | None:
        return None if self.crash else self.seen[-1][1]

    @property
    def is_answered(self) -> bool:
        return self.outcome.status == "answered"

    @property
    def claims(self) -> tuple[Statement, ...]:
        """All sentences of a chat model that were shown, be it only for a moment."""
        written = (
            s for _, a in self.seen if a.writer == ChatModelWriter.name for s in a.statements
        )
        return tuple(dict.fromkeys(written))

    @property
    def seconds(self) -> float:
        return self.seen[-1][0]

    def seconds_until(self, writer: str | None = None) -> float | None:
        """Return when the first statement was there; with `writer`, the first of its own."""
        there = (s for s, a in self.seen if a.statements and writer in {None, a.writer})
        return next(there, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rankings:
    """What retrieval finds for one follow-up, as it is understood in four ways: sections."""

    grades: Mapping[str, int]
    alone_and_perfect: FollowUp
    rules: tuple[str, ...]
    model: tuple[str, ...]
    differs: bool
    """Whether the model's question is another one than that of the rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRun:
    """Both writers over the same questions, in the same order."""

    model: str
    receiver: str
    articles: Mapping[str, Article]
    quotes: Sequence[Reply]
    chat: Sequence[Reply]
    follow_ups: Sequence[Rankings]


def sampled(questions: Sequence[Question], size: int | None) -> list[Question]:
    """Return so many questions, every class by its share; always the same ones.

    Seats go to the largest remainders, and in a class to the ids whose digests are the lowest.
    """
    if size is None or size >= len(questions):
        return list(questions)
    by_class: dict[Class, list[Question]] = {}
    for question in sorted(questions, key=_lot):
        by_class.setdefault(question.class_, []).append(question)
    shares = {name: size * len(found) / len(questions) for name, found in by_class.items()}
    seats = {name: int(share) for name, share in shares.items()}
    remainders = sorted(shares, key=lambda name: (seats[name] - shares[name], name))
    for name in remainders[: size - sum(seats.values())]:
        seats[name] += 1
    chosen = {q.id for name, found in by_class.items() for q in found[: seats[name]]}
    return [question for question in questions if question.id in chosen]


def _lot(question: Question) -> str:
    return sha256(f"{SEED} {question.id}".encode()).hexdigest()


def opened_chat(settings: Settings, progress: Progress) -> ChatModelWriter:
    """Return the writer with the model that is set, or with the small one of the tests.

    Raises:
        ChatEvalsError: neither is there.
        SettingsError: the model that is set cannot be used.
    """
    if chat := chat_model(settings):
        return chat
    path = small_model()
    if path is None:
        raise ChatEvalsError(
            "There is no chat model. Set PINCITE_CHAT_MODEL, or install the small one of the "
            "tests in .venv: make evals-chat"
        )
    progress(f"PINCITE_CHAT_MODEL is not set: asking {path.name}")
    context = min(settings.chat_context, SMALL_CONTEXT)
    instead = {"chat_model": f"gguf:{path}", "chat_context": context}
    small = chat_model(settings.model_copy(update=instead))
    assert small  # a model is set
    return small


def run_chat(
    *,
    corpus: Path,
    questions: Sequence[Question],
    embedder: Embedder,
    reranker: Reranker | None,
    chat: ChatModelWriter,
    progress: Progress,
) -> ChatRun:
    """Publish the corpus into a folder that is removed again, and ask both writers there."""
    with TemporaryDirectory(prefix="pincite-evals-") as scratch, closing(chat):
        site = Site(Path(scratch), corpus, RememberingEmbedder(embedder), progress)
        by_quotes = site.assistant(reranker=reranker)
        by_chat = site.assistant(reranker=reranker, chat=chat)
        by_quotes.assess("A first question, so that loading the model is not timed.")
        progress(f"asking {len(questions)} questions: quotes")
        quotes = [replied(by_quotes, question, site.articles) for question in questions]
        progress(f"asking the same: {chat.model}, which {chat.receiver} runs")
        replies = list(_told(progress, (replied(by_chat, q, site.articles) for q in questions)))
        return ChatRun(
            model=chat.model,
            receiver=chat.receiver,
            articles=site.articles,
            quotes=quotes,
            chat=replies,
            follow_ups=list(_follow_ups(by_quotes, quotes, replies)),
        )


def replied(assistant: Assistant, question: Question, articles: Mapping[str, Article]) -> Reply:
    """Ask one question. A crash is a miss, as a user would feel it, and does not end the run."""
    known = what_is_known(question, places.located(question, articles))
    began, seen, crash = perf_counter(), list[tuple[float, Answer]](), ""
    try:
        for answer in assistant.answers(question.question, history=question.history):
            seen.append((perf_counter() - began, answer))
        said = what_was_said(answer, articles)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this question's failure
        said, crash = {"status": "crashed"}, f"{type(error).__name__}: {error}"
    return Reply(question=question, seen=seen, outcome=Outcome(**known, **said), crash=crash)


def _told(progress: Progress, replies: Iterable[Reply]) -> Iterator[Reply]:
    for number, reply in enumerate(replies, start=1):
        progress(f"{number}: {reply.question.id} {reply.outcome.status} {len(reply.claims)} claims")
        yield reply


def _follow_ups(
    assistant: Assistant, quotes: Sequence[Reply], chat: Sequence[Reply]
) -> Iterator[Rankings]:
    """Search as each writer understood the dialogue; what the model made of it is asked no more."""
    for by_rules, by_model in zip(quotes, chat, strict=True):
        question = by_rules.question
        others = follow_up(question, assistant)
        if others is None:
            continue
        of_rules = assistant.assess(question.question, history=question.history)
        understood = by_model.answer.standalone_question if by_model.answer else ""
        found = hits_in_turn(assistant.assess(understood)) if understood else ()
        yield Rankings(
            grades=by_rules.outcome.grades,
            alone_and_perfect=others,
            rules=sections_by_best_passage(hits_in_turn(of_rules)),
            model=sections_by_best_passage(found),
            differs=understood != of_rules.standalone_question,
        )
