"""What was published and the way back: the last run's report, and the generations that are kept."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest import history
from ingest.corpus import publish_corpus
from ingest.publish import Options, published
from pincite import store
from pincite.errors import LibraryDamagedError, PinciteError
from pincite.generations import (
    Manifest,
    current_generation,
    existing_generations,
    folder_of,
    read_manifest,
)
from web.desk import Desk

Titles = Mapping[str, str]
"""By article id."""
CHANGES = ("added", "updated", "removed")


class ServedChangedError(PinciteError):
    """Somebody has published or gone back since the editor looked."""

    def __init__(self, served: int) -> None:
        super().__init__(
            f"Somebody has published in the meantime: version {served} is served now. Nothing was "
            "changed. Look at the list again, then decide"
        )


@dataclass(frozen=True)
class Kept:
    """A generation on disk; without a manifest where it cannot be read."""

    number: int
    manifest: Manifest | None
    titles: Titles


def past(desk: Desk) -> dict[str, Any]:
    """Return what is served, the report of its run, and what else is kept, the newest first.

    It reads manifests and never opens a library: where the one that is served is damaged, an
    editor needs this most.
    """
    served = current_generation(desk.data)
    kept = [kept_as(desk.data, number) for number in existing_generations(desk.data)]
    current = next((each for each in kept if each.number == served), None)
    before = [each for each in kept if each.number < served]
    titles = {id_: title for each in kept for id_, title in each.titles.items()}
    return {
        "folder": str(desk.corpus.resolve()),
        "served": served,
        "last": report_of(current, titles),
        "versions": [
            {
                "number": each.number,
                "is_served": each.number == served,
                "published": each.manifest.created if each.manifest else "",
                "articles": len(each.manifest.articles) if each.manifest else 0,
                "changes": changes_of(each, titles),
            }
            for each in reversed(kept)
        ],
        "back": way_back(current, before[-1], titles) if before else None,
    }


def kept_as(data: Path, number: int) -> Kept:
    folder = folder_of(data, number)
    try:
        return Kept(number, read_manifest(folder), store.read_titles(folder / store.FILE))
    except LibraryDamagedError:
        return Kept(number, None, {})
    except sqlite3.Error:
        return Kept(number, read_manifest(folder), {})


def way_back(current: Kept | None, to: Kept, titles: Titles) -> dict[str, Any]:
    """Say what going back changes for those who ask: who comes back, who goes, who reads anew."""
    now = digests(current)
    then = digests(to)
    both = now.keys() & then.keys()
    return {
        "to": to.number,
        "returning": named(then.keys() - now.keys(), titles),
        "leaving": named(now.keys() - then.keys(), titles),
        "changing": named((id_ for id_ in both if now[id_] != then[id_]), titles),
    }


def digests(kept: Kept | None) -> dict[str, str]:
    articles = kept.manifest.articles if kept and kept.manifest else {}
    return {id_: entry.digest for id_, entry in articles.items()}


def report_of(kept: Kept | None, titles: Titles) -> dict[str, Any] | None:
    if kept is None or kept.manifest is None:
        return None
    told = told_of(kept.manifest.report, {**titles, **kept.titles})
    return told | {"published": kept.manifest.created}


def changes_of(kept: Kept, titles: Titles) -> dict[str, list[str]]:
    """Return what a run changed in what was served then, by titles."""
    report = kept.manifest.report if kept.manifest else {}
    known = {**titles, **kept.titles}
    return {name: named(report.get(name, ()), known) for name in CHANGES}


def told_of(report: Mapping[str, Any], titles: Titles) -> dict[str, Any]:
    """Write a report for an editor: titles for ids, and how many lines were left out.

    A report from an earlier version of Pincite may lack a part.
    """
    warnings: Mapping[str, Any] = report.get("warnings", {})
    cuts: Mapping[str, Any] = report.get("cuts", {})
    return {
        "generation": report.get("generation"),
        "articles": report.get("articles", 0),
        "passages": report.get("passages", 0),
        "unchanged": report.get("unchanged", 0),
        **{name: named(report.get(name, ()), titles) for name in CHANGES},
        **{name: list(report.get(name, ())) for name in ("skipped", "failed")},
        "warnings": [
            {"title": titles.get(id_, id_), "notes": list(notes)} for id_, notes in warnings.items()
        ],
        "near_duplicates": [
            {
                "titles": [titles.get(near[name], near[name]) for name in ("article", "other")],
                "similarity": near["similarity"],
            }
            for near in report.get("near_duplicates", ())
        ],
        "lines_cut": sum(len(lines) for lines in cuts.values()),
        "cuts": [
            {
                "title": titles.get(id_, id_),
                "lines": len(lines),
                "rules": sorted({line["rule"] for line in lines}),
            }
            for id_, lines in sorted(cuts.items(), key=lambda entry: -len(entry[1]))
        ],
    }


def named(ids: Iterable[str], titles: Titles) -> list[str]:
    return sorted((titles.get(id_, id_) for id_ in ids), key=str.casefold)


def titles_now(desk: Desk) -> Titles:
    """Return the titles of what is served; none where nothing is, or it cannot be read."""
    manifest = published(desk.data)
    return kept_as(desk.data, manifest.generation).titles if manifest else {}


def publish_folder(desk: Desk, options: Options) -> dict[str, Any]:
    """Publish what the folder holds, as `python -m ingest` does; say what came of it.

    Raises:
        RemovalsError: see there; `Options.allow_removals` says that it is meant.
        CorpusError, LibraryBusyError, LibraryDamagedError: nothing was changed.
    """
    before = published(desk.data)
    titles = titles_now(desk)
    report = publish_corpus(desk.corpus, desk.data, embedder=desk.embedder, options=options)
    is_new = before is None or report.generation != before.generation
    told = told_of(report.as_dict(), {**titles, **titles_now(desk)})
    return told | {"is_new": is_new, "was": len(before.articles) if before else 0}


def roll_back(desk: Desk, *, seen: int) -> dict[str, Any]:
    """Go back as `python -m ingest rollback` does; `seen` is what the editor saw being served.

    Raises:
        ServedChangedError: something else is served.
        CorpusError: there is nothing to go back to.
        LibraryDamagedError: what there is, is not whole; nothing was changed.
    """
    served = current_generation(desk.data)
    if served != seen:
        raise ServedChangedError(served)
    history.rollback(desk.data, embedder=desk.embedder)
    return past(desk)
