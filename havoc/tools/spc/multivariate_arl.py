"""Average run lengths of the multivariate EWMA and CUSUM charts, and limits for a wanted one.

Both statistics depend on the process through lengths only. In control the length of the MEWMA or MCUSUM
vector is a Markov process on a line (noncentral chi-square steps); after a shift the MEWMA needs a second
coordinate, the part along the shift.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any

import numpy as np
from scipy import optimize, stats

from havoc.errors import InputError
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.spc.run_length import Weight
from havoc.tools.values import FloatArray

MARKOV = 4e-4  # the Markov chain, extrapolated, agrees with the integral equation to this
MOST_ARL = 1e6
Characteristics = Annotated[int, Param("number of characteristics", ge=2, le=30)]
Arl0 = Annotated[float, Param("wanted average run length in control", ge=5, le=MOST_ARL)]
Limit = Annotated[float | None, Param("limit h; otherwise computed for arl0", gt=0, le=500)]


def _length_density(c: FloatArray, df: int, nc: FloatArray) -> FloatArray:
    """Density of a length ``c`` whose square is noncentral chi-square."""
    square = c * c
    tiny = nc < 1e-12
    density = np.where(
        tiny,
        stats.chi2.pdf(square, df),
        stats.ncx2.pdf(square, df, np.where(tiny, 1.0, nc)),
    )
    return np.asarray(2 * c * density)


def _nodes(low: float, high: float, count: int) -> tuple[FloatArray, FloatArray]:
    node, mass = np.polynomial.legendre.leggauss(count)
    half = (high - low) / 2
    return low + half * (node + 1), half * mass


@cache
def arl_mewma_in(p: int, weight: float, h: float) -> float:
    """Zero-state in-control ARL by an integral equation (Rigdon 1995)."""
    radius = math.sqrt(h * weight / (2 - weight))
    s, mass = _nodes(0.0, radius, int(min(300, max(60, 14 * radius / weight))))
    nc = ((1 - weight) / weight * s) ** 2
    kernel = _length_density(s[None, :] / weight, p, nc[:, None]) * mass[None, :] / weight
    run = np.linalg.solve(np.eye(len(s)) - kernel, np.ones(len(s)))
    start = _length_density(s / weight, p, np.zeros(len(s))) * mass / weight
    return float(1 + start @ run)


@cache
def arl_mewma_shifted(p: int, weight: float, h: float, shift: float) -> float:
    """Zero-state ARL after a shift of Mahalanobis length ``shift``, on a grid over the half disc."""
    if shift == 0:
        return arl_mewma_in(p, weight, h)
    radius = math.sqrt(h * weight / (2 - weight))
    count = int(min(64, max(28, 4.5 * radius / weight)))
    a, wa = _nodes(-radius, radius, count)
    u, wu = _nodes(0.0, 1.0, max(14, count // 2))
    top = np.sqrt(radius**2 - a**2)
    along = np.repeat(a, len(u))
    across = (top[:, None] * u[None, :]).ravel()
    mass = (wa[:, None] * top[:, None] * wu[None, :]).ravel()
    keep = 1 - weight

    def steps(a0: FloatArray, b0: FloatArray) -> FloatArray:
        z = (along[None, :] - keep * a0[:, None]) / weight - shift
        one = np.exp(-z * z / 2) / math.sqrt(2 * math.pi) / weight
        two = _length_density(across[None, :] / weight, p - 1, ((keep / weight * b0) ** 2)[:, None])
        return np.asarray(one * two / weight * mass[None, :])

    run = np.linalg.solve(np.eye(len(along)) - steps(along, across), np.ones(len(along)))
    return float(1 + (steps(np.zeros(1), np.zeros(1)) @ run)[0])


@cache
def arl_mcusum_in(p: int, k: float, h: float) -> float:
    """Zero-state in-control ARL of Crosier's MCUSUM: the length has an atom at 0."""
    s, mass = _nodes(0.0, h, int(min(300, max(60, 14 * h))))
    starts = np.append(s, 0.0)
    system = np.zeros((len(starts), len(starts)))
    system[:, :-1] = _length_density((s + k)[None, :], p, (starts**2)[:, None]) * mass[None, :]
    system[:, -1] = _below(k, p, starts)
    return float(np.linalg.solve(np.eye(len(starts)) - system, np.ones(len(starts)))[-1])


