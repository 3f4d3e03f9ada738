"""Runs of one or several processes, forked from one that has everything imported.

A line of JSON on stdin asks for a run: ``folder``, ``size``, ``port``, ``changes`` to the
configuration, ``die_at`` (a step at which the last process kills itself) or ``kill_after`` (seconds
after the next checkpoint at which all are killed). A line on stdout gives the exit statuses, by rank.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import torch
from tiny_run import RUN, TINY, fingerprint, token_set

from havoc.config import TrainingConfig
from havoc.corpus.loader import MixtureLoader
from havoc.model import HavocModel
from havoc.training import Trainer
from havoc.training.journal import Journal
from havoc.training.parallel import data_place


def train(folder: Path, changes: dict[str, Any], die_at: int | None) -> None:
    """Train in this process, and leave what came of it in the folder."""
    rank, size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    kv_heads = changes.pop("num_kv_heads", TINY.num_kv_heads)
    shape = TINY.replace(dropout=changes.pop("dropout", 0.0), num_kv_heads=kv_heads)
    config = TrainingConfig(**{**RUN, **changes})
    data_rank, data_size = data_place(config)
    loader = MixtureLoader(
        token_set(folder.parent / "tokens"),
        {"stats": 1.0, "pairs": 2.0},
        batch_size=config.batch_size,
        seed=3,
        rank=data_rank,
        world_size=data_size,
    )
    model = HavocModel.from_config(shape, seed=1)
    trainer = Trainer(model, config, loader, folder, show_progress=False)
    step = trainer._step

    def dying(journal: Journal) -> dict[str, float]:
        if trainer.schedule.step == die_at and rank == size - 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return step(journal)

    trainer._step = dying  # type: ignore[method-assign]
    report = trainer.train()
    state = trainer.averaged_state()
    everything = [
        state,
        trainer.optimisers.state_dict() if size == 1 else None,
        trainer.loader.state_dict(),
        torch.get_rng_state(),
    ]
    if rank == 0:
        result = {"state": fingerprint(everything), "resumed": report.resumed_from}
        (folder / f"result_{size}.json").write_text(json.dumps(result))
        torch.save(state, folder / f"state_{size}.pt")


def fork(asked: dict[str, Any], rank: int) -> int:
    """Start one process of a run; return its number."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        os.environ.update(
            WORLD_SIZE=str(asked["size"]),
            RANK=str(rank),
            LOCAL_RANK=str(rank),
            MASTER_ADDR="127.0.0.1",
            MASTER_PORT=str(asked["port"]),
        )
        train(Path(asked["folder"]), dict(asked["changes"]), asked.get("die_at"))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def wait_for_checkpoint(folder: Path, child: int) -> None:
    """Wait until the run has written one more, however slow the machine; or has ended."""

    def newest() -> int:
        found = folder.glob("checkpoint_step_*")
        return max((int(p.name.split("_")[2]) for p in found if ".tmp" not in p.name), default=0)

    before = newest()
    ended = os.WEXITED | os.WNOHANG | os.WNOWAIT
    while newest() == before and os.waitid(os.P_PID, child, ended) is None:
        time.sleep(0.002)


def serve() -> None:
    """Answer one line after another."""
    torch.set_num_threads(1)
    for line in sys.stdin:
        asked = json.loads(line)
        children = [fork(asked, rank) for rank in range(asked["size"])]
        if "kill_after" in asked:
            wait_for_checkpoint(Path(asked["folder"]), children[0])
            time.sleep(asked["kill_after"])
            for child in children:
                os.kill(child, signal.SIGKILL)
        statuses = []
        for child in reversed(children):
            statuses.insert(0, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            if statuses[0] != 0:  # as torchrun does: when one is lost, the others end
                for other in children[: -len(statuses)]:
                    os.kill(other, signal.SIGKILL)
        print(json.dumps(statuses), flush=True)


if __name__ == "__main__":
    serve()
