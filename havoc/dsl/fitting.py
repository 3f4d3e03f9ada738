"""Which of a request's numbers can be which parameter: by its limits, its unit, and what people mean by a level."""

from __future__ import annotations

from decimal import Decimal

from havoc.dsl.grounding.slots import Grounded, Slot
from havoc.tools.operation import Kind, Param, Parameter
from havoc.tools.values import Number

_LEVELS = frozenset({"confidence", "coverage", "power"})
_SMALL = frozenset({"alpha", "margin"})
# Whole numbers that are counted in time: six weeks ahead, a season of twelve months. Other counts have no unit.
_IN_TIME = frozenset({"horizon", "season", "lags", "span", "further"})


def within(number: Number, limits: Param) -> bool:
    """Whether a number lies within a parameter's limits; a percentage as its fraction."""
    value = float(number.exact / 100 if number.unit == "%" and limits.unit != "%" else number.exact)
    return (
        (limits.ge is None or value >= limits.ge)
        and (limits.gt is None or value > limits.gt)
        and (limits.le is None or value <= limits.le)
        and (limits.lt is None or value < limits.lt)
    )


def suits(p: Parameter, number: Number, plain: bool) -> bool:
    """Whether a number's limits and unit let it be this parameter.

    A fraction has no unit of measurement, nor has a count. A high percentage is a level: no count, and no quantity
    where the request gives its quantities otherwise (``plain``). Nobody asks for an error rate above a half, or for a
    confidence, power or coverage below.
    """
    if not within(number, p.limits) or not usual(p, number):
        return False
    if number.unit is None:
        return True
    if p.limits.fraction:
        return number.unit == "%"
    if p.kind is Kind.INTEGER and number.unit != "%" and p.name not in _IN_TIME:
        return False
    # such as the percentage of a B-life
    bounded = p.limits.lt is not None or p.limits.le is not None
    level = number.unit == "%" and 50 <= number.exact < 100
    return not (level and not bounded and (plain or p.kind is Kind.INTEGER))


def suitable(p: Parameter, grounded: Grounded) -> list[Slot]:
    """The request's numbers that the parameter may be, as slots."""
    numbers = grounded.of("n")
    units = [s.value.unit for s in numbers]
    plain = sum(u is None for u in units) >= 2 or any(u not in (None, "%") for u in units)
    return [s for s in numbers if suits(p, s.value, plain)]


def usual(p: Parameter, number: Number) -> bool:
    """Whether a fraction is one that people ask for: an error rate or a margin up to a half, a level from there."""
    if not p.limits.fraction:
        return True
    share = float(number.exact) / (100 if number.unit == "%" else 1)
    return share >= 0.5 if p.name in _LEVELS else share <= 0.5 if p.name in _SMALL else True


def complement(number: Number) -> Number:
    """One minus a fraction, or a hundred minus a percentage."""
    whole = 100 if number.unit == "%" else 1
    return Number(str(whole - Decimal(number.text)), number.unit)
