"""Run chart: runs about the median and runs up and down, tested for non-randomness."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Annotated, Any

import numpy as np
from scipy import special, stats

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, Value
from havoc.tools.spc.run_rules import step_signs
from havoc.tools.values import Sample, near_zero


def _normal_p(observed: float, expected: float, variance: float) -> tuple[float, float]:
    z = (observed - expected) / math.sqrt(variance)
    return z, float(special.ndtr(z))


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Runs by grouping exact readings; binomial tail summed in rationals."""
    exact = arguments["x"].present().exact
    center = arguments["center"]
    ordered = sorted(exact)
    half = len(ordered) // 2
    middle = (ordered[half] + ordered[~half]) / 2 if center is None else Fraction(repr(center))
    sides = [v > middle for v in exact if v != middle]
    runs = [len(list(group)) for _, group in groupby(sides)]
    n, above = len(sides), sum(sides)
    least = 0
    while Fraction(sum(math.comb(n - 1, j) for j in range(least + 1)), 2 ** (n - 1)) < Fraction(
        1, 20
    ):
        least += 1
    again: dict[str, Any] = {
        "median": float(middle), "n": len(exact), "n_useful": n, "n_above": above,
        "n_below": n - above, "longest_run": max(runs), "runs": len(runs),
        "crossings": len(runs) - 1, "longest_run_max": round(math.log(n, 2) + 3),
        "crossings_min": least,
    }  # fmt: skip
    if above and n - above:
        expected = 1 + Fraction(2 * above * (n - above), n)
        variance = (expected - 1) * (expected - 2) / (n - 1)
        again["runs_expected"] = float(expected)
        if variance > 0:
            z = float(len(runs) - expected) / math.sqrt(variance)
            again |= {"runs_z": z, "p_clustering": float(stats.norm.cdf(z)),
                      "p_mixtures": float(stats.norm.cdf(-z))}  # fmt: skip
    steps = [b > a for a, b in pairwise(exact) if a != b]
    turns = len(list(groupby(steps)))
    m = len(steps) + 1
    if m > 3:
        expected, variance = Fraction(2 * m - 1, 3), Fraction(16 * m - 29, 90)
        z = float(turns - expected) / math.sqrt(variance)
        again |= {"runs_up_down": turns, "runs_up_down_expected": float(expected), "up_down_z": z,
                  "p_trends": float(stats.norm.cdf(z)),
                  "p_oscillation": float(stats.norm.cdf(-z))}  # fmt: skip
    return again


@operation(
    "spc.run_chart",
    outputs={
        "median": "center line",
        "n": "points",
        "n_useful": "points off the center line",
        "n_above": "points above it",
        "n_below": "points below it",
        "runs": "runs about the center line",
        "runs_expected": "expected number of runs",
        "runs_z": "standardised number of runs",
        "p_clustering": "p value of too few runs (clusters, shifts)",
        "p_mixtures": "p value of too many runs (mixtures)",
        "longest_run": "longest run on one side",
        "longest_run_max": "longest that is usual",
        "crossings": "crossings of the center line",
        "crossings_min": "fewest that are usual",
        "runs_up_down": "runs up and down",
        "runs_up_down_expected": "expected number of runs up and down",
        "up_down_z": "standardised number of runs up and down",
        "p_trends": "p value of too few runs up and down (trends)",
        "p_oscillation": "p value of too many (oscillation)",
        "signal": "whether the run chart signals non-random variation",
    },
    reference="Anhøj and Olesen (2014), PLoS ONE 9(11); Swed and Eisenhart (1943)",
    verifier=_verify,
    examples=(
        "r = spc.run_chart([12, 15, 11, 14, 13, 17, 18, 16, 19, 20, 18, 21, 17, 19, 22, 20])",
    ),
    terms=("run chart", "runs test", "longest run", "crossings of the median", "trend test"),
)
def run_chart(
    x: Annotated[Sample, Param("readings in time order", min_length=8)],
    center: Annotated[float | None, Param("center line; otherwise the median")] = None,
) -> Result:
    """Run chart with tests for shifts, clusters, mixtures, trends and oscillation.

    A shift or drift shows as an unusually long run (more than log2(n) + 3 points) or unusually few
    crossings of the median; the runs tests give p values. Needs no control limits and no
    distribution.
    """
    series = x.present()
    y = series.values
    if len(y) < 8 or np.ptp(y) == 0:
        raise InputError("a run chart needs at least 8 readings that vary")
    middle = float(np.median(y)) if center is None else center
    side = np.sign(y - middle)
    side = side[side != 0]
    if len(side) < 2:
        raise InputError("all readings lie on the center line")
    changes = np.flatnonzero(np.diff(side) != 0)
    lengths = np.diff(np.concatenate(([0], changes + 1, [len(side)])))
    n, above = len(side), int((side > 0).sum())
    values: dict[str, Value] = {
        "median": middle,
        "n": len(y),
        "n_useful": n,
        "n_above": above,
        "n_below": n - above,
        "runs": len(lengths),
        "longest_run": int(lengths.max()),
        "longest_run_max": round(math.log2(n) + 3),
        "crossings": len(lengths) - 1,
        "crossings_min": int(stats.binom.ppf(0.05, n - 1, 0.5)),
    }
    if above and n - above:
        product = 2 * above * (n - above)
        values["runs_expected"] = 1 + product / n
        variance = product * (product - n) / (n * n * (n - 1))
        if variance > 0:
            z, p = _normal_p(len(lengths), 1 + product / n, variance)
            values |= {"runs_z": z, "p_clustering": p, "p_mixtures": float(special.ndtr(-z))}
    steps = step_signs(near_zero([series])[0][0])
    steps = steps[steps != 0]
    m = len(steps) + 1
    if m > 3:
        turns = int((np.diff(steps) != 0).sum()) + 1
        z, p = _normal_p(turns, (2 * m - 1) / 3, (16 * m - 29) / 90)
        values |= {"runs_up_down": turns, "runs_up_down_expected": (2 * m - 1) / 3, "up_down_z": z,
                   "p_trends": p, "p_oscillation": float(special.ndtr(-z))}  # fmt: skip
    long = int(lengths.max()) > round(math.log2(n) + 3)
    few = len(lengths) - 1 < int(stats.binom.ppf(0.05, n - 1, 0.5))
    values["signal"] = long or few
    verdict = (
        "non-random variation: a shift or drift" if long or few else "no sign of a shift or drift"
    )
    warnings = [f"{x.n_missing} missing readings were left out."] if x.n_missing else []
    if len(y) < 12:
        warnings.append("With fewer than about 12 points a run chart finds only large changes.")
    figure = Figure(
        "run_chart",
        f"Run chart of {x.name}",
        {"point": list(range(1, len(y) + 1)), "value": y.tolist(), "center": middle,
         "y_label": x.name},
    )  # fmt: skip
    return Result(
        values,
        "Longest run {longest_run} (usual at most {longest_run_max}), {crossings} crossings (usual at "
        f"least {{crossings_min}}): {verdict}.",
        figures=(figure,),
        warnings=tuple(warnings),
    )
