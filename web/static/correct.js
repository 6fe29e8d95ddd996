// The question box: whoever has something to ask dispatches `pincite:write` with the text, and with
// `asks` where it is to be sent at once (suggest.js). Correcting: puts the question that an answer
// took itself to answer (web/render.py) into the box, to be changed and sent as it then stands.
"use strict";

(() => {
  const PREFIX = "Instead: "; // taken off again by web/dialogue.py
  const RETRY_MS = 50;

  function write(text, asks) {
    const box = document.querySelector("#question textarea");
    // While an answer grows the box is closed, and Gradio empties it when it opens it.
    if (box.disabled) return setTimeout(write, RETRY_MS, text, asks);
    // On a phone an open source hides the box.
    if (!box.checkVisibility()) document.getElementById("reader-close").click();
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true })); // Gradio sends what it was told of
    box.focus(); // a button that was pressed may be about to go
    box.setSelectionRange(text.length, text.length);
    if (asks) setTimeout(() => document.querySelector("#question .submit-button")?.click());
  }

  document.addEventListener("pincite:write", ({ detail }) => write(detail.text, detail.asks));

  // Enter on a link arrives here as a click.
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("a.correct");
    if (!link) return;
    event.preventDefault();
    write(PREFIX + link.closest(".asked, .searched").querySelector("q").textContent);
  });
})();
