"""Tests and intervals on variances: one sample, two samples (F), several (Levene, Bartlett)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from scipy import stats

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Result, table_of
from havoc.tools.stats import checks, precise
from havoc.tools.stats.rank_groups import By, Groups, Value, grouped
from havoc.tools.stats.ranks import median_of
from havoc.tools.stats.samples import PowerSums, level, moments, two_groups
from havoc.tools.stats.samples import clean as cleaned
from havoc.tools.stats.t_tests import Alpha, Confidence, Sides, group_plot
from havoc.tools.values import Labels, Sample, near_zero

BOOK = "Montgomery (2013), Design and Analysis of Experiments, 8th ed., section 2.6"
ONE_OUTPUTS = {
    "sd": "standard deviation",
    "variance": "variance",
    "n": "number of values",
    "df": "degrees of freedom",
    "ci_low": "lower confidence limit of the standard deviation",
    "ci_high": "upper confidence limit of the standard deviation",
    "variance_ci_low": "lower confidence limit of the variance",
    "variance_ci_high": "upper confidence limit of the variance",
    "statistic": "chi-square, when a standard deviation to test against is given",
    "p_value": "p value of the test",
    "significant": "whether p is below alpha",
}
TWO_OUTPUTS = {
    "statistic": "F, the ratio of the variances",
    "df_1": "degrees of freedom of the first sample",
    "df_2": "degrees of freedom of the second sample",
    "p_value": "p value",
    "significant": "whether p is below alpha",
    "ratio": "first variance over second",
    "sd_1": "standard deviation of the first sample",
    "sd_2": "standard deviation of the second sample",
    "ci_low": "lower confidence limit of the ratio",
    "ci_high": "upper confidence limit of the ratio",
}


def sides_of(low: float, high: float, alternative: str) -> float:
    return {"two-sided": min(1.0, 2 * min(low, high)), "less": low, "greater": high}[alternative]


def _hypothesis(sd: float | None, variance: float | None) -> Fraction | None:
    """The variance to test against, of whichever of the two was given."""
    if sd is not None and variance is not None:
        raise InputError("give either the standard deviation or the variance to test against")
    if sd is not None:
        return Fraction(repr(sd)) ** 2
    return None if variance is None else Fraction(repr(variance))


def of_one_variance(
    n: int,
    variance: Fraction,
    null: Fraction | None,
    as_variance: bool,
    alternative: str,
    alpha: float,
    confidence: float | None,
) -> tuple[dict[str, Any], str]:
    """The interval of a standard deviation, its test against a ``null`` variance, and the conclusion.

    ``as_variance``: whether the conclusion speaks of the variance, as the request did.
    """
    df, ss = n - 1, float(variance * (n - 1))
    tail = (1 - level(alpha, confidence)) / 2
    low, high = (ss / float(stats.chi2.isf(q, df)) for q in (tail, 1 - tail))
    values: dict[str, Any] = {"sd": math.sqrt(variance), "variance": float(variance)}
    values |= {"n": n, "df": df, "ci_low": math.sqrt(low), "ci_high": math.sqrt(high)}
    values |= {"variance_ci_low": low, "variance_ci_high": high}
    said = "The standard deviation is {sd}, with confidence limits {ci_low} and {ci_high}"
    if as_variance:
        said = "The variance is {variance}, with confidence limits {variance_ci_low} and {variance_ci_high}"
    if null is not None:
        chi2 = ss / float(null)
        p = sides_of(float(stats.chi2.cdf(chi2, df)), float(stats.chi2.sf(chi2, df)), alternative)
        values |= {"statistic": chi2, "p_value": p, "significant": p < alpha}
        against = float(null) if as_variance else math.sqrt(null)
        side = {"two-sided": "differs from", "less": "is below", "greater": "is above"}[alternative]
        verb = side if p < alpha else f"shows no evidence that it {side}"
        said += f"; it {verb} {against:g} (chi-square {{statistic}}, p = {{p_value}})"
    return values, said + "."


def of_one_variance_again(
    n: int, variance: Any, null: Fraction | None, arguments: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The figures of one variance in 40 digits, by alpha, confidence and alternative of the arguments."""
    df, ss = n - 1, variance * (n - 1)
    tail = (1 - precise.mpf(level(arguments["alpha"], arguments["confidence"]))) / 2
    low, high = (ss / precise.chi2_quantile(q, df) for q in (1 - tail, tail))
    again: dict[str, Any] = {
        "n": n,
        "df": df,
        "sd": precise.ctx.sqrt(variance),
        "variance": variance,
        "ci_low": precise.ctx.sqrt(low),
        "ci_high": precise.ctx.sqrt(high),
        "variance_ci_low": low,
        "variance_ci_high": high,
    }
    if null is None:
        return again
    chi2 = ss / precise.mpf(null)
    below = precise.chi2_cdf(chi2, df)
    return again | {
        "statistic": chi2,
        "p_value": sides_of(below, 1 - below, arguments["alternative"]),
    }


