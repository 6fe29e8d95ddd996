// The dialogue: keeps a new question in view, names what Gradio leaves without a name, and begins
// anew.
"use strict";

(() => {
  // A new question goes to the top of the dialogue and stays there while its answer grows,
  // until somebody scrolls.
  let newest = null;
  let scrolled = false;

  function keepQuestionInView(rows) {
    const question = [...rows.querySelectorAll(".user-row")].at(-1) ?? null;
    if (question !== newest) scrolled = false;
    newest = question;
    const log = question?.closest('[role="log"]');
    if (!log || scrolled) return;
    log.scrollTop += question.getBoundingClientRect().top - log.getBoundingClientRect().top;
  }

  // Gradio labels a message with its source text, which would read out our markup. A citation's
  // title becomes part of its name, as the browser's own tooltip would cover its card (cards.js).
  function nameAnswers(rows) {
    const answers = rows.querySelectorAll('[data-testid="bot"][aria-label*="<"]');
    answers.forEach((answer) => answer.setAttribute("aria-label", "Answer"));
    for (const link of rows.querySelectorAll("a.cite[title]")) {
      link.setAttribute("aria-label", `${link.textContent} ${link.title}`);
      link.removeAttribute("title");
    }
  }

  for (const gesture of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    document.addEventListener(gesture, () => (scrolled = true), { passive: true });
  }

  // Gradio's own button for this is a small bin in a corner, which is hidden (pincite.css).
  function beginAnew() {
    document.querySelector("#chat .stop-button")?.click();
    document.querySelector('#dialogue button[aria-label="Clear"]')?.click();
    if (document.body.classList.contains("reading")) document.getElementById("reader-close").click();
    document.querySelector("#question textarea").focus();
  }

  document.addEventListener("click", ({ target }) => {
    if (target.closest("#new-conversation")) beginAnew();
  });

  // Once a frame: to ask where something stands in between makes the browser lay out all there is.
  let drawn = null;
  let isWaiting = false;
  document.addEventListener("pincite:drawn", ({ detail }) => {
    drawn = detail.rows;
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      if (!drawn) return (newest = null);
      keepQuestionInView(drawn);
      nameAnswers(drawn);
    });
  });
})();
