"""`python -m evals inbox`: what readers sent, made into draft questions that an editor accepts."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final

import typer
import yaml

from evals.drafts import draft, one_line, read_draft
from evals.errors import QuestionsError
from evals.places import located
from evals.questions import FOLDER, Question, load_questions
from ingest.corpus import read_corpus
from ingest.naming import with_ids
from pincite.console import print_json
from pincite.gaps import grouped
from pincite.inbox import FOLDER as INBOX
from pincite.inbox import Contents, Inbox, UnknownNoteError
from pincite.model import Article
from pincite.settings import load_settings

ACCEPTED: Final = FOLDER / "from-inbox.yaml"
DRAFTS: Final = Path("var/evals/drafts")
HEAD: Final = "# Questions that readers sent and an editor accepted: `python -m evals inbox`.\n"
PIN: Final = "The questions changed, so pin the floors anew: python -m evals --pin"


def listing(contents: Contents) -> dict[str, Any]:
    """Return an inbox as plain values: each note, the gaps in groups, and what is no note."""
    groups = grouped(contents.notes)
    times = {note.id: len(group.notes) for group in groups for note in group.notes}
    return {
        "notes": [
            {
                "id": note.id,
                "kind": note.kind,
                "written": note.written.isoformat(),
                "question": note.question,
                "standalone_question": note.standalone_question,
                "comment": note.comment,
                "times": times[note.id],
            }
            for note in contents.notes
        ],
        "gaps": [
            {
                "question": group.question,
                "times": len(group.notes),
                "ids": [note.id for note in group.notes],
            }
            for group in groups
            if group.kind == "gap"
        ],
        "damaged": [{"path": str(d.path), "reason": str(d)} for d in contents.damaged],
    }


def listed(document: Mapping[str, Any]) -> str:
    """Write a listing for a terminal."""
    notes = [
        f"{n['id']}  {n['written']}  {n['kind']:9}  {n['times']:>3} x  {one_line(n['question'])}"
        for n in document["notes"]
    ]
    gaps = [f"{gap['times']:>3} x  {one_line(gap['question'])}" for gap in document["gaps"]]
    damaged = [fault["reason"] for fault in document["damaged"]]
    parts = (("Notes", notes), ("Not in the library, most asked first", gaps), ("Damaged", damaged))
    shown = ["\n".join([f"{name}:", *lines]) for name, lines in parts if lines]
    return "\n\n".join(shown) or "The inbox is empty."


def checked(question: Question, *, taken: Collection[str], articles: Mapping[str, Article]) -> None:
    """See that a question can join the others.

    Raises:
        QuestionsError: its id is in use, or its expected words are not, or not once, in an article.
    """
    if question.id in taken:
        raise QuestionsError(
            f"There is a question {question.id!r} already; give the draft another id"
        )
    located(question, articles)


def with_question(text: str, question: Question) -> str:
    """Return a file of questions with one more at its end; what is there stays as it is."""
    values = question.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    entry = yaml.safe_dump([values], allow_unicode=True, sort_keys=False, width=100)
    return f"{text.rstrip() or HEAD}\n\n{entry}"


def published_articles(corpus: Path) -> dict[str, Article]:
    """Return the articles as a first publish of this corpus would name them, as the evals do."""
    named = with_ids(read_corpus(corpus).prepared, None)
    return {p.article.id: p.article for p in named}


def ids_beside(path: Path) -> set[str]:
    """Return the ids of all questions that ship, and of those in the file's own folder."""
    folders = {p.parent.resolve() for p in [*FOLDER.rglob("*.yaml"), *path.parent.glob("*.yaml")]}
    return {question.id for folder in folders for question in load_questions(folder)}


app = typer.Typer(
    help="What readers sent: list it, make draft questions of it, accept or drop them."
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.callback(invoke_without_command=True)
def list_notes(context: typer.Context, *, json: Json = False) -> None:
    """List what readers sent; what is not in the library, most asked first."""
    if context.invoked_subcommand is None:
        document = listing(_inbox().contents())
        _show(document, listed(document), json=json)


@app.command("draft")
def draft_note(
    note_id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    output: Annotated[
        Path | None, typer.Option(help=f"The file; without it {DRAFTS}/ID.yaml.")
    ] = None,
    json: Json = False,
) -> None:
    """Write a note as a draft question, for an editor to fill in."""
    text = draft(_inbox().note(note_id))
    path = output or DRAFTS / f"{note_id}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.touch(mode=0o600, exist_ok=False)  # it holds a reader's words
    except FileExistsError:
        raise QuestionsError(
            f"There is a draft {path} already; go on with it, or delete it and run this again"
        ) from None
    path.write_text(text, encoding="utf-8")
    then = f"{path}\nFill it in, then: python -m evals inbox accept {path}"
    _show({"id": note_id, "draft": str(path)}, then, json=json)


@app.command("accept")
def accept_draft(
    file: Path,
    *,
    questions: Annotated[Path, typer.Option(help="The file that it joins.")] = ACCEPTED,
    json: Json = False,
) -> None:
    """Check a draft against the schema and the corpus, and let it join the canned questions."""
    question, note_id = read_draft(file)
    articles = published_articles(load_settings().corpus)
    checked(question, taken=ids_beside(questions), articles=articles)
    before = questions.read_text(encoding="utf-8") if questions.exists() else ""
    questions.parent.mkdir(parents=True, exist_ok=True)
    fresh = questions.with_suffix(".new")
    fresh.write_text(with_question(before, question), encoding="utf-8")
    fresh.replace(questions)
    removed = bool(note_id) and _dropped(str(note_id))
    document = {"id": question.id, "questions": str(questions), "note_removed": removed}
    _show(document, f"{question.id} joined {questions}. {PIN}", json=json)


@app.command("drop")
def drop_note(note_id: Annotated[str, typer.Argument(metavar="ID")], *, json: Json = False) -> None:
    """Delete a note from the inbox."""
    _inbox().remove(note_id)
    _show({"id": note_id, "dropped": True}, f"{note_id} is deleted.", json=json)


def _inbox() -> Inbox:
    return Inbox(load_settings().data / INBOX)


def _dropped(note_id: str) -> bool:
    with suppress(UnknownNoteError):  # somebody dropped it while the draft was written
        _inbox().remove(note_id)
        return True
    return False


def _show(document: Mapping[str, Any], text: str, *, json: bool) -> None:
    if json:
        print_json(document)
    else:
        typer.echo(text)
