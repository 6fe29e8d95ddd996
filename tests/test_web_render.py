"""Answers and articles as HTML, and what the page's history says in return."""

from dataclasses import replace
from datetime import date as date_type
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.answering.checking.checker import Reason
from pincite.errors import QuestionError
from pincite.inbox import today
from pincite.model import EDITORS, Answer, Article, LeftOut, NearArticle, Section, Statement, Turn
from tests.web_html import read
from web.dialogue import asked_on_page, checked_request, turns_of_page
from web.feedback import feedback_html
from web.links import citation_link, digest, still_there, web_address
from web.render import WAITING, WHY, answer_html, fault_html, label, waiting_html
from web.source import CHANGED, Marks, article_html
from web.wording import OLD, is_old, readable_date

TEXT = """A first line & more.

What is a drawback?

Being out of sight. <b>Really</b>.
- Hours may not count.
- Work can be narrow.

Another paragraph."""
BODY = TEXT.index("Being")
COLUMN = Article(
    id="second/ments",
    title="Secondments <weighed>",
    kind="column",
    text=TEXT,
    sections=(
        Section(start=0, end=20, heading="", speaker="recruiter"),
        Section(start=BODY, end=len(TEXT), heading="What is a drawback?", speaker="recruiter"),
    ),
    speaker="recruiter",
    author=EDITORS,
    date="2026",
    place="US",
)
THREAD = replace(
    COLUMN,
    id="thread",
    title="A thread",
    kind="thread",
    text="I was away. I came back.",
    sections=(Section(start=0, end=24, heading="Response 1", speaker="forum poster"),),
    speaker="forum poster",
    author=None,
    date=None,
    place=None,
)

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> \"' ]( javascript:alert(1) \n\n# `x`"
)
ANSWER_TAGS = {"div", "p", "b", "span", "q", "a", "ul", "li", "details", "summary", "s"}
SOURCE_TAGS = {"article", "h2", "h3", "div", "p", "ul", "li", "mark", "a"}
ATTRIBUTES = {"class", "id", "href", "title", "target", "rel", "tabindex", "data-start"}


def quoted(article: Article, words: str) -> Statement:
    start = article.text.index(words)
    return Statement(words, (article.cite(start, start + len(words)),))


def answer(*statements: Statement, standalone_question: str = "Why?") -> Answer:
    return Answer(
        question="Why?",
        standalone_question=standalone_question,
        generation=3,
        writer="quotes",
        statements=statements,
    )


HOURS = quoted(COLUMN, "Hours may not count.")
NARROW = quoted(COLUMN, "Work can be narrow.")
AWAY = quoted(THREAD, "I was away.")


def test_statements_of_one_speaker_in_one_article_stand_under_one_label():
    page = read(answer_html(answer(HOURS, NARROW, AWAY)))
    assert page.texts("p", "who") == [
        "A recruiter's column, 2026 Secondments <weighed>",
        "A forum poster, undated A thread",
    ]
    assert page.texts("p", "by") == [
        "Written by Pincite's editors in the voice of a recruiter · US",
        "Response 1 · A forum poster",
    ]


def test_where_kinds_of_speakers_differ_each_has_a_column_in_which_its_voices_stay_together():
    page = read(answer_html(answer(HOURS, AWAY, NARROW)))
    assert len(page.all("div", "sides")) == 1
    assert page.texts("div", "side") == [
        "A recruiter's column, 2026 Secondments <weighed>"
        "Written by Pincite's editors in the voice of a recruiter · USHours may not count.[1]"
        "A recruiter's column, 2026 Secondments <weighed>"
        "Written by Pincite's editors in the voice of a recruiter · USWork can be narrow.[3]",
        "A forum poster, undated A threadResponse 1 · A forum posterI was away.[2]",
    ]


def test_one_kind_of_speaker_needs_no_columns():
    assert not read(answer_html(answer(HOURS, NARROW))).all("div", "sides")


