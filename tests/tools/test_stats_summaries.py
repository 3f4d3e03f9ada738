"""Intervals and tests from summaries, prediction intervals and quantiles of counts against scipy and statsmodels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from havoc.errors import InputError, NeedsClarification
from havoc.tools.bind import bind
from havoc.tools.operation import get

DATA = [5.02, 5.07, 4.98, 5.01, 5.05, 5.03, 4.99, 5.04]


def run(name: str, *values: Any, **keywords: Any) -> Any:
    """The values of an operation, demanding that its audit passes."""
    operation = get(name)
    arguments = bind(operation, values, keywords)
    result = operation.run(arguments)
    assert [c for c in operation.audit(arguments, result) if not c.passed] == []
    return result.values


def test_the_interval_of_a_mean_needs_no_target() -> None:
    mean, sd = float(np.mean(DATA)), float(np.std(DATA, ddof=1))
    values = run("stats.t_test_one_summary", n=len(DATA), mean=mean, sd=sd, confidence=0.9)
    expected = stats.ttest_1samp(DATA, 0).confidence_interval(0.9)
    assert (values["ci_low"], values["ci_high"]) == pytest.approx(tuple(expected))
    assert "p_value" not in values


@pytest.mark.parametrize(("alternative", "none"), [("less", "ci_low"), ("greater", "ci_high")])
def test_a_one_sided_interval_of_a_mean_has_one_limit(alternative: str, none: str) -> None:
    values = run("stats.t_test_one_summary", n=9, mean=4.0, sd=3.0, alternative=alternative)
    expected = 4 - stats.t.ppf(0.95, 8) if alternative == "greater" else 4 + stats.t.ppf(0.95, 8)
    found = [values[k] for k in ("ci_low", "ci_high") if k != none]
    assert values[none] is None
    assert found == [pytest.approx(expected)]


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_a_spread_from_its_summary_is_that_of_the_data(alternative: str) -> None:
    sd = float(np.std(DATA, ddof=1))
    summary = run("stats.variance_one_summary", n=8, sd=sd, sigma=0.05, alternative=alternative)
    data = run("stats.variance_one", DATA, sd=0.05, alternative=alternative)
    assert summary == pytest.approx(data)
    chi2 = 7 * sd**2 / 0.05**2
    low, high = stats.chi2.cdf(chi2, 7), stats.chi2.sf(chi2, 7)
    p = {"two-sided": 2 * min(low, high), "less": low, "greater": high}[alternative]
    assert summary["p_value"] == pytest.approx(p)


def test_the_interval_of_a_variance_is_the_chi_square_one() -> None:
    values = run("stats.variance_one_summary", n=16, variance=6.25)
    assert values["variance_ci_low"] == pytest.approx(15 * 6.25 / stats.chi2.ppf(0.975, 15))
    assert values["variance_ci_high"] == pytest.approx(15 * 6.25 / stats.chi2.ppf(0.025, 15))
    assert values["ci_high"] == pytest.approx(math.sqrt(values["variance_ci_high"]))


def test_a_hypothesis_on_a_variance_is_one_on_its_root() -> None:
    assert run("stats.variance_one", DATA, variance=0.0025)["p_value"] == pytest.approx(
        run("stats.variance_one", DATA, sd=0.05)["p_value"]
    )
    by_variance = run("stats.variance_one_summary", n=9, variance=4.0, sigma_squared=2.25)
    assert by_variance == pytest.approx(run("stats.variance_one_summary", n=9, sd=2.0, sigma=1.5))


def test_a_spread_is_asked_for_and_not_taken_twice() -> None:
    with pytest.raises(NeedsClarification, match="which standard deviation or variance"):
        run("stats.variance_one_summary", n=9)
    with pytest.raises(InputError, match="not both"):
        run("stats.variance_one_summary", n=9, sd=2.0, variance=4.0)
    with pytest.raises(InputError, match="to test against"):
        run("stats.variance_one", DATA, sd=2.0, variance=4.0)


def test_two_spreads_from_their_summaries_are_those_of_the_data() -> None:
    other = [5.1, 4.7, 5.4, 4.9, 5.2]
    sds = [float(np.std(x, ddof=1)) for x in (DATA, other)]
    data = run("stats.variance_two", DATA, other, confidence=0.9)
    summary = run(
        "stats.variance_two_summary", n_1=8, n_2=5, sd_1=sds[0], sd_2=sds[1], confidence=0.9
    )
    assert summary == pytest.approx(data)
    squares = run(
        "stats.variance_two_summary", n_1=8, n_2=5, variance_1=sds[0] ** 2, variance_2=sds[1] ** 2
    )
    assert squares["p_value"] == pytest.approx(data["p_value"])


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_a_correlation_and_its_size_give_what_scipy_finds_in_the_data(alternative: Any) -> None:
    x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    y = [2.1, 1.7, 3.9, 3.2, 5.5, 4.1, 5.0]
    test = stats.pearsonr(x, y, alternative=alternative)
    values = run(
        "stats.correlation_summary", correlation=float(test.statistic), n=7, alternative=alternative
    )
    assert values["p_value"] == pytest.approx(test.pvalue)
    limits = stats.pearsonr(x, y).confidence_interval(0.95)
    assert (values["ci_low"], values["ci_high"]) == pytest.approx(tuple(limits))


def _statsmodels(confidence: float) -> tuple[float, float]:
    fitted = sm.OLS(np.array(DATA), np.ones((len(DATA), 1))).fit()
    low, high = fitted.get_prediction(np.ones((1, 1))).conf_int(obs=True, alpha=1 - confidence)[0]
    return float(low), float(high)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_the_interval_of_the_next_value_is_that_of_statsmodels(confidence: float) -> None:
    values = run("stats.prediction_interval", DATA, confidence=confidence)
    assert (values["lower"], values["upper"]) == pytest.approx(_statsmodels(confidence))
    mean, sd = float(np.mean(DATA)), float(np.std(DATA, ddof=1))
    summary = run("stats.prediction_interval_summary", n=8, mean=mean, sd=sd, confidence=confidence)
    assert (summary["lower"], summary["upper"]) == pytest.approx(_statsmodels(confidence))


def test_several_further_values_share_the_risk() -> None:
    three = run("stats.prediction_interval", DATA, further=3, confidence=0.94)
    assert (three["lower"], three["upper"]) == pytest.approx(_statsmodels(0.98))


def test_a_one_sided_prediction_takes_the_whole_risk() -> None:
    upper = run("stats.prediction_interval", DATA, alternative="less", confidence=0.95)
    assert upper["lower"] is None
    assert upper["upper"] == pytest.approx(_statsmodels(0.9)[1])


@pytest.mark.parametrize("p", [0.001, 0.3, 0.5, 0.95, 0.9999])
@pytest.mark.parametrize(
    ("name", "given", "law"),
    [
        ("geometric", {"chance": 0.1}, stats.geom(0.1)),
        ("geometric", {"chance": 1.0}, stats.geom(1.0)),
        ("negative_binomial", {"events": 3, "chance": 0.2}, stats.nbinom(3, 0.2)),
        (
            "hypergeometric",
            {"lot": 100, "defectives": 8, "n": 20},
            stats.hypergeom(100, 8, 20),
        ),
    ],
)
def test_a_quantile_is_the_first_count_that_reaches_p(
    name: str, given: dict[str, Any], law: Any, p: float
) -> None:
    summed, count = 0.0, -1
    while summed < p * (1 - 1e-13):
        count += 1
        summed += float(law.pmf(count))
    values = run(f"stats.{name}_quantile", p=p, **given)
    assert values["quantile"] == count
    assert values["p_at_most"] == pytest.approx(summed)


def test_rare_events_take_millions_of_trials() -> None:
    values = run("stats.geometric_quantile", p=0.95, chance=1e-6)
    assert values["quantile"] == math.ceil(math.log(0.05) / math.log1p(-1e-6))


def test_more_than_a_count_leaves_it_out() -> None:
    assert run("stats.poisson_probability", mean=4.0, above=7)["p"] == pytest.approx(
        stats.poisson.sf(7, 4)
    )
    assert run("stats.binomial_probability", n=20, chance=0.1, below=3)["p"] == pytest.approx(
        stats.binom.cdf(2, 20, 0.1)
    )
    between = run("stats.geometric_probability", chance=0.2, above=2, below=7)["p"]
    assert between == pytest.approx(stats.geom.cdf(6, 0.2) - stats.geom.cdf(2, 0.2))
    with pytest.raises(InputError, match="at_least= or above="):
        run("stats.poisson_probability", mean=4.0, at_least=3, above=2)


@pytest.mark.parametrize(("name", "law"), [("t", stats.t(12)), ("normal", stats.norm())])
def test_one_bound_of_a_symmetric_law_tells_both_tails(name: str, law: Any) -> None:
    given = {"df": 12} if name == "t" else {}
    above = run(f"stats.{name}_probability", above=2.45, **given)
    below = run(f"stats.{name}_probability", below=-2.45, **given)
    assert above["p_two_sided"] == pytest.approx(2 * law.sf(2.45))
    assert below["p_two_sided"] == pytest.approx(above["p_two_sided"])
    assert run(f"stats.{name}_probability", below=0.0, **given)["p_two_sided"] == pytest.approx(1)
    both = run(f"stats.{name}_probability", above=-1.0, below=1.0, **given)
    assert "p_two_sided" not in both


def test_a_two_sided_critical_value_leaves_half_on_each_side() -> None:
    values = run("stats.t_quantile", p=0.95, df=14, two_sided=True)
    assert (values["upper"], values["quantile"]) == pytest.approx(stats.t(14).interval(0.95))
    values = run("stats.normal_quantile", p=0.9, mean=10.0, sd=2.0, two_sided=True)
    assert (values["upper"], values["quantile"]) == pytest.approx(stats.norm(10, 2).interval(0.9))


def test_a_failure_rate_is_the_reciprocal_of_the_mean_time() -> None:
    by_rate = run("quality.exponential_life", rate=0.0004, t=[1000.0])
    assert by_rate == pytest.approx(run("quality.exponential_life", mtbf=2500.0, t=[1000.0]))
    assert by_rate["reliability"] == pytest.approx(math.exp(-0.4))
    with pytest.raises(NeedsClarification, match="failure rate"):
        run("quality.exponential_life")
    with pytest.raises(InputError, match="not both"):
        run("quality.exponential_life", mtbf=5.0, rate=0.2)


@pytest.mark.parametrize(
    ("coverage", "confidence", "side", "n"),
    [
        (0.95, 0.95, "two-sided", 93),  # Wilks's tables, as nuclear safety cites them
        (0.95, 0.95, "upper", 59),
        (0.99, 0.9, "lower", 230),
        (0.5, 0.5, "upper", 1),
    ],
)
def test_sizes_whose_extremes_cover_a_share_are_those_of_wilks(
    coverage: float, confidence: float, side: str, n: int
) -> None:
    values = run(
        "quality.tolerance_sample_size", coverage=coverage, confidence=confidence, side=side
    )
    assert values["n"] == n
    assert values["achieved_confidence"] >= confidence


def test_a_waiting_time_is_told_by_its_rate() -> None:
    values = run("stats.exponential_probability", rate=0.2, above=10.0)
    assert values["p"] == pytest.approx(math.exp(-2))
    assert run("stats.exponential_quantile", p=0.5, rate=0.2)["quantile"] == pytest.approx(
        5 * math.log(2)
    )
    with pytest.raises(NeedsClarification, match="rate"):
        run("stats.exponential_quantile", p=0.5)
    with pytest.raises(InputError, match="not both"):
        run("stats.exponential_quantile", p=0.5, mean=5.0, rate=0.2)
