// Feedback: makes a button of the note that an answer carries (web/feedback.py), shows all that
// would be stored, and sends it when "Send" is pressed and not before. Only loaded with an inbox.
"use strict";

(() => {
  const ADDRESS = "/api/feedback"; // web/feedback.py
  const MAX_COMMENT = 1000; // pincite/inbox.py
  const OFFLINE = "Pincite does not answer. Nothing was sent.";
  const THANKS = "Sent to the editors. Thank you.";
  const NAMES = {
    answered: "Not helpful?",
    refused: "Tell the editors that this is missing",
  };
  const ABOUT = {
    answered: "an answer that did not help",
    refused: "a question that the library does not answer",
  };
  const sent = new Set(); // notes as they were in the page, which Gradio may draw again

  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children.filter((child) => child !== null));
    return element;
  }

  const thanks = () => make("span", { className: "sent", textContent: THANKS, tabIndex: -1 });

  function place(holder) {
    const written = holder.title;
    if (sent.has(written)) return holder.replaceWith(thanks());
    const note = JSON.parse(decodeURIComponent(written));
    const button = make("button", {
      type: "button",
      className: "feedback",
      textContent: NAMES[note.status],
    });
    button.addEventListener("click", () =>
      open(note, () => {
        sent.add(written);
        const said = thanks();
        button.replaceWith(said);
        said.focus();
        status().textContent = THANKS;
      }),
    );
    holder.replaceWith(button);
  }

  // One line for screen readers, in the page from the beginning: a new one may not be announced.
  let line = null;
  function status() {
    line ??= make("p", { id: "feedback-status", role: "status" });
    if (!line.isConnected) document.body.append(line);
    return line;
  }

  const stored = (text) => make("dd", { className: "stored", textContent: text });
  const part = (name, ...texts) =>
    texts.length ? [make("dt", { textContent: name }), ...texts.map(stored)] : [];

  const who = { user: "You", assistant: "Pincite" };

  function parts(note) {
    return [
      ...part("About", ABOUT[note.status]),
      ...part("Your question", note.question),
      ...part(
        "Understood as",
        ...(note.standalone_question === note.question ? [] : [note.standalone_question]),
      ),
      ...part("Said before", ...note.history.map(({ role, text }) => `${who[role]}: ${text}`)),
      ...part(
        "Sentences that you were shown",
        ...note.statements.map(({ text, verbatim }) =>
          verbatim ? `“${text}” (a quote)` : `${text} (written by the chat model)`,
        ),
      ),
      ...part(
        "Quotes that you were shown",
        ...note.citations.map(
          (cited) => `“${cited.quote}” (${cited.article_id}, ${cited.start}–${cited.end})`,
        ),
      ),
      ...part("State of the library", `generation ${note.generation}`),
    ];
  }

  function open(note, done) {
    const comment = make("textarea", {
      id: "feedback-comment",
      maxLength: MAX_COMMENT,
      rows: 3,
    });
    const fault = make("p", { className: "fault", role: "alert" });
    const send = make("button", { type: "button", className: "main", textContent: "Send" });
    const cancel = make("button", { type: "button", textContent: "Cancel" });
    const exact = make("div", { className: "exact", tabIndex: 0 }, make("dl", {}, ...parts(note)));
    exact.setAttribute("role", "region");
    exact.setAttribute("aria-label", "What will be stored");
    const label = make("label", { textContent: "A word to the editors, if you like" });
    label.htmlFor = comment.id;
    const heading = make("h2", {
      id: "feedback-heading",
      textContent: "Send this to the editors?",
      tabIndex: -1,
      autofocus: true,
    });
    const what = make("p", {
      id: "feedback-what",
      textContent:
        "What stands below is stored, with your comment and today’s date, in a file on this server " +
        "that editors read; nothing else is. Press Cancel if it says more than you want them to know.",
    });
    const dialog = make(
      "dialog",
      { id: "feedback" },
      heading,
      what,
      exact,
      label,
      comment,
      fault,
      make("div", { className: "actions" }, send, cancel),
    );
    dialog.setAttribute("aria-labelledby", heading.id);
    dialog.setAttribute("aria-describedby", what.id);

    send.addEventListener("click", async () => {
      send.disabled = true;
      fault.textContent = await refusal({ ...note, comment: comment.value });
      send.disabled = false;
      if (fault.textContent) return;
      dialog.close();
      done();
    });
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("keydown", (event) => {
      event.stopPropagation(); // Escape closes the reader too, and here it is meant for the dialog
      keepInside(event, dialog);
    });
    dialog.addEventListener("close", () => dialog.remove()); // the focus is back by then
    document.body.append(dialog);
    dialog.showModal();
    status();
  }

  // A modal dialog lets Tab go on to the browser's own controls; here it goes round.
  function keepInside(event, dialog) {
    if (event.key !== "Tab") return;
    const stops = [...dialog.querySelectorAll(".exact, textarea, button:enabled")];
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    const isOutside = !stops.includes(document.activeElement) && event.shiftKey;
    if (document.activeElement !== from && !isOutside) return;
    event.preventDefault();
    to.focus();
  }

  // Sends; returns "" when it is stored, and else why it is not.
  async function refusal(body) {
    try {
      const response = await fetch(ADDRESS, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      if (response.ok) return "";
      const reply = await response.json().catch(() => ({}));
      return reply.error ?? "Something went wrong. Nothing was sent.";
    } catch {
      return OFFLINE;
    }
  }

  document.addEventListener("pincite:drawn", ({ detail }) => {
    detail.rows?.querySelectorAll(".answer span.note").forEach(place);
  });
})();
