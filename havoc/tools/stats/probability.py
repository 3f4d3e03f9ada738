"""What the probability and quantile operations of every distribution share.

An interval is written by ``above`` and ``below``: one for a tail, both for what lies between.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

import numpy as np

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Param
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.stats import precise

Above = Annotated[
    float | None, Param("probability of a value above this (with below: between the two)")
]
Below = Annotated[
    float | None, Param("probability of a value below this (with above: between the two)")
]
P = Annotated[float, Param("probability below the wanted value", gt=0, lt=1, fraction=True)]
Middle = Annotated[
    bool, Param("true: p is the share of the middle, between two values (two-sided critical value)")
]
PROBABILITY_OUTPUTS = {
    "p": "probability of the interval asked for",
    "p_outside": "probability of everything else (1 - p)",
    "p_low_tail": "probability below the interval",
    "p_high_tail": "probability above the interval",
    "p_two_sided": "both tails, the two-sided p value (one bound of a symmetric distribution)",
    "density": "density at the bound, when one bound is given",
    "z": "the bound in standard deviations from the mean; of two bounds a list (normal distribution)",
    "mean": "mean of the distribution (none where it does not exist)",
    "sd": "standard deviation of the distribution (none where it does not exist)",
}
QUANTILE_OUTPUTS = {
    "quantile": "value with probability p below it",
    "upper": "value with probability p above it",
    "mean": "mean of the distribution (none where it does not exist)",
    "sd": "standard deviation of the distribution (none where it does not exist)",
}


@dataclass(frozen=True)
class Continuous:
    """One distribution by two libraries: scipy's frozen object, and its cdf in 40 digits."""

    scipy: Any
    cdf: Callable[[Any], Any]
    moments: tuple[Any, Any]  # mean and variance in closed form, None where they do not exist
    name: str
    bracket: tuple[float, float] = (-1.0, 1.0)
    symmetric: bool = False
    standardised: bool = False  # whether a bound is told as z too


def finite(x: Any) -> float | None:
    return float(x) if math.isfinite(x) else None


def _center(d: Continuous) -> dict[str, Any]:
    mean, sd = (finite(v) for v in (d.scipy.mean(), d.scipy.std()))
    return {"mean": mean, "sd": sd}


def _center_again(d: Continuous) -> dict[str, Any]:
    mean, variance = d.moments
    return {"mean": mean, "sd": None if variance is None else precise.ctx.sqrt(variance)}


def probability(d: Continuous, above: float | None, below: float | None) -> Result:
    """P(above < X < below), with a tail where one bound is missing."""
    if above is None and below is None:
        raise NeedsClarification(
            "the probability of which values: above=, below=, or both for between?"
        )
    if above is not None and below is not None and not above < below:
        raise InputError(
            f"nothing lies above {above:g} and below {below:g}: above must be the smaller bound"
        )
    low = 0.0 if above is None else float(d.scipy.cdf(above))
    high = 0.0 if below is None else float(d.scipy.sf(below))
    values: dict[str, Any] = {
        "p": _between(d, above, below, low, high),
        "p_low_tail": low,
        "p_high_tail": high,
    }
    values |= {"p_outside": low + high, **_center(d)}
    bound = above if below is None else below
    if above is None or below is None:
        values["density"] = finite(d.scipy.pdf(bound))
        if d.symmetric:
            values["p_two_sided"] = float(2 * min(d.scipy.cdf(bound), d.scipy.sf(bound)))
    if d.standardised:
        mean, sd = (Fraction(repr(float(v))) for v in (d.scipy.mean(), d.scipy.std()))
        z = [float((Fraction(repr(v)) - mean) / sd) for v in (above, below) if v is not None]
        values["z"] = z[0] if len(z) == 1 else z
    words = {
        (True, False): f"below {below:g}" if below is not None else "",
        (False, True): f"above {above:g}" if above is not None else "",
    }.get((above is None, below is None), f"between {above} and {below}")
    both = ", two-sided {p_two_sided}" if "p_two_sided" in values else ""
    return Result(
        values,
        f"The probability of a value {words} is {{p}}{both} ({d.name}).",
        (
            table_of(
                "probability",
                ("quantity", "value"),
                [(k, v) for k, v in values.items() if v is not None],
            ),
        ),
        (_figure(d, above, below),),
    )


