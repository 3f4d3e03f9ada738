"""Process capability of measurements that are about normal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

import mpmath
import numpy as np
from scipy import optimize, special, stats

from havoc.errors import InputError
from havoc.tools.diagnostics import p_words
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.quality.specs import (
    MILLION,
    Confidence,
    Limits,
    Lsl,
    Spec,
    Target,
    Tolerance,
    Usl,
    outside,
    outside_again,
    spec_limits,
)
from havoc.tools.result import Assumption, Figure, Result, Value, table_of
from havoc.tools.spc.charting import By, Layout, Size, Subgroups, read_subgroups
from havoc.tools.spc.constants import c4, d2, exact_c4, tippett_moments
from havoc.tools.values import FloatArray, Sample, each_near_zero, near_zero

Estimator = Literal["auto", "pooled", "pooled_uncorrected", "rbar", "sbar", "moving_range"]
SMALLEST, ALMOST_ALL = 1e-290, 999_999.0  # ppm between which a z value says something
INDICES = {
    "cp": "capability: specification width over 6 sigma within",
    "cpk": "capability towards the nearer limit, sigma within",
    "cpl": "capability towards the lower limit, sigma within",
    "cpu": "capability towards the upper limit, sigma within",
    "pp": "performance: specification width over 6 sigma overall",
    "ppk": "performance towards the nearer limit, sigma overall",
    "ppl": "performance towards the lower limit, sigma overall",
    "ppu": "performance towards the upper limit, sigma overall",
}


def indices(limits: Limits, mean: float, sd: float, names: str) -> dict[str, Value]:
    """Cp, Cpl, Cpu, Cpk (``names="c"``) or the P ones (``"p"``); None where a limit is open."""
    lower = None if limits.lsl is None else (mean - limits.lsl) / (3 * sd)
    upper = None if limits.usl is None else (limits.usl - mean) / (3 * sd)
    both = None if limits.width is None else limits.width / (6 * sd)
    worst = min(v for v in (lower, upper) if v is not None)
    return {f"{names}p": both, f"{names}pl": lower, f"{names}pu": upper, f"{names}pk": worst}


def index_intervals(
    values: Mapping[str, Any], names: str, n: int, df: float, level: float
) -> dict[str, Value]:
    """Confidence intervals: chi-square for Cp, Bissell's approximation for Cpk."""
    tail = (1 - level) / 2
    found: dict[str, Value] = {}
    if values[f"{names}p"] is not None:
        cp = values[f"{names}p"]
        found[f"{names}p_ci_low"] = cp * math.sqrt(stats.chi2.ppf(tail, df) / df)
        found[f"{names}p_ci_high"] = cp * math.sqrt(stats.chi2.isf(tail, df) / df)
    cpk = values[f"{names}pk"]
    half = stats.norm.isf(tail) * math.sqrt(1 / (9 * n) + cpk**2 / (2 * df))
    return {**found, f"{names}pk_ci_low": cpk - half, f"{names}pk_ci_high": cpk + half}


@dataclass(frozen=True)
class Within:
    """Sigma within subgroups: estimate, its degrees of freedom and the estimator's name."""

    sigma: float
    df: float
    name: str


_NAMES = {
    "pooled": "pooled standard deviation / c4(df + 1)",
    "pooled_uncorrected": "pooled standard deviation, without c4",
    "rbar": "mean range / d2",
    "sbar": "mean standard deviation / c4",
    "moving_range": "mean moving range / d2",
}


def _estimator(choice: str, groups: Subgroups) -> str:
    single = max(groups.sizes) == 1
    if choice == "auto":
        return "moving_range" if single else "pooled"
    if single and choice != "moving_range":
        raise InputError(
            f"estimator={choice} needs subgroups; the data are single readings (give subgroup=size "
            "or by=column, or use moving_range)"
        )
    return choice


