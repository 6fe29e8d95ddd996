// Cards: what a citation quotes, and who says so, beside its number while it is pointed at or has
// the focus. All of it stands in the answer already (web/render.py); a card is set as text only.
"use strict";

(() => {
  const DELAY_MS = 120; // passing over a number opens nothing
  const LEAVING_MS = 200; // enough to move from the number onto its card
  const GAP = 6;

  let card = null;
  let of = null; // the citation whose card is shown
  let timer = 0;

  function element() {
    card ??= Object.assign(document.createElement("div"), { id: "cite-card", hidden: true });
    card.setAttribute("role", "tooltip");
    if (!card.isConnected) document.body.append(card);
    return card;
  }

  const line = (className, text) =>
    Object.assign(document.createElement("p"), { className, textContent: text });

  // A claim's own mark stands for quotes below it, each with a mark of the same number.
  function quoteOf(link) {
    const statement = link.closest(".said, .pinned");
    const beside = statement?.querySelector(":scope > q");
    if (beside) return beside;
    const same = [...link.closest(".answer").querySelectorAll(".pinned > a.cite")];
    return same
      .find((other) => other.getAttribute("href") === link.getAttribute("href"))
      ?.parentElement.querySelector("q");
  }

  function fill(link) {
    const voice = link.closest(".voice");
    const quote = quoteOf(link);
    const whose = quote?.parentElement.querySelector(".whose");
    const facts = whose
      ? [line("who", whose.textContent.trim())]
      : [
          line("who", voice.querySelector(".who b").textContent),
          line("title", voice.querySelector(".who .title").textContent),
          line("by", voice.querySelector(".by").textContent),
        ];
    const words = line("quote", quote ? `“${quote.textContent}”` : "");
    element().replaceChildren(words, ...facts);
  }

  // Below the number where there is room, else above it; never beyond the window's edge.
  function place(link) {
    const mark = link.getClientRects()[0];
    const box = card.getBoundingClientRect();
    const below = mark.bottom + GAP;
    const fits = below + box.height <= innerHeight - GAP;
    const top = fits ? below : mark.top - GAP - box.height;
    const left = Math.min(mark.left, innerWidth - box.width - GAP);
    card.style.top = `${Math.max(GAP, top)}px`;
    card.style.left = `${Math.max(GAP, left)}px`;
  }

  function show(link) {
    clearTimeout(timer);
    if (of === link || !link.isConnected) return;
    hide();
    fill(link);
    of = link;
    link.setAttribute("aria-describedby", "cite-card");
    card.hidden = false;
    place(link);
  }

  function hide() {
    clearTimeout(timer);
    of?.removeAttribute("aria-describedby");
    of = null;
    if (card) card.hidden = true;
  }

  const later = (work, ms) => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };

  document.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType === "touch") return;
    const link = target.closest(".answer a.cite");
    if (link) later(() => show(link), DELAY_MS);
    else if (target.closest("#cite-card")) clearTimeout(timer);
    else if (of && of !== document.activeElement) later(hide, LEAVING_MS);
    else if (!of) clearTimeout(timer);
  });
  // Only where the keyboard brought the focus: a click opens the article itself.
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(".answer a.cite:focus-visible")) show(target);
    else if (of) hide();
  });
  document.addEventListener("click", hide);
  document.addEventListener("scroll", () => of && place(of), { capture: true, passive: true });
  // Takes the card away and nothing else: the open article stays for the next Escape.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !of) return;
      event.stopImmediatePropagation();
      hide();
    },
    { capture: true },
  );
})();
