"""The search for an optimal design: which exchange, how many starts, and coordinate exchange itself.

Where all candidate runs fit in memory, whole runs are exchanged (row_exchange). Beyond that one
coordinate of one run is exchanged at a time for the setting that improves the criterion most: Meyer
and Nachtsheim (1995), Technometrics 37, 60-69. All starts move together, so that each exchange is
one array operation. A design is an array of candidate indices (runs, factors).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from havoc.errors import InputError
from havoc.tools.doe.design_model import DesignModel, IntArray
from havoc.tools.doe.minimax import lower_largest_variance
from havoc.tools.doe.row_exchange import RIDGE, Candidates, criterion_of
from havoc.tools.values import FloatArray

BoolArray = npt.NDArray[np.bool_]
Allowed = Callable[[IntArray], BoolArray]  # indices (..., factors) -> whether the run is allowed
MAX_PASSES = 60
MAX_LISTED = 60_000  # candidate runs that are listed
MAX_CELLS = 500_000  # cells of their model rows
MINIMAX_STARTS = 6
MAX_WORK = 60_000_000_000  # of all starts together: about a minute


@dataclass(frozen=True)
class Search:
    """What to search: ``runs`` new runs beside ``fixed`` model rows.

    ``weight`` is None for D; otherwise the criterion is trace(inverse(X'X) weight): the identity
    for A, the region's moments for I. ``minimax``: the largest variance over the candidates (G);
    ``weight`` then holds the moments, whose design the search begins with. ``starts`` None: as many
    as take a fraction of a second.
    """

    model: DesignModel
    runs: int
    weight: FloatArray | None
    fixed: FloatArray
    allowed: Allowed | None
    starts: int | None
    seed: int
    minimax: bool = False

    @property
    def listed(self) -> bool:
        """Whether every candidate run can be listed."""
        count = math.prod(len(b) for b in self.model.base)
        return count <= MAX_LISTED and count * self.model.parameters <= MAX_CELLS

    @property
    def affordable(self) -> tuple[int, int]:
        """Starts by default and starts at most."""
        p, n = self.model.parameters, self.runs
        if self.listed:
            work = n * p * math.prod(len(b) for b in self.model.base)
            return min(240, max(12, 250_000_000 // work)), max(12, MAX_WORK // work)
        work = n * sum(len(b) for b in self.model.base) * p**2
        return min(100, max(5, 60_000_000 // work)), max(5, MAX_WORK // (20 * work))

    @property
    def tried(self) -> int:
        """Starts that are made."""
        usual, most = self.affordable
        return usual if self.starts is None else min(self.starts, most)


def exchange(search: Search, given: list[IntArray] | None = None) -> IntArray:
    """The best design found, as candidate indices (runs, factors).

    Raises
    ------
    InputError
        If no nonsingular design was found, or the largest variance cannot be searched for.
    """
    if search.listed:
        design, score = _listed_exchange(search, given or [])
    elif search.minimax:
        raise InputError(
            "criterion=G compares the prediction variance at every combination of the candidate "
            "settings, and here there are too many of them: use criterion=I, or fewer levels"
        )
    else:
        design, score = _coordinate_exchange(search, given or [])
    if not np.isfinite(score):
        raise InputError(
            "no design was found in which every term of the model can be estimated: "
            "add runs, take a smaller model or loosen the constraint"
        )
    return design


def _listed_exchange(search: Search, given: list[IntArray]) -> tuple[IntArray, float]:
    """Exchange whole runs."""
    base = [len(b) for b in search.model.base]
    indices = np.array(list(itertools.product(*(range(n) for n in base))), dtype=np.intp)
    number = np.arange(len(indices))
    if search.allowed is not None:
        kept = search.allowed(indices)
        number = np.where(kept, np.cumsum(kept) - 1, -1)
        indices = indices[kept]
    if not len(indices):
        raise InputError("the constraint leaves (almost) none of the candidate settings")
    rows = search.model.expand(search.model.points(indices))
    at = [number[np.ravel_multi_index(tuple(g.T), tuple(base))] for g in given]
    known = np.array([g for g in at if (g >= 0).all()], dtype=np.intp).reshape(-1, search.runs)
    generator = np.random.default_rng(search.seed)
    candidates = Candidates(rows, search.fixed, search.weight)
    designs, scores = candidates.best(search.runs, search.tried, generator, known)
    if search.minimax:
        precise = Candidates(rows, search.fixed).best(search.runs, search.tried, generator, known)
        usable = np.vstack([designs[np.isfinite(scores)], precise[0][np.isfinite(precise[1])]])
        if not len(usable):
            return indices[designs[0]], -math.inf
        usable = np.vstack([usable, candidates.greedy(MINIMAX_STARTS, search.runs, generator)])
        best, largest = lower_largest_variance(rows, search.fixed, usable)
        return indices[best], -largest
    return indices[designs[0]], float(scores[0])


def _score(search: Search, design: IntArray) -> FloatArray:
    """The criterion of each start, larger is better."""
    runs = search.runs + len(search.fixed)
    return criterion_of(_information(search, design), search.weight, runs)


def _coordinate_exchange(search: Search, given: list[IntArray]) -> tuple[IntArray, float]:
    generator = np.random.default_rng(search.seed)
    starts = [random_start(search, generator) for _ in range(search.tried)]
    design = np.stack([*starts, *given])
    order = [(i, j) for i in range(search.runs) for j in range(len(search.model.factors))]
    best = _score(search, design)
    for _ in range(MAX_PASSES):
        inverse = _inverse(search, design)
        for i, j in order:
            inverse = _improve(search, design, inverse, i, j)
        now = _score(search, design)
        if not (now > best + 1e-10).any():
            break
        best = np.maximum(best, now)
    final = _score(search, design)
    winner = int(np.argmax(final))
    return design[winner], float(final[winner])


def random_start(search: Search, generator: np.random.Generator) -> IntArray:
    counts = [len(b) for b in search.model.base]
    found = np.empty((0, len(counts)), dtype=np.intp)
    for _ in range(200):
        drawn = np.column_stack([generator.integers(0, n, search.runs * 4) for n in counts])
        if search.allowed is not None:
            drawn = drawn[search.allowed(drawn)]
        found = np.vstack([found, drawn])[: search.runs]
        if len(found) == search.runs:
            return found
    raise InputError("the constraint leaves (almost) none of the candidate settings")


def _information(search: Search, design: IntArray) -> FloatArray:
    x = search.model.expand(search.model.points(design))
    return np.asarray(np.swapaxes(x, -1, -2) @ x + search.fixed.T @ search.fixed)


def _inverse(search: Search, design: IntArray) -> FloatArray:
    information = _information(search, design)
    p = information.shape[-1]
    return np.asarray(np.linalg.inv(information + RIDGE * search.runs * np.eye(p)))


def _improve(search: Search, design: IntArray, inverse: FloatArray, i: int, j: int) -> FloatArray:
    """Exchange coordinate ``j`` of run ``i`` in every start; return the updated inverses."""
    model = search.model
    s, levels = len(design), len(model.base[j])
    trial = np.repeat(design[:, i][:, None, :], levels, axis=1)
    trial[:, :, j] = np.arange(levels)
    new = model.expand(model.points(trial))  # (starts, levels, parameters)
    old = model.expand(model.points(design[:, i]))  # (starts, parameters)
    m_old = np.einsum("spq,sq->sp", inverse, old)
    m_new = new @ inverse
    d_new = np.einsum("slp,slp->sl", m_new, new)
    d_cross = np.einsum("slp,sp->sl", new, m_old)
    d_old = np.einsum("sp,sp->s", old, m_old)[:, None]
    ratio = (1 + d_new) * (1 - d_old) + d_cross**2
    if search.weight is None:
        gain = ratio - 1
    else:
        gain = _trace_gain(search.weight, m_new, m_old, d_new, d_cross, d_old, ratio)
    gain = np.where(ratio > 1e-12, gain, -np.inf)
    if search.allowed is not None:
        gain = np.where(search.allowed(trial), gain, -np.inf)
    rows = np.arange(s)
    gain[rows, design[:, i, j]] = 0.0
    pick = np.argmax(gain, axis=1)
    moved = gain[rows, pick] > 1e-9
    if not moved.any():
        return inverse
    picked = np.where(moved, pick, design[:, i, j])
    design[:, i, j] = picked
    return _replace(inverse, new[rows, picked], old, moved)


def _trace_gain(
    weight: FloatArray,
    m_new: FloatArray,
    m_old: FloatArray,
    d_new: FloatArray,
    d_cross: FloatArray,
    d_old: FloatArray,
    ratio: FloatArray,
) -> FloatArray:
    """By how much trace(inverse weight) falls when ``old`` is replaced by ``new``.

    The 2x2 core of the Woodbury identity for X'X + new new' - old old'.
    """
    w_new = np.einsum("slp,pq,slq->sl", m_new, weight, m_new)
    w_cross = np.einsum("slp,pq,sq->sl", m_new, weight, m_old)
    w_old = np.einsum("sp,pq,sq->s", m_old, weight, m_old)[:, None]
    # inverse of [[1 + d_new, d_cross], [d_cross, d_old - 1]] has determinant -ratio
    core = (d_old - 1) * w_new - 2 * d_cross * w_cross + (1 + d_new) * w_old
    return np.asarray(core / -np.where(ratio > 1e-12, ratio, np.inf))


def _replace(inverse: FloatArray, new: FloatArray, old: FloatArray, moved: BoolArray) -> FloatArray:
    """Sherman-Morrison twice: add ``new``, remove ``old``, where ``moved``."""
    u = np.einsum("spq,sq->sp", inverse, new)
    added = (
        inverse - np.einsum("sp,sq->spq", u, u) / (1 + np.einsum("sp,sp->s", new, u))[:, None, None]
    )
    v = np.einsum("spq,sq->sp", added, old)
    left = 1 - np.einsum("sp,sp->s", old, v)
    left = np.where(np.abs(left) > 1e-14, left, 1e-14)
    removed = added + np.einsum("sp,sq->spq", v, v) / left[:, None, None]
    return np.where(moved[:, None, None], removed, inverse)
