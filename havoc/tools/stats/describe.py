"""Summaries of one column."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, Literal

import numpy as np
from scipy import stats

from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.stats import precise
from havoc.tools.stats.averages import OUTPUTS, averages, averages_again
from havoc.tools.stats.samples import PowerSums, clean, integers, moments
from havoc.tools.values import Sample


def quantile_of(ordered: Sequence[Fraction], p: Fraction, method: str) -> Fraction:
    """At (n - 1)p + 1 (inclusive) or (n + 1)p (exclusive): Hyndman and Fan types 7 and 6."""
    n = len(ordered)
    position = (n - 1) * p if method == "inclusive" else (n + 1) * p - 1
    position = min(max(position, Fraction(0)), Fraction(n - 1))
    i = math.floor(position)
    if i == n - 1:
        return ordered[i]
    return ordered[i] + (position - i) * (ordered[i + 1] - ordered[i])


def of_deviations(scaled: Sequence[int]) -> dict[str, Any]:
    """What rests on the deviations from the mean, exactly, of whole numbers in the order given.

    The lag-1 autocorrelation as NIST StRD defines it (none without spread), and how many values lie within one standard
    deviation (divisor n - 1) of the mean, the limits included.
    """
    n, total = len(scaled), sum(scaled)
    deviations = [n * v - total for v in scaled]
    ss = sum(d * d for d in deviations)
    return {
        "autocorrelation": Fraction(sum(a * b for a, b in pairwise(deviations)), ss)
        if ss
        else None,
        "within_sd": sum(d * d * (n - 1) <= ss for d in deviations),
    }


def adjusted_shape(n: int, g1: float | None, g2: float | None) -> tuple[float | None, float | None]:
    """G1 and G2 from g1 and g2 (Joanes and Gill 1998)."""
    skewness = math.sqrt(n * (n - 1)) / (n - 2) * g1 if g1 is not None and n > 2 else None
    kurtosis = (
        (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6) if g2 is not None and n > 3 else None
    )
    return skewness, kurtosis


def histogram(sample: Sample, title: str) -> Figure:
    x = sample.values
    bins = min(40, max(5, len(np.histogram_bin_edges(x, "auto")) - 1)) if np.ptp(x) else 1
    counts, edges = np.histogram(x, bins)
    return Figure(
        "histogram",
        title,
        {"counts": counts.tolist(), "edges": edges.tolist(), "label": sample.name},
    )


def _verify(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    x: Sample = arguments["x"].present()
    sums, floats = PowerSums.of(x), x.values
    n = sums.n
    exact = x.exact
    # numpy interpolates offsets from the smallest value: nothing is lost to a large mean
    least = min(exact)
    offsets = np.array([float(v - least) for v in exact])
    method: Any = "linear" if arguments["quartiles"] == "inclusive" else "weibull"
    q1, median, q3 = np.quantile(offsets, [0.25, 0.5, 0.75], method=method)
    again: dict[str, Any] = {
        "n": n,
        "missing": arguments["x"].n_missing,
        "sum": sums.s1,
        "mean": sums.mean,
        "median": float(median) + least,
        "q1": float(q1) + least,
        "q3": float(q3) + least,
        "iqr": q3 - q1,
        "min": float(np.min(floats)),
        "max": float(np.max(floats)),
        "range": max(exact) - min(exact),
    }
    if n == 1:
        return again
    variance = sums.variance
    sd = precise.ctx.sqrt(variance)
    half = (
        precise.t_quantile((1 + precise.mpf(arguments["confidence"])) / 2, n - 1)
        * sd
        / precise.sqrt(n)
    )
    population = precise.mpf(sums.ss / n)
    pairs = sum(a * b for a, b in pairwise(exact))
    mean = sums.s1 / n
    lagged = pairs - mean * (2 * sums.s1 - exact[0] - exact[-1]) + (n - 1) * mean**2
    again |= {
        "variance": variance,
        "sd": sd,
        "sd_population": precise.ctx.sqrt(population),
        "within_sd": sum((v - mean) ** 2 * (n - 1) <= sums.ss for v in exact),
        "se_mean": sd / precise.sqrt(n),
        "ci_low": sums.mean - half,
        "ci_high": sums.mean + half,
        "cv": sd / abs(sums.mean) if sums.s1 else None,
        **averages_again(x, arguments["trim"]),
    }
    if sums.ss:
        again |= {
            "skewness": stats.skew(offsets, bias=False) if n > 2 else None,
            "kurtosis": stats.kurtosis(offsets, bias=False) if n > 3 else None,
            "skewness_population": sums.m3 / population**1.5,
            "kurtosis_population": sums.m4 / population**2 - 3,
            "autocorrelation": precise.mpf(lagged / sums.ss),
        }
    return again


@operation(
    "stats.describe",
    outputs={
        "n": "number of values",
        "missing": "missing values left out",
        "mean": "arithmetic mean",
        "sd": "standard deviation with divisor n - 1",
        "variance": "variance with divisor n - 1",
        "sd_population": "standard deviation with divisor n",
        "within_sd": "values within one standard deviation (divisor n - 1) of the mean",
        "se_mean": "standard error of the mean",
        "ci_low": "lower confidence limit of the mean",
        "ci_high": "upper confidence limit of the mean",
        "median": "median",
        "q1": "first quartile",
        "q3": "third quartile",
        "iqr": "interquartile range",
        "min": "smallest value",
        "max": "largest value",
        "range": "largest minus smallest",
        "sum": "sum",
        "cv": "coefficient of variation: sd over the size of the mean",
        "skewness": "adjusted skewness G1 (as Minitab, Excel, pandas)",
        "kurtosis": "adjusted excess kurtosis G2 (as Minitab, Excel, pandas)",
        "skewness_population": "skewness g1 = m3 / m2^1.5",
        "kurtosis_population": "excess kurtosis g2 = m4 / m2^2 - 3",
        "autocorrelation": "lag-1 autocorrelation in the order given",
        "shape": "symmetric where the skewness g1 lies within 0.5 of 0, else skewed_right or skewed_left",
        **OUTPUTS,
    },
    reference="NIST/SEMATECH e-Handbook 1.3.5; Bulmer (1979), Principles of Statistics; "
    "Joanes and Gill (1998), The Statistician 47; "
    "Hyndman and Fan (1996)",
    verifier=_verify,
    examples=(
        "summary = stats.describe([502, 498, 505, 499, 503, 507, 501, 504, 500, 506])",
        "summary = stats.describe([2.3, 3.9, 6.2, 7.8, 10.1], quartiles=exclusive, "
        "confidence=0.99)",
        "summary = stats.describe([12, 15, 15, 11, 14, 60, 13, 15, 12, 14], trim=10%)",
    ),
    terms=(
        "descriptive statistics",
        "summary statistics",
        "mean and standard deviation",
        "median and quartiles",
        "confidence interval of the mean",
    ),
)
def describe(
    x: Annotated[Sample, Param("the column or list of numbers", min_length=1)],
    confidence: Annotated[
        float, Param("confidence level of the interval of the mean", gt=0, lt=1, fraction=True)
    ] = 0.95,
    quartiles: Annotated[
        Literal["inclusive", "exclusive"],
        Param("quartile rule: inclusive (Excel, R, numpy) or exclusive (Minitab, JMP)"),
    ] = "inclusive",
    trim: Annotated[
        float,
        Param("share left out at each end for the trimmed mean", ge=0, lt=0.5, fraction=True),
    ] = 0.05,
) -> Result:
    """Summarise a column: centre, spread, quartiles, shape and the confidence interval of its mean.

    Moments are computed in exact arithmetic from the decimals as written, then rounded once.
    Missing values are left out and counted. The interval is mean ± t(n - 1) s / sqrt(n).
    """
    sample, said = clean(x)
    n, m = len(sample), moments(sample)
    ordered = sorted(sample.exact)
    q1, median, q3 = (quantile_of(ordered, Fraction(k, 4), quartiles) for k in (1, 2, 3))
    values: dict[str, Any] = {"n": n, "missing": x.n_missing, "mean": m.mean, "sum": m.mean * n}
    values |= {"median": median, "q1": q1, "q3": q3, "iqr": q3 - q1}
    values |= {"min": ordered[0], "max": ordered[-1], "range": ordered[-1] - ordered[0]}
    if n == 1:
        values |= dict.fromkeys(("sd", "variance", "se_mean", "ci_low", "ci_high"))
        said.append("One value has no spread: standard deviation and interval are not computable.")
        return Result(values, "One value: {mean}.", (_table(values),), warnings=tuple(said))
    half = float(stats.t.ppf((1 + confidence) / 2, n - 1)) * m.sd / math.sqrt(n)
    scaled, scale = integers(sample)
    deviations = of_deviations(scaled)
    g1 = float(m.m3) / float(m.m2) ** 1.5 if m.m2 else None
    g2 = float(m.m4 / m.m2**2 - 3) if m.m2 else None
    skewness, kurtosis = adjusted_shape(n, g1, g2)
    values |= {"sd": m.sd, "variance": m.variance, "sd_population": math.sqrt(m.m2)}
    values["within_sd"] = deviations["within_sd"]
    values |= {
        "se_mean": m.sd / math.sqrt(n),
        "ci_low": float(m.mean) - half,
        "ci_high": float(m.mean) + half,
    }
    values |= {
        "cv": m.sd / abs(float(m.mean)) if m.mean else None,
        "skewness": skewness,
        "kurtosis": kurtosis,
    }
    values |= {
        "skewness_population": g1,
        "kurtosis_population": g2,
        "autocorrelation": deviations["autocorrelation"],
        **averages(sample, scaled, scale, trim),
    }
    if not m.m2:
        said.append(
            "All values are equal: skewness, kurtosis and autocorrelation are not computable."
        )
    shape = ""
    if g1 is not None:
        values["shape"] = (
            "symmetric" if abs(g1) < 0.5 else f"skewed_{'right' if g1 > 0 else 'left'}"
        )
        shape = (
            f"The distribution is {_SHAPES[values['shape']]} (skewness {{skewness_population}}). "
        )
    return Result(
        values,
        "Mean {mean} with standard deviation {sd} over {n} values; the median is {median}. "
        f"{shape}The confidence interval of the mean runs from {{ci_low}} to {{ci_high}}.",
        (_table(values),),
        (histogram(sample, f"Histogram of {x.name}"),),
        warnings=tuple(said),
    )


_SHAPES = {
    "symmetric": "about symmetric, as a normal distribution is",
    "skewed_right": "skewed to the right",
    "skewed_left": "skewed to the left",
}


def _table(values: Mapping[str, Any]) -> Any:
    return table_of(
        "summary", ("statistic", "value"), [(k, v) for k, v in values.items() if v is not None]
    )
