"""Server-Sent Events: how an event is written, and a stream with pings."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Message, Send

from havoc.serving.runs import Run

PING_SECONDS = 15.0
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
DONE = "data: [DONE]\n\n"
PING = b": ping\n\n"  # a comment, which every reader of events passes over


def dump(value: Any) -> str:
    """JSON in one line; a non-finite number is a mistake of ours and raises."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def event(number: int, name: str, data: dict[str, Any]) -> str:
    return f"id: {number}\nevent: {name}\ndata: {dump(data)}\n\n"


def line(data: dict[str, Any]) -> str:
    """An event without a name, as ``/completion`` and OpenAI's endpoints send."""
    return f"data: {dump(data)}\n\n"


async def follow(run: Run, after: int = 0) -> AsyncIterator[str]:
    """The run's events from number ``after`` + 1 on, until it has ended."""
    with run.listener():
        position = after
        while True:
            while position < len(run.events):
                name, data = run.events[position]
                position += 1
                yield event(position, name, data)
            if run.finished:
                return
            await run.changed(position)


class EventStream(StreamingResponse):
    """Events as they come, and a ping after ``PING_SECONDS`` without one.

    Whoever stands between would close a connection that says nothing while a request waits for its
    turn. A piece of content is one whole event or several: a ping may come between any two.
    """

    async def stream_response(self, send: Send) -> None:
        loop = asyncio.get_running_loop()
        said, sending = loop.time(), False

        async def tell(message: Message) -> None:
            nonlocal said, sending
            sending = True
            await send(message)
            said, sending = loop.time(), not message.get("more_body", True)  # no ping after the end

        async def ping() -> None:
            nonlocal said
            while True:
                await asyncio.sleep(max(0.0, said + PING_SECONDS - loop.time()))
                if loop.time() - said >= PING_SECONDS:
                    if not sending:
                        await send({"type": "http.response.body", "body": PING, "more_body": True})
                    said = loop.time()

        pinging = asyncio.create_task(ping())
        try:
            await super().stream_response(tell)
        finally:
            pinging.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):  # OSError: nobody reads
                await pinging


def stream(content: AsyncIterator[str], run_id: str = "") -> StreamingResponse:
    """A stream of events; a run's id goes ahead of them, so that a listener who loses the first can resume."""
    headers = {**HEADERS, **({"X-Run-Id": run_id} if run_id else {})}
    return EventStream(content, media_type="text/event-stream", headers=headers)
