"""Inline lists, ranges, tolerances and level lists, with the name that stands before them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from havoc.dsl.grounding.numbers import _UNIT, NUMBER, SIGNED, number_text, unit_of
from havoc.errors import InputError
from havoc.tools.values import Column, Factor, Labels, Number, Range, Sample

PLAIN = r"[-+−]?(?:\d+\.\d+|\.\d+|\d+)(?:[eE][-+]?\d+)?"
_NONE = (  # a value that was not taken; a dash only between commas
    r"(?:(?:N/?A|NaN|missing|n\.\s?[da]\.|#N/?A)(?!\w)|(?:--?|[–—])(?=\s*[,;]))"
)
# What has a sign behind it is the name of the next list, no unit: "26 c: 21".
_ITEM = rf"{PLAIN}(?:[ ]?(?:(?!{_NONE}){_UNIT})(?![ ]?[:=]))?"
_SEP = r"(?:\s*[,;]\s*(?:and\s+)?|\s+and\s+|\s+)"
_LIST = re.compile(
    rf"(?<![\w.^]){_ITEM}(?:{_SEP}(?:{_ITEM}|{_NONE})){{2,}}(?![\w^]|\.\d|-[A-Za-z])",
    re.IGNORECASE,
)
_COMMA_DECIMAL = r"[-+]?\d+,\d+"
_COMMA_LIST = re.compile(
    rf"(?<![\w.,]){_COMMA_DECIMAL}(?:(?:\s*;\s*|\s+|\s*\n\s*){_COMMA_DECIMAL}){{2,}}(?![\w,])"
)
_THOUSANDS = re.compile(
    r"(?<![\w.,])[-+]?\d{1,3},\d{3}(?:\.\d+)?(?:,?\s+[-+]?\d{1,3},\d{3}(?:\.\d+)?){2,}(?![\w,])"
)
_BRACKETED = re.compile(r"\[\s*(" + PLAIN + r"(?:\s*[,;\s]\s*" + PLAIN + r")+)\s*\]")

STOP = frozenset(
    (
        "a an the and or of for to in on at by with from is are was were be as if it its this "
        "that these those my our your we i you have has had got get gives give gave giving yields "
        "yield run do does did make made please need want using use used per each between low "
        "high min max minimum maximum lower upper level levels range ranges ranging varied "
        "varying vary set setting about around approximately over under than then vs versus "
        "against not no so but when where which what how values value data readings measurements "
        "results numbers following follows below here there factor factors variable variables "
        "test tests respectively both all first second third let lets can could would should will "
        "up out also plus include including i.e e.g say like namely called named considering "
        "study studying consider only just still very more most some any design experiment doe "
        "box behnken ccd screening compare check calculate compute find one two three "
        "put into bin bins sort "
        "correlate regress plot analyse analyze estimate predict forecast assess through fit fitting "
    ).split()
)
_VERBS = frozenset("is are was were gives gave yields yielded measured reads read".split())
_LINKS = _VERBS | frozenset(
    (
        "on of for in at from with to and as a an the values data readings measurements results "
        "numbers follows below"
    ).split()
)
_JOINED = re.compile(
    r"(?:\b(?:with|and|of|vs\.?|versus|against|on|for|the)|^|[,;])\s*$", re.IGNORECASE
)
_WORDS_BEFORE = re.compile(r"([A-Za-zα-ωΩµ°%#&_/][\w.°%#&/·*'’-]*)\s*$")


@dataclass(frozen=True)
class FoundList:
    """A column written as a list; its name's words begin at ``label``."""

    column: Sample | Labels
    start: int
    end: int
    label: int = -1


@dataclass(frozen=True)
class FoundRange:
    """A Range (nameless) or a Factor; ``ends`` are the numbers as written, for other roles: (number, start, end)."""

    value: Range | Factor
    start: int
    end: int
    ends: tuple[tuple[Number, int, int], ...] = ()


_DESIGNS = frozenset(
    "factorial fractional behnken box-behnken bbd composite ccd doe dsd burman plackett-burman taguchi hypercube lhs "
    "d-optimal optimal experiment design screening split-plot factorials".split()
)


