"""Average run lengths of Shewhart, EWMA and CUSUM charts, and charts designed for a wanted one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Annotated, Any, Literal

import mpmath
import numpy as np
from scipy import optimize, special

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Figure, Result, Value, table_of
from havoc.tools.values import FloatArray

Shifts = Annotated[
    tuple[float, ...],
    Param("shifts of the mean at which to give the ARL, in sigma of the plotted points"),
]
Weight = Annotated[float, Param("lambda, weight of the newest point", gt=0, le=1)]
Width = Annotated[float, Param("width of the limits in standard errors", gt=0, le=8)]
Slack = Annotated[float, Param("reference value k in sigma, half the shift to find", gt=0, le=5)]
Interval = Annotated[float, Param("decision interval h in sigma", gt=0, le=50)]
Sides = Annotated[Literal["two-sided", "one-sided"], Param("both sides watched, or one")]
MARKOV = 1e-4  # the Markov chain, extrapolated, agrees with the integral equation to this


def _density(x: FloatArray) -> FloatArray:
    return np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


@cache
def _gauss(count: int) -> tuple[FloatArray, FloatArray]:
    """Gauss-Legendre nodes and weights on -1..1: most of the time of an ARL, the same for each."""
    node, mass = np.polynomial.legendre.leggauss(count)
    node.setflags(write=False)
    mass.setflags(write=False)
    return node, mass


@cache
def arl_shewhart_of(shift: float, L: float, sides: str) -> float:
    out = float(special.ndtr(shift - L))
    if sides == "two-sided":
        out += float(special.ndtr(-L - shift))
    return 1 / out


@cache
def arl_ewma_of(shift: float, weight: float, L: float) -> float:
    """Crowder's (1987) integral equation on Gauss-Legendre nodes; constant limits, start at target."""
    half = L * math.sqrt(weight / (2 - weight))
    count = int(min(400, max(60, 12 * half / weight)))
    node, mass = _gauss(count)
    z = half * node
    kernel = _density((z[None, :] - (1 - weight) * z[:, None]) / weight - shift)
    kernel = kernel * (half * mass)[None, :] / weight
    run = np.linalg.solve(np.eye(count) - kernel, np.ones(count))
    start = _density(z / weight - shift) * half * mass / weight
    return float(1 + start @ run)


