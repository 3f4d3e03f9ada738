"""What is noted of every request: an id, a log line, figures, a line of the audit log, a span.

Plain ASGI around the application. A failure that nothing below handled becomes the usual error
here, inside the security headers; its traceback goes to the log under the request's id.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from havoc.serving import telemetry
from havoc.serving.journal import Journal
from havoc.serving.metrics import Metrics
from havoc.serving.security import send_error

request_id: ContextVar[str] = ContextVar("request_id", default="-")
log = logging.getLogger("havoc.access")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
QUIET = frozenset({"/health", "/ready", "/metrics"})  # asked every few seconds


@dataclass
class _Seen:
    """What has passed so far."""

    began: float = field(default_factory=time.perf_counter)
    status: int = 0
    asked: Any = field(default_factory=hashlib.sha256)
    asked_bytes: int = 0
    told: Any = field(default_factory=hashlib.sha256)
    told_bytes: int = 0
    whole: bool = False  # the response reached its end


class Observe:
    """Parameters: the application; where its figures go; the audit log, if there is one."""

    def __init__(self, app: ASGIApp, metrics: Metrics, journal: Journal | None = None) -> None:
        self.app, self.metrics, self.journal = app, metrics, journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        given = headers.get("x-request-id", "")
        identity = given if _ID.fullmatch(given) else secrets.token_hex(8)
        request_id.set(identity)
        scope.setdefault("state", {})["request_id"] = identity
        seen = _Seen()

        async def hear() -> Message:
            message = await receive()
            body = message.get("body", b"")
            seen.asked.update(body)
            seen.asked_bytes += len(body)
            return message

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                identified = (b"x-request-id", identity.encode())
                message["headers"] = [*message.get("headers", []), identified]
            else:
                seen.told.update(message.get("body", b""))
                seen.told_bytes += len(message.get("body", b""))
                seen.whole = not message.get("more_body", False)
            await send(message)

        name = f"{scope['method']} {scope['path'][:80]}"
        try:
            with telemetry.request_span(name, headers) as span:
                await self._answered(scope, hear, say, seen)
                if span is not None:
                    span.update_name(f"{scope['method']} {_route(scope)}")
                    span.set_attribute("http.route", _route(scope))
                    span.set_attribute("http.response.status_code", seen.status)
                    span.set_attribute("havoc.request_id", identity)
        finally:
            self._note(scope, identity, seen)

    async def _answered(self, scope: Scope, hear: Receive, say: Send, seen: _Seen) -> None:
        try:
            await self.app(scope, hear, say)
        except Exception:
            logging.getLogger("havoc.serving").exception("internal failure")
            if not seen.status:
                text = "an internal failure; it is logged under this request's id"
                await send_error(say, 500, "internal", text, retryable=True)

    def _note(self, scope: Scope, identity: str, seen: _Seen) -> None:
        """Never raises: the response has gone out."""
        seconds = time.perf_counter() - seen.began
        route, method = _route(scope), scope["method"]
        status = seen.status or 499  # the client left before there was one
        self.metrics.requests.labels(route, method, str(status)).inc()
        self.metrics.request_seconds.labels(route).observe(seconds)
        record = {
            "id": identity,
            "key": getattr(scope.get("state", {}).get("key"), "id", None),
            "client": (scope.get("client") or ["-"])[0],
            "method": method,
            "path": scope["path"][:200],
            "status": status,
            "ms": round(1000 * seconds, 1),
            "whole": seen.whole,
        }
        quiet = scope["path"] in QUIET and status < 400
        log.log(
            logging.DEBUG if quiet else logging.INFO,
            "%s %s %s", method, record["path"], status, extra={"request": record},
        )  # fmt: skip
        if self.journal is None or quiet or route == "ui":
            return
        try:
            self.journal.write(
                {
                    "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    **record,
                    "request_bytes": seen.asked_bytes,
                    "request_sha256": seen.asked.hexdigest(),
                    "response_bytes": seen.told_bytes,
                    "response_sha256": seen.told.hexdigest(),
                    **scope.get("state", {}).get("noted", {}),
                }
            )
        except OSError:
            logging.getLogger("havoc.serving").exception("the audit log cannot be written")


def _route(scope: Scope) -> str:
    """The route's template, so that figures have few labels whatever is asked."""
    route = scope.get("route")
    if route is not None:
        return str(getattr(route, "path", "other"))
    return "ui" if scope.get("endpoint") is not None else "other"
