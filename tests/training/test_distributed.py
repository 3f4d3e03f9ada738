"""Several processes: the losses of one, shards that open with any number, and a kill that leaves no trace."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_run import token_set

from havoc.model import load_model

WORKER = Path(__file__).with_name("worker.py")


def launch(folder: Path, size: int, *, dies: bool = False, **changes: Any) -> dict[str, Any]:
    """Run the worker as torchrun would start it, ``size`` times; return what it found."""
    token_set(folder.parent / "tokens")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    processes = []
    for rank in range(size):
        place = {
            "WORLD_SIZE": str(size), "RANK": str(rank), "LOCAL_RANK": str(rank),
            "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": "1",
        }  # fmt: skip
        given = json.dumps({"die_at": 5, **changes} if dies and rank == 1 else changes)
        processes.append(
            subprocess.Popen(
                [sys.executable, str(WORKER), str(folder), given],
                env={**os.environ, **place, "PYTHONPATH": str(WORKER.parent)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
    if dies:  # torchrun ends the others when one is killed
        assert processes[1].wait(300) == -signal.SIGKILL, processes[1].communicate()[0]
        processes[0].kill()
        processes[0].wait(60)
        return {}
    for process in processes:
        output, _ = process.communicate(timeout=300)
        assert process.returncode == 0, output
    return json.loads((folder / f"result_{size}.json").read_text())


def losses(folder: Path) -> list[float]:
    lines = (folder / "logs" / "metrics.jsonl").read_text().splitlines()
    return [json.loads(line)["loss"] for line in lines]


def weights(folder: Path, size: int) -> torch.Tensor:
    state = torch.load(folder / f"state_{size}.pt", weights_only=True)
    return torch.cat([state[name].flatten() for name in sorted(state)])


def test_two_processes_learn_as_one_and_their_shards_open_with_one(tmp_path: Path) -> None:
    """The same rows a step: two processes of one micro-batch, one of two. Then 2, 1, 2 again."""
    one, two = tmp_path / "one", tmp_path / "two"
    launch(one, 1, gradient_accumulation_steps=2, max_steps=6, schedule="constant")
    shared = {"gradient_accumulation_steps": 1, "schedule": "constant", "ema_decay": 0.0}
    launch(two, 2, max_steps=2, **shared)
    assert (two / "checkpoint_step_2" / "shards" / ".metadata").exists()
    assert load_model(two / "checkpoint_step_2").config.d_model == 16
    found = launch(two, 1, max_steps=4, **{**shared, "gradient_accumulation_steps": 2})
    assert found["resumed"] == 2
    assert launch(two, 2, max_steps=6, **shared)["resumed"] == 4
    assert losses(two) == pytest.approx(losses(one), rel=1e-5)
    torch.testing.assert_close(weights(two, 2), weights(one, 1), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_two_processes_killed_and_resumed_equal_two_never_stopped(
    tmp_path: Path, optimizer: str
) -> None:
    changes = {
        "max_steps": 7, "checkpoint_every": 2, "dropout": 0.2, "optimizer": optimizer,
        "ema_decay": 0.9, "use_amp": True, "adam_eps": 1e-6,
    }  # fmt: skip
    wanted = launch(tmp_path / "whole", 2, **changes)
    launch(tmp_path / "killed", 2, dies=True, **changes)
    found = launch(tmp_path / "killed", 2, **changes)
    assert found["resumed"] == 4
    assert found["state"] == wanted["state"]
    assert losses(tmp_path / "killed") == losses(tmp_path / "whole")
