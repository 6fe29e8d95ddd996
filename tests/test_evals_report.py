"""The report as a page: what is in it, that it needs nothing else, and how a browser shows it."""

import re
from dataclasses import replace

import pytest
from lxml import html

from evals.metrics import METRICS, measure_all
from evals.outcome import Cited, Nugget, Outcome, Stretch
from evals.questions import Question
from evals.record import (
    ArticleRecord,
    ExpectedWords,
    Figure,
    QuestionRecord,
    Record,
    SectionRecord,
    Times,
)
from evals.report import as_html
from evals.report.appendix import articles_of
from evals.report.groups import by_class, by_topic
from evals.report.headline import tiles
from evals.report.plots import latencies, ranks, risk_curve
from evals.report.rows import rows
from pincite.embedding import EmbeddingSpace
from pincite.model import Turn
from tests.web_browser import CHROMIUM, watch

PAYLOAD = "<script>alert(1)</script><img src=http://127.0.0.1:9/x onerror=alert(2)>"
LONG_WORDS = "Three months is usual in most contracts that associates sign with firms."
TOLD_WORDS = "Tell the partner first, in person, and nobody else at all before that."
TEXT = f"How long?\n\n{LONG_WORDS} More is rare.\n\nWho & when?\n\n{TOLD_WORDS} {PAYLOAD}"
LONG_AT, TOLD_AT = TEXT.index(LONG_WORDS), TEXT.index(TOLD_WORDS)
LONG = Stretch(article="notice", start=LONG_AT, end=LONG_AT + len(LONG_WORDS), section="notice#0")
TOLD = Stretch(article="notice", start=TOLD_AT, end=TOLD_AT + len(TOLD_WORDS), section="notice#1")
ARTICLES = {
    "notice": ArticleRecord(
        title=f"Notice {PAYLOAD}",
        text=TEXT,
        sections=(
            SectionRecord(heading="How long?", start=LONG_AT, end=TEXT.index("\n\nWho")),
            SectionRecord(heading="Who & when?", start=TOLD_AT, end=len(TEXT)),
        ),
    ),
    "unused": ArticleRecord(title="Unused", text="Nobody asks.", sections=()),
}


def asked(id_, class_="answerable", **fields):
    wanted = {"article": "notice", "span": LONG_WORDS, "nugget": "three months"}
    needs = {"expected": [wanted], "topic": "resigning"} if class_ == "answerable" else {}
    return Question(**{"id": id_, "class": class_, "question": "How long?", **needs, **fields})


def outcome(*cited, status="answered", **fields):
    return Outcome(
        **{
            "answerable": True,
            "status": status,
            "grades": {"notice#0": 2},
            "nuggets": (Nugget(vital=True, places=(LONG,), says="three months"),),
            "sides": {},
            "ranked": ("notice#1", "notice#0"),
            "cited": tuple(
                Cited(article=c.article, start=c.start, end=c.end, section=c.section, verbatim=True)
                for c in cited
            ),
            "said": tuple(TEXT[c.start : c.end] for c in cited),
            "answerability": 0.9,
            "milliseconds": 12.0,
        }
        | fields
    )


def unanswerable(*cited, **fields):
    nothing = {"answerable": False, "class_": "unrelated", "grades": {}, "nuggets": ()}
    return outcome(*cited, **nothing, **fields)


def answer(question, judged):
    quotes = [TEXT[c.start : c.end] for c in judged.cited]
    return {
        "standalone_question": question.question,
        "writer": "quotes",
        "statements": [
            {"text": said, "citations": [n]} for n, said in enumerate(judged.said, start=1)
        ],
        "citations": [{"quote": quote} for quote in quotes],
        "nearest": [] if quotes else [{"article_id": "notice", "title": "Notice"}],
    }


def row(question, judged, why=""):
    return QuestionRecord(
        question=question,
        expected=tuple(ExpectedWords(**e.model_dump(), place=LONG) for e in question.expected),
        outcome=judged,
        answer=None if judged.status == "crashed" else answer(question, judged),
        passed=not why,
        why=why,
    )


FOLLOW_UP = Question(
    **{"id": "then", "class": "follow-up", "question": "And who hears it?", "topic": "resigning"},
    history=(Turn("user", "How long is notice?"), Turn("assistant", "Three months.")),
    rewritten="Who is told of the notice?",
    holdout=True,
    expected=({"article": "notice", "span": LONG_WORDS},),
)
CRASH = outcome(status="crashed", ranked=(), answerability=None, milliseconds=None)
QUESTIONS = [
    row(asked("good"), outcome(LONG)),
    row(asked("poison", question=PAYLOAD, style="slang"), outcome(TOLD), why="cites another"),
    row(FOLLOW_UP, outcome(LONG)),
    row(
        asked("weather", "unrelated", question=PAYLOAD),
        unanswerable(status="refused", answerability=0.1),
    ),
    row(asked("bread", "unrelated"), unanswerable(LONG), why="should be refused"),
    row(asked("broken"), CRASH, why="crashed with KeyError: 'x'"),
]


