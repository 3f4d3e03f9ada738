"""Bias, linearity and type 1 studies of a gage."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import numpy as np
from scipy import special, stats

from havoc.errors import InputError
from havoc.tools.diagnostics import p_words
from havoc.tools.operation import Param, operation
from havoc.tools.quality.specs import Confidence
from havoc.tools.result import Assumption, Figure, Result, Value, table_of
from havoc.tools.values import FloatArray, Sample, complete_cases, near_zero


def t_p_value(t: float, df: float) -> float:
    """Two-sided p of Student's t through the incomplete beta function (the verifying route)."""
    return float(special.betainc(df / 2, 0.5, df / (df + t * t)))


def t_quantile(level: float, df: float) -> float:
    """Two-sided quantile through the inverse incomplete beta function (the verifying route)."""
    share = float(special.betaincinv(df / 2, 0.5, 1 - level))
    return math.sqrt(df * (1 - share) / share)


def _pairs(arguments: Mapping[str, Any]) -> tuple[Sample, Sample, int]:
    (reference, x), dropped = complete_cases(arguments["reference"], arguments["x"])
    assert isinstance(reference, Sample)
    assert isinstance(x, Sample)
    return reference, x, dropped


def _verify_linearity(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Normal equations in exact rationals."""
    reference, x, _ = _pairs(arguments)
    r = reference.exact
    b = tuple(y - m for y, m in zip(x.exact, r, strict=True))
    n = len(r)
    sr, sb = sum(r), sum(b)
    srr = sum(v * v for v in r) - sr * sr / Fraction(n)
    srb = sum(v * w for v, w in zip(r, b, strict=True)) - sr * sb / Fraction(n)
    sbb = sum(w * w for w in b) - sb * sb / Fraction(n)
    slope = srb / srr
    intercept = (sb - slope * sr) / n
    rest = sbb - srb * srb / srr
    s2 = rest / (n - 2)
    se_slope = math.sqrt(s2 / srr)
    se_intercept = math.sqrt(s2 * sum(v * v for v in r) / (n * srr))
    average = sb / Fraction(n)
    se_average = math.sqrt(sbb / (n - 1) / n)
    again: dict[str, Any] = {
        "n": n,
        "slope": float(slope),
        "intercept": float(intercept),
        "r2": float(srb * srb / (srr * sbb)) if sbb else 0.0,
        "s": math.sqrt(s2),
        "se_slope": se_slope,
        "se_intercept": se_intercept,
        "t_slope": float(slope) / se_slope,
        "t_intercept": float(intercept) / se_intercept,
        "bias": float(average),
        "t_bias": float(average) / se_average,
    }
    again |= {f"p_{k}": t_p_value(again[f"t_{k}"], n - 2) for k in ("slope", "intercept")}
    again["p_bias"] = t_p_value(again["t_bias"], n - 1)
    if arguments["process_variation"] is not None:
        variation = Fraction(repr(arguments["process_variation"]))
        again["linearity"] = float(abs(slope) * variation)
        again["pct_linearity"] = float(100 * abs(slope))
        again["pct_bias"] = float(100 * abs(average) / variation)
    again["bias_by_reference"] = [
        float(sum((w for v, w in zip(r, b, strict=True) if v == level), Fraction(0))
              / sum(v == level for v in r))
        for level in sorted(set(r))
    ]  # fmt: skip
    return again


@operation(
    "quality.gage_linearity",
    outputs={
        "slope": "slope of the bias on the reference value",
        "intercept": "intercept of the bias",
        "r2": "R squared of the line",
        "s": "standard deviation about the line",
        "se_slope": "standard error of the slope",
        "se_intercept": "standard error of the intercept",
        "t_slope": "t of the slope",
        "t_intercept": "t of the intercept",
        "p_slope": "p value of the slope",
        "p_intercept": "p value of the intercept",
        "bias": "average bias",
        "t_bias": "t of the average bias",
        "p_bias": "p value of the average bias",
        "bias_by_reference": "average bias at each reference value, in rising order",
        "linearity": "|slope| times the process variation",
        "pct_linearity": "linearity in percent of the process variation",
        "pct_bias": "average bias in percent of the process variation",
        "n": "readings",
    },
    reference="AIAG (2010), Measurement Systems Analysis, 4th ed., chapter III-B",
    verifier=_verify_linearity,
    examples=(
        "g = quality.gage_linearity([2.7, 2.5, 2.4, 5.1, 3.9, 4.2, 5.8, 5.7, 5.9, 7.6, 7.7, 7.8], "
        "reference=[2, 2, 2, 4, 4, 4, 6, 6, 6, 8, 8, 8], process_variation=14.2)",
    ),
    terms=("gage linearity", "linearity and bias study", "bias against reference"),
)
def gage_linearity(
    x: Annotated[Sample, Param("measured values", min_length=4)],
    reference: Annotated[Sample, Param("reference (master) value of each", min_length=4)],
    process_variation: Annotated[float | None, Param("process variation, 6 sigma", gt=0)] = None,
    confidence: Confidence = 0.95,
) -> Result:
    """Linearity of a gage: does its bias change over the measuring range?

    A line is fitted to bias = measured - reference. A slope that differs from 0 means that the bias
    depends on the size measured; an average bias that differs from 0 that the gage reads wrong
    throughout.
    """
    known, seen, dropped = _pairs(locals())
    r = known.values
    exact = [y - m for y, m in zip(seen.exact, known.exact, strict=True)]
    b = np.array([float(v) for v in exact])
    if len(set(known.texts)) < 2:
        raise InputError("linearity needs parts of at least two different reference values")
    if np.ptp(b) == 0:
        raise InputError("every reading has the same bias: there is no scatter to judge by")
    n = len(r)
    (near_r,), from_r = near_zero([known])
    (near_b,), from_b = near_zero([Sample("bias", tuple(map(str, exact)))])
    fit = stats.linregress(near_r, near_b)
    intercept = float(float(fit.intercept) + (from_b - Fraction(float(fit.slope)) * from_r))
    residuals = near_b - near_b.mean() - fit.slope * (near_r - near_r.mean())
    s = math.sqrt(float(residuals @ residuals) / (n - 2))
    if s <= 1e-12 * float(np.ptp(near_b)):
        raise InputError("the biases lie exactly on a line: there is no scatter to judge by")
    average = stats.ttest_1samp(near_b, -float(from_b))
    se_intercept = fit.stderr * math.hypot(near_r.std(), r.mean())
    t_intercept = intercept / se_intercept
    levels = np.unique(r)
    values: dict[str, Value] = {
        "n": n,
        "slope": float(fit.slope),
        "intercept": intercept,
        "r2": float(fit.rvalue**2),
        "s": s,
        "se_slope": float(fit.stderr),
        "se_intercept": float(se_intercept),
        "t_slope": float(fit.slope / fit.stderr),
        "t_intercept": float(t_intercept),
        "p_slope": float(fit.pvalue),
        "p_intercept": float(2 * stats.t.sf(abs(t_intercept), n - 2)),
        "bias": float(b.mean()),
        "t_bias": float(average.statistic),
        "p_bias": float(average.pvalue),
        "bias_by_reference": [float(b[r == v].mean()) for v in levels],
    }
    if process_variation is not None:
        values |= {
            "linearity": abs(float(fit.slope)) * process_variation,
            "pct_linearity": 100 * abs(float(fit.slope)),
            "pct_bias": 100 * abs(float(b.mean())) / process_variation,
        }
    trend = float(fit.pvalue) < 1 - confidence
    verdict = "depends on the size measured" if trend else "shows no trend"
    warnings = [f"{dropped} incomplete rows were left out."] if dropped else []
    if len(levels) < 5:
        warnings.append("AIAG asks for at least 5 parts over the range and 10 readings of each.")
    return Result(
        values,
        f"The bias {verdict}: slope {{slope}} (t = {{t_slope}}, p = {{p_slope}}), intercept "
        "{intercept}, R² = {r2}; average bias {bias}.",
        tables=(_bias_table(r, b, levels), _line_table(values)),
        figures=(_linearity_figure(r, b, float(fit.slope), s, confidence),),
        assumptions=(_normal("normal residuals", residuals),),
        warnings=tuple(warnings),
    )


def _bias_table(r: FloatArray, b: FloatArray, levels: FloatArray) -> Any:
    rows = []
    for level in levels:
        here = b[r == level]
        enough = len(here) > 1 and np.ptp(here) > 0
        p = float(stats.ttest_1samp(here, 0).pvalue) if enough else None
        rows.append((float(level), len(here), float(here.mean()), p))
    return table_of("bias by reference", ("reference", "n", "bias", "p"), rows)


def _line_table(values: Mapping[str, Any]) -> Any:
    rows = [
        (k, values[k], values[f"se_{k}"], values[f"t_{k}"], values[f"p_{k}"])
        for k in ("intercept", "slope")
    ]
    return table_of("line", ("term", "estimate", "se", "t", "p"), rows)


def _linearity_figure(r: FloatArray, b: FloatArray, slope: float, s: float, level: float) -> Figure:
    grid = np.linspace(r.min(), r.max(), 40)
    spread = float(((r - r.mean()) ** 2).sum())
    half = stats.t.isf((1 - level) / 2, len(r) - 2) * s
    half = half * np.sqrt(1 / len(r) + (grid - r.mean()) ** 2 / spread)
    line = b.mean() + slope * (grid - r.mean())
    return Figure(
        "fitted_line",
        "Gage linearity",
        {
            "x": r.tolist(), "y": b.tolist(), "line_x": grid.tolist(), "line_y": line.tolist(),
            "low": (line - half).tolist(), "high": (line + half).tolist(),
            "x_label": "reference", "y_label": "bias",
        },
    )  # fmt: skip


def _normal(name: str, x: FloatArray) -> Assumption:
    if not 8 <= len(x) <= 5000 or np.ptp(x) == 0:
        return Assumption(name, None, "not tested at this number of readings")
    w, p = stats.shapiro(x)
    detail = f"Shapiro-Wilk W = {w:.4f}, {p_words(p)}"
    return Assumption(name, bool(p >= 0.05), detail, float(w), float(p))


def _verify_type1(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    exact = arguments["x"].present().exact
    n = len(exact)
    mean = sum(exact, Fraction(0)) / n
    square = sum((v - mean) ** 2 for v in exact) / (n - 1)
    bias = mean - Fraction(repr(arguments["reference"]))
    s = math.sqrt(square)
    share = Fraction(repr(arguments["percent"])) * Fraction(repr(arguments["tolerance"])) / 100
    width = arguments["spread"] * s
    cg, cgk = float(share) / width, float(share - 2 * abs(bias)) / width
    t = float(bias) / math.sqrt(square / n)
    return {
        "n": n,
        "mean": float(mean),
        "sd": s,
        "bias": float(bias),
        "cg": cg,
        "cgk": cgk,
        "t_bias": t,
        "p_bias": t_p_value(t, n - 1),
        "pct_var_repeatability": arguments["percent"] / cg,
        "pct_var_total": arguments["percent"] / cgk if cgk > 0 else None,
    }


@operation(
    "quality.gage_type1",
    outputs={
        "cg": "potential of the gage: share of the tolerance over its spread",
        "cgk": "capability of the gage with its bias",
        "bias": "mean less reference",
        "t_bias": "t of the bias",
        "p_bias": "p value of the bias",
        "mean": "mean of the readings",
        "sd": "standard deviation of the readings",
        "pct_var_repeatability": "repeatability in percent of the tolerance",
        "pct_var_total": "repeatability and bias in percent of the tolerance",
        "n": "readings",
    },
    reference="VDA 5 and Bosch booklet 10, type 1 study; Dietrich and Schulze (2011)",
    verifier=_verify_type1,
    examples=(
        "g = quality.gage_type1([10.003, 10.001, 10.004, 9.999, 10.002, 10.003, 10.000, 10.002], "
        "reference=10, tolerance=0.06)",
    ),
    terms=("type 1 gage study", "Cg and Cgk", "gage capability", "type-1 study"),
)
def gage_type1(
    x: Annotated[Sample, Param("repeated readings of one master", min_length=3)],
    reference: Annotated[float, Param("value of the master")],
    tolerance: Annotated[float, Param("width of the tolerance (USL - LSL)", gt=0)],
    percent: Annotated[
        float, Param("share of the tolerance K in percent", unit="%", gt=0, le=100)
    ] = 20.0,
    spread: Annotated[float, Param("width of the gage's spread L in sigma", gt=0)] = 6.0,
) -> Result:
    """Type 1 gage study: one operator measures one master many times.

    Cg = (K/100 tolerance)/(L s) and Cgk = (K/200 tolerance - |bias|)/(L/2 s), with K = 20 % and
    L = 6 by default; 1.33 is the usual limit for both. The bias is tested by Student's t.
    """
    series = x.present()
    y = series.values
    if len(y) < 3 or np.ptp(y) == 0:
        raise InputError(
            "the readings do not vary: the gage's resolution is too coarse to judge it"
        )
    mean = sum(series.exact, Fraction(0)) / len(y)
    (near,), offset = near_zero([series])
    s, bias = float(near.std(ddof=1)), float(mean - Fraction(repr(reference)))
    share = percent / 100 * tolerance
    cg = share / (spread * s)
    cgk = (share / 2 - abs(bias)) / (spread / 2 * s)
    test = stats.ttest_1samp(near, float(Fraction(repr(reference)) - offset))
    values: dict[str, Value] = {
        "n": len(y),
        "mean": float(mean),
        "sd": s,
        "bias": bias,
        "cg": cg,
        "cgk": cgk,
        "t_bias": float(test.statistic),
        "p_bias": float(test.pvalue),
        "pct_var_repeatability": percent / cg,
        "pct_var_total": percent / cgk if cgk > 0 else None,
    }
    good = cg >= 1.33 and cgk >= 1.33
    warnings = []
    if x.n_missing:
        warnings.append(f"{x.n_missing} missing readings were left out.")
    if len(y) < 25:
        warnings.append("A type 1 study usually rests on 25 to 50 readings.")
    if cg >= 1.33 > cgk:
        warnings.append(
            "The spread is small enough; it is the bias that spoils Cgk: adjust the gage."
        )
    return Result(
        values,
        f"Cg = {{cg}}, Cgk = {{cgk}}: the gage is {'capable' if good else 'not capable'} by "
        "the usual limit for both; bias {bias} (p = {p_bias}).",
        figures=(_run_figure(y, reference, share, percent),),
        assumptions=(_normal("normality", y),),
        warnings=tuple(warnings),
    )


def _run_figure(y: FloatArray, reference: float, share: float, percent: float) -> Figure:
    n = len(y)
    return Figure(
        "control_chart",
        "Type 1 study",
        {
            "point": list(range(1, n + 1)),
            "value": y.tolist(),
            "center": [reference] * n,
            "lcl": [reference - share / 2] * n,
            "ucl": [reference + share / 2] * n,
            # a share of the tolerance about the master, not limits of control
            "limit_names": {
                "ucl": f"+{percent / 2:g} % tol.",
                "lcl": f"-{percent / 2:g} % tol.",
                "center": "reference",
            },
            "violations": [],
            "y_label": "reading",
        },
    )
