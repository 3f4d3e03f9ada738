"""The FastAPI application: routes of design section 8, thin over the runtime.

The same application runs under uvicorn (``havoc serve``) and inside the bento, whose own routes
(/livez, /readyz, /metrics) come first; that is why none of those is defined here.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

import havoc
from havoc.serving import openai
from havoc.serving.admission import Admission
from havoc.serving.answers import add_answers, add_runs
from havoc.serving.information import add_information
from havoc.serving.problems import add_error_handlers
from havoc.serving.runs import RunStore
from havoc.serving.runtime import Runtime
from havoc.serving.security import BodyLimit, KnownHosts, SecurityHeaders
from havoc.serving.services import ServerSettings, Services
from havoc.serving.ui import add_ui


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
    add_information(app, services)
    add_answers(app, services)
    add_runs(app, services)
    openai.add_routes(app, services.runtime, services.admission)
    add_error_handlers(app)
    add_ui(app, settings.ui)
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes)
    app.add_middleware(GZipMiddleware, minimum_size=2000)
    if settings.hosts:
        app.add_middleware(KnownHosts, hosts=settings.hosts)
    app.add_middleware(SecurityHeaders)
    return app