@pytest.mark.parametrize(
    ("date", "noted"),
    [
        pytest.param("2019", [OLD], id="old"),
        pytest.param(None, [], id="undated-is-not-called-old"),
        pytest.param(str(today().year - 1), [], id="recent"),
    ],
)
def test_advice_older_than_five_years_carries_a_note(date, noted):
    said = quoted(replace(COLUMN, date=date), "Hours may not count.")
    assert read(answer_html(answer(said))).texts("p", "old") == noted


@pytest.mark.parametrize(
    ("date", "old"),
    [
        pytest.param("2021-11-27", True, id="five-years-and-a-day"),
        pytest.param("2021-11-28", False, id="five-years"),
        pytest.param("2021-10", True, id="a-month-that-is-over"),
        pytest.param("2021-11", False, id="a-month-that-may-be-in-time"),
        pytest.param("2020", True, id="a-year-that-is-over"),
        pytest.param("2021", False, id="a-year-that-may-be-in-time"),
    ],
)
def test_only_what_is_certainly_older_is_called_old(date, old):
    assert is_old(date, date_type(2026, 11, 28)) is old


def test_two_responses_of_a_thread_are_two_voices():
    sections = (
        Section(start=0, end=11, heading="Response 1", speaker="forum poster"),
        Section(start=12, end=24, heading="Response 2", speaker="forum poster"),
    )
    thread = replace(THREAD, sections=sections)
    page = read(answer_html(answer(quoted(thread, "I was away."), quoted(thread, "I came back."))))
    assert page.texts("p", "by") == ["Response 1 · A forum poster", "Response 2 · A forum poster"]


def test_each_statement_carries_a_numbered_link_to_its_words():
    page = read(answer_html(answer(HOURS, NARROW, HOURS)))
    assert page.texts("a", "cite") == ["[1]", "[2]", "[1]"]
    start = TEXT.index("Hours")
    assert page.all("a", "cite")[0].attributes["href"] == (
        f"#/article/second%2Fments/{start}-{start + 20}/{digest('Hours may not count.')}"
    )


def test_quotation_marks_stand_around_the_sources_own_words_only():
    claim = Statement("Your hours might be lost.", HOURS.citations)
    page = read(answer_html(answer(HOURS, claim)))
    assert page.texts("q") == ["Hours may not count.", "Hours may not count."]
    assert page.texts("p", "said")[1] == "Your hours might be lost.[1]"


def test_a_sentence_in_other_words_is_followed_by_its_quotes_with_their_marks_and_voices():
    claim = Statement("It narrows you, and you may go.", (*NARROW.citations, *AWAY.citations))
    page = read(answer_html(answer(claim, HOURS)))
    assert page.texts("p", "said") == [
        "It narrows you, and you may go.[1][2]",
        "Hours may not count.[3]",
    ]
    assert page.texts("p", "pinned") == [
        "Work can be narrow.[1]",
        "I was away.[2] A forum poster, undated · A thread · Response 1",
    ]
    assert page.texts("q") == ["Work can be narrow.", "I was away.", "Hours may not count."]


def test_a_sentence_that_is_one_of_its_two_quotes_shows_the_other_too():
    both = Statement(HOURS.text, (*HOURS.citations, *NARROW.citations))
    assert read(answer_html(answer(both))).texts("q") == [HOURS.text, NARROW.text]


LEFT_OUT = (
    LeftOut("Nobody <ever> returns.", "no quote"),
    LeftOut("All do.", "against its quotes"),
)


def test_what_is_not_supported_is_counted_and_marked_where_it_is_opened():
    page = read(answer_html(replace(answer(HOURS), left_out=LEFT_OUT)))
    assert page.texts("summary") == ["2 sentences were left out because no article supports them."]
    (opened,) = page.texts("details")
    assert "Not supported by the articles." in opened
    assert page.texts("li") == [
        "Nobody <ever> returns. It names no words of an article.",
        "All do. It says the opposite of the words that it quotes.",
    ]
    assert page.texts("p", "said") == ["Hours may not count.[1]"]


