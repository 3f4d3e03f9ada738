"""Running it: figures, logs, traces, reloads without a gap, and a stop that lets answers finish."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from scripted import ANSWER, ScriptedEngine, runtime
from test_server import asked, call, client, events_of, stages  # noqa: F401 (a fixture)

from havoc.dsl.bounded import Cancelled, read_bounded, run_bounded
from havoc.errors import InputError
from havoc.serving import telemetry
from havoc.serving.app import create_app
from havoc.serving.logs import JsonFormatter, TextFormatter, without_secrets
from havoc.serving.models import ChampionSource, FolderSource, _artifacts
from havoc.serving.observe import request_id
from havoc.serving.services import ServerSettings

RUN = Path(__file__).with_name("run_scripted.py")


def figures(app) -> dict[str, float]:
    """Every sample of /metrics, its labels in the name."""
    found = {}
    for family in text_string_to_metric_families(call("GET", "/metrics", app).text):
        for sample in family.samples:
            labels = ",".join(f"{k}={v}" for k, v in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


def test_metrics_count_requests_tokens_stages_and_times():
    engine = ScriptedEngine()
    engine.figures = lambda: {"batch_size": 3.0}  # type: ignore[attr-defined]
    app = create_app(runtime(engine))
    call("POST", "/completion", app, json={"prompt": "a b", "stream": True})
    call("POST", "/chat", app, json=asked())
    call("GET", "/operations/spc.c", app)
    call("GET", "/operations/none", app)
    found = figures(app)
    route = "method=GET,route=/operations/{name}"
    assert found[f"havoc_requests_total{{{route},status=200}}"] == 1
    assert found[f"havoc_requests_total{{{route},status=404}}"] == 1
    assert found["havoc_tokens_total{kind=completion}"] >= 3
    assert found["havoc_first_token_seconds_count{route=/completion}"] == 1
    assert found["havoc_between_tokens_seconds_count{}"] == 3
    assert found["havoc_stage_seconds_count{stage=mode}"] == 1
    assert found["havoc_answers_total{status=answered}"] == 1
    assert found["havoc_batch_size{}"] == 3
    assert found["havoc_inside{kind=answers}"] == 0


def test_paths_that_are_made_up_do_not_make_new_figures():
    app = create_app(runtime())
    for path in ("/a", "/b", "/c/d"):
        call("GET", path, app)
    routes = {name for name in figures(app) if name.startswith("havoc_requests_total")}
    assert [r for r in routes if "status=404" in r] == [
        "havoc_requests_total{method=GET,route=other,status=404}"
    ]


def test_every_request_has_an_id_which_its_log_line_bears(caplog):
    caplog.set_level(logging.INFO, "havoc.access")
    app = create_app(runtime())
    response = call("GET", "/operations/none", app, headers={"x-request-id": "lab-7"})
    assert response.headers["x-request-id"] == "lab-7"
    (record,) = [r for r in caplog.records if r.name == "havoc.access"]
    token = request_id.set("lab-7")
    line = json.loads(JsonFormatter().format(record))
    request_id.reset(token)
    assert (line["id"], line["status"], line["path"]) == ("lab-7", 404, "/operations/none")
    forged = call("GET", "/health", app, headers={"x-request-id": "a b"})
    assert len(forged.headers["x-request-id"]) == 16


def test_no_secret_and_no_forged_line_gets_into_a_log():
    secret = "havoc_0123abcd_" + "S" * 43
    record = logging.LogRecord("x", logging.INFO, "", 0, "Bearer %s\nGET /forged", (secret,), None)
    for formatter in (JsonFormatter(), TextFormatter()):
        line = formatter.format(record)
        assert "SSS" not in line
        assert "\n" not in line
    assert without_secrets("authorization: Bearer abc.def-ghi") == "authorization: Bearer ***"


def test_a_failure_is_logged_with_its_request_and_hidden_from_the_caller(monkeypatch, caplog):
    monkeypatch.setattr("havoc.serving.information.described", lambda: 1 / 0)
    response = call("GET", "/operations", create_app(runtime()))
    assert response.status_code == 500
    assert response.json()["error"]["code"] == "internal"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "ZeroDivisionError" in caplog.text
    assert "division" not in response.text


def test_traces_hold_a_span_a_request_and_its_stages_inside():
    memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor

    exporter = memory.InMemorySpanExporter()
    telemetry.use(SimpleSpanProcessor(exporter))
    try:
        parent = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
        call("POST", "/chat", json=asked(), headers={"traceparent": parent})
    finally:
        telemetry.stop()
    spans = {s.name: s for s in exporter.get_finished_spans()}
    request, stage = spans["POST /chat"], spans["stage mode"]
    assert format(request.context.trace_id, "032x") == "a" * 32
    assert stage.parent.span_id == request.context.span_id
    assert request.attributes["http.response.status_code"] == 200
    assert stage.end_time - stage.start_time == 1_500_000


def test_a_collector_without_its_packages_is_said(monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(InputError, match=r"havoc\[telemetry\]"):
        telemetry.configure("0")


class Versions:
    """A source whose model changes; ``broken`` cannot be loaded."""

    def __init__(self) -> None:
        self.now = "v1"

    def version(self) -> str:
        return self.now

    def load(self):
        if self.now == "broken":
            raise InputError("the file is damaged")
        return replace(runtime(), model=self.now)


def test_a_new_model_takes_over_while_answers_of_the_old_one_finish():
    async def go() -> None:
        gate, source = threading.Event(), Versions()
        old = replace(runtime(gate=gate), model="v1")
        app = create_app(old, source=source, version="v1")
        async with client(app) as c:
            begun = asyncio.create_task(c.post("/chat", json=asked()))
            while not app.state.services.runs.ids:
                await asyncio.sleep(0)
            source.now = "v2"
            assert (await c.post("/reload")).json() == {"model": "v2"}
            assert (await c.get("/health")).json()["model"] == "v2"
            gate.set()
            assert (await begun).json()["model"] == "v1"
            assert (await c.post("/chat", json=asked())).json()["model"] == "v2"
            source.now = "broken"
            failed = await c.post("/reload")
            assert failed.status_code == 503
            assert "the old one goes on: the file is damaged" in failed.json()["error"]["message"]
            assert (await c.post("/chat", json=asked())).json()["model"] == "v2"

    asyncio.run(go())


def test_the_champion_is_followed():
    async def go() -> None:
        source = Versions()
        app = create_app(source.load(), source=source, version="v1")
        following = asyncio.create_task(app.state.services.models.follow(0.001))
        source.now = "v2"
        while app.state.services.runtime.model != "v2":
            await asyncio.sleep(0.001)
        following.cancel()

    asyncio.run(go())


def test_a_server_that_was_given_its_model_says_that_it_has_no_other():
    refused = call("POST", "/reload")
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")


def test_a_folder_has_another_version_when_its_weights_are_written_again(tmp_path):
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"1")
    source = FolderSource(tmp_path, tmp_path)
    before = source.version()
    assert source.version() == before
    weights.write_bytes(b"22")
    assert source.version() != before


def test_a_registered_model_cannot_point_outside_of_its_folder(tmp_path):
    path = "artifacts: {model: {path: ../../etc}}"
    (tmp_path / "MLmodel").write_text("flavors: {python_function: {" + path + "}}")
    with pytest.raises(InputError, match="not a model that HAVOC registered"):
        _artifacts(tmp_path)
    assert ChampionSource(tmp_path).name == "havoc"


def test_work_that_nobody_waits_for_is_killed():
    slow = "doe.optimal(n_factors=8, runs=70, model=quadratic)\n" * 20
    asked_times = iter([False, False, True])
    began = time.monotonic()
    with pytest.raises(Cancelled):
        run_bounded(slow, cancelled=lambda: next(asked_times, True))
    with pytest.raises(Cancelled):
        read_bounded(b"a,b\n" + b"1,2\n" * 2_000_000, "x.csv", cancelled=lambda: True)
    assert time.monotonic() - began < 120
    assert read_bounded(b"a\n1\n", "x.csv", cancelled=lambda: False).names == ("a",)


def test_a_client_that_leaves_takes_its_run_and_its_place_with_it():
    async def go() -> None:
        gate = threading.Event()
        engine = ScriptedEngine(gate=gate)
        app = create_app(runtime(engine, gate=gate))
        async with client(app):
            for path, body in (("/completion", {"prompt": "a"}), ("/chat", asked())):
                scope, sent = _scope(path, body), []
                leave = asyncio.Event()
                queue = [{"type": "http.request", "body": json.dumps(body).encode()}]

                async def receive(queue=queue, leave=leave):
                    if queue:
                        return queue.pop()
                    await leave.wait()
                    return {"type": "http.disconnect"}

                async def send(message, sent=sent):
                    sent.append(message)

                working = asyncio.create_task(app(scope, receive, send))
                services = app.state.services
                queue_of = services.text if path == "/completion" else services.admission
                while queue_of.inside == 0:
                    await asyncio.sleep(0.001)
                leave.set()
                await asyncio.sleep(0.01)
                gate.set()
                await working
                assert sent[0]["status"] == 499
                while queue_of.inside:
                    await asyncio.sleep(0.001)
                gate.clear()
            assert engine.closed.is_set()
            (run,) = services.runs._runs.values()
            assert run.events[-1] == ("done", {"status": "cancelled"})

    asyncio.run(go())


def _scope(path: str, body: dict) -> dict:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


def started(folder: Path, *words: str) -> tuple[subprocess.Popen, str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(RUN), str(folder), "--port", "0", *words]
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    return server, server.stdout.readline().strip().removeprefix("HAVOC answers at ")


def test_when_stopped_answers_in_the_making_finish_and_survive_the_restart(tmp_path):
    server, address = started(tmp_path, "--log", "json")
    with httpx.stream("POST", f"{address}/chat", json=asked(stream=True), timeout=60) as stream:
        lines = stream.iter_lines()
        seen = [next(lines) for _ in range(3)]
        server.send_signal(signal.SIGTERM)
        events = events_of("\n".join([*seen, *lines]))
    _, err = server.communicate(timeout=60)
    assert server.returncode in (0, -signal.SIGTERM), err
    assert "".join(d["t"] for _, n, d in events if n == "token") == ANSWER
    assert events[-1][1:] == ("done", events[-1][2])
    assert events[-1][2]["status"] == "answered"
    requests = [json.loads(line) for line in err.splitlines()]
    assert [r["path"] for r in requests if r["logger"] == "havoc.access"] == ["/chat"]
    server, address = started(tmp_path)
    try:
        again = httpx.get(f"{address}/runs/{events[0][2]['run_id']}/events", timeout=60)
        assert events_of(again.text) == events
    finally:
        server.kill()
        server.communicate(timeout=60)


def test_settings_that_contradict_each_other_do_not_start():
    with pytest.raises(InputError, match="no state folder"):
        create_app(runtime(), ServerSettings(auth=True))
