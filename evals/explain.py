"""The whole path of one question: what was searched, found, weighed, chosen and judged."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from evals import places
from evals.metrics import METRICS
from evals.metrics.figures import measure
from evals.outcome import Outcome, Stretch
from evals.places import section_id, section_name
from evals.questions import Question
from evals.run import Site
from evals.trial import reason_of_failure, what_became, what_is_known
from pincite.answering import Assessment, Trace
from pincite.answering.choice import Evidence
from pincite.answering.gate import fitted
from pincite.glossary import in_standard_terms
from pincite.model import Article
from pincite.words import content_words

HITS: Final = 15
"""Passages that are listed; the writer sees no deeper."""


def explain(question: Question, site: Site) -> dict[str, Any]:
    """Ask one canned question and return every step, as plain values."""
    articles = site.articles
    found = places.located(question, articles)
    known = what_is_known(question, found)
    trace = site.assistant().trace(question.question, history=question.history)
    outcome = Outcome(**known, **what_became(trace, articles))
    searched = in_standard_terms(trace.assessment.standalone_question)
    return {
        "id": question.id,
        "class": question.class_,
        "question": question.question,
        "history": [{"role": turn.role, "text": turn.text} for turn in question.history],
        "standalone_question": trace.assessment.standalone_question,
        "searched": searched,
        "content_words": content_words(searched),
        "gate": _gate(trace.assessment),
        "expected": _expected(question, found, outcome, articles),
        "hits": list(_hits(trace.assessment, outcome, articles)),
        "evidence": [_evidence(found, trace) for found in trace.evidence],
        "dropped": len(trace.written) - len(trace.answer.statements),
        "status": outcome.status,
        "scores": _scores(outcome),
        "why": reason_of_failure(outcome, articles),
    }


def _gate(assessed: Assessment) -> dict[str, Any]:
    model = fitted()
    return {
        "features": dict(assessed.features),
        "weights": dict(model["weights"]),
        "intercept": model["intercept"],
        "missing": assessed.missing,
        "answerability": assessed.answerability,
        "threshold": model["threshold"],
        "answerable": assessed.answerable,
    }


def _expected(
    question: Question,
    found: Sequence[Stretch],
    outcome: Outcome,
    articles: Mapping[str, Article],
) -> list[dict[str, Any]]:
    return [
        {
            "section": section_name(place.section, articles),
            "worth": wanted.worth,
            "side": wanted.side,
            "span": wanted.span,
            "rank": _rank(place.section, outcome),
            "cited": any(c.section == place.section for c in outcome.cited),
            "quoted": max((c.share_of(place) for c in outcome.cited), default=0.0),
        }
        for wanted, place in zip(question.expected, found, strict=True)
    ]


def _rank(section: str, outcome: Outcome) -> int | None:
    return outcome.ranked.index(section) + 1 if section in outcome.ranked else None


def _hits(
    assessed: Assessment, outcome: Outcome, articles: Mapping[str, Article]
) -> Iterator[dict[str, Any]]:
    for rank, hit in enumerate(assessed.hits[:HITS], start=1):
        section = hit.passage.section_id
        yield {
            "rank": rank,
            "section": section_name(section, articles),
            "start": hit.passage.start,
            "end": hit.passage.end,
            "score": hit.score,
            "similarity": hit.similarity,
            "bm25": hit.bm25,
            "grade": outcome.grades.get(section, 0),
        }


def _evidence(found: Evidence, trace: Trace) -> dict[str, Any]:
    cited = {(c.article_id, c.start, c.end) for c in trace.answer.citations}
    article = found.article
    return {
        "section": section_name(section_id(*found.place), {article.id: article}),
        "score": found.score,
        "sentences": [
            {
                "text": article.text[start:end],
                "score": score,
                "said": (article.id, start, end) in cited,
            }
            for (start, end), score in found.sentences
        ],
    }


def _scores(outcome: Outcome) -> dict[str, float]:
    """Return the metrics that say something about this one question."""
    figures = {name: measure(m, [outcome], interval=False).value for name, m in METRICS.items()}
    return {name: value for name, value in figures.items() if value is not None}


def as_text(path: Mapping[str, Any]) -> str:
    """Lay the path out for a terminal."""
    return "\n".join(line for part in _parts(path) for line in (*part, ""))


def _parts(path: Mapping[str, Any]) -> Iterator[list[str]]:
    asked = [f"{turn['role']}: {turn['text']}" for turn in path["history"]]
    yield [
        f"{path['id']} ({path['class']}): {path['why'] or 'passes'}",
        *asked,
        f"asked:      {path['question']}",
        f"understood: {path['standalone_question']}",
        f"searched:   {path['searched']}",
        f"words:      {' '.join(path['content_words'])}",
    ]
    yield _gate_lines(path["gate"], path["status"])
    yield ["expected:", *(_expected_line(row) for row in path["expected"])]
    yield ["passages (score, cosine, BM25):", *(_hit_line(row) for row in path["hits"])]
    for found in path["evidence"]:
        yield [f"evidence {found['score']:.3f} {found['section']}", *_sentence_lines(found)]
    yield [f"{name:26} {value:.3f}" for name, value in path["scores"].items()]


def _gate_lines(gate: Mapping[str, Any], status: str) -> list[str]:
    terms = [
        f"  {name} {gate['features'][name]:.3f} x {weight:g}"
        for name, weight in gate["weights"].items()
    ]
    rule = [f"  asks for {gate['missing']}: refused by rule"] if gate["missing"] else []
    chance = f"{gate['answerability']:.3f}, threshold {gate['threshold']:g}"
    return [f"gate: {chance}: {status}", *terms, *rule]


def _expected_line(row: Mapping[str, Any]) -> str:
    rank = f"rank {row['rank']}" if row["rank"] else "not found"
    side = f" ({row['side']})" if row["side"] else ""
    quoted = f"{row['quoted']:.0%} quoted"
    return f"  {row['worth']}{side} {rank}, {quoted}: {row['section']}: {row['span']}"


def _hit_line(row: Mapping[str, Any]) -> str:
    figures = f"{row['score']:.3f} {row['similarity']:.3f} {row['bm25']:6.2f}"
    mark = {2: "**", 1: "* "}.get(row["grade"], "  ")
    return f"  {row['rank']:2} {mark} {figures}  {row['section']} [{row['start']}-{row['end']}]"


def _sentence_lines(found: Mapping[str, Any]) -> Iterator[str]:
    for sentence in found["sentences"]:
        text = " ".join(sentence["text"].split())
        yield f"  {'said' if sentence['said'] else '    '} {sentence['score']:.3f} {text}"
