// The editor's page: preview, publish, correct, withdraw; loaded after desk.js. Whatever fails, what
// was typed stays where it is.
"use strict";

(() => {
  const { $, Refused, call, make, button, count, trying } = desk;
  const LARGEST = 20 * 1024 * 1024; // as web/middleware.py

  $("leave").addEventListener("click", async () => {
    if (isUnsaved() && !confirm("What you typed is not published. Log out all the same?")) return;
    await call("POST", "/logout").catch(() => {});
    unsaved = false;
    location.reload();
  });

  /* The text: a file or what is pasted. */

  let file = null;
  let correcting = null; // the article whose text is corrected, with its fields
  let unsaved = false;
  const touched = new Set(); // fields that the editor has changed; the others follow the text
  const fields = [...document.querySelectorAll("#details [name]")];
  const LEAD = $("lead").textContent;
  const READY = $("busy-publish").textContent;

  const isUnsaved = () => unsaved && Boolean(file || $("text").value.trim());

  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved()) event.preventDefault();
  });

  function choose(chosen) {
    if (!chosen) return;
    $("text-fault").textContent = "";
    if (chosen.size > LARGEST) {
      $("text-fault").textContent = `${chosen.name} is larger than 20 MB; split it.`;
      return;
    }
    file = chosen;
    startOver();
    showSource();
    look({ moves: true });
  }

  function showSource() {
    $("chosen-name").textContent = file ? file.name : "";
    $("chosen").hidden = !file;
    $("drop").hidden = Boolean(correcting);
    $("drop").classList.toggle("has-file", Boolean(file));
    $("paste").hidden = Boolean(file);
    $("text-label").textContent = correcting ? "Correct the text" : "Or paste the text";
    $("stop").hidden = !correcting;
    $("heading").textContent = correcting ? `Correct “${correcting.title}”` : "Add an article";
    $("lead").textContent = correcting
      ? "The corrected text takes the place of the old one, which is kept in the folder of withdrawn articles."
      : LEAD;
    $("publish").textContent = correcting ? "Publish the correction" : "Publish";
  }

  function startOver() {
    touched.clear();
    fields.forEach((field) => (field.value = ""));
    $("step-check").hidden = true;
    $("result").hidden = true;
    unsaved = true;
  }

  function clearAll() {
    forgetPreview();
    file = null;
    correcting = null;
    $("file").value = "";
    $("text").value = "";
    startOver();
    unsaved = false;
    showSource();
  }

  $("file").addEventListener("change", () => choose($("file").files[0]));
  $("unchoose").addEventListener("click", () => {
    clearAll();
    $("file").focus();
  });
  $("stop").addEventListener("click", () => {
    clearAll();
    $("heading").focus();
  });

  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // else the browser leaves the page to show the file
      $("drop").classList.toggle("over", name === "dragover");
      if (name === "drop" && !correcting) choose(event.dataTransfer.files[0]);
    });
  }

  $("text").addEventListener("input", () => {
    unsaved = true;
    if (!$("step-check").hidden) stale();
  });

  /* The preview. */

  let previewed = 0; // answers to earlier previews are dropped
  let waiting = null;

  function submission() {
    if (!file && !$("text").value.trim()) {
      throw new Refused("Choose a file or paste a text first.");
    }
    const form = new FormData();
    for (const field of fields) {
      if (correcting || touched.has(field.name)) form.set(field.name, field.value);
    }
    if (!file) {
      form.set("pasted", "yes");
      form.set("name", $("f-title").value);
    }
    form.set("source", file ?? new Blob([$("text").value], { type: "text/plain" }), file?.name ?? "pasted.txt");
    return form;
  }

  const place = () => (correcting ? `/articles/${encodeURIComponent(correcting.id)}` : "/articles");
  const previewPlace = () => (correcting ? `${place()}/preview` : "/preview");

  function stale() {
    clearTimeout(waiting);
    waiting = setTimeout(() => look({ moves: false }), 600);
  }

  function forgetPreview() {
    clearTimeout(waiting);
    previewed += 1;
    $("busy-look").textContent = "";
  }

  // `moves`: the editor asked for it and is taken to it; a preview renewed by itself stays quiet.
  function look({ moves }) {
    clearTimeout(waiting);
    const turn = ++previewed;
    const fault = moves ? "text-fault" : "publish-fault";
    return trying(fault, async () => {
      $("busy-look").textContent = "Reading …";
      try {
        const seen = await call("POST", previewPlace(), submission());
        if (turn !== previewed) return;
        show(seen);
        if (moves) {
          $("check-heading").focus({ preventScroll: true });
          $("step-check").scrollIntoView({ block: "start" });
        }
      } finally {
        if (turn === previewed) $("busy-look").textContent = "";
      }
    });
  }

  function show(seen) {
    for (const field of fields) {
      if (correcting || touched.has(field.name)) continue;
      const value = seen[field.name] ?? "";
      field.value = Array.isArray(value) ? value.join(", ") : value;
    }
    $("preview").replaceChildren(...notes(seen), ...sections(seen), ...cuts(seen));
    $("publish").disabled = Boolean(seen.twin);
    $("step-check").hidden = false;
  }

  function notes(seen) {
    const near = seen.near_duplicates.map(
      ({ other, similarity }) =>
        `Much like “${titleOf(other)}”, which is published (${Math.round(similarity * 100)} % alike).`,
    );
    const twin = seen.twin
      ? [`“${titleOf(seen.twin)}” is published with this very text, so there is nothing to add.`]
      : [];
    const all = [...twin, ...near, ...seen.warnings.map((text) => `Check this: ${text}.`)];
    return all.length
      ? [make("ul", { className: "notes" }, ...all.map((text) => make("li", { textContent: text })))]
      : [];
  }

  function sections(seen) {
    const items = seen.sections.map((section) => {
      const words = section.first_words.trim().replace(/\s+\S{0,20}$/, "");
      return make(
        "li",
        {},
        section.heading ? make("h4", { textContent: section.heading }) : null,
        make("p", { className: "words", textContent: words ? `${words} …` : "" }),
        make("p", {
          className: "hint",
          textContent: [
            speakerName(section.speaker),
            count(section.passages, "passage", "passages"),
          ].join(" · "),
        }),
      );
    });
    return [
      make("h3", { textContent: count(seen.sections.length, "section", "sections") }),
      make("ol", { className: "sections" }, ...items),
    ];
  }

  function cuts(seen) {
    if (!seen.cuts.length) return [make("p", { className: "hint", textContent: "Nothing is left out." })];
    const byRule = new Map();
    for (const { rule, text } of seen.cuts) byRule.set(rule, [...(byRule.get(rule) ?? []), text]);
    const rules = [...byRule].map(([rule, texts]) =>
      make(
        "div",
        { className: "rule" },
        make("p", { className: "hint", textContent: rule }),
        make("ul", {}, ...texts.map((text) => make("li", { textContent: text }))),
      ),
    );
    return [
      make(
        "details",
        { className: "cuts", open: seen.cuts.length <= 12 },
        make("summary", { textContent: `${count(seen.cuts.length, "line is", "lines are")} left out` }),
        ...rules,
      ),
    ];
  }

  const speakerName = (speaker) =>
    [...$("f-speaker").options].find((option) => option.value === speaker)?.text ?? speaker;
  const titleOf = (id) => listed.find((article) => article.id === id)?.title ?? id;

  for (const field of fields) {
    field.addEventListener("input", () => {
      touched.add(field.name);
      unsaved = true;
    });
    field.addEventListener("change", () => field.reportValidity() && look({ moves: false }));
  }

  $("article").addEventListener("submit", (event) => {
    event.preventDefault();
    look({ moves: true });
  });

  /* Publishing, and taking it back. */

  $("publish").addEventListener("click", () => {
    if (!$("article").reportValidity()) return;
    forgetPreview();
    const before = correcting;
    $("publish").disabled = true;
    $("busy-publish").textContent = "Publishing …";
    trying("publish-fault", async () => {
      const done = await call("POST", place(), submission());
      clearAll();
      await refresh();
      showPublished(done, before);
    }).finally(() => {
      $("publish").disabled = false;
      $("busy-publish").textContent = READY;
    });
  });

  function showPublished(done, before) {
    const [article] = done.published;
    const text = [
      count(article.sections, "section", "sections"),
      "in answers from now on",
      `${count(done.articles, "article", "articles")} in the library`,
    ];
    const open = `/#/article/${encodeURIComponent(article.id)}`;
    showResult(before ? `Corrected: “${article.title}”` : `Published: “${article.title}”`, text.join(" · "), [
      make("a", { href: open, textContent: "Open it and ask about it", className: "button main" }),
      button(before ? "Undo the correction" : "Undo", "plain", () => undo(article, before)),
    ], done.warnings);
  }

  function showResult(heading, text, actions, warnings = []) {
    $("result-heading").textContent = heading;
    $("result-text").textContent = [text, ...warnings].join(". ");
    $("result-fault").textContent = "";
    $("result-actions").replaceChildren(...actions);
    $("result").hidden = false;
    $("result-heading").focus({ preventScroll: true });
    $("result").scrollIntoView({ block: "center" });
  }

  function undo(article, before) {
    return trying("result-fault", async () => {
      if (before) await call("POST", `/articles/${encodeURIComponent(article.id)}`, earlier(before));
      else await call("DELETE", `/articles/${encodeURIComponent(article.id)}`);
      await refresh();
      showResult(
        before ? "The correction is undone." : "Withdrawn again.",
        before
          ? `“${before.title}” reads as it did before.`
          : `“${article.title}” is not in the library any more; its source is kept in the folder of withdrawn articles.`,
        [],
      );
    });
  }

  function earlier(before) {
    const form = new FormData();
    for (const field of fields) form.set(field.name, before[field.name]);
    form.set("pasted", "yes");
    form.set("source", new Blob([before.text], { type: "text/plain" }), "pasted.txt");
    return form;
  }

  /* The list of what is published. */

  let listed = [];

  async function list() {
    listed = await call("GET", "/articles");
    showList();
  }

  // The rest of the page follows: what was published last, and the versions.
  async function refresh() {
    document.dispatchEvent(new Event("article-published"));
    await list();
  }

  document.addEventListener("library-changed", () => trying("list-fault", list));

  function showList() {
    const wanted = $("find").value.trim().toLowerCase();
    const found = listed.filter((article) =>
      [article.title, article.author, article.topics].join(" ").toLowerCase().includes(wanted),
    );
    $("list-count").textContent = wanted
      ? `${found.length} of ${count(listed.length, "article", "articles")}`
      : count(listed.length, "article", "articles");
    $("list").replaceChildren(...found.map(row));
  }

  function row(article) {
    const kind = [...$("f-kind").options].find((option) => option.value === article.kind)?.text;
    const facts = [kind, speakerName(article.speaker), article.author, article.date || "undated", article.place];
    const correct = button("Correct the text", "plain", () => beginCorrecting(article));
    const take = button("Withdraw", "plain", () => askWithdraw(article));
    correct.setAttribute("aria-label", `Correct the text of “${article.title}”`);
    take.setAttribute("aria-label", `Withdraw “${article.title}”`);
    return make(
      "li",
      {},
      make(
        "div",
        {},
        make("a", { href: `/#/article/${encodeURIComponent(article.id)}`, textContent: article.title }),
        make("p", { className: "hint", textContent: facts.filter(Boolean).join(" · ") }),
      ),
      make("div", { className: "row" }, correct, take),
    );
  }

  $("find").addEventListener("input", showList);

  function beginCorrecting(article) {
    if (isUnsaved() && !confirm("What you typed is not published. Leave it?")) return undefined;
    return trying("list-fault", async () => {
      const whole = await call("GET", `/articles/${encodeURIComponent(article.id)}`);
      clearAll();
      correcting = whole;
      $("text").value = whole.text;
      for (const field of fields) field.value = whole[field.name];
      showSource();
      look({ moves: false });
      $("heading").scrollIntoView({ block: "start" });
      $("text").focus({ preventScroll: true });
      $("text").setSelectionRange(0, 0);
    });
  }

  let leaving = null;

  function askWithdraw(article) {
    leaving = article;
    $("withdraw-title").textContent = article.title;
    $("withdraw-fault").textContent = "";
    $("ask-withdraw").showModal();
  }

  $("withdraw-no").addEventListener("click", () => $("ask-withdraw").close());
  $("withdraw-yes").addEventListener("click", () => {
    $("withdraw-yes").disabled = true;
    trying("withdraw-fault", async () => {
      await call("DELETE", `/articles/${encodeURIComponent(leaving.id)}`);
      $("ask-withdraw").close();
      if (correcting?.id === leaving.id) clearAll();
      await refresh();
      showResult("Withdrawn.", `“${leaving.title}” is not in the library any more; its source is kept in the folder of withdrawn articles.`, []);
    }).finally(() => ($("withdraw-yes").disabled = false));
  });

  trying("list-fault", list);
})();
