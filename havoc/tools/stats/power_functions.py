"""The power of a test by its size: once by scipy, and once (``*_again``) from the definition."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import integrate, special, stats

from havoc.errors import InputError
from havoc.tools.stats import precise

LARGEST = 10_000_000


TOO_MANY = f"more than {LARGEST} observations would be needed: the effect is too small to be shown"


def smallest(
    power: Callable[[int], Any],
    target: float,
    least: int,
    most: int = LARGEST,
    too_many: str = TOO_MANY,
) -> int:
    """The smallest n of at least ``least`` whose power reaches ``target`` (power grows with n).

    Raises
    ------
    InputError
        ``too_many``, where more than about ``most`` are needed.
    """
    if power(least) >= target:
        return least
    low, high = least, 2 * least
    while power(high) < target:
        low, high = high, 2 * high
        if high > most:
            raise InputError(too_many)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= target else (middle, high)
    return high


def confirmed(power: Callable[[int], Any], target: float, least: int, claimed: Any) -> int:
    """``claimed`` if it is the smallest n by ``power``, else the one found by search."""
    if (
        isinstance(claimed, int)
        and claimed >= least
        and power(claimed) >= target > (0.0 if claimed == least else power(claimed - 1))
    ):
        return claimed
    return smallest(power, target, least)


def t_power(shift: float, df: float, alpha: float, two_sided: bool) -> float:
    """Power of a t test with noncentrality ``shift`` (its sign does not matter)."""
    critical = float(stats.t.isf(alpha / 2 if two_sided else alpha, df))
    power = float(stats.nct.sf(critical, df, abs(shift)))
    # the lower tail as the upper one of -t: scipy's nct.cdf is NaN there for few degrees of freedom
    return power + (float(stats.nct.sf(critical, df, -abs(shift))) if two_sided else 0.0)


def t_power_again(shift: float, df: float, alpha: float, two_sided: bool) -> float:
    """E[Phi(shift - c U)] over U = sqrt(chi-square / df): t written as a normal over a chi."""
    critical = float(stats.t.isf(alpha / 2 if two_sided else alpha, df))
    delta = abs(shift)
    log_constant = math.log(2) + df / 2 * math.log(df / 2) - math.lgamma(df / 2)

    def integrand(u: float) -> float:
        if u <= 0:
            return 0.0
        density = math.exp(log_constant + (df - 1) * math.log(u) - df * u * u / 2)
        reject = special.ndtr(delta - critical * u) + (
            special.ndtr(-delta - critical * u) if two_sided else 0.0
        )
        return density * float(reject)

    width = 12 / math.sqrt(2 * df)
    low, high = max(0.0, 1 - width), 1 + width + 8 / df
    crossing = min(max(delta / critical, low), high)
    points = sorted({low, crossing, min(max(1.0, low), high), high})
    pieces = (
        integrate.quad(integrand, a, b, epsabs=1e-13, epsrel=1e-12, limit=200)[0]
        for a, b in pairwise(points)
    )
    return float(sum(pieces))


def f_power(noncentrality: float, df1: float, df2: float, alpha: float) -> float:
    return float(stats.ncf.sf(stats.f.isf(alpha, df1, df2), df1, df2, noncentrality))


def f_power_again(noncentrality: float, df1: float, df2: float, alpha: float) -> float:
    """A Poisson mixture of beta distributions."""
    f = float(stats.f.isf(alpha, df1, df2))
    share = df2 / (df2 + df1 * f)
    return _mixed(noncentrality / 2, lambda j: special.betainc(df2 / 2, df1 / 2 + j, share))


def chi2_power(noncentrality: float, df: float, alpha: float) -> float:
    return float(stats.ncx2.sf(stats.chi2.isf(alpha, df), df, noncentrality))


def chi2_power_again(noncentrality: float, df: float, alpha: float) -> float:
    """A Poisson mixture of central chi-squares."""
    x = float(stats.chi2.isf(alpha, df))
    return _mixed(noncentrality / 2, lambda j: special.gammaincc(df / 2 + j, x / 2))


def _mixed(mean: float, power: Callable[[Any], Any]) -> float:
    """The mean of ``power`` over Poisson counts; it rises with the count."""
    spread = 12 * math.sqrt(mean) + 60
    first = max(0, int(mean - spread))
    if power(np.float64(first)) == 1.0:  # and so for every count that matters, however many
        return 1.0
    j = np.arange(first, int(mean + spread) + 1)
    weights = np.exp(special.xlogy(j, mean) - mean - special.gammaln(j + 1))
    return float(np.sum(weights * power(j)))


def correlation_power(r: float, n: int, alpha: float, two_sided: bool) -> float:
    """Fisher's z with its bias, against the critical r of t (Cohen 1988, p. 546; R pwr)."""
    t = float(stats.t.isf(alpha / 2 if two_sided else alpha, n - 2))
    critical = math.atanh(math.sqrt(t * t / (t * t + n - 2)))
    z, root = math.atanh(abs(r)) + abs(r) / (2 * (n - 1)), math.sqrt(n - 3)
    power = float(special.ndtr((z - critical) * root))
    return power + (float(special.ndtr((-z - critical) * root)) if two_sided else 0.0)


