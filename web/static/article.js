// An article's page: marks the words of the address, #<start>-<end>[/<digest>], and copies a link
// to the article or to selected words. Offsets count characters of the article's text, as Python
// counts them; every line of the text says in data-start where it begins.
"use strict";

(() => {
  const ADDRESS = /^#(\d+)-(\d+)(?:\/([0-9a-f]+))?$/;
  const DIGEST = 12; // hexadecimal digits, as web/links.py
  const $ = (id) => document.getElementById(id);
  const article = $("article");
  const text = article.querySelector(".text");
  const lines = [...text.querySelectorAll("[data-start]")];
  let latest = 0;

  const size = (string) => [...string].length; // characters, not UTF-16 units
  const startOf = (line) => Number(line.dataset.start);

  // --- marking ---------------------------------------------------------------------------------

  // Returns the part of a line between two offsets of the article, or null.
  function part(line, start, end) {
    const from = Math.max(start - startOf(line), 0);
    const to = Math.min(end - startOf(line), size(line.textContent));
    if (from >= to) return null;
    const node = line.firstChild; // a line without marks is one text
    const characters = [...node.data];
    const range = document.createRange();
    range.setStart(node, characters.slice(0, from).join("").length);
    range.setEnd(node, characters.slice(0, to).join("").length);
    return range;
  }

  function mark(start, end) {
    const ranges = lines.map((line) => part(line, start, end)).filter(Boolean);
    return ranges.map((range) => {
      const made = document.createElement("mark");
      made.className = "cited";
      range.surroundContents(made);
      return made;
    });
  }

  function unmark() {
    for (const made of text.querySelectorAll("mark")) {
      const line = made.closest("[data-start]");
      line.textContent = line.textContent;
    }
    for (const note of $("notes").children) note.hidden = true;
  }

  // Whether the words are still there is known to the server alone: crypto is kept from pages
  // that come over plain HTTP.
  async function compared(start, end, digest) {
    const query = new URLSearchParams({ cited: `${start}-${end}`, words: digest });
    const response = await fetch(`/api/articles/${encodeURIComponent(article.dataset.id)}?${query}`);
    const reply = await response.json();
    if (response.ok && String(reply.generation) !== article.dataset.generation) location.reload();
    return response.ok && reply.marked ? "" : "changed";
  }

  async function faultOf(start, end, digest) {
    if (digest) return compared(start, end, digest).catch(() => "not-compared");
    return start < end && end <= Number(article.dataset.length) ? "" : "out-of-range";
  }

  async function followAddress() {
    const turn = ++latest;
    unmark();
    const [, start, end, digest] = ADDRESS.exec(location.hash) ?? [];
    if (start === undefined) return;
    const fault = await faultOf(Number(start), Number(end), digest);
    if (turn !== latest) return;
    const [first] = fault ? [] : mark(Number(start), Number(end));
    if (first) goTo(first);
    else $(fault || "out-of-range").hidden = false;
  }

  function goTo(target) {
    target.id = "cited";
    target.tabIndex = -1;
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
  }

  // --- links -----------------------------------------------------------------------------------

  // Returns the selected part of a line as offsets of the article, or null.
  function selectedIn(line, selection) {
    if (!selection.intersectsNode(line)) return null;
    const range = document.createRange();
    range.selectNodeContents(line);
    const before = range.cloneRange();
    if (line.contains(selection.startContainer)) {
      range.setStart(selection.startContainer, selection.startOffset);
    }
    if (line.contains(selection.endContainer)) {
      range.setEnd(selection.endContainer, selection.endOffset);
    }
    before.setEnd(range.startContainer, range.startOffset);
    const words = range.toString();
    const start = startOf(line) + size(before.toString()) + size(words) - size(words.trimStart());
    return words.trim() ? [start, start + size(words.trim())] : null;
  }

  // Returns where the selected words stand in the article, or null when none are selected.
  function selected() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const spans = lines.map((line) => selectedIn(line, selection.getRangeAt(0))).filter(Boolean);
    return spans.length ? [spans[0][0], spans.at(-1)[1]] : null;
  }

  // Returns the digest of words within one line, so that a later reader learns whether they
  // changed. What stands between lines is not on the page.
  async function digestOf([start, end]) {
    const line = lines.findLast((each) => startOf(each) <= start);
    const words = [...line.textContent].slice(start - startOf(line), end - startOf(line)).join("");
    if (!crypto.subtle || size(words) < end - start) return "";
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(words));
    const digits = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0"));
    return `/${digits.join("").slice(0, DIGEST)}`;
  }

  async function link(span) {
    const page = location.origin + location.pathname;
    return span ? `${page}#${span.join("-")}${await digestOf(span)}` : page;
  }

  async function copy() {
    const span = selected();
    const address = await link(span);
    try {
      await navigator.clipboard.writeText(address);
      $("copied").textContent = span ? "Copied: a link to the selected words." : "Copied.";
    } catch {
      $("copied").textContent = `This browser lets nothing be copied here. The link: ${address}`;
    }
  }

  function nameButton() {
    const label = selected() ? "Copy link to the selected words" : "Copy link";
    if ($("copy-link").textContent !== label) $("copy-link").textContent = label;
  }

  $("copy-link").hidden = false;
  $("copy-link").addEventListener("mousedown", (event) => event.preventDefault()); // keeps it selected
  $("copy-link").addEventListener("click", copy);
  document.addEventListener("selectionchange", nameButton);
  window.addEventListener("hashchange", followAddress);
  followAddress();
})();