def figures(rows, floor=None):
    return {
        name: Figure(
            value=m.value, low=m.low, high=m.high, n=m.n, floor=floor, better=METRICS[name].better
        )
        for name, m in measure_all([r.outcome for r in rows]).items()
    }


def run_of(questions, **fields):
    known = Record(
        digest="0123456789abcdef",
        embedding=EmbeddingSpace("toy", "f00", "float32", 8),
        settings={},
        versions={"pincite": "0.1.0"},
        passed=False,
        complaints=["recall_at_5 is 0.500, its floor is 0.900"],
        metrics=figures(questions),
        holdout=figures([q for q in questions if q.question.holdout]),
        baselines={"BM25 only": {"recall_at_5": 0.25}},
        questions=questions,
        articles=ARTICLES,
        times=Times(started="2026-11-21T22:43:07+00:00", seconds=1.5),
    )
    return known.model_copy(update=fields)


RUN = run_of(QUESTIONS)


def text_of(page, path):
    (found,) = html.fromstring(page).xpath(path)
    return " ".join(found.text_content().split())


@pytest.fixture(scope="module")
def page():
    return as_html(RUN)


def test_the_same_run_gives_the_same_page(page):
    assert as_html(RUN) == page


def test_a_saved_run_gives_the_page_of_the_run_itself(page):
    assert as_html(Record.model_validate_json(RUN.model_dump_json(by_alias=True))) == page


def test_what_questions_and_articles_say_is_never_markup(page):
    assert PAYLOAD not in page
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert text_of(page, "//*[@id='q-poison']//p[@class='asked']") == PAYLOAD


def test_the_page_asks_for_nothing_from_elsewhere(page):
    tree = html.fromstring(page)
    wanted = tree.xpath("//*[@src]") + tree.xpath("//*[@href][not(starts-with(@href, '#'))]")
    assert [element.get("href") for element in wanted] == ["data:,"]
    assert not re.search(r"url\(|@import", page)
    assert "https://" not in page
    assert "default-src 'none'" in page


def test_the_headline_says_how_it_went(page):
    head = text_of(page, "//header")
    assert "✗ The gate is closed 3 of 6 questions pass" in head
    assert "recall_at_5 is 0.500, its floor is 0.900" in head
    assert "2026-11-21 22:43 UTC" in head
    assert "0123456789ab " in head


def test_an_open_gate_is_said_to_be_open():
    head = text_of(as_html(run_of(QUESTIONS, passed=True, complaints=[])), "//header")
    assert "✓ The gate is open" in head
    assert "What stands against" not in head


def test_failing_questions_are_shown_open_and_passing_ones_folded(page):
    tree = html.fromstring(page)
    assert tree.xpath("//article[contains(@class, 'question')]/@id") == [
        "q-poison",
        "q-bread",
        "q-broken",
    ]
    assert tree.xpath("//details[contains(@class, 'question')]/@id") == [
        "q-good",
        "q-then",
        "q-weather",
    ]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param("//*[@id='q-poison']//*[@class='expected']", LONG_WORDS, id="expected-words"),
        pytest.param("//*[@id='q-poison']//*[@class='expected']", "✗ not cited vital", id="fate"),
        pytest.param(
            "//*[@id='q-poison']//*[@class='expected']", "section at rank 2", id="rank-of-section"
        ),
        pytest.param(
            "//*[@id='q-poison']//*[@class='expected']", "fact: three months", id="nugget"
        ),
        pytest.param("//*[@id='q-poison']//*[@class='got']", TOLD_WORDS, id="answer"),
        pytest.param("//*[@id='q-poison']//*[@class='got']", "✗ elsewhere", id="wrong-section"),
        pytest.param("//*[@id='q-poison']//*[@class='why']", "cites another", id="why"),
        pytest.param("//*[@id='q-poison']//*[@class='chips']", "slang", id="style"),
        pytest.param("//*[@id='q-good']//*[@class='expected']", "✓ cited", id="cited"),
        pytest.param("//*[@id='q-bread']//*[@class='expected']", "A refusal", id="unanswerable"),
        pytest.param("//*[@id='q-weather']//*[@class='got']", "which names Notice", id="refused"),
        pytest.param("//*[@id='q-broken']//*[@class='got']", "it crashed", id="crashed"),
        pytest.param("//*[@id='q-then']//ol[@class='history']", "Three months.", id="history"),
        pytest.param("//*[@id='q-then']", "Meant: Who is told of the notice?", id="rewritten"),
        pytest.param("//*[@id='q-then']//*[@class='chips']", "held out", id="held-out"),
    ],
)
def test_a_question_shows(page, path, said):
    assert said in text_of(page, path)


