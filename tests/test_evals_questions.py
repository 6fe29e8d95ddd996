"""The canned questions: their schema, their fairness, and their fit to the corpus that ships."""

import re
from collections import Counter
from dataclasses import replace
from itertools import permutations, product
from typing import get_args

import pytest
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from evals.errors import QuestionsError
from evals.metrics import METRICS
from evals.outcome import OKAY, VITAL
from evals.places import grades, located, nuggets, section_name, section_names, section_of, sides
from evals.questions import (
    ANSWERABLE,
    FOLDER,
    TOPICS,
    Class,
    Expected,
    Question,
    Style,
    digest,
    load_questions,
)
from ingest.articles import plain_article, prepare
from ingest.sources import find_sources, read_source
from pincite.errors import CorpusError
from tests.conftest import ROOT

CORPUS = ROOT / "corpus"
QUESTIONS = load_questions()
WITH_ANSWER = [q for q in QUESTIONS if q.answerable]
FOLLOW_UPS = [q for q in QUESTIONS if q.class_ == "follow-up"]
DISAGREEMENTS = [q for q in QUESTIONS if q.class_ == "disagreement"]
UNANSWERABLE = sorted(set(get_args(Class)) - ANSWERABLE)


def by_id(questions):
    return [pytest.param(question, id=question.id) for question in questions]


def kind_of(question):
    return question.class_ if question.answerable else "unanswerable"


@pytest.fixture(scope="module")
def articles():
    prepared = {
        path.stem: prepare(read_source(CORPUS, path)).article for path in find_sources(CORPUS)
    }
    return {id_: replace(article, id=id_) for id_, article in prepared.items()}


@pytest.fixture(scope="module")
def five_word_runs(articles):
    return {run for a in articles.values() for run in runs_of_five(f"{a.title}\n{a.text}")}


def runs_of_five(text):
    words = re.findall(
        r"[a-z0-9]+(?:'[a-z]+)?", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    )
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def is_telling(words):
    return sum(word not in ENGLISH_STOP_WORDS for word in words) >= 3


class TestTheSet:
    """What the questions are together: enough of each kind that a figure means something."""

    @pytest.mark.parametrize(
        ("questions", "least"),
        [
            pytest.param(QUESTIONS, 300, id="all"),
            pytest.param([q for q in QUESTIONS if q.class_ == "answerable"], 180, id="answerable"),
            pytest.param(FOLLOW_UPS, 40, id="follow-ups"),
            pytest.param(DISAGREEMENTS, 20, id="disagreements"),
            pytest.param([q for q in QUESTIONS if q.uncovered], 12, id="half-covered"),
            pytest.param([q for q in QUESTIONS if not q.answerable], 60, id="unanswerable"),
        ],
    )
    def test_it_is_large_enough(self, questions, least):
        assert len(questions) >= least

    @pytest.mark.parametrize("class_", UNANSWERABLE)
    def test_every_way_of_having_no_answer_is_asked(self, class_):
        assert sum(q.class_ == class_ for q in QUESTIONS) >= 8

    @pytest.mark.parametrize("style", get_args(Style))
    def test_every_way_of_writing_is_asked(self, style):
        assert sum(q.style == style and q.class_ == "answerable" for q in QUESTIONS) >= 10

    def test_a_fifth_is_held_out(self):
        assert 0.18 <= sum(q.holdout for q in QUESTIONS) / len(QUESTIONS) <= 0.22

    @pytest.mark.parametrize("kind", [*sorted(ANSWERABLE), "unanswerable"])
    def test_about_a_fifth_of_every_kind_is_held_out(self, kind):
        held_out = [q.holdout for q in QUESTIONS if kind_of(q) == kind]
        assert 0.12 <= sum(held_out) / len(held_out) <= 0.28

    def test_every_topic_is_asked_about(self):
        assert {q.topic for q in WITH_ANSWER} == set(TOPICS)

    def test_every_shipped_article_is_expected_at_least_twice(self, articles):
        asked = Counter(id_ for q in QUESTIONS for id_ in {e.article for e in q.expected})
        assert {id_: n for id_ in articles if (n := asked[id_]) < 2} == {}

    def test_threads_are_set_against_columns(self, articles):
        pairs = {pair for q in DISAGREEMENTS for pair in opposed(q)}
        kinds = Counter((articles[one].kind, articles[other].kind) for one, other in pairs)
        assert kinds["thread", "column"] >= 10

    def test_the_oblique_wordings_fit_the_same_schema_and_corpus(self, articles):
        oblique = load_questions(FOLDER / "oblique")
        assert [len(located(q, articles)) - len(q.expected) for q in oblique] == [0] * len(oblique)


