"""Tails of counts in 40 digits, for verifiers: binomial and Poisson.

Where the count spreads over few values the definition is summed, from the tail's largest term outward until
a term no longer counts. Where it spreads over many, the tail is the integral of a beta or a gamma density
(Abramowitz and Stegun 1972, 26.5.24 and 26.4.21), which takes the same time for any count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from havoc.tools.stats import precise
from havoc.tools.stats.precise import ctx, mpf

WIDE = 300  # standard deviations above which sums give way to integrals
NEGLIGIBLE = ctx.mpf(10) ** -34
EQUAL = 1 + ctx.mpf(10) ** -7  # counts as likely as the one seen, to a float's error


@dataclass(frozen=True)
class Count:
    """A count with one mode: its probabilities, and P(X <= k) by an integral."""

    pmf: Callable[[int], Any]
    rise: Callable[[int], Any]  # pmf(k + 1) / pmf(k)
    integral: Callable[[int], Any]
    mode: int
    sd: float
    last: int | None = None  # the greatest count that can be

    def at_most(self, k: int) -> Any:
        if k < 0:
            return mpf(0)
        if self.last is not None and k >= self.last:
            return mpf(1)
        if self.sd > WIDE:
            return self.integral(k)
        return self._down(k) if k <= self.mode else 1 - self._up(k + 1)

    def at_least(self, k: int) -> Any:
        if k <= 0:
            return mpf(1)
        if self.last is not None and k > self.last:
            return mpf(0)
        if self.sd > WIDE:
            return 1 - self.integral(k - 1)
        return self._up(k) if k > self.mode else 1 - self._down(k - 1)

    def no_likelier(self, seen: int) -> Any:
        """The probability of all counts no more likely than ``seen``: the exact two-sided p value."""
        bound = self.pmf(seen) * EQUAL
        if self.pmf(self.mode) <= bound:
            return mpf(1)
        # Below the mode probabilities rise: the last one within the bound.
        low, high = -1, self.mode
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.pmf(middle) <= bound else (low, middle)
        below, low = low, self.mode
        high = self.mode + 1
        while self.pmf(high) > bound:
            low, high = high, self.mode + 2 * (high - self.mode)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.pmf(middle) <= bound else (middle, high)
        return self.at_most(below) + self.at_least(high)

    def _up(self, k: int) -> Any:
        return outward(self.pmf, self.rise, k, k, self.last)

    def _down(self, k: int) -> Any:
        return outward(self.pmf, self.rise, k, 0, k)


def outward(
    pmf: Callable[[int], Any], rise: Callable[[int], Any], top: int, first: int, last: int | None
) -> Any:
    """The probability of ``first`` to ``last``, summed from its largest term ``top`` until terms no longer count.

    ``rise`` gives pmf(k + 1) / pmf(k); ``last`` is None where the count has no end.
    """
    start = summed = pmf(top)
    k, term = top, start
    while term > summed * NEGLIGIBLE and k != last:
        term *= rise(k)
        summed, k = summed + term, k + 1
    k, term = top, start
    while term > summed * NEGLIGIBLE and k > first:
        k -= 1
        term /= rise(k)
        summed += term
    return summed


def poisson(mean: Fraction | float | Any) -> Count:
    """Poisson of a mean above 0."""
    m = mpf(mean)
    log = ctx.log(m)
    return Count(
        lambda k: ctx.exp(k * log - m - ctx.loggamma(k + 1)),
        lambda k: m / (k + 1),
        lambda k: 1 - precise.gamma_cdf(m, k + 1),
        int(m),
        float(ctx.sqrt(m)),
    )


def binomial(n: int, chance: Fraction | float | Any) -> Count:
    """Binomial of ``n`` trials, ``chance`` strictly between 0 and 1."""
    q = mpf(chance)
    odds, log, log1m, whole = q / (1 - q), ctx.log(q), ctx.log1p(-q), ctx.loggamma(n + 1)

    def pmf(k: int) -> Any:
        if k > n:
            return mpf(0)
        ways = whole - ctx.loggamma(k + 1) - ctx.loggamma(n - k + 1)
        return ctx.exp(ways + k * log + (n - k) * log1m)

    return Count(
        pmf,
        lambda k: odds * (n - k) / (k + 1),
        lambda k: precise.beta_cdf(1 - q, n - k, k + 1),
        min(n, int((n + 1) * q)),
        float(ctx.sqrt(n * q * (1 - q))),
        n,
    )
