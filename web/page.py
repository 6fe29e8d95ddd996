"""The page, built of Gradio's own parts: chat on the left, the source's reader on the right."""

import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import replace
from threading import Event
from typing import Any

import gradio as gr
from gradio.events import api

from pincite.answering import Assistant, answer_as_json
from pincite.answering.chat.writer import never
from pincite.errors import PinciteError
from pincite.model import MAX_QUESTION, Answer
from web.dialogue import asked_on_page, checked_request, without_instead
from web.feedback import feedback_html
from web.keeping import KeptDialogue, keep_switch
from web.leaving import while_awaited
from web.look import NEW_CONVERSATION, READER, header
from web.middleware import CRASHED, log_place
from web.recent import MOST, new_turn, turn_html
from web.render import answer_html, fault_html, waiting_html

PAUSE = 0.08
"""Seconds between two statements: each is announced on its own, and there is time to stop."""

QUEUE_LIMIT = 32
AT_ONCE = 4
"""Gradio's default of one would let two associates wait for each other."""


def build_page(
    assistant: Assistant, *, takes_feedback: bool = False, contact: str | None = None
) -> gr.Blocks:
    """Lay out the page; it is served by `server.create_app`, never launched on its own."""
    receiver = assistant.chat.receiver if assistant.chat else None
    page = gr.Blocks(title="Pincite", analytics_enabled=False, fill_height=True)
    with page:
        own_html(header(receiver, takes_feedback=takes_feedback))
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="chat", scale=5, min_width=320):
                with gr.Row(elem_id="talk"):
                    own_html(NEW_CONVERSATION)
                    switch = keep_switch(MOST)
                talk = chat(assistant, takes_feedback=takes_feedback, contact=contact)
                talk.switched_by(page, switch)
            with gr.Column(elem_id="source", scale=4, min_width=320):
                own_html(READER)
        add_api(assistant)
    page.queue(default_concurrency_limit=AT_ONCE, max_size=QUEUE_LIMIT)
    return page


def own_html(html: str) -> None:
    """Place markup of our own; `gr.HTML` compiles its value, which the content policy forbids."""
    gr.Markdown(" ".join(html.split()), sanitize_html=False, latex_delimiters=[])


def chat(assistant: Assistant, *, takes_feedback: bool, contact: str | None) -> KeptDialogue:
    async def reply(question: str, history: list[dict[str, Any]]) -> AsyncGenerator[str]:
        left = Event()
        shown = replies(
            assistant,
            question,
            history,
            takes_feedback=takes_feedback,
            contact=contact,
            stop=left.is_set,
        )
        turn = new_turn()
        async with aclosing(while_awaited(shown, left=left)) as awaited:
            async for html in awaited:
                yield turn_html(html, turn=turn)

    return KeptDialogue(
        reply,
        chatbot=chatbot(),
        textbox=textbox(),
        editable=True,
        flagging_mode="never",
        analytics_enabled=False,
        save_history=False,
        api_visibility="private",
        validator=is_question,
    )


def chatbot() -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="dialogue",
        label="Questions and answers",
        show_label=False,
        container=False,
        scale=1,
        height=None,
        layout="panel",
        # Our own "Copy" hands out words and sources; Gradio's would copy the HTML, and its
        # default set holds a button that posts to a public site.
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        allow_tags=False,
        sanitize_html=True,
        allow_file_downloads=False,
        # The page's script brings a new question to the top; following the end of the answer
        # would pull the words away from whoever reads them.
        autoscroll=False,
        placeholder="Ask your own question, or begin with one of the library's.",
    )


def textbox() -> gr.Textbox:
    return gr.Textbox(
        elem_id="question",
        placeholder="Ask about your career at the firm",
        show_label=False,
        label="Your question",
        container=False,
        autofocus=True,
        submit_btn="Ask",
        stop_btn="Stop",
        max_length=MAX_QUESTION,
        lines=1,
        max_lines=6,
    )


def is_question(question: str) -> Any:  # noqa: ANN401 -- Gradio types nothing here
    """Keep an empty line out of the dialogue; everything else is the assistant's to judge."""
    return gr.validate(bool(without_instead(question).strip()), "Type a question first.")


def replies(
    assistant: Assistant,
    question: str,
    history: Sequence[Mapping[str, Any]],
    *,
    takes_feedback: bool = False,
    contact: str | None = None,
    stop: Callable[[], bool] = never,
) -> Iterator[str]:
    """Yield the answer as it grows, one checked statement at a time."""
    if assistant.chat:
        yield waiting_html()
    try:
        with told_plainly():
            asked = asked_on_page(question, history)
            answers = assistant.answers(
                asked.question, history=asked.turns, as_typed=asked.as_typed, stop=stop
            )
            for answer in growing(answers):
                # A greeting is no gap, and distress no note.
                wanted = takes_feedback and answer.is_complete and answer.reply is None
                feedback = feedback_html(answer, asked.turns) if wanted else ""
                yield answer_html(answer, feedback=feedback, contact=contact)
    except gr.Error as error:
        yield fault_html(error.message)


def growing(answers: Iterator[Answer]) -> Iterator[Answer]:
    """Yield answers as they come, and what came at once a statement at a time."""
    shown = 0
    for answer in answers:
        for number in range(shown + 1, len(answer.statements)):
            yield replace(answer, statements=answer.statements[:number], is_complete=False)
            time.sleep(PAUSE)
        shown = len(answer.statements)
        yield answer


def add_api(assistant: Assistant) -> None:
    def ask(question: str, history: list[dict[str, str]]) -> dict[str, Any]:
        """Answer one question as `POST /api/ask` does; history is a list of {role, text}."""
        with told_plainly():
            request = checked_request(question, history)
            return answer_as_json(assistant.ask(request.question, history=request.turns))

    api(ask, api_name="ask")


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn any failure into Gradio's own, which is shown as it is and printed nowhere."""
    try:
        yield
    except PinciteError as error:
        raise gr.Error(str(error), print_exception=False) from None
    except Exception as error:  # noqa: BLE001 -- Gradio would print the text, which may be a question
        log_place(error)
        raise gr.Error(CRASHED, print_exception=False) from None
