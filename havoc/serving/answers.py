"""Routes that answer: a continuation, a chat, a program, and the runs one may come back to."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from havoc.errors import InputError
from havoc.serving import chat, sse
from havoc.serving.problems import error_of
from havoc.serving.rerun import table_of, without_rows
from havoc.serving.schemas import (
    ChatRequest,
    ChatResponse,
    CompletionRequest,
    CompletionResponse,
    Message,
    RunRequest,
    RunResponse,
    Usage,
)
from havoc.serving.services import Services
from havoc.srs.state import Request as Asked
from havoc.tools.table_io import read_table_bytes
from havoc.tools.values import Table


def add_answers(app: FastAPI, services: Services) -> None:
    runtime, admission = services.runtime, services.admission

    @app.post("/completion", response_model=CompletionResponse)
    async def completion(body: CompletionRequest) -> Any:
        """Continue a text. The text is the language model's own; nothing in it is audited."""
        engine = runtime.need_engine()
        ticket = admission.ticket()
        work = chat.continued(engine, body.prompt, body.options(), ticket)
        if body.stream:
            return sse.stream(_lines(work))
        text, last = await chat.collected(work)
        return CompletionResponse(
            text=text,
            model=runtime.model,
            usage=Usage.of(last.prompt_tokens, last.completion_tokens),
            finish_reason=last.finish_reason or "stop",
        )

    @app.post("/chat", response_model=ChatResponse)
    async def converse(body: ChatRequest) -> Any:
        """Answer with executed and audited numbers; ``reasoning: false`` lets the model talk."""
        tables = await run_in_threadpool(_tables, body)
        run = services.runs.start(_producer(services, body, tables))
        if body.stream:
            return sse.stream(sse.follow(run))
        with run.listener():
            await run.ended()
        found = chat.assembled(run.events)
        if found["error"] is not None:
            status = 400 if found["error"]["code"] == "bad_input" else 500
            return JSONResponse({"error": found["error"]}, status)
        return ChatResponse(
            message=Message(role="assistant", content=found["text"]),
            model=runtime.model,
            usage=found["usage"],
            finish_reason=found["finish_reason"],
            reasoning=found["reasoning"],
        )

    @app.post("/run", response_model=RunResponse)
    async def run_program(body: RunRequest) -> Any:
        """Run a DSL program in a bounded worker."""
        tables = await run_in_threadpool(_tables, body)
        program, tables = await run_in_threadpool(without_rows, body.program, tables, body.exclude)
        async with admission.slot():
            execution = await run_in_threadpool(runtime.run, program, tables)
        return {**execution.to_json(), "excluded": body.exclude}


def _producer(services: Services, body: ChatRequest, tables: dict[str, Table]) -> Any:
    """The events of a chat; refused here, before a run exists, where it cannot be served."""
    runtime = services.runtime
    if body.reasoning:
        runtime.need_stack()
        request = Asked(chat.question(body.messages), tables, detail=body.detail or "")
        ticket = services.admission.ticket()
        return lambda run_id: chat.reasoned(runtime, request, ticket, run_id)
    runtime.need_engine()
    ticket = services.admission.ticket()
    options = body.options()
    return lambda run_id: chat.written(runtime, body.messages, options, ticket, run_id)


async def _lines(work: Any) -> AsyncIterator[str]:
    async with contextlib.aclosing(work) as pieces:
        try:
            async for piece in pieces:
                if piece.text:
                    yield sse.line({"text": piece.text})
        except Exception as error:
            yield sse.line({"error": error_of(error)})
    yield sse.DONE


def _tables(body: ChatRequest | RunRequest) -> dict[str, Table]:
    """Attached files and typed-in tables by name."""
    names = [a.name for a in body.attachments] + [t.name for t in body.tables]
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice is not None:
        raise InputError(f"two tables are called '{twice}'")
    files = {a.name: read_table_bytes(a.data(), a.name) for a in body.attachments}
    return files | {t.name: table_of(t) for t in body.tables}


def add_runs(app: FastAPI, services: Services) -> None:
    @app.get("/runs/{run_id}/events")
    async def events(
        request: Request, run_id: str, after: Annotated[int | None, Query(ge=0)] = None
    ) -> Response:
        """The events of a chat from number ``after`` + 1 on (or after ``Last-Event-ID``)."""
        run = services.runs.get(run_id)
        seen = request.headers.get("last-event-id", "")
        known = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
        return sse.stream(sse.follow(run, known if after is None else after))

    @app.post("/runs/{run_id}/cancel")
    async def cancel(run_id: str) -> dict[str, Any]:
        """Stop a chat; what is already there stays readable."""
        run = services.runs.get(run_id)
        run.cancel()
        return {"run_id": run_id, "events": len(run.events)}
