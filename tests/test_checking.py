"""What a model claims: quotes found whatever marks it used, and nothing altered ever shown."""

import random
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.answering.checking.checker import Checker
from pincite.answering.checking.exact import FEWEST_CHARACTERS, FEWEST_WORDS, Quotable, folded
from pincite.answering.checking.plainness import is_plain
from pincite.answering.choice import Evidence
from pincite.answering.claims import Claim, Quoted
from pincite.answering.verifier import verify
from pincite.embedding import HashingEmbedder, load_embedder
from pincite.model import Article, LeftOut, Section, Statement
from pincite.sentences import sentence_spans

NOTICE = (
    "Three months is usual in most contracts – read your own first. "
    "It is not true that secondments hurt your chances of partnership.\n"
    "You may leave early only if the firm agrees in writing. "
    "Ask about the ‘garden leave’ clause, because partners can't waive it… alone.\n"
    "The firm pays $1,500 for 10 % of its non-billable hours. Is a month enough for a partner?"
)
ADVICE = "Tell the supervising partner in person before anybody else. Three months is usual there."


def section_of(text: str, heading: str = "How long is it for associates?") -> Evidence:
    article = Article(
        id=heading[:3].lower(),
        title="Handing in your notice period",
        kind="guide",
        text=f"{heading}\n{text}",
        sections=(
            Section(
                start=len(heading) + 1,
                end=len(heading) + 1 + len(text),
                heading=heading,
                speaker="counsellor",
            ),
        ),
    )
    return Evidence(article, (article.id, 0), article.sections[0], 0.5, ())


SOURCES = [section_of(NOTICE), section_of(ADVICE, "Who should hear of the notice first?")]


@pytest.fixture
def checker(embedder) -> Checker:
    return Checker("How long is my notice?", SOURCES, embedder)


def quotable(text: str) -> Quotable:
    return Quotable(text, 0, len(text))


def found(quote: str, text: str = NOTICE) -> list[str]:
    return [text[start:end] for start, end in quotable(text).find(quote)]


def sentences_of(library) -> list[tuple[Evidence, str]]:
    """Return every sentence of the articles that ship that is long enough to be quoted."""
    return [
        (Evidence(article, (article.id, n), section, 0.5, ()), text)
        for article in library.articles.values()
        for n, section in enumerate(article.sections)
        for start, end in sentence_spans(article.text, section.start, section.end)
        for text in [article.text[start:end]]
        if len(text.split()) >= FEWEST_WORDS and len(text) >= FEWEST_CHARACTERS
    ]


# Quotes that are true


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("Three months is usual in most contracts", id="as-it-stands"),
        pytest.param("“Three months is usual in most contracts.”", id="marks-and-a-stop-around"),
        pytest.param("...Three months is usual in most contracts…", id="ellipses-around"),
        pytest.param("three months is usual in most contracts", id="first-letter"),
        pytest.param("Is usual in most contracts", id="capital-where-the-quote-begins"),
        pytest.param("contracts - read your own first", id="a-hyphen-for-a-dash"),
        pytest.param("contracts—read your own first", id="a-dash-without-spaces"),
        pytest.param("contracts -- read your own first", id="two-hyphens"),
        pytest.param("Three\u00a0months\n is  usual in most\tcontracts", id="white-space"),
        pytest.param("Three mon\u00adths is\u200b usual in most contracts", id="invisible"),
        pytest.param("Ｔhree months is usual in most contracts", id="a-wide-letter"),
        pytest.param('Ask about the "garden leave" clause', id="other-quotation-marks"),
        pytest.param("because partners can´t waive it", id="an-accent-for-an-apostrophe"),
        pytest.param("because partners can’t waive it", id="another-apostrophe"),
        pytest.param("because partners can't waive it... alone", id="an-ellipsis-of-the-article"),
        pytest.param("It is not true that [...] your chances of partnership", id="an-ellipsis"),
        pytest.param("The firm pays $1,500 for 10", id="a-figure-whole"),
    ],
)
def test_a_true_quote_is_found_however_it_is_typed(quote):
    assert found(quote)


def test_what_is_cited_is_the_whole_sentence_with_its_negation():
    whole = "It is not true that secondments hurt your chances of partnership."
    assert found("secondments hurt your chances of partnership") == [whole]


