"""The events of one answer: by the reasoning stack, or by the language model alone."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Any, TypeVar

from starlette.concurrency import iterate_in_threadpool

from havoc.errors import InputError
from havoc.serving.admission import Ticket
from havoc.serving.problems import error_of
from havoc.serving.runs import END, Event
from havoc.serving.runtime import Piece, Runtime, TextEngine
from havoc.serving.schemas import Message, Usage
from havoc.srs.pipeline import stages
from havoc.srs.state import Request

T = TypeVar("T")


@contextlib.asynccontextmanager
async def in_threads(work: Iterator[T]) -> AsyncGenerator[Any, None]:
    """A blocking iterator as an asynchronous one; it is closed when the caller leaves."""
    try:
        yield iterate_in_threadpool(work)
    finally:
        close = getattr(work, "close", None)
        if close is not None:
            close()


def prompt_of(messages: list[Message]) -> str:
    """The conversation as text for the language model alone."""
    return "".join(f"{m.role}: {m.content}\n" for m in messages) + "assistant:"


async def reasoned(
    runtime: Runtime,
    request: Request,
    ticket: Ticket,
    run_id: str,
) -> AsyncGenerator[Event, None]:
    """Events of an answer by the eight stages."""
    yield "meta", {"run_id": run_id, "model": runtime.model, "created": int(time.time())}
    document: dict[str, Any] | None = None
    try:
        async with ticket.slot(), in_threads(stages(request, runtime.need_stack())) as steps:
            async for step in steps:
                if step.stage == "done":
                    document = step.data
                else:
                    yield "stage", _stage(step)
    except Exception as error:
        yield "error", error_of(error)
    finally:
        ticket.give_back()
    if document is None:
        yield END, {"status": "failed"}
        return
    for event in _told(document):
        yield event
    prompt = runtime.count(request.text)
    yield "usage", Usage.of(prompt, runtime.count(document["answer"])).model_dump()
    yield END, {"status": document["status"], "finish_reason": "stop", "reasoning": document}


def question(messages: list[Message]) -> str:
    """The last thing the user said, after the requests that it answers a question about.

    A clarifying question is an assistant's message that ends with a question mark and links no
    number; what the user says then completes the request before it.
    """
    spoken = [m for m in messages if m.role != "system"]
    if not spoken or spoken[-1].role != "user" or not spoken[-1].content.strip():
        raise InputError("the last message must be the user's, and not empty")
    parts = [spoken[-1].content]
    before = spoken[:-1]
    while len(before) >= 2 and _is_question(before[-1]) and before[-2].role == "user":
        parts.append(before[-2].content)
        before = before[:-2]
    return "\n".join(reversed(parts))


def _is_question(message: Message) -> bool:
    text = message.content.rstrip()
    return message.role == "assistant" and text.endswith("?") and "](#v:" not in text


def _stage(step: Any) -> dict[str, Any]:
    told = {"name": step.stage, "status": step.status, "ms": step.ms}
    return {**told, "note": step.data} if step.data else told


def _told(document: dict[str, Any]) -> Iterator[Event]:
    for result in document["results"]:
        yield "result", {"id": result["name"], **result}
    for number, citation in enumerate(document["citations"], 1):
        yield "citation", {"n": number, **citation}
    text = document["answer"] or document.get("question", "")
    for piece in re.findall(r"[^\n]*\n+|[^\n]+", text):
        yield "token", {"t": piece}
    yield "audit", document["audit"]


async def written(
    runtime: Runtime,
    messages: list[Message],
    options: Mapping[str, Any],
    ticket: Ticket,
    run_id: str,
) -> AsyncGenerator[Event, None]:
    """Events of a continuation by the language model alone; nothing in it is audited."""
    yield "meta", {"run_id": run_id, "model": runtime.model, "created": int(time.time())}
    last = Piece("")
    status = "failed"
    try:
        async with ticket.slot():
            work = runtime.need_engine().stream(prompt_of(messages), options)
            async with in_threads(work) as pieces:
                async for last in pieces:
                    if last.text:
                        yield "token", {"t": last.text}
        status = "written"
    except Exception as error:
        yield "error", error_of(error)
    finally:
        ticket.give_back()
    yield "usage", Usage.of(last.prompt_tokens, last.completion_tokens).model_dump()
    yield END, {"status": status, "finish_reason": last.finish_reason or "stop"}


async def continued(
    engine: TextEngine, prompt: str, options: Mapping[str, Any], ticket: Ticket
) -> AsyncGenerator[Piece, None]:
    """Pieces of a continuation; the engine's work ends when the caller leaves."""
    try:
        async with ticket.slot(), in_threads(engine.stream(prompt, options)) as pieces:
            async for piece in pieces:
                yield piece
    finally:
        ticket.give_back()


async def collected(work: AsyncGenerator[Piece, None]) -> tuple[str, Piece]:
    """The whole text, and the last piece with reason and counts."""
    text, last = "", Piece("")
    async with contextlib.aclosing(work) as pieces:
        async for last in pieces:
            text += last.text
    return text, last


def assembled(events: list[Event]) -> dict[str, Any]:
    """The whole answer from its events: text, usage, the ``ask --json`` object, or an error."""
    end = events[-1][1] if events else {}
    return {
        "text": "".join(data["t"] for name, data in events if name == "token"),
        "usage": next((d for name, d in events if name == "usage"), Usage().model_dump()),
        "error": next((d for name, d in events if name == "error"), None),
        "finish_reason": end.get("finish_reason", "stop"),
        "reasoning": end.get("reasoning"),
    }
