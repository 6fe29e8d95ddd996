"""Words that carry the subject of a question, and words that only hold it together."""

import re

WORD = re.compile(r"\w+(?:['’]\w+)*")

FUNCTION_WORDS = frozenset(
    """
    a about actually after again ah all also although am an and any anybody anyone anything are
    as at be because been before being both but by can can't cannot could couldn't d did didn't do
    does doesn't doing don don't done each eh either else ever every for from get gets getting got
    had has have haven't having he he's her here hers hey hi him his hm how how's however i i'd i'll
    i'm i've if im in instead into is isn't it it's its just keep know let like ll many may maybe me
    might mine more most much must my myself need no nor not now of off oh ok okay on once one ones
    only onto or other others our ours out over own please quite rather really re right s same say
    shall she she's should shouldn't so some somebody someone something still such sure t tell than
    thanks that that's the their theirs them then there there's these they they're they've thing
    things think this those though through to too until up upon us ve very want was wasn't we we're
    we've well were what what's when where whether which while who whom whose why will with without
    won't would wouldn't yeah yes yet you you'd you'll you're you've your yours yourself
    """.split()
)


def words_in(text: str) -> list[str]:
    """Return the words of a text in lower case, with straight apostrophes."""
    return [word.lower().replace("’", "'") for word in WORD.findall(text)]


def content_words(text: str) -> list[str]:
    """Return the different words that carry a meaning of their own, in order."""
    words = (word.removesuffix("'s") for word in words_in(text))
    return list(dict.fromkeys(w for w in words if w not in FUNCTION_WORDS and len(w) > 1))
