"""Low-rank adapters (LoRA, Hu et al. 2021, arXiv 2106.09685): train few weights, then merge them.

An adapted layer keeps its weight, frozen and under its own name, and adds ``lora_a`` and
``lora_b``; at the start ``lora_b`` is zero, so that nothing changes. Merged, the model is again one
of the plain layout.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from havoc.errors import InputError
from havoc.model.transformer import HavocModel


class LoraLinear(nn.Linear):
    """``x W^T + (alpha / rank) x A^T B^T`` with W frozen."""

    lora_a: nn.Parameter  # (rank, in)
    lora_b: nn.Parameter  # (out, rank)
    scale: float

    @classmethod
    def around(cls, linear: nn.Linear, rank: int, alpha: float, seed: int) -> LoraLinear:
        """Adapt a layer; its weight is shared and frozen."""
        with torch.device("meta"):
            adapted = cls(linear.in_features, linear.out_features, bias=False)
        weight = linear.weight.requires_grad_(False)
        adapted.weight = weight
        generator = torch.Generator(device=weight.device).manual_seed(seed)
        first = torch.empty(rank, linear.in_features, device=weight.device, dtype=weight.dtype)
        bound = 1.0 / math.sqrt(linear.in_features)  # as peft starts it: Kaiming with a = sqrt(5)
        adapted.lora_a = nn.Parameter(first.uniform_(-bound, bound, generator=generator))
        adapted.lora_b = nn.Parameter(weight.new_zeros(linear.out_features, rank))
        adapted.scale = alpha / rank
        return adapted

    def forward(self, x: Tensor) -> Tensor:
        through = F.linear(F.linear(x, self.lora_a), self.lora_b)
        return F.linear(x, self.weight) + self.scale * through


def add_adapters(model: HavocModel, rank: int, alpha: float, *, seed: int = 0) -> None:
    """Adapt every matrix of the blocks and freeze all other weights (in place).

    Raises
    ------
    InputError
        If the rank is above the smallest side of a matrix.
    """
    smallest = min(min(m.weight.shape) for m in model.blocks.modules() if isinstance(m, nn.Linear))
    if rank > smallest:
        raise InputError(f"lora_rank: {rank} is above the smallest width of a matrix, {smallest}")
    model.requires_grad_(False)
    number = 0
    for module in list(model.blocks.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Linear):
                number += 1
                setattr(module, name, LoraLinear.around(child, rank, alpha, seed + number))


def adapter_state(model: HavocModel) -> dict[str, Tensor]:
    """Return the adapters alone, to keep beside the model they belong to."""
    return {n: p.detach() for n, p in model.named_parameters() if "lora_" in n.rsplit(".", 1)[-1]}


@torch.no_grad()
def merged(state: Mapping[str, Tensor], scale: float) -> dict[str, Tensor]:
    """Return a state of the plain layout: each weight with its adapter's product added.

    ``scale`` is alpha / rank. The sums are in float32 whatever the weights' type.
    """
    plain = {n: w for n, w in state.items() if not n.endswith((".lora_a", ".lora_b"))}
    for name, first in state.items():
        if name.endswith(".lora_a"):
            layer = name.removesuffix(".lora_a")
            weight, second = state[f"{layer}.weight"], state[f"{layer}.lora_b"]
            change = scale * (second.float() @ first.float())
            plain[f"{layer}.weight"] = (weight.float() + change).to(weight.dtype)
    return plain
