"""Several processes: a device mesh, FSDP2 sharding, and the few sums that processes share.

The model file knows nothing of this. ``Parallel.detect`` reads what torchrun sets; one process
takes the same path through the trainer with sums that are itself and no process group.
"""

from __future__ import annotations

import atexit
import os
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh
from torch.distributed.tensor import DTensor, distribute_tensor

from havoc.config import TrainingConfig
from havoc.errors import InputError
from havoc.model import HavocModel


@dataclass(frozen=True)
class Parallel:
    """This process among the others."""

    rank: int = 0
    size: int = 1
    local_rank: int = 0
    mesh: DeviceMesh | None = None

    @classmethod
    def detect(cls, config: TrainingConfig) -> Parallel:
        """Return this process's place, joining the others where torchrun started several."""
        size = int(os.environ.get("WORLD_SIZE", "1"))
        if size % config.replicas:
            raise InputError(
                f"replicas: {config.replicas} does not divide the {size} processes; see torchrun"
            )
        cuda = torch.cuda.is_available() and config.device in ("auto", "cuda")
        if config.cpu_offload and not cuda:
            raise InputError("cpu_offload: spares a GPU's memory, and torch sees no GPU")
        if size == 1 and not config.cpu_offload:
            return cls()
        local = int(os.environ.get("LOCAL_RANK", "0"))
        if cuda:
            torch.cuda.set_device(local)
        _join("cpu:gloo,cuda:nccl" if cuda else "gloo", size)
        # HSDP: sharded inside a replica, gradients averaged between replicas.
        shape, names = (size,), ("shard",)
        if config.replicas > 1:
            shape, names = (config.replicas, size // config.replicas), ("replicate", "shard")  # type: ignore[assignment]
        mesh = init_device_mesh("cuda" if cuda else "cpu", shape, mesh_dim_names=names)
        return cls(dist.get_rank(), size, local, mesh)

    @property
    def first(self) -> bool:
        """Whether this process writes what is written once."""
        return self.rank == 0

    def total(self, *values: float) -> list[float]:
        """Return the sums of numbers over the processes, in double precision."""
        if self.size == 1:
            return list(values)
        summed = torch.tensor(values, dtype=torch.float64)
        dist.all_reduce(summed)
        return [float(v) for v in summed]

    def barrier(self) -> None:
        """Wait for the others."""
        if self.size > 1:
            dist.barrier()

    def gather(self, value: Any) -> list[Any]:
        """Return every process's value, by rank."""
        if self.size == 1:
            return [value]
        values: list[Any] = [None] * self.size
        dist.all_gather_object(values, value)
        return values

    @property
    def sharded(self) -> bool:
        """Whether weights are in parts: several processes, or one that offloads."""
        return self.mesh is not None

    def from_first(self, value: Any) -> Any:
        """Return the first process's value."""
        if self.size == 1:
            return value
        box = [value]
        dist.broadcast_object_list(box, src=0)
        return box[0]


def _join(backend: str, size: int) -> None:
    """Join the processes that torchrun started, or a group of this one alone."""
    if dist.is_initialized():
        return
    if size == 1:
        dist.init_process_group(backend, store=dist.HashStore(), rank=0, world_size=1)
    else:
        dist.init_process_group(backend)
    atexit.register(_leave)


def _leave() -> None:
    if dist.is_initialized():
        dist.destroy_process_group()


def shard(model: HavocModel, config: TrainingConfig, parallel: Parallel) -> None:
    """Shard the weights of each block, and of the rest, over the mesh (in place).

    One process that does not offload: nothing to do. Blocks are compiled one by one, so that one graph serves them all
    and the collectives between them stay outside of it.
    """
    if parallel.mesh is None:
        return
    from torch.distributed.fsdp import (
        CPUOffloadPolicy,
        OffloadPolicy,
        fully_shard,
        register_fsdp_forward_method,
    )

    offload = CPUOffloadPolicy() if config.cpu_offload else OffloadPolicy()
    if config.compile:
        for block in model.blocks:
            block.compile()
    for block in model.blocks:
        fully_shard(block, mesh=parallel.mesh, offload_policy=offload)
    fully_shard(model, mesh=parallel.mesh, offload_policy=offload)
    register_fsdp_forward_method(model, "loss")


def whole(value: Tensor) -> Tensor:
    """Return a tensor with all its parts on this process; every process must call it."""
    return value.full_tensor() if isinstance(value, DTensor) else value


def like(value: Tensor, model: Tensor) -> Tensor:
    """Return this process's part of a whole tensor, laid out as another tensor is."""
    if not isinstance(model, DTensor):
        return value.to(model.device)
    placed = value.to(model.device)
    return distribute_tensor(placed, model.device_mesh, model.placements, src_data_rank=None)