def test_one_sentence_left_out_is_counted_as_one():
    page = read(answer_html(replace(answer(HOURS), left_out=LEFT_OUT[:1])))
    assert page.texts("summary") == ["1 sentence was left out because no article supports it."]


def test_every_reason_to_leave_something_out_is_put_into_words():
    assert set(WHY) == set(get_args(Reason))


def test_what_went_differently_is_told_above_the_answer():
    html = answer_html(replace(answer(HOURS), notice="It <broke> off."))
    assert read(html).texts("p", "notice") == ["It <broke> off."]
    assert html.index("broke") < html.index("Hours")
    assert not read(answer_html(answer(HOURS))).all("p", "notice")


def test_an_answer_on_its_way_shows_what_there_is_and_no_end():
    on_its_way = replace(answer(AWAY), left_out=LEFT_OUT, is_complete=False)
    page = read(answer_html(on_its_way))
    assert page.texts("p", "said") == ["I was away.[1]"]
    assert not page.all("p", "take")
    assert not page.all("details")


def test_before_the_first_sentence_the_page_says_that_it_reads_and_refuses_nothing():
    html = answer_html(replace(answer(), left_out=LEFT_OUT, is_complete=False))
    assert html == waiting_html()
    assert read(html).texts("i", "now") == [WAITING]
    assert not read(html).all("p", "refusal")


def test_the_question_is_repeated_when_the_dialogue_was_written_into_it():
    page = read(answer_html(answer(HOURS, standalone_question="Why a <secondment>?")))
    (asked,) = page.texts("p", "asked")
    assert asked.startswith("Answering: Why a <secondment>?")
    assert page.texts("q")[0] == "Why a <secondment>?"
    assert not read(answer_html(answer(HOURS))).all("p", "asked")


@pytest.mark.parametrize(
    "answered",
    [
        pytest.param(
            replace(answer(HOURS, standalone_question="Why so?"), is_complete=False),
            id="on-its-way",
        ),
        pytest.param(answer(HOURS, standalone_question="Why so?"), id="answered"),
        pytest.param(answer(standalone_question="Why so?"), id="refused"),
    ],
)
def test_a_question_that_was_understood_can_be_corrected(answered):
    (link,) = read(answer_html(answered)).all("a", "correct")
    assert (link.text, link.attributes["href"]) == ("Correct this question", "#correct")


def test_a_question_as_typed_has_no_control_to_correct_it():
    assert not read(answer_html(answer(HOURS))).all("a", "correct")


def test_a_refusal_says_so_and_names_the_nearest_articles_as_not_answering():
    refused = replace(answer(), nearest=(NearArticle("thread", "A thread"),))
    page = read(answer_html(refused))
    assert page.text.startswith("The library does not cover this")
    assert page.texts("p", "close") == ["Not answering this, but close by:"]
    assert [link.attributes["href"] for link in page.all("a", "near")] == ["#/article/thread"]
    assert not page.all("a", "cite")


def test_what_is_not_covered_is_named_below_the_answer_once_it_is_whole():
    half = replace(answer(HOURS, AWAY), uncovered=("How do I <bake>?", "Who sings?"))
    assert read(answer_html(half)).texts("p", "uncovered") == [
        "The library does not cover: How do I <bake>?",
        "The library does not cover: Who sings?",
    ]
    assert not read(answer_html(replace(half, is_complete=False))).texts("p", "uncovered")


def test_a_refusal_without_a_near_article_names_none():
    assert "close by" not in read(answer_html(answer())).text


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        pytest.param(None, "undated", id="never-invented"),
        pytest.param("2019", "2019", id="year"),
        pytest.param("2019-03", "March 2019", id="month"),
        pytest.param("2019-03-04", "4 March 2019", id="day"),
    ],
)
def test_dates_are_shown_as_far_as_they_are_known(date, shown):
    assert readable_date(date) == shown


