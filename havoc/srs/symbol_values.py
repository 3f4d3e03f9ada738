"""Which number of a request is the value of which symbol: ``V = 12 ± 0.1, I = 2 ± 0.05`` for ``V/I``.

An operation that takes the values of an expression's symbols in their order is given them in that order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import Grounded, Slot
from havoc.tools.expression import Relation, free_symbols

_SIGN = re.compile(r"\s?(?:=|:|is|of)?\s?$")
_PLUS_MINUS = re.compile(r"\s?[A-Za-z°%Ωµ/]{0,6}\s?(?:±|\+/[-−]|\+-|\()\s?$")
_OPERATION = "<op:maths.error_propagation>"


def with_symbol_values(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program with values and uncertainties in the order of the expression's symbols.

    Only where the request gives each symbol of it as ``V = 12 ± 0.1``; otherwise it is left as it is.
    """
    if _OPERATION not in tokens or "<p:variables>" in tokens:
        return tokens
    expression = next((s for s in grounded.of("e") if s.token in tokens), None)
    if expression is None:
        return tokens
    tree = expression.value
    body = tree.right if isinstance(tree, Relation) else tree
    found = [_given(symbol, grounded) for symbol in free_symbols(body)]
    pairs = [p for p in found if p is not None]
    if not pairs or len(pairs) < len(found):
        return tokens
    values, uncertainties = ([p[i].token for p in pairs] for i in (0, 1))
    return _with_list(_with_list(tokens, "values", values), "uncertainty", uncertainties)


def _given(symbol: str, grounded: Grounded) -> tuple[Slot, Slot] | None:
    """The numbers behind ``V = 12 ± 0.1``: the value and its uncertainty."""
    numbers = sorted(grounded.of("n"), key=lambda s: s.start)
    for value, uncertainty in zip(numbers, numbers[1:], strict=False):
        before = grounded.request[max(0, value.start - 40) : value.start]
        bare = _SIGN.sub("", before)
        named = re.search(rf"(?<!\w){re.escape(symbol)}$", bare)
        between = grounded.request[value.end : uncertainty.start]
        if named and _PLUS_MINUS.fullmatch(between):
            return value, uncertainty
    return None


def _with_list(tokens: Sequence[str], name: str, items: Sequence[str]) -> tuple[str, ...]:
    """The program with one list of numbers replaced."""
    head = f"<p:{name}>"
    if head not in tokens:
        return tuple(tokens)
    at = list(tokens).index(head) + 1
    end = list(tokens).index(v.CLOSE, at) + 1 if tokens[at] == v.OPEN else at + 1
    return (*tokens[:at], v.OPEN, *items, v.CLOSE, *tokens[end:])
