"""A real MLflow server stopped for a minute below a real training: it goes on, and afterwards no figure is missing."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from small_project import ROOT
from tiny_model import make_shards

pytest.importorskip("mlflow")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
AWAY_SECONDS = float(os.environ.get("HAVOC_AWAY_SECONDS", "60"))
RECIPE = {
    "model.d_model": 16, "model.num_layers": 1, "model.num_heads": 2, "model.num_kv_heads": 1,
    "model.head_dim": 8, "model.mlp_hidden_dim": 16, "model.max_seq_len": 16,
    "training.batch_size": 2, "training.gradient_accumulation_steps": 1,
    "training.max_steps": 1_000_000, "training.warmup_steps": 1, "training.use_amp": "false",
    "training.device": "cpu", "training.seq_len": 16, "training.optimizer": "adamw",
    "training.eval_every": 0, "training.compile": "false", "training.log_every": 20,
    "training.checkpoint_every": 0,
}  # fmt: skip


class Server:
    """An MLflow server on a database of its own, that is killed and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "mlflow", "server", "--workers", "1"]
        command += ["--backend-store-uri", f"sqlite:///{self.folder}/server.db"]
        command += ["--artifacts-destination", str(self.folder / "artifacts")]
        command += ["--host", "127.0.0.1", "--port", str(self.port)]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
            )
        wait_for(self._answers, 600)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=5):
                return True
        except OSError:
            return False

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def wait_for(done: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.2)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    made.start()
    yield made
    made.kill()


def _lines(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text().splitlines(True) if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def test_a_training_goes_on_without_its_server_and_its_figures_are_complete(
    server: Server, tmp_path: Path
) -> None:
    import mlflow

    make_shards(tmp_path / "tokens", tmp_path / "tokenizer")
    output, log = tmp_path / "run", tmp_path / "train.log"
    options = [str(x) for k, v in RECIPE.items() for x in (f"--{k}", v)]
    options += ["--training.max_seconds", str(AWAY_SECONDS * 2 + 60)]
    places = ["--tokens", tmp_path / "tokens", "--tokenizer", tmp_path / "tokenizer"]
    places += ["--output", output]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "MLFLOW_TRACKING_URI": server.address,
        "HAVOC_SYSTEM_METRICS": "off",
        "OMP_NUM_THREADS": "1",
    }
    environment.pop("HAVOC_TRACKING", None)
    with log.open("w") as out:
        training = subprocess.Popen(
            [sys.executable, "-m", "havoc", "train", *map(str, places), *options],
            cwd=tmp_path, env=environment, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        journal = output / "logs/metrics.jsonl"
        wait_for(lambda: len(_lines(journal)) > 5 or training.poll() is not None, 600)
        server.kill()
        before = len(_lines(journal))
        time.sleep(AWAY_SECONDS)
        during = len(_lines(journal)) - before
        assert training.poll() is None, log.read_text()
        server.start()
        assert training.wait(timeout=1800) == 0, log.read_text()
    finally:
        training.kill()
        training.wait()
    assert during > 10, f"{during} logged steps in {AWAY_SECONDS} s without a server"
    told = [r for r in _lines(journal) if "loss" in r]
    client = mlflow.MlflowClient(server.address)
    [experiment] = [e for e in client.search_experiments() if e.name == "havoc"]
    [run] = client.search_runs([experiment.experiment_id])
    assert run.info.status == "FINISHED"
    history = client.get_metric_history(run.info.run_id, "loss")
    assert sorted(m.step for m in history) == [r["step"] for r in told]
    print(
        f"{before} logged steps before, {during} in {AWAY_SECONDS:.0f} s without, {len(told)} in all"
    )
