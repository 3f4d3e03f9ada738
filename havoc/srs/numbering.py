"""Columns that only number the rows of a study: trials, replicates, runs in their order. They are no readings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from havoc.dsl.grounding.slots import Grounded, once

_NUMBERING = re.compile(
    r"(?i)^(?:trials?|repl?|reps|replicates?|repeats?|repetition|run|run ?order|std|std ?order|standard ?order|order|"
    r"obs|observation|(?:run|trial|test|obs)[ ]?(?:no|nr|number|id|#))\.?$"
)
_TAKEN = re.compile(r"<p:(?:x|y|response|factors|value)>")


@once
def numbering_columns(grounded: Grounded) -> set[str]:
    """Return the slots of the numeric columns whose names say that they number the rows."""
    return {
        s.token
        for s in grounded.of("c")
        if _NUMBERING.match(s.value.name.replace("_", " ").strip())
    }


def takes_numbering(tokens: Sequence[str], grounded: Grounded) -> set[str]:
    """Return the columns of numbers of rows that a study takes as its readings or factors.

    Only in studies of gages and in designed experiments, and where the table has other numeric columns.
    """
    numbering = numbering_columns(grounded)
    if not numbering or len(grounded.of("c")) == len(numbering):
        return set()
    found: set[str] = set()
    studied = taken = False
    for token in tokens:
        if token.startswith("<op:"):
            studied, taken = token.startswith(("<op:quality.gage", "<op:doe.")), False
        elif token.startswith("<p:"):
            taken = bool(_TAKEN.fullmatch(token))
        elif studied and taken and token in numbering:
            found.add(token)
    return found


def with_readings(call: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return a gage study's call with the table's one column of readings in place of one that numbers the trials."""
    numbering = numbering_columns(grounded)
    if not call or not call[0].startswith("<op:quality.gage") or "<p:x>" not in call:
        return call
    at = call.index("<p:x>") + 1
    if call[at] not in numbering:
        return call
    table = next(s.table for s in grounded.of("c") if s.token == call[at])
    readings = [
        s.token
        for s in grounded.of("c")
        if s.table == table and s.token not in numbering and s.token not in call
    ]
    return (*call[:at], readings[0], *call[at + 1 :]) if len(readings) == 1 else call