def opposed(question):
    """Return the pairs of articles that different sides of a question stand in."""
    return {
        (one.article, other.article)
        for one, other in product(question.expected, repeat=2)
        if one.side and other.side and one.side != other.side
    }


@pytest.mark.parametrize("question", by_id(WITH_ANSWER))
def test_expected_words_stand_once_in_a_section_that_answers(question, articles):
    found = [(articles[p.article].section_at(p.start), p) for p in located(question, articles)]
    assert [p for section, p in found if section.is_question or p.end > section.end] == []


@pytest.mark.parametrize("question", by_id(WITH_ANSWER))
def test_a_good_answer_holds_few_facts(question, articles):
    facts = nuggets(question.expected, located(question, articles))
    assert 1 <= len(facts) <= 8
    assert 1 <= sum(fact.vital for fact in facts) <= 4


@pytest.mark.parametrize("question", by_id(QUESTIONS))
def test_no_question_borrows_its_words_from_an_article(question, five_word_runs):
    asked = [turn.text for turn in question.history if turn.role == "user"]
    runs = runs_of_five("\n".join([question.question, question.rewritten or "", *asked]))
    assert [run for run in runs & five_word_runs if is_telling(run)] == []


@pytest.mark.parametrize("question", by_id(FOLLOW_UPS))
def test_a_follow_up_comes_after_a_reply_and_is_shorter_than_what_it_means(question):
    assert question.history[0].role == "user"
    assert question.history[-1].role == "assistant"
    assert len(question.question) <= len(question.rewritten)


@pytest.mark.parametrize("question", by_id(DISAGREEMENTS))
def test_sides_speak_in_sections_of_their_own(question, articles):
    speaking = sides(question.expected, located(question, articles))
    shared = {a: set(speaking[a]) & set(speaking[b]) for a, b in permutations(speaking, 2)}
    assert {name: sections for name, sections in shared.items() if sections} == {}


def test_a_question_about_drawbacks_expects_the_answer_on_disadvantages(articles):
    question = next(q for q in QUESTIONS if q.id == "secondment-downsides")
    place, *_ = located(question, articles)
    assert "disadvantages" in section_name(place.section, articles)


NOTICE = """
- id: notice
  class: answerable
  topic: resigning
  question: How long?
  expected:
    - article: notice
      span: Three months is what most contracts ask for, sometimes a little more.
"""
OTHER = """\
    - article: thread
      span: Nobody in my year stayed for longer than six weeks after resigning.
"""
ASKED_BEFORE = """\
  history: [{role: user, text: Hm}, {role: assistant, text: Well}]
  rewritten: How long is the notice period of an associate?
"""
TEN_WORDS = "Three months is what most contracts ask for, sometimes more."


