"""Batches for training from token shards: mixed by weights, resumable to the row.

Where a group is written in blocks (``TokenSet.block``) a batch is of one group alone, and its rows are
cut into their blocks: a batch of 11 rows of 384 tokens is one of 33 rows of 128.

The order is a function of the seed and of how many rows each group has given, so the whole state is
a few counts. The mixture is not drawn at random: after any number of rows each group is within one
row of its share (Tijdeman 1980, The chairman assignment problem, Discrete Mathematics 32).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from havoc.corpus.tokens import Row, Split, TokenSet
from havoc.errors import InputError, nearest


@dataclass(frozen=True)
class Batch:
    """Rows of training, all of shape (batch, seq_len), or of shorter rows as many more.

    ``weights`` weigh the loss of each target (0: padding, another document's first token, a part
    of a pair that is not to be learnt). A token may attend to those before it with the same value
    in ``segments``; ``positions`` count from the document's start, or the row's if that is later.
    """

    tokens: NDArray[np.int64]
    targets: NDArray[np.int64]
    weights: NDArray[np.float32]
    segments: NDArray[np.int32]
    positions: NDArray[np.int32]

    @classmethod
    def of(cls, rows: list[Row], block: int | None = None) -> Batch:
        """Stack rows, cut into their blocks."""
        names = ("tokens", "targets", "weights", "segments", "positions")
        size = block or len(rows[0].tokens)
        return cls(**{n: np.stack([getattr(r, n) for r in rows]).reshape(-1, size) for n in names})


class MixtureLoader:
    """Endless batches of one split, groups mixed by weights.

    Parameters
    ----------
    tokens : TokenSet
        The shards.
    weights : mapping
        Share of the rows for each group, of any sum. Groups not named or of weight 0 are left
        out; a group that has no rows in this split gives its share to the others.
    batch_size : int
        Rows a batch on this process.
    seed : int
        Fixes the order of the rows.
    rank, world_size : int
        Which of how many processes: each takes its own rows of one global order.
    """

    def __init__(
        self,
        tokens: TokenSet,
        weights: Mapping[str, float],
        *,
        batch_size: int,
        seed: int = 0,
        split: Split = "train",
        rank: int = 0,
        world_size: int = 1,
    ) -> None:
        for name in weights:
            if name not in tokens.groups:
                known = ", ".join(tokens.groups)
                hint = nearest(name, tokens.groups)
                raise InputError(f"weights: no token group '{name}'{hint}; there are {known}")
        self._tokens = tokens
        self._split: Split = split
        self._groups = [n for n, w in sorted(weights.items()) if w > 0 and tokens.rows(n, split)]
        if not self._groups:
            raise InputError(f"weights: no group with a weight above 0 has any {split} rows")
        total = sum(weights[n] for n in self._groups)
        self.shares = {n: weights[n] / total for n in self._groups}
        self.batch_size, self._seed = batch_size, seed
        self._rank, self._world_size = rank, world_size
        blocks = [tokens.block(n) for n in self._groups]
        # Rows of one length make a batch; else whole batches are mixed instead of rows.
        self._at_once = 1 if len(set(blocks)) == 1 else batch_size * world_size
        self._taken = dict.fromkeys(self._groups, 0)
        self._orders: dict[str, tuple[int, NDArray[np.int64]]] = {}

    @property
    def epochs(self) -> dict[str, float]:
        """How often each group has been gone through."""
        return {n: self._taken[n] / self._tokens.rows(n, self._split) for n in self._groups}

    def next_batch(self) -> Batch:
        """Return this process's rows of the next global batch."""
        chosen: list[tuple[str, int]] = []
        while len(chosen) < self.batch_size * self._world_size:
            group = self._due(sum(self._taken.values()) / self._at_once + 1)
            chosen += [(group, self._next_row(group)) for _ in range(self._at_once)]
        mine = chosen[self._rank * self.batch_size : (self._rank + 1) * self.batch_size]
        rows = [self._tokens.row(group, self._split, n) for group, n in mine]
        return Batch.of(rows, self._tokens.block(mine[0][0]))

    def __iter__(self) -> Iterator[Batch]:
        while True:
            yield self.next_batch()

    def _next_row(self, group: str) -> int:
        epoch, place = divmod(self._taken[group], self._tokens.rows(group, self._split))
        self._taken[group] += 1
        return int(self._order(group, epoch)[place])

    def _due(self, served: float) -> str:
        """Of the groups that may have the next row (or batch), the one that must have one soonest."""
        if len(self._groups) == 1:
            return self._groups[0]
        margin = 1 / (2 * len(self._groups) - 2)
        behind = {n: self.shares[n] * served - self._taken[n] / self._at_once for n in self._groups}
        # The small allowance keeps a share such as 1/3 from being refused by its rounding.
        eligible = [n for n in self._groups if behind[n] >= margin - 1e-9]
        return min(eligible, key=lambda n: (1 - margin - behind[n]) / self.shares[n])

    def _order(self, group: str, epoch: int) -> NDArray[np.int64]:
        held = self._orders.get(group)
        if held is None or held[0] != epoch:
            key = [self._seed, epoch, *group.encode()]
            order = np.random.default_rng(key).permutation(self._tokens.rows(group, self._split))
            held = self._orders[group] = (epoch, order)
        return held[1]

    def state_dict(self) -> dict[str, Any]:
        """Return where the loader is, as plain values."""
        return {
            "fingerprint": self._tokens.fingerprint,
            "seed": self._seed,
            "split": self._split,
            "shares": dict(self.shares),
            "taken": dict(self._taken),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where ``state`` was taken; other data, seed or weights are refused.

        The number of processes and the batch size may differ: the state counts rows of the global
        order.
        """
        mine = self.state_dict()
        for name in ("fingerprint", "seed", "split", "shares"):
            if state.get(name) != mine[name]:
                raise InputError(
                    f"cannot resume: the checkpoint's {name} is {state.get(name)!r}, "
                    f"these tokens have {mine[name]!r}"
                )
        self._taken = {name: int(state["taken"][name]) for name in self._groups}
        self._orders.clear()


def batches_once(
    tokens: TokenSet, group: str, split: Split, batch_size: int, limit: int | None = None
) -> Iterator[Batch]:
    """Yield every row of a group once, in order; the last batch may be smaller. For evaluation."""
    total = tokens.rows(group, split)
    for count, start in enumerate(range(0, total, batch_size)):
        if limit is not None and count >= limit:
            return
        stop = min(start + batch_size, total)
        rows = [tokens.row(group, split, n) for n in range(start, stop)]
        yield Batch.of(rows, tokens.block(group))
