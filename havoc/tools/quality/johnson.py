"""Johnson's system of distributions, fitted by four percentiles (Slifker and Shapiro 1980).

The spacing z of the percentiles is chosen so that the transformed readings are most nearly normal
(Anderson-Darling), after Chou, Polansky and Mason (1998).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from scipy import special, stats

from havoc.errors import InputError
from havoc.tools.values import FloatArray

GRID = tuple(round(0.25 + 0.01 * k, 2) for k in range(101))


@dataclass(frozen=True)
class Johnson:
    """``kind`` SB (bounded) or SU (unbounded); z = gamma + delta f((x - xi)/scale)."""

    kind: str
    gamma: float
    delta: float
    xi: float
    scale: float
    z: float
    anderson_darling: float = math.inf

    def transform(self, x: Any) -> FloatArray:
        u = (np.asarray(x, dtype=float) - self.xi) / self.scale
        if self.kind == "SU":
            return np.asarray(self.gamma + self.delta * np.arcsinh(u))
        return np.asarray(self.gamma + self.delta * np.log(u / (1 - u)))

    def holds(self, x: Any) -> bool:
        """Whether every value is inside the range of the distribution."""
        if self.kind == "SU":
            return True
        return bool(np.all((np.asarray(x) > self.xi) & (np.asarray(x) < self.xi + self.scale)))


def _at(y: FloatArray, z: float) -> Johnson | None:
    """The member of the system with these percentiles, None where there is none."""
    q = np.quantile(y, special.ndtr(np.array([-3 * z, -z, z, 3 * z])), method="hazen")
    n, p, m = (float(v) for v in np.diff(q))
    if min(n, p, m) <= 0:
        return None
    a, b, middle = m / p, n / p, float(q[1] + q[2]) / 2
    ratio = a * b
    if ratio > 1.0001:
        delta = 2 * z / math.acosh((a + b) / 2)
        root = math.sqrt(ratio - 1)
        gamma = delta * math.asinh((b - a) / (2 * root))
        scale = 2 * p * root / ((a + b - 2) * math.sqrt(a + b + 2))
        xi = middle + p * (b - a) / (2 * (a + b - 2))
        return Johnson("SU", gamma, delta, xi, scale, z)
    if ratio < 0.9999:
        product = (1 + 1 / a) * (1 + 1 / b)
        rest = 1 / ratio - 1
        delta = z / math.acosh(math.sqrt(product) / 2)
        gamma = delta * math.asinh((1 / b - 1 / a) * math.sqrt(product - 4) / (2 * rest))
        scale = p * math.sqrt((product - 2) ** 2 - 4) / rest
        xi = middle - scale / 2 + p * (1 / b - 1 / a) / (2 * rest)
        return Johnson("SB", gamma, delta, xi, scale, z)
    return None


def _anderson_darling(v: FloatArray) -> float:
    """Statistic for normality with estimated mean and standard deviation."""
    s = np.sort((v - v.mean()) / v.std(ddof=1))
    n = len(s)
    i = np.arange(1, n + 1)
    return float(-n - np.sum((2 * i - 1) * (special.log_ndtr(s) + special.log_ndtr(-s[::-1]))) / n)


def fit_johnson(y: FloatArray) -> Johnson:
    """The member most nearly normal after transformation.

    Raises
    ------
    InputError
        No member of the system has the percentiles of these data.
    """
    best: Johnson | None = None
    for z in GRID:
        found = _at(y, z)
        if found is None or not math.isfinite(found.scale) or not found.holds(y):
            continue
        moved = found.transform(y)
        if not np.all(np.isfinite(moved)) or np.ptp(moved) == 0:
            continue
        score = _anderson_darling(moved)
        if best is None or score < best.anderson_darling:
            best = Johnson(found.kind, found.gamma, found.delta, found.xi, found.scale, z, score)
    if best is None:
        raise InputError("no Johnson distribution fits these readings; try method=boxcox")
    return best


def fit_again(texts: list[str], z: float) -> dict[str, float]:
    """The parameters at the chosen spacing in 30 digits, by solving the percentile equations.

    The closed forms are Slifker and Shapiro's in logarithms instead of inverse hyperbolic functions.
    """
    with mpmath.workdps(30):
        ordered = sorted(mpmath.mpf(t) for t in texts)
        q = [_hazen(ordered, mpmath.ncdf(mpmath.mpf(repr(z)) * k)) for k in (-3, -1, 1, 3)]
        n, p, m = q[1] - q[0], q[2] - q[1], q[3] - q[2]
        a, b, middle, zz = m / p, n / p, (q[1] + q[2]) / 2, mpmath.mpf(repr(z))
        if a * b > 1:
            half = (a + b) / 2
            delta = 2 * zz / mpmath.log(half + mpmath.sqrt(half * half - 1))
            root = mpmath.sqrt(a * b - 1)
            t = (b - a) / (2 * root)
            gamma = delta * mpmath.log(t + mpmath.sqrt(t * t + 1))
            scale = p * root / ((half - 1) * mpmath.sqrt(2 * half + 2))
            xi = middle + p * (b - a) / (4 * (half - 1))
        else:
            product = (1 + p / m) * (1 + p / n)
            rest = p * p / (m * n) - 1
            half = mpmath.sqrt(product) / 2
            delta = zz / mpmath.log(half + mpmath.sqrt(half * half - 1))
            t = (p / n - p / m) * mpmath.sqrt(product - 4) / (2 * rest)
            gamma = delta * mpmath.log(t + mpmath.sqrt(t * t + 1))
            scale = p * mpmath.sqrt(product * (product - 4)) / rest
            xi = middle - scale / 2 + p * (p / n - p / m) / (2 * rest)
        found = {"gamma": gamma, "delta": delta, "xi": xi, "scale": scale}
        return {k: float(v) for k, v in found.items()} | {"su": float(a * b > 1)}


def _hazen(ordered: list[Any], share: Any) -> Any:
    place = share * len(ordered) - mpmath.mpf("0.5")
    place = max(mpmath.mpf(0), min(place, mpmath.mpf(len(ordered) - 1)))
    low = int(mpmath.floor(place))
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def law_of(found: Johnson) -> Any:
    """The same distribution as scipy's."""
    kind = stats.johnsonsu if found.kind == "SU" else stats.johnsonsb
    return kind(found.gamma, found.delta, loc=found.xi, scale=found.scale)