def of_class(class_, text=NOTICE):
    return text.replace("answerable", class_)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("- [", "bad.yaml is not YAML", id="not-yaml"),
        pytest.param("id: x", r"bad\.yaml, the file: .*valid list", id="not-a-list"),
        pytest.param("", r"bad\.yaml, the file: .*valid list", id="an-empty-file"),
        pytest.param("[]", "There are no questions", id="no-question"),
        pytest.param(NOTICE * 2, r"used twice: \['notice'\]", id="an-id-twice"),
        pytest.param(NOTICE.replace("id: notice", "id: A b"), "A b: id: String", id="an-odd-id"),
        pytest.param(of_class("joke"), "notice: class: Input should be", id="class"),
        pytest.param(NOTICE + "  style: loud", "notice: style: Input should be", id="style"),
        pytest.param(
            NOTICE.replace("resigning", "weather"), "notice: topic: Input should be", id="topic"
        ),
        pytest.param(
            NOTICE.replace("  topic: resigning\n", ""),
            "notice: the entry: .*has a `topic`",
            id="answerable-without-topic",
        ),
        pytest.param(
            NOTICE + "  hint: none", "notice: hint: Extra inputs", id="a-field-nobody-knows"
        ),
        pytest.param(
            NOTICE.partition("  expected")[0],
            "notice: the entry: .*`expected` belongs",
            id="answerable-without-answer",
        ),
        *(
            pytest.param(of_class(class_), "`expected` belongs", id=f"{class_}-with-an-answer")
            for class_ in UNANSWERABLE
        ),
        pytest.param(
            NOTICE + "      worth: okay",
            "notice: the entry: .*one of `expected` at least is vital",
            id="nothing-vital",
        ),
        pytest.param(
            NOTICE + "      worth: splendid",
            r"notice: expected\.0\.worth: Input should be",
            id="worth",
        ),
        pytest.param(
            of_class("follow-up"), "`history` and `rewritten`", id="a-follow-up-of-nothing"
        ),
        pytest.param(
            of_class("follow-up") + ASKED_BEFORE.partition("  rewritten")[0],
            "`history` and `rewritten`",
            id="a-follow-up-that-nobody-understood",
        ),
        pytest.param(
            of_class("follow-up") + "  rewritten: How long is the notice period?",
            "`history` and `rewritten`",
            id="a-follow-up-without-history",
        ),
        pytest.param(
            NOTICE + ASKED_BEFORE, "`history` and `rewritten`", id="a-history-of-no-follow-up"
        ),
        pytest.param(
            of_class("disagreement"), "two `side`s at least", id="a-disagreement-without-sides"
        ),
        pytest.param(
            of_class("disagreement") + "      side: column\n" + OTHER,
            "two `side`s at least",
            id="a-disagreement-of-one",
        ),
        pytest.param(
            of_class("disagreement") + "      side: column\n" + OTHER + "      side: column",
            "two `side`s at least",
            id="a-disagreement-with-oneself",
        ),
        pytest.param(
            NOTICE + "      side: column\n" + OTHER + "      side: poster",
            "two `side`s at least",
            id="sides-of-no-disagreement",
        ),
        pytest.param(
            of_class("half-covered"),
            "`uncovered` belongs to every half-covered",
            id="half-covered-without-a-rest",
        ),
        pytest.param(
            NOTICE + "  uncovered: How long", "`uncovered` belongs", id="a-rest-of-no-half-covered"
        ),
        pytest.param(
            of_class("half-covered") + "  uncovered: Why", "words of the question", id="other-words"
        ),
        pytest.param(
            NOTICE.replace(" sometimes a little more", ""),
            r"notice: expected\.0: .*10 to 40 words",
            id="nine-words",
        ),
        pytest.param(
            NOTICE.replace("Three", "word " * 30 + "Three"), "10 to 40 words", id="forty-two-words"
        ),
        pytest.param(
            NOTICE.replace("span: Three", 'span: "Three').replace("more.", 'more.\\n"'),
            "of one paragraph",
            id="two-paragraphs",
        ),
    ],
)
def test_a_question_file_that_does_not_fit_is_named(tmp_path, text, complaint):
    (tmp_path / "bad.yaml").write_text(text)
    with pytest.raises(QuestionsError, match=complaint):
        load_questions(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(NOTICE, id="answerable"),
        pytest.param(of_class("follow-up", NOTICE + ASKED_BEFORE), id="follow-up"),
        pytest.param(
            of_class("disagreement") + "      side: column\n" + OTHER + "      side: poster",
            id="disagreement",
        ),
        pytest.param(of_class("half-covered") + "  uncovered: How long", id="half-covered"),
        pytest.param(NOTICE + "      side: column", id="one-side-may-be-named"),
        pytest.param(NOTICE + OTHER + "      worth: okay", id="okay-beside-vital"),
        pytest.param("- {id: x, class: nonsense, question: Moon}", id="nonsense"),
        pytest.param(
            "- {id: x, class: near-topic, topic: abroad, question: Robe}", id="no-answer-a-topic"
        ),
    ],
)
def test_a_question_file_that_fits_is_read(tmp_path, text):
    (tmp_path / "good.yaml").write_text(text)
    assert len(load_questions(tmp_path)) == 1


