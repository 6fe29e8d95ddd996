"""Whether a claim is about its quotes: what is measured, what is fitted, and how well it holds."""

import json
import random
import re
from dataclasses import replace
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals import supporting
from evals.__main__ import app as evals
from evals.errors import ClaimsError
from evals.grafts import FORMS, grafted, joined, put_together
from evals.inbox import published_articles
from evals.pairs import FILE, Pair, astray, load_paraphrases, notes, turned_round, verbatim
from evals.questions import load_questions
from evals.wice import read_wice
from pincite.answering.checking import support
from pincite.answering.checking.checker import Checker
from pincite.answering.checking.clauses import clauses
from pincite.answering.checking.figures import figures_in, unfounded_figures
from pincite.answering.checking.names import names_in, unfounded_names
from pincite.answering.checking.polarity import contradictions, generalises, turns_a_sentence
from pincite.answering.checking.stems import stem
from pincite.answering.checking.support import Surroundings, probability
from pincite.model import LeftOut
from pincite.sentences import sentence_spans
from tests.conftest import ROOT

# Figures


@pytest.mark.parametrize(
    ("claim", "quoted"),
    [
        pytest.param("three months", "a 3-month notice", id="digits-for-words"),
        pytest.param("25 people", "twenty-five people", id="words-for-digits"),
        pytest.param("three months", "three to six months", id="the-unit-comes-later"),
        pytest.param("10%", "ten per cent", id="percent"),
        pytest.param("$5,000", "5000 dollars", id="currency"),
        pytest.param("£2m", "two million pounds", id="millions"),
        pytest.param("5k", "5,000", id="thousands"),
        pytest.param("a half-time post", "half of the time", id="half"),
        pytest.param("½ of it", "half of it", id="a-fraction"),
        pytest.param("ten hours a month", "ten hours monthly", id="a-is-each"),
        pytest.param("one of them", "they", id="one-that-counts-nothing"),
        pytest.param("First, ask.", "Ask.", id="first-that-counts-nothing"),
        pytest.param("the 2nd year", "the second year", id="a-rank"),
        pytest.param("on 12/03/2024", "dated 12/03/2024", id="a-date"),
        pytest.param("in 5–10 days", "5-10 days", id="another-dash"),
    ],
)
def test_a_figure_of_the_quote_may_be_said(claim, quoted):
    assert unfounded_figures(claim, quoted) == set()


@pytest.mark.parametrize(
    ("claim", "quoted"),
    [
        pytest.param("two months", "three months", id="another-number"),
        pytest.param("three years", "three months", id="another-unit"),
        pytest.param("5,000 euros", "$5,000", id="another-currency"),
        pytest.param("five percent", "five years, ten percent", id="another-share"),
        pytest.param("a month", "three months", id="one-for-three"),
        pytest.param("one year", "two years", id="one-in-words"),
        pytest.param("the third year", "three years", id="a-rank-is-no-number"),
        pytest.param("in 2019", "in 2018", id="another-year"),
        pytest.param("by -5 %", "by 5 %", id="a-sign"),
        pytest.param("102", "10²", id="a-power"),
        pytest.param("1,500", "150", id="a-nought"),
        pytest.param("at 9:30", "at 9:45", id="a-time"),
        pytest.param("twice", "it", id="twice"),
        pytest.param("three", "", id="no-figure-at-all"),
    ],
)
def test_a_figure_that_the_quote_has_not_is_found_out(claim, quoted):
    assert unfounded_figures(claim, quoted)


# Names


@pytest.mark.parametrize(
    ("claim", "known"),
    [
        pytest.param("Firms in Germany", "a German firm", id="another-form"),
        pytest.param("The U.S. office", "in the US", id="dots"),
        pytest.param("Take LLMs", "an LL.M.", id="plural"),
        pytest.param("Go through HR", "through human resources", id="abbreviation"),
        pytest.param("Ask a Partner", "a partner", id="a-capital-for-nothing"),
        pytest.param("I'd ask, and I mean it", "", id="i"),
        pytest.param('Say: "Thank you"', "", id="a-sentence-within"),
        pytest.param("Consider it. Then decide.", "", id="sentence-starts"),
        pytest.param("on Nov. 3", "on 3 November", id="a-short-month"),
        pytest.param("read The Lawyer's Guide", "the Lawyer guide", id="an-article-in-a-title"),
    ],
)
def test_a_known_name_may_be_said(claim, known):
    assert unfounded_names(claim, [known]) == []


