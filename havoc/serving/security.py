"""Headers, request sizes and hosts, for every route alike; plain ASGI, so streams stay streams."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
CLOSE = (b"connection", b"close")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class SecurityHeaders:
    """Add the security headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._headers = [(k.encode(), v.encode()) for k, v in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self._headers]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class BodyLimit:
    """Refuse a body above ``limit`` bytes with 413, announced or not; one slower than ``seconds``, 408."""

    def __init__(self, app: ASGIApp, limit: int, seconds: float = 60.0) -> None:
        self.app, self.limit, self.seconds = app, limit, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self.limit:
            await self._refuse(send)
            return
        try:
            async with asyncio.timeout(self.seconds):
                received = await self._body(receive)
        except TimeoutError:
            text = f"the request's body did not arrive within {self.seconds:g} s"
            await send_error(send, 408, "too_slow", text, CLOSE)
            return
        if received is None:
            await self._refuse(send)
            return

        async def replay() -> Message:
            return received.pop(0) if received else await receive()

        await self.app(scope, replay, send)

    async def _body(self, receive: Receive) -> list[Message] | None:
        """The messages of the whole body, or None where it is too large."""
        received: list[Message] = []
        size = 0
        while True:
            message = await receive()
            received.append(message)
            size += len(message.get("body", b""))
            if size > self.limit:
                return None
            if message["type"] != "http.request" or not message.get("more_body", False):
                return received

    async def _refuse(self, send: Send) -> None:
        text = f"the request is larger than {self.limit:,} bytes"
        # what is still on its way is not read: the connection cannot be used again
        await send_error(send, 413, "too_large", text, CLOSE)


class KnownHosts:
    """Answer only to the names given: a page elsewhere cannot reach a local server by DNS.

    Nor can it send what changes something (a POST without a body needs no leave of the browser):
    the pages that may are those of the same names, and of ``origins``.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str], origins: Sequence[str] = ()) -> None:
        self.app, self.hosts, self.origins = app, frozenset(hosts), frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = dict(scope["headers"])
            if name_of(headers.get(b"host", b"").decode("latin-1")) not in self.hosts:
                text = "this server answers to its own address only; start it with --host"
                await send_error(send, 403, "unknown_host", text)
                return
            origin = headers.get(b"origin", b"").decode("latin-1")
            if scope["method"] not in READING and origin and not self._known(origin):
                text = "pages of other sites may not use this server; --cors allows one"
                await send_error(send, 403, "unknown_origin", text)
                return
        await self.app(scope, receive, send)

    def _known(self, origin: str) -> bool:
        return origin in self.origins or name_of(origin.partition("://")[2]) in self.hosts


def name_of(host: str) -> str:
    """A host's name without its port, in small letters."""
    return (host if host.endswith("]") else host.rsplit(":", 1)[0]).lower()


async def send_error(
    send: Send,
    status: int,
    code: str,
    message: str,
    *headers: tuple[bytes, bytes],
    retryable: bool = False,
) -> None:
    """Answer with an error of the usual shape, from outside of the application."""
    error = {"error": {"code": code, "message": message, "retryable": retryable}}
    body = json.dumps(error).encode()
    told = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": body})
