"""Coordinate exchange for optimal designs, over many starts at once.

Meyer and Nachtsheim (1995), Technometrics 37, 60-69. A design is an array of candidate indices;
one coordinate of one run is exchanged at a time for the setting that improves the criterion most.
All starts move together, so that each exchange is one array operation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from havoc.errors import InputError
from havoc.tools.doe.design_model import DesignModel
from havoc.tools.values import FloatArray

IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]
Allowed = Callable[[IntArray], BoolArray]  # indices (..., factors) -> whether the run is allowed
RIDGE = 1e-9
MAX_PASSES = 60


@dataclass(frozen=True)
class Search:
    """What to search: ``runs`` new runs beside ``fixed`` model rows.

    ``weight`` is None for D; otherwise the criterion is trace(inverse(X'X) weight): the identity
    for A, the region's moments for I.
    """

    model: DesignModel
    runs: int
    weight: FloatArray | None
    fixed: FloatArray
    allowed: Allowed | None
    starts: int
    seed: int


def score(search: Search, design: IntArray) -> FloatArray:
    """The criterion of each start, larger is better."""
    x = search.model.expand(search.model.points(design))
    information = np.swapaxes(x, -1, -2) @ x + search.fixed.T @ search.fixed
    p = information.shape[-1]
    smallest = np.linalg.eigvalsh(information)[..., 0]
    usable = smallest > 1e-7 * (search.runs + len(search.fixed))
    log_det = np.linalg.slogdet(information)[1]
    if search.weight is None:
        return np.where(usable, log_det, -np.inf)
    safe = np.where(usable[..., None, None], information, np.eye(p))
    trace = np.trace(
        np.linalg.solve(safe, np.broadcast_to(search.weight, safe.shape)), axis1=-2, axis2=-1
    )
    return np.where(usable, -trace, -np.inf)


def exchange(search: Search, given: list[IntArray] | None = None) -> IntArray:
    """The best design found, as candidate indices (runs, factors).

    Raises
    ------
    InputError
        If no nonsingular design was found.
    """
    generator = np.random.default_rng(search.seed)
    starts = [random_start(search, generator) for _ in range(search.starts)]
    design = np.stack([*starts, *(given or [])])
    order = [(i, j) for i in range(search.runs) for j in range(len(search.model.factors))]
    best = score(search, design)
    for _ in range(MAX_PASSES):
        inverse = _inverse(search, design)
        for i, j in order:
            inverse = _improve(search, design, inverse, i, j)
        now = score(search, design)
        if not (now > best + 1e-10).any():
            break
        best = np.maximum(best, now)
    final = score(search, design)
    winner = int(np.argmax(final))
    if not np.isfinite(final[winner]):
        raise InputError(
            "no design was found in which every term of the model can be estimated: "
            "add runs, take a smaller model or loosen the constraint"
        )
    return design[winner]


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


def _inverse(search: Search, design: IntArray) -> FloatArray:
    x = search.model.expand(search.model.points(design))
    information = np.swapaxes(x, -1, -2) @ x + search.fixed.T @ search.fixed
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
