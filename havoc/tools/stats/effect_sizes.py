"""Confidence intervals of effect sizes, by turning noncentral distributions round.

A standardised difference is a multiple of the noncentrality of its t, and eta squared a function of that
of its F. The limits of the noncentrality are the values at which the statistic found lies just at an end
of its distribution (Steiger and Fouladi 1997; Smithson 2003). The operations use scipy's distributions;
the audit inverts its own: an integral over the standard deviation for t, the Poisson mixture of beta
distributions for F.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy import optimize, special, stats

from havoc.tools.operation import Recomputed
from havoc.tools.values import FloatArray

FURTHEST = 1e4  # noncentralities beyond are not looked for: such a difference needs no interval
NEGLIGIBLE = 1e-30  # a t so small has the limits of 0 to all digits
TOLERANCE = 1e-6  # between two double-precision routes to a root
D_OUTPUTS = {
    "effect_size_low": "lower limit of Cohen's d (noncentral t; two-sided, equal variances)",
    "effect_size_high": "upper limit of Cohen's d (noncentral t; two-sided, equal variances)",
}
ETA_OUTPUTS = {
    "eta2_low": "lower limit of eta squared in the population (noncentral F), of each term where several",
    "eta2_high": "upper limit of eta squared in the population, of each term where several",
    "eta2_confidence": "confidence level of these limits, 1 - 2 alpha: the lower one is 0 where p is above alpha",
}
Tail = Callable[[float], float]  # probability of the upper tail against the noncentrality


def _root(tail: Tail, wanted: float, low: float, high: float) -> float | None:
    """Where the rising ``tail`` reaches ``wanted``; None where it does not within reach."""
    if not (tail(low) <= wanted <= tail(high)):
        return None
    try:
        root = optimize.brentq(lambda nc: tail(nc) - wanted, low, high, xtol=1e-12, rtol=1e-14)
    except ValueError:  # the distribution came out as NaN on the way
        return None
    return float(root)


def _t_limits(t: float, df: float, level: float, upper: Callable[..., float]) -> Any:
    """Limits of the noncentrality of ``t``; ``upper(t, df, nc)`` is P(T' > t). None where not found."""
    if not abs(t) < FURTHEST:
        return None
    if t < 0:  # scipy's distribution has gaps there; the mirrored one has none
        mirrored = _t_limits(-t, df, level, upper)
        return None if mirrored is None else [-mirrored[1], -mirrored[0]]
    if t < NEGLIGIBLE:  # scipy's series does not converge there
        t = 0.0
    # P(T' > t) = a/2 at the lower limit and 1 - a/2 at the upper one; spread of T' about its nc
    reach = 40 * math.sqrt(1 + t * t / (2 * df)) + 10
    ends = [
        _root(lambda nc: upper(t, df, nc), p, t - reach, t + reach)
        for p in ((1 - level) / 2, (1 + level) / 2)
    ]
    return None if None in ends else ends


def _nct_upper(t: float, df: float, nc: float) -> float:
    return float(stats.nct.sf(t, df, nc))


def _nct_upper_again(t: float, df: float, nc: float) -> float:
    """P(T' > t) = E[Phi(nc - t s)] over s = chi / sqrt(df), by Gauss and Legendre in pieces.

    The pieces meet where the normal's step is, at s = nc / t.
    """
    root = math.sqrt(df)
    low, high = max(0.0, 1 - 9 / root), 1 + 9 / root
    cuts = [low, high]
    if t:
        cuts += [min(max((nc + k) / t, low), high) for k in (-9.0, 0.0, 9.0)]
    edges = sorted(set(cuts))
    total = 0.0
    for a, b in itertools.pairwise(edges):
        s = a + (b - a) * (_NODES + 1) / 2
        log = (
            math.log(2)
            + df / 2 * math.log(df / 2)
            - special.gammaln(df / 2)
            + (df - 1) * np.log(s)
            - df * s * s / 2
        )
        total += float((b - a) / 2 * (_WEIGHTS @ (np.exp(log) * special.ndtr(nc - t * s))))
    return total


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(200)


def d_interval(d: float, unit: float, df: float, level: float) -> dict[str, float]:
    """Limits of a standardised difference.

    Parameters
    ----------
    d : Cohen's d. unit : standard error of d under no difference, so that t = d / unit
    (1/sqrt(n) of one sample or pairs, sqrt(1/n1 + 1/n2) of two). df : degrees of freedom of the
    standard deviation in d. level : confidence level, two-sided.

    Returns
    -------
    ``effect_size_low`` and ``effect_size_high``; nothing where |t| is beyond ``FURTHEST``.
    """
    return _scaled(_t_limits(d / unit, df, level, _nct_upper), unit)


def d_interval_again(d: float, unit: float, df: float, level: float) -> dict[str, Any]:
    """The same from the integral, for the audit."""
    found = _scaled(_t_limits(float(d) / float(unit), float(df), level, _nct_upper_again), unit)
    return {k: Recomputed(v, TOLERANCE) for k, v in found.items()}


def _scaled(limits: Any, unit: float) -> dict[str, float]:
    if limits is None:
        return {}
    return {k: limits[i] * float(unit) for i, k in enumerate(D_OUTPUTS)}


def _f_limits(f: float, df1: int, df2: int, level: float, upper: Callable[..., float]) -> Any:
    """Limits of the noncentrality of ``f``: 0 where even no effect gives so large an F often enough."""
    if not 0 <= f * df1 < FURTHEST:
        return None
    high = 4 * (f * df1 + 10 * math.sqrt(f * df1 + df1) * (1 + f) + 200)
    ends = []
    for p in ((1 - level) / 2, (1 + level) / 2):
        found = (
            0.0
            if upper(f, df1, df2, 0.0) >= p
            else _root(lambda nc: upper(f, df1, df2, nc), p, 0.0, high)
        )
        ends.append(found)
    return None if None in ends else ends


def _ncf_upper(f: float, df1: int, df2: int, nc: float) -> float:
    return float(stats.ncf.sf(f, df1, df2, nc) if nc else stats.f.sf(f, df1, df2))


def _ncf_upper_again(f: float, df1: int, df2: int, nc: float) -> float:
    """Poisson(nc/2) mixture of beta tails."""
    middle, spread = nc / 2, 12 * math.sqrt(nc / 2 + 1) + 30
    j: FloatArray = np.arange(max(0.0, math.floor(middle - spread)), math.ceil(middle + spread) + 1)
    weights = np.exp(special.xlogy(j, middle) - middle - special.gammaln(j + 1))
    y = df2 / (df2 + df1 * f)
    return float(weights @ special.betainc(df2 / 2, df1 / 2 + j, y))


def eta2_interval(f: float, df1: int, df2: int, alpha: float) -> tuple[float, float] | None:
    """Limits of eta squared in the population: nc / (nc + N) with N = df1 + df2 + 1 (Steiger 2004).

    The level is 1 - 2 alpha, so that the lower limit is above 0 just where the test is significant.
    """
    return _as_share(f, df1, df2, alpha, _ncf_upper)


def eta2_interval_again(f: float, df1: int, df2: int, alpha: float) -> tuple[float, float] | None:
    return _as_share(f, df1, df2, alpha, _ncf_upper_again)


def _as_share(
    f: float, df1: int, df2: int, alpha: float, upper: Callable[..., float]
) -> tuple[float, float] | None:
    if not 0 < alpha < 0.5:
        return None
    limits = _f_limits(f, df1, df2, 1 - 2 * alpha, upper)
    if limits is None:
        return None
    n = df1 + df2 + 1
    low, high = (nc / (nc + n) for nc in limits)
    return low, high


def eta2_values(
    f: Any, df: Any, df2: int, alpha: float, find: Callable[..., Any] = eta2_interval
) -> dict[str, Any]:
    """``eta2_low``, ``eta2_high`` and their level for one F, or lists for the Fs of several terms."""
    many = isinstance(f, list)
    found = [
        find(value, k, df2, alpha) if value is not None and k and df2 else None
        for value, k in zip(f if many else [f], df, strict=True)
    ]
    if all(v is None for v in found):
        return {}
    low, high = ([None if v is None else v[i] for v in found] for i in (0, 1))
    ends: Mapping[str, Any] = {"eta2_low": low, "eta2_high": high}
    return {
        **{k: v if many else v[0] for k, v in ends.items()},
        "eta2_confidence": 1 - 2 * alpha,
    }