def _between(
    d: Continuous, above: float | None, below: float | None, low: float, high: float
) -> float:
    """Without cancellation: from whichever tail holds the interval."""
    if above is None or below is None:
        return float(d.scipy.cdf(below)) if above is None else float(d.scipy.sf(above))
    if low > 0.5:
        return float(d.scipy.sf(above)) - high
    if high > 0.5:
        return float(d.scipy.cdf(below)) - low
    return 1 - low - high


def probability_again(d: Continuous, arguments: Mapping[str, Any]) -> dict[str, Any]:
    above, below = arguments["above"], arguments["below"]
    at = [
        precise.mpf(0) if above is None else d.cdf(above),
        precise.mpf(1) if below is None else d.cdf(below),
    ]
    again = {
        "p": at[1] - at[0],
        "p_outside": at[0] + (1 - at[1]),
        "p_low_tail": at[0],
        "p_high_tail": 1 - at[1],
    }
    if above is None or below is None:
        bound = precise.mpf(below if above is None else above)
        again["density"] = _density(d, bound)
        if d.symmetric:
            inside = d.cdf(bound)
            again["p_two_sided"] = 2 * min(inside, 1 - inside)
    if d.standardised:
        mean, variance = d.moments
        z = [
            (precise.mpf(v) - mean) / precise.ctx.sqrt(variance)
            for v in (above, below)
            if v is not None
        ]
        again["z"] = z[0] if len(z) == 1 else z
    return again | _center_again(d)


def _density(d: Continuous, x: Any) -> Any:
    """The derivative of the 40-digit cdf; None where it is infinite (an end of the support)."""
    if not math.isfinite(d.scipy.pdf(float(x))):
        return None
    low, high = d.scipy.support()
    h = precise.ctx.mpf(10) ** -8 * max(abs(x), precise.ctx.mpf(10) ** -6)
    if float(x) < low or float(x) > high:
        return precise.mpf(0)
    if x == low:  # 0 where the cdf rises slower than a line there
        slopes = [d.cdf(low + e) / e for e in (precise.mpf(10) ** -10, precise.mpf(10) ** -20)]
        return precise.mpf(0) if slopes[1] < 0.9 * slopes[0] else slopes[1]
    if x - low < 2 * h:  # one-sided at the lower end of the support
        return (-3 * d.cdf(x) + 4 * d.cdf(x + h) - d.cdf(x + 2 * h)) / (2 * h)
    if high - x < 2 * h:
        return (3 * d.cdf(x) - 4 * d.cdf(x - h) + d.cdf(x - 2 * h)) / (2 * h)
    return (d.cdf(x + h) - d.cdf(x - h)) / (2 * h)


def quantile(d: Continuous, p: float, two_sided: bool = False) -> Result:
    """The value below which a fraction lies; ``two_sided``: the ends of the middle fraction."""
    q = (1 + p) / 2 if two_sided else p
    values = {"quantile": float(d.scipy.ppf(q)), "upper": float(d.scipy.isf(q)), **_center(d)}
    said = f"A fraction {p:g} lies below {{quantile}}, and the same fraction above {{upper}}"
    if two_sided:
        said = f"A fraction {p:g} lies between {{upper}} and {{quantile}}, half of the rest on each side"
    return Result(
        values,
        f"{said} ({d.name}).",
        (
            table_of(
                "quantile",
                ("quantity", "value"),
                [(k, v) for k, v in values.items() if v is not None],
            ),
        ),
        (_figure(d, None, values["quantile"]),),
    )


def quantile_again(d: Continuous, arguments: Mapping[str, Any]) -> dict[str, Any]:
    p = precise.mpf(arguments["p"])
    if arguments.get("two_sided"):
        p = (1 + p) / 2
    low, high = (precise.quantile(d.cdf, q, *d.bracket) for q in (p, 1 - p))
    return {"quantile": low, "upper": high, **_center_again(d)}


def _figure(d: Continuous, above: float | None, below: float | None) -> Figure:
    low, high = d.scipy.ppf([0.001, 0.999])
    ends = [v for v in (above, below) if v is not None]
    x = np.linspace(min([low, *ends]), max([high, *ends]), 121)
    density = [finite(v) for v in d.scipy.pdf(x)]
    return Figure(
        "distribution",
        d.name,
        {"x": x.tolist(), "density": density, "above": above, "below": below},
    )
