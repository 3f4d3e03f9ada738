"""Confidence intervals of Cohen's d and eta squared: against R's noncentral distributions and published figures."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.dsl.executor import run_text
from havoc.tools.stats.effect_sizes import (
    d_interval,
    d_interval_again,
    eta2_interval,
    eta2_interval_again,
)

# miles per gallon of cars with automatic and manual gears (Henderson and Velleman 1981, R's mtcars)
AUTOMATIC = [21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4, 14.7,
             21.5, 15.5, 15.2, 13.3, 19.2]  # fmt: skip
MANUAL = [21.0, 21.0, 22.8, 32.4, 30.4, 33.9, 27.3, 26.0, 30.4, 15.8, 19.7, 15.0, 21.4]
# extra hours of sleep under two drugs (Student 1908), and yields of plants (Dobson 1983, R's PlantGrowth)
SLEEP = ([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
         [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])  # fmt: skip
PLANTS = [[4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14],
          [4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69],
          [6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26]]  # fmt: skip


def values(program: str) -> dict:
    (step,) = run_text(f"r = {program}").steps
    assert all(c.passed for c in step.checks), [c for c in step.checks if not c.passed]
    return step.result.values


def limits(found: dict) -> tuple[float, float]:
    return found["effect_size_low"], found["effect_size_high"]


@pytest.mark.parametrize("program", [
    f"stats.t_test_two({AUTOMATIC}, {MANUAL})",
    "stats.t_test_two_summary(n_1=19, mean_1=17.147368421, sd_1=3.833966394, n_2=13, "
    "mean_2=24.392307692, sd_2=6.166503774)",
])  # fmt: skip
def test_cohens_d_of_two_samples_is_that_of_r(program: str) -> None:
    found = values(program)
    # R: uniroot over pt(t, 30, ncp); the R package effectsize prints -1.48 [-2.27, -0.67] for these data
    assert found["effect_size"] == pytest.approx(-1.477947095801589, rel=1e-8)
    assert limits(found) == pytest.approx((-2.265973280446096, -0.670568385745411), rel=1e-8)


def test_cohens_d_of_pairs_is_that_of_r() -> None:
    found = values(f"stats.t_test_paired({SLEEP[0]}, {SLEEP[1]})")
    assert limits(found) == pytest.approx((-2.118016513977067, -0.414627756380144), rel=1e-6)


def test_eta_squared_of_one_factor_is_that_of_r() -> None:
    found = values(f"stats.anova(groups={PLANTS})")
    assert found["F"] == pytest.approx(4.846087862380135)
    low, high = found["eta2_low"], found["eta2_high"]
    assert (low, high) == pytest.approx((0.031888248130582, 0.428798990149255), rel=1e-6)
    assert found["eta2_confidence"] == pytest.approx(0.9)


def test_several_terms_have_an_interval_each() -> None:
    found = values(
        "stats.anova(value=[20, 22, 30, 31, 25, 24, 40, 43], "
        'by=[["lo", "lo", "hi", "hi", "lo", "lo", "hi", "hi"], ["x", "x", "x", "x", "y", "y", "y", "y"]])'
    )
    for eta, low, high, p in zip(
        *(found[k] for k in ("eta2", "eta2_low", "eta2_high", "p_value")), strict=True
    ):
        assert low < eta
        assert (low > 0) == (p < 0.05)
        assert low < high < 1


@settings(max_examples=25)
@given(st.floats(-30, 30), st.integers(1, 200), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_two_routes_to_the_limits_of_d_agree(t: float, df: int, level: float) -> None:
    unit = (df + 1) ** -0.5
    one, two = d_interval(t * unit, unit, df, level), d_interval_again(t * unit, unit, df, level)
    assert set(one) == set(two) == {"effect_size_low", "effect_size_high"}
    for key, value in one.items():
        assert value == pytest.approx(two[key].value, rel=1e-6, abs=1e-7)
    assert one["effect_size_low"] < one["effect_size_high"]


@settings(max_examples=40)
@given(
    st.floats(0, 60), st.integers(1, 12), st.integers(1, 200), st.sampled_from([0.01, 0.05, 0.2])
)
def test_two_routes_to_the_limits_of_eta_squared_agree(
    f: float, df1: int, df2: int, alpha: float
) -> None:
    one, two = eta2_interval(f, df1, df2, alpha), eta2_interval_again(f, df1, df2, alpha)
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert one == pytest.approx(two, rel=1e-6, abs=1e-9)
        assert 0 <= one[0] <= one[1] < 1


def test_the_interval_of_d_holds_zero_just_where_the_test_is_not_significant() -> None:
    for target in (500, 501, 502, 505):
        found = values(f"stats.t_test_one([502, 498, 505, 499, 503, 507, 501], target={target})")
        low, high = limits(found)
        assert (low <= 0 <= high) == (not found["significant"])


def test_a_difference_beyond_all_bounds_has_no_interval() -> None:
    found = values("stats.t_test_one([1.00000001, 1.00000002, 1.00000003], target=900000)")
    assert "effect_size" in found
    assert "effect_size_low" not in found


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize(("t", "df"), [(0.3, 4), (2.2, 11), (-5.1, 40), (12.0, 9)])
def test_limits_are_those_of_r_itself(t: float, df: int) -> None:
    script = (
        f"f <- function(p) uniroot(function(nc) pt(abs({t}), {df}, nc, lower.tail=FALSE) - p, "
        f"c(abs({t}) - 30, abs({t}) + 30), tol=1e-12)$root; "
        'cat(sprintf("%.12f %.12f", f(0.025), f(0.975)))'
    )
    out = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True)
    low, high = map(float, out.stdout.split())
    expected = (low, high) if t > 0 else (-high, -low)
    assert limits(d_interval(t, 1.0, df, 0.95)) == pytest.approx(expected, abs=1e-6)
