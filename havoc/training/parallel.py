"""Several processes: a device mesh, FSDP2 sharding, split matrices, and the few sums that processes share.

The model file knows nothing of this. ``Parallel.detect`` reads what torchrun sets; one process
takes the same path through the trainer with sums that are itself and no process group.

Processes that split the matrices of one copy (``tensor_parallel``) are neighbours: they read the same
rows and draw the same dropout. ``data_rank`` and ``data_size`` count such neighbours once.
"""

from __future__ import annotations

import atexit
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh
from torch.distributed.tensor import DTensor, distribute_tensor

from havoc.config import HavocConfig, TrainingConfig
from havoc.errors import InputError
from havoc.model import HavocModel
from havoc.training.compiling import graph_options


@dataclass(frozen=True)
class Parallel:
    """This process among the others."""

    rank: int = 0
    size: int = 1
    local_rank: int = 0
    mesh: DeviceMesh | None = None
    tensor: int = 1  # processes that split the matrices of one copy

    @classmethod
    def detect(cls, config: TrainingConfig) -> Parallel:
        """Return this process's place, joining the others where torchrun started several."""
        size = int(os.environ.get("WORLD_SIZE", "1"))
        for name in ("replicas", "tensor_parallel"):
            if size % getattr(config, name):
                raise InputError(
                    f"{name}: {getattr(config, name)} does not divide the {size} processes;"
                    " see torchrun"
                )
        replicas, tensor = config.replicas, config.tensor_parallel
        if size % (replicas * tensor):
            raise InputError(
                f"replicas x tensor_parallel: {replicas} x {tensor} does not divide the {size}"
                " processes; see torchrun"
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
        # HSDP: sharded inside a replica, gradients averaged between replicas. Matrices are split between
        # neighbours, whose link is the fastest.
        sizes = {"replicate": replicas, "shard": size // replicas // tensor, "tensor": tensor}
        names = tuple(n for n, s in sizes.items() if s > 1 or n == "shard")
        shape = tuple(sizes[n] for n in names)
        mesh = init_device_mesh("cuda" if cuda else "cpu", shape, mesh_dim_names=names)
        return cls(dist.get_rank(), size, local, mesh, tensor)

    @property
    def first(self) -> bool:
        """Whether this process writes what is written once."""
        return self.rank == 0

    @property
    def data_rank(self) -> int:
        """This process's place among those that read other rows."""
        return self.rank // self.tensor

    @property
    def data_size(self) -> int:
        """How many processes read rows of their own."""
        return self.size // self.tensor

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


def data_place(config: TrainingConfig) -> tuple[int, int]:
    """Return this process's place among those that read other rows, and their number."""
    rank, size = (int(os.environ.get(n, d)) for n, d in (("RANK", "0"), ("WORLD_SIZE", "1")))
    return rank // config.tensor_parallel, size // config.tensor_parallel


def refuse_split(model: HavocConfig, config: TrainingConfig) -> None:
    """Refuse matrices that cannot be split as ``tensor_parallel`` asks.

    Raises
    ------
    InputError
        If a process would have a part of a head, or other parts than the others; with adapters.
    """
    if config.tensor_parallel == 1:
        return
    for name in ("num_kv_heads", "mlp_hidden_dim"):
        if getattr(model, name) % config.tensor_parallel:
            raise InputError(
                f"tensor_parallel: {config.tensor_parallel} does not divide {name}"
                f" {getattr(model, name)}"
            )
    if config.lora_rank:
        raise InputError("tensor_parallel: splits whole matrices, not adapters; lora_rank 0")


def shard(model: HavocModel, config: TrainingConfig, parallel: Parallel) -> None:
    """Split and shard the weights of each block, and shard the rest, over the mesh (in place).

    One process that does not offload: nothing to do. Blocks are compiled one by one, so that one graph serves them all
    and the collectives between them stay outside of it.
    """
    refuse_split(model.config, config)
    if parallel.mesh is None:
        return
    from torch.distributed.fsdp import (
        CPUOffloadPolicy,
        OffloadPolicy,
        fully_shard,
        register_fsdp_forward_method,
    )

    if parallel.tensor > 1:
        _split(model, parallel.mesh["tensor"])
    mesh = parallel.mesh["replicate", "shard"] if config.replicas > 1 else parallel.mesh["shard"]
    offload = CPUOffloadPolicy() if config.cpu_offload else OffloadPolicy()
    if config.compile:
        for block in model.blocks:
            block.compile(options=graph_options())
    for block in model.blocks:
        fully_shard(block, mesh=mesh, offload_policy=offload)
    fully_shard(model, mesh=mesh, offload_policy=offload)
    register_fsdp_forward_method(model, "loss")


def _split(model: HavocModel, mesh: DeviceMesh) -> None:
    """Give each process some heads and some of the feed-forward units (Shoeybi et al. 2019, arXiv 1909.08053).

    One sum over the processes a layer and direction; norms, embedding and output layer are theirs whole.
    """
    from torch.distributed.tensor import Replicate
    from torch.distributed.tensor.parallel import (
        ColwiseParallel,
        PrepareModuleInput,
        RowwiseParallel,
        parallelize_module,
    )

    def entering(*others: None) -> PrepareModuleInput:
        """Make the stream one tensor for all matrices that read it: one sum backwards, not three."""
        layouts = (Replicate(), *others)
        return PrepareModuleInput(input_layouts=layouts, desired_input_layouts=layouts)

    # torch warns at each step that sums over two dimensions of a mesh are done one after the other.
    logging.getLogger("torch.distributed.tensor._redistribute").setLevel(logging.ERROR)
    for block in model.blocks:
        parallelize_module(
            block,
            mesh,
            {
                "attention": entering(None, None, None, None),
                "attention.query": ColwiseParallel(),
                "attention.key": ColwiseParallel(),
                "attention.value": ColwiseParallel(),
                "attention.output": RowwiseParallel(),
                "mlp": entering(),
                "mlp.gate": ColwiseParallel(),
                "mlp.up": ColwiseParallel(),
                "mlp.down": RowwiseParallel(),
            },
        )


def clip_gradients(parameters: Iterable[nn.Parameter], limit: float) -> Tensor:
    """Scale all gradients down to a norm of at most ``limit``; return the norm they had, whole.

    Split matrices and the other weights lie on different meshes, which one operation cannot mix.
    """
    groups: dict[int, list[nn.Parameter]] = {}
    for parameter in parameters:
        if parameter.grad is not None:
            mesh = parameter.device_mesh if isinstance(parameter, DTensor) else None
            groups.setdefault(0 if mesh is None else mesh.ndim, []).append(parameter)
    if len(groups) == 1:
        (alone,) = groups.values()
        return whole(nn.utils.clip_grad_norm_(alone, limit))
    norms = [
        whole(nn.utils.get_total_norm([p.grad for p in group if p.grad is not None]))
        for group in groups.values()
    ]
    norm = torch.linalg.vector_norm(torch.stack(norms))
    for group in groups.values():
        nn.utils.clip_grads_with_norm_(group, limit, norm)
    return norm


def whole(value: Tensor) -> Tensor:
    """Return a tensor with all its parts on this process; every process must call it."""
    return value.full_tensor() if isinstance(value, DTensor) else value


def like(value: Tensor, model: Tensor) -> Tensor:
    """Return this process's part of a whole tensor, laid out as another tensor is."""
    if not isinstance(model, DTensor):
        return value.to(model.device)
    placed = value.to(model.device)
    return distribute_tensor(placed, model.device_mesh, model.placements, src_data_rank=None)
