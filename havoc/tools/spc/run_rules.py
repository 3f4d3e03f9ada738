"""Run rules on control charts: Western Electric, Nelson, Westgard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.values import FloatArray, Sample, near_zero

Indices = npt.NDArray[np.intp]
RuleSet = Literal["limits", "western_electric", "nelson", "westgard", "none"]
RULES_DOC = (
    "rule set: limits (points beyond the limits only), western_electric, nelson, westgard or none"
)
SAME = 1e-9  # in sigma: a point this near a line lies on it, and a point on a line is not beyond it


@dataclass(frozen=True)
class Rule:
    """``k`` of the last ``m`` points satisfy ``kind`` at ``level`` sigma."""

    name: str
    words: str
    meaning: str
    kind: Literal["beyond", "side", "trend", "alternating", "within", "outside", "opposite"]
    k: int
    m: int
    level: float = 0.0


_SHIFT = "the mean has moved"
_LARGE = "a large shift, an outlier or a wrong reading"
_WE = "Western Electric"
RULE_SETS: Mapping[str, tuple[Rule, ...]] = {
    "none": (),
    "limits": (Rule("beyond limits", "1 point beyond a control limit", _LARGE, "beyond", 1, 1, 3),),
    "western_electric": (
        Rule(f"{_WE} 1", "1 point beyond 3 sigma", _LARGE, "beyond", 1, 1, 3),
        Rule(f"{_WE} 2", "2 of 3 points beyond 2 sigma on one side", _SHIFT, "beyond", 2, 3, 2),
        Rule(
            f"{_WE} 3",
            "4 of 5 points beyond 1 sigma on one side",
            "a small sustained shift of the mean",
            "beyond",
            4,
            5,
            1,
        ),
        Rule(f"{_WE} 4", "8 points in a row on one side of the center", _SHIFT, "side", 8, 8),
    ),
    "nelson": (
        Rule("Nelson 1", "1 point beyond 3 sigma", _LARGE, "beyond", 1, 1, 3),
        Rule("Nelson 2", "9 points in a row on one side of the center", _SHIFT, "side", 9, 9),
        Rule(
            "Nelson 3",
            "6 points in a row steadily rising or falling",
            "a trend: wear, drift, depletion",
            "trend",
            6,
            6,
        ),
        Rule(
            "Nelson 4",
            "14 points in a row alternating up and down",
            "two alternating causes (machines, shifts, suppliers) or over-adjustment",
            "alternating",
            14,
            14,
        ),
        Rule("Nelson 5", "2 of 3 points beyond 2 sigma on one side", _SHIFT, "beyond", 2, 3, 2),
        Rule(
            "Nelson 6",
            "4 of 5 points beyond 1 sigma on one side",
            "a small sustained shift of the mean",
            "beyond",
            4,
            5,
            1,
        ),
        Rule(
            "Nelson 7",
            "15 points in a row within 1 sigma",
            "stratification: the subgroups mix sources, or the limits are too wide",
            "within",
            15,
            15,
            1,
        ),
        Rule(
            "Nelson 8",
            "8 points in a row beyond 1 sigma on either side",
            "a mixture of two processes",
            "outside",
            8,
            8,
            1,
        ),
    ),
    "westgard": (
        Rule("Westgard 1-3s", "1 point beyond 3 s", "random error", "beyond", 1, 1, 3),
        Rule(
            "Westgard 2-2s",
            "2 points in a row beyond 2 s on one side",
            "systematic error",
            "beyond",
            2,
            2,
            2,
        ),
        Rule(
            "Westgard R-4s",
            "2 points in a row beyond 2 s on opposite sides",
            "random error",
            "opposite",
            2,
            2,
            2,
        ),
        Rule(
            "Westgard 4-1s",
            "4 points in a row beyond 1 s on one side",
            "systematic error",
            "beyond",
            4,
            4,
            1,
        ),
        Rule(
            "Westgard 10-x",
            "10 points in a row on one side of the mean",
            "systematic error",
            "side",
            10,
            10,
        ),
    ),
}


@dataclass(frozen=True)
class Signal:
    """A rule broken at ``point`` (counted from 1) by the window ``first..point``."""

    point: int
    first: int
    rule: Rule

    def __str__(self) -> str:
        return f"point {self.point}: {self.rule.name}, {self.rule.words}"


def rules_of(name: str, sigmas: float = 3.0) -> tuple[Rule, ...]:
    """The rule set, its outermost limit moved to ``sigmas``."""
    if sigmas == 3:
        return RULE_SETS[name]
    return tuple(
        Rule(r.name, f"1 point beyond {sigmas:g} sigma", r.meaning, r.kind, 1, 1, sigmas)
        if r.level == 3
        else r
        for r in RULE_SETS[name]
    )


def find_signals(z: FloatArray, y: FloatArray, rules: Sequence[Rule]) -> list[Signal]:
    """Points that break a rule, by running counts over the whole series.

    ``z`` is the distance from the center in standard errors (limits may vary from point to
    point), ``y`` the plotted value, for the rules on differences. A k-of-m rule signals at a
    point that lies itself beyond the line.
    """
    found: list[Signal] = []
    for rule in rules:
        found += [Signal(int(i) + 1, max(1, int(i) + 2 - rule.m), rule) for i in _hits(z, y, rule)]
    return sorted(found, key=lambda s: (s.point, s.rule.name))


def _hits(z: FloatArray, y: FloatArray, rule: Rule) -> Indices:
    edge = rule.level + SAME
    match rule.kind:
        case "beyond":
            sides = [z > edge, z < -edge]
        case "side":
            sides = [z > SAME, z < -SAME]
        case "within":
            sides = [np.abs(z) < rule.level - SAME]
        case "outside":
            sides = [np.abs(z) > edge]
        case "opposite":
            jump = np.zeros(len(z), dtype=bool)
            jump[1:] = ((z[1:] > edge) & (z[:-1] < -edge)) | ((z[1:] < -edge) & (z[:-1] > edge))
            return np.flatnonzero(jump)
        case _:
            return _difference_hits(y, rule)
    hit = np.zeros(len(z), dtype=bool)
    for side in sides:
        total = np.concatenate(([0], np.cumsum(side)))
        start = np.maximum(np.arange(1, len(z) + 1) - rule.m, 0)
        hit |= side & (total[1:] - total[start] >= rule.k)
    return np.flatnonzero(hit)


def _difference_hits(y: FloatArray, rule: Rule) -> Indices:
    sign = step_signs(y)
    if len(sign) == 0:
        return np.flatnonzero([])
    goes_on = np.zeros(len(sign), dtype=bool)
    turn = 1 if rule.kind == "trend" else -1
    goes_on[1:] = (sign[1:] != 0) & (sign[1:] == turn * sign[:-1])
    # Length of the run that ends at each step: steps since the last one that began a run.
    step = np.arange(len(sign))
    began = np.maximum.accumulate(np.where(goes_on, 0, step))
    run = np.where(sign != 0, step - began + 1, 0)
    return np.flatnonzero(np.concatenate(([0], run)) >= rule.m - 1)


def step_signs(y: FloatArray) -> Indices:
    """Sign of each step; a step of rounding error's size is none."""
    step = np.diff(y)
    scale = max(float(np.max(np.abs(y))), 1e-300) if len(y) else 1.0
    return np.where(np.abs(step) <= 1e-12 * scale, 0, np.sign(step)).astype(int)