def expecting(*expected):
    values = {"id": "x", "class": "answerable", "topic": "resigning", "question": "?"}
    return Question(**values, expected=expected)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("Other words.", "words that are no times in the published text", id="absent"),
        pytest.param(f"{TEN_WORDS}\n\n{TEN_WORDS}", "words that are 2 times", id="ambiguous"),
    ],
)
def test_an_expected_span_that_the_article_does_not_have_once_is_an_error(text, complaint):
    published = {"notice": plain_article("notice", title="Notice", text=text)}
    with pytest.raises(QuestionsError, match=complaint):
        located(expecting(Expected(article="notice", span=TEN_WORDS)), published)


def test_an_expected_article_that_is_not_published_is_an_error():
    with pytest.raises(QuestionsError, match=r"'x' expects the article 'gone', which is not publ"):
        located(expecting(Expected(article="gone", span=TEN_WORDS)), {})


def test_expected_words_outside_all_sections_are_an_error():
    article = plain_article("notice", title="Notice", text=TEN_WORDS)
    published = {"notice": replace(article, sections=())}
    with pytest.raises(QuestionsError, match="'x' expects words outside all sections of 'notice'"):
        located(expecting(Expected(article="notice", span=TEN_WORDS)), published)


class TestPlaces:
    """What expected words become when they are found: grades, facts and sides."""

    LONG = "Three months is what most contracts ask for, sometimes more."
    GARDEN = "Some firms send you home and pay you until it ends."
    TOLD = "Tell the partner first, in person, and nobody else before that."
    ARTICLE = plain_article(
        "notice", title="Notice", text=f"# Long?\n\n{LONG} {GARDEN}\n\n# Who?\n\n{TOLD}"
    )
    ARTICLES = {"notice": ARTICLE}  # noqa: RUF012 - a table that no test changes

    def found(self, *wanted):
        """Locate expected words, given as a span and further fields."""
        expected = [Expected(article="notice", span=span, **fields) for span, fields in wanted]
        question = expecting(*expected, Expected(article="notice", span=self.TOLD))
        return expected, located(question, self.ARTICLES)[: len(expected)]

    def test_a_place_is_that_of_the_words_and_of_their_section(self):
        _, places = self.found((self.GARDEN, {}), (self.TOLD, {}))
        assert [self.ARTICLE.text[p.start : p.end] for p in places] == [self.GARDEN, self.TOLD]
        assert [p.section for p in places] == ["notice#0", "notice#1"]

    @pytest.mark.parametrize(
        ("worths", "graded"),
        [
            pytest.param(("vital", "vital"), {"notice#0": VITAL}, id="vital"),
            pytest.param(("okay", "okay"), {"notice#0": OKAY}, id="okay"),
            pytest.param(("vital", "okay"), {"notice#0": VITAL}, id="vital-wins"),
            pytest.param(("okay", "vital"), {"notice#0": VITAL}, id="vital-wins-when-last"),
        ],
    )
    def test_a_section_is_graded_by_the_best_of_its_words(self, worths, graded):
        spans = (self.LONG, self.GARDEN)
        wanted = ((s, {"worth": w}) for s, w in zip(spans, worths, strict=True))
        assert grades(*self.found(*wanted)) == graded

    def test_words_with_one_nugget_are_one_fact_in_two_places(self):
        fact = {"nugget": "how long"}
        expected, places = self.found((self.LONG, fact), (self.TOLD, fact))
        (nugget,) = nuggets(expected, places)
        assert (nugget.says, nugget.places) == ("how long", tuple(places))

    def test_words_without_a_nugget_are_a_fact_each(self):
        expected, places = self.found((self.LONG, {}), (self.TOLD, {"worth": "okay"}))
        first, second = nuggets(expected, places)
        assert (first.vital, first.places, first.says) == (True, (places[0],), None)
        assert (second.vital, second.places) == (False, (places[1],))

    def test_one_vital_place_makes_the_fact_vital(self):
        fact = {"nugget": "how long"}
        wanted = ((self.LONG, {**fact, "worth": "okay"}), (self.TOLD, fact))
        (nugget,) = nuggets(*self.found(*wanted))
        assert nugget.vital

    def test_a_side_speaks_in_each_of_its_sections_and_words_without_one_in_none(self):
        column = {"side": "column"}
        wanted = ((self.LONG, column), (self.GARDEN, {}), (self.TOLD, column))
        assert sides(*self.found(*wanted)) == {"column": ("notice#0", "notice#1")}

    @pytest.mark.parametrize(
        ("words", "section"),
        [
            pytest.param("Three months", "notice#0", id="first-character"),
            pytest.param("before that.", "notice#1", id="last-words"),
            pytest.param("Who?", "notice#-1", id="a-heading-is-in-no-section"),
            pytest.param("\nThree", "notice#-1", id="nor-is-what-stands-before-the-first-word"),
        ],
    )
    def test_a_character_belongs_to_the_section_around_it(self, words, section):
        assert section_of(self.ARTICLE, self.ARTICLE.text.index(words)) == section

    def test_sections_are_named_for_readers_once_each(self):
        named = section_names(["notice#1", "notice#-1", "notice#1"], self.ARTICLES)
        assert named == "notice > Who?, notice"