def label_before(
    text: str, position: int, floor: int = 0, reach: bool = True
) -> tuple[str | None, str | None, int]:
    """The name and unit written before ``position`` and where they begin: ``load (kg):`` -> ("load", "kg", 0).

    ``floor``: the end of what was read before; the name cannot reach beyond it. ``reach``: whether small words may
    stand between ("temperature from 150"); a list's name stands right before it.
    """
    before = text[floor:position]
    unit = None
    bare = re.sub(r"[\s:=(\[{~]+$", "", before)
    direct = bool(re.search(r"[:=]\s*[(\[{]?\s*$|[A-Za-z]{3} \d{1,2} ?[(\[]$", before))
    bracket = re.search(r"[(\[]\s*([^()\[\]]{1,12})\s*[)\]]$", bare)
    if bracket:
        unit = unit_of(bracket[1].strip())
        bare = bare[: bracket.start()].rstrip() if unit or direct else bare
    words: list[str] = []
    while len(words) < 3:
        match = _WORDS_BEFORE.search(bare)
        if match is None:
            numbered = None if words else _numbered(bare, direct)
            if numbered is not None:
                words, bare = [f"{numbered[1]} {numbered[2]}"], bare[: numbered.start()]
            break
        word = match[1].strip(".'’-")
        if not re.search(r"[^\W\d_]|[%#&]", word) or (
            re.search(rf"\d ?{re.escape(word)}$", bare) and word == "%"
        ):
            break  # a slash between two lists names neither
        lone = direct and not words and len(word) == 1  # "a: 20 22 19": the name of a group
        linking = word.casefold() in _LINKS and word != "A" and not lone
        if (
            not word
            or linking
            or (word.casefold() in STOP and word != "A" and not (direct and not words))
        ) and not (word == "yield" and _JOINED.search(bare[: match.start()])):
            if words or (not reach and word.casefold() not in _VERBS):
                break
            bare = bare[
                : match.start()
            ]  # "temperature from 150": the name is behind the small words
            if len(before) - len(bare) > 40:
                break
            continue
        if words and word.casefold() in _DESIGNS:
            break  # "full factorial temp 20-40": the design is no part of the factor's name
        more = _WORDS_BEFORE.search(bare[: match.start()])
        is_unit = not words and unit is None and unit_of(word) is not None and more is not None
        is_unit = is_unit and word != "A"  # "line A 5.1, 5.3": a name, not amperes
        if is_unit and len(word) == 1 and more is not None:
            is_unit = not _has_sister(text, more[1], word)
        if is_unit and (not direct or len(word) <= 4):
            unit = unit_of(word)
        else:
            words.insert(0, word)
        bare = bare[: match.start()]
        if bare.rstrip() != bare.rstrip(" ") or bare.rstrip()[-1:] in ",;:.?!()|":
            break
        bare = bare.rstrip(" ")
    if not words and unit is not None and not bracket:
        last = _WORDS_BEFORE.search(re.sub(r"[\s:=(\[{~]+$", "", before))
        words = [last[1]] if last else []  # "gives mV 2.3 3.9": the unit is all the name there is
    return (" ".join(words) or None), unit, floor + len(bare)


def _has_sister(text: str, noun: str, letter: str) -> bool:
    """Whether another letter stands behind the same noun: "brand C" beside "brand A", which is no temperature."""
    found = re.findall(rf"(?<!\w){re.escape(noun)}[ ]([A-Z])(?!\w)", text)
    return letter.isupper() and len(set(found)) > 1


def _numbered(bare: str, direct: bool) -> re.Match[str] | None:
    """``machine 1 gave``, ``day 2:``: a name that is a noun and a number."""
    match = re.search(r"(?<!\w)([A-Za-z]{3,}) #?(\d{1,3})\s*$", bare)
    known = match is not None and match[1].casefold() not in STOP | _STATISTICS
    return match if known and (direct or bare.endswith(" ")) else None


