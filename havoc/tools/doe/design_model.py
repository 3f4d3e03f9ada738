"""The model a design is built or judged for, as a matrix over coded settings.

A numeric factor enters by its coded value (-1..1), a categorical one with m levels by m - 1
sum-to-zero contrasts. Every column is a product of at most two of these base columns.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from havoc.errors import InputError
from havoc.tools.doe.design import coded_level, natural_level
from havoc.tools.values import Factor, FloatArray, Number, Range

ModelName = Literal["main", "interactions", "quadratic", "pure_quadratic"]
MODEL_WORDS = {
    "main": "main effects",
    "interactions": "main effects and two-factor interactions",
    "quadratic": "full second-order",
    "pure_quadratic": "main effects and squares",
}
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True)
class DesignModel:
    """A model of ``factors``; ``grid`` is the number of candidate settings of a range."""

    factors: tuple[Factor, ...]
    model: ModelName
    grid: int = 2

    @cached_property
    def settings(self) -> tuple[tuple[Any, ...], ...]:
        """Candidate settings of each factor in natural units."""
        return tuple(
            tuple(natural_level(f, i, self.levels(f)) for i in range(self.levels(f)))
            for f in self.factors
        )

    @cached_property
    def base(self) -> tuple[FloatArray, ...]:
        """(levels, base columns) of each factor at its candidate settings."""
        return tuple(
            np.array([self._row(f, i) for i in range(self.levels(f))]) for f in self.factors
        )

    def levels(self, factor: Factor) -> int:
        return self.grid if factor.range is not None else len(factor.levels)

    def _row(self, factor: Factor, index: int) -> list[float]:
        n = self.levels(factor)
        if not factor.categorical:
            return [coded_level(factor, index, n)]
        return contrasts(index, n)

    def row_of(self, factor: Factor, setting: Any) -> list[float]:
        """Base columns of a setting written in natural units."""
        if factor.categorical:
            words = [str(v) for v in factor.levels]
            if str(setting) not in words:
                raise InputError(
                    f"'{setting}' is not a level of '{factor.name}' ({', '.join(words)})"
                )
            return contrasts(words.index(str(setting)), len(words))
        low, high = factor.low, factor.high
        return [(2 * float(setting) - low - high) / (high - low)]

    @cached_property
    def places(self) -> tuple[slice, ...]:
        """Where each factor's base columns stand, after a leading column of ones."""
        widths = [len(f.levels) - 1 if f.categorical else 1 for f in self.factors]
        ends = list(itertools.accumulate([1, *widths]))
        return tuple(slice(a, b) for a, b in itertools.pairwise(ends))

    @cached_property
    def terms(self) -> tuple[tuple[str, tuple[tuple[int, int], ...]], ...]:
        """(name, pairs of base columns) of every term, the intercept first."""
        spots = [range(p.start, p.stop) for p in self.places]
        found: list[tuple[str, tuple[tuple[int, int], ...]]] = [("intercept", ((0, 0),))]
        for f, spot in zip(self.factors, spots, strict=True):
            found.append((f.name, tuple((0, c) for c in spot)))
        if self.model in ("interactions", "quadratic"):
            for i, j in itertools.combinations(range(len(spots)), 2):
                pairs = tuple(itertools.product(spots[i], spots[j]))
                found.append((f"{self.factors[i].name}:{self.factors[j].name}", pairs))
        if self.model in ("quadratic", "pure_quadratic"):
            for f, spot in zip(self.factors, spots, strict=True):
                if not f.categorical and (f.range is not None or len(f.levels) > 2):
                    found.append((f"{f.name}^2", ((spot[0], spot[0]),)))
        return tuple(found)

    @cached_property
    def _pairs(self) -> tuple[IntArray, IntArray]:
        pairs = np.array([pair for _, group in self.terms for pair in group], dtype=np.intp)
        return pairs[:, 0], pairs[:, 1]

    @property
    def parameters(self) -> int:
        return len(self._pairs[0])

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        names = []
        for name, group in self.terms:
            if len(group) == 1:
                names.append(name)
            else:
                names += [f"{name}[{i}]" for i in range(1, len(group) + 1)]
        return tuple(names)

    def expand(self, points: FloatArray) -> FloatArray:
        """Model rows of base rows; works on any number of leading axes."""
        first, second = self._pairs
        return np.asarray(points[..., first] * points[..., second])

    def points(self, indices: IntArray) -> FloatArray:
        """Base rows of candidate indices (..., factors)."""
        parts = [self.base[j][indices[..., j]] for j in range(len(self.factors))]
        return np.concatenate([np.ones((*indices.shape[:-1], 1)), *parts], axis=-1)

    def points_of(self, rows: Sequence[Sequence[Any]]) -> FloatArray:
        """Base rows of settings written in natural units."""
        listed = [
            [1.0, *(c for f, v in zip(self.factors, row, strict=True) for c in self.row_of(f, v))]
            for row in rows
        ]
        return np.array(listed, dtype=float)

    def moments(self) -> FloatArray:
        """Mean of x x' over the region: uniform on ranges, equal weight on listed levels.

        By Gauss-Legendre quadrature with three nodes a range, exact for these polynomials; the
        mean of a product over factors is the product of the factors' means.
        """
        nodes, weights = np.polynomial.legendre.leggauss(3)
        grids = [
            (
                np.column_stack([np.ones(len(b)), b]),
                np.full(len(b), 1 / len(b)),
            )
            if f.range is None
            else (np.column_stack([np.ones(3), nodes]), weights / 2)
            for f, b in zip(self.factors, self.base, strict=True)
        ]
        owner = np.concatenate(
            [[-1], *(np.full(p.stop - p.start, j) for j, p in enumerate(self.places))]
        )
        local = np.concatenate([[0], *(np.arange(1, p.stop - p.start + 1) for p in self.places)])
        first, second = self._pairs
        p = len(first)
        total = np.ones((p, p))
        for j, (values, weight) in enumerate(grids):
            own = np.where(owner == j, local, 0)
            column = values[:, own[first]] * values[:, own[second]]
            total *= np.einsum("n,ni,nj->ij", weight, column, column)
        return total


