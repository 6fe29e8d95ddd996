"""From a reader's note to a canned question: listed, drafted, filled in, accepted or dropped."""

from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from evals.drafts import draft, read_draft
from evals.errors import QuestionsError
from evals.inbox import PIN, app, listing, with_question
from evals.questions import SPAN_WORDS, Question, load_questions
from pincite.inbox import Contents, Inbox, Note, Quoted
from pincite.model import Turn

QUOTE = "The main drawback of a secondment is being out of sight at the firm."
SHORT_QUOTE = "Your billable hours may not count."
CITED = (
    Quoted(article_id="secondment", start=0, end=len(QUOTE), quote=QUOTE),
    Quoted(article_id="secondment", start=0, end=len(SHORT_QUOTE), quote=SHORT_QUOTE),
)
UNHELPFUL = Note(
    id="00000000000000aa",
    kind="unhelpful",
    written=date(2026, 3, 4),
    question="Is a secondment bad for my bonus?",
    standalone_question="Is a secondment bad for my bonus?",
    generation=1,
    citations=CITED,
    comment="It says nothing about money.",
)
FOLLOW_UP = replace(
    UNHELPFUL,
    id="00000000000000bb",
    question="And the bad sides?",
    standalone_question="And the bad sides? (secondment)",
    history=(Turn("user", "What is a secondment?"), Turn("assistant", 'It "teaches": a lot.')),
)
GAP = replace(
    UNHELPFUL,
    id="00000000000000cc",
    kind="gap",
    question="How do I become a judge?",
    standalone_question="How do I become a judge?",
    citations=(),
    comment="",
)
HOSTILE = "x\n- id: forged\u2028- id: forged\x85- id: forged\x1b[2J: # {a} 'b' \"c\""


@pytest.fixture
def inbox(data) -> Inbox:
    return Inbox(data / "inbox")


@pytest.fixture
def filled(inbox) -> Inbox:
    for note in (UNHELPFUL, FOLLOW_UP, GAP):
        inbox.put(note)
    return inbox


def test_a_listing_says_how_often_each_question_came():
    again = replace(GAP, id="d" * 16)
    document = listing(Contents((UNHELPFUL, GAP, again), ()))
    assert [note["times"] for note in document["notes"]] == [1, 2, 2]
    assert document["gaps"] == [
        {"question": "How do I become a judge?", "times": 2, "ids": [GAP.id, again.id]}
    ]


def test_the_inbox_is_listed(run, filled):
    shown = run(app)
    assert shown.code == 0
    assert "00000000000000aa  2026-03-04  unhelpful" in shown.out
    assert "Not in the library, most asked first:\n  1 x  How do I become a judge?" in shown.out
    document = run(app, "--json").document
    assert [note["id"] for note in document["notes"]] == [UNHELPFUL.id, FOLLOW_UP.id, GAP.id]
    assert document["damaged"] == []


def test_an_empty_inbox_says_so(run):
    assert run(app).out == "The inbox is empty.\n"
    assert run(app, "--json").document == {"notes": [], "gaps": [], "damaged": []}


def test_a_damaged_file_is_listed_with_its_path(run, filled):
    path = filled.folder / "dddddddddddddddd.json"
    path.write_text("{")
    assert f"{path} is no note" in run(app).out
    assert run(app, "--json").document["damaged"][0]["path"] == str(path)


def test_a_readers_control_characters_do_not_reach_the_terminal(run, inbox):
    inbox.put(replace(GAP, question=HOSTILE, standalone_question=HOSTILE))
    out = run(app).out
    assert "\x1b" not in out
    assert len(out.splitlines()) == 5


def entry_of(note: Note) -> dict:
    (entry,) = yaml.safe_load(draft(note))
    return entry


def test_a_draft_suggests_the_cited_words_that_can_be_a_span():
    assert entry_of(UNHELPFUL) == {
        "id": "secondment-bad-bonus",
        "class": "answerable",
        "topic": None,
        "question": "Is a secondment bad for my bonus?",
        "expected": [{"article": "secondment", "span": QUOTE}],
    }
    assert f"    # secondment: {SHORT_QUOTE}" in draft(UNHELPFUL)