def find_lists(text: str, free: list[tuple[int, int]]) -> list[FoundList]:
    """Runs of three or more numbers in the free stretches of the text."""
    found: list[FoundList] = []
    patterns = ((_COMMA_LIST, True), (_THOUSANDS, False), (_LIST, False))
    if re.search(r"\d,\d{3}(?:\.\d|,\d{3})", text):  # 1,234.5 somewhere: the commas are thousands
        patterns = ((_THOUSANDS, False), (_COMMA_LIST, True), (_LIST, False))
    for begin, stop in free:
        stretch = text[begin:stop]
        for pattern, decimal_comma in patterns:
            for match in pattern.finditer(stretch):
                spans = [match.span()] if pattern is not _LIST else _single_lists(match)
                for first, last in spans:
                    start, end = begin + first, begin + last
                    if any(f.start < end and start < f.end for f in found) or _is_power(
                        text, start
                    ):
                        continue
                    if pattern is _LIST and _is_no_list(stretch[:first], stretch[first:last]):
                        continue
                    end -= _stray_percent(text[start:end])
                    texts = _items(text[start:end], decimal_comma, pattern is _THOUSANDS)
                    if len(texts) < 3:
                        continue
                    floor = max([f.end for f in found if f.end <= start], default=begin)
                    name, unit, label = label_before(text, start, floor, reach=False)
                    unit = unit or _unit_inside(text[start:end])
                    if name is not None and _says_a_number(text, name, start):
                        name = None
                    column = Sample(name or "x", tuple(texts), unit)
                    found.append(FoundList(column, start, end, label))
        for match in _BRACKETED.finditer(stretch):
            start, end = begin + match.start(), begin + match.end()
            if not any(f.start < end and start < f.end for f in found):
                name, unit, label = label_before(text, start, begin, reach=False)
                found.append(
                    FoundList(
                        Sample(name or "x", tuple(re.findall(PLAIN, match[1])), unit),
                        start,
                        end,
                        label,
                    )
                )
    return sorted(found, key=lambda f: f.start)


_STATISTICS = frozenset(
    "sigma sd mean average stdev target alpha lambda n k h s l power confidence".split()
)


def _says_a_number(text: str, name: str, start: int) -> bool:
    """Whether a number of the request is called what stands before a list: ``sigma 2, shift of one sigma: 5 6 4``."""
    if name.casefold() not in _STATISTICS:
        return False
    said = rf"(?i)(?<!\w){re.escape(name)}\s*(?:=|:|is|of)?\s*[-+]?\.?\d"
    return any(m.end() - 1 != start for m in re.finditer(said, text[:start]))


def _single_lists(match: re.Match[str]) -> list[tuple[int, int]]:
    """The lists in a run of numbers: a separator other than those around it parts one list from the next.

    "575 542 530; 180" is a list and a number, "3.6; 3.31 3.35 3.28" a number and a list.
    """
    run = match.group()
    gaps = [m for m in re.finditer(_SEP, run) if re.match(r"[-+−.\d]", run[m.end() :])]
    kinds = [";" if ";" in g.group() else "," if "," in g.group() else " " for g in gaps]
    usual = max(" ,;", key=kinds.count)
    stronger = {" ": ",;", ",": ";", ";": ""}[usual]
    cuts = [
        g
        for g, kind in zip(gaps, kinds, strict=True)
        if kind in stronger and "and" not in g.group()
    ]
    both = [g for g in gaps if g.group().strip() == "and"]
    if (
        not cuts
        and len(both) == 1
        and _many(run[: both[0].start()])
        and _many(run[both[0].end() :])
    ):
        cuts = both  # "of 3.1 3.4 2.9 and 4.1 2.2 5.0": two lists
    if not cuts or len(cuts) == len(gaps):
        return [match.span()]
    edges = [0, *(e for g in cuts for e in g.span()), len(run)]
    pieces = list(zip(edges[::2], edges[1::2], strict=True))
    if all(len(re.findall(PLAIN, run[a:b])) < 3 for a, b in pieces):
        return [match.span()]
    if "," in stronger and len(pieces) > 2 and all(kind != ";" for kind in kinds):
        return [match.span()]  # blanks and commas as they come: "1, 2 3, 4"
    return [(match.start() + a, match.start() + b) for a, b in pieces]


