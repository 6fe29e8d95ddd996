"""Which sections are heard: those that answer best, and the other views where a view is asked."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pincite.answering.sides import opposed
from pincite.model import Article, Place, Section
from pincite.sentences import Span
from pincite.words import words_in

MOST_SECTIONS = 5
MOST_OF_ONE = {"thread": 3, "column": 2, "guide": 2}
"""Sections of one article, by its kind: the voices of a thread are heard beside each other."""
NEAR_BEST = 0.97
"""Share of the best section's score that another needs to be heard as well."""

MOST_VIEWS = 4
"""Responses of one thread that are heard where a view is asked for."""
NEAR_VIEW = 0.85
"""Share of the best section's score that another view needs: the next voice of the same thread, or
the best section of a thread beside a column or guide, and the other way round."""

VIEW = re.compile(
    r"""\b(?:
      (?<!how\ )(?<!what\ )(?<!when\ )(?<!who\ )(?<!where\ )should\ (?:i|we|one|my)
    | (?:is|was|would)\ it\ (?:be\ )?(?:really\ |ever\ |still\ |even\ |actually\ )?(?:an?\ )?
      (?:good|bad|ok|okay|wise|sensible|realistic|worth|better|smart|safe|mad|crazy|stupid|risky
        |fair|rude|wrong)
    | makes?\ (?:any\ |much\ )?sense
    | worth\ (?:it|the|doing|my)
    | (?:good|bad|mad|terrible|stupid|smart)\ (?:idea|move)
    | better\ (?:to|off|if)
    | do\ i\ (?:really\ |even\ |actually\ )?(?:need|have)\ to
    | am\ i\ (?:too|being|mad|crazy|stupid|wrong)
    | can\ (?:i|one|you)\ (?:really|still|just)
    | would\ .{0,40}\bwork
    | or\ (?:just|should|is|do|wait|can|better)
    | will\ (?:that|it|this)\ (?:hurt|get|help|cost|harm|kill)
    | how\ (?:bad|hard|risky)\ is
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What a question sounds like that asks for a decision, on which people differ, not for a fact."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A section and its sentences, each with how well it answers (a cosine, 1 at most)."""

    article: Article
    place: Place
    section: Section
    score: float
    """Search score and best sentence together; comparable within one question only."""
    sentences: tuple[tuple[Span, float], ...]
    """In the order of the text."""


def asks_for_views(question: str) -> bool:
    """Whether a question asks what to do, so that those who differ are all to be heard."""
    return bool(VIEW.search(" ".join(question.split())))


def chosen(candidates: Sequence[Evidence], *, views: bool) -> list[Evidence]:
    """Return the sections near the best one, but no more of one article than its kind allows.

    Where views are asked for, those of the same thread count as near from further off, and so does
    the best section of the other kind: a column beside a thread, a thread beside a guide.
    """
    ranked = sorted(candidates, key=lambda evidence: -evidence.score)
    used: Counter[str] = Counter()
    kept: list[Evidence] = []
    for evidence in ranked:
        article, best = evidence.article, ranked[0]
        share = NEAR_VIEW if views and _is_other_view(evidence, best, kept) else NEAR_BEST
        most = MOST_VIEWS if views and article.kind == "thread" else MOST_OF_ONE[article.kind]
        if evidence.score >= share * best.score and used[article.id] < most:
            used[article.id] += 1
            kept += [evidence, *_other_side(evidence, ranked)]
    return list({evidence.place: evidence for evidence in kept}.values())[:MOST_SECTIONS]


def _is_other_view(evidence: Evidence, best: Evidence, kept: Sequence[Evidence]) -> bool:
    if evidence.article.id == best.article.id:
        return evidence.article.kind == "thread"
    return _is_thread(evidence) != _is_thread(best) and all(
        _is_thread(other) == _is_thread(best) for other in kept
    )


def _is_thread(evidence: Evidence) -> bool:
    return evidence.article.kind == "thread"


def _other_side(evidence: Evidence, ranked: Sequence[Evidence]) -> list[Evidence]:
    """Return the same article's section on the drawbacks beside the one on the benefits.

    Only a question that asks for neither side finds both among its candidates.
    """
    return [
        other
        for other in ranked
        if other.article.id == evidence.article.id
        and opposed(words_in(other.section.heading), words_in(evidence.section.heading))
    ][:1]
