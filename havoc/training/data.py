"""What the trainer needs of its data, and a loader over rows in memory.

``Loader`` is a protocol: the packed memory-mapped loader of ``havoc.corpus`` fits it as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from havoc.errors import InputError
from havoc.tokenizer.tokenizer import UNK_ID


class BatchLike(Protocol):
    """One micro-batch, as numpy arrays or tensors of shape (batch, seq)."""

    @property
    def tokens(self) -> Any:
        """Token ids."""

    @property
    def targets(self) -> Any:
        """The token that follows each."""

    @property
    def weights(self) -> Any:
        """Weight of each target in the loss; 0 masks it."""

    @property
    def segments(self) -> Any | None:
        """Number of the document of each token, where documents must not see each other."""


class Loader(Protocol):
    """An endless, resumable stream of micro-batches."""

    def next_batch(self) -> BatchLike:
        """Return the next micro-batch."""

    def state_dict(self) -> dict[str, Any]:
        """Return the position in the stream, as plain JSON values.

        Its entry ``fingerprint`` names the data; a run refuses to resume on other data.
        """

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go to a position; the stream continues bit by bit as it would have."""


@dataclass(frozen=True)
class Batch:
    """One micro-batch."""

    tokens: Tensor
    targets: Tensor
    weights: Tensor
    segments: Tensor | None = None


def to_device(batch: BatchLike, device: torch.device) -> Batch:
    """Return a micro-batch as tensors of the right types on a device."""

    def placed(values: Any, dtype: torch.dtype) -> Tensor:
        return torch.as_tensor(values).to(device=device, dtype=dtype, non_blocking=True)

    return Batch(
        tokens=placed(batch.tokens, torch.long),
        targets=placed(batch.targets, torch.long),
        weights=placed(batch.weights, torch.float32),
        segments=None if batch.segments is None else placed(batch.segments, torch.long),
    )


def hide_tokens(batch: Batch, share: float, kept: Tensor | None = None) -> Batch:
    """Put the unknown piece in place of some tokens that nothing is learnt of (word dropout).

    A program can then not be learnt by heart from one word of its request. Each row draws its own
    share, uniformly from 0 to twice ``share``, so that whole requests are seen as well. The draws come
    from torch's generator on the CPU, whose state a checkpoint keeps.

    Parameters
    ----------
    kept
        Pieces that are never hidden, such as those that programs are made of.

    References
    ----------
    Iyyer et al. (2015), Deep unordered composition rivals syntactic methods for text classification.
    """
    shape, device = batch.tokens.shape, batch.tokens.device
    rate = 2 * share * torch.rand(shape[0], 1)
    hidden = (torch.rand(shape) < rate).to(device) & (batch.weights == 0)
    if kept is not None:
        hidden &= ~torch.isin(batch.tokens, kept)
    return replace(batch, tokens=batch.tokens.masked_fill(hidden, UNK_ID))


class RowLoader:
    """Packed rows in memory, shuffled anew each epoch.

    Parameters
    ----------
    tokens, weights, segments
        Arrays (rows, seq + 1): the weight at position ``i`` is that of token ``i`` as a target.
    batch_size
        Rows of a micro-batch.
    seed
        Seed of the order.
    """

    def __init__(
        self,
        tokens: np.ndarray,
        batch_size: int,
        *,
        weights: np.ndarray | None = None,
        segments: np.ndarray | None = None,
        seed: int = 0,
    ) -> None:
        if len(tokens) < batch_size:
            raise InputError(
                f"batch_size: {batch_size} is more than the {len(tokens)} rows there are"
            )
        self._tokens, self._segments = tokens, segments
        self._weights = np.ones(tokens.shape, np.float32) if weights is None else weights
        self._batch_size, self._seed = batch_size, seed
        self._epoch, self._next = 0, 0
        self._order = self._shuffled()
        digest = hashlib.sha256(f"{tokens.shape}{seed}{batch_size}".encode())
        for array in (tokens, self._weights, segments):
            digest.update(b"" if array is None else np.ascontiguousarray(array).tobytes())
        self.fingerprint = digest.hexdigest()

    def _shuffled(self) -> np.ndarray:
        return np.random.default_rng((self._seed, self._epoch)).permutation(len(self._tokens))

    def next_batch(self) -> Batch:
        """Return the next rows; an incomplete rest of an epoch is left out."""
        if self._next + self._batch_size > len(self._order):
            self._epoch, self._next = self._epoch + 1, 0
            self._order = self._shuffled()
        rows = self._order[self._next : self._next + self._batch_size]
        self._next += self._batch_size
        tokens = torch.as_tensor(self._tokens[rows].astype(np.int64))
        weights = torch.as_tensor(self._weights[rows])
        segments = None
        if self._segments is not None:
            segments = torch.as_tensor(self._segments[rows].astype(np.int64))
            weights = weights.clone()
            weights[:, 1:][segments[:, 1:] != segments[:, :-1]] = 0.0
            segments = segments[:, :-1]
        return Batch(tokens[:, :-1], tokens[:, 1:], weights[:, 1:], segments)

    def state_dict(self) -> dict[str, Any]:
        """Return epoch and position."""
        return {"fingerprint": self.fingerprint, "epoch": self._epoch, "next": self._next}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go to an epoch and position."""
        self._epoch, self._next = int(state["epoch"]), int(state["next"])
        self._order = self._shuffled()


def pack_rows(
    documents: Sequence[tuple[Sequence[int], Sequence[float]]], seq_len: int, pad_id: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pack documents (tokens, weights) into rows of ``seq_len + 1``; only longer ones are split.

    Best fit by falling length, which leaves well below one percent of padding for short documents.

    Returns
    -------
    tokens, weights, segments
        Arrays (rows, seq_len + 1); padding has weight 0 and a segment of its own.
    """
    width = seq_len + 1
    parts = [
        (tokens[start : start + width], weights[start : start + width])
        for tokens, weights in documents
        for start in range(0, len(tokens), width)
    ]
    rows: list[list[int]] = []
    with_space: list[list[int]] = [[] for _ in range(width + 1)]  # rows by the space they have left
    for index in sorted(range(len(parts)), key=lambda i: -len(parts[i][0])):
        need = len(parts[index][0])
        space = next((s for s in range(need, width) if with_space[s]), width)
        if space == width:
            rows.append([])
            with_space[width].append(len(rows) - 1)
        place = with_space[space].pop()
        rows[place].append(index)
        with_space[space - need].append(place)
    shape = (len(rows), width)
    tokens_out = np.full(shape, pad_id, np.int64)
    weights_out = np.zeros(shape, np.float32)
    segments_out = np.full(shape, -1, np.int64)
    for r, members in enumerate(rows):
        at = 0
        for number, index in enumerate(members):
            tokens, weights = parts[index]
            here = slice(at, at + len(tokens))
            tokens_out[r, here], weights_out[r, here] = tokens, weights
            segments_out[r, here] = number
            at += len(tokens)
    return tokens_out, weights_out, segments_out
