// Suggestions: questions of the library's own (web/suggesting.py), each asked by a press: on the
// empty page by topic, below the newest answer, and at the end of an open article. What they say is
// only ever set as text. All stand outside the messages, so that the dialogue never holds them.
"use strict";

(() => {
  const ADDRESS = /^#\/article\/([^/]+)\/(\d+)-\d+\//; // web/links.py
  const INSTEAD = /^\s*instead\s*:\s*/i; // web/dialogue.py
  const MAX_ASKED = 50; // web/suggesting.py
  const MAX_CITED = 100;
  const $ = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  // Suggestions are an extra: what cannot be had is left out without a word.
  async function fetchJson(address, options) {
    try {
      const response = await fetch(address, options);
      return response.ok ? await response.json() : {};
    } catch {
      return {};
    }
  }

  const ask = (text) =>
    document.dispatchEvent(new CustomEvent("pincite:write", { detail: { text, asks: true } }));

  function list(questions) {
    const items = questions.map(({ question }) => {
      const button = make("button", { type: "button", textContent: question });
      button.addEventListener("click", () => ask(question));
      return make("li", {}, button);
    });
    const made = make("ul", {}, ...items);
    made.setAttribute("role", "list"); // Safari takes it from a list without markers
    return made;
  }

  function group(name, level, questions) {
    const heading = make(level, { textContent: name });
    return make("div", { className: "group" }, ...(name ? [heading] : []), list(questions));
  }

  const sentenceCase = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  /* The empty page. */

  let start = null;

  function startPanel() {
    if (start) return start;
    start = make("section", { id: "start", className: "suggested", hidden: true });
    start.setAttribute("aria-label", "Questions to begin with");
    fillStart();
    return start;
  }

  async function fillStart() {
    const { topics = [] } = await fetchJson("/api/questions");
    start.replaceChildren(
      ...topics.map(({ topic, questions }) => group(sentenceCase(topic), "h2", questions)),
    );
    placeStart();
  }

  function placeStart() {
    const dialogue = $("dialogue");
    if (!dialogue) return;
    const panel = startPanel();
    const isWanted = !dialogue.querySelector(".message-row") && panel.childElementCount > 0;
    if (panel.hidden === isWanted) panel.hidden = !isWanted;
    if (panel.previousElementSibling !== dialogue) dialogue.after(panel);
  }

  /* After an answer. */

  let further = null; // where they stand; it keeps its height, so that nothing moves when they come
  let answered = ""; // the dialogue that they belong to
  let latest = 0; // what comes for an earlier one is dropped

  const understood = (row) => {
    const answer = row.nextElementSibling;
    const asked = answer?.querySelector(".asked q");
    const typed = row.querySelector('[data-testid="user"]')?.textContent ?? "";
    return (asked?.textContent ?? typed.replace(INSTEAD, "")).trim();
  };

  const citedIn = (answer) =>
    all('a[href^="#/article/"]', answer)
      .map((link) => ADDRESS.exec(link.getAttribute("href")))
      .filter(Boolean)
      .map(([, id, offset]) => ({ article_id: decodeURIComponent(id), start: Number(offset) }));

  function placeFurther(drawn) {
    const rows = drawn ? all(".message-row", drawn) : [];
    if (!rows.length) {
      answered = "";
      return further?.remove();
    }
    further ??= furtherPanel();
    const log = drawn.parentElement;
    if (log.lastElementChild !== further) log.append(further);
    const last = rows.at(-1);
    // Only a complete answer in quotes has a place for what takes it along (web/render.py).
    const isComplete = last.matches(".bot-row") && last.querySelector(".copy");
    const asked = rows.filter((row) => row.matches(".user-row")).map(understood);
    const dialogue = isComplete ? JSON.stringify([asked, citedIn(last)]) : "";
    if (dialogue === answered) return;
    answered = dialogue;
    latest += 1;
    further.replaceChildren();
    if (isComplete) fillFurther(asked, citedIn(last));
  }

  function furtherPanel() {
    const panel = make("section", { id: "further", className: "suggested" });
    // It stands in the dialogue's live region, which would read every suggestion out.
    panel.setAttribute("aria-live", "off");
    return panel;
  }

  async function fillFurther(asked, cited) {
    const turn = latest;
    const body = {
      question: asked.at(-1),
      cited: cited.slice(0, MAX_CITED),
      asked: asked.slice(0, -1).filter(Boolean).slice(-MAX_ASKED),
    };
    const { questions = [] } = await fetchJson("/api/suggestions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (turn !== latest || !questions.length) return;
    further.replaceChildren(group("You could also ask", "h2", questions));
  }

  /* In the reader. */

  document.addEventListener("pincite:article", async ({ detail }) => {
    const source = document.querySelector("#reader-body .source");
    if (!source) return;
    const { questions = [] } = await fetchJson(`/api/questions/${encodeURIComponent(detail.id)}`);
    if (!source.isConnected || !questions.length) return; // another one was opened meanwhile
    const panel = make(
      "section",
      { id: "article-questions", className: "suggested" },
      group("Questions that this article answers", "h3", questions),
    );
    source.append(panel);
  });

  document.addEventListener("pincite:drawn", ({ detail }) => {
    placeStart();
    placeFurther(detail.rows);
  });
})();
