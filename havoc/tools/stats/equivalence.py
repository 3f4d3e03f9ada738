"""Equivalence tests (two one-sided t tests) and z tests with a known standard deviation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

from scipy import stats

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.stats import checks, precise
from havoc.tools.stats.samples import (
    PowerSums,
    differences,
    level,
    moments,
    paired,
    two_groups,
)
from havoc.tools.stats.samples import clean as cleaned
from havoc.tools.stats.t_tests import Alpha, Confidence, Sides, group_plot
from havoc.tools.values import Labels, Sample


def _bounds(margin: float | None, lower: float | None, upper: float | None) -> tuple[float, float]:
    if margin is not None:
        if lower is not None or upper is not None:
            raise InputError("give either margin=, or lower= and upper=, not both")
        return -margin, margin
    if lower is None or upper is None:
        raise NeedsClarification(
            "which difference still counts as equivalent: margin= (or lower=, upper=)?"
        )
    if not lower < upper:
        raise InputError(f"the lower bound {lower:g} must be below the upper bound {upper:g}")
    return lower, upper


def _summary(
    x: Sample,
    y: Sample | None,
    by: Labels | None,
    target: float | None,
    pairs: bool,
    equal_variances: bool,
) -> tuple[Fraction, float, float, list[Sample], list[str]]:
    """Difference, its standard error and degrees of freedom."""
    if target is not None or pairs:
        if pairs:
            if y is None:
                raise NeedsClarification("which is the second measurement of the pairs (y)?")
            a, b, said = paired(x, y)
            sample = differences(a, b)
        else:
            sample, said = cleaned(x, 2)
        checks.must_vary(sample)
        m = moments(sample)
        shift = Fraction(0) if target is None else Fraction(repr(target))
        return m.mean - shift, m.sd / math.sqrt(m.n), m.n - 1, [sample], said
    first, second, said = two_groups(x, y, by)
    p, q = moments(first), moments(second)
    u, v = float(p.variance) / p.n, float(q.variance) / q.n
    if u + v == 0:
        raise InputError("both samples are without spread: there is nothing to test")
    if equal_variances:
        pooled = float((p.n - 1) * p.variance + (q.n - 1) * q.variance) / (p.n + q.n - 2)
        se, df = math.sqrt(pooled * (1 / p.n + 1 / q.n)), float(p.n + q.n - 2)
    else:
        se, df = math.sqrt(u + v), (u + v) ** 2 / (u * u / (p.n - 1) + v * v / (q.n - 1))
    return p.mean - q.mean, se, df, [first, second], said


def _summary_again(arguments: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    """The same from power sums in 40 digits."""
    x, y, target, pairs = (arguments[k] for k in ("x", "y", "target", "pairs"))
    if pairs:
        a, b, _ = paired(x, y)
        x, target = differences(a, b), target or 0.0
    if target is not None:
        s = PowerSums.of(x)
        difference = precise.mpf(s.s1 / s.n - Fraction(repr(target)))
        return difference, precise.ctx.sqrt(s.variance / s.n), s.n - 1
    first, second, _ = two_groups(x, y, arguments["by"])
    s, r = PowerSums.of(first), PowerSums.of(second)
    difference = precise.mpf(s.s1 / s.n - r.s1 / r.n)
    if arguments["equal_variances"]:
        df = s.n + r.n - 2
        pooled = precise.mpf((s.ss + r.ss) / df)
        return difference, precise.ctx.sqrt(pooled * (s.n + r.n) / (s.n * r.n)), df
    total = s.variance / s.n + r.variance / r.n
    share = s.variance / s.n / total
    df = 1 / (share**2 / (s.n - 1) + (1 - share) ** 2 / (r.n - 1))
    return difference, precise.ctx.sqrt(total), df


def _verify_tost(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    low, high = _bounds(arguments["margin"], arguments["lower"], arguments["upper"])
    difference, se, df = _summary_again(arguments)
    t1 = (difference - precise.mpf(Fraction(repr(low)))) / se
    t2 = (difference - precise.mpf(Fraction(repr(high)))) / se
    p1, p2 = precise.t_cdf(-t1, df), precise.t_cdf(t2, df)
    half = precise.t_quantile(1 - precise.mpf(arguments["alpha"]), df) * se
    return {
        "difference": difference,
        "se": se,
        "df": df,
        "t_lower": t1,
        "t_upper": t2,
        "p_lower": p1,
        "p_upper": p2,
        "p_value": max(p1, p2),
        "ci_low": difference - half,
        "ci_high": difference + half,
        "lower": low,
        "upper": high,
    }


@operation(
    "stats.equivalence",
    outputs={
        "difference": "mean difference",
        "se": "its standard error",
        "df": "degrees of freedom",
        "t_lower": "t against the lower bound",
        "t_upper": "t against the upper bound",
        "p_lower": "p against the lower bound",
        "p_upper": "p against the upper bound",
        "p_value": "the larger of the two p values",
        "equivalent": "whether equivalence is shown at alpha",
        "ci_low": "lower limit of the 1 - 2 alpha interval",
        "ci_high": "upper limit of the 1 - 2 alpha interval",
        "lower": "lower bound of equivalence",
        "upper": "upper bound of equivalence",
    },
    reference="Schuirmann (1987), J. Pharmacokinetics and Biopharmaceutics 15, 657-680",
    verifier=_verify_tost,
    examples=(
        "test = stats.equivalence([10.1, 9.8, 10.3, 10.0, 9.9], [10.0, 10.2, 9.9, 10.1, 10.2], margin=0.5)",
        "test = stats.equivalence([10.1, 9.8, 10.3, 10.0, 9.9], target=10, lower=-0.4, upper=0.5)",
        "test = stats.equivalence([10.1, 9.8, 10.3, 10.0], [10.0, 9.9, 10.1, 10.1], pairs=true, margin=0.3)",
    ),
    terms=("equivalence test", "TOST", "two one-sided tests", "are two methods equivalent"),
)
def equivalence(
    x: Annotated[Sample, Param("measurements, first sample or first of each pair", min_length=2)],
    y: Annotated[Sample | None, Param("second sample, or second of each pair")] = None,
    by: Annotated[Labels | None, Param("column that names the two groups (long form)")] = None,
    target: Annotated[float | None, Param("value the mean is to be equivalent to")] = None,
    margin: Annotated[float | None, Param("largest difference that does not matter", gt=0)] = None,
    lower: Annotated[float | None, Param("lower bound of equivalence, instead of margin")] = None,
    upper: Annotated[float | None, Param("upper bound of equivalence, instead of margin")] = None,
    pairs: Annotated[bool, Param("true: x and y are measured on the same items")] = False,
    equal_variances: Annotated[bool, Param("true: pooled variance; false: Welch")] = False,
    alpha: Alpha = 0.05,
) -> Result:
    """Test whether a mean difference is small enough not to matter (equivalence, TOST).

    Two one-sided t tests against the bounds: equivalence is shown when both reject, that is when
    the 1 - 2 alpha interval lies inside the bounds.
    """
    low, high = _bounds(margin, lower, upper)
    gap, se, df, shown, said = _summary(x, y, by, target, pairs, equal_variances)
    difference = float(gap)
    t1, t2 = (float(gap - Fraction(repr(b))) / se for b in (low, high))
    p1, p2 = float(stats.t.sf(t1, df)), float(stats.t.cdf(t2, df))
    half = float(stats.t.isf(alpha, df)) * se
    p = max(p1, p2)
    values: dict[str, Any] = {"difference": difference, "se": se, "df": df}
    values |= {"t_lower": t1, "t_upper": t2, "p_lower": p1, "p_upper": p2, "p_value": p}
    values |= {"equivalent": p < alpha, "ci_low": difference - half, "ci_high": difference + half}
    values |= {"lower": low, "upper": high}
    assumed = tuple(checks.normality(s.values, f"'{s.name}'") for s in shown)
    assumed += (checks.independence(),)
    verdict = "Equivalence is shown" if p < alpha else "Equivalence is not shown"
    data = {"low": difference - half, "high": difference + half, "bounds": [low, high]}
    data["estimate"] = difference
    columns = ("difference", "se", "df", "t_lower", "t_upper", "p_value", "ci_low", "ci_high")
    return Result(
        values,
        f"{verdict}: the difference {{difference}} lies between {{ci_low}} and {{ci_high}}, the bounds "
        "are {lower} and {upper} (p = {p_value}).",
        (table_of("equivalence", columns, [[values[c] for c in columns]]),),
        (Figure("interval", "Difference and equivalence bounds", data), group_plot("Data", *shown)),
        assumed,
        tuple(said + checks.failed(assumed)),
    )


def _verify_z(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    sigma, target = (precise.mpf(Fraction(repr(arguments[k]))) for k in ("sigma", "target"))
    if arguments["x"] is not None:
        sums = PowerSums.of(arguments["x"])
        n, mean = sums.n, sums.mean
    else:
        n, mean = arguments["n"], precise.mpf(Fraction(repr(arguments["mean"])))
    se = sigma / precise.sqrt(n)
    z, sides = (mean - target) / se, arguments["alternative"]
    c = precise.mpf(level(arguments["alpha"], arguments["confidence"]))
    half = precise.normal_quantile((1 + c) / 2 if sides == "two-sided" else c) * se
    return {
        "statistic": z,
        "p_value": precise.p_value(z, precise.normal_cdf, sides),
        "mean": mean,
        "n": n,
        "se": se,
        "ci_low": None if sides == "less" else mean - half,
        "ci_high": None if sides == "greater" else mean + half,
    }


@operation(
    "stats.z_test",
    outputs={
        "statistic": "z",
        "p_value": "p value",
        "significant": "whether p is below alpha",
        "mean": "mean",
        "n": "number of values",
        "se": "standard error with the known sigma",
        "ci_low": "lower confidence limit (none when the alternative is 'less')",
        "ci_high": "upper confidence limit (none when the alternative is 'greater')",
    },
    reference="Montgomery (2013), Design and Analysis of Experiments, 8th ed., section 2.4",
    verifier=_verify_z,
    examples=(
        "test = stats.z_test([502, 498, 505, 499, 503], target=500, sigma=2)",
        "test = stats.z_test(mean=101.8, n=25, target=100, sigma=4)",
    ),
    terms=("z test", "test of a mean with known sigma"),
)
def z_test(
    x: Annotated[Sample | None, Param("measurements")] = None,
    mean: Annotated[float | None, Param("sample mean, instead of measurements")] = None,
    n: Annotated[int | None, Param("number of values, with mean", ge=1)] = None,
    target: Annotated[float | None, Param("the value the mean is compared with")] = None,
    sigma: Annotated[float | None, Param("known standard deviation", gt=0)] = None,
    alpha: Alpha = 0.05,
    alternative: Sides = "two-sided",
    confidence: Confidence = None,
) -> Result:
    """Test a mean against a target when the standard deviation is known.

    z = (mean - target) / (sigma / sqrt(n)), from measurements or from their mean and number.
    """
    if target is None or sigma is None:
        raise NeedsClarification("which target and which known standard deviation (target, sigma)?")
    said: list[str] = []
    if x is not None:
        sample, said = cleaned(x, 1)
        average, n = float(moments(sample).mean), len(sample)
    elif mean is None or n is None:
        raise NeedsClarification(
            "which data: measurements (x), or their mean and number (mean, n)?"
        )
    else:
        average = mean
    se = sigma / math.sqrt(n)
    z = (average - target) / se
    tails = {"two-sided": 2 * stats.norm.sf(abs(z)), "less": stats.norm.cdf(z)}
    p = float(tails.get(alternative, stats.norm.sf(z)))
    c = level(alpha, confidence)
    half = float(stats.norm.ppf((1 + c) / 2 if alternative == "two-sided" else c)) * se
    values: dict[str, Any] = {"statistic": z, "p_value": p, "significant": p < alpha}
    values |= {"mean": average, "n": n, "se": se}
    values["ci_low"] = None if alternative == "less" else average - half
    values["ci_high"] = None if alternative == "greater" else average + half
    said.append(
        "The z test stands on a known sigma; if it was estimated from these data use a t test."
    )
    verdict = "differs from" if p < alpha else "shows no evidence of differing from"
    columns = ("n", "mean", "se", "statistic", "p_value", "ci_low", "ci_high")
    return Result(
        values,
        f"The mean {{mean}} {verdict} {target:g} (z = {{statistic}}, p = {{p_value}}).",
        (table_of("z test", columns, [[values[k] for k in columns]]),),
        assumptions=(checks.independence(),),
        warnings=tuple(said),
    )