@pytest.mark.parametrize(
    ("kind", "speaker", "shown"),
    [
        pytest.param("guide", "counsellor", "A counsellor's guide, 2026", id="counsellor"),
        pytest.param("thread", "recruiter", "A recruiter's forum thread, 2026", id="in-a-thread"),
        pytest.param("thread", "forum poster", "A forum poster, 2026", id="poster"),
        pytest.param("column", "unknown", "A column, 2026", id="unknown"),
        pytest.param("guide", "editor", "An editor's guide, 2026", id="editor"),
    ],
)
def test_the_label_says_who_is_speaking_where(kind, speaker, shown):
    assert label(replace(HOURS.citations[0], kind=kind, speaker=speaker)) == shown


def hostile_article() -> Article:
    text = f"Before. {HOSTILE} After."
    section = Section(start=0, end=len(text), heading=HOSTILE, speaker="unknown")
    return replace(
        COLUMN,
        id=HOSTILE,
        title=HOSTILE,
        text=text,
        sections=(section,),
        author=HOSTILE,
        place=HOSTILE,
        url="javascript:alert(1)//https://x",
    )


def hostile_answer() -> Answer:
    words = hostile_article().cite(0, len(hostile_article().text))
    return answer(Statement(words.quote, (words,)), standalone_question=HOSTILE)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(answer_html(hostile_answer()), id="statement"),
        pytest.param(
            answer_html(replace(answer(), nearest=(NearArticle(HOSTILE, HOSTILE),))), id="refusal"
        ),
        pytest.param(fault_html(HOSTILE), id="error"),
        pytest.param(
            answer_html(
                replace(
                    answer(Statement(HOSTILE, hostile_answer().citations)),
                    notice=HOSTILE,
                    left_out=(LeftOut(HOSTILE, "no quote"),),
                )
            ),
            id="claim",
        ),
        pytest.param(
            answer_html(
                hostile_answer(), feedback=feedback_html(hostile_answer(), [Turn("user", HOSTILE)])
            ),
            id="feedback",
        ),
    ],
)
def test_an_articles_markup_is_shown_as_text_in_an_answer(html):
    page = read(html)
    assert "<script>alert(1)</script>" in page.text
    assert page.tags <= ANSWER_TAGS
    assert page.attributes <= ATTRIBUTES
    assert all(link.attributes["href"].startswith("#") for link in page.all("a"))
    assert "\n" not in html, "a blank line would end the block of HTML in Markdown"


def test_an_articles_markup_is_shown_as_text_in_the_reader():
    article = hostile_article()
    page = read(article_html(article, Marks(cited=(3, 60), others=((40, 90),))))
    assert "<script>alert(1)</script>" in page.text
    assert page.tags <= SOURCE_TAGS
    assert page.attributes <= ATTRIBUTES
    assert not page.all("a"), "an address that is not http or https is no link"


def test_the_reader_shows_who_wrote_when_and_where():
    page = read(article_html(replace(COLUMN, url="https://example.org/a?b=1&c=2"), Marks()))
    assert page.texts("h2") == ["Secondments <weighed>"]
    assert page.texts("p", "facts") == [
        "Written by Pincite's editors in the voice of a recruiter · 2026 · US · example.org"
    ]
    assert page.all("a")[0].attributes == {
        "href": "https://example.org/a?b=1&c=2",
        "target": "_blank",
        "rel": "noopener noreferrer",
    }


def test_the_reader_shows_headings_paragraphs_and_lists():
    page = read(article_html(COLUMN, Marks()))
    assert page.texts("h3") == ["What is a drawback?"]
    assert page.texts("li") == ["Hours may not count.", "Work can be narrow."]
    assert page.texts("p")[1:] == [
        "A first line & more.",
        "Being out of sight. <b>Really</b>.",
        "Another paragraph.",
    ]


def test_a_section_without_a_heading_in_its_text_gets_its_label():
    assert read(article_html(THREAD, Marks())).texts("h3") == ["Response 1"]


def test_the_cited_words_are_marked_once_and_other_quotes_lightly():
    cited, other = HOURS.citations[0], NARROW.citations[0]
    marks = Marks(cited=(cited.start, cited.end), others=((other.start, other.end),))
    page = read(article_html(COLUMN, marks))
    assert page.texts("mark") == ["Hours may not count.", "Work can be narrow."]
    assert [m.attributes for m in page.all("mark")] == [
        {"class": "cited", "id": "cited", "tabindex": "-1"},
        {},
    ]


