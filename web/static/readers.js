// The editor's page: what readers sent, what is asked most first; loaded after desk.js. Notes are
// confidential: nothing of them goes into an address or stays in the browser's storage.
"use strict";

(() => {
  const { $, button, call, count, day, items, make, trying } = desk;
  const AT_ONCE = 8; // of each list; the others are unfolded on request
  const OFF =
    "Readers cannot send anything. To let them, set PINCITE_INBOX=true and start Pincite again.";
  const NONE = "Nothing is waiting. What readers send from the page stands here.";

  async function load() {
    const sent = await call("GET", "/inbox");
    const notes = sent.is_on ? sent.unhelpful.length + sent.gaps.reduce((sum, gap) => sum + gap.times, 0) : 0;
    document.querySelector('a[href="#readers"]').textContent = notes ? `From readers (${notes})` : "From readers";
    $("readers-lead").textContent = !sent.is_on ? OFF : notes ? LEAD : NONE;
    $("readers-list").replaceChildren(...(sent.is_on ? lists(sent) : []));
  }

  const LEAD =
    "Sent on purpose and without a name, for editors only; a question can still tell who asked. Drop each when it is dealt with.";

  const lists = ({ gaps, unhelpful, damaged }) => [
    ...section(
      "Asked, and not in the library",
      "Add an article that answers it, or decide that none is needed; then drop it.",
      gaps.map(gapRow),
    ),
    ...section(
      "Answers that did not help",
      "See what was asked and what was shown. Correct the article, or add what is missing.",
      unhelpful.map(noteRow),
    ),
    ...section(
      "Notes that cannot be read",
      "Whoever runs Pincite mends or deletes these files.",
      items(damaged),
    ),
  ];

  function section(heading, what, rows) {
    if (!rows.length) return [];
    const rest = rows.slice(AT_ONCE);
    return [
      make("h3", { textContent: heading }),
      make("p", { className: "hint", textContent: what }),
      make("ul", { className: "notes-list" }, ...rows.slice(0, AT_ONCE)),
      ...(rest.length
        ? [
            make(
              "details",
              {},
              make("summary", { textContent: `${rest.length} more` }),
              make("ul", { className: "notes-list" }, ...rest),
            ),
          ]
        : []),
    ];
  }

  function gapRow({ question, times, notes }) {
    const days = [notes[0], notes.at(-1)].map((note) => day(note.written));
    const when = days[0] === days[1] ? days[0] : `${days[0]} to ${days[1]}`;
    const hint = `${times === 1 ? "Asked once" : `Asked ${times} times`} · ${when}`;
    return entry(question, hint, notes, notes.flatMap((note) => details(note, question)));
  }

  const noteRow = (note) =>
    entry(note.question, `${day(note.written)} · version ${note.generation} of the library`, [note], details(note, note.question));

  function entry(question, hint, notes, more) {
    const comments = notes.map((note) => note.comment).filter(Boolean);
    const drop = button("Drop", "plain", () => dropThem(question, notes.map((note) => note.id)));
    drop.setAttribute("aria-label", `Drop “${question}”`);
    return make(
      "li",
      {},
      make(
        "div",
        {},
        make("p", { className: "asked", textContent: question }),
        make("p", { className: "hint", textContent: hint }),
        ...comments.map((text) => make("blockquote", { textContent: text })),
        more.length
          ? make("details", {}, make("summary", { textContent: "What was sent" }), make("dl", {}, ...more))
          : null,
      ),
      drop,
    );
  }

  const WHO = { user: "Reader", assistant: "Pincite" };

  // All of a note that its row does not show yet.
  function details(note, heading) {
    const own = note.question === heading ? [] : [note.question];
    const understood = [note.standalone_question].filter((text) => text !== note.question && text !== heading);
    return [
      ...fact("Asked in these words", own),
      ...fact("Understood as", understood),
      ...fact("Said before", note.history.map(({ role, text }) => `${WHO[role]}: ${text}`)),
      ...fact(
        "Sentences that were shown",
        note.statements.map(({ text, verbatim }) =>
          verbatim ? `“${text}” (a quote)` : `${text} (written by the chat model)`,
        ),
      ),
      ...(note.citations.length
        ? [make("dt", { textContent: "Quotes that were shown" }), ...note.citations.map(quoted)]
        : []),
    ];
  }

  const fact = (name, texts) =>
    texts.length
      ? [make("dt", { textContent: name }), ...texts.map((text) => make("dd", { textContent: text }))]
      : [];

  const quoted = ({ quote, title, href }) =>
    make(
      "dd",
      {},
      make("q", { textContent: quote }),
      " ",
      href ? make("a", { href, textContent: title }) : make("span", { textContent: `${title} (withdrawn)` }),
    );

  /* Dropping, and taking that back: the server keeps what was dropped last until the next time. */

  function dropThem(question, ids) {
    return trying("readers-fault", async () => {
      await call("POST", "/inbox/drop", { ids });
      await load();
      $("readers-told").textContent = `Dropped: “${question}”.`;
      const undo = button("Undo", "plain", () => putBack(ids));
      $("readers-undo").replaceChildren(undo);
      undo.focus();
    });
  }

  function putBack(ids) {
    return trying("readers-fault", async () => {
      const { back } = await call("POST", "/inbox/put-back", { ids });
      await load();
      $("readers-undo").replaceChildren();
      $("readers-told").textContent = back
        ? `${count(back, "note is", "notes are")} back.`
        : "It cannot be put back: another note was dropped since, or Pincite was started again.";
      $("readers-heading").focus({ preventScroll: true });
    });
  }

  trying("readers-fault", load);
})();
