"""Power, sample sizes and distributions against R pwr, printed tables and closed forms."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.errors import InputError, NeedsClarification
from havoc.tools.bind import bind
from havoc.tools.operation import get, operations
from havoc.tools.stats import power_functions as pf

ORACLE = json.loads((Path(__file__).parents[1] / "data" / "acceptance_power.json").read_text())[
    "power"
]


def run(name: str, **keywords: Any) -> Any:
    """The values of an operation, demanding that its audit passes."""
    operation = get(name)
    arguments = bind(operation, (), keywords)
    result = operation.run(arguments)
    assert [c for c in operation.audit(arguments, result) if not c.passed] == []
    return result.values


def test_power_functions_reach_the_wanted_power_at_the_sizes_of_r_pwr() -> None:
    n = ORACLE["t2_d05_80"]
    assert pf.t_power(0.5 * math.sqrt(n / 2), 2 * n - 2, 0.05, True) == pytest.approx(0.8, abs=1e-8)
    n = ORACLE["t1_d05_90"]
    assert pf.t_power(0.5 * math.sqrt(n), n - 1, 0.05, True) == pytest.approx(0.9, abs=1e-8)
    n = ORACLE["anova_k4_f25_80"]
    power = pf.f_power(0.25**2 * 4 * n, 3, 4 * (n - 1), 0.05)
    assert power == pytest.approx(0.8, abs=1e-8)
    n = ORACLE["prop_10_5_90"]
    power = pf.two_proportions_power(n, n, 0.10, 0.05, 0.05, True, "arcsine")
    assert power == pytest.approx(0.9, abs=1e-8)
    n = ORACLE["chisq_w3_df2_80"]
    assert pf.chi2_power(n * 0.09, 2, 0.05) == pytest.approx(0.8, abs=1e-8)


def test_sample_sizes_are_those_of_r_pwr_rounded_up() -> None:
    assert run("stats.sample_size_t_two", difference=0.5)["n"] == math.ceil(ORACLE["t2_d05_80"])
    size = run("stats.sample_size_t_one", difference=0.5, power=0.9)
    assert size["n"] == math.ceil(ORACLE["t1_d05_90"])
    size = run("stats.sample_size_anova", groups=4, effect=0.25)
    assert (size["n"], size["total"]) == (math.ceil(ORACLE["anova_k4_f25_80"]), 180)
    size = run("stats.sample_size_proportion_two", p_1=0.1, p_2=0.05, power=0.9, method="arcsine")
    assert size["n"] == math.ceil(ORACLE["prop_10_5_90"])
    assert run("stats.sample_size_correlation", correlation=0.3)["n"] == math.ceil(
        ORACLE["r_03_80"]
    )
    size = run("stats.sample_size_chi_square", effect=0.3, df=2)
    assert size["n"] == math.ceil(ORACLE["chisq_w3_df2_80"])
    assert run("stats.power_t_two", n=20, difference=0.8)["power"] == pytest.approx(
        ORACLE["t2_d08_n20"], abs=1e-12
    )


def test_proportions_by_the_normal_method_are_those_of_r_power_prop_test() -> None:
    # R: power.prop.test(p1 = .50, p2 = .75, power = .90)  n = 76.7
    assert run("stats.sample_size_proportion_two", p_1=0.5, p_2=0.75, power=0.9)["n"] == 77
    # R: power.prop.test(n = 50, p1 = .50, p2 = .75)  power = 0.7401659 (one tail only)
    assert run("stats.power_proportion_two", n=50, p_1=0.5, p_2=0.75)["power"] == pytest.approx(
        0.7401659, abs=2e-6
    )


@settings(max_examples=12, deadline=None)
@given(st.floats(0.2, 2).map(lambda v: round(v, 2)), st.sampled_from([0.7, 0.8, 0.9, 0.95]))
def test_one_observation_fewer_would_not_do(difference: float, power: float) -> None:
    n = run("stats.sample_size_t_one", difference=difference, power=power)["n"]
    assert run("stats.power_t_one", n=n, difference=difference)["power"] >= power
    if n > 2:
        assert run("stats.power_t_one", n=n - 1, difference=difference)["power"] < power


@pytest.mark.parametrize("df", [1, 2, 5, 30, 400])
@pytest.mark.parametrize("shift", [0.1, 1.0, 3.0, 8.0])
def test_power_by_integration_equals_the_noncentral_distributions(df: int, shift: float) -> None:
    for two_sided in (True, False):
        again = pf.t_power_again(shift, df, 0.05, two_sided)
        assert again == pytest.approx(pf.t_power(shift, df, 0.05, two_sided), abs=1e-10)
    assert pf.f_power_again(shift, 3, df, 0.01) == pytest.approx(
        pf.f_power(shift, 3, df, 0.01), abs=1e-10
    )
    assert pf.chi2_power_again(shift, df, 0.05) == pytest.approx(
        pf.chi2_power(shift, df, 0.05), abs=1e-10
    )


def test_sample_size_to_estimate() -> None:
    assert run("stats.sample_size_mean", margin=0.5, sd=2)["n"] == 62
    known = run("stats.sample_size_mean", margin=1, sd=5, confidence=0.99)["n"]
    assert (
        run("stats.sample_size_mean", margin=1, sd=5, confidence=0.99, sd_known=False)["n"] > known
    )
    assert run("stats.sample_size_proportion", margin=0.05)["n"] == 385  # the textbook's 384.16
    assert run("stats.sample_size_proportion", margin=0.05, population=1000)["n"] == 278


def test_an_effect_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="0 cannot be detected"):
        run("stats.sample_size_t_one", difference=0)
    with pytest.raises(InputError, match="no difference"):
        run("stats.sample_size_proportion_two", p_1=0.1, p_2=0.1)
    with pytest.raises(NeedsClarification, match="effect"):
        run("stats.sample_size_anova", groups=3)


TABLED = [
    ("stats.normal_probability", {"below": 1.96}, 0.9750021048517795),
    (
        "stats.normal_probability",
        {"mean": 25, "sd": 0.02, "above": 24.96, "below": 25.03},
        0.910442666782963,
    ),
    ("stats.t_probability", {"df": 10, "above": 2.764}, 0.01),
    ("stats.chi_square_probability", {"df": 10, "above": 18.307}, 0.05),
    ("stats.f_probability", {"df_1": 5, "df_2": 10, "above": 3.326}, 0.05),
    ("stats.exponential_probability", {"mean": 800, "above": 1000}, math.exp(-1.25)),
    ("stats.weibull_probability", {"shape": 1.8, "scale": 5000, "above": 2000}, 0.825158401353316),
    ("stats.uniform_probability", {"low": 2, "high": 8, "below": 3.5}, 0.25),
    ("stats.binomial_probability", {"n": 10, "chance": 0.5, "exactly": 5}, 252 / 1024),
    ("stats.poisson_probability", {"mean": 3, "at_most": 1}, 4 * math.exp(-3)),
    (
        "stats.hypergeometric_probability",
        {"lot": 50, "defectives": 5, "n": 10, "exactly": 0},
        0.3105627820,
    ),
    ("stats.geometric_probability", {"chance": 0.2, "exactly": 3}, 0.128),
    ("stats.negative_binomial_probability", {"events": 2, "chance": 0.5, "exactly": 1}, 0.25),
]


@pytest.mark.parametrize(("name", "arguments", "p"), TABLED)
def test_probabilities_of_tables_and_closed_forms(
    name: str, arguments: dict[str, Any], p: float
) -> None:
    tolerance = 2e-4 if len(f"{p:g}") <= 4 else 1e-9
    assert run(name, **arguments)["p"] == pytest.approx(p, rel=tolerance * 5)


QUANTILES = [
    ("stats.normal_quantile", {"p": 0.975}, 1.959964),
    ("stats.t_quantile", {"p": 0.975, "df": 10}, 2.228139),
    ("stats.chi_square_quantile", {"p": 0.95, "df": 10}, 18.307038),
    ("stats.f_quantile", {"p": 0.95, "df_1": 5, "df_2": 10}, 3.325835),
    ("stats.exponential_quantile", {"p": 0.5, "mean": 800}, 554.517744),
    ("stats.weibull_quantile", {"p": 0.1, "shape": 1.8, "scale": 5000}, 1432.231678),
    ("stats.binomial_quantile", {"p": 0.95, "n": 20, "chance": 0.05}, 3),
]


@pytest.mark.parametrize(("name", "arguments", "quantile"), QUANTILES)
def test_quantiles_of_tables(name: str, arguments: dict[str, Any], quantile: float) -> None:
    assert run(name, **arguments)["quantile"] == pytest.approx(quantile, rel=1e-6)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.001, 0.999), st.floats(0.5, 8).map(lambda v: round(v, 2)))
def test_the_probability_below_a_quantile_is_what_was_asked(p: float, shape: float) -> None:
    for kind, parameters in (
        ("weibull", {"shape": shape, "scale": 3.0}),
        ("gamma", {"shape": shape}),
        ("t", {"df": shape}),
        ("lognormal", {"log_mean": 1.0, "log_sd": shape / 4}),
    ):
        q = run(f"stats.{kind}_quantile", p=p, **parameters)["quantile"]
        assert run(f"stats.{kind}_probability", below=q, **parameters)["p"] == pytest.approx(
            p, rel=1e-7
        )


def test_far_tails_keep_their_digits() -> None:
    p = run("stats.normal_probability", above=10)["p"]
    assert p == pytest.approx(7.619853024160527e-24, rel=1e-9)
    assert run("stats.normal_probability", above=10, below=11)["p"] == pytest.approx(p, rel=1e-2)


def test_bounds_that_hold_nothing_are_refused_or_asked_for() -> None:
    with pytest.raises(NeedsClarification, match="above="):
        run("stats.normal_probability")
    with pytest.raises(InputError, match="smaller bound"):
        run("stats.normal_probability", above=2, below=1)
    with pytest.raises(InputError, match="not both"):
        run("stats.binomial_probability", n=5, chance=0.2, exactly=1, at_most=2)
    with pytest.raises(InputError, match="cannot hold"):
        run("stats.hypergeometric_probability", lot=10, defectives=11, n=3, exactly=1)


def test_each_continuous_distribution_has_a_probability_and_a_quantile() -> None:
    names = set(operations())
    kinds = "normal t chi_square f exponential weibull lognormal gamma beta uniform".split()
    for kind in kinds:
        assert {f"stats.{kind}_probability", f"stats.{kind}_quantile"} <= names


@settings(max_examples=15, deadline=None)
@given(st.floats(-500, 500).map(lambda v: round(v, 1)), st.floats(0.001, 0.999))
def test_normal_quantiles_are_found_wherever_the_mean_lies(mean: float, p: float) -> None:
    q = run("stats.normal_quantile", mean=mean, sd=2.0, p=p)["quantile"]
    standard = run("stats.normal_quantile", p=p)["quantile"]
    assert q == pytest.approx(mean + 2 * standard, abs=1e-9)