def _below(length: Any, df: int, centre: FloatArray) -> FloatArray:
    """Probability that a length about ``centre`` is at most ``length``."""
    nc = np.maximum(centre**2, 1e-14)
    return np.asarray(stats.ncx2.cdf(np.square(length), df, nc))


def _extrapolated(chain: Callable[[int], float], m: int) -> float:
    return (4 * chain(2 * m) - chain(m)) / 3


@cache
def arl_mewma_by_chain(p: int, weight: float, h: float) -> float:
    """Runger and Prabhu's (1996) Markov chain on rings."""
    radius = math.sqrt(h * weight / (2 - weight))

    def chain(m: int) -> float:
        g = radius / (m + 0.5)  # state 0 is a disc of radius g/2, state j the ring about j g
        j = np.arange(m + 1)
        edge = (j + 0.5) * g / weight
        cdf = np.array([_below(edge, p, np.full(m + 1, (1 - weight) / weight * i * g)) for i in j])
        q = np.diff(cdf, axis=1, prepend=0.0)
        return float(np.linalg.solve(np.eye(m + 1) - q, np.ones(m + 1))[0])

    return _extrapolated(chain, int(min(240, max(90, 10 * radius / weight))))


@cache
def arl_mewma_shifted_again(p: int, weight: float, h: float, shift: float) -> float:
    """The same on another grid: radius and angle."""
    radius = math.sqrt(h * weight / (2 - weight))
    count = int(min(34, max(20, 3 * radius / weight)))
    r, wr = _nodes(0.0, radius, count)
    angle, wt = _nodes(0.0, math.pi, count)
    keep = 1 - weight
    rr, tt = (v.ravel() for v in np.meshgrid(r, angle, indexing="ij"))
    along, across = rr * np.cos(tt), rr * np.sin(tt)
    mass = (wr[:, None] * wt[None, :]).ravel() * rr

    def steps(a0: FloatArray, b0: FloatArray) -> FloatArray:
        one = stats.norm.pdf(along[None, :], keep * a0[:, None] + weight * shift, weight)
        nc = (keep / weight * b0[:, None]) ** 2
        two = _length_density(across[None, :] / weight, p - 1, nc) / weight
        return np.asarray(one * two * mass[None, :])

    run = np.linalg.solve(np.eye(len(along)) - steps(along, across), np.ones(len(along)))
    return float(1 + (steps(np.zeros(1), np.zeros(1)) @ run)[0])


@cache
def arl_mcusum_by_chain(p: int, k: float, h: float) -> float:
    def chain(m: int) -> float:
        g = h / (m + 0.5)
        j = np.arange(m + 1)
        edge = (j + 0.5) * g + k
        cdf = np.array([_below(edge, p, np.full(m + 1, i * g)) for i in j])
        q = np.diff(cdf, axis=1, prepend=0.0)
        return float(np.linalg.solve(np.eye(m + 1) - q, np.ones(m + 1))[0])

    return _extrapolated(chain, int(min(200, max(60, 8 * h))))


def _limit_for(arl: Callable[[float], float], arl0: float, low: float, high: float) -> float:
    """The limit with this in-control ARL; it rises with the limit."""
    while arl(high) < arl0:
        low, high = high, high * 1.3
        if high > 500:
            raise InputError(f"no limit gives an in-control ARL of {arl0:g}")
    if arl(low) > arl0:
        raise InputError(f"an in-control ARL of {arl0:g} is below what any limit gives")
    return float(
        optimize.brentq(
            lambda h: math.log(arl(h) / arl0), low, high, xtol=1e-10, rtol=8.9e-16, maxiter=200
        )
    )


@cache
def mewma_limit(p: int, weight: float, arl0: float) -> float:
    """h4 of the MEWMA chart for a wanted in-control ARL."""
    return _limit_for(lambda h: arl_mewma_in(p, weight, h), arl0, 0.05, float(p + 4))


