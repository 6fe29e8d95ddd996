"""The editor's page as plain HTML; `static/editor.js` fills it, with text only."""

from collections.abc import Iterable
from html import escape

from pincite.model import KINDS, SPEAKERS, Kind, Speaker
from web.frame import framed
from web.history_page import JUMP, LAST, READERS, VERSIONS

KIND_NAMES: dict[Kind, str] = {
    "column": "Q&A column",
    "thread": "Forum thread",
    "guide": "Guide",
}
SPEAKER_NAMES: dict[Speaker, str] = {
    "recruiter": "A recruiter",
    "counsellor": "A counsellor",
    "forum poster": "Posters in a forum",
    "firm": "A law firm",
    "editor": "An editor",
    "unknown": "Not known",
}
ACCEPT = ".md,.markdown,.txt,.text,.html,.htm,.xhtml,.pdf,.docx"


def options(names: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<option value="{escape(v)}">{escape(name)}</option>' for v, name in names)


# `method="dialog"`: should the script not run, the password goes nowhere, not even into an address.
LOGIN_FORM = """
<form id="login" method="dialog">
  <h2 class="title">Log in to edit</h2>
  <p class="hint" id="login-why">Only editors add, correct and withdraw articles.</p>
  <input type="text" name="username" value="editor" autocomplete="username" hidden>
  <label for="password">Password</label>
  <input type="password" id="password" name="password" autocomplete="current-password"
    maxlength="1000" required autofocus>
  <p class="fault" id="login-fault" role="alert"></p>
  <div class="row"><button type="submit" class="main">Log in</button></div>
</form>
"""

DETAILS = f"""
<div class="field wide"><label for="f-title">Title</label>
  <input id="f-title" name="title" maxlength="500"></div>
<div class="field"><label for="f-kind">Kind</label>
  <select id="f-kind" name="kind">{options((k, KIND_NAMES[k]) for k in KINDS)}</select></div>
<div class="field"><label for="f-speaker">Who speaks</label>
  <select id="f-speaker" name="speaker">{options((s, SPEAKER_NAMES[s]) for s in SPEAKERS)}</select>
</div>
<div class="field"><label for="f-author">Author</label>
  <input id="f-author" name="author" maxlength="500" autocomplete="off"></div>
<div class="field"><label for="f-date">Date <span class="hint">2026, 2026-05 or 2026-05-31</span>
  </label>
  <input id="f-date" name="date" maxlength="10" pattern="\\d{{4}}(-\\d{{2}}(-\\d{{2}})?)?"
    title="A year, a month or a day, such as 2026, 2026-05 or 2026-05-31" autocomplete="off"></div>
<div class="field"><label for="f-place">Place <span class="hint">such as UK</span></label>
  <input id="f-place" name="place" maxlength="500" autocomplete="off"></div>
<div class="field"><label for="f-topics">Topics <span class="hint">with commas between</span>
  </label>
  <input id="f-topics" name="topics" maxlength="2000" autocomplete="off"></div>
<div class="field wide"><label for="f-url">Web address of the original</label>
  <input id="f-url" name="url" type="url" pattern="https?://.+" maxlength="500"
    title="An address that begins with http:// or https://" autocomplete="off"></div>
"""

EDITOR = f"""
{JUMP}
<h1 id="heading" tabindex="-1">Add an article</h1>
<p class="lead" id="lead">Choose a file or paste a text. You see what will be indexed before
  anything is published.</p>

<form id="article">
  <section class="card" id="step-text" aria-labelledby="text-heading">
    <h2 id="text-heading">The text</h2>
    <div id="drop">
      <label for="file" class="button">Choose a file</label>
      <input type="file" id="file" class="unseen" accept="{ACCEPT}" aria-describedby="drop-hint">
      <span class="hint" id="drop-hint">or drop it here: text, Markdown, web page, PDF or Word, up
        to 20 MB</span>
      <p id="chosen" hidden><span id="chosen-name"></span>
        <button type="button" id="unchoose" class="plain">Take another</button></p>
    </div>
    <div id="paste">
      <label for="text" id="text-label">Or paste the text</label>
      <textarea id="text" rows="10" spellcheck="false"></textarea>
    </div>
    <p class="fault" id="text-fault" role="alert"></p>
    <div class="row">
      <button type="submit" class="main" id="look">Preview</button>
      <button type="button" class="plain" id="stop" hidden>Stop correcting</button>
      <span class="hint" id="busy-look" role="status"></span>
    </div>
  </section>

  <section id="step-check" aria-labelledby="check-heading" hidden>
    <h2 id="check-heading" tabindex="-1">What will be published</h2>
    <div class="columns">
      <div class="card" id="details" role="group" aria-labelledby="details-heading">
        <h3 id="details-heading">About the article</h3>
        <div class="fields">{DETAILS}</div>
        <p class="hint">What you do not change is taken from the text. Nothing is guessed: leave
          empty what is not known.</p>
      </div>
      <div class="card" id="preview" role="region" aria-label="Preview"></div>
    </div>
    <p class="fault" id="publish-fault" role="alert"></p>
    <div class="row bar">
      <button type="button" class="main" id="publish">Publish</button>
      <span class="hint" id="busy-publish" role="status">Nothing is published until you press
        this.</span>
    </div>
  </section>
</form>

<section class="card" id="result" aria-labelledby="result-heading" hidden>
  <h2 id="result-heading" tabindex="-1"></h2>
  <p id="result-text"></p>
  <p class="fault" id="result-fault" role="alert"></p>
  <div class="row" id="result-actions"></div>
</section>

{READERS}
{LAST}
{VERSIONS}
<section id="published" aria-labelledby="published-heading">
  <div class="split">
    <h2 id="published-heading">Published articles</h2>
    <label class="find"><span>Find</span> <input type="search" id="find" autocomplete="off"></label>
  </div>
  <p class="fault" id="list-fault" role="alert"></p>
  <p class="hint" id="list-count" role="status"></p>
  <ul id="list"></ul>
</section>

<dialog id="ask-withdraw" aria-labelledby="withdraw-heading">
  <h2 id="withdraw-heading">Withdraw this article?</h2>
  <p><q id="withdraw-title"></q> will not be used in answers any more. Its source is kept in the
    folder of withdrawn articles.</p>
  <p class="fault" id="withdraw-fault" role="alert"></p>
  <div class="row">
    <button type="button" class="danger" id="withdraw-yes">Withdraw</button>
    <button type="button" class="plain" id="withdraw-no" autofocus>Keep it</button>
  </div>
</dialog>
<dialog id="log-in-again" aria-label="Log in">{LOGIN_FORM}</dialog>
"""


LOGGING_IN = ("desk.js",)


def login_page() -> str:
    form = LOGIN_FORM.replace("h2", "h1")
    return page(f'<div class="card narrow">{form}</div>', title="Log in", scripts=LOGGING_IN)


def editor_page() -> str:
    return page(
        EDITOR,
        title="Editors' desk",
        scripts=(*LOGGING_IN, "editor.js", "history.js", "readers.js"),
        more='<button id="leave">Log out</button>',
    )


def page(body: str, *, title: str, scripts: Iterable[str], more: str = "") -> str:
    return framed(
        body,
        title=title,
        name="editor",
        styles=["editor.css"],
        scripts=scripts,
        more=more,
    )
