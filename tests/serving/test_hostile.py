"""Input meant to break: always a 4xx of the agreed shape, never a 500 and never a hang."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from scripted import runtime

from havoc.serving.app import create_app

RUN, COMPLETION, CHAT = "/run", "/completion", "/chat"


def program(text: str) -> bytes:
    return json.dumps({"program": text}).encode()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (RUN, b'{"program":"\\ud800"}'),
        (RUN, b'{"program":"","\\ud800":1}'),
        (RUN, b"[" * 100_000),
        (RUN, b'{"program":' + b"[" * 100_000),
        (RUN, b"\xff\xfe{}"),
        (RUN, program("stats.describe([1, \x00])")),
        (RUN, program("stats.describe([" + "-" * 10_000 + "1])")),
        (RUN, program("stats.describe(" + "[" * 10_000)),
        (RUN, program("stats.describe([" + "+".join("1" * 20_000) + "])")),
        (RUN, program("stats.describe([9^9^9^9])")),
        (RUN, program("stats.describe([1e999999999])")),
        (RUN, program("stats.describe([1 " + "m*" * 3000 + "m])")),
        (RUN, program("stats.describe([1 m^999999])")),
        (RUN, program('data("/etc/passwd")')),
        (RUN, program('data("../../etc/passwd")')),
        (RUN, program('data("\\u0000")')),
        (RUN, program("__import__(`os`)")),
        (RUN, program("maths.evaluate(__class__.__bases__)")),
        (COMPLETION, b'{"prompt":"a","temperature":NaN}'),
        (COMPLETION, b'{"prompt":"a","seed":1e400}'),
        (COMPLETION, b'{"prompt":"a","seed":' + b"9" * 6000 + b"}"),
        (COMPLETION, b'{"prompt":"a","stop_sequences":[""]}'),
        (CHAT, b'{"messages":[{"role":"user","content":"  "}]}'),
        (CHAT, b'{"messages":[{"role":"admin","content":"x"}]}'),
        (CHAT, b'{"messages":[],"x":1}'),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_bodies_are_refused_in_one_line(path, content):
    response = post(path, content)
    assert 400 <= response.status_code < 500, response.text[:300]
    error = response.json()["error"]
    assert error["message"]
    assert "\n" not in error["message"]
    assert len(error["message"]) < 600


def post(path: str, content: bytes) -> httpx.Response:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_app(runtime()), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as c:
            headers = {"content-type": "application/json"}
            return await c.post(path, content=content, headers=headers)

    return asyncio.run(go())


@pytest.mark.parametrize(
    "path", ["/runs/%00/events", "/runs/../health", "/runs/x/events?after=-1", "/%2e%2e/etc/passwd"]
)
def test_hostile_paths_find_nothing(path):
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_app(runtime()), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as c:
            return await c.get(path, headers={"last-event-id": "9" * 5000})

    response = asyncio.run(go())
    assert response.status_code in (404, 422) or response.url.path == "/health"


def test_a_form_of_another_site_cannot_run_a_program():
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_app(runtime()), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as c:
            headers = {"content-type": "text/plain"}
            body = program("stats.describe([1, 2])")
            return await c.post("/run", content=body, headers=headers)

    assert asyncio.run(go()).status_code == 422
