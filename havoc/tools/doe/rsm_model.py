"""The second-order model behind response surface analysis: coding, groups of terms, canonical form."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from havoc.errors import InputError, NeedsClarification
from havoc.tools.expression import Binary, Expression, Formula, Name, names
from havoc.tools.formula import Model, Term, build, expand, power_of, second_order, table_of_columns
from havoc.tools.linear_model import LinearFit
from havoc.tools.values import (
    Column,
    FloatArray,
    Labels,
    Sample,
    Table,
    as_labels,
    loose_name,
    refuse_far_from_zero,
)

GROUPS = ("blocks", "first order", "two-factor interactions", "squares")
BLOCKS = frozenset({"block", "blocks"})


@dataclass(frozen=True)
class Coding:
    """coded = (natural - center) / half."""

    name: str
    center: Fraction
    half: Fraction
    unit: str | None = None

    @property
    def trivial(self) -> bool:
        return self.center == 0 and self.half == 1

    def code(self, value: Fraction) -> Fraction:
        return (value - self.center) / self.half

    def natural(self, coded: float) -> float:
        return float(self.center) + coded * float(self.half)


@dataclass(frozen=True)
class Surface:
    """A fitted response surface.

    ``fit`` is in coded units. ``linear`` is b and ``quadratic`` the symmetric B of y = b0 + b'x +
    x'Bx.
    """

    fit: LinearFit
    natural: Model
    codings: tuple[Coding, ...]
    block: str | None
    n_dropped: int

    @property
    def factors(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.codings)

    def coefficient(self, term: Term) -> Fraction:
        model = self.fit.model
        wanted = frozenset(term)
        for t, other in enumerate(model.terms):
            if frozenset(other) == wanted:
                column = model.term_columns(t)[0]
                if column in self.fit.solution.kept:
                    return self.fit.solution.coefficients[self.fit.solution.kept.index(column)]
        return Fraction(0)

    @property
    def linear(self) -> list[Fraction]:
        return [self.coefficient((Name(f),)) for f in self.factors]

    @property
    def quadratic(self) -> list[list[Fraction]]:
        k = len(self.factors)
        matrix = [[Fraction(0)] * k for _ in range(k)]
        for i, f in enumerate(self.factors):
            matrix[i][i] = self.coefficient(second_order([Name(f)], "S")[0])
        for i, j in itertools.combinations(range(k), 2):
            cross = self.coefficient((Name(self.factors[i]), Name(self.factors[j]))) / 2
            matrix[i][j] = matrix[j][i] = cross
        return matrix

    def predicted(self, coded: Sequence[float] | FloatArray) -> float:
        """The surface itself (in the first block where there are blocks)."""
        x = np.asarray(coded, dtype=float)
        constant, b, matrix = self.arrays
        return float(constant + b @ x + x @ matrix @ x)

    @cached_property
    def arrays(self) -> tuple[float, FloatArray, FloatArray]:
        """b0, b and B as floats."""
        b = np.array([float(v) for v in self.linear])
        matrix = np.array([[float(v) for v in row] for row in self.quadratic])
        return float(self.fit.coefficients[0]), b, matrix

    def block_mean_offset(self) -> float:
        """What the average over the blocks adds to the first block's surface."""
        if self.block is None:
            return 0.0
        model = self.fit.model
        t = next(t for t in range(len(model.terms)) if model.categorical(t))
        shifts = [
            float(c)
            for j, c in zip(self.fit.solution.kept, self.fit.solution.coefficients, strict=True)
            if model.assign[j] == t
        ]
        return sum(shifts) / (len(shifts) + 1)

    @property
    def reach(self) -> float:
        """The largest distance of a run from the centre, in coded units."""
        columns = [self.fit.model.table.sample(f).values for f in self.factors]
        return float(np.sqrt(sum(c**2 for c in columns)).max())