def test_a_mark_goes_on_over_paragraphs_and_takes_the_focus_once():
    end = TEXT.index(" can be narrow")
    page = read(article_html(COLUMN, Marks(cited=(BODY + 6, end))))
    assert page.texts("mark", "cited") == [
        "out of sight. <b>Really</b>.",
        "Hours may not count.",
        "Work",
    ]
    assert [mark.attributes.get("id") for mark in page.all("mark")] == ["cited", None, None]


LINES = st.lists(
    st.text(alphabet="ab<&\"' -", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=6
)


@given(lines=LINES, borders=st.lists(st.integers(0, 120), min_size=6, max_size=6))
def test_no_word_is_lost_and_all_markup_is_closed_whatever_is_marked(lines, borders):
    text = "\n\n".join(lines)
    section = Section(start=0, end=len(text), heading="", speaker="unknown")
    article = replace(COLUMN, title="", text=text, sections=(section,))
    spans = [tuple(sorted(pair)) for pair in pairwise(borders)]
    page = read(article_html(article, Marks(cited=spans[0], others=tuple(spans[1:]))))
    shown = page.all("div", "text")[0].text
    assert shown.replace(" ", "") == "".join(line.removeprefix("- ") for line in lines).replace(
        " ", ""
    )
    assert len([mark for mark in page.all("mark") if "id" in mark.attributes]) <= 1


def test_a_changed_article_is_told_apart_from_the_cited_one():
    citation = HOURS.citations[0]
    span, words = (citation.start, citation.end), citation_link(citation).rsplit("/", 1)[1]
    assert still_there(COLUMN, span, words)
    assert not still_there(replace(COLUMN, text="New. " + TEXT), span, words)
    assert not still_there(replace(COLUMN, text="Short."), span, words)
    assert CHANGED in read(article_html(COLUMN, Marks(), changed=True)).text


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        pytest.param("https://example.org", True, id="https"),
        pytest.param("http://example.org/x", True, id="http"),
        pytest.param("javascript:alert(1)", False, id="script"),
        pytest.param("data:text/html,x", False, id="data"),
        pytest.param("//example.org", False, id="no-scheme"),
        pytest.param("https:", False, id="no-host"),
        pytest.param("", False, id="empty"),
        pytest.param(None, False, id="none"),
    ],
)
def test_only_web_addresses_are_linked(url, linked):
    assert bool(web_address(url)) is linked


@pytest.mark.parametrize(
    ("message", "turn"),
    [
        pytest.param(
            {"role": "user", "content": "Why <i>now</i>?"},
            Turn("user", "Why <i>now</i>?"),
            id="a-question-as-typed",
        ),
        pytest.param(
            {"role": "user", "content": [{"type": "text", "text": "Why?"}]},
            Turn("user", "Why?"),
            id="gradios-list-of-parts",
        ),
        pytest.param(
            {"role": "user", "content": [{"type": "file", "path": "/x"}]},
            Turn("user", ""),
            id="a-part-without-text",
        ),
        pytest.param(
            {"role": "assistant", "content": answer_html(answer(HOURS, AWAY))},
            Turn("assistant", "Hours may not count.\nI was away."),
            id="an-answer-is-its-statements",
        ),
        pytest.param(
            {"role": "assistant", "content": [{"type": "text", "text": answer_html(answer())}]},
            Turn("assistant", "The library does not cover this, so there is no answer to give."),
            id="a-refusal-is-its-words",
        ),
        pytest.param(
            {
                "role": "assistant",
                "content": answer_html(answer(), feedback=feedback_html(answer(), ())),
            },
            Turn("assistant", "The library does not cover this, so there is no answer to give."),
            id="what-feedback-carries-is-no-word-of-it",
        ),
        pytest.param(
            {"role": "assistant", "content": answer_html(answer(standalone_question="Why so?"))},
            Turn(
                "assistant",
                "Answering: Why so? "
                "The library does not cover this, so there is no answer to give.",
            ),
            id="what-corrects-a-question-is-no-word-of-it",
        ),
        pytest.param(
            {
                "role": "assistant",
                "content": answer_html(
                    replace(
                        answer(Statement("Hours are lost.", HOURS.citations)),
                        notice="It broke off.",
                        left_out=LEFT_OUT,
                    )
                ),
            },
            Turn("assistant", "Hours are lost."),
            id="a-chat-models-answer-is-its-checked-sentences",
        ),
        pytest.param(
            {"role": "assistant", "content": waiting_html()},
            Turn("assistant", ""),
            id="stopped-before-the-first-sentence",
        ),
        pytest.param(
            {"role": "assistant", "content": "Plain."}, Turn("assistant", "Plain."), id="no-html"
        ),
    ],
)
def test_the_pages_history_is_read_back_as_turns(message, turn):
    assert turns_of_page([message]) == (turn,)


