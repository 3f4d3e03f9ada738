"""The tolerance of an assembly from those of its parts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import mpmath

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Result, Value, table_of
from havoc.tools.values import Sample


def _parts(
    nominal: Sample, tolerance: Sample, direction: Sample | None
) -> list[tuple[Fraction, Fraction, int]]:
    """(nominal, tolerance, sign) of each part, exact."""
    columns = [nominal, tolerance] + ([direction] if direction is not None else [])
    if len({len(c.texts) for c in columns}) > 1:
        raise InputError("every part needs a nominal, a tolerance and, where given, a direction")
    if any(t is None for c in columns for t in c.texts):
        raise InputError("a nominal, tolerance or direction is missing")
    signs = [1] * len(nominal.texts)
    if direction is not None:
        if any(v not in (1, -1) for v in direction.exact):
            raise InputError("a direction is 1 (adds to the stack) or -1 (is taken off)")
        signs = [int(v) for v in direction.exact]
    if any(t < 0 for t in tolerance.exact):
        raise InputError("a tolerance is the half width ±t of a part: it cannot be negative")
    if not any(tolerance.exact):
        raise InputError("no part has a tolerance: there is nothing to add up")
    return list(zip(nominal.exact, tolerance.exact, signs, strict=True))


def _verify_stack(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Worst cases by pushing every part to its limit; the root of the sum of squares in 30 digits."""
    parts = _parts(arguments["nominal"], arguments["tolerance"], arguments["direction"])
    highest = sum(((n + t) if s > 0 else (t - n) for n, t, s in parts), Fraction(0))
    lowest = sum(((n - t) if s > 0 else (-n - t) for n, t, s in parts), Fraction(0))
    with mpmath.workdps(30):
        exact = [mpmath.mpf(t.numerator) / t.denominator for _, t, _ in parts]
        rss = float(mpmath.sqrt(mpmath.fsum(t**2 for t in exact)))
    middle = float((highest + lowest) / 2)
    return {
        "nominal": middle,
        "worst_case": float((highest - lowest) / 2),
        "worst_low": float(lowest),
        "worst_high": float(highest),
        "rss": rss,
        "rss_low": middle - rss,
        "rss_high": middle + rss,
        "sd": rss / (3 * arguments["cp"]),
        "parts": len(parts),
    }


@operation(
    "quality.tolerance_stack",
    outputs={
        "nominal": "nominal of the assembly",
        "worst_case": "half width when every part is at its limit",
        "worst_low": "smallest assembly in the worst case",
        "worst_high": "largest assembly in the worst case",
        "rss": "half width by the root of the sum of squares",
        "rss_low": "nominal less the RSS tolerance",
        "rss_high": "nominal plus the RSS tolerance",
        "sd": "standard deviation of the assembly when each part has the given Cp",
        "parts": "parts in the stack",
    },
    reference="Fischer (2011), Mechanical Tolerance Stackup and Analysis, 2nd ed., chapters 7 and 8",
    verifier=_verify_stack,
    examples=(
        "s = quality.tolerance_stack(nominal=[10, 20, 5, 8], tolerance=[0.1, 0.15, 0.05, 0.1])",
        "s = quality.tolerance_stack(nominal=[50, 20, 29.5], tolerance=[0.2, 0.1, 0.1], "
        "direction=[1, -1, -1])",
    ),
    terms=("tolerance stack-up", "worst case tolerance", "root sum square", "RSS", "gap analysis"),
)
def tolerance_stack(
    nominal: Annotated[Sample, Param("nominal size of each part", min_length=2)],
    tolerance: Annotated[Sample, Param("tolerance ± of each part", min_length=2)],
    direction: Annotated[
        Sample | None, Param("1 where a part adds to the stack, -1 where it is taken off")
    ] = None,
    cp: Annotated[float, Param("Cp of the parts, for the standard deviation", gt=0)] = 1.0,
) -> Result:
    """Tolerance stack-up of an assembly: worst case and statistical (root of the sum of squares).

    The worst case adds the tolerances; RSS adds their squares and takes the root. At Cp = 1, with
    centred, normal and independent parts, RSS holds 99.73 % of the assemblies.
    """
    parts = _parts(nominal, tolerance, direction)
    middle = sum((n * s for n, _, s in parts), Fraction(0))
    worst = sum((t for _, t, _ in parts), Fraction(0))
    squares = sum((t * t for _, t, _ in parts), Fraction(0))
    rss = math.sqrt(squares)
    values: dict[str, Value] = {
        "nominal": float(middle),
        "worst_case": float(worst),
        "worst_low": float(middle - worst),
        "worst_high": float(middle + worst),
        "rss": rss,
        "rss_low": float(middle) - rss,
        "rss_high": float(middle) + rss,
        "sd": rss / (3 * cp),
        "parts": len(parts),
    }
    rows = [
        (i, float(n), float(t), "+" if s > 0 else "-", float(100 * t * t / squares))
        for i, (n, t, s) in enumerate(parts, 1)
    ]
    columns = ("part", "nominal", "tolerance ±", "direction", "share of the RSS variance %")
    words = (
        "The assembly measures {nominal} ± {worst_case} in the worst case, ± {rss} statistically "
        "(root of the sum of squares of {parts} parts)."
    )
    behind = (
        Assumption("parts centred, normal and independent", None,
                   "RSS and the standard deviation need it; the worst case does not"),
        Assumption("each part's tolerance is 3 Cp standard deviations", None,
                   "measure the parts' Cpk; shifted means widen the assembly"),
    )  # fmt: skip
    return Result(values, words, tables=(table_of("parts", columns, rows),), assumptions=behind)
