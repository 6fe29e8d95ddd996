"""Columns, threads, guides and checklists as counsellors paste them: forty-odd whole pages.

Beside each page stands what its author declares (`.yaml`: the questions, where their answers begin
and end, the posts, every line of the body, every line that is noise) and a golden file of the
sections and cuts, renewed with `RENEW_GOLDEN=1` and read as a diff.
"""

import os
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from ingest.articles import prepare
from ingest.passages import passages_of
from ingest.sources import Source

FIXTURES = Path(__file__).parent / "data" / "fixtures"
PAGES = sorted(
    p.name for p in FIXTURES.iterdir() if p.suffix in {".txt", ".md"} and p.stem != "README"
)
SHARE_TOGETHER = 0.98
"""Of all declared questions and posts: those that stand in one section with their own answer."""


@cache
def prepared(name):
    return prepare(Source(name, (FIXTURES / name).read_bytes()))


@cache
def declared(name):
    return yaml.safe_load((FIXTURES / f"{name}.yaml").read_text())


def sections(name):
    article = prepared(name).article
    return [(s.heading, article.text[s.start : s.end]) for s in article.sections]


def passages(name):
    article = prepared(name).article
    found = passages_of(article, max_tokens=200, count_tokens=lambda ts: [len(t) for t in ts])
    return [article.text[p.start : p.end] for p in found]


def ends(words):
    return " ".join(words.split()[:5]), " ".join(words.split()[-5:])


def shown(name):
    """Write what an editor should check: one line a fact, a section by its first and last words."""
    page = prepared(name)
    article = page.article
    lines = [f"{article.kind}: {article.title}"]
    lines += [f"author {article.author}, date {article.date}, speaker {article.speaker}", ""]
    for section in article.sections:
        first, last = ends(article.text[section.start : section.end])
        asks = " (asks)" if section.is_question else ""
        lines.append(f"[{section.heading}]{asks} {first} ... {last}")
    return "\n".join([*lines, "", *(f"cut as {cut.rule}: {cut.text}" for cut in page.cuts)]) + "\n"


def apart(name):
    """Return the declared questions and posts that do not stand in one section with their own.

    A question stands in a section's heading, and the answer's first and last words in its body;
    no other declared answer or post begins in that section.
    """
    facts = declared(name)
    asked = [
        (q["question"], q["answer_starts"], q["answer_ends"]) for q in facts.get("questions", [])
    ]
    posts = [("", p["starts"], p["ends"]) for p in facts.get("posts", [])]
    if "opening" in facts:
        posts.append(("Opening post", facts["opening"]["starts"], facts["opening"]["ends"]))
    starts = Counter(start for _, start, _ in [*asked, *posts])
    return [
        (question or start)
        for question, start, end in [*asked, *posts]
        if not any(
            question in heading
            and body.startswith(start)
            and body.endswith(end)
            and sum(body.count(other) for other in starts if other != start) == 0
            for heading, body in sections(name)
        )
    ]


def test_there_are_enough_of_each_kind():
    kinds = Counter(declared(name)["kind"] for name in PAGES)
    assert len(PAGES) >= 40
    assert kinds["column"] >= 24
    assert kinds["thread"] >= 12


@pytest.mark.parametrize("name", PAGES)
def test_sections_and_cuts_are_as_they_were_read_by_eye(name):
    golden = FIXTURES / f"{name}.golden"
    if os.environ.get("RENEW_GOLDEN"):
        golden.write_text(shown(name))
    assert shown(name) == golden.read_text()


def test_questions_stand_in_one_section_with_their_own_answers():
    facts = [declared(name) for name in PAGES]
    count = sum(
        len(f.get("questions", [])) + len(f.get("posts", [])) + ("opening" in f) for f in facts
    )
    lost = [(name, words) for name in PAGES for words in apart(name)]
    assert count >= 100
    assert len(lost) <= (1 - SHARE_TOGETHER) * count, lost


@pytest.mark.parametrize("name", PAGES)
class TestFixture:
    def test_its_kind_and_title_are_told(self, name):
        article = prepared(name).article
        assert (article.kind, article.title) == (declared(name)["kind"], declared(name)["title"])

    def test_nothing_of_the_body_is_lost(self, name):
        quotable = "\n".join(body for _, body in sections(name))
        assert [line for line in declared(name)["body"] if line not in quotable] == []

    def test_headings_stay_in_the_text(self, name):
        text = prepared(name).article.text
        assert [line for line in declared(name).get("headings", []) if line not in text] == []

    def test_noise_is_in_no_passage(self, name):
        quoted = "\n".join(passages(name))
        whole_lines = set(quoted.split("\n"))
        facts = declared(name)
        noise = [*facts.get("noise", []), *facts.get("borders", [])]
        is_in = [
            line
            for line in noise
            if line in whole_lines or (len(line.split()) > 2 and line in quoted)
        ]
        assert is_in == []

    def test_quoted_lines_are_in_no_passage_of_who_quotes_them(self, name):
        quoted = "\n".join(passages(name))
        quotes = declared(name).get("quotes", [])
        assert [line for line in quotes if quoted.count(line) != 1] == []

    def test_noise_has_a_receipt_and_borders_stay(self, name):
        page = prepared(name)
        cut = " ".join(cut.text for cut in page.cuts)
        noise = declared(name).get("noise", [])
        borders = declared(name).get("borders", [])
        assert [line for line in noise if " ".join(line.split()) not in cut] == []
        kept = page.article.text + cut
        assert [line for line in borders if line not in kept and line.strip("-")] == []
