"""Equivalence, z, resampling, corrections, percentiles, matrices, series and fits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from havoc.errors import InputError, NeedsClarification
from havoc.tools.bind import bind
from havoc.tools.operation import get
from havoc.tools.values import Sample

A = [10.1, 9.8, 10.3, 10.0, 9.9, 10.4, 9.7]
B = [10.0, 10.2, 9.9, 10.1, 10.2, 9.6, 10.3]
# lives of 10 air conditioners between failures, Proschan (1963), plane 7912 shortened to 12
LIVES = [23, 261, 87, 7, 120, 14, 62, 47, 225, 71, 246, 21]


def run(name: str, *values: Any, **keywords: Any) -> Any:
    """The values of an operation, demanding that its audit passes."""
    operation = get(name)
    arguments = bind(operation, values, keywords)
    result = operation.run(arguments)
    assert [c for c in operation.audit(arguments, result) if not c.passed] == []
    return result.values


def test_equivalence_is_two_one_sided_t_tests() -> None:
    values = run("stats.equivalence", A, B, margin=0.4)
    low = stats.ttest_ind(np.array(A) + 0.4, B, equal_var=False, alternative="greater").pvalue
    high = stats.ttest_ind(np.array(A) - 0.4, B, equal_var=False, alternative="less").pvalue
    assert values["p_lower"] == pytest.approx(low, rel=1e-9)
    assert values["p_upper"] == pytest.approx(high, rel=1e-9)
    assert values["equivalent"] == (max(low, high) < 0.05)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.05, 2).map(lambda v: round(v, 2)))
def test_equivalence_is_shown_exactly_when_the_interval_lies_inside(margin: float) -> None:
    values = run("stats.equivalence", A, B, margin=margin, pairs=True)
    inside = -margin < values["ci_low"] and values["ci_high"] < margin
    assert values["equivalent"] == inside


def test_equivalence_asks_for_its_margin() -> None:
    with pytest.raises(NeedsClarification, match="margin"):
        run("stats.equivalence", A, B)


def test_z_test_is_the_normal_tail() -> None:
    values = run("stats.z_test", mean=101.8, n=25, target=100, sigma=4)
    assert values["statistic"] == pytest.approx(2.25)
    assert values["p_value"] == pytest.approx(2 * stats.norm.sf(2.25), rel=1e-12)
    same = run("stats.z_test", A, target=10, sigma=0.2)
    assert same["mean"] == pytest.approx(np.mean(A))


def test_bootstrap_repeats_for_a_seed_and_holds_the_estimate() -> None:
    once = run("stats.bootstrap", LIVES, statistic="median", seed=5)
    again = run("stats.bootstrap", LIVES, statistic="median", seed=5)
    other = run("stats.bootstrap", LIVES, statistic="median", seed=6)
    assert once == again
    assert once != other
    assert once["ci_low"] <= once["estimate"] <= once["ci_high"]


def test_bootstrap_error_of_a_mean_is_near_its_formula() -> None:
    values = run("stats.bootstrap", LIVES, resamples=8000)
    assert values["se"] == pytest.approx(np.std(LIVES) / np.sqrt(len(LIVES)), rel=0.04)


def test_permutation_of_fishers_smallest_case_is_exact() -> None:
    values = run("stats.permutation_test", [1, 2, 3, 4], [5, 6, 7, 8])
    assert values["permutations"] == 70
    assert values["p_value"] == pytest.approx(2 / 70)
    test = stats.permutation_test(
        (LIVES[:6], LIVES[6:]),
        lambda x, y: np.mean(x) - np.mean(y),
        n_resamples=np.inf,
        alternative="greater",
    )
    values = run("stats.permutation_test", LIVES[:6], LIVES[6:], alternative="greater")
    assert values["p_value"] == pytest.approx(test.pvalue, rel=1e-9)


def test_corrections_are_those_of_r_p_adjust() -> None:
    p = [0.01, 0.02, 0.03, 0.04, 0.05]
    expected = {
        "bonferroni": [0.05, 0.1, 0.15, 0.2, 0.25],
        "holm": [0.05, 0.08, 0.09, 0.09, 0.09],
        "hochberg": [0.05, 0.05, 0.05, 0.05, 0.05],
        "benjamini_hochberg": [0.05, 0.05, 0.05, 0.05, 0.05],
    }
    for method, adjusted in expected.items():
        assert run("stats.adjust_p_values", p, method=method)["adjusted"] == pytest.approx(adjusted)
    with pytest.raises(InputError, match="not a p value"):
        run("stats.adjust_p_values", [0.2, 1.2])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0, 1).map(lambda v: round(v, 4)), min_size=1, max_size=8))
def test_adjusted_p_values_never_fall_below_the_raw_ones(p: list[float]) -> None:
    for method in ("holm", "hochberg", "benjamini_hochberg", "benjamini_yekutieli", "sidak"):
        adjusted = run("stats.adjust_p_values", p, method=method)["adjusted"]
        assert all(b >= a - 1e-12 for a, b in zip(p, adjusted, strict=True))
        assert max(adjusted) <= 1


def test_percentiles_are_numpys_by_default() -> None:
    values = run("stats.percentile", LIVES, p=[0.1, 0.5, 0.95])
    assert values["quantiles"] == pytest.approx(np.quantile(LIVES, [0.1, 0.5, 0.95]))


def test_correlation_matrix_agrees_with_numpy_and_with_the_pairwise_operation() -> None:
    c = [v * v % 7 for v in range(7)]
    values = run("stats.correlation_matrix", [A, B, c])
    assert np.allclose(values["correlation"], np.corrcoef([A, B, c]))
    assert np.allclose(values["covariance"], np.cov([A, B, c]))
    pair = run("stats.correlation", A, B)
    assert values["p_values"][0][1] == pytest.approx(pair["p_value"], rel=1e-9)


def test_the_column_of_interest_is_told_with_what_goes_with_it() -> None:
    c = [-v for v in B]
    values = run("stats.correlation_matrix", [A, c], y=B)
    assert (values["y_goes_with"], values["direction"]) == ("group2", "negative")
    assert values["strongest_with_y"] == pytest.approx(-1)
    assert "y_goes_with" not in run("stats.correlation_matrix", [A, B])


def test_lag_one_of_the_nist_series_is_the_first_of_the_function() -> None:
    x = LIVES
    values = run("stats.autocorrelation", x, lags=3)
    assert values["autocorrelation"][0] == pytest.approx(
        run("stats.describe", x)["autocorrelation"], rel=1e-12
    )
    with pytest.raises(InputError, match="missing"):
        run("stats.autocorrelation", Sample("y", ("1", "2", None, "4", "5", "7")))


@pytest.mark.parametrize("family", ["weibull", "gamma", "lognormal", "exponential", "normal"])
def test_fits_reach_scipys_maximum_of_the_likelihood(family: str) -> None:
    law = {
        "weibull": stats.weibull_min,
        "gamma": stats.gamma,
        "lognormal": stats.lognorm,
        "exponential": stats.expon,
        "normal": stats.norm,
    }[family]
    fixed = {} if family == "normal" else {"floc": 0}
    parameters = law.fit(LIVES, **fixed)
    values = run("stats.distribution_fit", LIVES, distribution=family)
    best = float(np.sum(law.logpdf(LIVES, *parameters)))
    assert values["log_likelihood"] >= best - 1e-9
    assert values["log_likelihood"] == pytest.approx(best, abs=1e-4)


def test_the_best_fit_has_the_smallest_aic() -> None:
    best = run("stats.distribution_fit", LIVES)
    for family in ("weibull", "gamma", "lognormal", "exponential", "normal"):
        assert (
            best["aic"] <= run("stats.distribution_fit", LIVES, distribution=family)["aic"] + 1e-9
        )
    with pytest.raises(InputError, match="above 0"):
        run("stats.distribution_fit", [-1, 2, 3, 4, 5], distribution="weibull")
