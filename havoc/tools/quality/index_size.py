"""A capability index that was reported: its confidence interval, its ppm, and the parts needed to show one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

import mpmath
from scipy import special, stats

from havoc.errors import InputError
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.quality.specs import MILLION, Confidence
from havoc.tools.result import Assumption, Result, Value
from havoc.tools.stats import precise
from havoc.tools.stats.power_functions import smallest

NORMAL = Assumption(
    "normal and stable process", None, "an index alone cannot tell; look at the data it came from"
)
LEAST_PARTS, MOST_PARTS = 3, 1_000_000


def _sf(z: float) -> float:
    return float(special.ndtr(-z))


def _spread(index: float, n: int) -> float:
    """Bissell's standard error of an estimated Cpk."""
    return math.sqrt(1 / (9 * n) + index**2 / (2 * (n - 1)))


def _verify_interval(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Tails by erfc and limits by a search on the incomplete gamma function, in 30 digits."""
    cpk, cp, n, level = (arguments[k] for k in ("cpk", "cp", "n", "confidence"))
    again: dict[str, Any] = {k: v for k, v in (("cpk", cpk), ("cp", cp)) if v is not None}
    with mpmath.workdps(30):
        near = None if cpk is None else mpmath.erfc(3 * mpmath.mpf(cpk) / mpmath.sqrt(2)) / 2
        if near is not None:
            again["ppm_near"] = Recomputed(float(near * 1_000_000), 1e-9)
        if near is not None and cp is not None:
            far = mpmath.erfc(3 * (2 * mpmath.mpf(cp) - mpmath.mpf(cpk)) / mpmath.sqrt(2)) / 2
            again["ppm_total"] = Recomputed(float((near + far) * 1_000_000), 1e-9)
            again["off_centre"] = float(1 - mpmath.mpf(cpk) / mpmath.mpf(cp))
        if n is not None:
            again |= {"n": n, "confidence": level}
            tail = (1 - mpmath.mpf(level)) / 2
            if cpk is not None:
                z = precise.normal_quantile(1 - tail)
                one = precise.normal_quantile(level)
                index = mpmath.mpf(cpk)
                half = mpmath.sqrt(mpmath.mpf(1) / (9 * n) + index**2 / (2 * (n - 1)))
                again["cpk_ci_low"] = float(index - z * half)
                again["cpk_ci_high"] = float(index + z * half)
                again["cpk_lower"] = float(index - one * half)
            if cp is not None:
                df = n - 1
                again["cp_ci_low"] = Recomputed(
                    cp * math.sqrt(precise.chi2_quantile(tail, df) / df), 1e-8
                )
                again["cp_ci_high"] = Recomputed(
                    cp * math.sqrt(precise.chi2_quantile(1 - tail, df) / df), 1e-8
                )
    return again


@operation(
    "quality.capability_index",
    outputs={
        "cpk": "Cpk as given",
        "cp": "Cp as given",
        "ppm_near": "parts per million beyond the nearer limit",
        "ppm_total": "parts per million outside both limits",
        "off_centre": "share of the half width by which the mean is off centre, 1 - Cpk/Cp",
        "cpk_ci_low": "lower end of the interval of Cpk (Bissell)",
        "cpk_ci_high": "upper end of the interval of Cpk (Bissell)",
        "cpk_lower": "one-sided lower confidence bound of Cpk",
        "cp_ci_low": "lower end of the interval of Cp (chi-square)",
        "cp_ci_high": "upper end of the interval of Cp (chi-square)",
        "n": "parts behind the index",
        "confidence": "confidence level",
    },
    reference="Bissell (1990), Applied Statistics 39, 331-340; ISO 22514-4:2016; Montgomery (2013), section 8.3",
    verifier=_verify_interval,
    examples=(
        "c = quality.capability_index(cpk=1.25, n=50)",
        "c = quality.capability_index(cpk=0.8, cp=1.1)",
    ),
    terms=(
        "confidence interval of Cpk",
        "ppm from Cpk",
        "Cp and Cpk to ppm",
        "is a Cpk of 1.3 from 30 parts enough",
    ),
)
def capability_index(
    cpk: Annotated[float | None, Param("Cpk (or Ppk) that was found", ge=-10, le=10)] = None,
    cp: Annotated[float | None, Param("Cp (or Pp) that was found", gt=0, le=10)] = None,
    n: Annotated[int | None, Param("parts measured for it", ge=3, le=10**9)] = None,
    confidence: Confidence = 0.95,
) -> Result:
    """Confidence interval and parts per million of a Cp or Cpk that was reported without its data.

    With ``n`` Bissell's interval of Cpk, Cpk ± z √(1/(9n) + Cpk²/(2(n-1))), and the chi-square
    interval of Cp. Parts per million are those of a normal process: Φ(-3 Cpk) beyond the nearer
    limit, with Cp also Φ(-3(2 Cp - Cpk)) beyond the other.
    """
    if cpk is None and cp is None:
        raise InputError("give the index: cpk=, cp= or both")
    if cpk is not None and cp is not None and cpk > cp:
        raise InputError(f"Cpk ({cpk:g}) cannot be above Cp ({cp:g})")
    if cpk is None and n is None:
        raise InputError("Cp alone tells the width only: give cpk= for ppm, or n= for an interval")
    values: dict[str, Value] = {k: v for k, v in (("cpk", cpk), ("cp", cp)) if v is not None}
    parts, warnings = [], []
    if cpk is not None:
        values["ppm_near"] = MILLION * _sf(3 * cpk)
        parts.append("about {ppm_near} parts per million lie beyond the nearer limit")
        if cp is not None:
            values["ppm_total"] = MILLION * (_sf(3 * cpk) + _sf(3 * (2 * cp - cpk)))
            values["off_centre"] = 1 - cpk / cp
            parts = ["about {ppm_total} parts per million lie outside the limits"]
        else:
            warnings.append("Beyond the other limit lie at most as many; Cp would tell.")
    if n is not None:
        values |= {"n": n, "confidence": confidence}
        tail = (1 - confidence) / 2
        if cpk is not None:
            half = _spread(cpk, n)
            z, one = float(stats.norm.isf(tail)), float(stats.norm.isf(1 - confidence))
            values |= {
                "cpk_ci_low": cpk - z * half,
                "cpk_ci_high": cpk + z * half,
                "cpk_lower": cpk - one * half,
            }
            parts.insert(
                0,
                "Cpk {cpk} from {n} parts lies between {cpk_ci_low} and {cpk_ci_high} "
                "(confidence {confidence}; at least {cpk_lower}, one-sided)",
            )
        if cp is not None:
            root = [math.sqrt(q / (n - 1)) for q in stats.chi2.ppf([tail, 1 - tail], n - 1)]
            values |= {"cp_ci_low": cp * root[0], "cp_ci_high": cp * root[1]}
            if cpk is None:
                parts.insert(0, "Cp {cp} from {n} parts lies between {cp_ci_low} and {cp_ci_high} "
                                "(confidence {confidence})")  # fmt: skip
        if n < 30:
            warnings.append("From fewer than 30 parts Bissell's interval is rough.")
    words = "; ".join(parts)
    return Result(
        values,
        words[0].upper() + words[1:] + ".",
        assumptions=(NORMAL,),
        warnings=tuple(warnings),
    )


def _chance(n: int, actual: float, required: float, confidence: float) -> float:
    """Chance that the lower bound of a process of Cpk ``actual`` comes out above ``required``."""
    z = float(stats.norm.isf(1 - confidence))
    bar = required + z * _spread(required, n)
    return _sf((bar - actual) / _spread(actual, n))


def _verify_size(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The chance at n and at n - 1 straight from the normal integral: n is the first that reaches the power."""
    actual, required, level, power = (
        arguments[k] for k in ("actual", "required", "confidence", "power")
    )
    with mpmath.workdps(30):
        z = precise.normal_quantile(level)

        def chance(n: int) -> float:
            def se(c: float) -> Any:
                return mpmath.sqrt(mpmath.mpf(1) / (9 * n) + mpmath.mpf(c) ** 2 / (2 * (n - 1)))

            u = (mpmath.mpf(required) + z * se(required) - mpmath.mpf(actual)) / se(actual)
            return float(mpmath.erfc(u / mpmath.sqrt(2)) / 2)

        n: Any = result.values["n"]
        first = n == 3 or chance(n - 1) < power
        return {
            "n": n if chance(n) >= power and first else -1,
            "power": Recomputed(chance(n), 1e-9),
            "least_estimate": float(mpmath.mpf(required) + z * mpmath.sqrt(
                mpmath.mpf(1) / (9 * n) + mpmath.mpf(required) ** 2 / (2 * (n - 1)))),
            "actual": actual, "required": required, "confidence": level,
        }  # fmt: skip


@operation(
    "quality.sample_size_cpk",
    outputs={
        "n": "parts to measure",
        "power": "chance that the demonstration succeeds with so many",
        "least_estimate": "Cpk that must come out of them",
        "actual": "Cpk that the process has",
        "required": "Cpk to be shown",
        "confidence": "confidence of the demonstration",
    },
    reference="Kane (1986), Journal of Quality Technology 18, 41-52; Bissell (1990), Applied Statistics 39",
    verifier=_verify_size,
    examples=("s = quality.sample_size_cpk(required=1.33, actual=1.6)",),
    terms=("sample size for Cpk", "parts needed to demonstrate a Cpk", "capability study size"),
)
def sample_size_cpk(
    required: Annotated[float, Param("Cpk to be demonstrated", gt=0, le=5)],
    actual: Annotated[float, Param("Cpk that the process really has", gt=0, le=5)],
    confidence: Confidence = 0.95,
    power: Annotated[
        float, Param("chance that the demonstration succeeds", gt=0, lt=1, fraction=True)
    ] = 0.8,
) -> Result:
    """Parts to measure so that a capability study shows a required Cpk.

    The smallest n for which a process of Cpk ``actual`` passes the test of Cpk ≤ ``required`` with
    the given chance, by Bissell's normal approximation of the estimate.
    """
    if actual <= required:
        raise InputError(
            f"a process of Cpk {actual:g} cannot show that it is above {required:g}: "
            "the actual Cpk must be the larger one"
        )
    n = smallest(
        lambda k: _chance(k, actual, required, confidence),
        power,
        LEAST_PARTS,
        MOST_PARTS,
        f"more than {MOST_PARTS} parts would be needed: {actual:g} and {required:g} are too near",
    )
    values: dict[str, Value] = {
        "n": n,
        "power": _chance(n, actual, required, confidence),
        "least_estimate": required + float(stats.norm.isf(1 - confidence)) * _spread(required, n),
        "actual": actual,
        "required": required,
        "confidence": confidence,
    }
    words = (
        "Measure {n} parts: if the process really has Cpk {actual}, the study shows Cpk above "
        "{required} (confidence {confidence}) with a chance of {power}; the estimate must reach "
        "{least_estimate}."
    )
    rough = ("For so few parts the normal approximation is rough: take some more.",)
    return Result(values, words, assumptions=(NORMAL,), warnings=rough if n < 30 else ())
