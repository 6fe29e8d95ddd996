"""WiCE: claims of an encyclopedia, and the sentences of web pages that people marked as support."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from evals.errors import ClaimsError
from evals.pairs import Label, Pair
from pincite.model import Article, Section

BLOCK: Final = 20
"""Sentences of a web page that stand for a section."""
MOST_BLOCKS: Final = 3
LABELS: Final[dict[str, Label]] = {"supported": "right", "partially_supported": "partly"}


def read_wice(folder: Path) -> list[Pair]:
    """Pair each claim with its support, and with two other sentences of the same page.

    Left out: claims without support, and those whose support is not within `BLOCK` sentences.
    Source: Kamoi et al. 2023, "WiCE: Real-World Entailment for Claims in Wikipedia".

    Raises:
        ClaimsError: there is no `claims.jsonl` in the folder, or it is of another form.
    """
    file = folder / "claims.jsonl"
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        return [pair for n, row in enumerate(rows) for pair in _pairs(f"wice-{n}", row)]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ClaimsError(f"{file} is not WiCE: {error!r}") from error


def _pairs(id_: str, row: dict[str, Any]) -> list[Pair]:
    groups = row["supporting_sentences"]
    if row["label"] not in LABELS or not groups or len({n // BLOCK for n in groups[0]}) > 1:
        return []
    lines = [" ".join(line.split()) or "-" for line in row["evidence"]]
    article, block = _article(id_, lines), groups[0][0] // BLOCK
    others = [n for n in range(len(article.sections)) if n != block][: MOST_BLOCKS - 1]
    marked = {n for group in groups for n in group}
    free = [
        n
        for n in range(block * BLOCK, min(len(lines), block * BLOCK + BLOCK))
        if n not in marked and _is_quotable(lines[n])
    ]
    free.sort(key=lambda n: sha256(lines[n].encode()).digest())
    chosen = [(LABELS[row["label"]], groups[0]), ("astray", free[:2])]
    return [
        Pair("encyclopedia", label, article, row["claim"], quotes, (block, *others))
        for label, numbers in chosen
        if (quotes := tuple(lines[n] for n in numbers if _is_quotable(lines[n])))
    ]


def _is_quotable(line: str) -> bool:
    return len(line.split()) > 4 and len(line) > 20


def _article(id_: str, lines: list[str]) -> Article:
    sections: list[Section] = []
    at = 0
    for n in range(0, len(lines), BLOCK):
        end = at + len("\n".join(lines[n : n + BLOCK]))
        sections.append(Section(start=at, end=end, heading="", speaker="unknown"))
        at = end + 1
    return Article(id=id_, title="", kind="guide", text="\n".join(lines), sections=tuple(sections))
