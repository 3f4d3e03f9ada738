"""Statistical tolerance intervals: limits that hold a share of the population with confidence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, Literal

import numpy as np
from scipy import integrate, optimize, special, stats

from havoc.errors import InputError
from havoc.tools.diagnostics import p_words
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.quality.specs import Confidence
from havoc.tools.result import Assumption, Result, Value, table_of
from havoc.tools.values import Sample, near_zero

Side = Literal["two-sided", "lower", "upper"]
Coverage = Annotated[float, Param("share of the population to hold", gt=0, lt=1, fraction=True)]
SideOf = Annotated[Side, Param("both limits, or a bound on one side")]


@cache
def one_sided_factor(n: int, coverage: float, confidence: float) -> float:
    """k of a one-sided normal tolerance bound: noncentral t quantile over √n."""
    delta = float(special.ndtri(coverage)) * math.sqrt(n)
    return float(stats.nct.ppf(confidence, n - 1, delta)) / math.sqrt(n)


@cache
def two_sided_factor(n: int, coverage: float, confidence: float) -> float:
    """Exact k of a two-sided normal tolerance interval (Odeh 1978).

    P(content >= coverage) is the mean, over the mean's error z/√n, of P(chi² > (n-1) r²/k²),
    where r(z) is the half width about z/√n that holds the coverage.
    """
    node, weight = np.polynomial.legendre.leggauss(120)
    z = 4.25 * (node + 1)  # 0 .. 8.5
    density = 2 * 4.25 * weight * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    r = _half_widths(z / math.sqrt(n), coverage)

    def miss(k: float) -> float:
        return float(density @ stats.chi2.sf((n - 1) * (r / k) ** 2, n - 1)) - confidence

    start = float(r[0]) * math.sqrt((n - 1) / float(stats.chi2.isf(confidence, n - 1)))
    return float(optimize.brentq(miss, 0.2 * start, 4 * start, xtol=1e-13, rtol=1e-13))


def _half_widths(shift: Any, coverage: float) -> Any:
    """Solve Φ(shift + r) - Φ(shift - r) = coverage for r by Newton's method."""
    r = np.abs(shift) + float(special.ndtri((1 + coverage) / 2))
    for _ in range(60):
        value = special.ndtr(shift + r) - special.ndtr(shift - r) - coverage
        slope = (np.exp(-((shift + r) ** 2) / 2) + np.exp(-((shift - r) ** 2) / 2)) / math.sqrt(
            2 * math.pi
        )
        step = value / slope
        r = r - np.clip(step, -0.5, 0.5)
        if np.max(np.abs(step)) < 1e-14:
            break
    return r


def factor(side: str, n: int, coverage: float, confidence: float) -> float:
    if side == "two-sided":
        return two_sided_factor(n, coverage, confidence)
    return one_sided_factor(n, coverage, confidence)


def factor_again(side: str, n: int, coverage: float, confidence: float) -> float:
    """k from the other order of integration: over the deviation, the mean in closed form."""
    df = n - 1
    log_c = math.log(2) + df / 2 * math.log(df / 2) - float(special.gammaln(df / 2))

    def density(s: float) -> float:
        return math.exp(log_c + (df - 1) * math.log(s) - df * s * s / 2)

    def accepted(s: float, k: float) -> float:
        if side != "two-sided":
            z = float(special.ndtri(coverage))
            return float(special.ndtr(math.sqrt(n) * (k * s - z)))
        reach = _largest_shift(k * s, coverage)
        return 0.0 if reach is None else 2 * float(special.ndtr(reach * math.sqrt(n))) - 1

    def miss(k: float) -> float:
        corner = float(special.ndtri((1 + coverage) / 2)) / k if side == "two-sided" else 1.0
        top = 1 + 9 / math.sqrt(2 * df) + (6 / df if df < 6 else 0)
        corners = sorted({min(max(corner, 1e-9), top), min(1.0, top)})
        total = 0.0
        edges = [1e-9, *corners, top]
        for low, high in pairwise(edges):
            if high > low:
                total += integrate.quad(
                    lambda s: density(s) * accepted(s, k), low, high, epsabs=1e-10, limit=200
                )[0]
        return total - confidence

    start = factor(side, n, coverage, confidence)
    span = 0.05 * abs(start) + 0.01
    return float(optimize.brentq(miss, start - span, start + span, xtol=1e-11))


def _largest_shift(half: float, coverage: float) -> float | None:
    """The largest shift at which ±half still holds the coverage."""

    def miss(shift: float) -> float:
        return float(special.ndtr(half + shift) - special.ndtr(shift - half)) - coverage

    if miss(0.0) < 0:
        return None
    return float(optimize.brentq(miss, 0.0, half + 40, xtol=1e-13))


def _limits(side: str, mean: float, sd: float, k: float) -> dict[str, Value]:
    values: dict[str, Value] = {"k": k}
    if side != "upper":
        values["lower"] = mean - k * sd
    if side != "lower":
        values["upper"] = mean + k * sd
    if side != "two-sided":
        values["bound"] = values[side]
    return values


def _words(side: str) -> str:
    if side == "two-sided":
        return (
            "Between {lower} and {upper} lies at least {coverage} of the population, with "
            "confidence {confidence} (k = {k})."
        )
    where = "above" if side == "lower" else "below"
    return (
        f"At least {{coverage}} of the population lies {where} {{{side}}}, with confidence "
        "{confidence} (k = {k})."
    )


