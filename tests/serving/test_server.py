from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from scripted import ANSWER, PROGRAM, ScriptedEngine, runtime, scripted_stages

from havoc.serving import chat, sse
from havoc.serving.app import create_app
from havoc.serving.runs import RunStore
from havoc.serving.runtime import Runtime
from havoc.serving.services import ServerSettings
from havoc.tools.operation import operations


@pytest.fixture(autouse=True)
def stages(monkeypatch):
    monkeypatch.setattr(chat, "stages", scripted_stages)


@asynccontextmanager
async def client(app) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as c:
        yield c


def call(method: str, path: str, app=None, **options) -> httpx.Response:
    """One request to a fresh application."""

    async def go() -> httpx.Response:
        async with client(app or create_app(runtime())) as c:
            return await c.request(method, path, **options)

    return asyncio.run(go())


def asked(text: str = "mean?", **fields) -> dict:
    return {"messages": [{"role": "user", "content": text}], **fields}


def events_of(text: str) -> list[tuple[int, str, dict]]:
    found = []
    for block in text.split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in block.split("\n") if not line.startswith(":") and line
        )
        if fields:
            found.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return found


def test_health_ready_and_the_description_at_the_root():
    assert call("GET", "/health").json()["status"] == "ok"
    assert call("GET", "/ready").json()["ready"] is True
    described = call("GET", "/").json()
    assert {"/chat", "/completion", "/run", "/operations"} <= set(described["endpoints"])


def test_every_response_carries_the_security_headers():
    for path in ("/health", "/docs", "/no-such-path"):
        headers = call("GET", path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_the_docs_page_names_every_route_and_loads_nothing_from_elsewhere():
    page = call("GET", "/docs").text
    for path in ("/chat", "/completion", "/runs/{run_id}/cancel", "/v1/models"):
        assert path in page
    assert "<script" not in page
    assert "http://" not in page.replace("http://localhost", "")
    assert call("GET", "/docs.css").headers["content-type"].startswith("text/css")


def test_operations_are_those_of_the_registry():
    assert {s["name"] for s in call("GET", "/operations").json()} == set(operations())
    doe = call("GET", "/operations", params={"family": "doe"}).json()
    assert {s["family"] for s in doe} == {"doe"}


def test_run_executes_a_program_with_attached_tables():
    table = {"name": "w.csv", "content": "g\n1\n2\n6\n"}
    body = {"program": 'w = data("w.csv")\nstats.describe(w.g)', "attachments": [table]}
    document = call("POST", "/run", json=body).json()
    assert document["results"][0]["values"]["mean"] == 3.0
    assert document["audit"]["passed"] is True


@pytest.mark.parametrize(
    ("body", "status", "code", "message"),
    [
        ({"program": "stats.descrbe([1])"}, 400, "bad_input", "did you mean 'stats.describe'"),
        ({"program": "stats.t_test_one([1, 2])"}, 422, "needs_clarification", "needs 'target'"),
        ({"program": 'data("/etc/passwd")'}, 400, "bad_input", "there is no file"),
        ({"program": 5}, 422, "invalid_request", "program: Input should be a valid string"),
        ({"program": "", "x": 1}, 422, "invalid_request", "x: Extra inputs are not permitted"),
        (
            {"program": "", "attachments": [{"name": "../x", "content": ""}]},
            422,
            "invalid_request",
            "name",
        ),
        (
            {"program": "", "attachments": [{"name": "x.csv", "content_base64": "!"}]},
            400,
            "bad_input",
            "base64",
        ),
        (
            {"program": "", "attachments": [{"name": "x.csv", "content": ""}]},
            400,
            "bad_input",
            "x.csv",
        ),
    ],
)
def test_what_a_person_got_wrong_is_a_4xx_with_one_line(body, status, code, message):
    response = call("POST", "/run", json=body)
    assert response.status_code == status
    error = response.json()["error"]
    assert error["code"] == code
    assert message in error["message"]
    assert "\n" not in error["message"]
    assert error["retryable"] is False


def test_unknown_paths_methods_and_broken_json_are_errors_of_the_same_shape():
    assert call("GET", "/nowhere").json()["error"]["code"] == "not_found"
    assert call("GET", "/run").json()["error"]["code"] == "method_not_allowed"
    broken = call("POST", "/run", content=b"{", headers={"content-type": "application/json"})
    assert (broken.status_code, broken.json()["error"]["code"]) == (422, "invalid_request")
    hidden = call("POST", "/chat", json=asked("break"))
    assert hidden.status_code == 500
    assert "secret" not in hidden.text


def test_a_body_above_the_limit_is_refused_even_when_its_length_is_not_announced():
    app = create_app(runtime(), ServerSettings(max_body_bytes=1000))

    async def endless():
        for _ in range(100):
            yield b"x" * 100

    for content in (b"x" * 2000, endless()):
        response = call("POST", "/run", app, content=content)
        assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")


def test_a_server_on_this_machine_answers_to_its_own_name_only():
    app = create_app(runtime(), ServerSettings(hosts=("localhost",)))
    assert call("GET", "/health", app).status_code == 200
    foreign = call("GET", "/health", app, headers={"host": "evil.example"})
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "unknown_host")


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:5173", 503),  # this server cannot reload: it was asked
        ("https://lab.example", 503),
        ("https://evil.example", 403),
        ("https://lab.example.evil.example", 403),
        ("http://localhost.evil.example", 403),
        ("null", 403),
    ],
)
def test_a_page_of_another_site_can_set_nothing_off(origin, status):
    app = create_app(runtime(), ServerSettings(hosts=("localhost",), cors=("https://lab.example",)))
    assert call("POST", "/reload", app, headers={"origin": origin}).status_code == status
    assert call("GET", "/health", app, headers={"origin": origin}).status_code == 200


