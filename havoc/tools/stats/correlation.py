"""Correlation of two columns."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from scipy import stats

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Figure, Result, table_of
from havoc.tools.stats import checks, precise
from havoc.tools.stats.samples import integers, moments, paired
from havoc.tools.values import Sample


def covariance(x: Sample, y: Sample) -> Fraction:
    """Exact, with divisor n - 1."""
    (a, da), (b, db) = integers(x), integers(y)
    n, sa, sb = len(a), sum(a), sum(b)
    cross = sum((n * u - sa) * (n * v - sb) for u, v in zip(a, b, strict=True))
    return Fraction(cross, n * n * da * db * (n - 1))


def mid_ranks(x: Sample) -> Sample:
    """Ranks from 1, ties share their mean rank."""
    least = min(x.exact)
    return Sample.of(
        [float(r) for r in stats.rankdata([float(v - least) for v in x.exact])],
        f"rank of {x.name}",
    )


def product_moment(x: Sample, y: Sample) -> float:
    product = moments(x).variance * moments(y).variance
    c = covariance(x, y)
    # r^2 is exact; only its root is rounded
    return math.copysign(math.sqrt(c * c / product), c)


def _standard_error(r: Any, n: int, method: str) -> Any:
    """Of atanh(r): Fisher; Bonett and Wright (2000), Spearman; Fieller et al. (1957), Kendall."""
    if method == "pearson":
        return 1 / math.sqrt(n - 3)
    if method == "spearman":
        return ((1 + r * r / 2) / (n - 3)) ** 0.5
    return math.sqrt(0.437 / (n - 4))


def _inversion_counts(n: int) -> list[int]:
    """How many permutations of n have 0, 1, 2 ... discordant pairs."""
    row = [1]
    for m in range(2, n + 1):
        row = [sum(row[max(0, k - m + 1) : k + 1]) for k in range(len(row) + m - 1)]
    return row


def _places(exact: Sequence[Fraction]) -> np.ndarray:
    """Place of each value among the different ones."""
    place = {v: i for i, v in enumerate(sorted(set(exact)))}
    return np.array([place[v] for v in exact], dtype=np.int64)


def _kendall_again(x: Sample, y: Sample) -> tuple[Any, Any]:
    """tau-b by counting pairs; p exact without ties to n = 33, else tie-corrected normal."""
    n, a, b = len(x), x.exact, y.exact
    places_a, places_b = _places(a), _places(b)
    s = sum(
        int(np.sign(places_a[i] - places_a[:i]) @ np.sign(places_b[i] - places_b[:i]))
        for i in range(1, n)
    )
    pairs = n * (n - 1) // 2
    ta, tb = list(Counter(a).values()), list(Counter(b).values())
    tied_a, tied_b = (sum(t * (t - 1) // 2 for t in ts) for ts in (ta, tb))
    tau = s / precise.ctx.sqrt((pairs - tied_a) * (pairs - tied_b))
    if (
        not tied_a
        and not tied_b
        and (n <= 33 or min((pairs - s) // 2, pairs - (pairs - s) // 2) <= 1)
    ):
        counts = _inversion_counts(n)
        tail = min((pairs - s) // 2, (pairs + s) // 2)
        return tau, min(Fraction(1), Fraction(2 * sum(counts[: tail + 1]), math.factorial(n)))
    v0 = Fraction(n * (n - 1) * (2 * n + 5))
    va, vb = (sum(t * (t - 1) * (2 * t + 5) for t in ts) for ts in (ta, tb))
    v1 = Fraction(sum(t * (t - 1) for t in ta) * sum(t * (t - 1) for t in tb), 2 * n * (n - 1))
    triples = [sum(t * (t - 1) * (t - 2) for t in ts) for ts in (ta, tb)]
    v2 = Fraction(triples[0] * triples[1], 9 * n * (n - 1) * (n - 2))
    z = abs(s) / precise.sqrt((v0 - va - vb) / 18 + v1 + v2)
    return tau, 2 * precise.normal_cdf(-z)


def _about_the_means(x: Sample, y: Sample) -> Fraction:
    """Sum of products of deviations, from raw sums of integers."""
    (a, da), (b, db) = integers(x), integers(y)
    n = len(a)
    raw = n * sum(u * v for u, v in zip(a, b, strict=True)) - sum(a) * sum(b)
    return Fraction(raw, n * da * db)


def _verify(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    x, y, _ = paired(arguments["x"], arguments["y"], 3)
    n, method, c = len(x), arguments["method"], precise.ctx
    again: dict[str, Any] = {"n": n}
    if method == "kendall":
        r, p = _kendall_again(x, y)
        again |= {"correlation": r, "p_value": p}
    else:
        a, b = (x, y) if method == "pearson" else (mid_ranks(x), mid_ranks(y))
        sxx, syy, sxy = (_about_the_means(*pair) for pair in ((a, a), (b, b), (a, b)))
        r = precise.mpf(sxy) / c.sqrt(precise.mpf(sxx) * precise.mpf(syy))
        # p from the beta distribution of r^2 (Fisher 1915), not from t
        p = 1 - precise.beta_cdf(r * r, c.mpf(1) / 2, c.mpf(n - 2) / 2)
        unexplained = 1 - precise.mpf(sxy**2 / (sxx * syy))
        t = r * c.sqrt((n - 2) / unexplained) if unexplained else None
        again |= {"correlation": r, "p_value": p, "statistic": t, "df": n - 2, "r_squared": r * r}
        if method == "pearson":
            again["covariance"] = sxy / (n - 1)
    if result.values.get("ci_low") is None:
        return again
    half = precise.normal_quantile(
        (1 + precise.mpf(arguments["confidence"])) / 2
    ) * _standard_error(r, n, method)
    low, high = (c.log((1 + r) / (1 - r)) / 2 + sign * half for sign in (-1, 1))
    bounds = [(c.exp(2 * z) - 1) / (c.exp(2 * z) + 1) for z in (low, high)]
    return again | {"ci_low": bounds[0], "ci_high": bounds[1]}


_STRENGTHS = ("negligible", "weak", "moderate", "strong")  # Cohen (1988): 0.1, 0.3, 0.5


@operation(
    "stats.correlation",
    outputs={
        "correlation": "Pearson's r, Spearman's rho or Kendall's tau-b",
        "p_value": "p value of no association",
        "significant": "whether p is below alpha",
        "statistic": "t of the correlation (Pearson, Spearman)",
        "df": "degrees of freedom",
        "r_squared": "square of the correlation",
        "covariance": "covariance (Pearson)",
        "ci_low": "lower confidence limit",
        "ci_high": "upper confidence limit",
        "n": "number of pairs",
    },
    reference="Fisher (1915), Biometrika 10; Bonett and Wright (2000), Psychometrika 65; "
    "Kendall (1970), Rank Correlation Methods",
    verifier=_verify,
    examples=(
        "r = stats.correlation([10, 20, 30, 40, 50, 60], [2.3, 3.9, 6.2, 7.8, 10.1, 11.5])",
        "rho = stats.correlation([1, 2, 3, 4, 5, 6, 7], [2, 1, 4, 3, 7, 5, 6], method=spearman)",
        "tau = stats.correlation([1, 2, 3, 4, 5, 6, 7], [2, 1, 4, 3, 7, 5, 6], method=kendall)",
    ),
    terms=(
        "correlation coefficient",
        "Pearson",
        "Spearman rank correlation",
        "Kendall tau",
        "association of two measurements",
    ),
)
def correlation(
    x: Annotated[Sample, Param("first column", min_length=3)],
    y: Annotated[Sample, Param("second column", min_length=3)],
    method: Annotated[
        Literal["pearson", "spearman", "kendall"],
        Param("pearson (linear), spearman or kendall (ranks)"),
    ] = "pearson",
    confidence: Annotated[
        float, Param("confidence level of the interval", gt=0, lt=1, fraction=True)
    ] = 0.95,
    alpha: Annotated[float, Param("significance level", gt=0, lt=1, fraction=True)] = 0.05,
) -> Result:
    """Measure the association of two columns, with its p value and confidence interval.

    Intervals by Fisher's z. Spearman's p by t with n - 2 degrees of freedom; Kendall's exact for
    small samples without ties.
    """
    first, second, said = paired(x, y, 3)
    for s in (first, second):
        checks.must_vary(s)
    n = len(first)
    values: dict[str, Any] = {"n": n}
    if method == "kendall":
        test = stats.kendalltau(
            [float(v) for v in mid_ranks(first).values], mid_ranks(second).values
        )
        r, p = float(test.statistic), float(test.pvalue)
    else:
        a, b = (first, second) if method == "pearson" else (mid_ranks(first), mid_ranks(second))
        r = product_moment(a, b)
        t = r * math.sqrt((n - 2) / (1 - r * r)) if abs(r) < 1 else None
        p = 0.0 if t is None else float(2 * stats.t.sf(abs(t), n - 2))
        values |= {"statistic": t, "df": n - 2, "r_squared": r * r}
        if method == "pearson":
            values["covariance"] = covariance(first, second)
    values |= {
        "correlation": r,
        "p_value": p,
        "significant": p < alpha,
        "ci_low": None,
        "ci_high": None,
    }
    if abs(r) < 1 - 1e-12 and n > (4 if method == "kendall" else 3):
        half = float(stats.norm.ppf((1 + confidence) / 2)) * _standard_error(r, n, method)
        values |= {
            "ci_low": math.tanh(math.atanh(r) - half),
            "ci_high": math.tanh(math.atanh(r) + half),
        }
    else:
        said.append(
            "The confidence interval is not computable for so few pairs or a perfect correlation."
        )
    if not math.isfinite(r):
        raise InputError("the correlation is not defined for these columns")
    assumed = [checks.independence("pairs must be independent; series in time order are often not")]
    if method == "pearson":
        assumed += [checks.normality(s.values, f"'{s.name}'") for s in (first, second)]
        assumed.append(Assumption("a straight-line relation", None, "look at the scatter plot"))
        said += checks.failed(assumed)
    size = _STRENGTHS[sum(abs(r) >= bound for bound in (0.1, 0.3, 0.5))]
    sign = "" if size == "negligible" else " positive" if r > 0 else " negative"
    relation = f"{size}{sign}{' linear' if method == 'pearson' else ''} correlation"
    verdict = f"a {relation} that is {'' if p < alpha else 'not '}significant"
    figure = Figure(
        "scatter",
        f"{y.name} against {x.name}",
        {"x": first.values.tolist(), "y": second.values.tolist(), "labels": [x.name, y.name]},
    )
    columns = [
        k
        for k in ("n", "correlation", "statistic", "df", "p_value", "ci_low", "ci_high")
        if k in values
    ]
    return Result(
        values,
        f"{x.name} and {y.name} have {verdict}: {method} correlation {{correlation}}, "
        "p = {p_value}.",
        (table_of("correlation", columns, [[values[c] for c in columns]]),),
        (figure,),
        tuple(assumed),
        tuple(said),
    )
