"""Numbers as people write them, with their units; ranges and tolerances."""

from __future__ import annotations

import re
from dataclasses import dataclass

from havoc.dsl.constants import check_number
from havoc.tools.values import Number

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\.\d+|\d+)(?:[eE][-+]?\d+)?"
SIGNED = r"[-+−]?" + NUMBER

# Units as people write them -> as pint reads them. Longest first where one begins another.
UNITS = {
    "degrees celsius": "degC",
    "degrees c": "degC",
    "degree c": "degC",
    "deg c": "degC",
    "degc": "degC",
    "°c": "degC",
    "celsius": "degC",
    "degrees fahrenheit": "degF",
    "degrees f": "degF",
    "deg f": "degF",
    "degf": "degF",
    "°f": "degF",
    "fahrenheit": "degF",
    "kelvin": "kelvin",
    "k": "kelvin",
    "bar": "bar",
    "mbar": "mbar",
    "psi": "psi",
    "kpa": "kPa",
    "mpa": "MPa",
    "pa": "Pa",
    "atm": "atm",
    "torr": "torr",
    "minutes": "min",
    "minute": "min",
    "mins": "min",
    "min": "min",
    "seconds": "s",
    "second": "s",
    "secs": "s",
    "sec": "s",
    "s": "s",
    "ms": "ms",
    "hours": "hour",
    "hour": "hour",
    "hrs": "hour",
    "hr": "hour",
    "h": "hour",
    "days": "day",
    "day": "day",
    "weeks": "week",
    "cycles": "count",
    "mm": "mm",
    "cm": "cm",
    "µm": "um",
    "um": "um",
    "microns": "um",
    "micron": "um",
    "nm": "nm",
    "km": "km",
    "m": "m",
    "inches": "inch",
    "inch": "inch",
    "ft": "ft",
    "mils": "mil",
    "mil": "mil",
    "kg": "kg",
    "mg": "mg",
    "µg": "ug",
    "g": "g",
    "grams": "g",
    "gram": "g",
    "t": "t",
    "lb": "lb",
    "lbs": "lb",
    "oz": "oz",
    "ml": "ml",
    "l": "l",
    "litres": "l",
    "liters": "l",
    "gal": "gal",
    "rpm": "rpm",
    "hz": "Hz",
    "khz": "kHz",
    "mhz": "MHz",
    "v": "V",
    "mv": "mV",
    "kv": "kV",
    "a": "A",
    "ma": "mA",
    "w": "W",
    "kw": "kW",
    "kwh": "kWh",
    "j": "J",
    "kj": "kJ",
    "n": "N",
    "kn": "kN",
    "n·m": "N*m",
    "n*m": "N*m",
    "nm/s": "nm/s",
    "lbf·ft": "lbf*ft",
    "ft·lbf": "ft*lbf",
    "lbf*ft": "lbf*ft",
    "ft-lb": "ft*lbf",
    "mm/s": "mm/s",
    "m/s": "m/s",
    "mm/min": "mm/min",
    "m/min": "m/min",
    "km/h": "km/hour",
    "mph": "mph",
    "l/min": "l/min",
    "ml/min": "ml/min",
    "sccm": "ml/min",
    "g/l": "g/l",
    "mg/l": "mg/l",
    "g/ml": "g/ml",
    "kg/m3": "kg/m^3",
    "m3": "m^3",
    "cm3": "cm^3",
    "mm3": "mm^3",
    "m3/h": "m^3/hour",
    "m3/min": "m^3/min",
    "m3/s": "m^3/s",
    "m^3": "m^3",
    "cm^3": "cm^3",
    "mm^3": "mm^3",
    "m^3/h": "m^3/hour",
    "m^3/min": "m^3/min",
    "m^3/s": "m^3/s",
    "kg/m^3": "kg/m^3",
    "m2": "m^2",
    "cm2": "cm^2",
    "mm2": "mm^2",
    "m^2": "m^2",
    "cm^2": "cm^2",
    "mm^2": "mm^2",
    "l/h": "l/hour",
    "l/s": "l/s",
    "lb/h": "lb/hour",
    "kg/h": "kg/hour",
    "mol/l": "mol/l",
    "cp": "cP",
    "ohm": "ohm",
    "ohms": "ohm",
    "%": "%",
    "percent": "%",
    "pct": "%",
    "ppm": "ppm",
    "mol%": "%",
    "wt%": "%",
    "vol%": "%",
    "deg": "degree",
    "°": "degree",
}
# One-letter units are only read directly behind the number or after one space, in this very spelling.
_CASED = {
    "C": "degC",
    "F": "degF",
    "K": "kelvin",
    "V": "V",
    "A": "A",
    "W": "W",
    "N": "N",
    "J": "J",
    "g": "g",
    "m": "m",
    "s": "s",
    "h": "hour",
    "l": "l",
    "L": "l",
    "t": None,
    "v": None,
    "a": None,
    "n": None,
    "k": None,
    "w": None,
    "j": None,
}
_UNIT_WORDS = sorted((u for u in UNITS if len(u) > 1), key=len, reverse=True)
_UNIT = (
    r"(?:(?:"
    + "|".join(re.escape(u) for u in _UNIT_WORDS)
    + r")(?![A-Za-z0-9])|%|°(?![A-Za-z])|[CFKVAWNJgmshlL](?![A-Za-z0-9/'’·*-]))"
)
UNIT = re.compile(_UNIT, re.IGNORECASE)
NUMBER_UNIT = re.compile(
    rf"(?P<number>{SIGNED})(?P<gap>[ \u00a0]?)(?P<unit>(?:{_UNIT})(?!\s*[=<>]))?", re.IGNORECASE
)

