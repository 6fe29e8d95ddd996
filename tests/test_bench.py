"""`python -m evals bench`: what it reads, what it runs, what it prints, what it leaves behind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evals.__main__ import app
from evals.beir import read_set
from evals.bench import Search, refusal_figures, run_bench, scratch
from evals.errors import BenchmarkError
from evals.memory import peak_mb
from pincite.embedding import HashingEmbedder

ROOT = Path(__file__).parent.parent
FIGURES = {
    "docs", "queries", "ndcg10", "recall10", "mrr10", "hit5", "ingest_seconds", "docs_per_second",
    "p50_ms", "p95_ms", "peak_mb",
}  # fmt: skip

DOCUMENTS = {
    "bread/1": ("Bread", "Knead the dough and bake it. Sourdough rises slowly overnight."),
    "cats & dogs": ("", "Cats purr while sleeping. Dogs bark at the postman."),
    "Ünïcode": ("Trains", "Locomotives pull wagons along the railway to distant stations."),
    "4": ("Stars", "Telescopes show galaxies, nebulae and very distant quasars."),
    "5": ("Tea", "Green leaves steep in hot water for three minutes."),
}
QUERIES = [
    {"id": "q1", "text": "How does sourdough dough rise?"},
    {"id": "q2", "text": "Why do cats purr?"},
    {"id": "q3", "text": "What do locomotives pull?"},
]
CHESS = {"id": "q0", "text": "Who won the chess final?"}
QRELS = [("q1", "bread/1", 1), ("q2", "cats & dogs", 1), ("q3", "Ünïcode", 1)]


def write_set(folder, *, documents=DOCUMENTS, queries=QUERIES, qrels=QRELS, dialogues=None):
    folder.mkdir(exist_ok=True)
    rows = [{"id": i, "title": title, "text": text} for i, (title, text) in documents.items()]
    write_lines(folder / "corpus.jsonl", rows)
    write_lines(folder / "queries.jsonl", queries)
    lines = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, row)) for row in qrels)]
    (folder / "qrels.tsv").write_text("\n".join(lines) + "\n")
    if dialogues is not None:
        write_lines(folder / "multiturn.jsonl", dialogues)
    return folder


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def bench(tmp_path):
    def run(*, limit=None, **contents):
        folder = write_set(tmp_path / "set", **contents)
        data = read_set(folder).first_queries(None).first_documents(limit)
        with scratch(None) as workdir:
            return run_bench(data, HashingEmbedder(), workdir=workdir, progress=lambda _: None)

    return run


def test_the_command_prints_one_document_and_removes_its_folder(tmp_path):
    folder = write_set(tmp_path / "set")
    workdir = tmp_path / "work"
    done = subprocess.run(
        [sys.executable, "-m", "evals", "bench", str(folder), "--json", "--workdir", str(workdir)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PINCITE_EMBEDDING_MODEL": "hashing"},
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures.keys() == FIGURES
    assert (figures["docs"], figures["queries"]) == (5, 3)
    assert figures["ndcg10"] == figures["recall10"] == figures["mrr10"] == figures["hit5"] == 1
    assert figures["docs_per_second"] == pytest.approx(5 / figures["ingest_seconds"])
    assert 0 < figures["p50_ms"] <= figures["p95_ms"]
    assert not workdir.exists()
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_that_cannot_be_used_is_one_document_too(run, tmp_path):
    done = run(app, "bench", tmp_path / "nowhere", "--json")
    assert (done.code, done.document) == (
        1,
        {"error": f"There is no folder {tmp_path / 'nowhere'}"},
    )


def test_without_json_the_figures_stand_one_a_line(run, tmp_path):
    done = run(app, "bench", write_set(tmp_path / "set", dialogues=[{**TURN, "rewritten": None}]))
    lines = [line.split() for line in done.out.splitlines()]
    assert ["docs", "5"] in lines
    assert ["ndcg10", "1.000"] in lines
    assert ["multiturn.product_ndcg10", "-"] in lines


def test_a_relevant_document_that_does_not_match_is_ranked_below_the_one_that_does(bench):
    figures = bench(queries=[{"id": "q", "text": "sourdough dough"}], qrels=[("q", "5", 1)])
    assert figures["mrr10"] < 1
    assert figures["ndcg10"] < 1
    assert figures["recall10"] == 1


def test_grades_above_zero_are_relevant_and_others_are_not(bench):
    figures = bench(qrels=[*QRELS, ("q1", "4", 0), ("q1", "5", -1)])
    assert (figures["queries"], figures["recall10"]) == (3, 1)


def test_ten_different_documents_are_found_although_one_fills_the_first_hundred_passages(bench):
    words = [[f"word{n}x{i}" for i in range(200)] for n in range(150)]
    long = "\n\n".join(f"Sourdough dough rises with {' '.join(some)}." for some in words)
    documents = {**DOCUMENTS, "long": ("Sourdough dough", long)}
    figures = bench(
        documents=documents, queries=[{"id": "q", "text": "sourdough dough"}], qrels=[("q", "4", 1)]
    )
    assert figures["recall10"] == 1


def test_documents_are_ranked_by_their_best_passage_and_counted_once(bench):
    many = "\n\n".join(f"Sourdough dough number {n} rises in a bowl." * 30 for n in range(12))
    documents = {"many": ("Sourdough dough", many), **DOCUMENTS}
    queries = [{"id": "q", "text": "Why do sourdough cats purr?"}]
    figures = bench(documents=documents, queries=queries, qrels=[("q", "cats & dogs", 1)])
    assert figures["mrr10"] >= 1 / 3


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param({**DOCUMENTS, "twin": DOCUMENTS["5"]}, id="the-same-text-twice"),
        pytest.param({**DOCUMENTS, "": ("", "A document without id.")}, id="an-empty-id"),
        pytest.param({**DOCUMENTS, "empty": ("Only a title", "")}, id="no-text"),
        pytest.param({**DOCUMENTS, "blank": ("", " ")}, id="nothing-at-all"),
        pytest.param({**DOCUMENTS, "../../x\n\x00": ("Odd", "An odd id.")}, id="an-id-like-a-path"),
    ],
)
def test_every_document_is_accepted_as_it_is(bench, documents):
    figures = bench(documents=documents)
    assert (figures["docs"], figures["ndcg10"]) == (6, 1)


class TestQueries:
    """Which queries are kept."""

    def test_without_labels_a_query_needs_a_relevant_document(self, bench):
        figures = bench(queries=[CHESS, *QUERIES])
        assert figures["queries"] == 3
        assert figures.keys() == FIGURES

    def test_a_labelled_query_without_relevant_document_counts_for_refusal_only(self, bench):
        labelled = [{**query, "answerable": True} for query in QUERIES]
        figures = bench(queries=[{**CHESS, "answerable": False}, *labelled])
        assert figures["queries"] == 4
        assert figures["recall10"] == 1
        assert figures.keys() == FIGURES | {"refusal_auroc", "false_answers", "false_refusals"}
        assert figures["refusal_auroc"] == 1

    @pytest.mark.parametrize(
        ("labels", "kept"),
        [
            pytest.param({}, ["q1", "q2"], id="of-those-with-a-relevant-document"),
            pytest.param({"answerable": False}, ["q0", "q1"], id="of-all-that-are-labelled"),
            pytest.param({"answerable": None}, ["q1", "q2"], id="null-is-no-label"),
        ],
    )
    def test_the_first_n(self, tmp_path, labels, kept):
        folder = write_set(tmp_path / "set", queries=[{**CHESS, **labels}, *QUERIES])
        data = read_set(folder).first_queries(2)
        assert [query.id for query in data.queries] == kept
        assert data.grades.keys() == set(kept) - {"q0"}


@pytest.mark.parametrize(
    ("queries", "limit", "kept"),
    [
        pytest.param(None, None, list(DOCUMENTS), id="all"),
        pytest.param(None, 4, ["bread/1", "cats & dogs", "Ünïcode", "4"], id="in-file-order"),
        pytest.param(None, 1, ["bread/1", "cats & dogs", "Ünïcode"], id="relevant-ones-stay"),
        pytest.param(1, 2, ["bread/1", "cats & dogs"], id="of-the-kept-queries-only"),
        pytest.param(None, 99, list(DOCUMENTS), id="more-than-there-are"),
    ],
)
def test_a_limit_keeps_relevant_documents_first(tmp_path, queries, limit, kept):
    data = read_set(write_set(tmp_path / "set")).first_queries(queries).first_documents(limit)
    assert [document.id for document in data.documents] == kept


def test_a_limit_keeps_what_is_relevant_late_in_the_file_and_fills_up_from_the_front(tmp_path):
    folder = write_set(tmp_path / "set", qrels=[("q1", "5", 1)])
    data = read_set(folder).first_queries(None).first_documents(2)
    assert [document.id for document in data.documents] == ["bread/1", "5"]


HISTORY = [
    {"role": "user", "text": "How long do green tea leaves steep?"},
    {"role": "assistant", "text": "Three minutes, in hot water."},
]
TURN = {
    "id": "t1",
    "history": HISTORY,
    "question": "And why?",
    "rewritten": "Why do green tea leaves steep for three minutes?",
    "relevant": ["5"],
    "answerable": None,
}


class TestDialogues:
    """What `multiturn.jsonl` adds."""

    def test_three_ways_to_understand_the_same_turn(self, bench):
        figures = bench(dialogues=[TURN])["multiturn"]
        assert figures.keys() == {"turns", "last_turn_ndcg10", "product_ndcg10", "rewritten_ndcg10"}
        assert figures["rewritten_ndcg10"] == figures["product_ndcg10"] == 1
        # no word to search for: all tie, the fifth document stays fifth, 1/log2(6)
        assert figures["last_turn_ndcg10"] == pytest.approx(0.3869, abs=1e-4)

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param({"history": []}, id="no-history"),
            pytest.param({"rewritten": None}, id="no-rewrite"),
            pytest.param({"relevant": []}, id="nothing-relevant"),
        ],
    )
    def test_a_turn_that_lacks_something_is_in_none_of_the_three(self, bench, other):
        both = bench(dialogues=[TURN, {**TURN, "id": "t2", "relevant": ["4"], **other}])
        assert both["multiturn"]["turns"] == 1
        assert both["multiturn"]["rewritten_ndcg10"] == 1

    def test_without_a_usable_turn_the_three_are_unknown(self, bench):
        figures = bench(dialogues=[{**TURN, "rewritten": None}])["multiturn"]
        assert figures["turns"] == 0
        assert figures["product_ndcg10"] is None

    def test_labelled_turns_have_refusal_figures_of_their_own(self, bench):
        figures = bench(dialogues=[{**TURN, "answerable": True}])
        assert figures.keys() == FIGURES | {"multiturn"}
        assert figures["multiturn"]["refusal_auroc"] is None
        assert figures["multiturn"]["false_refusals"] in {0, 1}

    def test_their_relevant_documents_survive_a_limit(self, bench):
        assert bench(limit=1, dialogues=[{**TURN, "relevant": ["5"]}])["docs"] == 4


def searched(answerability, *, answerable):
    return Search(answerability=answerability, answerable=answerable)


def test_refusal_figures_worked_out_by_hand():
    found = refusal_figures(
        [
            (searched(0.9, answerable=True), True),
            (searched(0.4, answerable=False), True),
            (searched(0.5, answerable=True), False),
            (Search(fault="boom"), False),
        ]
    )
    # of the four pairs of an answerable and an unanswerable one, only 0.4 against 0.5 is wrong
    assert found == {"refusal_auroc": 0.75, "false_answers": 0.5, "false_refusals": 0.5}


def test_labels_of_one_kind_have_no_curve():
    found = refusal_figures([(searched(0.9, answerable=True), True)])
    assert found == {"refusal_auroc": None, "false_answers": None, "false_refusals": 0}


def test_a_query_that_cannot_be_asked_is_a_miss_and_is_reported(tmp_path):
    folder = write_set(tmp_path / "set", queries=[{"id": "q1", "text": "  "}, *QUERIES[1:]])
    said = []
    data = read_set(folder).first_queries(None)
    figures = run_bench(data, HashingEmbedder(), workdir=tmp_path / "work", progress=said.append)
    assert figures["recall10"] == pytest.approx(2 / 3)
    assert [line for line in said if "query q1 counts as a miss" in line]


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        pytest.param("corpus.jsonl", None, r"corpus\.jsonl cannot be read: No", id="missing"),
        pytest.param("corpus.jsonl", "", r"corpus\.jsonl is empty", id="empty"),
        pytest.param("queries.jsonl", "\n", r"queries\.jsonl is empty", id="blank"),
        pytest.param("qrels.tsv", None, r"qrels\.tsv cannot be read", id="no-judgements"),
        pytest.param(
            "corpus.jsonl",
            '{"id":"1","text":"a"}\n\n{"id"',
            r"corpus\.jsonl, line 3: ",
            id="cut-off",
        ),
        pytest.param("queries.jsonl", '{"id":"1"}', "line 1: text: Field required", id="no-text"),
        pytest.param("queries.jsonl", "[]", "line 1: the line: Input", id="no-object"),
        pytest.param(
            "corpus.jsonl",
            '{"id":"1","text":"a"}\n{"id":"1","text":"b"}',
            "line 2: the id '1' was used before",
            id="twice",
        ),
        pytest.param("qrels.tsv", "q\td\ts\nq1 4 1", r"line 2: .*with tabs", id="spaces"),
        pytest.param("qrels.tsv", "q\td\ts\nq1\t4\tyes", "line 2", id="a-score-in-words"),
        pytest.param("qrels.tsv", "q\td\ts\nq1\t4\tinf", "line 2", id="an-endless-score"),
        pytest.param(
            "multiturn.jsonl",
            json.dumps({**TURN, "history": [{"role": "system", "text": "a"}]}),
            r"line 1: history\.0\.role",
            id="a-role-we-do-not-know",
        ),
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path, file, text, complaint):
    path = write_set(tmp_path / "set") / file
    path.unlink(missing_ok=True) if text is None else path.write_text(text)
    with pytest.raises(BenchmarkError, match=complaint):
        read_set(tmp_path / "set")


def test_bytes_that_are_not_utf8_are_named_with_their_line(tmp_path):
    (write_set(tmp_path / "set") / "corpus.jsonl").write_bytes(b'{"id":"1","text":"\xff"}')
    with pytest.raises(BenchmarkError, match=r"corpus\.jsonl, after line 0: not UTF-8"):
        read_set(tmp_path / "set")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BenchmarkError, match=r"There is no folder .*nowhere"):
        read_set(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('{"_id": "1", "text": "a", "metadata": {}}', id="as-on-the-beir-site"),
        pytest.param('{"id": 1, "text": "a", "title": null}', id="a-number-and-no-title"),
        pytest.param('{"id": "1", "text": "a\u2028b\u0085"}', id="separators-inside-a-text"),
        pytest.param('\ufeff{"id": "1", "text": "a"}\r', id="windows-files"),
    ],
)
def test_common_forms_of_a_line_are_read(tmp_path, line):
    (write_set(tmp_path / "set") / "corpus.jsonl").write_text(line + "\n")
    (document,) = read_set(tmp_path / "set").documents
    assert (document.id, document.title, document.text[0]) == ("1", "", "a")


class TestScratch:
    """The folder that is removed afterwards."""

    @pytest.mark.parametrize("exists", [True, False])
    def test_it_is_removed_also_after_an_error(self, tmp_path, exists):
        folder = tmp_path / "a" / "b"
        folder.mkdir(parents=True) if exists else None
        with pytest.raises(FileNotFoundError), scratch(folder) as workdir:
            (workdir / "missing folder" / "file").touch()
        assert not folder.exists()

    def test_a_folder_with_something_in_it_is_left_alone(self, tmp_path):
        (tmp_path / "thesis.txt").write_text("precious")
        with pytest.raises(BenchmarkError, match="not an empty folder: name a new one"):
            scratch(tmp_path).__enter__()
        assert (tmp_path / "thesis.txt").exists()

    def test_without_a_name_it_is_a_temporary_one(self):
        with scratch(None) as workdir:
            assert workdir.is_dir()
        assert not workdir.exists()


def test_peak_memory_counts_children(tmp_path):
    before = peak_mb()
    hungry = f"x = bytearray({int(before + 200)} * 2**20); print(len(x))"
    subprocess.run([sys.executable, "-c", hungry], check=True, capture_output=True)
    assert before < 10_000
    assert peak_mb() > before + 150
