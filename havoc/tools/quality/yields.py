"""Defects per million opportunities, sigma level and the yield of a chain of steps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import mpmath
from scipy import special

from havoc.errors import InputError
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.quality.specs import MILLION
from havoc.tools.result import Assumption, Result, Value, table_of
from havoc.tools.stats import precise
from havoc.tools.values import Sample

MOST = 10**12


def _verify_dpmo(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Shares as exact fractions; the sigma level in 40 digits."""
    d, u, o = (arguments[k] for k in ("defects", "units", "opportunities"))
    share = Fraction(d, u * o)
    again: dict[str, Any] = {
        "dpu": float(Fraction(d, u)),
        "dpmo": float(share * 1_000_000),
        "yield_percent": float(100 - 100 * share),
        "throughput_yield_percent": float(100 * mpmath.exp(-mpmath.mpf(d) / u)),
        "shift": arguments["shift"],
    }
    if 0 < share < 1:
        z = float(-precise.normal_quantile(precise.mpf(share)))
        again["z_long_term"] = Recomputed(z, 1e-9)
        again["sigma_level"] = Recomputed(z + arguments["shift"], 1e-9)
    return again


@operation(
    "quality.dpmo",
    outputs={
        "dpu": "defects per unit",
        "dpmo": "defects per million opportunities",
        "yield_percent": "percentage of the opportunities without a defect",
        "throughput_yield_percent": "percentage of units expected without any defect, exp(-DPU)",
        "z_long_term": "standard normal value beyond which the share of defects lies",
        "sigma_level": "z_long_term plus the shift",
        "shift": "shift between long and short term that was added",
    },
    reference="ISO 13053-1:2011, 4.4 and annex A (sigma scores, shift of 1.5)",
    verifier=_verify_dpmo,
    examples=(
        "r = quality.dpmo(defects=34, units=1200, opportunities=8)",
        "r = quality.dpmo(defects=7, units=350, shift=0)",
    ),
    terms=(
        "DPMO",
        "sigma level",
        "six sigma level",
        "defects per million opportunities",
        "DPU",
    ),
)
def dpmo(
    defects: Annotated[int, Param("defects found", ge=0, le=MOST)],
    units: Annotated[int, Param("units inspected", ge=1, le=MOST)],
    opportunities: Annotated[int, Param("chances for a defect in each unit", ge=1, le=10**6)] = 1,
    shift: Annotated[
        float, Param("shift of the mean between long and short term", unit="sigma", ge=0, le=3)
    ] = 1.5,
) -> Result:
    """Defects per million opportunities (DPMO), yield and sigma level from counts of defects.

    DPMO = 1,000,000 defects / (units × opportunities). The sigma level is the standard normal value
    beyond which that share lies, plus the shift of 1.5 that Six Sigma adds by convention;
    ``shift=0`` gives the long-term value.
    """
    chances = units * opportunities
    if defects > chances:
        raise InputError(
            f"{defects} defects cannot come from {units} units with {opportunities} "
            f"opportunities each: that is {chances} chances; give the opportunities per unit"
        )
    share = defects / chances
    values: dict[str, Value] = {
        "dpu": defects / units,
        "dpmo": MILLION * defects / chances,
        "yield_percent": 100 * (chances - defects) / chances,
        "throughput_yield_percent": 100 * math.exp(-defects / units),
        "shift": shift,
    }
    words = "{dpmo} defects per million opportunities, a yield of {yield_percent} %"
    warnings = []
    if 0 < defects < chances:
        z = -float(special.ndtri(share))
        values |= {"z_long_term": z, "sigma_level": z + shift}
        words += "; sigma level {sigma_level}"
        if shift:
            warnings.append(
                f"The sigma level holds the conventional shift of {shift:g} sigma, which was not "
                "measured here; without it, compare z_long_term."
            )
    else:
        warnings.append("A share of exactly 0 or 1 has no sigma level: more units tell more.")
    if 0 < defects < 10:
        warnings.append("With fewer than 10 defects the rate is known only within a factor of two.")
    counted = Assumption(
        "opportunities counted the same way everywhere",
        None,
        "the DPMO falls when more things are called an opportunity; compare like with like",
    )
    return Result(values, words + ".", assumptions=(counted,), warnings=tuple(warnings))


def _shares(x: Sample) -> tuple[list[Fraction], bool]:
    """The yields as exact fractions, and whether they were written in percent."""
    if any(t is None for t in x.texts):
        raise InputError("a step's yield is missing: every step needs one")
    exact = list(x.exact)
    percent = x.unit == "%" or any(v > 1 for v in exact)
    shares = [v / 100 for v in exact] if percent else exact
    if any(not 0 < v <= 1 for v in shares):
        raise InputError("a yield lies above 0 and up to 100 % (or 1)")
    return shares, percent


def _verify_rolled(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """By the sum of logarithms in 30 digits."""
    shares, _ = _shares(arguments["x"])
    with mpmath.workdps(30):
        logs = [mpmath.log(mpmath.mpf(s.numerator) / s.denominator) for s in shares]
        total = mpmath.fsum(logs)
        return {
            "rolled_percent": float(100 * mpmath.exp(total)),
            "normalised_percent": float(100 * mpmath.exp(total / len(logs))),
            "defects_per_unit": float(-total) + 0.0,
            "steps": len(logs),
            "worst_percent": float(100 * mpmath.exp(min(logs))),
        }


@operation(
    "quality.rolled_yield",
    outputs={
        "rolled_percent": "percentage of units that pass every step the first time",
        "normalised_percent": "yield of an average step, the geometric mean",
        "defects_per_unit": "defects per unit over all steps, -ln of the rolled yield",
        "worst_percent": "lowest yield of a step",
        "steps": "number of steps",
    },
    reference="ISO 13053-1:2011; Breyfogle (2003), Implementing Six Sigma, 2nd ed., section 9.4",
    verifier=_verify_rolled,
    examples=("r = quality.rolled_yield(x=[98.5, 97, 99.2, 95])",),
    terms=("rolled throughput yield", "RTY", "overall yield of several steps", "normalised yield"),
)
def rolled_yield(
    x: Annotated[
        Sample, Param("first-time yield of each step, in percent or as shares", min_length=1)
    ],
) -> Result:
    """Rolled throughput yield: the share of units that pass all steps of a process the first time.

    The product of the steps' first-time yields. Values above 1 are read as percentages.
    """
    shares, percent = _shares(x)
    total = math.prod(shares)
    values: dict[str, Value] = {
        "rolled_percent": float(100 * total),
        "normalised_percent": 100 * math.exp(sum(map(math.log, shares)) / len(shares)),
        "defects_per_unit": -sum(map(math.log, shares)) + 0.0,
        "worst_percent": float(100 * min(shares)),
        "steps": len(shares),
    }
    rows, left = [], Fraction(1)
    for i, share in enumerate(shares, 1):
        left *= share
        rows.append((i, float(100 * share), float(100 * left)))
    words = (
        "{rolled_percent} % of the units pass all {steps} steps the first time; an average step "
        "yields {normalised_percent} %, the worst {worst_percent} %."
    )
    independent = Assumption(
        "steps fail independently",
        None,
        "units that fail one step more often fail another too: then the rolled yield is higher",
    )
    read = () if percent else ("The yields were read as shares of 1, not as percentages.",)
    return Result(
        values,
        words,
        tables=(table_of("steps", ("step", "yield %", "yield up to here %"), rows),),
        assumptions=(independent,),
        warnings=read,
    )
