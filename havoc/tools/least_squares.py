"""Least squares in exact arithmetic, from the decimal text a person wrote.

Data are decimals, so columns, powers and products of columns are rationals with a common
denominator, and the normal equations can be formed and solved without any rounding by fraction-free
elimination (Bareiss 1968, Sylvester's identity and multistep integer-preserving Gaussian
elimination). What float arithmetic loses on polynomials and on data with a large offset is lost in
forming the columns; no later precision brings it back (NIST StRD: Filip, Wampler, SmLs07-09).
Rounding happens once, when a result is turned into a float.

``sweep`` solves the same problem by another algorithm (Goodnight's sweep operator on rationals,
residuals by their definition) and serves the verifiers.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from havoc.errors import InputError
from havoc.tools.values import FloatArray, Sample

IntArray = npt.NDArray[np.int64]

MAX_COLUMNS = 200
PLAIN = frozenset("0123456789.-")  # characters of a decimal without an exponent
PLAIN_LENGTH = 16  # sign and point included: at most 15 digits, which a float64 holds exactly
MANY_ROWS = 2_000  # above it, repeated rows are looked for
NEARLY_PARALLEL = 1e6  # condition of scaled columns from which floats lose too much
FEW_PRODUCTS = 30_000  # rows times columns squared up to which rationals are quick
WIDE = 2**62  # sums below it cannot overflow an int64


@dataclass(frozen=True)
class ExactColumn:
    """A column of rationals with a common denominator."""

    numerators: tuple[int, ...]
    denominator: int = 1

    def __getattr__(self, name: str) -> Any:
        """Make Python's whole numbers of the int64 ones when they are first asked for."""
        if name == "numerators" and (narrow := self.__dict__.get("narrow")) is not None:
            object.__setattr__(self, "numerators", tuple(narrow.tolist()))
            return self.numerators
        raise AttributeError(f"an exact column has no '{name}'")

    @staticmethod
    def of_int64(numerators: IntArray, denominator: int = 1) -> ExactColumn:
        """The column of these numerators, whose array is kept and must not be changed after."""
        found = object.__new__(ExactColumn)
        found.__dict__.update(narrow=numerators, denominator=denominator)
        return found

    @staticmethod
    def of_ratios(ratios: Sequence[tuple[int, int]]) -> ExactColumn:
        common = math.lcm(*{d for _, d in ratios}) if ratios else 1
        return ExactColumn(tuple(n * (common // d) for n, d in ratios), common)

    @staticmethod
    def of_sample(sample: Sample) -> ExactColumn:
        """The column's decimal texts, exactly; a missing value is refused."""
        if sample.n_missing:
            raise InputError(f"column '{sample.name}' has missing values")
        if (plain := _plain_decimals(sample)) is not None:
            return plain
        try:
            return ExactColumn.of_ratios(
                [Decimal(t).as_integer_ratio() for t in sample.texts if t is not None]
            )
        except (InvalidOperation, ValueError, OverflowError):
            raise InputError(
                f"column '{sample.name}' holds a value that is not a finite number"
            ) from None

    @staticmethod
    def of_floats(values: Iterable[float], name: str = "x") -> ExactColumn:
        """The binary fractions the floats are."""
        try:
            return ExactColumn.of_ratios([float(v).as_integer_ratio() for v in values])
        except (ValueError, OverflowError):
            raise InputError(f"'{name}' has no finite value in some row") from None

    @staticmethod
    def constant(value: Fraction | int, n: int) -> ExactColumn:
        exact = Fraction(value)
        if abs(exact.numerator) < WIDE:
            return ExactColumn.of_int64(
                np.full(n, exact.numerator, dtype=np.int64), exact.denominator
            )
        return ExactColumn((exact.numerator,) * n, exact.denominator)

    def __len__(self) -> int:
        narrow = self.__dict__.get("narrow")
        return len(self.numerators) if narrow is None else len(narrow)

    @cached_property
    def narrow(self) -> IntArray | None:
        """The numerators as int64, where they fit."""
        try:
            found = np.array(self.numerators, dtype=np.int64)
        except OverflowError:
            return None
        return found

    @cached_property
    def bound(self) -> int:
        """The largest absolute numerator."""
        if self.narrow is not None and len(self):
            return max(int(self.narrow.max()), -int(self.narrow.min()))
        return max(map(abs, self.numerators), default=0)

    def dot(self, other: ExactColumn) -> int:
        """The sum of products of the numerators, without rounding."""
        a, b = self.narrow, other.narrow
        if a is not None and b is not None and self.bound * other.bound * len(a) < WIDE:
            return int(a @ b)
        return sum(map(operator.mul, self.numerators, other.numerators))

    def total(self) -> int:
        """The sum of the numerators, without rounding."""
        if self.narrow is not None and self.bound * len(self) < WIDE:
            return int(self.narrow.sum())
        return sum(self.numerators)

    def take(self, rows: IntArray) -> ExactColumn:
        if self.narrow is not None:
            return ExactColumn.of_int64(self.narrow[rows], self.denominator)
        return ExactColumn(tuple(self.numerators[i] for i in rows), self.denominator)

    def deviations(self) -> Fraction:
        """The sum of squared deviations from the mean, about a whole number near the mean.

        By (sum of squares) - (sum)^2 / n of shifted whole numbers, which loses nothing.
        """
        n = len(self)
        shift = self.total() // n
        if self.narrow is not None and self.bound + abs(shift) < WIDE:
            moved = ExactColumn.of_int64(self.narrow - shift)
        else:
            moved = ExactColumn(tuple(v - shift for v in self.numerators), 1)
        return (moved.dot(moved) - Fraction(moved.total() ** 2, n)) / self.denominator**2

    @cached_property
    def floats(self) -> FloatArray:
        """Correctly rounded."""
        if self.narrow is not None and self.bound < 2**53 and self.denominator < 2**53:
            return self.narrow / float(self.denominator)
        return np.array([n / self.denominator for n in self.numerators], dtype=np.float64)

    @cached_property
    def fractions(self) -> tuple[Fraction, ...]:
        return tuple(Fraction(n, self.denominator) for n in self.numerators)

    def _combine(self, other: ExactColumn, op: Callable[[Any, Any], Any]) -> ExactColumn:
        common = math.lcm(self.denominator, other.denominator)
        a, b = common // self.denominator, common // other.denominator
        if (
            self.narrow is not None
            and other.narrow is not None
            and len(self) == len(other)
            and self.bound * a + other.bound * b < WIDE
            and max(a, b) < WIDE
        ):
            return ExactColumn.of_int64(op(self.narrow * a, other.narrow * b), common)
        pairs = zip(self.numerators, other.numerators, strict=True)
        return ExactColumn(tuple(op(x * a, y * b) for x, y in pairs), common)

    def __add__(self, other: ExactColumn) -> ExactColumn:
        return self._combine(other, operator.add)

    def __sub__(self, other: ExactColumn) -> ExactColumn:
        return self._combine(other, operator.sub)

    def __mul__(self, other: ExactColumn) -> ExactColumn:
        common = self.denominator * other.denominator
        a, b = self.narrow, other.narrow
        if a is not None and b is not None and len(a) == len(b) and self.bound * other.bound < WIDE:
            return ExactColumn.of_int64(a * b, common)
        products = map(operator.mul, self.numerators, other.numerators)
        return ExactColumn(tuple(products), common)

    def __truediv__(self, other: ExactColumn) -> ExactColumn:
        if 0 in other.numerators:
            raise InputError("a division by zero in some row")
        return ExactColumn.of_ratios(
            [
                Fraction(x * other.denominator, y * self.denominator).as_integer_ratio()
                for x, y in zip(self.numerators, other.numerators, strict=True)
            ]
        )

    def power(self, exponent: int) -> ExactColumn:
        if exponent < 0:
            return ExactColumn.constant(1, len(self)) / self.power(-exponent)
        return ExactColumn(tuple(n**exponent for n in self.numerators), self.denominator**exponent)

    def mean(self) -> Fraction:
        return Fraction(self.total(), self.denominator * len(self))

    def centred(self) -> ExactColumn:
        """Deviations from the exact mean: what is safe to hand to float arithmetic."""
        return self - ExactColumn.constant(self.mean(), len(self))

    def sum_of_squares(self) -> Fraction:
        return Fraction(self.dot(self), self.denominator**2)


@dataclass(frozen=True)
class Solution:
    """Exact least-squares estimates.

    ``coefficients`` and ``inverse`` (of X'WX) are over ``kept``, the columns that are not exact
    combinations of the ones before them; the others are in ``dropped``.
    """

    kept: tuple[int, ...]
    dropped: tuple[int, ...]
    coefficients: tuple[Fraction, ...]
    inverse: tuple[tuple[Fraction, ...], ...]
    rss: Fraction

    @property
    def rank(self) -> int:
        return len(self.kept)


class CrossProducts:
    """The integer matrix [X y]'W[X y] and what follows from it without rounding."""

    def __init__(
        self, columns: Sequence[ExactColumn], y: ExactColumn, weights: ExactColumn | None = None
    ) -> None:
        if len(columns) > MAX_COLUMNS:
            raise InputError(
                f"the model has {len(columns)} columns; at most {MAX_COLUMNS} can be fitted exactly"
            )
        everything = [*columns, y]
        self.size = len(columns)
        self.denominators = [c.denominator for c in everything]
        self.weight_denominator = 1 if weights is None else weights.denominator
        weighted = everything if weights is None else [c * weights for c in everything]
        self.matrix = [[0] * len(everything) for _ in everything]
        for i, left in enumerate(weighted):
            for j in range(i, len(everything)):
                self.matrix[i][j] = self.matrix[j][i] = left.dot(everything[j])

    def _select(self, indices: Sequence[int], target: int | None = None) -> list[list[int]]:
        chosen = [*indices, self.size if target is None else target]
        return [[self.matrix[i][j] for j in chosen] for i in chosen]

    def _unscaled_rss(self, scaled: int, pivot: int, target: int = -1) -> Fraction:
        return Fraction(scaled, pivot * self.denominators[target] ** 2 * self.weight_denominator)

    def sequential_rss(
        self, indices: Sequence[int], target: int = -1
    ) -> tuple[list[Fraction], list[bool]]:
        """The residual sum of squares as columns enter one by one, and which were independent.

        The first entry is without any column. ``target`` regresses that column instead of y.
        """
        a, last = self._select(indices, self.size if target < 0 else target), len(indices)
        previous = 1
        found, independent = [self._unscaled_rss(a[last][last], 1, target)], []
        for k in range(last):
            pivot = a[k][k]
            independent.append(pivot != 0)
            if pivot != 0:
                for i in range(k + 1, last + 1):
                    row, factor = a[i], a[k][i]
                    for j in range(i, last + 1):
                        row[j] = (pivot * row[j] - factor * a[k][j]) // previous
                previous = pivot
            found.append(self._unscaled_rss(a[last][last], previous, target))
        return found, independent

    def rss(self, indices: Sequence[int], target: int = -1) -> tuple[Fraction, int]:
        """The residual sum of squares of the model with these columns, and its rank."""
        found, independent = self.sequential_rss(indices, target)
        return found[-1], sum(independent)

    def solve(self, indices: Sequence[int] | None = None) -> Solution:
        """Fraction-free Gauss-Jordan elimination of [X'WX | X'Wy | I]."""
        chosen = list(range(self.size)) if indices is None else list(indices)
        _, independent = self.sequential_rss(chosen)
        kept = tuple(c for c, ok in zip(chosen, independent, strict=True) if ok)
        dropped = tuple(c for c, ok in zip(chosen, independent, strict=True) if not ok)
        p = len(kept)
        a = self._select(kept)
        for i, row in enumerate(a[:p]):
            row.extend(int(i == j) for j in range(p))
        a[p].extend([0] * p)
        previous = 1
        for k in range(p):
            pivot_row, pivot = a[k], a[k][k]
            for i in range(p + 1):
                if i != k:
                    factor = a[i][k]
                    a[i] = [
                        (pivot * x - factor * y) // previous
                        for x, y in zip(a[i], pivot_row, strict=True)
                    ]
            previous = pivot
        d, dy, dw = self.denominators, self.denominators[-1], self.weight_denominator
        coefficients = tuple(Fraction(a[i][p] * d[c], previous * dy) for i, c in enumerate(kept))
        inverse = tuple(
            tuple(
                Fraction(a[i][p + 1 + j] * d[c] * d[e] * dw, previous) for j, e in enumerate(kept)
            )
            for i, c in enumerate(kept)
        )
        return Solution(kept, dropped, coefficients, inverse, self._unscaled_rss(a[p][p], previous))


def _plain_decimals(sample: Sample) -> ExactColumn | None:
    """A column of plain decimals of at most 15 digits, by one rounding of value times power of ten.

    The product is within a third of the whole number that the text says, so it rounds to it.
    """
    texts = [t for t in sample.texts if t is not None]
    if not texts or not set("".join(texts)) <= PLAIN or max(map(len, texts)) > PLAIN_LENGTH:
        return None
    places = _places(texts)
    values = np.abs(sample.values)
    if not np.isfinite(values).all() or values.max() * 10.0**places >= 1e15 or places > 22:
        return None
    whole = np.rint(sample.values * 10.0**places).astype(np.int64)
    return ExactColumn.of_int64(whole, 10**places)


def _places(texts: Sequence[str]) -> int:
    """The most digits after a decimal point."""
    joined = np.frombuffer(("\n".join(texts) + "\n").encode("ascii"), dtype=np.uint8)
    points, ends = np.flatnonzero(joined == ord(".")), np.flatnonzero(joined == ord("\n"))
    if not len(points):
        return 0
    return int((ends[np.searchsorted(ends, points)] - points).max()) - 1


def fitted(columns: Sequence[ExactColumn], coefficients: Sequence[Fraction]) -> ExactColumn:
    """X b, exactly; once for each distinct row where rows repeat, as those of factors do."""
    n = len(columns[0])
    if n > MANY_ROWS and (found := distinct_rows(columns)) is not None:
        first, which = found
        return fitted([c.take(first) for c in columns], coefficients).take(which)
    scale = [b / c.denominator for b, c in zip(coefficients, columns, strict=True)]
    common = math.lcm(*(s.denominator for s in scale)) if scale else 1
    total = [0] * n
    for column, s in zip(columns, scale, strict=True):
        factor = s.numerator * (common // s.denominator)
        total = [t + factor * x for t, x in zip(total, column.numerators, strict=True)]
    return ExactColumn(tuple(total), common)


def residual_floats(
    columns: Sequence[ExactColumn],
    coefficients: Sequence[Fraction],
    y: ExactColumn,
    repeated: tuple[IntArray, IntArray] | None,
) -> FloatArray:
    """y - X b as float64, each within two units in the last place; shape (n,).

    Where rows of X repeat (``distinct_rows``), each fitted value is split once into a whole number of y's last place,
    taken from y without rounding, and the rest, at most one half.
    """
    if repeated is not None and y.narrow is not None:
        first, which = repeated
        few = fitted([c.take(first) for c in columns], coefficients)
        scaled = [v * y.denominator for v in few.fractions]
        whole = [round(v) for v in scaled]
        if y.bound + max(map(abs, whole)) < WIDE and y.denominator < 2**53:
            rest = np.array([float(v - w) for v, w in zip(scaled, whole, strict=True)])
            near = y.narrow - np.array(whole, dtype=np.int64)[which]
            return np.asarray((near - rest[which]) / float(y.denominator))
    return (y - fitted(columns, coefficients)).floats


def distinct_rows(columns: Sequence[ExactColumn]) -> tuple[IntArray, IntArray] | None:
    """(first row of each distinct one, which distinct one each row is); None where few repeat."""
    import pandas as pd

    if not columns:
        return None
    narrow = [c.narrow for c in columns if c.narrow is not None]
    if len(narrow) < len(columns):
        return None
    matrix = np.column_stack(narrow)
    mix = np.random.default_rng(0).integers(1, 2**40, len(columns))
    which, distinct = pd.factorize(matrix @ mix)
    if len(distinct) > MANY_ROWS // 4:
        return None
    first = np.empty(len(distinct), dtype=np.int64)
    first[which[::-1]] = np.arange(len(matrix))[::-1]  # of equal places the last written stays
    if not (matrix == matrix[first][which]).all():
        return None
    return first, which


def sweep(
    columns: Sequence[ExactColumn], y: ExactColumn, weights: ExactColumn | None = None
) -> Solution:
    """The second route: sweep X'WX in rationals, then sum the squared residuals themselves.

    References
    ----------
    Goodnight (1979), A tutorial on the SWEEP operator, The American Statistician 33, 149-158.
    """
    n, p = len(y), len(columns)
    ones = weights or ExactColumn.constant(1, n)
    a = [[Fraction(0)] * (p + 1) for _ in range(p + 1)]
    everything = [*columns, y]
    for i in range(p + 1):
        left = everything[i] if weights is None else everything[i] * ones
        for j in range(i, p + 1):
            total = left.dot(everything[j])
            a[i][j] = a[j][i] = Fraction(total, left.denominator * everything[j].denominator)
    kept, dropped = [], []
    for k in range(p):
        pivot = a[k][k]
        if pivot == 0:
            dropped.append(k)
            continue
        kept.append(k)
        row = [v / pivot for v in a[k]]
        for i in range(p + 1):
            if i != k and a[i][k] != 0:
                b = a[i][k]
                a[i] = [x - b * r for x, r in zip(a[i], row, strict=True)]
                a[i][k] = -b / pivot
        a[k] = row
        a[k][k] = 1 / pivot
    coefficients = tuple(a[k][p] for k in kept)
    residuals = y - fitted([columns[k] for k in kept], coefficients) if kept else y
    squares = map(operator.mul, residuals.numerators, residuals.numerators)
    total = sum(map(operator.mul, squares, ones.numerators))
    rss = Fraction(total, residuals.denominator**2 * ones.denominator)
    inverse = tuple(tuple(a[i][j] for j in kept) for i in kept)
    return Solution(tuple(kept), tuple(dropped), coefficients, inverse, rss)


def orthogonality(columns: Sequence[ExactColumn], residuals: ExactColumn) -> Fraction:
    """The largest absolute X'e: exactly 0 for least squares."""
    return max(
        (
            Fraction(
                abs(sum(map(operator.mul, c.numerators, residuals.numerators))),
                c.denominator * residuals.denominator,
            )
            for c in columns
        ),
        default=Fraction(0),
    )


def float_columns(
    columns: Sequence[ExactColumn], intercept: bool, weights: ExactColumn | None = None
) -> FloatArray:
    """Columns that span the same space, safe for float arithmetic; the first is the intercept, if any.

    As they are, unless they are nearly parallel, as a quadratic in x near 1e12 is: then orthogonal
    (exactly so where the table is small), else less their exact means.
    """
    if not columns:
        raise InputError("no predictor is left: each is 0 in every row")
    matrix = np.column_stack([c.floats for c in columns])
    scale = np.linalg.norm(matrix, axis=0)
    scale[scale == 0] = 1
    scaled = matrix / scale
    spectrum = np.linalg.eigvalsh(scaled.T @ scaled)
    if spectrum[-1] < spectrum[0] * NEARLY_PARALLEL**2:
        return matrix
    if matrix.size * len(columns) <= FEW_PRODUCTS:
        return np.column_stack([c.floats for c in _orthogonal(columns, weights)])
    moved = [c.centred() if intercept and j else c for j, c in enumerate(columns)]
    return np.column_stack([c.floats for c in moved])


def _orthogonal(columns: Sequence[ExactColumn], weights: ExactColumn | None) -> list[ExactColumn]:
    """Gram and Schmidt's way without rounding, in the inner product of the weights."""
    # each column made orthogonal, the same times the weights, its square
    found: list[tuple[ExactColumn, ExactColumn, Fraction]] = []
    for column in columns:
        left = column
        for other, weighted, square in found:
            along = Fraction(left.dot(weighted), left.denominator * weighted.denominator) / square
            left = left - other * ExactColumn.constant(along, len(other))
        weighted = left if weights is None else left * weights
        square = Fraction(left.dot(weighted), left.denominator * weighted.denominator)
        found.append((left, weighted, square))
    return [left for left, _, _ in found]


def leverages(matrix: FloatArray) -> FloatArray:
    """Diagonal of the hat matrix, by QR with column pivoting (columns scaled first)."""
    import scipy.linalg

    scale = np.linalg.norm(matrix, axis=0)
    scale[scale == 0] = 1
    q, r, _ = scipy.linalg.qr(matrix / scale, mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(r))
    rank = int((diagonal > diagonal[0] * 1e-13).sum()) if diagonal.size else 0
    return np.asarray((q[:, :rank] ** 2).sum(axis=1), dtype=np.float64)


def qr_coefficients(matrix: FloatArray, y: FloatArray) -> FloatArray:
    """The float route: Householder QR on columns scaled to unit length."""
    scale = np.linalg.norm(matrix, axis=0)
    scale[scale == 0] = 1
    q, r = np.linalg.qr(matrix / scale)
    solved: FloatArray = np.linalg.solve(r, q.T @ y) / scale
    return solved


def root(value: Fraction) -> float:
    """The square root of a rational, safe from overflow of its parts."""
    if value <= 0:
        return 0.0
    n, d = value.numerator, value.denominator
    shift = (n.bit_length() - d.bit_length()) // 2 * 2
    scaled = Fraction(n, d << shift) if shift >= 0 else Fraction(n << -shift, d)
    return math.sqrt(scaled) * 2.0 ** (shift // 2)
