"""What a run with a chat model is worth: claims kept and dropped, quotes looked up, times."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import Any, Final

import numpy as np
from ir_measures import nDCG

from evals.chatting import ChatRun, Rankings, Reply, opened_chat, run_chat, sampled
from evals.metrics import METRICS
from evals.metrics.figures import measure
from evals.metrics.ranking import ranking_score
from evals.questions import digest, load_questions
from evals.run import Progress
from pincite.answering.chat.writer import ChatModelWriter
from pincite.embedding import load_embedder
from pincite.model import Article, Statement
from pincite.reranking import load_reranker
from pincite.settings import Settings

CHAT: Final = ChatModelWriter.name
QUALITY: Final = ("vital_nugget_recall", "citation_precision")


def with_chat_model(
    settings: Settings, folder: Path, *, sample: int | None, progress: Progress
) -> dict[str, Any]:
    """Ask the questions of a folder, or a sample of them, and return all figures.

    Raises:
        ChatEvalsError: there is no chat model.
        QuestionsError: a question does not fit.
        SettingsError: a model that is set cannot be used.
    """
    found = run_chat(
        corpus=settings.corpus,
        questions=sampled(load_questions(folder), sample),
        embedder=load_embedder(settings.embedding_model),
        reranker=load_reranker(settings.reranker),
        chat=opened_chat(settings, progress),
        progress=progress,
    )
    return {"digest": digest(settings.corpus, folder), "sample": sample, **figures(found)}


def is_verified(claim: Statement, articles: Mapping[str, Article]) -> bool:
    """Whether a claim has quotes, and the articles have each of them at its place."""
    return bool(claim.citations) and all(
        c.article_id in articles and articles[c.article_id].text[c.start : c.end] == c.quote
        for c in claim.citations
    )


def figures(run: ChatRun) -> dict[str, Any]:
    """Return all figures as plain values; the names are relied on."""
    complaints = complaints_of(run)
    return {
        "passed": not complaints,
        "complaints": complaints,
        "model": run.model,
        "receiver": run.receiver,
        "quotes": of_writer(run.quotes),
        "chat": of_writer(run.chat),
        "claims": claims_of(run),
        "follow_ups": follow_ups_of(run.follow_ups),
        "questions": [row(*both) for both in zip(run.quotes, run.chat, strict=True)],
    }


def complaints_of(run: ChatRun) -> list[str]:
    """Return what must not be, whatever the model: a claim unverified, a question unanswered."""
    unverified = [
        f"{reply.question.id}: a shown claim has no verified quote: {claim.text}"
        for reply in run.chat
        for claim in reply.claims
        if not is_verified(claim, run.articles)
    ]
    by_chat, by_quotes = _answered(run.chat), _answered(run.quotes)
    if len(by_chat) >= len(by_quotes):
        return unverified
    lost = ", ".join(id_ for id_ in by_quotes if id_ not in by_chat)
    return [
        *unverified,
        f"{len(by_chat)} questions are answered with the chat model and {len(by_quotes)} by "
        f"quotes; lost: {lost}",
    ]


def _answered(replies: Sequence[Reply]) -> list[str]:
    return [r.question.id for r in replies if r.question.answerable and r.is_answered]


def of_writer(replies: Sequence[Reply]) -> dict[str, Any]:
    """Return what is measured of both writers alike; times are those of answered questions."""
    answered = [reply for reply in replies if reply.is_answered]
    outcomes = [reply.outcome for reply in replies]
    return {
        "answered": len(_answered(replies)),
        "answerable": sum(reply.question.answerable for reply in replies),
        "falsely_answered": sum(not reply.question.answerable for reply in answered),
        "unanswerable": sum(not reply.question.answerable for reply in replies),
        "crashed": sum(bool(reply.crash) for reply in replies),
        **{name: asdict(measure(METRICS[name], outcomes)) for name in QUALITY},
        "seconds": {
            "first_claim": _times([reply.seconds_until(CHAT) for reply in answered]),
            "first_statement": _times([reply.seconds_until() for reply in answered]),
            "whole_answer": _times([reply.seconds for reply in answered]),
        },
    }


def _times(found: Sequence[float | None]) -> dict[str, Any]:
    seconds = [each for each in found if each is not None]
    p50, p95 = np.percentile(seconds, [50, 95]) if seconds else (None, None)
    return {"p50": _rounded(p50), "p95": _rounded(p95), "n": len(seconds)}


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(float(seconds), 3)


def claims_of(run: ChatRun) -> dict[str, Any]:
    """Count what the model wrote; a sentence that it repeats in an answer is one claim."""
    answers = [reply.answer for reply in run.chat if reply.answer]
    by_model = [answer for answer in answers if answer.writer == CHAT]
    dropped = Counter(left.reason for answer in answers for left in answer.left_out)
    kept = sum(len(answer.statements) for answer in by_model)
    shown = [claim for reply in run.chat for claim in reply.claims]
    verified = sum(is_verified(claim, run.articles) for claim in shown)
    fallbacks = Counter(a.notice for a in answers if a.notice and a.writer != CHAT)
    return {
        "written": kept + dropped.total(),
        "kept": kept,
        "dropped": dict(dropped.most_common()),
        "shown": len(shown),
        "verified": verified,
        "verified_share": verified / len(shown) if shown else None,
        "questions_asked": len(by_model) + fallbacks.total(),
        "questions_with_a_claim": sum(bool(reply.claims) for reply in run.chat),
        "broken_off": sum(bool(answer.notice) for answer in by_model),
        "fallbacks": dict(fallbacks.most_common()),
    }


def follow_ups_of(found: Sequence[Rankings]) -> dict[str, Any]:
    """Return nDCG@10 of the follow-ups for each way to understand them."""
    rankings = {
        "alone": [each.alone_and_perfect.alone for each in found],
        "rules": [each.rules for each in found],
        "model": [each.model for each in found],
        "perfect": [each.alone_and_perfect.rewritten for each in found],
    }
    scores = {
        name: fmean(
            ranking_score(nDCG @ 10, each.grades, ranked)
            for each, ranked in zip(found, listed, strict=True)
        )
        if found
        else None
        for name, listed in rankings.items()
    }
    return {"n": len(found), "differs": sum(each.differs for each in found), "ndcg_at_10": scores}


def row(quotes: Reply, chat: Reply) -> dict[str, Any]:
    """Return one question as both writers left it."""
    answer = chat.answer
    return {
        "id": chat.question.id,
        "class": chat.question.class_,
        "quotes": quotes.outcome.status,
        "chat": chat.outcome.status,
        "crash": chat.crash,
        "standalone_question": answer.standalone_question if answer else None,
        "writer": answer.writer if answer else None,
        "claims": [claim.text for claim in chat.claims],
        "left_out": [asdict(left) for left in answer.left_out] if answer else [],
        "notice": answer.notice if answer else None,
        "first_statement": _rounded(chat.seconds_until()),
        "whole_answer": _rounded(chat.seconds if chat.seen else None),
    }