def test_a_condition_beside_the_quoted_words_is_cited_with_them():
    assert found("You may leave early") == [
        "You may leave early only if the firm agrees in writing."
    ]


def test_a_quote_over_two_sentences_is_cited_with_both():
    assert found("true that secondments hurt your chances of partnership. You may leave early") == [
        NOTICE[NOTICE.index("It is not") : NOTICE.index(" Ask about")]
    ]


def test_pieces_of_one_sentence_are_cited_once_and_of_two_apart():
    assert len(found("Three months is usual ... read your own first")) == 1
    assert len(found("Three months is usual ... You may leave early")) == 2


def test_accents_typed_in_two_characters_are_the_same():
    assert found("Der Anwaltsbe\u0301ruf ist frei", "Der Anwaltsbéruf ist frei.")
    assert found("Der Anwaltsbéruf ist frei", "Der Anwaltsbe\u0301ruf ist frei.")


def test_every_offset_leads_back_to_its_characters():
    text = "A ﬁrm’s “rule” — it’s\u00a0 ½, 10² and … so\u00adon."
    back = folded(text)
    assert back.text == "A firm's 'rule'-it's ½, 10² and ... soon."
    assert all(
        text[slice(*span)] == c
        for c, span in zip(back.text, back.spans, strict=True)
        if c.isalnum() and text[slice(*span)] != "ﬁ"
    )


def typed_otherwise(text: str, choose: random.Random) -> str:
    """Type a text as a model may: other quotation marks, dashes, spaces, line breaks."""
    marks, dashes = '"“”„«»', "-‐‑–—−"
    spaces = [" ", "  ", "\n", "\u00a0", "\u2009", "\r\n", " \u200b", "\t"]
    typed = re.sub('"', lambda _: choose.choice(marks), text)
    typed = re.sub("['’]", lambda _: choose.choice("'’‘´ʼ"), typed)
    typed = re.sub(" - ", lambda _: choose.choice([" – ", "—", " -- ", " - "]), typed)
    typed = re.sub("(?<=\\w)-(?=\\w)", lambda _: choose.choice(dashes), typed)
    typed = re.sub(" ", lambda _: choose.choice(spaces), typed)
    around = choose.choice(["{}", "“{}”", '"{}"', "'{}'", "…{}…", " {}\n", "«{}»", "...{}"])
    return around.format(choose.choice([typed, typed.rstrip("."), f"{typed.rstrip('.')},"]))


def test_true_quotes_are_found_whatever_marks_the_model_used(shipped):
    choose = random.Random(1)
    sentences = choose.sample(sentences_of(shipped), 1000)
    missed = []
    for evidence, text in sentences:
        quote = typed_otherwise(text, choose)
        article, section = evidence.article, evidence.section
        spans = Quotable(article.text, section.start, section.end).find(quote)
        if not any(text in article.text[start:end] for start, end in spans):
            missed.append(quote)
    assert len(missed) <= 10, missed


