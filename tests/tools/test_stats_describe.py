"""Summaries, normality and correlation against NIST StRD, R and the definitions."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from havoc.errors import InputError
from havoc.tools.bind import bind
from havoc.tools.operation import get
from havoc.tools.result import Result
from havoc.tools.values import Sample

NIST = Path(__file__).parents[1] / "data" / "nist"
CERTIFIED = json.loads((NIST / "univariate_certified.json").read_text())
decimals = st.lists(
    st.decimals(-1000, 1000, places=3, allow_nan=False).map(str), min_size=4, max_size=25
)


def run(name: str, *values: Any, **keywords: Any) -> Result:
    """Run an operation, demanding that its audit passes."""
    operation = get(name)
    arguments = bind(operation, values, keywords)
    result = operation.run(arguments)
    assert [c for c in operation.audit(arguments, result) if not c.passed] == []
    return result


def correct_digits(value: Any, certified: str) -> float:
    error = abs(value - float(certified)) / abs(float(certified))
    return 16 if error == 0 else -math.log10(error)


@pytest.mark.parametrize("name", CERTIFIED)
def test_describe_reaches_the_certified_digits_of_nist(name: str) -> None:
    with (NIST / f"{name}.csv").open() as lines:
        rows = list(csv.reader(lines))
    result = run("stats.describe", Sample("y", tuple(r[-1] for r in rows[1:])))
    assert result.values["n"] == CERTIFIED[name]["n"]
    for key, ours in (("mean", "mean"), ("sd", "sd"), ("r1", "autocorrelation")):
        assert correct_digits(result.values[ours], CERTIFIED[name][f"{key}_exact"]) >= 14, key


def test_describe_agrees_with_scipy_on_shape() -> None:
    x = [2.1, 3.4, 1.9, 5.6, 4.4, 2.2, 9.8]
    values = run("stats.describe", x).values
    assert values["skewness_population"] == pytest.approx(stats.skew(x))
    assert values["kurtosis_population"] == pytest.approx(stats.kurtosis(x))
    assert values["skewness"] == pytest.approx(stats.skew(x, bias=False))
    assert values["kurtosis"] == pytest.approx(stats.kurtosis(x, bias=False))


def test_quartile_rules_of_excel_and_minitab() -> None:
    x = [6, 7, 15, 36, 39, 40, 41, 42, 43, 47, 49]  # Wikipedia's quartile example 1
    inclusive = run("stats.describe", x).values
    exclusive = run("stats.describe", x, quartiles="exclusive").values
    assert (inclusive["q1"], inclusive["q3"]) == (25.5, 42.5)
    assert (exclusive["q1"], exclusive["median"], exclusive["q3"]) == (15, 40, 43)


def test_missing_values_are_counted_and_said() -> None:
    result = run("stats.describe", Sample("y", ("1", None, "2", "4")))
    assert result.values["missing"] == 1
    assert any("missing value" in w for w in result.warnings)


def test_one_value_has_a_mean_but_no_spread() -> None:
    values = run("stats.describe", [5.0]).values
    assert values["mean"] == 5.0
    assert values["sd"] is None


@settings(max_examples=25, deadline=None)
@given(decimals, st.integers(-50, 50))
def test_a_shift_moves_the_mean_and_nothing_else(texts: list[str], shift: int) -> None:
    before = run("stats.describe", Sample("x", tuple(texts))).values
    moved = Sample("x", tuple(str(float(t) + 0) for t in texts)).exact
    after = run(
        "stats.describe", Sample("x", tuple(f"{float(v + shift):.3f}" for v in moved))
    ).values
    assert after["mean"] == pytest.approx(before["mean"] + shift, abs=1e-9)
    assert after["sd"] == pytest.approx(before["sd"], rel=1e-9, abs=1e-12)


DATA = [10.1, 9.7, 10.4, 9.9, 10.8, 9.5, 10.2, 10.0, 11.9, 9.8, 10.3, 9.6]


def test_anderson_darling_of_r_nortest() -> None:
    values = run("stats.normality", DATA).values
    assert values["statistic"] == pytest.approx(0.6677687533960022, rel=1e-12)
    assert values["statistic_adjusted"] == pytest.approx(0.7199381872550649, rel=1e-12)
    assert values["p_value"] == pytest.approx(0.060398770720344414, rel=1e-9)


def test_shapiro_wilk_of_the_1965_paper() -> None:
    # weights of 11 men, Shapiro and Wilk (1965): W = 0.79
    values = run(
        "stats.normality",
        [148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236],
        method="shapiro_wilk",
    ).values
    assert values["statistic"] == pytest.approx(0.79, abs=0.005)
    assert values["p_value"] < 0.01


def test_shapiro_wilk_of_too_many_values_is_the_anderson_darling_test_and_says_so() -> None:
    values = [round(float(x), 4) for x in np.random.default_rng(3).gamma(4, size=5200)]
    asked = run("stats.normality", values, method="shapiro_wilk")
    made = run("stats.normality", values, method="anderson_darling")
    assert asked.values == made.values
    assert asked.values["verdict"] == "not normal"
    assert any("Anderson-Darling" in w for w in asked.warnings)
    assert not any("Anderson-Darling" in w for w in made.warnings)


@pytest.mark.parametrize(
    "method", ["shapiro_wilk", "anderson_darling", "lilliefors", "dagostino_pearson"]
)
def test_normality_statistics_do_not_depend_on_origin_and_unit(method: str) -> None:
    x = DATA * 2
    scaled = [round(25.4 * v - 100, 6) for v in x]
    a, b = (run("stats.normality", v, method=method).values for v in (x, scaled))
    assert a["statistic"] == pytest.approx(b["statistic"], rel=1e-9)
    assert a["p_value"] == pytest.approx(b["p_value"], rel=1e-6)


def test_lilliefors_agrees_with_statsmodels() -> None:
    from statsmodels.stats.diagnostic import lilliefors

    d, p = lilliefors(np.array([*DATA, 13.5]), dist="norm", pvalmethod="approx")
    values = run("stats.normality", [*DATA, 13.5], method="lilliefors").values
    assert values["statistic"] == pytest.approx(d, rel=1e-9)
    assert values["p_value"] == pytest.approx(p, rel=1e-6)


def test_skewed_data_are_not_called_normal() -> None:
    x = np.round(np.exp(stats.norm.ppf((np.arange(1, 61) - 0.5) / 60)), 4).tolist()
    for method in ("shapiro_wilk", "anderson_darling", "lilliefors", "dagostino_pearson"):
        assert run("stats.normality", x, method=method).values["significant"] is True


def test_too_few_or_equal_values_are_refused() -> None:
    with pytest.raises(InputError, match="at least 8 values"):
        run("stats.normality", [1, 2, 3, 4])
    with pytest.raises(InputError, match="equal"):
        run("stats.normality", [5.0] * 12)


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
def test_correlations_agree_with_scipy(method: str) -> None:
    x = [10, 20, 30, 40, 50, 60, 75, 71]
    y = [2.3, 3.9, 6.2, 3.9, 10.1, 11.5, 9.1, 8.2]
    test = {"pearson": stats.pearsonr, "spearman": stats.spearmanr, "kendall": stats.kendalltau}[
        method
    ](x, y)
    values = run("stats.correlation", x, y, method=method).values
    assert values["correlation"] == pytest.approx(test.statistic, rel=1e-12)
    assert values["p_value"] == pytest.approx(test.pvalue, rel=1e-9)


def test_pearson_interval_is_that_of_r_cor_test() -> None:
    # R: cor.test(mtcars$mpg, mtcars$wt) prints -0.8676594, 95 percent -0.9338264 -0.7440872, p = 1.294e-10
    mpg = "21 21 22.8 21.4 18.7 18.1 14.3 24.4 22.8 19.2 17.8 16.4 17.3 15.2 10.4 10.4 14.7 32.4 30.4 33.9 "
    mpg += "21.5 15.5 15.2 13.3 19.2 27.3 26 30.4 15.8 19.7 15 21.4"
    wt = "2.62 2.875 2.32 3.215 3.44 3.46 3.57 3.19 3.15 3.44 3.44 4.07 3.73 3.78 5.25 5.424 5.345 2.2 1.615 "
    wt += "1.835 2.465 3.52 3.435 3.84 3.845 1.935 2.14 1.513 3.17 2.77 3.57 2.78"
    values = run(
        "stats.correlation", Sample("mpg", tuple(mpg.split())), Sample("wt", tuple(wt.split()))
    ).values
    assert values["correlation"] == pytest.approx(-0.8676594, abs=5e-8)
    assert values["ci_low"] == pytest.approx(-0.9338264, abs=5e-8)
    assert values["ci_high"] == pytest.approx(-0.7440872, abs=5e-8)
    assert values["p_value"] == pytest.approx(1.294e-10, rel=5e-4)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=5, max_size=14))
def test_correlation_is_symmetric(pairs: list[tuple[int, int]]) -> None:
    x, y = [list(v) for v in zip(*pairs, strict=True)]
    if len(set(x)) < 3 or len(set(y)) < 3:
        return
    for method in ("pearson", "spearman", "kendall"):
        a = run("stats.correlation", x, y, method=method).values
        b = run("stats.correlation", y, x, method=method).values
        assert a["correlation"] == pytest.approx(b["correlation"], rel=1e-12, abs=1e-12)
        assert -1 <= a["correlation"] <= 1


def test_a_constant_column_has_no_correlation() -> None:
    with pytest.raises(InputError, match="equal"):
        run("stats.correlation", [1, 1, 1, 1], [1, 2, 3, 4])


@given(st.lists(st.integers(-500, 500), min_size=2, max_size=40))
def test_values_within_one_sd_are_those_that_numpy_counts(values: list[int]) -> None:
    x = np.array(values, dtype=float)
    distance = np.abs(x - x.mean()) - x.std(ddof=1)
    assume(not np.any((np.abs(distance) < 1e-9) & (distance != 0)))  # floats cannot tell these
    found = run("stats.describe", values).values
    assert found["within_sd"] == int((distance <= 0).sum())
