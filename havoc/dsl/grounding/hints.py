"""A word or two on each number and column, from which a model that reads slots can tell what they may be."""

from __future__ import annotations

import re
from collections.abc import Mapping

from havoc.dsl.grounding.slots import Grounded, Slot, request_words, words_of
from havoc.tools.values import Column, Labels, Number, Table

MAX_SCHEMA_COLUMNS = 16
_TELLING = frozenset(
    "0.05 0.01 0.1 0.10 0.02 0.9 0.95 0.99 0.8 0.80 0.90 95 99 90 80 98 5 1".split()
)


def number_hint(number: Number) -> list[str]:
    """A word or two on a number's size, from which its role can be told: 3, 0.05, 95 %, <#int> mm."""
    value = float(number.exact)
    unit = [number.unit.casefold()] if number.unit and number.unit != "%" else []
    percent = ["%"] if number.unit == "%" else []
    if value == int(value) and 0 <= value <= 12:
        return [*str(int(value)), *percent, *unit]
    if number.text in _TELLING:
        return [*number.text.removeprefix("0"), *percent, *unit]
    if value < 0:
        return ["<#neg>", *percent, *unit]
    if value < 1:
        return ["<#frac>", *percent, *unit]
    return ["<#int>" if value == int(value) else "<#dec>", *percent, *unit]


def schema_words(
    tables: list[tuple[Table, bool]],
    table_slots: Mapping[int, Slot],
    column_slots: Mapping[tuple[int, str], Slot],
) -> list[str]:
    """The tables' columns, for the end of the text: ``| <t0> <c0> <#num> fill weight <g0> <#words> line``."""
    out: list[str] = []
    for t, (table, _) in enumerate(tables):
        if t not in table_slots:
            continue
        out += ["|", table_slots[t].token]
        ordered = sorted(
            (c for c in table.columns if (t, c.name) in column_slots),
            key=lambda c: int(re.sub(r"\D", "", column_slots[(t, c.name)].token)),
        )
        for column in ordered[:MAX_SCHEMA_COLUMNS]:
            slot = column_slots[(t, column.name)]
            out += [slot.token, _column_hint(column), *_name_words(column.name)]
    return out


def _column_hint(column: Column) -> str:
    if isinstance(column, Labels):
        return "<#words>"
    present = [t for t in column.texts if t is not None]
    distinct = set(present)
    whole = all(re.fullmatch(r"-?\d+", t) for t in list(distinct)[:50])
    if whole and len(distinct) <= 10 and len(present) > len(distinct):
        return "<#cat>"
    return "<#int>" if whole else "<#num>"


def _name_words(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"[(\[].*$", "", name) or name)
    return [w for w in words_of(spaced.replace("_", " ")) if w.isalnum()][:3]


def words_without_hints(grounded: Grounded) -> list[str]:
    """Return the words of the request without the hints behind its numbers."""
    words = request_words(grounded.text)
    hints = {s.token: number_hint(s.value) for s in grounded.of("n")}
    out: list[str] = []
    at = 0
    while at < len(words):
        out.append(words[at])
        at += 1
        hint = hints.get(out[-1])
        if hint and words[at : at + len(hint)] == hint:
            at += len(hint)
    return out
