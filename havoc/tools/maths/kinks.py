"""Where an expression of one variable has a kink or a jump, and antiderivatives across them.

Quadrature converges fast only between such places, and an antiderivative in pieces has to be joined
there before it can be written as one expression.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import mpmath
import sympy

from havoc.tools.expression import Binary, Call, Expression, Neg, names
from havoc.tools.maths.numeric import Undefined, evaluate

GRID = 400  # pieces in which changes are looked for
MOST = 40  # places; beyond them quadrature goes on as it can
REACH = 50  # how far out they are looked for where a limit is infinite


def kinks(tree: Expression, variable: str, low: Any, high: Any, **point: Any) -> list[Any]:
    """Places inside (low, high) where abs, sign, floor, max and the like change their branch."""
    watched = [n for n in _nodes(tree) if variable in names(n)]
    start = max(low, mpmath.mpf(-REACH)) if mpmath.isinf(low) else low
    end = min(high, mpmath.mpf(REACH)) if mpmath.isinf(high) else high
    if not watched or not start < end:
        return []
    found: set[Any] = set()
    for node in watched:
        places = [start + (end - start) * i / GRID for i in range(GRID + 1)]
        states = [_state(node, {**point, variable: x}) for x in places]
        for i in range(GRID):
            if states[i] != states[i + 1]:
                found.add(_bisect(node, variable, places[i], places[i + 1], point))
    ordered = sorted(x for x in found if start < x < end)
    return ordered if len(ordered) <= MOST else []


def _nodes(node: Expression) -> Iterator[Expression]:
    match node:
        case Call(function, arguments):
            if function in _STATES:
                yield node
            for argument in arguments:
                yield from _nodes(argument)
        case Binary(_, left, right):
            yield from _nodes(left)
            yield from _nodes(right)
        case Neg(operand):
            yield from _nodes(operand)


def _sign(values: list[Any]) -> int:
    return int(mpmath.sign(mpmath.re(values[0])))


def _largest(values: list[Any]) -> int:
    return max(range(len(values)), key=lambda i: mpmath.re(values[i]))


_STATES: Mapping[str, Any] = {
    "abs": _sign,
    "sign": _sign,
    "heaviside": _sign,
    "floor": lambda v: int(mpmath.floor(mpmath.re(v[0]))),
    "ceil": lambda v: int(mpmath.ceil(mpmath.re(v[0]))),
    "ceiling": lambda v: int(mpmath.ceil(mpmath.re(v[0]))),
    "mod": lambda v: int(mpmath.floor(mpmath.re(v[0]) / mpmath.re(v[1]))),
    "max": _largest,
    "min": lambda v: _largest([-x for x in v]),
}


def _state(node: Any, point: Mapping[str, Any]) -> int | None:
    try:
        return int(_STATES[node.function]([evaluate(a, point) for a in node.arguments]))
    except (Undefined, ZeroDivisionError, ValueError, OverflowError, TypeError):
        return None


def _bisect(node: Any, variable: str, left: Any, right: Any, point: Mapping[str, Any]) -> Any:
    """The change of state between two places, to the working precision."""
    here, there = _state(node, {**point, variable: left}), _state(node, {**point, variable: right})
    for _ in range(mpmath.mp.prec + 10):
        middle = (left + right) / 2
        state = _state(node, {**point, variable: middle})
        if state == here:
            left = middle
        elif state == there:
            right = middle
        else:  # the middle is the place itself, as where an argument is 0
            return middle
    return (left + right) / 2


def joined(pieces: Any, x: Any) -> Any | None:
    """A continuous antiderivative in pieces as one expression, by sign(x - place).

    Each piece keeps its constant from the left one's end. None where a border is no number.
    """
    try:
        parts = pieces.as_expr_set_pairs(sympy.S.Reals)
    except (NotImplementedError, ValueError, TypeError):
        return None
    if not all(isinstance(domain, sympy.Interval) for _, domain in parts):
        return None
    parts = sorted(parts, key=lambda one: -sympy.oo if one[1].start == -sympy.oo else one[1].start)
    total, before = parts[0][0], parts[0][0]
    for expression, domain in parts[1:]:
        if not domain.start.is_number:
            return None
        gap = before.subs(x, domain.start) - expression.subs(x, domain.start)
        after = expression + gap
        total += (after - before) * (1 + sympy.sign(x - domain.start)) / 2
        before = after
    return sympy.expand(total)