_OUTPUTS = {
    "k": "tolerance factor",
    "lower": "lower tolerance limit",
    "upper": "upper tolerance limit",
    "bound": "the one-sided bound",
    "mean": "sample mean",
    "sd": "sample standard deviation",
    "n": "sample size",
    "coverage": "share of the population",
    "confidence": "confidence",
}
_REFERENCE = (
    "Odeh and Owen (1980), Tables for Normal Tolerance Limits; Krishnamoorthy and Mathew (2009)"
)


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    exact = arguments["x"].present().exact
    n = len(exact)
    mean = sum(exact, Fraction(0)) / n
    sd = math.sqrt(sum(((v - mean) ** 2 for v in exact), Fraction(0)) / (n - 1))
    return _verify_limits(arguments, float(mean), sd, n)


def _verify_limits(arguments: Mapping[str, Any], mean: float, sd: float, n: int) -> dict[str, Any]:
    side, coverage, confidence = (arguments[k] for k in ("side", "coverage", "confidence"))
    k = factor_again(side, n, coverage, confidence)
    again = _limits(side, mean, sd, k)
    loose = {key: Recomputed(v, 1e-6) for key, v in again.items()}
    return {**loose, "mean": mean, "sd": sd, "n": n, "coverage": coverage,
            "confidence": confidence}  # fmt: skip


def _verify_summary(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    return _verify_limits(arguments, arguments["mean"], arguments["sd"], arguments["n"])


def _result(
    side: str, mean: float, sd: float, n: int, coverage: float, confidence: float,
    assumptions: tuple[Assumption, ...], warnings: tuple[str, ...],
) -> Result:  # fmt: skip
    if n < 2:
        raise InputError("a tolerance interval needs at least 2 values")
    k = factor(side, n, coverage, confidence)
    values = {
        **_limits(side, mean, sd, k),
        "mean": mean,
        "sd": sd,
        "n": n,
        "coverage": coverage,
        "confidence": confidence,
    }
    rows = [(name, values[name]) for name in ("n", "mean", "sd", "k", "lower", "upper")
            if name in values]  # fmt: skip
    return Result(
        values,
        _words(side),
        tables=(table_of("tolerance interval", ("", "value"), rows),),
        assumptions=assumptions,
        warnings=warnings,
    )


@operation(
    "quality.tolerance_interval",
    outputs=_OUTPUTS,
    reference=_REFERENCE,
    verifier=_verify,
    examples=(
        "t = quality.tolerance_interval([9.8, 10.1, 10.0, 9.9, 10.3, 10.2, 9.7, 10.1], "
        "coverage=95%)",
        "t = quality.tolerance_interval([9.8, 10.1, 10.0, 9.9, 10.3, 10.2, 9.7, 10.1], "
        "coverage=99%, side=upper)",
    ),
    terms=("tolerance interval", "tolerance bound", "cover 99% of the population", "k factor"),
)
def tolerance_interval(
    x: Annotated[Sample, Param("measurements", min_length=2)],
    coverage: Coverage = 0.95,
    confidence: Confidence = 0.95,
    side: SideOf = "two-sided",
) -> Result:
    """Tolerance interval of a normal population from data.

    mean ± k s holds at least ``coverage`` of the population with the given confidence. The two-sided
    factor is exact (not Howe's approximation), the one-sided one from the noncentral t. Not to
    be confused with a confidence interval of the mean.
    """
    series = x.present()
    y = series.values
    if len(y) < 2 or np.ptp(y) == 0:
        raise InputError("the values do not vary: no tolerance interval")
    warnings = (f"{x.n_missing} missing values were left out.",) if x.n_missing else ()
    assumption = Assumption("normality", None, "too few values to test")
    if 8 <= len(y) <= 5000:
        w, p = stats.shapiro(y)
        detail = f"Shapiro-Wilk W = {w:.4f}, {p_words(p)}"
        assumption = Assumption("normality", bool(p >= 0.05), detail, float(w), float(p))
        if p < 0.05:
            warnings = (
                *warnings,
                "The values are not normal, and the tails decide here: use "
                "quality.tolerance_nonparametric or transform.",
            )
    return _result(
        side, float(y.mean()), float(near_zero([series])[0][0].std(ddof=1)), len(y), coverage,
        confidence,
        (assumption,), warnings,
    )  # fmt: skip


@operation(
    "quality.tolerance_summary",
    outputs=_OUTPUTS,
    reference=_REFERENCE,
    verifier=_verify_summary,
    examples=(
        "t = quality.tolerance_summary(mean=12.4, sd=0.3, n=30, coverage=99%, side=upper)",
        "t = quality.tolerance_summary(mean=100, sd=2, n=43, coverage=90%, confidence=99%)",
    ),
    terms=("tolerance interval from mean and standard deviation", "one-sided tolerance bound"),
)
def tolerance_summary(
    mean: Annotated[float, Param("sample mean")],
    sd: Annotated[float, Param("sample standard deviation", gt=0)],
    n: Annotated[int, Param("sample size", ge=2, le=100_000)],
    coverage: Coverage = 0.95,
    confidence: Confidence = 0.95,
    side: SideOf = "two-sided",
) -> Result:
    """Tolerance interval of a normal population from mean, standard deviation and sample size.

    mean ± k s holds at least ``coverage`` of the population with the given confidence.
    """
    unchecked = Assumption("normality", None, "no data to test it on; the tails decide here")
    return _result(side, mean, sd, n, coverage, confidence, (unchecked,), ())