@pytest.mark.parametrize(
    ("start", "end", "fate"),
    [
        pytest.param(LONG.start, LONG.end, "cited", id="all"),
        pytest.param(LONG.start, LONG.start + 40, "cited", id="more-than-half"),
        pytest.param(
            LONG.start, LONG.start + 20, "not cited, only less than half of it", id="in-part"
        ),
        pytest.param(
            LONG.end + 1, LONG.end + 9, "not cited, other words of its section are", id="beside"
        ),
    ],
)
def test_expected_words_are_judged_by_how_much_of_them_is_cited(start, end, fate):
    cited = replace(LONG, start=start, end=end)
    (shown,) = rows(run_of([row(asked("part"), outcome(cited), why="whatever")]))
    assert (shown.wanted[0].fate, shown.wanted[0].cited) == (fate, fate == "cited")


def test_a_fact_may_be_cited_from_another_place():
    question = asked("twice")
    elsewhere = ExpectedWords(article="notice", span=TOLD_WORDS, nugget="three months", place=TOLD)
    found = row(question, outcome(TOLD), why="whatever")
    both = found.model_copy(update={"expected": (*found.expected, elsewhere)})
    (shown,) = rows(run_of([both]))
    assert [wanted.fate for wanted in shown.wanted] == ["cited from another place", "cited"]


def test_articles_of_failing_questions_are_there_with_expected_and_cited_words_marked():
    (article,) = articles_of(RUN)
    long, told = article.sections
    assert [section.anchor for section in article.sections] == ["a-notice-0", "a-notice-1"]
    assert [(p.text, p.expected, p.cited) for p in long.pieces] == [
        (LONG_WORDS, True, True),
        (" More is rare.", False, False),
    ]
    assert (long.expected_by, long.cited_by) == (("poison", "broken"), ("bread",))
    assert told.cited_by == ("poison",)


def test_text_outside_all_sections_is_not_lost():
    text = f"By Ann.\n\n{TEXT}\n\nThe end."
    cut = ARTICLES["notice"].sections
    moved = [s.model_copy(update={"start": s.start + 9, "end": s.end + 9}) for s in cut]
    article = ArticleRecord(title="Notice", text=text, sections=tuple(moved))
    (shown,) = articles_of(run_of(QUESTIONS, articles={"notice": article}))
    loose = ["".join(p.text for p in s.pieces).strip() for s in shown.sections if not s.anchor]
    assert loose == ["By Ann.\n\nHow long?", "The end."]


def test_cells_are_the_metrics_of_their_group():
    (topic, none) = by_topic(RUN).groups
    assert (topic.name, topic.passing, topic.asked) == ("resigning", 2, 4)
    assert [(cell.text, cell.shade) for cell in topic.cells] == [
        ("0.750", 2),
        ("0.500", 1),
        ("0.500", 1),
        ("0.250", 2),
    ]
    assert {cell.shade for cell in none.cells} == {None}
    assert [(group.name, group.cells[-1].text) for group in by_class(RUN).groups] == [
        ("answerable", "-"),
        ("follow-up", "-"),
        ("unrelated", "0.500"),
    ]


def test_the_curve_marks_what_was_really_answered():
    curve = risk_curve(RUN)
    assert (curve.coverage, curve.risk) == (4 / 6, 0.25)
    assert (curve.first, curve.last) == ((4 / 6, 0.25), (1.0, 0.5))
    assert (curve.x, curve.y) == ("240.0", "100.0")


def test_ranks_are_counted():
    counts = {bar.label: bar.count for bar in ranks(RUN).bars if bar.count}
    assert counts == {"2": 3, "not found": 1}


@pytest.mark.parametrize(
    ("rank", "label"),
    [(1, "1"), (5, "5"), (6, "6–10"), (10, "6–10"), (11, "11 or later")],
)
def test_deep_ranks_are_counted_together(rank, label):
    ranked = (*(f"other#{n}" for n in range(rank - 1)), "notice#0")
    found = ranks(run_of([row(asked("deep"), outcome(LONG, ranked=ranked))], articles=ARTICLES))
    assert [bar.label for bar in found.bars if bar.count] == [label]


def test_slow_answers_share_the_last_bar():
    times = [*([10.0] * 30), *([14.0] * 30), 900.0]
    timed = [row(asked(f"q{n}"), outcome(LONG, milliseconds=time)) for n, time in enumerate(times)]
    assert [(bar.label, bar.count) for bar in latencies(run_of(timed)).bars] == [
        ("10–12", 30),
        ("12–14", 0),
        ("14–16", 30),
        ("16 or more", 1),
    ]