@pytest.mark.parametrize(
    ("claim", "known", "names"),
    [
        pytest.param("Firms in France", "firms in Germany", ["France"], id="another-country"),
        pytest.param("NALP says so", "it says so", ["NALP"], id="capitals-at-the-start"),
        pytest.param("BigLaw pays", "it pays", ["BigLaw"], id="a-capital-inside"),
        pytest.param("Ask US firms", "ask us and UK firms", ["US"], id="us"),
        pytest.param("Ask Al", "ask a lawyer", ["Al"], id="initials-of-no-abbreviation"),
        pytest.param("Go in May", "you may go", ["May"], id="may"),
        pytest.param("Go in March", "the march of time", ["March"], id="march"),
        pytest.param("Ask Freshfields' partners", "ask partners", ["Freshfields"], id="possessive"),
        pytest.param("Call on Monday", "call on Friday", ["Monday"], id="a-weekday"),
    ],
)
def test_a_name_that_nobody_said_is_found_out(claim, known, names):
    assert unfounded_names(claim, [known]) == names


def test_figures_are_read_as_they_were_meant():
    found = figures_in("Thirty-five days, one of them unpaid, at $1.5m.")
    assert {(f.amount, f.unit) for f in found} == {("35", "day"), ("1500000", "$")}


def test_every_name_is_told_in_order():
    assert names_in("Ask Ann's friend Bob in Bonn, May or June.") == [
        "Ann",
        "Bob",
        "Bonn",
        "May",
        "June",
    ]


@given(st.text(max_size=60))
def test_what_is_quoted_may_be_said(text):
    assert unfounded_figures(text, text) == set()
    assert unfounded_names(text, [text]) == []
    assert not any(contradictions(text, text).values())


# Opposites


@pytest.mark.parametrize(
    ("claim", "sentence", "cue"),
    [
        pytest.param("Resign at once.", "Do not resign at once.", "turned", id="not-dropped"),
        pytest.param("You can't resign.", "You can resign.", "denied", id="cannot"),
        pytest.param("Partners agree.", "Partners never agree.", "affirmed", id="never-dropped"),
        pytest.param("Ask after signing.", "Ask before signing.", "opposed", id="opposite"),
        pytest.param("It is unlikely.", "It is likely.", "opposed", id="a-prefix-brought-in"),
        pytest.param("It is likely.", "It is unlikely.", "opposed", id="a-prefix-dropped"),
        pytest.param("Firms always pay.", "Some firms pay.", "hardened", id="no-room-left"),
        pytest.param(
            "Secondments hurt chances.",
            "It is not true that secondments hurt chances.",
            "turned",
            id="not-true-that",
        ),
    ],
)
def test_what_turns_a_sentence_round_is_seen(claim, sentence, cue):
    assert contradictions(claim, sentence)[cue] > 0
    assert not any(contradictions(sentence, sentence).values())


@pytest.mark.parametrize(
    ("claim", "quoted", "does"),
    [
        pytest.param("Firms always pay.", "Firms often pay.", True, id="always-for-often"),
        pytest.param("All firms may pay.", "Many firms may pay.", True, id="all-for-many"),
        pytest.param("Firms always pay.", "Firms pay.", False, id="no-room-to-lose"),
        pytest.param("Firms always pay.", "They always do, some say.", False, id="the-quote-does"),
        pytest.param("All firms often pay.", "Firms often pay.", False, id="the-room-is-kept"),
        pytest.param("Never lie.", "A lie often comes out.", False, id="never-is-a-negation"),
        pytest.param("Above all, pay.", "Mostly one pays.", False, id="above-all-counts-nothing"),
    ],
)
def test_a_claim_that_leaves_no_room_is_seen(claim, quoted, does):
    assert generalises(claim, quoted) is does


def test_of_two_sentences_on_two_things_none_denies_the_other():
    assert not any(contradictions("Never lie.", "Send the slides before the talk.").values())


@pytest.mark.parametrize(("text", "does"), [("unless", True), ("isn't", True), ("wait", False)])
def test_conditions_and_negations_turn_a_sentence(text, does):
    assert turns_a_sentence(text) is does


@pytest.mark.parametrize("word", ["resigning", "resigned", "resigns", "resign"])
def test_forms_of_a_word_have_one_stem(word):
    assert stem(word) == "resign"


