"""How good a design is for a model: determinants, efficiencies, prediction variance."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from havoc.errors import InputError
from havoc.tools.doe.constraint import holds
from havoc.tools.doe.design_model import DesignModel, IntArray
from havoc.tools.doe.exchange import Allowed
from havoc.tools.expression import Relation
from havoc.tools.values import Factor, FloatArray

MAX_GRID = 60_000  # points over which the prediction variance is averaged and maximised

EFFICIENCY_OUTPUTS: Mapping[str, str] = {
    "parameters": "coefficients of the model, the intercept included",
    "error_df": "degrees of freedom left for error",
    "abs_det": "|det X| of the coded model matrix; sqrt(det X'X) where it is not square",
    "det_information": "det X'X of the coded model matrix",
    "d_criterion": "det(X'X)^(1/p) / n, the D criterion as a fraction",
    "d_efficiency": "100 det(X'X)^(1/p) / n: 100 is an orthogonal two-level design",
    "a_efficiency": "100 p / (n trace of inverse X'X)",
    "g_efficiency": "100 p / (n largest prediction variance)",
    "average_prediction_variance": "mean of x'(X'X)^-1 x over the region (the I criterion)",
    "max_prediction_variance": "largest x'(X'X)^-1 x among the candidate settings",
}


def efficiencies(
    model: DesignModel, x: FloatArray, condition: Relation | None = None
) -> dict[str, Any]:
    """The measures of ``EFFICIENCY_OUTPUTS`` for a nonsingular model matrix."""
    n, p = x.shape
    information = x.T @ x
    inverse = np.linalg.inv(information)
    _, log_det = np.linalg.slogdet(information)
    average = largest = None
    if region_size(model) <= MAX_GRID:
        average = float(np.trace(inverse @ region_moments(model, condition)))
        largest = max(
            float(np.max(np.einsum("ij,jk,ik->i", b, inverse, b)))
            for b in candidate_rows(model, condition)
        )
    root = math.exp(log_det / 2) if log_det < 1400 else None
    if root is not None and n == p and root < 2**52 and (x == np.round(x)).all():
        root = float(round(root))  # the determinant of a matrix of whole numbers is one
        log_det = 2 * math.log(root)
    return {
        "parameters": p,
        "error_df": n - p,
        "abs_det": root,
        "det_information": math.exp(log_det) if log_det < 700 else None,
        "d_criterion": math.exp(log_det / p) / n,
        "d_efficiency": 100 * math.exp(log_det / p) / n,
        "a_efficiency": 100 * p / (n * float(np.trace(inverse))),
        "g_efficiency": None if largest is None else 100 * p / (n * largest),
        "average_prediction_variance": average,
        "max_prediction_variance": largest,
    }


def region_size(model: DesignModel) -> int:
    return math.prod(max(len(b), 3) for b in model.base)


def region_moments(model: DesignModel, condition: Relation | None) -> FloatArray:
    """Mean of x x' over the region; over a fine grid of it where a condition cuts it."""
    if condition is None:
        return model.moments()
    rows = np.vstack(candidate_rows(fine(model), condition))
    return np.asarray(rows.T @ rows / len(rows))


def fine(model: DesignModel) -> DesignModel:
    """The same model with as many settings a range as the grid can hold, 21 at most."""
    ranged = sum(f.range is not None for f in model.factors)
    listed = math.prod(len(f.levels) for f in model.factors if f.range is None)
    grid = next(
        (g for g in (21, 11, 7, 5, 3) if g**ranged * listed <= MAX_GRID), max(model.grid, 2)
    )
    return DesignModel(model.factors, model.model, grid, model.given)


def constraint_on(model: DesignModel, condition: Relation | None) -> Allowed | None:
    """Turn a condition on natural settings into one on candidate indices."""
    if condition is None:
        return None
    tables = [
        np.array(values, dtype=object if f.categorical else float)
        for f, values in zip(model.factors, model.settings, strict=True)
    ]
    words = level_words(model.factors)

    def allowed(indices: IntArray) -> Any:
        columns = {f.name: tables[j][indices[..., j]] for j, f in enumerate(model.factors)}
        return np.broadcast_to(holds(condition, columns, words), indices.shape[:-1])

    return allowed


def level_words(factors: Sequence[Factor]) -> frozenset[str]:
    return frozenset(str(v) for f in factors if f.categorical for v in f.levels)


def candidate_rows(
    model: DesignModel, condition: Relation | None = None, chunk: int = 5_000
) -> list[FloatArray]:
    """Model rows of every allowed combination of candidate settings, in pieces."""
    indices = np.array(list(itertools.product(*(range(len(b)) for b in model.base))), dtype=np.intp)
    if allowed := constraint_on(model, condition):
        indices = indices[allowed(indices)]
    if not len(indices):
        raise InputError("the constraint leaves none of the candidate settings")
    return [
        model.expand(model.points(indices[i : i + chunk])) for i in range(0, len(indices), chunk)
    ]


