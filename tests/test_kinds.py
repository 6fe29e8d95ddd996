"""Questions that no library of advice answers, and the ones near them that it does."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pincite.answering.kinds import missing

NOTHING = "Ask them early, and ask again."


def never_read():
    """Passages that may not be looked at."""
    raise AssertionError("the passages were read")
    yield ""


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Will I make partner next year?", id="own-future-at-a-time"),
        pytest.param("So will my firm survive until 2030?", id="with-a-lead-in"),
        pytest.param("  will\nI make PARTNER next\tyear", id="however-it-is-typed"),
        pytest.param("Is the market going to recover by summer?", id="the-market"),
        pytest.param("Is my boss going to fire me before Christmas?", id="a-persons-plan"),
        pytest.param("Is one of my clients going to leave?", id="a-plan-without-a-time"),
        pytest.param("Will the judge pick me or the other one?", id="a-decision-between-people"),
        pytest.param("Will they hire us next month?", id="a-decision-at-a-time"),
    ],
)
def test_a_forecast_is_nowhere(question):
    assert missing(question, never_read()) == "a forecast"


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("What did the partners say about me yesterday?", id="said"),
        pytest.param("What did my head of group write next to my name?", id="written"),
        pytest.param("Has she picked me or the other candidate?", id="decided"),
        pytest.param("I was there on Monday. Has she picked me?", id="decided-after-a-story"),
        pytest.param("Has my boss noticed that I leave early?", id="noticed"),
        pytest.param("Has my firm reported me to the regulator?", id="reported"),
        pytest.param("Is my name on the list for the next cuts?", id="a-list"),
        pytest.param("How much does Jane Miller in our group get paid?", id="a-persons-pay"),
        pytest.param("How much does my boss make?", id="the-pay-of-somebody-near"),
    ],
)
def test_a_private_fact_is_nowhere(question):
    assert missing(question, never_read()) == "a private fact"


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Will working from home hurt my chances?", id="what-follows-from-what"),
        pytest.param("Will a bad review this year hurt my chances?", id="a-time-of-the-cause"),
        pytest.param("When will I make partner?", id="no-time-named"),
        pytest.param("When will I be ready to supervise?", id="how-long-it-takes"),
        pytest.param("Should I leave before Christmas?", id="advice-about-a-time"),
        pytest.param("Will I?", id="nothing-said"),
        pytest.param("Is the recruiter paid by the firm?", id="how-things-are-done"),
        pytest.param("Who pays the recruiter?", id="who-does-it"),
        pytest.param("Does my mentor need to be in my group?", id="what-is-needed"),
        pytest.param("Has anyone here gone in-house in their second year?", id="who-did-it-too"),
        pytest.param("What did you do about notice?", id="what-others-did"),
        pytest.param("What does my contract say about notice?", id="what-a-contract-holds"),
        pytest.param("What do partners think of associates who leave?", id="what-people-think"),
        pytest.param("How much notice do I have to give?", id="an-amount-not-of-money"),
        pytest.param("How many hours should I bill?", id="a-number-to-aim-at"),
        pytest.param("How much can I earn in-house?", id="pay-of-a-kind-of-work"),
        pytest.param("How much does junior counsel get paid?", id="pay-of-a-kind-of-job"),
        pytest.param("What is the cost of living abroad?", id="cost-as-a-noun"),
        pytest.param('What does the term "up or out" mean?', id="a-meaning-not-an-origin"),
        pytest.param("Where does my work come from?", id="where-work-comes-from"),
        pytest.param("Who should be introduced first, client or partner?", id="who-meets-whom"),
        pytest.param(
            "Will my bonus be paid if I resign before December?",
            id="a-condition-at-a-time",
        ),
        pytest.param("Is it going to be a problem if I leave?", id="a-condition"),
        pytest.param("Are the hours going to be better in-house?", id="a-comparison"),
        pytest.param("Am I entitled to a bonus this year?", id="a-right-at-a-time"),
        pytest.param("Is the best time to leave before Christmas?", id="the-best-time"),
        pytest.param("Is the secondment ever a bad idea?", id="ever-is-no-time"),
        pytest.param("Will they fire me for taking leave?", id="a-reason"),
        pytest.param("Will the recruiter call me or should I call?", id="a-custom"),
        pytest.param(
            "Has anyone complained about a partner and kept their job?",
            id="who-complained-too",
        ),
        pytest.param(
            "Did anyone choose a boutique over a big firm?",
            id="who-chose-it-too",
        ),
        pytest.param(
            "What does it say about me if I leave after a year?",
            id="how-it-looks",
        ),
        pytest.param(
            "What does the contract say about my notice?",
            id="what-the-contract-holds",
        ),
        pytest.param("Is my name on a published article useful?", id="a-name-in-print"),
        pytest.param(
            "How much do Magic Circle trainees get paid?",
            id="a-name-of-many-firms",
        ),
        pytest.param("How many partners should I ask?", id="how-many-to-ask"),
        pytest.param("What does a bad review cost me?", id="a-cost-not-of-money"),
        pytest.param("Who introduced you to the recruiter?", id="who-made-the-contact"),
    ],
)
def test_a_question_for_advice_is_not_refused_for_its_kind(question):
    assert missing(question, [NOTHING]) is None


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("What percentage does a recruiter get?", id="a-share"),
        pytest.param("How many associates make partner?", id="a-count-of-people"),
        pytest.param("What does an agency charge?", id="a-price"),
        pytest.param("How much does it cost to requalify?", id="a-cost"),
    ],
)
@pytest.mark.parametrize(
    ("passages", "kind"),
    [
        pytest.param([], "a figure", id="without-passages"),
        pytest.param([NOTHING], "a figure", id="none-has-one"),
        pytest.param([NOTHING, "It is 20 of them."], None, id="digits"),
        pytest.param(["One per cent, or less."], None, id="per-cent"),
        pytest.param(["Thousands of pounds, often."], None, id="thousands"),
        pytest.param(["It is paid in €."], None, id="a-currency"),
        pytest.param(["Hardly half of them, and seldom a third."], "a figure", id="vague-words"),
        pytest.param(["A percentage nobody knows."], "a figure", id="not-the-start-of-a-word"),
    ],
)
def test_a_figure_is_missing_unless_a_passage_has_one(question, passages, kind):
    assert missing(question, passages) == kind


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Who invented the billable hour?", id="an-inventor"),
        pytest.param("Who came up with the term?", id="who-came-up-with-it"),
        pytest.param('Where does the word "clerk" come from?', id="a-word"),
        pytest.param("In which decade did timesheets begin?", id="a-time"),
    ],
)
@pytest.mark.parametrize(
    ("passages", "kind"),
    [
        pytest.param([], "an origin", id="without-passages"),
        pytest.param([NOTHING, "It has 3 parts."], "an origin", id="none-has-one"),
        pytest.param([NOTHING, "The word is Latin."], None, id="a-language"),
        pytest.param(["Firms took it up in 1958."], None, id="a-year"),
        pytest.param(["It is a habit of the 60s."], None, id="a-decade"),
        pytest.param(["A lawyer from Boston invented it."], None, id="an-inventor"),
        pytest.param(["It costs 2400 dollars."], "an origin", id="a-sum-is-no-year"),
    ],
)
def test_an_origin_is_missing_unless_a_passage_has_one(question, passages, kind):
    assert missing(question, passages) == kind


def test_a_figure_does_not_answer_for_an_origin_that_is_asked_as_well():
    question = "Who invented the system, and what percentage use it?"
    assert missing(question, ["A tenth: 10%."]) == "an origin"
    assert missing(question, ["An invention of Boston lawyers."]) == "a figure"
    assert missing(question, ["10% since it was invented."]) is None


def test_passages_that_can_be_read_only_once_are_read_for_both():
    question = "Who invented the system, and what percentage use it?"
    assert missing(question, iter([NOTHING, "10% of them.", "A Greek invention."])) is None


words_of_patterns = st.sampled_from(
    "will is are am has did i he they anyone the my partner what how much many does say about me "
    "percentage who invented word come from in which decade next year going to quit pick cost "
    "Jane Miller paid is my name on ? , - ' “".split()
)


@given(
    question=st.text(max_size=200) | st.lists(words_of_patterns, max_size=60).map(" ".join),
    passages=st.lists(st.text(max_size=40), max_size=3),
)
@example(question="\ud800", passages=["\ud800"])
@example(question="will the " + "a " * 990, passages=[])
@example(question="what did the " + "a-' " * 490, passages=[])
def test_whatever_is_asked_is_of_a_kind_or_of_none(question, passages):
    kinds = {"a forecast", "a private fact", "a figure", "an origin", None}
    found = missing(question, passages)
    assert found in kinds
    assert missing(f" {question}\n", [*passages, *passages]) == found


@given(st.text(alphabet="abcdefgh ?.,\n", max_size=200))
@example("")
@example("How should I resign?")
def test_the_passages_of_a_question_of_no_kind_are_not_read(question):
    assert missing(question, never_read()) is None