# Quotes that are not


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("", id="empty"),
        pytest.param("   \n", id="white-space"),
        pytest.param('"..."', id="marks-only"),
        pytest.param("- – —", id="dashes-only"),
        pytest.param("\u200b\u00ad", id="invisible-only"),
        pytest.param("Three months", id="two-words"),
        pytest.param("is a month", id="too-few-characters"),
        pytest.param("Four months is usual in most contracts", id="a-word-changed"),
        pytest.param("It is true that secondments hurt your chances", id="not-dropped"),
        pytest.param("Three months is not usual in most contracts", id="not-added"),
        pytest.param("Three months is Usual in most contracts", id="a-capital-inside"),
        pytest.param("months is usual in most con", id="the-last-word-cut"),
        pytest.param("hree months is usual in most contracts", id="the-first-word-cut"),
        pytest.param("because partners can", id="a-negation-cut-off-its-word"),
        pytest.param("billable hours. Is a month enough", id="a-prefix-cut-off"),
        pytest.param("500 for 10 % of its", id="a-figure-cut"),
        pytest.param("1,500 for 10 % of its", id="a-currency-cut-off"),
        pytest.param("The firm pays $5,100 for 10 %", id="digits-swapped"),
        pytest.param("Three months is usual in most contracts You may leave early", id="joined"),
        pytest.param("You may leave early ... Three months is usual", id="pieces-out-of-order"),
        pytest.param("Three months is ... first", id="a-piece-too-short"),
        pytest.param("T... months ... usual ... contracts", id="ellipses-between-words"),
        pytest.param("It is true that ... hurt your chances", id="a-piece-that-is-not-there"),
        pytest.param("You may leave early ... the firm agrees in writing", id="only-if-left-out"),
        pytest.param("How long is it for associates?", id="the-heading"),
        pytest.param("Handing in your notice period", id="the-title"),
    ],
)
def test_what_is_not_a_quote_is_not_found(quote):
    assert found(quote) == []


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        pytest.param("raise it by 102 per year", "They raise it by 10² per year.", id="power"),
        pytest.param("about 11/2 hours a day", "Take about 1½ hours a day.", id="fraction"),
        pytest.param("in step 1 of the plan", "It is in step ① of the plan.", id="circled"),
        pytest.param("irm is nice to juniors", "A ﬁrm is nice to juniors.", id="half-a-ligature"),
        pytest.param("a partner will ... pay it back", "a partner will not pay it back", id="not"),
        pytest.param(
            "Partners in this office will ... accept late requests",
            "Partners in this office will not accept late requests.",
            id="an-ellipsis-for-a-not",
        ),
        pytest.param("fell by 5 % in a year", "It fell by −5 % in a year.", id="a-sign-inside"),
        pytest.param(
            "ondment is a good idea", "A sec\u00adondment is a good idea.", id="soft-hyphen"
        ),
    ],
)
def test_the_folding_hides_no_difference(quote, text):
    assert found(quote, text) == []


