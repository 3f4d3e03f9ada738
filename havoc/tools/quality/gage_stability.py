"""Stability of a gage: repeated readings of one master over time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import numpy as np
from scipy import special, stats

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, Value, table_of
from havoc.tools.spc.charting import By, Size, Subgroups, read_subgroups
from havoc.tools.spc.constants import d2, d3, tippett_moments
from havoc.tools.values import Sample, each_near_zero, near_zero

LEAST = 5


def _groups(arguments: Mapping[str, Any]) -> Subgroups:
    groups = read_subgroups(arguments["x"], arguments["subgroup"], arguments["by"], "auto")
    if len(groups.samples) < LEAST:
        raise InputError(
            f"{len(groups.samples)} occasions are too few to judge stability: at least {LEAST}, "
            "better 20"
        )
    return groups


def _judged(means: list[float], ranges: list[float], limits: Mapping[str, Any]) -> dict[str, Value]:
    lows, highs, tops = limits["lcl"], limits["ucl"], limits["r_ucl"]
    out = [i for i, (v, a, b) in enumerate(zip(means, lows, highs, strict=True), 1)
           if v < a - 1e-12 * abs(a) or v > b + 1e-12 * abs(b)]  # fmt: skip
    wide = [i for i, (v, b) in enumerate(zip(ranges, tops, strict=True), 1) if v > b * (1 + 1e-12)]
    return {"out_of_control": out, "r_out_of_control": wide}


def _drift(means: list[float]) -> tuple[float, float]:
    """Slope of the means per occasion and its t; 0 of means that differ by rounding only."""
    n = len(means)
    if np.ptp(means) <= 1e-12 * max(map(abs, means)):
        return 0.0, 0.0
    at = np.arange(n) - (n - 1) / 2
    sxx = float(at @ at)
    slope = float(at @ np.array(means)) / sxx
    rest = np.array(means) - np.mean(means) - slope * at
    error = math.sqrt(float(rest @ rest) / (n - 2) / sxx)
    return slope, slope / error if error > 0 else 0.0


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Exact means, Tippett's integrals for the factors, the drift's t from the correlation."""
    groups = _groups(arguments)
    exact = [s.exact for s in groups.samples]
    n = len(exact)
    means = [sum(e, Fraction(0)) / len(e) for e in exact]
    ranges = [float(max(e) - min(e)) for e in exact]
    factors = [tippett_moments(len(e)) for e in exact]
    sigma = math.fsum(r / f[0] for r, f in zip(ranges, factors, strict=True)) / n
    center = float(sum(map(sum, exact), Fraction(0)) / sum(map(len, exact)))
    half = [3 * sigma / math.sqrt(len(e)) for e in exact]
    limits = {
        "lcl": [center - h for h in half], "ucl": [center + h for h in half],
        "r_ucl": [sigma * (m + 3 * s) for m, s in factors],
    }  # fmt: skip
    judged = _judged([float(m) for m in means], ranges, limits)
    places = [Fraction(2 * i - n + 1, 2) for i in range(n)]
    sxx = sum(p * p for p in places)
    sxy = sum(p * m for p, m in zip(places, means, strict=True))
    syy = sum((m - sum(means) / n) ** 2 for m in means)
    r2 = float(sxy * sxy / (sxx * syy)) if syy else 0.0
    t = math.copysign(math.sqrt(r2 * (n - 2) / (1 - r2)), float(sxy)) if r2 < 1 else 0.0
    again: dict[str, Any] = {
        "center": center, "sigma": sigma, "occasions": n, "drift": float(sxy / sxx), "t_drift": t,
        "p_drift": float(special.betainc((n - 2) / 2, 0.5, (n - 2) / (n - 2 + t * t))),
        "lcl": limits["lcl"][0], "ucl": limits["ucl"][0], "r_ucl": limits["r_ucl"][0],
        "drift_total": float(sxy / sxx) * (n - 1), **judged,
    }  # fmt: skip
    if arguments["reference"] is not None:
        again["bias"] = center - arguments["reference"]
    return again


