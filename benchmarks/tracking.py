"""What logging to MLflow costs a training: processor time of everything it does, beside that of the whole run.

    python benchmarks/tracking.py                     # havoc_nano as the laptop profile pretrains it, 300 steps
    python benchmarks/tracking.py --quick --json cost.json

Processor time, not the clock: shares of it hold on a busy machine too. Counted are the calls that the training makes
(opening, parameters, figures, closing), and the thread that samples the machine; the import of MLflow stands apart.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import torch

from havoc.config import HavocConfig, TrainingConfig, load_config
from havoc.model import HavocModel
from havoc.training import RowLoader, Trainer

ALLOWED = 0.02  # of a training's processor time


class Counted:
    """A run logger whose calls are timed by the processor time of the thread that makes them."""

    def __init__(self, inner: Any) -> None:
        self._inner, self.seconds, self.calls = inner, 0.0, 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._timed(found) if callable(found) else found

    def _timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            began = time.thread_time()
            try:
                return call(*arguments, **named)
            finally:
                self.seconds += time.thread_time() - began
                self.calls += 1

        return timed


def measure(steps: int, log_every: int) -> dict[str, float]:
    """Train with logging to a new SQLite database; processor seconds by part."""
    began = time.process_time()
    import mlflow  # noqa: F401

    imported = time.process_time() - began
    from havoc.tracking import open_run

    shape = load_config(HavocConfig, "havoc_nano")
    recipe = load_config(TrainingConfig, "pretrain_laptop")
    config = recipe.replace(max_steps=steps, log_every=log_every, checkpoint_every=0, device="cpu")
    model = HavocModel.from_config(shape, seed=0)
    draw = np.random.default_rng(0)
    rows = draw.integers(0, shape.vocab_size, (256, (config.seq_len or 256) + 1))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        os.chdir(folder)
        os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{folder}/mlflow.db"
        with open_run("first"):  # makes the tables, once in the life of a database
            pass
        before, threads = time.process_time(), set(threading.enumerate())
        opened = time.thread_time()
        run = stack.enter_context(open_run("train", Path(folder) / "run"))
        opened = time.thread_time() - opened
        others = [t for t in threading.enumerate() if t not in threads]
        counted = Counted(run)
        loader = RowLoader(rows, config.batch_size, seed=0)
        trainer = Trainer(
            model, config, loader, Path(folder) / "run", logger=counted, show_progress=False
        )
        report = trainer.train()
        sampled = sum(_thread_seconds(t.native_id) for t in others)
        closed = time.thread_time()
        stack.close()
        closed = time.thread_time() - closed
        whole = time.process_time() - before
        os.chdir("/")
    logging = opened + counted.seconds + sampled + closed
    return {
        "steps": report.steps,
        "clock_seconds": report.seconds,
        "whole": whole,
        "open": opened,
        "figures": counted.seconds,
        "machine": sampled,
        "close": closed,
        "import": imported,
        "share": logging / whole,
        "share_of_a_step": (counted.seconds + sampled) / whole,
    }


def _thread_seconds(native_id: int | None) -> float:
    """Processor seconds of a thread so far, as Linux counts them."""
    path = Path(f"/proc/self/task/{native_id}/stat")
    if native_id is None or not path.exists():
        return 0.0
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--quick", action="store_true", help="40 steps")
    parser.add_argument("--log-every", type=int, default=20, help="1: the dearest there is")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    found = measure(40 if options.quick else options.steps, options.log_every)
    for name, value in found.items():
        print(f"{name:<16} {value:10.4f}")
    if options.json:
        ratios = {"two percent of a training:logging": ALLOWED / found["share_of_a_step"]}
        options.json.write_text(json.dumps({"ratios": ratios, "measured": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