def mutated(text: str, other: str, choose: random.Random) -> tuple[str, str]:
    """Return a quote with one thing altered that a reader would call an alteration."""
    words = text.split(" ")
    at = choose.randrange(len(words))
    kinds = {
        "word changed": [
            *words[:at],
            choose.choice(["firms", "seven", "gladly"]),
            *words[at + 1 :],
        ],
        "word doubled": [*words[:at], words[at], *words[at:]],
        "not added": [*words[:1], "not", *words[1:]],
        "words swapped": [*words[:-2], words[-1], words[-2]],
        "joined": [*words, *other.split(" ")],
        "joined in the middle": [*words[: len(words) // 2], *other.split(" ")[-4:]],
        "ellipsis and an invention": [*words[:4], "...", "therefore you must resign today"],
        "out of order": [*words[len(words) // 2 :], "...", *words[: len(words) // 2]],
    }
    if "not" in words:
        kinds["not dropped"] = [w for w in words if w != "not"]
        at = words.index("not")
        kinds["ellipsis for not"] = [*words[:at], "...", *words[at + 1 :]]
    if at > 0 and at < len(words) - 1:
        kinds["word dropped"] = [*words[:at], *words[at + 1 :]]
    name = choose.choice(sorted(kinds))
    quote = " ".join(kinds[name])
    letters = [i for i, c in enumerate(text) if c.isalpha()]
    if choose.random() < 0.2:
        i = choose.choice(letters)
        new = choose.choice([c for c in "aeioustn" if c != text[i].lower()])
        name, quote = "letter changed", text[:i] + new + text[i + 1 :]
    if (digit := re.search(r"\d", text)) and choose.random() < 0.8:
        new = str((int(digit.group()) + 3) % 10)
        name, quote = "digit changed", text[: digit.start()] + new + text[digit.end() :]
    return name, quote


def test_no_altered_quote_is_ever_found(shipped):
    choose = random.Random(2)
    sentences = sentences_of(shipped)
    tried, accepted = 0, []
    for evidence, text in choose.sample(sentences, 1500):
        article, section = evidence.article, evidence.section
        body = article.text[section.start : section.end]
        name, quote = mutated(text, choose.choice(sentences)[1], choose)
        if folded(quote).text.strip(" .'") in folded(body).text:
            continue  # by chance the article says this too
        tried += 1
        if Quotable(article.text, section.start, section.end).find(quote):
            accepted.append((name, quote, text))
    assert tried > 1000
    assert accepted == []


@given(st.data())
def test_a_part_of_a_text_is_found_only_between_words(data):
    start = data.draw(st.integers(0, len(NOTICE) - 1))
    end = data.draw(st.integers(start + 1, len(NOTICE)))
    quote = NOTICE[start:end]
    for span in quotable(NOTICE).find(quote):
        assert folded(quote).text.strip(" '-.,;:…") in folded(NOTICE[slice(*span)]).text


@given(st.text(max_size=60))
def test_any_text_is_looked_up_without_an_error(text):
    for start, end in quotable(NOTICE).find(text):
        assert NOTICE[start:end].strip()


@given(st.text(min_size=1, max_size=80))
def test_every_text_holds_itself_or_nothing(text):
    for start, end in quotable(text).find(text):
        assert 0 <= start < end <= len(text)


# Whole claims

SAID = "Three months is usual in most contracts – read your own first."
TRUE = Quoted(1, "Three months is usual in most contracts")


def test_a_true_claim_is_shown_with_its_sentence(checker):
    done = checker.check(Claim(SAID, (TRUE,)))
    assert isinstance(done, Statement)
    assert [c.quote for c in done.citations] == [SAID]
    article = SOURCES[0].article
    assert verify([done], {article.id: article}).statements == (done,)


def test_two_quotes_from_one_sentence_are_one_citation(checker):
    again = Quoted(1, "read your own first.")
    done = checker.check(Claim(SAID, (TRUE, again)))
    assert isinstance(done, Statement)
    assert len(done.citations) == 1


NUMBERS = [0, -1, 3, 99, 10**12, None, "1", "1,2", "", 1.0, 1.5, True, [1], (1, 2), {}, "one"]
NUMBERS += [b"1", float("nan"), float("inf"), object]
FORGED = [
    *((number, TRUE.quote) for number in NUMBERS),
    *((2, quote) for quote in (TRUE.quote, SAID, "Three months is usual in most")),
    *(
        (1, quote)
        for quote in [
            *("", " ", "\n", ".", "...", "…", "“”", '""', "''", "-", "—", "–––", "[...]", "(...)"),
            *(
                "\u200b",
                "\u00ad\u00ad",
                "\x00",
                "🙂🙂🙂 🙂 🙂🙂🙂🙂🙂🙂🙂🙂",
                "null",
                "None",
                "N/A",
                "{}",
            ),
            *("a", "the", "is a", "Three", "Three months", "months is", "most contracts"),
            "How long is it for associates?",
            "Handing in your notice period",
            "Tell the supervising partner in person before anybody else.",
            "Three months is usual there.",
            "Three months is usual in most contracts there.",
            "Six months is usual in most contracts",
            "THREE MONTHS IS USUAL IN MOST CONTRACTS",
            "Three months are usual in most contracts",
            "Three months is usual in contracts",
            "Three months is usual... in... most... contracts",
            "usual in most contracts Three months is",
            "See source 1, which says that three months is usual.",
            "Three months is usual in most contracts [1]",
            "<b>Three months is usual in most contracts</b>",
            "Drei Monate sind in den meisten Verträgen üblich",
            "Тhree months is usual in most contracts",
            "3 months is usual in most contracts",
            "Ignore the sources: three months is usual in most contracts",
            "threemonthsisusualinmostcontracts",
        ]
    ),
]


@pytest.mark.parametrize(("number", "quote"), FORGED)
def test_no_forged_citation_is_shown(checker, number, quote):
    assert len(FORGED) > 60
    forged = Quoted(number, quote)
    for quotes in ((forged,), (TRUE, forged), (forged, TRUE)):
        assert isinstance(checker.check(Claim(SAID, quotes)), LeftOut)


@pytest.mark.parametrize(
    ("text", "quotes", "reason"),
    [
        pytest.param(SAID, (), "no quote", id="no-quote"),
        pytest.param(" ", (TRUE,), "no quote", id="no-claim"),
        pytest.param(SAID, (replace(TRUE, source=3),), "unknown source", id="unknown-source"),
        pytest.param(SAID, (replace(TRUE, source=2),), "quote not in source", id="other-source"),
        pytest.param(
            "Six months is usual in most contracts", (TRUE,), "figure not in quotes", id="figure"
        ),
        pytest.param(
            "Three years is usual in most contracts", (TRUE,), "figure not in quotes", id="unit"
        ),
        pytest.param(
            "Three months is usual in most contracts in France.",
            (TRUE,),
            "name not in quotes",
            id="name",
        ),
        pytest.param(
            "Partners can't waive a clause on garden leave.",
            (TRUE,),
            "not about its quotes",
            id="about",
        ),
        pytest.param(
            "Is a month enough for a partner?",
            (Quoted(1, "Is a month enough for a partner?"),),
            "a question",
            id="a-question-says-nothing",
        ),
        pytest.param(
            "Secondments hurt your chances of partnership.",
            (Quoted(1, "secondments hurt your chances of partnership"),),
            "against its quotes",
            id="a-negation-left-out",
        ),
        pytest.param(
            "Three months is not usual in most contracts: read your own first.",
            (TRUE,),
            "against its quotes",
            id="a-negation-brought-in",
        ),
        pytest.param(
            "Is it true that three months is usual in most contracts?",
            (TRUE,),
            "a question",
            id="a-question",
        ),
        pytest.param(f"Indeed (is {SAID[:-1]}?)", (TRUE,), "a question", id="a-question-inside"),
        pytest.param(f"<b>{SAID[:-1]}</b>.", (TRUE,), "not plain text", id="html"),
        pytest.param(f"{SAID} <img src=x", (TRUE,), "not plain text", id="html-left-open"),
        pytest.param(f"[{SAID}](http://a.example)", (TRUE,), "not plain text", id="a-link"),
        pytest.param(f"See www.a.example: {SAID}", (TRUE,), "not plain text", id="an-address"),
        pytest.param(
            SAID.replace("e", "\u0435"),
            (TRUE,),
            "not plain text",
            id="letters-of-others",
        ),
        pytest.param(
            "Three months is usual in most contracts, and sue the partner who hired you.",
            (TRUE,),
            "only in part in its quotes",
            id="half-a-sentence",
        ),
    ],
)
def test_the_reason_is_told(checker, text, quotes, reason):
    assert checker.check(Claim(text, quotes)) == LeftOut(text, reason)


def test_letters_and_addresses_that_a_source_has_may_be_said_again():
    quoted = "Ask the Адвокат at https://bar.example/rules first."
    assert is_plain("Ask the Адвокат at https://bar.example/rules", [quoted])
    assert is_plain("Résumés of ﬁrms cost < 5 £ (naïve) [sic]", [])
    assert not is_plain("Ask at https://bar.example/other", [quoted])


def test_a_name_of_the_question_may_be_said_again(embedder):
    claim = Claim("Three months is usual in most contracts in France.", (TRUE,))
    asked = Checker("How long is my notice in France?", SOURCES, embedder)
    assert isinstance(asked.check(claim), Statement)


def test_without_sources_nothing_is_shown(embedder):
    assert Checker("?", [], embedder).check(Claim(SAID, (TRUE,))).reason == "unknown source"


class CountingEmbedder(HashingEmbedder):
    """Notes what it is asked to embed."""

    def __init__(self):
        self.batches = []

    def embed_documents(self, texts):
        self.batches.append(list(texts))
        return super().embed_documents(texts)


def test_a_claim_costs_its_own_words_only_after_the_first():
    embedder = CountingEmbedder()
    checker = Checker("?", SOURCES, embedder)
    for text in (SAID, "Three months is usual.", SAID):
        checker.check(Claim(text, (TRUE,)))
    sentences, *claims = embedder.batches
    assert SAID in sentences
    short = ["Three months is usual."]
    parts = ["Three months is usual in most contracts", "read your own first."]
    assert claims == [[SAID], parts, parts, short, short, [SAID], parts]


@pytest.mark.model
def test_half_a_character_from_a_model_does_no_harm():
    checker = Checker("?", SOURCES, load_embedder("all-MiniLM-L6-v2"))
    assert isinstance(checker.check(Claim(f"{SAID} \ud800", (TRUE,))), Statement)


def test_what_cannot_be_shown_anyway_is_not_embedded():
    embedder = CountingEmbedder()
    Checker("?", SOURCES, embedder).check(Claim(SAID, (replace(TRUE, quote="Six months is"),)))
    assert embedder.batches == []
