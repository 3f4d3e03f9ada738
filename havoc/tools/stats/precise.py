"""Distribution functions in 40 digits, for verifiers: not the library the operations use.

Every function takes and gives numbers of ``ctx``, an mpmath context of our own, so that nobody
else's precision changes under us.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from mpmath.calculus.quadrature import GaussLegendre
from mpmath.ctx_mp import MPContext

ctx = MPContext()
ctx.dps = 40
Mp = Any  # an mpf of ctx; mpmath has no types
LARGE = 5000  # parameters from which a gamma or beta density is integrated


def mpf(x: Fraction | float | int) -> Mp:
    """An exact number of ``ctx`` (a Fraction is divided in 40 digits)."""
    return ctx.mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else ctx.mpf(x)


def sqrt(x: Fraction | float | int) -> Mp:
    return ctx.sqrt(mpf(x) if isinstance(x, Fraction) else x)


def normal_cdf(z: Mp) -> Mp:
    return ctx.erfc(-mpf(z) / ctx.sqrt(2)) / 2


def t_cdf(t: Mp, df: Mp) -> Mp:
    """Student's t by the regularised incomplete beta function."""
    t, df = mpf(t), mpf(df)
    tail = beta_cdf(df / (df + t * t), df / 2, ctx.mpf(1) / 2) / 2
    return tail if t < 0 else 1 - tail


def chi2_cdf(x: Mp, df: Mp) -> Mp:
    return gamma_cdf(mpf(x) / 2, mpf(df) / 2)


def f_cdf(x: Mp, df1: Mp, df2: Mp) -> Mp:
    x, df1, df2 = mpf(x), mpf(df1), mpf(df2)
    return beta_cdf(df1 * x / (df1 * x + df2), df1 / 2, df2 / 2) if x > 0 else ctx.mpf(0)


def gamma_cdf(x: Mp, shape: Mp) -> Mp:
    """Gamma of scale 1."""
    x = mpf(x)
    if shape > LARGE:
        a = mpf(shape)
        return _peaked_cdf(
            lambda t: (a - 1) * ctx.log(t) - t - ctx.loggamma(a), x, a - 1, ctx.sqrt(a), ctx.inf
        )
    return ctx.gammainc(mpf(shape), 0, x, regularized=True) if x > 0 else ctx.mpf(0)


def beta_cdf(x: Mp, a: Mp, b: Mp) -> Mp:
    """The regularised incomplete beta function by its continued fraction (DLMF 8.17.22)."""
    x, a, b = mpf(x), mpf(a), mpf(b)
    if x <= 0:
        return ctx.mpf(0)
    if x >= 1:
        return ctx.mpf(1)
    if min(a, b) > LARGE:
        mode, total = (a - 1) / (a + b - 2), a + b
        front = ctx.loggamma(total) - ctx.loggamma(a) - ctx.loggamma(b)
        return _peaked_cdf(
            lambda t: front + (a - 1) * ctx.log(t) + (b - 1) * ctx.log1p(-t),
            x, mode, ctx.sqrt(a * b / total) / total, ctx.mpf(1),
        )  # fmt: skip
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_cdf(1 - x, b, a)
    front = ctx.exp(
        a * ctx.log(x) + b * ctx.log1p(-x) - ctx.loggamma(a) - ctx.loggamma(b) + ctx.loggamma(a + b)
    )
    return front / a * _beta_fraction(x, a, b)


@lru_cache(maxsize=1)
def _legendre() -> list[tuple[Mp, Mp]]:
    """24 points on -1..1 and their weights."""
    return list(GaussLegendre(ctx).calc_nodes(4, ctx.prec))


def _peaked_cdf(log_density: Callable[[Mp], Mp], x: Mp, mode: Mp, sd: Mp, end: Mp) -> Mp:
    """Integral of a density on 0..``end`` up to ``x``, where it is close to a normal one.

    Gauss-Legendre of 24 points on pieces of two standard deviations, from ``x`` away from the mode, as
    far as the density counts: as many pieces for any size of the parameters.
    """
    step = -2 * sd if x <= mode else 2 * sd
    tail, a = ctx.mpf(0), x
    for _ in range(400):
        b = min(max(a + step, ctx.mpf(0)), end)
        middle, half = (a + b) / 2, abs(b - a) / 2
        inside = ((middle + half * t, w) for t, w in _legendre())
        piece = half * ctx.fsum(w * ctx.exp(log_density(t)) for t, w in inside if 0 < t < end)
        tail, a = tail + piece, b
        if b in (0, end) or piece <= tail * ctx.eps:
            break
    return tail if x <= mode else 1 - tail


def _beta_fraction(x: Mp, a: Mp, b: Mp) -> Mp:
    """The continued fraction by Lentz's method."""
    tiny = ctx.mpf(10) ** -300
    c, d = ctx.mpf(1), 1 - (a + b) * x / (a + 1)
    d = 1 / (d if d else tiny)
    h = d
    for m in range(1, 20_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / ((1 + term * d) or tiny)
            c = (1 + term / c) or tiny
            h *= c * d
        if abs(c * d - 1) < ctx.eps * 16:
            return h
    raise ArithmeticError("the incomplete beta function did not converge")


def quantile(cdf: Callable[[Mp], Mp], p: Mp, low: float = -1.0, high: float = 1.0) -> Mp:
    """Invert ``cdf`` by bracketing and the Illinois method, to about 25 digits.

    ``low`` and ``high`` are a first bracket; it grows where it does not hold the root. A ``low`` of
    0 is taken as the end of the support.
    """
    p = mpf(p)
    a, b = mpf(low), mpf(high)
    while cdf(a) > p:
        a, b = a - 2 * (b - a), a
    while cdf(b) < p:
        a, b = b, b + 2 * (b - a)
    fa, fb = cdf(a) - p, cdf(b) - p
    for step in range(400):
        if fa == 0 or fb == 0:
            return a if fa == 0 else b
        middle = (a + b) / 2 if step % 3 == 0 else b - fb * (b - a) / (fb - fa)
        fm = cdf(middle) - p
        if fm * fb < 0:
            a, fa = b, fb
        else:
            fa /= 2
        b, fb = middle, fm
        if abs(b - a) <= abs(b) * ctx.mpf(10) ** -20 or abs(fb) <= p * ctx.mpf(10) ** -25:
            return b
    return b


def normal_quantile(p: Mp) -> Mp:
    return ctx.sqrt(2) * ctx.erfinv(2 * mpf(p) - 1)


@lru_cache(maxsize=1024)
def t_quantile(p: Mp, df: Mp) -> Mp:
    return quantile(lambda t: t_cdf(t, df), p)


@lru_cache(maxsize=1024)
def chi2_quantile(p: Mp, df: Mp) -> Mp:
    return quantile(lambda x: chi2_cdf(x, df), p, 0.0, 1.0)


@lru_cache(maxsize=1024)
def f_quantile(p: Mp, df1: Mp, df2: Mp) -> Mp:
    return quantile(lambda x: f_cdf(x, df1, df2), p, 0.0, 1.0)


def p_value(statistic: Mp, cdf: Callable[[Mp], Mp], alternative: str) -> Mp:
    """p of a statistic whose distribution is symmetric about 0."""
    if alternative == "less":
        return cdf(statistic)
    if alternative == "greater":
        return cdf(-statistic)
    return 2 * cdf(-abs(statistic))
