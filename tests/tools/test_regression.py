"""Regression against NIST StRD, R and Montgomery, and by what least squares must satisfy."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linear_data import correct_digits, oracle, table
from statements import run

from havoc.errors import InputError, NeedsClarification
from havoc.tools.least_squares import CrossProducts, ExactColumn, sweep
from havoc.tools.values import Labels, Sample, Table

CERTIFIED = oracle("nist/linear_certified")
BOOK = oracle("textbook/textbook_oracle")


def nist_formula(name: str) -> str:
    kind = CERTIFIED[name]["model"]
    if kind.startswith("poly"):
        return "y ~ " + " + ".join(f"x^{k}" for k in range(1, int(kind[4:]) + 1)).replace(
            "x^1 ", "x "
        )
    return {
        "Pontius": "y ~ x + x^2",
        "Longley": "y ~ x1 + x2 + x3 + x4 + x5 + x6",
        "Norris": "y ~ x",
    }.get(name, "y ~ x - 1")


@pytest.mark.parametrize("name", list(CERTIFIED))
def test_nist_linear_sets_are_right_to_thirteen_digits(name):
    r = run(f"stats.regression({nist_formula(name)}, data=d)", d=table(f"nist/{name}"))
    certified = CERTIFIED[name]
    assert min(map(correct_digits, r["coefficients"], certified["beta"])) >= 13
    assert min(map(correct_digits, r["se"], certified["se"])) >= 13
    for key, exact in (("coefficients", "beta_exact_30"), ("se", "se_exact_30")):
        assert min(map(correct_digits, r[key], certified[exact])) >= 14.9
    assert correct_digits(r["ss_error"], certified["sse_exact_30"]) >= 14.9
    assert correct_digits(r["r2"], certified["r2_exact_30"]) >= 14.9


def test_calibration_line_predicts_with_its_prediction_interval():
    r = run(
        "stats.regression(y=[2.3, 3.9, 6.2, 7.8, 10.1, 11.9], x=[10, 20, 30, 40, 50, 60], at=[45])"
    )
    wanted = {
        "slope": 0.19485714285714287, "intercept": 0.21333333333333, "r2": 0.9977918567567181,
        "predicted": 8.981904761904763, "pi_low": 8.393000078328747, "pi_high": 9.57080944548078,
    }  # fmt: skip
    for key, value in wanted.items():
        assert r[key] == pytest.approx(value, rel=1e-9)


def test_montgomery_viscosity_agrees_with_r_in_every_figure():
    r = run(
        "stats.regression(visc ~ temp + feed, data=d, at=[90, 10])",
        d=table("textbook/viscosity_reg"),
    )
    book = BOOK["viscosity"]
    assert r["coefficients"] == pytest.approx(list(book["coef"].values()))
    assert r["se"] == pytest.approx(list(book["se"].values()))
    assert r["t"] == pytest.approx(list(book["t"].values()))
    assert r["vif"] == pytest.approx(list(book["vif"].values()))
    for key, name in (("r2", "r2"), ("r2_adj", "adj"), ("s", "sigma"), ("press", "PRESS")):
        assert r[key] == pytest.approx(book[name])
    assert [r["F"], r["df_model"], r["df_error"]] == pytest.approx(book["F"])
    assert [r["predicted"], r["mean_ci_low"], r["mean_ci_high"]] == pytest.approx(book["ci90"])
    assert [r["predicted"], r["pi_low"], r["pi_high"]] == pytest.approx(book["pi90"])
    fit = r.result.extra["fit"]
    assert fit.studentised.tolist() == pytest.approx(book["rstudent"])
    assert fit.leverage.tolist() == pytest.approx(book["hat"])
    assert max(fit.cooks_distance) == pytest.approx(book["maxcook"])


def test_stack_loss_agrees_with_r():
    r = run(
        "stats.regression(`stack.loss` ~ `Air.Flow` + `Water.Temp` + `Acid.Conc.`, data=d)",
        d=table("textbook/stackloss"),
    )
    book = BOOK["stackloss"]
    assert r["coefficients"] == pytest.approx(list(book["coef"].values()))
    assert r["se"] == pytest.approx(list(book["se"].values()))


def test_gage_linearity_gives_the_published_line():
    r = run("stats.regression(y=d.bias, x=d.ref)", d=table("textbook/gage_linearity"))
    assert r["slope"] == pytest.approx(-0.131667, abs=1e-6)
    assert r["t_slope"] == pytest.approx(-12.04256, abs=1e-5)
    assert r["s"] == pytest.approx(0.23954, abs=1e-6)


def test_weights_agree_with_statsmodels():
    import statsmodels.api as sm

    y, x, w = [1.0, 2.5, 2.7, 4.4, 5.1], [1.0, 2.0, 3.0, 4.0, 5.0], [1, 2, 0.5, 4, 1]
    r = run(f"stats.regression(y={y}, x={x}, weights={w})")
    other = sm.WLS(y, sm.add_constant(x), w).fit()
    assert r["coefficients"] == pytest.approx(list(other.params))
    assert r["se"] == pytest.approx(list(other.bse))
    assert [r["r2"], r["F"]] == pytest.approx([other.rsquared, other.fvalue])


def test_words_enter_as_indicators_and_predict_from_a_table():
    rows = Table((Sample("y", ("1", "2", "5", "6")), Labels("g", ("a", "a", "b", "b"))))
    new = Table((Labels("g", ("b", "a")),))
    r = run("stats.regression(y ~ g, data=d, new_data=n)", d=rows, n=new)
    assert r["coefficient_names"] == ["intercept", "g[b]"]
    assert r["predicted"] == [5.5, 1.5]


def test_ten_thousand_rows_of_ten_predictors_take_about_a_second_with_the_audit():
    rng = np.random.default_rng(3)
    names = "abcdefghij"
    columns = [Sample.of([f"{v:.3f}" for v in rng.normal(50, 9, 10_000)], c) for c in names]
    y = Sample.of([f"{v:.3f}" for v in rng.normal(5, 2, 10_000)], "y")
    start = time.process_time()
    run(f"stats.regression(y ~ {' + '.join(names)}, data=d)", d=Table((y, *columns)))
    assert time.process_time() - start < 6  # about 0.8 s alone on a slow core


def test_a_column_that_is_a_combination_of_others_is_left_out_and_said():
    r = run("stats.regression(y=[1, 2, 4, 3, 6], x=[[1, 2, 3, 4, 5], [0.1, 0.2, 0.3, 0.4, 0.5]])")
    assert r["coefficient_names"] == ["intercept", "x1"]
    assert any("Not estimable" in w for w in r.result.warnings)


def test_extrapolation_is_said():
    r = run("stats.regression(y=[1, 2, 4, 3], x=[1, 2, 3, 4], at=[9])")
    assert any("Extrapolation" in w for w in r.result.warnings)


def test_an_exact_fit_has_no_tests():
    r = run("stats.regression(y=[0.3, 0.5, 0.7], x=[1, 2, 3])")
    assert r["slope"] == 0.2
    assert "p_value" not in r.result.values
    assert any("exactly" in w for w in r.result.warnings)


def test_what_cannot_be_fitted_is_refused():
    with pytest.raises(NeedsClarification):
        run("stats.regression(y ~ x)")
    with pytest.raises(InputError, match="unequal length"):
        run("stats.regression(y=[1, 2, 3], x=[1, 2])")
    with pytest.raises(InputError, match="at: the list is empty"):
        run("stats.regression(y=[1, 2, 3], x=[1, 2, 4], at=[])")
    with pytest.raises(InputError, match="weights must be above 0"):
        run("stats.regression(y=[1, 2, 3], x=[1, 2, 4], weights=[1, 0, 1])")


decimals = st.decimals(-1000, 1000, places=2, allow_nan=False, allow_infinity=False).map(str)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_elimination_and_sweep_agree_exactly_on_any_decimals(data):
    n = data.draw(st.integers(3, 9))
    draw = st.lists(decimals, min_size=n, max_size=n).map(
        lambda v: ExactColumn.of_sample(Sample.of(v))
    )
    columns = [ExactColumn.constant(1, n), *data.draw(st.lists(draw, min_size=1, max_size=4))]
    y = data.draw(draw)
    weights = data.draw(st.none() | draw.map(lambda c: c * c + ExactColumn.constant(1, n)))
    one, other = CrossProducts(columns, y, weights).solve(), sweep(columns, y, weights)
    assert one == other
    assert one.rss >= 0


@settings(max_examples=25, deadline=None)
@given(st.lists(decimals, min_size=3, max_size=8))
def test_moving_the_response_moves_only_the_intercept(texts):
    y = ExactColumn.of_sample(Sample.of(texts))
    n = len(y)
    x = [ExactColumn.constant(1, n), ExactColumn(tuple(i * i for i in range(n)))]
    far = y + ExactColumn.constant(10**15, n)
    a, b = CrossProducts(x, y).solve(), CrossProducts(x, far).solve()
    assert (b.coefficients[0] - a.coefficients[0], b.coefficients[1]) == (10**15, a.coefficients[1])
    assert a.rss == b.rss
