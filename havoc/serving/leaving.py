"""Work that ends when the client goes away before it has its answer."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

T = TypeVar("T")


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


@contextlib.asynccontextmanager
async def watched(request: Request) -> AsyncIterator[threading.Event]:
    """An event that is set when the client goes away; the body must have been read."""
    gone = threading.Event()

    async def listen() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone.set()

    listening = asyncio.create_task(listen())
    try:
        yield gone
    finally:
        listening.cancel()


async def unless_gone(request: Request, work: Callable[[Callable[[], bool]], T]) -> T:
    """The result of ``work`` in a thread; it is told by its argument that it may give up."""
    async with watched(request) as gone:
        return await run_in_threadpool(work, gone.is_set)


async def while_here(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of ``work``, which is cancelled when the client goes away.

    Raises
    ------
    ClientGone
        Then.
    """

    async def listen() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    working, listening = asyncio.ensure_future(work), asyncio.create_task(listen())
    try:
        await asyncio.wait({working, listening}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientGone
    finally:
        listening.cancel()
        working.cancel()
        with contextlib.suppress(BaseException):
            await working
