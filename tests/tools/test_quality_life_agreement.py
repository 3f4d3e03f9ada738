"""Life data, agreement of raters, double and variables sampling, non-normal capability."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from statements import run

from havoc.errors import InputError
from havoc.tools.values import Labels, Sample, Table

DATA = Path(__file__).parents[1] / "data"
KAPPAS = json.loads((DATA / "msa" / "kappa_examples.json").read_text())
PLANS = json.loads((DATA / "acceptance_power.json").read_text())


def counts(rows: list[list[int]]) -> Table:
    return Table(
        tuple(Sample.of(column, f"c{j}") for j, column in enumerate(zip(*rows, strict=True)))
    )


def nist_weibull() -> Table:
    with (DATA / "msa" / "weibull_censored.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    return Table(tuple(Sample(k, tuple(r[k] for r in rows)) for k in ("t", "d")))


def test_weibull_fit_of_the_nist_handbook_example() -> None:
    found = run("w = quality.weibull_fit(d.t, status=d.d)", d=nist_weibull())
    assert found["shape"] == pytest.approx(1.7207972608085, rel=1e-9)
    assert found["scale"] == pytest.approx(606.527558004273, rel=1e-9)
    assert found["b_life"] == pytest.approx(164.022438661092, rel=1e-8)
    assert found["log_likelihood"] == pytest.approx(-75.1346181644749, abs=1e-9)


def test_the_ways_of_writing_censored_data_agree() -> None:
    failures = "[54, 187, 216, 240, 244, 335, 361, 373, 375, 386]"
    by_count = run(f"w = quality.weibull_fit({failures}, n_censored=10, censor_time=500)")
    by_list = run(f"w = quality.weibull_fit({failures}, suspended={[500] * 10})")
    by_status = run("w = quality.weibull_fit(d.t, status=d.d)", d=nist_weibull())
    assert by_count.result.values == by_list.result.values == by_status.result.values


def test_weibull_fit_agrees_with_scipy() -> None:
    x = np.round(stats.weibull_min.rvs(2.3, scale=40, size=25, random_state=3), 3)
    found = run("w = quality.weibull_fit(x)", x=Sample.of(x.tolist()))
    shape, _, scale = stats.weibull_min.fit(x, floc=0)
    assert found["shape"] == pytest.approx(shape, rel=1e-3)
    assert found["scale"] == pytest.approx(scale, rel=1e-3)


def test_kaplan_meier_of_the_leukaemia_remissions() -> None:
    # Freireich et al. (1963), 6-MP group: published survival .857 .807 .753 .690 .627 .538 .448
    found = run(
        "s = quality.kaplan_meier([6, 6, 6, 7, 10, 13, 16, 22, 23], "
        "suspended=[6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])"
    )
    published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert found["survival"] == pytest.approx(published, abs=6e-4)
    assert found["median"] == 23
    assert found["se"][0] == pytest.approx(0.0764, abs=5e-5)


def test_success_run_needs_29_units_for_90_percent_with_95_percent_confidence() -> None:
    assert run("s = quality.success_run(reliability=90%, confidence=95%)")["n"] == 29
    assert run("s = quality.success_run(reliability=90%, confidence=90%)")["n"] == 22
    shown = run("s = quality.success_run(n=29, confidence=95%)")["reliability"]
    assert shown == pytest.approx(0.05 ** (1 / 29))


def test_published_kappas() -> None:
    fleiss = run("k = quality.kappa(d, kind=fleiss)", d=counts(KAPPAS["fleiss"]["table"]))
    assert fleiss["kappa"] == pytest.approx(KAPPAS["fleiss"]["kappa"], abs=1e-12)
    cohen = run("k = quality.kappa(d)", d=counts(KAPPAS["cohen"]["table"]))
    assert cohen["kappa"] == pytest.approx(KAPPAS["cohen"]["kappa"])


def test_agreement_from_ratings_equals_kappa_from_their_table() -> None:
    a = Labels("ann", ("ok", "ok", "bad", "ok", "bad", "bad", "ok", "ok"))
    b = Labels("ben", ("ok", "bad", "bad", "ok", "bad", "ok", "ok", "ok"))
    ratings = run("k = quality.attribute_agreement([a, b], standard=a)", a=a, b=b)
    table = run("k = quality.kappa([[2, 1], [1, 4]])")
    assert ratings["kappa"] == pytest.approx(table["kappa"])
    assert ratings["kappa_standard"] == [1.0, pytest.approx(table["kappa"])]
    assert ratings["percent_agreement"] == 75


def test_double_sampling_acceptance_agrees_with_acceptance_sampling() -> None:
    expected = PLANS["double_50_100_c1r4_c3r4"]
    found = run("d = quality.double_sampling(n1=50, c1=1, n2=100, c2=3, r1=4, p=[0.02, 0.05])")
    assert found["pa"] == pytest.approx(expected["pa"], abs=1e-12)


def test_variables_plan_with_known_sigma_follows_the_closed_form() -> None:
    # z(.01) = 2.326348, z(.05) = 1.644854, z(.10) = 1.281552
    found = run("v = quality.variables_plan(aql=1%, ltpd=5%, sigma=known)")
    assert found["n"] == 19  # ((1.644854 + 1.281552) / (2.326348 - 1.644854))² = 18.44
    assert found["k"] == pytest.approx(
        (1.644854 * 1.644854 + 1.281552 * 2.326348) / 2.926406, rel=1e-6
    )


def test_variables_plan_with_unknown_sigma_needs_more() -> None:
    unknown = run("v = quality.variables_plan(aql=1%, ltpd=5%)")
    assert unknown["n"] > 19
    assert unknown["pa_aql"] >= 0.95
    assert unknown["pa_ltpd"] == pytest.approx(0.1)


def test_boxcox_power_agrees_with_scipy() -> None:
    x = np.round(stats.lognorm.rvs(0.6, size=60, random_state=5), 4)
    found = run("c = quality.capability_nonnormal(x, usl=12)", x=Sample.of(x.tolist()))
    assert found["lambda"] == pytest.approx(stats.boxcox_normmax(x, method="mle"), abs=1e-5)


def test_lognormal_percentile_indices_follow_their_definition() -> None:
    x = np.round(stats.lognorm.rvs(0.4, size=80, random_state=5), 4)
    found = run(
        "c = quality.capability_nonnormal(x, usl=6, method=lognormal)", x=Sample.of(x.tolist())
    )
    mu, s = np.log(x).mean(), np.log(x).std()
    expected = (6 - np.exp(mu)) / (np.exp(mu + 3 * s) - np.exp(mu))
    assert found["ppk"] == pytest.approx(expected, rel=1e-4)  # 99.865 % is 2.99998 sigma


def test_wilks_sample_sizes() -> None:
    x = Sample.of(list(range(1, 101)))
    two = run("t = quality.tolerance_nonparametric(x, coverage=95%, confidence=95%)", x=x)
    assert two["needed_n"] == 93
    one = run(
        "t = quality.tolerance_nonparametric(x, coverage=95%, confidence=95%, side=upper)", x=x
    )
    assert one["needed_n"] == 59
    assert one["achieved_confidence"] >= 0.95


def test_aiag_bias_example() -> None:
    found = run(
        "g = quality.gage_bias([5.8, 5.7, 5.9, 5.9, 6.0, 6.1, 6.0, 6.1, 6.4, 6.3, 6.0, 6.1, 6.2, "
        "5.6, 6.0], reference=6)"
    )
    assert found["mean"] == pytest.approx(6.00666666666667)
    assert found["t"] == pytest.approx(0.121780575111866)
    assert found["p_value"] == pytest.approx(0.904803536227952)
    assert (found["ci_low"], found["ci_high"]) == pytest.approx(
        (-0.110745965900701, 0.124079299234035)
    )


def test_nested_components_add_up() -> None:
    table = Table(
        (
            Sample.of([5.0, 5.1, 6.0, 6.3, 7.1, 7.0, 5.9, 6.1, 6.8, 6.5, 7.6, 8.0], "x"),
            Labels("p", tuple("aabbccddeeff")),
            Labels("o", tuple("uuuuuuvvvvvv")),
        )
    )
    found = run("g = quality.gage_nested(d.x, part=d.p, operator=d.o)", d=table).result.values
    assert found["var_total"] == pytest.approx(found["var_grr"] + found["var_part"])
    groups = [[5.0, 5.1], [6.0, 6.3], [7.1, 7.0], [5.9, 6.1], [6.8, 6.5], [7.6, 8.0]]
    assert found["var_repeatability"] == pytest.approx(np.mean([np.var(g, ddof=1) for g in groups]))


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("quality.weibull_fit([1, 2, 3], status=[0, 0, 0])", "no unit failed"),
        ("quality.weibull_fit([1, 2, 3], status=[1, 2, 0])", "status is 1"),
        ("quality.weibull_fit([1, -2, 3])", "above 0"),
        ("quality.weibull_fit([1, 2, 3], n_censored=4)", "belong together"),
        ("quality.kappa([[1, 2, 3], [4, 5, 6]], kind=cohen)", "square"),
        ("quality.success_run(confidence=0.9)", "either the reliability"),
        ("quality.double_sampling(n1=50, c1=3, n2=50, c2=2)", "needs c1 < r1"),
        ("quality.capability_nonnormal([1, 2, 3, 4, 5, 6, 7, 0], usl=9)", "above 0"),
    ],
)
def test_refusals_say_what_is_wrong(statement: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(f"r = {statement}")