def _many(run: str) -> bool:
    return len(re.findall(PLAIN, run)) >= 3


def _is_no_list(before: str, run: str) -> bool:
    """``between 40 and 180 C, 3 replicates``: 'and' joins a list's last two items only; items share their unit."""
    separators = re.findall(r"(?<=[\w%°.])(\s*[,;]?\s*\band\b\s*|\s*[,;]\s*|\s+)(?=[-+−.\d])", run)
    early = any("and" in s for s in separators[:-1])
    units = {m[1].casefold() for m in re.finditer(r"\d[ ]?([a-zA-Z°µ%]+)", run) if m[1] != "and"}
    return (
        early
        or len(units) > 1
        or bool(re.search(r"\b(?:between|from)\s+$", before) and "and" in run)
    )


def _stray_percent(run: str) -> int:
    """Characters of a last item that alone is a percentage: "53.9, 95% confidence" ends the list before it."""
    match = re.search(rf"{_SEP}{PLAIN}\s?%$", run)
    return len(match.group()) if match and run.count("%") == 1 else 0


def _is_power(text: str, start: int) -> bool:
    return text[max(0, start - 1) : start] in ("^", "/")


def _items(run: str, decimal_comma: bool, thousands: bool) -> list[str | None]:
    if decimal_comma:
        return [number_text(t.replace(",", ".")) for t in re.findall(_COMMA_DECIMAL, run)]
    if thousands:
        return [number_text(t) for t in re.findall(r"[-+]?\d{1,3},\d{3}(?:\.\d+)?", run)]
    bare = re.sub(rf"(?<=\d)\s*(?!{_NONE})[a-zA-Z°µ%]+(?![\w.])", "", run, flags=re.IGNORECASE)
    found = re.findall(rf"{PLAIN}|{_NONE}", bare, re.IGNORECASE)
    return [number_text(t) if re.search(r"\d", t) else None for t in found]


def _unit_inside(run: str) -> str | None:
    match = re.search(rf"\d\s?({_UNIT})", run, re.IGNORECASE)
    return unit_of(match[1]) if match else None


_STANDARD_ORDER = re.compile(r"\(1\)((?:[\s,;]+[A-Za-z]+){3,})")


def find_standard_order(text: str) -> FoundList | None:
    """Treatment labels in standard order: ``(1) a b ab c ac bc abc``."""
    match = _STANDARD_ORDER.search(text)
    if match is None:
        return None
    letters: list[str] = []
    labels = ["(1)"]
    end = match.start(1)
    for word in re.finditer(r"[A-Za-z]+", match[1]):
        if len(word[0]) == 1 and word[0] not in letters:
            letters.append(word[0])
        elif not (
            set(word[0]) <= set(letters) and len(set(word[0])) == len(word[0]) and len(word[0]) > 1
        ):
            break
        labels.append(word[0])
        end = match.start(1) + word.end()
    if len(labels) < 4:
        return None
    return FoundList(Labels("treatment", tuple(labels)), match.start(), end)


