"""What turns a sentence into its opposite: negations, opposites, and words that leave no room."""

import re
from collections.abc import Collection, Iterator

from pincite.answering.checking.stems import stem
from pincite.words import FUNCTION_WORDS, words_in

NEGATIONS = frozenset(
    """
    not no never none neither nor nobody nothing nowhere without cannot hardly scarcely barely
    avoid avoids avoiding refuse refuses
    """.split()
)
"""Negations; so is every word that ends in `n't`."""
LIMITS = frozenset(
    "only unless except if until but although though rarely seldom few little less".split()
)
"""Words that bind a sentence to a condition, or take a part of it back."""
ABSOLUTE = frozenset(
    """
    always never all every everybody everyone everything nobody nothing none certainly definitely
    guaranteed guarantee guarantees impossible entirely completely invariably
    """.split()
)
"""Words that leave no room."""
UNIVERSAL = ABSOLUTE - NEGATIONS - {"impossible"}
HEDGED = frozenset(
    """
    may might can could some sometimes often usually generally many most mainly mostly probably
    likely possibly perhaps rarely seldom
    """.split()
)
"""Words that leave room."""

IDIOM = re.compile(r"\b(?:above|after|at|first of) all\b", re.IGNORECASE)
"""Where `all` counts nothing."""

REACH = 3
"""Words of meaning after a negation that it turns, within its clause."""
CLAUSE = re.compile(r"[,;:.!?()]|\b(?:and|but|because|so|when|if|while|before|after|unless)\b")

_PAIRS = """
    before/after before/afterwards before/once first/last more/less more/fewer most/least
    better/worse best/worst begin/end begins/ends start/stop start/end starts/ends early/late
    earlier/later high/low higher/lower large/small larger/smaller big/small long/short
    longer/shorter strong/weak stronger/weaker good/bad easy/hard easy/difficult safe/risky
    public/private open/closed formal/informal often/rarely often/seldom often/never
    sometimes/never usually/rarely always/never always/sometimes always/rarely may/never can/cannot
    many/few many/no some/no any/no every/no some/all may/must few/most all/none all/half
    everybody/nobody everyone/nobody anybody/nobody everything/nothing something/nothing
    both/neither help/hurt help/harm helps/hurts helps/harms gain/lose win/lose won/lost buy/sell
    buys/sells include/exclude raise/lower rise/fall rises/falls increase/decrease
    increases/decreases join/leave stay/leave accept/decline accept/refuse accept/reject
    allow/forbid allowed/forbidden permitted/prohibited required/optional mandatory/voluntary
    inside/outside up/down above/below over/under minimum/maximum benefit/drawback
    benefits/drawbacks advantage/disadvantage advantages/disadvantages fast/slow quickly/slowly
    cheap/expensive temporary/permanent same/different agree/disagree approve/reject
    remember/forget true/false right/wrong senior/junior look/avoid choose/avoid seek/avoid
    worth/worthless full/empty
""".split()
OPPOSITES: dict[str, frozenset[str]] = {
    word: frozenset(
        {p.split("/")[1] for p in _PAIRS if p.split("/")[0] == word}
        | {p.split("/")[0] for p in _PAIRS if p.split("/")[1] == word}
    )
    for pair in _PAIRS
    for word in pair.split("/")
}
PREFIXES = ("un", "in", "im", "ir", "dis", "non")
"""What makes most other words their opposites."""


def turns_a_sentence(text: str) -> bool:
    """Whether words hold a negation or a condition."""
    return any(_is_negation(word) or word in LIMITS for word in words_in(text))


def contradictions(claim: str, sentence: str) -> dict[str, float]:
    """Measure how a claim may say the opposite of a sentence, each 0 to 1.

    `turned`: a word of both is negated in one only. `denied`, `affirmed`: the claim has more
    negations, or none where the sentence has some. `opposed`: one has the opposite of a word of
    the other. `hardened`: the claim leaves no room where the sentence does. All count in the
    measure in which the two share their words: of two sentences on two things, none denies the
    other. It does not see what is said of whom: `A owes B` and `B owes A`.
    """
    ours, theirs = _turned(claim), _turned(sentence)
    common = ours.keys() & theirs.keys()
    words, quoted = words_in(claim), words_in(sentence)
    opposed = set(_opposed(set(words), set(quoted)))
    shared = common | ours.keys() & set(map(stem, opposed))
    closeness = (len(shared) / len(ours)) ** 2 if ours else 0.0
    negated, before = (sum(map(_is_negation, text)) for text in (words, quoted))
    cues = {
        "turned": any(ours[word].isdisjoint(theirs[word]) for word in common),
        "denied": negated > before,
        "affirmed": before > 0 == negated,
        "opposed": bool(opposed),
        "hardened": _is_hardened(set(words), set(quoted)),
    }
    return {name: closeness * cue for name, cue in cues.items()}


def generalises(claim: str, quoted: str) -> bool:
    """Whether a claim says `always` or `all` where the quoted sentences say `often` or `many`.

    Negations are no part of this: `never lie` is how one says that a lie is often found out.
    """
    ours, theirs = (set(words_in(IDIOM.sub(" ", text))) for text in (claim, quoted))
    brought = (ours & UNIVERSAL) - theirs
    return bool(brought) and theirs.isdisjoint(UNIVERSAL) and not (theirs & HEDGED) <= ours


def _is_negation(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")


def _turned(text: str) -> dict[str, set[bool]]:
    """Return the stems of a text, and for each whether a negation turns it, or both."""
    found: dict[str, set[bool]] = {}
    for word, is_turned in _words_of_meaning(text):
        found.setdefault(stem(word), set()).add(is_turned)
    return found


def _words_of_meaning(text: str) -> Iterator[tuple[str, bool]]:
    for clause in CLAUSE.split(text.lower().replace("’", "'")):
        left = 0
        for word in words_in(clause):
            if _is_negation(word):
                left = REACH
            elif word not in FUNCTION_WORDS:
                yield word.removesuffix("'s"), left > 0
                left -= 1


def _opposed(claim: Collection[str], sentence: Collection[str]) -> Iterator[str]:
    """Return the claim's words that only it has, and whose opposite only the sentence has."""
    only_theirs = {word for word in sentence if word not in claim}
    for word in claim:
        if word not in sentence and not only_theirs.isdisjoint(_opposites(word)):
            yield word


def _opposites(word: str) -> frozenset[str]:
    bare = {word.removeprefix(prefix) for prefix in PREFIXES} - {word}
    return OPPOSITES.get(word, frozenset()) | bare | {prefix + word for prefix in PREFIXES}


def _is_hardened(claim: Collection[str], sentence: Collection[str]) -> bool:
    return (
        not ABSOLUTE.isdisjoint(claim)
        and ABSOLUTE.isdisjoint(sentence)
        and not HEDGED.isdisjoint(sentence)
    )
