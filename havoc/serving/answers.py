"""Routes that answer: a continuation, a chat, a program, and the runs one may come back to."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response, StreamingResponse

from havoc.errors import InputError
from havoc.serving import chat, sse
from havoc.serving.leaving import ClientGone, unless_gone, while_here
from havoc.serving.problems import error_of
from havoc.serving.reading import tables_of
from havoc.serving.rerun import without_rows
from havoc.serving.runs import Produce, Run
from havoc.serving.schemas import (
    STREAMS,
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
from havoc.tools.values import Table


def add_answers(app: FastAPI, services: Services) -> None:
    """Add /completion, /chat and /run."""

    @app.post("/completion", response_model=CompletionResponse, responses=STREAMS)
    async def completion(request: Request, body: CompletionRequest) -> Any:
        """Continue a text. The text is the language model's own; nothing in it is audited."""
        runtime = services.runtime
        engine, ticket = runtime.need_engine(), services.text.ticket()
        work = chat.continued(
            engine, body.prompt, body.options(), ticket, services.metrics, "/completion"
        )
        if body.stream:
            return sse.stream(_lines(work))
        text, last = await while_here(request, chat.collected(work))
        return CompletionResponse(
            text=text,
            model=runtime.model,
            usage=Usage.of(last.prompt_tokens, last.completion_tokens),
            finish_reason=last.finish_reason or "stop",
        )

    @app.post("/chat", response_model=ChatResponse, responses=STREAMS)
    async def converse(request: Request, body: ChatRequest) -> Any:
        """Answer with executed and audited numbers; ``reasoning: false`` lets the model talk."""
        chat.request_of(body.messages)  # before anything is read
        tables = await unless_gone(request, partial(tables_of, body))
        run = services.runs.start(_producer(services, body, tables), owner_of(request))
        request.state.noted = {"run": run.id, "model": services.runtime.model}
        if body.stream:
            return sse.stream(sse.follow(run), run.id)
        try:
            with run.listener():
                await while_here(request, run.ended())
        except ClientGone:
            run.cancel()  # it never had the run's id, so it cannot come back
            raise
        return _whole(run)

    @app.post("/run", response_model=RunResponse)
    async def run_program(request: Request, body: RunRequest) -> Any:
        """Run a DSL program in a bounded worker."""

        def work(stop: Callable[[], bool]) -> dict[str, Any]:
            program, tables = without_rows(body.program, tables_of(body, stop), body.exclude)
            return services.runtime.run(program, tables, stop).to_json()

        async with services.admission.slot():
            document = await unless_gone(request, work)
        return {**document, "excluded": body.exclude}


def owner_of(request: Request) -> str:
    """Whose runs a caller sees: its key's; without keys everyone's are the same."""
    key = getattr(request.state, "key", None)
    return key.id if key is not None else ""


def _producer(services: Services, body: ChatRequest, tables: dict[str, Table]) -> Produce:
    """The events of a chat; refused here, before a run exists, where it cannot be served."""
    runtime, metrics = services.runtime, services.metrics
    if body.reasoning:
        for name in ("max_new_tokens", "stop_sequences"):
            if getattr(body, name) is not None:
                raise InputError(f"{name}: an audited answer is not cut; only of reasoning: false")
        runtime.need_stack()
        asked = chat.request_of(body.messages, tables, body.detail)
        ticket = services.admission.ticket()
        return lambda run: chat.reasoned(runtime, asked, chat.Work(ticket, run, metrics))
    runtime.need_engine()
    options, ticket = body.options(), services.text.ticket()
    return lambda run: chat.written(
        runtime, body.messages, options, chat.Work(ticket, run, metrics)
    )


_STATUS = {"bad_input": 400, "needs_clarification": 422, "cancelled": 409, "timeout": 504}


def _whole(run: Run) -> Any:
    """A finished run as ``POST /chat`` gives it without a stream."""
    found = chat.assembled(run.events)
    if found["error"] is not None:
        return JSONResponse({"error": found["error"]}, _STATUS.get(found["error"]["code"], 500))
    return ChatResponse(
        message=Message(role="assistant", content=found["text"]),
        model=found["model"],
        usage=found["usage"],
        finish_reason=found["finish_reason"],
        reasoning=found["reasoning"],
    )


async def _lines(work: Any) -> AsyncIterator[str]:
    async with contextlib.aclosing(work) as pieces:
        try:
            async for piece in pieces:
                if piece.text:
                    yield sse.line({"text": piece.text})
        except Exception as error:
            yield sse.line({"error": error_of(error)})
    yield sse.DONE


RunId = Annotated[str, Path(max_length=100)]


def add_runs(app: FastAPI, services: Services) -> None:
    """Add the routes by which a client comes back to a chat."""

    @app.get("/runs/{run_id}", response_model=ChatResponse)
    async def answer(request: Request, run_id: RunId) -> Any:
        """A finished chat, as ``POST /chat`` would have given it."""
        run = await services.runs.get(run_id, owner_of(request))
        if not run.finished:
            error = {"code": "unfinished", "message": "the run goes on", "retryable": True}
            return JSONResponse({"error": error}, 409, headers={"retry-after": "1"})
        return _whole(run)

    @app.get("/runs/{run_id}/events", response_class=StreamingResponse, responses=STREAMS)
    async def events(
        request: Request,
        run_id: RunId,
        after: Annotated[int | None, Query(ge=0, le=2**31)] = None,
    ) -> Response:
        """The events of a chat from number ``after`` + 1 on (or after ``Last-Event-ID``)."""
        run = await services.runs.get(run_id, owner_of(request))
        seen = request.headers.get("last-event-id", "")
        known = int(seen) if seen.isdecimal() and seen.isascii() and len(seen) < 10 else 0
        return sse.stream(sse.follow(run, known if after is None else after))

    @app.post("/runs/{run_id}/cancel")
    async def cancel(request: Request, run_id: RunId) -> dict[str, Any]:
        """Stop a chat; what is already there stays readable."""
        run = await services.runs.get(run_id, owner_of(request))
        run.cancel()
        return {"run_id": run_id, "events": len(run.events)}
