"""What an answer tells beside its main figure: further averages, z, both U and both rank sums, corrected chi-square."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from scipy import stats
from statements import run
from statsmodels.stats.stattools import durbin_watson

from havoc.tools.table_io import read_table_bytes

VALUES = [12, 15, 15, 11, 14, 60, 13, 15, 12, 14]


def test_further_averages_agree_with_scipy_and_statistics() -> None:
    found = run(f"r = stats.describe({VALUES}, trim=10%)")
    assert found["mode"] == statistics.mode(VALUES)
    assert found["trimmed_mean"] == pytest.approx(stats.trim_mean(VALUES, 0.1))
    assert found["geometric_mean"] == pytest.approx(statistics.geometric_mean(VALUES))
    assert found["harmonic_mean"] == pytest.approx(statistics.harmonic_mean(VALUES))
    assert found["mad"] == pytest.approx(stats.median_abs_deviation(VALUES))
    mean = statistics.mean(VALUES)
    assert found["mean_deviation"] == pytest.approx(statistics.mean(abs(v - mean) for v in VALUES))


def test_several_modes_are_a_list_and_none_is_told_where_no_value_repeats() -> None:
    assert run("r = stats.describe([3, 1, 2, 3, 2])")["mode"] == statistics.multimode([2, 3, 2, 3])
    assert run("r = stats.describe([1, 2, 3])")["mode"] is None


def test_means_of_positive_values_only_are_not_told_of_others() -> None:
    found = run("r = stats.describe([-1, 2, 4])").result.values
    assert not {"geometric_mean", "harmonic_mean"} & set(found)


def test_a_geometric_mean_of_many_values_does_not_overflow() -> None:
    values = [10**i for i in range(41)] * 30
    assert run(f"r = stats.describe({values})")["geometric_mean"] == pytest.approx(10**20)


def test_a_bound_of_a_normal_probability_is_told_as_z() -> None:
    call = "r = stats.normal_probability(mean=25, sd=0.02, above=24.96"
    assert run(f"{call})")["z"] == -2
    assert run(f"{call}, below=25.03)")["z"] == [-2, 1.5]


def test_both_u_and_both_rank_sums_are_told() -> None:
    a, b = [1, 2, 2, 3, 4, 4], [3, 4, 5, 5, 6]
    found = run(f"r = stats.mann_whitney({a}, {b})")
    assert found["u_2"] == stats.mannwhitneyu(b, a).statistic
    ranks = stats.rankdata([*a, *b])
    assert (found["rank_sum_1"], found["rank_sum_2"]) == (ranks[:6].sum(), ranks[6:].sum())


def test_both_signed_rank_sums_are_told() -> None:
    x, y = [86, 92, 75, 81, 90, 85], [82, 89, 74, 76, 91, 79]
    found = run(f"r = stats.wilcoxon({x}, {y})")
    least = stats.wilcoxon(x, y).statistic  # scipy tells the smaller of the two
    assert min(found["statistic"], found["w_minus"]) == least
    assert found["statistic"] + found["w_minus"] == 21


def test_yates_corrected_chi_square_agrees_with_r() -> None:
    # R 4: chisq.test(table(mtcars$am, mtcars$vs)) says X-squared = 0.34754, p-value = 0.5555.
    found = run("r = stats.chi_square_independence([[12, 7], [6, 7]])")
    assert found["statistic_corrected"] == pytest.approx(0.34754, abs=5e-6)
    assert found["p_corrected"] == pytest.approx(0.5555, abs=5e-5)
    assert found["odds_ratio"] == pytest.approx(2.0)
    assert found["relative_risk"] == pytest.approx((12 / 19) / (6 / 13))


def test_larger_tables_have_no_corrected_chi_square() -> None:
    found = run("r = stats.chi_square_independence([[12, 7, 3], [6, 7, 9]])").result.values
    assert not {"statistic_corrected", "odds_ratio"} & set(found)


def test_a_line_tells_its_correlation_and_the_errors_of_its_residuals() -> None:
    x, y = [10, 20, 30, 40, 50, 60], [11.9, 10.1, 7.8, 6.2, 3.9, 2.3]
    found = run(f"r = stats.regression(y={y}, x={x})")
    line = stats.linregress(x, y)
    residuals = np.array(y) - line.intercept - line.slope * np.array(x)
    assert found["correlation"] == pytest.approx(line.rvalue)
    assert found["mse"] == pytest.approx((residuals**2).mean())
    assert found["rmse"] == pytest.approx((residuals**2).mean() ** 0.5)
    assert found["mae"] == pytest.approx(abs(residuals).mean())
    assert found["durbin_watson"] == pytest.approx(durbin_watson(residuals))


def test_weighted_fits_have_no_plain_mean_errors() -> None:
    found = run("r = stats.regression(y=[2, 3, 5, 6], x=[1, 2, 3, 4], weights=[1, 2, 2, 1])")
    assert not {"mse", "durbin_watson", "correlation"} & set(found.result.values)


def test_a_t_test_tells_the_other_assumption_on_the_variances_too() -> None:
    a, b = [4.2, 4.8, 5.1, 4.6, 4.9, 5.3], [5.0, 5.6, 5.2, 5.9, 7.4]
    welch = run(f"r = stats.t_test_two({a}, {b})")
    pooled = run(f"r = stats.t_test_two({a}, {b}, equal_variances=true)")
    for found, equal in ((welch, False), (pooled, True)):
        asked = stats.ttest_ind(a, b, equal_var=equal)
        other = stats.ttest_ind(a, b, equal_var=not equal)
        assert (found["statistic"], found["other_statistic"]) == pytest.approx(
            (asked.statistic, other.statistic)
        )
        limits = other.confidence_interval()
        assert (found["other_df"], found["other_p_value"]) == pytest.approx(
            (other.df, other.pvalue)
        )
        assert (found["other_ci_low"], found["other_ci_high"]) == pytest.approx(tuple(limits))
    rows = welch.result.table("t test").rows
    assert [row[0] for row in rows] == ["Welch", "pooled"]


def test_cells_behind_a_shorter_group_are_not_told_as_missing_but_gaps_are() -> None:
    table = read_table_bytes(b"a,b,c\n1,2,4\n3,5,6\n4,,7\n6,8,\n5,,\n", "t.csv")
    for call in ("t_test_two(t.a, t.b)", "mann_whitney(t.a, t.b)", "kruskal_wallis(groups=t)"):
        said = " ".join(run(f"r = stats.{call}", t=table).result.warnings)
        assert "1 missing value was left out of 'b'" in said
        assert "'c'" not in said
