"""Space-filling designs for deterministic or computer experiments."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from scipy.spatial.distance import pdist
from scipy.stats import qmc

from havoc.errors import InputError
from havoc.tools.doe.design import (
    COMMON_OUTPUTS,
    FACTORS,
    N_FACTORS,
    Plan,
    coded_level,
    design_result,
    ends,
    level_count,
    natural_level,
    recount,
    resolve_factors,
)
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Result
from havoc.tools.values import Factor, FloatArray

MAX_POINTS = 2_000
CANDIDATES = 200  # Latin hypercubes drawn for the criteria that pick the best one

SPACE_OUTPUTS: Mapping[str, str] = {
    **COMMON_OUTPUTS,
    "min_distance": "smallest distance between two points, each range scaled to 0..1",
    "discrepancy": "centred L2 discrepancy: 0 for a perfectly even spread",
    "max_abs_correlation": "largest correlation between two factors",
    "points_per_stratum": "points in each of `runs` equal slices of every range (None: uneven)",
}


def unit_to_plan(name: str, factors: tuple[Factor, ...], unit: FloatArray) -> Plan:
    """Points of the unit cube in the factors' units; lists of levels get equal shares of 0..1."""
    coded, settings = [], []
    for row in unit.tolist():
        code: list[float] = []
        cells: list[Any] = []
        for f, u in zip(factors, row, strict=True):
            if f.range is not None:
                low, high = ends(f)
                code.append(2 * u - 1)
                cells.append(float(low + (high - low) * Fraction(u)))
            else:
                n = level_count(f)
                index = min(int(u * n), n - 1)
                code.append(coded_level(f, index, n))
                cells.append(natural_level(f, index, n))
        coded.append(tuple(code))
        settings.append(tuple(cells))
    return Plan(name, factors, tuple(coded), tuple(settings))


def scaled(result: Result) -> tuple[FloatArray, list[Factor]]:
    """The written continuous settings, each range scaled to 0..1, and their factors."""
    factors = [f for f in result.extra["factors"] if f.range is not None]
    written = result.table("design")
    columns = [[(v - f.low) / (f.high - f.low) for v in written.column(f.name)] for f in factors]
    return np.array(columns, dtype=float).T, factors


