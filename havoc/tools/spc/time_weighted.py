"""Charts with memory, for small shifts: EWMA, tabular CUSUM, moving average."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, Value, table_of
from havoc.tools.spc.charting import (
    Baseline,
    By,
    Draw,
    Drawing,
    Exclude,
    Keep,
    Layout,
    Notes,
    Panel,
    Phase1,
    Setup,
    Size,
    assemble,
    chart_outputs,
    independence,
    read_subgroups,
    recompute,
)
from havoc.tools.spc.constants import c4, d2, exact_c4, tippett_moments
from havoc.tools.values import FloatArray, Sample, near_zero

Readings = Annotated[
    tuple[Sample, ...], Param("single readings, or subgroups as the rows of a table")
]
Target = Annotated[float | None, Param("target or known mean; otherwise the mean of the data")]
Sigma = Annotated[
    float | None, Param("known standard deviation of single readings; otherwise estimated", gt=0)
]

LimitKind = Literal["exact", "asymptotic"]


@dataclass(frozen=True)
class Series:
    """Points to be weighted: means of the subgroups (or single readings) and their sizes."""

    samples: tuple[Sample, ...]
    notes: tuple[str, ...]

    @property
    def sizes(self) -> list[int]:
        return [len(s) for s in self.samples]

    @property
    def means(self) -> FloatArray:
        return np.array([s.values.mean() for s in self.samples])


def read_series(arguments: Mapping[str, Any]) -> Series:
    x = arguments["x"]
    if len(x) == 1 and arguments["subgroup"] is None and arguments["by"] is None:
        column = x[0].present()
        notes: tuple[str, ...] = ()
        if x[0].n_missing:
            notes = (f"{x[0].n_missing} missing readings were left out; points are renumbered.",)
        if len(column) < 2:
            raise InputError("a chart needs at least 2 readings")
        return Series(tuple(column.take([i]) for i in range(len(column))), notes)
    groups = read_subgroups(x, arguments["subgroup"], arguments["by"], arguments["layout"])
    return Series(groups.samples, groups.notes)


def estimate(series: Series, keep: Keep, arguments: Mapping[str, Any]) -> tuple[float, float]:
    """Target and sigma: moving range of single readings, mean s/c4 or R/d2 of subgroups."""
    used = [s.values for s, k in zip(series.samples, keep, strict=True) if k]
    target, sigma = arguments["target"], arguments["sigma"]
    if target is None:
        target = float(np.concatenate(used).mean())
    if sigma is None:
        near, _ = near_zero(series.samples)
        used = [v for v, k in zip(near, keep, strict=True) if k]
        if max(series.sizes) == 1:
            steps = np.abs(np.diff(np.concatenate(near)))[keep[1:] & keep[:-1]]
            sigma = float(steps.mean()) / d2(2)
        elif max(series.sizes) > 10:
            sigma = float(np.mean([v.std(ddof=1) / c4(len(v)) for v in used]))
        else:
            sigma = float(np.mean([np.ptp(v) / d2(len(v)) for v in used]))
    if sigma <= 0:
        raise InputError("the readings do not vary: sigma is 0 and no limits can be set")
    return target, sigma


def exact_estimate(series: Series, keep: Keep, arguments: Mapping[str, Any]) -> tuple[float, float]:
    used = [s.exact for s, k in zip(series.samples, keep, strict=True) if k]
    target, sigma = arguments["target"], arguments["sigma"]
    if target is None:
        target = float(sum(map(sum, used), Fraction(0)) / sum(map(len, used)))
    if sigma is None and max(series.sizes) == 1:
        y = [s.exact[0] for s in series.samples]
        steps = [abs(y[i] - y[i - 1]) for i in range(1, len(y)) if keep[i] and keep[i - 1]]
        sigma = float(sum(steps, Fraction(0)) / len(steps)) * math.sqrt(math.pi) / 2
    elif sigma is None and max(series.sizes) > 10:
        parts = []
        for e in used:
            m = sum(e) / len(e)
            square = sum((v - m) ** 2 for v in e) / (len(e) - 1)
            parts.append(math.sqrt(square) / exact_c4(len(e)))
        sigma = math.fsum(parts) / len(parts)
    elif sigma is None:
        parts = [float(max(e) - min(e)) / tippett_moments(len(e))[0] for e in used]
        sigma = math.fsum(parts) / len(parts)
    return target, sigma


def sigma_words(series: Series, arguments: Mapping[str, Any]) -> str:
    if arguments["sigma"] is not None:
        return "given sigma"
    if max(series.sizes) == 1:
        return "mean moving range / d2"
    return "mean standard deviation / c4" if max(series.sizes) > 10 else "mean range / d2"


def memory_setup(series: Series, arguments: Mapping[str, Any], sigmas: float, title: str) -> Setup:
    return Setup(
        tuple(str(i) for i in range(1, len(series.samples) + 1)),
        "limits",
        sigmas,
        arguments["baseline"],
        arguments["exclude"],
        arguments["sigma"] is None,
        title,
        arguments["phase1"],
    )


def _draw_ewma(series: Series, arguments: Mapping[str, Any]) -> Draw:
    lam, L = arguments["weight"], arguments["L"]
    n = np.array(series.sizes, dtype=float)
    means = series.means

    def draw(keep: Keep) -> Drawing:
        target, sigma = estimate(series, keep, arguments)
        z = np.empty(len(means))
        variance = np.empty(len(means))
        level, spread = target, 0.0
        for i, y in enumerate(means):
            level = lam * y + (1 - lam) * level
            spread = lam**2 * sigma**2 / n[i] + (1 - lam) ** 2 * spread
            z[i], variance[i] = level, spread
        if arguments["limits"] == "asymptotic":
            variance = sigma**2 / n * lam / (2 - lam)
        se = np.sqrt(variance)
        center = np.full(len(z), target)
        panel = Panel("", "EWMA", z, center, se, center - L * se, center + L * se)
        far = L * sigma * math.sqrt(lam / (2 - lam) / n[-1])
        return [panel], {
            "target": target,
            "sigma": sigma,
            "ewma": z.tolist(),
            "ewma_last": float(z[-1]),
            "ucl_asymptotic": target + far,
            "lcl_asymptotic": target - far,
        }

    return draw


def _exact_draw_ewma(series: Series, arguments: Mapping[str, Any]) -> Draw:
    """The EWMA as the weighted sum of all points so far, and its variance likewise."""
    lam, L = arguments["weight"], arguments["L"]
    means = [float(sum(s.exact) / len(s)) for s in series.samples]
    sizes = series.sizes

    def draw(keep: Keep) -> Drawing:
        target, sigma = exact_estimate(series, keep, arguments)
        z, variance = [], []
        for i in range(len(means)):
            weights = [lam * (1 - lam) ** (i - j) for j in range(i + 1)]
            rest = (1 - lam) ** (i + 1) * target
            z.append(math.fsum([w * y for w, y in zip(weights, means, strict=False)] + [rest]))
            variance.append(
                math.fsum(w * w * sigma**2 / k for w, k in zip(weights, sizes, strict=False))
            )
        if arguments["limits"] == "asymptotic":
            variance = [sigma**2 * lam / ((2 - lam) * k) for k in sizes]
        half = np.array([math.sqrt(v) for v in variance])
        center = np.full(len(z), target)
        panel = Panel("", "EWMA", np.array(z), center, half, center - L * half, center + L * half)
        far = L * math.sqrt(sigma**2 * lam / ((2 - lam) * sizes[-1]))
        return [panel], {
            "target": target,
            "sigma": sigma,
            "ewma": z,
            "ewma_last": z[-1],
            "ucl_asymptotic": target + far,
            "lcl_asymptotic": target - far,
        }

    return draw


def _verify_ewma(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    series = read_series(arguments)
    setup = memory_setup(series, arguments, arguments["L"], "")
    again = recompute(_exact_draw_ewma(series, arguments), setup)
    return {**again, "estimator": sigma_words(series, arguments)}


_EXAMPLE = (
    "[9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51, 9.4, "
    "10.08, 9.37, 10.62, 10.31, 8.52, 10.84, 10.9, 9.33, 12.29, 11.5, 10.6, 11.08, 10.38, 11.62, "
    "11.31, 10.52]"
)
_MEMORY_OUTPUTS = {
    "target": "target mean",
    "sigma": "standard deviation of single readings",
    "estimator": "how sigma was estimated",
}


def _notes(series: Series, arguments: Mapping[str, Any], setup: Setup) -> Notes:
    warnings = list(series.notes)
    if arguments["target"] is None:
        warnings.append(
            "No target was given: the mean of the data stands in for it, so that the chart finds "
            "changes within the data but not a lasting departure from the target."
        )
    assumptions = independence(series.means[setup.keep])
    return Notes(tuple(warnings), assumptions, "{target} (sigma {sigma} by {estimator})")


@operation(
    "spc.ewma",
    outputs=chart_outputs(
        {"": "EWMA"},
        ewma="EWMA at each point",
        ewma_last="EWMA at the last point",
        ucl_asymptotic="upper limit after many points",
        lcl_asymptotic="lower limit after many points",
        **_MEMORY_OUTPUTS,
    ),
    reference="Montgomery (2013), Statistical Quality Control, section 9.2; "
    "Lucas and Saccucci (1990)",
    verifier=_verify_ewma,
    examples=(
        f"chart = spc.ewma({_EXAMPLE}, weight=0.1, L=2.7, target=10, sigma=1)",
        f"chart = spc.ewma({_EXAMPLE}, weight=0.2, baseline=1..20)",
    ),
    terms=("EWMA chart", "exponentially weighted moving average", "small shifts"),
)
def ewma(
    x: Readings,
    weight: Annotated[float, Param("lambda, weight of the newest point", gt=0, le=1)] = 0.2,
    L: Annotated[float, Param("width of the limits in standard errors", gt=0, le=10)] = 3.0,
    target: Target = None,
    sigma: Sigma = None,
    subgroup: Size = None,
    by: By = None,
    layout: Layout = "auto",
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
    limits: Annotated[
        LimitKind, Param("exact: varying with time; asymptotic: the constant limits reached later")
    ] = "exact",
) -> Result:
    """EWMA control chart, sensitive to small shifts of the mean.

    z_i = lambda x_i + (1 - lambda) z_(i-1) from the target, with limits target ± L sigma
    √(lambda/(2-lambda) (1 - (1-lambda)^(2i))). Common choices: lambda 0.05 to 0.25; for an
    in-control ARL of about 500, L = 2.615 at 0.05, 2.814 at 0.1, 2.962 at 0.2.
    """
    arguments = locals()
    series = read_series(arguments)
    setup = memory_setup(series, arguments, L, "EWMA chart")
    result = assemble(_draw_ewma(series, arguments), setup, _notes(series, arguments, setup))
    return replace(result, values={**result.values, "estimator": sigma_words(series, arguments)})


def _paths(
    standard: list[float], k: float, head_start: float
) -> tuple[list[float], list[float], list[int], list[int]]:
    """C+ and C- in sigma, and for how many points each has been above 0."""
    upper, lower, n_up, n_low = [], [], [], []
    up, low = head_start, head_start
    runs = [0, 0]
    for z in standard:
        up, low = _sum_above_zero(up + z - k), _sum_above_zero(low - z - k)
        runs = [runs[0] + 1 if up > 0 else 0, runs[1] + 1 if low > 0 else 0]
        upper.append(up)
        lower.append(low)
        n_up.append(runs[0])
        n_low.append(runs[1])
    return upper, lower, n_up, n_low


def _sum_above_zero(total: float) -> float:
    """A sum of 0.1 and -0.1 in sigma is no sum above 0, whatever rounding leaves of it."""
    return total if total > 1e-12 else 0.0


def _signal_points(path: list[float], h: float) -> list[int]:
    return [i for i, v in enumerate(path, 1) if v > h * (1 + 1e-12)]


def _cusum_values(
    upper: list[float], lower: list[float], n_up: list[int], n_low: list[int],
    arguments: Mapping[str, Any], target: float, sigma: float, size: int,
) -> dict[str, Value]:  # fmt: skip
    """Named values; sums in the units of the data (times the standard error of a point)."""
    k, h = arguments["k"], arguments["h"]
    unit = sigma / math.sqrt(size)
    over, under = _signal_points(upper, h), _signal_points(lower, h)
    first = min(over + under, default=None)
    values: dict[str, Value] = {
        "target": target,
        "sigma": sigma,
        "K": k * unit,
        "H": h * unit,
        "k": k,
        "h": h,
        "c_plus": [v * unit for v in upper],
        "c_minus": [v * unit for v in lower],
        "max_c_plus": max(upper) * unit,
        "max_c_minus": max(lower) * unit,
        "n_plus": n_up,
        "n_minus": n_low,
        "signals_up": over,
        "signals_down": under,
        "first_signal": first,
        "points": len(upper),
        "n_signals": len(set(over) | set(under)),
    }
    if first is not None:
        up = first in over
        count = (n_up if up else n_low)[first - 1]
        height = (upper if up else lower)[first - 1] * unit
        shift = k * unit + height / count
        values |= {
            "signal_side": "up" if up else "down",
            "c_at_signal": height,
            "shift_began_after": first - count,
            "new_mean": target + shift if up else target - shift,
        }
    return values


def _standardised(
    series: Series, keep: Keep, arguments: Mapping[str, Any], sigma: float
) -> list[float]:
    """Points less the target in standard errors, the differences taken of readings near zero."""
    near, offset = near_zero(series.samples)
    if arguments["target"] is None:
        used = [v for v, k in zip(near, keep, strict=True) if k]
        target = float(np.concatenate(used).mean())
    else:
        target = float(_as_fraction(arguments["target"]) - offset)
    unit = sigma / math.sqrt(series.sizes[0])
    return [(float(v.mean()) - target) / unit for v in near]


def _verify_cusum(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """C+ as the largest sum over all windows that end at a point (Page 1954), in rationals."""
    series = read_series(arguments)
    setup = memory_setup(series, arguments, 3.0, "")
    target, sigma = exact_estimate(series, setup.keep, arguments)
    size = series.sizes[0]
    unit = Fraction(sigma) / Fraction(math.sqrt(size))
    means = [Fraction(sum(s.exact, Fraction(0))) / len(s) for s in series.samples]
    if arguments["target"] is None:  # not the rounded mean: the sums would gather its error
        used = [s for s, kept in zip(series.samples, setup.keep, strict=True) if kept]
        centre = sum((v for s in used for v in s.exact), Fraction(0)) / sum(map(len, used))
    else:
        centre = _as_fraction(target)
    z = [(m - centre) / unit for m in means]
    k, head = _as_fraction(arguments["k"]), _as_fraction(arguments["head_start"])

    def largest(signed: list[Fraction]) -> tuple[list[float], list[int]]:
        sums, lengths = [], []
        for end in range(1, len(signed) + 1):
            total, best, length = Fraction(0), Fraction(0), 0
            for back in range(1, end + 1):
                total += signed[end - back] - k
                with_head = total + head if back == end else total
                if with_head > best:
                    best, length = with_head, back
            sums.append(_sum_above_zero(float(best)))
            lengths.append(length)
        return sums, lengths

    upper, _ = largest(z)
    lower, _ = largest([-v for v in z])
    n_up, n_low = _positive_runs(upper), _positive_runs(lower)
    again = _cusum_values(upper, lower, n_up, n_low, arguments, target, sigma, size)
    return {**again, "estimator": sigma_words(series, arguments)}


def _as_fraction(number: float) -> Fraction:
    return Fraction(repr(float(number)))


def _positive_runs(path: list[float]) -> list[int]:
    zeros = [-1] + [i for i, v in enumerate(path) if v <= 0]
    return [i - max(z for z in zeros if z <= i) for i in range(len(path))]


@operation(
    "spc.cusum",
    outputs={
        **_MEMORY_OUTPUTS,
        "K": "reference value in the units of the data",
        "H": "decision interval in the units of the data",
        "k": "reference value in sigma",
        "h": "decision interval in sigma",
        "c_plus": "upper cumulative sum at each point",
        "c_minus": "lower cumulative sum at each point",
        "max_c_plus": "largest upper sum",
        "max_c_minus": "largest lower sum",
        "n_plus": "points since the upper sum was last 0",
        "n_minus": "points since the lower sum was last 0",
        "signals_up": "points at which the upper sum exceeds H",
        "signals_down": "points at which the lower sum exceeds H",
        "first_signal": "first point that signals",
        "n_signals": "number of points that signal",
        "points": "points plotted",
        "signal_side": "direction of the first signal",
        "c_at_signal": "cumulative sum at the first signal",
        "shift_began_after": "last point before the shift, as the sum tells",
        "new_mean": "estimate of the mean after the shift",
    },
    reference="Montgomery (2013), Statistical Quality Control, section 9.1; Page (1954)",
    verifier=_verify_cusum,
    examples=(
        f"chart = spc.cusum({_EXAMPLE}, k=0.5, h=5, target=10, sigma=1)",
        f"chart = spc.cusum({_EXAMPLE}, target=10, h=4, head_start=2)",
    ),
    terms=("CUSUM chart", "cumulative sum", "tabular CUSUM", "decision interval", "FIR"),
)
def cusum(
    x: Readings,
    k: Annotated[
        float, Param("reference value (slack) in sigma: half the shift to find", gt=0)
    ] = 0.5,
    h: Annotated[float, Param("decision interval in sigma", gt=0)] = 5.0,
    target: Target = None,
    sigma: Sigma = None,
    head_start: Annotated[
        float, Param("fast initial response: both sums start here, in sigma, usually h/2", ge=0)
    ] = 0.0,
    subgroup: Size = None,
    by: By = None,
    layout: Layout = "auto",
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
) -> Result:
    """Tabular CUSUM control chart, sensitive to small sustained shifts of the mean.

    C+ = max(0, C+ + z - k) and C- = max(0, C- - z - k) of the standardised points z; a sum above h
    signals. K and H are k and h times the standard error of a point. The counter since the sum was
    last 0 tells when the shift began and estimates the new mean. With k = 0.5 the in-control ARL is
    168 for h = 4, 370 for h = 4.77 and 465 for h = 5.
    """
    arguments = locals()
    series = read_series(arguments)
    if len(set(series.sizes)) > 1:
        raise InputError("a CUSUM needs subgroups of one size")
    setup = memory_setup(series, arguments, 3.0, "CUSUM chart")
    target_used, sigma_used = estimate(series, setup.keep, arguments)
    size = series.sizes[0]
    z = _standardised(series, setup.keep, arguments, sigma_used)
    upper, lower, n_up, n_low = _paths(z, k, head_start)
    values = _cusum_values(upper, lower, n_up, n_low, arguments, target_used, sigma_used, size)
    notes = _notes(series, arguments, setup)
    return Result(
        {**values, "estimator": sigma_words(series, arguments)},
        _cusum_words(values),
        tables=(_cusum_table(series, values, n_up, n_low),),
        figures=(_cusum_figure(values),),
        assumptions=notes.assumptions,
        warnings=notes.warnings,
    )


def _cusum_words(values: Mapping[str, Value]) -> str:
    if values["first_signal"] is None:
        return (
            "No signal in {points} points: C+ reaches {max_c_plus} and C- {max_c_minus}, both "
            "below H = {H}."
        )
    return (
        "First signal at point {first_signal} ({signal_side}), where the sum is {c_at_signal} "
        "against H = {H}. The shift began after point {shift_began_after}; the mean since then "
        "is about {new_mean}."
    )


def _cusum_table(
    series: Series, values: Mapping[str, Any], n_up: list[int], n_low: list[int]
) -> Any:
    rows = [
        (i, y, values["c_plus"][i - 1], n_up[i - 1], values["c_minus"][i - 1], n_low[i - 1],
         "signal" if i in values["signals_up"] + values["signals_down"] else "")
        for i, y in enumerate(series.means.tolist(), 1)
    ]  # fmt: skip
    return table_of("cusum", ("point", "x", "C+", "N+", "C-", "N-", "signal"), rows)


def _cusum_figure(values: Mapping[str, Any]) -> Figure:
    signals = sorted({*values["signals_up"], *values["signals_down"]})
    return Figure(
        "cusum_chart",
        "CUSUM chart",
        {
            "point": list(range(1, values["points"] + 1)),
            "upper": values["c_plus"],
            "lower": [-v for v in values["c_minus"]],
            "ucl": values["H"],
            "lcl": -values["H"],
            "violations": [
                {"point": i, "rule": "CUSUM", "pattern": "sum above H"} for i in signals
            ],
            "y_label": "cumulative sum",
        },
    )
