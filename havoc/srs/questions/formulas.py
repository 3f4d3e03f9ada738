"""The formula of a new column, with or without a name: ``rent divided by area``, ``margin (profit / revenue)``."""

from __future__ import annotations

import re

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import NUMBER, NUMERIC
from havoc.srs.questions.words import Reading
from havoc.srs.said_formulas import formula_at, new_names, scaled
from havoc.tools.expression import Binary, Expression, Name, Num, free_symbols
from havoc.tools.values import Number

# Words that ask for a new column, or signs that write one down.
NEW = re.compile(
    r"\b(?:create|add|compute|calculate|derive|define|make|new|ratio of|divided by|convert|log|logarithm|square root)\b"
    r"|[=(:] (?:\( )?<c\d+> (?:[-+*/×÷−]|minus|plus|times|divided by)"
)
_NAME = re.compile(r"[a-z]{2,}|<[csn]\d+>")
_EXPRESSION = re.compile(r"<e\d+>")
_SIGNS = {"+": "<+>", "-": "<->", "*": "<*>", "/": "</>"}
_NO_NAME = frozenset(
    """create add compute calculate derive define make new called named as by with that is for and then of first
    what daily let where which be equal equals name to""".split()
)


def read_formula(reading: Reading) -> tuple[str, tuple[str, ...]] | None:
    """The name and the tokens of the one new column that the words describe, with all words of it marked."""
    words = reading.words
    at = 0
    for reader in (_transformed, _time_between, _converted, _of_symbol):
        read = reader(reading)
        if read is not None:
            return read
    if not NEW.search(" ".join(words)):
        return None
    while at < len(words):
        found = formula_at(words, at)
        if found is not None and sum(bool(NUMERIC.fullmatch(t)) for t in found[0]) >= 1:
            tokens, end = scaled(words, *found)
            if len(tokens) > 2:
                name = _named(reading, at, end, tokens)
                _mark_repeated(reading, tokens)
                return (name, tokens) if name else None
        at += 1
    return None


def _transformed(reading: Reading) -> tuple[str, tuple[str, ...]] | None:
    """``before and after a log transformation``: of the one numeric column that is named."""
    words = reading.words
    columns = {w for w in words if NUMERIC.fullmatch(w)}
    if len(columns) != 1:
        return None
    for at in range(len(words) - 1):
        end = at + 2 if words[at + 1] in ("transformation", "transform", "transforming") else 0
        if words[at] not in ("log", "logarithmic") or not end:
            continue
        if (
            words[end : end + 1]
            and words[end] in ("of", "to", "on", "for")
            and words[end + 1] in columns
        ):
            return None
        (column,) = columns
        reading.mark("formula", at, at + 1)
        tokens = ("<fn:log>", column, v.END_CALL)
        _mark_repeated(reading, tokens)
        _mark_logs(reading)
        return reading.add("s", _of_function(reading, tokens)), tokens
    return None


_STEPS = {("subtract",): "<->", ("subtracting",): "<->", ("add",): "<+>", ("adding",): "<+>",
          ("divide", "by"): "</>", ("dividing", "by"): "</>", ("divided", "by"): "</>",
          ("multiply", "by"): "<*>", ("multiplying", "by"): "<*>", ("multiplied", "by"): "<*>"}  # fmt: skip
_SPAN = {"hours": ("24", "3600"), "minutes": ("1440", "60"), "days": ("1", "86400")}


def _converted(reading: Reading) -> tuple[str, tuple[str, ...]] | None:
    """``convert temperature to degC (subtract 273.15)``: what is done to the one column that is converted."""
    words = reading.words
    at = next((i for i, w in enumerate(words) if w in ("convert", "converting", "converted")), None)
    if at is None or not (at + 1 < len(words) and reading.open(at + 1, NUMERIC)):
        return None
    for place in range(at + 2, min(len(words), at + 12)):
        for step, sign in _STEPS.items():
            end = place + len(step)
            if tuple(words[place:end]) == step and reading.open(end, NUMBER):
                tokens = (words[at + 1], sign, words[end])
                reading.mark("formula", *range(at, end + 1))
                return reading.add("s", _converted_name(reading, words[at + 1])), tokens
    return None


def _converted_name(reading: Reading, column: str) -> str:
    return re.split(r"[^A-Za-z0-9]", str(reading.slot(column).value.name))[0] + "_converted"


def _of_symbol(reading: Reading) -> tuple[str, tuple[str, ...]] | None:
    """``convert temp to celsius: (F - 32) * 5/9``: a formula whose only symbol stands for the column."""
    words = reading.words
    places = [i for i, w in enumerate(words) if reading.open(i, _EXPRESSION)]
    columns = {w for w in words if NUMERIC.fullmatch(w)}
    if len(places) != 1 or len(columns) != 1 or "convert" not in words:
        return None
    tree = reading.slot(words[places[0]]).value
    symbols = free_symbols(tree)
    (column,) = columns
    tokens = _written(reading, tree, column) if len(symbols) == 1 else None
    if tokens is None:
        return None
    reading.mark("formula", *range(words.index("convert"), places[0] + 1))
    return reading.add("s", _converted_name(reading, column)), tuple(tokens)


