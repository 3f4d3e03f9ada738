"""A fitted linear model: estimates, tests, sums of squares and diagnostics, exact until the last step.

Shared by regression, analysis of variance and response surfaces.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from havoc.errors import InputError
from havoc.tools.formula import Model
from havoc.tools.least_squares import (
    MANY_ROWS,
    CrossProducts,
    ExactColumn,
    IntArray,
    Solution,
    distinct_rows,
    float_columns,
    leverages,
    residual_floats,
    root,
)
from havoc.tools.values import FloatArray


def t_two_sided(t: float, df: float) -> float:
    from scipy.stats import t as student

    return float(2 * student.sf(abs(t), df))


def f_upper(f: float, df1: float, df2: float) -> float:
    from scipy.stats import f as fisher

    return float(fisher.sf(f, df1, df2))


def t_quantile(confidence: float, df: float) -> float:
    """The two-sided quantile."""
    from scipy.stats import t as student

    return float(student.isf((1 - confidence) / 2, df))


# The second routes: the incomplete beta function in arbitrary precision, and the F quantile.


def t_two_sided_again(t: float, df: float) -> float:
    return f_upper_again(t * t, 1, df)


def f_upper_again(f: float, df1: float, df2: float) -> float:
    import mpmath

    with mpmath.workdps(25):
        f = mpmath.mpf(f)
        x = df2 / (df2 + df1 * f)
        return float(
            mpmath.betainc(mpmath.mpf(df2) / 2, mpmath.mpf(df1) / 2, 0, x, regularized=True)
        )


def t_quantile_again(confidence: float, df: float) -> float:
    from scipy.stats import f as fisher

    return math.sqrt(float(fisher.isf(1 - confidence, 1, df)))


@dataclass(frozen=True)
class SumOfSquares:
    """One line of an analysis of variance."""

    term: str
    df: int
    ss: Fraction

    @property
    def ms(self) -> float | None:
        return float(self.ss / self.df) if self.df else None


class LinearFit:
    """The exact least-squares fit of a Model, with optional weights.

    Raises
    ------
    InputError
        More independent columns than rows.
    """

    def __init__(self, model: Model, weights: ExactColumn | None = None) -> None:
        self.model, self.weights = model, weights
        self.products = CrossProducts(model.columns, model.response, weights)
        self.solution: Solution = self.products.solve()
        self.n = model.n
        if self.solution.rank > self.n:
            raise InputError("the model has more terms than there are rows")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.model.column_names[j] for j in self.solution.kept)

    @property
    def aliased(self) -> tuple[str, ...]:
        """Columns that are exact combinations of those before them, and so cannot be estimated."""
        return tuple(self.model.column_names[j] for j in self.solution.dropped)

    @property
    def df_error(self) -> int:
        return self.n - self.solution.rank

    @property
    def df_model(self) -> int:
        return self.solution.rank - int(self.model.intercept)

    @property
    def rss(self) -> Fraction:
        return self.solution.rss

    @cached_property
    def sst(self) -> Fraction:
        """Total sum of squares: about the mean with an intercept, about zero without."""
        base = [0] if self.model.intercept else []
        return self.products.rss(base)[0]

    @property
    def ms_error(self) -> Fraction | None:
        """None where no degree of freedom is left."""
        return self.rss / self.df_error if self.df_error else None

    @property
    def exact_fit(self) -> bool:
        return self.rss == 0

    @property
    def sigma(self) -> float | None:
        return None if self.ms_error is None else root(self.ms_error)

    @cached_property
    def coefficients(self) -> FloatArray:
        return np.array([float(b) for b in self.solution.coefficients])

    @cached_property
    def standard_errors(self) -> FloatArray | None:
        if self.ms_error is None:
            return None
        return np.array(
            [root(self.ms_error * self.solution.inverse[i][i]) for i in range(self.solution.rank)]
        )

    @cached_property
    def r2(self) -> float | None:
        return float(1 - self.rss / self.sst) if self.sst else None

    @cached_property
    def r2_adj(self) -> float | None:
        total = self.n - int(self.model.intercept)
        if not self.sst or not self.df_error:
            return None
        return float(1 - (self.rss / self.df_error) / (self.sst / total))

    @cached_property
    def f_statistic(self) -> float | None:
        if not self.ms_error or not self.df_model:
            return None
        return float((self.sst - self.rss) / self.df_model / self.ms_error)

    @cached_property
    def kept_columns(self) -> tuple[ExactColumn, ...]:
        return tuple(self.model.columns[j] for j in self.solution.kept)

    @cached_property
    def repeated(self) -> tuple[IntArray, IntArray] | None:
        """See ``distinct_rows``; looked for among many rows only."""
        return distinct_rows(self.kept_columns) if self.n > MANY_ROWS else None

    @cached_property
    def residuals(self) -> FloatArray:
        return residual_floats(
            self.kept_columns, self.solution.coefficients, self.model.response, self.repeated
        )

    @cached_property
    def leverage(self) -> FloatArray:
        if self.weights is None and self.repeated is not None:
            # m like rows share the leverage of one row weighted by m
            first, which = self.repeated
            counts = np.bincount(which)
            few = float_columns([c.take(first) for c in self.kept_columns], self.model.intercept)
            shared = leverages(few * np.sqrt(counts)[:, None]) / counts
            return np.asarray(shared[which])
        matrix = float_columns(self.kept_columns, self.model.intercept, self.weights)
        if self.weights is not None:
            matrix = matrix * np.sqrt(self.weights.floats)[:, None]
        return leverages(matrix)

    @cached_property
    def weighted_residuals(self) -> FloatArray:
        return self.residuals * (1.0 if self.weights is None else np.sqrt(self.weights.floats))

    @cached_property
    def standardised(self) -> FloatArray | None:
        """Internally studentised residuals; 0 where a point determines its own fit."""
        if not self.sigma:
            return None
        spread = self.sigma * np.sqrt(np.clip(1 - self.leverage, 0, None))
        return np.divide(
            self.weighted_residuals, spread, out=np.zeros(self.n), where=spread > 1e-9 * self.sigma
        )

    @cached_property
    def studentised(self) -> FloatArray | None:
        """Externally studentised (deleted) residuals."""
        r, df = self.standardised, self.df_error
        if r is None or df < 2:
            return None
        return np.asarray(r * np.sqrt((df - 1) / np.clip(df - r**2, 1e-12, None)))

    @cached_property
    def cooks_distance(self) -> FloatArray | None:
        if self.standardised is None:
            return None
        h = np.clip(self.leverage, 0, 1 - 1e-12)
        return np.asarray(self.standardised**2 * h / (1 - h) / self.solution.rank)

    @cached_property
    def press(self) -> float | None:
        """Prediction error sum of squares; None where a point determines its own fit."""
        if bool((self.leverage > 1 - 1e-9).any()):
            return None
        return float(((self.weighted_residuals / (1 - self.leverage)) ** 2).sum())

    # ---------------------------------------------------------------- prediction

    def predict(self, columns: Sequence[ExactColumn]) -> list[tuple[float, float]]:
        """Fitted mean and its variance in units of the error variance, on other rows."""
        inverse = self.solution.inverse
        found = []
        for row in zip(*(columns[j].fractions for j in self.solution.kept), strict=True):
            mean = sum(map(operator.mul, row, self.solution.coefficients), Fraction(0))
            spread = sum(
                (row[i] * row[j] * inverse[i][j] for i in range(len(row)) for j in range(len(row))),
                Fraction(0),
            )
            found.append((float(mean), float(spread)))
        return found

    # ---------------------------------------------------------------- sums of squares

    def sums_of_squares(self, kind: str = "II") -> tuple[SumOfSquares, ...]:
        """Each term's sum of squares, of Type I (sequential), II (hierarchical) or III (marginal).

        Type III is as defined by contrasts that sum to zero: the model must be built with them.
        """
        model = self.model
        if kind == "I":
            return self._sequential()
        found = []
        for t, term in enumerate(model.terms):
            own = set(model.term_columns(t))
            if kind == "III":
                others = [j for j in range(len(model.columns)) if j not in own]
            else:
                containing = {
                    u for u, other in enumerate(model.terms) if u != t and contains(other, term)
                }
                others = [
                    j
                    for j in range(len(model.columns))
                    if j not in own and model.assign[j] not in containing
                ]
            without, rank0 = self.products.rss(others)
            with_it, rank1 = self.products.rss(sorted([*others, *own]))
            found.append(SumOfSquares(model.labels[t], rank1 - rank0, without - with_it))
        return tuple(found)

    def _sequential(self) -> tuple[SumOfSquares, ...]:
        model = self.model
        rss, independent = self.products.sequential_rss(range(len(model.columns)))
        found = []
        for t in range(len(model.terms)):
            own = model.term_columns(t)
            ss = rss[own[0]] - rss[own[-1] + 1]
            found.append(SumOfSquares(model.labels[t], sum(independent[j] for j in own), ss))
        return tuple(found)

    def pure_error(self) -> tuple[Fraction, int]:
        """Sum of squares among rows with the same settings of every column, and its df."""
        groups: dict[tuple[Fraction, ...], list[Fraction]] = {}
        keys = zip(*(c.fractions for c in self.model.columns), strict=True)
        for key, y in zip(keys, self.model.response.fractions, strict=True):
            groups.setdefault(key, []).append(y)
        ss = Fraction(0)
        for ys in groups.values():
            mean = sum(ys, Fraction(0)) / len(ys)
            ss += sum(((y - mean) ** 2 for y in ys), Fraction(0))
        return ss, self.n - len(groups)


def contains(larger: Sequence[object], smaller: Sequence[object]) -> bool:
    """Whether a term holds all atoms of another and more."""
    return set(smaller) < set(larger)