def correlation_power_again(r: float, n: int, alpha: float, two_sided: bool) -> Any:
    """In 40 digits; atanh of the critical r is asinh of t / sqrt(n - 2)."""
    c = precise.ctx
    tail = precise.mpf(alpha) / (2 if two_sided else 1)
    critical = c.asinh(precise.t_quantile(1 - tail, n - 2) / c.sqrt(n - 2))
    rho = abs(precise.mpf(r))
    z = c.log((1 + rho) / (1 - rho)) / 2 + rho / (2 * (n - 1))
    power = precise.normal_cdf((z - critical) * c.sqrt(n - 3))
    return power + (precise.normal_cdf((-z - critical) * c.sqrt(n - 3)) if two_sided else 0)


def two_proportions_power(
    n1: float, n2: float, p1: float, p2: float, alpha: float, two_sided: bool, method: str
) -> float:
    """Normal with the pooled variance under the null (Fleiss 1981), or Cohen's arcsine."""
    z = float(special.ndtri(1 - (alpha / 2 if two_sided else alpha)))
    if method == "arcsine":
        shift = abs(2 * math.asin(math.sqrt(p1)) - 2 * math.asin(math.sqrt(p2))) * math.sqrt(
            n1 * n2 / (n1 + n2)
        )
        return float(special.ndtr(shift - z) + (special.ndtr(-shift - z) if two_sided else 0.0))
    pooled = (n1 * p1 + n2 * p2) / (n1 + n2)
    null = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    spread = math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    d = abs(p1 - p2)
    return float(
        special.ndtr((d - z * null) / spread)
        + (special.ndtr((-d - z * null) / spread) if two_sided else 0.0)
    )


def two_proportions_power_again(
    n1: int, n2: int, p1: float, p2: float, alpha: float, two_sided: bool, method: str
) -> Any:
    """In 40 digits, by variances multiplied out."""
    c, mpf = precise.ctx, precise.mpf
    z = precise.normal_quantile(1 - mpf(alpha) / (2 if two_sided else 1))
    a, b = mpf(p1), mpf(p2)
    if method == "arcsine":
        # the angle between (sqrt p, sqrt(1 - p)) unit vectors
        cosine = c.sqrt(a * b) + c.sqrt((1 - a) * (1 - b))
        shift = 2 * c.acos(min(cosine, mpf(1))) / c.sqrt(mpf(1) / n1 + mpf(1) / n2)
        return precise.normal_cdf(shift - z) + (precise.normal_cdf(-shift - z) if two_sided else 0)
    x, total = n1 * a + n2 * b, n1 + n2
    null = c.sqrt(x * (total - x) / (mpf(n1) * n2 * total))
    spread = c.sqrt((n2 * a * (1 - a) + n1 * b * (1 - b)) / (mpf(n1) * n2))
    d = abs(a - b)
    return precise.normal_cdf((d - z * null) / spread) + (
        precise.normal_cdf((-d - z * null) / spread) if two_sided else 0
    )


def one_proportion_power(n: float, p0: float, p1: float, alpha: float, two_sided: bool) -> float:
    """Normal approximation."""
    z = float(special.ndtri(1 - (alpha / 2 if two_sided else alpha)))
    null, spread, d = math.sqrt(p0 * (1 - p0) / n), math.sqrt(p1 * (1 - p1) / n), abs(p1 - p0)
    return float(
        special.ndtr((d - z * null) / spread)
        + (special.ndtr((-d - z * null) / spread) if two_sided else 0.0)
    )


def one_proportion_power_again(n: int, p0: float, p1: float, alpha: float, two_sided: bool) -> Any:
    """In 40 digits, multiplied by sqrt(n)."""
    c, mpf = precise.ctx, precise.mpf
    z = precise.normal_quantile(1 - mpf(alpha) / (2 if two_sided else 1))
    a, b = mpf(p0), mpf(p1)
    d, null, spread = c.sqrt(n) * abs(a - b), c.sqrt(a - a * a), c.sqrt(b - b * b)
    return precise.normal_cdf((d - z * null) / spread) + (
        precise.normal_cdf((-d - z * null) / spread) if two_sided else 0
    )
