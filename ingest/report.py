"""What a run did with every file, for people and as the JSON of `python -m ingest --json`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ingest.blocks import Cut
from ingest.duplicates import NearDuplicate
from ingest.sources import Rejected


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of an article: its path inside the corpus folder and the hash of its bytes."""

    source: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNotes:
    """What is known of the sources before anything is published."""

    origins: Mapping[str, Origin] = field(default_factory=dict)
    """By article id."""
    skipped: Sequence[Rejected] = ()
    failed: Sequence[Rejected] = ()
    cuts: Mapping[str, Sequence[Cut]] = field(default_factory=dict)
    """By article id: what was left out, and by which rule."""
    warnings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    near_duplicates: Sequence[NearDuplicate] = ()


MOST_NAMED = 10
"""Ids on one line for a terminal; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of one run; every file found is in exactly one of the lists or in `unchanged`."""

    generation: int | None
    """The generation that is current afterwards; None when nothing was ever published."""
    articles: int
    passages: int
    added: Sequence[str] = ()
    updated: Sequence[str] = ()
    removed: Sequence[str] = ()
    unchanged: int = 0
    skipped: Sequence[Rejected] = ()
    failed: Sequence[Rejected] = ()
    seconds: float = 0.0
    embedded: int = 0
    """Passages that the model had to embed; the others came from the vector cache."""
    dry_run: bool = False
    cuts: Mapping[str, Sequence[Cut]] = field(default_factory=dict)
    warnings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    near_duplicates: Sequence[NearDuplicate] = ()
    """Pairs of published articles that say nearly the same; in answers they count as one."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def exit_code(self) -> int:
        """0, or 1 when some file failed and the rest is published; skipped is no failure."""
        return 1 if self.failed else 0

    def lines(self) -> list[str]:
        """Return the report as lines for a terminal."""
        lines = [self._first_line()]
        for name in ("added", "updated", "removed"):
            ids = getattr(self, name)
            lines += [f"{name}: {_named(ids)}"] if ids else []
        for name in ("skipped", "failed"):
            lines += [f"{name}: {r.path}: {r.reason}" for r in getattr(self, name)]
        for id_, notes in self.warnings.items():
            lines += [f"warning: {id_}: {note}" for note in notes]
        return lines + [
            f"near-duplicates: {n.article} and {n.other} are {n.similarity:.0%} alike"
            for n in self.near_duplicates
        ]

    def _first_line(self) -> str:
        verb = "would be" if self.dry_run else "are"
        return (
            f"{self.articles} articles in {self.passages} passages {verb} published "
            f"(generation {self.generation}, {self.seconds:.1f} s, {self.embedded} embedded)"
        )

    def summary(self) -> str:
        """Return one line in which every file is counted once."""
        counts = {
            "added": len(self.added),
            "updated": len(self.updated),
            "unchanged": self.unchanged,
            "skipped": len(self.skipped),
            "failed": len(self.failed),
        }
        counted = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        lines_cut = sum(map(len, self.cuts.values()))
        return f"{sum(counts.values())} files: {counted}; {lines_cut} lines cut as furniture"


def _named(ids: Sequence[str]) -> str:
    more = len(ids) - MOST_NAMED
    return ", ".join(ids[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
