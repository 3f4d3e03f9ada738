"""Keys and values of the tokens already seen, kept in memory that is allocated once.

Rows may have different lengths: row ``b`` holds its tokens in slots ``0 .. lengths[b] - 1``. Slots
beyond that may hold rubbish from padding; the causal mask never looks there and later tokens
overwrite it.
"""

from __future__ import annotations

import torch
from torch import Tensor

from havoc.config import HavocConfig


class KVCache:
    """Preallocated keys and values of every layer, for a batch of sequences."""

    def __init__(
        self,
        config: HavocConfig,
        batch_size: int,
        capacity: int,
        *,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> None:
        shape = (config.num_layers, batch_size, config.num_kv_heads, capacity, config.head_dim)
        self.keys = torch.zeros(shape, dtype=dtype, device=device)
        self.values = torch.zeros(shape, dtype=dtype, device=device)
        self.lengths = [0] * batch_size

    @property
    def capacity(self) -> int:
        """Slots of one row."""
        return self.keys.shape[3]

    @property
    def batch_size(self) -> int:
        """Number of rows."""
        return len(self.lengths)

    @property
    def uniform(self) -> bool:
        """Whether every row has the same length."""
        return len(set(self.lengths)) <= 1

    def positions(self, seq_len: int) -> Tensor:
        """Return the slots that the next ``seq_len`` tokens take, (batch, seq)."""
        start = torch.tensor(self.lengths, device=self.keys.device)
        return start[:, None] + torch.arange(seq_len, device=self.keys.device)

    def store(self, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Write new keys and values (batch, kv_heads, seq, head_dim); return all so far."""
        seq_len = key.shape[2]
        end = max(self.lengths) + seq_len
        keys, values = self.keys[layer], self.values[layer]
        if self.uniform:
            start = self.lengths[0]
            keys[:, :, start:end] = key
            values[:, :, start:end] = value
        else:
            rows = torch.arange(self.batch_size, device=key.device)[:, None]
            slots = self.positions(seq_len)
            keys[rows, :, slots] = key.transpose(1, 2)
            values[rows, :, slots] = value.transpose(1, 2)
        return keys[:, :, :end], values[:, :, :end]

    def mask(self, seq_len: int) -> Tensor | None:
        """Return which slots each new token may see, (batch, 1, seq, slots); None: all."""
        if self.uniform and seq_len == 1:
            return None
        slots = torch.arange(max(self.lengths) + seq_len, device=self.keys.device)
        return (slots[None, None, :] <= self.positions(seq_len)[:, :, None])[:, None]

    def advance(self, counts: int | list[int]) -> None:
        """Count the tokens just written; rows that were padded count fewer."""
        added = [counts] * self.batch_size if isinstance(counts, int) else counts
        self.lengths = [n + a for n, a in zip(self.lengths, added, strict=True)]

    def select(self, rows: list[int]) -> KVCache:
        """Return a cache of some rows, a row perhaps several times; itself if nothing changes."""
        if rows == list(range(self.batch_size)):
            return self
        chosen = object.__new__(KVCache)
        chosen.lengths = [self.lengths[r] for r in rows]
        used = max(chosen.lengths, default=0)
        index = torch.tensor(rows, dtype=torch.long, device=self.keys.device)
        shape = (self.keys.shape[0], len(rows), *self.keys.shape[2:])
        chosen.keys, chosen.values = self.keys.new_zeros(shape), self.values.new_zeros(shape)
        chosen.keys[..., :used, :] = self.keys[..., :used, :].index_select(1, index)
        chosen.values[..., :used, :] = self.values[..., :used, :].index_select(1, index)
        return chosen
