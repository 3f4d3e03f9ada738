"""Power, replicates and detectable effect of a two-level factorial."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal

import numpy as np
from scipy import optimize, stats

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Assumption, Figure, Result, table_of
from havoc.tools.values import FloatArray

MAX_REPLICATES = 10_000


@dataclass(frozen=True)
class Layout:
    """A replicated two-level design: what does not change with the number of replicates."""

    base: int  # runs of one replicate
    terms: int  # model coefficients, the intercept included
    centers: int
    blocked: bool  # each replicate is a block

    def runs(self, replicates: int) -> int:
        return self.base * replicates + self.centers

    def error_df(self, replicates: int) -> int:
        """Centre points estimate one more parameter: their mean's distance from the corners'."""
        used = self.terms + (1 if self.centers else 0) + (replicates - 1 if self.blocked else 0)
        return self.runs(replicates) - used

    def noncentrality(self, ratio: float, replicates: int) -> float:
        """(effect / sd)^2 over the effect's variance 4 / N in units of sd^2."""
        return ratio**2 * self.base * replicates / 4


def power_of(layout: Layout, ratio: float, replicates: int, alpha: float) -> float:
    df = layout.error_df(replicates)
    if df < 1:
        return 0.0
    noncentrality = layout.noncentrality(ratio, replicates)
    if noncentrality == 0:  # scipy 1.17's ncf.sf is off by one there: -0.95 for 0.05
        return alpha
    critical = stats.f.isf(alpha, 1, df)
    return float(stats.ncf.sf(critical, 1, df, noncentrality))


@cache
def _quadrature() -> tuple[FloatArray, FloatArray]:
    nodes, weights = np.polynomial.legendre.leggauss(160)
    return nodes, weights


def power_again(layout: Layout, ratio: float, replicates: int, alpha: float) -> float:
    """Power of the t test by integrating the normal over the estimate of sd (no noncentral law)."""
    df = layout.error_df(replicates)
    shift = math.sqrt(layout.noncentrality(ratio, replicates))
    critical = float(stats.t.isf(alpha / 2, df))

    nodes, weights = _quadrature()
    low, high = stats.chi.ppf(1e-15, df), stats.chi.isf(1e-15, df)
    chi = low + (high - low) * (nodes + 1) / 2
    sd = chi / math.sqrt(df)
    found = stats.norm.sf(critical * sd - shift) + stats.norm.cdf(-critical * sd - shift)
    return float((high - low) / 2 * np.sum(weights * stats.chi.pdf(chi, df) * found))


def model_terms(k: int, runs: int, model: str) -> int:
    if model == "main":
        terms = 1 + k
    elif model == "interactions":
        terms = 1 + k + math.comb(k, 2)
    else:
        terms = runs
    if terms > runs:
        raise InputError(
            f"{runs} runs of one replicate cannot hold the {terms} coefficients of that model; "
            "take a smaller model or more runs"
        )
    return terms


def least_replicates(layout: Layout, ratio: float, power: float, alpha: float) -> int:
    """The fewest replicates that reach the power; powers rise with replicates."""
    high = 1
    while power_of(layout, ratio, high, alpha) < power:
        high *= 2
        if high > MAX_REPLICATES:
            raise InputError(
                "more than 10000 replicates would be needed: the effect is too small beside sd"
            )
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        if power_of(layout, ratio, middle, alpha) >= power:
            high = middle
        else:
            low = middle
    return high


def smallest_effect(layout: Layout, replicates: int, power: float, alpha: float) -> float:
    """The effect, in units of sd, that is detected with the power."""
    if layout.error_df(replicates) < 1:
        raise InputError("no degrees of freedom are left for error: replicate or add centre points")
    if power <= alpha:
        raise InputError("the power must exceed alpha")
    return float(
        optimize.brentq(
            lambda r: power_of(layout, r, replicates, alpha) - power, 1e-9, 1e4, xtol=1e-12
        )
    )


