"""The canned questions: their schema, their fairness, and their fit to the corpus that ships."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from evals.errors import QuestionsError
from evals.questions import FOLDER, Expected, Question, digest, expected_sections, load_questions
from ingest.articles import plain_article, prepare
from ingest.sources import find_sources, read_source
from pincite.errors import CorpusError

CORPUS = Path(__file__).parent.parent / "corpus"
QUESTIONS = load_questions()
UNANSWERABLE = {"near-topic", "unrelated", "unknowable", "nonsense"}


def by_id(questions):
    return [pytest.param(question, id=question.id) for question in questions]


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


def test_the_set_has_sixty_questions_in_the_promised_proportions():
    assert Counter(q.class_ for q in QUESTIONS) == {
        "answerable": 40,
        "follow-up": 8,
        **dict.fromkeys(UNANSWERABLE, 3),
    }


def test_about_a_fifth_of_every_kind_is_held_out():
    kinds = Counter(q.class_ if q.answerable else "unanswerable" for q in QUESTIONS if q.holdout)
    assert kinds == {"answerable": 7, "follow-up": 2, "unanswerable": 4}


def test_every_shipped_article_is_asked_about_at_least_twice(articles):
    asked = Counter(id_ for q in QUESTIONS for id_ in {e.article for e in q.expected})
    assert {id_: n for id_ in articles if (n := asked[id_]) < 2} == {}


@pytest.mark.parametrize("question", by_id(q for q in QUESTIONS if q.answerable))
def test_every_expected_span_stands_once_in_a_section_of_its_article(question, articles):
    assert len(expected_sections(question, articles)) == len(question.expected)


@pytest.mark.parametrize("question", by_id(QUESTIONS))
def test_no_question_borrows_its_words_from_an_article(question, five_word_runs):
    asked = [turn.text for turn in question.history if turn.role == "user"]
    runs = runs_of_five("\n".join([question.question, question.rewritten or "", *asked]))
    assert [run for run in runs & five_word_runs if is_telling(run)] == []


@pytest.mark.parametrize("question", by_id(q for q in QUESTIONS if q.class_ == "follow-up"))
def test_a_follow_up_ends_with_a_short_turn_by_the_user(question):
    assert question.history[-1].role == "assistant"
    assert len(question.question) < len(question.rewritten)


def test_a_question_about_drawbacks_expects_the_answer_on_disadvantages(articles):
    question = next(q for q in QUESTIONS if q.id == "secondment-downsides")
    (section,) = expected_sections(question, articles)
    article_id, _, number = section.partition("#")
    assert "disadvantages" in articles[article_id].sections[int(number)].heading


ANSWERABLE = """
- id: notice
  class: answerable
  question: How long?
  expected:
    - article: notice
      span: Three months is what most contracts ask for, sometimes a little more.
"""
TEN_WORDS = "Three months is what most contracts ask for, sometimes more."


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("- [", "bad.yaml is not YAML", id="not-yaml"),
        pytest.param("id: x", r"bad\.yaml, the file: .*valid list", id="not-a-list"),
        pytest.param(
            "- id: x\n  class: joke\n  question: a", "x: class: Input should be", id="class"
        ),
        pytest.param(
            ANSWERABLE + "  hint: none", "notice: hint: Extra inputs", id="an-unknown-field"
        ),
        pytest.param(
            "- id: x\n  class: answerable\n  question: a",
            "x: the entry: .*`expected` belongs",
            id="bare",
        ),
        pytest.param(
            ANSWERABLE.replace("answerable", "nonsense"),
            "`expected` belongs",
            id="nonsense-answered",
        ),
        pytest.param(
            ANSWERABLE.replace("answerable", "follow-up"),
            "`history` and `rewritten`",
            id="no-history",
        ),
        pytest.param(
            ANSWERABLE.replace(" sometimes a little more", ""), "10 to 40 words", id="short-span"
        ),
        pytest.param(ANSWERABLE * 2, r"used twice: \['notice'\]", id="twice"),
        pytest.param("[]", "There are no questions", id="empty"),
    ],
)
def test_a_question_file_that_does_not_fit_is_named(tmp_path, text, complaint):
    (tmp_path / "bad.yaml").write_text(text)
    with pytest.raises(QuestionsError, match=complaint):
        load_questions(tmp_path)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("Other words.", "words that are no times in the published text", id="absent"),
        pytest.param(f"{TEN_WORDS}\n\n{TEN_WORDS}", "words that are 2 times", id="ambiguous"),
    ],
)
def test_an_expected_span_that_the_article_does_not_have_once_is_an_error(text, complaint):
    expected = Expected(article="notice", span=TEN_WORDS)
    question = Question(
        **{"id": "x", "class": "answerable", "question": "?", "expected": [expected]}
    )
    published = {"notice": plain_article("notice", title="Notice", text=text)}
    with pytest.raises(QuestionsError, match=complaint):
        expected_sections(question, published)


def test_an_expected_article_that_is_not_published_is_an_error():
    expected = Expected(article="gone", span=TEN_WORDS)
    question = Question(
        **{"id": "x", "class": "answerable", "question": "?", "expected": [expected]}
    )
    with pytest.raises(QuestionsError, match=r"'x' expects the article 'gone', which is not publ"):
        expected_sections(question, {})


@pytest.fixture
def data(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text("Words.")
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "q.yaml").write_text(ANSWERABLE)
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
