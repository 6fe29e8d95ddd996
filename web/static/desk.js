// What the scripts of the editor's page share: requests, the log-in, and making elements. What comes
// from articles and readers is only ever set as text, never as markup.
"use strict";

const desk = (() => {
  const MARKED = { "X-Pincite-Editor": "page" };
  const OFFLINE = "Pincite does not answer. Nothing was changed; what you typed is still here.";
  const $ = (id) => document.getElementById(id);

  class Refused extends Error {}

  // Sends a request; asks for the password again when the session has ended, and goes on.
  async function call(method, path, body) {
    for (;;) {
      let response;
      try {
        const headers = body && !(body instanceof FormData)
          ? { ...MARKED, "Content-Type": "application/json" }
          : MARKED;
        const sent = body && !(body instanceof FormData) ? JSON.stringify(body) : body;
        response = await fetch(`/editor${path}`, { method, headers, body: sent });
      } catch {
        throw new Refused(OFFLINE);
      }
      if (response.status === 401 && $("log-in-again")) {
        await logInAgain();
        continue;
      }
      const reply = response.status === 204 ? {} : await response.json().catch(() => ({}));
      if (!response.ok) {
        const message = reply.error ?? "Something went wrong. Please try again.";
        throw Object.assign(new Refused(message), { status: response.status, reply });
      }
      return reply;
    }
  }

  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children.filter((child) => child !== null));
    return element;
  }

  const button = (text, className, onclick) => {
    const made = make("button", { type: "button", className, textContent: text });
    made.addEventListener("click", onclick);
    return made;
  };

  const count = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

  // Shows what went wrong beside the button that was pressed, and takes it away at the next try.
  async function trying(fault, work) {
    $(fault).textContent = "";
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      $(fault).textContent = error.message;
      return undefined;
    }
  }

  /* Logging in: on a page of its own, or over the work when the session has ended. */

  $("login").addEventListener("submit", (event) => {
    event.preventDefault();
    trying("login-fault", async () => {
      const again = $("log-in-again");
      await call("POST", "/login", { password: $("password").value });
      $("password").value = "";
      if (again) again.close("in");
      else location.reload();
    }).finally(() => $("password").select());
  });

  function logInAgain() {
    const dialog = $("log-in-again");
    $("login-why").textContent = "Your session has ended. What you typed is still here.";
    if (!dialog.open) dialog.showModal();
    return new Promise((resolve, reject) => {
      dialog.addEventListener(
        "close",
        () => (dialog.returnValue === "in" ? resolve() : reject(new Refused("Log in first."))),
        { once: true },
      );
      dialog.returnValue = "";
    });
  }

  const day = (iso) => new Date(iso).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
  const moment = (iso) =>
    new Date(iso).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });

  const items = (texts) => texts.map((text) => make("li", { textContent: text }));

  return { $, day, items, moment, Refused, call, make, button, count, trying };
})();
