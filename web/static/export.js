// Take it with you: copies an answer, or saves it or the whole conversation as a file. The page
// tells the server where it found its quotes; web/export.py looks them up and writes the text.
"use strict";

(() => {
  const ADDRESS = "/api/export"; // web/middleware.py
  const PINNED = /^#\/article\/([^/]+)\/((\d+)-(\d+)\/([0-9a-f]+))$/; // web/links.py
  const QUESTION = /^[^:]*message: ([^]*)$/; // Gradio's label holds a question as it was typed
  const TOLD_MS = 2000;
  const OFFLINE = "Pincite does not answer, so nothing was saved.";
  const UNCHECKED =
    "Copied from the page: Pincite did not answer, so the quotes were not compared once more.";
  const FORMS = [
    ["text", "Plain text (.txt)"],
    ["markdown", "Markdown (.md)"],
    ["html", "Document (.html, for Word or PDF)"],
  ];
  let made = 0; // ids of panels

  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  // One line for screen readers, in the page from the beginning: a new one may not be announced.
  let line = null;
  function announce(text) {
    line ??= make("p", { id: "export-status", role: "status" });
    if (!line.isConnected) document.body.append(line);
    line.textContent = "";
    setTimeout(() => (line.textContent = text), 50); // the same words twice are announced twice
  }

  // What an answer on the page is made of: see web/render.py for the classes.
  const texts = (within, selector) =>
    [...within.querySelectorAll(selector)].map((element) => element.textContent);
  const first = (within, selector) => texts(within, selector)[0] ?? "";

  function questionOf(answer) {
    const rows = [...document.querySelectorAll('#dialogue [data-testid="user"], #dialogue .answer')];
    const asked = rows.slice(0, rows.indexOf(answer)).findLast((row) => row.dataset.testid);
    return QUESTION.exec(asked?.getAttribute("aria-label") ?? "")?.[1] ?? asked?.innerText ?? "";
  }

  function pins(said) {
    return [...said.querySelectorAll("a.cite")]
      .map((mark) => PINNED.exec(mark.getAttribute("href")))
      .filter(Boolean)
      .map(([, id, , start, end, words]) => ({
        article_id: decodeURIComponent(id),
        start: Number(start),
        end: Number(end),
        words,
      }));
  }

  // Speakers who differ stand side by side; the numbers tell the order of the whole.
  const number = (said) => Number(first(said, "a.cite").replace(/\D/g, ""));

  function statements(answer) {
    return [...answer.querySelectorAll(".said")]
      .sort((one, other) => number(one) - number(other))
      .map((said) => ({ text: first(said, ":scope > span"), citations: pins(said) }))
      .filter((said) => said.citations.length);
  }

  function item(answer) {
    const said = statements(answer);
    const reply = first(answer, ".refusal");
    return {
      question: questionOf(answer),
      standalone_question: first(answer, ".asked q"),
      status: said.length ? "answered" : reply ? "refused" : "failed",
      statements: said,
      uncovered: texts(answer, ".uncovered q"),
      notice: first(answer, ".notice"),
      reply,
      is_complete: Boolean(answer.querySelector(".take")),
    };
  }

  async function exported(format, answers) {
    const response = await fetch(ADDRESS, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ format, items: answers.map(item) }),
    });
    if (response.ok) return response;
    const { error } = await response.json().catch(() => ({}));
    throw new Error(error ?? "Something went wrong, so nothing was saved.");
  }

  // What the page itself can tell of an answer, for when the server is gone.
  function fromPage(answer) {
    const voices = [...answer.querySelectorAll(".voice")].map((voice) => {
      const who = [first(voice, ".who b"), first(voice, ".who .title"), first(voice, ".by")];
      const said = [...voice.querySelectorAll(".said, .pinned")].map((sentence) => {
        const words = first(sentence, "q");
        const text = words ? `“${words}”` : first(sentence, ":scope > span");
        return `${text} ${texts(sentence, "a.cite").join("")} ${first(sentence, ".whose")}`.trim();
      });
      return [who.join(" · "), ...said].join("\n");
    });
    const places = [...answer.querySelectorAll(".said a.cite")].map((mark) => {
      const [, id, words] = PINNED.exec(mark.getAttribute("href")) ?? [];
      return `${mark.textContent} ${location.origin}/article/${id}#${words}`;
    });
    const rest = texts(answer, ".uncovered, .refusal");
    const sources = [...new Set(places)].join("\n");
    const blocks = [`Question: ${questionOf(answer)}`, ...voices, ...rest, sources, UNCHECKED];
    return blocks.filter(Boolean).join("\n\n");
  }

  // Without https there is no clipboard but the old one, which copies what is selected.
  function copyOld(text) {
    const holder = make("textarea", { value: text, className: "copy-holder" });
    const focused = document.activeElement;
    document.body.append(holder);
    holder.select();
    const done = document.execCommand("copy");
    holder.remove();
    focused?.focus();
    if (!done) throw new Error("not allowed");
  }

  async function toClipboard(promised) {
    if (!navigator.clipboard) return copyOld(await promised);
    // Safari allows it only at once, with the words to follow.
    const blob = promised.then((text) => new Blob([text], { type: "text/plain" }));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  }

  async function copy(button, fault) {
    const answer = button.closest(".answer");
    let told = "Copied with its sources.";
    const text = exported("copy", [answer])
      .then((response) => response.text())
      .catch(() => ((told = UNCHECKED), fromPage(answer)));
    try {
      await toClipboard(text);
    } catch {
      fault.textContent = "The browser does not allow copying here. Export a file instead.";
      return;
    }
    fault.textContent = told === UNCHECKED ? UNCHECKED : "";
    say(button, "Copied");
    if (told !== UNCHECKED) announce(told);
  }

  // Says on a button that it has done its work.
  function say(button, done) {
    button.dataset.name ??= button.textContent;
    button.textContent = done;
    setTimeout(() => (button.textContent = button.dataset.name), TOLD_MS);
  }

  async function save(format, answers) {
    const response = await exported(format, answers);
    const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition"));
    const name = decodeURIComponent(named?.[1] ?? "Pincite");
    const href = URL.createObjectURL(await response.blob());
    make("a", { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000); // a browser may still be writing it
    return name;
  }

  function choice(group, value, label, checked) {
    const radio = make("input", { type: "radio", name: group, value, checked });
    return make("label", {}, radio, label);
  }

  function panel(close, fault) {
    made += 1;
    const scope = make(
      "fieldset",
      {},
      make("legend", { textContent: "What to export" }),
      choice(`scope-${made}`, "answer", "This answer", true),
      choice(`scope-${made}`, "dialogue", "Whole conversation", false),
    );
    const buttons = FORMS.map(([format, textContent]) => {
      const button = make("button", { type: "button", textContent });
      button.addEventListener("click", async () => {
        const isWhole = scope.querySelector("input:checked").value === "dialogue";
        const own = button.closest(".answer");
        const answers = isWhole ? [...document.querySelectorAll("#dialogue .answer")] : [own];
        fault.textContent = "";
        buttons.forEach((each) => (each.disabled = true));
        try {
          const name = await save(format, answers);
          close("Saved");
          announce(`Saved as “${name}”.`);
        } catch (error) {
          fault.textContent = error instanceof TypeError ? OFFLINE : error.message;
        }
        buttons.forEach((each) => (each.disabled = false));
      });
      return button;
    });
    const element = make("div", { id: `export-${made}`, className: "forms", hidden: true });
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", "Export");
    element.append(scope, make("div", { className: "buttons" }, ...buttons));
    return element;
  }

  // Fills the place below an answer with its controls.
  function furnish(place) {
    const fault = make("span", { className: "not-done", role: "alert" });
    const copying = make("button", { type: "button", className: "copy", textContent: "Copy" });
    const opening = make("button", { type: "button", className: "export", textContent: "Export" });
    const forms = panel(close, fault);
    opening.setAttribute("aria-expanded", "false");
    opening.setAttribute("aria-controls", forms.id);

    function toggle(isOpen) {
      forms.hidden = !isOpen;
      opening.setAttribute("aria-expanded", String(isOpen));
      if (isOpen) forms.scrollIntoView({ block: "nearest" });
    }
    function close(done) {
      toggle(false);
      opening.focus();
      if (done) say(opening, done);
    }
    copying.addEventListener("click", () => copy(copying, fault));
    opening.addEventListener("click", () => toggle(forms.hidden));
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || forms.hidden) return;
      event.stopPropagation(); // an open source stays open
      close();
    });
    if (!place.parentElement.querySelector(":scope > .refusal")) place.append(copying, " ");
    place.append(opening, forms, fault);
    line ?? announce("");
  }

  // In a refusal there are no quotes to copy, but it is a part of the conversation.
  function placeBelow(refusal) {
    const place = make("p", { className: "after take" });
    const answer = refusal.parentElement;
    answer.insertBefore(place, answer.querySelector(":scope > .after"));
  }

  document.addEventListener("pincite:drawn", ({ detail: { rows } }) => {
    rows?.querySelectorAll(".answer:not(:has(> .take)) > .refusal").forEach(placeBelow);
    rows?.querySelectorAll(".answer .take:empty").forEach(furnish);
  });
})();
