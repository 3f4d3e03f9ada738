"""Which rows a question is about: comparisons, cells, yes and no, dates, each with the column that it is of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import COLUMN, NUMBER, NUMERIC
from havoc.srs.conditions import left_out, measured_column
from havoc.srs.questions.words import CELL, FEW, Reading
from havoc.srs.table_evidence import comparison_before, comparison_behind
from havoc.tools.values import Factor, Number

GROUP = re.compile(r"<g\d+>")
_FACTOR = re.compile(r"<[fr]\d+>")
_AFTER_OR = frozenset(
    "more less above over higher older greater longer up fewer below under lower equal later earlier younger =".split()
)
_OPPOSITE = {"<eq>": "<ne>", "<ne>": "<eq>"}
_LINKS = frozenset(
    "is are was were be been has have had of value equals equal to at being that which = : with > < ≥ ≤ or".split()
)
_COMPARING = frozenset(
    """more less greater smaller larger higher lower older younger longer shorter heavier lighter bigger fewer warmer
    colder hotter cooler faster slower cheaper later earlier than above below over under beyond exceeding exceeds exceed
    exceeded least most no not up minimum maximum exactly before after since between""".split()
)
_NOT = frozenset(
    "not except excluding without exclude ignoring ignore never non isn t than no".split()
)
_STATES = frozenset(
    """who that which those whose were was are is with have had has having being without not non for among of on
    only""".split()
)
_MONTHS = tuple(
    "january february march april may june july august september october november december".split()
)
_DATED = {"before": "<lt>", "after": "<gt>", "since": "<ge>", "from": "<ge>", "until": "<le>"}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}


@dataclass(frozen=True)
class Condition:
    """One or more alternatives for the rows, in program tokens, where they are said, and of which column."""

    column: str
    alternatives: tuple[tuple[str, ...], ...]
    at: int
    end: int = 0

    def negated(self) -> Condition:
        (only,) = self.alternatives
        place = next(i for i, t in enumerate(only) if t in _OPPOSITE)
        new = (*only[:place], _OPPOSITE[only[place]], *only[place + 1 :])
        return replace(self, alternatives=(new,))


def where_of(conditions: Sequence[Condition]) -> list[str]:
    """The conditions as one, alternatives written out: what is joined by "and" binds closer."""
    ways: list[list[tuple[str, ...]]] = [[]]
    for condition in conditions:
        ways = [[*way, *_parts(a)] for way in ways for a in condition.alternatives]
    out: list[str] = []
    for way in ways:
        out += ["<or>"] if out else []
        for i, part in enumerate(way):
            out += [*(["<and>"] if i else []), *part]
    return out


def _parts(alternative: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The comparisons of an alternative that are joined by "and"."""
    part: list[str] = []
    for token in alternative:
        if token == "<and>":
            yield tuple(part)
            part = []
        else:
            part.append(token)
    yield tuple(part)


def read_conditions(reading: Reading) -> list[Condition] | None:
    """The conditions that the words say, their places marked; None where one cannot be told for sure."""
    found: list[Condition] = []
    for reader in (
        _ranges,
        _bounds,
        _columns_compared,
        _months,
        _cells,
        _bare_cells,
        _signs,
        _years,
    ):
        more = reader(reading)
        if more is None:
            return None
        found += more
    once: dict[tuple[tuple[str, ...], ...], Condition] = {}
    for condition in sorted(found, key=lambda c: c.at):
        ways = tuple(tuple(_written(t, reading) for t in way) for way in condition.alternatives)
        once.setdefault(ways, condition)  # who asks twice means the same rows
    return _joined([*once.values()], reading)


def _written(token: str, reading: Reading) -> str:
    """A number as it is written, any other token as it is."""
    return str(reading.slot(token).value.text) if NUMBER.fullmatch(token) else token


