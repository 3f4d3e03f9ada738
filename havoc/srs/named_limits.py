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
_GIVEN = re.compile(r"<p:(\w+)>")


def taken_for_another(tokens: Sequence[str], grounded: Grounded) -> set[str]:
    """Return the numbers called a limit or a quality level that a program takes for something else."""
    called = {
        slot: name
        for slot, names in labels_of(grounded).items()
        for name in _MAY_BE
        if name in names
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