# Clauses


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        pytest.param(
            "Read your contract, and sue your partner.",
            ["Read your contract", "and sue your partner."],
            id="and",
        ),
        pytest.param(
            "Read your contract and notice rules because partners sue.",
            ["Read your contract", "and notice rules", "because partners sue."],
            id="without-a-comma",
        ),
        pytest.param(
            "If partners sue, read your contract – which binds partners.",
            ["If partners sue", "read your contract", "which binds partners."],
            id="in-front-and-after-a-dash",
        ),
        pytest.param("A well-known firm pays 1,500.", ["A well-known firm pays 1,500."], id="one"),
        pytest.param("Ask, and wait.", ["Ask and wait."], id="a-word-is-no-clause"),
    ],
)
def test_a_sentence_is_cut_where_clauses_meet(sentence, parts):
    assert clauses(sentence) == parts


SAID = st.lists(
    st.sampled_from("ask the firm, and sue; it – but if (they) well-known 1,500 so which.".split())
).map(" ".join)


@given(st.one_of(SAID, st.text(max_size=60)))
def test_no_word_is_lost_between_clauses(text):
    assert re.findall(r"\w+", " ".join(clauses(text))) == re.findall(r"\w+", text)


# What is measured


SENTENCES = ["Three months is usual.", "Ask the partner first.", "Clients lend no desks."]


def test_the_right_sentence_is_nearest_and_fullest(embedder):
    measured = Surroundings(SENTENCES, embedder).measured("Three months is usual.", {0})
    assert measured == {
        "similarity": pytest.approx(1),
        "coverage": pytest.approx(1),
        "nearer": 0,
        "fuller": 0,
    }


def test_another_sentence_that_fits_better_is_seen(embedder):
    measured = Surroundings(SENTENCES, embedder).measured("Three months is usual.", {1})
    assert (measured["nearer"], measured["fuller"]) == (pytest.approx(1), pytest.approx(1))


def test_several_quotes_cover_together(embedder):
    surroundings = Surroundings(SENTENCES, embedder)
    assert surroundings.measured("Months; partner", {0, 1})["coverage"] == pytest.approx(1)
    assert surroundings.measured("Months; partner", {0})["coverage"] < 1


def test_a_claim_without_a_word_of_meaning_is_covered_by_nothing(embedder):
    assert Surroundings(SENTENCES, embedder).measured("It is so.", {0})["coverage"] == 0


WHOLE = "Three months is usual."
HALF = "Three months is usual, so ask the partner first."


def test_a_clause_that_the_quote_has_not_is_measured_by_itself(embedder):
    surroundings = Surroundings(SENTENCES, embedder)
    whole, half = (surroundings.measured_by_clause(text, {0}) for text in (WHOLE, HALF))
    assert whole == {
        "clause_similarity": pytest.approx(1),
        "clause_coverage": pytest.approx(1),
        "coverage": pytest.approx(1),
        "new": 0,
        "new_run": 0,
    }
    assert half["clause_similarity"] < 0.5
    assert half["clause_coverage"] == 0 < half["coverage"] < 1
    assert half["new"] == half["new_run"] > 1


def test_a_clause_that_another_quote_has_is_whole_again(embedder):
    surroundings = Surroundings(SENTENCES, embedder)
    assert surroundings.is_whole(HALF, {0, 1})
    assert not surroundings.is_whole(HALF, {0})


def test_new_words_are_counted_on_into_the_next_clause(embedder):
    surroundings = Surroundings(SENTENCES, embedder)
    apart = surroundings.measured_by_clause("Ask the partner, three months, clients lend.", {0})
    beside = surroundings.measured_by_clause("Three months, ask the partner, clients lend.", {0})
    assert beside["new_run"] == pytest.approx(apart["new_run"] * 2)
    assert beside["new"] == apart["new"]


def test_better_fitting_words_make_support_more_probable():
    worst = {"similarity": 0.1, "coverage": 0.0, "nearer": 0.5, "fuller": 0.5}
    best = {"similarity": 0.9, "coverage": 1.0, "nearer": 0.0, "fuller": 0.0}
    assert probability("about", worst) < support.threshold("about") < probability("about", best)


# The pairs


@pytest.fixture(scope="module")
def articles():
    return published_articles(ROOT / "corpus")


@pytest.fixture(scope="module")
def pairs(articles) -> list[Pair]:
    return supporting.all_pairs(ROOT / "corpus", None)


