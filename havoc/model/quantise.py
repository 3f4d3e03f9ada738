"""Weight-only quantisation for inference, by torchao: int8 a row, int4 in groups.

The matrices of the blocks are stored in 8 or 4 bits with a scale and multiplied in the type of
their input; embedding, norms and output layer stay as they are. What it costs in perplexity is
measured, not promised: ``perplexity`` before and after.
"""

from __future__ import annotations

import copy
import logging
import math
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from havoc.errors import InputError
from havoc.model.transformer import HavocModel

KINDS = ("int8", "int4")
GROUP = 32  # int4: weights of a row that share a scale


def quantised(model: HavocModel, kind: str) -> HavocModel:
    """Return a copy whose blocks have int8 or int4 weights.

    Raises
    ------
    InputError
        If the kind is unknown, torchao is missing, or int4's groups do not divide a width.
    """
    if kind not in KINDS:
        raise InputError(f"quantise: expected {' or '.join(KINDS)}, got '{kind}'")
    logging.getLogger("torchao").setLevel(logging.ERROR)  # it complains of GPU kernels on a CPU
    try:
        from torchao.quantization import IntxWeightOnlyConfig, PerAxis, PerGroup, quantize_
    except ImportError:
        raise InputError(
            "quantise: the package torchao is missing; pip install 'havoc[quantise]'"
        ) from None
    widths = {m.in_features for m in model.blocks.modules() if isinstance(m, nn.Linear)}
    odd = sorted(w for w in widths if w % GROUP)
    if kind == "int4" and odd:
        raise InputError(f"quantise: int4 needs widths that {GROUP} divides, and {odd[0]} is not")
    narrow = copy.deepcopy(model).eval()
    if kind == "int8":
        config = IntxWeightOnlyConfig(weight_dtype=torch.int8, granularity=PerAxis(0))
    else:
        int4 = torch.int4  # type: ignore[attr-defined]  # not in torch's stubs
        config = IntxWeightOnlyConfig(weight_dtype=int4, granularity=PerGroup(GROUP))
    quantize_(narrow.blocks, config)
    return narrow


def stored_bytes(model: HavocModel, kind: str | None = None) -> int:
    """Return the bytes of the weights, those of the blocks' matrices as packed in ``kind``."""
    total = 0
    for name, parameter in model.named_parameters():
        matrix = name.startswith("blocks.") and parameter.dim() == 2
        if not matrix or kind is None:
            total += parameter.numel() * parameter.element_size()
        elif kind == "int8":
            total += parameter.numel() + 4 * parameter.shape[0]
        else:
            total += parameter.numel() // 2 + 4 * parameter.numel() // GROUP
    return total


@torch.no_grad()
def perplexity(model: HavocModel, batches: Iterable[Sequence[Tensor]]) -> float:
    """Return the perplexity on batches: tokens, targets, weights and, of packed rows, segments.

    All of shape (batch, seq). Without segments the documents of a row see each other.
    """
    total, count = 0.0, 0.0
    for tokens, targets, weights, *packed in batches:
        segments = packed[0] if packed else None
        total += float(model.loss(tokens, targets, weights, segments))
        count += float(weights.sum())
    return math.exp(total / count) if count else math.nan
