"""Columns of which a request speaks: those that a program leaves out, and those that it takes instead."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from havoc.dsl.grounding.slots import Grounded
from havoc.srs.calls import calls_of, runs
from havoc.srs.numbering import numbering_columns
from havoc.srs.table_evidence import asks_for_whole


def said_columns(grounded: Grounded) -> set[str]:
    """Return the slots of the columns that stand in the request's own words."""
    words: set[str] = set()
    for word in grounded.text.split(" "):
        if word == "|":
            break
        words.add(word)
    return {s.token for s in grounded.of("c", "g") if s.token in words}


def unsaid_columns(tokens: Sequence[str], grounded: Grounded) -> set[str]:
    """Return the columns that a program takes from a table of which the request names others."""
    said = said_columns(grounded)
    tables = {s.table for s in grounded.of("c", "g") if s.token in said}
    if "<op:stats.stepwise>" in tokens and said <= set(tokens):
        return set()  # which chooses among all columns
    return {
        s.token
        for s in grounded.of("c", "g")
        if s.token in tokens and s.token not in said and s.table in tables
    }


def unused_columns(tokens: Sequence[str], grounded: Grounded) -> set[str]:
    """Return the columns that the request names and a program leaves out.

    None where it takes a whole table of which the request names every column, or runs no operation; the numeric ones
    are in a whole table that it analyses, where all columns are asked for.
    """
    if not runs(tokens):
        return set()
    columns = grounded.of("c", "g")
    said = said_columns(grounded)
    whole = {
        s.token
        for s in grounded.of("t")
        if s.token in tokens and {c.token for c in columns if c.table == s.token} <= said
    }
    said -= numbering_columns(grounded)
    if asks_for_whole(grounded) and _analyses_whole_table(tokens):
        said -= {s.token for s in grounded.of("c")}
    return {s.token for s in columns if s.token in said - set(tokens) and s.table not in whole}


def _analyses_whole_table(tokens: Sequence[str]) -> bool:
    """Whether the last call is of no table operation and takes a whole table as its data."""
    last = calls_of(tokens)[-1]
    return not last[0].startswith("<op:table.") and any(
        a in ("<p:x>", "<p:groups>") and b.startswith("<t") for a, b in pairwise(last)
    )