def _within(groups: Subgroups, choice: str) -> Within:
    used = [s for s in groups.samples if len(s) > 1 or choice == "moving_range"]
    data = near_zero(used)[0] if choice == "moving_range" else each_near_zero(used)
    sizes = np.array([len(v) for v in data])
    if choice.startswith("pooled"):
        df = int((sizes - 1).sum())
        pooled = math.sqrt(sum(float(((v - v.mean()) ** 2).sum()) for v in data) / df)
        return Within(pooled / (c4(df + 1) if choice == "pooled" else 1.0), df, _NAMES[choice])
    if choice == "moving_range":
        flat = np.concatenate(data)
        # Degrees of freedom of a mean moving range: about 0.62 (N - 1).
        return Within(
            float(np.abs(np.diff(flat)).mean()) / d2(2), 0.62 * (len(flat) - 1), _NAMES[choice]
        )
    if choice == "rbar":
        sigma = float(np.mean([np.ptp(v) / d2(len(v)) for v in data]))
        # The range of a small subgroup is worth about nine tenths of its degrees of freedom.
        return Within(sigma, 0.9 * float((sizes - 1).sum()), _NAMES[choice])
    sigma = float(np.mean([v.std(ddof=1) / c4(len(v)) for v in data]))
    return Within(sigma, float((sizes - 1).sum()), _NAMES[choice])


def _exact_within(groups: Subgroups, choice: str) -> Within:
    exact = [s.exact for s in groups.samples if len(s) > 1 or choice == "moving_range"]
    sizes = [len(e) for e in exact]
    df = sum(sizes) - len(sizes)
    squares = [_square_sum(e) for e in exact]
    if choice.startswith("pooled"):
        unbias = exact_c4(df + 1) if choice == "pooled" else 1.0
        return Within(math.sqrt(sum(squares) / df) / unbias, df, _NAMES[choice])
    if choice == "moving_range":
        flat = [v for s in groups.samples for v in s.exact]
        total = sum(abs(flat[i] - flat[i - 1]) for i in range(1, len(flat)))
        sigma = float(total / (len(flat) - 1)) * math.sqrt(math.pi) / 2
        return Within(sigma, 0.62 * (len(flat) - 1), _NAMES[choice])
    if choice == "rbar":
        parts = [float(max(e) - min(e)) / tippett_moments(len(e))[0] for e in exact]
        return Within(math.fsum(parts) / len(parts), 0.9 * df, _NAMES[choice])
    parts = [math.sqrt(q / (k - 1)) / exact_c4(k) for q, k in zip(squares, sizes, strict=True)]
    return Within(math.fsum(parts) / len(parts), df, _NAMES[choice])


def _square_sum(values: tuple[Fraction, ...]) -> Fraction:
    mean = sum(values, Fraction(0)) / len(values)
    return sum(((v - mean) ** 2 for v in values), Fraction(0))


def _groups(arguments: Mapping[str, Any]) -> Subgroups:
    x = arguments["x"]
    if len(x) == 1 and arguments["subgroup"] is None and arguments["by"] is None:
        column = x[0].present()
        notes = (f"{x[0].n_missing} missing readings were left out.",) if x[0].n_missing else ()
        labels = tuple(str(i) for i in range(1, len(column) + 1))
        return Subgroups(labels, tuple(column.take([i]) for i in range(len(column))), notes)
    return read_subgroups(x, arguments["subgroup"], arguments["by"], arguments["layout"], least=1)


def _limits(arguments: Mapping[str, Any]) -> Limits:
    return spec_limits(*(arguments[k] for k in ("lsl", "usl", "spec", "target", "tolerance")))


def _cpm(limits: Limits, mean: float, sd: float) -> float | None:
    target = limits.middle if limits.target is None else limits.target
    if limits.width is None or target is None:
        return None
    return limits.width / (6 * math.hypot(sd, mean - target))


def _cpm_again(limits: Limits, mean: float, sd: float) -> float | None:
    """Cpm from Cp: Cp / sqrt(1 + ((mean - target)/sd)²)."""
    if limits.usl is None or limits.lsl is None:
        return None
    target = (limits.usl + limits.lsl) / 2 if limits.target is None else limits.target
    return (limits.usl - limits.lsl) / (6 * sd) / math.sqrt(1 + ((mean - target) / sd) ** 2)


def _ppm(kind: str, parts: tuple[float, float, float]) -> dict[str, Value]:
    return {f"ppm_{side}_{kind}": v for side, v in zip(_SIDES, parts, strict=True)}


_SIDES = ("below", "above", "total")


def _observed(x: FloatArray, limits: Limits) -> tuple[float, float, float]:
    below = 0.0 if limits.lsl is None else float(np.mean(x < limits.lsl)) * MILLION
    above = 0.0 if limits.usl is None else float(np.mean(x > limits.usl)) * MILLION
    return below, above, below + above


