"""The last publish, the way back and what readers sent, as an editor gets them over HTTP."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from ingest.corpus import publish_corpus
from ingest.writing import only_writer
from pincite.answering import Assistant
from pincite.generations import current_generation, folder_of
from pincite.inbox import Inbox, Note, Quoted, Stated
from pincite.library import LiveLibrary
from pincite.model import Turn
from pincite.settings import Settings
from tests.conftest import NOTICE
from web.desk import desk_of
from web.editor import MARK, PATH
from web.server import own_routes

PASSWORD = "a-password-of-zzyzx"
OWN_PAGE = {MARK: "page", "Origin": "http://testserver"}
TITLES = ["Exhausted after two years", "Handing in your notice", "Secondments to a client"]
SABBATICAL = "# Sabbaticals\n\nA sabbatical returns your curiosity, most associates say.\n"
LEAVE = "# Unpaid leave\n\nUnpaid leave is granted by most firms when you ask early enough.\n"
COLUMN = (
    "Studying at night\nStudying at night\n\nAnswers From Dana Whitlock, Esq.\n\n"
    "Q: Can I study at night?\n\nA: You can study at night when the partner knows about it.\n"
)

QUOTE = "Three months is usual in most contracts that associates sign."
NOTE = Note(
    id="00000000000000aa",
    kind="unhelpful",
    written=date(2026, 3, 4),
    question="And in the UK?",
    standalone_question="And in the UK? (notice)",
    generation=1,
    history=(Turn("user", "How long is my notice?"), Turn("assistant", "Three months.")),
    statements=(Stated(text="Three months, it says.", verbatim=False),),
    comment="I work in Leeds. <b>",
)
GAP = replace(
    NOTE,
    id="00000000000000bb",
    kind="gap",
    question="How do I become a judge?",
    standalone_question="How do I become a judge?",
    history=(),
    statements=(),
    comment="",
)
GAP_AGAIN = replace(
    GAP,
    id="00000000000000cc",
    written=date(2026, 3, 9),
    standalone_question="How do I become judge, please?",
    comment="At all!",
)
OTHER_GAP = replace(GAP, id="00000000000000dd", standalone_question="May I keep bees?")
IDS = {"ids": [NOTE.id]}


def serving(home: Path, embedder, **settings: bool) -> Iterator[TestClient]:
    """Serve an editor who has logged in."""
    live = LiveLibrary(home / "data", embedder)
    inbox = Inbox(home / "data" / "inbox") if settings.get("inbox") else None
    wanted = Settings(
        data=home / "data", corpus=home / "corpus", editor_password=SecretStr(PASSWORD)
    )
    app = own_routes(Assistant(live, embedder), live, desk_of(wanted, embedder, live, inbox), inbox)
    with TestClient(app) as client:
        client.headers.update(OWN_PAGE)
        assert client.post(f"{PATH}/login", json={"password": PASSWORD}).status_code == 204
        yield client


@pytest.fixture
def editor(home, embedder) -> Iterator[TestClient]:
    yield from serving(home, embedder, inbox=True)


@pytest.fixture
def editor_without_inbox(home, embedder) -> Iterator[TestClient]:
    yield from serving(home, embedder)


@pytest.fixture
def inbox(home) -> Inbox:
    return Inbox(home / "data" / "inbox")


@pytest.fixture
def filled(inbox: Inbox, editor: TestClient) -> Inbox:
    """An inbox with notes, one of which quotes an article word for word."""
    text = editor.get("/api/articles/notice").json()
    assert text["title"] == "Handing in your notice"
    cited = Quoted(article_id="notice", start=0, end=len(QUOTE), quote=QUOTE)
    gone = replace(cited, article_id="gone")
    for note in (replace(NOTE, citations=(cited, gone)), OTHER_GAP, GAP, GAP_AGAIN):
        inbox.put(note)
    return inbox


def past(editor: TestClient) -> dict:
    reply = editor.get(f"{PATH}/history")
    assert reply.status_code == 200
    return reply.json()


def publish(editor: TestClient, **wanted: bool):
    return editor.post(f"{PATH}/publish", json=wanted)


def changes(**named: list[str]) -> dict[str, list[str]]:
    return {"added": [], "updated": [], "removed": []} | named


# The last publish


def test_the_last_publish_says_what_it_did_by_titles(editor: TestClient, home):
    last = past(editor)["last"]
    assert (last["generation"], last["articles"], last["unchanged"]) == (1, 3, 0)
    assert last["added"] == TITLES
    assert last["published"].endswith("+00:00")


def test_a_file_put_into_the_folder_by_hand_is_published_with_a_report(editor, corpus):
    (corpus / "sabbatical.md").write_text(SABBATICAL)
    (corpus / "song.mp3").write_bytes(b"ID3\x03")
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    (corpus / "night.txt").write_text(COLUMN)
    done = publish(editor).json()
    assert done["is_new"]
    assert done["added"] == ["Sabbaticals", "Studying at night"]
    assert (done["articles"], done["unchanged"]) == (5, 3)
    assert {r["path"] for r in [*done["skipped"], *done["failed"]]} == {"song.mp3", "broken.pdf"}
    assert all(r["reason"] for r in [*done["skipped"], *done["failed"]])
    assert done["lines_cut"] == sum(cut["lines"] for cut in done["cuts"]) > 0
    assert done["cuts"][0]["title"] == "Studying at night"
    assert all(cut["rules"] for cut in done["cuts"])
    last = past(editor)["last"]
    assert {name: last[name] for name in last.keys() & done.keys()} == {
        name: done[name] for name in last.keys() & done.keys()
    }
    assert editor.get("/api/articles/sabbatical").status_code == 200


def test_what_is_published_already_makes_no_new_version(editor, data):
    done = publish(editor).json()
    assert (done["is_new"], done["unchanged"], current_generation(data)) == (False, 3, 1)


def test_warnings_and_near_copies_are_told_with_titles(editor, corpus):
    copy = NOTICE.replace("Three months", "Four months").replace("2024-05", "in May")
    (corpus / "copy.md").write_text(copy)
    done = publish(editor).json()
    (warned,) = done["warnings"]
    assert warned["title"] == "Handing in your notice"
    assert "date 'in May' ignored" in warned["notes"][0]
    (near,) = done["near_duplicates"]
    assert near["titles"] == ["Handing in your notice"] * 2
    assert 0.5 < near["similarity"] < 1


def test_a_folder_without_articles_is_refused_and_nothing_changes(editor, corpus, data):
    for path in corpus.rglob("*.md"):
        path.unlink()
    reply = publish(editor)
    assert reply.status_code == 422
    assert current_generation(data) == 1


def test_a_run_that_would_remove_most_stops_and_names_them(editor, corpus, data):
    (corpus / "guides" / "notice.md").unlink()
    (corpus / "threads" / "burnout.md").unlink()
    reply = publish(editor)
    assert reply.status_code == 409
    assert "Nothing was changed" in reply.json()["error"]
    would = reply.json()["would"]
    assert would["removed"] == TITLES[:2]
    assert (would["was"], would["articles"]) == (3, 1)
    assert current_generation(data) == 1


def test_a_removal_that_is_confirmed_is_done(editor, corpus):
    (corpus / "guides" / "notice.md").unlink()
    (corpus / "threads" / "burnout.md").unlink()
    done = publish(editor, allow_removals=True).json()
    assert done["removed"] == TITLES[:2]
    assert editor.get("/api/articles/notice").status_code == 404
    assert past(editor)["last"]["removed"] == TITLES[:2]


# Going back


def two_versions(corpus: Path, data: Path, embedder) -> None:
    """Publish a second version: one article more, one changed, one gone."""
    (corpus / "sabbatical.md").write_text(SABBATICAL)
    (corpus / "guides" / "notice.md").write_text(NOTICE.replace("Three months", "Four months"))
    (corpus / "threads" / "burnout.md").unlink()
    publish_corpus(corpus, data, embedder=embedder)


@pytest.fixture
def two(corpus, data, embedder, editor) -> TestClient:
    two_versions(corpus, data, embedder)
    return editor


def test_of_one_version_there_is_no_way_back(editor: TestClient):
    shown = past(editor)
    assert [v["number"] for v in shown["versions"]] == [1]
    assert shown["back"] is None
    reply = editor.post(f"{PATH}/rollback", json={"served": 1})
    assert (reply.status_code, reply.json()["error"]) == (
        422,
        "There is no generation before 1 to go back to",
    )


def test_the_versions_say_what_each_changed_and_which_is_served(two: TestClient):
    shown = past(two)
    versions = shown["versions"]
    assert [(v["number"], v["is_served"], v["articles"]) for v in versions] == [
        (2, True, 3),
        (1, False, 3),
    ]
    assert versions[0]["changes"] == changes(
        added=["Sabbaticals"],
        updated=["Handing in your notice"],
        removed=["Exhausted after two years"],
    )
    assert versions[1]["changes"] == changes(added=TITLES)


def test_the_way_back_names_who_returns_and_who_leaves(two: TestClient):
    assert past(two)["back"] == {
        "to": 1,
        "returning": ["Exhausted after two years"],
        "leaving": ["Sabbaticals"],
        "changing": ["Handing in your notice"],
    }


def test_going_back_serves_the_version_before_at_once(two: TestClient, corpus):
    reply = two.post(f"{PATH}/rollback", json={"served": 2})
    assert reply.status_code == 200
    assert (reply.json()["served"], reply.json()["back"]) == (1, None)
    assert two.get("/readyz").json()["generation"] == 1
    assert "Three months" in two.get("/api/articles/notice").json()["html"]
    assert (corpus / "sabbatical.md").exists()


def test_the_next_publish_brings_back_what_the_folder_holds(two: TestClient):
    two.post(f"{PATH}/rollback", json={"served": 2})
    done = publish(two).json()
    assert (done["is_new"], done["generation"]) == (True, 3)
    assert done["added"] == ["Sabbaticals"]
    assert [v["number"] for v in past(two)["versions"]] == [3, 2, 1]


def test_whoever_saw_another_version_does_not_go_back(two: TestClient, data):
    reply = two.post(f"{PATH}/rollback", json={"served": 1})
    assert reply.status_code == 409
    assert "version 2 is served now" in reply.json()["error"]
    assert current_generation(data) == 2


def test_a_damaged_version_is_left_by_going_back(two: TestClient, data):
    (folder_of(data, 2) / "library.sqlite3").write_bytes(b"no database")
    assert two.get(f"{PATH}/articles").status_code == 503
    assert past(two)["versions"][0]["changes"]["added"] == ["sabbatical"]
    assert two.post(f"{PATH}/rollback", json={"served": 2}).status_code == 200
    assert two.get(f"{PATH}/articles").status_code == 200


def test_a_version_without_a_manifest_is_listed_as_unreadable(two: TestClient, data):
    (folder_of(data, 2) / "manifest.json").unlink()
    shown = past(two)
    assert (shown["last"], shown["versions"][0]["published"]) == (None, "")
    assert shown["versions"][0]["is_served"]


def test_a_report_of_an_earlier_form_is_shown_as_far_as_it_goes(editor: TestClient, data):
    path = folder_of(data, 1) / "manifest.json"
    path.write_text(path.read_text().replace('"near_duplicates"', '"other"'))
    assert past(editor)["last"]["near_duplicates"] == []


@pytest.mark.parametrize(
    ("path", "body"), [("/publish", {}), ("/rollback", {"served": 2})], ids=["publish", "back"]
)
def test_while_somebody_else_publishes_neither_is_done(two: TestClient, data, path, body):
    with only_writer(data):
        reply = two.post(PATH + path, json=body)
    assert reply.status_code == 503
    assert "in use by process" in reply.json()["error"]
    assert current_generation(data) == 2


# What readers sent


def sent(editor: TestClient) -> dict:
    reply = editor.get(f"{PATH}/inbox")
    assert reply.status_code == 200
    return reply.json()


def test_what_is_asked_most_comes_first(filled: Inbox, editor: TestClient):
    gaps = sent(editor)["gaps"]
    assert [(gap["question"], gap["times"]) for gap in gaps] == [
        ("How do I become a judge?", 2),
        ("May I keep bees?", 1),
    ]
    assert [note["written"] for note in gaps[0]["notes"]] == ["2026-03-04", "2026-03-09"]
    assert [note["comment"] for note in gaps[0]["notes"]] == ["", "At all!"]


def test_an_unhelpful_answer_comes_with_comment_dialogue_sentences_and_quotes(filled, editor):
    (note,) = sent(editor)["unhelpful"]
    assert (note["question"], note["standalone_question"]) == (
        "And in the UK?",
        "And in the UK? (notice)",
    )
    assert note["comment"] == "I work in Leeds. <b>"
    assert [turn["text"] for turn in note["history"]] == ["How long is my notice?", "Three months."]
    assert note["statements"] == [{"text": "Three months, it says.", "verbatim": False}]
    first, second = note["citations"]
    assert (first["quote"], first["title"]) == (QUOTE, "Handing in your notice")
    assert first["href"].startswith(f"/#/article/notice/0-{len(QUOTE)}/")
    assert (second["title"], second["href"]) == ("gone", "")


def test_a_note_that_cannot_be_read_is_named(filled: Inbox, editor: TestClient):
    (filled.folder / f"{'e' * 16}.json").write_text("{}")
    (fault,) = sent(editor)["damaged"]
    assert f"{'e' * 16}.json is no note" in fault


def test_a_group_is_dropped_at_once_and_can_be_put_back(filled: Inbox, editor: TestClient):
    before = sent(editor)
    ids = {"ids": [GAP.id, GAP_AGAIN.id]}
    assert editor.post(f"{PATH}/inbox/drop", json=ids).json() == {"dropped": 2}
    assert [note.id for note in filled.contents().notes] == [NOTE.id, OTHER_GAP.id]
    assert len(list(filled.folder.iterdir())) == 2
    assert editor.post(f"{PATH}/inbox/put-back", json=ids).json() == {"back": 2}
    assert sent(editor) == before


def test_only_what_was_dropped_last_is_kept_in_memory(filled: Inbox, editor: TestClient):
    editor.post(f"{PATH}/inbox/drop", json=IDS)
    editor.post(f"{PATH}/inbox/drop", json={"ids": [GAP.id]})
    assert editor.post(f"{PATH}/inbox/put-back", json=IDS).json() == {"back": 0}
    assert NOTE.id not in {note.id for note in filled.contents().notes}


def test_what_another_editor_has_dropped_is_no_fault(filled: Inbox, editor: TestClient):
    filled.remove(NOTE.id)
    reply = editor.post(f"{PATH}/inbox/drop", json={"ids": [NOTE.id, GAP.id]})
    assert (reply.status_code, reply.json()) == (200, {"dropped": 1})


def test_what_does_not_fit_any_more_is_kept_for_another_try(filled, editor, monkeypatch):
    editor.post(f"{PATH}/inbox/drop", json=IDS)
    with monkeypatch.context() as patch:
        patch.setattr("pincite.inbox.MOST_NOTES", 1)
        assert editor.post(f"{PATH}/inbox/put-back", json=IDS).status_code == 503
    assert editor.post(f"{PATH}/inbox/put-back", json=IDS).json() == {"back": 1}


def test_an_id_that_leads_out_of_the_inbox_drops_nothing(filled: Inbox, editor, home):
    (home / "data" / "victim.json").write_text("{}")
    reply = editor.post(f"{PATH}/inbox/drop", json={"ids": ["../victim"]})
    assert reply.json() == {"dropped": 0}
    assert (home / "data" / "victim.json").exists()


def test_without_an_inbox_the_page_is_told_so(editor_without_inbox: TestClient, inbox: Inbox):
    inbox.put(NOTE)
    assert sent(editor_without_inbox) == {"is_on": False}
    reply = editor_without_inbox.post(f"{PATH}/inbox/drop", json=IDS)
    assert reply.status_code == 404
    assert "PINCITE_INBOX" in reply.json()["error"]
    assert inbox.contents().notes == (NOTE,)


def test_notes_are_in_no_log_and_in_no_reply_without_a_session(filled, editor, caplog, capfd):
    (filled.folder / f"{'e' * 16}.json").write_text("{}")
    with caplog.at_level(logging.DEBUG):
        assert "Leeds" in editor.get(f"{PATH}/inbox").text
        editor.post(f"{PATH}/inbox/drop", json=IDS)
        editor.post(f"{PATH}/inbox/put-back", json=IDS)
        editor.cookies.clear()
        reply = editor.get(f"{PATH}/inbox")
    assert reply.status_code == 401
    assert "Leeds" not in "".join([reply.text, caplog.text, *capfd.readouterr()])
