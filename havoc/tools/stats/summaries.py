"""Spreads and correlations from what a report gives: sizes, standard deviations or variances, a correlation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

from scipy import stats

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Param, operation
from havoc.tools.result import Result, table_of
from havoc.tools.stats import checks, precise
from havoc.tools.stats.samples import level
from havoc.tools.stats.t_summaries import UNSEEN, Size, written
from havoc.tools.stats.t_tests import Alpha, Confidence, Sides
from havoc.tools.stats.variances import (
    BOOK,
    ONE_OUTPUTS,
    TWO_OUTPUTS,
    Spread,
    of_one_variance,
    of_one_variance_again,
    of_two_variances,
    of_two_variances_again,
)

Sd = Annotated[float | None, Param("standard deviation of the sample (divisor n - 1)", gt=0)]
Variance = Annotated[float | None, Param("variance of the sample, instead of sd", gt=0)]


def _square(sd: float | None, variance: float | None, of: str) -> Any:
    """The variance as a fraction, of whichever of the two was given."""
    if sd is not None and variance is not None:
        raise InputError(f"give either the standard deviation or the variance of {of}, not both")
    if sd is None and variance is None:
        raise NeedsClarification(f"which standard deviation or variance has {of}?")
    return written(sd) ** 2 if variance is None else written(variance)  # type: ignore[arg-type]


def _hypothesis(sigma: float | None, sigma_squared: float | None) -> Any:
    if sigma is None and sigma_squared is None:
        return None
    return _square(sigma, sigma_squared, "the hypothesis")


def _verify_one(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    variance = precise.mpf(_square(arguments["sd"], arguments["variance"], "the sample"))
    null = _hypothesis(arguments["sigma"], arguments["sigma_squared"])
    return of_one_variance_again(arguments["n"], variance, null, arguments)


@operation(
    "stats.variance_one_summary",
    outputs=ONE_OUTPUTS,
    reference=BOOK,
    verifier=_verify_one,
    examples=(
        "v = stats.variance_one_summary(n=20, sd=0.14)",
        'v = stats.variance_one_summary(n=16, variance=6.25, sigma_squared=4, alternative="greater")',
    ),
    terms=(
        "confidence interval of sigma from n and s",
        "interval of a variance from a summary",
        "chi-square test of a standard deviation from n and s",
    ),
)
def variance_one_summary(
    n: Size,
    sd: Sd = None,
    variance: Variance = None,
    sigma: Annotated[float | None, Param("standard deviation to test against", gt=0)] = None,
    sigma_squared: Annotated[float | None, Param("variance to test against", gt=0)] = None,
    alternative: Sides = "two-sided",
    alpha: Alpha = 0.05,
    confidence: Confidence = None,
) -> Result:
    """Estimate a standard deviation from n and s with its confidence interval, and test it against a value.

    Chi-square: (n - 1) s² / sigma² with n - 1 degrees of freedom. Depends strongly on normality.
    """
    square = _square(sd, variance, "the sample")
    null = _hypothesis(sigma, sigma_squared)
    values, conclusion = of_one_variance(
        n, square, null, sigma is None and null is not None, alternative, alpha, confidence
    )
    table = table_of("spread", ("quantity", "value"), list(values.items()))
    return Result(values, conclusion, (table,), assumptions=(UNSEEN, checks.independence()))


def _spreads(arguments: Mapping[str, Any]) -> tuple[Spread, Spread]:
    """Size and variance of the two samples, exact."""
    a, b = (
        _square(arguments[f"sd_{i}"], arguments[f"variance_{i}"], f"the {which} sample")
        for i, which in ((1, "first"), (2, "second"))
    )
    return (arguments["n_1"], a), (arguments["n_2"], b)


def _verify_two(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    first, second = ((n, precise.mpf(square)) for n, square in _spreads(arguments))
    return of_two_variances_again(first, second, arguments)


@operation(
    "stats.variance_two_summary",
    outputs=TWO_OUTPUTS,
    reference=BOOK,
    verifier=_verify_two,
    examples=(
        "test = stats.variance_two_summary(n_1=12, n_2=15, sd_1=2.3, sd_2=4.1)",
        "test = stats.variance_two_summary(n_1=10, n_2=9, variance_1=3.4, variance_2=1.1)",
    ),
    terms=(
        "F test from two standard deviations and sizes",
        "F test of two variances from a summary",
    ),
)
def variance_two_summary(
    n_1: Size,
    n_2: Size,
    sd_1: Sd = None,
    sd_2: Sd = None,
    variance_1: Variance = None,
    variance_2: Variance = None,
    alternative: Sides = "two-sided",
    alpha: Alpha = 0.05,
    confidence: Confidence = None,
) -> Result:
    """Test whether two variances are the same from sizes and standard deviations or variances (F test).

    The interval is for the first variance over the second. Depends strongly on normality.
    """
    first, second = _spreads(locals())
    values, verdict = of_two_variances(first, second, alternative, alpha, confidence)
    rows = [["sample 1", n_1, values["sd_1"]], ["sample 2", n_2, values["sd_2"]]]
    return Result(
        values,
        f"The spreads {verdict}: F = {{statistic}} with {{df_1}} and {{df_2}} degrees of freedom, "
        "p = {p_value}. The first variance is {ratio} times the second (limits {ci_low} and {ci_high}).",
        (table_of("samples", ("sample", "n", "sd"), rows),),
        assumptions=(UNSEEN, checks.independence()),
    )


def _verify_correlation(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    r, n, c = precise.mpf(written(arguments["correlation"])), arguments["n"], precise.ctx
    tail = 1 - precise.beta_cdf(r * r, c.mpf(1) / 2, c.mpf(n - 2) / 2)  # both sides (Fisher 1915)
    half = precise.normal_quantile(
        (1 + precise.mpf(level(arguments["alpha"], arguments["confidence"]))) / 2
    ) / c.sqrt(n - 3)
    ends = [c.log((1 + r) / (1 - r)) / 2 + sign * half for sign in (-1, 1)]
    low, high = ((c.exp(2 * z) - 1) / (c.exp(2 * z) + 1) for z in ends)
    above = tail / 2 if r > 0 else 1 - tail / 2
    return {
        "correlation": r,
        "n": n,
        "df": n - 2,
        "statistic": r * c.sqrt((n - 2) / (1 - r * r)),
        "p_value": {"two-sided": tail, "greater": above, "less": 1 - above}[
            arguments["alternative"]
        ],
        "r_squared": r * r,
        "ci_low": low,
        "ci_high": high,
    }


@operation(
    "stats.correlation_summary",
    outputs={
        "correlation": "Pearson's r",
        "n": "number of pairs",
        "statistic": "Student's t",
        "df": "degrees of freedom",
        "p_value": "p value",
        "significant": "whether p is below alpha",
        "r_squared": "square of r",
        "ci_low": "lower confidence limit (Fisher's z)",
        "ci_high": "upper confidence limit (Fisher's z)",
    },
    reference="Fisher (1915), Biometrika 10; Snedecor and Cochran (1989), Statistical Methods, 8th ed., chapter 10",
    verifier=_verify_correlation,
    examples=("test = stats.correlation_summary(correlation=0.62, n=28)",),
    terms=("significance of r from n pairs", "confidence interval of a correlation from r and n"),
)
def correlation_summary(
    correlation: Annotated[float, Param("correlation found (Pearson's r)", gt=-1, lt=1)],
    n: Annotated[int, Param("number of pairs", ge=4)],
    alternative: Sides = "two-sided",
    alpha: Alpha = 0.05,
    confidence: Confidence = None,
) -> Result:
    """Test whether a correlation differs from zero from r and the number of pairs, with its interval.

    t = r sqrt((n - 2) / (1 - r²)) with n - 2 degrees of freedom; the interval is Fisher's.
    """
    t = correlation * math.sqrt((n - 2) / ((1 - correlation) * (1 + correlation)))
    p = float(
        {
            "two-sided": 2 * stats.t.sf(abs(t), n - 2),
            "less": stats.t.cdf(t, n - 2),
            "greater": stats.t.sf(t, n - 2),
        }[alternative]
    )
    half = float(stats.norm.isf((1 - level(alpha, confidence)) / 2)) / math.sqrt(n - 3)
    values: dict[str, Any] = {"correlation": correlation, "n": n, "statistic": t, "df": n - 2}
    values |= {"p_value": p, "significant": p < alpha, "r_squared": correlation**2}
    values |= {"ci_low": math.tanh(math.atanh(correlation) - half)}
    values |= {"ci_high": math.tanh(math.atanh(correlation) + half)}
    side = {"two-sided": "differs from zero", "less": "is below zero", "greater": "is above zero"}
    said = f"The correlation {{correlation}} of {{n}} pairs {side[alternative]}"
    if p >= alpha:
        said = f"There is no evidence that the correlation {{correlation}} of {{n}} pairs {side[alternative]}"
    table = table_of("correlation", ("quantity", "value"), list(values.items()))
    return Result(
        values,
        f"{said} (t = {{statistic}}, p = {{p_value}}); confidence limits {{ci_low}} and {{ci_high}}.",
        (table,),
        assumptions=(UNSEEN, checks.independence()),
    )
