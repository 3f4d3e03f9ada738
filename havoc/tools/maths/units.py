"""Conversion of units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

import pint

from havoc.errors import InputError
from havoc.tools.bind import unit_registry
from havoc.tools.expression import Binary, Expression, Neg, Num, show
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Result

# Letters that mean another unit to pint (C coulomb, F farad) where both ends are temperatures.
_TEMPERATURES = {
    **dict.fromkeys(("C", "c", "°C", "degC", "celsius", "Celsius", "deg_C", "oC"), "degC"),
    **dict.fromkeys(("F", "f", "°F", "degF", "fahrenheit", "Fahrenheit", "deg_F", "oF"), "degF"),
    **dict.fromkeys(("K", "k", "kelvin", "Kelvin", "°K"), "kelvin"),
    **dict.fromkeys(("R", "°R", "degR", "rankine", "Rankine"), "degR"),
}
_SHORTHAND = {
    "ft-lb": "ft*lbf",
    "ft-lbs": "ft*lbf",
    "lb-ft": "ft*lbf",
    "in-lb": "in*lbf",
    "in-lbs": "in*lbf",
    "lb-in": "in*lbf",
    "sccm": "cm**3/min",
    "mil": "thou",
    "mils": "thou",
    "kgf-cm": "kgf*cm",
}


@cache
def _decimal_registry() -> Any:
    """A registry that computes in decimals: 180 degC is 356 degF, not 355.99999999999994."""
    return pint.UnitRegistry(non_int_type=Decimal, autoconvert_offset_to_baseunit=True)


def unit_text(unit: str, other: str) -> str:
    """A unit as pint reads it."""
    unit, other = unit.strip(), other.strip()
    if unit in _TEMPERATURES and other in _TEMPERATURES:
        return _TEMPERATURES[unit]
    unit = _SHORTHAND.get(unit.lower(), unit)
    unit = unit.replace("Torr", "torr")
    unit = re.sub(r"[·⋅•×]", "*", unit).replace("²", "^2").replace("³", "^3")
    return re.sub(r"\b(in|ft|mm|cm|m|km|s|yd|um|µm|nm)([2-4])\b", r"\1^\2", unit)


def _quantity(value: Expression, unit: str | None) -> tuple[str, str | None]:
    """Decimal text and unit of what was written, ``75 N*m`` or ``-40``."""
    sign = ""
    while isinstance(value, Neg):
        sign, value = ("" if sign else "-"), value.operand
    found, product = _leading_number(value)
    if found is None:
        raise InputError("a number with its unit is needed, such as 75 N*m")
    written = found.number.unit or product
    if unit is not None and written not in (None, unit):
        raise InputError(f"two units are given: '{written}' and '{unit}'")
    return sign + found.number.text, unit or written


def _leading_number(value: Expression) -> tuple[Num | None, str | None]:
    """``5*N*m``, as ``5N*m`` is read where expressions are looked for, is 5 of the unit N*m."""
    match value:
        case Num():
            return value, None
        case Binary("*" | "/" as op, left, right):
            number, unit = _leading_number(left)
            if number is not None and (unit or op == "*"):
                return number, f"{unit}{op}{show(right)}" if unit else show(right)
    return None, None


def _verify_units(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """By way of the base units, in floating point."""
    text, unit = _quantity(arguments["quantity"], arguments["unit"])
    registry, to = unit_registry(), arguments["to"]
    old, new = unit_text(str(unit), to), unit_text(to, str(unit))
    base, zero, one = (
        registry.Quantity(v, u).to_base_units().magnitude
        for v, u in ((float(text), old), (0.0, new), (1.0, new))
    )
    scale = max(abs(base), abs(zero)) / abs(one - zero)  # what an offset cancels is lost
    value = (base - zero) / (one - zero)
    tolerance = 1e-12 * max(1.0, scale / max(abs(value), 1e-3))
    return {"value": Recomputed(value, tolerance), "given": float(text)}


@operation(
    "maths.convert_units",
    outputs={
        "value": "the quantity in the new unit",
        "unit": "the new unit",
        "given": "the quantity as given",
        "given_unit": "its unit",
    },
    reference="BIPM (2019), The International System of Units; NIST SP 811",
    verifier=_verify_units,
    examples=(
        'r = maths.convert_units(75 N*m, to="lbf*ft")',
        'r = maths.convert_units(180, unit="degC", to="degF")',
        'r = maths.convert_units(30 psi, to="kPa")',
    ),
    terms=("convert units", "unit conversion", "in other units"),
)
def convert_units(
    quantity: Annotated[Expression, Param("number, with its unit or without")],
    to: Annotated[str, Param("unit wanted")],
    unit: Annotated[str | None, Param("unit of the number, if not written with it")] = None,
) -> Result:
    """Convert a quantity to another unit.

    Temperatures are converted with their offset; C, F and K are read as temperatures when both
    units are. Units of different dimension are refused.
    """
    text, old = _quantity(quantity, unit)
    if old is None:
        raise InputError(f"the unit of {text} is missing")
    registry = _decimal_registry()
    try:
        source = registry.Quantity(Decimal(text), unit_text(old, to))
        value = float(source.to(unit_text(to, old)).magnitude)
    except pint.errors.UndefinedUnitError as error:
        names = error.unit_names
        known = names if isinstance(names, str) else ", ".join(names)
        raise InputError(f"there is no unit '{known}'") from None
    except pint.errors.DimensionalityError as error:
        raise InputError(
            f"'{old}' ({error.dim1}) cannot be converted to '{to}' ({error.dim2})"
        ) from None
    except (
        pint.errors.PintError,
        ValueError,
        AttributeError,
        AssertionError,
        TypeError,
        ArithmeticError,
    ):
        raise InputError(f"'{old}' cannot be converted to '{to}'") from None
    return Result(
        {"value": value, "unit": to, "given": float(text), "given_unit": old},
        "{given} {given_unit} is {value} {unit}.",
        units={"value": to, "given": old},
    )
