"""Control chart constants for any subgroup size, by quadrature and closed form (no table)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

import mpmath
import numpy as np
from scipy import integrate, special

from havoc.tools.operation import Param, operation
from havoc.tools.result import Result, table_of

MAX_SIZE = 1000


@cache
def c4(n: int) -> float:
    """E(s)/sigma of ``n`` normal values."""
    return float(
        np.sqrt(2 / (n - 1)) * np.exp(special.gammaln(n / 2) - special.gammaln((n - 1) / 2))
    )


@cache
def range_moments(n: int) -> tuple[float, float]:
    """Mean d2 and standard deviation d3 of the range of ``n`` standard normal values.

    From its distribution F(w) = n ∫ φ(x) [Φ(x+w) - Φ(x)]^(n-1) dx (Tippett 1925): E(W) = ∫ (1 - F),
    E(W²) = 2 ∫ w (1 - F), by Gauss-Legendre quadrature on a grid that leaves an error below 1e-12.
    """
    node, weight = np.polynomial.legendre.leggauss(240)
    x = 9.0 * node
    w = 8.0 * (node + 1.0)
    inner = np.exp(-x * x / 2) / np.sqrt(2 * np.pi) * 9.0 * weight
    spread = special.ndtr(x[:, None] + w[None, :]) - special.ndtr(x[:, None])
    upper = 1.0 - n * inner @ spread ** (n - 1)
    mean = float(8.0 * weight @ upper)
    square = float(2.0 * (8.0 * weight) @ (w * upper))
    return mean, float(np.sqrt(square - mean * mean))


def d2(n: int) -> float:
    return range_moments(n)[0]


def d3(n: int) -> float:
    return range_moments(n)[1]


@cache
def median_factor(n: int) -> float:
    """Standard deviation of the median of ``n`` normal values over that of their mean."""
    return float(np.sqrt(n * _median_variance(n)))


@cache
def _median_variance(n: int) -> float:
    node, weight = np.polynomial.legendre.leggauss(400)
    x = 9.0 * node
    mass = 9.0 * weight * np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
    low, high = special.ndtr(x), special.ndtr(-x)
    if n % 2:
        m = (n - 1) // 2
        density = np.exp(
            special.gammaln(n + 1) - 2 * special.gammaln(m + 1) + m * (np.log(low) + np.log(high))
        )
        return float(mass @ (density * x * x))
    # Mean of the two middle order statistics: E[((X+Y)/2)²] over their joint density, x < y.
    r = n // 2
    half = (9.0 - x)[:, None] / 2
    y = half * (node[None, :] + 1) + x[:, None]
    log_c = special.gammaln(n + 1) - 2 * special.gammaln(r)
    log_density = (
        log_c + (r - 1) * (special.log_ndtr(x)[:, None] + special.log_ndtr(-y)) - y * y / 2
    )
    inner = half * np.exp(log_density) / np.sqrt(2 * np.pi) * ((x[:, None] + y) / 2) ** 2
    return float(mass @ (inner @ weight))


@cache
def exact_c4(n: int) -> float:
    """c4 by the ratio of gamma functions in 30 digits."""
    with mpmath.workdps(30):
        ratio = mpmath.gamma(mpmath.mpf(n) / 2) / mpmath.gamma(mpmath.mpf(n - 1) / 2)
        return float(mpmath.sqrt(mpmath.mpf(2) / (n - 1)) * ratio)


@cache
def tippett_moments(n: int) -> tuple[float, float]:
    """d2 and d3 by another route: tail integrals over the two extremes.

    E(W) = ∫ [1 - Φ^n - (1-Φ)^n]; E(W²) = 2 ∫∫_{x<y} [1 - Φ(y)^n - (1-Φ(x))^n + (Φ(y)-Φ(x))^n].
    """

    def tail(t: float) -> float:
        return float(-np.expm1(n * special.log_ndtr(t)) - special.ndtr(-t) ** n)

    mean = 2 * integrate.quad(tail, 0, 12, epsabs=1e-13, epsrel=1e-13, limit=200)[0]
    node, weight = np.polynomial.legendre.leggauss(160)
    y = 9.5 * node
    total = 0.0
    for yj, wj in zip(y, weight, strict=True):
        half = (yj + 9.5) / 2
        x = half * (node + 1) - 9.5
        inside = (
            1
            - special.ndtr(yj) ** n
            - special.ndtr(-x) ** n
            + (special.ndtr(yj) - special.ndtr(x)) ** n
        )
        total += 9.5 * wj * half * float(weight @ inside)
    return mean, float(np.sqrt(2 * total - mean * mean))


NAMES = (
    "d2", "d3", "c4", "c5", "A", "A2", "A3", "B3", "B4", "B5", "B6",
    "D1", "D2", "D3", "D4", "E2", "A6",
)  # fmt: skip


def chart_factors(n: int, c: float, mean: float, spread: float, median: float) -> dict[str, float]:
    """Every tabled factor from c4, d2, d3 and the factor of the median."""
    c5 = float(np.sqrt(1 - c * c))
    root = float(np.sqrt(n))
    return {
        "d2": mean,
        "d3": spread,
        "c4": c,
        "c5": c5,
        "A": 3 / root,
        "A2": 3 / (mean * root),
        "A3": 3 / (c * root),
        "B3": max(0.0, 1 - 3 * c5 / c),
        "B4": 1 + 3 * c5 / c,
        "B5": max(0.0, c - 3 * c5),
        "B6": c + 3 * c5,
        "D1": max(0.0, mean - 3 * spread),
        "D2": mean + 3 * spread,
        "D3": max(0.0, 1 - 3 * spread / mean),
        "D4": 1 + 3 * spread / mean,
        "E2": 3 / mean,
        "A6": 3 * median / (mean * root),
    }


def _median_factor_by_density(n: int) -> float:
    """The median's factor by adaptive quadrature, for odd n in the uniform variable."""

    def density(p: float) -> float:
        z = special.ndtri(p)
        return float(z * z * np.exp(m * np.log(p * (1 - p)) - special.betaln(m + 1, m + 1)))

    if n % 2:
        m = (n - 1) // 2
        return float(np.sqrt(n * integrate.quad(density, 0, 1, epsabs=1e-12, limit=300)[0]))
    r = n // 2
    log_c = special.gammaln(n + 1) - 2 * special.gammaln(r)

    def given_low(x: float) -> float:
        def part(y: float) -> float:
            log_f = (r - 1) * (special.log_ndtr(x) + special.log_ndtr(-y)) - (x * x + y * y) / 2
            return float(((x + y) / 2) ** 2 * np.exp(log_c + log_f) / (2 * np.pi))

        return float(integrate.quad(part, x, 9, epsabs=1e-10)[0])

    return float(np.sqrt(n * integrate.quad(given_low, -9, 9, epsabs=1e-9)[0]))


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    n = arguments["n"]
    mean, spread = tippett_moments(n)
    again = chart_factors(n, exact_c4(n), mean, spread, _median_factor_by_density(n))
    return {"n": n, **again}