def coding_of(sample: Sample, low: Fraction | None, high: Fraction | None) -> Coding:
    """From the ends given, or as the levels show them.

    Levels that are coded already (-1 and 1 among them, symmetric about 0) stay. Five symmetric
    levels are an axial design: its inner levels are -1 and 1. Otherwise the extremes are.
    """
    if low is not None and high is not None:
        refuse_far_from_zero(sample)
        if low >= high:
            raise InputError(f"'{sample.name}': low must be below high")
        return Coding(sample.name, (low + high) / 2, (high - low) / 2, sample.unit)
    levels = sorted(set(sample.exact))
    if len(levels) < 2:
        raise InputError(f"factor '{sample.name}' does not vary")
    _refuse_hardly_apart(sample, levels)
    if {Fraction(-1), Fraction(1)} <= set(levels) and levels[0] == -levels[-1]:
        return Coding(sample.name, Fraction(0), Fraction(1), sample.unit)
    center = (levels[0] + levels[-1]) / 2
    if len(levels) == 5 and _symmetric(levels):
        return Coding(sample.name, levels[2], levels[3] - levels[2], sample.unit)
    return Coding(sample.name, center, levels[-1] - center, sample.unit)


def _refuse_hardly_apart(sample: Sample, levels: Sequence[Fraction]) -> None:
    """Settings that floats cannot tell apart: near 1e12, or some near 0 and others near 1e12."""
    refuse_far_from_zero(sample)
    gap = min(b - a for a, b in itertools.pairwise(levels))
    if gap * 10**7 < levels[-1] - levels[0]:
        raise InputError(
            f"the settings of '{sample.name}' run from {float(levels[0]):g} to {float(levels[-1]):g}, and "
            f"two of them differ by {float(gap):.3g} only: no surface can be fitted; is one mistyped?"
        )


def _symmetric(levels: Sequence[Fraction]) -> bool:
    """About the middle level, to the rounding with which axial settings are written."""
    a, b, c, d, e = (float(v) for v in levels)
    span = e - a
    return abs((a + e) / 2 - c) < 0.005 * span and abs((b + d) / 2 - c) < 0.005 * span


def coded_sample(sample: Sample, coding: Coding) -> Sample:
    if coding.trivial:
        return sample
    return Sample.of([float(coding.code(v)) for v in sample.exact], sample.name)


def surface_from(
    formula: Formula | None,
    data: Table | None,
    response: Sample | None,
    factors: Sequence[Sample] | None,
    block: Labels | None,
    order: str,
    low: Sequence[float] | None,
    high: Sequence[float] | None,
) -> Surface:
    """Fit the surface from either way of writing it."""
    if formula is not None:
        if response is not None or factors is not None or block is not None:
            raise InputError("give a formula with data, or response and factors, not both")
        if data is None:
            raise NeedsClarification(f"which table holds the columns of {formula}? (data=...)")
    else:
        if response is None or not factors:
            raise NeedsClarification("which is the response and which are the factors?")
        columns: list[Column] = [response, *_renamed(factors)]
        if block is not None:
            columns.append(replace(block, name=block.name if block.name != "blocks" else "block"))
        data = table_of_columns(columns)
        k = len(factors)
        formula = _second_order_formula(
            data.names[0], data.names[1 : k + 1], data.names[k + 1 :], order
        )
    return _fit(formula, data, low, high)


def _renamed(factors: Sequence[Sample]) -> list[Sample]:
    unnamed = [s.name == f"group{i}" for i, s in enumerate(factors, 1)]
    if all(unnamed):
        return [replace(s, name=f"x{i}") for i, s in enumerate(factors, 1)]
    return list(factors)


def _second_order_formula(
    response: str, factors: Sequence[str], blocks: Sequence[str], order: str
) -> Formula:
    parts = {"first": "L", "interaction": "LT", "second": "LTS"}[order]
    terms: list[Expression] = [Name(b) for b in blocks]
    for term in second_order([Name(f) for f in factors], parts):
        joined: Expression = term[0]
        for atom in term[1:]:
            joined = Binary(":", joined, atom)
        terms.append(joined)
    total = terms[0]
    for t in terms[1:]:
        total = Binary("+", total, t)
    return Formula(Name(response), total)


