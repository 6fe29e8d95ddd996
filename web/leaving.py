"""Work in a thread that is told to stop as soon as whoever waits for it has left."""

from collections.abc import AsyncGenerator, Iterator
from threading import Event
from typing import TypeVar

from anyio.to_thread import run_sync

Item = TypeVar("Item")


async def while_awaited(items: Iterator[Item], *, left: Event) -> AsyncGenerator[Item]:
    """Yield what an iterator gives; sets `left`, which the iterator looks at, when nobody waits.

    Gradio and Starlette end an iterator only between two of its items. A chat model may be silent
    there for a minute, or write on at somebody's cost.
    """
    try:
        while (item := await run_sync(next, items, None, abandon_on_cancel=True)) is not None:
            yield item
    finally:
        left.set()