def said(*texts: str) -> list[dict[str, str]]:
    """Write a dialogue as Gradio does: "> " before what Pincite says."""
    return [
        {"role": "assistant" if text.startswith("> ") else "user", "content": text}
        for text in texts
    ]


@pytest.mark.parametrize(
    ("dialogue", "kept"),
    [
        pytest.param(("A?", "> a", "B?", "> b"), ("A?", "> a", "B?", "> b"), id="none"),
        pytest.param(
            ("A?", "> a", "B?", "> b", "Instead: C?", "> c"),
            ("C?", "> c"),
            id="in-the-place-of-all-before",
        ),
        pytest.param(
            ("A?", "> a", "B?", "> b", "Instead: C?", "> c", "Instead: D?", "> d", "E?", "> e"),
            ("D?", "> d", "E?", "> e"),
            id="corrected-twice",
        ),
        pytest.param(("A?", "> a", "B?", "Instead: C?", "> c"), ("C?", "> c"), id="unanswered"),
        pytest.param(("Instead: C?", "> c"), ("C?", "> c"), id="nothing-before"),
        pytest.param(
            ("A?", "> a", "B?", "> Instead: b"), ("A?", "> a", "B?", "> Instead: b"), id="an-answer"
        ),
    ],
)
def test_a_corrected_question_and_its_answer_are_no_turns(dialogue, kept):
    assert [turn.text for turn in turns_of_page(said(*dialogue))] == list(kept)


@pytest.mark.parametrize(
    ("typed", "question", "turns"),
    [
        pytest.param("Instead: And how long? (notice)", "And how long? (notice)", 0, id="written"),
        pytest.param(" iNSTEAD :how long?\n", "how long?\n", 0, id="any-case-and-spaces"),
        pytest.param("Instead:", "", 0, id="nothing-after-it"),
        pytest.param("And instead: how long?", "And instead: how long?", 2, id="within"),
        pytest.param("Instead of that?", "Instead of that?", 2, id="without-a-colon"),
        pytest.param(" And how long? ", " And how long? ", 2, id="as-typed"),
    ],
)
def test_a_correction_is_asked_as_it_stands_and_without_a_dialogue(typed, question, turns):
    asked = asked_on_page(typed, said("A?", "> a"))
    assert (asked.question, len(asked.turns), asked.as_typed) == (question, turns, not turns)


@pytest.mark.parametrize(
    ("question", "history", "fault"),
    [
        pytest.param(5, [], "question: ", id="question-is-no-text"),
        pytest.param("Why?", "secret", "history", id="history-is-no-list"),
        pytest.param("Why?", [{"role": "system", "text": "secret"}], "role", id="role"),
        pytest.param("Why?", [{"role": "user"}], "text", id="no-text"),
    ],
)
def test_a_malformed_question_is_refused_without_being_repeated(question, history, fault):
    with pytest.raises(QuestionError, match=fault) as refusal:
        _ = checked_request(question, history).turns
    assert "secret" not in str(refusal.value)
