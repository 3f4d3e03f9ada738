"""Several processes: the losses of one, shards for any number, and a kill that leaves no trace."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_run import token_set

from havoc.model import load_model

WORKER = Path(__file__).with_name("worker.py")


class Runs:
    """Asks the worker for runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, folder: Path, size: int, **asked: Any) -> list[int]:
        """Run once; return the exit statuses."""
        token_set(folder.parent / "tokens")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        line = json.dumps({"folder": str(folder), "size": size, "port": port, **asked})
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def finish(self, folder: Path, size: int, **changes: Any) -> dict[str, Any]:
        """Run to the end; return what came of it."""
        assert self.ask(folder, size, changes=changes) == [0] * size
        return json.loads((folder / f"result_{size}.json").read_text())


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(WORKER.parent)}
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", str(WORKER)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Runs(process)
        assert process.stdin is not None
        process.stdin.close()


def losses(folder: Path) -> list[float]:
    lines = (folder / "logs" / "metrics.jsonl").read_text().splitlines()
    return [json.loads(line)["loss"] for line in lines]


def weights(folder: Path, size: int) -> torch.Tensor:
    state = torch.load(folder / f"state_{size}.pt", weights_only=True)
    return torch.cat([state[name].flatten() for name in sorted(state)])


def test_two_processes_learn_as_one_and_their_shards_open_with_one(
    tmp_path: Path, runs: Runs
) -> None:
    """The same rows a step: two processes of one micro-batch, one of two; then 2, 1, 2."""
    one, two = tmp_path / "one", tmp_path / "two"
    apart: dict[str, Any] = {"gradient_accumulation_steps": 1, "schedule": "constant"}
    joined = {**apart, "gradient_accumulation_steps": 2}
    runs.finish(one, 1, max_steps=6, **joined)
    runs.finish(two, 2, max_steps=2, **apart)
    assert (two / "checkpoint_step_2" / "shards" / ".metadata").exists()
    consolidated = load_model(two / "checkpoint_step_2").state_dict()
    saved = torch.load(two / "state_2.pt", weights_only=True)
    assert all(torch.equal(consolidated[name], weight) for name, weight in saved.items())
    assert runs.finish(two, 1, max_steps=4, **joined)["resumed"] == 2
    assert runs.finish(two, 2, max_steps=6, **apart)["resumed"] == 4
    assert losses(two) == pytest.approx(losses(one), rel=1e-5)
    torch.testing.assert_close(weights(two, 2), weights(one, 1), rtol=1e-3, atol=1e-5)
    assert "before 1: dropout is drawn anew" in (two / "logs/train.log").read_text()


@pytest.mark.parametrize("optimizer", [pytest.param("adamw", marks=pytest.mark.slow), "muon"])
def test_two_processes_killed_and_resumed_equal_two_never_stopped(
    tmp_path: Path, runs: Runs, optimizer: str
) -> None:
    changes = {
        "max_steps": 7, "checkpoint_every": 2, "dropout": 0.2, "optimizer": optimizer,
        "ema_decay": 0.9, "use_amp": True,
    }  # fmt: skip
    wanted = runs.finish(tmp_path / "whole", 2, **changes)
    died = runs.ask(tmp_path / "killed", 2, changes=changes, die_at=5)
    assert died == [-signal.SIGKILL] * 2
    found = runs.finish(tmp_path / "killed", 2, **changes)
    assert found["resumed"] == 4
    assert found["state"] == wanted["state"]
    assert losses(tmp_path / "killed") == losses(tmp_path / "whole")


@pytest.mark.parametrize("optimizer", [pytest.param("adamw", marks=pytest.mark.slow), "muon"])
def test_two_processes_that_split_each_matrix_learn_as_one(
    tmp_path: Path, runs: Runs, optimizer: str
) -> None:
    """The same rows, the same dropout, the same losses; and their checkpoint opens with one."""
    # Muon's iteration rounds to bfloat16, where that is fast: the last digits of a sum grow.
    near = 1e-4 if optimizer == "muon" else 1e-5
    one, two = tmp_path / "one", tmp_path / "two"
    whole: dict[str, Any] = {
        "num_kv_heads": 2, "dropout": 0.2, "optimizer": optimizer, "schedule": "constant",
    }  # fmt: skip
    split = {**whole, "tensor_parallel": 2}
    runs.finish(one, 1, max_steps=6, **whole)
    runs.finish(two, 2, max_steps=4, **split)
    assert losses(two) == pytest.approx(losses(one)[:4], rel=near)
    counted = [
        json.loads((folder / "logs" / "metrics.jsonl").read_text().splitlines()[3])["tokens"]
        for folder in (one, two)
    ]
    assert counted[0] == counted[1]
    consolidated = load_model(two / "checkpoint_step_4").state_dict()
    saved = torch.load(two / "state_2.pt", weights_only=True)
    assert all(torch.equal(consolidated[name], weight) for name, weight in saved.items())
    assert runs.finish(two, 2, max_steps=6, **split)["resumed"] == 4
    assert losses(two) == pytest.approx(losses(one), rel=near)
    # No dropout here, which one process would draw anew.
    dry = {**whole, "dropout": 0.0}
    runs.finish(tmp_path / "dry", 1, max_steps=4, **dry)
    joined = tmp_path / "joined"
    runs.finish(joined, 2, max_steps=2, **dry, tensor_parallel=2)
    assert runs.finish(joined, 1, max_steps=4, **dry)["resumed"] == 2
    assert losses(joined) == pytest.approx(losses(tmp_path / "dry"), rel=near)


