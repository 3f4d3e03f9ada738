"""Distributions of several comparisons by our own quadrature: the second route beside scipy's.

References
----------
Dunnett (1955), A multiple comparison procedure for comparing several treatments with a control;
Miller (1981), Simultaneous Statistical Inference, chapter 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import gammaln, ndtr

from havoc.tools.values import FloatArray

NODES, WEIGHTS = np.polynomial.legendre.leggauss(240)


def _on(low: float, high: float) -> tuple[FloatArray, FloatArray]:
    half = (high - low) / 2
    return np.asarray(half * NODES + (low + high) / 2), np.asarray(half * WEIGHTS)


def _scale_density(df: float) -> tuple[FloatArray, FloatArray]:
    """Nodes s and weights times the density of s = sqrt(chi2/df)."""
    spread = 1 / math.sqrt(2 * df)
    s, w = _on(max(1e-9, 1 - 14 * spread), 1 + 14 * spread + 6 / df)
    log_density = (
        math.log(2) + df / 2 * math.log(df / 2) - gammaln(df / 2) + (df - 1) * np.log(s)
    ) - df * s**2 / 2
    return s, w * np.exp(log_density)


def _over_scale(inner: Callable[[float], float], df: float) -> float:
    s, w = _scale_density(df)
    keep = w > 1e-18
    return float(sum(wi * inner(si) for si, wi in zip(s[keep], w[keep], strict=True)))


def studentized_range_upper(q: float, k: int, df: float) -> float:
    """P(Q > q) for the range of k normal means."""
    z, w = _on(-9.0, 9.0)
    density = k * w * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)

    def inner(s: float) -> float:
        return float((density * (ndtr(z) - ndtr(z - q * s)) ** (k - 1)).sum())

    return 1 - _over_scale(inner, df)


def dunnett_upper(t: float, weights: Sequence[float], df: float, two_sided: bool = True) -> float:
    """P(max |T_i| > t), or P(max T_i > t), with correlations b_i b_j; ``weights`` are the b_i."""
    z, w = _on(-9.0, 9.0)
    density = w * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)

    def inner(s: float) -> float:
        product = density.copy()
        for b in weights:
            spread = math.sqrt(1 - b * b)
            upper = ndtr((t * s + b * z) / spread)
            product *= upper - ndtr((-t * s + b * z) / spread) if two_sided else upper
        return float(product.sum())

    return 1 - _over_scale(inner, df)


def solve_upper(upper: Callable[[float], float], alpha: float, start: float) -> float:
    """The value whose upper tail is ``alpha``."""
    from scipy.optimize import brentq

    low, high = start / 2, start * 2
    while upper(high) > alpha:
        high *= 1.5
    while upper(low) < alpha:
        low /= 1.5
    return float(brentq(lambda v: upper(v) - alpha, low, high, xtol=1e-10, rtol=1e-11))
