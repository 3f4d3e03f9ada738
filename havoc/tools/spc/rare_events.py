"""Charts for rare events: units (g) and time (t) between events."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import numpy as np

from havoc.errors import InputError
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
    assemble,
    chart_outputs,
    recompute,
)
from havoc.tools.spc.constants import d2, tippett_moments
from havoc.tools.spc.stages import NO_LIMITS, Arrangement, ControlLimits, Reasons, Stages
from havoc.tools.values import Sample

POWER = 3.6  # Nelson (1994): exponential times to the power 1/3.6 are about normal


def _points(x: Sample, whole: bool) -> tuple[Sample, tuple[str, ...]]:
    series = x.present()
    notes = (f"{x.n_missing} missing values were left out.",) if x.n_missing else ()
    y = series.values
    if whole and np.any((y < 0) | (y != np.floor(y))):
        raise InputError("a g chart takes whole numbers of units between events, from 0 up")
    if not whole and np.any(y < 0):
        raise InputError("times between events cannot be negative")
    return series, notes


def _setup(arguments: Mapping[str, Any], n: int, title: str) -> Setup:
    return Setup(
        tuple(str(i) for i in range(1, n + 1)),
        arguments["rules"],
        arguments["sigmas"],
        arguments["baseline"],
        arguments["exclude"],
        True,
        title,
        arguments["phase1"],
        Arrangement(
            arguments.get("stages", ()), arguments.get("reasons"), arguments.get("control_limits")
        ),
    )


def _draw_g(x: Sample, setup: Setup) -> Draw:
    y = x.values

    def draw(keep: Keep) -> Drawing:
        g = float(y[keep].mean())
        if g == 0:
            raise InputError("events came without a unit between them: use a p or u chart")
        se = math.sqrt(g * (g + 1))
        one = np.ones(len(y))
        panel = Panel(
            "", "Units between events", y, g * one, se * one,
            max(0.0, g - setup.sigmas * se) * one, (g + setup.sigmas * se) * one, setup.rules,
        )  # fmt: skip
        return [panel], {"g_bar": g, "rate": 1 / (g + 1)}

    return draw


def _exact_draw_g(x: Sample, setup: Setup) -> Draw:
    exact = x.exact

    def draw(keep: Keep) -> Drawing:
        used = [v for v, k in zip(exact, keep, strict=True) if k]
        g = sum(used, Fraction(0)) / len(used)
        se = math.sqrt(g * g + g)
        ends = float(g) - setup.sigmas * se, float(g) + setup.sigmas * se
        n = len(exact)
        panel = Panel(
            "", "Units between events", np.array([float(v) for v in exact]), np.full(n, float(g)),
            np.full(n, se), np.full(n, max(ends[0], 0.0)), np.full(n, ends[1]), setup.rules,
        )  # fmt: skip
        return [panel], {"g_bar": float(g), "rate": float(1 / (1 + g))}

    return draw


def _verify_g(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    x, _ = _points(arguments["x"], True)
    setup = _setup(arguments, len(x), "")
    return recompute(_exact_draw_g(x, setup), setup)


_DOC = "values in the order in which the events came"


@operation(
    "spc.g",
    outputs=chart_outputs(
        {"": "g"}, g_bar="mean number of units between events", rate="event rate per unit"
    ),
    reference="Benneyan (2001), Health Care Management Science 4; Montgomery (2013), section 7.3.5",
    verifier=_verify_g,
    examples=("chart = spc.g([120, 35, 240, 88, 15, 310, 64, 190, 22, 150])",),
    terms=("g chart", "units between events", "rare defects", "cases between infections"),
)
def g(
    x: Annotated[Sample, Param("units between events, " + _DOC, min_length=2)],
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
    stages: Stages = (),
    reasons: Reasons = None,
    control_limits: ControlLimits = NO_LIMITS,
    rules: Rules = "limits",
    sigmas: Sigmas = 3.0,
) -> Result:
    """g control chart of the number of units between rare events (geometric distribution).

    Center ḡ, limits ḡ ± 3 √(ḡ(ḡ+1)), the lower one not below 0. A point above the upper limit is
    good news: events have become rarer.
    """
    series, notes = _points(x, True)
    setup = _setup(locals(), len(series), "g chart")
    warning = "The lower limit is 0, so that more frequent events show only as a run of low points."
    law = Assumption("geometric distribution", None, "events independent, at a constant rate")
    return assemble(_draw_g(series, setup), setup, Notes((*notes, warning), (law,)))


def _draw_t(x: Sample, setup: Setup) -> Draw:
    y = x.values ** (1 / POWER)

    def draw(keep: Keep) -> Drawing:
        steps = np.abs(np.diff(y))[keep[1:] & keep[:-1]]
        if len(steps) < 3 or steps.mean() == 0:
            raise InputError("the times between events do not vary enough to set limits")
        center, sigma = float(y[keep].mean()), float(steps.mean()) / d2(2)
        panel = _t_panel(x.values, y, center, sigma, setup)
        return [panel], {"center_transformed": center, "sigma_transformed": sigma,
                         "mean_time": float(x.values[keep].mean())}  # fmt: skip

    return draw


def _t_panel(times: Any, y: Any, center: float, sigma: float, setup: Setup) -> Panel:
    """Plotted on the transformed scale, where limits and zones are those of an individuals chart."""
    one = np.ones(len(y))
    return Panel(
        "", "Time between events (transformed)", y, center * one, sigma * one,
        max(0.0, center - setup.sigmas * sigma) * one, (center + setup.sigmas * sigma) * one,
        setup.rules,
    )  # fmt: skip


def _exact_draw_t(x: Sample, setup: Setup) -> Draw:
    times = [float(v) for v in x.exact]
    y = [math.exp(math.log(v) / POWER) if v else 0.0 for v in times]

    def draw(keep: Keep) -> Drawing:
        used = [v for v, k in zip(y, keep, strict=True) if k]
        steps = [abs(y[i] - y[i - 1]) for i in range(1, len(y)) if keep[i] and keep[i - 1]]
        center = math.fsum(used) / len(used)
        sigma = math.fsum(steps) / len(steps) / tippett_moments(2)[0]
        exact = [v for v, k in zip(x.exact, keep, strict=True) if k]
        return [_t_panel(times, np.array(y), center, sigma, setup)], {
            "center_transformed": center,
            "sigma_transformed": sigma,
            "mean_time": float(sum(exact, Fraction(0)) / len(exact)),
        }

    return draw


def _verify_t(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    x, _ = _points(arguments["x"], False)
    setup = _setup(arguments, len(x), "")
    again = recompute(_exact_draw_t(x, setup), setup)
    return {**again, **_in_time(again)}


def _in_time(values: Mapping[str, Any]) -> dict[str, float]:
    return {f"{k}_time": math.pow(values[k], POWER) for k in ("center", "ucl", "lcl")}


@operation(
    "spc.t",
    outputs=chart_outputs(
        {"": "t"},
        center_transformed="mean of the transformed times",
        sigma_transformed="their standard deviation from the moving range",
        center_time="center line in units of time",
        ucl_time="upper control limit in units of time",
        lcl_time="lower control limit in units of time",
        mean_time="mean time between events",
    ),
    reference="Nelson (1994), J. Quality Technology 26(3); Montgomery (2013), section 7.3.5",
    verifier=_verify_t,
    examples=("chart = spc.t([286, 948, 536, 124, 816, 729, 4, 143, 431, 8, 2837, 596])",),
    terms=("t chart", "time between events", "days between failures", "rare events"),
)
def t(
    x: Annotated[Sample, Param("times between events, " + _DOC, min_length=2)],
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
    rules: Rules = "limits",
    sigmas: Sigmas = 3.0,
) -> Result:
    """t control chart of the time between rare events.

    Exponential times are made about normal by the power 1/3.6 (Nelson) and charted as individuals;
    the limits are also given in units of time. A point above the upper limit is good news.
    """
    series, notes = _points(x, False)
    setup = _setup(locals(), len(series), "t chart")
    law = Assumption("exponential times", None, "events independent, at a constant rate")
    result = assemble(_draw_t(series, setup), setup, Notes(notes, (law,), "{center_time} in time"))
    values = {**result.values, **_in_time(result.values)}
    words = result.conclusion.replace("{lcl}", "{lcl_time}").replace("{ucl}", "{ucl_time}")
    return Result(values, words, result.tables, result.figures, result.assumptions, result.warnings)
