// The reader: opens a citation's article beside the chat and goes to the cited words.
// Addresses are written by web/links.py: #/article/<id>[/<start>-<end>/<digest>].
"use strict";

(() => {
  const ADDRESS = /^#\/article\/([^/]+)(?:\/(\d+-\d+)\/([0-9a-f]+))?$/;
  const LINK = 'a[href^="#/article/"]';
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

  async function open(address, link) {
    const turn = ++latest;
    let article;
    try {
      article = await fetchArticle(address, link);
    } catch {
      article = { fault: "The article cannot be opened: Pincite does not answer." };
    }
    if (turn !== latest) return;
    opener = link ?? opener;
    show(article);
    document.querySelectorAll("a.open").forEach((other) => other.classList.remove("open"));
    link?.classList.add("open");
    link?.scrollIntoView({ block: "nearest" }); // on a phone the reader has taken half the page
  }

  function show(article) {
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
    goTo($("cited") ?? body, body);
    $("reader-status").textContent = article.fault
      ? article.fault
      : `Opened “${article.title}”${article.marked ? " at the cited words" : ""}.`;
  }

  // Scrolls the reader alone; scrollIntoView would move the page as well.
  function goTo(target, body) {
    const inside = target !== body;
    const top = inside
      ? target.getBoundingClientRect().top - body.getBoundingClientRect().top + body.scrollTop
      : 0;
    body.scrollTop = Math.max(0, top - body.clientHeight / 3);
    target.focus({ preventScroll: true });
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

  function followAddress() {
    const address = ADDRESS.exec(location.hash);
    if (address) open(address, null);
    else if ($("reader") && !$("reader").hidden) close();
  }

  async function copy(link) {
    const voices = [...link.closest(".answer").querySelectorAll(".voice")].map((voice) => {
      const line = (selector) => voice.querySelector(selector).innerText;
      const said = [...voice.querySelectorAll(".said, .pinned")].map((statement) => {
        const words = statement.querySelector("q");
        const marks = [...statement.querySelectorAll("a")].map((mark) => mark.innerText).join("");
        const text = words ? `“${words.innerText}”` : statement.firstChild.innerText;
        const whose = statement.querySelector(".whose");
        return `${text} ${marks}${whose ? ` (${whose.innerText})` : ""}`;
      });
      return [`${line(".who")} (${line(".by")})`, ...said].join("\n");
    });
    const open = [...link.closest(".answer").querySelectorAll(".uncovered")].map((p) => p.innerText);
    await navigator.clipboard.writeText([...voices, ...open].join("\n\n"));
    link.textContent = "Copied";
    setTimeout(() => (link.textContent = "Copy with sources"), 2000);
  }

  function clicked(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("#reader-close")) return leave();
    const link = event.target.closest('a[href^="#"]');
    const address = ADDRESS.exec(link?.getAttribute("href") ?? "");
    if (address) {
      event.preventDefault();
      history.pushState(null, "", link.getAttribute("href"));
      open(address, link);
    } else if (link?.classList.contains("copy")) {
      event.preventDefault();
      copy(link);
    }
  }

  document.addEventListener("click", clicked); // Enter on a link arrives here as a click
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("reading")) leave();
  });
  window.addEventListener("popstate", followAddress);

  // A new question goes to the top of the dialogue and stays there while its answer grows,
  // until somebody scrolls.
  let newest = null;
  let scrolled = false;

  function keepQuestionInView() {
    const question = [...document.querySelectorAll("#dialogue .user-row")].at(-1) ?? null;
    if (question !== newest) scrolled = false;
    newest = question;
    const log = question?.closest('[role="log"]');
    if (!log || scrolled) return;
    log.scrollTop += question.getBoundingClientRect().top - log.getBoundingClientRect().top;
  }

  // Gradio labels a message with its source text, which would read out our markup.
  function nameAnswers() {
    const answers = document.querySelectorAll('#dialogue [data-testid="bot"][aria-label*="<"]');
    answers.forEach((answer) => answer.setAttribute("aria-label", "Answer"));
  }

  for (const gesture of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    document.addEventListener(gesture, () => (scrolled = true), { passive: true });
  }

  // Gradio builds the page after this script has run, and the dialogue as it goes on.
  let built = false;
  new MutationObserver(() => {
    keepQuestionInView();
    nameAnswers();
    if (built || !$("reader-body")) return;
    built = true;
    followAddress();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