def _verify_one(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    sums = PowerSums.of(arguments["x"])
    null = _hypothesis(arguments["sd"], arguments["variance"])
    return of_one_variance_again(sums.n, sums.variance, null, arguments)


@operation(
    "stats.variance_one",
    outputs=ONE_OUTPUTS,
    reference=BOOK,
    verifier=_verify_one,
    examples=(
        "v = stats.variance_one([9.8, 10.4, 10.1, 10.6, 10.3, 9.9])",
        'v = stats.variance_one([9.8, 10.4, 10.1, 10.6, 10.3, 9.9], sd=0.2, alternative="greater")',
        "v = stats.variance_one([9.8, 10.4, 10.1, 10.6, 10.3, 9.9], variance=0.04)",
    ),
    terms=("confidence interval of a standard deviation", "chi-square test of a variance"),
)
def variance_one(
    x: Annotated[Sample, Param("measurements", min_length=2)],
    sd: Annotated[float | None, Param("standard deviation to test against", gt=0)] = None,
    alternative: Sides = "two-sided",
    alpha: Alpha = 0.05,
    confidence: Confidence = None,
    variance: Annotated[
        float | None, Param("variance to test against, instead of sd", gt=0)
    ] = None,
) -> Result:
    """Estimate a standard deviation with its confidence interval, and test it against a value.

    Chi-square: (n - 1) s² / sigma² with n - 1 degrees of freedom. Depends strongly on normality.
    """
    sample, said = cleaned(x, 2)
    checks.must_vary(sample)
    m, null = moments(sample), _hypothesis(sd, variance)
    values, conclusion = of_one_variance(
        m.n, m.variance, null, variance is not None, alternative, alpha, confidence
    )
    assumed = (checks.normality(sample.values, f"'{x.name}'"), checks.independence())
    table = table_of("spread", ("quantity", "value"), list(values.items()))
    return Result(
        values,
        conclusion,
        (table,),
        (group_plot(x.name, sample),),
        assumed,
        tuple(said + checks.failed(assumed)),
    )


Spread = tuple[int, Any]  # the size of a sample and its variance


def of_two_variances(
    first: Spread, second: Spread, alternative: str, alpha: float, confidence: float | None
) -> tuple[dict[str, Any], str]:
    """The F test of two variances with the interval of their ratio, and the verb of the conclusion."""
    (n_1, a), (n_2, b) = first, second
    ratio, d1, d2 = float(a / b), n_1 - 1, n_2 - 1
    p = sides_of(float(stats.f.cdf(ratio, d1, d2)), float(stats.f.sf(ratio, d1, d2)), alternative)
    tail = (1 - level(alpha, confidence)) / 2
    values: dict[str, Any] = {"statistic": ratio, "df_1": d1, "df_2": d2, "p_value": p}
    values |= {"significant": p < alpha, "ratio": ratio}
    values |= {"sd_1": math.sqrt(a), "sd_2": math.sqrt(b)}
    values |= {"ci_low": ratio / float(stats.f.isf(tail, d1, d2))}
    values |= {"ci_high": ratio / float(stats.f.ppf(tail, d1, d2))}
    return values, "differ" if p < alpha else "show no evidence of a difference"


def of_two_variances_again(
    first: Spread, second: Spread, arguments: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The figures of two variances in 40 digits, by alpha, confidence and alternative of the arguments."""
    (n_1, a), (n_2, b) = first, second
    ratio, d1, d2 = a / b, n_1 - 1, n_2 - 1
    below = precise.f_cdf(ratio, d1, d2)
    above = precise.f_cdf(1 / ratio, d2, d1)
    tail = (1 - precise.mpf(level(arguments["alpha"], arguments["confidence"]))) / 2
    return {
        "statistic": ratio,
        "df_1": d1,
        "df_2": d2,
        "p_value": sides_of(below, above, arguments["alternative"]),
        "ratio": ratio,
        "sd_1": precise.ctx.sqrt(a),
        "sd_2": precise.ctx.sqrt(b),
        "ci_low": ratio * precise.f_quantile(tail, d2, d1),
        "ci_high": ratio * precise.f_quantile(1 - tail, d2, d1),
    }


def _verify_two(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    first, second, _ = two_groups(arguments["x"], arguments["y"], arguments["by"])
    a, b = PowerSums.of(first), PowerSums.of(second)
    return of_two_variances_again((a.n, a.variance), (b.n, b.variance), arguments)


@operation(
    "stats.variance_two",
    outputs=TWO_OUTPUTS,
    reference=BOOK,
    verifier=_verify_two,
    examples=("test = stats.variance_two([4.2, 4.8, 5.1, 4.6, 4.9], [5.0, 5.6, 5.2, 6.9, 5.4])",),
    terms=("F test of two variances", "compare two standard deviations", "ratio of variances"),
)
def variance_two(
    x: Annotated[Sample, Param("first sample, or the column of values when by is given")],
    y: Annotated[Sample | None, Param("second sample")] = None,
    by: Annotated[Labels | None, Param("column that names the two groups (long form)")] = None,
    alternative: Sides = "two-sided",
    alpha: Alpha = 0.05,
    confidence: Confidence = None,
) -> Result:
    """Test whether two samples have the same variance (F test), with the interval of the ratio.

    Depends strongly on normality; stats.equal_variances (Levene) does not.
    """
    first, second, said = two_groups(x, y, by)
    for s in (first, second):
        checks.must_vary(s)
    a, b = moments(first), moments(second)
    values, verdict = of_two_variances(
        (a.n, a.variance), (b.n, b.variance), alternative, alpha, confidence
    )
    assumed = tuple(checks.normality(s.values, f"'{s.name}'") for s in (first, second))
    assumed += (checks.independence(),)
    rows = [[s.name, m.n, m.sd] for s, m in ((first, a), (second, b))]
    return Result(
        values,
        f"The spreads of {first.name} and {second.name} {verdict}: F = {{statistic}} with {{df_1}} "
        "and {df_2} degrees of freedom, p = {p_value}.",
        (table_of("samples", ("sample", "n", "sd"), rows),),
        (group_plot(f"{first.name} and {second.name}", first, second),),
        assumed,
        tuple(said + checks.failed(assumed)),
    )


def _levene_exact(groups: tuple[Sample, ...], center: str) -> Fraction:
    """One-way analysis of variance of the distances from the centres, in rationals."""
    distances = []
    for g in groups:
        x = g.exact
        c = median_of(x) if center == "median" else sum(x, Fraction(0)) / len(x)
        distances.append([abs(v - c) for v in x])
    n, k = sum(len(d) for d in distances), len(distances)
    sums = [sum(d, Fraction(0)) for d in distances]
    correction = sum(sums, Fraction(0)) ** 2 / n
    raw = sum((s * s / len(d) for s, d in zip(sums, distances, strict=True)), Fraction(0))
    within = sum((v * v for d in distances for v in d), Fraction(0)) - raw
    if not within:
        raise InputError("the distances from the centres do not vary: the test is not defined")
    return (raw - correction) / (k - 1) / (within / (n - k))


def _bartlett_again(groups: tuple[Sample, ...]) -> Any:
    sums = [PowerSums.of(g) for g in groups]
    n, k = sum(s.n for s in sums), len(sums)
    pooled = precise.mpf(sum((s.ss for s in sums), Fraction(0)) / (n - k))
    log = precise.ctx.log
    gap = (n - k) * log(pooled) - sum((s.n - 1) * log(s.variance) for s in sums)
    share = sum((Fraction(1, s.n - 1) for s in sums), Fraction(0)) - Fraction(1, n - k)
    return gap / precise.mpf(1 + share / (3 * (k - 1)))


def _verify_equal(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    groups, _ = grouped(arguments["groups"], arguments["value"], arguments["by"])
    n, k = sum(len(g) for g in groups), len(groups)
    again: dict[str, Any] = {"sds": [precise.ctx.sqrt(PowerSums.of(g).variance) for g in groups]}
    if arguments["method"] == "bartlett":
        chi2 = _bartlett_again(groups)
        return again | {
            "statistic": chi2,
            "df": k - 1,
            "p_value": 1 - precise.chi2_cdf(chi2, k - 1),
        }
    center = "median" if arguments["method"] == "brown_forsythe" else "mean"
    f = _levene_exact(groups, center)
    p = 1 - precise.f_cdf(precise.mpf(f), k - 1, n - k)
    return again | {"statistic": f, "df": k - 1, "df_error": n - k, "p_value": p}


@operation(
    "stats.equal_variances",
    outputs={
        "statistic": "F of Levene and Brown-Forsythe, chi-square of Bartlett",
        "df": "degrees of freedom between groups",
        "df_error": "degrees of freedom within groups (not for Bartlett)",
        "p_value": "p value",
        "significant": "whether p is below alpha",
        "sds": "standard deviation of each group",
    },
    reference="NIST/SEMATECH e-Handbook 1.3.5.10 (Levene, Brown-Forsythe) and 1.3.5.7 (Bartlett)",
    verifier=_verify_equal,
    examples=(
        "test = stats.equal_variances([[23.1, 24.0, 22.8, 25.0], [25.6, 26.1, 25.0, 25.2], [22.0, 21.6, 22.7, 29.0]])",
        "test = stats.equal_variances([[23.1, 24.0, 22.8, 25.0], [25.6, 26.1, 25.0, 25.2]], method=bartlett)",
        "test = stats.equal_variances([[23.1, 24.0, 22.8, 25.0], [25.6, 26.1, 25.0, 25.2]], method=levene)",
    ),
    terms=("Levene test", "Brown-Forsythe test", "Bartlett test", "homogeneity of variances"),
)
def equal_variances(
    groups: Groups = None,
    value: Value = None,
    by: By = None,
    method: Annotated[
        Literal["brown_forsythe", "levene", "bartlett"],
        Param(
            "brown_forsythe (around medians, robust), levene (around means) or bartlett (normal)"
        ),
    ] = "brown_forsythe",
    alpha: Alpha = 0.05,
) -> Result:
    """Test whether two or more groups have equal variances (Brown-Forsythe, Levene or Bartlett)."""
    samples, said = grouped(groups, value, by)
    arrays = [near_zero([g])[0][0] for g in samples]  # spreads do not depend on the place
    n, k = sum(len(a) for a in arrays), len(arrays)
    values: dict[str, Any] = {"df": k - 1, "sds": [moments(g).sd for g in samples]}
    if method == "bartlett":
        for g in samples:
            checks.must_vary(g)
        test = stats.bartlett(*arrays)
    else:
        _levene_exact(samples, "median" if method == "brown_forsythe" else "mean")  # refuses 0/0
        test = stats.levene(*arrays, center="median" if method == "brown_forsythe" else "mean")
        values["df_error"] = n - k
    p = float(test.pvalue)
    values |= {"statistic": float(test.statistic), "p_value": p, "significant": p < alpha}
    assumed = [checks.independence()]
    if method == "bartlett":
        centred = np.concatenate([a - a.mean() for a in arrays])
        assumed.append(checks.normality(centred, "the residuals"))
        said += checks.failed(assumed)
    rows = [[g.name, len(g), sd] for g, sd in zip(samples, values["sds"], strict=True)]
    verdict = "differ" if p < alpha else "show no evidence of a difference"
    return Result(
        values,
        f"The variances {verdict} ({method.replace('_', '-')} statistic {{statistic}}, p = {{p_value}}).",
        (table_of("groups", ("group", "n", "sd"), rows),),
        (group_plot("Groups", *samples),),
        tuple(assumed),
        tuple(said),
    )
