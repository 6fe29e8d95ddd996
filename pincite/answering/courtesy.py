"""Fixed replies to what is no question for a library: greetings, thanks, distress, a legal case."""

import re
from typing import Final

GREETING: Final = (
    "Hello. Ask a question about your career at the firm, and I will answer in the library's own "
    "words, each with the place where it stands."
)
THANKS: Final = "You are welcome. Ask on whenever you like."
GOODBYE: Final = "Goodbye, and good luck. Nothing of this conversation is kept here."
WHO: Final = (
    "I am Pincite, a program that searches a library of career advice for law-firm associates. I "
    "quote what the articles say, word for word, and say so when they do not cover a question. "
    "I am no person and no lawyer, and I know nothing about your firm."
)
DISTRESS: Final = (
    "I am sorry that it is this bad. I am only a library, and you deserve a person now. If you may "
    "harm yourself or are in danger, call your local emergency number, or a crisis line in your "
    "country: it is there for exactly this, day and night. If it can wait an hour, tell somebody "
    "you trust or see a doctor today. Many bars have a lawyer assistance programme that is "
    "confidential and separate from your firm."
)
LEGAL_ADVICE: Final = (
    "This asks for legal advice on a case of your own, which a library of general career advice "
    "cannot give. An employment lawyer, or your bar's ethics line, can look at your contract and "
    "your facts in confidence."
)
CONFIDENCE: Final = (
    "I cannot help with passing on what belongs to a client or to the firm. If you think that "
    "something has to be disclosed, ask your firm's general counsel, or your bar's ethics line in "
    "confidence, before you show it to anybody."
)

FILLER: Final = (
    r"(?:\W|\b(?:there|all|everyone|again|so|very|much|a|lot|you|for|that|this|your|help)\b)*"
)

IN_DISTRESS: Final = re.compile(
    r"\b(?:kill(?:ing)? myself|suicidal|(?<!career )(?<!professional )(?:commit )?suicide"
    r"|end(?:ing)? (?:my (?:own )?life|it all)|take my (?:own )?life|self[- ]?harm"
    r"|(?:hurt|harm|cut)(?:ting|ing)? myself|better off dead|no reason to (?:live|go on)"
    r"|(?:do not|don'?t|didn'?t) want to (?:live|be alive|wake up)"
    r"|want(?:ed)? to (?:die|be dead)|wish i (?:was|were) dead|can(?:no|')?t go on living)\b",
    re.IGNORECASE,
)
NOT_MEANT: Final = re.compile(r"\b(?:career|professional|commercial|political) suicide\b", re.I)

WHOLE: Final = tuple(
    (re.compile(rf"^\W*(?:{said}){FILLER}$", re.IGNORECASE), reply)
    for said, reply in (
        (r"hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|day)|greetings", GREETING),
        (
            r"(?:ok(?:ay)?|great|perfect|cool|super)?\W*"
            r"(?:thanks|thank you|thx|ty|cheers|many thanks|much appreciated|got it)"
            r"|ok(?:ay)?|great|perfect|cool|super",
            THANKS,
        ),
        (r"bye|goodbye|good ?night|see you|that'?s all", GOODBYE),
        (
            r"(?:so )?(?:who|what) (?:are|r) (?:you|u)|what(?:'?s| is) (?:this|pincite)"
            r"|what (?:can|do) you do|what can i ask|how do(?:es)? (?:you|this|it) work|help"
            r"|are you (?:an? )?(?:bot|human|real|person|ai|chat ?gpt|lawyer|robot|machine)"
            r"(?: person)?",
            WHO,
        ),
    )
)

OWN_CASE: Final = re.compile(
    r"\b(?:(?:sue|suing) (?:my|the|them|him|her|a)"
    r"|(?:draft|write|review|check|read) (?:me )?(?:my|an?|this|the) "
    r"(?:contract|agreement|claim|complaint|motion|letter before action|will|lease)"
    r"|is (?:my|this|the) [\w -]{0,30}(?:clause|covenant|non-?compete|contract) "
    r"(?:enforceable|valid|legal|binding)|do i have a (?:claim|case)|give me legal advice"
    r"|what are my (?:legal )?rights)\b",
    re.IGNORECASE,
)
IN_CONFIDENCE: Final = re.compile(
    r"\b(?:leak(?:ing)?|(?:tell|tip off|email|send|give|show|forward|pass)\b.{0,60}"
    r"\b(?:press|journalist|reporter|friend|competitor|brother|sister|husband|wife))\b.{0,80}"
    r"\b(?:client|confidential|privileged|deal|inside)"
    r"|\b(?:client|confidential|privileged|inside)\b.{0,80}\b(?:leak|press|journalist|reporter)\b",
    re.IGNORECASE,
)


def reply_to(text: str) -> str | None:
    """Return the fixed reply to words that ask the library nothing; None for a question.

    Whoever may be in danger is answered first, whatever else the words ask.
    """
    words = " ".join(text.replace("’", "'").split())
    if IN_DISTRESS.search(NOT_MEANT.sub("", words)):
        return DISTRESS
    return next((reply for said, reply in WHOLE if said.match(words)), None)


def reply_to_refused(text: str) -> str | None:
    """Return why a question that the library does not answer belongs elsewhere, if it does."""
    words = " ".join(text.replace("’", "'").split())
    if IN_CONFIDENCE.search(words):
        return CONFIDENCE
    return LEGAL_ADVICE if OWN_CASE.search(words) else None
