"""Factors of a design listed by lines or in braces: ``temp: 150, 200``, ``| temp | 150 | 200 |``, ``speed {100, 200}``.

Only where a design is spoken of: elsewhere a name before numbers is that of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from havoc.dsl.grounding.numbers import UNIT, number_text, unit_of
from havoc.dsl.grounding.ranges import PLAIN, FoundRange
from havoc.tools.values import Factor, Number, Range

_DESIGN = re.compile(
    r"(?i)\b(?:factorials?|fraction(?:al)?|box[- ]?behnken|bbd|ccd|central composite|taguchi|"
    r"L(?:4|8|9|12|16|18|27)|doe|latin hypercube|lhs|plackett|definitive|dsd|screening|d-optimal|optimal design|"
    r"designs?|2\^\(?\d|3\^\d|center points|centre points)\b"
)
_READINGS = re.compile(
    r"(?i)\b(?:analy[sz]e|anova|effects?|results?|yields?|responses?|measured|capability|chart|fit|regress\w*|compare)\b"
)
_NAME = r"(?P<name>[A-Za-z][\w ./-]{0,28}?(?:[ ]?\([^()\n]{1,10}\))?)"
_U = rf"(?:[ ]?(?:{UNIT.pattern})(?![\w]))?"
_LINE = re.compile(
    rf"(?m)^[ \t]*(?:[-*•][ ]|\d[.)][ ])?\|?[ \t]*{_NAME}[ \t]*(?:[:=|;,\t]|[ ]{{2,}}|[ ](?=[-+]?\d))[ \t]*"
    rf"(?P<levels>{PLAIN}{_U}(?:(?:[ \t]*[,;|/][ \t]*|[ \t]+(?:to |and |- ?)?|\t){PLAIN}{_U}){{1,4}})[ \t]*\|?[ \t]*"
    r"(?:\([^()\n]{1,12}\))?[ \t]*$"
)
_BRACED = re.compile(
    rf"(?<![\w.])(?P<name>[A-Za-z][\w-]{{0,20}}(?: [A-Za-z][\w-]{{0,20}})?)[ ]?[:=]?[ ]?\{{[ ]?"
    rf"(?P<levels>{PLAIN}{_U}(?:[ ]?[,;/][ ]?{PLAIN}{_U}){{1,6}})[ ]?\}}(?P<behind>[ ]?(?:{UNIT.pattern})(?!\w))?"
)
_ARROWED = re.compile(
    rf"(?<![\w.])(?P<name>[A-Za-z][\w-]{{0,20}})[ ]?[:=]?[ ]?"
    rf"(?P<levels>{PLAIN}{_U}[ ]?(?:->|→|=>)[ ]?{PLAIN}{_U})(?![\w.]\d)"
)
_ONE = re.compile(rf"(?P<n>{PLAIN})(?P<u>[ ]?(?:{UNIT.pattern})(?!\w))?")
_HEADING = re.compile(r"(?i)^(?:low|high|min|max|level|center|centre|unit|units)\b")
_RULES = re.compile(r"(?m)^[|:\- \t]*-{2,}[|:\- \t]*$|[ \t]*\|[ \t]*")
_OF_RANGES = re.compile(r"(?i)\bbox[- ]?behnken|\bbbd\b|\bccd\b|central composite|\b2\^\(?\d")
LEAST_LINES = 2


def find_factors(text: str) -> tuple[list[FoundRange], list[tuple[int, int]]]:
    """Factors listed in lines, in braces or with an arrow, where a design is asked for; and the rules of their table.

    A factor's place is that of its levels: its name stays a word of the request.
    """
    if not _DESIGN.search(text):
        return [], []
    found = [
        f for p in (_BRACED, _ARROWED) for m in p.finditer(text) if (f := _factor(m)) is not None
    ]
    rules: list[tuple[int, int]] = []
    if not _READINGS.search(re.sub(r"(?i)\bmain effects?\b|\bresponse surface\b", "", text)):
        listed = list(_lines(text))
        found += listed
        if listed and "|" in text:
            rules = [m.span() for m in _RULES.finditer(text)]
    return sorted(found, key=lambda f: f.start), rules


def _lines(text: str) -> Iterator[FoundRange]:
    """Two lines or more below each other that are factors, each with as many levels."""
    run: list[re.Match[str]] = []
    for match in (*_LINE.finditer(text), None):
        if (
            match
            and run
            and text[run[-1].end() : match.start()].strip("|-: +\n\t") == ""
            and _alike(run[-1], match)
        ):
            run.append(match)
            continue
        factors = [_factor(m) for m in run]
        names = {f.value.name for f in factors if f and isinstance(f.value, Factor)}
        if len(run) >= LEAST_LINES and None not in factors and len(names) == len(run):
            yield from (f for f in factors if f)
        run = [match] if match else []


def _alike(a: re.Match[str], b: re.Match[str]) -> bool:
    return len(_ONE.findall(a["levels"])) == len(_ONE.findall(b["levels"]))


def _factor(m: re.Match[str]) -> FoundRange | None:
    """The factor, if its levels ascend: two are its range, more are levels; a middle one of three equal steps too."""
    ones = list(_ONE.finditer(m["levels"]))
    numbers = [Number(number_text(o["n"])) for o in ones]
    if any(x.exact >= y.exact for x, y in pairwise(numbers)) or _HEADING.match(m["name"]):
        return None
    behind = m.groupdict().get("behind")
    unit = next(
        (u for o in ones if (u := unit_of((o["u"] or "").strip()))), unit_of((behind or "").strip())
    )
    name = re.sub(r"[ ]?\(([^()]*)\)$", "", m["name"]).strip()
    bracket = re.search(r"\(([^()]*)\)$", m["name"])
    unit = unit or (unit_of(bracket[1].strip()) if bracket else None)
    start, end = m.start("levels"), m.end("levels")
    if "{" in m.group():
        start, end = m.string.rindex("{", m.start(), start), m.end()
    equal = len(numbers) == 3 and numbers[1].exact * 2 == numbers[0].exact + numbers[2].exact
    if equal and _OF_RANGES.search(m.string):
        numbers = [numbers[0], numbers[2]]  # such a design has its middle level anyway
    if len(numbers) == 2:
        value = Factor(name, range=Range(numbers[0], numbers[1], unit), unit=unit)
    else:
        value = Factor(name, levels=tuple(Number(n.text, unit) for n in numbers), unit=unit)
    return FoundRange(value, start, end)