@operation(
    "quality.gage_stability",
    outputs={
        "center": "mean of all readings",
        "lcl": "lower control limit of the means (first occasion)",
        "ucl": "upper control limit of the means (first occasion)",
        "r_ucl": "upper control limit of the ranges (first occasion)",
        "out_of_control": "occasions whose mean is beyond its limits",
        "r_out_of_control": "occasions whose range is beyond its limit",
        "sigma": "standard deviation of repeatability (mean range / d2)",
        "drift": "slope of the means per occasion",
        "t_drift": "its t",
        "p_drift": "its p value",
        "drift_total": "drift from the first occasion to the last",
        "bias": "mean less reference",
        "occasions": "number of occasions",
    },
    reference="AIAG (2010), Measurement Systems Analysis, 4th ed., chapter III-B (stability)",
    verifier=_verify,
    tolerance=1e-8,
    examples=(
        "g = quality.gage_stability([[6.01, 5.99, 6.02], [6.00, 6.03, 5.98], [5.97, 6.01, 6.00], "
        "[6.02, 6.04, 6.01], [6.00, 5.99, 6.01], [6.03, 6.02, 6.05]], reference=6)",
    ),
    terms=("gage stability", "stability study", "drift of a measuring device"),
)
def gage_stability(
    x: Annotated[
        tuple[Sample, ...], Param("readings of the master, an occasion a row, or one column")
    ],
    subgroup: Size = None,
    by: By = None,
    reference: Annotated[float | None, Param("value of the master")] = None,
    alpha: Annotated[float, Param("significance level", gt=0, lt=1, fraction=True)] = 0.05,
) -> Result:
    """Stability of a gage: does its reading of one master stay the same over time?

    Means and ranges of the occasions against 3-sigma limits, and a straight drift by Student's t.
    """
    groups = _groups(locals())
    data, offset = near_zero(groups.samples)
    sizes = [len(v) for v in data]
    ranges = [float(np.ptp(v)) for v in each_near_zero(groups.samples)]
    sigma = float(np.mean([r / d2(k) for r, k in zip(ranges, sizes, strict=True)]))
    if sigma <= 0:
        raise InputError(
            "the readings of an occasion do not vary: the gage's resolution is too coarse to judge it"
        )
    near = [float(v.mean()) for v in data]
    means = [float(offset + Fraction(m)) for m in near]
    center = float(offset + Fraction(float(np.concatenate(data).mean())))
    limits = {
        "lcl": [center - 3 * sigma / math.sqrt(k) for k in sizes],
        "ucl": [center + 3 * sigma / math.sqrt(k) for k in sizes],
        "r_ucl": [sigma * (d2(k) + 3 * d3(k)) for k in sizes],
    }
    slope, t = _drift(near)
    n = len(means)
    values: dict[str, Value] = {
        "center": center, "lcl": limits["lcl"][0], "ucl": limits["ucl"][0],
        "r_ucl": limits["r_ucl"][0], **_judged(means, ranges, limits), "sigma": sigma,
        "drift": slope, "t_drift": t, "p_drift": float(2 * stats.t.sf(abs(t), n - 2)),
        "drift_total": slope * (n - 1), "occasions": n,
    }  # fmt: skip
    if reference is not None:
        values["bias"] = center - reference
    out, wide = values["out_of_control"], values["r_out_of_control"]
    drifts = values["p_drift"] < alpha  # type: ignore[operator]
    verdict = "The gage is not stable" if out or wide or drifts else "The gage is stable"
    rows = list(zip(range(1, n + 1), groups.labels, means, ranges, strict=True))
    bad: list[int] = list(out)  # type: ignore[arg-type, call-overload]
    return Result(
        values,
        verdict + " over {occasions} occasions: center {center}, limits {lcl} to {ucl}; drift "
        "{drift} an occasion (p = {p_drift}).",
        (table_of("occasions", ("occasion", "label", "mean", "range"), rows),),
        (
            Figure("control_chart", "Gage stability", {
                "point": list(range(1, n + 1)), "label": list(groups.labels), "value": means,
                "center": [center] * n, "lcl": limits["lcl"], "ucl": limits["ucl"],
                "violations": [{"point": i, "rule": "beyond limits"} for i in bad],
                "y_label": "mean reading",
            }),
        ),
        warnings=(*groups.notes, *(("With fewer than 20 occasions the limits are rough.",)
                                   if n < 20 else ())),
    )  # fmt: skip
