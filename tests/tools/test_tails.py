"""Tails of counts in 40 digits: against the definition, against scipy, and on both sides of the switch."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statements import run

from havoc.tools.stats import precise, tails
from havoc.tools.stats.proportions import poisson_two_sided


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.fractions(Fraction(1, 100), Fraction(99, 100)), st.data())
def test_binomial_tails_are_sums_of_the_definition(n: int, chance: Fraction, data: st.DataObject):
    seen = data.draw(st.integers(0, n))
    p = [math.comb(n, k) * chance**k * (1 - chance) ** (n - k) for k in range(n + 1)]
    count = tails.binomial(n, chance)
    assert float(count.at_most(seen)) == pytest.approx(float(sum(p[: seen + 1])), rel=1e-14)
    assert float(count.at_least(seen)) == pytest.approx(float(sum(p[seen:])), rel=1e-14)
    likely = sum(v for v in p if v <= p[seen] * (1 + Fraction(1, 10**7)))
    assert float(count.no_likelier(seen)) == pytest.approx(float(likely), rel=1e-14)


@pytest.mark.parametrize(
    ("mean", "k"),
    [(0.2, 0), (2.5, 4), (50, 30), (89_000, 89_500), (1e5, 100_700), (1e6, 998_000), (1e9, 1_000_050_000)],
)  # fmt: skip
def test_poisson_tails_agree_with_scipy(mean: float, k: int):
    count = tails.poisson(mean)
    assert float(count.at_most(k)) == pytest.approx(stats.poisson.cdf(k, mean), rel=1e-10)
    assert float(count.at_least(k)) == pytest.approx(stats.poisson.sf(k - 1, mean), rel=1e-10)
    assert float(count.no_likelier(k)) == pytest.approx(poisson_two_sided(k, mean), rel=1e-9)


@pytest.mark.parametrize("sds", [-6, -1, 0, 2, 9])
def test_sums_and_integrals_agree_where_one_gives_way_to_the_other(sds: int):
    n, chance = 4 * tails.WIDE**2, Fraction(1, 2)  # just as wide as sums are taken
    count = tails.binomial(n, chance)
    k = n // 2 + sds * tails.WIDE
    assert count.sd <= tails.WIDE
    assert float(count.integral(k) / count.at_most(k) - 1) == pytest.approx(0, abs=1e-25)
    few = tails.poisson(tails.WIDE**2)
    k = tails.WIDE**2 + sds * tails.WIDE
    assert float(few.integral(k) / few.at_most(k) - 1) == pytest.approx(0, abs=1e-25)


def test_gamma_and_beta_are_right_where_their_densities_are_integrated():
    a = precise.LARGE + 1
    with mpmath.workdps(40):
        x = mpmath.mpf(a) - 70
        gamma = mpmath.gammainc(a, 0, x, regularized=True)
    assert float(precise.gamma_cdf(float(x), a) / gamma - 1) == pytest.approx(0, abs=1e-25)
    beta = stats.beta.cdf(0.51, a, a)
    assert float(precise.beta_cdf(0.51, a, a)) == pytest.approx(beta, rel=1e-11)


@pytest.mark.parametrize(
    "statement",
    [
        "r = stats.poisson_rate_one(events=1000000, exposure=20, null=49900)",
        "r = stats.poisson_rate_two(events_1=1000000, events_2=30, exposure_1=20, exposure_2=25)",
        "r = stats.proportion_one(events=12, n=30000000, null=1e-6, interval=exact)",
        "r = stats.proportion_one(events=9012, n=30000000, null=0.0003, interval=exact)",
        "r = stats.mcnemar(b=100400, c=100000)",
        "r = stats.geometric_probability(chance=0.1, at_most=1000000)",
        "r = stats.negative_binomial_probability(events=3, chance=0.4, at_most=1000000)",
        "r = stats.gamma_quantile(p=0.9, shape=1000000, scale=3)",
        "r = stats.power_anova(n=20, groups=4, effect=1000000)",
        "w = quality.weibull_fit([54, 187, 216, 240, 244, 335], n_censored=200000, censor_time=500)",
        "w = quality.lognormal_fit([54, 187, 216, 240, 244, 335], n_censored=200000, censor_time=500)",
        "r = maths.sum(k^2, k, 1000000, n)",
        "r = maths.sum(k^2, k, n, 1000000)",
    ],
)
def test_large_counts_are_answered_with_their_audit(statement: str):
    assert run(statement).result.values


def test_leverages_of_a_polynomial_far_from_zero_are_those_near_it():
    near, far = (
        run(f"r = stats.polynomial(y=[1, 0, 1.2, 7.7, 27.4, 63], x=[{x}], degree=3)")
        for x in (
            "0, 1, 2, 3, 4, 5",
            ", ".join(str(10**12 + i) for i in range(6)),
        )
    )
    assert far["press"] == pytest.approx(near["press"], rel=1e-9)