def test_a_killed_run_of_split_matrices_leaves_no_trace(tmp_path: Path, runs: Runs) -> None:
    changes = {
        "max_steps": 7, "checkpoint_every": 2, "dropout": 0.2, "ema_decay": 0.9, "use_amp": True,
        "num_kv_heads": 2, "tensor_parallel": 2,
    }  # fmt: skip
    wanted = runs.finish(tmp_path / "whole", 2, **changes)
    assert runs.ask(tmp_path / "killed", 2, changes=changes, die_at=5) == [-signal.SIGKILL] * 2
    found = runs.finish(tmp_path / "killed", 2, **changes)
    assert (found["resumed"], found["state"]) == (4, wanted["state"])


@pytest.mark.slow
def test_split_and_sharded_at_once_learn_as_one(tmp_path: Path, runs: Runs) -> None:
    """Four processes: two copies of two halves; and two shards of two halves."""
    changes = {"max_steps": 4, "num_kv_heads": 2, "schedule": "constant"}
    runs.finish(tmp_path / "one", 1, **changes, gradient_accumulation_steps=2)
    apart = {**changes, "gradient_accumulation_steps": 1, "tensor_parallel": 2}
    runs.finish(tmp_path / "sharded", 4, **apart)
    runs.finish(tmp_path / "replicated", 4, **apart, replicas=2)
    for other in ("sharded", "replicated"):
        assert losses(tmp_path / other) == pytest.approx(losses(tmp_path / "one"), rel=1e-5)


def test_adapters_and_replicas_shard_too(tmp_path: Path, runs: Runs) -> None:
    changes = {"max_steps": 3, "lora_rank": 2, "schedule": "constant"}
    wanted = runs.finish(tmp_path / "one", 1, **changes, gradient_accumulation_steps=2)
    assert wanted["resumed"] is None
    apart = {**changes, "gradient_accumulation_steps": 1}
    runs.finish(tmp_path / "sharded", 2, **apart)
    runs.finish(tmp_path / "replicated", 2, **apart, replicas=2)
    for other in ("sharded", "replicated"):
        assert losses(tmp_path / other) == pytest.approx(losses(tmp_path / "one"), rel=1e-5)


def kill_until_done(
    folder: Path, runs: Runs, size: int, changes: dict[str, Any], kills: int, seed: int
) -> int:
    """Kill a run again and again at random moments; return how many were in its midst."""
    draw, hit = random.Random(seed), 0
    for _ in range(kills):
        statuses = runs.ask(folder, size, changes=changes, kill_after=draw.uniform(0.0, 0.1))
        hit += statuses != [0] * size
    return hit


def test_a_run_killed_at_random_moments_equals_one_never_stopped(
    tmp_path: Path, runs: Runs
) -> None:
    changes = {"max_steps": 60, "checkpoint_every": 1, "dropout": 0.2, "use_amp": True}
    wanted = runs.finish(tmp_path / "whole", 1, **changes)
    assert kill_until_done(tmp_path / "killed", runs, 1, changes, kills=6, seed=1) >= 3
    found = runs.finish(tmp_path / "killed", 1, **changes)
    assert found["state"] == wanted["state"]
    assert losses(tmp_path / "killed") == losses(tmp_path / "whole")


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("size", [1, 2])
def test_fifty_kills_at_random_moments_leave_no_trace(
    tmp_path: Path, runs: Runs, size: int
) -> None:
    changes = {"max_steps": 400, "checkpoint_every": 1, "dropout": 0.2, "ema_decay": 0.9}
    wanted = runs.finish(tmp_path / "whole", size, **changes)
    assert kill_until_done(tmp_path / "killed", runs, size, changes, kills=60, seed=size) >= 50
    found = runs.finish(tmp_path / "killed", size, **changes)
    assert found["resumed"] is not None
    assert found["state"] == wanted["state"]
    assert losses(tmp_path / "killed") == losses(tmp_path / "whole")
