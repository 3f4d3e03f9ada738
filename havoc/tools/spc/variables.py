"""Shewhart charts for subgrouped measurements: X̄-R and X̄-S."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Result, Value
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
from havoc.tools.spc.constants import c4, d2, d3, exact_c4, tippett_moments
from havoc.tools.spc.stages import NO_LIMITS, Arrangement, ControlLimits, Reasons, Stages
from havoc.tools.values import FloatArray, Sample, each_near_zero

Readings = Annotated[
    tuple[Sample, ...],
    Param("readings: a table whose rows are subgroups, or one column"),
]
Center = Annotated[float | None, Param("known or target mean; otherwise estimated")]
Sigma = Annotated[
    float | None, Param("known standard deviation of single readings; otherwise estimated", gt=0)
]


def limits_panel(
    prefix: str,
    name: str,
    y: Sequence[float] | FloatArray,
    center: Any,
    se: Any,
    setup: Setup,
    *,
    rules: str | None = None,
    floor: float | None = None,
    first: int = 1,
) -> Panel:
    """A panel with limits at ``setup.sigmas`` standard errors, the lower not below ``floor``."""
    values = np.asarray(y, dtype=float)
    mid = np.broadcast_to(np.asarray(center, dtype=float), values.shape)
    error = np.broadcast_to(np.asarray(se, dtype=float), values.shape)
    lower = mid - setup.sigmas * error
    if floor is not None:
        lower = np.maximum(lower, floor)
    upper = mid + setup.sigmas * error
    return Panel(
        prefix, name, values, mid, error, lower, upper, rules or _spread_rules(setup, prefix), first
    )


def _spread_rules(setup: Setup, prefix: str) -> str:
    """Ranges and deviations are skewed: only points beyond their limits count there."""
    return setup.rules if not prefix or setup.rules == "none" else "limits"


def _draw_xbar(groups: Subgroups, setup: Setup, arguments: Mapping[str, Any], spread: str) -> Draw:
    """Draw the X̄ chart with its R chart (``spread="r"``) or S chart (``spread="s"``)."""
    data = [s.values for s in groups.samples]
    n = np.array(groups.sizes)
    means = np.array([v.mean() for v in data])
    near = each_near_zero(groups.samples)
    if spread == "r":
        stat = np.array([np.ptp(v) for v in near])
        unit, deviation = np.array([d2(k) for k in n]), np.array([d3(k) for k in n])
    else:
        stat = np.array([v.std(ddof=1) for v in near])
        unit = np.array([c4(k) for k in n])
        deviation = np.sqrt(1 - unit**2)

    def draw(keep: Keep) -> Drawing:
        sigma, center = arguments["sigma"], arguments["center"]
        if sigma is None and arguments.get("estimator") == "pooled":
            df = n[keep] - 1
            sigma = math.sqrt(float(df @ stat[keep] ** 2) / df.sum()) / c4(int(df.sum()) + 1)
        elif sigma is None:
            sigma = float(np.mean(stat[keep] / unit[keep]))
        if sigma <= 0:
            raise InputError("the subgroups show no variation: all readings in them are equal")
        if center is None:
            center = float(n[keep] @ means[keep] / n[keep].sum())
        mean_chart = limits_panel("", "X̄", means, center, sigma / np.sqrt(n), setup)
        name = spread.upper()
        other = limits_panel(
            f"{spread}_", name, stat, unit * sigma, deviation * sigma, setup, floor=0.0
        )
        estimates: dict[str, Value] = {
            "sigma": sigma,
            f"{spread}_bar": float(np.mean(stat[keep])),
            "grand_mean": float(n[keep] @ means[keep] / n[keep].sum()),
            "subgroups": len(data),
            "subgroup_size": int(n[0]) if np.ptp(n) == 0 else n.tolist(),
        }
        return [mean_chart, other], estimates

    return draw


def _exact_draw_xbar(
    groups: Subgroups, setup: Setup, arguments: Mapping[str, Any], spread: str
) -> Draw:
    """The same from exact rationals of the readings and the verifying route to the factors."""
    exact = [s.exact for s in groups.samples]
    sizes = [len(e) for e in exact]
    means = [sum(e) / len(e) for e in exact]
    squares = [sum((v - m) ** 2 for v in e) for e, m in zip(exact, means, strict=True)]
    if spread == "r":
        stat = [float(max(e) - min(e)) for e in exact]
        moments = [tippett_moments(k) for k in sizes]
    else:
        stat = [math.sqrt(q / (k - 1)) for q, k in zip(squares, sizes, strict=True)]
        moments = [(exact_c4(k), math.sqrt(1 - exact_c4(k) ** 2)) for k in sizes]

    def draw(keep: Keep) -> Drawing:
        used = [i for i in range(len(exact)) if keep[i]]
        total = sum(sizes[i] for i in used)
        grand = sum((sum(exact[i]) for i in used), Fraction(0)) / total
        sigma = arguments["sigma"]
        if sigma is None and arguments.get("estimator") == "pooled":
            pooled = sum((squares[i] for i in used), Fraction(0)) / (total - len(used))
            sigma = math.sqrt(pooled) / exact_c4(total - len(used) + 1)
        elif sigma is None:
            sigma = math.fsum(stat[i] / moments[i][0] for i in used) / len(used)
        center = float(grand) if arguments["center"] is None else arguments["center"]
        rows = []
        for k, (unit, deviation) in zip(sizes, moments, strict=True):
            half = setup.sigmas * sigma / math.sqrt(k)
            ratio = setup.sigmas * deviation / unit
            rows.append(
                (center - half, center + half, unit * sigma, unit * sigma * max(0.0, 1 - ratio),
                 unit * sigma * (1 + ratio), sigma / math.sqrt(k), deviation * sigma)
            )  # fmt: skip
        a = np.array(rows).T
        shape = np.full(len(exact), center)
        y = np.array([float(m) for m in means])
        panels = [
            Panel("", "X̄", y, shape, a[5], a[0], a[1], setup.rules),
            Panel(
                f"{spread}_", spread.upper(), np.array(stat), a[2], a[6], a[3], a[4],
                "none" if setup.rules == "none" else "limits",
            ),
        ]  # fmt: skip
        estimates: dict[str, Value] = {
            "sigma": sigma,
            f"{spread}_bar": math.fsum(stat[i] for i in used) / len(used),
            "grand_mean": float(grand),
            "subgroups": len(exact),
            "subgroup_size": sizes[0] if len(set(sizes)) == 1 else list(sizes),
        }
        return panels, estimates

    return draw


def chart_setup(groups: Subgroups, arguments: Mapping[str, Any], title: str) -> Setup:
    return Setup(
        groups.labels,
        arguments["rules"],
        arguments["sigmas"],
        arguments["baseline"],
        arguments["exclude"],
        arguments["sigma"] is None or arguments["center"] is None,
        title,
        arguments["phase1"],
        Arrangement(arguments["stages"], arguments["reasons"], arguments["control_limits"]),
    )


def _groups(arguments: Mapping[str, Any]) -> Subgroups:
    return read_subgroups(
        arguments["x"], arguments["subgroup"], arguments["by"], arguments["layout"]
    )


def _verify_xbar(arguments: Mapping[str, Any], result: Result, spread: str) -> dict[str, Any]:
    groups = _groups(arguments)
    setup = chart_setup(groups, arguments, "")
    again = recompute(_exact_draw_xbar(groups, setup, arguments, spread), setup)
    return {**again, "estimator": _estimator_words(arguments, spread)}


def _verify_xbar_r(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    return _verify_xbar(arguments, result, "r")


def _verify_xbar_s(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    return _verify_xbar(arguments, result, "s")


def _estimator_words(arguments: Mapping[str, Any], spread: str) -> str:
    if arguments["sigma"] is not None:
        return "given sigma"
    if arguments.get("estimator") == "pooled":
        return "pooled s / c4(df + 1)"
    return "mean range / d2" if spread == "r" else "mean standard deviation / c4"


def _xbar(arguments: Mapping[str, Any], spread: str) -> Result:
    groups = _groups(arguments)
    setup = chart_setup(groups, arguments, f"X̄-{spread.upper()} chart")
    draw = _draw_xbar(groups, setup, arguments, spread)
    warnings = list(groups.notes)
    if spread == "r" and max(groups.sizes) > 10:
        warnings.append(
            "With more than 10 readings in a subgroup the range is a poor measure of spread: "
            "use spc.xbar_s."
        )
    if setup.rules not in ("limits", "none"):
        name = spread.upper()
        warnings.append(f"Run rules are applied to the X̄ chart; the {name} chart by its limits.")
    means = np.array([s.values.mean() for s in groups.samples])
    words = _estimator_words(arguments, spread)
    notes = Notes(
        tuple(warnings),
        (*independence(setup.levelled(means)), _rational_subgroups(words)),
        "{center} (sigma {sigma} by {estimator}, {subgroups} subgroups)",
    )
    result = assemble(draw, setup, notes)
    return replace(result, values={**result.values, "estimator": words})


def _rational_subgroups(words: str) -> Assumption:
    detail = (
        f"sigma ({words}) is variation within subgroups: right only if each subgroup was made "
        "under the same conditions"
    )
    return Assumption("rational subgroups", None, detail)


_XBAR_OUTPUTS = {
    "sigma": "standard deviation of single readings used for the limits",
    "estimator": "how sigma was estimated",
    "grand_mean": "mean of the readings that set the limits",
    "subgroups": "number of subgroups",
    "subgroup_size": "readings in a subgroup",
}


@operation(
    "spc.xbar_r",
    outputs=chart_outputs({"": "X̄", "r_": "R"}, r_bar="mean range", **_XBAR_OUTPUTS),
    reference="Montgomery (2013), Statistical Quality Control, section 6.2",
    verifier=_verify_xbar_r,
    examples=(
        "chart = spc.xbar_r([25.1, 24.9, 25.3, 25.4, 25.2, 25.1, 24.8, 25.0, 24.7, 25.2, 25.5, "
        "25.3, 25.0, 24.6, 25.1], subgroup=3)",
        "chart = spc.xbar_r([[5.1, 4.9], [5.0, 5.2], [4.8, 5.1], [5.3, 5.0], [4.9, 5.0], "
        "[5.2, 4.7]], center=5, sigma=0.15)",
    ),
    terms=("X-bar and R chart", "Xbar-R", "mean and range chart", "control chart for subgroups"),
)
def xbar_r(
    x: Readings,
    subgroup: Size = None,
    by: By = None,
    layout: Layout = "auto",
    center: Center = None,
    sigma: Sigma = None,
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
    stages: Stages = (),
    reasons: Reasons = None,
    control_limits: ControlLimits = NO_LIMITS,
    rules: Rules = "western_electric",
    sigmas: Sigmas = 3.0,
) -> Result:
    """X̄ and R control chart of subgrouped measurements.

    Sigma is the mean of R/d2 over the subgroups that set the limits; the X̄ limits are the grand
    mean ± 3 sigma/√n and the R limits D3 and D4 times the mean range. Subgroups may differ in size:
    then the limits vary. ``baseline`` freezes the limits at phase I and judges the other points by
    them; ``exclude`` leaves points out of the limits and shows what that changed.
    """
    return _xbar(locals(), "r")


@operation(
    "spc.xbar_s",
    outputs=chart_outputs(
        {"": "X̄", "s_": "S"}, s_bar="mean subgroup standard deviation", **_XBAR_OUTPUTS
    ),
    reference="Montgomery (2013), Statistical Quality Control, section 6.3",
    verifier=_verify_xbar_s,
    examples=(
        "chart = spc.xbar_s([25.1, 24.9, 25.3, 25.4, 25.2, 25.1, 24.8, 25.0, 24.7, 25.2, 25.5, "
        "25.3, 25.0, 24.6, 25.1], subgroup=3)",
        "chart = spc.xbar_s([[5.1, 4.9], [5.0, 5.2], [4.8, 5.1], [5.3, 5.0], [4.9, 5.0], "
        "[5.2, 4.7]], estimator=pooled, exclude=[3])",
    ),
    terms=("X-bar and S chart", "Xbar-S", "mean and standard deviation chart"),
)
def xbar_s(
    x: Readings,
    subgroup: Size = None,
    by: By = None,
    layout: Layout = "auto",
    center: Center = None,
    sigma: Sigma = None,
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
    stages: Stages = (),
    reasons: Reasons = None,
    control_limits: ControlLimits = NO_LIMITS,
    rules: Rules = "western_electric",
    estimator: Annotated[
        Literal["sbar", "pooled"],
        Param("sbar: mean of s/c4; pooled: pooled s over c4(df + 1) (Minitab default)"),
    ] = "sbar",
    sigmas: Sigmas = 3.0,
) -> Result:
    """X̄ and S control chart of subgrouped measurements.

    Like the X̄-R chart with the subgroup standard deviation instead of the range: better for
    subgroups of more than about 10, and for subgroups of unequal size.
    """
    return _xbar(locals(), "s")
