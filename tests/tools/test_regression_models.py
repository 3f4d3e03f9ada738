"""Polynomial, stepwise, logistic, Poisson, robust and nonlinear regression; Box-Cox."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linear_data import correct_digits, oracle, table
from scipy import stats
from statements import run

from havoc.errors import InputError, NeedsClarification
from havoc.tools.values import Sample

LINEAR = oracle("nist/linear_certified")


@pytest.mark.parametrize(("name", "degree"), [("Filip", 10), ("Wampler5", 5), ("Wampler2", 5)])
def test_nist_polynomials(name, degree):
    r = run(f"stats.polynomial(y=d.y, x=d.x, degree={degree})", d=table(f"nist/{name}"))
    assert min(map(correct_digits, r["coefficients"], LINEAR[name]["beta"])) >= 13


def test_a_needless_degree_is_said():
    r = run("stats.polynomial(y=[1.1, 1.9, 3.2, 3.9, 5.1, 5.9, 7.1], x=[1, 2, 3, 4, 5, 6, 7])")
    assert any("lower degree" in w for w in r.result.warnings)
    with pytest.raises(InputError, match="at least 4 different"):
        run("stats.polynomial(y=[1, 2, 3, 5], x=[1, 2, 3, 3], degree=3)")


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=3, max_size=3))
def test_stepwise_keeps_what_makes_the_response(coefficients):
    rng = np.random.default_rng(5)
    x = rng.integers(-50, 50, (40, 3))
    y = x @ np.array(coefficients) + rng.normal(0, 1, 40).round(3) + 3
    wanted = [f"x{i + 1}" for i, c in enumerate(coefficients) if c]
    columns = [Sample.of([int(v) for v in c]) for c in x.T]
    arguments = f"y={[round(v, 3) for v in y.tolist()]}, x={[c.values.tolist() for c in columns]}"
    if not wanted:
        return
    for method in ("forward", "backward", "both"):
        r = run(f"stats.stepwise({arguments}, method={method})")
        assert set(wanted) <= set(r["selected"])


def test_stepwise_that_finds_nothing_says_so():
    r = run("stats.stepwise(y=[1, 5, 2, 4, 3, 3], x=[[1, 2, 3, 4, 5, 6]])")
    assert (r["selected"], r["n_selected"], r["coefficients"]) == ([], 0, [3.0])
    assert "None of the" in r.result.conclusion
    with pytest.raises(InputError, match="p_remove"):
        run("stats.stepwise(y=[1, 2, 3], x=[[1, 2, 4]], p_enter=0.2, p_remove=0.1)")


def test_logistic_on_two_groups_is_the_log_odds_ratio():
    a, b, c, d = 3, 17, 11, 9  # events and non-events at x = 0 and x = 1
    y = [1] * a + [0] * b + [1] * c + [0] * d
    x = [0] * (a + b) + [1] * (c + d)
    r = run(f"stats.logistic(y={y}, x={x}, at=[1])")
    assert r["coefficients"][1] == pytest.approx(math.log(c * b / (a * d)))
    assert r["se"][1] == pytest.approx(math.sqrt(1 / a + 1 / b + 1 / c + 1 / d))
    assert r["predicted"] == pytest.approx(c / (c + d))
    assert r["n_events"] == a + c


def test_complete_separation_is_refused():
    with pytest.raises(InputError, match="separate the two outcomes"):
        run("stats.logistic(y=[0, 0, 0, 1, 1, 1], x=[1, 2, 3, 4, 5, 6])")
    with pytest.raises(InputError, match="has two"):
        run("stats.logistic(y=[0, 1, 2, 1], x=[1, 2, 3, 4])")


def test_poisson_on_two_groups_is_the_log_rate_ratio():
    y, exposure = [7, 9, 12, 21], [10, 14, 9, 13]
    r = run(f"stats.poisson_regression(y={y}, x=[0, 0, 1, 1], exposure={exposure})")
    low, high = 16 / 24, 33 / 22
    assert r["coefficients"] == pytest.approx([math.log(low), math.log(high / low)])
    assert r["se"][1] == pytest.approx(math.sqrt(1 / 16 + 1 / 33))
    assert r["rate_ratios"][1] == pytest.approx(high / low)


def test_counts_must_be_counts():
    with pytest.raises(InputError, match="whole numbers"):
        run("stats.poisson_regression(y=[1.5, 2, 3], x=[1, 2, 3])")


def test_huber_on_stack_loss_is_rs_rlm():
    # Venables and Ripley (2002), Modern Applied Statistics with S, section 6.5
    r = run(
        "stats.robust_regression(`stack.loss` ~ `Air.Flow` + `Water.Temp` + `Acid.Conc.`, data=d)",
        d=table("textbook/stackloss"),
    )
    assert r["coefficients"] == pytest.approx([-41.0265, 0.8294, 0.9261, -0.1278], abs=2e-4)
    assert r["s"] == pytest.approx(2.441, abs=1e-3)


def test_one_wild_value_does_not_move_a_robust_line():
    r = run(
        "stats.robust_regression(y=[1.1, 2, 2.9, 4.2, 5.1, 99, 7, 8.1], x=[1, 2, 3, 4, 5, 6, 7, 8])"
    )
    assert r["slope"] == pytest.approx(1, abs=0.05)
    assert r.result.table("rows that count less").column("row") == [6]


MISRA = (
    "y=[10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78], "
    "x=[77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0], "
    "model=b1*(1 - exp(-b2*x))"
)


@pytest.mark.parametrize("start", [", start=[500, 0.0001]", ", start=[250, 0.0005]"])
def test_nist_misra1a(start):
    r = run(f"stats.nonlinear({MISRA}{start})")
    assert r["coefficients"] == pytest.approx([2.3894212918e02, 5.5015643181e-04], rel=1e-9)
    assert r["se"] == pytest.approx([2.7070075241, 7.2668688436e-06], rel=1e-7)
    assert r["ss_error"] == pytest.approx(1.2455138894e-01, rel=1e-9)


def test_starting_values_are_searched_where_none_are_given():
    r = run(
        "stats.nonlinear(y=[8.3, 10.3, 19, 16, 15.6, 19.8], x=[1, 2, 3, 4, 5, 7], model=a*(1 - exp(-b*x)))"
    )
    assert r["coefficients"] == pytest.approx([19.143, 0.5311], abs=1e-3)  # R, BOD


def test_models_that_cannot_be_fitted_are_refused():
    with pytest.raises(NeedsClarification):
        run("stats.nonlinear(y=[1, 2, 3], x=[1, 2, 3], model=2*x)")
    with pytest.raises(InputError, match="do not determine"):
        run("stats.nonlinear(y=[1, 2, 3.1, 4], x=[1, 2, 3, 4], model=a*b*x)")
    with pytest.raises(InputError, match="no function 'foo'"):
        run("stats.nonlinear(y=[1, 2, 3.1, 4], x=[1, 2, 3, 4], model=a*foo(x))")
    with pytest.raises(InputError, match="does not occur"):
        run("stats.nonlinear(y=[1, 2, 3.1, 4], x=[1, 2, 3, 4], model=a*t)")


def test_box_cox_of_one_sample_is_scipys():
    y = [0.31, 0.45, 0.46, 0.43, 0.82, 1.10, 0.88, 0.72, 2.3, 3.1]
    r = run(f"stats.box_cox(y={y})")
    _, power, interval = stats.boxcox(y, alpha=0.05)
    assert r["power"] == pytest.approx(power, abs=1e-5)
    assert [r["ci_low"], r["ci_high"]] == pytest.approx(interval, abs=1e-5)


def test_box_cox_of_the_poison_experiment_is_about_the_reciprocal():
    # Box and Cox (1964), section 5: the reciprocal, an interval well away from 1
    r = run(
        "stats.box_cox(formula=y ~ poison + treat, data=d, anova=true)",
        d=table("textbook/poison.data"),
    )
    assert r["power"] == pytest.approx(-0.75, abs=0.05)
    assert r["ci_low"] < -1 < r["ci_high"] < 0


def test_box_cox_needs_positive_values_that_vary():
    with pytest.raises(InputError, match="vary too little"):
        run("stats.box_cox(y=[34.0, 31.3, 31.6, 30.2, 33.7, 30.1, 34.0, 31.5, 30.3])")
    with pytest.raises(InputError, match="0 or below"):
        run("stats.box_cox(y=[1, 2, 0, 4])")