def _fit(
    formula: Formula, data: Table, low: Sequence[float] | None, high: Sequence[float] | None
) -> Surface:
    listed = expand(formula.terms)
    factors, blocks = _roles(listed.terms, data)
    if not factors:
        raise InputError(f"the formula {formula} has no numeric factor")
    formula = _with_blocks_first(formula, listed.terms, blocks)
    natural = build(formula, data, factors=blocks)
    ends = _ends(factors, low, high)
    codings = tuple(
        coding_of(natural.table.sample(f), a, b) for f, (a, b) in zip(factors, ends, strict=True)
    )
    by_name = {c.name: c for c in codings}
    columns: list[Column] = []
    for c in natural.table.columns:
        if isinstance(c, Sample) and c.name in by_name:
            columns.append(coded_sample(c, by_name[c.name]))
        else:
            columns.append(as_labels(c) if c.name in blocks else c)
    coded = build(formula, Table(tuple(columns), data.name), factors=blocks)
    if len(set(natural.response.numerators)) == 1:
        raise InputError(f"the response '{natural.response_name}' does not vary")
    block = blocks[0] if blocks else None
    return Surface(LinearFit(coded), natural, codings, block, natural.n_dropped)


def _roles(terms: Sequence[Term], data: Table) -> tuple[list[str], list[str]]:
    """Factors are the numeric columns; a column of words, or factor(...), standing alone is a block.

    So is a column called block, whose numbers are names, unless it also enters squared or in an interaction.
    """
    factors: list[str] = []
    blocks: list[str] = []
    curved = {n for t in terms if len(t) > 1 or power_of(t[0])[1] > 1 for a in t for n in names(a)}
    for term in terms:
        for atom in term:
            base, exponent = power_of(atom)
            used = list(names(atom))
            called = not isinstance(base, Name)
            column = data.column(used[0])
            numbered = loose_name(column.name) in BLOCKS and used[0] not in curved
            if isinstance(column, Labels) or called or numbered:
                if len(term) > 1 or exponent > 1 or len(used) > 1:
                    raise InputError(
                        "a response surface takes numeric factors and blocks as main effects only; "
                        "use stats.regression for other models"
                    )
                blocks.append(column.name)
            elif column.name not in factors:
                factors.append(column.name)
        if (
            len(term) > 2
            or any(power_of(a)[1] > 2 for a in term)
            or (len(term) == 2 and any(power_of(a)[1] > 1 for a in term))
        ):
            raise InputError("a response surface has terms up to the second order")
    return factors, blocks


def _with_blocks_first(formula: Formula, terms: Sequence[Term], blocks: Sequence[str]) -> Formula:
    """Blocks enter first, so that the factors' sums of squares are adjusted for them."""
    rank = {"b": 0, "f": 1, "t": 2, "s": 3}
    ordered = sorted(terms, key=lambda t: rank[_group_of(t, blocks)[0]])
    total: Expression | None = None
    for term in ordered:
        atoms = [Name(next(names(term[0])))] if _group_of(term, blocks) == GROUPS[0] else list(term)
        joined: Expression = atoms[0]
        for atom in atoms[1:]:
            joined = Binary(":", joined, atom)
        total = joined if total is None else Binary("+", total, joined)
    assert total is not None
    return Formula(formula.response, total)


def _group_of(term: Term, blocks: Sequence[str]) -> str:
    if len(term) == 1 and next(names(term[0])) in blocks:
        return GROUPS[0]
    if len(term) == 2:
        return GROUPS[2]
    return GROUPS[3] if power_of(term[0])[1] == 2 else GROUPS[1]


def group_of(surface: Surface, term: int) -> str:
    blocks = [surface.block] if surface.block else []
    return _group_of(surface.fit.model.terms[term], blocks)


def _ends(
    factors: Sequence[str], low: Sequence[float] | None, high: Sequence[float] | None
) -> list[tuple[Fraction | None, Fraction | None]]:
    if low is None and high is None:
        return [(None, None)] * len(factors)
    if low is None or high is None or len(low) != len(factors) or len(high) != len(factors):
        raise InputError(
            f"low and high need one value a factor each, in the order {', '.join(factors)}"
        )
    return [(Fraction(repr(a)), Fraction(repr(b))) for a, b in zip(low, high, strict=True)]


# ---------------------------------------------------------------- canonical analysis


@dataclass(frozen=True)
class Canonical:
    """The stationary point in coded units (None where B is singular), and B's eigensystem."""

    stationary: FloatArray | None
    eigenvalues: FloatArray  # descending
    eigenvectors: FloatArray  # columns
    nature: str


