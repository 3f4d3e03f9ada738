"""The events of one answer: by the reasoning stack, or by the language model alone."""

from __future__ import annotations

import contextlib
import logging
import re
import time
from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Any, TypeVar

from starlette.concurrency import iterate_in_threadpool

from havoc.errors import InputError, NeedsClarification
from havoc.serving.admission import Ticket
from havoc.serving.runs import END, Event
from havoc.serving.runtime import Piece, Runtime, TextEngine
from havoc.serving.schemas import Message, Usage
from havoc.srs.pipeline import stages
from havoc.srs.state import Request
from havoc.tools.values import Table

T = TypeVar("T")
log = logging.getLogger("havoc.serving")
_STREAMED = ("answer", "results", "audit", "citations")


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


def error_of(error: Exception) -> dict[str, Any]:
    """The ``error`` object for what a person caused; anything else is logged, not shown."""
    if isinstance(error, NeedsClarification):
        return {"code": "needs_clarification", "message": str(error), "retryable": False}
    if isinstance(error, InputError):
        return {"code": "bad_input", "message": str(error), "retryable": False}
    log.error("internal failure", exc_info=error)
    return {"code": "internal", "message": "an internal failure; it is logged", "retryable": True}


async def reasoned(
    runtime: Runtime,
    messages: list[Message],
    tables: Mapping[str, Table],
    ticket: Ticket,
    run_id: str,
) -> AsyncGenerator[Event, None]:
    """Events of an answer by the eight stages."""
    yield "meta", {"run_id": run_id, "model": runtime.model, "created": int(time.time())}
    document: dict[str, Any] | None = None
    try:
        async with ticket.slot():
            request = Request(question(messages), tables=tables)
            async with in_threads(stages(request, runtime.need_stack())) as steps:
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
    prompt = sum(runtime.count(m.content) for m in messages)
    yield "usage", Usage.of(prompt, runtime.count(document["answer"])).model_dump()
    yield END, {k: v for k, v in document.items() if k not in _STREAMED}


def question(messages: list[Message]) -> str:
    """The last thing the user said."""
    said = [m.content for m in messages if m.role == "user"]
    if not said or not said[-1].strip():
        raise InputError("the last user message is empty")
    return said[-1]


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
    text = "".join(data["t"] for name, data in events if name == "token")
    usage = next((data for name, data in events if name == "usage"), Usage().model_dump())
    error = next((data for name, data in events if name == "error"), None)
    end = dict(events[-1][1]) if events else {}
    reasoning = None
    if "program" in end:
        asking = end["status"] == "needs_clarification"
        reasoning = {
            "status": end.pop("status"),
            "answer": "" if asking else text,
            "results": [_without(d, "id") for name, d in events if name == "result"],
            "audit": next(data for name, data in events if name == "audit"),
            "citations": [_without(d, "n") for name, d in events if name == "citation"],
            **end,
        }
    finish = end.get("finish_reason", "stop")
    return {
        "text": text,
        "usage": usage,
        "error": error,
        "finish_reason": finish,
        "reasoning": reasoning,
    }


def _without(data: dict[str, Any], key: str) -> dict[str, Any]:
    return {k: v for k, v in data.items() if k != key}
