"""Gage R&R for destructive tests (nested), and the bias of a gage."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import numpy as np
from scipy import special, stats

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.quality.gage_rr import (
    GRR_OUTPUTS,
    grr_conclusion,
    grr_figure,
    grr_table,
    study_again,
    study_values,
)
from havoc.tools.quality.gage_studies import t_p_value, t_quantile
from havoc.tools.quality.specs import Confidence
from havoc.tools.result import Assumption, Result, Value, table_of
from havoc.tools.values import Labels, Sample, near_zero

Cells = dict[str, dict[str, list[int]]]


def _cells(x: Sample, part: Labels, operator: Labels) -> Cells:
    """Rows of each part of each operator; refuses an unbalanced study."""
    if not len(x) == len(part) == len(operator):
        raise InputError("the columns of readings, parts and operators differ in length")
    if x.n_missing or part.n_missing or operator.n_missing:
        raise InputError("a reading, part or operator is missing: complete the study")
    cells: Cells = {}
    for i, (o, p) in enumerate(zip(operator.items, part.items, strict=True)):
        cells.setdefault(str(o), {}).setdefault(str(p), []).append(i)
    trials = {len(rows) for own in cells.values() for rows in own.values()}
    parts = {len(own) for own in cells.values()}
    if len(trials) != 1 or len(parts) != 1:
        raise InputError(
            "the nested study is not balanced: every operator needs as many parts, and every part as "
            "many readings"
        )
    if min(trials) < 2 or min(parts) < 2 or len(cells) < 2:
        raise InputError(
            "a nested study needs at least 2 operators, 2 parts of each and 2 readings of each part"
        )
    if np.ptp(x.values) == 0:
        raise InputError("all readings are equal: the gage resolves nothing")
    return cells


def _sums(x: Sample, cells: Cells) -> tuple[dict[str, float], tuple[int, int, int]]:
    (near,), _ = near_zero([x])
    y = np.array([[near[rows] for rows in own.values()] for own in cells.values()])
    o, p, r = y.shape
    cell, operator = y.mean(axis=2), y.mean(axis=(1, 2))
    return {
        "operator": p * r * float(((operator - y.mean()) ** 2).sum()),
        "part": r * float(((cell - operator[:, None]) ** 2).sum()),
        "error": float(((y - cell[:, :, None]) ** 2).sum()),
    }, (o, p, r)


def _exact_sums(x: Sample, cells: Cells) -> tuple[dict[str, float], tuple[int, int, int]]:
    exact = x.exact
    totals = [[sum((exact[i] for i in rows), Fraction(0)) for rows in own.values()]
              for own in cells.values()]  # fmt: skip
    o, p = len(totals), len(totals[0])
    r = len(exact) // (o * p)
    correction = sum(map(sum, totals), Fraction(0)) ** 2 / len(exact)
    by_operator = sum(sum(row) ** 2 for row in totals) / (p * r)
    by_cell = sum((t * t for row in totals for t in row), Fraction(0)) / r
    squares = sum((v * v for v in exact), Fraction(0))
    return {
        "operator": float(by_operator - correction),
        "part": float(by_cell - by_operator),
        "error": float(squares - by_cell),
    }, (o, p, r)


def _degrees(shape: tuple[int, int, int]) -> dict[str, int]:
    o, p, r = shape
    return {"operator": o - 1, "part": o * (p - 1), "error": o * p * (r - 1)}


def _components(ss: Mapping[str, float], shape: tuple[int, int, int]) -> dict[str, float]:
    _, p, r = shape
    df = _degrees(shape)
    ms = {k: ss[k] / df[k] for k in ss}
    part = max(0.0, (ms["part"] - ms["error"]) / r)
    operator = max(0.0, (ms["operator"] - ms["part"]) / (p * r))
    return {"grr": ms["error"] + operator, "repeatability": ms["error"],
            "reproducibility": operator, "part": part,
            "total": ms["error"] + operator + part}  # fmt: skip


def _verify_nested(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    cells = _cells(arguments["x"], arguments["part"], arguments["operator"])
    ss, shape = _exact_sums(arguments["x"], cells)
    o, p, r = shape
    df = _degrees(shape)
    system = np.array([[p * r, r, 1], [0, r, 1], [0, 0, 1]], dtype=float)
    mean_squares = np.array([ss[k] / df[k] for k in ("operator", "part", "error")])
    operator, part, error = np.maximum(np.linalg.solve(system, mean_squares), 0.0)
    variances = {"grr": error + operator, "repeatability": error, "reproducibility": operator,
                 "part": part, "total": error + operator + part}  # fmt: skip
    again: dict[str, Any] = {f"var_{k}": v for k, v in variances.items()}
    sds = {k: math.sqrt(v) for k, v in variances.items()}
    again |= study_again(sds, arguments["study"], arguments["tolerance"])
    for k, under in (("operator", "part"), ("part", "error")):
        if ss[under] > 0:
            f = (ss[k] / df[k]) / (ss[under] / df[under])
            share = df[under] / (df[under] + df[k] * f)
            again[f"f_{k}"] = f
            again[f"p_{k}"] = float(special.betainc(df[under] / 2, df[k] / 2, share))
    return {**again, "parts": p, "operators": o, "trials": r}


@operation(
    "quality.gage_nested",
    outputs={
        **GRR_OUTPUTS,
        **{f"f_{k}": f"F, {k}" for k in ("part", "operator")},
        **{f"p_{k}": f"p value, {k}" for k in ("part", "operator")},
    },
    reference="AIAG (2010), Measurement Systems Analysis, 4th ed., chapter IV (nonreplicable)",
    verifier=_verify_nested,
    examples=(
        "g = quality.gage_nested([5.0, 5.1, 6.0, 6.1, 7.1, 7.0, 5.2, 5.4, 6.3, 6.2, 7.0, 7.3], "
        'part=["a", "a", "b", "b", "c", "c", "d", "d", "e", "e", "f", "f"], '
        'operator=["x", "x", "x", "x", "x", "x", "y", "y", "y", "y", "y", "y"])',
    ),
    terms=("nested gage R&R", "destructive gage R&R", "nonreplicable measurement system"),
)
def gage_nested(
    x: Annotated[Sample, Param("measured values", min_length=8)],
    part: Annotated[Labels, Param("part or batch measured")],
    operator: Annotated[Labels, Param("who measured (appraiser)")],
    tolerance: Annotated[float | None, Param("width of the tolerance (USL - LSL)", gt=0)] = None,
    study: Annotated[float, Param("standard deviations of spread (6, formerly 5.15)", gt=0)] = 6.0,
) -> Result:
    """Gage R&R for destructive tests: each operator measures parts of his own (nested).

    Readings called the same part must be as good as one part (a batch). Variance components from
    the nested ANOVA: operator, part within operator, repeatability. An interaction cannot be told.
    """
    cells = _cells(x, part, operator)
    ss, shape = _sums(x, cells)
    df = _degrees(shape)
    variances = _components(ss, shape)
    values: dict[str, Value] = {f"var_{k}": v for k, v in variances.items()}
    sds = {k: math.sqrt(v) for k, v in variances.items()}
    values |= study_values(sds, study, tolerance)
    rows: list[tuple[Any, ...]] = []
    for k, under in (("operator", "part"), ("part", "error")):
        mean_square = ss[k] / df[k]
        if ss[under] > 0:
            f = mean_square / (ss[under] / df[under])
            values |= {f"f_{k}": f, f"p_{k}": float(special.fdtrc(df[k], df[under], f))}
        name = "part(operator)" if k == "part" else k
        rows.append((name, df[k], ss[k], mean_square, values.get(f"f_{k}"), values.get(f"p_{k}")))
    rows.append(("repeatability", df["error"], ss["error"], ss["error"] / df["error"], None, None))
    values |= dict(zip(("operators", "parts", "trials"), shape, strict=True))
    return Result(
        values,
        grr_conclusion(values),
        tables=(grr_table(values), table_of("anova", ("source", "df", "SS", "MS", "F", "p"), rows)),
        figures=(grr_figure(values),),
        assumptions=(
            Assumption("homogeneous batches", None, "readings of one part must be as of one piece"),
        ),
        warnings=("Differences between pieces of a batch count as repeatability here.",),
    )


def _verify_bias(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    exact = arguments["x"].present().exact
    n = len(exact)
    mean = sum(exact, Fraction(0)) / n
    square = sum(((v - mean) ** 2 for v in exact), Fraction(0)) / (n - 1)
    bias = mean - Fraction(repr(arguments["reference"]))
    error = math.sqrt(square / n)
    half = t_quantile(arguments["confidence"], n - 1) * error
    again: dict[str, Any] = {
        "n": n,
        "mean": float(mean),
        "sd": math.sqrt(square),
        "bias": float(bias),
        "t": float(bias) / error,
        "p_value": t_p_value(float(bias) / error, n - 1),
        "ci_low": float(bias) - half,
        "ci_high": float(bias) + half,
    }
    if arguments["tolerance"] is not None:
        again["pct_bias"] = float(100 * abs(bias) / Fraction(repr(arguments["tolerance"])))
    return again


@operation(
    "quality.gage_bias",
    outputs={
        "bias": "mean less reference",
        "t": "Student's t of the bias",
        "p_value": "p value of no bias",
        "ci_low": "lower confidence limit of the bias",
        "ci_high": "upper confidence limit of the bias",
        "mean": "mean of the readings",
        "sd": "standard deviation of the readings",
        "pct_bias": "bias in percent of the tolerance or process variation",
        "n": "readings",
    },
    reference="AIAG (2010), Measurement Systems Analysis, 4th ed., chapter III-B",
    verifier=_verify_bias,
    tolerance=1e-8,
    examples=(
        "g = quality.gage_bias([5.8, 5.7, 5.9, 5.9, 6.0, 6.1, 6.0, 6.1, 6.4, 6.3, 6.0, 6.1, 6.2, "
        "5.6, 6.0], reference=6)",
    ),
    terms=("gage bias study", "bias of a measuring device", "accuracy against a master"),
)
def gage_bias(
    x: Annotated[Sample, Param("repeated readings of one master", min_length=3)],
    reference: Annotated[float, Param("value of the master")],
    tolerance: Annotated[
        float | None, Param("tolerance width or process variation, for % bias", gt=0)
    ] = None,
    confidence: Confidence = 0.95,
) -> Result:
    """Bias of a gage against a reference value, with Student's t and a confidence interval.

    The bias is acceptable if 0 lies in its interval. AIAG's manual estimates sigma from the range;
    here it is the sample standard deviation.
    """
    series = x.present()
    y = series.values
    if len(y) < 3 or np.ptp(y) == 0:
        raise InputError(
            "the readings do not vary: the gage's resolution is too coarse to judge it"
        )
    n = len(y)
    mean = sum(series.exact, Fraction(0)) / n
    bias = float(mean - Fraction(repr(reference)))
    sd = float(near_zero([series])[0][0].std(ddof=1))
    error = sd / math.sqrt(n)
    half = float(stats.t.isf((1 - confidence) / 2, n - 1)) * error
    values: dict[str, Value] = {
        "n": n,
        "mean": float(mean),
        "sd": sd,
        "bias": bias,
        "t": bias / error,
        "p_value": float(2 * stats.t.sf(abs(bias / error), n - 1)),
        "ci_low": bias - half,
        "ci_high": bias + half,
    }
    if tolerance is not None:
        values["pct_bias"] = 100 * abs(bias) / tolerance
    inside = abs(bias) <= half
    warnings = [f"{x.n_missing} missing readings were left out."] if x.n_missing else []
    if n < 10:
        warnings.append("AIAG asks for at least 10 readings of the master.")
    return Result(
        values,
        "Bias {bias} (from {ci_low} to {ci_high}, t = {t}, p = {p_value}): "
        + ("no bias can be seen." if inside else "the gage is biased."),
        warnings=tuple(warnings),
    )