def test_a_draft_only_lacks_what_an_editor_knows():
    entry = entry_of(UNHELPFUL) | {"topic": "secondments-and-rotations"}
    assert Question.model_validate(entry).answerable


def test_a_follow_up_keeps_its_dialogue_and_what_was_understood():
    entry = entry_of(FOLLOW_UP) | {"topic": "secondments-and-rotations"}
    question = Question.model_validate(entry)
    assert question.class_ == "follow-up"
    assert question.history == FOLLOW_UP.history
    assert question.rewritten == "And the bad sides? (secondment)"


@pytest.mark.parametrize("note", [GAP, replace(FOLLOW_UP, kind="gap")], ids=["alone", "follow-up"])
def test_a_gap_is_near_the_topic_and_expects_nothing(note):
    question = Question.model_validate(entry_of(note))
    assert question.class_ == "near-topic"
    assert question.question == note.standalone_question
    assert (question.history, question.expected) == ((), ())


def test_the_readers_comment_is_passed_on_as_a_comment():
    assert "# The reader wrote: It says nothing about money." in draft(UNHELPFUL)


@given(text=st.text(min_size=1, max_size=60) | st.just(HOSTILE))
def test_whatever_a_reader_typed_stays_one_value(text):
    note = replace(FOLLOW_UP, question=text, comment=text, history=(Turn("user", text),))
    entry = entry_of(replace(note, citations=(replace(CITED[1], quote=text),)))
    assert entry["question"] == text
    assert entry["history"] == [{"role": "user", "text": text}]


def test_a_draft_is_written_once(run, filled):
    shown = run(app, "draft", UNHELPFUL.id)
    assert shown.code == 0
    again = run(app, "draft", UNHELPFUL.id)
    assert again.code == 1
    assert "There is a draft var/evals/drafts/00000000000000aa.yaml already" in again.err


def test_a_draft_is_private_and_says_what_comes_next(run, filled, home):
    document = run(app, "draft", UNHELPFUL.id, "--output", home / "d.yaml", "--json").document
    assert document == {"id": UNHELPFUL.id, "draft": str(home / "d.yaml")}
    assert (home / "d.yaml").read_text() == draft(UNHELPFUL)
    assert (home / "d.yaml").stat().st_mode & 0o777 == 0o600


def test_a_note_that_is_not_there_cannot_be_drafted(run, filled):
    shown = run(app, "draft", "9" * 16)
    assert (shown.code, shown.out) == (1, "")
    assert "List the notes with: python -m evals inbox" in shown.err


def draft_file(folder, note: Note, **filled_in):
    """Write a draft as an editor would leave it, its first line with the note's id kept."""
    path = folder / "draft.yaml"
    entry = entry_of(note) | filled_in
    first = draft(note).splitlines()[0]
    path.write_text(f"{first}\n{yaml.safe_dump([entry], allow_unicode=True)}")
    return path


def test_an_accepted_draft_joins_the_questions_and_leaves_the_inbox(run, filled, home):
    target = home / "set" / "from-inbox.yaml"
    file = draft_file(home, UNHELPFUL, topic="secondments-and-rotations")
    shown = run(app, "accept", file, "--questions", target)
    assert shown.code == 0
    assert PIN in shown.out
    (question,) = load_questions(target.parent)
    assert question.id == "secondment-bad-bonus"
    assert question.expected[0].span == QUOTE
    assert [note.id for note in filled.contents().notes] == [FOLLOW_UP.id, GAP.id]


def test_what_was_in_the_file_before_stays_as_it_was(run, filled, home):
    target = home / "set" / "from-inbox.yaml"
    run(app, "accept", draft_file(home, GAP), "--questions", target)
    target.write_text(f"# A comment of an editor.\n{target.read_text()}")
    before = target.read_text()
    file = draft_file(home, FOLLOW_UP, topic="secondments-and-rotations")
    document = run(app, "accept", file, "--questions", target, "--json").document
    assert document == {"id": "bad-sides", "questions": str(target), "note_removed": True}
    assert target.read_text().startswith(before)
    assert [q.id for q in load_questions(target.parent)] == ["become-judge", "bad-sides"]
    assert list(target.parent.iterdir()) == [target]