def test_every_quote_of_a_paraphrase_is_once_in_its_article(articles):
    paraphrases = load_paraphrases(articles)
    assert sum(pair.label == "right" for pair in paraphrases) >= 60
    assert sum(pair.label == "against" for pair in paraphrases) >= 60
    assert len({pair.article.id for pair in paraphrases}) >= 60


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param("quote: Send the slides", "quote: Sand the slides", "Sand", id="not-there"),
        pytest.param("article: going-in-house", "article: gone", "gone", id="no-such-article"),
        pytest.param("  claim:", "  clam:", "clam", id="a-field-misspelt"),
        pytest.param("- article: bad-fit", "- article: [", "YAML|flow|expected", id="no-yaml"),
    ],
)
def test_an_entry_that_does_not_fit_is_named(articles, tmp_path, old, new, told):
    file = tmp_path / "claims.yaml"
    file.write_text(FILE.read_text().replace(old, new, 1))
    with pytest.raises(ClaimsError, match=told):
        load_paraphrases(articles, file)


def test_held_out_questions_give_nothing_to_fit_to(articles, pairs):
    hidden = notes([q for q in load_questions() if q.holdout], articles)
    shown = {p.text for p in notes([q for q in load_questions() if not q.holdout], articles)}
    fitted_to = {p.text for p in pairs if p.kind == "note" and not p.is_held_out}
    assert not fitted_to & ({p.text for p in hidden} - shown)


def test_an_astray_quote_is_another_claims_of_the_same_article(pairs):
    right = {(p.article.id, p.text): p for p in pairs if p.label == "right"}
    for pair in pairs:
        if pair.label == "astray":
            assert pair.quotes != right[pair.article.id, pair.text].quotes


@pytest.mark.parametrize(
    ("form", "text"),
    [
        pytest.param("because", "Ask first, then sign, because juniors forget.", id="at-the-end"),
        pytest.param("if, in front", "If juniors forget, ask first, then sign.", id="in-front"),
        pytest.param("in brackets", "Ask first (juniors forget) then sign.", id="in-the-middle"),
    ],
)
def test_two_sentences_are_put_together(form, text):
    assert put_together("Ask first, then sign.", "Juniors forget.", form) == text
    assert put_together("Ask first.", "Juniors forget.", "in brackets") is None


def test_a_clause_crosses_no_line_to_what_is_held_out(pairs):
    sides = {p.text.rstrip("."): p.is_held_out for p in pairs if p.label == "right"}
    put = [p for p in pairs if p.label == "grafted" and p.form == "semicolon"]
    assert len(put) >= 100
    assert {sides[p.text.rpartition("; ")[0]] == p.is_held_out for p in put} == {True}


def test_every_claim_of_ours_is_put_to_something_in_every_form_it_can_take(articles):
    ours = [p for p in load_paraphrases(articles) if p.label == "right"]
    assert {p.form for p in grafted(ours)} == set(FORMS)
    assert {p.label for p in joined(ours)} <= {"right"}


def test_claims_that_are_joined_have_the_quotes_of_both(pairs):
    both = [p for p in pairs if p.kind == "joined"]
    assert len(both) >= 200
    assert all(len(p.claim.quotes) == 2 and p.label == "right" for p in both)


def test_sentences_are_turned_round():
    assert list(turned_round("You should not sign before Friday.")) == [
        "You should sign before Friday.",
        "You should not sign after Friday.",
    ]
    assert list(turned_round("It is long.")) == ["It is not long.", "It is short."]


def test_wice_is_read_in_its_form(tmp_path):
    row = {
        "label": "supported",
        "supporting_sentences": [[0]],
        "claim": "Water boils at 100 degrees.",
        "evidence": [
            "Water boils at 100 degrees at the level of the sea.",
            "Ice melts far below that, as everybody knows.",
            "Short.",
        ],
    }
    (tmp_path / "claims.jsonl").write_text(json.dumps(row))
    assert [(p.label, p.quotes) for p in read_wice(tmp_path)] == [
        ("right", (row["evidence"][0],)),
        ("astray", (row["evidence"][1],)),
    ]


@pytest.mark.parametrize("content", [None, "{}", "no json", '{"label": "supported"}'])
def test_what_is_not_wice_is_named(tmp_path, content):
    if content is not None:
        (tmp_path / "claims.jsonl").write_text(content)
    with pytest.raises(ClaimsError, match="is not WiCE"):
        read_wice(tmp_path)


# The fit


@pytest.fixture(scope="module")
def model(pairs, embedder):
    return supporting.fit(pairs[::4], embedder)


def test_the_model_that_ships_was_fitted_like_this_one(model):
    shipped = json.loads(supporting.FILE.read_text())
    assert shipped.keys() == model.keys()
    for judgement in ("about", "against", "whole"):
        assert shipped[judgement].keys() == model[judgement].keys()
        assert shipped[judgement]["weights"].keys() == model[judgement]["weights"].keys()


