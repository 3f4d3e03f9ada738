"""What can be wrong with a request, and how it is said: one shape of error everywhere."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from havoc.dsl.bounded import Cancelled
from havoc.errors import InputError, NeedsClarification
from havoc.serving.admission import Busy
from havoc.serving.leaving import ClientGone

log = logging.getLogger("havoc.serving")


class Unavailable(InputError):
    """A part that this request needs is not there: HTTP 503."""


class NotFound(InputError):
    """Nothing of that name: HTTP 404."""

    code = "not_found"


def error_of(error: Exception) -> dict[str, Any]:
    """The ``error`` object for what a person caused; anything else is logged, not shown."""
    if isinstance(error, NeedsClarification):
        return {"code": "needs_clarification", "message": str(error), "retryable": False}
    if isinstance(error, InputError):
        return {"code": "bad_input", "message": str(error), "retryable": False}
    if isinstance(error, Cancelled | ClientGone):
        return {"code": "cancelled", "message": "nobody waited any more", "retryable": True}
    log.error("internal failure", exc_info=error)
    return {"code": "internal", "message": "an internal failure; it is logged", "retryable": True}


def _error(
    status: int, code: str, message: str, retryable: bool = False, **headers: str
) -> JSONResponse:
    body = {"error": {"code": code, "message": message, "retryable": retryable}}
    return JSONResponse(body, status, headers={k.replace("_", "-"): v for k, v in headers.items()})


def add_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(InputError)
    async def refused(request: Request, error: InputError) -> JSONResponse:
        if isinstance(error, Unavailable):
            return _error(503, "unavailable", str(error))
        if isinstance(error, NotFound):
            return _error(404, error.code, str(error))
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

    @app.exception_handler(ClientGone)
    @app.exception_handler(Cancelled)
    async def gone(request: Request, error: Exception) -> JSONResponse:
        return _error(499, "cancelled", "nobody waited any more", True)
