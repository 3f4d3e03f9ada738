"""Gage repeatability and reproducibility, crossed: ANOVA and average-range methods."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from havoc.errors import InputError
from havoc.tools.diagnostics import p_words
from havoc.tools.operation import Param, operation
from havoc.tools.quality.mls_intervals import KEYS, MeanSquare, interval_values, intervals_again
from havoc.tools.quality.specs import Confidence
from havoc.tools.result import Assumption, Figure, Result, ResultTable, Value, table_of
from havoc.tools.spc.constants import d2, d3, tippett_moments
from havoc.tools.values import Labels, Sample, near_zero

SOURCES = ("grr", "repeatability", "reproducibility", "operator", "interaction", "part", "total")


@dataclass(frozen=True)
class Crossed:
    """A balanced crossed study: ``y[part][operator][trial]`` as row numbers of the sample.

    ``y`` are the readings less ``offset``, which keeps their differences far from zero.
    """

    parts: tuple[str, ...]
    operators: tuple[str, ...]
    rows: npt.NDArray[np.intp]
    y: npt.NDArray[np.float64]
    offset: float = 0.0

    @property
    def shape(self) -> tuple[int, int, int]:
        p, o, r = self.y.shape
        return p, o, r


def read_crossed(x: Sample, part: Labels, operator: Labels) -> Crossed:
    """Sort the readings into cells; refuse what is not a balanced crossed study."""
    if not len(x) == len(part) == len(operator):
        raise InputError(
            f"the columns differ in length: {len(x)} readings, {len(part)} parts, "
            f"{len(operator)} operators"
        )
    if x.n_missing or part.n_missing or operator.n_missing:
        raise InputError(
            "a reading, part or operator is missing: complete the study or remove that part"
        )
    cells: dict[tuple[str | None, str | None], list[int]] = {}
    for i, key in enumerate(zip(part.items, operator.items, strict=True)):
        cells.setdefault(key, []).append(i)
    parts, operators = part.levels, operator.levels
    if len(parts) < 2:
        raise InputError("a gage study needs at least 2 parts (better 10)")
    counts = {(p, o): len(cells.get((p, o), ())) for p in parts for o in operators}
    if len(set(counts.values())) != 1:
        (p, o), least = min(counts.items(), key=lambda item: item[1])
        raise InputError(
            f"the study is not balanced: operator {o} measured part {p} {least} times, others "
            f"{max(counts.values())} times"
            + ("" if least else "; if each operator has own parts use quality.gage_nested")
        )
    if len(cells[(parts[0], operators[0])]) < 2:
        raise InputError("each operator must measure each part at least twice")
    rows = np.array([[cells[(p, o)] for o in operators] for p in parts])
    if np.ptp(x.values) == 0:
        raise InputError("all readings are equal: the gage resolves nothing")
    (near,), offset = near_zero([x])
    return Crossed(parts, operators, rows, near[rows], float(offset))


def variance_table(
    ss: Mapping[str, float], shape: tuple[int, int, int], alpha: float
) -> tuple[dict[str, Value], list[tuple[Any, ...]]]:
    """Mean squares, F tests and variance components of the crossed model; pools the interaction."""
    p, o, r = shape
    df = {"part": p - 1, "operator": o - 1, "interaction": (p - 1) * (o - 1)}
    df["error"] = p * o * (r - 1)
    values: dict[str, Value] = {}
    ms = {k: ss[k] / df[k] if df[k] else 0.0 for k in df}
    pooled = df["interaction"] == 0
    if not pooled:
        f = ms["interaction"] / ms["error"] if ms["error"] > 0 else math.inf
        p_value = float(special.fdtrc(df["interaction"], df["error"], f)) if f < math.inf else 0.0
        if math.isfinite(f):
            values |= {"f_interaction": f, "p_interaction": p_value}
        pooled = p_value > alpha
    if pooled:
        df_error = df["interaction"] + df["error"]
        error = (ss["interaction"] + ss["error"]) / df_error
        base, df_base, var_po = error, df_error, 0.0
    else:
        error, df_base, base = ms["error"], df["interaction"], ms["interaction"]
        var_po = max(0.0, (ms["interaction"] - error) / r)
    var_o = max(0.0, (ms["operator"] - base) / (p * r)) if o > 1 else 0.0
    var_p = max(0.0, (ms["part"] - base) / (o * r))
    table: list[tuple[Any, ...]] = []
    for k in ("part", "operator"):
        if df[k]:
            if base > 0:
                f = ms[k] / base
                values |= {f"f_{k}": f, f"p_{k}": float(special.fdtrc(df[k], df_base, f))}
            row = (values.get(f"f_{k}"), values.get(f"p_{k}"))
            table.append((k, df[k], ss[k], ms[k], *row))
    if df["interaction"]:
        table.append(
            ("part*operator", df["interaction"], ss["interaction"], ms["interaction"],
             values.get("f_interaction"), values.get("p_interaction"))
        )  # fmt: skip
    table.append(("repeatability", df["error"], ss["error"], ms["error"], None, None))
    total = sum(ss.values())
    table.append(("total", p * o * r - 1, total, None, None, None))
    components = {
        "repeatability": error, "operator": var_o, "interaction": var_po,
        "reproducibility": var_o + var_po, "grr": error + var_o + var_po, "part": var_p,
    }  # fmt: skip
    components["total"] = components["grr"] + var_p
    values |= {f"var_{k}": components[k] for k in SOURCES}
    values |= {f"ss_{k}": v for k, v in ss.items()}
    values["pooled"] = pooled
    return values, table


def study_values(
    sd: Mapping[str, float], study: float, tolerance: float | None
) -> dict[str, Value]:
    """Percentages and ndc from standard deviations of the sources."""
    total = sd["total"]
    if total <= 0:
        raise InputError("the readings do not vary: no study variation")
    values: dict[str, Value] = {}
    for k in SOURCES:
        if k not in sd:
            continue
        values[f"sd_{k}"] = sd[k]
        values[f"pct_contribution_{k}"] = 100 * (sd[k] / total) ** 2
        values[f"pct_study_var_{k}"] = 100 * sd[k] / total
        if tolerance is not None:
            values[f"pct_tolerance_{k}"] = 100 * study * sd[k] / tolerance
    values |= {"EV": sd["repeatability"], "AV": sd["reproducibility"], "GRR": sd["grr"]}
    values |= {"PV": sd["part"], "TV": total}
    if sd["grr"] > 0:
        raw = math.sqrt(2) * sd["part"] / sd["grr"]
        values |= {"ndc": max(1, math.floor(raw + 1e-12)), "ndc_raw": raw}
    return values


def _mean_squares(
    ss: Mapping[str, float], shape: tuple[int, int, int], pooled: bool
) -> dict[str, MeanSquare]:
    """Mean squares of the model that was kept: without the interaction if that was pooled."""
    p, o, r = shape
    df = {"part": p - 1, "operator": o - 1, "interaction": (p - 1) * (o - 1)}
    df["error"] = p * o * (r - 1)
    sums = dict(ss)
    if pooled:
        sums["error"] += sums.pop("interaction")
        df["error"] += df.pop("interaction")
    return {k: MeanSquare(sums[k] / n, n) for k, n in df.items() if n}


def _sums_of_squares(data: Crossed) -> dict[str, float]:
    y = data.y
    p, o, r = data.shape
    grand = y.mean()
    part, operator, cell = y.mean(axis=(1, 2)), y.mean(axis=(0, 2)), y.mean(axis=2)
    ss_part = o * r * float(((part - grand) ** 2).sum())
    ss_operator = p * r * float(((operator - grand) ** 2).sum())
    inter = cell - part[:, None] - operator[None, :] + grand
    return {
        "part": ss_part,
        "operator": ss_operator,
        "interaction": r * float((inter**2).sum()),
        "error": float(((y - cell[:, :, None]) ** 2).sum()),
    }


def _exact_sums(x: Sample, data: Crossed) -> dict[str, float]:
    """Sums of squares from totals in exact rationals (the computing formula)."""
    exact = x.exact
    p, o, r = data.shape
    cell = [[sum((exact[i] for i in c), Fraction(0)) for c in row] for row in data.rows]
    part = [sum(row, Fraction(0)) for row in cell]
    operator = [sum((row[j] for row in cell), Fraction(0)) for j in range(o)]
    grand = sum(part, Fraction(0))
    correction = grand**2 / (p * o * r)
    s_part = sum(t * t for t in part) / (o * r) - correction
    s_operator = sum(t * t for t in operator) / (p * r) - correction
    s_cell = sum(t * t for row in cell for t in row) / r - correction
    s_total = sum(v * v for v in exact) - correction
    return {
        "part": float(s_part),
        "operator": float(s_operator),
        "interaction": float(s_cell - s_part - s_operator),
        "error": float(s_total - s_cell),
    }


def _range_sds(data: Crossed) -> dict[str, float]:
    """Average-range method: d2* = sqrt(d2² + d3²) where a single range stands for the spread."""
    p, o, r = data.shape
    r_bar = float(np.ptp(data.y, axis=2).mean())
    ev = r_bar / d2(r)
    av = 0.0
    if o > 1:
        spread = float(np.ptp(data.y.mean(axis=(0, 2)))) / math.hypot(d2(o), d3(o))
        av = math.sqrt(max(0.0, spread**2 - ev**2 / (p * r)))
    pv = float(np.ptp(data.y.mean(axis=(1, 2)))) / math.hypot(d2(p), d3(p))
    return _with_totals(ev, av, pv)


def _with_totals(ev: float, av: float, pv: float) -> dict[str, float]:
    grr = math.hypot(ev, av)
    return {"repeatability": ev, "reproducibility": av, "grr": grr, "part": pv,
            "total": math.hypot(grr, pv)}  # fmt: skip


def _exact_range_sds(x: Sample, data: Crossed) -> dict[str, float]:
    exact = x.exact
    p, o, r = data.shape
    cells = [[[exact[i] for i in c] for c in row] for row in data.rows]
    ranges = [max(c) - min(c) for row in cells for c in row]
    ev = float(sum(ranges, Fraction(0)) / (p * o)) / tippett_moments(r)[0]
    operators = [sum((sum(row[j]) for row in cells), Fraction(0)) / (p * r) for j in range(o)]
    parts = [sum(map(sum, row), Fraction(0)) / (o * r) for row in cells]
    av2 = 0.0
    if o > 1:
        m, s = tippett_moments(o)
        av2 = float(max(operators) - min(operators)) ** 2 / (m * m + s * s) - ev * ev / (p * r)
    m, s = tippett_moments(p)
    pv = float(max(parts) - min(parts)) / math.sqrt(m * m + s * s)
    return _with_totals(ev, math.sqrt(max(0.0, av2)), pv)


def _components_again(
    ss: Mapping[str, float], shape: tuple[int, int, int], alpha: float
) -> dict[str, Any]:
    """Components by solving the expected mean squares as a linear system."""
    p, o, r = shape
    df = np.array([p - 1, o - 1, (p - 1) * (o - 1), p * o * (r - 1)])
    sums = np.array([ss[k] for k in ("part", "operator", "interaction", "error")])
    again: dict[str, Any] = {f"ss_{k}": v for k, v in ss.items()}
    if o > 1 and sums[3] > 0:
        f = (sums[2] / df[2]) / (sums[3] / df[3])
        again |= {"f_interaction": f, "p_interaction": float(stats.f.sf(f, df[2], df[3]))}
    again["pooled"] = o == 1 or again.get("p_interaction", 0.0) > alpha
    if again["pooled"]:
        df[3], sums[3] = df[2] + df[3], sums[2] + sums[3]
    absent = {2} if again["pooled"] else set()
    keep = [k for k in range(4) if k not in absent and not (k == 1 and o == 1)]
    expected = np.array([[o * r, 0, r, 1], [0, p * r, r, 1], [0, 0, r, 1], [0, 0, 0, 1]])
    solved = np.zeros(4)
    solved[keep] = np.linalg.solve(
        expected[np.ix_(keep, keep)].astype(float), sums[keep] / df[keep]
    )
    part, operator, inter, error = np.maximum(solved, 0.0)
    base = 3 if again["pooled"] else 2
    for i, k in ((0, "part"), (1, "operator")):
        if i in keep and sums[base] > 0:
            again[f"f_{k}"] = (sums[i] / df[i]) / (sums[base] / df[base])
    return again | {
        "var_repeatability": error, "var_operator": operator, "var_interaction": inter,
        "var_reproducibility": operator + inter, "var_grr": error + operator + inter,
        "var_part": part, "var_total": error + operator + inter + part,
    }  # fmt: skip


def study_again(sd: Mapping[str, float], study: float, tolerance: float | None) -> dict[str, Any]:
    """Percentages and ndc from the variances (the verifying route)."""
    variance = {k: v * v for k, v in sd.items()}
    whole = variance["grr"] + variance["part"]
    again: dict[str, Any] = {}
    for k, v in variance.items():
        again |= {f"sd_{k}": math.sqrt(v), f"pct_contribution_{k}": v / whole * 100}
        again[f"pct_study_var_{k}"] = 100 * math.sqrt(v / whole)
        if tolerance is not None:
            again[f"pct_tolerance_{k}"] = 100 * math.sqrt(v * (study / tolerance) ** 2)
    names = {"EV": "repeatability", "AV": "reproducibility", "GRR": "grr", "PV": "part"}
    again |= {short: math.sqrt(variance[k]) for short, k in names.items()}
    again["TV"] = math.sqrt(whole)
    if variance["grr"] > 0:
        again["ndc_raw"] = math.sqrt(2 * variance["part"] / variance["grr"])
        again["ndc"] = max(1, int(again["ndc_raw"] + 1e-9))
    return again


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    x = arguments["x"]
    data = read_crossed(x, arguments["part"], arguments["operator"])
    study, tolerance = arguments["study"], arguments["tolerance"]
    shape = dict(zip(("parts", "operators", "trials"), data.shape, strict=True))
    if arguments["method"] == "range":
        return {**study_again(_exact_range_sds(x, data), study, tolerance), **shape}
    again = _components_again(_exact_sums(x, data), data.shape, arguments["alpha"])
    sds = {k: math.sqrt(again[f"var_{k}"]) for k in SOURCES}
    again |= study_again(sds, study, tolerance)
    squares = {k: again[f"ss_{k}"] for k in ("part", "operator", "interaction", "error")}
    kept = _mean_squares(squares, data.shape, again["pooled"])
    again |= intervals_again(kept, data.shape, arguments["confidence"])
    again["confidence"] = arguments["confidence"]
    for k in ("part", "operator", "interaction"):
        if f"f_{k}" in again:
            again[f"p_{k}"] = _p_again(k, again, data.shape)
    return {**again, **shape}


def _p_again(source: str, values: Mapping[str, Any], shape: tuple[int, int, int]) -> float:
    p, o, r = shape
    within, between = p * o * (r - 1), (p - 1) * (o - 1)
    df = {"part": p - 1, "operator": o - 1, "interaction": between}[source]
    base = within if source == "interaction" else between
    if values["pooled"] and source != "interaction":
        base = within + between
    f = values[f"f_{source}"]
    return float(special.betainc(base / 2, df / 2, base / (base + df * f)))


_SOURCE_WORDS = {
    "grr": "total gage R&R",
    "repeatability": "repeatability (equipment)",
    "reproducibility": "reproducibility (appraisers)",
    "operator": "operator",
    "interaction": "operator by part",
    "part": "part to part",
    "total": "total",
}
GRR_OUTPUTS = {
    **{f"var_{k}": f"variance component, {w}" for k, w in _SOURCE_WORDS.items()},
    **{f"sd_{k}": f"standard deviation, {w}" for k, w in _SOURCE_WORDS.items()},
    **{f"pct_contribution_{k}": f"% contribution, {w}" for k, w in _SOURCE_WORDS.items()},
    **{f"pct_study_var_{k}": f"% study variation, {w}" for k, w in _SOURCE_WORDS.items()},
    **{f"pct_tolerance_{k}": f"% of the tolerance, {w}" for k, w in _SOURCE_WORDS.items()},
    "EV": "equipment variation (sd)",
    "AV": "appraiser variation (sd)",
    "GRR": "gage R&R (sd)",
    "PV": "part variation (sd)",
    "TV": "total variation (sd)",
    "ndc": "number of distinct categories",
    "ndc_raw": "1.41 PV/GRR before it is rounded down",
    "pooled": "whether the interaction was pooled with repeatability",
    "parts": "number of parts",
    "operators": "number of operators",
    "trials": "readings of a part by an operator",
}


@operation(
    "quality.gage_rr",
    outputs={
        **GRR_OUTPUTS,
        **{f"ss_{k}": f"sum of squares, {k}" for k in ("part", "operator", "interaction", "error")},
        **{f"f_{k}": f"F, {k}" for k in ("part", "operator", "interaction")},
        **{f"p_{k}": f"p value, {k}" for k in ("part", "operator", "interaction")},
        **{f"var_{k}_ci_{side}": f"{side} confidence limit of the variance, {_SOURCE_WORDS[k]}"
           for k in KEYS for side in ("low", "high")},
        **{f"pct_study_var_grr_ci_{side}": f"{side} confidence limit of % study variation, total "
           "gage R&R" for side in ("low", "high")},
        "confidence": "confidence level of the intervals",
    },
    reference="AIAG (2010), Measurement Systems Analysis, 4th ed., chapter III; intervals: Burdick, "
    "Borror and Montgomery (2005), Design and Analysis of Gauge R&R Studies, chapter 3",
    verifier=_verify,
    examples=(
        "g = quality.gage_rr([5.0, 5.1, 5.2, 5.1, 6.0, 6.1, 6.2, 6.2, 7.1, 7.0, 7.1, 7.3], "
        'part=["a", "a", "a", "a", "b", "b", "b", "b", "c", "c", "c", "c"], '
        'operator=["x", "x", "y", "y", "x", "x", "y", "y", "x", "x", "y", "y"], tolerance=4)',
        "g = quality.gage_rr([5.0, 5.1, 5.2, 5.1, 6.0, 6.1, 6.2, 6.2, 7.1, 7.0, 7.1, 7.3], "
        'part=["a", "a", "a", "a", "b", "b", "b", "b", "c", "c", "c", "c"], '
        'operator=["x", "x", "y", "y", "x", "x", "y", "y", "x", "x", "y", "y"], method=range)',
    ),
    terms=("gage R&R", "gauge repeatability and reproducibility", "measurement system analysis",
           "MSA", "ndc", "% study variation"),
)  # fmt: skip
def gage_rr(
    x: Annotated[Sample, Param("measured values", min_length=4)],
    part: Annotated[Labels, Param("which part was measured")],
    operator: Annotated[Labels, Param("who measured (appraiser)")],
    method: Annotated[
        Literal["anova", "range"], Param("ANOVA, or AIAG average and range")
    ] = "anova",
    tolerance: Annotated[float | None, Param("width of the tolerance (USL - LSL)", gt=0)] = None,
    alpha: Annotated[
        float, Param("the interaction is pooled when its p is above this", ge=0, le=1)
    ] = 0.25,
    study: Annotated[float, Param("standard deviations of spread (6, formerly 5.15)", gt=0)] = 6.0,
    confidence: Confidence = 0.95,
) -> Result:
    """Gage R&R study, crossed: every operator measures every part several times.

    The ANOVA method splits the variance into parts, operators, their interaction and repeatability;
    an interaction with p above ``alpha`` is pooled with repeatability. Negative components are set
    to 0. %contribution compares variances, %study variation standard deviations, and
    ndc = 1.41 PV/GRR rounded down. Below 10 % study variation a gage is good, above 30 % unfit.
    The ANOVA method gives confidence intervals of the variances by modified large samples.
    """
    data = read_crossed(x, part, operator)
    shape: dict[str, Value] = dict(zip(("parts", "operators", "trials"), data.shape, strict=True))
    tables: list[ResultTable] = []
    if method == "anova":
        ss = _sums_of_squares(data)
        values, anova = variance_table(ss, data.shape, alpha)
        kept = _mean_squares(ss, data.shape, bool(values["pooled"]))
        values |= interval_values(kept, data.shape, confidence) | {"confidence": confidence}
        sds = {k: math.sqrt(values[f"var_{k}"]) for k in SOURCES}  # type: ignore[arg-type]
        tables.append(table_of("anova", ("source", "df", "SS", "MS", "F", "p"), anova))
    else:
        values, sds = {}, _range_sds(data)
    values = {**values, **study_values(sds, study, tolerance), **shape}
    return Result(
        values,
        grr_conclusion(values),
        tables=(grr_table(values), *tables, *_interval_table(values)),
        figures=(grr_figure(values), _profile(data), _run_chart(data)),
        assumptions=(_normal_errors(data),),
        warnings=tuple(_warnings(data, values, method)),
    )


def grr_conclusion(values: Mapping[str, Any]) -> str:
    def verdict(share: float) -> str:  # AIAG's limits
        return "acceptable" if share < 10 else "marginal" if share <= 30 else "not acceptable"

    text = "Gage R&R is {pct_study_var_grr} % of the study variation "
    text += f"({{pct_contribution_grr}} % of the variance): {verdict(values['pct_study_var_grr'])}"
    if "pct_tolerance_grr" in values:
        text += "; {pct_tolerance_grr} % of the tolerance: "
        text += verdict(values["pct_tolerance_grr"])
    return text + ("; ndc = {ndc}." if "ndc" in values else ".")


def grr_table(values: Mapping[str, Any]) -> ResultTable:
    columns = ["source", "variance", "sd", "% contribution", "% study var"]
    has_tolerance = "pct_tolerance_grr" in values
    rows = []
    for k, words in _SOURCE_WORDS.items():
        if f"sd_{k}" in values:
            row = [words, values[f"sd_{k}"] ** 2, values[f"sd_{k}"],
                   values[f"pct_contribution_{k}"], values[f"pct_study_var_{k}"]]  # fmt: skip
            rows.append(row + ([values[f"pct_tolerance_{k}"]] if has_tolerance else []))
    return table_of("gage R&R", columns + (["% tolerance"] if has_tolerance else []), rows)


def _interval_table(values: Mapping[str, Any]) -> list[ResultTable]:
    rows = [
        (words, values[f"var_{k}"], values[f"var_{k}_ci_low"], values[f"var_{k}_ci_high"])
        for k, words in _SOURCE_WORDS.items()
        if f"var_{k}_ci_low" in values
    ]
    return [table_of("variances", ("source", "variance", "low", "high"), rows)] if rows else []


def grr_figure(values: Mapping[str, Any]) -> Figure:
    shown = ("grr", "repeatability", "reproducibility", "part")
    return Figure(
        "variance_components",
        "Components of variation",
        {
            "source": [_SOURCE_WORDS[k] for k in shown],
            "contribution": [values[f"pct_contribution_{k}"] for k in shown],
            "study_variation": [values[f"pct_study_var_{k}"] for k in shown],
        },
    )


def _run_chart(data: Crossed) -> Figure:
    """Every reading, part by part in the order of the trials, a line for each operator."""
    p, _, r = data.shape
    return Figure(
        "gage_run_chart",
        "Gage run chart",
        {
            "x": [name for name in data.parts for _ in range(r)],
            "series": [
                {"name": name, "y": (data.y[:, j, :].reshape(p * r) + data.offset).tolist()}
                for j, name in enumerate(data.operators)
            ],
            "x_label": "part, trial by trial",
            "y_label": "reading",
        },
    )


def _profile(data: Crossed) -> Figure:
    return Figure(
        "interaction",
        "Mean by part and operator",
        {
            "x": list(data.parts),
            "series": [
                {"name": name, "y": (data.y[:, j, :].mean(axis=1) + data.offset).tolist()}
                for j, name in enumerate(data.operators)
            ],
            "x_label": "part",
            "y_label": "mean reading",
        },
    )


def _normal_errors(data: Crossed) -> Assumption:
    residuals = (data.y - data.y.mean(axis=2, keepdims=True)).ravel()
    if not 8 <= len(residuals) <= 5000 or np.ptp(residuals) == 0:
        return Assumption("normal repeatability", None, "not tested")
    w, p = stats.shapiro(residuals)
    detail = f"Shapiro-Wilk of the within-cell residuals W = {w:.4f}, {p_words(p)}"
    return Assumption("normal repeatability", bool(p >= 0.01), detail, float(w), float(p))


def _warnings(data: Crossed, values: Mapping[str, Any], method: str) -> list[str]:
    p, o, _ = data.shape
    warnings = []
    if p < 10:
        warnings.append(
            "With fewer than 10 parts the part variation, and with it ndc and %study variation, is "
            "poorly known."
        )
    if o < 2:
        warnings.append("One operator only: reproducibility cannot be estimated and is taken as 0.")
    elif o < 3:
        warnings.append("With two operators the reproducibility is poorly known.")
    if method == "range":
        warnings.append(
            "The range method cannot see an interaction of operator and part; ANOVA can."
        )
    if values.get("ndc", 9) < 5:
        warnings.append("Fewer than 5 distinct categories: not adequate for controlling a process.")
    return warnings
