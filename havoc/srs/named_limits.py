"""Numbers that a request calls by a name which means one thing: a limit of a specification is no count of lags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from havoc.dsl.design_labels import GENERATORS
from havoc.dsl.grounding.slots import Grounded, request_words
from havoc.dsl.labels import labels_of
from havoc.srs.calls import calls_of

# By what a number is called, the inputs that it may be given to.
_MAY_BE = {
    "lsl": frozenset("lsl spec limit below lower low at_least target null reference".split()),
    "usl": frozenset("usl spec limit above upper high at_most target null reference".split()),
    "aql": frozenset("aql p p_1 null".split()),
    "ltpd": frozenset("ltpd p p_2 null".split()),
    "levels": frozenset("levels level_counts groups".split()),  # the 2 of 2^3
    GENERATORS: frozenset(),
}
_BOUNDS = frozenset("at_least at_most low high".split())  # "at least 5" may be anything
_GIVEN = re.compile(r"<p:(\w+)>")


def taken_for_another(tokens: Sequence[str], grounded: Grounded) -> set[str]:
    """Return the numbers called a limit or a quality level that a program takes for something else."""
    called = {
        slot: name
        for slot, names in labels_of(grounded).items()
        for name in _MAY_BE
        if name in names and names.isdisjoint(_BOUNDS)
    }
    found: set[str] = set()
    given = ""
    for token in tokens:
        if match := _GIVEN.fullmatch(token):
            given = match[1]
        elif token.startswith(("<op:", "<p:")):
            given = ""
        elif given and token in called and given not in _MAY_BE[called[token]]:
            found.add(token)
    return found


def without_strange_center(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program without a chart's centre or stage that no word speaks of and no reading comes near."""
    strange = beyond_the_readings(tokens, grounded)
    odd = unfounded(tokens, grounded.text) if strange else set()
    drop = {
        i
        for i, (a, b) in enumerate(pairwise(tokens))
        if a.startswith("<p:") and a[3:-1] in odd and b in strange
    }
    return tuple(t for i, t in enumerate(tokens) if i not in drop and i - 1 not in drop)


def beyond_the_readings(tokens: Sequence[str], grounded: Grounded) -> set[str]:
    """Return the numbers that a chart takes for a centre or a stage, though no reading comes near them.

    A centre farther from all readings than they are from each other, a stage behind the last one.
    """
    if not any(t.startswith("<op:spc.") for t in tokens):
        return set()
    numbers = {s.token: float(s.value.exact) for s in grounded.of("n")}
    columns = {s.token: s.value.present() for s in grounded.of("c")}
    found: set[str] = set()
    for call in calls_of(tokens):
        inputs = dict(pairwise(call))
        x = inputs.get("<p:x>", "")
        if not call[0].startswith("<op:spc.") or x not in columns:
            continue
        values = [float(v) for v in columns[x].exact]
        if len(values) < 2:
            continue
        low, high = min(values), max(values)
        center, stage = inputs.get("<p:center>", ""), inputs.get("<p:stages>", "")
        if center in numbers and max(low - numbers[center], numbers[center] - high) > high - low:
            found.add(center)
        if stage in numbers and numbers[stage] >= len(values):
            found.add(stage)
    return found


# What a chart is told beyond its readings is said by one of these words, in nine of ten taught requests and more.
_SAID_BY = {
    "center": "centre center centered line mean mu μ known given target standard prescribed nominal draw drawn long"
    " average expected aim historical fixed specified history validated set p 0",
    "stages": "stage stages change changed changes before after from split since separate separately phase phases point"
    " points until new then recompute recalculate recalculated restart between at break opens period",
}


def unfounded(tokens: Sequence[str], text: str) -> set[str]:
    """Return the inputs of charts that are given, though no word of the request speaks of them."""
    if not any(t.startswith("<op:spc.") for t in tokens):
        return set()
    words = set(request_words(text))
    given = {p for p in _SAID_BY if f"<p:{p}>" in tokens}
    return {p for p in given if not words & set(_SAID_BY[p].split())}
