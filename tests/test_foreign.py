"""`python -m evals import`: test sets of Ragas and DeepEval, as those write them."""

import csv
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.__main__ import app
from evals.beir import read_set
from evals.errors import BenchmarkError
from evals.foreign import CONTEXTS, QUESTION, convert
from pincite.model import Turn

BREAD = "Sourdough rises slowly overnight, and is baked in the morning."
CATS = "Cats purr while they sleep."
RISE = "How does sourdough rise?"
PURR = "Why do cats purr?"


def write(path, rows):
    """Write rows as the libraries do: CSV through the csv module, otherwise JSON or JSONL."""
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            table = csv.DictWriter(file, fieldnames=list(rows[0]))
            table.writeheader()
            table.writerows(rows)
        elif path.suffix.lower() == ".jsonl":
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        else:
            json.dump(rows, file)
    return path


@pytest.fixture
def converted(tmp_path):
    """Write rows into a file, convert it, and return the set and what became of the rows."""

    def once(name, rows):
        counts = convert(write(tmp_path / name, rows), tmp_path / "set")
        return read_set(tmp_path / "set"), counts

    return once


RAGAS = {
    "user_input": RISE,
    "reference_contexts": [BREAD],
    "reference": "Slowly.",
    "synthesizer_name": "single_hop_specifc_query_synthesizer",
}
OLD_RAGAS = {"question": RISE, "contexts": [BREAD], "ground_truth": "Slowly."}
DEEPEVAL = {
    "input": RISE,
    "actual_output": None,
    "expected_output": "Slowly.",
    "retrieval_context": ["Something that was found."],
    "context": [BREAD],
    "source_file": "bread.txt",
}


@pytest.mark.parametrize(
    ("name", "row"),
    [
        pytest.param("ragas.jsonl", RAGAS, id="ragas"),
        pytest.param("ragas.csv", RAGAS, id="ragas-csv-holds-a-python-list"),
        pytest.param(
            "ragas.csv", {**RAGAS, "reference_contexts": json.dumps([BREAD])}, id="csv-with-json"
        ),
        pytest.param("old.jsonl", OLD_RAGAS, id="ragas-before-0.2"),
        pytest.param("old.csv", OLD_RAGAS, id="ragas-before-0.2-csv"),
        pytest.param(
            "old.json", {"question": RISE, "ground_truth_context": [BREAD]}, id="ragas-before-0.1"
        ),
        pytest.param("goldens.json", DEEPEVAL, id="deepeval"),
        pytest.param("goldens.csv", {**DEEPEVAL, "context": BREAD}, id="deepeval-csv"),
        pytest.param("GOLDENS.JSONL", DEEPEVAL, id="an-ending-in-capitals"),
    ],
)
def test_a_row_becomes_a_query_with_its_context(converted, name, row):
    found, counts = converted(name, [row])
    assert counts == {"documents": 1, "queries": 1, "dialogues": 0, "skipped": []}
    assert [document.text for document in found.documents] == [BREAD]
    assert [query.text for query in found.queries] == [RISE]
    assert found.grades == {"q1": {"c1": 1}}
    assert found.dialogues is None


@pytest.mark.parametrize(
    ("name", "context"),
    [
        pytest.param("set.csv", f"{BREAD}|{CATS}", id="deepeval-csv-has-bars"),
        pytest.param("set.csv", [BREAD, CATS], id="a-python-list"),
        pytest.param(
            "set.json", [BREAD, CATS, f" {BREAD}\n", "", 7], id="once-each-and-only-texts"
        ),
    ],
)
def test_every_context_of_a_row_is_relevant(converted, name, context):
    found, counts = converted(name, [{"input": RISE, "context": context}])
    assert counts["documents"] == 2
    assert found.grades == {"q1": {"c1": 1, "c2": 1}}


def test_a_context_that_rows_share_is_one_document(converted):
    rows = [RAGAS, {**RAGAS, "user_input": PURR, "reference_contexts": [CATS, BREAD]}]
    found, _ = converted("set.jsonl", rows)
    assert [(d.id, d.text) for d in found.documents] == [("c1", BREAD), ("c2", CATS)]
    assert found.grades == {"q1": {"c1": 1}, "q2": {"c2": 1, "c1": 1}}


