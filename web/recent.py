"""A dialogue's newest turns: all that Gradio is given to hold, to send and to draw.

Gradio sends the whole dialogue with each question, several times in both directions, and draws it
anew: an answer took the longer, the more had been said before. So it holds the newest turns only.
What it lets go of stays on the page, where `static/earlier.js` keeps it.
"""

from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import Any, Final, TypeVar

import gradio as gr

from pincite.answering.standalone import LOOKS_BACK

KEPT: Final = LOOKS_BACK
"""Questions that stay when older ones go: as many as a follow-up may find its subject in."""

MOST: Final = KEPT + 4
"""Questions held at most; several go at once, as all that is left is then drawn anew."""

Said = TypeVar("Said", bound=Mapping[str, Any])


class Dialogue(gr.ChatInterface):
    """Gradio's chat, which lets go of its oldest turns when a question is asked."""

    def _append_message_to_history(
        self,
        message: Any,  # noqa: ANN401 -- whatever Gradio takes
        history: Any,  # noqa: ANN401 -- Gradio's messages
        role: Any = "user",  # noqa: ANN401 -- "user" or "assistant"
    ) -> Any:  # noqa: ANN401 -- Gradio's messages
        """Let go before the question is added, for the page and for the function that answers."""
        kept = newest(history) if role == "user" else history
        return super()._append_message_to_history(message, kept, role)


def newest(history: Sequence[Said]) -> list[Said]:
    """Return the newest turns of a dialogue that is about to grow; each begins with a question."""
    asked = [at for at, message in enumerate(history) if message["role"] == "user"]
    return list(history[asked[-KEPT] if len(asked) >= MOST else 0 :])


def new_turn() -> str:
    """Return a name that no other turn of a dialogue has; it says nothing about the turn."""
    return f"turn-{token_hex(6)}"


def turn_html(answer: str, *, turn: str) -> str:
    """Wrap an answer, so that the page's script knows which turns Gradio still holds."""
    return f'<div class="turn" id="{turn}">{answer}</div>'
