// Tells the other scripts that Gradio has drawn something: `pincite:drawn`, with the rows of the
// newest turns, or null where there are none yet, and whether anything changed beyond the dialogue.
// They look in those rows alone, as a selector for the whole dialogue would go through every earlier
// turn (earlier.js) at each change. Comes last.
"use strict";

(() => {
  function tell(beyond) {
    const log = document.querySelector('#dialogue [role="log"]');
    const rows = [...(log?.children ?? [])].find((part) => part.matches(".message-wrap")) ?? null;
    document.dispatchEvent(new CustomEvent("pincite:drawn", { detail: { rows, beyond } }));
  }

  new MutationObserver((records) => {
    if (records.every(({ target }) => target.closest(".earlier"))) return;
    tell(records.some(({ target }) => !target.closest("#dialogue")));
  }).observe(document.documentElement, { childList: true, subtree: true });
  tell(true);
})();
