"""Student's t tests on data: one sample, two samples (pooled or Welch), pairs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from scipy import stats

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Figure, Result, table_of
from havoc.tools.stats import checks, precise
from havoc.tools.stats.effect_sizes import D_OUTPUTS, d_interval, d_interval_again
from havoc.tools.stats.samples import (
    PowerSums,
    differences,
    level,
    moments,
    paired,
    two_groups,
)
from havoc.tools.stats.samples import clean as cleaned
from havoc.tools.values import Labels, Sample

Alternative = Literal["two-sided", "less", "greater"]
Alpha = Annotated[float, Param("significance level", gt=0, lt=1, fraction=True)]
Confidence = Annotated[
    float | None,
    Param("confidence level of the interval; 1 - alpha if not given", gt=0, lt=1, fraction=True),
]
Sides = Annotated[
    Alternative,
    Param("alternative hypothesis: is the difference not zero, below zero or above zero"),
]
REFERENCE = "Montgomery (2013), Design and Analysis of Experiments, 8th ed., sections 2.4-2.5"
TESTED = {
    "statistic": "Student's t",
    "df": "degrees of freedom",
    "p_value": "p value",
    "significant": "whether p is below alpha",
    "ci_low": "lower confidence limit (none when the alternative is 'less')",
    "ci_high": "upper confidence limit (none when the alternative is 'greater')",
    "se": "standard error",
    "effect_size": "Cohen's d: the difference in standard deviations",
    **D_OUTPUTS,
}


def t_inference(
    difference: float,
    se: float,
    df: float,
    alpha: float,
    confidence: float | None,
    sides: str,
    center: float | None = None,
) -> dict[str, Any]:
    """t, its p and the interval of the alternative, around ``center`` (the difference if None)."""
    t, estimate = difference / se, difference if center is None else center
    c = level(alpha, confidence)
    p = {
        "two-sided": 2 * stats.t.sf(abs(t), df),
        "less": stats.t.cdf(t, df),
        "greater": stats.t.sf(t, df),
    }[sides]
    half = float(stats.t.ppf((1 + c) / 2 if sides == "two-sided" else c, df)) * se
    return {
        "statistic": t,
        "df": df,
        "p_value": float(p),
        "significant": bool(p < alpha),
        "ci_low": None if sides == "less" else estimate - half,
        "ci_high": None if sides == "greater" else estimate + half,
        "se": se,
    }


def t_again(
    estimate: Any, se: Any, df: Any, arguments: Mapping[str, Any], null: Any = 0
) -> dict[str, Any]:
    """The same in 40 digits by incomplete beta functions."""
    sides = arguments["alternative"]
    t = (estimate - null) / se
    p = precise.p_value(t, lambda v: precise.t_cdf(v, df), sides)
    c = precise.mpf(level(arguments["alpha"], arguments["confidence"]))
    half = precise.t_quantile((1 + c) / 2 if sides == "two-sided" else c, df) * se
    return {
        "statistic": t,
        "df": df,
        "p_value": p,
        "significant": bool(p < arguments["alpha"]),
        "ci_low": None if sides == "less" else estimate - half,
        "ci_high": None if sides == "greater" else estimate + half,
        "se": se,
    }


def d_of_one(
    values: Mapping[str, Any], n: int, alpha: float, confidence: float | None
) -> dict[str, float]:
    """Limits of Cohen's d of one sample, or of the differences of pairs."""
    c = level(alpha, confidence)
    return d_interval(values["effect_size"], 1 / math.sqrt(n), n - 1, c)


def d_of_one_again(d: Any, n: int, arguments: Mapping[str, Any]) -> dict[str, Any]:
    c = level(arguments["alpha"], arguments["confidence"])
    return d_interval_again(d, n**-0.5, n - 1, c)


def verdict(significant: bool, yes: str, no: str) -> str:
    return (
        yes if significant else no
    ) + " (t = {statistic}, {df} degrees of freedom, p = {p_value})."


def group_plot(title: str, *samples: Sample, reference: float | None = None) -> Figure:
    groups = [{"name": s.name, "values": s.values.tolist()} for s in samples]
    return Figure("group_plot", title, {"groups": groups, "reference": reference})


