"""Acceptance sampling, tolerance intervals and life figures against published tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statements import run

from havoc.errors import InputError
from havoc.tools.quality.sampling import acceptance
from havoc.tools.quality.tolerance import factor_again, one_sided_factor, two_sided_factor

DATA = Path(__file__).parents[1] / "data"
PLANS = json.loads((DATA / "acceptance_power.json").read_text())
TABLES = json.loads((DATA / "arl_tables.json").read_text())


@pytest.mark.parametrize(
    ("aql", "ltpd", "alpha", "beta", "key"),
    [
        ("1%", "6%", "0.05", "0.1", "find_plan_AQL1_LTPD6"),
        ("1%", "5%", "0.05", "0.1", "find_plan_AQL1_LTPD5"),
        ("0.05", "0.15", "0.05", "0.075", "find_plan_PRP05_95_CRP15_075"),
    ],
)
def test_single_plans_agree_with_acceptance_sampling(
    aql: str, ltpd: str, alpha: str, beta: str, key: str
) -> None:
    found = run(f"p = quality.sampling_plan(aql={aql}, ltpd={ltpd}, alpha={alpha}, beta={beta})")
    assert (found["n"], found["c"]) == (PLANS[key]["n"], PLANS[key]["c"])


def test_montgomery_table_15_1_operating_characteristic() -> None:
    found = run(f"o = quality.oc_curve(n=89, c=2, p={PLANS['oc_n89_c2']['p']})")
    assert found["pa"] == pytest.approx(PLANS["oc_n89_c2"]["pa"], abs=1e-12)


def test_hypergeometric_operating_characteristic_of_a_small_lot() -> None:
    expected = PLANS["oc_hyper_N100_n20_c1"]
    found = run(
        f"o = quality.oc_curve(n=20, c=1, p={expected['pd']}, lot=100, distribution=hypergeometric)"
    )
    assert found["pa"] == pytest.approx(expected["pa"], abs=1e-12)


def test_montgomery_aoql_of_the_plan_89_2() -> None:
    assert run("o = quality.oc_curve(n=89, c=2, lot=10000)")["aoql"] == pytest.approx(
        0.0155, abs=5e-4
    )


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 30), st.integers(12, 30))
def test_no_smaller_sample_meets_both_risks(aql_permille: int, factor: int) -> None:
    aql = aql_permille / 1000
    ltpd = min(0.9, aql * factor / 2)
    found = run(f"p = quality.sampling_plan(aql={aql}, ltpd={ltpd})")
    n, c = found["n"], found["c"]
    assert acceptance(n, c, aql, "binomial", None) >= 0.95
    assert acceptance(n, c, ltpd, "binomial", None) <= 0.1
    assert n - 1 < c + 1 or acceptance(n - 1, c, ltpd, "binomial", None) > 0.1


def test_two_sided_tolerance_factors_agree_with_the_exact_tables() -> None:
    table = TABLES["tol_two_sided_exact_p90_a01"]
    for n, k in zip(table["n"], table["k"], strict=True):
        assert two_sided_factor(n, 0.90, 0.99) == pytest.approx(k, rel=1e-6)
    table = TABLES["tol_two_sided_exact_p99_conf95"]
    for n, k in zip(table["n"], table["k"], strict=True):
        assert two_sided_factor(n, 0.99, 0.95) == pytest.approx(k, rel=1e-6)


@pytest.mark.parametrize("n", [2, 3, 7, 40])
def test_tolerance_factors_do_not_depend_on_the_order_of_integration(n: int) -> None:
    again = factor_again("two-sided", n, 0.95, 0.9)
    assert again == pytest.approx(two_sided_factor(n, 0.95, 0.9), rel=1e-8)
    assert factor_again("upper", n, 0.95, 0.9) == pytest.approx(
        one_sided_factor(n, 0.95, 0.9), rel=1e-6
    )


def test_upper_tolerance_bound_99_95_of_thirty() -> None:
    found = run("t = quality.tolerance_summary(mean=12.4, sd=0.3, n=30, coverage=99%, side=upper)")
    assert found["k"] == pytest.approx(3.06390112623817)
    assert found["bound"] == pytest.approx(13.319170337871451)


def test_tolerance_interval_of_nist_handbook_example() -> None:
    # NIST e-Handbook 7.2.6.3: n = 43, 90 % coverage, 99 % confidence: k = 2.2228 (exact)
    found = run("t = quality.tolerance_summary(mean=0, sd=1, n=43, coverage=90%, confidence=99%)")
    assert found["upper"] == pytest.approx(2.2228, abs=5e-5)


def test_mtbf_lower_limit_of_three_failures() -> None:
    found = run("m = quality.mtbf(failures=3, time=12000, confidence=90%, side=lower)")
    assert found["mtbf_lower"] == pytest.approx(1796.1966250661108)
    assert found["mtbf_hat"] == 4000


def test_no_failure_gives_a_lower_limit_only() -> None:
    found = run("m = quality.mtbf(failures=0, time=1000, confidence=90%, side=lower)").result.values
    assert found["mtbf_lower"] == pytest.approx(1000 / 2.302585092994046)
    assert "mtbf_hat" not in found
    with pytest.raises(InputError, match="no upper limit"):
        run("m = quality.mtbf(failures=0, time=1000, side=upper)")


def test_weibull_reliability_b10_and_mean_life() -> None:
    found = run("w = quality.weibull_life(shape=1.8, scale=5000, t=2000)")
    assert found["reliability"] == pytest.approx(0.825158401353316)
    assert found["b_life"] == pytest.approx(1432.2316779135722)
    assert found["mttf"] == pytest.approx(4446.4336622610645)


def test_exponential_survival_and_median() -> None:
    found = run("w = quality.exponential_life(mtbf=800, t=1000)")
    assert found["reliability"] == pytest.approx(0.2865047968601901)
    assert found["median"] == pytest.approx(554.5177444479563)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("quality.sampling_plan(aql=5%, ltpd=2%)", "below the LTPD"),
        ("quality.sampling_plan(aql=1%, ltpd=2%, distribution=hypergeometric)", "lot size"),
        ("quality.oc_curve(n=5, c=5)", "accepts everything"),
        ("quality.oc_curve(n=50, c=1, lot=20)", "larger than the lot"),
        ("quality.tolerance_interval([3, 3, 3])", "do not vary"),
    ],
)
def test_refusals_say_what_is_wrong(statement: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(f"r = {statement}")
