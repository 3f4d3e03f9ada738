"""One process of a run of several, started by torchrun; prints its losses and fingerprint."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import torch
from tiny_run import RUN, TINY, fingerprint, token_set

from havoc.config import TrainingConfig
from havoc.corpus.loader import MixtureLoader
from havoc.model import HavocModel
from havoc.training import Trainer


def main() -> None:
    """Train in the folder of the first argument; JSON overrides and a step to die at follow."""
    folder, changes = Path(sys.argv[1]), json.loads(sys.argv[2])
    torch.set_num_threads(1)
    rank, size = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    shape = TINY.replace(dropout=changes.pop("dropout", 0.0))
    die_at = changes.pop("die_at", None)
    config = TrainingConfig(**{**RUN, **changes})
    loader = MixtureLoader(
        token_set(folder.parent / "tokens"),
        {"stats": 1.0, "pairs": 2.0},
        batch_size=config.batch_size,
        seed=3,
        rank=rank,
        world_size=size,
    )
    trainer = Trainer(HavocModel.from_config(shape, seed=1), config, loader, folder)
    if die_at is not None:
        step = trainer._step

        def dying(journal):  # type: ignore[no-untyped-def]
            if trainer.schedule.step == die_at:
                os.kill(os.getpid(), 9)
            return step(journal)

        trainer._step = dying  # type: ignore[method-assign]
    report = trainer.train()
    state = trainer.averaged_state()
    if rank == 0:
        result = {
            "state": fingerprint(state),
            "resumed": report.resumed_from,
            "steps": report.steps,
        }
        (folder / f"result_{size}.json").write_text(json.dumps(result))
        torch.save(state, folder / f"state_{size}.pt")


if __name__ == "__main__":
    main()
