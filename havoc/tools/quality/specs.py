"""Specification limits as people write them, and what a normal distribution leaves outside."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

import mpmath
from scipy import special

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Param
from havoc.tools.values import Range

Lsl = Annotated[float | None, Param("lower specification limit")]
Usl = Annotated[float | None, Param("upper specification limit")]
Spec = Annotated[Range | None, Param("both specification limits as low..high")]
Target = Annotated[float | None, Param("target or nominal value")]
Tolerance = Annotated[
    float | None, Param("half width of the specification: target ± tolerance", gt=0)
]
Confidence = Annotated[float, Param("confidence level", gt=0, lt=1, fraction=True)]
MILLION = 1e6


@dataclass(frozen=True)
class Limits:
    """Specification limits; None where that side is open."""

    lsl: float | None
    usl: float | None
    target: float | None

    def less(self, offset: Fraction) -> Limits:
        """The limits less an exact number, for readings of which it was taken off."""
        if not offset:
            return self
        ends = (self.lsl, self.usl, self.target)
        return Limits(*(None if v is None else float(_exact(v) - offset) for v in ends))

    @property
    def width(self) -> float | None:
        if self.lsl is None or self.usl is None:
            return None
        return float(_exact(self.usl) - _exact(self.lsl))

    @property
    def middle(self) -> float | None:
        if self.lsl is None or self.usl is None:
            return None
        return float((_exact(self.usl) + _exact(self.lsl)) / 2)


def _exact(x: float) -> Fraction:
    return Fraction(repr(float(x)))


def spec_limits(
    lsl: float | None,
    usl: float | None,
    spec: Range | None,
    target: float | None,
    tolerance: float | None,
) -> Limits:
    """Bring the ways of writing specifications to one.

    Raises
    ------
    NeedsClarification
        Nothing says what the limits are.
    InputError
        They contradict each other.
    """
    if spec is not None:
        if lsl is not None or usl is not None:
            raise InputError("give the specification once: as spec=low..high or as lsl= and usl=")
        lsl, usl = spec.low.value, spec.high.value
    if tolerance is not None:
        if target is None:
            raise NeedsClarification(f"Which nominal value is the tolerance ±{tolerance:g} about?")
        if lsl is not None or usl is not None:
            raise InputError("give either a tolerance about the target or specification limits")
        lsl = float(_exact(target) - _exact(tolerance))
        usl = float(_exact(target) + _exact(tolerance))
    if lsl is None and usl is None:
        raise NeedsClarification("What are the specification limits (lower, upper or both)?")
    if lsl is not None and usl is not None and lsl >= usl:
        raise InputError(f"the lower limit {lsl:g} is not below the upper limit {usl:g}")
    return Limits(lsl, usl, target)


def outside(limits: Limits, mean: float, sd: float) -> tuple[float, float, float]:
    """Expected parts per million below, above and in total."""
    below = 0.0 if limits.lsl is None else float(special.ndtr((limits.lsl - mean) / sd))
    above = 0.0 if limits.usl is None else float(special.ndtr((mean - limits.usl) / sd))
    return below * MILLION, above * MILLION, (below + above) * MILLION


def outside_again(limits: Limits, mean: float, sd: float) -> tuple[float, float, float]:
    """The same by the complementary error function in 40 digits."""
    with mpmath.workdps(40):

        def tail(distance: float) -> mpmath.mpf:
            return mpmath.erfc(mpmath.mpf(distance) / mpmath.sqrt(2)) / 2

        below = mpmath.mpf(0) if limits.lsl is None else tail((mean - limits.lsl) / sd)
        above = mpmath.mpf(0) if limits.usl is None else tail((limits.usl - mean) / sd)
        return float(below * MILLION), float(above * MILLION), float((below + above) * MILLION)
