"""Thousands of rows, whose sums run in int64 and whose repeated rows are fitted once, come out as few do."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest

from havoc.tools.expression import Binary, Formula, Name
from havoc.tools.formula import build
from havoc.tools.least_squares import (
    MANY_ROWS,
    ExactColumn,
    distinct_rows,
    fitted,
    leverages,
)
from havoc.tools.linear_model import LinearFit
from havoc.tools.values import Labels, Sample, Table


def two_way(offset: str, seed: int) -> LinearFit:
    """y ~ a*b, unbalanced, 3,000 rows."""
    rng = np.random.default_rng(seed)
    n = MANY_ROWS + 1000
    a, b = rng.integers(0, 3, n), rng.choice(4, n, p=[0.1, 0.2, 0.3, 0.4])
    shift = Fraction(offset)
    ys = [shift + Fraction(int(v), 1000) for v in rng.integers(-3000, 3000, n) + 700 * a * b]
    table = Table(
        (
            Sample("y", tuple(f"{int(v * 1000) // 1000}.{int(v * 1000) % 1000:03d}" for v in ys)),
            Labels("a", tuple(f"a{i}" for i in a)),
            Labels("b", tuple(f"b{i}" for i in b)),
        )
    )
    formula = Formula(Name("y"), Binary("*", Name("a"), Name("b")))
    return LinearFit(build(formula, table, contrasts="sum"))


@pytest.mark.parametrize("offset", ["10", "1000000000"])
def test_residuals_of_repeated_rows_are_right_to_the_last_place(offset: str) -> None:
    fit = two_way(offset, 5)
    assert fit.repeated is not None
    columns = [c.fractions for c in fit.kept_columns]
    for i in range(0, fit.n, 97):
        mean = sum(
            (b * c[i] for b, c in zip(fit.solution.coefficients, columns, strict=True)), Fraction(0)
        )
        exact = float(fit.model.response.fractions[i] - mean)
        assert fit.residuals[i] == pytest.approx(exact, rel=5e-16)


def test_leverages_of_repeated_rows_are_those_of_the_whole_matrix() -> None:
    fit = two_way("0", 6)
    whole = leverages(np.column_stack([c.floats for c in fit.kept_columns]))
    np.testing.assert_allclose(fit.leverage, whole, rtol=1e-11)
    assert fit.leverage.sum() == pytest.approx(fit.solution.rank, rel=1e-12)


def test_distinct_rows_name_a_row_for_each() -> None:
    fit = two_way("0", 7)
    found = distinct_rows(fit.kept_columns)
    assert found is not None
    first, which = found
    assert len(first) == 12
    for column in fit.kept_columns:
        assert column.narrow is not None
        np.testing.assert_array_equal(column.narrow[first][which], column.narrow)


def test_rows_that_do_not_repeat_are_left_alone() -> None:
    assert distinct_rows([ExactColumn(tuple(range(5000)))]) is None
    assert distinct_rows([]) is None


@pytest.mark.parametrize("big", [3, 2**40, 2**70])
def test_int64_columns_compute_as_whole_numbers_do(big: int) -> None:
    a, b = ExactColumn((1, -2, big), 7), ExactColumn((big, 5, -1), 6)
    for op in ("__add__", "__sub__", "__mul__"):
        found = getattr(a, op)(b)
        wanted = [getattr(x, op)(y) for x, y in zip(a.fractions, b.fractions, strict=True)]
        assert list(found.fractions) == wanted
    assert list(a.centred().fractions) == [v - a.mean() for v in a.fractions]
    assert list(fitted([a, b], [Fraction(1, 3), Fraction(2)]).fractions) == [
        x / 3 + 2 * y for x, y in zip(a.fractions, b.fractions, strict=True)
    ]


def test_a_column_of_computed_floats_is_the_column_of_their_texts() -> None:
    values = np.array([0.1, -2.5, 1e-17, 3.0])
    lazy, plain = Sample.of(values, "x"), Sample("x", ("0.1", "-2.5", "1e-17", "3.0"))
    assert len(lazy) == 4
    assert pickle.loads(pickle.dumps(lazy)) == plain
    assert lazy == plain
    values[0] = 9
    assert lazy.values[0] == 0.1


def test_a_column_with_gaps_keeps_them() -> None:
    assert Sample.of(np.array([1.5, np.nan]), "x").texts == ("1.5", None)


def test_codes_number_the_labels_and_mark_what_is_missing() -> None:
    labels = Labels("g", ("b", None, "a", "b"))
    assert labels.levels == ("b", "a")
    assert labels.codes.tolist() == [0, -1, 1, 0]