def _layout(arguments: Mapping[str, Any]) -> Layout:
    k = arguments["n_factors"]
    base = arguments["runs"] or 2**k
    if base & (base - 1) or not k < base <= 2**k:
        raise InputError(
            f"one replicate of {k} two-level factors has a power of two runs, "
            f"{1 << k.bit_length()} to {2**k}, not {base}"
        )
    terms = model_terms(k, base, arguments["model"])
    return Layout(base, terms, arguments["centers"], arguments["blocked"])


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    layout, values = _layout(arguments), result.values
    replicates, alpha = int(values["replicates"]), arguments["alpha"]  # type: ignore[arg-type]
    ratio = float(values["effect"]) / arguments["sd"]  # type: ignore[arg-type]
    df = layout.runs(replicates) - layout.terms - (layout.centers > 0)
    df -= (replicates - 1) * layout.blocked
    power = power_again(layout, ratio, replicates, alpha) if df else 0.0
    again: dict[str, Any] = {
        "power": Recomputed(power, 1e-7),
        "runs": layout.base * replicates + layout.centers,
        "corner_runs": layout.base * replicates,
        "error_df": df,
        "noncentrality": (ratio / math.sqrt(4 / (layout.base * replicates))) ** 2,
        "critical_t": float(stats.t.ppf(1 - alpha / 2, df)) if df else None,
        "effect": arguments["effect"],
        "replicates": arguments["replicates"],
        "effect_standard_error": arguments["sd"] * math.sqrt(1 / (layout.base * replicates / 4)),
        "alpha": alpha,
    }
    if arguments["replicates"] is None:
        wanted = arguments["power"]
        reached = power >= wanted - 1e-9
        short = replicates - 1
        fewer = (
            short == 0
            or layout.error_df(short) < 1
            or power_again(layout, ratio, short, alpha) < wanted
        )
        again["replicates"] = replicates if reached and fewer else None
    if arguments["effect"] is None:
        again["effect"] = Recomputed(
            values["effect"] if ratio > 0 and abs(power - arguments["power"]) < 1e-6 else None, 1e-7
        )
    return again


