"""Outliers: Grubbs, Dixon, Tukey's fences, z scores."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from scipy import stats

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.stats import checks, precise
from havoc.tools.stats.describe import quantile_of
from havoc.tools.stats.ranks import median_of
from havoc.tools.stats.samples import PowerSums, clean, moments
from havoc.tools.stats.t_tests import Alpha
from havoc.tools.values import Labels, Sample

Method = Literal["iqr", "z_score", "modified_z"]
DEFAULT_LIMIT = {"iqr": 1.5, "z_score": 3.0, "modified_z": 3.5}
MOST_NAMED = 12  # outliers whose names stand in the conclusion
MAD_SCALE = Fraction(6745, 10000)  # Iglewicz and Hoaglin (1993)


def _fences(x: Sample, method: Method, limit: float) -> tuple[float, float]:
    ordered, k = sorted(x.exact), Fraction(repr(limit))
    if method == "iqr":
        q1, q3 = (quantile_of(ordered, Fraction(q, 4), "inclusive") for q in (1, 3))
        return float(q1 - k * (q3 - q1)), float(q3 + k * (q3 - q1))
    if method == "z_score":
        m = moments(x)
        return float(m.mean) - limit * m.sd, float(m.mean) + limit * m.sd
    centre = median_of(ordered)
    mad = median_of([abs(v - centre) for v in ordered])
    return float(centre - k * mad / MAD_SCALE), float(centre + k * mad / MAD_SCALE)


def _verify_rule(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    x: Sample = arguments["x"].present()
    method = arguments["method"]
    limit = arguments["limit"] or DEFAULT_LIMIT[method]
    v = x.values
    if method == "iqr":
        q1, q3 = np.quantile(v, [0.25, 0.75])
        low, high = q1 - limit * (q3 - q1), q3 + limit * (q3 - q1)
    elif method == "z_score":
        sums = PowerSums.of(x)
        sd = precise.ctx.sqrt(sums.variance)
        low, high = sums.mean - limit * sd, sums.mean + limit * sd
    else:
        half = limit * stats.median_abs_deviation(v) / 0.6745
        low, high = np.median(v) - half, np.median(v) + half
    scale = 1e-9 * max(1.0, float(np.max(np.abs(v))))
    outside = [i for i, u in enumerate(v) if u < low - scale or u > high + scale]
    return {
        "lower_limit": low,
        "upper_limit": high,
        "count": len(outside),
        "n": len(v),
        "outliers": [v[i] for i in outside],
        "positions": [
            i + 1
            for i, u in enumerate(arguments["x"].values)
            if u < low - scale or u > high + scale
        ],
        "count_low": sum(v[i] < low for i in outside),
        "count_high": sum(v[i] > high for i in outside),
    }


@operation(
    "stats.outliers",
    outputs={
        "count": "number of outliers",
        "outliers": "the outlying values in order of appearance",
        "positions": "their rows, counted from 1",
        "named": "what names those rows",
        "lower_limit": "values below this are outliers",
        "upper_limit": "values above this are outliers",
        "count_low": "outliers below the lower limit",
        "count_high": "outliers above the upper limit",
        "n": "number of values",
    },
    reference="Tukey (1977), Exploratory Data Analysis; Iglewicz and Hoaglin (1993), ASQC vol. 16",
    verifier=_verify_rule,
    examples=(
        "out = stats.outliers([9.8, 10.1, 10.0, 9.9, 10.3, 14.2, 9.7])",
        "out = stats.outliers([9.8, 10.1, 10.0, 9.9, 10.3, 14.2, 9.7], method=z_score, limit=2)",
        "out = stats.outliers([9.8, 10.1, 10.0, 9.9, 10.3, 14.2, 9.7], method=modified_z)",
        "out = stats.outliers([9.8, 10.1, 10.0, 9.9, 10.3, 14.2, 9.7], names=[a, b, c, d, e, f, g])",
    ),
    terms=("outliers", "IQR rule", "Tukey fences", "z-score outliers", "boxplot rule"),
)
def outliers(
    x: Annotated[Sample, Param("measurements", min_length=3)],
    method: Annotated[
        Method, Param("iqr (Tukey's fences), z_score (mean and sd) or modified_z (median and MAD)")
    ] = "iqr",
    limit: Annotated[
        float | None,
        Param("multiple of the IQR, or z score; 1.5, 3 and 3.5 are the defaults", gt=0, le=8),
    ] = None,
    names: Annotated[
        Labels | None, Param("column that names the rows, as a part or a site")
    ] = None,
) -> Result:
    """Find and count the outliers of a column by fences or z scores.

    iqr: beyond q1 - 1.5 IQR or q3 + 1.5 IQR; z_score: more than 3 standard deviations from the
    mean; modified_z: 0.6745 |x - median| / MAD above 3.5.
    """
    sample, said = clean(x, 3)
    low, high = _fences(sample, method, limit or DEFAULT_LIMIT[method])
    # a value on a fence is inside: compare with the rounding of the fence itself left aside
    scale = 1e-9 * max(1.0, float(np.max(np.abs(sample.values))))
    at = [i for i, v in enumerate(x.values) if v < low - scale or v > high + scale]
    found = [float(x.values[i]) for i in at]
    values: dict[str, Any] = {"count": len(at), "outliers": found, "positions": [i + 1 for i in at]}
    values |= {"lower_limit": low, "upper_limit": high, "n": len(sample)}
    values |= {"count_low": sum(v < low for v in found), "count_high": sum(v > high for v in found)}
    if at:
        said.append(
            "An outlier is a question, not an error: look for its cause before removing it."
        )
    if low == high:
        said.append(
            "The spread of the middle of the data is zero, so that every other value stands out."
        )
    conclusion = "{count} of {n} values lie outside {lower_limit} to {upper_limit}."
    heads: tuple[str, ...] = ("row", "value")
    rows: list[list[Any]] = [[i + 1, v] for i, v in zip(at, found, strict=True)]
    if names is not None:
        if len(names) != len(x):
            raise InputError(f"'{names.name}' has {len(names)} rows, '{x.name}' has {len(x)}")
        values["named"] = [names.items[i] or "" for i in at]
        heads, rows = (
            (*heads, names.name),
            [[*row, name] for row, name in zip(rows, values["named"], strict=True)],
        )
        shown = ", ".join(f"{{named[{k}]}}" for k in range(min(len(at), MOST_NAMED)))
        conclusion += (
            f" They belong to {names.name} {shown}"
            + (f" and {len(at) - MOST_NAMED} more." if len(at) > MOST_NAMED else ".")
            if at
            else ""
        )
    data = {"values": sample.values.tolist(), "low": low, "high": high, "label": x.name}
    return Result(
        values,
        conclusion,
        (table_of("outliers", heads, rows),),
        (Figure("box_plot", f"Outliers of {x.name}", data),),
        warnings=tuple(said),
    )


def _verify_grubbs(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    sums = PowerSums.of(arguments["x"])
    n, values = sums.n, arguments["x"].present().exact
    mean = sums.s1 / n
    worst = {
        "two-sided": max(values, key=lambda v: abs(v - mean)),
        "less": min(values),
        "greater": max(values),
    }[arguments["alternative"]]
    g = precise.mpf(abs(worst - mean)) / precise.ctx.sqrt(sums.variance)
    sides = 2 if arguments["alternative"] == "two-sided" else 1
    t2 = precise.mpf(n * (n - 2)) * g**2 / ((n - 1) ** 2 - n * g**2)
    tail = 1 - precise.t_cdf(precise.ctx.sqrt(t2), n - 2) if t2 > 0 else precise.mpf(0)
    t = precise.t_quantile(1 - precise.mpf(arguments["alpha"]) / (sides * n), n - 2)
    critical = (n - 1) / precise.sqrt(n) / precise.ctx.sqrt(1 + (n - 2) / t**2)
    return {
        "statistic": g,
        "p_value": min(precise.mpf(1), sides * n * tail),
        "critical": critical,
        "outlier": worst,
        "position": arguments["x"].values.tolist().index(float(worst)) + 1,
        "n": n,
    }


@operation(
    "stats.grubbs",
    outputs={
        "statistic": "Grubbs' G",
        "p_value": "p value",
        "significant": "whether the value is an outlier at alpha",
        "critical": "critical value of G",
        "outlier": "the most extreme value",
        "position": "its row, counted from 1",
        "n": "number of values",
    },
    reference="Grubbs (1969), Technometrics 11; NIST/SEMATECH e-Handbook 1.3.5.17.1",
    verifier=_verify_grubbs,
    examples=(
        "test = stats.grubbs([199.31, 199.53, 200.19, 200.82, 201.92, 201.95, 202.18, 245.57])",
    ),
    terms=("Grubbs test", "test for one outlier", "maximum normed residual test"),
)
def grubbs(
    x: Annotated[Sample, Param("measurements", min_length=3)],
    alternative: Annotated[
        Literal["two-sided", "less", "greater"], Param("outlier on either side, low or high")
    ] = "two-sided",
    alpha: Alpha = 0.05,
) -> Result:
    """Test whether the most extreme value of a normal sample is an outlier (Grubbs).

    G = |value - mean| / s; p by the t distribution with n - 2 degrees of freedom (Bonferroni
    bound).
    """
    sample, said = clean(x, 3)
    checks.must_vary(sample)
    m = moments(sample)
    n, exact = m.n, sample.exact
    pick = {
        "two-sided": lambda: max(exact, key=lambda v: abs(v - m.mean)),
        "less": lambda: min(exact),
    }
    worst = pick.get(alternative, lambda: max(exact))()
    g = float(abs(worst - m.mean)) / m.sd
    sides = 2 if alternative == "two-sided" else 1
    rest = (n - 1) ** 2 - n * g * g
    # rest is 0 when all other values are equal: then G is at its largest and p is 0
    t = math.sqrt(n * (n - 2) * g * g / rest) if rest > 1e-12 * n * n else math.inf
    p = min(1.0, sides * n * float(stats.t.sf(t, n - 2)))
    quantile = float(stats.t.isf(alpha / (sides * n), n - 2))
    critical = (n - 1) / math.sqrt(n) * math.sqrt(quantile**2 / (n - 2 + quantile**2))
    values: dict[str, Any] = {"statistic": g, "p_value": p, "significant": p < alpha}
    values |= {"critical": critical, "outlier": worst, "n": n}
    values["position"] = x.values.tolist().index(float(worst)) + 1
    others = np.delete(sample.values, sample.values.tolist().index(float(worst)))
    assumed = (checks.normality(others, "the other values"), checks.independence())
    said += ["Grubbs' test looks for one outlier; several can hide one another."] if n > 6 else []
    verdict = "is an outlier" if p < alpha else "is not shown to be an outlier"
    columns = ("outlier", "position", "statistic", "critical", "p_value")
    return Result(
        values,
        f"The value {{outlier}} (row {{position}}) {verdict}: G = {{statistic}}, p = {{p_value}}.",
        (table_of("Grubbs test", columns, [[values[c] for c in columns]]),),
        (Figure("dot_plot", x.name, {"values": sample.values.tolist(), "marked": float(worst)}),),
        assumed,
        tuple(said + checks.failed(assumed)),
    )


# Dean and Dixon (1951), Analytical Chemistry 23; Rorabacher (1991), Analytical Chemistry 63, table 1:
# two-sided critical values of r10 = gap / range.
DIXON = {
    0.1: (0.941, 0.765, 0.642, 0.560, 0.507, 0.468, 0.437, 0.412),
    0.05: (0.970, 0.829, 0.710, 0.625, 0.568, 0.526, 0.493, 0.466),
    0.01: (0.994, 0.926, 0.821, 0.740, 0.680, 0.634, 0.598, 0.568),
}


def _verify_dixon(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    values = arguments["x"].present().exact
    low, high = min(values), max(values)
    inner_low = min((v for i, v in enumerate(values) if i != values.index(low)), default=low)
    inner_high = max((v for i, v in enumerate(values) if i != values.index(high)), default=high)
    lower, upper = inner_low - low, high - inner_high
    n = len(values)
    return {
        "statistic": max(lower, upper) / (high - low),
        "critical": DIXON[arguments["alpha"]][n - 3],
        "outlier": high if upper >= lower else low,
        "n": n,
    }


@operation(
    "stats.dixon",
    outputs={
        "statistic": "Dixon's Q: gap over range",
        "critical": "critical value of Q (two-sided)",
        "significant": "whether the value is an outlier",
        "outlier": "the suspected value",
        "n": "number of values",
    },
    reference="Rorabacher (1991), Analytical Chemistry 63, 139-146",
    verifier=_verify_dixon,
    examples=(
        "test = stats.dixon([0.189, 0.167, 0.187, 0.183, 0.186, 0.182, 0.181, 0.184, 0.181, 0.177])",
    ),
    terms=("Dixon Q test", "Q test for a suspect value"),
)
def dixon(
    x: Annotated[Sample, Param("3 to 10 measurements", min_length=3)],
    alpha: Annotated[float, Param("significance level: 0.1, 0.05 or 0.01", fraction=True)] = 0.05,
) -> Result:
    """Test a suspect value of a small sample by its gap (Dixon's Q, 3 to 10 values)."""
    sample, said = clean(x, 3)
    checks.must_vary(sample)
    ordered = sorted(sample.exact)
    n = len(ordered)
    if n > 10:
        raise InputError(f"Dixon's Q takes 3 to 10 values, not {n}; use stats.grubbs")
    lower, upper = ordered[1] - ordered[0], ordered[-1] - ordered[-2]
    q = max(lower, upper) / (ordered[-1] - ordered[0])
    if alpha not in DIXON:
        raise InputError(f"Dixon's table has the levels 0.1, 0.05 and 0.01, not {alpha:g}")
    critical = DIXON[alpha][n - 3]
    values: dict[str, Any] = {"statistic": q, "critical": critical, "significant": q > critical}
    values |= {"outlier": ordered[-1] if upper >= lower else ordered[0], "n": n}
    verdict = "is an outlier" if q > critical else "is not shown to be an outlier"
    columns = ("outlier", "statistic", "critical")
    return Result(
        values,
        f"The value {{outlier}} {verdict}: Q = {{statistic}} against {{critical}}.",
        (table_of("Dixon test", columns, [[float(values[c]) for c in columns]]),),
        (Figure("dot_plot", x.name, {"values": sample.values.tolist()}),),
        (checks.normality(sample.values, f"'{x.name}'"), checks.independence()),
        tuple(said),
    )