def contrasts(index: int, n: int) -> list[float]:
    """Sum-to-zero contrasts of level ``index`` of ``n``; two levels are -1 and 1."""
    if n == 2:
        return [2.0 * index - 1.0]
    if index == n - 1:
        return [-1.0] * (n - 1)
    return [float(i == index) for i in range(n - 1)]


def default_grid(model: ModelName, factors: Sequence[Factor] = (), bounded: bool = False) -> int:
    """Candidate settings of a range: its ends, its middle for squares, more under a constraint.

    The best runs of a constrained region lie on the constraint, between the ends of the ranges.
    """
    if bounded:
        return 11 if sum(f.range is not None for f in factors) <= 4 else 5
    return 2 if model in ("main", "interactions") else 3


def require_levels(factors: Sequence[Factor], model: ModelName) -> None:
    if "quadratic" in model and all(
        f.categorical or (f.range is None and len(f.levels) == 2) for f in factors
    ):
        raise InputError("squares need a numeric factor with a range or at least three levels")


def factor_of_column(
    name: str, cells: Sequence[Any], unit: str | None = None, listed: bool = False
) -> Factor:
    """A factor from a design's column: words are levels, numbers a range from end to end.

    Five symmetric levels of which the outer ones are the rarer are read as a central composite
    column: the inner pair is the range. ``listed``: two numeric levels stay levels (no square).
    """
    distinct = list(dict.fromkeys(cells))
    if not all(isinstance(v, int | float) for v in distinct):
        return Factor(name, levels=tuple(str(v) for v in distinct))
    ordered = sorted(distinct)
    if listed and len(ordered) == 2:
        return Factor(name, levels=tuple(Number(repr(v)) for v in ordered), unit=unit)
    low, high = ordered[0], ordered[-1]
    if len(ordered) == 5 and cells.count(low) < cells.count(ordered[1]):
        symmetric = [ordered[i] + ordered[4 - i] - 2 * ordered[2] for i in (0, 1)]
        if max(map(abs, symmetric)) <= 1e-6 * (high - low):
            low, high = ordered[1], ordered[3]
    return Factor(name, Range(Number(repr(low)), Number(repr(high))), unit=unit)
