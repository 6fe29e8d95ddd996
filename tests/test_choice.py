"""Which sections are heard: the best, the other side, and other views where one is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.answering.choice import (
    MOST_OF_ONE,
    MOST_SECTIONS,
    MOST_VIEWS,
    NEAR_BEST,
    NEAR_VIEW,
    Evidence,
    asks_for_views,
    chosen,
)
from pincite.model import KINDS, Article, Section


def candidate(place, score, *, kind="guide", heading=""):
    section = Section(start=0, end=1, heading=heading, speaker="unknown")
    article = Article(id=place[0], title="", kind=kind, text="x", sections=(section,))
    return Evidence(
        article=article, place=(place[0], int(place[1])), section=section, score=score, sentences=()
    )


def thread(place, score):
    return candidate(place, score, kind="thread")


def column(place, score, heading=""):
    return candidate(place, score, kind="column", heading=heading)


def heard(candidates, *, views):
    return [f"{e.place[0]}{e.place[1]}" for e in chosen(candidates, views=views)]


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Should I tell my firm?", id="should-i"),
        pytest.param("Should my mentor know?", id="should-my"),
        pytest.param("Is it worth doing a secondment?", id="worth-doing"),
        pytest.param("Is it really a good time to leave?", id="a-good-time"),
        pytest.param("would it be rude to say no", id="rude"),
        pytest.param("Does it make any sense to wait?", id="makes-sense"),
        pytest.param("A bad idea to go part-time?", id="bad-idea"),
        pytest.param("Am I too senior to move?", id="am-i-too"),
        pytest.param("Do I really have to tell my new firm?", id="do-i-have-to"),
        pytest.param("Can I still go in-house?", id="can-i-still"),
        pytest.param("Would a four-day week work here?", id="would-it-work"),
        pytest.param("Leave now or wait for the bonus?", id="or-wait"),
        pytest.param("Will that hurt my chances?", id="will-that-hurt"),
        pytest.param("How hard is it to come back?", id="how-hard"),
        pytest.param("I am tired.\nIs it\n rude to leave?", id="across-lines"),
    ],
)
def test_who_asks_what_to_do_asks_for_views(question):
    assert asks_for_views(question)


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("", id="nothing"),
        pytest.param("How long is the notice period?", id="how-long"),
        pytest.param("Who pays the recruiter?", id="who"),
        pytest.param("What is a clawback?", id="what-is"),
        pytest.param("What does garden leave mean?", id="a-meaning"),
        pytest.param("When is the bonus paid?", id="when"),
        pytest.param("What happens at a review?", id="what-happens"),
        pytest.param("How do I ask for feedback?", id="how-to"),
        pytest.param("Can I see my file?", id="a-right"),
        pytest.param("Is the recruiter paid by the firm?", id="how-things-are"),
        pytest.param("Is it possible to go back?", id="possible"),
        pytest.param("Who decides, the partner or the committee?", id="or-between-nouns"),
        pytest.param("What would my workload be?", id="work-within-a-word"),
        pytest.param("Which shoulder injuries count?", id="should-within-a-word"),
    ],
)
def test_who_asks_for_a_fact_asks_for_no_views(question):
    assert not asks_for_views(question)


@given(st.text(max_size=100), st.text(max_size=100))
def test_a_view_that_is_asked_for_anywhere_is_asked_for(before, after):
    assert asks_for_views(f"{before} Should I leave? {after}")


@pytest.mark.parametrize("views", [False, True])
@pytest.mark.parametrize(
    ("candidates", "places"),
    [
        pytest.param([], [], id="none"),
        pytest.param([candidate("b0", 0.98), candidate("a0", 1.0)], ["a0", "b0"], id="best-first"),
        pytest.param([candidate("a0", 1.0), candidate("b0", 0.97)], ["a0", "b0"], id="just-near"),
        pytest.param([candidate("a0", 1.0), candidate("b0", 0.96)], ["a0"], id="far-below"),
        pytest.param(
            [candidate(f"a{n}", 1.0) for n in range(3)], ["a0", "a1"], id="two-of-a-guide"
        ),
        pytest.param([column(f"a{n}", 1.0) for n in range(3)], ["a0", "a1"], id="two-of-a-column"),
        pytest.param(
            [candidate(f"{id_}0", 1.0) for id_ in "abcdef"],
            ["a0", "b0", "c0", "d0", "e0"],
            id="five-in-all",
        ),
        pytest.param(
            [column("a0", 1.0, "Benefits"), column("b0", 0.99), column("a1", 0.2, "Drawbacks")],
            ["a0", "a1", "b0"],
            id="the-drawbacks-beside-the-benefits",
        ),
        pytest.param(
            [column("a0", 1.0, "Pitfalls"), column("a1", 0.2, "Advantages")],
            ["a0", "a1"],
            id="and-the-other-way-round",
        ),
        pytest.param(
            [column("a0", 1.0, "Benefits"), column("b1", 0.2, "Drawbacks")],
            ["a0"],
            id="but-of-the-same-article",
        ),
    ],
)
def test_whatever_is_asked_the_best_are_heard(candidates, views, places):
    assert heard(candidates, views=views) == places


@pytest.mark.parametrize(
    ("candidates", "without", "with_views"),
    [
        pytest.param(
            [thread(f"a{n}", 1 - n / 20) for n in range(3)],
            ["a0"],
            ["a0", "a1", "a2"],
            id="responses-of-a-thread-less-near",
        ),
        pytest.param([thread("a0", 1), thread("a1", 0.84)], ["a0"], ["a0"], id="one-far-below"),
        pytest.param(
            [thread(f"a{n}", 1) for n in range(6)],
            ["a0", "a1", "a2"],
            ["a0", "a1", "a2", "a3"],
            id="one-response-more",
        ),
        pytest.param(
            [thread("a0", 1), thread("b0", 0.95)], ["a0"], ["a0"], id="another-thread-is-no-view"
        ),
        pytest.param(
            [column("a0", 1), column("a1", 0.95)], ["a0"], ["a0"], id="a-columns-next-is-no-view"
        ),
        pytest.param(
            [thread("a0", 1), column("b0", 0.9)], ["a0"], ["a0", "b0"], id="a-column-by-a-thread"
        ),
        pytest.param(
            [candidate("a0", 1), thread("b0", 0.9)], ["a0"], ["a0", "b0"], id="a-thread-by-a-guide"
        ),
        pytest.param(
            [candidate("a0", 1), column("b0", 0.9)], ["a0"], ["a0"], id="no-column-by-a-guide"
        ),
        pytest.param(
            [thread("a0", 1), column("b0", 0.9), candidate("c0", 0.9)],
            ["a0"],
            ["a0", "b0"],
            id="one-other-kind-is-enough",
        ),
        pytest.param(
            [thread("a0", 1), column("b0", 0.98), candidate("c0", 0.9)],
            ["a0", "b0"],
            ["a0", "b0"],
            id="unless-it-is-there-already",
        ),
        pytest.param(
            [thread("a0", 1), column("b0", 0.84)], ["a0"], ["a0"], id="a-column-far-below"
        ),
        pytest.param(
            [column("a0", 1), thread("b0", 0.9), thread("b1", 0.89)],
            ["a0"],
            ["a0", "b0"],
            id="one-voice-of-a-thread-by-a-column",
        ),
    ],
)
def test_those_who_differ_are_heard_where_a_view_is_asked(candidates, without, with_views):
    assert heard(candidates, views=False) == without
    assert heard(candidates, views=True) == with_views


def test_both_sides_that_are_near_anyway_are_heard_once_and_crowd_nobody_out():
    sides = [column("a0", 1, "Benefits"), column("a1", 0.99, "Drawbacks")]
    others = [candidate(f"{id_}0", 0.98) for id_ in "bcd"]
    assert heard([*sides, *others], views=False) == ["a0", "a1", "b0", "c0", "d0"]


sections = st.lists(
    st.builds(
        lambda id_, n, score: candidate(f"{id_}{n}", score, kind=KINDS["abcdef".index(id_) % 3]),
        st.sampled_from("abcdef"),
        st.integers(0, 5),
        st.floats(0.7, 1.0),
    ),
    unique_by=lambda evidence: evidence.place,
    max_size=12,
)


@given(candidates=sections, views=st.booleans())
def test_whoever_is_heard_is_near_the_best_and_there_are_never_too_many(candidates, views):
    found = chosen(candidates, views=views)
    scores = [evidence.score for evidence in found]
    assert len(found) <= MOST_SECTIONS
    assert [e.score for e in found[:1]] == sorted([e.score for e in candidates])[-1:]
    assert scores == sorted(scores, reverse=True)
    assert all(score >= (NEAR_VIEW if views else NEAR_BEST) * scores[0] for score in scores)


@given(candidates=sections, views=st.booleans())
def test_no_section_is_heard_twice_and_no_article_more_often_than_its_kind_allows(
    candidates, views
):
    found = chosen(candidates, views=views)
    most = MOST_OF_ONE | ({"thread": MOST_VIEWS} if views else {})
    assert len({evidence.place for evidence in found}) == len(found)
    assert all(
        sum(other.article.id == e.article.id for other in found) <= most[e.article.kind]
        for e in found
    )


@given(candidates=sections)
def test_whoever_is_heard_for_a_fact_is_heard_for_a_view_as_long_as_there_is_room(candidates):
    facts, views = (chosen(candidates, views=views) for views in (False, True))
    assert len(views) == MOST_SECTIONS or {e.place for e in facts} <= {e.place for e in views}