def _joined(found: list[Condition], reading: Reading) -> list[Condition] | None:
    """Conditions joined by "or" as the alternatives of one."""
    out: list[Condition] = []
    for condition in found:
        before = out[-1] if out else None
        between = range(max(before.at, before.end), condition.at) if before else range(0)
        joins = [i for i in between if reading.words[i] == "or" and not _of_comparison(reading, i)]
        if before and joins:
            reading.mark("condition", *joins)
            ways = (*before.alternatives, *condition.alternatives)
            out[-1] = replace(before, alternatives=ways, end=max(condition.at, condition.end))
        else:
            out.append(condition)
    return out


def _of_comparison(reading: Reading, at: int) -> bool:
    """Whether an "or" is that of "5 or more" and "greater than or equal to"."""
    return bool(_AFTER_OR & set(reading.words[at + 1 : at + 2]))


def _ranges(reading: Reading) -> list[Condition]:
    """``between 5 and 10``, ``outside 6.8 to 7.4``: the range with its two ends."""
    found = []
    words = reading.words
    for at in range(len(words) - 2):
        if not (
            reading.open(at, _FACTOR)
            and reading.open(at + 1, NUMBER)
            and reading.open(at + 2, NUMBER)
        ):
            continue
        column = _before(reading, at) or _column_at(reading, at + 3)
        if column is None or not NUMERIC.fullmatch(words[column]):
            continue
        low, high, name = words[at + 1], words[at + 2], words[column]
        ways: tuple[tuple[str, ...], ...] = ((name, "<ge>", low, "<and>", name, "<le>", high),)
        if {"outside", "beyond"} & set(words[max(0, at - 3) : at]):
            ways = ((name, "<lt>", low), (name, "<gt>", high))
        found.append(Condition(name, ways, at))
        reading.mark("condition", at, at + 1, at + 2)
        _mark_column(reading, column)
    return found


def _before(reading: Reading, at: int) -> int | None:
    """The column that stands before a bound, parted by words of comparing alone."""
    for place in range(at - 1, max(-1, at - 8), -1):
        if COLUMN.fullmatch(reading.words[place]):
            return None if reading.is_flag(reading.words[place]) else place
        if reading.words[place] not in _LINKS | _COMPARING | {
            "outside",
            "within",
            "in",
            "range",
            "lie",
            "lies",
        }:
            return None
    return None


def _column_at(reading: Reading, at: int) -> int | None:
    """The column right behind a number: "5 goals", "60 years of age"."""
    for place in range(at, min(len(reading.words), at + 3)):
        if NUMERIC.fullmatch(reading.words[place]):
            return place
        if reading.words[place] not in ("years", "year", "of", "in", "yr"):
            return None
    return None


def _mark_column(reading: Reading, place: int) -> None:
    if not reading.roles[place]:
        reading.mark("condition", place)


def _bounds(reading: Reading) -> list[Condition] | None:
    """A number that bounds a column, or that a column of few whole numbers is said to be."""
    found = []
    words = reading.words
    for at, word in enumerate(words):
        if not reading.open(at, NUMBER):
            continue
        said = comparison_behind(words, at) or comparison_before(words, at)
        place = _bounded(reading, at, said)
        if said is None and place is not None and at and words[at - 1] in _DATED:
            said = _DATED[words[at - 1]]
        if said is None:
            place = _equalled(reading, at)
            said = "<eq>"
        if place is None:
            name = measured_column(words, at, reading.grounded) if said != "<eq>" else None
            if name is None:
                continue
        else:
            name = words[place]
            _mark_column(reading, place)
        if not NUMERIC.fullmatch(name):
            return None
        found.append(Condition(name, ((name, said, word),), at))
        reading.mark("condition", at)
    return found


def _bounded(reading: Reading, at: int, said: str | None) -> int | None:
    before = _before(reading, at)
    behind = at + 1
    if comparison_behind(reading.words, at):
        behind += 2
    after = _column_at(reading, behind)
    if before is not None and (after is None or reading.words[before] != reading.words[after]):
        linked = said is not None and reading.words[at - 1] not in ("=", "is")
        if after is None or not linked or reading.roles[before] == "":
            return before
    return after if said is not None else before


