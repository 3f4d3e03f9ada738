"""Server-Sent Events: how an event is written, and a stream with pings."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.responses import StreamingResponse

from havoc.serving.runs import Run

PING_SECONDS = 15.0
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
DONE = "data: [DONE]\n\n"


def dump(value: Any) -> str:
    """JSON in one line; a non-finite number is a mistake of ours and raises."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def event(number: int, name: str, data: dict[str, Any]) -> str:
    return f"id: {number}\nevent: {name}\ndata: {dump(data)}\n\n"


def line(data: dict[str, Any]) -> str:
    """An event without a name, as ``/completion`` and OpenAI's endpoints send."""
    return f"data: {dump(data)}\n\n"


async def follow(run: Run, after: int = 0, ping: float = PING_SECONDS) -> AsyncIterator[str]:
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
            try:
                await asyncio.wait_for(run.changed(position), ping)
            except TimeoutError:
                yield ": ping\n\n"


def stream(content: AsyncIterator[str], run_id: str = "") -> StreamingResponse:
    """A stream of events; a run's id goes ahead of them, so that a listener who loses the first can resume."""
    headers = {**HEADERS, **({"X-Run-Id": run_id} if run_id else {})}
    return StreamingResponse(content, media_type="text/event-stream", headers=headers)