@cache
def arl_ewma_by_chain(shift: float, weight: float, L: float) -> float:
    """Lucas and Saccucci's (1990) Markov chain, extrapolated from two sizes."""
    half = L * math.sqrt(weight / (2 - weight))

    def chain(m: int) -> float:
        w = 2 * half / m
        z = -half + w * (np.arange(m) + 0.5)
        centre = (z[None, :] - (1 - weight) * z[:, None]) / weight - shift
        q = special.ndtr(centre + w / 2 / weight) - special.ndtr(centre - w / 2 / weight)
        return float(np.linalg.solve(np.eye(m) - q, np.ones(m))[m // 2])

    sizes = (101, 201) if half / weight < 12 else (401, 801)
    return _extrapolated(chain, sizes)


def _extrapolated(chain: Any, sizes: tuple[int, int]) -> float:
    """Richardson's step: the chain's error falls with the square of its size."""
    few, many = (chain(m) for m in sizes)
    ratio = (sizes[1] / sizes[0]) ** 2
    return float((ratio * many - few) / (ratio - 1))


@cache
def _cusum_runs(shift: float, k: float, h: float) -> tuple[FloatArray, FloatArray, float]:
    """Nodes, run lengths from them and from 0 of a one-sided upper CUSUM (integral equation)."""
    count = int(min(400, max(60, 16 * h)))
    node, mass = _gauss(count)
    x, weights = h / 2 * (node + 1), h / 2 * mass
    # Unknowns: run length from each node, and from 0, where the sum has an atom.
    system = np.zeros((count + 1, count + 1))
    starts = np.append(x, 0.0)
    system[:, :count] = weights * _density(x[None, :] + k - starts[:, None] - shift)
    system[:, count] = special.ndtr(k - starts - shift)
    run = np.linalg.solve(np.eye(count + 1) - system, np.ones(count + 1))
    return x, np.asarray(run[:count], dtype=np.float64), float(run[count])


def arl_cusum_one(shift: float, k: float, h: float, start: float = 0.0) -> float:
    x, run, from_zero = _cusum_runs(shift, k, h)
    if start == 0:
        return from_zero
    weights = h / 2 * _gauss(len(x))[1]
    reach = weights * _density(x + k - start - shift)
    return float(1 + special.ndtr(k - start - shift) * from_zero + reach @ run)


def arl_cusum_of(shift: float, k: float, h: float, sides: str, start: float = 0.0) -> float:
    """Two sides are combined as van Dobben de Bruyn (1968), with head start as Lucas and Crosier."""
    up = arl_cusum_one(shift, k, h, start)
    if sides == "one-sided":
        return up
    down = arl_cusum_one(-shift, k, h, start)
    up0, down0 = arl_cusum_one(shift, k, h), arl_cusum_one(-shift, k, h)
    return (up * down0 + down * up0 - up0 * down0) / (up0 + down0)


@cache
def arl_cusum_by_chain(shift: float, k: float, h: float, sides: str, start: float) -> float:
    """Brook and Evans' (1972) Markov chain on a grid, extrapolated from two sizes."""

    def one(delta: float, first: float, m: int) -> float:
        # State 0 covers sums up to w/2, state j those about j w; m - 1/2 widths reach h.
        w = h / (m - 0.5)
        j = np.arange(m)
        edges = (j[None, :] - j[:, None] + 0.5) * w + k - delta
        upper = special.ndtr(edges)
        q = np.diff(upper, axis=1, prepend=0.0)
        q[:, 0] = upper[:, 0]
        run = np.linalg.solve(np.eye(m) - q, np.ones(m))
        if first == 0:
            return float(run[0])
        reach = special.ndtr((j + 0.5) * w + k - delta - first)
        return float(1 + np.diff(reach, prepend=0.0) @ run)

    def chain(m: int) -> float:
        up = one(shift, start, m)
        if sides == "one-sided":
            return up
        down, up0, down0 = one(-shift, start, m), one(shift, 0.0, m), one(-shift, 0.0, m)
        return (up * down0 + down * up0 - up0 * down0) / (up0 + down0)

    return _extrapolated(chain, (100, 200) if h < 12 else (300, 600))


def _one(items: list[float]) -> Value:
    return items[0] if len(items) == 1 else items


def _arl_result(
    chart: str, shifts: tuple[float, ...], arl0: float, arls: list[float],
    more: dict[str, Value], curve: Any, warnings: tuple[str, ...],
) -> Result:  # fmt: skip
    grid = np.linspace(0, max(3.0, *(abs(s) for s in shifts)), 31)
    values: dict[str, Value] = {
        "arl0": arl0,
        "shift": _one(list(shifts)),
        "arl1": _one(arls),
        **more,
    }
    rows = [(0.0, arl0), *((s, a) for s, a in zip(shifts, arls, strict=True) if s != 0)]
    at = "{arl1} at a shift of {shift}" if len(shifts) == 1 else "{arl1[0]} at {shift[0]}"
    return Result(
        values,
        f"{chart}: in-control ARL {{arl0}}; ARL {at} sigma.",
        tables=(table_of("average run length", ("shift", "ARL"), rows),),
        figures=(
            Figure(
                "line",
                f"Average run length of the {chart}",
                {"x": grid.tolist(), "y": [curve(float(s)) for s in grid], "log_y": True,
                 "x_label": "shift in sigma", "y_label": "ARL"},
            ),
        ),
        warnings=(
            *warnings,
            "The ARL assumes independent normal points and limits from known parameters; estimated "
            "limits give more false alarms.",
        ),
    )  # fmt: skip


_ARL_OUTPUTS = {
    "arl0": "average run length without a shift (in control)",
    "arl1": "average run length at each shift",
    "shift": "shifts in sigma of the plotted points",
}


MOST_SHIFT = 30


def _shifts(shift: tuple[float, ...], n: int) -> list[float]:
    if any(abs(s) * math.sqrt(n) > MOST_SHIFT for s in shift):
        raise InputError(
            f"a shift of more than {MOST_SHIFT} standard errors is seen at the next point: its ARL is 1"
        )
    return [s * math.sqrt(n) for s in shift]


SubgroupSize = Annotated[
    int, Param("subgroup size: a shift given in sigma of single readings counts √n times", ge=1)
]


def _verify_shewhart(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    def again(delta: float) -> float:
        with mpmath.workdps(30):
            level = mpmath.mpf(repr(arguments["L"]))
            root = mpmath.sqrt(2)
            out = mpmath.erfc((level - delta) / root) / 2
            if arguments["sides"] == "two-sided":
                out += mpmath.erfc((level + delta) / root) / 2
            return float(1 / out)

    moved = [s * math.sqrt(arguments["n"]) for s in arguments["shift"]]
    arls = [again(d) for d in moved]
    return {
        "arl0": again(0.0),
        "arl1": _one(arls),
        "shift": _one(list(arguments["shift"])),
        "alpha": 1 / again(0.0),
        "power": _one([1 / a for a in arls]),
        "sdrl": _one([math.sqrt(a * (a - 1)) for a in arls]),
        "n": arguments["n"],
        "L": arguments["L"],
    }


@operation(
    "spc.arl_shewhart",
    outputs={
        **_ARL_OUTPUTS,
        "alpha": "probability of a false alarm at a point",
        "power": "probability of a signal at a point after each shift",
        "sdrl": "standard deviation of the run length at each shift",
        "n": "subgroup size",
        "L": "width of the limits in sigma",
    },
    reference="Montgomery (2013), Statistical Quality Control, section 6.2.5",
    verifier=_verify_shewhart,
    examples=(
        "a = spc.arl_shewhart(shift=1)",
        "a = spc.arl_shewhart(shift=[0.5, 1, 2], n=5, L=3)",
    ),
    terms=("ARL of a Shewhart chart", "average run length", "false alarm rate of 3-sigma limits"),
)
def arl_shewhart(
    shift: Shifts = (1.0,),
    L: Width = 3.0,
    n: SubgroupSize = 1,
    sides: Sides = "two-sided",
) -> Result:
    """Average run length of a Shewhart chart for the mean with known parameters.

    The number of points until a signal is geometric: ARL = 1/P(signal). For subgroups a shift of
    ``shift`` sigma of single readings is shift·√n standard errors.
    """
    arl0 = arl_shewhart_of(0.0, L, sides)
    arls = [arl_shewhart_of(d, L, sides) for d in _shifts(shift, n)]
    more: dict[str, Value] = {
        "alpha": 1 / arl0,
        "power": _one([1 / a for a in arls]),
        "sdrl": _one([math.sqrt(a * (a - 1)) for a in arls]),
        "n": n,
        "L": L,
    }
    root = math.sqrt(n)
    return _arl_result(
        "Shewhart chart", shift, arl0, arls, more,
        lambda s: arl_shewhart_of(s * root, L, sides), (),
    )  # fmt: skip


def _verify_ewma(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    weight, L = arguments["weight"], arguments["L"]
    moved = _shifts(arguments["shift"], arguments["n"])
    arls = [arl_ewma_by_chain(d, weight, L) for d in moved]
    return {
        "arl0": Recomputed(arl_ewma_by_chain(0.0, weight, L), MARKOV),
        "arl1": Recomputed(_one(arls), MARKOV),
        "shift": _one(list(arguments["shift"])),
        "weight": weight,
        "L": L,
    }


@operation(
    "spc.arl_ewma",
    outputs={**_ARL_OUTPUTS, "weight": "lambda", "L": "width of the limits"},
    reference="Crowder (1987), Technometrics 29(4); Lucas and Saccucci (1990), Technometrics 32(1)",
    verifier=_verify_ewma,
    examples=("a = spc.arl_ewma(weight=0.1, L=2.814, shift=[0.5, 1])",),
    terms=("ARL of an EWMA chart", "run length of the EWMA"),
)
def arl_ewma(
    weight: Weight = 0.2,
    L: Width = 2.962,
    shift: Shifts = (1.0,),
    n: SubgroupSize = 1,
) -> Result:
    """Average run length of a two-sided EWMA chart (constant limits, zero state).

    Solves the integral equation of the run length; the audit repeats it with a Markov chain.
    """
    arl0 = arl_ewma_of(0.0, weight, L)
    arls = [arl_ewma_of(d, weight, L) for d in _shifts(shift, n)]
    root = math.sqrt(n)
    return _arl_result(
        "EWMA chart", shift, arl0, arls, {"weight": weight, "L": L},
        lambda s: arl_ewma_of(s * root, weight, L), (),
    )  # fmt: skip


def _verify_cusum(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    k, h, sides = arguments["k"], arguments["h"], arguments["sides"]
    start = arguments["head_start"]
    moved = _shifts(arguments["shift"], arguments["n"])
    arls = [arl_cusum_by_chain(d, k, h, sides, start) for d in moved]
    return {
        "arl0": Recomputed(arl_cusum_by_chain(0.0, k, h, sides, start), MARKOV),
        "arl1": Recomputed(_one(arls), MARKOV),
        "shift": _one(list(arguments["shift"])),
        "k": k,
        "h": h,
    }


@operation(
    "spc.arl_cusum",
    outputs={**_ARL_OUTPUTS, "k": "reference value", "h": "decision interval"},
    reference="Montgomery (2013), Statistical Quality Control, Table 9.3; Brook and Evans (1972)",
    verifier=_verify_cusum,
    examples=(
        "a = spc.arl_cusum(k=0.5, h=5, shift=1)",
        "a = spc.arl_cusum(k=0.5, h=4, shift=[0.5, 1], head_start=2)",
    ),
    terms=("ARL of a CUSUM chart", "run length of the CUSUM"),
)
def arl_cusum(
    k: Slack = 0.5,
    h: Interval = 5.0,
    shift: Shifts = (1.0,),
    n: SubgroupSize = 1,
    sides: Sides = "two-sided",
    head_start: Annotated[float, Param("fast initial response in sigma", ge=0)] = 0.0,
) -> Result:
    """Average run length of a tabular CUSUM.

    Solves the integral equation of the one-sided run length; two sides combine as
    1/ARL = 1/ARL+ + 1/ARL-. The audit repeats it with a Markov chain.
    """
    if head_start >= h:
        raise InputError(f"the head start {head_start:g} must be below h = {h:g}")
    arl0 = arl_cusum_of(0.0, k, h, sides, head_start)
    arls = [arl_cusum_of(d, k, h, sides, head_start) for d in _shifts(shift, n)]
    root = math.sqrt(n)
    return _arl_result(
        "CUSUM", shift, arl0, arls, {"k": k, "h": h},
        lambda s: arl_cusum_of(s * root, k, h, sides, head_start), (),
    )  # fmt: skip


def _solve_width(arl0: float, arl: Any, low: float, high: float) -> float:
    """The width at which the ARL is ``arl0``; the ARL rises with it."""
    target = math.log(arl0)

    def miss(width: float) -> float:
        # Past the reach of double precision an ARL may come out wild: it is then simply too long.
        found = arl(width)
        return (math.log(found) if 1 < found < 1e12 else math.log(1e12)) - target

    if miss(low) > 0 or miss(high) < 0:
        raise InputError(f"no chart of this kind has an in-control ARL of {arl0:g}")
    return float(optimize.brentq(miss, low, high, xtol=1e-10))


def _design_shift(arguments: Mapping[str, Any]) -> float:
    found = arguments["shift"]
    if found is None:
        raise NeedsClarification("Which shift of the mean (in sigma) should the chart find?")
    return float(found)


WEIGHTS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def best_weight(arl0: float, shift: float) -> float:
    """The customary EWMA weight of shortest ARL at ``shift`` for the given in-control ARL."""

    def cost(weight: float) -> float:
        width = _solve_width(arl0, lambda w: arl_ewma_of(0.0, weight, w), 0.3, 6.0)
        return arl_ewma_of(shift, weight, width)

    return min(WEIGHTS, key=cost)


def _best_by_chain(arl0: float, shift: float) -> float:
    def cost(weight: float) -> float:
        width = _solve_width(arl0, lambda w: arl_ewma_by_chain(0.0, weight, w), 1.0, 4.5)
        return arl_ewma_by_chain(shift, weight, width)

    return min(WEIGHTS, key=cost)


def _newton(width: float, arl: Callable[[float], float], arl0: float) -> float:
    """One Newton step towards the wanted ARL: it stays where it is only from the right width."""
    step = 1e-3
    low, here, high = (math.log(arl(max(width + d, 0.01))) for d in (-step, 0.0, step))
    return width - (here - math.log(arl0)) / ((high - low) / (2 * step))


def _verify_design(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """From the reported width one Newton step of the Markov chain must lead nowhere else."""
    arl0, shift, kind = arguments["arl0"], arguments["shift"], arguments["chart"]
    width = float(result.values["h" if kind == "cusum" else "L"])  # type: ignore[arg-type]
    again: dict[str, Any]
    arl: Callable[[float, float], float]
    if kind == "shewhart":
        arl = _shewhart_by_erfc
        with mpmath.workdps(30):
            exact = mpmath.sqrt(2) * mpmath.erfinv(1 - 1 / mpmath.mpf(repr(arl0)))
        again = {"L": float(exact)}
    elif kind == "ewma":
        weight = arguments["weight"] or _best_by_chain(arl0, shift)

        def arl(s: float, w: float) -> float:
            return arl_ewma_by_chain(s, weight, w)

        again = {"weight": weight, "L": Recomputed(_newton(width, partial(arl, 0.0), arl0), MARKOV)}
    else:
        k = arguments["k"] if arguments["k"] is not None else shift / 2

        def arl(s: float, w: float) -> float:
            return arl_cusum_by_chain(s, k, w, "two-sided", 0.0)

        again = {"k": k, "h": Recomputed(_newton(width, partial(arl, 0.0), arl0), MARKOV)}
    again["arl0"] = Recomputed(arl(0.0, width), MARKOV)
    if shift is not None:
        again |= {"arl1": Recomputed(arl(shift, width), MARKOV), "shift": shift}
    return again


def _shewhart_by_erfc(shift: float, width: float) -> float:
    with mpmath.workdps(30):
        root = mpmath.sqrt(2)
        tails = mpmath.erfc((width - shift) / root) + mpmath.erfc((width + shift) / root)
        return float(2 / tails)


@operation(
    "spc.chart_design",
    outputs={
        "L": "width of the limits in sigma (Shewhart) or standard errors of the EWMA",
        "h": "decision interval of the CUSUM in sigma",
        "k": "reference value of the CUSUM in sigma",
        "weight": "lambda of the EWMA",
        "arl0": "in-control average run length",
        "arl1": "average run length at the shift",
        "shift": "shift in sigma of the plotted points",
    },
    reference="Lucas and Saccucci (1990), Technometrics 32(1); Hawkins and Olwell (1998)",
    verifier=_verify_design,
    examples=(
        "d = spc.chart_design(chart=cusum, arl0=370, shift=1)",
        "d = spc.chart_design(chart=ewma, arl0=500, weight=0.1, shift=0.5)",
        "d = spc.chart_design(chart=shewhart, arl0=370.4)",
    ),
    terms=("design a chart for a wanted ARL", "find h for ARL", "find L for ARL 500"),
)
def chart_design(
    arl0: Annotated[float, Param("wanted in-control ARL", gt=2, le=1e5)],
    chart: Annotated[Literal["ewma", "cusum", "shewhart"], Param("kind of chart")] = "ewma",
    shift: Annotated[float | None, Param("shift to find quickly, in sigma", gt=0, le=8)] = None,
    weight: Annotated[float | None, Param("lambda of the EWMA", gt=0.01, le=1)] = None,
    k: Annotated[float | None, Param("reference value of the CUSUM", gt=0, le=4)] = None,
) -> Result:
    """Design a chart for a wanted in-control ARL.

    Finds L of an EWMA (and the best lambda for ``shift`` if no weight is given), h of a two-sided
    CUSUM (with k = shift/2 if no k is given), or L of a Shewhart chart.
    """
    arguments = locals()
    values: dict[str, Value]
    arl: Callable[[float, float], float]
    if chart == "shewhart":

        def arl(s: float, w: float) -> float:
            return arl_shewhart_of(s, w, "two-sided")

        width = _solve_width(arl0, partial(arl, 0.0), 0.01, 7.0)
        values, words = {"L": width}, "Limits at {L} sigma"
    elif chart == "ewma":
        lam = weight or best_weight(arl0, _design_shift(arguments))

        def arl(s: float, w: float) -> float:
            return arl_ewma_of(s, lam, w)

        width = _solve_width(arl0, partial(arl, 0.0), 0.3, 6.0)
        values, words = {"weight": lam, "L": width}, "EWMA with lambda {weight} and L = {L}"
    else:
        slack = k if k is not None else _design_shift(arguments) / 2

        def arl(s: float, w: float) -> float:
            return arl_cusum_of(s, slack, w, "two-sided")

        width = _solve_width(arl0, partial(arl, 0.0), 0.05, 25 / slack**0.5)
        values, words = {"k": slack, "h": width}, "CUSUM with k = {k} and h = {h}"
    values["arl0"] = arl(0.0, width)
    words += ": in-control ARL {arl0}"
    if shift is not None:
        values |= {"shift": shift, "arl1": arl(shift, width)}
        words += ", ARL {arl1} at a shift of {shift} sigma"
    return Result(
        values,
        words + ".",
        tables=(table_of("design", ("", "value"), list(values.items())),),
        warnings=("Holds for independent normal points and known parameters.",),
    )
