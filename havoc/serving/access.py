"""Who may call what, and how often: keys, scopes and rates, before a body is read."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from havoc.serving.keys import Key, Keys
from havoc.serving.security import send_error

# By the first part of a path. Whatever is not here is public: health, the API's page, the web UI's
# files. ``create_app`` refuses to start where a route is in neither list.
SCOPE_OF = {
    "chat": "ask",
    "completion": "ask",
    "runs": "ask",
    "v1": "ask",
    "run": "run",
    "data": "run",
    "operations": "read",
    "passages": "read",
    "metrics": "metrics",
    "reload": "admin",
}
PUBLIC = frozenset({"", "health", "ready", "docs", "docs.css", "openapi.json"})


def scope_of(path: str) -> str | None:
    """The scope that a path asks for; None where it is public."""
    return SCOPE_OF.get(path.lstrip("/").split("/", 1)[0])


class Buckets:
    """A token bucket a key: ``rate`` requests a minute, a quarter of it (at least 5) at once.

    Parameters
    ----------
    clock : seconds, monotonic.
    most : keys remembered; the ones unused for longest go first, which can only favour them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = 10_000) -> None:
        self._clock, self._most = clock, most
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, rate: int) -> int:
        """Take one; 0, or the seconds to wait until there is one."""
        size = max(5.0, rate / 4)
        now = self._clock()
        left, at = self._left.pop(name, (size, now))
        left = min(size, left + (now - at) * rate / 60)
        wait = 0 if left >= 1 else math.ceil((1 - left) * 60 / rate)
        self._left[name] = (left - 1 if wait == 0 else left, now)
        if len(self._left) > self._most:
            self._left.popitem(last=False)
        return wait


class Access:
    """Ask for a key with the scope of the path, and keep its rate.

    The caller's key is put into the ASGI scope under ``state`` for the routes and the log.
    """

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self.app, self.keys, self.buckets = app, keys, Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = scope_of(scope["path"]) if scope["type"] == "http" else None
        if wanted is None or scope["method"] == "OPTIONS":
            await self.app(scope, receive, send)
            return
        key = self._key(scope)
        if key is None:
            text = "an API key is needed: Authorization: Bearer havoc_..."
            await send_error(send, 401, "unauthorized", text, (b"www-authenticate", b"Bearer"))
            return
        scope.setdefault("state", {})["key"] = key
        if wanted not in key.scopes:
            text = f"this key may not do that: it lacks the scope '{wanted}'"
            await send_error(send, 403, "forbidden", text)
            return
        wait = self.buckets.take(key.id, key.rate)
        if wait:
            text = f"this key may make {key.rate} requests a minute; come back in {wait} s"
            after = (b"retry-after", str(wait).encode())
            await send_error(send, 429, "rate_limited", text, after, retryable=True)
            return
        await self.app(scope, receive, send)

    def _key(self, scope: Scope) -> Key | None:
        header = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        kind, _, given = header.partition(" ")
        return self.keys.check(given.strip()) if kind.lower() == "bearer" else None
