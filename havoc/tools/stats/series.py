"""Percentiles of a column, correlation matrices, autocorrelation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, Literal

import numpy as np
from scipy import stats

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.stats import checks, precise
from havoc.tools.stats.correlation import covariance, mid_ranks
from havoc.tools.stats.describe import quantile_of
from havoc.tools.stats.samples import PowerSums, clean, integers, moments
from havoc.tools.values import Sample, complete_cases


def _verify_percentile(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    exact = arguments["x"].present().exact
    least = min(exact)
    offsets = np.array([float(v - least) for v in exact])
    method: Any = "linear" if arguments["quartiles"] == "inclusive" else "weibull"
    again = np.quantile(offsets, arguments["p"], method=method)
    return {"quantiles": [float(q) + least for q in again], "n": len(exact)}


@operation(
    "stats.percentile",
    outputs={"quantiles": "the percentiles in the order asked", "n": "number of values"},
    reference="Hyndman and Fan (1996), The American Statistician 50, types 7 and 6",
    verifier=_verify_percentile,
    examples=("q = stats.percentile([12, 15, 11, 19, 14, 17, 16], p=[0.1, 0.9])",),
    terms=("percentile of data", "quantiles of a column", "90th percentile"),
)
def percentile(
    x: Annotated[Sample, Param("measurements", min_length=1)],
    p: Annotated[
        tuple[float, ...],
        Param("fractions below the wanted values", ge=0, le=1, fraction=True, min_length=1),
    ],
    quartiles: Annotated[
        Literal["inclusive", "exclusive"],
        Param("rule: inclusive (Excel, R, numpy) or exclusive (Minitab)"),
    ] = "inclusive",
) -> Result:
    """Percentiles of a column of data, interpolated."""
    sample, said = clean(x, 1)
    ordered = sorted(sample.exact)
    found = [quantile_of(ordered, Fraction(repr(v)), quartiles) for v in p]
    rows = [[100 * v, float(q)] for v, q in zip(p, found, strict=True)]
    if len(p) > 1:
        conclusion = "The percentiles run from {quantiles[0]} to " + f"{{quantiles[{len(p) - 1}]}}."
    else:
        conclusion = "The percentile asked for is {quantiles[0]}, of {n} values."
    table = table_of("percentiles", ("percent", "value"), rows)
    return Result(
        {"quantiles": found, "n": len(sample)}, conclusion, (table,), warnings=tuple(said)
    )


def _with(x: tuple[Sample, ...], y: Sample | None) -> tuple[Sample, ...]:
    """The columns, with y among them once."""
    if y is None:
        return x
    return x if any(c.name == y.name for c in x) else (*x, y)


def _columns(x: tuple[Sample, ...]) -> tuple[list[Sample], int]:
    if len(x) < 2:
        raise InputError("at least 2 columns of numbers are needed")
    kept, dropped = complete_cases(*x)
    columns = [c for c in kept if isinstance(c, Sample)]
    if len(columns[0]) < 3:
        raise InputError("at least 3 rows without missing values are needed")
    for c in columns:
        checks.must_vary(c)
    return columns, dropped


def _offsets(x: Sample) -> list[float]:
    """Offsets from the exact mean."""
    mean = moments(x).mean
    return [float(v - mean) for v in x.exact]


def _covariances(columns: list[Sample]) -> list[list[Fraction]]:
    """Exact, each pair once."""
    found = {
        (i, j): covariance(a, b)
        for i, a in enumerate(columns)
        for j, b in enumerate(columns)
        if j <= i
    }
    k = range(len(columns))
    return [[found[max(i, j), min(i, j)] for j in k] for i in k]


def _verify_matrix(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    columns, _ = _columns(_with(arguments["x"], arguments["y"]))
    n = len(columns[0])
    used = columns if arguments["method"] == "pearson" else [mid_ranks(c) for c in columns]
    variances = [PowerSums.of(c).variance for c in used]
    shared = _covariances(used)
    r = [
        [
            precise.mpf(1)
            if i == j
            else precise.mpf(shared[i][j]) / precise.ctx.sqrt(variances[i] * variances[j])
            for j in range(len(used))
        ]
        for i in range(len(used))
    ]
    half, rest = precise.mpf(0.5), precise.mpf(n - 2) / 2
    p = [
        [
            precise.mpf(0) if i == j else 1 - precise.beta_cdf(v * v, half, rest)
            for j, v in enumerate(row)
        ]
        for i, row in enumerate(r)
    ]
    pairs = [(abs(r[i][j]), r[i][j]) for i in range(len(r)) for j in range(i)]
    found = {
        "correlation": r,
        "p_values": p,
        "covariance": shared if used is columns else _covariances(columns),
        "strongest": max(pairs)[1],
        "n": n,
    }
    if arguments["y"] is not None:
        place = [c.name for c in columns].index(arguments["y"].name)
        row = [v for j, v in enumerate(r[place]) if j != place]
        found["strongest_with_y"] = max(row, key=abs)
    return found


@operation(
    "stats.correlation_matrix",
    outputs={
        "correlation": "correlation of each pair, row by row",
        "p_values": "p value of each pair, row by row (0 on the diagonal)",
        "covariance": "covariance of each pair, row by row",
        "strongest": "the correlation of largest size",
        "strongest_pair": "the columns it belongs to",
        "strongest_with_y": "the correlation of largest size that y has",
        "y_goes_with": "the column it is with",
        "direction": "its sign: positive or negative",
        "n": "number of complete rows",
    },
    reference="Johnson and Wichern (2007), Applied Multivariate Statistical Analysis, section 1.3",
    verifier=_verify_matrix,
    examples=(
        "m = stats.correlation_matrix([[1, 2, 3, 4, 5], [2, 4, 5, 4, 6], [9, 7, 6, 7, 3]])",
        "m = stats.correlation_matrix([[1, 2, 3, 4, 5], [9, 7, 6, 7, 3]], y=[2, 4, 5, 4, 6])",
    ),
    terms=("correlation matrix", "covariance matrix", "which variables are most correlated"),
    tolerance=1e-8,
)
def correlation_matrix(
    x: Annotated[tuple[Sample, ...], Param("columns, or a table", min_length=2)],
    method: Annotated[
        Literal["pearson", "spearman"], Param("pearson or spearman (ranks)")
    ] = "pearson",
    y: Annotated[
        Sample | None, Param("the column of interest: which other one goes with it most strongly")
    ] = None,
) -> Result:
    """Correlations and covariances between all pairs of columns, over the complete rows."""
    columns, dropped = _columns(_with(x, y))
    used = columns if method == "pearson" else [mid_ranks(c) for c in columns]
    n, k = len(used[0]), len(used)
    # offsets from the exact mean, so that nothing is lost to large values
    centred = np.array([_offsets(c) for c in used])
    scaled = centred / np.sqrt((centred**2).sum(axis=1, keepdims=True))
    r = np.clip(scaled @ scaled.T, -1, 1)
    np.fill_diagonal(r, 1.0)
    with np.errstate(divide="ignore"):
        t = np.abs(r) * np.sqrt((n - 2) / (1 - r**2))
    p = 2 * stats.t.sf(t, n - 2)
    raw = centred if method == "pearson" else np.array([_offsets(c) for c in columns])
    names = [c.name for c in columns]
    pairs = [(abs(float(r[i, j])), i, j) for i in range(k) for j in range(i)]
    _, i, j = max(pairs)
    values: dict[str, Any] = {"correlation": r, "p_values": p, "covariance": raw @ raw.T / (n - 1)}
    values |= {"strongest": r[i, j], "strongest_pair": [names[j], names[i]], "n": n}
    said = [f"{dropped} rows with missing values were left out."] if dropped else []
    if k > 3:
        said.append(f"Among {k * (k - 1) // 2} pairs some look correlated by chance alone.")
    rows = [[name, *row] for name, row in zip(names, r.tolist(), strict=True)]
    tables = [table_of("correlations", ("", *names), rows)]
    conclusion = "The strongest correlation is {strongest}, between {strongest_pair[0]} and {strongest_pair[1]}."
    if y is not None:
        place = names.index(y.name)
        order = sorted((j for j in range(k) if j != place), key=lambda j: (-abs(r[place, j]), j))
        first = r[place, order[0]]
        values |= {"strongest_with_y": first, "y_goes_with": names[order[0]]}
        values["direction"] = "negative" if first < 0 else "positive"
        conclusion = (
            f"With {y.name}, {{y_goes_with}} has the strongest correlation: {{strongest_with_y}}, {{direction}}. "
            + conclusion
        )
        ranked = [[names[j], float(r[place, j]), float(p[place, j])] for j in order]
        tables.insert(
            0, table_of(f"correlations with {y.name}", ("column", "correlation", "p value"), ranked)
        )
    return Result(
        values,
        conclusion,
        tuple(tables),
        (Figure("heatmap", "Correlations", {"names": names, "matrix": r.tolist()}),),
        (checks.independence("rows must be independent of each other"),),
        tuple(said),
    )


def _verify_autocorrelation(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    from statsmodels.stats.diagnostic import acorr_ljungbox
    from statsmodels.tsa.stattools import acf

    exact = arguments["x"].exact
    least = min(exact)
    offsets = np.array([float(v - least) for v in exact])
    lags = min(arguments["lags"], len(exact) - 1)
    test = acorr_ljungbox(offsets, lags=[lags])
    gaps = np.diff(offsets)
    centred = offsets - offsets.mean()
    return {
        "autocorrelation": acf(offsets, nlags=lags, fft=False)[1:].tolist(),
        "limit": precise.normal_quantile(precise.mpf(0.975)) / precise.sqrt(len(exact)),
        "ljung_box": float(test["lb_stat"].iloc[0]),
        "p_value": float(test["lb_pvalue"].iloc[0]),
        "von_neumann": float(gaps @ gaps / (centred @ centred)),
        "n": len(exact),
    }


@operation(
    "stats.autocorrelation",
    outputs={
        "autocorrelation": "autocorrelation at lag 1, 2, 3 ...",
        "limit": "values beyond plus or minus this are unusual (95%)",
        "ljung_box": "Ljung-Box Q over all lags",
        "p_value": "its p value",
        "significant": "whether p is below alpha",
        "von_neumann": "von Neumann ratio: squared successive differences over squared deviations",
        "n": "number of values",
    },
    reference="Box, Jenkins, Reinsel and Ljung (2015), Time Series Analysis, 5th ed., sections 2.1 and 8.2",
    verifier=_verify_autocorrelation,
    examples=("acf = stats.autocorrelation([5, 7, 6, 8, 9, 7, 10, 11, 9, 12, 13, 11], lags=4)",),
    terms=("autocorrelation", "ACF", "Ljung-Box test", "are successive values independent"),
    tolerance=1e-8,
)
def autocorrelation(
    x: Annotated[Sample, Param("measurements in time order", min_length=5)],
    lags: Annotated[int, Param("number of lags", ge=1, le=100)] = 10,
    alpha: Annotated[float, Param("significance level", gt=0, lt=1, fraction=True)] = 0.05,
) -> Result:
    """Autocorrelation of a series at each lag, with the Ljung-Box test of independence."""
    if x.n_missing:
        raise InputError(f"'{x.name}' has missing values: a series needs every value in its place")
    checks.must_vary(x)
    scaled, _ = integers(x)
    n, total = len(scaled), sum(scaled)
    lags = min(lags, n - 1)
    d = [n * v - total for v in scaled]
    ss = sum(v * v for v in d)
    r = [
        float(Fraction(sum(a * b for a, b in zip(d, d[k:], strict=False)), ss))
        for k in range(1, lags + 1)
    ]
    q = n * (n + 2) * math.fsum(v * v / (n - k) for k, v in enumerate(r, 1))
    p = float(stats.chi2.sf(q, lags))
    steps = sum((b - a) ** 2 for a, b in pairwise(d))
    limit = float(stats.norm.ppf(0.975)) / math.sqrt(n)
    values: dict[str, Any] = {"autocorrelation": r, "limit": limit, "ljung_box": q, "p_value": p}
    values |= {"significant": p < alpha, "von_neumann": Fraction(steps, ss), "n": n}
    said = []
    if p < alpha:
        said.append(
            "Successive values are not independent: limits and tests that assume it are too narrow."
        )
    verdict = "are autocorrelated" if p < alpha else "show no evidence of autocorrelation"
    rows = [[k, v] for k, v in enumerate(r, 1)]
    data = {"lag": list(range(1, lags + 1)), "autocorrelation": r, "limit": limit}
    return Result(
        values,
        f"The values {verdict}: lag 1 {{autocorrelation[0]}}, Ljung-Box {{ljung_box}}, p = {{p_value}}.",
        (table_of("autocorrelation", ("lag", "autocorrelation"), rows),),
        (Figure("autocorrelation", f"Autocorrelation of {x.name}", data),),
        warnings=tuple(said),
    )