_A, _B = (rf"(?P<{name}>[-+−]?{NUMBER})(?:[ \u00a0]?(?P<{name}u>{_UNIT}))?" for name in "ab")
_RANGES = tuple(
    re.compile(p, re.IGNORECASE)
    for p in (
        rf"(?<![\w.^/-]){_A}\s*(?:\+/[-−]|±|\+-|plus or minus|plus/minus|plus minus)\s*{_B}(?![\w^])",
        rf"(?<![\w.^/-])(?:low|lo|min|minimum|lower)\s*(?:level|limit|value)?\s*[:=]?\s*{_A}"
        rf"\s*(?:,|/|;|-|and|&)?\s*(?:high|hi|max|maximum|upper)\s*(?:level|limit|value)?\s*[:=]?"
        rf"\s*{_B}(?![\w^])",
        rf"(?<![\w.^/-])(?:between|from|betw\.?)\s+{_A}\s+(?:and|to|until|up to|through|&)\s+{_B}(?![\w^])",
        rf"(?<![\w.^/-]){_A}\s*(?:\.\.\.?|…)\s*{_B}(?![\w^])",
        rf"(?<![\w.^/-]){_A}\s*(?:-|–|—|−|to|until|thru|through)\s*{_B}(?![\w^]|[-–]\d)",
        rf"(?<![\w.^/-])[\[(]\s*{_A}\s*[,;]\s*{_B}\s*[\])](?![\w^])",
    )
)
_LEVEL_NUMBERS = re.compile(
    rf"(?<![\w.^/]){PLAIN}(?:\s?/\s?{PLAIN})+(?:[ ]?(?P<unit>{_UNIT}))?(?![\w^/])", re.IGNORECASE
)
_LEVEL_WORDS = re.compile(
    r"(?<![\w/])([A-Za-z][\w-]{0,14}(?:\s?/\s?[A-Za-z][\w-]{0,14})+)(?![\w/])"
)
_LEVEL_BRACKET = re.compile(
    r"[({\[]\s*((?:[A-Za-z][\w -]{0,18}\s*(?:,|\bor\b|\band\b|/|;)\s*)+[A-Za-z][\w -]{0,18})\s*[)}\]]"
)
_ORDERED = frozenset("low mid medium middle med center centre high lo hi none".split())
_NOT_LEVELS = frozenset(
    (
        "and/or yes/no r&r r/r i/mr x/r x/s min/max his/her he/she p/t lb/h km/h m/s n/a "
        "a/b/test either/or input/output w/o w/ s/n"
    ).split()
)


MOST_RANGES = 500  # a design has a dozen


def find_ranges(text: str, free: list[tuple[int, int]]) -> list[FoundRange]:
    """Ranges, tolerances and level lists in the free stretches of the text."""
    found: list[FoundRange] = []

    def is_free(start: int, end: int) -> bool:
        if len(found) > MOST_RANGES:
            raise InputError(
                f"more than {MOST_RANGES} ranges stand in the request; attach the data as a file"
            )
        return not any(f.start < end and start < f.end for f in found)

    for begin, stop in free:
        stretch = text[begin:stop]
        for k, pattern in enumerate(_RANGES):
            for match in pattern.finditer(stretch):
                start, end = begin + match.start(), begin + match.end()
                if is_free(start, end):
                    made = _range_of(text, match, k == 0, start, end, _floor(found, start, begin))
                    if made is not None and not (k == 5 and isinstance(made.value, Range)):
                        found.append(made)
        for match in _LEVEL_NUMBERS.finditer(stretch):
            start, end = begin + match.start(), begin + match.end()
            if is_free(start, end):
                made = _levels_of_numbers(text, match, start, end, _floor(found, start, begin))
                if made is not None:
                    found.append(made)
        for pattern in (_LEVEL_WORDS, _LEVEL_BRACKET):
            for match in pattern.finditer(stretch):
                start, end = begin + match.start(), begin + match.end()
                if is_free(start, end) and match[1].casefold().replace(" ", "") not in _NOT_LEVELS:
                    made = _levels_of_words(text, match[1], start, end, _floor(found, start, begin))
                    if made is not None:
                        found.append(made)
    return sorted(found, key=lambda f: f.start)


def _floor(found: list[FoundRange], start: int, begin: int) -> int:
    return max([f.end for f in found if f.end <= start], default=begin)


def _range_of(
    text: str, match: re.Match[str], tolerance: bool, start: int, end: int, floor: int
) -> FoundRange | None:
    units = [unit_of(match["au"]), unit_of(match["bu"])]
    # a letter taken for a unit that is none stays in the text
    if match["bu"] and units[1] is None:
        end -= len(text[start:end]) - len(text[start:end][: match.end("b") - match.start()])
    unit = units[1] or units[0]
    a, b = Number(number_text(match["a"])), Number(number_text(match["b"]))
    offset = start - match.start()
    ends = (
        (Number(a.text, unit), offset + match.start("a"), offset + match.end("a")),
        (Number(b.text, unit), offset + match.start("b"), offset + match.end("b")),
    )
    if tolerance:
        low, high = a.exact - b.exact, a.exact + b.exact
        a, b = Number(decimal_text(low)), Number(decimal_text(high))
    elif (
        match["b"].startswith(("-", "+"))
        and not match["a"].startswith("-")
        and "to" not in match.group()
    ):
        return None
    try:
        interval = Range(a, b, unit)
    except InputError:
        return None
    name, name_unit, _ = label_before(text, start, floor)
    unit = unit or name_unit
    interval = Range(a, b, unit)
    if name is None:
        name = _name_after(text, end)
    if name is None:
        return FoundRange(interval, start, end, ends)
    return FoundRange(Factor(name, range=interval, unit=unit), start, end, ends)


