"""Conditions that a request says outright and a proposed program leaves out: the rows of one cell, or beyond a number.

``mean sick days of part-time staff`` is a mean of the rows whose contract is ``Part-time``, and ``cost where the
distance is over 500`` one of the rows with ``distance > 500``: the program is put behind a filter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.column_names import header_unit, name_parts
from havoc.dsl.grounding.numbers import WORDS
from havoc.dsl.grounding.slots import COLUMN, NUMBER, NUMERIC, Grounded, request_words, words_of
from havoc.srs.calls import calls_of, end_of_input, joined, movable, moved, without
from havoc.srs.table_evidence import (
    COMPARISONS,
    said_comparisons,
    unused_cells,
)

MOST_CONDITIONS = 2
# Cells that are words of any request: only beside their column's own name.
ORDINARY_CELLS = frozenset(
    """yes no true false high low medium normal good bad first second third open closed none other total mean median all
    test control before after new old up down same different positive negative significant linear left right start end
    none null missing in out on off day night morning""".split()
)
_EXCEPT = frozenset("not except excluding without than but exclude ignoring isn".split())
_DROPS = frozenset(
    "exclude excluding ignore ignoring discard discarding omit omitting drop dropping remove removing".split()
)
_DROPPED = frozenset("excluded omitted ignored discarded removed dropped".split())
_STOPS = frozenset(". ; ? !".split())
_CELL = re.compile(r"<s\d+>")
_WHO = frozenset("who that which those whose were being with having without".split())
# What is compared where only the way of comparing is said, by words of a header: "older than 60".
_MEASURES: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset("older younger aged".split()), frozenset(("age",))),
    (frozenset("heavier lighter".split()), frozenset("weight mass".split())),
    (frozenset("colder warmer hotter cooler".split()), frozenset("temp temperature".split())),
    (frozenset("faster slower".split()), frozenset("speed velocity".split())),
    (frozenset(("cheaper",)), frozenset("price cost".split())),
    (frozenset(("taller",)), frozenset(("height",))),
    (frozenset("degrees degree".split()), frozenset("temp temperature".split())),
    (frozenset("euro euros eur €".split()), frozenset(("eur",))),
    (frozenset("dollar dollars usd $".split()), frozenset(("usd",))),
)
# What a unit measures, by words of a header that does not give it.
_BY_UNIT: Mapping[str | None, frozenset[str]] = {
    **dict.fromkeys(("km", "mi", "m"), frozenset("distance length".split())),
    **dict.fromkeys(("kg", "g", "t"), frozenset("weight mass".split())),
    **dict.fromkeys(("degC", "degF"), frozenset("temp temperature".split())),
    **dict.fromkeys(("s", "min", "hour"), frozenset("time duration".split())),
}
_OVER = frozenset("over above under below aged".split())
_SEXES = frozenset("f m female male women men woman man".split())
_OF_AGE = ("years", "year", "yrs", "old", "of", "in", "the")
# Words that may stand between a column and the number that bounds it: those of comparisons, and small ones.
_SMALL = (
    "is are was were be has have had a an the of value values column being > < = ≥ ≤ or equal to"
)
_BETWEEN = frozenset(_SMALL.split()) | {w for p, _ in COMPARISONS for w in p.split()} | set(WORDS)
_FEW = 10  # whole numbers of a column that stands for kinds
_KEEPING = ("<op:table.filter>", "<op:table.count>")
_FILTERS = (
    "<op:table.filter>",
    "<op:table.count>",
    "<op:table.join>",
    "<op:table.remove_outliers>",
)


def filtered(calls: Sequence[Sequence[str]], grounded: Grounded) -> list[list[str]]:
    """Return a program's calls behind a filter for the conditions that they leave out; as they are where none is."""
    out = [list(call) for call in calls]
    if not 0 < len(out) <= len(v.RESULTS) or not all(call[0].startswith("<op:") for call in out):
        return out
    tokens = {t for call in out for t in call}
    slots = {s.token: s for s in grounded.slots}
    tables = {slots[t].table for t in tokens if COLUMN.fullmatch(t)} | {
        t for t in tokens if t.startswith("<t")
    }
    if len(tables) != 1:
        return out
    (table,) = tables
    conditions = [
        c
        for c in (*_cells(tokens, grounded), *_flags(tokens, grounded), *_bounds(tokens, grounded))
        if slots[c[0]].table == table
    ]
    if not 0 < len(conditions) <= MOST_CONDITIONS:
        return out
    if any(call[0] in _FILTERS for call in out):
        return _narrowed(out, conditions)
    if not all(movable(call) for call in out):
        return out
    where = [t for i, c in enumerate(conditions) for t in ([*(["<and>"] if i else []), *c])]
    first = ["<op:table.filter>", "<p:where>", *where, "<p:data>", str(table), v.END_CALL]
    return [first, *(moved(call) for call in out)]


