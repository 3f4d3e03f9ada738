"""Conditions that a request says outright and a proposed program leaves out: the rows of one cell, or beyond a number.

``mean sick days of part-time staff`` is a mean of the rows whose contract is ``Part-time``, and ``cost where the
distance is over 500`` one of the rows with ``distance > 500``: the program is put behind a filter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.numbers import WORDS
from havoc.dsl.grounding.slots import Grounded, request_words
from havoc.srs.table_evidence import (
    COLUMN,
    COMPARISONS,
    NUMBER,
    NUMERIC,
    said_comparisons,
    unused_cells,
)

MOST_CONDITIONS = 2
# Cells that are words of any request: only beside their column's own name.
_ORDINARY = frozenset(
    """yes no true false high low medium normal good bad first second third open closed none other total mean median all
    test control before after new old up down same different positive negative significant linear left right start end
    none null missing in out on off day night morning""".split()
)
_EXCEPT = frozenset("not except excluding without than but exclude ignoring isn".split())
_WHO = frozenset("who that which those whose were being".split())
_BARE = ("<p:where>", "<p:formula>")  # inputs that name the columns of the call's own table
# Words that may stand between a column and the number that bounds it: those of comparisons, and small ones.
_SMALL = (
    "is are was were be has have had a an the of value values column being > < = ≥ ≤ or equal to"
)
_BETWEEN = frozenset(_SMALL.split()) | {w for p, _ in COMPARISONS for w in p.split()} | set(WORDS)
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
    if any(call[0] in _FILTERS for call in out):
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
    if not 0 < len(conditions) <= MOST_CONDITIONS or not all(_movable(call) for call in out):
        return out
    where = [t for i, c in enumerate(conditions) for t in ([*(["<and>"] if i else []), *c])]
    first = ["<op:table.filter>", "<p:where>", *where, "<p:data>", str(table), v.END_CALL]
    return [first, *(_moved(call) for call in out)]


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
        if str(cell.value).casefold() in _ORDINARY and not _beside(column.token, cell.token, words):
            continue
        at = words.index(cell.token)
        unlike = bool(_EXCEPT & set(words[max(0, at - 2) : at]))
        yield column.token, "<ne>" if unlike else "<eq>", cell.token


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
            if word == column.token and _WHO & set(words[max(0, at - 3) : at])
        }
        if len(said) == 1:  # "who did and who did not" are two groups
            yield column.token, "<eq>", "<d0>" if said.pop() else "<d1>"


def _bounds(tokens: set[str], grounded: Grounded) -> Iterator[tuple[str, ...]]:
    """``column > number`` where the request says so: the column, a comparison in words, a number not used yet."""
    words = request_words(grounded.text)
    said = said_comparisons(grounded.text)
    given = {_text(t, grounded) for t in tokens if NUMBER.fullmatch(t)}
    for at, word in enumerate(words):
        if word not in said or word in tokens:
            continue
        before = next(
            (i for i in range(at - 1, max(-1, at - 9), -1) if COLUMN.fullmatch(words[i])), None
        )
        if before is None or not NUMERIC.fullmatch(words[before]):
            continue
        if not set(words[before + 1 : at]) <= _BETWEEN or _text(word, grounded) in given:
            continue
        yield words[before], said[word], word


def _text(number: str, grounded: Grounded) -> str:
    return str(grounded.slot(number).value.text)


def _movable(call: Sequence[str]) -> bool:
    """Whether every column of a call can be taken from a result; designs and matrices are left alone."""
    return call[0].split(":")[1].split(".")[0] in ("table", "stats", "spc", "quality")


def _moved(call: Sequence[str]) -> list[str]:
    """The call on the first result: its table, its columns; results before it count one further."""
    out: list[str] = []
    bare = call[0] == "<op:table.derive>"
    for token in call:
        if token.startswith("<p:"):
            bare = token in _BARE
        result = re.fullmatch(r"<res(\d)(\.?)>", token)
        if result:
            out.append(f"<res{int(result[1]) + 1}{result[2]}>")
        elif token.startswith("<t") and token[2:-1].isdigit():
            out.append(v.RESULTS[0])
        elif COLUMN.fullmatch(token) and not bare and not (out and out[-1].endswith(".>")):
            out += [f"{v.RESULTS[0][:-1]}.>", token]
        else:
            out.append(token)
    return out
