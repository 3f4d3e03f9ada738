"""The whole state of a run, to and from a checkpoint; one process or many.

One process writes ``model.pt`` and ``optimizer.pt``. Several write their parts side by side into
``shards/`` with torch.distributed.checkpoint. Either opens with any number of processes: weights
and moments are known by the name of their weight, not by their place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.distributed import checkpoint as dcp

from havoc.model import HavocModel
from havoc.model.directory import SHARDS
from havoc.training.checkpoints import Checkpoint
from havoc.training.optimisers import Optimisers
from havoc.training.parallel import Parallel, like, whole


class Weights:
    """The weights of a model, their moving average, and their optimisers' state."""

    def __init__(
        self, model: HavocModel, optimisers: Optimisers, average: dict[str, Tensor] | None
    ) -> None:
        self.model, self.optimisers, self.average = model, optimisers, average
        self._names = {id(p): name for name, p in model.named_parameters()}

    def files(self) -> dict[str, Any]:
        """Return the files of one process: ``model``, ``optimizer`` and, if kept, ``ema``."""
        files = {"model": self.model.state_dict(), "optimizer": self.optimisers.state_dict()}
        if self.average is not None:
            files["ema"] = self.average
        return files

    def write_shards(self, folder: Path) -> None:
        """Write this process's part; every process calls it at once."""
        dcp.save(self._flat(), checkpoint_id=folder / SHARDS)

    def load(self, checkpoint: Checkpoint, parallel: Parallel) -> None:
        """Take everything from a checkpoint, whichever way it was written."""
        if (checkpoint.path / SHARDS).is_dir():
            self._load_shards(checkpoint.path / SHARDS, parallel)
        else:
            self._load_files(checkpoint)

    def full(self) -> dict[str, Tensor]:
        """Return the whole weights by name, the average where one is kept; all processes call it."""
        kept = dict(self.model.named_parameters()) if self.average is None else self.average
        state = {name: whole(value.detach()) for name, value in kept.items()}
        if self.model.config.tie_embeddings:
            state["output.weight"] = state["embedding.weight"]
        return state

    # By name

    def _flat(self) -> dict[str, Tensor]:
        """Every tensor under a name; moments are made where the optimiser has not stepped yet."""
        flat = {f"model.{n}": p.detach() for n, p in self.model.named_parameters()}
        for name, optimiser, parameter in self._moments():
            for key, value in optimiser.state[parameter].items():
                flat[f"optimizer.{name}.{self._names[id(parameter)]}.{key}"] = value
        if self.average is not None:
            flat |= {f"ema.{name}": value for name, value in self.average.items()}
        return flat

    def _moments(self) -> Iterator[tuple[str, torch.optim.Optimizer, Tensor]]:
        for name, optimiser in self.optimisers.members.items():
            for group in optimiser.param_groups:
                for parameter in group["params"]:
                    yield name, optimiser, parameter

    def _load_shards(self, folder: Path, parallel: Parallel) -> None:
        known = dcp.FileSystemReader(folder).read_metadata().state_dict_metadata
        for name, optimiser, parameter in self._moments():
            prefix = f"optimizer.{name}.{self._names[id(parameter)]}."
            keys = [k.removeprefix(prefix) for k in known if k.startswith(prefix)]
            optimiser.state[parameter] = {
                key: torch.zeros(()) if key == "step" else torch.zeros_like(parameter)
                for key in keys
            }
        dcp.load(self._flat(), checkpoint_id=folder, no_dist=parallel.size == 1)

    @torch.no_grad()
    def _load_files(self, checkpoint: Checkpoint) -> None:
        found = checkpoint.tensors("model")
        for name, parameter in self.model.named_parameters():
            parameter.copy_(like(found[name], parameter))
        saved = checkpoint.tensors("optimizer")
        for name, optimiser in self.optimisers.members.items():
            _fill(optimiser, saved[name]["state"])
        if self.average is not None:
            for name, value in checkpoint.tensors("ema").items():
                self.average[name].copy_(like(value, self.average[name]))


def _fill(optimiser: torch.optim.Optimizer, state: Mapping[int, Mapping[str, Any]]) -> None:
    """Give each weight its saved moments; torch numbers weights in the order of the groups."""
    ordered = [p for group in optimiser.param_groups for p in group["params"]]
    optimiser.state.clear()
    for index, values in state.items():
        parameter = ordered[index]
        optimiser.state[parameter] = {
            # The count of steps is a number beside the weight, and never sharded.
            key: value.to(parameter.device) if key == "step" else like(value, parameter)
            for key, value in values.items()
        }
