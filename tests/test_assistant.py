"""From a question to an answer, over the articles that ship: every quote is exact."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.articles import plain_article
from ingest.corpus import publish_corpus, remove
from ingest.publish import publish
from pincite.answering import Assistant
from pincite.answering.gate import answerability, features
from pincite.answering.quotes import QuoteWriter
from pincite.errors import QuestionError
from pincite.library import LiveLibrary
from pincite.model import MAX_QUESTION, Statement, Turn
from pincite.retrieval import BM25_ONLY
from pincite.sentences import sentence_spans
from tests.conftest import ROOT

ON_TOPIC = [
    "How should I resign from my law firm?",
    "What are the main advantages of a client secondment?",
    "When is the best time to go in-house?",
    "Should I take a leave of absence because of the hours?",
    "How do I ask for feedback?",
]
OFF_TOPIC = ["How do I bake sourdough bread?", "giraffe zebra", "What is the capital of Peru?"]


@pytest.fixture
def assistant(shipped_data, embedder, plain_gate):
    return Assistant(LiveLibrary(shipped_data, embedder), embedder)


@pytest.fixture
def small(data, embedder, plain_gate):
    return Assistant(LiveLibrary(data, embedder), embedder)


def assert_pinned(answer, library):
    """What holds of every answer, whatever was asked."""
    quoted = [c for s in answer.statements for c in s.citations]
    assert all(library.articles[c.article_id].text[c.start : c.end] == c.quote for c in quoted)
    assert all(s.citations for s in answer.statements)
    assert (answer.status == "answered") == bool(quoted)
    assert not (answer.statements and answer.nearest)
    assert answer.generation == library.generation


@pytest.mark.parametrize("question", ON_TOPIC)
def test_what_the_library_covers_is_answered_in_exact_words(assistant, shipped, question):
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert_pinned(answer, shipped)


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_what_it_does_not_cover_is_refused_without_a_citation(assistant, question):
    answer = assistant.ask(question)
    assert (answer.status, answer.citations) == ("refused", ())


def headings():
    folder = sorted((ROOT / "corpus").rglob("[!R]*.md"))
    lines = [line for path in folder for line in path.read_text().splitlines()]
    return [line.lstrip("#Q: ") for line in lines if line.startswith(("## ", "Q: "))]


def test_every_heading_of_the_corpus_asked_is_answered_with_exact_quotes_or_refused(
    assistant, shipped
):
    answers = [assistant.ask(heading) for heading in headings()]
    assert len(answers) > 60
    [assert_pinned(answer, shipped) for answer in answers]
    assert sum(answer.status == "answered" for answer in answers) > len(answers) / 2


@given(
    question=st.text(min_size=1, max_size=200).filter(str.strip),
    history=st.lists(
        st.builds(Turn, st.sampled_from(["user", "assistant"]), st.text(max_size=50)), max_size=4
    ),
)
def test_whatever_is_typed_is_answered_with_exact_quotes_or_refused(
    assistant, shipped, question, history
):
    assert_pinned(assistant.ask(question, history=history), shipped)


vocabulary = st.sampled_from(
    "partner notice hours secondment leave pay firm interview client review what i my".split()
)


@given(st.lists(vocabulary, min_size=1, max_size=8).map(" ".join))
def test_questions_of_the_librarys_own_words_hold_as_well(assistant, shipped, question):
    answer = assistant.ask(question)
    assert_pinned(answer, shipped)
    assert answer == assistant.ask(question)


def test_a_statement_is_a_whole_sentence_of_its_article(assistant, shipped):
    for_whole = {
        id_: set(sentence_spans(article.text)) for id_, article in shipped.articles.items()
    }
    cited = [c for question in ON_TOPIC for c in assistant.ask(question).citations]
    assert cited
    assert all((c.start, c.end) in for_whole[c.article_id] for c in cited)


def test_a_refusal_names_at_most_three_near_articles(assistant, shipped):
    nearest = assistant.ask("Who won the secondment chess tournament in Peru?").nearest
    assert len({near.article_id for near in nearest}) == len(nearest) == 3
    assert all(shipped.articles[near.article_id].title == near.title for near in nearest)


def test_a_follow_up_is_answered_on_the_subject_of_the_dialogue(assistant):
    dialogue = [Turn("user", "What are the drawbacks of a client secondment?")]
    answer = assistant.ask("And the benefits?", history=dialogue)
    assert answer.standalone_question == "And the benefits? (client secondment)"
    assert answer.question == "And the benefits?"
    assert "client-secondments" in {c.article_id for c in answer.citations}


def test_a_forecast_is_refused_however_much_is_known(assistant):
    covered, forecast = "Should I go in-house?", "Will I go in-house next year?"
    assert [assistant.ask(q).status for q in (covered, forecast)] == ["answered", "refused"]


def test_what_is_covered_but_not_said_in_any_whole_sentence_is_refused(
    tmp_path, embedder, plain_gate
):
    text = (
        "Should I leave the firm before the end of the year, or wait until the bonus is paid? " * 2
    )
    publish([plain_article("q", title="Leaving", text=text)], data=tmp_path, embedder=embedder)
    answer = Assistant(LiveLibrary(tmp_path, embedder), embedder).ask("Should I leave the firm?")
    assert (answer.status, [near.title for near in answer.nearest]) == ("refused", ["Leaving"])


@pytest.mark.parametrize("question", ["", "  \n\t", "\u2003"])
def test_an_empty_question_is_answered_with_a_request(assistant, question):
    with pytest.raises(QuestionError, match="Please type a question"):
        assistant.ask(question)


def test_half_a_character_in_a_question_is_answered_with_a_request(assistant):
    with pytest.raises(QuestionError, match="characters that are no text; type it anew"):
        assistant.ask("notice \ud800 period")


def test_a_question_of_the_longest_length_is_answered(assistant):
    assert assistant.ask("notice " * 285 + "12345").question.endswith("12345")


def test_a_longer_one_says_how_long_it_may_be(assistant):
    with pytest.raises(QuestionError, match=r"has 2,001 characters; shorten it to 2,000"):
        assistant.ask("x" * (MAX_QUESTION + 1))


def test_assessing_decides_as_asking_does(assistant):
    for_each = [
        (assistant.assess(q).answerable, assistant.ask(q).status) for q in ON_TOPIC + OFF_TOPIC
    ]
    assert {(True, "answered"), (False, "refused")} == set(for_each)


class TestSeveralQuestionsInOne:
    """What is covered is answered; the rest is named, and not passed over."""

    COVERED = "What are the main advantages of a client secondment?"
    OTHER = "When is the best time to go in-house?"
    UNCOVERED = "How do I bake sourdough bread?"

    @pytest.mark.parametrize(
        ("question", "uncovered"),
        [
            pytest.param(f"{COVERED} {UNCOVERED}", (UNCOVERED,), id="the-second"),
            pytest.param(f"{UNCOVERED} {COVERED}", (UNCOVERED,), id="the-first"),
            pytest.param(
                f"{COVERED} Will I go in-house next year?",
                ("Will I go in-house next year?",),
                id="what-nobody-can-know",
            ),
            pytest.param(f"{COVERED} {OTHER}", (), id="neither"),
        ],
    )
    def test_what_is_covered_is_answered_and_the_rest_named(
        self, assistant, shipped, question, uncovered
    ):
        answer = assistant.ask(question)
        assert (answer.status, answer.uncovered) == ("answered", uncovered)
        assert_pinned(answer, shipped)

    def test_the_answer_is_that_to_the_covered_part_alone(self, assistant):
        alone = assistant.ask(self.COVERED)
        assert assistant.ask(f"{self.COVERED} {self.UNCOVERED}").statements == alone.statements

    def test_both_parts_are_answered_where_both_are_covered(self, assistant):
        cited = {c.article_id for c in assistant.ask(f"{self.COVERED} {self.OTHER}").citations}
        assert cited & {c.article_id for c in assistant.ask(self.COVERED).citations}
        assert cited & {c.article_id for c in assistant.ask(self.OTHER).citations}

    def test_where_nothing_is_covered_nothing_is_named(self, assistant):
        answer = assistant.ask(f"{self.UNCOVERED} What is the capital of Peru?")
        assert (answer.status, answer.uncovered) == ("refused", ())

    def test_a_follow_up_goes_on_from_what_was_covered(self, assistant):
        dialogue = [Turn("user", f"What are the drawbacks of a secondment? {self.UNCOVERED}")]
        answer = assistant.ask("And the benefits?", history=dialogue)
        assert answer.standalone_question == "And the benefits? (secondment)"
        assert answer.status == "answered"

    @pytest.mark.parametrize(
        "before",
        [
            pytest.param("Should I take a secondment? Why \ud800 not? And who asks?", id="no-text"),
            pytest.param(f"Should I take a secondment? {UNCOVERED * 200}", id="too-long"),
            pytest.param("", id="empty"),
        ],
    )
    def test_what_could_not_be_asked_may_stand_in_a_dialogue(self, assistant, before):
        answer = assistant.ask(self.COVERED, history=[Turn("user", before)])
        assert answer.status == "answered"

    def test_a_part_takes_its_subject_from_the_dialogue(self, assistant):
        dialogue = [Turn("user", "What are the drawbacks of a client secondment?")]
        answer = assistant.ask(f"And the benefits? {self.UNCOVERED}", history=dialogue)
        assert (answer.status, answer.uncovered) == ("answered", (self.UNCOVERED,))
        assert "secondment" in answer.citations[0].title.lower()


class TestTraces:
    """The way from a question to its answer, for those who look into it."""

    @pytest.mark.parametrize("question", [*ON_TOPIC, *OFF_TOPIC, "Will I make partner next year?"])
    def test_a_trace_leads_to_what_asking_returns(self, assistant, question):
        trace = assistant.trace(question)
        assert trace.answer == assistant.ask(question)
        assert trace.assessment.answerable == (trace.answer.status == "answered")

    def test_a_trace_follows_the_dialogue(self, assistant):
        dialogue = [Turn("user", "What are the drawbacks of a client secondment?")]
        trace = assistant.trace("And the benefits?", history=dialogue)
        assert trace.assessment.standalone_question == trace.answer.standalone_question
        assert trace.answer == assistant.ask("And the benefits?", history=dialogue)

    @pytest.mark.parametrize("question", ON_TOPIC)
    def test_what_is_written_is_taken_from_the_evidence_and_shown_whole(self, assistant, question):
        trace = assistant.trace(question)
        spans = {(e.article.id, *span) for e in trace.evidence for span, _ in e.sentences}
        assert {(c.article_id, c.start, c.end) for c in trace.answer.citations} <= spans
        assert trace.answer.statements == tuple(trace.written)

    @pytest.mark.parametrize("question", [*OFF_TOPIC, "Will I make partner next year?"])
    def test_a_refusal_has_no_evidence_and_nothing_is_written(self, assistant, question):
        trace = assistant.trace(question)
        assert (len(trace.evidence), len(trace.written)) == (0, 0)
        assert trace.answer.statements == ()

    def test_what_is_written_and_not_shown_is_what_does_not_stand_at_its_place(
        self, assistant, shipped, monkeypatch
    ):
        question = ON_TOPIC[0]
        true = assistant.trace(question).written
        citation = replace(true[0].citations[0], quote="Words that nobody wrote.")
        invented = Statement("Words that nobody wrote.", (citation,))
        unfounded = Statement("Nobody is named for this.", ())
        monkeypatch.setattr(
            QuoteWriter, "write", lambda self, evidence: [invented, *true, unfounded]
        )
        trace = assistant.trace(question)
        assert [s for s in trace.written if s not in trace.answer.statements] == [
            invented,
            unfounded,
        ]
        assert trace.answer.statements == tuple(true)
        assert_pinned(trace.answer, shipped)

    def test_where_nothing_written_holds_the_answer_is_a_refusal_that_names_articles(
        self, assistant, monkeypatch
    ):
        unfounded = Statement("Nobody is named for this.", ())
        monkeypatch.setattr(QuoteWriter, "write", lambda self, evidence: [unfounded])
        trace = assistant.trace(ON_TOPIC[0])
        assert (trace.answer.status, list(trace.written)) == ("refused", [unfounded])
        assert trace.evidence
        assert len(trace.answer.nearest) == 3

    def test_searching_takes_a_part_of_the_time(self, assistant):
        trace = assistant.trace(ON_TOPIC[0])
        assert 0 < trace.assessment.seconds <= trace.answer.seconds + 0.001


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        pytest.param("Will I go in-house next year?", "a forecast", id="forecast"),
        pytest.param("What did the partner say about my hours?", "a private fact", id="private"),
        pytest.param("What percentage of bonuses is a million?", "a figure", id="figure"),
        pytest.param("Who invented the notice?", "an origin", id="origin"),
        pytest.param("Should I go in-house?", None, id="advice"),
    ],
)
def test_what_cannot_be_had_is_named_and_never_answerable(small, question, kind):
    assessed = small.assess(question)
    assert assessed.missing == kind
    assert (assessed.answerability == 0) == (kind is not None)


def test_a_figure_that_the_best_passages_hold_may_be_answered(corpus, data, embedder, plain_gate):
    assistant = Assistant(LiveLibrary(data, embedder), embedder)
    question = "What percentage of the notice period does the firm pay?"
    assert assistant.assess(question).missing == "a figure"
    path = corpus / "guides" / "notice.md"
    said = "The firm has to pay 80% of the notice period."
    path.write_text(path.read_text().replace("Read your own", f"{said} Read your own"))
    publish_corpus(corpus, data, embedder=embedder)
    assert assistant.assess(question).missing is None
    assert said in {s.text for s in assistant.ask(question).statements}


def test_what_the_gate_looks_at_is_kept(assistant, shipped):
    assessed = assistant.assess(ON_TOPIC[0])
    assert assessed.features == features(ON_TOPIC[0], assessed.hits, shipped)
    assert assessed.answerability == answerability(assessed.features)


def test_the_weights_of_the_search_can_be_chosen(shipped_data, embedder):
    by_words = Assistant(LiveLibrary(shipped_data, embedder), embedder, BM25_ONLY)
    hits = by_words.assess("secondment drawbacks").hits
    assert hits
    assert all(hit.bm25 > 0 for hit in hits)


def test_a_withdrawn_article_is_cited_no_more(corpus, data, embedder, plain_gate):
    assistant = Assistant(LiveLibrary(data, embedder), embedder)
    question = "How long is the notice period?"
    assert {c.article_id for c in assistant.ask(question).citations} == {"notice"}
    remove("notice", corpus, data, embedder=embedder)
    after = assistant.ask(question)
    assert after.generation == 2
    assert "notice" not in {c.article_id for c in after.citations}


def test_an_edited_article_is_quoted_in_its_new_words(corpus, data, embedder, plain_gate):
    assistant = Assistant(LiveLibrary(data, embedder), embedder)
    assistant.ask("How long is the notice period?")
    path = corpus / "guides" / "notice.md"
    path.write_text(path.read_text().replace("Three months is usual", "Six months is usual"))
    publish_corpus(corpus, data, embedder=embedder)
    texts = [s.text for s in assistant.ask("How long is the notice period?").statements]
    assert texts[0].startswith("Six months is usual")


def test_many_people_may_ask_at_once(assistant, shipped):
    asked = (ON_TOPIC + OFF_TOPIC) * 4
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(assistant.ask, asked))
    assert answers == [assistant.ask(question) for question in asked]


@pytest.mark.model
def test_the_product_answers_and_refuses_with_the_real_model(tmp_path, minilm):
    publish_corpus(ROOT / "corpus" / "columns", tmp_path, embedder=minilm)
    live = LiveLibrary(tmp_path, minilm)
    assistant = Assistant(live, minilm)
    answers = [assistant.ask(q) for q in ("How do I hand in my resignation?", *OFF_TOPIC)]
    assert [a.status for a in answers] == ["answered", *["refused"] * len(OFF_TOPIC)]
    assert answers[0].citations[0].article_id == "counteroffers-and-resigning"
    [assert_pinned(answer, live.current()) for answer in answers]
