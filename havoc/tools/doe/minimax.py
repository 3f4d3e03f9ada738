"""G-optimal designs: the smallest largest prediction variance over the candidate runs.

The largest of many variances is no smooth function of a design, and a single exchange seldom lowers
it: several points share it. So two smooth criteria that tend to it are lowered in its place:

1. a weighted mean of the variances, whose weights move to where the variance is large (Hernandez and
   Nachtsheim 2018, Journal of Quality Technology 50, 349-362; the weights by Lawson's rule), and
2. the mean of the variances' q-th powers, for growing q (Kiefer 1974, Annals of Statistics 2,
   849-879).

The largest itself picks the winner.
"""

from __future__ import annotations

import numpy as np

from havoc.tools.doe.design_model import IntArray
from havoc.tools.doe.row_exchange import RIDGE, Candidates
from havoc.tools.values import FloatArray

ROUNDS = 10  # of weights
POLISHED = 3  # designs that are exchanged on powers of the variances
POWERS = (6, 24, 96)
MAX_PASSES = 8
MAX_TRIALS = 40  # candidates compared in full for one run
MAX_CELLS = 20_000_000  # of (trial, candidate) pairs looked at for one power and pass


def lower_largest_variance(
    rows: FloatArray, fixed: FloatArray, designs: IntArray
) -> tuple[IntArray, float]:
    """The design (as row numbers) with the smallest largest variance found, and that variance.

    ``rows``: model rows (candidates, p); ``fixed``: runs that stay; ``designs``: starts.
    """
    pool = [(_largest(rows, fixed, design), design) for design in designs]
    pool += _reweighted(rows, fixed, designs)
    pool.sort(key=lambda one: one[0])
    for _, design in pool[:POLISHED]:
        now = design
        for power in POWERS:
            now = _climb(rows, fixed, now, power)
            pool.append((_largest(rows, fixed, now), now))
    largest, design = min(pool, key=lambda one: one[0])
    return design, largest


def _reweighted(
    rows: FloatArray, fixed: FloatArray, designs: IntArray
) -> list[tuple[float, IntArray]]:
    """Designs for weighted means of the variances, each round from the last one's designs."""
    found = []
    weights = np.full(len(rows), 1 / len(rows))
    for _ in range(ROUNDS):
        moments = (rows * weights[:, None]).T @ rows
        designs = Candidates(rows, fixed, moments).climb(designs)
        largest = [_largest(rows, fixed, design) for design in designs]
        best = int(np.argmin(largest))
        found.append((largest[best], designs[best]))
        inverse = _inverse(rows, fixed, designs[best])
        weights = weights * ((rows @ inverse) * rows).sum(axis=1)
        weights /= weights.sum()
    return found


def _inverse(rows: FloatArray, fixed: FloatArray, design: IntArray) -> FloatArray:
    x = rows[design]
    return np.asarray(np.linalg.inv(x.T @ x + fixed.T @ fixed + RIDGE * np.eye(x.shape[1])))


def _largest(rows: FloatArray, fixed: FloatArray, design: IntArray) -> float:
    inverse = _inverse(rows, fixed, design)
    return float(((rows @ inverse) * rows).sum(axis=1).max())


def _climb(rows: FloatArray, fixed: FloatArray, design: IntArray, power: int) -> IntArray:
    design = design.copy()
    trials = max(4, min(MAX_TRIALS, MAX_CELLS // (len(design) * len(rows))))
    for _ in range(MAX_PASSES):
        inverse = _inverse(rows, fixed, design)
        moved = False
        for i in range(len(design)):
            to = _replacement(rows, inverse, int(design[i]), power, trials)
            if to is not None:
                design[i] = to
                inverse = _inverse(rows, fixed, design)
                moved = True
        if not moved:
            break
    return design


def _replacement(
    rows: FloatArray, inverse: FloatArray, at: int, power: int, trials: int
) -> int | None:
    """The candidate whose place at this run lowers the mean power most; None where none does."""
    k = rows @ inverse
    variance = (k * rows).sum(axis=1)
    cross = k @ rows[at]
    ratio = (1 + variance) * (1 - variance[at]) + cross * cross
    # those that lower the weighted sum of variances, in which the largest weigh most, come first
    weights = (variance / variance.max()) ** (power - 1)
    spread = (k * weights[:, None]).T @ k
    phi = ((rows @ spread) * rows).sum(axis=1)
    core = (variance[at] - 1) * phi - 2 * cross * (rows @ (spread @ rows[at]))
    core += (1 + variance) * phi[at]
    gain = np.where(ratio > 1e-9, core / -np.where(ratio > 1e-9, ratio, 1), -np.inf)
    some = np.argsort(-gain, kind="stable")[:trials]
    some = some[ratio[some] > 1e-9]
    if not len(some):
        return None
    c_new = k @ rows[some].T  # (candidates, trials)
    a = 1 / (1 + variance[some])
    c_old = cross[:, None] - c_new * (cross[some] * a)
    left = 1 - c_old[at]
    after = variance[:, None] - c_new**2 * a + c_old**2 / left
    scale = variance.max()
    mean = ((np.maximum(after, 0) / scale) ** power).mean(axis=0)
    best = int(np.argmin(mean))
    now = float(((variance / scale) ** power).mean())
    return int(some[best]) if mean[best] < now * (1 - 1e-7) else None
