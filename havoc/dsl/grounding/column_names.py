"""Whether a request speaks of a column: its name in running text, ignoring case and separators, short or in full."""

from __future__ import annotations

import re
from functools import lru_cache

from havoc.dsl.grounding.numbers import unit_of


def same_name(a: str, b: str) -> bool:
    """Whether two names are one but for case, separators and signs."""
    return re.sub(r"[\W_]+", "", a).casefold() == re.sub(r"[\W_]+", "", b).casefold()


def bare_name(name: str) -> str:
    """A column's name without the unit in brackets behind it."""
    return re.sub(r"\s*[(\[].*$", "", name) or name


def header_unit(name: str) -> str | None:
    """The unit that a column's name ends in: ``Rainfall_mm``, ``Living Area [m2]``."""
    inside = re.search(r"[(\[]([^()\[\]]+)[)\]]\s*$", name)
    parts = [inside[1].strip()] if inside else re.split(r"[\s_]", name)
    return unit_of(parts[-1]) or (unit_of(parts[0]) if len(parts[0]) > 2 else None)


def names_column(text: str, name: str) -> bool:
    """Whether a text speaks of a column: ignoring case and separators, short or in full."""
    return name_pattern(name).search(text) is not None


def name_parts(text: str) -> list[str]:
    """The words and numbers of a name: ``tensileStrength_2`` has three."""
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", text)


@lru_cache(4096)
def name_pattern(name: str) -> re.Pattern[str]:
    """A column's name in running text: ignoring case and separators, unless it is a single letter."""
    bare = bare_name(name)
    parts = name_parts(bare) or [bare]
    if len(bare) <= 2 or bare.casefold() in _COMMON_WORDS:
        return re.compile(rf"(?<![\w']){re.escape(bare)}(?![\w'])")
    body = "".join(
        _part_pattern(part, len(parts)) + ("" if i + 1 == len(parts) else _between(part))
        for i, part in enumerate(parts)
    )
    return re.compile(rf"(?<!\w){body}s?(?!\w)", re.IGNORECASE)


def _between(part: str) -> str:
    """What may stand behind a word of a name: the number *of* agents, but no average *of* temperatures."""
    return r"[\s_.-]*(?:of\s+)?" if part.casefold() in _COUNTS else r"[\s_.-]*"


def _part_pattern(part: str, parts: int) -> str:
    """One word of a column's name, or what it is short for: ``avg_temp`` is the average temperature."""
    word = part.casefold()
    long = SHORT_FOR.get(word) or (SHORT_FOR_IN_A_NAME.get(word) if parts > 1 else None)
    return rf"(?:{re.escape(part)}|{long})" if long else re.escape(part)


SHORT_FOR = {
    "amt": "amount",
    "conc": "concentration",
    "dia": "diameter",
    "diam": "diameter",
    "dist": "distance",
    "dur": "duration",
    "freq": "frequency",
    "hum": "humidity",
    "len": "length",
    "percap": r"per[\s-]*capita",
    "press": "pressure",
    "qty": "quantity",
    "temp": "temperature",
    "thk": "thickness",
    "tavg": r"(?:average|mean) temperature",
    "tmax": r"(?:t[\s_.-]?max|max(?:imum|\.)? temp(?:erature)?)",
    "tmean": r"(?:mean|average) temperature",
    "tmin": r"(?:t[\s_.-]?min|min(?:imum|\.)? temp(?:erature)?)",
    "vel": "velocity",
    "vol": "volume",
    "wt": "weight",
}
SHORT_FOR_IN_A_NAME = {  # alone they say what is wanted of a column, or anything
    "ave": "average",
    "avg": "average",
    "cat": "category",
    "cnt": "count",
    "dev": "deviation",
    "max": "maximum",
    "meas": "measured",
    "min": "minimum",
    "no": "number",
    "nr": "number",
    "num": "number",
    "pct": r"percent(?:age)?",
    "perc": r"percent(?:age)?",
    "pop": "population",
    "std": "standard",
    "sust": "sustained",
    "tot": "total",
}
_COUNTS = frozenset("no nr num cnt number count pct perc percent percentage".split())
_COMMON_WORDS = frozenset(
    (
        "a i is in on at of to and or the for by run mean test data index order number no count "
        "range x y name day level id all are one"
    ).split()
)
