"""Formulas: the algebra of terms, and model matrices of columns called anything."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statements import expression

from havoc.errors import InputError
from havoc.tools.expression import Formula, Name
from havoc.tools.formula import build, expand, label
from havoc.tools.values import Labels, Sample, Table

TABLE = Table(
    (
        Sample("y", ("1", "2", "4", "3", "5", "7", "6", "9")),
        Sample("x", ("0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.9")),
        Sample("Temp (°C)", ("10", "20", "10", "20", "10", "20", "10", "30")),
        Labels("C", ("a", "b", "a", "b", "a", "b", "a", "b")),
        Labels("Q", ("u", "u", "v", "v", "w", "w", "u", "v")),
        Sample("I", ("1", "2", "3", "1", "2", "3", "1", "2")),
    )
)


def terms(text: str) -> list[str]:
    return [label(t) for t in expand(expression(text)).terms]


def model(text: str, **options):
    response, right = text.split("~")
    return build(Formula(expression(response), expression(right)), TABLE, **options)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a + b", ["a", "b"]),
        ("a*b", ["a", "b", "a:b"]),
        ("a:b", ["a:b"]),
        ("b:a + a:b", ["b:a"]),
        ("a/b", ["a", "a:b"]),
        ("(a + b + c)^2", ["a", "b", "c", "a:b", "a:c", "b:c"]),
        ("a*b*c - a:b:c", ["a", "b", "c", "a:b", "a:c", "b:c"]),
        ("a + a^2", ["a", "a^2"]),
        ("a + I(a^2)", ["a", "a^2"]),
        ("quadratic(a, b)", ["a", "b", "a:b", "a^2", "b^2"]),
        ("SO(a, b)", ["a", "b", "a:b", "a^2", "b^2"]),
        ("linear(a, b) + squares(a)", ["a", "b", "a^2"]),
        ("log(a) + `a`", ["log(a)", "a"]),
        ("a:b + a", ["a", "a:b"]),
        ("I(a*b) + a", ["I(a*b)", "a"]),
    ],
)
def test_a_formula_means_these_terms(written, meant):
    if written == "b:a + a:b":
        assert len(terms(written)) == 1
    else:
        assert terms(written) == meant


def test_the_intercept_is_left_out_by_minus_one_and_by_zero():
    assert expand(expression("a + b")).intercept
    assert not expand(expression("a - 1")).intercept
    assert not expand(expression("0 + a")).intercept


@pytest.mark.parametrize("written", ["2*a", "foo(a)", "a^2.5", "a + 3", "a^0"])
def test_what_is_no_term_is_refused(written):
    with pytest.raises(InputError):
        expand(expression(written))


def test_columns_may_be_called_C_I_Q_or_hold_units_and_brackets():
    built = model("y ~ C + I + Q + `Temp (°C)`")
    assert built.column_names == ("intercept", "C[b]", "I", "Q[v]", "Q[w]", "Temp (°C)")
    assert model("y ~ C(I)").column_names == ("intercept", "I[2]", "I[3]")


def test_products_of_decimals_are_exact():
    cube = model("y ~ x^3").columns[1].fractions
    assert cube[0] == Fraction(1, 1000)
    assert cube[-1] == Fraction(729, 1000)


def test_sum_contrasts_add_to_zero_over_the_levels():
    built = model("y ~ Q", contrasts="sum")
    rows = {tuple(r) for r in built.matrix()[:, 1:]}
    assert np.sum(list(rows), axis=0).tolist() == [0, 0]


def test_a_factor_without_its_margin_gets_a_column_for_each_level():
    assert model("y ~ 0 + Q").column_names == ("Q[u]", "Q[v]", "Q[w]")
    assert model("y ~ x:C").column_names == ("intercept", "x:C[a]", "x:C[b]")


def test_a_transformed_response_and_functions_of_columns():
    built = model("log(y) ~ sqrt(x) + I(x*`Temp (°C)`)")
    np.testing.assert_allclose(built.response.floats, np.log(TABLE.sample("y").values))
    np.testing.assert_allclose(built.columns[1].floats, np.sqrt(TABLE.sample("x").values))
    assert built.columns[2].fractions[1] == 4


def test_an_unknown_column_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match=r"no column 'Tmp'.*Temp"):
        model("y ~ Tmp")


def test_the_response_may_not_stand_on_the_right():
    with pytest.raises(InputError, match="both sides"):
        model("y ~ x + y")


def test_rows_with_a_missing_cell_are_left_out_and_counted():
    holed = Table((Sample("y", ("1", None, "3", "5")), Labels("g", ("a", "b", None, "b"))))
    built = build(Formula(Name("y"), Name("g")), holed)
    assert (built.n, built.n_dropped, built.kept_rows) == (2, 2, (0, 3))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from("abc"), min_size=8, max_size=14).filter(lambda v: len(set(v)) > 1),
    st.data(),
)
def test_treatment_and_sum_contrasts_span_the_same_space(levels, data):
    other = data.draw(
        st.lists(st.sampled_from("pq"), min_size=len(levels), max_size=len(levels)).filter(
            lambda v: len(set(v)) > 1
        )
    )
    rows = Table(
        (
            Sample("y", tuple(str(i * i % 7) for i in range(len(levels)))),
            Labels("f", tuple(levels)),
            Labels("g", tuple(other)),
        )
    )
    built = build(Formula(Name("y"), expression("f*g")), rows)
    a, b = built.matrix(), built.recoded("sum").matrix()
    rank = np.linalg.matrix_rank
    assert rank(a) == rank(b) == rank(np.hstack([a, b]))