WORDS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "dozen": 12,
    "hundred": 100,
    "thousand": 1000,
}


def whole(word: str) -> int:
    """A whole number in digits or as one of ``WORDS``."""
    said = word.casefold()
    return WORDS[said] if said in WORDS else int(said)


def unit_of(text: str | None) -> str | None:
    """pint's spelling of a unit as written; None where it is no unit."""
    if not text:
        return None
    if len(text) == 1 and text not in "%°":
        return _CASED.get(text)
    return UNITS.get(text.casefold())


def number_text(written: str) -> str:
    """Plain decimal text: ``1,250.5`` -> ``1250.5``, ``.5`` -> ``0.5``, ``−3`` -> ``-3``, ``+3`` -> ``3``.

    Raises
    ------
    InputError
        For a number that no float holds: what is asked is read as it stands, before any program is.
    """
    text = written.replace(",", "").replace("−", "-").removeprefix("+")
    text = re.sub(r"^(-?)\.", r"\g<1>0.", text)
    check_number(Number(text))
    return text


@dataclass(frozen=True)
class FoundNumber:
    number: Number
    start: int
    end: int
    unit_text: str | None = None


def read_number(match: re.Match[str]) -> FoundNumber:
    """A match of NUMBER_UNIT as a number; a 'unit' that is none is left to the text."""
    unit = unit_of(match["unit"])
    end = match.end() if unit else match.end("number")
    return FoundNumber(
        Number(number_text(match["number"]), unit),
        match.start(),
        end,
        match["unit"] if unit else None,
    )


# "lambda .2 L 2.7", "xbar 5.02 s 0.03": a letter before the next number is what that one is called, no unit
_SYMBOLS = frozenset("h s l L k K n N".split())


def names_next(text: str, start: int, end: int, unit: str) -> bool:
    """Return whether what looks like a number's unit is the symbol of the number behind it."""
    return (
        unit in _SYMBOLS
        and re.match(r"\s*[=:]?\s*[-+−]?\.?\d", text[end : end + 8]) is not None
        and re.search(r"[^\W\d]\s?[=:]?\s?$", text[max(0, start - 4) : start]) is not None
    )
