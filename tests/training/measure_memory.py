"""Peak memory of a few steps in a process of its own; prints bytes. See test_plan.py."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch

from havoc.config import HavocConfig, TrainingConfig
from havoc.model import HavocModel
from havoc.training import RowLoader, Trainer


def resident(name: str) -> int:
    """Return VmRSS or VmHWM of this process in bytes."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return 1024 * int(found[1])


def warm(folder: Path) -> None:
    """Load what the first steps of any run load: kernels, autograd, optimisers."""
    shape = {"d_model": 32, "num_layers": 1, "num_heads": 2, "num_kv_heads": 1, "head_dim": 16}
    run(HavocConfig(**shape, vocab_size=300, mlp_hidden_dim=32), TrainingConfig(**SMALL), folder)


def run(model: HavocConfig, config: TrainingConfig, folder: Path) -> None:
    """Train two steps."""
    width = (config.seq_len or model.max_seq_len) + 1
    rows = np.random.default_rng(0).integers(0, model.vocab_size, (2 * config.batch_size, width))
    segments = np.zeros_like(rows)
    segments[:, width // 2 :] = 1
    loader = RowLoader(rows, config.batch_size, segments=segments)
    built = HavocModel.from_config(model)
    Trainer(built, config, loader, folder, show_progress=False)._run_two()  # type: ignore[attr-defined]


SMALL = {"device": "cpu", "max_steps": 2, "eval_every": 0, "checkpoint_every": 0, "seq_len": 16}


def main() -> None:
    """Measure the configurations of the two arguments."""
    torch.set_num_threads(1)
    model, config = (
        HavocConfig(**json.loads(sys.argv[1])),
        TrainingConfig(**json.loads(sys.argv[2])),
    )

    def two_steps(self: Trainer) -> None:
        from havoc.training.journal import Journal

        journal = Journal(self._log_folder, self._logger, show_progress=False)
        for _ in range(2):
            self._step(journal)
        journal.close()

    Trainer._run_two = two_steps  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        warm(Path(folder) / "warm")
        before = resident("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")
        run(model, config, Path(folder) / "run")
    print(resident("VmHWM") - before)


if __name__ == "__main__":
    main()