@cache
def mcusum_limit(p: int, k: float, arl0: float) -> float:
    """h of Crosier's MCUSUM for a wanted in-control ARL."""
    return _limit_for(lambda h: arl_mcusum_in(p, k, h), arl0, 0.05, 2.0 + p / 2)


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """A Markov chain, and another grid after a shift; a computed limit is one that gives the ARL."""
    p, weight = arguments["p"], arguments["weight"]
    h = float(result.values["h"])  # type: ignore[arg-type]
    again: dict[str, Any] = {
        "arl0": Recomputed(arl_mewma_by_chain(p, weight, h), MARKOV),
        "arl1": Recomputed(
            [
                arl_mewma_by_chain(p, weight, h)
                if d == 0
                else arl_mewma_shifted_again(p, weight, h, abs(d))
                for d in arguments["shift"]
            ],
            MARKOV,
        ),
        "shift": list(arguments["shift"]),
        "weight": weight,
        "p": p,
    }
    if arguments["h"] is not None:
        return {**again, "h": arguments["h"]}
    other = optimize.brentq(
        lambda v: math.log(arl_mewma_by_chain(p, weight, v) / arguments["arl0"]),
        0.9 * h, 1.1 * h, xtol=1e-7,
    )  # fmt: skip
    return {**again, "h": Recomputed(float(other), MARKOV / 2)}


@operation(
    "spc.arl_mewma",
    outputs={
        "arl0": "average run length in control",
        "arl1": "average run length after each shift",
        "h": "limit of the T² statistic (h4)",
        "shift": "shifts in Mahalanobis length",
        "weight": "lambda",
        "p": "number of characteristics",
    },
    reference="Rigdon (1995), J. Statistical Computation and Simulation 52; Runger and Prabhu (1996), "
    "Communications in Statistics 25(4)",
    verifier=_verify,
    tolerance=MARKOV,
    examples=(
        "a = spc.arl_mewma(p=2, weight=0.1, arl0=200)",
        "a = spc.arl_mewma(p=3, weight=0.2, h=12, shift=[0.5, 1])",
    ),
    terms=("MEWMA run length", "multivariate EWMA ARL", "h4 limit"),
)
def arl_mewma(
    p: Characteristics,
    weight: Weight = 0.1,
    h: Limit = None,
    arl0: Arl0 = 200.0,
    shift: Annotated[
        tuple[float, ...],
        Param("shifts at which to give the ARL, in Mahalanobis length √(δ'Σ⁻¹δ)", ge=0, le=10),
    ] = (1.0,),
) -> Result:
    """Average run length of a multivariate EWMA chart, or its limit for a wanted one.

    The ARL depends on a shift only through its Mahalanobis length. Zero state, constant limits.
    """
    if weight < 0.03:
        raise InputError("a weight below 0.03 needs more nodes than are used here")
    limit = mewma_limit(p, weight, arl0) if h is None else h
    inside = arl_mewma_in(p, weight, limit)
    if inside > MOST_ARL:
        raise InputError(f"with h={limit:g} the in-control ARL exceeds {MOST_ARL:g}")
    runs = [arl_mewma_shifted(p, weight, limit, abs(d)) for d in shift]
    grid = np.linspace(0, 3, 9)
    curve = [arl_mewma_shifted(p, weight, limit, float(d)) for d in grid]
    return Result(
        {"arl0": inside, "arl1": runs, "h": limit, "shift": list(shift), "weight": weight, "p": p},
        "With h = {h} the average run length is {arl0} in control and {arl1[0]} after a shift of "
        "{shift[0]}.",
        tables=(table_of("run lengths", ("shift", "ARL"), list(zip(shift, runs, strict=True))),),
        figures=(
            Figure("line", "Average run length of the MEWMA chart",
                   {"x": grid.tolist(), "y": curve, "log_y": True, "x_label": "shift (Mahalanobis)",
                    "y_label": "ARL"}),
        ),
    )  # fmt: skip