def _verify_one(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    sums = PowerSums.of(arguments["x"])
    target = precise.mpf(Fraction(repr(arguments["target"])))
    sd = precise.ctx.sqrt(sums.variance)
    again = t_again(sums.mean, sd / precise.sqrt(sums.n), sums.n - 1, arguments, target)
    return again | {
        "n": sums.n,
        "mean": sums.mean,
        "sd": sd,
        "difference": sums.mean - target,
        "effect_size": (sums.mean - target) / sd,
        **d_of_one_again((sums.mean - target) / sd, sums.n, arguments),
    }


@operation(
    "stats.t_test_one",
    outputs=TESTED
    | {
        "n": "number of values",
        "mean": "mean",
        "sd": "standard deviation",
        "difference": "mean minus target",
    },
    reference=REFERENCE,
    verifier=_verify_one,
    examples=(
        "test = stats.t_test_one([502, 498, 505, 499, 503, 507, 501, 504, 500, 506, 503, "
        "502], target=500)",
        "test = stats.t_test_one([9.8, 10.4, 10.1, 10.6, 10.3], target=10, "
        'alternative="greater", alpha=0.1)',
    ),
    terms=(
        "one-sample t test",
        "compare a mean with a target",
        "off target",
        "mean differs from nominal",
    ),
)
def t_test_one(
    x: Annotated[Sample, Param("measurements", min_length=2)],
    target: Annotated[float, Param("the value the mean is compared with")],
    alpha: Alpha = 0.05,
    alternative: Sides = "two-sided",
    confidence: Confidence = None,
) -> Result:
    """Test whether a mean equals a target value.

    t = (mean - target) / (s / sqrt(n)) with n - 1 degrees of freedom. The interval is for the mean.
    """
    sample, said = cleaned(x, 2)
    checks.must_vary(sample)
    m = moments(sample)
    difference = m.mean - Fraction(repr(target))
    se = m.sd / math.sqrt(m.n)
    values = t_inference(
        float(difference), se, m.n - 1, alpha, confidence, alternative, float(m.mean)
    )
    values |= {"n": m.n, "mean": m.mean, "sd": m.sd, "difference": difference}
    values["effect_size"] = float(difference) / m.sd
    values |= d_of_one(values, m.n, alpha, confidence)
    assumed = (checks.normality(sample.values, f"'{x.name}'"), checks.independence())
    side = {"two-sided": "differs from", "less": "is below", "greater": "is above"}[alternative]
    conclusion = verdict(
        values["significant"],
        f"The mean {{mean}} {side} the target {target:g}",
        f"There is no evidence that the mean {{mean}} {side} the target {target:g}",
    )
    return Result(
        values,
        conclusion,
        (_one_table(values),),
        (group_plot(f"{x.name} against the target", sample, reference=target),),
        assumed,
        tuple(said + checks.failed(assumed) + checks.far_values(sample)),
    )


def _one_table(values: Mapping[str, Any]) -> Any:
    columns = ("n", "mean", "sd", "se", "statistic", "df", "p_value", "ci_low", "ci_high")
    return table_of("t test", columns, [[values[c] for c in columns]])


OTHER = ("se", "statistic", "df", "p_value", "ci_low", "ci_high")  # told of both assumptions


def two_sample_again(
    n: tuple[int, int],
    mean: tuple[Any, Any],
    variance: tuple[Any, Any],
    arguments: Mapping[str, Any],
) -> dict[str, Any]:
    """The two-sample test in 40 digits, with variances multiplied out."""
    (n1, n2), (v1, v2) = n, variance
    pooled = ((n1 - 1) * v1 + (n2 - 1) * v2) / (n1 + n2 - 2)
    difference = mean[0] - mean[1]
    share = (v1 / n1) / (v1 / n1 + v2 / n2)
    errors = {
        True: (precise.ctx.sqrt(pooled * (n1 + n2) / (n1 * n2)), precise.mpf(n1 + n2 - 2)),
        False: (
            precise.ctx.sqrt((n2 * v1 + n1 * v2) / (n1 * n2)),
            1 / (share**2 / (n1 - 1) + (1 - share) ** 2 / (n2 - 1)),
        ),
    }
    equal = arguments["equal_variances"]
    again = t_again(difference, *errors[equal], arguments)
    other = t_again(difference, *errors[not equal], arguments)
    d = difference / precise.ctx.sqrt(pooled)
    return again | {
        **{f"other_{k}": other[k] for k in OTHER},
        "n_1": n1,
        "n_2": n2,
        "mean_1": mean[0],
        "mean_2": mean[1],
        "sd_1": precise.ctx.sqrt(v1),
        "sd_2": precise.ctx.sqrt(v2),
        "difference": difference,
        "pooled_sd": precise.ctx.sqrt(pooled),
        "effect_size": d,
        **d_interval_again(
            d,
            ((n1 + n2) / (n1 * n2)) ** 0.5,
            n1 + n2 - 2,
            level(arguments["alpha"], arguments["confidence"]),
        ),
        "hedges_g": d * (1 - precise.mpf(3) / (4 * (n1 + n2) - 9)),
    }


def _verify_two(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    first, second, _ = two_groups(arguments["x"], arguments["y"], arguments["by"])
    a, b = PowerSums.of(first), PowerSums.of(second)
    again = two_sample_again((a.n, b.n), (a.mean, b.mean), (a.variance, b.variance), arguments)
    # the difference of means exactly: nothing may be lost when both are large
    return again | {"difference": precise.mpf(a.s1 / a.n - b.s1 / b.n)}


TWO_OUTPUTS = TESTED | {
    "n_1": "size of the first sample",
    "n_2": "size of the second sample",
    "mean_1": "mean of the first sample",
    "mean_2": "mean of the second sample",
    "sd_1": "standard deviation of the first sample",
    "sd_2": "standard deviation of the second sample",
    "difference": "first mean minus second mean",
    "pooled_sd": "pooled standard deviation",
    "hedges_g": "Hedges' g: effect size corrected for small samples",
    "other_se": "standard error under the other assumption: pooled where Welch was run, Welch where pooled",
    "other_statistic": "t under the other assumption",
    "other_df": "its degrees of freedom",
    "other_p_value": "its p value",
    "other_ci_low": "its lower confidence limit",
    "other_ci_high": "its upper confidence limit",
}


def two_sample_values(
    n: tuple[int, int],
    mean: tuple[Fraction, Fraction],
    variance: tuple[Fraction, Fraction],
    equal_variances: bool,
    alpha: float,
    confidence: float | None,
    alternative: str,
) -> dict[str, Any]:
    """All values of a two-sample t test from sizes, means and variances."""
    (n1, n2), (v1, v2) = n, variance
    df_pooled = n1 + n2 - 2
    pooled = math.sqrt(((n1 - 1) * v1 + (n2 - 1) * v2) / df_pooled)
    if pooled == 0:
        raise InputError("both samples are without spread: there is nothing to test")
    difference = float(mean[0] - mean[1])
    a, b = float(v1 / n1), float(v2 / n2)
    errors = {
        True: (pooled * math.sqrt(1 / n1 + 1 / n2), float(df_pooled)),
        False: (math.sqrt(a + b), (a + b) ** 2 / (a**2 / (n1 - 1) + b**2 / (n2 - 1))),
    }
    values, other = (
        t_inference(difference, *errors[equal], alpha, confidence, alternative)
        for equal in (equal_variances, not equal_variances)
    )
    return values | {
        **{f"other_{k}": other[k] for k in OTHER},
        "n_1": n1,
        "n_2": n2,
        "mean_1": mean[0],
        "mean_2": mean[1],
        "sd_1": math.sqrt(v1),
        "sd_2": math.sqrt(v2),
        "difference": difference,
        "pooled_sd": pooled,
        "effect_size": difference / pooled,
        **d_interval(
            difference / pooled,
            math.sqrt(1 / n1 + 1 / n2),
            df_pooled,
            level(alpha, confidence),
        ),
        "hedges_g": difference / pooled * (1 - 3 / (4 * df_pooled - 1)),
    }


def two_sample_conclusion(
    values: Mapping[str, Any], first: str, second: str, alternative: str
) -> str:
    side = {
        "two-sided": "differ",
        "less": "differ in the direction asked",
        "greater": "differ in the direction asked",
    }
    return verdict(
        values["significant"],
        f"The means of {first} ({{mean_1}}) and {second} ({{mean_2}}) {side[alternative]} by "
        f"{{difference}}",
        f"There is no evidence that the means of {first} ({{mean_1}}) and {second} "
        f"({{mean_2}}) {side[alternative]}",
    )


def two_sample_table(values: Mapping[str, Any], first: str, second: str) -> Any:
    rows = [
        [first, *(values[f"{k}_1"] for k in ("n", "mean", "sd"))],
        [second, *(values[f"{k}_2"] for k in ("n", "mean", "sd"))],
    ]
    return table_of("samples", ("sample", "n", "mean", "sd"), rows)


@operation(
    "stats.t_test_two",
    outputs=TWO_OUTPUTS,
    reference=REFERENCE + "; Welch (1947), Biometrika 34",
    verifier=_verify_two,
    examples=(
        "test = stats.t_test_two([4.2, 4.8, 5.1, 4.6, 4.9], [5.0, 5.6, 5.2, 5.9, 5.4], "
        "equal_variances=true)",
        "test = stats.t_test_two([4.2, 4.8, 5.1, 4.6, 4.9], [5.0, 5.6, 5.2, 5.9], confidence=0.9)",
        'test = stats.t_test_two([4.2, 4.8, 5.1, 5.6, 5.2, 5.9], by=["A", "A", "A", "B", '
        '"B", "B"], alternative="less")',
    ),
    terms=(
        "two-sample t test",
        "pooled t test",
        "Welch t test",
        "compare two means",
        "difference between two groups",
    ),
)
def t_test_two(
    x: Annotated[
        Sample, Param("first sample, or the column of values when by is given", min_length=2)
    ],
    y: Annotated[Sample | None, Param("second sample", min_length=2)] = None,
    by: Annotated[Labels | None, Param("column that names the two groups (long form)")] = None,
    equal_variances: Annotated[
        bool, Param("true: pooled variance; false: Welch, which needs no equal variances")
    ] = False,
    alpha: Alpha = 0.05,
    alternative: Sides = "two-sided",
    confidence: Confidence = None,
) -> Result:
    """Test whether two independent samples have the same mean (Welch, or pooled).

    The interval is for the first mean minus the second. Welch's test (the default) allows unequal
    variances; the pooled test assumes them equal and has n1 + n2 - 2 degrees of freedom.
    """
    first, second, said = two_groups(x, y, by)
    a, b = moments(first), moments(second)
    values = two_sample_values(
        (a.n, b.n),
        (a.mean, b.mean),
        (a.variance, b.variance),
        equal_variances,
        alpha,
        confidence,
        alternative,
    )
    assumed: list[Assumption] = [checks.normality(s.values, f"'{s.name}'") for s in (first, second)]
    spread = checks.equal_variances(
        [first.values, second.values], "use Welch's test (equal_variances=false)"
    )
    if equal_variances:
        assumed.append(spread)
    assumed.append(checks.independence())
    warnings = [
        *said,
        *checks.failed(assumed),
        *checks.far_values(first),
        *checks.far_values(second),
    ]
    return Result(
        values,
        two_sample_conclusion(values, first.name, second.name, alternative),
        (
            test_table(values, equal_variances),
            two_sample_table(values, first.name, second.name),
        ),
        (group_plot(f"{first.name} and {second.name}", first, second),),
        tuple(assumed),
        tuple(warnings),
    )


def test_table(values: Mapping[str, Any], equal_variances: bool) -> Any:
    """The test that was asked for, and below it the one with the other assumption."""
    names = ("Welch", "pooled") if not equal_variances else ("pooled", "Welch")
    shared = [values["difference"]]
    rows = [
        [name, *shared, *(values[f"{prefix}{k}"] for k in OTHER)]
        for name, prefix in zip(names, ("", "other_"), strict=True)
    ]
    return table_of("t test", ("variances", "difference", *OTHER), rows)


def _verify_paired(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    x, y, _ = paired(arguments["x"], arguments["y"])
    a, b = PowerSums.of(x), PowerSums.of(y)
    products = sum((p * q for p, q in zip(x.exact, y.exact, strict=True)), Fraction(0))
    covariance = (products - a.s1 * b.s1 / a.n) / (a.n - 1)
    n = a.n
    # var(x - y) = var x + var y - 2 cov: another route than the differences themselves
    variance = precise.mpf(a.ss / (n - 1) + b.ss / (n - 1) - 2 * covariance)
    mean, sd = precise.mpf((a.s1 - b.s1) / n), precise.ctx.sqrt(variance)
    spread = precise.ctx.sqrt(precise.mpf(a.ss) * precise.mpf(b.ss))
    again = t_again(mean, sd / precise.sqrt(n), n - 1, arguments)
    return again | {
        "n": n,
        "mean_1": a.mean,
        "mean_2": b.mean,
        "mean_difference": mean,
        "sd_difference": sd,
        "effect_size": mean / sd,
        **d_of_one_again(mean / sd, n, arguments),
        "correlation": precise.mpf(covariance) * (n - 1) / spread if spread else None,
    }


@operation(
    "stats.t_test_paired",
    outputs=TESTED
    | {
        "n": "number of pairs",
        "mean_1": "mean of the first column",
        "mean_2": "mean of the second column",
        "mean_difference": "mean of first minus second",
        "sd_difference": "standard deviation of the differences",
        "correlation": "correlation between the columns",
    },
    reference=REFERENCE,
    verifier=_verify_paired,
    examples=("test = stats.t_test_paired([86, 92, 75, 81, 90], [82, 89, 74, 76, 88])",),
    terms=("paired t test", "before and after", "same parts measured twice", "matched pairs"),
)
def t_test_paired(
    x: Annotated[Sample, Param("first measurement of each pair (before)", min_length=2)],
    y: Annotated[Sample, Param("second measurement of each pair (after)", min_length=2)],
    alpha: Alpha = 0.05,
    alternative: Sides = "two-sided",
    confidence: Confidence = None,
) -> Result:
    """Test whether the mean difference of pairs is zero (before and after, same parts twice).

    A one-sample t test on the differences first minus second; n - 1 degrees of freedom for n pairs.
    """
    first, second, said = paired(x, y)
    gaps = differences(first, second)
    if len(set(gaps.exact)) == 1:
        raise InputError(
            f"every pair differs by the same {gaps.texts[0]}: without spread nothing can be tested"
        )
    m = moments(gaps)
    values = t_inference(
        float(m.mean), m.sd / math.sqrt(m.n), m.n - 1, alpha, confidence, alternative
    )
    a, b = moments(first), moments(second)
    spread = math.sqrt(float(a.variance) * float(b.variance))
    covariance = float(a.variance + b.variance - m.variance) / 2
    values |= {"n": m.n, "mean_1": a.mean, "mean_2": b.mean}
    values |= {
        "mean_difference": m.mean,
        "sd_difference": m.sd,
        "effect_size": float(m.mean) / m.sd,
    }
    values |= d_of_one(values, m.n, alpha, confidence)
    values["correlation"] = covariance / spread if spread else None
    assumed = (
        checks.normality(gaps.values, "the differences"),
        checks.independence("pairs must be independent of each other"),
    )
    side = {"two-sided": "differs from zero", "less": "is below zero", "greater": "is above zero"}[
        alternative
    ]
    conclusion = verdict(
        values["significant"],
        f"The mean difference {{mean_difference}} ({x.name} - {y.name}) {side}",
        f"There is no evidence that the mean difference {{mean_difference}} ({x.name} - "
        f"{y.name}) {side}",
    )
    columns = (
        "n",
        "mean_difference",
        "sd_difference",
        "se",
        "statistic",
        "df",
        "p_value",
        "ci_low",
        "ci_high",
    )
    return Result(
        values,
        conclusion,
        (table_of("paired t test", columns, [[values[c] for c in columns]]),),
        (group_plot("Differences of the pairs", gaps, reference=0.0),),
        assumed,
        tuple(said + checks.failed(assumed) + checks.far_values(gaps)),
    )