def test_completion_gives_text_usage_and_reason():
    engine = ScriptedEngine()
    body = {"prompt": "a b", "temperature": 0, "stop_sequences": ["x"], "seed": 1}
    found = call("POST", "/completion", create_app(runtime(engine)), json=body).json()
    assert found == {
        "text": "one two three",
        "model": "scripted",
        "usage": {"prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 5},
        "finish_reason": "stop",
    }
    assert engine.seen == [("a b", {"temperature": 0, "stop_sequences": ["x"], "seed": 1})]


def test_completion_streams_lines_and_ends_with_done():
    response = call("POST", "/completion", json={"prompt": "a", "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    lines = [line for line in response.text.split("\n") if line]
    assert lines == [
        'data: {"text":"one "}',
        'data: {"text":"two "}',
        'data: {"text":"three"}',
        "data: [DONE]",
    ]


@pytest.mark.parametrize(
    "field",
    [{"temperature": -1}, {"top_p": 0}, {"max_new_tokens": 0}, {"top_k": 1.5}, {"prompt": ""}],
)
def test_sampling_fields_out_of_range_are_refused(field):
    response = call("POST", "/completion", json={"prompt": "a", **field})
    assert response.status_code == 422
    assert next(iter(field)) in response.json()["error"]["message"]


def test_chat_gives_the_message_and_the_reasoning_object():
    table = {"name": "w.csv", "content": "g\n1\n"}
    found = call("POST", "/chat", json=asked(attachments=[table])).json()
    assert found["message"] == {"role": "assistant", "content": ANSWER}
    reasoning = found["reasoning"]
    assert reasoning["status"] == "answered"
    assert reasoning["answer"] == ANSWER
    assert reasoning["program"].strip() == PROGRAM
    assert reasoning["results"][0]["values"]["mean"] == 501.4
    assert reasoning["audit"]["passed"] is True
    assert reasoning["citations"] == [
        {"id": "h1", "title": "Means", "text": "...", "tables": ["w.csv"]}
    ]
    assert reasoning["provenance"] == {"havoc": "test"}


def test_chat_asks_when_something_is_missing():
    found = call("POST", "/chat", json=asked("vague")).json()
    assert found["message"]["content"] == "Which column?"
    assert found["reasoning"]["status"] == "needs_clarification"


def test_chat_without_reasoning_is_the_language_model_alone():
    engine = ScriptedEngine()
    body = asked("hello", reasoning=False)
    found = call("POST", "/chat", create_app(runtime(engine)), json=body).json()
    assert (found["message"]["content"], found["reasoning"]) == ("one two three", None)
    assert engine.seen[0][0] == "user: hello\nassistant:"


def test_the_run_id_goes_ahead_of_the_events():
    response = call("POST", "/chat", json=asked(stream=True))
    meta = events_of(response.text)[0]
    assert meta[1] == "meta"
    assert response.headers["x-run-id"] == meta[2]["run_id"]


def test_chat_streams_numbered_events_of_the_agreed_kinds():
    response = call("POST", "/chat", json=asked(stream=True))
    events = events_of(response.text)
    assert [number for number, _, _ in events] == list(range(1, len(events) + 1))
    names = [name for _, name, _ in events]
    assert list(dict.fromkeys(names)) == [
        "meta",
        "stage",
        "result",
        "citation",
        "token",
        "audit",
        "usage",
        "done",
    ]
    told = {name: data for _, name, data in events}
    assert told["meta"]["model"] == "scripted"
    assert told["stage"] == {
        "name": "mode",
        "status": "finished",
        "ms": 1.5,
        "note": {"task": "stats"},
    }
    assert told["result"]["id"] == "r1"
    assert "".join(d["t"] for _, n, d in events if n == "token") == ANSWER
    assert told["done"]["status"] == "answered"


def test_a_failure_in_a_stream_is_an_error_event_and_an_end():
    events = events_of(call("POST", "/chat", json=asked("break", stream=True)).text)
    (_, _, error), (_, last, _) = events[-2:]
    assert set(error) == {"code", "message", "retryable"}
    assert (error["code"], last) == ("internal", "done")


def test_a_run_can_be_resumed_after_any_event():
    async def go() -> None:
        async with client(create_app(runtime())) as c:
            whole = events_of((await c.post("/chat", json=asked(stream=True))).text)
            path = f"/runs/{whole[0][2]['run_id']}/events"
            assert events_of((await c.get(path)).text) == whole
            assert events_of((await c.get(path, params={"after": 3})).text) == whole[3:]
            resumed = await c.get(path, headers={"last-event-id": "5"})
            assert events_of(resumed.text) == whole[5:]
            assert (await c.get("/runs/unknown/events")).status_code == 404

    asyncio.run(go())


def test_cancelling_ends_a_run_for_its_listeners_at_once():
    async def go() -> None:
        gate = threading.Event()
        app = create_app(runtime(gate=gate))
        async with client(app) as c:
            answering = asyncio.create_task(c.post("/chat", json=asked(stream=True)))
            run = await _first_run(app)
            cancelled = await c.post(f"/runs/{run}/cancel")
            assert cancelled.status_code == 200
            events = events_of((await answering).text)
            assert [name for _, name, _ in events[-2:]] == ["error", "done"]
            assert events[-1][2]["status"] == "cancelled"
            gate.set()

    asyncio.run(go())


async def _first_run(app) -> str:
    """The id of the first run, as soon as there is one."""
    store = app.state.services.runs
    while not store.ids:
        await asyncio.sleep(0)
    return store.ids[0]


def test_work_beyond_slots_and_queue_is_told_to_come_back():
    async def go() -> None:
        gate = threading.Event()
        engine = ScriptedEngine(gate=gate)
        app = create_app(runtime(engine), ServerSettings(text_slots=1, text_queue=1))
        async with client(app) as c:
            body = {"prompt": "a"}
            waiting = [asyncio.create_task(c.post("/completion", json=body)) for _ in range(2)]
            while app.state.services.text.inside < 2:
                await asyncio.sleep(0)
            refused = await c.post("/completion", json=body)
            assert refused.status_code == 429
            assert int(refused.headers["retry-after"]) >= 1
            assert refused.json()["error"]["retryable"] is True
            assert (await c.get("/health")).status_code == 200
            assert (await c.get("/ready")).status_code == 503
            gate.set()
            assert [(await w).status_code for w in waiting] == [200, 200]
            assert app.state.services.text.inside == 0

    asyncio.run(go())


def test_without_a_model_programs_still_run_and_the_rest_says_what_is_missing():
    bare = create_app(Runtime(problems={"model": "there is no model at artifacts/model"}))
    for path, body in (("/chat", asked()), ("/completion", {"prompt": "a"})):
        response = call("POST", path, bare, json=body)
        assert response.status_code == 503
        assert response.json()["error"]["message"] == "there is no model at artifacts/model"
    assert call("GET", "/ready", bare).status_code == 503
    assert call("POST", "/run", bare, json={"program": PROGRAM}).status_code == 200


def test_the_built_web_ui_is_served_at_the_root_and_the_api_beside_it(tmp_path):
    (tmp_path / "index.html").write_text("<!doctype html><title>HAVOC</title>")
    app = create_app(runtime(), ServerSettings(ui=tmp_path))
    assert "<title>HAVOC" in call("GET", "/", app).text
    assert call("GET", "/health", app).json()["status"] == "ok"
    assert call("GET", "/../../etc/passwd", app).status_code == 404


QUIET = [
    ("/chat", asked(stream=True)),
    ("/completion", {"prompt": "a", "stream": True}),
    ("/v1/completions", {"prompt": "a", "n": 2, "stream": True}),
    ("/v1/chat/completions", {"messages": asked()["messages"], "stream": True}),
    ("/v1/chat/completions", {**asked(), "reasoning": False, "stream": True}),
]


@pytest.mark.parametrize(("path", "body"), QUIET)
def test_a_quiet_stream_is_kept_alive_by_pings(monkeypatch, path, body):
    monkeypatch.setattr(sse, "PING_SECONDS", 0.05)
    monkeypatch.setattr(chat, "stages", scripted_stages)
    gate = threading.Event()
    app = create_app(runtime(ScriptedEngine(gate=gate), gate))
    threading.Timer(0.4, gate.set).start()
    pieces = call("POST", path, app, json=body).text.split("\n\n")
    pings = [i for i, piece in enumerate(pieces) if piece == ": ping"]
    assert 2 <= len(pings) <= 12
    assert pings[-1] < len(pieces) - 2, "none after the last event"
    told = "".join(pieces)
    assert "501.4" in told or ("one" in told and "three" in told)
    assert "[DONE]" in pieces[-2] or "event: done" in pieces[-2]
    monkeypatch.setattr(sse, "PING_SECONDS", 60)
    assert ": ping" not in call("POST", path, app, json=body).text


def test_pings_never_cut_into_a_piece_that_is_being_sent(monkeypatch):
    """Nor does one follow the end, however slowly the other side reads."""
    monkeypatch.setattr(sse, "PING_SECONDS", 0.01)
    sent: list[bytes] = []

    async def content():
        yield sse.line({"n": 1})
        await asyncio.sleep(0.05)
        yield sse.line({"n": 2})

    async def slow(message) -> None:
        await asyncio.sleep(0.05)
        sent.append(message.get("body", b"start") if message.get("more_body", True) else b"end")

    async def receive():
        await asyncio.Event().wait()

    async def go() -> None:
        scope = {"type": "http", "asgi": {"spec_version": "2.4"}}
        await sse.stream(content())(scope, receive, slow)
        await asyncio.sleep(0.05)

    asyncio.run(go())
    assert [s for s in sent if s != sse.PING] == [
        b"start", sse.line({"n": 1}).encode(), sse.line({"n": 2}).encode(), b"end",
    ]  # fmt: skip
    assert sse.PING in sent[2:-2]
    assert sent[-1] == b"end"


@pytest.mark.parametrize("extra", [{"max_new_tokens": 5}, {"stop_sequences": ["a"]}])
def test_what_would_cut_an_audited_answer_is_refused(extra):
    response = call("POST", "/chat", create_app(runtime()), json=asked(**extra))
    assert response.status_code == 400
    assert "an audited answer is not cut" in response.json()["error"]["message"]
    talk = asked(**extra, reasoning=False)
    assert call("POST", "/chat", create_app(runtime()), json=talk).status_code == 200


def test_a_run_nobody_listens_to_is_cancelled_and_old_runs_are_forgotten():
    async def go() -> None:
        never = asyncio.Event()

        async def silent(run):
            yield "meta", {"run_id": run.id}
            await never.wait()

        async def short(run):
            yield "done", {}

        store = RunStore(capacity=2, abandoned_after=0.001)
        abandoned = store.start(silent)
        await abandoned.ended()
        assert abandoned.events[-1] == ("done", {"status": "cancelled"})
        for _ in range(5):
            await store.start(short).ended()
        assert len(store.ids) <= 3
        never.set()
        await store.close()

    asyncio.run(go())
