"""The FastAPI application: routes of design section 8, thin over the runtime.

The same application runs under uvicorn (``havoc serve``) and inside the bento, whose own routes
(/livez, /readyz, /metrics) come first; that is why the first two are not defined here.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

import havoc
from havoc.errors import InputError
from havoc.serving import openai
from havoc.serving.access import PUBLIC, Access, scope_of
from havoc.serving.admission import Admission
from havoc.serving.answers import add_answers, add_runs
from havoc.serving.information import add_information
from havoc.serving.journal import Journal
from havoc.serving.keys import Keys
from havoc.serving.metrics import Metrics
from havoc.serving.models import Models, Source
from havoc.serving.observe import Observe
from havoc.serving.pages import describe
from havoc.serving.problems import add_error_handlers
from havoc.serving.runs import RunStore
from havoc.serving.runtime import Runtime
from havoc.serving.schemas import ERRORS
from havoc.serving.security import BodyLimit, KnownHosts, SecurityHeaders
from havoc.serving.services import ServerSettings, Services
from havoc.serving.state import Database, RunArchive
from havoc.serving.ui import add_ui


def create_app(
    runtime: Runtime,
    settings: ServerSettings | None = None,
    *,
    source: Source | None = None,
    version: str = "",
    metrics: Metrics | None = None,
) -> FastAPI:
    """Build the application.

    Parameters
    ----------
    runtime : what answers at first.
    source, version : where a newer one comes from, and which one ``runtime`` is.
    metrics : figures to count in; by default the application's own.
    """
    settings = settings or ServerSettings()
    database = Database(settings.state) if settings.state is not None else None
    if settings.auth and database is None:
        raise InputError("keys are asked for, but there is no state folder that holds them")
    services = _services(runtime, settings, source, version, metrics or Metrics(), database)
    journal = Journal(settings.state) if settings.state is not None else None
    app = FastAPI(
        title="HAVOC",
        version=havoc.__version__,
        summary="Audited answers for mathematics, statistics, engineering and manufacturing",
        docs_url=None,
        redoc_url=None,
        responses=ERRORS,
        lifespan=_lifespan(services, settings, database, journal),
    )
    app.state.services = services
    add_information(app, services)
    add_answers(app, services)
    add_runs(app, services)
    openai.add_routes(app, services)
    add_error_handlers(app)
    describe(app)
    _refuse_unguarded(app)
    add_ui(app, settings.ui)
    _add_middleware(app, settings, services.metrics, database, journal)
    return app


def _services(
    runtime: Runtime,
    settings: ServerSettings,
    source: Source | None,
    version: str,
    metrics: Metrics,
    database: Database | None,
) -> Services:
    services = Services(
        Models(runtime, metrics, source, version),
        Admission(settings.slots, settings.queue, told=metrics.inside.labels("answers").set),
        Admission(settings.text_slots, settings.text_queue, told=metrics.inside.labels("text").set),
        RunStore(
            settings.run_capacity,
            settings.abandoned_after,
            settings.answer_seconds,
            RunArchive(database) if database is not None else None,
        ),
        metrics,
    )
    metrics.watch(lambda: services.runtime.figures())
    return services


def _lifespan(
    services: Services,
    settings: ServerSettings,
    database: Database | None,
    journal: Journal | None,
) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        following = None
        if services.models.source is not None:
            _reload_on_hangup(services.models)
            if settings.follow:
                following = asyncio.create_task(services.models.follow(settings.follow))
        yield
        if following is not None:
            following.cancel()
        await services.runs.close()
        for part in (database, journal):
            if part is not None:
                part.close()

    return lifespan


def _reload_on_hangup(models: Models) -> None:
    """SIGHUP loads the model again, where signals reach this thread and the system has it."""

    def reload() -> None:
        task = asyncio.ensure_future(models.reload())
        task.add_done_callback(lambda t: t.cancelled() or t.exception())

    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, reload)


def _refuse_unguarded(app: FastAPI) -> None:
    """Every route is public on purpose or asks for a scope: a new one cannot be forgotten."""
    for route in app.routes:
        path = getattr(route, "path", "/")
        first = path.lstrip("/").split("/", 1)[0]
        if isinstance(route, Route) and scope_of(path) is None and first not in PUBLIC:
            raise AssertionError(f"{path} is neither public nor does it ask for a scope")


def _add_middleware(
    app: FastAPI,
    settings: ServerSettings,
    metrics: Metrics,
    database: Database | None,
    journal: Journal | None,
) -> None:
    """The innermost first: what is added later sees a request earlier."""
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes, seconds=settings.body_seconds)
    if settings.auth:
        assert database is not None
        app.add_middleware(Access, keys=Keys(database))
    if settings.cors:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors),
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type", "last-event-id", "x-request-id"],
            expose_headers=["x-request-id", "x-run-id", "retry-after"],
            max_age=600,
        )
    if settings.hosts:
        app.add_middleware(KnownHosts, hosts=settings.hosts, origins=settings.cors)
    app.add_middleware(Observe, metrics=metrics, journal=journal)
    # outside of what hashes the answers, so that a hash is of the content
    app.add_middleware(GZipMiddleware, minimum_size=2000)
    app.add_middleware(SecurityHeaders)
