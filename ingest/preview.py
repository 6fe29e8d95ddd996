"""What a source would become if it were published now; nothing is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from ingest.articles import Prepared
from ingest.blocks import Cut, folded
from ingest.duplicates import NearDuplicate, near_to
from ingest.editing import Read, editable, headed, isolated, safe_name
from ingest.fetch import fetch, is_url
from ingest.frontmatter import Header
from ingest.isolation import Reader, ReadingFailedError
from ingest.naming import new_id
from ingest.passages import passages_of
from ingest.sources import Rejected, Source, find_sources, read_source
from pincite import store
from pincite.embedding import Embedder
from pincite.errors import LibraryDamagedError, LibraryMissingError, SourceError
from pincite.generations import current_generation, folder_of
from pincite.model import Article

FIRST_WORDS = 60
"""Characters of a section that a preview shows."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a source is compared with: the articles that readers find now, by id."""

    articles: Mapping[str, Article] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Path) -> "Published":
        """Read the current generation; nothing published is no error."""
        try:
            return cls(store.read_articles(folder_of(data, current_generation(data)) / store.FILE))
        except (LibraryMissingError, LibraryDamagedError):
            return cls()


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPreview:
    heading: str
    first_words: str
    speaker: str
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """An article as it would be published, and what its editor should know first."""

    id: str
    """The id that it would get."""
    source: str
    title: str
    kind: str
    speaker: str
    author: str | None
    date: str | None
    place: str | None
    topics: tuple[str, ...]
    url: str | None
    sections: tuple[SectionPreview, ...]
    passages: int
    cuts: tuple[Cut, ...]
    twin: str | None
    """The published article that has this very text: publishing would be refused."""
    near_duplicates: tuple[NearDuplicate, ...]
    warnings: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def preview_source(
    source: Source,
    *,
    header: Header | None = None,
    published: Published,
    embedder: Embedder,
    replacing: str | None = None,
    read: Read = isolated,
) -> Preview:
    """Show what a source would become; with a header, as `corpus.add_text` would keep it.

    `replacing` names the article that it is to replace: it is then compared with the others only.

    Raises:
        SourceError, ReadingFailedError: there is nothing to publish; the message is the reason.
    """
    if header and replacing:
        source = headed(source, header)
    found = _found(source, header, read)
    others = [a for id_, a in published.articles.items() if id_ != replacing]
    twin = next((a.id for a in others if a.sha256 == found.article.sha256), None)
    id_ = replacing or twin or new_id(f"added/{safe_name(found.source.name)}", published.articles)
    article = replace(found.article, id=id_)
    near = near_to(article, (a for a in others if a.id != twin))
    return _shown(replace(found, article=article), embedder, twin=twin, near=near)


def previews(
    where: str, *, published: Published, embedder: Embedder
) -> tuple[list[Preview], list[Rejected]]:
    """Preview a file, every source of a folder, or a page on the web; and say what cannot be."""
    shown: list[Preview] = []
    rejected: list[Rejected] = []
    with Reader() as reader:
        for name, load, header in _sources(where):
            try:
                shown.append(
                    preview_source(
                        load(),
                        header=header,
                        published=published,
                        embedder=embedder,
                        read=reader.prepare,
                    )
                )
            except (SourceError, ReadingFailedError) as error:
                rejected.append(Rejected(name, str(error)))
    return shown, rejected


def _sources(where: str) -> Iterator[tuple[str, Callable[[], Source], Header | None]]:
    """Yield the name of each source, how to get it, and the header that `add` would give it."""
    if is_url(where):
        page = fetch(where)
        yield where, lambda: page.source, Header(url=page.url)
        return
    path = Path(where)
    folder = path if path.is_dir() else path.parent
    for found in find_sources(path) if path.is_dir() else [path]:
        yield str(found), partial(read_source, folder, found), None


def _found(source: Source, header: Header | None, read: Read) -> Prepared:
    """Read the source; as an editor would keep it, with the receipts of both readings."""
    first = read(source)
    if header is None:
        return first
    kept = editable(source, header, read=lambda _: first)
    if kept is source:
        return first
    second = read(kept)
    warnings = [*first.warnings, *second.warnings]
    if _bodies(first.article) != _bodies(second.article):
        warnings.append("the sections are not those of the original file: check them")
    return replace(
        second,
        cuts=tuple(dict.fromkeys([*first.cuts, *second.cuts])),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _bodies(article: Article) -> list[str]:
    return [article.text[s.start : s.end] for s in article.sections]


def _shown(
    found: Prepared, embedder: Embedder, *, twin: str | None, near: list[NearDuplicate]
) -> Preview:
    article = found.article
    passages = passages_of(
        article, max_tokens=embedder.space.max_tokens, count_tokens=embedder.count_tokens
    )
    return Preview(
        id=article.id,
        source=found.source.name,
        title=article.title,
        kind=article.kind,
        speaker=article.speaker,
        author=article.author,
        date=article.date,
        place=article.place,
        topics=article.topics,
        url=article.url,
        sections=tuple(
            SectionPreview(
                heading=s.heading,
                first_words=folded(article.text[s.start : s.end])[:FIRST_WORDS],
                speaker=s.speaker,
                passages=sum(p.section == number for p in passages),
            )
            for number, s in enumerate(article.sections)
        ),
        passages=len(passages),
        cuts=found.cuts,
        twin=twin,
        near_duplicates=tuple(near),
        warnings=found.warnings,
    )


def preview_lines(preview: Preview) -> list[str]:
    """Return a preview as lines for a terminal."""
    p = preview
    return [
        f"{p.source}: {p.kind} {p.title!r}, {p.passages} passages",
        f"  speaker {p.speaker}, author {p.author}, date {p.date}, place {p.place}",
        f"  id {p.id}, topics {', '.join(p.topics) or None}, url {p.url}",
        *(f"  § {s.heading or '(no heading)'}: {s.first_words}" for s in p.sections),
        *(f"  cut ({c.rule}): {c.text[:80]}" for c in p.cuts),
        *([f"  published already, word for word: {p.twin}"] if p.twin else []),
        *(f"  near-duplicate of {n.other} ({n.similarity:.0%} alike)" for n in p.near_duplicates),
        *(f"  warning: {note}" for note in p.warnings),
    ]
