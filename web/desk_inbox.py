"""What readers sent, as an editor reads it: what the library lacks, and answers that did not help.

Notes are confidential. They leave here for a page behind the password only, and no log names them.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from pincite.gaps import Group, grouped
from pincite.inbox import Inbox, InboxFullError, Note, UnknownNoteError
from web.desk import Desk
from web.desk_history import Titles, titles_now
from web.links import citation_link


def sent(desk: Desk) -> dict[str, Any]:
    """List what readers sent, what is asked most first; or say that they cannot send anything."""
    if desk.inbox is None:
        return {"is_on": False}
    contents = desk.inbox.contents()
    groups = grouped(contents.notes)
    titles = titles_now(desk)
    return {
        "is_on": True,
        "gaps": [gap(group, titles) for group in groups if group.kind == "gap"],
        "unhelpful": [
            shown(note, titles) for note in reversed(contents.notes) if note.kind == "unhelpful"
        ],
        "damaged": [str(fault) for fault in contents.damaged],
    }


def gap(group: Group, titles: Titles) -> dict[str, Any]:
    return {
        "question": group.question,
        "times": len(group.notes),
        "notes": [shown(note, titles) for note in group.notes],
    }


def shown(note: Note, titles: Titles) -> dict[str, Any]:
    """Return a note with the titles of the articles that it quotes, and where they open."""
    return {
        "id": note.id,
        "written": note.written.isoformat(),
        "question": note.question,
        "standalone_question": note.standalone_question,
        "generation": note.generation,
        "history": [asdict(turn) for turn in note.history],
        "comment": note.comment,
        "statements": [asdict(stated) for stated in note.statements],
        "citations": [
            {
                "quote": quoted.quote,
                "title": titles.get(quoted.article_id, quoted.article_id),
                "href": f"/{citation_link(quoted)}" if quoted.article_id in titles else "",
            }
            for quoted in note.citations
        ],
    }


def drop(desk: Desk, inbox: Inbox, ids: Sequence[str]) -> int:
    """Delete notes and return how many; one that somebody else has dropped already is no fault."""
    notes = []
    for id_ in ids:
        with suppress(UnknownNoteError):
            note = inbox.note(id_)
            inbox.remove(id_)
            notes.append(note)
    desk.dropped.clear()
    desk.dropped.update({note.id: note for note in notes})
    return len(notes)


def put_back(desk: Desk, inbox: Inbox, ids: Sequence[str]) -> int:
    """Undo the last `drop`; return how many notes are back, none when others were dropped since.

    Raises:
        InboxFullError: as many have come in the meantime; the notes can still be put back.
    """
    notes = [note for id_ in ids if (note := desk.dropped.pop(id_, None))]
    try:
        for note in notes:
            inbox.put(note)
    except InboxFullError:
        desk.dropped.update({note.id: note for note in notes})
        raise
    return len(notes)
