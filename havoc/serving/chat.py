"""The events of one answer: by the reasoning stack, or by the language model alone."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from havoc.errors import InputError
from havoc.serving import telemetry
from havoc.serving.admission import Ticket
from havoc.serving.metrics import Metrics
from havoc.serving.problems import error_of
from havoc.serving.pump import pumped
from havoc.serving.runs import END, Run
from havoc.serving.runtime import Piece, Runtime, TextEngine
from havoc.serving.schemas import Message, Usage
from havoc.serving.state import Event
from havoc.srs.conversation import turns_of
from havoc.srs.pipeline import stages
from havoc.srs.state import Request
from havoc.tools.values import Table


@dataclass(frozen=True)
class Work:
    """What one answer is made with: the place in the queue, the run it belongs to, the figures."""

    ticket: Ticket
    run: Run
    metrics: Metrics


def prompt_of(messages: list[Message]) -> str:
    """The conversation as text for the language model alone."""
    return "".join(f"{m.role}: {m.content}\n" for m in messages) + "assistant:"


def request_of(
    messages: list[Message], tables: Mapping[str, Table] | None = None, detail: str | None = None
) -> Request:
    """What is asked: the last thing the user said, after the requests that it answers a question about.

    A clarifying question is an assistant's message that ends with a question mark and links no
    number; what the user says then completes the request before it. The turns before that are the
    conversation's state: each answer carries its program.
    """
    spoken = [m for m in messages if m.role != "system"]
    if not spoken or spoken[-1].role != "user" or not spoken[-1].content.strip():
        raise InputError("the last message must be the user's, and not empty")
    parts = [spoken[-1].content]
    before = spoken[:-1]
    while len(before) >= 2 and _is_question(before[-1]) and before[-2].role == "user":
        parts.append(before[-2].content)
        before = before[:-2]
    history = turns_of(m.model_dump() for m in before)
    return Request("\n".join(reversed(parts)), tables or {}, None, detail or "", history)


def _is_question(message: Message) -> bool:
    text = message.content.rstrip()
    return message.role == "assistant" and text.endswith("?") and "](#v:" not in text


async def reasoned(runtime: Runtime, request: Request, work: Work) -> AsyncGenerator[Event, None]:
    """Events of an answer by the eight stages."""
    yield "meta", _meta(runtime, work)
    document: dict[str, Any] | None = None
    stack = runtime.stack_for(work.run.stop.is_set)
    try:
        async with (
            work.ticket.slot(),
            contextlib.aclosing(pumped(stages(request, stack))) as steps,
        ):
            async for step in steps:
                if step.stage == "done":
                    document = step.data
                else:
                    _measured(step, work.metrics)
                    yield "stage", _stage(step)
    except Exception as error:
        yield "error", error_of(error)
    finally:
        work.ticket.give_back()
    work.metrics.answers.labels(document["status"] if document else "error").inc()
    if document is None:
        yield END, {"status": "failed"}
        return
    for event in _told(document):
        yield event
    usage = Usage.of(runtime.count(request.text), runtime.count(document["answer"]))
    work.metrics.used(usage.prompt_tokens, usage.completion_tokens)
    yield "usage", usage.model_dump()
    yield END, {"status": document["status"], "finish_reason": "stop", "reasoning": document}


def _meta(runtime: Runtime, work: Work) -> dict[str, Any]:
    return {"run_id": work.run.id, "model": runtime.model, "created": int(work.run.created)}


def _measured(step: Any, metrics: Metrics) -> None:
    if step.status == "finished":
        metrics.stage_seconds.labels(step.stage).observe(step.ms / 1000)
        telemetry.past_span(f"stage {step.stage}", step.ms / 1000, {"havoc.stage": step.stage})


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
    runtime: Runtime, messages: list[Message], options: Mapping[str, Any], work: Work
) -> AsyncGenerator[Event, None]:
    """Events of a continuation by the language model alone; nothing in it is audited."""
    yield "meta", _meta(runtime, work)
    last = Piece("")
    status = "failed"
    engine = runtime.need_engine()
    try:
        pieces = continued(engine, prompt_of(messages), options, work.ticket, work.metrics, "/chat")
        async with contextlib.aclosing(pieces) as told:
            async for last in told:
                if last.text:
                    yield "token", {"t": last.text}
        status = "written"
    except Exception as error:
        yield "error", error_of(error)
    work.metrics.answers.labels(status).inc()
    yield "usage", Usage.of(last.prompt_tokens, last.completion_tokens).model_dump()
    yield END, {"status": status, "finish_reason": last.finish_reason or "stop"}


def continued(
    engine: TextEngine,
    prompt: str,
    options: Mapping[str, Any],
    ticket: Ticket,
    metrics: Metrics,
    route: str,
) -> AsyncGenerator[Piece, None]:
    """Pieces of a continuation; the ticket is given back where it cannot be."""
    try:
        work = engine.stream(prompt, options)
    except BaseException:
        ticket.give_back()
        raise
    return pieces_of(work, ticket, metrics, route)


async def pieces_of(
    work: Iterator[Piece], ticket: Ticket, metrics: Metrics, route: str
) -> AsyncGenerator[Piece, None]:
    """Pieces as they come, measured; the engine's work ends when the caller leaves."""
    began = seen = time.perf_counter()
    first, last = True, Piece("")
    try:
        async with ticket.slot(), contextlib.aclosing(pumped(work)) as pieces:
            async for last in pieces:
                now = time.perf_counter()
                if first:
                    metrics.first_token.labels(route).observe(now - began)
                else:
                    metrics.between_tokens.observe(now - seen)
                first, seen = False, now
                yield last
    finally:
        ticket.give_back()
        metrics.used(last.prompt_tokens, last.completion_tokens)


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
        "model": next((d.get("model", "none") for n, d in events if n == "meta"), "none"),
        "usage": next((d for name, d in events if name == "usage"), Usage().model_dump()),
        "error": next((d for name, d in events if name == "error"), None),
        "finish_reason": end.get("finish_reason", "stop"),
        "reasoning": end.get("reasoning"),
    }
