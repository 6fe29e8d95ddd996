"""The editors' inbox: one private file for each note, whole or not there, and never lost."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pincite import inbox as inbox_module
from pincite.inbox import (
    DamagedNoteError,
    Inbox,
    InboxFullError,
    Note,
    Quoted,
    Stated,
    UnknownNoteError,
    new_id,
    today,
)
from pincite.model import Turn
from tests.conftest import bytes_below

NOTE = Note(
    id="0123456789abcdef",
    kind="unhelpful",
    written=date(2026, 3, 4),
    question="And the drawbacks?\nReally “all” of them?",
    standalone_question="And the drawbacks? (secondment)",
    generation=7,
    history=(Turn("user", "What is a secondment?"), Turn("assistant", "A time at a client.")),
    citations=(Quoted(article_id="a", start=3, end=9, quote="out of"),),
    statements=(Stated(text="You are out of sight.", verbatim=False),),
    comment="Too short",
)
LATER = replace(NOTE, id="00000000000000aa", written=date(2026, 3, 5))
GAP = replace(NOTE, id="f" * 16, kind="gap", citations=(), history=())


@pytest.fixture
def inbox(tmp_path) -> Inbox:
    return Inbox(tmp_path / "data" / "inbox")


def test_a_note_is_read_back_as_it_was_put(inbox):
    inbox.put(NOTE)
    assert inbox.note(NOTE.id) == NOTE
    assert inbox.contents().notes == (NOTE,)


def test_a_file_holds_what_the_reader_saw_a_date_and_nothing_more(inbox):
    path = inbox.put(NOTE)
    assert json.loads(path.read_text()) == {
        "id": "0123456789abcdef",
        "kind": "unhelpful",
        "written": "2026-03-04",
        "question": "And the drawbacks?\nReally “all” of them?",
        "standalone_question": "And the drawbacks? (secondment)",
        "generation": 7,
        "history": [
            {"role": "user", "text": "What is a secondment?"},
            {"role": "assistant", "text": "A time at a client."},
        ],
        "citations": [{"article_id": "a", "start": 3, "end": 9, "quote": "out of"}],
        "statements": [{"text": "You are out of sight.", "verbatim": False}],
        "comment": "Too short",
    }


def test_a_note_from_before_sentences_were_stored_is_read(inbox):
    path = inbox.put(NOTE)
    written = json.loads(path.read_text())
    del written["statements"]
    path.write_text(json.dumps(written))
    assert inbox.note(NOTE.id) == replace(NOTE, statements=())


def test_only_the_account_that_runs_pincite_may_read_it(inbox):
    path = inbox.put(NOTE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert inbox.folder.stat().st_mode & 0o777 == 0o700


def test_the_file_does_not_tell_the_time_of_day(inbox):
    midnight = datetime(2026, 3, 4, tzinfo=UTC).timestamp()
    assert inbox.put(NOTE).stat().st_mtime == midnight


def test_nothing_half_written_stays_beside_it(inbox):
    inbox.put(NOTE)
    assert bytes_below(inbox.folder).keys() == {f"{NOTE.id}.json"}


def test_notes_come_by_date(inbox):
    for note in (LATER, GAP, NOTE):
        inbox.put(note)
    assert inbox.contents().notes == (NOTE, GAP, LATER)


def test_an_inbox_that_never_was_is_empty(inbox):
    assert inbox.contents().notes == ()
    assert not inbox.folder.exists()


@pytest.mark.parametrize(("kind", "status"), [("unhelpful", "answered"), ("gap", "refused")])
def test_the_kind_tells_what_became_of_the_question(kind, status):
    assert replace(NOTE, kind=kind).status == status


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "JSON", id="empty"),
        pytest.param(b'{"id": "0123456789abcdef", "ki', "JSON", id="cut-off"),
        pytest.param(b"\xff\xfe", "JSON", id="no-text"),
        pytest.param(b"{}", "required", id="no-note"),
        pytest.param(b'{"id": "../../etc"}', "pattern", id="an-id-that-leads-out"),
    ],
)
def test_a_damaged_file_is_named_and_kept(inbox, content, reason):
    inbox.put(NOTE)
    path = inbox.folder / "dddddddddddddddd.json"
    path.write_bytes(content)
    (fault,) = inbox.contents().damaged
    assert fault.path == path
    assert str(path) in str(fault)
    assert reason in str(fault)
    assert inbox.contents().notes == (NOTE,)
    assert path.read_bytes() == content
    with pytest.raises(DamagedNoteError, match="Mend the file or delete it"):
        inbox.note("dddddddddddddddd")


def test_a_file_under_another_notes_name_is_damaged(inbox):
    inbox.put(NOTE).rename(inbox.folder / f"{GAP.id}.json")
    (fault,) = inbox.contents().damaged
    assert f"it holds the note {NOTE.id}" in str(fault)


def test_a_note_is_removed_once(inbox):
    inbox.put(NOTE)
    inbox.put(GAP)
    inbox.remove(NOTE.id)
    assert inbox.contents().notes == (GAP,)
    with pytest.raises(UnknownNoteError, match="List the notes with: python -m evals inbox"):
        inbox.remove(NOTE.id)


@pytest.mark.parametrize("note_id", ["../victim", "", "0123456789ABCDEF", "0123456789abcdef0"])
def test_an_id_never_leads_out_of_the_folder(inbox, note_id):
    inbox.put(NOTE)
    victim = inbox.folder.parent / "victim.json"
    victim.write_text("{}")
    with pytest.raises(UnknownNoteError, match="There is no note"):
        inbox.remove(note_id)
    with pytest.raises(UnknownNoteError, match="There is no note"):
        inbox.note(note_id)
    assert victim.exists()


def test_a_full_inbox_takes_nothing_more_and_loses_nothing(inbox, monkeypatch):
    monkeypatch.setattr(inbox_module, "MOST_NOTES", 2)
    inbox.put(NOTE)
    inbox.put(LATER)
    with pytest.raises(InboxFullError, match="inbox is full, so nothing was sent"):
        inbox.put(GAP)
    assert inbox.contents().notes == (NOTE, LATER)


def test_ids_are_random_and_not_counted():
    ids = {new_id() for _ in range(200)}
    assert len(ids) == 200
    assert len({id_[0] for id_ in ids}) > 8


def test_today_is_a_date_without_a_time():
    assert type(today()) is date
