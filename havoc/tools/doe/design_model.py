"""The model a design is built or judged for, as a matrix over coded settings.

A numeric factor enters by its coded value (-1..1), a categorical one with m levels by m - 1
sum-to-zero contrasts. Every column is a product of these base columns.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from havoc.errors import InputError, nearest
from havoc.tools.doe.design import coded_level, natural_level
from havoc.tools.expression import Call, Expression, Formula, Name, show
from havoc.tools.formula import expand, power_of
from havoc.tools.values import Factor, FloatArray, Number, Range

ModelName = Literal["main", "interactions", "quadratic", "pure_quadratic"]
MODEL_WORDS = {
    "main": "main effects",
    "interactions": "main effects and two-factor interactions",
    "quadratic": "full second-order",
    "pure_quadratic": "main effects and squares",
}
Powers = tuple[int, ...]  # the factors multiplied in a term, by number
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True)
class DesignModel:
    """A model of ``factors``; ``grid`` is the number of candidate settings of a range.

    ``powers``: the terms as factor numbers, (0, 0) a square and (0, 1) an interaction; they follow
    from ``model`` unless a formula gave them.
    """

    factors: tuple[Factor, ...]
    model: ModelName
    grid: int = 2
    given: tuple[Powers, ...] | None = None

    @cached_property
    def powers(self) -> tuple[Powers, ...]:
        if self.given is not None:
            return self.given
        k = range(len(self.factors))
        found: list[Powers] = [(), *((i,) for i in k)]
        if self.model in ("interactions", "quadratic"):
            found += itertools.combinations(k, 2)
        if self.model in ("quadratic", "pure_quadratic"):
            found += [(i, i) for i in k if self._has_square(self.factors[i])]
        return tuple(found)

    @property
    def described(self) -> str:
        """The model in words, or its terms."""
        if self.given is None:
            return MODEL_WORDS[self.model]
        return " + ".join(name for name, _ in self.terms)

    @property
    def degree(self) -> int:
        """The highest power of one factor."""
        return max((t.count(i) for t in self.powers for i in t), default=1)

    @staticmethod
    def _has_square(factor: Factor) -> bool:
        return not factor.categorical and (factor.range is not None or len(factor.levels) > 2)

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
    def terms(self) -> tuple[tuple[str, tuple[tuple[int, ...], ...]], ...]:
        """(name, base columns multiplied in each of its columns) of every term."""
        spots = [range(p.start, p.stop) for p in self.places]
        found = []
        for powers in self.powers:
            names = []
            for i in dict.fromkeys(powers):
                n = powers.count(i)
                names.append(self.factors[i].name + (f"^{n}" if n > 1 else ""))
            columns = tuple(itertools.product(*(spots[i] for i in powers)))
            found.append((":".join(names) or "intercept", columns))
        return tuple(found)

    @cached_property
    def _columns(self) -> IntArray:
        """(parameters, highest order) base columns multiplied, filled up with the constant one."""
        listed = [columns for _, group in self.terms for columns in group]
        width = max(1, *(len(c) for c in listed))
        return np.array([(*c, *((0,) * (width - len(c)))) for c in listed], dtype=np.intp)

    @property
    def parameters(self) -> int:
        return len(self._columns)

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
        product = points[..., self._columns[:, 0]]
        for column in self._columns.T[1:]:
            product = product * points[..., column]
        return np.asarray(product)

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

        By Gauss-Legendre quadrature with enough nodes a range to be exact; the mean of a product
        over factors is the product of the factors' means.
        """
        nodes, weights = self.quadrature()
        grids = [
            (
                np.column_stack([np.ones(len(b)), b]),
                np.full(len(b), 1 / len(b)),
            )
            if f.range is None
            else (np.column_stack([np.ones(len(nodes)), nodes]), weights / 2)
            for f, b in zip(self.factors, self.base, strict=True)
        ]
        owner = np.concatenate(
            [[-1], *(np.full(p.stop - p.start, j) for j, p in enumerate(self.places))]
        )
        local = np.concatenate([[0], *(np.arange(1, p.stop - p.start + 1) for p in self.places)])
        p = self.parameters
        total = np.ones((p, p))
        for j, (values, weight) in enumerate(grids):
            own = np.where(owner == j, local, 0)
            column = np.prod(values[:, own[self._columns]], axis=-1)
            total *= np.einsum("n,ni,nj->ij", weight, column, column)
        return total

    def quadrature(self) -> tuple[FloatArray, FloatArray]:
        """Nodes and weights on -1..1, exact for the products of two columns of the model."""
        nodes, weights = np.polynomial.legendre.leggauss(max(3, self.degree + 1))
        return nodes, weights


def terms_of(formula: Formula, factors: Sequence[Factor]) -> tuple[Powers, ...]:
    """The terms of a formula as factor numbers.

    Raises
    ------
    InputError
        For a name that is no factor, a function of a factor, or a power of a categorical one.
    """
    number = {f.name: i for i, f in enumerate(factors)}
    listed = expand(formula.terms)
    found: list[Powers] = [()] if listed.intercept else []
    for term in listed.terms:
        powers: list[int] = []
        for atom in term:
            base, n = power_of(_inside(atom))
            if not isinstance(base, Name):
                raise InputError(
                    f"a design's model holds factors and their products, not {show(atom)}"
                )
            if base.id not in number:
                raise InputError(
                    f"'{base.id}' in the formula is not a factor{nearest(base.id, number)} "
                    f"({', '.join(number)})"
                )
            if n > 1 and factors[number[base.id]].categorical:
                raise InputError(f"the categorical factor '{base.id}' has no power {n}")
            powers += [number[base.id]] * n
        found.append(tuple(powers))
    return tuple(dict.fromkeys(found))


def _inside(atom: Expression) -> Expression:
    """``I(x^2)`` is ``x^2``."""
    match atom:
        case Call("I", (argument,)):
            return argument
    return atom


def model_of(
    factors: tuple[Factor, ...],
    model: ModelName,
    formula: Formula | None,
    levels: int | None,
    bounded: bool = False,
) -> DesignModel:
    """The model by name or formula, with as many candidate settings a range as it needs."""
    given = None if formula is None else terms_of(formula, factors)
    if given is None:
        require_levels(factors, model)
        return DesignModel(factors, model, levels or default_grid(model, factors, bounded))
    plain = DesignModel(factors, "main", 2, given)
    grid = levels or max(plain.degree + 1, default_grid("main", factors, bounded))
    return DesignModel(factors, "main", grid, given)


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