_TWO_GROUPS = tuple(
    f"<op:stats.{name}>"
    for name in ("t_test_two", "mann_whitney", "variance_two", "permutation_test", "equivalence")
)


def with_both_groups(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program with both of the groups that it compares, where it keeps the rows of one of them.

    ``between the day and the night shift``: rows of the day shift alone are no two groups of the shift.
    """
    calls = calls_of(tokens)
    if len(calls) != 2 or calls[0][0] != "<op:table.filter>" or calls[1][0] not in _TWO_GROUPS:
        return tokens
    (kept, test), words = calls, request_words(grounded.text)
    if "<p:where>" not in kept or "<p:by>" not in test:
        return tokens
    begin = kept.index("<p:where>") + 1
    column, sign, cell = kept[begin : begin + 3]
    alone = kept[begin + 3].startswith("<p:") or kept[begin + 3] == v.END_CALL
    if not alone or sign != "<eq>" or not column.startswith("<g") or column not in test:
        return tokens
    levels = grounded.slot(column).value.levels
    others = [
        s.token
        for s in grounded.of("s")
        if s.token != cell and s.token in words and str(s.value) in levels
    ]
    if len(others) != 1:
        return tokens
    if len(levels) == 2:
        return joined(without(calls, 0))
    both = (column, "<eq>", cell, "<or>", column, "<eq>", others[0])
    return joined([(*kept[:begin], *both, *kept[begin + 3 :]), test])


_ALIKE = re.compile(
    r"\b(?:equals?|same|match(?:es|ing)?|identical|agree[sd]?|differs?|different|coincide|unequal)\b|="
)


def without_strange_equality(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program without filters for rows in which two columns are equal, of which no word speaks."""
    if _ALIKE.search(" ".join(request_words(grounded.text))):
        return tokens
    calls: Sequence[Sequence[str]] = calls_of(tokens)
    while len(calls) > 1:
        strange = next((k for k, call in enumerate(calls) if _equates_columns(call)), None)
        if strange is None:
            break
        calls = without(calls, strange)
    return joined(calls)


def _equates_columns(call: Sequence[str]) -> bool:
    """Whether a call keeps the rows in which two columns of numbers are equal, or are not."""
    if call[0] != "<op:table.filter>" or not {"<p:data>", "<p:where>"} <= set(call):
        return False
    where = list(call)[list(call).index("<p:where>") + 1 :]
    return (
        len(where) > 3
        and bool(NUMERIC.fullmatch(where[0]) and NUMERIC.fullmatch(where[2]))
        and where[1] in ("<eq>", "<ne>")
        and where[3] in ("<p:data>", v.END_CALL)
    )


def with_equalled(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program with its conditions ``column == number`` on the column beside which that number stands.

    ``the 1st class``: of a column of few whole numbers, whatever column was proposed.
    """
    words = request_words(grounded.text)
    out = list(tokens)
    for at in range(1, len(out) - 1):
        compared = out[at] == "<eq>" and NUMBER.fullmatch(out[at + 1]) and out[at + 1] in words
        if compared and NUMERIC.fullmatch(out[at - 1]):
            column = _equalled(words, words.index(out[at + 1]), grounded)
            out[at - 1] = column or out[at - 1]
    return tuple(out)


def _narrowed(calls: list[list[str]], conditions: Sequence[tuple[str, ...]]) -> list[list[str]]:
    """The calls with the conditions added to the one that they keep rows by; not to alternatives."""
    places = [i for i, call in enumerate(calls) if call[0] in _FILTERS]
    call = calls[places[0]]
    if len(places) > 1 or call[0] not in _KEEPING or "<or>" in call:
        return calls
    if "<p:where>" not in call:
        where = [t for i, c in enumerate(conditions) for t in ([*(["<and>"] if i else []), *c])]
        new = [*call[:-1], "<p:where>", *where, v.END_CALL]
        return [new if c is call else c for c in calls]
    at = call.index("<p:where>") + 1
    end = end_of_input(call, at)
    more = [t for c in conditions for t in ("<and>", *c)]
    return [[*c[:end], *more, *c[end:]] if i == places[0] else c for i, c in enumerate(calls)]


def _cells(tokens: set[str], grounded: Grounded) -> Iterator[tuple[str, ...]]:
    """``column == cell`` for the one cell of a column that is named, while the column is not asked about."""
    words = request_words(grounded.text)
    unused = unused_cells(tuple(tokens), grounded)
    for column in grounded.of("g"):
        named = [
            s for s in grounded.of("s") if s.token in unused and str(s.value) in column.value.levels
        ]
        if len(named) != 1 or (
            column.token in words and not _beside(column.token, named[0].token, words)
        ):
            continue
        (cell,) = named
        if str(cell.value).casefold() in ORDINARY_CELLS and not _beside(
            column.token, cell.token, words
        ):
            continue
        unlike = left_out(words, words.index(cell.token))
        yield column.token, "<ne>" if unlike else "<eq>", cell.token


def left_out(words: Sequence[str], at: int) -> bool:
    """Return whether the rows of a cell are left out; to "leave out all that are not" keeps them."""
    return _dropped(words, at) != _denied(words, at)


def _dropped(words: Sequence[str], at: int) -> bool:
    """Whether rows are dropped: ``exclude`` in the sentence before a cell, or "excluded" behind it."""
    begin = max((i + 1 for i in range(at) if words[i] in _STOPS), default=0)
    return bool(_DROPS & set(words[max(begin, at - 9) : at])) or _dropped_behind(words, at)


def _dropped_behind(words: Sequence[str], at: int) -> bool:
    behind = list(words[at + 1 : at + 3])
    return bool(_DROPPED & set(behind)) or behind == ["left", "out"]


def _denied(words: Sequence[str], at: int) -> bool:
    return bool((_EXCEPT - _DROPS) & set(words[max(0, at - 3) : at]))


def with_said_signs(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program with the rows of a cell kept or left out where the request says so twice, or behind it.

    "Exclude all that are not pass" keeps them, "machine 3 excluded" leaves them out.
    """
    words = request_words(grounded.text)
    out = list(tokens)
    for at in range(1, len(out) - 1):
        cell = out[at + 1]
        if out[at] not in ("<eq>", "<ne>") or not _CELL.fullmatch(cell) or words.count(cell) != 1:
            continue
        place = words.index(cell)
        if _dropped(words, place) and _denied(words, place):
            out[at] = "<eq>"
        elif _dropped_behind(words, place):
            out[at] = "<ne>"
    return tuple(out)


def _beside(column: str, cell: str, words: Sequence[str]) -> bool:
    """Whether a cell stands within three words of its column's name."""
    places = [i for i, w in enumerate(words) if w == column]
    return any(w == cell and abs(i - p) <= 3 for i, w in enumerate(words) for p in places)


def _flags(tokens: set[str], grounded: Grounded) -> Iterator[tuple[str, ...]]:
    """``column == 1`` for a column of 0 and 1 that says of which rows a program is: ``those who survived``."""
    words = request_words(grounded.text)
    for column in grounded.of("c"):
        if column.token in tokens or column.token not in words:
            continue
        if set(column.value.present().texts) != {"0", "1"}:
            continue
        said = {
            bool(_EXCEPT & set(words[max(0, at - 3) : at]))
            for at, word in enumerate(words)
            if word == column.token
            and (_WHO & set(words[max(0, at - 3) : at]) or _cell_before(words, at))
        }
        if len(said) == 1:  # "who did and who did not" are two groups
            yield column.token, "<eq>", "<d0>" if said.pop() else "<d1>"


def _cell_before(words: Sequence[str], at: int) -> bool:
    """Whether a column stands right behind a cell of another: "for female smokers"."""
    named = at > 0 and re.fullmatch(r"<s\d+>", words[at - 1]) is not None
    return named and words[at + 1 : at + 2] not in (["and"], ["by"], ["per"], ["vs"])


def _bounds(tokens: set[str], grounded: Grounded) -> Iterator[tuple[str, ...]]:
    """``column > number`` where the request says so: the column, a comparison in words, a number not used yet.

    The column stands before the comparison, behind the number ("at least 5 goals"), or is the only age where someone is
    older. A column of few whole numbers is also said to be one of them: "2 garage spaces", "priority 5".
    """
    words = request_words(grounded.text)
    said = said_comparisons(grounded.text)
    given = {_text(t, grounded) for t in tokens if NUMBER.fullmatch(t)}
    for at, word in enumerate(words):
        if not NUMBER.fullmatch(word) or word in tokens or _text(word, grounded) in given:
            continue
        column = _bounded(words, at, grounded) if word in said else _equalled(words, at, grounded)
        if column is not None:
            yield column, said.get(word, "<eq>"), word


def _bounded(words: Sequence[str], at: int, grounded: Grounded) -> str | None:
    """The column that a compared number bounds."""
    behind, linked = _behind(words, at)
    before = next(
        (i for i in range(at - 1, max(-1, at - 9), -1) if COLUMN.fullmatch(words[i])), None
    )
    if before is not None and not set(words[before + 1 : at]) <= _BETWEEN:
        before = None
    if behind is not None and (before is None or linked):
        return behind
    if before is not None:
        return words[before] if NUMERIC.fullmatch(words[before]) else None
    return measured_column(words, at, grounded)


def measured_column(words: Sequence[str], at: int, grounded: Grounded) -> str | None:
    """Return the only column that a comparison without a column can be of: ``heavier than 100 kg``, ``over 10 mm``."""
    near = set(words[max(0, at - 4) : at]) | set(words[at + 1 : at + 4])
    parts = next((names for said, names in _MEASURES if near & said), frozenset())
    before = words[at - 2] if at > 1 else ""
    unit = grounded.slot(words[at]).value.unit
    over = not parts and unit is None and near & _OVER and before.startswith("<s")
    if over and str(grounded.slot(before).value).casefold() in _SEXES:  # "women over 50"
        parts = frozenset(("age",))
    named = [
        s.token
        for s in grounded.of("c")
        if (parts & set(words_of(s.value.name.replace("_", " ").replace("€", " eur ").replace("$", " usd ")))
            if parts
            else unit not in (None, "%") and header_unit(s.value.name) == unit)
    ]  # fmt: skip
    if not named and unit in _BY_UNIT:
        named = [
            s.token
            for s in grounded.of("c")
            if _BY_UNIT[unit] & {p.casefold() for p in name_parts(s.value.name)}
        ]
    return named[0] if len(named) == 1 else None


def _behind(words: Sequence[str], at: int) -> tuple[str | None, bool]:
    """The column right behind a number and its hint, and whether "of" joins them: ``60 years of age``."""
    place = at + 1
    while place < len(words) and (words[place].startswith("<#") or words[place].isdigit()):
        place += 1
    start = place
    while place < min(len(words), start + 3) and words[place] in _OF_AGE:
        place += 1
    if place < len(words) and NUMERIC.fullmatch(words[place]):
        return words[place], "of" in words[start:place]
    return None, False


def _equalled(words: Sequence[str], at: int, grounded: Grounded) -> str | None:
    """The column of few whole numbers beside a number that is one of them."""
    before = [
        w for w in words[max(0, at - 3) : at] if w not in ("of", "is", "=", "equal", "to", "was")
    ]
    near = before[-1:] if before and NUMERIC.fullmatch(before[-1]) else []
    behind, linked = _behind(words, at)
    if not near and behind is not None and not linked:
        near = [behind]
    if len(near) != 1:
        return None
    cells = set(grounded.slot(near[0]).value.present().texts)
    few = len(cells) <= _FEW and all(c.lstrip("-").isdigit() for c in cells if c is not None)
    return near[0] if few and _text(words[at], grounded) in cells else None


def _text(number: str, grounded: Grounded) -> str:
    return str(grounded.slot(number).value.text)
