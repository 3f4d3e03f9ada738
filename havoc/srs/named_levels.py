"""All levels of a column named one by one: no condition, but the groups to tell of.

``the mean income of men and women in each department`` keeps every row, and has groups of both columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import Grounded, request_words
from havoc.srs.calls import end_of_input, without

MOST_LEVELS = 6
_CELL = re.compile(r"(<g\d+>) <eq> (<s\d+>)")


def by_named_levels(calls: Sequence[Sequence[str]], grounded: Grounded) -> list[list[str]]:
    """Return a program's calls without a filter that keeps all levels, and with a column so named among its groups."""
    out = [list(call) for call in calls]
    idle = next((k for k, call in enumerate(out) if _keeps_all(call, grounded)), None)
    if idle is not None and len(out) > 1:
        out = without(out, idle)
    for call in out:
        if call[0] == "<op:table.group>" and "<p:by>" in call:
            _add_groups(call, {t for c in out for t in c}, grounded)
    return out


def _keeps_all(call: Sequence[str], grounded: Grounded) -> bool:
    """Whether a filter asks for one level or another of a column until none is left out."""
    if call[0] != "<op:table.filter>" or "<or>" not in call:
        return False
    at = call.index("<p:where>") + 1
    parts = " ".join(call[at : end_of_input(call, at)]).split(" <or> ")
    found = [_CELL.fullmatch(part) for part in parts]
    columns = {m[1] for m in found if m}
    if not all(found) or len(columns) != 1:
        return False
    cells = {str(grounded.slot(m[2]).value) for m in found if m}
    column = grounded.slot(columns.pop()).value
    return set(column.levels) <= cells and not column.n_missing


def _add_groups(call: list[str], used: set[str], grounded: Grounded) -> None:
    """Put a column, all of whose levels the request names, behind the columns that make a call's groups."""
    words = set(request_words(grounded.text))
    said = {str(s.value) for s in grounded.of("s") if s.token in words}
    at = call.index("<p:by>") + 1
    for slot in grounded.of("g"):
        levels = slot.value.levels
        if slot.token in used or not 2 <= len(levels) <= MOST_LEVELS or not set(levels) <= said:
            continue
        source = [call[at]] if call[at].endswith(".>") else []
        column = [*source, slot.token]
        if call[at] == v.OPEN:
            inside = [call[at + 1]] if call[at + 1].endswith(".>") else []
            end = call.index(v.CLOSE, at)
            call[end:end] = [*inside, slot.token]
        else:
            end = at + len(source) + 1
            call[at:end] = [v.OPEN, *call[at:end], *column, v.CLOSE]
        return
