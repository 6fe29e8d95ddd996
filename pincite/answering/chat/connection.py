"""A chat model at work: text as it comes in, cut off when it stalls. Only here LangChain is met.

Imports of LangChain and its clients take seconds and stand in functions: who sets no chat model
does not wait for them.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import aclosing
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final, cast

from pincite.answering.chat.faults import fault_of
from pincite.answering.chat.modes import MODES, Told
from pincite.answering.chat.prompt import Message
from pincite.errors import ChatModelRefusedError, ChatModelTimeoutError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

    from pincite.answering.chat.modes import Asked

Stop = Callable[[], bool]
"""Whether whoever asked has gone; looked at several times a second."""

POLL: Final = 0.1
"""Seconds between two looks at whether to stop."""
CLOSING: Final = 5
"""Seconds that hanging up may take."""
WHOLE_ANSWER: Final = 3
"""How many times the longest silence an answer may take in all."""

TALKATIVE: Final = ("openai", "anthropic", "ollama", "httpx", "httpx2", "httpcore", "httpcore2")
"""Loggers that write whole requests, question and all, where somebody turns debugging on."""


class ChatConnection:
    """Streams a model's text; safe to share between threads.

    Everything of the model runs in one event loop in a thread of its own, because only there a
    request can be dropped in the middle of a silence.
    """

    def __init__(
        self,
        opened: "Callable[[Stop], BaseChatModel]",
        *,
        name: str,
        timeout: float,
        told: Told,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = name
        """As it may be shown to anybody: without a key, an address or a folder."""
        self._opened = opened
        self._timeout = timeout
        self._on_close = on_close
        self._told = told
        self._mode = 0
        """Index of the strictest of the `MODES` that the server has not refused."""
        self._running: tuple[asyncio.AbstractEventLoop, Thread] | None = None
        self._lock = Lock()

    def stream(
        self, messages: Sequence[Message], *, schema: dict[str, Any] | None, stop: Stop
    ) -> Iterator[str]:
        """Yield the text as it comes in; end early when `stop` says so.

        A server that refuses the schema is asked again without, and from then on always.

        Raises:
            ChatModelError: no answer, or none to its end.
        """
        while True:
            mode = self._mode if schema else len(MODES) - 1
            try:
                yield from self._streamed(messages, MODES[mode], schema, stop)
            except ChatModelRefusedError:
                if mode == len(MODES) - 1:
                    raise
                self._mode = max(self._mode, mode + 1)
            except ChatModelTimeoutError:
                if stop():
                    return
                raise
            else:
                return

    def close(self) -> None:
        """End the thread; another question starts a new one."""
        with self._lock:
            running, self._running = self._running, None
        if running is not None:
            loop, thread = running
            loop.call_soon_threadsafe(loop.stop)
            thread.join(timeout=CLOSING)
        self._on_close()

    def _streamed(
        self,
        messages: Sequence[Message],
        mode: str,
        schema: dict[str, Any] | None,
        stop: Stop,
    ) -> Iterator[str]:
        model = self._opened(stop)
        asked = self._told(model, mode, schema) if schema and mode != MODES[-1] else model
        inbox: SimpleQueue[str | None] = SimpleQueue()
        task = asyncio.run_coroutine_threadsafe(
            self._pump(asked, [(m.role, m.text) for m in messages], inbox), self._running_loop()
        )
        task.add_done_callback(lambda _: inbox.put(None))
        try:
            yield from _until(stop, inbox)
        finally:
            task.cancel()
        self._raise_for(task)

    async def _pump(
        self, asked: "Asked", messages: list[tuple[str, str]], inbox: SimpleQueue[str | None]
    ) -> None:
        from langsmith import tracing_context

        task = asyncio.current_task()
        deadline = time.monotonic() + WHOLE_ANSWER * self._timeout
        # The context goes before LANGSMITH_TRACING, which would send question and sources away.
        with tracing_context(enabled=False, parent=False):
            stream = cast("AsyncGenerator[AIMessageChunk]", asked.astream(messages))
            async with aclosing(stream):
                # A cancellation that arrives together with a piece is lost in asyncio.wait_for,
                # which LangChain uses; it is still counted.
                while not (task and task.cancelling()):
                    async with asyncio.timeout(min(self._timeout, deadline - time.monotonic())):
                        piece = await anext(stream, None)
                    if piece is None:
                        return
                    inbox.put(str(piece.text))

    def _raise_for(self, task: "Future[None]") -> None:
        try:
            error = task.exception(timeout=0)
        except (CancelledError, TimeoutError):
            return
        if isinstance(error, TimeoutError):
            raise ChatModelTimeoutError(self.name)
        if error is not None:
            raise fault_of(error, self.name)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._running is None:
                loop = asyncio.new_event_loop()
                thread = Thread(target=_run, args=(loop,), name="chat model", daemon=True)
                thread.start()
                self._running = loop, thread
            return self._running[0]


def _run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
        loop.run_until_complete(_end_tasks())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()


async def _end_tasks() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def _until(stop: Stop, inbox: SimpleQueue[str | None]) -> Iterator[str]:
    while not stop():
        try:
            piece = inbox.get(timeout=POLL)
        except Empty:
            continue
        if piece is None:
            return
        yield piece


def silence() -> None:
    """Keep questions out of the logs of the packages in between, also where debugging is on."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
