"""`python -m benchmarks page`: the page's speed in a real browser, over the published library.

Read the ratios: a busy machine moves all figures of a run together.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page

from evals.questions import load_questions
from pincite.settings import load_settings
from tests.web_browser import ask, chromium, served, visit

REPEATS = 20
TURNS = 200
WINDOW = 20
"""Turns that are compared: the first and the last ones, with the same questions."""
DRAWBACKS = "What are the drawbacks of a secondment?"

LOADED = """() => new Promise((done) => {
  let usable = 0;
  const look = () => {
    if (document.querySelector("#question textarea:enabled")) usable ||= performance.now();
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    if (usable && paint) done([paint.startTime, usable]);
    else setTimeout(look, 5);
  };
  look();
})"""
OPENED = """link => new Promise((done) => {
  link.scrollIntoView({ block: "center" });
  document.getElementById("reader-close").click();
  const began = performance.now();
  const look = () => {
    const cited = document.getElementById("cited");
    const box = cited?.getBoundingClientRect();
    const seen = box && box.bottom > 0 && box.top < innerHeight && cited === document.activeElement;
    if (seen) done(performance.now() - began);
    else requestAnimationFrame(look);
  };
  link.click();
  look();
})"""
WATCH = """() => {
  const newest = (rows) => [...rows?.querySelectorAll(".turn[id]") ?? []].at(-1);
  const before = newest(document.querySelector("#dialogue .message-wrap"))?.id;
  const isWhole = (turn) => turn?.id !== before && turn?.querySelector(".copy, .refusal, .fault");
  window.turn = new Promise((done) => {
    const began = () => {
      const from = performance.now();
      document.addEventListener("pincite:drawn", function drawn({ detail }) {
        if (!isWhole(newest(detail.rows))) return;
        document.removeEventListener("pincite:drawn", drawn);
        done(performance.now() - from);
      });
    };
    document.querySelector("#question textarea").addEventListener("keydown", began, { once: true });
  });
}"""


def row(name: str, value: float, unit: str = "ms") -> None:
    sys.stdout.write(f"{name:<56} {value:>8.0f} {unit}\n")
    sys.stdout.flush()


def measure_loading(browser: Browser, address: str) -> None:
    """Open the page with an empty cache each time."""
    opened = [loaded(browser, address) for _ in range(REPEATS)]
    row("first contentful paint, cold cache", median(paint for paint, _ in opened))
    row("question box usable, cold cache", median(usable for _, usable in opened))


def loaded(browser: Browser, address: str) -> tuple[float, float]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address, wait_until="commit")
    paint, usable = page.evaluate(LOADED)
    context.close()
    return paint, usable


def measure_citations(browser: Browser, address: str) -> None:
    """Go through an answer's citations again and again, each from a closed reader."""
    page = browser.new_page()
    visit(page, address)
    links = ask(page, DRAWBACKS).locator("a.cite").element_handles()
    taken = [links[number % len(links)].evaluate(OPENED) for number in range(REPEATS)]
    row("click on a citation to its sentence in view, focused", median(taken))
    page.close()


def measure_conversation(browser: Browser, address: str) -> None:
    """Ask many questions in one dialogue; the last ones are the first ones again."""
    questions = [q.question for q in load_questions() if not q.history]
    first = questions[:WINDOW]
    warm = browser.new_page()
    visit(warm, address)
    [ask(warm, question) for question in first]  # else only the last window would find them known
    warm.close()
    page = browser.new_page()
    visit(page, address)
    taken = [turn(page, question) for question in [*questions[: TURNS - WINDOW], *first]]
    begin, end = median(taken[:WINDOW]), median(taken[-WINDOW:])
    row(f"a turn, Enter to complete answer, turns 1-{WINDOW}", begin)
    row(f"a turn, Enter to complete answer, turns {TURNS - WINDOW + 1}-{TURNS}", end)
    row("growth", 100 * (end / begin - 1), "%")


def turn(page: Page, question: str) -> float:
    box = page.locator("#chat textarea:enabled")
    box.fill(question)
    page.evaluate(WATCH)
    box.press("Enter")
    taken: float = page.evaluate("() => window.turn")
    return taken


def measure_page(names: Sequence[str]) -> None:
    """Measure what is named, or everything."""
    measures: dict[str, Any] = {
        "loading": measure_loading,
        "citations": measure_citations,
        "conversation": measure_conversation,
    }
    data: Path = load_settings().data
    with served(data) as address, chromium() as browser:
        for name in names or measures:
            measures[name](browser, address)