def test_a_note_that_was_dropped_meanwhile_does_not_stop_its_draft(run, filled, home):
    filled.remove(GAP.id)
    target = home / "set" / "from-inbox.yaml"
    shown = run(app, "accept", draft_file(home, GAP), "--questions", target, "--json")
    assert shown.document["note_removed"] is False


NOT_THERE = "These are twelve words that nobody has ever written in that article."


@pytest.mark.parametrize(
    ("filled_in", "remedy"),
    [
        pytest.param({}, "an answerable question has a `topic`", id="no-topic"),
        pytest.param({"class": "anything"}, "class: Input should be", id="unknown-class"),
        pytest.param({"topic": "in-house", "id": "No Id"}, "id: String should match", id="id"),
        pytest.param({"topic": "in-house", "expected": []}, "`expected` belongs", id="no-span"),
        pytest.param(
            {"topic": "in-house", "expected": [{"article": "secondment", "span": "Too short."}]},
            f"a span has {SPAN_WORDS.start} to {SPAN_WORDS.stop - 1} words",
            id="short-span",
        ),
        pytest.param(
            {"topic": "in-house", "expected": [{"article": "secondment", "span": NOT_THERE}]},
            "words that are no times in the published text of 'secondment'",
            id="words-that-are-not-there",
        ),
        pytest.param(
            {"topic": "in-house", "expected": [{"article": "nowhere", "span": QUOTE}]},
            "which is not published",
            id="unknown-article",
        ),
        pytest.param(
            {"topic": "in-house", "id": "secondment-downsides"},
            "There is a question 'secondment-downsides' already",
            id="an-id-of-a-shipped-question",
        ),
    ],
)
def test_a_draft_that_does_not_hold_is_refused_and_nothing_changes(
    run, filled, home, filled_in, remedy
):
    target = home / "set" / "from-inbox.yaml"
    shown = run(app, "accept", draft_file(home, UNHELPFUL, **filled_in), "--questions", target)
    assert shown.code == 1
    assert remedy in shown.err
    assert "Traceback" not in shown.err
    assert not target.exists()
    assert len(filled.contents().notes) == 3


def test_an_id_is_not_accepted_twice(run, filled, home):
    target = home / "set" / "from-inbox.yaml"
    run(app, "accept", draft_file(home, GAP), "--questions", target)
    before = target.read_text()
    again = run(app, "accept", draft_file(home, GAP), "--questions", target)
    assert "There is a question 'become-judge' already" in again.err
    assert target.read_text() == before


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param("- id: [", "is not YAML", id="no-yaml"),
        pytest.param("", "the question: Input should be a valid list", id="empty"),
        pytest.param("[]", "at least 1 item", id="no-question"),
        pytest.param("just words", "valid list", id="words"),
    ],
)
def test_a_file_that_is_no_draft_is_refused(tmp_path, content, fault):
    path = tmp_path / "draft.yaml"
    path.write_text(content)
    with pytest.raises(QuestionsError, match=fault):
        read_draft(path)


def test_a_draft_that_is_not_there_is_named(run, filled):
    shown = run(app, "accept", "nowhere.yaml")
    assert "nowhere.yaml cannot be read: No such file" in shown.err


def test_the_question_file_opens_with_what_it_is():
    question = Question.model_validate(entry_of(GAP))
    assert with_question("", question).startswith("# Questions that readers sent")


def test_a_dropped_note_is_gone(run, filled):
    assert run(app, "drop", GAP.id, "--json").document == {"id": GAP.id, "dropped": True}
    assert [note.id for note in filled.contents().notes] == [UNHELPFUL.id, FOLLOW_UP.id]
    shown = run(app, "drop", GAP.id)
    assert shown.code == 1
    assert "There is no note" in shown.err
