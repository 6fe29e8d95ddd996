"""What the page looks like: its fixed markup and Gradio's theme, beside `static/pincite.css`."""

from html import escape

import gradio as gr
from gradio.themes.utils import colors, fonts

from pincite.answering.chat.models import THIS_MACHINE

PRIVATE = "Nothing you type leaves this computer. Nothing is stored unless you keep it here."
PRIVATE_UNTIL_SENT = (
    "Nothing you type leaves this computer. Nothing is stored unless you keep it here or send it "
    "to the editors."
)
SENT = (
    "Your questions, the dialogue and the articles' passages are sent to {receiver}, which writes "
    "the answers."
)
STORED_NOWHERE = "Nothing is stored on this computer unless you keep it here."
STORED_UNTIL_SENT = (
    "Nothing is stored on this computer unless you keep it here or send it to the editors."
)

IN_QUOTES = "Career questions, answered in the exact words of the library's articles."
IN_CLAIMS = "Career questions, answered from the library's articles, with the words that say so."
HEADER = """
<header class="masthead">
  <h1><img src="/pincite/favicon.svg" alt="" width="26" height="26">Pincite</h1>
  <p class="promise">{promise}</p>
  <nav aria-label="Pages"><a href="/library">Library</a></nav>
  <p class="privacy">{privacy}</p>
</header>
"""
NEW_CONVERSATION = """
<button type="button" id="new-conversation">New conversation</button>
"""
READER = """
<aside id="reader" aria-label="Source" hidden>
  <div class="bar">
    <p id="reader-title"></p>
    <div id="reader-steps" role="group" aria-label="Citations of this answer" hidden>
      <button type="button" id="reader-previous" aria-label="Previous citation">‹</button>
      <span id="reader-step"></span>
      <button type="button" id="reader-next" aria-label="Next citation">›</button>
    </div>
    <button type="button" id="reader-close">Close</button>
  </div>
  <div id="reader-body" tabindex="0" role="region" aria-label="Article"></div>
</aside>
<div id="reader-empty">
  <p>Every sentence of an answer has a number such as <span>[1]</span>: it opens the article at
  the very words.</p>
</div>
<p id="reader-status" role="status" aria-live="polite"></p>
"""
STYLES = ("pincite", "source", "export", "suggest", "access")
SCRIPTS = ("reader", "cards", "dialogue", "earlier", "gradio-fixes", "correct", "suggest", "export")
FEEDBACK, LAST = "feedback", "drawn"
CSS = "footer { display: none !important }"

SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")
INK = colors.Color(
    name="ink",
    c50="#eef2f8",
    c100="#e0e8f2",
    c200="#c4d2e6",
    c300="#a0b6d4",
    c400="#6f8cb5",
    c500="#416292",
    c600="#2f4e7c",
    c700="#1f3a5f",
    c800="#182e4c",
    c900="#12233a",
    c950="#0c1828",
)
THEME = gr.themes.Base(
    primary_hue=INK,
    secondary_hue=INK,
    neutral_hue=colors.slate,
    font=[fonts.Font(name) for name in SANS],
    font_mono=[fonts.Font(name) for name in MONO],
)


def header(receiver: str | None, *, takes_feedback: bool) -> str:
    """Say what this is and, where a chat model writes the answers, who receives what for it."""
    promise = IN_CLAIMS if receiver else IN_QUOTES
    if receiver and receiver != THIS_MACHINE:
        stored = STORED_UNTIL_SENT if takes_feedback else STORED_NOWHERE
        privacy = f"{SENT.format(receiver=escape(receiver))} {stored}"
    else:
        privacy = PRIVATE_UNTIL_SENT if takes_feedback else PRIVATE
    return HEADER.format(promise=promise, privacy=privacy)


def head(*, takes_feedback: bool) -> str:
    """Return what the page's head loads; the last script tells the others what Gradio draws."""
    scripts = (*SCRIPTS, *([FEEDBACK] if takes_feedback else []), LAST)
    return "\n".join(
        [
            '<meta name="referrer" content="no-referrer">',
            *(f'<link rel="stylesheet" href="/pincite/{name}.css">' for name in STYLES),
            *(f'<script src="/pincite/{name}.js" defer></script>' for name in scripts),
        ]
    )