def describe(unit: FloatArray) -> dict[str, Any]:
    """Measures of how evenly the points fill the unit cube."""
    n, k = unit.shape
    correlations = np.atleast_2d(np.corrcoef(unit.T))
    off = np.abs(correlations[np.triu_indices(k, 1)])
    counts = np.stack(
        [np.bincount(np.minimum((c * n).astype(int), n - 1), minlength=n) for c in unit.T]
    )
    return {
        "min_distance": float(pdist(unit).min()),
        "discrepancy": float(qmc.discrepancy(unit)),
        "max_abs_correlation": float(off.max()) if k > 1 else 0.0,
        "points_per_stratum": 1 if (counts == 1).all() else None,
    }


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The measures again from the written settings, by their definitions."""
    again = recount(arguments, result)
    unit, factors = scaled(result)
    if not factors:
        return again
    n = len(unit)
    # Natural units are rounded once more, so the distances agree to fewer digits.
    squared = (unit[:, None, :] - unit[None, :, :]) ** 2
    distances = np.sqrt(squared.sum(axis=2))[np.triu_indices(n, 1)]
    again["min_distance"] = Recomputed(float(distances.min()), 1e-7)
    again["discrepancy"] = Recomputed(_centred_discrepancy(unit), 1e-6)
    pairs = itertools.combinations(unit.T, 2)
    worst = max((abs(_correlation(a, b)) for a, b in pairs), default=0.0)
    again["max_abs_correlation"] = Recomputed(worst, 1e-6)
    strata = [sorted(min(math.floor(n * u + 1e-9), n - 1) for u in c) for c in unit.T]
    again["points_per_stratum"] = 1 if all(s == list(range(n)) for s in strata) else None
    return again


def _correlation(a: FloatArray, b: FloatArray) -> float:
    u, v = a - math.fsum(a) / len(a), b - math.fsum(b) / len(b)
    return math.fsum(u * v) / math.sqrt(math.fsum(u * u) * math.fsum(v * v))


def _centred_discrepancy(unit: FloatArray) -> float:
    """Hickernell (1998), Mathematics of Computation 67, eq. 5.3, squared."""
    n, k = unit.shape
    away = np.abs(unit - 0.5)
    single = np.prod(1 + away / 2 - away**2 / 2, axis=1).sum()
    double = 0.0
    for i in range(n):
        apart = np.abs(unit - unit[i])
        double += float(np.prod(1 + (away + away[i] - apart) / 2, axis=1).sum())
    return float((13 / 12) ** k - 2 / n * single + double / n**2)


def _best(
    draw: Callable[[], FloatArray], score: Callable[[FloatArray], float], tries: int
) -> FloatArray:
    return min((draw() for _ in range(tries)), key=score)


def latin_points(n: int, k: int, seed: int, criterion: str) -> FloatArray:
    generator = np.random.default_rng(seed)
    sampler = qmc.LatinHypercube(k, scramble=criterion != "centered", rng=generator)

    def draw() -> FloatArray:
        return np.asarray(sampler.random(n))

    if criterion in ("random", "centered"):
        return draw()
    scores: dict[str, Callable[[FloatArray], float]] = {
        "maximin": lambda u: -float(pdist(u).min()),
        "correlation": lambda u: float(np.abs(np.corrcoef(u.T) - np.eye(k)).max()) if k > 1 else 0,
        "discrepancy": lambda u: float(qmc.discrepancy(u)),
    }
    return _best(draw, scores[criterion], CANDIDATES if n <= 200 else 30)


def _require_points(runs: int, factors: Sequence[Factor]) -> None:
    if not any(f.range is not None for f in factors):
        raise InputError("a space-filling design needs at least one factor with a range low..high")
    if not 2 <= runs <= MAX_POINTS:
        raise InputError(f"between 2 and {MAX_POINTS} points are possible, not {runs}")


def _continuous(factors: Sequence[Factor], unit: FloatArray) -> FloatArray:
    return unit[:, [i for i, f in enumerate(factors) if f.range is not None]]


@operation(
    "doe.latin_hypercube",
    outputs={**SPACE_OUTPUTS, "criterion": "what the hypercube was chosen by"},
    reference="McKay, Beckman and Conover (1979), Technometrics 21, 239-245",
    verifier=_verify,
    examples=(
        "design = doe.latin_hypercube(speed=500..1500, temp=20..80, load=1..5, runs=20, seed=7)",
        "design = doe.latin_hypercube(n_factors=2, runs=10, criterion=maximin, seed=1)",
    ),
    terms=(
        "Latin hypercube",
        "LHS",
        "LHD",
        "space-filling design",
        "maximin",
        "computer experiment",
    ),
)
def latin_hypercube(
    factors: Annotated[tuple[Factor, ...], Param(FACTORS)] = (),
    n_factors: Annotated[int | None, N_FACTORS] = None,
    runs: Annotated[int, Param("number of points", ge=2, le=MAX_POINTS)] = 20,
    criterion: Annotated[
        Literal["random", "centered", "maximin", "correlation", "discrepancy"],
        Param("random, slice centres, or the best of many by distance, correlation, discrepancy"),
    ] = "random",
    seed: Annotated[int, Param("seed of the points", ge=0)] = 1,
) -> Result:
    """Build a Latin hypercube design.

    Every range is cut into as many equal slices as there are points, and each slice holds exactly
    one point. A listed factor's levels get equal numbers of slices.
    """
    found = resolve_factors(factors, n_factors)
    _require_points(runs, found)
    unit = latin_points(runs, len(found), seed, criterion)
    plan = unit_to_plan(f"Latin hypercube of {runs} points", found, unit)
    return design_result(
        plan,
        "The {design} in {factors} factors has exactly {points_per_stratum} point in each of "
        "{runs} equal slices of every range; the closest two points are {min_distance} apart "
        "(ranges scaled to 1).",
        seed,
        False,
        {**describe(_continuous(found, unit)), "criterion": criterion},
    )


@operation(
    "doe.space_filling",
    outputs={**SPACE_OUTPUTS, "method": "the sequence or method"},
    reference="Santner, Williams and Notz (2018), The Design and Analysis of Computer Experiments",
    verifier=_verify,
    examples=(
        "design = doe.space_filling(speed=500..1500, load=1..5, runs=16, method=sobol)",
        "design = doe.space_filling(n_factors=3, runs=12, method=maximin, seed=4)",
    ),
    terms=("Sobol sequence", "Halton sequence", "space filling", "quasi-random", "maximin design"),
)
def space_filling(
    factors: Annotated[tuple[Factor, ...], Param(FACTORS)] = (),
    n_factors: Annotated[int | None, N_FACTORS] = None,
    runs: Annotated[int, Param("number of points", ge=2, le=MAX_POINTS)] = 20,
    method: Annotated[
        Literal["sobol", "halton", "maximin", "random"],
        Param("low-discrepancy sequence, points far apart, or uniform random points"),
    ] = "sobol",
    scramble: Annotated[bool, Param("whether a sequence is randomised by the seed")] = True,
    seed: Annotated[int, Param("seed of the points", ge=0)] = 1,
) -> Result:
    """Build a space-filling design.

    Sobol and Halton sequences spread points evenly and can be continued; maximin spreads a fixed
    number of points so that the closest two are far apart.
    """
    found = resolve_factors(factors, n_factors)
    _require_points(runs, found)
    k = len(found)
    warnings = []
    if method == "sobol":
        unit = qmc.Sobol(k, scramble=scramble, rng=np.random.default_rng(seed)).random(
            1 << (runs - 1).bit_length()
        )[:runs]
        if runs & (runs - 1):
            warnings.append(
                f"A Sobol sequence is balanced for a power of two points: {runs} is not one; "
                f"{1 << (runs - 1).bit_length()} would be."
            )
    elif method == "halton":
        unit = qmc.Halton(k, scramble=scramble, rng=np.random.default_rng(seed)).random(runs)
    elif method == "random":
        unit = np.random.default_rng(seed).random((runs, k))
    else:
        unit = spread_out(latin_points(runs, k, seed, "maximin"), seed)
    plan = unit_to_plan(f"{method} design of {runs} points", found, np.asarray(unit))
    return design_result(
        plan,
        "The {design} in {factors} factors: the closest two points are {min_distance} apart "
        "(ranges scaled to 1), centred L2 discrepancy {discrepancy}.",
        seed,
        False,
        {**describe(_continuous(found, np.asarray(unit))), "method": method},
        warnings=warnings,
    )


def spread_out(unit: FloatArray, seed: int) -> FloatArray:
    """Move one point of the closest pair at a time to the best of some random places."""
    generator = np.random.default_rng(seed)
    points = unit.copy()
    n, k = points.shape
    for _ in range(400 if n <= 100 else 40_000 // n):
        distances = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
        np.fill_diagonal(distances, np.inf)
        i = int(np.unravel_index(np.argmin(distances), distances.shape)[int(generator.integers(2))])
        others = np.delete(points, i, axis=0)
        near = np.clip(points[i] + generator.normal(0, 0.1, (20, k)), 0, 1)
        places = np.vstack([points[i : i + 1], near, generator.random((20, k))])
        nearest = np.sqrt(((places[:, None] - others[None]) ** 2).sum(axis=2)).min(axis=1)
        points[i] = places[int(np.argmax(nearest))]
    return points