@pytest.mark.parametrize("name", ["set.csv", "set.jsonl"])
@pytest.mark.parametrize(
    "context",
    [
        pytest.param("Knead.\n\nThen wait.", id="paragraphs"),
        pytest.param(
            "Knead.\u2028Then wait.\u0085Bake.\x0c", id="separators-that-are-no-line-ends"
        ),
        pytest.param('He said "wait", [1] and (2)', id="marks"),
        pytest.param("[1] Knead. [2] Wait.", id="brackets-that-are-no-list"),
        pytest.param("[{[]: 1}]", id="a-list-that-python-cannot-hold"),
    ],
)
def test_a_text_arrives_as_it_was(converted, name, context):
    rows = [{"input": RISE, "context": context}, {"input": PURR, "context": CATS}]
    found, _ = converted(name, rows)
    assert [d.text for d in found.documents] == [context.strip(), CATS]


def test_half_a_character_costs_no_row(converted):
    found, _ = converted(
        "set.json", [{"input": "Is \ud83d rising?", "context": [f"{BREAD}\ud83d"]}]
    )
    assert found.queries[0].text == "Is ? rising?"
    assert found.documents[0].text == f"{BREAD}?"


SAID = (Turn("user", RISE), Turn("assistant", "Slowly."))
HUMAN = [
    {"type": "human", "content": RISE},
    {"type": "ai", "content": "Slowly.", "tool_calls": None},
    {"type": "human", "content": "And why?"},
]
USER = [
    {"role": "user", "content": RISE},
    {"role": "assistant", "content": "Slowly."},
    {"role": "user", "content": "And why?"},
]
SINGLE = {"input": PURR, "context": [CATS]}


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"user_input": HUMAN, "reference_contexts": [BREAD]}, id="ragas"),
        pytest.param({"user_input": str(HUMAN), "context": [BREAD]}, id="as-python-in-a-cell"),
        pytest.param({"turns": USER, "scenario": "Bread", "context": [BREAD]}, id="deepeval"),
        pytest.param({"turns": json.dumps([*USER, None]), "context": [BREAD]}, id="as-json"),
        pytest.param(
            {"turns": [*USER, {"role": "assistant", "content": "Yeast."}], "context": [BREAD]},
            id="what-follows-the-last-question-is-left-out",
        ),
        pytest.param(
            {"turns": [{"role": "system", "content": "Be nice."}, *USER], "context": [BREAD]},
            id="what-no-person-said-is-left-out",
        ),
        pytest.param({"turns": USER, "context": [BREAD, BREAD]}, id="a-context-twice"),
    ],
)
def test_a_dialogue_keeps_its_history(converted, row):
    found, counts = converted("set.json", [SINGLE, row])
    (dialogue,) = found.dialogues
    assert (dialogue.question, dialogue.history) == ("And why?", SAID)
    assert (dialogue.id, dialogue.relevant, dialogue.rewritten) == ("d2", ("c2",), None)
    assert (counts["queries"], counts["dialogues"]) == (1, 1)


def test_a_dialogue_of_one_turn_is_a_query(converted):
    found, _ = converted("set.json", [{"turns": USER[:2], "context": [BREAD]}])
    assert [query.text for query in found.queries] == [RISE]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param({"input": RISE}, "it names no context that answers", id="no-context"),
        pytest.param({**DEEPEVAL, "context": []}, "it names no context", id="an-empty-context"),
        pytest.param(
            {"user_input": RISE, "retrieved_contexts": [BREAD]},
            "it names no context",
            id="what-was-found-is-not-what-answers",
        ),
        pytest.param({"input": RISE, "context": {"a": BREAD}}, "it names no con", id="an-object"),
        pytest.param({"context": [BREAD]}, "it ends with no question", id="no-question"),
        pytest.param({"input": "  ", "context": [BREAD]}, "it ends with no", id="a-blank-one"),
        pytest.param({"input": 7, "context": [BREAD]}, "it ends with no", id="a-number"),
        pytest.param(
            {"turns": [{"role": "assistant", "content": "Hello."}], "context": [BREAD]},
            "it ends with no question",
            id="only-the-assistant",
        ),
        pytest.param({}, "it ends with no question", id="nothing"),
    ],
)
def test_a_row_that_cannot_be_used_is_skipped_with_a_reason(converted, row, reason):
    found, counts = converted("set.json", [row, SINGLE])
    (skipped,) = counts["skipped"]
    assert skipped["row"] == 1
    assert skipped["reason"].startswith(reason)
    assert [(query.id, query.text) for query in found.queries] == [("q2", PURR)]
    assert [document.text for document in found.documents] == [CATS]


