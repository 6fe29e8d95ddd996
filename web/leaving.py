"""Work in a thread that is told to stop as soon as whoever waits for it has left."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from threading import Event
from typing import TypeVar

from anyio.to_thread import run_sync
from starlette.requests import Request

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


async def while_connected(request: Request, work: Callable[[], Item], *, left: Event) -> Item:
    """Do a piece of work in a thread; sets `left`, which it looks at, when the client hangs up.

    The request's body must have been read: what follows it can only be that the client has left.
    """
    watching = asyncio.create_task(_note_leaving(request, left))
    try:
        return await run_sync(work, abandon_on_cancel=True)
    except asyncio.CancelledError:
        left.set()
        raise
    finally:
        watching.cancel()


async def _note_leaving(request: Request, left: Event) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    left.set()