def _equalled(reading: Reading, at: int) -> int | None:
    """The column of few whole numbers beside a number that is one of its cells: ``priority 1``, ``2nd class``."""
    words = reading.words
    behind = (
        at + 2 if words[at + 1 : at + 2] and words[at + 1] in ("st", "nd", "rd", "th") else at + 1
    )
    places = [at - 1, at - 2] if words[at - 1 : at] in (["="], ["is"], ["of"], [":"]) else [at - 1]
    for place in (*places, behind):
        if not (0 <= place < len(words) and NUMERIC.fullmatch(words[place])):
            continue
        cells = reading.levels(words[place])
        text = str(reading.slot(words[at]).value.text)
        few = len(cells) <= FEW or place == at + 1
        if few and text in cells and all(c.lstrip("-").isdigit() for c in cells):
            return place
    return None


def _columns_compared(reading: Reading) -> list[Condition]:
    """``days on which a was higher than b``: one column against another."""
    found = []
    words = reading.words
    for at in range(1, len(words)):
        if not reading.open(at, NUMERIC):
            continue
        said = comparison_before(words, at)
        place = _before(reading, at) if said else None
        if (
            said
            and place is not None
            and reading.open(place, NUMERIC)
            and words[place] != words[at]
        ):
            found.append(Condition(words[place], ((words[place], said, words[at]),), place))
            reading.mark("condition", place, at)
    return found


def _months(reading: Reading) -> list[Condition] | None:
    """``in June``, ``(December, January, February)``: months of the only column of dates."""
    words = reading.words
    found = []
    for at, word in enumerate(words):
        months: list[str] = []
        if reading.open(at, _FACTOR):
            value = reading.slot(word).value
            levels = value.levels if isinstance(value, Factor) else ()
            months = [str(x).casefold() for x in levels]
        elif word in _MONTHS and words[max(0, at - 1) : at] == ["in"]:
            months = [word]
        if not months or not set(months) <= set(_MONTHS):
            continue
        dates = _dates_at(reading, at)
        if len(dates) != 1:
            return None
        numbers = [_whole(reading, _MONTHS.index(m) + 1) for m in months]
        ways = tuple(("<fn:month>", dates[0], v.END_CALL, "<eq>", n) for n in numbers)
        found.append(Condition(dates[0], ways, at))
        reading.mark("condition", at)
        for place in range(max(0, at - 4), at):
            if words[place] == dates[0]:
                _mark_column(reading, place)
    return found


def _dates_at(reading: Reading, at: int) -> list[str]:
    """The columns of dates that may be meant at a place: the one named right before it, else all."""
    dates = reading.dates()
    near = [w for w in reading.words[max(0, at - 4) : at] if w in dates]
    return near[-1:] or dates


def _whole(reading: Reading, number: int) -> str:
    return f"<d{number}>" if number < len(v.DIGITS) else reading.add("n", Number(str(number)))


def _years(reading: Reading) -> list[Condition]:
    """``hired in 2015 or later``: the year of the only column of dates."""
    words, found = reading.words, []
    for at, word in enumerate(words):
        if not reading.open(at, NUMBER) or at == 0:
            continue
        dates = _dates_at(reading, at)
        if len(dates) != 1:
            continue
        text = str(reading.slot(word).value.text)
        behind = words[at + 1 : at + 3]
        said = {"or later": "<ge>", "or earlier": "<le>"}.get(" ".join(behind))
        said = said or {**_DATED, "in": "<eq>"}.get(words[at - 1])
        if said is None or not re.fullmatch(r"(?:19|20)\d\d", text):
            continue
        found.append(Condition(dates[0], (("<fn:year>", dates[0], v.END_CALL, said, word),), at))
        reading.mark("condition", at)
        for place in range(max(0, at - 4), at):
            if words[place] == dates[0]:
                _mark_column(reading, place)
    return found


