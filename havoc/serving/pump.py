"""A blocking iterator as an asynchronous one, on a thread of its own.

One thread a stream, not one hop through a pool an item: text comes piece by piece, hundreds a
second, and a pool would be full of streams that wait. When the caller leaves, the iterator is
closed at its next item, in its own thread, and only then is the caller let go: whoever holds a slot
for the work holds it until the work has really ended.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncGenerator, Iterator
from typing import TypeVar

T = TypeVar("T")


async def pumped(work: Iterator[T]) -> AsyncGenerator[T, None]:
    """The items of ``work``, and whatever it raises."""
    loop = asyncio.get_running_loop()
    items: asyncio.Queue[tuple[T] | None] = asyncio.Queue()
    ended: asyncio.Future[BaseException | None] = loop.create_future()
    left = threading.Event()

    def tell(error: BaseException | None) -> None:
        if not ended.done():
            ended.set_result(error)
        items.put_nowait(None)

    def pump() -> None:
        error: BaseException | None = None
        try:
            for item in work:
                if left.is_set():
                    break
                loop.call_soon_threadsafe(items.put_nowait, (item,))
        except BaseException as raised:
            error = raised
        try:
            close = getattr(work, "close", None)
            if close is not None:
                close()
        except BaseException as raised:
            error = error or raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, error)

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(pump,), daemon=True, name="stream").start()
    try:
        while (item := await items.get()) is not None:
            yield item[0]
    finally:
        left.set()
        await _until(ended)
    error = ended.result()
    if error is not None:
        raise error


async def _until(ended: asyncio.Future[BaseException | None]) -> None:
    """Wait even where the caller is being cancelled; the cancellation goes on afterwards."""
    cancelled: asyncio.CancelledError | None = None
    while not ended.done():
        try:
            await asyncio.shield(ended)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
