"""How values are written: numbers, factors, lists, tables, in the notations that people use.

A rendered request is a list of ``Part``; a part that shows a field knows which, so that after grounding each field
can be matched with the slot that covers its characters.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from havoc.curriculum.lesson import Expr, FactorList, Interval, Num, Sym, Word
from havoc.curriculum.lexicon import COMPONENTS, FACTORS, LEVEL_FACTORS
from havoc.tools.values import Column, Labels, Sample, Table

NUMBER_WORDS = {
    2: "two",
    3: "three",
    4: "four",
    5: "five",
    6: "six",
    7: "seven",
    8: "eight",
    9: "nine",
    10: "ten",
    12: "twelve",
}


@dataclass(frozen=True)
class Part:
    text: str
    field: str | None = None


def decimal(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}"


def number_parts(name: str, spec: Num, rng: random.Random) -> list[Part]:
    if spec.choices:
        return [Part(rng.choice(spec.choices), name)]
    if spec.integer:
        value = rng.randint(int(spec.low), int(spec.high))
        if value in NUMBER_WORDS and rng.random() < 0.2 and not spec.unit:
            return [Part(NUMBER_WORDS[value], name)]
        text = f"{value:,}" if value >= 10000 and rng.random() < 0.2 else str(value)
    elif spec.percent and rng.random() < 0.6:
        shown = 100 * rng.uniform(spec.low, spec.high)
        text = (
            decimal(shown, rng.choice((0, 0, 1)))
            if shown >= 1.5
            else decimal(shown, 2 if shown >= 0.05 else 3)
        )
        return [Part(text + rng.choice(("%", "%", "%", " %", " percent")), name)]
    else:
        decimals = (
            spec.decimals if spec.high - spec.low > 10.0**-spec.decimals * 5 else spec.decimals + 2
        )
        text = decimal(
            rng.uniform(spec.low, spec.high),
            rng.choice((decimals, decimals, max(0, decimals - 1))) if spec.high > 3 else decimals,
        )
        if float(text) < spec.low or float(text) > spec.high:
            text = decimal((spec.low + spec.high) / 2, decimals + 1)
        if text.startswith("0.") and rng.random() < 0.15:
            text = text[1:]
    if spec.unit and rng.random() < 0.5:
        text += rng.choice((" ", "")) + rng.choice(spec.unit)
    return [Part(text, name)]


def interval_parts(
    name: str,
    spec: Interval,
    rng: random.Random,
    low: float | None = None,
    high: float | None = None,
) -> list[Part]:
    """``24 to 26``, ``25 ± 1``, ``between 24 and 26``."""
    decimals = rng.choice((0, 1, 2)) if spec.high - spec.low > 5 else 2
    a = rng.uniform(spec.low, spec.high) if low is None else low
    b = rng.uniform(spec.low, spec.high) if high is None else high
    a, b = sorted((a, b))
    if decimal(a, decimals) == decimal(b, decimals):
        b += 2 * 10.0**-decimals
    unit = rng.choice(spec.unit) if spec.unit and rng.random() < 0.5 else ""
    tail = f" {unit}" if unit else ""
    if rng.random() < 0.25:
        middle, half = (
            decimal((a + b) / 2, decimals),
            decimal(max((b - a) / 2, 10.0**-decimals), decimals),
        )
        return [Part(f"{middle} {rng.choice(('±', '+/-', '+-'))} {half}{tail}", name)]
    low_text, high_text = decimal(a, decimals), decimal(b, decimals)
    style = rng.choice(
        ("{a}-{b}", "{a} to {b}", "{a} - {b}", "between {a} and {b}", "from {a} to {b}", "{a}..{b}")
    )
    return [Part(style.format(a=low_text, b=high_text) + tail, name)]


def factor_parts(name: str, spec: FactorList, rng: random.Random) -> list[Part]:
    """A list of factors, each a part of its own (``factors.0`` ...)."""
    k = rng.randint(*spec.k)
    used: set[str] = set()
    style = rng.randrange(8)
    texts: list[str] = []
    while len(texts) < k:
        factor, text = _factor(spec, rng, style, k)
        if factor.casefold() in used:
            continue
        used.add(factor.casefold())
        texts.append(text)
    joint = rng.choice((", ", ", ", "; ", " | ", "\n", ", "))
    parts: list[Part] = []
    if joint == "\n":
        bullet = rng.choice(("- ", "", "* "))
        parts.append(Part("\n" + bullet))
        joint = "\n" + bullet
    for i, text in enumerate(texts):
        if i:
            last = i == len(texts) - 1 and joint == ", "
            parts.append(Part(rng.choice((" and ", ", ", ", and ", " & ")) if last else joint))
        parts.append(Part(text, f"{name}.{i}"))
    return parts


def _factor(spec: FactorList, rng: random.Random, style: int, k: int) -> tuple[str, str]:
    """Name of one of ``k`` factors, and how it is written."""
    if spec.kind == "shares":
        return _share(rng, style, k)
    if spec.kind == "levels" or (spec.kind == "mixed" and rng.random() < 0.4):
        return _level_factor(rng, style)
    return _range_factor(rng, style)


def _range_factor(rng: random.Random, style: int) -> tuple[str, str]:
    name, units, low, high, decimals = rng.choice(FACTORS)
    a, b = sorted(rng.uniform(low, high) for _ in range(2))
    step = 10.0**-decimals if high - low < 60 else 5.0
    a, b = round(a / step) * step, round(b / step) * step
    if b - a < step:
        b = a + 2 * step
    lo, hi = decimal(a, decimals), decimal(b, decimals)
    unit = rng.choice(units)
    space = " " if unit and (unit[0] not in "%°" or rng.random() < 0.5) else ""
    u = space + unit
    if rng.random() < 0.08:
        middle, half = (a + b) / 2, (b - a) / 2
        return (
            name,
            f"{name} {decimal(middle, decimals + 1)} {rng.choice(('±', '+/-'))} {decimal(half, decimals + 1)}{u}",
        )
    if rng.random() < 0.06:
        return name, f"{name} low {lo} high {hi}{u}"
    return name, _ranged(name, lo, hi, u, style)


def _ranged(name: str, lo: str, hi: str, unit: str, style: int) -> str:
    forms = (
        f"{name} {lo}-{hi}{unit}",
        f"{name} {lo} to {hi}{unit}",
        f"{name} ({lo}-{hi}{unit})",
        f"{name}: {lo} to {hi}{unit}",
        f"{name} from {lo} to {hi}{unit}",
        f"{name} between {lo} and {hi}{unit}",
        f"{name} {lo}/{hi}{unit}",
        f"{name} {lo}{unit} - {hi}{unit}",
    )
    return forms[style]


def _share(rng: random.Random, style: int, k: int) -> tuple[str, str]:
    """The limits of one of ``k`` components; all lowest ones sum to less than one, all highest to more."""
    name = rng.choice(COMPONENTS)
    low = rng.randint(0, int(90 / k)) / 100
    high = rng.randint(int(120 / k), 90) / 100
    return name, _ranged(name, decimal(low, 2), decimal(high, 2), "", style)


def _level_factor(rng: random.Random, style: int) -> tuple[str, str]:
    name, levels = rng.choice(LEVEL_FACTORS)
    if style % 2:
        return name, f"{name} ({', '.join(levels)})"
    return name, f"{name} {'/'.join(levels)}"


def word_parts(name: str, spec: Word | Sym, rng: random.Random) -> list[Part]:
    text = rng.choice(spec.choices)
    if isinstance(spec, Word):
        text = rng.choice(('"{}"', "'{}'", '"{}"')).format(text)
    return [Part(text, name)]


def expression_parts(name: str, spec: Expr, rng: random.Random) -> list[Part]:
    text = rng.choice(spec.choices)
    if rng.random() < 0.5:
        text = text.replace("*", "") if _safe_without_star(text) else text
    text = text.replace("==", "=")
    if rng.random() < 0.15:
        text = text.replace("^2", "²").replace("^3", "³")
    if rng.random() < 0.1:
        text = text.replace("^", "**")
    if rng.random() < 0.08:
        text = f"${text.replace('**', '^')}$"
    return [Part(text, name)]


def _safe_without_star(text: str) -> bool:
    """``2*x`` may be written 2x; ``x*y`` or ``x*2`` may not."""
    return all(
        text[i - 1].isdigit() and (text[i + 1].isalpha() or text[i + 1] == "(")
        for i, ch in enumerate(text)
        if ch == "*"
    )


# ---- tables -------------------------------------------------------------------------------------------------


def list_text(texts: Sequence[str | None], rng: random.Random) -> str:
    items = [t for t in texts if t is not None]
    separator = rng.choice((", ", ", ", " ", " ", ",", "; ", "\n"))
    if separator == "," and any(len(t) > 3 and t.isdigit() for t in items):
        separator = ", "
    text = separator.join(items)
    return (
        rng.choice(("[{}]", "{}", "{}", "{}", "{}")).format(text)
        if separator != "\n"
        else "\n" + text + "\n"
    )


def labelled_lists(
    name: str, keys: Sequence[str], columns: Sequence[Column], rng: random.Random
) -> list[Part]:
    """``before: 1 2 3; after: 4 5 6``: each list a part of its own."""
    mark = rng.choice((": ", ": ", " = ", " ", ":"))
    joint = rng.choice(("; ", "\n", " | ", ". ", ", ", "\n"))
    separator = rng.choice((", ", " ", " ", ","))
    if joint in (", ", ". ") and separator.strip():
        joint = "; "
    parts: list[Part] = []
    for i, (key, column) in enumerate(zip(keys, columns, strict=True)):
        texts = [t for t in cells(column) if t is not None]
        if separator == "," and any(len(t) > 3 and t.isdigit() for t in texts):
            separator = ", "
        parts += [
            Part((joint if i else "") + column.name + mark),
            Part(separator.join(texts), f"{name}.{key}"),
        ]
    return parts


def cells(column: Column) -> tuple[str | None, ...]:
    return column.texts if isinstance(column, Sample) else column.items


def pasted(table: Table, rng: random.Random, header: bool = True) -> str:
    """A block of lines: CSV, TSV, semicolons with decimal commas, Markdown or blanks."""
    words = any(isinstance(c, Labels) or " " in c.name for c in table.columns)
    style = rng.choice(
        ("csv", "csv", "tsv", "tsv", "markdown", "semicolon")
        if words or not header
        else ("csv", "tsv", "tsv", "markdown", "semicolon", "blank")
    )
    columns = [["" if t is None else t for t in cells(c)] for c in table.columns]
    rows = [list(r) for r in zip(*columns, strict=True)]
    names = [c.name for c in table.columns]
    if style == "markdown":
        lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
        return "\n".join([*lines, *("| " + " | ".join(r) + " |" for r in rows)])
    if (
        not header
        and len(rows) < 6
        and all(x.isdigit() for r in rows for x in r)
        and rng.random() < 0.3
    ):
        return rng.choice((" | ", " | ", " / ")).join(" ".join(r) for r in rows)
    separator = {"csv": ",", "tsv": "\t", "semicolon": ";", "blank": " "}[style]
    if style == "semicolon" and rng.random() < 0.5:
        rows = [
            [x.replace(".", ",") if x.replace(".", "").lstrip("-").isdigit() else x for x in r]
            for r in rows
        ]
    body = [separator.join(r) for r in rows]
    return "\n".join([separator.join(names), *body] if header else body)
