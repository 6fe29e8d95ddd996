"""What readers chose to send to the editors: one private file for each note, and nobody's name."""

import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from pincite.errors import PinciteError
from pincite.model import Turn

FOLDER: Final = "inbox"
"""Below `PINCITE_DATA`."""
MOST_NOTES: Final = 1000
"""An inbox that nobody reads, or that somebody floods, stops here."""
MAX_TURNS: Final = 20
MAX_COMMENT: Final = 1000
"""Characters."""

ID = re.compile(r"[0-9a-f]{16}")

NoteKind = Literal["unhelpful", "gap"]
Status = Literal["answered", "refused"]


class InboxFullError(PinciteError):
    """Nothing more is taken until an editor has read some."""

    def __init__(self) -> None:
        super().__init__(
            "The editors' inbox is full, so nothing was sent. Please tell an editor; notes are "
            "read and dropped with: python -m evals inbox"
        )


class UnknownNoteError(PinciteError):
    def __init__(self, note_id: str) -> None:
        super().__init__(
            f"There is no note {note_id!r} in the inbox. List the notes with: python -m evals inbox"
        )


class DamagedNoteError(PinciteError):
    """A file of the inbox is no note; it stays where it is."""

    def __init__(self, path: Path, *, fault: str) -> None:
        super().__init__(f"{path} is no note: {fault}. Mend the file or delete it")
        self.path = path


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """Words that an answer showed, and where they stood when they were sent."""

    article_id: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A sentence of an answer as it was shown: an article's own words, or a chat model's."""

    text: str
    verbatim: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One answer that did not help, or one question that was refused.

    Invariant: everything in it was shown to the reader who sent it, but for the id and the date;
    nothing says who that was.
    """

    id: Annotated[str, Field(pattern=f"^{ID.pattern}$")]
    """Random: the order of arrival is told by nothing but the date."""
    kind: NoteKind
    written: date
    """In UTC. A time would help to find out who was at the desk."""
    question: str
    standalone_question: str
    generation: int
    """Of the library that answered."""
    history: tuple[Turn, ...] = ()
    """What came before, where the question was understood with its help."""
    citations: tuple[Quoted, ...] = ()
    statements: tuple[Stated, ...] = ()
    """All sentences of an answer that a chat model wrote; of one made of quotes only, the quotes
    are the answer. Notes from before this was stored have none."""
    comment: str = ""

    @property
    def status(self) -> Status:
        return "refused" if self.kind == "gap" else "answered"


NOTE: Final = TypeAdapter(Note)


@dataclass(frozen=True, slots=True)
class Contents:
    """All that lies in an inbox, the oldest first."""

    notes: tuple[Note, ...]
    damaged: tuple[DamagedNoteError, ...]


def new_id() -> str:
    return secrets.token_hex(8)


def today() -> date:
    return datetime.now(UTC).date()


class Inbox:
    """A folder of notes; readable by the account that runs Pincite only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, note: Note) -> Path:
        """Write a note; after a crash it is there as a whole or not at all.

        Raises:
            InboxFullError: there are too many already.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if sum(1 for _ in self._paths()) >= MOST_NOTES:
            raise InboxFullError
        path = self._path(note.id)
        fresh = self.folder / f".{note.id}.new"
        _write_privately(fresh, NOTE.dump_json(note, indent=2) + b"\n")
        midnight = datetime.combine(note.written, time(), UTC).timestamp()
        os.utime(fresh, (midnight, midnight))  # the file is not to tell the time either
        fresh.replace(path)
        return path

    def contents(self) -> Contents:
        """Read everything; a file that is no note is named and left alone."""
        notes, damaged = [], []
        for path in self._paths():
            try:
                notes.append(_read(path))
            except DamagedNoteError as error:
                damaged.append(error)
        return Contents(
            tuple(sorted(notes, key=lambda n: (n.written, n.id))),
            tuple(sorted(damaged, key=lambda d: d.path)),
        )

    def note(self, note_id: str) -> Note:
        """Read one note.

        Raises:
            UnknownNoteError, DamagedNoteError: see there.
        """
        path = self._path(note_id)
        if not path.is_file():
            raise UnknownNoteError(note_id)
        return _read(path)

    def remove(self, note_id: str) -> None:
        """Delete one note.

        Raises:
            UnknownNoteError: there is none with this id.
        """
        try:
            self._path(note_id).unlink()
        except FileNotFoundError:
            raise UnknownNoteError(note_id) from None

    def _path(self, note_id: str) -> Path:
        if not ID.fullmatch(note_id):  # an id never leads out of the folder
            raise UnknownNoteError(note_id)
        return self.folder / f"{note_id}.json"

    def _paths(self) -> Iterator[Path]:
        return self.folder.glob("*.json")


def _write_privately(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _read(path: Path) -> Note:
    try:
        note = NOTE.validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise DamagedNoteError(path, fault=f"{place}: {first['msg']}") from None
    except OSError as error:
        raise DamagedNoteError(path, fault=f"it cannot be read: {error.strerror}") from None
    if note.id != path.stem:
        raise DamagedNoteError(path, fault=f"it holds the note {note.id}")
    return note