class TestTheDocumentation:
    """What is said of questions and metrics holds for those that there are."""

    def test_the_example_of_a_question_fits_the_schema_and_the_corpus(self, articles, tmp_path):
        (example,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.S)
        (tmp_path / "example.yaml").write_text(example)
        (question,) = load_questions(tmp_path)
        assert len(nuggets(question.expected, located(question, articles))) == 2

    @pytest.mark.parametrize("name", [*get_args(Class), *get_args(Style), *METRICS])
    def test_every_class_style_and_metric_is_explained(self, name):
        assert f"`{name}`" in (ROOT / "docs" / "evaluation.md").read_text()


@pytest.fixture
def data(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text("Words.")
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "q.yaml").write_text(NOTICE)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        pytest.param("corpus/a.md", True, id="an-article"),
        pytest.param("corpus/added/b.md", True, id="a-new-article"),
        pytest.param("questions/q.yaml", True, id="a-question"),
        pytest.param("corpus/README.md", False, id="a-readme-is-no-source"),
        pytest.param("corpus/.draft.md", False, id="a-dot-file-is-no-source"),
    ],
)
def test_the_digest_changes_with_what_scores_depend_on(data, path, counts):
    before = digest(data / "corpus", data / "questions")
    (data / path).parent.mkdir(exist_ok=True)
    (data / path).write_text("Something else.")
    assert (digest(data / "corpus", data / "questions") != before) is counts


def test_the_digest_of_no_corpus_is_an_error(tmp_path):
    with pytest.raises(CorpusError, match="no corpus folder"):
        digest(tmp_path / "nowhere", FOLDER)