def find_by_window(z: FloatArray, y: FloatArray, rules: Sequence[Rule]) -> list[Signal]:
    """The same from the definition: look at every window of ``m`` points on its own."""
    found = []
    for rule in rules:
        # Windows that begin before the first point are filled up with points that break nothing.
        ahead = np.full(rule.m - 1, np.nan)
        windows = [
            np.lib.stride_tricks.sliding_window_view(np.concatenate((ahead, a)), rule.m)
            for a in (np.asarray(z, dtype=float), np.asarray(y, dtype=float))
        ]
        broken = _windows_break(windows[0], windows[1], rule) if len(z) else np.zeros(0, dtype=bool)
        found += [
            Signal(int(end) + 1, max(1, int(end) + 2 - rule.m), rule)
            for end in np.flatnonzero(broken)
        ]
    return sorted(found, key=lambda s: (s.point, s.rule.name))


def _windows_break(z: FloatArray, y: FloatArray, rule: Rule) -> npt.NDArray[np.bool_]:
    """Whether each window (a row) breaks the rule; comparisons with a filled-up point are false."""
    edge = rule.level + SAME
    match rule.kind:
        case "beyond" | "side":
            above = ((z > edge).sum(axis=1) >= rule.k) & (z[:, -1] > edge)
            below = ((z < -edge).sum(axis=1) >= rule.k) & (z[:, -1] < -edge)
            return np.asarray(above | below)
        case "within":
            return np.asarray((np.abs(z) < rule.level - SAME).all(axis=1))
        case "outside":
            return np.asarray((np.abs(z) > edge).all(axis=1))
        case "opposite":
            return np.asarray((z > edge).any(axis=1) & (z < -edge).any(axis=1))
    steps = np.diff(y, axis=1)
    # A step of rounding error's size is none, as in step_signs.
    scale = max(float(np.nanmax(np.abs(y), initial=0.0)), 1e-300)
    steps = np.where(np.abs(steps) <= 1e-12 * scale, 0.0, steps)
    if rule.kind == "trend":
        return np.asarray((steps > 0).all(axis=1) | (steps < 0).all(axis=1))
    return np.asarray((steps[:, 1:] * steps[:, :-1] < 0).all(axis=1))


_SPREAD = "the spread within subgroups has changed, or a reading is wrong"
_BEYOND = {  # what a point beyond the limits may mean where the chart does not plot readings or means
    "EWMA": "a sustained shift of the mean; the points after it carry it on",
    "Moving average": "a sustained shift of the mean; the points after it carry it on",
    "Moving range": "a jump between neighbouring readings: an outlier or a sudden shift",
    "R": _SPREAD,
    "S": _SPREAD,
    "Units between events": "above: events have become rarer; below: more frequent",
    "Time between events (transformed)": "above: events have become rarer; below: more frequent",
}


