"""What an editor can do: see, publish, correct and withdraw, by the code of the command line."""

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from ingest.corpus import add_text, remove, replace_text, source_of
from ingest.editing import safe_name
from ingest.preview import Preview, Published, preview_source
from ingest.report import Report
from ingest.sources import ADDED, Source
from pincite.embedding import Embedder
from pincite.errors import UnknownArticleError
from pincite.generations import current_generation, folder_of, read_manifest
from pincite.inbox import Inbox, Note
from pincite.library import LiveLibrary
from pincite.model import Article
from pincite.settings import Settings
from web.correcting import corrected, text_to_correct
from web.login import Login
from web.submission import Submission


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where an editor works: the door, the sources, the library made of them, readers' notes."""

    login: Login
    corpus: Path
    data: Path
    embedder: Embedder
    live: LiveLibrary
    inbox: Inbox | None = None
    """None when readers are not to send anything."""
    dropped: dict[str, Note] = field(default_factory=dict)
    """The notes dropped last, by id: in memory only, so that it can be undone, and then gone."""


def desk_of(
    settings: Settings, embedder: Embedder, live: LiveLibrary, inbox: Inbox | None = None
) -> Desk | None:
    """Set up the desk, or nothing when no password is set."""
    password = settings.editor_password
    if password is None or not password.get_secret_value():
        return None
    return Desk(
        login=Login(password),
        corpus=settings.corpus,
        data=settings.data,
        embedder=embedder,
        live=live,
        inbox=inbox,
    )


def articles(desk: Desk) -> list[dict[str, Any]]:
    """List what is published, by title."""
    listed = desk.live.current().articles.values()
    by_title = sorted(listed, key=lambda a: (a.title.casefold(), a.id))
    return [{"id": a.id, **facts(a)} for a in by_title]


def to_correct(desk: Desk, article_id: str) -> dict[str, Any]:
    """Return an article's fields, and its text as an editor may change it."""
    found = published(desk, article_id)
    text = text_to_correct(found, source_of(article_id, desk.corpus, desk.data))
    return {"id": found.id, "text": text, **facts(found)}


def new_shown(desk: Desk, sent: Submission) -> Preview:
    return shown(desk, Source(sent.name, sent.raw), sent)


def shown(desk: Desk, source: Source, sent: Submission, *, replacing: str | None = None) -> Preview:
    return preview_source(
        source,
        header=sent.header,
        published=Published(desk.live.current().articles),
        embedder=desk.embedder,
        replacing=replacing,
    )


def correction_shown(desk: Desk, article_id: str, sent: Submission) -> Preview:
    old = source_of(article_id, desk.corpus, desk.data)
    return shown(desk, corrected(old, sent.raw, sent.header), sent, replacing=article_id)


def add(desk: Desk, sent: Submission) -> dict[str, Any]:
    report = add_text(
        sent.name, sent.raw, sent.header, desk.corpus, desk.data, embedder=desk.embedder
    )
    ids = [*report.added, *report.updated]
    return outcome(desk, report, own(desk, ids, sent.name))


def own(desk: Desk, ids: list[str], name: str) -> list[str]:
    """Pick what the editor added; the same run may have found other new files in the folder."""
    articles = read_manifest(folder_of(desk.data, current_generation(desk.data))).articles
    beginning = f"{ADDED}/{PurePosixPath(safe_name(name)).stem}"
    return [id_ for id_ in ids if articles[id_].source.startswith(beginning)]


def replace(desk: Desk, article_id: str, sent: Submission) -> dict[str, Any]:
    new = corrected(source_of(article_id, desk.corpus, desk.data), sent.raw, sent.header)
    report = replace_text(
        article_id,
        new.raw,
        sent.header,
        desk.corpus,
        desk.data,
        embedder=desk.embedder,
        name=new.name,
    )
    return outcome(desk, report, [article_id])


def withdraw(desk: Desk, article_id: str) -> dict[str, Any]:
    report = remove(article_id, desk.corpus, desk.data, embedder=desk.embedder)
    return outcome(desk, report, [])


def published(desk: Desk, article_id: str) -> Article:
    """Return a published article.

    Raises:
        UnknownArticleError: there is none with this id.
    """
    article = desk.live.current().articles.get(article_id)
    if article is None:
        raise UnknownArticleError(article_id)
    return article


def facts(article: Article) -> dict[str, Any]:
    """Return the fields of the form as an article has them; "" for what is not known."""
    return {
        "title": article.title,
        "kind": article.kind,
        "speaker": article.speaker,
        "author": article.author or "",
        "date": article.date or "",
        "place": article.place or "",
        "topics": ", ".join(article.topics),
        "url": article.url or "",
    }


def outcome(desk: Desk, report: Report, ids: list[str]) -> dict[str, Any]:
    """Say what a publish did, from the generation that is served now."""
    library = desk.live.current()
    found = [library.articles[id_] for id_ in ids if id_ in library.articles]
    return {
        "generation": report.generation,
        "articles": report.articles,
        "seconds": report.seconds,
        "removed": list(report.removed),
        "published": [{"id": a.id, "title": a.title, "sections": len(a.sections)} for a in found],
        "warnings": [note for id_ in ids for note in report.warnings.get(id_, ())],
    }
