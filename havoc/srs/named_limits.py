"""Numbers that a request calls by a name which means one thing: a limit of a specification is no count of lags."""

from __future__ import annotations

import re
from collections.abc import Sequence

from havoc.dsl.grounding.slots import Grounded
from havoc.dsl.labels import labels_of

# By what a number is called, the inputs that it may be given to.
_MAY_BE = {
    "lsl": frozenset("lsl spec limit below lower low at_least target null reference".split()),
    "usl": frozenset("usl spec limit above upper high at_most target null reference".split()),
    "aql": frozenset("aql p p_1 null".split()),
    "ltpd": frozenset("ltpd p p_2 null".split()),
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


def beyond_the_readings(tokens: Sequence[str], grounded: Grounded) -> set[str]:
    """Return the numbers that a chart takes for a centre or a stage, though no reading comes near them.

    A centre farther from all readings than they are from each other, a stage behind the last one.
    """
    if not any(t.startswith("<op:spc.") for t in tokens):
        return set()
    numbers = {s.token: float(s.value.exact) for s in grounded.of("n")}
    columns = {s.token: s.value.present() for s in grounded.of("c")}
    found: set[str] = set()
    given, readings = "", None
    for token in tokens:
        if token.startswith("<op:"):
            given, readings = "" if token.startswith("<op:spc.") else "none", None
        elif match := _GIVEN.fullmatch(token):
            given = match[1] if given != "none" else given
        elif given == "x" and token in columns:
            readings = columns[token]
        elif readings is not None and len(readings) > 1 and token in numbers:
            values = [float(v) for v in readings.exact]
            low, high = min(values), max(values)
            far = max(low - numbers[token], numbers[token] - high)
            if (given == "center" and far > high - low) or (
                given == "stages" and numbers[token] >= len(values)
            ):
                found.add(token)
    return found
