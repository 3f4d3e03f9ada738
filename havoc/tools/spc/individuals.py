"""Charts for single measurements: individuals and moving range."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from scipy import stats

from havoc.errors import InputError
from havoc.tools.diagnostics import p_words
from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Result
from havoc.tools.spc.charting import (
    Baseline,
    Draw,
    Drawing,
    Exclude,
    Keep,
    Notes,
    Panel,
    Phase1,
    Rules,
    Setup,
    Sigmas,
    Subgroups,
    assemble,
    chart_outputs,
    independence,
    recompute,
)
from havoc.tools.spc.constants import c4, d2, d3, exact_c4, tippett_moments
from havoc.tools.spc.stages import NO_LIMITS, ControlLimits, Reasons, Stages
from havoc.tools.spc.variables import Center, Sigma, chart_setup, limits_panel
from havoc.tools.values import FloatArray, Sample, near_zero


def _imr_sigma(
    near: FloatArray, mr: FloatArray, keep: Keep, keep_mr: Keep, how: str, span: int
) -> float:
    if how == "median_moving_range":
        # Median of the range of span normals: for 2 readings 0.954 (Montgomery), from |N(0, 2)|.
        return float(np.median(mr[keep_mr])) / (math.sqrt(2) * float(stats.norm.ppf(0.75)))
    if how == "sd":
        return float(near[keep].std(ddof=1)) / c4(int(keep.sum()))
    return float(mr[keep_mr].mean()) / d2(span)


def draw_imr(arguments: Mapping[str, Any], y: FloatArray, setup: Setup) -> Draw:
    span = arguments["span"]
    (near,), _ = near_zero([arguments["x"].present()])
    windows = np.lib.stride_tricks.sliding_window_view(near, span)
    mr = np.ptp(windows, axis=1)

    def draw(keep: Keep) -> Drawing:
        keep_mr: Keep = np.all(np.lib.stride_tricks.sliding_window_view(keep, span), axis=1)
        if arguments["sigma"] is None and keep_mr.sum() < 3:
            raise InputError("too few moving ranges are left to estimate sigma")
        sigma = arguments["sigma"]
        if sigma is None:
            sigma = _imr_sigma(near, mr, keep, keep_mr, arguments["estimator"], span)
        if sigma <= 0:
            raise InputError("the readings do not vary: sigma is 0 and no limits can be set")
        center = arguments["center"]
        center = float(y[keep].mean()) if center is None else center
        own = arguments["sigma"] is None and arguments["estimator"] == "moving_range"
        mr_center = float(mr[keep_mr].mean()) if own else d2(span) * sigma
        panels = [
            limits_panel("", "Individuals", y, center, sigma, setup),
            limits_panel(
                "mr_", "Moving range", mr, mr_center, d3(span) * sigma, setup, floor=0.0, first=span
            ),
        ]
        return panels, {
            "sigma": sigma,
            "mr_bar": float(mr[keep_mr].mean()),
            "mean": float(y[keep].mean()),
        }

    return draw


def exact_draw_imr(arguments: Mapping[str, Any], x: Sample, setup: Setup) -> Draw:
    exact, span = x.exact, arguments["span"]
    ranges = [max(exact[i : i + span]) - min(exact[i : i + span]) for i in range(len(x) - span + 1)]
    unit, deviation = tippett_moments(span)

    def draw(keep: Keep) -> Drawing:
        used = [v for v, k in zip(exact, keep, strict=True) if k]
        used_mr = [r for i, r in enumerate(ranges) if all(keep[i : i + span])]
        mr_bar = sum(used_mr, Fraction(0)) / len(used_mr)
        mean = sum(used, Fraction(0)) / len(used)
        sigma = arguments["sigma"]
        if sigma is None and arguments["estimator"] == "sd":
            square = sum((v - mean) ** 2 for v in used) / (len(used) - 1)
            sigma = math.sqrt(square) / exact_c4(len(used))
        elif sigma is None and arguments["estimator"] == "median_moving_range":
            ordered = sorted(used_mr)
            half = len(ordered) // 2
            median = (ordered[half] + ordered[~half]) / 2
            sigma = float(median) / (2 * float(stats.chi2.ppf(0.5, 1)) ** 0.5 / math.sqrt(2))
        elif sigma is None:
            sigma = float(mr_bar) / unit
        center = float(mean) if arguments["center"] is None else arguments["center"]
        y, mr = np.array([float(v) for v in exact]), np.array([float(r) for r in ranges])
        one, one_mr = np.ones(len(y)), np.ones(len(mr))
        reach = setup.sigmas * deviation / unit
        mr_center = unit * sigma
        return [
            Panel(
                "", "Individuals", y, center * one, sigma * one,
                (center - setup.sigmas * sigma) * one, (center + setup.sigmas * sigma) * one,
                setup.rules,
            ),
            Panel(
                "mr_", "Moving range", mr, mr_center * one_mr, deviation * sigma * one_mr,
                mr_center * max(0.0, 1 - reach) * one_mr, mr_center * (1 + reach) * one_mr,
                "none" if setup.rules == "none" else "limits", span,
            ),
        ], {"sigma": sigma, "mr_bar": float(mr_bar), "mean": float(mean)}  # fmt: skip

    return draw


def imr_setup(arguments: Mapping[str, Any], x: Sample) -> Setup:
    groups = Subgroups(tuple(str(i) for i in range(1, len(x) + 1)), ())
    return chart_setup(groups, arguments, "I-MR chart")


def _imr_words(arguments: Mapping[str, Any]) -> str:
    if arguments["sigma"] is not None:
        return "given sigma"
    return {
        "moving_range": "mean moving range / d2",
        "median_moving_range": "median moving range / 0.954",
        "sd": "overall standard deviation / c4",
    }[arguments["estimator"]]


def _verify_imr(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    x = arguments["x"].present()
    setup = imr_setup(arguments, x)
    again = recompute(exact_draw_imr(arguments, x, setup), setup)
    return {**again, "estimator": _imr_words(arguments)}


def normality(y: FloatArray) -> tuple[Assumption, ...]:
    if len(y) < 8 or np.ptp(y) == 0:
        return (Assumption("normality", None, "too few readings to judge"),)
    w, p = stats.shapiro(y)
    detail = f"Shapiro-Wilk W = {w:.4f}, {p_words(p)}"
    if p < 0.05:
        detail += ": individuals limits assume a normal distribution; the false-alarm rate differs"
    return (Assumption("normality", bool(p >= 0.05), detail, float(w), float(p)),)


@operation(
    "spc.i_mr",
    outputs=chart_outputs(
        {"": "individuals", "mr_": "moving range"},
        sigma="standard deviation used for the limits",
        mr_bar="mean moving range",
        mean="mean of the readings that set the limits",
        estimator="how sigma was estimated",
    ),
    reference="Montgomery (2013), Statistical Quality Control, section 6.4",
    verifier=_verify_imr,
    examples=(
        "chart = spc.i_mr([33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, "
        "33.62, 33.00, 33.54, 33.12, 33.84])",
        "chart = spc.i_mr([10.2, 10.4, 9.9, 10.1, 10.3, 9.8, 10.0, 11.9, 10.2], exclude=[8], "
        "rules=nelson)",
    ),
    terms=("individuals chart", "I-MR", "X-mR", "moving range chart", "XmR", "single readings"),
)
def i_mr(
    x: Annotated[Sample, Param("single readings in time order", min_length=2)],
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
        Literal["moving_range", "median_moving_range", "sd"],
        Param("how sigma is estimated; the median withstands outliers, sd contains drift"),
    ] = "moving_range",
    span: Annotated[int, Param("readings in a moving range", ge=2, le=10)] = 2,
    sigmas: Sigmas = 3.0,
) -> Result:
    """Individuals and moving range control chart of single measurements.

    Sigma is the mean moving range over d2 (1.128 for two readings); the limits are the mean ± 3
    sigma. Moving ranges that touch an excluded point are left out too.
    """
    series = x.present()
    arguments = {**locals(), "x": x}
    if span >= len(series):
        raise InputError(f"span={span} needs more than {len(series)} readings")
    setup = imr_setup(arguments, series)
    warnings = []
    if x.n_missing:
        warnings.append(f"{x.n_missing} missing readings were left out; points are renumbered.")
    if rules not in ("limits", "none"):
        warnings.append("Run rules are applied to the individuals; the moving range by its limits.")
    y = series.values
    assumptions = (*independence(setup.levelled(y)), *normality(setup.levelled(y)))
    if assumptions[0].met is False:
        warnings.append(
            "Successive readings are correlated: moving ranges then misstate sigma and the limits "
            "give many false alarms or few; model the series and chart its residuals."
        )
    notes = Notes(tuple(warnings), assumptions, "{center} (sigma {sigma} by {estimator})")
    result = assemble(draw_imr(arguments, y, setup), setup, notes)
    return replace(result, values={**result.values, "estimator": _imr_words(arguments)})
