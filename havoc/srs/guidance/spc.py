"""Reading control charts and run lengths. After Montgomery (2013), Introduction to Statistical Quality Control, and
Wheeler (2010), Understanding Statistical Process Control."""

from __future__ import annotations

from havoc.srs.guidance.rule import Rule, both, false, has, true

_SHEWHART = (
    "spc.xbar_r spc.xbar_s spc.i_mr spc.median spc.p spc.np spc.c spc.u spc.laney_p spc.laney_u "
    "spc.g spc.t "
    "spc.moving_average"
)
_MEMORY = "spc.cusum spc.ewma spc.moving_average"
_ARL = "spc.arl_cusum spc.arl_ewma spc.arl_shewhart"
_MULTI = "spc.t2 spc.generalized_variance"

VERDICT = (
    Rule(
        _SHEWHART + " spc.ewma",
        "The process looks in control apart from what was left out.",
        lambda v, a: v.get("n_remaining") == 0 and bool(v.get("n_violations")),
    ),
    Rule(
        _SHEWHART + " spc.ewma",
        "The process is not in control.",
        lambda v, a: bool(v.get("n_violations") or v.get("n_out")),
    ),
    Rule(
        _SHEWHART + " spc.ewma",
        "The process looks in control.",
        lambda v, a: not (v.get("n_violations") or v.get("n_out")),
    ),
    Rule("spc.cusum", "The mean has shifted.", has("first_signal")),
    Rule(
        "spc.cusum", "No shift of the mean can be seen.", lambda v, a: v.get("first_signal") is None
    ),
)

READ = (
    Rule(
        _SHEWHART,
        "Control limits describe what the process does, specification limits what is wanted of "
        "it: a process can be in "
        "control and still not good enough.",
    ),
    Rule(
        _SHEWHART,
        "A point beyond the limits, or a pattern, is a reason to look for a special cause; it is "
        "rarely chance.",
        true("n_violations"),
    ),
    Rule(
        _SHEWHART,
        "No signal means that only common causes are at work as far as these points can tell: "
        "adjusting the process on "
        "single values would make it worse.",
        both(has("n_violations"), false("n_violations")),
    ),
    Rule(
        "spc.xbar_r spc.xbar_s",
        "Read the chart of the spread first: the limits of the means rest on it.",
    ),
    Rule(
        "spc.i_mr",
        "With single values the limits rest on the moving range and on near normality; skewed "
        "data give false alarms.",
    ),
    Rule(
        _MEMORY,
        "The chart adds up evidence over time: it finds small lasting shifts soon, and is slower "
        "than a Shewhart chart "
        "for large sudden ones.",
    ),
    Rule(
        "spc.cusum",
        "The last point at which the sum was zero tells when the shift began.",
        has("first_signal"),
    ),
    Rule(
        _ARL + " spc.chart_design",
        "The in-control run length is the average number of points between false alarms; the "
        "other is how many points "
        "a real shift takes to be seen, on average.",
    ),
    Rule(
        "spc.constants",
        "A2, A3 and E2 turn a mean range or standard deviation into limits of a chart of means; "
        "D3, D4, B3, B4 into those "
        "of a chart of spreads; d2 and c4 remove the bias of the estimate.",
    ),
    Rule(
        "spc.rules",
        "Each rule adds false alarms of its own: agree beforehand which to use.",
    ),
    Rule(
        "spc.run_chart",
        "Long runs on one side of the median, or too few crossings, tell of a shift without any "
        "limits.",
    ),
    Rule(
        _MULTI,
        "The chart watches all characteristics together; a point can be out though each of them "
        "alone is inside its limits.",
    ),
)

NEXT = (
    Rule(
        _SHEWHART + " " + _MULTI,
        "Find what was different at the points listed; if the cause is known and removed, "
        "compute the limits without them.",
        lambda v, a: bool(v.get("n_violations") or v.get("n_out")) and v.get("n_remaining") != 0,
    ),
    Rule(
        _SHEWHART + " " + _MULTI,
        "Extend these limits to the next points; recompute them only after a deliberate change.",
        lambda v, a: not (v.get("n_violations") or v.get("n_out")) or v.get("n_remaining") == 0,
    ),
    Rule(
        "spc.xbar_r spc.xbar_s spc.i_mr",
        "The process is stable here, so a capability study against the specification makes sense.",
        both(has("n_violations"), false("n_violations")),
    ),
    Rule(
        "spc.cusum spc.ewma",
        "Look for what changed where the shift began, correct it, and restart the sums.",
        has("first_signal"),
    ),
    Rule(
        "spc.cusum spc.ewma",
        "Go on charting; no lasting shift of the size designed for can be seen.",
        lambda v, a: v.get("first_signal") is None,
    ),
    Rule(
        _ARL,
        "If a shift is found too late, use a larger subgroup, a CUSUM or an EWMA; if false "
        "alarms are too many, widen the "
        "limits.",
    ),
    Rule("spc.chart_design", "Set up the chart with these parameters on the next data."),
    Rule(
        "spc.constants",
        "Use the chart itself (attach the data) rather than computing limits by hand.",
    ),
    Rule(
        "spc.rules spc.run_chart",
        "Go to the records of the points that signal, if any, and look for what changed.",
    ),
)