@pytest.mark.parametrize(
    ("floor", "verdict"),
    [
        pytest.param(None, "free", id="no-floor"),
        pytest.param(0.75, "holds", id="at-the-floor"),
        pytest.param(0.8, "falls", id="below"),
    ],
)
def test_a_tile_judges_as_the_gate_does(floor, verdict):
    tile = tiles(run_of(QUESTIONS, metrics=figures(QUESTIONS, floor=floor)))[0]
    assert (tile.name, tile.open.value, tile.open.verdict) == ("recall@5", "0.750", verdict)


def test_a_tile_whose_held_out_half_falls_is_marked_as_falling():
    found = as_html(run_of(QUESTIONS, holdout=figures(QUESTIONS, floor=0.8)))
    (tile,) = html.fromstring(found).xpath("//li[h3[starts-with(., 'recall@5')]]")
    assert tile.get("class") == "tile falls"
    assert "✗ worse than floor floor 0.800" in " ".join(tile.text_content().split())


def test_a_held_out_figure_that_differs_is_marked():
    found = {n: f.model_copy(update={"differs": True}) for n, f in RUN.holdout.items()}
    assert "≠ differs" in as_html(run_of(QUESTIONS, holdout=found))
    assert "≠ differs" not in as_html(RUN)


def test_a_run_that_measured_nothing_has_a_page():
    page = as_html(run_of([]))
    assert "0 of 0" in page
    assert page.count("Nothing was measured.") == 2


def test_a_run_that_crashed_throughout_has_a_page():
    page = as_html(run_of([row(asked("broken"), CRASH, why="crashed")]))
    assert "which answers nothing" in page
    assert "Nothing was measured." in page


CONTRASTS = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (color) => rgba(color).slice(0, 3).map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const color = getComputedStyle(element).backgroundColor;
      if (rgba(color)[3] === 255) return color;
    }
    return "white";
  };
  const weak = [];
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || ["SCRIPT", "STYLE", "OPTION"].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const pair = [light(element.closest("svg") ? style.fill : style.color),
                  light(behind(element))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (ratio < 4.5) weak.push([element.tagName, element.className, ratio]);
  }
  return weak;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory, page):
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page, encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def shown(browser, address):
    """Open the report on a phone; a request, a dialog or a console error fails the test."""
    context = browser.new_context(viewport={"width": 360, "height": 780})
    found, seen = context.new_page(), []
    watch(found, address, seen)
    found.goto(address)
    yield found
    context.close()
    assert seen == []


@pytest.mark.browser
@pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium: install one (Debian: apt install chromium)"
)
class TestInABrowser:
    """The file itself, opened from the disk."""

    def test_nothing_is_asked_for_and_nothing_complains(self, shown):
        assert shown.locator("html").get_attribute("lang") == "en"
        assert shown.title().endswith("3 of 6 questions pass")

    def test_a_phone_need_not_scroll_sideways(self, shown):
        shown.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert shown.evaluate("document.documentElement.scrollWidth") == 360

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_every_text_stands_out_from_what_is_behind_it(self, shown, scheme):
        shown.emulate_media(color_scheme=scheme)
        shown.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert shown.evaluate(CONTRASTS) == []

    def test_the_dark_scheme_is_dark(self, shown):
        shown.emulate_media(color_scheme="dark")
        colour = shown.evaluate("getComputedStyle(document.body).backgroundColor")
        assert max(int(part) for part in re.findall(r"\d+", colour)) < 60

    def test_every_link_leads_somewhere(self, shown):
        lost = shown.evaluate(
            "[...document.links].map((a) => a.hash.slice(1))"
            ".filter((id) => !document.getElementById(decodeURIComponent(id)))"
        )
        assert lost == []

    def test_no_id_is_used_twice(self, shown):
        ids = shown.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
        assert len(ids) == len(set(ids))

    def test_a_link_to_expected_words_shows_their_section(self, shown):
        shown.locator("#q-poison .expected a").first.click()
        shown.wait_for_function("document.querySelector('.section:target mark') !== null")
        assert shown.locator(":target").get_attribute("id") == "a-notice-0"

    def test_questions_are_filtered(self, shown):
        shown.locator("select[name=class]").select_option("unrelated")
        assert shown.locator(".question:visible").count() == 2
        assert shown.locator("#filter output").inner_text() == "2 of 6 questions"
        shown.locator("#filter button").click()
        assert shown.locator(".question:visible").count() == 6

    def test_a_link_to_a_filtered_question_brings_it_back(self, shown):
        shown.locator("select[name=passed]").select_option("yes")
        shown.locator(".section a[href='#q-poison']").first.click()
        shown.locator("#q-poison").wait_for(state="visible")