def test_the_fit_never_looks_at_held_out_articles(pairs, embedder, model):
    seen = [pair for pair in pairs[::4] if not pair.is_held_out]
    assert supporting.fit(seen, embedder) == model


def test_every_weight_of_the_model_that_ships_points_the_right_way():
    about, against = (support.fitted()[name]["weights"] for name in ("about", "against"))
    assert min(about["similarity"], about["coverage"]) > 0 > max(about["nearer"], about["fuller"])
    assert min(against.values()) > 0
    whole = support.fitted()["whole"]["weights"]
    assert min(whole["clause_similarity"], whole["clause_coverage"]) > 0
    assert max(whole["coverage"], whole["new"], whole["new_run"]) < 0


def test_the_model_is_written_to_be_read(model, tmp_path):
    supporting.write(model, tmp_path / "support.json")
    assert json.loads((tmp_path / "support.json").read_text()) == model


def test_the_command_tells_what_is_kept_and_why_the_rest_is_not(run, monkeypatch):
    monkeypatch.setenv("PINCITE_CORPUS", str(ROOT / "corpus"))
    document = run(evals, "support", "--json").document
    assert document["model"] == json.loads(supporting.FILE.read_text())
    for row in document["held_out"]:
        assert round(row["kept"] * row["n"]) + sum(row["dropped"].values()) == row["n"]
    table = supporting.as_table(document["held_out"])
    assert "not about its quotes" in table
    assert len(table.splitlines()) == len(document["held_out"]) + 1


# What it holds, on articles that it was not fitted to


@pytest.fixture(scope="module")
def real_embedder(pairs, minilm):
    chosen = [p for label in ("right", "astray", "against") for p in some(pairs, label, n=250)]
    minilm.embed_documents(  # in one go, which is faster than a section at a time
        [p.text for p in chosen]
        + [
            evidence.article.text[start:end]
            for p in chosen
            for evidence in p.sources
            for start, end in sentence_spans(
                evidence.article.text, evidence.section.start, evidence.section.end
            )
        ]
    )
    return minilm


def kept(pairs, embedder) -> float:
    done = [Checker("", pair.sources, embedder).check(pair.claim) for pair in pairs]
    return sum(not isinstance(each, LeftOut) for each in done) / len(done)


KINDS = ("sentence", "verbatim", "note")


def some(pairs, label, *, n, kinds=KINDS):
    """Return claims of the held-out articles, as many of each wording as there are."""
    chosen = [p for p in pairs if p.label == label and p.is_held_out]
    by_kind = [[p for p in chosen if p.kind == k] for k in kinds]
    picked = [random.Random(3).sample(group, min(len(group), n)) for group in by_kind]
    return [pair for group in picked for pair in group]


def kept_of_each_kind(pairs, label, embedder):
    """Return the mean of what is kept of each wording: few words, a sentence, the article's own."""
    chosen = [some(pairs, label, n=400, kinds=(kind,)) for kind in KINDS]
    assert sum(map(len, chosen)) >= 200
    return fmean(kept(of_kind, embedder) for of_kind in chosen)


@pytest.mark.model
def test_right_claims_are_kept_and_those_with_anothers_quote_are_dropped(pairs, real_embedder):
    assert kept_of_each_kind(pairs, "right", real_embedder) >= 0.95
    assert kept_of_each_kind(pairs, "astray", real_embedder) <= 0.10


@pytest.mark.model
def test_most_claims_that_say_the_opposite_are_dropped(pairs, real_embedder):
    assert kept(some(pairs, "against", n=75), real_embedder) <= 0.20


@pytest.mark.model
def test_most_claims_with_a_clause_that_no_quote_carries_are_dropped(pairs, real_embedder):
    half = some(pairs, "grafted", n=60, kinds=("sentence", "verbatim"))
    assert kept([p for p in half if not p.is_invented], real_embedder) <= 0.12
    invented = [p for p in pairs if p.is_invented and p.is_held_out]
    assert len(invented) >= 30
    assert kept(invented, real_embedder) <= 0.30


@pytest.mark.model
def test_claims_that_are_joined_rightly_are_kept(pairs, real_embedder):
    assert kept(some(pairs, "right", n=60, kinds=("joined",)), real_embedder) >= 0.95


def test_pairs_are_turned_and_lost_without_a_model(articles):
    right = [p for p in verbatim(list(articles.values())[:2]) if p.label == "right"]
    assert all(p.quotes == (p.text,) for p in right)
    assert {p.label for p in astray(right)} == {"astray"}
    assert replace(right[0], label="astray").claim == right[0].claim
