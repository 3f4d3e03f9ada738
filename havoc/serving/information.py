"""Routes that only tell: health, operations, passages, how a file is read, the API's own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.responses import Response

import havoc
from havoc.errors import nearest
from havoc.serving import pages
from havoc.serving.leaving import unless_gone
from havoc.serving.operations import described
from havoc.serving.preview import preview
from havoc.serving.problems import NotFound
from havoc.serving.reading import read_table
from havoc.serving.schemas import Attachment, WorkbookRequest
from havoc.serving.services import Services
from havoc.serving.spreadsheet import MEDIA_TYPE, workbook
from havoc.tools import FAMILIES


def add_information(app: FastAPI, services: Services) -> None:
    @app.get("/health")
    async def health() -> dict[str, str]:
        """Whether the server lives."""
        return {"status": "ok", "version": havoc.__version__, "model": services.runtime.model}

    @app.get("/ready")
    async def ready() -> JSONResponse:
        """Whether it can answer: model, index and queue."""
        runtime = services.runtime
        queues = {
            name: {"inside": queue.inside, "room": queue.capacity - queue.inside}
            for name, queue in (("answers", services.admission), ("text", services.text))
        }
        state = {
            "ready": runtime.stack is not None and all(q["room"] > 0 for q in queues.values()),
            "model": runtime.model,
            "problems": dict(runtime.problems),
            "queues": queues,
        }
        return JSONResponse(state, 200 if state["ready"] else 503)

    @app.get("/operations")
    def operations(
        family: Annotated[str | None, Query(max_length=40)] = None,
    ) -> list[dict[str, Any]]:
        """The schemas of the operations, for forms and callers."""
        found = list(described().values())
        if family is None:
            return found
        if family not in FAMILIES:
            raise NotFound(f"there is no family '{family}'{nearest(family, FAMILIES)}")
        return [schema for schema in found if schema["family"] == family]

    @app.get("/operations/{name}")
    def operation(name: Annotated[str, Path(max_length=80)]) -> dict[str, Any]:
        """The schema of one operation."""
        found = described().get(name)
        if found is None:
            raise NotFound(f"there is no operation '{name}'{nearest(name, described())}")
        return found

    @app.get("/passages/{passage_id:path}")
    def passage(passage_id: Annotated[str, Path(max_length=500)]) -> dict[str, Any]:
        """A passage that a citation points to, by the citation's id."""
        found = services.runtime.passage(passage_id)
        if found is None:
            raise NotFound(f"there is no passage '{passage_id[:80]}'")
        return found

    @app.post("/data/preview")
    async def data_preview(request: Request, body: Attachment) -> dict[str, Any]:
        """How a file is read: columns, types, units, missing cells, groups, the first rows."""

        def read(stop: Callable[[], bool]) -> dict[str, Any]:
            data = body.data()
            return preview(read_table(data, body.name, stop), len(data))

        async with services.admission.slot():
            return await unless_gone(request, read)

    @app.post("/data/xlsx", response_class=Response, responses={200: {"content": {MEDIA_TYPE: {}}}})
    async def tables_xlsx(request: Request, body: WorkbookRequest) -> Response:
        """The tables as an XLSX workbook, a sheet each; text stays text, whatever it begins with."""

        def write(stop: Callable[[], bool]) -> bytes:
            return workbook([t.given() for t in body.tables])

        async with services.admission.slot():
            content = await unless_gone(request, write)
        return Response(content, media_type=MEDIA_TYPE)

    @app.get("/metrics", response_class=PlainTextResponse)
    def metrics() -> Response:
        """What Prometheus reads."""
        return Response(services.metrics.text(), media_type=services.metrics.content_type)

    @app.post("/reload")
    async def reload() -> dict[str, str]:
        """Load the model again (the registry's champion, or the folder); answers go on meanwhile."""
        return {"model": (await services.models.reload()).model}

    @app.get("/docs", response_class=HTMLResponse, include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(pages.api_page(app.openapi()))

    @app.get("/docs.css", include_in_schema=False)
    async def style() -> Response:
        return Response(pages.STYLE, media_type="text/css")
