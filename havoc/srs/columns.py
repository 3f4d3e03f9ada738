"""Columns of attached files that were taken for words of the request that do not name them."""

from __future__ import annotations

from collections import Counter

from havoc.dsl.grounding.column_names import bare_name, name_parts, names_column
from havoc.dsl.grounding.slots import Slot
from havoc.srs.state import State

_KINDS = ("c", "g")


def assumed_columns(state: State) -> list[str]:
    """Names of the columns that the chosen program uses though the request does not name them.

    The only column of its kind in a table is no choice, and a table that the request itself holds is no file.
    """
    if state.grounded is None or state.chosen is None or state.edit is not None:
        return []
    slots = state.grounded.of(*_KINDS)
    files = {s.token for s in state.grounded.of("t") if getattr(s.value, "source", "")}
    alike = Counter((s.table, s.kind) for s in slots)
    used = set(state.chosen.candidate.tokens)
    words = _words(state.request.text)
    return [
        s.value.name
        for s in slots
        if s.token in used
        and s.table in files
        and alike[s.table, s.kind] > 1
        and not _named(s, words, state.request.text)
    ]


def _named(slot: Slot, words: set[str], text: str) -> bool:
    """Every word of the column's name, its unit aside, stands in the request."""
    name = bare_name(slot.value.name)
    own = _words(name)
    if names_column(text, slot.value.name):
        return True
    return own <= words if own else name.casefold() in text.casefold()


def _words(text: str) -> set[str]:
    """Words without case and plural; ``tensileStrength_MPa`` has three."""
    return {w.casefold().removesuffix("s") for w in name_parts(text)}
