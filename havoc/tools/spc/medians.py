"""Median and range chart; moving average chart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any

import numpy as np

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Result, Value
from havoc.tools.spc.charting import (
    Baseline,
    By,
    Draw,
    Drawing,
    Exclude,
    Keep,
    Layout,
    Notes,
    Panel,
    Phase1,
    Rules,
    Setup,
    Sigmas,
    Size,
    Subgroups,
    assemble,
    chart_outputs,
    independence,
    read_subgroups,
    recompute,
)
from havoc.tools.spc.constants import d2, d3, median_factor, tippett_moments
from havoc.tools.spc.stages import NO_LIMITS, ControlLimits, Reasons, Stages
from havoc.tools.spc.time_weighted import (
    Series,
    Sigma,
    Target,
    estimate,
    exact_estimate,
    memory_setup,
    read_series,
    sigma_words,
)
from havoc.tools.spc.variables import Readings, chart_setup, limits_panel
from havoc.tools.values import Labels, Sample, near_zero


def _groups(arguments: Mapping[str, Any]) -> Subgroups:
    groups = read_subgroups(
        arguments["x"], arguments["subgroup"], arguments["by"], arguments["layout"]
    )
    if len(set(groups.sizes)) > 1:
        raise InputError("a median chart needs subgroups of one size")
    return groups


def _draw_median(groups: Subgroups, setup: Setup) -> Draw:
    near, offset = near_zero(groups.samples)
    data = np.array(near)
    n = data.shape[1]
    medians = np.median(data, axis=1) + float(offset)
    ranges = np.array([np.ptp(near_zero([s])[0][0]) for s in groups.samples])

    def draw(keep: Keep) -> Drawing:
        r_bar = float(ranges[keep].mean())
        if r_bar <= 0:
            raise InputError("the subgroups show no variation: all readings in them are equal")
        sigma = r_bar / d2(n)
        center = float(medians[keep].mean())
        panels = [
            limits_panel(
                "", "Median", medians, center, sigma * median_factor(n) / math.sqrt(n), setup
            ),
            limits_panel("r_", "R", ranges, r_bar, d3(n) * sigma, setup, floor=0.0),
        ]
        return panels, {"sigma": sigma, "r_bar": r_bar, "subgroup_size": n, "subgroups": len(data)}

    return draw


def _exact_draw_median(groups: Subgroups, setup: Setup) -> Draw:
    ordered = [sorted(s.exact) for s in groups.samples]
    n = len(ordered[0])
    medians = [(o[n // 2] + o[~(n // 2)]) / 2 for o in ordered]
    ranges = [o[-1] - o[0] for o in ordered]
    mean, spread = tippett_moments(n)

    def draw(keep: Keep) -> Drawing:
        used = [i for i in range(len(ordered)) if keep[i]]
        center = float(sum((medians[i] for i in used), Fraction(0)) / len(used))
        r_bar = float(sum((ranges[i] for i in used), Fraction(0)) / len(used))
        reach = r_bar * median_factor(n) / (mean * math.sqrt(n))
        one = np.ones(len(ordered))
        half = setup.sigmas * reach
        ratio = setup.sigmas * spread / mean
        quiet = "none" if setup.rules == "none" else "limits"
        panels = [
            Panel("", "Median", np.array([float(m) for m in medians]), center * one, reach * one,
                  (center - half) * one, (center + half) * one, setup.rules),
            Panel("r_", "R", np.array([float(r) for r in ranges]), r_bar * one,
                  r_bar * spread / mean * one, r_bar * max(0.0, 1 - ratio) * one,
                  r_bar * (1 + ratio) * one, quiet),
        ]  # fmt: skip
        return panels, {"sigma": r_bar / mean, "r_bar": r_bar, "subgroup_size": n,
                        "subgroups": len(ordered)}  # fmt: skip

    return draw


def _median_setup(groups: Subgroups, arguments: Mapping[str, Any]) -> Setup:
    return chart_setup(groups, {**arguments, "sigma": None, "center": None}, "Median-R chart")


def _verify_median(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    groups = _groups(arguments)
    setup = _median_setup(groups, arguments)
    return recompute(_exact_draw_median(groups, setup), setup)


@operation(
    "spc.median",
    outputs=chart_outputs(
        {"": "median", "r_": "R"},
        sigma="standard deviation of single readings",
        r_bar="mean range",
        subgroup_size="readings in a subgroup",
        subgroups="number of subgroups",
    ),
    reference="AIAG (2005), Statistical Process Control, 2nd ed.; Ferrell (1953)",
    verifier=_verify_median,
    tolerance=1e-8,
    examples=(
        "chart = spc.median([[5.1, 4.9, 5.3], [5.0, 5.2, 4.8], [4.8, 5.1, 5.0], [5.3, 5.0, 5.1], "
        "[4.9, 5.0, 5.2], [5.2, 4.7, 5.0]])",
    ),
    terms=("median chart", "median and range chart", "X-tilde chart"),
)
def median(
    x: Readings,
    subgroup: Size = None,
    by: By = None,
    layout: Layout = "auto",
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
    stages: Stages = (),
    reasons: Reasons = None,
    control_limits: ControlLimits = NO_LIMITS,
    rules: Rules = "limits",
    sigmas: Sigmas = 3.0,
) -> Result:
    """Median and range control chart of subgrouped measurements.

    Limits: mean of the medians ± A6 times the mean range. Easier by hand and less moved by a single
    wild reading than the X̄ chart, but less sensitive.
    """
    arguments = locals()
    groups = _groups(arguments)
    setup = _median_setup(groups, arguments)
    medians = np.array([np.median(s.values) for s in groups.samples])
    notes = Notes(groups.notes, independence(setup.levelled(medians)))
    return assemble(_draw_median(groups, setup), setup, notes)


def _draw_moving(series: Series, arguments: Mapping[str, Any], setup: Setup) -> Draw:
    means, sizes = series.means, np.array(series.sizes, dtype=float)
    w = arguments["span"]

    def draw(keep: Keep) -> Drawing:
        target, sigma = estimate(series, keep, arguments)
        total, inverse = np.cumsum(means), np.cumsum(1 / sizes)
        count = np.minimum(np.arange(1, len(means) + 1), w)
        before = np.concatenate((np.zeros(w), total[:-w])) if w < len(means) else 0.0
        lost = np.concatenate((np.zeros(w), inverse[:-w])) if w < len(means) else 0.0
        average = (total - before) / count
        se = sigma * np.sqrt(inverse - lost) / count
        panel = limits_panel("", "Moving average", average, target, se, setup)
        return [panel], _moving_values(target, sigma, average.tolist())

    return draw


def _moving_values(target: float, sigma: float, averages: list[float]) -> dict[str, Value]:
    return {"target": target, "sigma": sigma, "moving_average": averages}


def _exact_draw_moving(series: Series, arguments: Mapping[str, Any], setup: Setup) -> Draw:
    means = [sum(s.exact, Fraction(0)) / len(s) for s in series.samples]
    w = arguments["span"]

    def draw(keep: Keep) -> Drawing:
        target, sigma = exact_estimate(series, keep, arguments)
        averages, errors = [], []
        for i in range(len(means)):
            window = range(max(0, i - w + 1), i + 1)
            averages.append(float(sum((means[j] for j in window), Fraction(0)) / len(window)))
            variance = sum((Fraction(1, series.sizes[j]) for j in window), Fraction(0))
            errors.append(sigma * math.sqrt(variance / len(window) ** 2))
        se = np.array(errors)
        half = setup.sigmas * se
        panel = Panel("", "Moving average", np.array(averages), np.full(len(se), target), se,
                      target - half, target + half, setup.rules)  # fmt: skip
        return [panel], _moving_values(target, sigma, averages)

    return draw


def _verify_moving(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    series = read_series(arguments)
    setup = memory_setup(series, arguments, arguments["sigmas"], "")
    again = recompute(_exact_draw_moving(series, arguments, setup), setup)
    return {**again, "estimator": sigma_words(series, arguments)}


@operation(
    "spc.moving_average",
    outputs=chart_outputs(
        {"": "moving average"},
        moving_average="moving average at each point",
        target="target mean",
        sigma="standard deviation of single readings",
        estimator="how sigma was estimated",
    ),
    reference="Montgomery (2013), Statistical Quality Control, section 9.3",
    verifier=_verify_moving,
    examples=(
        "chart = spc.moving_average([9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, "
        "10.34], span=5, target=10, sigma=1)",
    ),
    terms=("moving average chart", "MA chart"),
)
def moving_average(
    x: Annotated[tuple[Sample, ...], Param("single readings, or subgroups as the rows of a table")],
    span: Annotated[int, Param("points in the moving average", ge=2, le=100)] = 5,
    target: Target = None,
    sigma: Sigma = None,
    subgroup: Size = None,
    by: Annotated[Labels | None, Param("column that says which subgroup a reading is in")] = None,
    layout: Layout = "auto",
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
    sigmas: Sigmas = 3.0,
) -> Result:
    """Moving average control chart.

    The average of the last ``span`` points with limits target ± 3 sigma/√span, wider for the first
    points. Run rules do not apply: neighbouring averages share their points.
    """
    arguments = locals()
    series = read_series(arguments)
    setup = memory_setup(series, arguments, sigmas, "Moving average chart")
    notes = Notes(
        series.notes,
        independence(series.means[setup.keep]),
        "{target} (sigma {sigma} by {estimator})",
    )
    result = assemble(_draw_moving(series, arguments, setup), setup, notes)
    return replace(result, values={**result.values, "estimator": sigma_words(series, arguments)})
