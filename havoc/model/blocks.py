"""The pieces of the transformer: RMSNorm, rotary embedding, grouped-query attention, SwiGLU.

Layouts are those of Llama (rotary halves, separate projections), so that weights convert
by renaming. No layer has a bias. Modules know nothing of devices.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from havoc.config import HavocConfig
from havoc.model.attention import attend, product_dtype
from havoc.model.cache import KVCache


class RMSNorm(nn.Module):
    """Root mean square normalisation (Zhang and Sennrich 2019, arXiv 1910.07467)."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        # In float32 whatever the input: squares overflow float16 and drown in bfloat16.
        wide = x.float()
        normed = wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.eps)
        scaled = self.weight * normed.to(x.dtype)
        # Once here rather than in each of the layers that read it: they keep their inputs.
        return scaled.to(product_dtype(scaled))


class Rotary(nn.Module):
    """Rotary position embedding (Su et al. 2021, arXiv 2104.09864)."""

    cos: Tensor
    sin: Tensor

    def __init__(self, config: HavocConfig) -> None:
        super().__init__()
        self.head_dim, self.theta = config.head_dim, config.rope_theta
        self.max_seq_len = config.max_seq_len
        shape = (config.max_seq_len, config.head_dim)
        self.register_buffer("cos", torch.empty(shape), persistent=False)
        self.register_buffer("sin", torch.empty(shape), persistent=False)

    def reset(self) -> None:
        """Fill the tables; needed after a build on the meta device."""
        exponent = torch.arange(0, self.head_dim, 2, dtype=torch.int64).float() / self.head_dim
        frequency = 1.0 / self.theta**exponent
        angle = torch.outer(torch.arange(self.max_seq_len).float(), frequency).repeat(1, 2)
        self.cos.copy_(angle.cos())
        self.sin.copy_(angle.sin())

    def forward(self, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Return cosines and sines of positions (batch, seq), as (batch, 1, seq, dim)."""
        return self.cos[positions][:, None], self.sin[positions][:, None]


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn pairs (i, i + half) of each head by the angle of their position."""
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat((-second, first), dim=-1)
    return x * cos.to(x.dtype) + turned * sin.to(x.dtype)


class Attention(nn.Module):
    """Grouped-query attention (Ainslie et al. 2023, arXiv 2305.13245)."""

    def __init__(self, config: HavocConfig) -> None:
        super().__init__()
        self.head_dim = config.head_dim
        width, kv_width = config.num_heads * config.head_dim, config.num_kv_heads * config.head_dim
        self.query = nn.Linear(config.d_model, width, bias=False)
        self.key = nn.Linear(config.d_model, kv_width, bias=False)
        self.value = nn.Linear(config.d_model, kv_width, bias=False)
        self.output = nn.Linear(width, config.d_model, bias=False)

    def forward(
        self,
        x: Tensor,  # (batch, seq, d_model)
        angles: tuple[Tensor, Tensor],
        mask: Tensor | None,
        cache: KVCache | None,
        layer: int,
    ) -> Tensor:
        batch, seq_len, _ = x.shape
        # -1: where heads are split over processes, those of this one.
        query = self.query(x).view(batch, seq_len, -1, self.head_dim).transpose(1, 2)
        key = self.key(x).view(batch, seq_len, -1, self.head_dim).transpose(1, 2)
        value = self.value(x).view(batch, seq_len, -1, self.head_dim).transpose(1, 2)
        query, key = rotate(query, *angles), rotate(key, *angles)
        if cache is not None:
            key, value = cache.store(layer, key, value)
        mixed = attend(query, key, value, mask, causal=mask is None and cache is None)
        return self.output(mixed.transpose(1, 2).reshape(batch, seq_len, -1))


class SwiGLU(nn.Module):
    """Gated feed-forward layer (Shazeer 2020, arXiv 2002.05202)."""

    def __init__(self, config: HavocConfig) -> None:
        super().__init__()
        self.gate = nn.Linear(config.d_model, config.mlp_hidden_dim, bias=False)
        self.up = nn.Linear(config.d_model, config.mlp_hidden_dim, bias=False)
        self.down = nn.Linear(config.mlp_hidden_dim, config.d_model, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(F.silu(self.gate(x)) * self.up(x))


class Block(nn.Module):
    """Attention, then feed-forward; each normalised before and added to the stream."""

    def __init__(self, config: HavocConfig, layer: int) -> None:
        super().__init__()
        self.layer = layer
        self.attention_norm = RMSNorm(config.d_model, config.rms_norm_eps)
        self.attention = Attention(config)
        self.mlp_norm = RMSNorm(config.d_model, config.rms_norm_eps)
        self.mlp = SwiGLU(config)
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self,
        x: Tensor,
        angles: tuple[Tensor, Tensor],
        mask: Tensor | None = None,
        cache: KVCache | None = None,
    ) -> Tensor:
        mixed = self.attention(self.attention_norm(x), angles, mask, cache, self.layer)
        x = x + self.dropout(mixed)
        return x + self.dropout(self.mlp(self.mlp_norm(x)))
