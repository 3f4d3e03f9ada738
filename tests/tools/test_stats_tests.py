"""t tests and tests on counts against R, printed examples and scipy's own functions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from havoc.errors import InputError, NeedsClarification
from havoc.tools.bind import bind
from havoc.tools.operation import get
from havoc.tools.result import Result
from havoc.tools.values import Labels, Sample, Table

# W. S. Gosset's sleep data, and Montgomery's Portland cement (DAE table 2.1)
SLEEP_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
MODIFIED = [16.85, 16.40, 17.21, 16.35, 16.52, 17.04, 16.96, 17.15, 16.59, 16.57]
UNMODIFIED = [16.62, 16.75, 17.37, 17.12, 16.98, 16.87, 17.34, 17.02, 17.08, 17.27]
numbers = st.lists(st.decimals(-50, 50, places=2).map(float), min_size=3, max_size=12)


def run(name: str, *values: Any, **keywords: Any) -> Result:
    """Run an operation, demanding that its audit passes."""
    operation = get(name)
    arguments = bind(operation, values, keywords)
    result = operation.run(arguments)
    assert [c for c in operation.audit(arguments, result) if not c.passed] == []
    return result


def test_pooled_t_of_the_cement_mortars_is_montgomerys() -> None:
    values = run("stats.t_test_two", MODIFIED, UNMODIFIED, equal_variances=True).values
    assert values["statistic"] == pytest.approx(-2.20, abs=0.02)  # printed with s_p rounded
    assert values["df"] == 18
    assert values["p_value"] == pytest.approx(0.042, abs=5e-4)
    assert values["pooled_sd"] == pytest.approx(0.284, abs=5e-4)
    assert values["ci_low"] == pytest.approx(-0.55, abs=0.005)
    assert values["ci_high"] == pytest.approx(-0.01, abs=0.005)


def test_welch_t_of_the_sleep_data_is_that_of_r() -> None:
    # R: t.test(extra ~ group, data = sleep)
    values = run("stats.t_test_two", SLEEP_1, SLEEP_2).values
    assert values["statistic"] == pytest.approx(-1.8608, abs=5e-5)
    assert values["df"] == pytest.approx(17.776, abs=5e-4)
    assert values["p_value"] == pytest.approx(0.07939, abs=5e-6)
    assert values["ci_low"] == pytest.approx(-3.3654832, abs=5e-8)
    assert values["ci_high"] == pytest.approx(0.2054832, abs=5e-8)


def test_paired_t_of_the_sleep_data_is_that_of_r() -> None:
    values = run("stats.t_test_paired", SLEEP_1, SLEEP_2).values
    assert values["statistic"] == pytest.approx(-4.0621, abs=5e-5)
    assert values["p_value"] == pytest.approx(0.002833, abs=5e-7)
    assert values["ci_low"] == pytest.approx(-2.4598858, abs=5e-8)
    assert values["correlation"] == pytest.approx(0.7951702, abs=5e-8)


def test_pooled_t_squared_is_f_of_the_one_way_analysis_of_variance() -> None:
    values = run("stats.t_test_two", MODIFIED, UNMODIFIED, equal_variances=True).values
    f = stats.f_oneway(MODIFIED, UNMODIFIED)
    assert values["statistic"] ** 2 == pytest.approx(f.statistic, rel=1e-9)
    assert values["p_value"] == pytest.approx(f.pvalue, rel=1e-9)


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize("equal", [True, False])
def test_two_sample_t_agrees_with_scipy(alternative: Any, equal: bool) -> None:
    test = stats.ttest_ind(SLEEP_1, SLEEP_2, equal_var=equal, alternative=alternative)
    interval = test.confidence_interval(0.95)
    values = run(
        "stats.t_test_two", SLEEP_1, SLEEP_2, equal_variances=equal, alternative=alternative
    ).values
    assert values["p_value"] == pytest.approx(test.pvalue, rel=1e-9)
    if alternative != "less":
        assert values["ci_low"] == pytest.approx(interval.low, rel=1e-9)
    if alternative != "greater":
        assert values["ci_high"] == pytest.approx(interval.high, rel=1e-9)


def test_long_form_gives_what_wide_form_gives() -> None:
    group = Labels("drug", ("a",) * 10 + ("b",) * 10)
    wide = run("stats.t_test_two", SLEEP_1, SLEEP_2).values
    assert run("stats.t_test_two", [*SLEEP_1, *SLEEP_2], by=group).values == wide


def test_summaries_give_what_the_data_give() -> None:
    data = run("stats.t_test_two", SLEEP_1, SLEEP_2).values
    keys = [f"{k}_{i}" for i in (1, 2) for k in ("n", "mean", "sd")]
    summary = run("stats.t_test_two_summary", **{k: data[k] for k in keys}).values
    for key in ("statistic", "df", "p_value", "ci_low", "ci_high"):
        assert summary[key] == pytest.approx(data[key], rel=1e-9), key
    one = run("stats.t_test_one", SLEEP_1, target=0.5).values
    again = run("stats.t_test_one_summary", n=10, mean=one["mean"], sd=one["sd"], target=0.5).values
    assert again["p_value"] == pytest.approx(one["p_value"], rel=1e-9)
    pairs = run("stats.t_test_paired", SLEEP_1, SLEEP_2).values
    again = run(
        "stats.t_test_paired_summary",
        n=10,
        mean_difference=pairs["mean_difference"],
        sd_difference=pairs["sd_difference"],
    ).values
    assert again["ci_high"] == pytest.approx(pairs["ci_high"], rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(numbers, st.floats(-20, 20).map(lambda v: round(v, 2)))
def test_the_interval_holds_the_target_exactly_when_the_test_does_not_reject(
    x: list[float], target: float
) -> None:
    if len(set(x)) < 2:
        return
    values = run("stats.t_test_one", x, target=target).values
    assert (values["ci_low"] <= target <= values["ci_high"]) == (not values["significant"])


@settings(max_examples=15, deadline=None)
@given(numbers, numbers)
def test_swapping_the_samples_changes_only_the_sign(x: list[float], y: list[float]) -> None:
    if len(set(x)) < 2 or len(set(y)) < 2:
        return
    a, b = run("stats.t_test_two", x, y).values, run("stats.t_test_two", y, x).values
    assert a["statistic"] == pytest.approx(-b["statistic"], rel=1e-9, abs=1e-12)
    assert a["p_value"] == pytest.approx(b["p_value"], rel=1e-9)


def test_a_huge_common_offset_loses_nothing() -> None:
    near = run("stats.t_test_one", [0.1, 0.2, 0.4], target=0.2).values
    texts = ("1000000000.1", "1000000000.2", "1000000000.4")
    far = run("stats.t_test_one", Sample("x", texts), target=1000000000.2).values
    assert far["statistic"] == pytest.approx(near["statistic"], rel=1e-13)


def test_t_refuses_what_it_cannot_test() -> None:
    with pytest.raises(InputError, match="equal"):
        run("stats.t_test_one", [5.0, 5.0, 5.0], target=4)
    with pytest.raises(InputError, match="equal length"):
        run("stats.t_test_paired", [1, 2, 3], [1, 2])
    with pytest.raises(NeedsClarification, match="compared with"):
        run("stats.t_test_two", [1, 2, 3])
    with pytest.raises(InputError, match="two groups"):
        run("stats.t_test_two", [1, 2, 3], by=Labels("g", ("a", "b", "c")))


def test_missing_values_are_dropped_and_said() -> None:
    result = run("stats.t_test_paired", Sample("a", ("1", None, "3", "5")), [1.5, 2, 2.5, 3])
    assert result.values["n"] == 3
    assert result.warnings[0].startswith("1 incomplete pair")


def test_chi_square_of_the_aspirin_study_is_agrestis() -> None:
    # Agresti (2013), table 2.1: X2 = 25.0 with 1 df
    values = run("stats.chi_square_independence", [[189, 10845], [104, 10933]]).values
    assert values["statistic"] == pytest.approx(25.01, abs=0.01)
    assert values["df"] == 1


def test_chi_square_agrees_with_scipy_and_shows_expected_counts() -> None:
    counts = [[42, 18, 10], [35, 27, 8], [28, 15, 17]]
    test = stats.chi2_contingency(counts, correction=False)
    values = run("stats.chi_square_independence", counts).values
    assert values["p_value"] == pytest.approx(test.pvalue, rel=1e-12)
    assert values["expected"][0] == pytest.approx([36.75, 21.0, 12.25])


def test_chi_square_from_raw_labels_is_that_of_the_counts() -> None:
    rows = Labels("shift", ("day",) * 5 + ("night",) * 6)
    columns = Labels("defect", ("dent",) * 3 + ("burr",) * 2 + ("dent",) * 1 + ("burr",) * 5)
    raw = run("stats.chi_square_independence", rows=rows, columns=columns).values
    table = Table(
        (Labels("shift", ("day", "night")), Sample("dent", ("3", "1")), Sample("burr", ("2", "5")))
    )
    assert raw == run("stats.chi_square_independence", table).values


def test_mendels_peas_fit_nine_three_three_one() -> None:
    values = run("stats.chi_square_fit", [315, 108, 101, 32], proportions=[9, 3, 3, 1]).values
    assert values["statistic"] == pytest.approx(0.47, abs=5e-3)  # Fisher (1936)
    assert values["p_value"] == pytest.approx(0.9254, abs=5e-5)


def test_fishers_tea_tasting_is_r_fisher_test() -> None:
    # R: fisher.test(matrix(c(3, 1, 1, 3), 2), alternative = "greater")$p.value = 0.2429
    values = run("stats.fisher_exact", a=3, b=1, c=1, d=3, alternative="greater").values
    assert values["p_value"] == pytest.approx(17 / 70, rel=1e-12)
    both = run("stats.fisher_exact", a=3, b=1, c=1, d=3).values
    assert both["p_value"] == pytest.approx(34 / 70, rel=1e-12)
    # R prints 0.2117329 .. 621.9337505; its root finder stops at 1e-4 on the scale of 1 / odds
    assert both["ci_low"] == pytest.approx(0.2117329, rel=2e-5)
    assert 1 / both["ci_high"] == pytest.approx(1 / 621.9337505, abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_fisher_agrees_with_scipy(cells: list[int]) -> None:
    a, b, c, d = cells
    if 0 in (a + b, c + d, a + c, b + d):
        return
    values = run("stats.fisher_exact", a=a, b=b, c=c, d=d).values
    assert values["p_value"] == pytest.approx(stats.fisher_exact([[a, b], [c, d]]).pvalue, rel=1e-9)


def test_counts_that_are_not_counts_are_refused() -> None:
    with pytest.raises(InputError, match="not a count"):
        run("stats.chi_square_fit", [1.5, 2, 3])
    with pytest.raises(InputError, match="at least 2 rows"):
        run("stats.chi_square_independence", [[1, 2, 3]])
    with pytest.raises(InputError, match="all zero"):
        run("stats.fisher_exact", a=0, b=0, c=1, d=2)
    with pytest.raises(InputError, match="add up"):
        run("stats.chi_square_fit", [10, 20, 30], expected=[1, 1, 1])


@pytest.mark.parametrize(
    "name",
    [
        "chi_square_fit", "chi_square_independence", "equal_variances", "friedman",
        "kruskal_wallis", "mann_whitney", "mcnemar", "normality", "t_test_one", "t_test_one_summary",
        "t_test_paired", "t_test_paired_summary", "t_test_two", "t_test_two_summary",
        "wilcoxon", "z_test",
    ],
)  # fmt: skip
def test_a_test_reports_its_figures_by_the_same_names(name: str) -> None:
    from havoc.dsl.executor import run_text
    from havoc.tools.operation import get

    operation = get(f"stats.{name}")
    tests = [text for text in operation.examples if not text.startswith("interval = ")]
    found = [run_text(text).steps[-1].result.values for text in tests]
    wanted = {"p_value"} | ({"df"} & set(operation.outputs))
    assert all(wanted <= set(values) for values in found)
    assert any("statistic" in values for values in found)
