// The editor's page: what the last publish did, publish the folder, go back; loaded after desk.js.
"use strict";

(() => {
  const { $, button, call, count, items, make, moment, trying } = desk;
  const OPEN_UP_TO = 5; // titles that are shown without being asked for
  const MOST = 200; // entries of one list; the others are counted
  let past = null;

  async function load() {
    past = await call("GET", "/history");
    $("folder").textContent = past.folder;
    showLast(past.last);
    showVersions();
  }

  /* The report of a run. */

  function showLast(last) {
    $("last-summary").textContent = last
      ? `Version ${last.generation}, ${moment(last.published)}: ${summary(last)}`
      : `What version ${past.served} says of itself cannot be read. Go back, or publish the folder.`;
    $("last-report").replaceChildren(...(last ? report(last) : []));
  }

  function summary(run) {
    const parts = [
      run.added.length ? `${run.added.length} added` : "",
      run.updated.length ? `${run.updated.length} changed` : "",
      run.removed.length ? `${run.removed.length} removed` : "",
      run.unchanged ? `${run.unchanged} as before` : "",
    ].filter(Boolean);
    const all = `${count(run.articles, "article", "articles")} in ${count(run.passages, "passage", "passages")}`;
    return `${[all, ...parts].join(" · ")}.`;
  }

  function report(run) {
    const files = run.failed.length;
    const left = run.skipped.length;
    const looks = run.warnings.length;
    const pairs = run.near_duplicates.length;
    return [
      part(
        "trouble",
        `${count(files, "file", "files")} could not be read`,
        "Not published. Open the file to see what is wrong with it, save it again or replace it; then publish the folder.",
        run.failed.map(({ path, reason }) => `${path}: ${reason}`),
      ),
      part(
        "trouble",
        `${count(left, "file is", "files are")} not published`,
        "The reason stands beside each. Where you expected an article, change what it names and publish the folder; else there is nothing to do.",
        run.skipped.map(({ path, reason }) => `${path}: ${reason}`),
      ),
      part(
        "trouble",
        `${count(looks, "article", "articles")} to look at`,
        "Published all the same. Correct the article, or its file, where this made it wrong.",
        run.warnings.map(({ title, notes }) => `${title}: ${notes.join("; ")}`),
      ),
      part(
        "trouble",
        `${count(pairs, "pair", "pairs")} of articles that say nearly the same`,
        "In an answer the two count as one source. Withdraw one where it is a copy.",
        run.near_duplicates.map(
          ({ titles, similarity }) =>
            `“${titles[0]}” and “${titles[1]}” (${Math.round(similarity * 100)} % alike)`,
        ),
      ),
      ...changes(run),
      folded(
        `${count(run.lines_cut, "line", "lines")} left out as menus, by-lines and the like`,
        run.cuts.map(
          ({ title, lines, rules }) => `${title}: ${count(lines, "line", "lines")} (${rules.join(", ")})`,
        ),
        false,
      ),
    ].filter(Boolean);
  }

  function part(className, heading, what, texts) {
    if (!texts.length) return null;
    return make(
      "div",
      { className },
      make("h3", { textContent: heading }),
      make("p", { className: "hint", textContent: what }),
      make("ul", {}, ...listed(texts)),
    );
  }

  function listed(texts) {
    const more = texts.length - MOST;
    const shown = items(texts.slice(0, MOST));
    return more > 0 ? [...shown, make("li", { textContent: `and ${more} more` })] : shown;
  }

  function folded(heading, texts, open = texts.length <= OPEN_UP_TO) {
    if (!texts.length) return null;
    return make(
      "details",
      { open },
      make("summary", { textContent: heading }),
      make("ul", { className: "names" }, ...listed(texts)),
    );
  }

  const changes = ({ added, updated, removed }) =>
    [
      folded(`${count(removed.length, "article", "articles")} removed`, removed),
      folded(`${count(updated.length, "article", "articles")} changed`, updated),
      folded(`${count(added.length, "article", "articles")} added`, added),
    ].filter(Boolean);

  /* Publish what is in the folder. */

  const DONE = "Published, and in answers from now on.";
  const NOTHING = "Nothing to publish: the folder holds just what is served.";

  $("publish-folder").addEventListener("click", () => publish({ allow_removals: false }, "last-fault"));

  function publish(wanted, fault) {
    $("publish-folder").disabled = true;
    $("busy-folder").textContent = "Reading the folder …";
    $("versions-told").textContent = "";
    return trying(fault, async () => {
      try {
        const done = await call("POST", "/publish", wanted);
        await load();
        document.dispatchEvent(new Event("library-changed"));
        if (!done.is_new) showRun(done);
        $("busy-folder").textContent = done.is_new ? DONE : NOTHING;
        $("ask-removals").close("done");
        $("last-heading").focus({ preventScroll: true });
        $("last").scrollIntoView({ block: "start" });
      } catch (error) {
        if (!error.reply?.would) throw error;
        askRemovals(error.reply.would);
      }
    }).finally(() => {
      $("publish-folder").disabled = false;
      if ($("busy-folder").textContent === "Reading the folder …") $("busy-folder").textContent = "";
    });
  }

  // A run that made no new version says what lies in the folder and is not published.
  function showRun(run) {
    $("last-summary").textContent = `The folder as it is now: ${summary(run)}`;
    $("last-report").replaceChildren(...report(run));
  }

  function askRemovals(would) {
    const { removed, was } = would;
    $("removals-heading").textContent = `Remove ${removed.length} of ${count(was, "article", "articles")}?`;
    $("removals-list").replaceChildren(...listed(removed));
    const unread = [...would.failed, ...would.skipped].map(({ path, reason }) => `${path}: ${reason}`);
    $("removals-failed").replaceChildren(
      ...[folded(`${count(unread.length, "file", "files")} in the folder cannot be used`, unread)].filter(Boolean),
    );
    $("removals-fault").textContent = "";
    $("ask-removals").returnValue = "";
    $("ask-removals").showModal();
  }

  // The button was disabled when the dialog opened, so the browser has no place to go back to.
  $("ask-removals").addEventListener("close", () => {
    if ($("ask-removals").returnValue !== "done") $("publish-folder").focus();
  });

  $("removals-no").addEventListener("click", () => $("ask-removals").close());
  $("removals-yes").addEventListener("click", () => {
    $("removals-yes").disabled = true;
    publish({ allow_removals: true }, "removals-fault").finally(() => {
      $("removals-yes").disabled = false;
    });
  });

  /* The versions, and the way back. */

  function showVersions() {
    $("versions-list").replaceChildren(...past.versions.map(row));
  }

  function row(version) {
    const { number, is_served, published } = version;
    const back = past.back?.to === number;
    const state = is_served ? "served now" : number > past.served ? "newer, not served" : "";
    const facts = published
      ? [moment(published), count(version.articles, "article", "articles")]
      : ["This version cannot be read"];
    return make(
      "li",
      { className: is_served ? "served" : "", value: number },
      make(
        "div",
        {},
        make(
          "p",
          {},
          make("strong", { textContent: `Version ${number}` }),
          state ? make("span", { className: "badge", textContent: state }) : null,
        ),
        make("p", { className: "hint", textContent: facts.join(" · ") }),
        ...changes(version.changes),
      ),
      back ? button(`Go back to version ${number}`, "plain", askBack) : null,
    );
  }

  function askBack() {
    const { to, returning, leaving, changing } = past.back;
    $("back-heading").textContent = `Go back to version ${to}?`;
    const told = [
      folded(`${count(leaving.length, "article goes", "articles go")}`, leaving),
      folded(`${count(returning.length, "article comes back", "articles come back")}`, returning),
      folded(`${count(changing.length, "article reads", "articles read")} as it did before`, changing),
    ].filter(Boolean);
    $("back-changes").replaceChildren(
      ...(told.length ? told : [make("p", { textContent: "The articles are the same in both." })]),
    );
    $("back-fault").textContent = "";
    $("ask-back").showModal();
  }

  $("back-no").addEventListener("click", () => $("ask-back").close());
  $("back-yes").addEventListener("click", () => {
    $("back-yes").disabled = true;
    trying("back-fault", async () => {
      const from = past.served;
      past = await call("POST", "/rollback", { served: from });
      $("ask-back").close();
      showLast(past.last);
      showVersions();
      $("busy-folder").textContent = "";
      $("versions-told").textContent =
        `Version ${past.served} is served now, ${count(past.last?.articles ?? 0, "article", "articles")}. ` +
        `The folder is as it was: the next publish brings back what is new in version ${from}.`;
      document.dispatchEvent(new Event("library-changed"));
      $("versions-heading").focus({ preventScroll: true });
      $("versions").scrollIntoView({ block: "start" });
    }).finally(() => ($("back-yes").disabled = false));
  });

  document.addEventListener("article-published", () => {
    $("versions-told").textContent = "";
    $("busy-folder").textContent = "";
    trying("last-fault", load);
  });

  trying("last-fault", load);
})();