def _cells(reading: Reading) -> list[Condition] | None:
    """The rows of a cell, or of any of several of one column."""
    words = reading.words
    by_column: dict[str, list[int]] = {}
    for at in range(len(words)):
        if not reading.open(at, CELL):
            continue
        column = _column_of_cell(reading, at)
        if column is None:
            return None
        by_column.setdefault(column, []).append(at)
    found = []
    for column, places in by_column.items():
        unlike = {left_out(words, at) for at in places}
        if len(unlike) > 1:
            return None
        ways = tuple((column, "<eq>", w) for w in dict.fromkeys(words[at] for at in places))
        if len(ways) > 1 and len({str(reading.slot(w[2]).value) for w in ways}) >= len(
            reading.levels(column)
        ):
            return None  # all of them: no condition
        if len(ways) > 1 and "or" not in words[places[0] : places[-1]]:
            return None  # "Turin and Lyon" may be told of together or apart
        condition = Condition(column, ways, places[0], places[-1])
        between = range(places[0], places[-1])
        reading.mark("condition", *(i for i in between if words[i] == "or"))
        if unlike == {True}:
            if len(ways) > 1:
                return None
            condition = condition.negated()
        found.append(condition)
        reading.mark("condition", *places)
        for at in places:
            for place in range(max(0, at - 3), min(len(words), at + 3)):
                if words[place] == column and words[place - 1] not in ("by", "per", "each"):
                    _mark_column(reading, place)
                    reading.mark("condition", *(i for i in range(place, at) if words[i] == "="))
    return found


def _column_of_cell(reading: Reading, at: int) -> str | None:
    """The column of a cell: the one beside which it stands, or the only one that has it."""
    cell = str(reading.slot(reading.words[at]).value)
    columns = [s.token for s in reading.grounded.of("g") if cell in s.value.levels]
    near = [w for w in reading.words[max(0, at - 3) : at + 3] if w in columns]
    if len(set(near)) == 1:
        return near[0]
    return columns[0] if len(columns) == 1 else None


def _bare_cells(reading: Reading) -> list[Condition]:
    """Cells of one or two signs behind their column's name: ``energy class D or E``, ``attrition yes``."""
    words, found = reading.words, []
    for at in range(len(words)):
        if not reading.open(at, GROUP):
            continue
        known = {x.casefold(): x for x in reading.levels(words[at])}
        place = at + 1
        while place < len(words) and words[place] in ("=", "is", ":", "of"):
            place += 1
        cells: list[str] = []
        while place < len(words) and words[place] in known and words[place] not in ("a", "i"):
            cells.append(known[words[place]])
            place += 1
            if words[place : place + 1] in (["or"], [","]) and set(
                words[place + 1 : place + 2]
            ) & set(known):
                place += 1
        if cells and len(cells) < len(known):
            ways = tuple((words[at], "<eq>", reading.add("s", cell)) for cell in cells)
            found.append(Condition(words[at], ways, at, place - 1))
            reading.mark("condition", *range(at, place))
    return found


def _signs(reading: Reading) -> list[Condition]:
    """``a negative profit``, and words such as ``third class``."""
    found = []
    for at in range(1, len(reading.words)):
        word = reading.words[at - 1]
        if not reading.open(at, NUMERIC):
            continue
        name = reading.words[at]
        if word in ("negative", "positive"):
            sign = "<lt>" if word == "negative" else "<gt>"
            found.append(Condition(name, ((name, sign, "<d0>"),), at))
        elif word in _ORDINALS and str(_ORDINALS[word]) in reading.levels(name):
            if len(reading.levels(name)) > FEW:
                continue
            found.append(Condition(name, ((name, "<eq>", f"<d{_ORDINALS[word]}>"),), at))
        else:
            continue
        reading.mark("condition", at - 1, at)
    return found


def read_flags(reading: Reading) -> list[Condition]:
    """Columns of yes and no that say of which rows a question is: ``those who were insured``, ``damaged goods``."""
    found = []
    for at, word in enumerate(reading.words):
        if reading.open(at, COLUMN) and reading.is_flag(word) and not reading.states(word):
            reading.mark("thing", at)
        elif reading.open(at, COLUMN) and reading.is_flag(word):
            condition = Condition(word, ((word, "<eq>", reading.yes(word)),), at)
            before = reading.words[max(0, at - 3) : at]
            if _NOT & set(before):
                condition = condition.negated()
            found.append(condition)
            reading.mark("condition", at)
    return found
