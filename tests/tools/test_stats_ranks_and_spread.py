"""Rank tests, variances, outliers and proportions against R, NIST and scipy."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from havoc.errors import InputError, NeedsClarification
from havoc.tools.bind import bind
from havoc.tools.operation import get
from havoc.tools.stats.ranks import signed_rank_counts, u_counts
from havoc.tools.values import Labels

# Hollander and Wolfe: depression scores (table 3.1) and permeability (table 4.1), as in R's help
DEPRESSION = (
    [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30],
    [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29],
)
PERMEABILITY = (
    [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
    [1.15, 0.88, 0.90, 0.74, 1.21],
)
MASS = [199.31, 199.53, 200.19, 200.82, 201.92, 201.95, 202.18, 245.57]  # NIST 1.3.5.17.1
samples = st.lists(st.integers(-30, 30), min_size=3, max_size=10)


def run(name: str, *values: Any, **keywords: Any) -> Any:
    """The values of an operation, demanding that its audit passes."""
    operation = get(name)
    arguments = bind(operation, values, keywords)
    result = operation.run(arguments)
    assert [c for c in operation.audit(arguments, result) if not c.passed] == []
    return result.values


def test_rank_sum_of_the_permeability_data_is_that_of_r() -> None:
    values = run("stats.mann_whitney", *PERMEABILITY, alternative="greater")
    assert values["statistic"] == 35
    assert values["p_value"] == pytest.approx(0.1272, abs=5e-5)


def test_signed_rank_of_the_depression_scores_is_that_of_r() -> None:
    values = run("stats.wilcoxon", *DEPRESSION, alternative="greater")
    assert values["statistic"] == 40
    assert values["p_value"] == pytest.approx(0.01953, abs=5e-6)
    assert values["estimate"] == pytest.approx(0.46)


@settings(max_examples=20, deadline=None)
@given(samples, samples)
def test_mann_whitney_agrees_with_scipy_with_and_without_ties(x: list[int], y: list[int]) -> None:
    if len({*x, *y}) < 2:
        return
    method: Any = "exact" if len({*x, *y}) == len(x) + len(y) else "asymptotic"
    test = stats.mannwhitneyu(x, y, method=method)
    values = run("stats.mann_whitney", x, y)
    assert values["statistic"] == test.statistic
    assert values["p_value"] == pytest.approx(test.pvalue, rel=1e-9)
    other = run("stats.mann_whitney", y, x)
    assert other["p_value"] == pytest.approx(values["p_value"], rel=1e-9)


def test_the_counts_behind_exact_p_values_add_up() -> None:
    for m, n in ((1, 1), (3, 5), (7, 4), (10, 12)):
        assert sum(u_counts(m, n)) == math.comb(m + n, m)
        assert u_counts(m, n) == u_counts(n, m)
    assert sum(signed_rank_counts(9)) == 2**9


def test_sign_test_is_the_binomial_test() -> None:
    values = run("stats.sign_test", *DEPRESSION)
    assert (values["above"], values["below"]) == (7, 2)
    assert values["p_value"] == pytest.approx(stats.binomtest(7, 9).pvalue)


def test_kruskal_wallis_and_friedman_agree_with_scipy() -> None:
    groups = [[2.9, 3.0, 2.5, 2.6, 3.2], [3.8, 2.7, 4.0, 2.4], [2.8, 3.4, 3.7, 2.2, 2.0]]
    values = run("stats.kruskal_wallis", groups)
    # R: kruskal.test of Hollander and Wolfe's mucociliary data: 0.77143, p 0.68
    assert values["statistic"] == pytest.approx(0.77143, abs=5e-6)
    assert values["p_value"] == pytest.approx(0.68, abs=5e-4)
    long = [v for g in groups for v in g]
    by = Labels("g", ("a",) * 5 + ("b",) * 4 + ("c",) * 5)
    assert run("stats.kruskal_wallis", value=long, by=by)["statistic"] == values["statistic"]
    rounds = [[5.40, 5.85, 5.20], [5.50, 5.70, 5.60], [5.55, 5.75, 5.50], [5.9, 5.55, 5.4]]
    columns = [list(c) for c in zip(*rounds, strict=True)]
    test = stats.friedmanchisquare(*columns)
    assert run("stats.friedman", columns)["p_value"] == pytest.approx(test.pvalue)


def test_levene_of_the_nist_gear_data_layout_agrees_with_scipy() -> None:
    a = [1.006, 0.996, 0.998, 1.000, 0.992, 0.993, 1.002, 0.999, 0.994, 1.000]
    b = [0.998, 1.006, 1.000, 1.002, 0.997, 0.998, 0.996, 1.000, 1.006, 0.988]
    c = [0.991, 0.987, 0.997, 0.999, 0.995, 0.994, 1.000, 0.999, 0.996, 0.996]
    for method, test in (
        ("brown_forsythe", stats.levene(a, b, c, center="median")),
        ("levene", stats.levene(a, b, c, center="mean")),
        ("bartlett", stats.bartlett(a, b, c)),
    ):
        values = run("stats.equal_variances", [a, b, c], method=method)
        assert values["statistic"] == pytest.approx(test.statistic, rel=1e-9)
        assert values["p_value"] == pytest.approx(test.pvalue, rel=1e-9)


@settings(max_examples=15, deadline=None)
@given(samples, samples)
def test_the_variance_ratio_turns_over_when_the_samples_are_swapped(
    x: list[int], y: list[int]
) -> None:
    if len(set(x)) < 2 or len(set(y)) < 2:
        return
    a, b = run("stats.variance_two", x, y), run("stats.variance_two", y, x)
    assert a["ratio"] == pytest.approx(1 / b["ratio"], rel=1e-9)
    assert a["ci_low"] == pytest.approx(1 / b["ci_high"], rel=1e-9)


def test_one_value_has_no_variance_to_test() -> None:
    with pytest.raises(InputError, match="at least 2"):
        run("stats.variance_one", [5.0])
    with pytest.raises((InputError, NeedsClarification)):
        run("stats.equal_variances", [[5.0]])


def test_grubbs_of_the_nist_masses() -> None:
    values = run("stats.grubbs", MASS, alternative="greater")
    assert values["statistic"] == pytest.approx(2.4687, abs=1e-4)
    assert values["critical"] == pytest.approx(2.032, abs=5e-4)
    assert values["outlier"] == 245.57


def test_dixons_q_of_the_textbook_suspect_is_kept_at_five_percent() -> None:
    values = run(
        "stats.dixon", [0.189, 0.167, 0.187, 0.183, 0.186, 0.182, 0.181, 0.184, 0.181, 0.177]
    )
    assert values["statistic"] == pytest.approx(0.455, abs=5e-4)
    assert values["significant"] is False
    with pytest.raises(InputError, match="3 to 10"):
        run("stats.dixon", list(range(1, 12)))


def test_boxplot_rule_counts_what_numpy_counts() -> None:
    values = run("stats.outliers", [1, 2, 3, 4, 5, 6, 7, 8, 50, -40])
    assert (values["count"], values["count_low"], values["count_high"]) == (2, 1, 1)
    assert values["positions"] == [9, 10]


def test_wilson_and_clopper_pearson_limits_of_newcombes_examples() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table 1: 81/263 and 15/148
    for events, n, wilson, exact in (
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ):
        for method, limits in (("wilson", wilson), ("exact", exact)):
            values = run("stats.proportion_one", events=events, n=n, interval=method)
            assert (values["ci_low"], values["ci_high"]) == pytest.approx(limits, abs=6e-5)


def test_difference_of_proportions_is_newcombes_method_ten() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table 2: 56/70 - 48/80
    values = run("stats.proportion_two", events_1=56, n_1=70, events_2=48, n_2=80)
    assert values["ci_low"] == pytest.approx(0.0524, abs=6e-5)
    assert values["ci_high"] == pytest.approx(0.3339, abs=6e-5)
    chi2 = stats.chi2_contingency([[56, 14], [48, 32]], correction=False)
    assert values["statistic"] ** 2 == pytest.approx(chi2.statistic, rel=1e-9)
    assert values["p_value"] == pytest.approx(chi2.pvalue, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 40), st.data())
def test_exact_binomial_p_agrees_with_scipy(n: int, data: Any) -> None:
    events = data.draw(st.integers(0, n))
    for side in ("two-sided", "less", "greater"):
        values = run("stats.proportion_one", events=events, n=n, null=0.3, alternative=side)
        assert values["p_value"] == pytest.approx(
            stats.binomtest(events, n, 0.3, alternative=side).pvalue, rel=1e-9
        )


def test_mcnemar_of_agrestis_approval_ratings() -> None:
    # Agresti (2013), section 11.1: (86 - 150)^2 / 236 = 17.36
    assert run("stats.mcnemar", b=86, c=150)["statistic"] == pytest.approx(17.36, abs=5e-3)


def test_exact_poisson_limits_of_garwood() -> None:
    values = run("stats.poisson_rate_one", events=10)
    assert (values["ci_low"], values["ci_high"]) == pytest.approx((4.7954, 18.3904), abs=5e-5)
    # R: poisson.test(137, 24.19893) gives p < 2.2e-16 and 4.753125 .. 6.692709
    values = run("stats.poisson_rate_one", events=137, exposure=24.19893, null=1)
    assert (values["ci_low"], values["ci_high"]) == pytest.approx((4.753125, 6.692709), abs=5e-7)


def test_rate_ratio_of_r_poisson_test() -> None:
    # R: poisson.test(c(11, 21), c(800, 3011)): p 0.07967, ratio 1.971488
    values = run(
        "stats.poisson_rate_two", events_1=11, events_2=21, exposure_1=800, exposure_2=3011
    )
    assert values["ratio"] == pytest.approx(1.971488, abs=5e-7)
    assert values["p_value"] == pytest.approx(0.07967, abs=5e-6)
    assert (values["ci_low"], values["ci_high"]) == pytest.approx((0.8584264, 4.277268), abs=5e-6)
