"""Durations of attached files, which a request takes for numbers: ``00:04:30`` is 270 seconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from havoc.dsl.grounding.slots import Grounded, request_words
from havoc.srs.calls import calls_of, joined, without
from havoc.tools.durations import Seconds, in_seconds, is_clock
from havoc.tools.values import Column, Labels, Table

_SAID = re.compile(r"\b(?:seconds?|durations?|hh:mm:ss|h:mm:ss|elapsed)\b", re.IGNORECASE)


def with_durations(tables: Mapping[str, Table], text: str) -> dict[str, Table]:
    """Return the tables with their columns of durations in seconds.

    Times of day, which never go back from one row to the next, stay what they are unless the request speaks of seconds.
    """
    said = _SAID.search(text) is not None
    return {
        name: replace(table, columns=tuple(_read(c, said) for c in table.columns))
        for name, table in tables.items()
    }


def _read(column: Column, said: bool) -> Column:
    if not isinstance(column, Labels):
        return column
    found = in_seconds(column)
    return column if found is None or (is_clock(column) and not said) else found


_UNITS = frozenset("s sec seconds second min minutes h hours".split())


def without_conversion(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program without the new column that "convert it to seconds" was taken for.

    The durations are read in seconds already: what is done with the new column is done with them.
    """
    said = set(request_words(grounded.text))
    durations = [s.token for s in grounded.of("c") if isinstance(s.value, Seconds)]
    durations = [t for t in durations if t in said]
    if len(durations) != 1 or "<op:table.derive>" not in tokens:
        return tokens
    calls = calls_of(tokens)
    units = {s.token for s in grounded.of("s") if str(s.value).casefold() in _UNITS}
    for k, call in enumerate(calls):
        if call[0] == "<op:table.derive>" and call[1] in units and len(calls) > 1:
            named = [[durations[0] if t == call[1] else t for t in c] for c in calls]
            return joined(without(named, k))
    return tokens