def test_goldens_may_lie_in_an_object_and_after_a_byte_order_mark(tmp_path):
    path = tmp_path / "set.json"
    path.write_text("\ufeff" + json.dumps({"goldens": [SINGLE]}), encoding="utf-8")
    assert convert(path, tmp_path / "set")["queries"] == 1


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        pytest.param("a.json", None, "a.json cannot be read as JSON, JSONL or CSV", id="missing"),
        pytest.param("a.json", b"{", "cannot be read as", id="not-json"),
        pytest.param("a.jsonl", b'{"input": "a"}\n{', "cannot be read as", id="a-broken-line"),
        pytest.param("a.json", b"\xff\xfe\x00", "cannot be read as", id="not-text"),
        pytest.param("a.json", b"[" * 100_000, "cannot be read as", id="too-deep"),
        pytest.param("a.csv", b'input\n"' + b"a" * 200_000, "field larger", id="too-large"),
        pytest.param("a.json", b'"text"', "holds no list of rows", id="no-list"),
        pytest.param("a.json", b'["text"]', "holds no list of rows", id="a-list-of-texts"),
        pytest.param("a.json", b"[]", "no row with a question .one of user_input", id="no-row"),
        pytest.param(
            "a.csv", b"a,b\n1,2\n", "its contexts .one of reference_c", id="other-columns"
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_leaves_nothing(tmp_path, name, content, complaint):
    (tmp_path / name).write_bytes(content) if content is not None else None
    with pytest.raises(BenchmarkError, match=complaint):
        convert(tmp_path / name, tmp_path / "set")
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize("taken", ["set", "set/thesis.txt"])
def test_what_lies_in_the_way_is_left_alone(tmp_path, taken):
    source = write(tmp_path / "a.json", [SINGLE])
    (tmp_path / taken).parent.mkdir(exist_ok=True)
    (tmp_path / taken).write_text("precious")
    with pytest.raises(BenchmarkError, match="set is not an empty folder: name a new one"):
        convert(source, tmp_path / "set")
    assert (tmp_path / taken).read_text() == "precious"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.text(st.sampled_from("a [|\u2028\x85\ud800\"'{}]:1,"), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.fixed_dictionaries(
            {},
            optional={
                "role": st.sampled_from(["user", "assistant", "system"]),
                "type": st.sampled_from(["human", "ai", "tool"]),
                "content": inner,
            },
        )
    ),
    max_leaves=8,
)
ROWS = st.lists(
    st.dictionaries(st.sampled_from([*QUESTION, *CONTEXTS, "turns", "other"]), VALUES), max_size=6
)


@given(rows=ROWS)
def test_every_row_ends_as_a_query_as_a_dialogue_or_skipped(rows):
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "set"
        counts = convert(write(Path(scratch) / "set.json", [SINGLE, *rows]), folder)
        found = read_set(folder)
    ends = [
        *(int(query.id.removeprefix("q")) for query in found.queries),
        *(int(dialogue.id.removeprefix("d")) for dialogue in found.dialogues or ()),
        *(skipped["row"] for skipped in counts["skipped"]),
    ]
    relevant = {id_ for grades in found.grades.values() for id_ in grades}
    relevant |= {id_ for dialogue in found.dialogues or () for id_ in dialogue.relevant}
    assert sorted(ends) == list(range(1, len(rows) + 2))
    assert found.grades.keys() == {query.id for query in found.queries}
    assert relevant == {document.id for document in found.documents}


def test_an_imported_set_is_measured(run, tmp_path):
    rows = [RAGAS, {**RAGAS, "user_input": PURR, "reference_contexts": [CATS]}, {"user_input": "?"}]
    source = write(tmp_path / "set.csv", rows)
    done = run(app, "import", source, tmp_path / "set")
    assert done.code == 0
    assert ["queries", "2"] in [line.split() for line in done.out.splitlines()]
    assert "row 3 is skipped: it names no context that answers" in done.out
    figures = run(app, "bench", tmp_path / "set", "--json").document
    assert (figures["docs"], figures["queries"], figures["ndcg10"]) == (2, 2, 1)


def test_a_file_that_cannot_be_imported_is_one_document(run, tmp_path):
    done = run(app, "import", tmp_path / "none.json", tmp_path / "set", "--json")
    assert done.code == 1
    assert "cannot be read as JSON, JSONL or CSV" in done.document["error"]