def _written(reading: Reading, tree: Expression, column: str) -> list[str] | None:
    """An expression of sums and products in tokens, its symbol being the column."""
    match tree:
        case Num(number):
            return [reading.add("n", number)]
        case Name():
            return [column]
        case Binary(op, left, right) if op in _SIGNS:
            sides = [_written(reading, side, column) for side in (left, right)]
            if None in sides:
                return None
            out: list[str] = []
            for side in sides:
                assert side is not None
                out += [_SIGNS[op]] if out else []
                out += side if len(side) == 1 else [v.OPEN, *side, v.CLOSE]
            return out
    return None


def _time_between(reading: Reading) -> tuple[str, tuple[str, ...]] | None:
    """``hours from departure to arrival``, ``days (closed - opened)``: the difference of two columns of times."""
    words, dates = reading.words, reading.dates()
    unit = next((w for w in words if w in _SPAN), None)
    for at in range(len(words) - 2):
        pair = (words[at], words[at + 2])
        if unit is None or not set(pair) <= set(dates) or pair[0] == pair[1]:
            continue
        if words[at + 1] in ("-", "−", "minus"):
            later, earlier = pair
        elif words[at + 1] in ("and", "to") and words[at - 1] in ("between", "from"):
            earlier, later = pair
        else:
            continue
        reading.mark("formula", at, at + 1, at + 2, words.index(unit))
        return reading.add("s", f"{unit}_between"), _elapsed(reading, later, earlier, _SPAN[unit])
    return None


def _elapsed(reading: Reading, later: str, earlier: str, span: tuple[str, str]) -> tuple[str, ...]:
    """The days between two dates in a unit, with the times of day where the cells have them."""

    def difference(part: str) -> list[str]:
        ends = ([f"<fn:{part}>", c, v.END_CALL] for c in (later, earlier))
        one, other = ends
        return [v.OPEN, *one, "<->", *other, v.CLOSE]

    a_day, seconds = (reading.add("n", Number(text)) for text in span)
    timed = all(":" in (c or "") for t in (later, earlier) for c in reading.levels(t))
    days = [*difference("day_number"), "<*>", a_day]
    return tuple([*days, "<+>", *difference("seconds"), "</>", seconds] if timed else days)


def _mark_logs(reading: Reading) -> None:
    """Further words of a logarithm that has been read."""
    said = frozenset("log ln logarithm natural transformation transform transformed".split())
    reading.mark("formula", *(i for i, w in enumerate(reading.words) if w in said))


def _of_function(reading: Reading, tokens: tuple[str, ...]) -> str:
    """A name for a function of a column: ``log_Rent``."""
    name = str(reading.slot(tokens[1]).value.name)
    return f"{tokens[0][4:-1]}_{re.split(r'[^A-Za-z0-9]', name)[0]}"


def _mark_repeated(reading: Reading, tokens: tuple[str, ...]) -> None:
    """The same formula wherever it is said again."""
    words = reading.words
    for at in range(len(words)):
        found = formula_at(words, at) if not reading.roles[at] else None
        if found is not None and scaled(words, *found)[0] == tokens:
            reading.mark("formula", *range(at, scaled(words, *found)[1]))


def _named(reading: Reading, start: int, end: int, tokens: tuple[str, ...]) -> str:
    """The slot of the new column's name: the words right before its formula, or those of its own columns."""
    words = reading.words
    given = new_names(reading.grounded) & set(words)
    if given:
        reading.mark("formula", *range(start, end))
        reading.mark("formula", *(i for i, w in enumerate(words) if w in given))
        return given.pop() if len(given) == 1 else ""
    if tokens[0].startswith("<fn:log"):
        _mark_logs(reading)
    if tokens[0].startswith("<fn:"):
        reading.mark("formula", *range(start, end))
        return reading.add("s", _of_function(reading, tokens))
    at = start - 1
    while at >= 0 and words[at] in ("=", "(", ":", "as", "is", "by", "ratio", "of"):
        at -= 1
    name: list[str] = []
    places: list[int] = []
    while at >= 0 and len(name) < 4 and _NAME.fullmatch(words[at]) and words[at] not in _NO_NAME:
        word = words[at]
        spoken = reading.slot(word).value if word.startswith("<") else word
        spoken = spoken.text if isinstance(spoken, Number) else spoken
        spoken = spoken if isinstance(spoken, str) else re.split(r"[\s_(]", spoken.name)[0]
        name.insert(0, re.sub(r"\W+", "", spoken))
        places.insert(0, at)
        at -= 1
    reading.mark("formula", *range(min([start, *places]), end))
    text = "_".join(n for n in name if n) or "new_value"
    taken = {c.name.casefold() for c in reading.table.value.columns}
    token = reading.add("s", text if text.casefold() not in taken else f"{text}_new")
    _mark_mentions(reading, places)
    return token


def _mark_mentions(reading: Reading, places: list[int]) -> None:
    """The new column's own words elsewhere: "the goal contributions" are not the goals."""
    words = reading.words
    phrase = [words[p] for p in places]
    for n in range(len(phrase), 1, -1):
        for at in range(len(words) - n + 1):
            if words[at : at + n] == phrase[-n:]:
                reading.mark("formula", *range(at, at + n))
    if len(phrase) > 1 and any(p.startswith("<s") for p in phrase):
        for at, word in enumerate(words):
            if word in phrase and word.startswith("<s"):
                reading.mark("formula", at)
