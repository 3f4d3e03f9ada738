"""Keys: who may call what, and how often. Runs belong to whoever asked."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from pathlib import Path

import httpx
import pytest
from scripted import runtime
from test_server import asked, call, client, events_of, stages  # noqa: F401 (a fixture)

from havoc import cli
from havoc.errors import InputError
from havoc.serving import access, app
from havoc.serving.access import Buckets
from havoc.serving.app import create_app
from havoc.serving.keys import Keys
from havoc.serving.server import Listening, serve
from havoc.serving.services import ServerSettings
from havoc.serving.state import FILE, Database


@pytest.fixture
def keys(tmp_path) -> Keys:
    return Keys(Database(tmp_path))


def guarded(folder: Path, **settings):
    return create_app(runtime(), ServerSettings(state=folder, auth=True, **settings))


def bearer(secret: str) -> dict[str, dict[str, str]]:
    return {"headers": {"authorization": f"Bearer {secret}"}}


def test_a_key_opens_its_scopes_and_nothing_else(keys, tmp_path):
    _, reader = keys.create("reader", ("read",))
    server = guarded(tmp_path)
    assert call("GET", "/operations", server, **bearer(reader)).status_code == 200
    refused = call("POST", "/run", server, json={"program": ""}, **bearer(reader))
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    assert "'run'" in refused.json()["error"]["message"]
    for header in ({}, bearer("havoc_00000000_" + "x" * 43), bearer(reader[:-1] + "~")):
        nobody = call("GET", "/operations", server, **header)
        assert (nobody.status_code, nobody.json()["error"]["code"]) == (401, "unauthorized")
        assert nobody.headers["www-authenticate"] == "Bearer"


def test_health_readiness_and_the_page_are_public_and_every_other_route_is_guarded(tmp_path):
    server = guarded(tmp_path)
    public = {"/", "/docs", "/docs.css", "/health", "/openapi.json", "/ready"}
    for route in server.routes:
        path = route.path.replace("{", "").replace("}", "").replace(":path", "")
        method = next(iter(route.methods - {"HEAD"}))
        status = call(method, path, server).status_code
        assert (status == 401) == (path not in public), (path, status)


def test_a_route_without_a_rule_stops_the_server_from_starting(monkeypatch):
    monkeypatch.delitem(access.SCOPE_OF, "run")
    with pytest.raises(AssertionError, match="/run is neither public"):
        create_app(runtime())
    assert app.scope_of is access.scope_of


def test_a_body_without_a_key_is_not_read(tmp_path):
    read = []

    async def body():
        read.append(1)
        yield b"x"

    assert call("POST", "/run", guarded(tmp_path), content=body()).status_code == 401
    assert read == []


def test_revoked_and_expired_keys_are_refused_at_once(keys, tmp_path):
    key, secret = keys.create("temporary")
    _, short = keys.create("short", days=1e-9)
    server = guarded(tmp_path)
    assert call("GET", "/operations", server, **bearer(secret)).status_code == 200
    assert call("GET", "/operations", server, **bearer(short)).status_code == 401
    keys.revoke("temporary")
    assert call("GET", "/operations", server, **bearer(secret)).status_code == 401
    assert {k.name: k.state for k in keys.all()} == {"temporary": "revoked", "short": "expired"}
    assert keys.all()[0].used is not None
    assert key.used is None


def test_only_a_hash_of_a_key_is_on_the_disk(keys, tmp_path):
    _, secret = keys.create("x")
    keys.check(secret)
    part = secret.rsplit("_", 1)[0] and secret[15:].encode()
    for file in tmp_path.iterdir():
        assert part not in file.read_bytes()
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_a_key_has_a_rate_and_is_told_when_to_come_back(keys, tmp_path):
    _, slow = keys.create("slow", rate=1)
    _, other = keys.create("other", rate=1)

    async def go() -> None:
        server = guarded(tmp_path)
        async with client(server) as c:
            got = [await c.get("/operations/spc.c", **bearer(slow)) for _ in range(7)]
            assert [r.status_code for r in got] == [200] * 5 + [429] * 2
            error = got[-1].json()["error"]
            assert (error["code"], error["retryable"]) == ("rate_limited", True)
            assert 0 < int(got[-1].headers["retry-after"]) <= 60
            assert (await c.get("/operations/spc.c", **bearer(other))).status_code == 200

    asyncio.run(go())


def test_a_bucket_fills_with_time_and_never_beyond_its_size():
    now = [0.0]
    buckets = Buckets(clock=lambda: now[0])
    assert [buckets.take("k", 60) for _ in range(16)] == [0] * 15 + [1]
    now[0] = 2.0
    assert [buckets.take("k", 60) for _ in range(3)] == [0, 0, 1]
    now[0] = 1e6
    assert [buckets.take("k", 60) for _ in range(16)] == [0] * 15 + [1]


def test_a_run_is_seen_by_the_key_that_asked_alone(keys, tmp_path):
    _, mine = keys.create("mine")
    _, theirs = keys.create("theirs")

    async def go() -> None:
        async with client(guarded(tmp_path)) as c:
            stream = await c.post("/chat", json=asked(stream=True), **bearer(mine))
            run = events_of(stream.text)[0][2]["run_id"]
            for path in (f"/runs/{run}", f"/runs/{run}/events"):
                assert (await c.get(path, **bearer(mine))).status_code == 200
                assert (await c.get(path, **bearer(theirs))).status_code == 404
            cancelled = await c.post(f"/runs/{run}/cancel", **bearer(theirs))
            assert cancelled.json()["error"]["code"] == "unknown_run"

    asyncio.run(go())


def test_pages_of_allowed_origins_may_call_and_others_may_not(keys, tmp_path):
    server = guarded(tmp_path, cors=("https://lab.example",))
    asking = {
        "origin": "https://lab.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    allowed = call("OPTIONS", "/chat", server, headers=asking)
    assert allowed.headers["access-control-allow-origin"] == "https://lab.example"
    foreign = call("OPTIONS", "/chat", server, headers={**asking, "origin": "https://evil.example"})
    assert "access-control-allow-origin" not in foreign.headers
    none = call("OPTIONS", "/chat", create_app(runtime()), headers=asking)
    assert "access-control-allow-origin" not in none.headers


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("x", ("aks",)), "no scope 'aks'; did you mean 'ask'"),
        (("a\nb",), "is no name of a key"),
        (("x", ("ask",), 0), "above 0"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(keys, arguments, message):
    with pytest.raises(InputError, match=message):
        keys.create(*arguments)


def test_keys_are_made_listed_and_revoked_from_the_command_line(tmp_path, capsys):
    def run(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(["keys", *words, "--state", str(tmp_path)])
        return ended.value.code, "".join(capsys.readouterr())

    status, secret = run("create", "lab one", "--scope", "ask", "--scope", "metrics")
    assert status == 0
    assert secret.startswith("havoc_")
    status, listed = run("list")
    assert "lab one" in listed
    assert "ask metrics" in listed
    assert secret.strip()[15:] not in listed
    assert run("revoke", "lab two") == (
        2,
        "havoc: there is no key 'lab two'; did you mean 'lab one'?\n",
    )
    assert run("revoke", "lab one")[0] == 0
    assert Keys(Database(tmp_path)).check(secret.strip()) is None


def test_beyond_this_machine_there_is_no_server_without_keys(tmp_path):
    with pytest.raises(InputError, match="on this machine only"):
        serve(Listening("0.0.0.0", 0, auth=False, state=tmp_path))
    with pytest.raises(InputError, match="havoc keys create"):
        serve(Listening("0.0.0.0", 0, state=tmp_path))


def test_allowing_a_page_does_not_open_this_machines_server_to_every_name():
    assert Listening().hosts == ("localhost", "127.0.0.1", "[::1]")
    allowing = Listening(cors=("https://Lab.example:8443",))
    assert allowing.hosts == ("localhost", "127.0.0.1", "[::1]", "lab.example")
    assert Listening("0.0.0.0", cors=("https://lab.example",)).hosts == ()


def test_a_damaged_state_file_is_one_clear_line(tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database" * 100)
    with pytest.raises(InputError, match="cannot be used: file is not a database"):
        Database(tmp_path)


def test_two_processes_share_the_state_file(tmp_path):
    first, second = Keys(Database(tmp_path)), Keys(Database(tmp_path))
    _, secret = first.create("x")
    assert second.check(secret) is not None
    plain = sqlite3.connect(tmp_path / FILE)
    assert plain.execute("SELECT COUNT(*) FROM keys").fetchone() == (1,)
    assert time.time() - second.all()[0].created < 60
    assert httpx.codes.OK == 200