def decimal_text(value: object) -> str:
    """Exact decimal text of a fraction of two decimals' sum."""
    from decimal import Decimal
    from fractions import Fraction

    assert isinstance(value, Fraction)
    text = format(Decimal(value.numerator) / Decimal(value.denominator), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _name_after(text: str, end: int) -> str | None:
    match = re.match(r"\s+(?:of\s+)?([a-z][a-z-]{3,})", text[end:])
    return match[1] if match and match[1] not in STOP else None


_COUNTED_IN = re.compile(  # "defect rates 12/200": a count and what it is counted in, no levels
    r"(?i)\b(?:rates?|proportions?|defect\w*|reject\w*|fail(?:ed|ures?)|nonconform\w*|bad|scrap\w*)$"
)


def _levels_of_numbers(
    text: str, match: re.Match[str], start: int, end: int, floor: int
) -> FoundRange | None:
    unit = unit_of(match["unit"])
    if match["unit"] and unit is None:
        end = start + match.start("unit") - match.start()
    texts = [number_text(t) for t in re.findall(PLAIN, match.group())]
    name, name_unit, _ = label_before(text, start, floor)
    numbers = tuple(Number(t, unit) for t in texts)
    ascending = all(x.exact < y.exact for x, y in pairwise(numbers))
    if name is None or not ascending or _COUNTED_IN.search(name):
        return None
    places = [start + m.start() for m in re.finditer(PLAIN, match.group())]
    ends = tuple((n, at, at + len(t)) for n, at, t in zip(numbers, places, texts, strict=True))
    if len(numbers) == 2:
        interval = Range(Number(texts[0]), Number(texts[1]), unit or name_unit)
        return FoundRange(Factor(name, range=interval, unit=unit or name_unit), start, end, ends)
    return FoundRange(Factor(name, levels=numbers, unit=unit or name_unit), start, end, ends)


def _levels_of_words(text: str, body: str, start: int, end: int, floor: int) -> FoundRange | None:
    items = [i.strip() for i in re.split(r"\s*(?:,|\bor\b|\band\b|/|;)\s*", body) if i.strip()]
    if len(items) < 2 or len({i.casefold() for i in items}) < len(items):
        return None
    said = {i.casefold() for i in items}
    ordered = said == {"on", "off"} or (len(items) > 1 and said <= _ORDERED)
    if any(
        (len(i) > 1 and i.casefold() in STOP and not ordered) or len(i.split()) > 2 for i in items
    ):
        return None
    name, _, _ = label_before(text, start, floor)
    if name is None or (unit_of(items[-1]) is not None and unit_of(items[0]) is not None):
        return None
    return FoundRange(
        Factor(name.split()[-1] if len(name.split()) > 2 else name, levels=tuple(items)), start, end
    )


def short_levels(column: Column) -> Factor | None:
    """Three to five ascending numbers after a name may also be a factor's levels."""
    if not isinstance(column, Sample) or column.name == "x" or not 3 <= len(column.present()) <= 5:
        return None
    values = column.present().exact
    if any(a >= b for a, b in pairwise(values)):
        return None
    levels = tuple(Number(t, column.unit) for t in column.present().texts if t is not None)
    return Factor(column.name, levels=levels, unit=column.unit)


__all__ = [
    "SIGNED",
    "FoundList",
    "FoundRange",
    "find_lists",
    "find_ranges",
    "find_standard_order",
    "label_before",
    "short_levels",
]
