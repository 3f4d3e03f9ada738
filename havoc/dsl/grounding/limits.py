"""Specification limits as drawings have them: ``24.5 +0.3/-0.1``, ``[9.8, 10.2]``, ``9.8 ≤ x ≤ 10.2``, ``10 ± 2%``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from havoc.dsl.grounding.numbers import _UNIT, NUMBER, SIGNED, number_text, unit_of
from havoc.dsl.grounding.ranges import PLAIN, FoundRange, decimal_text, label_before
from havoc.errors import InputError
from havoc.tools.values import Factor, Number, Range

_CUE = re.compile(
    r"\b(?:spec\w*|toleranc\w*|limits?|nominal|drawing|print|dimensions?|target|required|requirement)\b[^\n.?!;]{0,40}$"
    r"|\b(?:diameter|length|width|thickness|size|bore|shaft|height|depth|hole)\s*[:=]?\s*$|[Øø⌀]\s*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\b(?:spec\w*|toleranc\w*|limits?|between|within|inside|interval|range)\b[^\n.?!;\d]{0,20}$",
    re.IGNORECASE,
)
_U = rf"(?:[ \u00a0]?(?P<{{name}}>{_UNIT})(?![A-Za-z]))?"
_SIGN = r"[+\-−–]"
_UNEQUAL = re.compile(
    rf"(?<![\w.,^/+-])(?<!\d )(?P<a>{NUMBER})"
    + _U.format(name="au")
    + rf"\s*(?P<open>\(\s*)?(?P<p>{_SIGN}{PLAIN.removeprefix('[-+−]?')})"
    + _U.format(name="pu")
    + rf"(?P<gap>\s*[/,|]\s*|\s+)(?P<q>(?:{_SIGN})?{PLAIN.removeprefix('[-+−]?')})"
    + _U.format(name="qu")
    + r"(?(open)\s*\))"
    + _U.format(name="bu")
    + r"(?![\w^.]|\s*[-+,;*/]?\s*\d|\s*[*/^])",
    re.IGNORECASE,
)
_BRACKETS = re.compile(
    rf"\[\s*(?P<a>{SIGNED})"
    + _U.format(name="au")
    + rf"\s*[,;]\s*(?P<b>{SIGNED})"
    + _U.format(name="bu")
    + r"\s*\]"
    + _U.format(name="cu"),
    re.IGNORECASE,
)
_LESS = r"\s*(?:≤|<=|≦|⩽|<)\s*"
_CHAINED = re.compile(
    rf"(?<![\w.,^/*+-])(?P<a>[-+−]?{NUMBER})"
    + _U.format(name="au")
    + rf"{_LESS}(?P<name>[A-Za-zα-ωΑ-Ω][\w]{{0,20}}(?: [A-Za-z]\w{{0,20}})?){_LESS}(?P<b>[-+−]?{NUMBER})"
    + _U.format(name="bu")
    + r"(?![\w^.]|\s*[-+*/^]\s*[\w(]|\s*\))",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    rf"(?<![\w.^/-])(?P<a>{SIGNED})"
    + _U.format(name="au")
    + rf"\s*(?:\+/[-−]|±|\+-|plus or minus|plus/minus)\s*(?P<b>{NUMBER})\s?(?:%|percent\b|pct\b)",
    re.IGNORECASE,
)


def find_limits(text: str, free: list[tuple[int, int]]) -> list[FoundRange]:
    """Limits that only the notations of this module write; what is a list or a range otherwise is left alone."""
    readers = [read for sign, read in _READERS if sign.search(text)]
    found: list[FoundRange] = []
    for begin, stop in free:
        for made in (m for read in readers for m in read(text, begin, stop)):
            if not any(f.start < made.end and made.start < f.end for f in found):
                found.append(made)
    return sorted(found, key=lambda f: f.start)


def _unequal(text: str, begin: int, stop: int) -> Iterator[FoundRange]:
    """``24.5 +0.3/-0.1``, also with a blank between where the words say that it is a tolerance."""
    for m in _UNEQUAL.finditer(text, begin, stop):
        slash = m["gap"].strip() in ("/", "|") or (m["open"] and m["gap"].strip() == ",")
        if m["q"][0] not in "+-−–" and number_text(m["q"]).strip("0.") != "":
            continue  # only a zero stands without a sign: +0.2/0
        if not slash and not (
            m["gap"].isspace() and _CUE.search(text[max(begin, m.start() - 60) : m.start()])
        ):
            continue
        a = Number(number_text(m["a"])).exact
        steps = sorted(Number(number_text(m[g].replace("–", "-"))).exact for g in "pq")
        if a != 0 and max(map(abs, steps)) >= abs(a):
            continue
        made = _made(
            text,
            m,
            begin,
            decimal_text(a + steps[0]),
            decimal_text(a + steps[1]),
            ("bu", "qu", "pu", "au"),
        )
        if made is not None:
            yield made


def _relative(text: str, begin: int, stop: int) -> Iterator[FoundRange]:
    """``10 mm ± 2%``: two percent of ten.

    Of a plain number only where the words speak of limits: a humidity of 40 ± 5% is 35 to 45.
    """
    for m in _PERCENT.finditer(text, begin, stop):
        unit = unit_of(m["au"])
        if unit == "%" or (
            unit is None and not _CUE.search(text[max(begin, m.start() - 60) : m.start()])
        ):
            continue
        a, b = (Number(number_text(m[g])).exact for g in "ab")
        half = abs(a) * b / 100
        made = _made(text, m, begin, decimal_text(a - half), decimal_text(a + half), ("au",))
        if made is not None:
            yield made


def _chained(text: str, begin: int, stop: int) -> Iterator[FoundRange]:
    """``9.8 ≤ x ≤ 10.2``, but for the events of a probability: ``P(3 <= X <= 8)``."""
    for m in _CHAINED.finditer(text, begin, stop):
        if re.search(r"[A-Za-z]\s*[(\[{][^)\]}\n]*$", text[max(begin, m.start() - 40) : m.start()]):
            continue
        made = _made(
            text, m, begin, number_text(m["a"]), number_text(m["b"]), ("bu", "au"), m["name"]
        )
        if made is not None:
            yield made


def _bracketed(text: str, begin: int, stop: int) -> Iterator[FoundRange]:
    """``spec [9.8, 10.2]``; without such a word two numbers in brackets are a list."""
    for m in _BRACKETS.finditer(text, begin, stop):
        if _BETWEEN.search(text[max(begin, m.start() - 40) : m.start()]):
            made = _made(
                text, m, begin, number_text(m["a"]), number_text(m["b"]), ("cu", "bu", "au")
            )
            if made is not None:
                yield made


def _made(
    text: str,
    m: re.Match[str],
    begin: int,
    low: str,
    high: str,
    units: tuple[str, ...],
    name: str | None = None,
) -> FoundRange | None:
    unit = next((unit_of(m[u]) for u in units if m[u]), None)
    start, end = m.span()
    label, label_unit, _ = (name, None, 0) if name else label_before(text, start, begin)
    unit = unit or label_unit
    try:
        interval = Range(Number(low), Number(high), unit)
    except InputError:
        return None
    ends = tuple((Number(t, unit), start, end) for t in (low, high))
    if label is None:
        return FoundRange(interval, start, end, ends)
    return FoundRange(Factor(label, range=interval, unit=unit), start, end, ends)


_READERS = tuple(  # each is asked only where its sign stands
    (re.compile(sign, re.IGNORECASE), read)
    for sign, read in (
        (r"\d\S?[^\d\n]{0,6}\+\.?\d|-\.?\d[\d.]*\s?/\s?[-+−]", _unequal),
        (r"(?:[-+−]|±|plus or minus|plus/minus)\s*\.?\d[\d.]*\s?(?:%|percent\b|pct\b)", _relative),
        (r"≤|<=|≦|⩽|<", _chained),
        (r"\[\s*[-+−.\d]", _bracketed),
    )
)
