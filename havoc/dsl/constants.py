"""Arithmetic with numbers as written, folded exactly: ``1-95%`` is 0.05, ``4/3`` is a fraction."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache

from havoc.errors import InputError
from havoc.tools.bind import unit_registry
from havoc.tools.expression import Binary, Call, Expression, Name, Neg, Num, Reference, show
from havoc.tools.values import Number

Lookup = Callable[[Name | Reference], Number]
_MAX_BITS = 4096
_CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e}
_FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "ln": math.log,
    "log": math.log,
    "log10": math.log10,
    "abs": abs,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
}


def fold(expression: Expression, lookup: Lookup) -> Number:
    """The number an expression of constants stands for; ``lookup`` gives that of a name.

    A single number keeps its text and unit; percent counts as hundredths inside arithmetic.
    """
    match expression:
        case Num(number):
            check_number(number)
            return number
        case Neg(operand):
            inner = fold(operand, lookup)
            text = inner.text.removeprefix("-") if inner.text.startswith("-") else "-" + inner.text
            return Number(text, inner.unit)
        case Binary(op, left, right):
            return _combine(op, fold(left, lookup), fold(right, lookup), expression)
        case Call(function, (argument,)) if function in _FUNCTIONS:
            return _apply(function, fold(argument, lookup))
        case Name(id, quoted) if id in _CONSTANTS and not quoted:
            return Number(repr(_CONSTANTS[id]))
        case Name() | Reference():
            return lookup(expression)
    raise InputError(f"a number is needed, not {show(expression)}")


def _apply(function: str, argument: Number) -> Number:
    if argument.unit not in (None, "%"):
        raise InputError(f"{function} takes a number without a unit")
    try:
        return Number(repr(_FUNCTIONS[function](float(_magnitude(argument)))))
    except (ValueError, OverflowError):
        raise InputError(f"{function}({argument.text}) is not a finite number") from None


def _magnitude(number: Number) -> Fraction:
    return number.exact / 100 if number.unit == "%" else number.exact


def _combine(op: str, left: Number, right: Number, whole: Expression) -> Number:
    a, b = _magnitude(left), _magnitude(right)
    unit_a, unit_b = (None if n.unit == "%" else n.unit for n in (left, right))
    unit = _unit_of(op, unit_a, unit_b, whole)
    match op:
        case "+":
            return Number(_text(a + b), unit)
        case "-":
            return Number(_text(a - b), unit)
        case "*":
            return Number(_text(a * b), unit)
        case "/":
            if b == 0:
                raise InputError(f"division by zero in {show(whole)}")
            return Number(_text(a / b), unit)
        case "^":
            return Number(_power(a, b, whole), unit)
    raise InputError(f"a number is needed, not {show(whole)}")


def _unit_of(op: str, left: str | None, right: str | None, whole: Expression) -> str | None:
    if left is None and right is None:
        return None
    if op in "+-" and left == right:
        return left
    if op == "*" and (left is None or right is None):
        return left or right
    if op == "/" and right in (None, left):
        return left if right is None else None
    raise InputError(f"the units in {show(whole)} do not go together; convert them first")


def _power(base: Fraction, exponent: Fraction, whole: Expression) -> str:
    bits = max(abs(base.numerator).bit_length(), base.denominator.bit_length())
    if exponent.denominator == 1 and bits * abs(exponent) <= _MAX_BITS:
        if base == 0 and exponent < 0:
            raise InputError(f"division by zero in {show(whole)}")
        return _text(base**exponent.numerator)
    try:
        power = float(base) ** float(exponent)
    except (OverflowError, ZeroDivisionError):
        power = math.inf
    if isinstance(power, complex) or not math.isfinite(power):
        raise InputError(f"{show(whole)} is not a finite real number")
    return repr(power)


def _text(value: Fraction) -> str:
    """Decimal text where it ends, a fraction where it does not; both are exact."""
    if abs(value) >= 2**1024:
        raise InputError("a number beyond 1.8e308 came out")
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    powers = []
    for prime in (2, 5):
        powers.append(0)
        while rest % prime == 0:
            rest //= prime
            powers[-1] += 1
    if rest != 1:
        return str(value)
    places = max(powers)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return ("-" if value < 0 else "") + f"{digits[:-places]}.{digits[-places:]}"


def check_number(number: Number) -> None:
    """Refuse what no float can hold (before its exact value is built) and an unknown unit."""
    exponent = number.text.lower().partition("e")[2]
    shown = number.text if len(number.text) <= 30 else f"{number.text[:20]}..."
    if len(number.text) > 400 or len(exponent) > 4 or abs(int(exponent or 0)) > 999:
        raise InputError(f"the number {shown} has too many digits")
    if math.isinf(number.value):
        raise InputError(f"{shown} is beyond the largest number, 1.8e308")
    check_unit(number.unit)


@cache
def check_unit(unit: str | None) -> None:
    """Refuse a unit that pint does not know."""
    if unit is None or unit == "%":
        return
    import pint

    # pint walks a unit by recursion and takes any power, so neither is left to it
    if len(unit) > 60 or re.search(r"\d{3}", unit):
        raise InputError(f"'{unit[:20]}...' is not a known unit")
    try:
        unit_registry().parse_units(unit)
    except (pint.errors.PintError, AttributeError, ValueError, AssertionError, TypeError):
        raise InputError(f"'{unit}' is not a known unit") from None
