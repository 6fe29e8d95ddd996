// The reader: opens a citation's article beside the chat and goes to the cited words.
// Addresses are written by web/links.py: #/article/<id>[/<start>-<end>/<digest>]. Whoever else has
// something to say to an opened article listens for `pincite:article` (suggest.js).
"use strict";

(() => {
  const ADDRESS = /^#\/article\/([^/]+)(?:\/(\d+-\d+)\/([0-9a-f]+))?$/;
  const LINK = 'a[href^="#/article/"]';
  const CITE = "a.cite[href]";
  const $ = (id) => document.getElementById(id);
  let opener = null; // the link that takes the focus back on closing
  let latest = 0; // answers to earlier clicks are dropped

  function otherQuotes(link, id, cited) {
    const answer = link?.closest(".answer");
    const spans = [...(answer?.querySelectorAll(LINK) ?? [])]
      .map((other) => ADDRESS.exec(other.getAttribute("href")))
      .filter((address) => address?.[1] === id && address[2] && address[2] !== cited)
      .map((address) => address[2]);
    return [...new Set(spans)].slice(0, 100);
  }

  async function fetchArticle([, id, cited, words], link) {
    const query = new URLSearchParams();
    if (cited) {
      query.set("cited", cited);
      query.set("words", words);
      query.set("others", otherQuotes(link, id, cited).join(","));
    }
    const response = await fetch(`/api/articles/${id}?${query}`);
    const body = await response.json();
    return response.ok ? body : { fault: body.error };
  }

  // `steps`: the reader's own control that was pressed, which keeps the focus.
  async function open(address, link, steps) {
    const turn = ++latest;
    let article;
    try {
      article = await fetchArticle(address, link);
    } catch {
      article = { fault: "The article cannot be opened: Pincite does not answer." };
    }
    if (turn !== latest) return;
    opener = link ?? opener;
    show(article, steps);
    showStep(link, steps);
    document.querySelectorAll("a.open").forEach((other) => other.classList.remove("open"));
    link?.classList.add("open");
    link?.scrollIntoView({ block: "nearest" }); // on a phone the reader has taken half the page
  }

  function show(article, steps) {
    const body = $("reader-body");
    if (article.fault) {
      const note = document.createElement("p");
      note.className = "changed";
      note.textContent = article.fault;
      body.replaceChildren(note);
    } else {
      body.innerHTML = article.html; // escaped by web/source.py
    }
    $("reader-title").textContent = article.title ?? "Source";
    $("reader").hidden = false;
    document.body.classList.add("reading");
    goTo($("cited") ?? body, body, steps);
    $("reader-status").textContent = article.fault
      ? article.fault
      : `Opened “${article.title}”${article.marked ? " at the cited words" : ""}.`;
    if (!article.fault) document.dispatchEvent(new CustomEvent("pincite:article", { detail: { id: article.id } }));
  }

  // Scrolls the reader alone; scrollIntoView would move the page as well.
  function goTo(target, body, steps) {
    const inside = target !== body;
    const top = inside
      ? target.getBoundingClientRect().top - body.getBoundingClientRect().top + body.scrollTop
      : 0;
    body.scrollTop = Math.max(0, top - body.clientHeight / 3);
    if (!steps) target.focus({ preventScroll: true });
  }

  // The citations of the answer that the open one belongs to, in their order, each once.
  function citations() {
    const links = [...(opener?.closest(".answer")?.querySelectorAll(CITE) ?? [])];
    const first = new Map();
    for (const link of links) {
      if (!first.has(link.getAttribute("href"))) first.set(link.getAttribute("href"), link);
    }
    const ordered = [...first.values()];
    return ordered.sort((one, other) => number(one) - number(other));
  }

  const number = (link) => Number(link.textContent.replace(/\D/g, ""));

  function showStep(link, steps) {
    const all = link ? citations() : [];
    const at = all.findIndex((other) => other.getAttribute("href") === link?.getAttribute("href"));
    $("reader-steps").hidden = at < 0;
    if (at < 0) return;
    $("reader-step").textContent = `${at + 1} of ${all.length}`;
    $("reader-previous").disabled = at === 0;
    $("reader-next").disabled = at === all.length - 1;
    if (!steps) return;
    $("reader-status").textContent =
      `Citation ${at + 1} of ${all.length}, in “${$("reader-title").textContent}”: ` +
      [...document.querySelectorAll("#reader mark.cited")].map((m) => m.textContent).join(" ");
    // A button that is at its end cannot keep the focus.
    if (steps.disabled) (steps.id === "reader-next" ? $("reader-previous") : $("reader-next")).focus();
  }

  function step(button) {
    const all = citations();
    const at = all.findIndex((link) => link.classList.contains("open"));
    const next = all[at + (button.id === "reader-next" ? 1 : -1)];
    if (next) follow(next, button);
  }

  function follow(link, steps) {
    const href = link.getAttribute("href");
    history.pushState(null, "", href);
    open(ADDRESS.exec(href), link, steps);
  }

  function close() {
    latest += 1;
    $("reader").hidden = true;
    document.body.classList.remove("reading");
    document.querySelectorAll("a.open").forEach((other) => other.classList.remove("open"));
    if (opener?.isConnected) opener.focus();
    opener = null;
  }

  function leave() {
    if (location.hash) history.pushState(null, "", location.pathname + location.search);
    close();
  }

  // Of an address that several answers cite, the newest answer's.
  const linkOf = (hash) =>
    [...document.querySelectorAll(CITE)]
      .filter((link) => link.getAttribute("href") === hash)
      .at(-1) ?? null;

  function followAddress() {
    const address = ADDRESS.exec(location.hash);
    if (address) open(address, linkOf(location.hash));
    else if ($("reader") && !$("reader").hidden) close();
  }

  function clicked(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("#reader-close")) return leave();
    const steps = event.target.closest("#reader-previous, #reader-next");
    if (steps) return step(steps);
    const link = event.target.closest('a[href^="#"]');
    const address = ADDRESS.exec(link?.getAttribute("href") ?? "");
    if (address) {
      event.preventDefault();
      follow(link);
    }
  }

  document.addEventListener("click", clicked); // Enter on a link arrives here as a click
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("reading")) leave();
  });
  window.addEventListener("popstate", followAddress);

  // Gradio builds the page after this script has run.
  const building = new MutationObserver(() => {
    if (!$("reader-body")) return;
    building.disconnect();
    followAddress();
  });
  building.observe(document.documentElement, { childList: true, subtree: true });
})();
