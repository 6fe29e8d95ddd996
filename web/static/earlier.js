// Earlier turns: Gradio holds the newest turns only (web/recent.py). Those that it lets go of are
// kept here above them, with the very nodes of their answers, so that whatever stood in them works.
"use strict";

(() => {
  const kept = new Map(); // by name: a turn's rows above Gradio's, oldest first
  let held = new Map(); // by name: the turns that Gradio draws, oldest first
  let box = null;
  let isCleared = false;

  function place(log) {
    if (!box) {
      box = Object.assign(document.createElement("div"), { className: "earlier" });
      box.setAttribute("aria-live", "off"); // it stands in a live region, and has been read out
    }
    if (box.parentElement !== log) log.prepend(box);
    return box;
  }

  // Copies the elements around a turn without what else they hold.
  function shell(turn) {
    let row = null;
    let inner = null;
    for (let around = turn.parentElement; around; around = around.parentElement) {
      const copy = around.cloneNode(false);
      copy.classList.remove("latest");
      if (row) copy.append(row);
      inner ??= copy;
      row = copy;
      if (around.matches(".message-row")) break;
    }
    return { row, inner };
  }

  function questionOf(turn) {
    const row = turn.closest(".message-row").previousElementSibling;
    if (!row?.matches(".user-row")) return null;
    const copy = row.cloneNode(true);
    copy.querySelectorAll(".message-buttons").forEach((buttons) => buttons.remove());
    return copy;
  }

  // The question is copied while it stands before its answer: Gradio uses its rows again.
  function drawn(rows) {
    return new Map(
      [...(rows?.querySelectorAll(".turn[id]") ?? [])].map((turn) => [
        turn.id,
        { ...(held.get(turn.id) ?? { question: questionOf(turn), ...shell(turn) }), turn },
      ]),
    );
  }

  function keep(log, name, { question, row, inner, turn }) {
    inner.append(...turn.childNodes);
    const around = Object.assign(document.createElement("div"), { className: "kept" });
    around.append(...[question, row].filter(Boolean));
    place(log).append(around);
    kept.set(name, around);
  }

  function forget(name) {
    kept.get(name)?.remove();
    kept.delete(name);
  }

  function look(rows) {
    const now = drawn(rows);
    if (isCleared && now.size === 0) {
      [...kept.keys()].forEach(forget);
      isCleared = false;
    }
    const [first] = now.keys();
    const before = [...held.keys()];
    const gone = before.slice(0, Math.max(0, before.indexOf(first)));
    gone.forEach((name) => keep(rows.parentElement, name, held.get(name)));
    if (kept.size) [...now.keys()].forEach(forget); // drawn again, so it stands in its own place
    held = now;
  }

  document.addEventListener(
    "click",
    ({ target }) => (isCleared ||= Boolean(target.closest('#dialogue [aria-label="Clear"]'))),
    { capture: true },
  );

  document.addEventListener("pincite:drawn", ({ detail }) => look(detail.rows));
})();