def _present(values: Mapping[str, Value]) -> dict[str, Value]:
    return {k: v for k, v in values.items() if v is not None}


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Moments in exact rationals, tails in 40 digits, quantiles by the incomplete gamma."""
    limits, groups = _limits(arguments), _groups(arguments)
    within = _exact_within(groups, _estimator(arguments["estimator"], groups))
    flat = tuple(v for s in groups.samples for v in s.exact)
    n, level = len(flat), arguments["confidence"]
    offset, written = Fraction(round(flat[0])), limits  # distances to the limits lose no digits
    limits = limits.less(offset)
    mean = float(sum(flat, Fraction(0)) / n - offset)
    overall = math.sqrt(_square_sum(flat) / (n - 1))
    again: dict[str, Any] = {
        "n": n,
        "mean": float(sum(flat, Fraction(0)) / n),
        "sigma_within": within.sigma,
        "sigma_overall": overall,
        "cpm": _cpm_again(limits, mean, overall),
        "cpm_within": _cpm_again(limits, mean, within.sigma),
        "estimator": within.name,
    }
    z = math.sqrt(2) * float(mpmath.erfinv(level))
    for names, sigma, df in (("c", within.sigma, within.df), ("p", overall, n - 1.0)):
        low = math.inf if limits.lsl is None else (mean - limits.lsl) / sigma / 3
        high = math.inf if limits.usl is None else (limits.usl - mean) / sigma / 3
        again |= {f"{names}pl": low, f"{names}pu": high, f"{names}pk": min(low, high)}
        if math.isfinite(low) and math.isfinite(high):
            width = Fraction(repr(float(written.usl))) - Fraction(repr(float(written.lsl)))  # type: ignore[arg-type]
            cp = again[f"{names}p"] = float(width) / sigma / 6
            for side, tail in (("low", (1 - level) / 2), ("high", (1 + level) / 2)):
                quantile = 2 * float(special.gammaincinv(df / 2, tail))
                again[f"{names}p_ci_{side}"] = cp * math.sqrt(quantile / df)
        cpk = min(low, high)
        half = z * math.sqrt(1 / (9 * n) + cpk * cpk / (2 * df))
        again |= {f"{names}pk_ci_low": cpk - half, f"{names}pk_ci_high": cpk + half}
    below = sum(written.lsl is not None and v < Fraction(repr(written.lsl)) for v in flat)
    above = sum(written.usl is not None and v > Fraction(repr(written.usl)) for v in flat)
    parts = (below / n * MILLION, above / n * MILLION, (below + above) / n * MILLION)
    again |= _ppm("observed", parts) | _ppm("within", outside_again(limits, mean, within.sigma))
    again |= _ppm("overall", outside_again(limits, mean, overall))
    again["z_bench"] = Recomputed(_z_again(again["ppm_total_overall"]), 1e-8)
    again |= {"lsl": written.lsl, "usl": written.usl}
    return {k: v for k, v in again.items() if k in result.values}


def _z_again(ppm: float) -> float | None:
    """The deviate by bisection on the logarithm of the tail, which keeps tiny tails exact."""
    if not SMALLEST < ppm < ALMOST_ALL:
        return None
    wanted = math.log(ppm / MILLION)
    return float(optimize.brentq(lambda z: special.log_ndtr(-z) - wanted, -40, 40, xtol=1e-13))


_OUTPUTS = {
    **INDICES,
    "cpm": "capability about the target (middle of the specification if none), sigma overall",
    "cpm_within": "capability about the target with sigma within",
    **{f"{k}_ci_{s}": f"{s} confidence limit of {k}" for k in ("cp", "cpk", "pp", "ppk")
       for s in ("low", "high")},
    "n": "readings",
    "mean": "mean of the readings",
    "sigma_within": "standard deviation within subgroups (short term)",
    "sigma_overall": "standard deviation of all readings (long term)",
    "estimator": "how sigma within was estimated",
    "z_bench": "standard normal deviate of the total expected outside, overall",
    "lsl": "lower specification limit",
    "usl": "upper specification limit",
    **{f"ppm_{s}_{k}": f"{k} parts per million {s}" for k in ("observed", "within", "overall")
       for s in _SIDES},
}  # fmt: skip


@operation(
    "quality.capability",
    outputs=_OUTPUTS,
    reference="Montgomery (2013), Statistical Quality Control, chapter 8; Bissell (1990)",
    verifier=_verify,
    examples=(
        "cap = quality.capability([25.1, 24.9, 25.3, 25.4, 25.2, 25.1, 24.8, 25.0, 24.7, 25.2, "
        "25.5, 25.3], spec=24..26, subgroup=3, estimator=rbar)",
        "cap = quality.capability([9.8, 10.1, 10.0, 9.9, 10.3, 10.2, 9.7, 10.1], usl=10.8)",
        "cap = quality.capability([9.8, 10.1, 10.0, 9.9, 10.3, 10.2, 9.7, 10.1], "
        "target=10, tolerance=1)",
    ),
    terms=("process capability", "Cp and Cpk", "Pp and Ppk", "capability study", "ppm out of spec"),
)
def capability(
    x: Annotated[
        tuple[Sample, ...], Param("readings: one column, or subgroups as the rows of a table")
    ],
    lsl: Lsl = None,
    usl: Usl = None,
    spec: Spec = None,
    target: Target = None,
    tolerance: Tolerance = None,
    subgroup: Size = None,
    by: By = None,
    layout: Layout = "auto",
    estimator: Annotated[
        Estimator,
        Param(
            "sigma within: pooled s/c4 (auto and Minitab default for subgroups), "
            "pooled_uncorrected, rbar (R̄/d2), sbar "
            "(s̄/c4), moving_range (auto for single readings)"
        ),
    ] = "auto",
    confidence: Confidence = 0.95,
) -> Result:
    """Process capability: Cp, Cpk, Pp, Ppk, Cpm with confidence intervals and ppm.

    Cp and Cpk use sigma within subgroups, Pp and Ppk the standard deviation of all readings. The
    estimator of sigma within matters and is named in the result. One limit alone gives the
    one-sided indices. Assumes a stable, normally distributed process; both are checked.
    """
    arguments = locals()
    limits, groups = _limits(arguments), _groups(arguments)
    flat = np.concatenate([s.values for s in groups.samples])
    if len(flat) < 5:
        raise InputError(
            f"capability needs at least 5 readings, better 50 or more, not {len(flat)}"
        )
    within = _within(groups, _estimator(estimator, groups))
    near, offset = near_zero(groups.samples)
    relative = np.concatenate(near)  # what lies near the limits is compared with them there
    distant, limits = limits, limits.less(offset)
    mean, overall = float(relative.mean()), float(relative.std(ddof=1))
    if within.sigma <= 0 or overall <= 0:
        raise InputError("the readings do not vary: capability is not defined")
    short = indices(limits, mean, within.sigma, "c")
    long = indices(limits, mean, overall, "p")
    far = outside(limits, mean, overall)
    values: dict[str, Value] = {
        **short,
        **long,
        "cpm": _cpm(limits, mean, overall),
        "cpm_within": _cpm(limits, mean, within.sigma),
        **index_intervals(short, "c", len(flat), within.df, confidence),
        **index_intervals(long, "p", len(flat), len(flat) - 1.0, confidence),
        "n": len(flat),
        "mean": float(Fraction(mean) + offset) if offset else mean,
        "sigma_within": within.sigma,
        "sigma_overall": overall,
        "estimator": within.name,
        "lsl": distant.lsl,
        "usl": distant.usl,
        **_ppm("observed", _observed(relative, limits)),
        **_ppm("within", outside(limits, mean, within.sigma)),
        **_ppm("overall", far),
    }
    if SMALLEST < far[2] < ALMOST_ALL:
        values["z_bench"] = float(stats.norm.isf(far[2] / MILLION))
    values = _present(values)
    limits, mean = distant, float(values["mean"])  # type: ignore[arg-type]
    assumptions = (*_normal(relative), _stable(groups, mean, within.sigma))
    return Result(
        values,
        _conclusion(values),
        tables=(_index_table(values), _ppm_table(values)),
        figures=(_histogram(flat, limits, mean, within.sigma, overall),),
        assumptions=assumptions,
        warnings=(*groups.notes, *_warnings(flat, assumptions, values)),
    )


def _conclusion(values: Mapping[str, Value]) -> str:
    if "cp" in values:
        text = "Cp = {cp}, Cpk = {cpk} (sigma within {sigma_within}, {estimator}); "
        text += "Pp = {pp}, Ppk = {ppk} "
    else:
        text = "Cpk = {cpk} (sigma within {sigma_within}, {estimator}); Ppk = {ppk} "
    return (
        text + "(sigma overall {sigma_overall}). Expected outside: {ppm_total_overall} ppm overall."
    )


def _normal(x: FloatArray) -> tuple[Assumption, ...]:
    if len(x) < 8 or len(x) > 5000:
        return (Assumption("normality", None, "not tested at this number of readings"),)
    w, p = stats.shapiro(x)
    detail = f"Shapiro-Wilk W = {w:.4f}, {p_words(p)}"
    return (Assumption("normality", bool(p >= 0.05), detail, float(w), float(p)),)


def _stable(groups: Subgroups, mean: float, sigma: float) -> Assumption:
    means = np.array([s.values.mean() for s in groups.samples])
    limit = 3 * sigma / np.sqrt(np.array(groups.sizes))
    out = [
        label for label, bad in zip(groups.labels, np.abs(means - mean) > limit, strict=True) if bad
    ]
    kind = "reading" if max(groups.sizes) == 1 else "subgroup"
    if not out:
        return Assumption("stability", True, f"no {kind} lies beyond its 3-sigma limits")
    listed = ", ".join(out[:10]) + (" and more" if len(out) > 10 else "")
    return Assumption("stability", False, f"beyond 3-sigma limits: {kind} {listed}")


def _warnings(
    x: FloatArray, assumptions: tuple[Assumption, ...], values: Mapping[str, Any]
) -> list[str]:
    warnings = []
    if any(a.name == "stability" and a.met is False for a in assumptions):
        warnings.append(
            "The process is not in statistical control: capability indices of an unstable process "
            "predict nothing; find the special causes first."
        )
    if any(a.name == "normality" and a.met is False for a in assumptions):
        warnings.append(
            "The readings are not normal: the indices and above all the ppm are misleading; use "
            "quality.capability_nonnormal."
        )
    if len(x) < 50:
        warnings.append(
            "With fewer than about 50 readings the indices are uncertain: see their limits."
        )
    if values["cpk"] > 1.25 * values["ppk"]:
        warnings.append(
            "Cpk is well above Ppk: the process wanders between subgroups; customers see Ppk."
        )
    return warnings


def _index_table(values: Mapping[str, Any]) -> Any:
    rows = []
    for name in ("cp", "cpl", "cpu", "cpk", "pp", "ppl", "ppu", "ppk", "cpm"):
        if name in values:
            ends = [values.get(f"{name}_ci_low"), values.get(f"{name}_ci_high")]
            rows.append([name.capitalize(), values[name], *ends])
    return table_of("indices", ("index", "value", "CI low", "CI high"), rows)


def _ppm_table(values: Mapping[str, Any]) -> Any:
    rows = [
        [s, *(values[f"ppm_{s}_{k}"] for k in ("observed", "within", "overall"))] for s in _SIDES
    ]
    return table_of("ppm", ("side", "observed", "expected within", "expected overall"), rows)


def _histogram(x: FloatArray, limits: Limits, mean: float, within: float, overall: float) -> Figure:
    counts, edges = np.histogram(x, bins="sturges")
    return Figure(
        "capability_histogram",
        "Process capability",
        {
            "edges": edges.tolist(),
            "counts": counts.tolist(),
            "lsl": limits.lsl,
            "usl": limits.usl,
            "target": limits.target,
            "mean": mean,
            "sd_within": within,
            "sd_overall": overall,
            "n": len(x),
        },
    )


def _verify_summary(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    limits = _limits(arguments)
    mean, sd = arguments["mean"], arguments["sd"]
    low = math.inf if limits.lsl is None else (mean - limits.lsl) / (3 * sd)
    high = math.inf if limits.usl is None else (limits.usl - mean) / (3 * sd)
    below, above, total = outside_again(limits, mean, sd)
    again: dict[str, Any] = {
        "lsl": limits.lsl,
        "usl": limits.usl,
        "cpl": low,
        "cpu": high,
        "cpk": min(low, high),
        "cp": (low + high) / 2,
        "cpm": _cpm_again(limits, mean, sd),
        "ppm_below": below,
        "ppm_above": above,
        "ppm_total": total,
        "yield_percent": 100 - total / 1e4,
        "z_bench": Recomputed(_z_again(total), 1e-8),
    }
    if arguments["n"] is not None:
        n = arguments["n"]
        z = math.sqrt(2) * float(mpmath.erfinv(arguments["confidence"]))
        half = z * math.sqrt(1 / (9 * n) + min(low, high) ** 2 / (2 * (n - 1)))
        again |= {"cpk_ci_low": min(low, high) - half, "cpk_ci_high": min(low, high) + half}
        for side, tail in (("low", -1), ("high", 1)):
            p = (1 + tail * arguments["confidence"]) / 2
            quantile = 2 * float(special.gammaincinv((n - 1) / 2, p))
            again[f"cp_ci_{side}"] = again["cp"] * math.sqrt(quantile / (n - 1))
    return {k: v for k, v in again.items() if k in result.values}


@operation(
    "quality.capability_summary",
    outputs={
        **{k: v.split(",")[0] for k, v in INDICES.items() if k.startswith("c")},
        "cpm": "capability about the target (middle of the specification if none)",
        "cp_ci_low": "lower confidence limit of Cp",
        "cp_ci_high": "upper confidence limit of Cp",
        "cpk_ci_low": "lower confidence limit of Cpk",
        "cpk_ci_high": "upper confidence limit of Cpk",
        "ppm_below": "expected parts per million below the lower limit",
        "ppm_above": "expected parts per million above the upper limit",
        "ppm_total": "expected parts per million outside",
        "yield_percent": "expected percentage within the limits",
        "z_bench": "standard normal deviate of the total outside",
        "lsl": "lower specification limit",
        "usl": "upper specification limit",
    },
    reference="Montgomery (2013), Statistical Quality Control, chapter 8",
    verifier=_verify_summary,
    examples=(
        "cap = quality.capability_summary(mean=4.95, sd=0.1, target=5, tolerance=0.3)",
        "cap = quality.capability_summary(mean=10.1, sd=0.2, usl=10.8, n=60)",
    ),
    terms=("capability from mean and standard deviation", "ppm outside the specification", "yield"),
)
def capability_summary(
    mean: Annotated[float, Param("process mean")],
    sd: Annotated[float, Param("process standard deviation", gt=0)],
    lsl: Lsl = None,
    usl: Usl = None,
    spec: Spec = None,
    target: Target = None,
    tolerance: Tolerance = None,
    n: Annotated[int | None, Param("readings behind the standard deviation", ge=2)] = None,
    confidence: Confidence = 0.95,
) -> Result:
    """Capability and ppm outside the specification from a mean and a standard deviation.

    With the standard deviation within subgroups these are Cp and Cpk, with that of all readings Pp
    and Ppk. The ppm assume a normal distribution.
    """
    limits = spec_limits(lsl, usl, spec, target, tolerance)
    found = indices(limits, mean, sd, "c")
    below, above, total = outside(limits, mean, sd)
    values: dict[str, Value] = {
        **found,
        "cpm": _cpm(limits, mean, sd),
        "lsl": limits.lsl,
        "usl": limits.usl,
        "ppm_below": below,
        "ppm_above": above,
        "ppm_total": total,
        "yield_percent": 100 - total / 1e4,
    }
    if SMALLEST < total < ALMOST_ALL:
        values["z_bench"] = float(stats.norm.isf(total / MILLION))
    if n is not None:
        values |= index_intervals(found, "c", n, n - 1.0, confidence)
    warnings = ["The ppm assume a normal distribution that stays where it is."]
    if n is None:
        warnings.append("Without the number of readings no confidence limits can be given.")
    curve = Figure(
        "capability_histogram",
        "Process against specification",
        {"edges": [], "counts": [], "lsl": limits.lsl, "usl": limits.usl, "target": limits.target,
         "mean": mean, "sd_within": None, "sd_overall": sd, "n": n},
    )  # fmt: skip
    both = "Cp = {cp}, " if found["cp"] is not None else ""
    return Result(
        _present(values),
        both
        + "Cpk = {cpk}; expected outside: {ppm_below} ppm below, {ppm_above} above, {ppm_total} "
        "in total.",
        figures=(curve,),
        assumptions=(Assumption("normality", None, "no data to test it on"),),
        warnings=tuple(warnings),
    )