def canonical(surface: Surface) -> Canonical:
    b = np.array([float(v) for v in surface.linear])
    matrix = np.array([[float(v) for v in row] for row in surface.quadratic])
    eigenvalues, vectors = np.linalg.eigh(matrix)
    order = np.argsort(-eigenvalues)
    eigenvalues, vectors = eigenvalues[order], vectors[:, order]
    for j in range(vectors.shape[1]):
        if vectors[np.argmax(np.abs(vectors[:, j])), j] < 0:
            vectors[:, j] *= -1
    largest = float(np.abs(eigenvalues).max())
    if largest == 0 or float(np.abs(eigenvalues).min()) < 1e-10 * largest:
        return Canonical(
            None, eigenvalues, vectors, "no stationary point" if largest == 0 else "ridge"
        )
    stationary = np.linalg.solve(matrix, -b / 2)
    if (eigenvalues < 0).all():
        nature = "maximum"
    elif (eigenvalues > 0).all():
        nature = "minimum"
    else:
        nature = "saddle point"
    return Canonical(np.asarray(stationary), eigenvalues, vectors, nature)


def near_stationary(
    surface: Surface, shape: Canonical, threshold: float = 0.1
) -> FloatArray | None:
    """The stationary point nearest the centre when eigenvalues under a tenth of the largest count as 0.

    Along the axes of such eigenvalues the surface is a ridge, and the stationary point is not located by
    the data. None where no eigenvalue is that small.
    """
    sizes = np.abs(shape.eigenvalues)
    strong = sizes >= threshold * sizes.max()
    if strong.all() or sizes.max() == 0:
        return None
    b = np.array([float(v) for v in surface.linear])
    vectors = shape.eigenvectors[:, strong]
    return np.asarray(-vectors @ ((vectors.T @ b) / shape.eigenvalues[strong]) / 2)


def exact_stationary(surface: Surface) -> list[Fraction] | None:
    """Second route: 2 B x = -b by Gaussian elimination in rationals."""
    k = len(surface.factors)
    a = [
        [2 * v for v in row] + [-b]
        for row, b in zip(surface.quadratic, surface.linear, strict=True)
    ]
    for i in range(k):
        pivot = next((r for r in range(i, k) if a[r][i] != 0), None)
        if pivot is None:
            return None
        a[i], a[pivot] = a[pivot], a[i]
        a[i] = [v / a[i][i] for v in a[i]]
        for r in range(k):
            if r != i and a[r][i] != 0:
                a[r] = [x - a[r][i] * y for x, y in zip(a[r], a[i], strict=True)]
    return [row[-1] for row in a]


# ---------------------------------------------------------------- predictions


def limits(means: Sequence[float], spreads: Sequence[float], half: float) -> dict[str, Any]:
    return {
        "ci_low": [m - half * v**0.5 for m, v in zip(means, spreads, strict=True)],
        "ci_high": [m + half * v**0.5 for m, v in zip(means, spreads, strict=True)],
        "pi_low": [m - half * (1 + v) ** 0.5 for m, v in zip(means, spreads, strict=True)],
        "pi_high": [m + half * (1 + v) ** 0.5 for m, v in zip(means, spreads, strict=True)],
    }


def rows_asked(surface: Surface, at: Sequence[float]) -> list[list[float]]:
    k = len(surface.factors)
    if not at or len(at) % k:
        raise InputError(
            f"at needs {k} value(s) a setting, in the order {', '.join(surface.factors)}"
        )
    return [list(at[i : i + k]) for i in range(0, len(at), k)]


def surface_row(surface: Surface, natural: Sequence[float]) -> list[Fraction]:
    """The model's columns at a setting in natural units, averaged over the blocks."""
    model = surface.fit.model
    coded = [
        Sample.of([float(c.code(Fraction(repr(float(v)))))], c.name)
        for c, v in zip(surface.codings, natural, strict=True)
    ]
    if surface.block is None:
        return [c.fractions[0] for c in model.at(Table(tuple(coded)))]
    levels = next(c.levels for c in model.codings.values() if c.categorical)
    repeated = [Sample(s.name, s.texts * len(levels)) for s in coded]
    columns = model.at(Table((*repeated, Labels(surface.block, levels))))
    return [sum(c.fractions, Fraction(0)) / len(levels) for c in columns]
