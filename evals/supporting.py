"""`python -m evals support`: is a claim about its quotes? The figures, and the model's fitting."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, get_args

import numpy as np
import typer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from evals.grafts import grafted, joined
from evals.inbox import published_articles
from evals.pairs import Pair, astray, load_paraphrases, notes, verbatim
from evals.questions import load_questions
from evals.remembering import RememberingEmbedder
from evals.tables import aligned
from evals.wice import read_wice
from pincite.answering.checking import support
from pincite.answering.checking.checker import Checker, Reason, Sources
from pincite.answering.checking.polarity import contradictions
from pincite.console import print_json
from pincite.embedding import Embedder, load_embedder
from pincite.model import LeftOut
from pincite.settings import load_settings

FILE = Path(support.__file__).with_name("support.json")

DROPPED = tuple(reason for reason in get_args(Reason) if "quotes" in reason)

RIGHT_KEPT = {"about": 0.982, "against": 0.98, "whole": 0.997}
"""Share of the rightly paired claims that each threshold lets pass, every kind of claim counting
alike; together with figures and names they may cost one right claim in twenty."""


def fit(pairs: Sequence[Pair], embedder: Embedder) -> dict[str, Any]:
    """Fit the judgements to the pairs that are not held out.

    Each has a model of its own, because what says the opposite is as near to its quote as what
    repeats it, and what adds something nearly so: one model for all learns to doubt all that is
    near.
    """
    rows: dict[str, list[tuple[dict[str, float], Pair]]] = {
        "about": [],
        "against": [],
        "whole": [],
    }
    for pair in pairs:
        sources = Sources(pair.sources, embedder)
        found = sources.found(pair.claim)
        if pair.is_held_out or isinstance(found, str):
            continue
        numbers = {row for each in found for row in each.source.rows(each.span)}
        is_single = pair.kind != "joined"
        if numbers and is_single and pair.label in ("right", "astray"):
            rows["about"].append((sources.surroundings.measured(pair.text, numbers), pair))
        if numbers and pair.label in ("right", "grafted"):
            by_clause = sources.surroundings.measured_by_clause(pair.text, numbers)
            rows["whole"].append((by_clause, pair))
        if is_single and pair.label in ("right", "against"):
            rows["against"].append((contradictions(pair.text, " ".join(pair.quotes)), pair))
    texts = [f"{p.label} {p.text} {p.quotes}" for p in pairs if not p.is_held_out]
    return {
        "about": _fitted(rows["about"], true="right", kept=RIGHT_KEPT["about"]),
        "against": _fitted(rows["against"], true="against", kept=RIGHT_KEPT["against"]),
        "whole": _fitted(rows["whole"], true="right", kept=RIGHT_KEPT["whole"]),
        "fitted_on": {"pairs": len(texts), "digest": sha256("\n".join(texts).encode()).hexdigest()},
    }


def _fitted(
    rows: Sequence[tuple[Mapping[str, float], Pair]], *, true: str, kept: float
) -> dict[str, Any]:
    names = list(rows[0][0])
    measured = np.array([[row[name] for name in names] for row, _ in rows])
    labels = np.array([pair.label == true for _, pair in rows])
    groups = [(pair.kind, pair.label, pair.is_invented) for _, pair in rows]
    sizes = Counter(groups)
    weights = np.array([len(rows) / sizes[group] for group in groups])
    scaler = StandardScaler().fit(measured)
    model = LogisticRegression(class_weight="balanced")
    model.fit(scaler.transform(measured), labels, sample_weight=weights)
    slopes = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - (slopes * scaler.mean_).sum())
    chances = 1 / (1 + np.exp(-(measured @ slopes + intercept)))
    right = np.array([pair.label == "right" for _, pair in rows])
    share = 1 - kept if true == "right" else kept
    return {
        "intercept": round(intercept, 4),
        "weights": {n: round(float(w), 4) for n, w in zip(names, slopes, strict=True)},
        "threshold": round(_quantile(chances[right], weights[right], share), 4),
    }


def _quantile(values: "np.ndarray[Any, Any]", weights: "np.ndarray[Any, Any]", at: float) -> float:
    order = np.argsort(values)
    below = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(below, at)])


def judged(pairs: Sequence[Pair], embedder: Embedder) -> list[dict[str, Any]]:
    """Check every held-out pair as an answer would be; count what is kept, and why the rest is not.

    Astray pairs are counted apart where the section that the claim is about is not a source: there
    no other sentence shows that the quote is the wrong one.
    """
    counts: dict[tuple[str, str, str, int], Counter[str]] = {}
    for pair in pairs:
        if pair.is_held_out:
            done = Checker("", pair.sources, embedder).check(pair.claim)
            outcome = done.reason if isinstance(done, LeftOut) else "kept"
            group = (pair.kind, pair.label, pair.form, min(len(pair.sections), 2))
            counts.setdefault(group, Counter())[outcome] += 1
    return [
        {
            "kind": kind,
            "label": label,
            "form": form,
            "sources": "one" if sources == 1 else "more",
            "n": found.total(),
            "kept": round(found["kept"] / found.total(), 3),
            "dropped": {reason: n for reason, n in found.most_common() if reason != "kept"},
        }
        for (kind, label, form, sources), found in sorted(counts.items())
    ]


def all_pairs(corpus: Path, wice: Path | None) -> list[Pair]:
    """Return every pair; held-out questions give none that is fitted to."""
    articles = published_articles(corpus)
    questions = load_questions()
    open_notes = notes([q for q in questions if not q.holdout], articles)
    held_out = [p for p in notes([q for q in questions if q.holdout], articles) if p.is_held_out]
    pairs = [*load_paraphrases(articles), *open_notes, *held_out, *verbatim(articles.values())]
    right = [pair for pair in pairs if pair.label == "right"]
    made = [*astray(right), *grafted(right), *joined(right)]
    return [*pairs, *made, *(read_wice(wice) if wice else [])]


def run(
    *,
    fit_: Annotated[bool, typer.Option("--fit", help="Fit the weights and write them.")] = False,
    wice: Annotated[Path | None, typer.Option(help="A folder with WiCE's claims.jsonl.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Is a claim about its quotes? Check paired claims, half of them; --fit fits to the others."""
    settings = load_settings()
    embedder = RememberingEmbedder(load_embedder(settings.embedding_model))
    pairs = all_pairs(settings.corpus, wice)
    if fit_:
        write(fit(pairs, embedder))
    rows = judged(pairs, embedder)
    if json_:
        print_json({"model": support.fitted(), "held_out": rows})
    else:
        typer.echo(as_table(rows))


def write(model: dict[str, Any], file: Path = FILE) -> None:
    """Save the model in its readable form, and use it from now on."""
    file.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")
    support.fitted.cache_clear()


def as_table(rows: Sequence[Mapping[str, Any]]) -> str:
    head = ("claim", "quote", "form", "sources", "n", "kept", *DROPPED)
    return aligned(
        [
            head,
            *(
                (
                    *(str(row[name]) for name in ("kind", "label", "form", "sources", "n")),
                    f"{row['kept']:.3f}",
                    *(str(row["dropped"].get(reason, 0)) for reason in DROPPED),
                )
                for row in rows
            ),
        ]
    )