def exact_efficiencies(
    model: DesignModel, rows: Sequence[Sequence[Any]], condition: Relation | None = None
) -> dict[str, Any]:
    """The same measures by other routes: exact elimination, QR, and averaging point by point."""
    exact = [exact_model_row(model, row) for row in rows]
    n, p = len(exact), len(exact[0])
    columns = list(zip(*exact, strict=True))
    gram = [[sum(map(Fraction.__mul__, u, v), Fraction(0)) for v in columns] for u in columns]
    log_det = log_determinant(gram)
    x = np.array([[float(v) for v in row] for row in exact])
    r_inverse = np.linalg.solve(np.linalg.qr(x, mode="r"), np.eye(p))
    average = largest = None
    if region_size(model) <= MAX_GRID:
        if condition is None:
            average = _average_variance(model, r_inverse)
        else:
            grid = candidate_rows(fine(model), condition)
            spread = [((b @ r_inverse) ** 2).sum(axis=1) for b in grid]
            average = math.fsum(np.concatenate(spread)) / sum(len(b) for b in grid)
        largest = max(
            float(((b @ r_inverse) ** 2).sum(axis=1).max())
            for b in candidate_rows(model, condition)
        )
    return {
        "parameters": p,
        "error_df": n - p,
        "abs_det": math.exp(log_det / 2) if log_det < 1400 else None,
        "det_information": math.exp(log_det) if log_det < 700 else None,
        "d_criterion": math.exp(log_det / p) / n,
        "d_efficiency": 100 * math.exp(log_det / p) / n,
        "a_efficiency": 100 * p / (n * float((r_inverse**2).sum())),
        "g_efficiency": None if largest is None else 100 * p / (n * largest),
        "average_prediction_variance": average,
        "max_prediction_variance": largest,
    }


def _average_variance(model: DesignModel, r_inverse: FloatArray) -> float:
    """Mean prediction variance over the product of Gauss nodes of ranges and listed levels."""
    nodes, weights = model.quadrature()
    parts, shares = [], []
    for f, base in zip(model.factors, model.base, strict=True):
        ranged = f.range is not None
        parts.append(nodes[:, None] if ranged else base)
        shares.append(weights / 2 if ranged else np.full(len(base), 1 / len(base)))
    total = 0.0
    for picks in _batches(itertools.product(*(range(len(s)) for s in shares)), 5_000):
        index = np.array(picks, dtype=np.intp)
        points = np.column_stack(
            [np.ones(len(index)), *(parts[j][index[:, j]] for j in range(len(parts)))]
        )
        share = np.prod([shares[j][index[:, j]] for j in range(len(shares))], axis=0)
        variance = ((model.expand(points) @ r_inverse) ** 2).sum(axis=1)
        total += float(share @ variance)
    return total


def _batches(items: Any, size: int) -> Any:
    while batch := list(itertools.islice(items, size)):
        yield batch


def exact_model_row(model: DesignModel, row: Sequence[Any]) -> list[Fraction]:
    """A model row as exact rationals, straight from settings in natural units."""
    groups: list[list[Fraction]] = []
    for f, setting in zip(model.factors, row, strict=True):
        if f.categorical:
            words = [str(v) for v in f.levels]
            at, m = words.index(str(setting)), len(words)
            if m == 2:
                groups.append([Fraction(2 * at - 1)])
            elif at == m - 1:
                groups.append([Fraction(-1)] * (m - 1))
            else:
                groups.append([Fraction(int(i == at)) for i in range(m - 1)])
            continue
        low, high = (Fraction(repr(v)) for v in (f.low, f.high))
        groups.append([(2 * Fraction(repr(setting)) - low - high) / (high - low)])
    cells = []
    for powers in model.powers:
        for picked in itertools.product(*(groups[i] for i in powers)):
            cells.append(math.prod(picked, start=Fraction(1)))
    return cells


def log_determinant(matrix: list[list[Fraction]]) -> float:
    """Natural logarithm of a positive determinant, by exact elimination; -inf where it is 0.

    Entries are first rounded to 24 digits, far beyond float64, so that settings such as 1/3 keep
    the fractions short.
    """
    a = [
        [Fraction(round(v * 10**24), 10**24) if v.denominator > 10**12 else v for v in row]
        for row in matrix
    ]
    n, total = len(a), 0.0
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(a[i][k]))
        if a[pivot][k] == 0:
            return -math.inf
        a[k], a[pivot] = a[pivot], a[k]
        total += math.log(abs(a[k][k]))
        for i in range(k + 1, n):
            if a[i][k]:
                ratio = a[i][k] / a[k][k]
                a[i] = [x - ratio * y for x, y in zip(a[i], a[k], strict=True)]
    return total
