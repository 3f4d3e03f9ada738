"""The FastAPI application: routes of design section 8, thin over the runtime.

The same application runs under uvicorn (``havoc serve``) and inside the bento, whose own routes
(/livez, /readyz, /metrics) come first; that is why none of those is defined here.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response

import havoc
from havoc.dsl.reference import schemas as operation_schemas
from havoc.errors import InputError, NeedsClarification
from havoc.serving import chat, openai, pages, sse
from havoc.serving.admission import Admission, Busy
from havoc.serving.runs import RunStore, UnknownRun
from havoc.serving.runtime import Runtime, Unavailable
from havoc.serving.schemas import (
    Attachment,
    ChatRequest,
    ChatResponse,
    CompletionRequest,
    CompletionResponse,
    Message,
    RunRequest,
    RunResponse,
    Usage,
)
from havoc.serving.security import BodyLimit, KnownHosts, SecurityHeaders
from havoc.tools.table_io import read_table_bytes
from havoc.tools.values import Table

log = logging.getLogger("havoc.serving")


@dataclass(frozen=True)
class ServerSettings:
    """Limits of the server.

    ``hosts`` are the names it answers to (empty: any), ``ui`` the folder of the built web UI.
    """

    slots: int = 2
    queue: int = 16
    max_body_bytes: int = 32_000_000
    hosts: Sequence[str] = ()
    ui: Path | None = None
    run_capacity: int = 200
    abandoned_after: float = 60.0


@dataclass(frozen=True)
class Services:
    """What the routes work with."""

    runtime: Runtime
    admission: Admission
    runs: RunStore


def create_app(runtime: Runtime, settings: ServerSettings | None = None) -> FastAPI:
    """Build the application."""
    settings = settings or ServerSettings()
    services = Services(
        runtime,
        Admission(settings.slots, settings.queue),
        RunStore(settings.run_capacity, settings.abandoned_after),
    )

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await services.runs.close()

    app = FastAPI(
        title="HAVOC",
        version=havoc.__version__,
        summary="Audited answers for mathematics, statistics, engineering and manufacturing",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.services = services
    _add_information(app, services)
    _add_answers(app, services)
    _add_runs(app, services)
    openai.add_routes(app, services.runtime, services.admission)
    _add_errors(app)
    _add_ui(app, settings.ui)
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes)
    app.add_middleware(GZipMiddleware, minimum_size=2000)
    if settings.hosts:
        app.add_middleware(KnownHosts, hosts=settings.hosts)
    app.add_middleware(SecurityHeaders)
    return app


def _add_information(app: FastAPI, services: Services) -> None:
    runtime = services.runtime

    @app.get("/health")
    async def health() -> dict[str, str]:
        """Whether the server lives."""
        return {"status": "ok", "version": havoc.__version__, "model": runtime.model}

    @app.get("/ready")
    async def ready() -> JSONResponse:
        """Whether it can answer: model, index and queue."""
        room = services.admission.capacity - services.admission.inside
        state = {
            "ready": runtime.stack is not None and room > 0,
            "model": runtime.model,
            "problems": dict(runtime.problems),
            "queue": {"inside": services.admission.inside, "room": room},
        }
        return JSONResponse(state, 200 if state["ready"] else 503)

    @app.get("/operations")
    def operations(
        family: Annotated[str | None, Query(max_length=40)] = None,
    ) -> list[dict[str, Any]]:
        """The schemas of the operations."""
        return operation_schemas(family)

    @app.get("/docs", response_class=HTMLResponse, include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(pages.api_page(app.openapi()))

    @app.get("/docs.css", include_in_schema=False)
    async def style() -> Response:
        return Response(pages.STYLE, media_type="text/css")


def _add_answers(app: FastAPI, services: Services) -> None:
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
        tables = await run_in_threadpool(_tables, body.attachments)
        chat.question(body.messages)
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
        tables = await run_in_threadpool(_tables, body.attachments)
        async with admission.slot():
            execution = await run_in_threadpool(runtime.run, body.program, tables)
        return execution.to_json()


def _producer(services: Services, body: ChatRequest, tables: dict[str, Table]) -> Any:
    """The events of a chat; refused here, before a run exists, where it cannot be served."""
    runtime = services.runtime
    if body.reasoning:
        runtime.need_stack()
        ticket = services.admission.ticket()
        return lambda run_id: chat.reasoned(runtime, body.messages, tables, ticket, run_id)
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
            yield sse.line({"error": chat.error_of(error)})
    yield sse.DONE


def _tables(attachments: Sequence[Attachment]) -> dict[str, Table]:
    return {a.name: read_table_bytes(a.data(), a.name) for a in attachments}


def _add_runs(app: FastAPI, services: Services) -> None:
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


def _error(
    status: int, code: str, message: str, retryable: bool = False, **headers: str
) -> JSONResponse:
    body = {"error": {"code": code, "message": message, "retryable": retryable}}
    return JSONResponse(body, status, headers={k.replace("_", "-"): v for k, v in headers.items()})


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(InputError)
    async def refused(request: Request, error: InputError) -> JSONResponse:
        if isinstance(error, Unavailable):
            return _error(503, "unavailable", str(error))
        if isinstance(error, UnknownRun):
            return _error(404, "unknown_run", str(error))
        if isinstance(error, NeedsClarification):
            return _error(422, "needs_clarification", str(error))
        return _error(400, "bad_input", str(error))

    @app.exception_handler(Busy)
    async def busy(request: Request, error: Busy) -> JSONResponse:
        return _error(429, "busy", str(error), True, retry_after=str(error.retry_after))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"] if p != "body")
        return _error(422, "invalid_request", f"{where}: {first['msg']}" if where else first["msg"])

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http")
        return _error(
            error.status_code, code, f"{request.method} {request.url.path}: {error.detail}"
        )

    @app.exception_handler(Exception)
    async def internal(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": chat.error_of(error)}, 500)


def _add_ui(app: FastAPI, ui: Path | None) -> None:
    """The built web UI at ``/``, or what the server is in JSON."""
    folder = ui or built_ui()
    if folder is not None:
        app.mount("/", StaticFiles(directory=folder, html=True), name="ui")
        return

    @app.get("/")
    async def description() -> dict[str, Any]:
        """What this server is and where to look."""
        return {
            "name": "HAVOC",
            "version": havoc.__version__,
            "endpoints": sorted(str(path) for path in app.openapi()["paths"]),
            "docs": "/docs",
        }


def built_ui() -> Path | None:
    """The folder of the built web UI, if there is one."""
    root = Path(havoc.__file__).parents[1]
    named = os.environ.get("HAVOC_UI")
    for folder in ([Path(named)] if named else []) + [root / "frontend" / "dist"]:
        if (folder / "index.html").is_file():
            return folder
    return None
