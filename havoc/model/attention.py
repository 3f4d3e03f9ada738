"""Which way the attention of a layer is computed.

torch's fused kernel everywhere but for one case: on a processor that multiplies bfloat16 natively,
its backward pass takes 2 to 3 times as long as plain matrix products while the scores are small
(batch 16, 6 heads, 256 tokens, width 32, one core: 15 + 48 against 13 + 21 ms forward and back).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

MOST_SCORES = 32 * 1024 * 1024  # of one layer, kept for the backward pass: 64 MB in bfloat16


def product_dtype(x: Tensor) -> torch.dtype:
    """Return the type in which a matrix product of ``x`` is done: that of autocast, if it is on."""
    device = x.device.type
    return torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else x.dtype


def by_matrices(
    dtype: torch.dtype, device: torch.device, batch: int, heads: int, seq_len: int
) -> bool:
    """Return whether plain matrix products are the faster way to train."""
    return (
        dtype == torch.bfloat16
        and device.type == "cpu"
        and torch.is_grad_enabled()
        and batch * heads * seq_len * seq_len <= MOST_SCORES
    )


def additive(mask: Tensor | None, seq_len: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return what is added to the scores: 0 where a token may look, minus infinity elsewhere."""
    if mask is None:
        mask = torch.ones(1, 1, seq_len, seq_len, dtype=torch.bool, device=device).tril()
    return torch.zeros(mask.shape, dtype=dtype, device=device).masked_fill_(~mask, -torch.inf)


def attend(
    query: Tensor,  # (batch, heads, seq, head_dim)
    key: Tensor,  # (batch, kv_heads, keys, head_dim)
    value: Tensor,
    mask: Tensor | None,  # (batch or 1, 1, seq, keys): true or 0 where a token may look
    *,
    causal: bool,
) -> Tensor:
    """Return the mixed values, (batch, heads, seq, head_dim).

    ``mask`` of a floating type, as ``additive`` makes it, asks for matrix products.
    """
    if mask is not None and mask.dtype != torch.bool:
        return _matrix_products(query, key, value, mask)
    return F.scaled_dot_product_attention(
        query,
        key,
        value,
        attn_mask=mask,
        is_causal=causal,
        enable_gqa=key.shape[1] != query.shape[1],
    )


def _matrix_products(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    """Fold the query heads that share a key head into rows: one product a key head."""
    batch, heads, seq_len, head_dim = query.shape
    kv_heads = key.shape[1]
    groups, rows = batch * kv_heads, heads // kv_heads * seq_len
    folded = (query * head_dim**-0.5).reshape(groups, rows, head_dim)
    scores = torch.bmm(folded, key.reshape(groups, -1, head_dim).mT)
    scores = scores.view(batch, heads, seq_len, -1).add_(bias)
    shares = scores.softmax(-1).view(groups, rows, -1)
    mixed = torch.bmm(shares, value.reshape(groups, -1, head_dim))
    return mixed.view(batch, heads, seq_len, head_dim)