@operation(
    "doe.factorial_power",
    outputs={
        "replicates": "replicates of the design",
        "power": "chance that the effect is found significant",
        "effect": "effect, high minus low",
        "runs": "runs in all",
        "corner_runs": "runs without centre points",
        "error_df": "degrees of freedom for error",
        "noncentrality": "noncentrality of the F test with 1 degree of freedom",
        "critical_t": "t beyond which the effect is significant",
        "effect_standard_error": "standard error of an effect",
        "alpha": "significance level",
    },
    reference="Montgomery (2013), Design and Analysis of Experiments, sections 3.7 and 6.2",
    verifier=_verify,
    examples=(
        "r = doe.factorial_power(n_factors=3, effect=1.5, sd=1, power=0.9)",
        "r = doe.factorial_power(n_factors=4, effect=2, sd=1.5, replicates=2, model=interactions)",
        "r = doe.factorial_power(n_factors=5, runs=16, replicates=2, sd=3, power=80%, model=main)",
    ),
    terms=(
        "power of a factorial",
        "sample size for a factorial",
        "replicates per corner",
        "detectable effect",
        "signal to noise",
    ),
)
def factorial_power(
    n_factors: Annotated[int, Param("number of two-level factors", ge=1, le=15)],
    effect: Annotated[float | None, Param("effect to detect, high minus low", gt=0)] = None,
    sd: Annotated[float, Param("standard deviation of a single run", gt=0)] = 1.0,
    power: Annotated[float | None, Param("power wanted", gt=0, lt=1, fraction=True)] = None,
    replicates: Annotated[int | None, Param("replicates of the design", ge=1, le=10000)] = None,
    alpha: Annotated[float, Param("significance level", gt=0, lt=1, fraction=True)] = 0.05,
    runs: Annotated[
        int | None, Param("runs of one replicate (default: the full factorial)", ge=2)
    ] = None,
    model: Annotated[
        Literal["full", "main", "interactions"],
        Param("terms fitted: all interactions, main effects only, two-factor interactions too"),
    ] = "full",
    centers: Annotated[int, Param("centre points in all", ge=0, le=100)] = 0,
    blocked: Annotated[bool, Param("whether each replicate is a block")] = False,
) -> Result:
    """Compute replicates, power or detectable effect of a two-level factorial.

    Leave out what is to be found: the replicates (from effect and power), the power (from effect
    and replicates) or the effect (from replicates and power). An effect's variance is 4 sd^2 / N;
    it is tested with the error degrees of freedom that the model leaves.
    """
    arguments = {
        "n_factors": n_factors, "runs": runs, "model": model, "centers": centers, "blocked": blocked,
    }  # fmt: skip
    layout = _layout(arguments)
    found_effect, found_replicates = effect, replicates
    if effect is not None and replicates is None and power is not None:
        found_replicates = least_replicates(layout, effect / sd, power, alpha)
        conclusion = (
            "{replicates} replicates ({runs} runs) detect an effect of {effect} with power {power}."
        )
    elif effect is None and replicates is not None and power is not None:
        found_effect = sd * smallest_effect(layout, replicates, power, alpha)
        conclusion = (
            "With {replicates} replicates ({runs} runs) the smallest effect detected with power "
            "{power} is {effect}."
        )
    elif effect is not None and replicates is not None and power is None:
        conclusion = (
            "With {replicates} replicates ({runs} runs) an effect of {effect} is detected with "
            "power {power}."
        )
    else:
        raise NeedsClarification(
            "two of effect, replicates and power are needed to find the third"
            if None in (effect, replicates, power)
            else "leave out effect, replicates or power: the one to be found"
        )
    assert found_effect is not None
    assert found_replicates is not None
    return _result(layout, found_effect, sd, found_replicates, alpha, conclusion)


def _result(
    layout: Layout, effect: float, sd: float, replicates: int, alpha: float, conclusion: str
) -> Result:
    ratio, df = effect / sd, layout.error_df(replicates)
    reached = power_of(layout, ratio, replicates, alpha)
    corner = layout.base * replicates
    around = range(max(1, replicates - 2), replicates + 4)
    rows = [
        [r, layout.runs(r), layout.error_df(r), power_of(layout, ratio, r, alpha)] for r in around
    ]
    warnings = []
    if df < 1:
        warnings.append(
            "The model leaves no degrees of freedom for error: replicate, add centre points or fit "
            "fewer terms."
        )
    elif df < 5:
        warnings.append("Few degrees of freedom for error: the power depends strongly on them.")
    sizes = np.linspace(0, 2 * ratio, 41)
    curve = {
        "x": [float(sd * v) for v in sizes],
        "y": [power_of(layout, float(v), replicates, alpha) for v in sizes],
        "x_label": "effect (high minus low)",
        "y_label": "power",
        "marked": [effect, reached],
    }
    return Result(
        {
            "replicates": replicates,
            "power": reached,
            "effect": effect,
            "runs": layout.runs(replicates),
            "corner_runs": corner,
            "error_df": df,
            "noncentrality": layout.noncentrality(ratio, replicates),
            "critical_t": math.sqrt(stats.f.isf(alpha, 1, df)) if df > 0 else None,
            "effect_standard_error": 2 * sd / math.sqrt(corner),
            "alpha": alpha,
        },
        conclusion,
        (table_of("power by replicates", ["replicates", "runs", "error df", "power"], rows),),
        (Figure("power_curve", "Power of the factorial", curve),),
        (
            Assumption("known sd", None, "the power holds for the standard deviation given"),
            Assumption("normal errors", None, "errors are taken as independent and normal"),
        ),
        tuple(warnings),
    )
