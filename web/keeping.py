"""Keep on this computer: nothing until somebody says so, and then in this browser and nowhere else.

Gradio scrambles what a browser keeps with a key that it hands to every visitor. That hides nothing,
so the page says plainly who can read it.
"""

from typing import Any, Final

import gradio as gr

from web.recent import Dialogue

STORAGE: Final = "pincite-conversation"
"""Name in the browser's local storage."""
KEY: Final = "no secret"
"""A key of its own at each start would make what was kept unreadable after the next one."""

LABEL: Final = "Keep on this computer"
MEANING: Final = "The newest {most} questions, in this browser, for whoever uses it."

Messages = list[dict[str, Any]]
Kept = list[Messages]
"""One dialogue, perhaps an empty one, where one is to be kept, else none: as Gradio holds it."""


class KeptDialogue(Dialogue):
    """Gradio's chat with a switch in place of its own list of saved conversations.

    The switch is told by what is kept, so that each turn's end can see to it without asking.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Gradio's own
        super().__init__(*args, **kwargs)
        self.saved_conversations.storage_key = STORAGE
        self.saved_conversations.secret = KEY

    def _save_conversation(  # type: ignore[override]  # Gradio types its messages
        self, index: int | None, conversation: Messages, saved_conversations: Kept
    ) -> tuple[int | None, Kept]:
        """Keep what is said by now, after every turn."""
        return index, kept_if(bool(saved_conversations), conversation)

    def _delete_conversation(  # type: ignore[override]  # Gradio types its messages
        self, index: int | None, saved_conversations: Kept
    ) -> tuple[int | None, Kept]:
        """Begin anew; the switch stays as it is."""
        return index, kept_if(bool(saved_conversations), [])

    def switched_by(self, page: gr.Blocks, switch: gr.Checkbox) -> None:
        """Bring back what was kept, and keep or drop it from then on as the switch says."""
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        # In Gradio's queue, or the page is not told that the dialogue has changed.
        page.load(brought_back, [self.saved_conversations], [switch, self.chatbot_value], **private)
        switch.input(kept_if, [switch, self.chatbot_state], [self.saved_conversations], **private)


def keep_switch(most: int) -> gr.Checkbox:
    """Make the switch, which is off; `most` is how many questions are kept."""
    return gr.Checkbox(
        value=False, label=LABEL, info=MEANING.format(most=most), container=False, elem_id="keep"
    )


def kept_if(wanted: bool, messages: Messages) -> Kept:  # noqa: FBT001 -- Gradio's call
    """Return what the browser is to keep: nothing where nobody asked for it."""
    return [messages] if wanted else []


def brought_back(kept: Kept) -> Any:  # noqa: ANN401 -- Gradio types nothing here
    """Return the switch and the dialogue as they were left; as they are where nothing was kept."""
    return (True, kept[0]) if kept else (gr.skip(), gr.skip())
