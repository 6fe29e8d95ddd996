"""Claims of two clauses of which the quotes carry one: what half a sentence looks like."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Final

from evals.pairs import Pair, lot, share_words
from pincite.answering.checking.figures import figures_in
from pincite.answering.checking.names import names_in

FORMS: Final[Mapping[str, str]] = {
    "and": "{claim}, and {clause}.",
    "and, without a comma": "{claim} and {clause}.",
    "but": "{claim}, but {clause}.",
    "because": "{claim}, because {clause}.",
    "so": "{claim}, so {clause}.",
    "which means": "{claim}, which means that {clause}.",
    "semicolon": "{claim}; {clause}.",
    "dash": "{claim} – {clause}.",
    "if": "{claim} if {clause}.",
    "unless": "{claim}, unless {clause}.",
    "just as": "{claim}, just as {clause}.",
    "if, in front": "If {clause}, {claim}.",
    "because, in front": "Because {clause}, {claim}.",
    "as, in the middle": "{begins}, as {clause}, {ends}.",
    "in brackets": "{begins} ({clause}) {ends}.",
}
"""How a clause is put to a claim."""
CLAUSE_WORDS: Final = range(4, 17)
"""Of a clause that is put to a claim: fewer say little, more are found out by any measure."""
OPENINGS: Final = frozenset("If When While Because Then So But And Unless Although".split())
"""Words after which a clause cannot be put after another such word."""
FORMS_OF_OWN: Final = 5
"""Forms, chosen by lot, for each of the articles' own sentences; ours are given every one."""
JOINED: Final = 2
"""Forms in which a claim is joined with another, and the quotes of both are given."""


def grafted(right: Sequence[Pair]) -> list[Pair]:
    """Put clauses of other claims to claims: by lot of the same article or of another one.

    A clause of the same article has its own section among the sources, or not. Those are left out
    whose the figures and names that would tell a false clause from the words alone. No claim is
    given a clause from across the line between what is fitted to and what is held out.
    """
    return [
        pair
        for claim in _whole(right)
        for form in _forms_for(claim)
        for pair in _made(claim, form, right)
    ]


def joined(right: Sequence[Pair]) -> list[Pair]:
    """Return claims of two clauses, and the quotes of both: what must not be mistaken for those."""
    whole = _whole(right)
    return [
        replace(
            claim,
            kind="joined",
            text=text,
            form=form,
            quotes=claim.quotes + other.quotes,
            sections=tuple(dict.fromkeys(claim.sections + other.sections)),
        )
        for claim in whole
        for form in sorted(FORMS, key=lambda f: lot(f"joined {f} {claim.text}"))[:JOINED]
        for other in _first(claim, form, [p for p in whole if p.article.id == claim.article.id])
        if (text := put_together(claim.text, other.text, form))
    ]


def put_together(claim: str, clause: str, form: str) -> str | None:
    """Return two sentences as one; None where the first has no middle to put the second into."""
    whole, added = claim.rstrip("."), _lowered(clause.rstrip("."))
    if "in the middle" in form or "in brackets" in form:
        begins, comma, ends = whole.partition(", ")
        if not comma:
            return None
        return FORMS[form].format(begins=begins, clause=added, ends=ends)
    if "in front" in form:
        whole = _lowered(whole)
    made = FORMS[form].format(claim=whole, clause=added)
    return made[0].upper() + made[1:]


def _whole(right: Sequence[Pair]) -> list[Pair]:
    return [pair for pair in right if pair.kind in ("sentence", "verbatim")]


def _forms_for(claim: Pair) -> list[str]:
    if claim.kind == "sentence":
        return list(FORMS)
    return sorted(FORMS, key=lambda form: lot(form + claim.text))[:FORMS_OF_OWN]


def _made(claim: Pair, form: str, right: Sequence[Pair]) -> Iterator[Pair]:
    own = [p for p in right if p.article.id == claim.article.id]
    alike = (p for p in _whole(right) if p.is_held_out == claim.is_held_out)
    others = [p for p in alike if p.article.id != claim.article.id]
    drawn = lot(f"donor {form} {claim.text}")
    for donor in _first(claim, form, own if drawn[0] % 2 else others):
        both = tuple(dict.fromkeys(claim.sections + donor.sections))
        sections = both if drawn[0] % 2 and drawn[1] % 2 else claim.sections
        if text := put_together(claim.text, donor.text, form):
            yield replace(claim, text=text, label="grafted", form=form, sections=sections)


def _first(claim: Pair, form: str, donors: Sequence[Pair]) -> list[Pair]:
    """Return the donor that the lot falls on, if there is any."""
    drawn = sorted(donors, key=lambda p: lot(form + claim.text + p.text))
    fit = (p for p in drawn if _may_be_put(p.text) and not share_words(p, claim))
    return list(islice(fit, 1))


@cache
def _may_be_put(clause: str) -> bool:
    is_plain = not any(mark in clause for mark in '?"“”:;–()')
    fits = len(clause.split()) in CLAUSE_WORDS and clause.split()[0] not in OPENINGS
    return is_plain and fits and not figures_in(clause) and not names_in(clause)


def _lowered(sentence: str) -> str:
    is_name = sentence.split()[0] in ("I", "I'd", "I'm", "I've", "I'll", "US", "UK")
    return sentence if is_name else sentence[0].lower() + sentence[1:]