def signal_table(signals: Sequence[tuple[str, Signal]]) -> Any:
    """Table of signals: chart, point, window, rule, what it says."""
    rows = [
        (chart, s.point, f"{s.first}-{s.point}" if s.first < s.point else str(s.point), s.rule.name,
         s.rule.words, _BEYOND.get(chart, s.rule.meaning) if s.rule.m == 1 else s.rule.meaning)
        for chart, s in signals
    ]  # fmt: skip
    return table_of("signals", ("chart", "point", "window", "rule", "pattern", "may mean"), rows)


def _standardised(x: Sample, center: float | None, sigma: float | None) -> tuple[float, float]:
    series = x.present()
    mid = float(np.mean(series.values)) if center is None else center
    (near,), _ = near_zero([series])
    spread = float(np.mean(np.abs(np.diff(near)))) * np.sqrt(np.pi) / 2 if sigma is None else sigma
    if spread <= 0:
        raise InputError("all readings are equal: without variation there are no zones to judge by")
    return mid, float(spread)


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    exact = arguments["x"].present().exact
    mid, spread = arguments["center"], arguments["sigma"]
    if mid is None:
        mid = float(sum(exact) / len(exact))
    if spread is None:
        total = sum(abs(b - a) for a, b in pairwise(exact))
        spread = float(total / (len(exact) - 1)) / (2 / np.sqrt(np.pi))
    y = np.array([float(v) for v in exact])
    signals = find_by_window((y - mid) / spread, y, RULE_SETS[arguments["rules"]])
    return {
        "center": mid,
        "sigma": spread,
        "n": len(exact),
        "signal_points": sorted({s.point for s in signals}),
        "n_signals": len(signals),
        "violations": [str(s) for s in signals],
    }


@operation(
    "spc.rules",
    outputs={
        "signal_points": "numbers of the points that break a rule",
        "violations": "each broken rule with its point",
        "n_signals": "how many times a rule is broken",
        "center": "center line used",
        "sigma": "standard deviation used",
        "n": "points",
    },
    reference="Western Electric (1956), Statistical Quality Control Handbook; Nelson (1984), "
    "J. Quality Technology 16(4); Westgard et al. (1981), Clinical Chemistry 27(3)",
    verifier=_verify,
    examples=(
        "r = spc.rules([1, 2, -1, 0.5, 3.4, 2.2, 2.4, 0.1], center=0, sigma=1, rules=nelson)",
        "r = spc.rules([9.1, 9.2, 9.4, 9.5, 9.7, 9.9, 10.2, 10.3], rules=western_electric)",
    ),
    terms=("run rules", "Nelson rules", "Western Electric rules", "Westgard rules", "zone tests"),
)
def rules(
    x: Annotated[Sample, Param("readings or plotted statistics in time order", min_length=2)],
    center: Annotated[float | None, Param("known center line; otherwise the mean")] = None,
    sigma: Annotated[
        float | None, Param("known standard deviation; otherwise mean moving range / d2", gt=0)
    ] = None,
    rules: Annotated[RuleSet, Param(RULES_DOC)] = "nelson",
) -> Result:
    """Check a series against run rules.

    Each signal names the rule, the point that completes the pattern and what such a pattern
    usually means. Western Electric calls 8 points in a row on one side a signal, Nelson 9.
    A point on a line is not beyond it.
    """
    series = x.present()
    mid, spread = _standardised(x, center, sigma)
    y = series.values
    signals = find_signals((y - mid) / spread, y, RULE_SETS[rules])
    points = sorted({s.point for s in signals})
    warnings = []
    if x.n_missing:
        warnings.append(f"{x.n_missing} missing readings were left out; the points are renumbered.")
    if rules in ("western_electric", "nelson"):
        warnings.append(
            "Several rules together raise more false alarms than the 3-sigma limits alone "
            "(about 1 in 92 points for the four Western Electric rules against 1 in 370)."
        )
    edge = [mid - 3 * spread, mid + 3 * spread]
    figure = Figure(
        "control_chart",
        f"Run rules on {x.name}",
        {
            "point": list(range(1, len(y) + 1)),
            "value": y.tolist(),
            "center": [mid] * len(y),
            "lcl": [edge[0]] * len(y),
            "ucl": [edge[1]] * len(y),
            "violations": [
                {"point": s.point, "rule": s.rule.name, "pattern": s.rule.words} for s in signals
            ],
            "y_label": x.name,
        },
    )
    said = (
        "{n_signals} signals in {n} points, at the points listed."
        if signals
        else "No rule is broken in {n} points."
    )
    return Result(
        {
            "signal_points": points,
            "violations": [str(s) for s in signals],
            "n_signals": len(signals),
            "center": mid,
            "sigma": spread,
            "n": len(y),
        },
        said,
        tables=(signal_table([(x.name, s) for s in signals]),),
        figures=(figure,),
        warnings=tuple(warnings),
    )