@operation(
    "spc.constants",
    outputs={"n": "subgroup size", **{name: f"chart constant {name}" for name in NAMES}},
    reference="Montgomery (2013), Statistical Quality Control, Appendix VI; ASTM E2587",
    verifier=_verify,
    tolerance=1e-8,
    examples=("k = spc.constants(7)",),
    terms=("control chart constants", "A2 D3 D4 d2 c4", "chart factors for subgroup size"),
)
def constants(
    n: Annotated[int, Param("subgroup size", ge=2, le=MAX_SIZE)],
) -> Result:
    """Control chart constants for a subgroup size.

    d2 and d3 are the mean and standard deviation of the range of n standard normal values, c4 the
    mean of their standard deviation; the limit factors A, A2, A3, B3-B6, D1-D4, E2 (individuals)
    and A6 (median chart from mean range) follow from them. Computed by quadrature, not looked up.
    """
    values = chart_factors(n, c4(n), d2(n), d3(n), median_factor(n))
    rows = [(name, values[name]) for name in NAMES]
    return Result(
        {"n": n, **values},
        "For subgroups of {n}: A2 = {A2}, D3 = {D3}, D4 = {D4}, d2 = {d2}, d3 = {d3}, c4 = {c4}.",
        tables=(table_of("constants", ("constant", "value"), rows),),
        warnings=(
            ("Above a subgroup size of 10 the range wastes information: use s with A3, B3 and B4.",)
            if n > 10
            else ()
        ),
    )
