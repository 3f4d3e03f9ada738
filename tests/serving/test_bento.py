"""The bento, built and served as a user would: minutes, so only with ``-m slow``."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest
from tiny_model import make_model

ROOT = Path(__file__).parents[2]
BENTOML = [sys.executable, "-m", "bentoml"]
pytestmark = pytest.mark.slow

STORE = """
import shutil, sys
from pathlib import Path
import bentoml
with bentoml.models.create("havoc_lm") as entry:
    shutil.copytree(sys.argv[1], Path(entry.path) / "model")
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("bentoml")
    environment = {
        **os.environ,
        "BENTOML_HOME": str(home),
        "BENTOML_DO_NOT_TRACK": "True",
        "HAVOC_STATE": str(home / "state"),
    }
    model = make_model(tmp_path_factory.mktemp("model") / "m")
    run = {"env": environment, "check": True, "timeout": 600, "stdout": subprocess.DEVNULL}
    subprocess.run([sys.executable, "-c", STORE, str(model)], **run)
    subprocess.run([*BENTOML, "build"], cwd=ROOT, **run)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*BENTOML, "serve", "havoc:latest", "--host", "127.0.0.1", "--port", str(port)]
    log = (home / "serve.log").open("w")
    server = subprocess.Popen(command, env=environment, cwd=home, stdout=log, stderr=log)
    try:
        yield _awaited(f"http://127.0.0.1:{port}", home / "serve.log")
    finally:
        server.terminate()
        server.wait(60)
        shutil.rmtree(home, ignore_errors=True)


def _awaited(address: str, log: Path) -> str:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        try:
            if httpx.get(f"{address}/readyz", timeout=5).status_code == 200:
                return address
        except httpx.TransportError:
            time.sleep(0.5)
    pytest.fail("the bento did not become ready:\n" + log.read_text())


def test_the_bento_answers_health_completion_chat_and_run(address):
    assert httpx.get(f"{address}/health").json()["status"] == "ok"
    body = {"prompt": "the mean", "max_new_tokens": 3, "seed": 1}
    text = httpx.post(f"{address}/completion", json=body, timeout=60).json()
    assert text["usage"]["completion_tokens"] <= 3
    ask = {"messages": [{"role": "user", "content": "mean of 4 5 6?"}]}
    answer = httpx.post(f"{address}/chat", json=ask, timeout=120).json()
    assert answer["reasoning"]["provenance"]["model"].startswith("havoc-model@")
    program = {"program": "stats.describe([4, 5, 6])"}
    result = httpx.post(f"{address}/run", json=program, timeout=60).json()
    assert result["results"][0]["values"]["mean"] == 5


def test_streams_pass_through_the_bento_with_their_security_headers(address):
    body = {"messages": [{"role": "user", "content": "mean of 4 5 6?"}], "stream": True}
    with httpx.stream("POST", f"{address}/chat", json=body, timeout=120) as response:
        assert response.headers["x-content-type-options"] == "nosniff"
        events = [line[7:] for line in response.iter_lines() if line.startswith("event: ")]
    assert (events[0], events[-1]) == ("meta", "done")


def test_prometheus_metrics_are_bentomls_own_with_ours_among_them(address):
    httpx.post(f"{address}/completion", json={"prompt": "a", "max_new_tokens": 2}, timeout=60)
    text = httpx.get(f"{address}/metrics").text
    assert "bentoml_service_request" in text
    assert 'havoc_requests_total{method="POST",route="/completion",status="200"}' in text
    assert "havoc_engine_generated_tokens" in text


def test_openais_client_works_against_the_bento(address):
    client = openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
    text = client.completions.create(
        model="havoc:text", prompt="the mean", max_tokens=4, logprobs=2
    )
    assert len(text.choices[0].logprobs.tokens) <= 4
    stream = client.chat.completions.create(
        model="havoc", messages=[{"role": "user", "content": "mean of 4 5 6?"}], stream=True
    )
    assert [c.choices[0].finish_reason for c in stream][-1] == "stop"


def test_a_run_of_the_bento_can_be_resumed_and_is_on_the_audit_log(address):
    body = {"messages": [{"role": "user", "content": "mean of 4 5 6?"}], "stream": True}
    whole = httpx.post(f"{address}/chat", json=body, timeout=120).text
    run = json.loads(whole.split("data: ", 1)[1].split("\n", 1)[0])["run_id"]
    assert httpx.get(f"{address}/runs/{run}/events", timeout=60).text == whole


def test_a_bound_address_that_is_not_this_machines_asks_for_keys(monkeypatch):
    from havoc.serving.bento import bound_host

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        monkeypatch.setattr("sys.argv", ["worker", "--fd", str(listener.fileno())])
        assert bound_host() == "127.0.0.1"
    monkeypatch.setattr("sys.argv", ["worker"])
    assert bound_host() == "0.0.0.0"
