// What Gradio's own markup gets wrong for those who hear the page or use its keyboard.
"use strict";

(() => {
  const GONE_MS = 15000; // said by then; nobody should come upon it again
  const SPOKEN = ".waiting .now, .asked q, .notice, .said, .refusal, .uncovered, .fault";

  // Gradio makes the whole dialogue a live region and draws parts of it anew as it grows, which
  // would be read out again and again. Here each finished sentence is said once, in its order.
  let region = null;
  const said = new Map(); // by a turn's name: its sentences; null: not to be said

  function speaker() {
    if (region?.isConnected) return region;
    region = Object.assign(document.createElement("div"), { id: "spoken" });
    region.setAttribute("role", "status");
    region.setAttribute("aria-atomic", "false");
    document.querySelector("main").append(region);
    return region;
  }

  function say(text) {
    const line = Object.assign(document.createElement("p"), { textContent: text });
    speaker().append(line);
    setTimeout(() => line.remove(), GONE_MS);
  }

  // A number in square brackets means nothing to the ear; its link is there to be found.
  function words(element) {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("a, button").forEach((control) => control.remove());
    return copy.textContent.trim();
  }

  // What stood there when the page was opened, or was brought back, is not news.
  const isNews = () => document.querySelector("#question textarea")?.disabled ?? false;

  function sayWhatIsNew(rows) {
    rows.parentElement.setAttribute("aria-live", "off");
    const turn = [...rows.querySelectorAll(".turn[id]")].at(-1);
    if (!turn) return;
    if (!said.has(turn.id)) said.set(turn.id, isNews() ? [] : null);
    const before = said.get(turn.id);
    for (const text of before ? [...turn.querySelectorAll(SPOKEN)].map(words) : []) {
      if (before.includes(text)) continue;
      before.push(text);
      say(text);
    }
  }

  // A notice's head is a button with a button inside, and what it does its inner one does too.
  function mendNotice(head) {
    head.removeAttribute("role");
    head.removeAttribute("tabindex");
  }

  // Gradio puts the whole page into one landmark: the head and the source are not the main thing.
  function nameParts(header) {
    document.querySelector("main").setAttribute("role", "presentation");
    document.getElementById("chat").setAttribute("role", "main");
    header.setAttribute("role", "banner");
  }

  document.addEventListener("pincite:drawn", ({ detail: { rows, beyond } }) => {
    const header = document.querySelector("main .masthead:not([role])");
    if (header && document.getElementById("chat")) nameParts(header);
    if (rows) sayWhatIsNew(rows);
    if (beyond) document.querySelectorAll(".toast-header[role]").forEach(mendNotice);
  });
})();
