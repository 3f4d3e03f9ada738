"""Which number of a request is the value of which symbol: ``V = 12 ± 0.1, I = 2 ± 0.05`` for ``V/I``.

An operation that takes the values of an expression's symbols in their order is given them in that order; a number that
the request calls one input is not an optional other one as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import Grounded, Slot
from havoc.dsl.labels import labels_of
from havoc.tools.expression import Relation, free_symbols
from havoc.tools.operation import operations

_SIGN = re.compile(r"\s?(?:=|:|is|of)?\s?$")
_PLUS_MINUS = re.compile(r"\s?[A-Za-z°%Ωµ/]{0,6}\s?(?:±|\+/[-−]|\+-|\()\s?$")
_OPERATION = "<op:maths.error_propagation>"


def with_symbol_values(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program with values and uncertainties in the order of the expression's symbols, without doubles.

    Only where the request gives each symbol of it as ``V = 12 ± 0.1``; otherwise they are left as they are.
    """
    return without_doubles(with_order(_with_values(tokens, grounded), grounded), grounded)


_NTH = re.compile(
    r"\b(second|third|fourth)(?: order)? (?:partial )?derivative\b|\bderivative of (second|third) order\b"
)
_DIFF = "<op:maths.diff>"


def with_order(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program with the order of a derivative that the request says in words, where it left it out."""
    said = {a or b for a, b in _NTH.findall(grounded.text)}
    if len(said) != 1 or tokens.count(_DIFF) != 1 or "<p:order>" in tokens:
        return tokens
    order = {"second": "<d2>", "third": "<d3>", "fourth": "<d4>"}[said.pop()]
    end = tokens.index(v.END_CALL, tokens.index(_DIFF))
    return (*tokens[:end], "<p:order>", order, *tokens[end:])


def _with_values(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
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
    """The numbers behind ``V = 12 ± 0.1``: the value and its uncertainty; a symbol may be typed in the other case."""
    for flags in (re.NOFLAG, re.IGNORECASE):
        found = _given_as(re.compile(rf"(?<!\w){re.escape(symbol)}$", flags), grounded)
        if found is not None:
            return found
    return None


def _given_as(name: re.Pattern[str], grounded: Grounded) -> tuple[Slot, Slot] | None:
    numbers = sorted(grounded.of("n"), key=lambda s: s.start)
    for value, uncertainty in pairwise(numbers):
        before = grounded.request[max(0, value.start - 40) : value.start]
        bare = _SIGN.sub("", before)
        between = grounded.request[value.end : uncertainty.start]
        if name.search(bare) and _PLUS_MINUS.fullmatch(between):
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


def without_doubles(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program without optional inputs that repeat a number which is called another input of the call.

    ``y(0) = 10`` is an initial value; the place at which the solution is wanted is not 10 too.
    """
    labels = labels_of(grounded)
    known = operations()
    call, out, at = "", list[str](), 0
    while at < len(tokens):
        token = tokens[at]
        call = token[4:-1] if token.startswith("<op:") else call
        name = token[3:-1] if token.startswith("<p:") and "=" not in token else ""
        slot = tokens[at + 1] if at + 1 < len(tokens) else ""
        said = labels.get(slot, frozenset())
        p = known[call].by_name.get(name) if call in known else None
        twice = tokens.count(slot) > 1 and name not in said and bool(p and not p.required)
        if twice and said & set(known[call].by_name):
            at += 2
            continue
        out.append(token)
        at += 1
    return tuple(out)
