"""Names of new columns that a request does not name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from havoc.dsl import vocabulary as v

_UNNAMED = {"+": "sum", "-": "difference", "*": "product", "/": "ratio"}


def unnamed_column(expression: str, tokens: Sequence[str]) -> str:
    """A name for a new column that the request does not name: after its one operation, or its function.

    >>> unnamed_column("Balance / Limit", ["<c0>", "</>", "<c1>"])
    'ratio'
    >>> unnamed_column("log10(gdp)", [])
    'log10'
    """
    kinds = {_UNNAMED.get(v.ARITHMETIC[t], "") for t in tokens if t in v.ARITHMETIC}
    function = re.fullmatch(r"([a-z_0-9]+)\([^()]*\)", expression)
    if not kinds and function:
        return function[1]
    return kinds.pop() or "new" if len(kinds) == 1 else "new"
