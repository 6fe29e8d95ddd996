"""The ids of articles: kept through moves and edits, and told from the file name at first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from ingest.articles import Prepared, slug
from pincite.generations import Manifest


def with_ids(
    prepared: Sequence[Prepared],
    previous: Manifest | None,
    *,
    renamed: Mapping[str, str] | None = None,
) -> list[Prepared]:
    """Give every article its id: the one it has, also after a move, or one from its file name.

    `renamed` tells the former name of a source whose name and text change in one step.
    """
    before = previous.articles if previous else {}
    names = {p.source.name for p in prepared}
    kept = {entry.source: id_ for id_, entry in before.items()}
    moved = {e.text_sha256: id_ for id_, e in before.items() if e.source not in names}
    ids: dict[str, str] = {}
    for p in prepared:
        former = (renamed or {}).get(p.source.name, p.source.name)
        known = kept.get(former) or moved.get(p.article.sha256)
        if known and known not in ids.values():
            ids[p.source.name] = known
    taken = set(ids.values())
    for name in (p.source.name for p in prepared if p.source.name not in ids):
        ids[name] = new_id(name, taken)
        taken.add(ids[name])
    return [replace(p, article=replace(p.article, id=ids[p.source.name])) for p in prepared]


def new_id(name: str, taken: Collection[str]) -> str:
    """Return the id that a new source gets: from its file name, with a hash where that is taken."""
    id_ = slug(name)
    return f"{id_}-{sha256(name.encode()).hexdigest()[:8]}" if id_ in taken else id_
