// The library's page: filters without loading the page anew, and search as somebody types. What is
// typed goes into the body of a POST and into this history entry's state, never into an address
// (web/browsing.py says why). All HTML comes escaped from web/library_page.py.
"use strict";

(() => {
  const PAUSE = 150; // milliseconds without a key
  const OFFLINE = "Pincite does not answer, so the list below is as it was.";
  const $ = (id) => document.getElementById(id);
  const form = $("browse");
  const search = $("search");
  let latest = 0; // answers to earlier requests are dropped
  let pause = 0;
  let retry = null;

  // "/library?topic=hours" as the form stands; empty filters are left out.
  function address() {
    const chosen = [...new FormData(form)].filter(([, value]) => value);
    const query = new URLSearchParams(chosen).toString();
    return query ? `/library?${query}` : "/library";
  }

  async function ask(query, skip) {
    if (skip) query.set("skip", skip);
    const typed = search.value.trim();
    const body = typed
      ? {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ search: typed }),
        }
      : {};
    const response = await fetch(`/api/library?${query}`, body);
    const reply = await response.json();
    if (!response.ok) throw new Error(reply.error);
    return reply;
  }

  async function load({ skip = 0, then = () => {} } = {}) {
    const turn = ++latest;
    $("results").setAttribute("aria-busy", "true");
    try {
      const query = new URLSearchParams(address().split("?")[1]);
      const reply = await ask(query, skip);
      if (turn !== latest) return;
      fault("");
      show(reply, skip);
      then();
    } catch (error) {
      if (turn !== latest) return;
      retry = () => load({ skip, then });
      fault(error instanceof TypeError ? OFFLINE : error.message);
    } finally {
      if (turn === latest) $("results").removeAttribute("aria-busy");
    }
  }

  function show(reply, skip) {
    if (skip) $("results").insertAdjacentHTML("beforeend", reply.results);
    else $("results").innerHTML = reply.results;
    $("chosen").innerHTML = reply.chosen;
    $("further").innerHTML = reply.further;
    if ($("count").textContent !== reply.count) $("count").textContent = reply.count;
    for (const [name, offered] of Object.entries(reply.options)) {
      const select = form.elements[name];
      const value = select.value;
      select.replaceChildren(...offered.map(([each, text]) => new Option(text, each)));
      select.value = value;
    }
  }

  function fault(message) {
    const note = document.createElement("p");
    note.className = "fault";
    note.textContent = message;
    const again = document.createElement("button");
    again.type = "button";
    again.id = "again";
    again.textContent = "Try again";
    $("fault").replaceChildren(...(message ? [note, again] : []));
  }

  const state = () => ({ search: search.value });

  // The form as an address says; what the address does not offer is added by the reply.
  function fill(query) {
    for (const select of form.querySelectorAll("select")) {
      const value = query.get(select.name) ?? "";
      if (![...select.options].some((option) => option.value === value)) {
        select.add(new Option(value, value));
      }
      select.value = value;
    }
  }

  function go(to, { focus } = {}) {
    history.pushState(state(), "", to);
    load({ then: () => focus?.focus() });
  }

  function typed() {
    history.replaceState(state(), "", address());
    clearTimeout(pause);
    pause = setTimeout(load, PAUSE);
  }

  function clicked(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("a[data-filter], #more, #again, #clear-search");
    if (!link) return;
    event.preventDefault();
    if (link.id === "again") retry();
    else if (link.id === "more") showMore(link);
    else if (link.id === "clear-search") clearSearch();
    else {
      fill(new URL(link.href).searchParams);
      go(address(), { focus: $("count") }); // the link itself is gone
    }
  }

  function clearSearch() {
    search.value = "";
    search.focus();
    typed();
  }

  function showMore(link) {
    const skip = $("results").children.length;
    const shown = link.getAttribute("href");
    load({
      skip,
      then: () => {
        history.replaceState(state(), "", shown);
        $("results").children[skip]?.querySelector("a").focus();
      },
    });
  }

  form.addEventListener("change", (event) => {
    if (event.target.matches("select")) go(address());
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    load();
  });
  search.addEventListener("input", typed);
  document.addEventListener("click", clicked);
  window.addEventListener("popstate", (event) => {
    search.value = event.state?.search ?? "";
    fill(new URLSearchParams(location.search));
    load();
  });

  $("search-field").hidden = false;
  search.value = history.state?.search ?? ""; // a browser may have filled it by itself, out of turn
  fill(new URLSearchParams(location.search));
  if (search.value) load();
})();
