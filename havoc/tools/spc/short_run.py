"""Charts for short runs: parts of several nominals on one chart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, Literal

import pandas as pd
from scipy import stats

from havoc.errors import InputError
from havoc.tools.diagnostics import p_words
from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Result, Value
from havoc.tools.spc.charting import (
    Exclude,
    Notes,
    Phase1,
    Rules,
    Setup,
    Sigmas,
    assemble,
    chart_outputs,
    independence,
    recompute,
)
from havoc.tools.spc.individuals import draw_imr, exact_draw_imr, imr_setup, normality
from havoc.tools.spc.stages import NO_LIMITS
from havoc.tools.values import Labels, Sample

D2 = Fraction("1.128379167095512574")  # 2 / sqrt(pi)


def _deviations(arguments: Mapping[str, Any]) -> Sample:
    """Each reading less its part's nominal (or mean); for ``z`` over the part's own sigma."""
    x, part, nominal = arguments["x"], arguments["part"], arguments["nominal"]
    parts = part.items
    sizes = {len(x.texts), len(parts)} | ({len(nominal.texts)} if nominal is not None else set())
    if len(sizes) > 1:
        raise InputError("every reading needs its part and, where given, its nominal")
    columns = [x.texts, parts] + ([nominal.texts] if nominal is not None else [])
    if any(v is None for column in columns for v in column):
        raise InputError("a reading, part or nominal is missing: leave its row out")
    exact = list(x.exact)
    groups: dict[str, list[int]] = {}
    for i, name in enumerate(parts):
        groups.setdefault(name, []).append(i)
    target = list(nominal.exact) if nominal is not None else [Fraction(0)] * len(exact)
    found = [v - t for v, t in zip(exact, target, strict=True)]
    if nominal is None or arguments["method"] == "z":
        for name, own in groups.items():
            if len(own) < 3:
                raise InputError(
                    f"part {name} has {len(own)} reading(s): its own mean needs at least 3; give "
                    "its nominal"
                )
    for name, own in groups.items():
        if nominal is None:
            mean = sum((found[i] for i in own), Fraction(0)) / len(own)
            for i in own:
                found[i] -= mean
        if arguments["method"] == "z":
            steps = [abs(found[b] - found[a]) for a, b in pairwise(own)]
            sigma = sum(steps, Fraction(0)) / len(steps) / D2
            if sigma == 0:
                raise InputError(f"the readings of part {name} do not vary: it has no sigma")
            for i in own:
                found[i] /= sigma
    return Sample.of([float(v) for v in found], "deviation" if arguments["method"] != "z" else "z")


def _deviations_again(arguments: Mapping[str, Any]) -> Sample:
    """The same by pandas' grouping of floats, each less the first reading: near 1e12 floats are too coarse."""
    x, nominal = arguments["x"].exact, arguments["nominal"]
    frame = pd.DataFrame({"y": [float(v - x[0]) for v in x], "part": arguments["part"].items})
    if nominal is not None:
        frame["y"] -= [float(v - x[0]) for v in nominal.exact]
    else:
        frame["y"] -= frame.groupby("part")["y"].transform("mean")
    if arguments["method"] == "z":
        ranges = frame.groupby("part")["y"].diff().abs()
        frame["y"] /= ranges.groupby(frame["part"]).transform("mean") * math.sqrt(math.pi) / 2
    return Sample.of(frame["y"].to_numpy(), "deviation")


def _charted(arguments: Mapping[str, Any], series: Sample) -> dict[str, Any]:
    """The arguments of the individuals chart that is drawn."""
    return {
        **arguments,
        "x": series,
        "center": None,
        "sigma": 1.0 if arguments["method"] == "z" else None,
        "baseline": None,
        "stages": (),
        "reasons": None,
        "control_limits": NO_LIMITS,
        "estimator": "moving_range",
        "span": 2,
    }


def _setup(arguments: Mapping[str, Any], series: Sample) -> Setup:
    setup = imr_setup(_charted(arguments, series), series)
    labels = tuple(f"{i} ({part})" for i, part in enumerate(arguments["part"].items, 1))
    return replace(setup, title="Short-run chart", labels=labels)


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    series = _deviations_again(arguments)
    setup = _setup(arguments, series)
    again = recompute(exact_draw_imr(_charted(arguments, series), series, setup), setup)
    return {**again, "parts": len(set(arguments["part"].items))}


@operation(
    "spc.short_run",
    outputs=chart_outputs(
        {"": "deviations", "mr_": "moving range"},
        sigma="standard deviation used for the limits",
        mr_bar="mean moving range of the deviations",
        mean="mean of the deviations that set the limits",
        parts="number of different parts",
        method="what is charted",
    ),
    reference="Montgomery (2013), Statistical Quality Control, section 10.1; Wheeler (1991), Short Run SPC",
    verifier=_verify,
    examples=(
        'chart = spc.short_run(x=[10.1, 9.9, 10.2, 25.3, 24.8, 25.1, 10.0], part=["A", "A", "A", '
        '"B", "B", "B", "A"], nominal=[10, 10, 10, 25, 25, 25, 10])',
        'chart = spc.short_run(x=[10.1, 9.9, 10.2, 10.0, 25.3, 24.8, 25.1, 25.6], part=["A", "A", '
        '"A", "A", "B", "B", "B", "B"], method=z)',
    ),
    terms=(
        "short run chart",
        "DNOM",
        "deviation from nominal",
        "Z-MR chart",
        "short production runs",
    ),
)
def short_run(
    x: Annotated[Sample, Param("single readings in time order", min_length=5)],
    part: Annotated[Labels, Param("part (product, set-up) of each reading")],
    nominal: Annotated[
        Sample | None, Param("nominal of each reading's part; without it the part's own mean")
    ] = None,
    method: Annotated[
        Literal["difference", "z"],
        Param("chart the difference (equal spread of all parts) or z (each part's own sigma)"),
    ] = "difference",
    phase1: Phase1 = None,
    exclude: Exclude = (),
    rules: Rules = "western_electric",
    sigmas: Sigmas = 3.0,
) -> Result:
    """Short-run control chart: readings of several parts on one chart, as deviations from nominal.

    Each reading less its part's nominal (DNOM), or less the part's own mean, is charted with its
    moving range; ``method=z`` also divides by the part's own sigma (mean moving range / 1.128).
    """
    arguments = dict(locals())
    series = _deviations(arguments)
    setup = _setup(arguments, series)
    y = series.values
    by_part = [y[[n == name for n in part.items]] for name in dict.fromkeys(part.items)]
    same = Assumption("all parts vary alike", None, "needed for method=difference")
    if method == "difference" and len(by_part) > 1 and min(map(len, by_part)) > 3:
        p = float(stats.levene(*by_part, center="median").pvalue)
        detail = f"Brown-Forsythe {p_words(p)}" + (": use method=z" if p < 0.05 else "")
        same = Assumption("all parts vary alike", bool(p >= 0.05), detail, p_value=p)
    assumptions = (*independence(setup.levelled(y)), *normality(setup.levelled(y)))
    if method == "difference":
        assumptions = (same, *assumptions)
    notes = Notes((), assumptions, "{center} (sigma {sigma}, {parts} parts)")
    result = assemble(draw_imr(_charted(arguments, series), y, setup), setup, notes)
    more: dict[str, Value] = {"parts": len(by_part), "method": _METHODS[method]}
    return replace(result, values={**result.values, **more})


_METHODS = {"difference": "deviation from nominal", "z": "standardised deviation"}
