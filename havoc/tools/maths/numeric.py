"""Values of an expression tree in high precision, straight from the tree by mpmath.

This is the second route behind the audits of ``maths``: it shares no code with sympy's algebra. Two
expressions are held to be the same when they agree at points where both are defined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mpmath

from havoc.errors import InputError
from havoc.tools.expression import Binary, Call, Expression, Name, Neg, Num, Relation

DIGITS = 40

_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **{
        name: getattr(mpmath, name)
        for name in (
            *("sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "acot"),
            *("sinh", "cosh", "tanh", "coth", "asinh", "acosh", "atanh", "exp", "expm1", "log1p"),
            *("sqrt", "cbrt", "log10", "sign", "floor", "ceil", "re", "im", "atan2", "erf", "erfc"),
            *("factorial", "gamma", "beta", "binomial"),
        )
    },
    "Si": mpmath.si,
    "Ci": mpmath.ci,
    "Ei": mpmath.ei,
    "arcsin": mpmath.asin,
    "arccos": mpmath.acos,
    "arctan": mpmath.atan,
    "ln": mpmath.log,
    "log": lambda x, base=None: mpmath.log(x) if base is None else mpmath.log(x, base),
    "log2": lambda x: mpmath.log(x) / mpmath.log(2),
    "root": lambda x, n: mpmath.power(x, 1 / n),
    "abs": lambda x: abs(x),
    "ceiling": mpmath.ceil,
    "min": min,
    "max": max,
    "mod": lambda a, b: a - b * mpmath.floor(a / b),
    "conjugate": mpmath.conj,
    "heaviside": lambda x: (mpmath.sign(x) + 1) / 2,
}
_CONSTANTS = {"pi": mpmath.pi, "e": mpmath.e, "i": mpmath.mpc(0, 1), "oo": mpmath.inf}


class Undefined(ArithmeticError):
    """The expression has no value at this point."""


def evaluate(expression: Expression, point: Mapping[str, Any]) -> Any:
    """The value at ``point`` at mpmath's working precision.

    Raises
    ------
    Undefined
        A division by zero, a pole, a relation, an unknown function, a name without a value.
    """
    try:
        return _walk(expression, point)
    except (ZeroDivisionError, ValueError, OverflowError, TypeError, KeyError) as error:
        raise Undefined(str(error)) from None


def _walk(node: Expression, point: Mapping[str, Any]) -> Any:
    match node:
        case Num(number):
            exact = number.exact / (100 if number.unit == "%" else 1)
            return mpmath.mpf(exact.numerator) / exact.denominator
        case Name(id):
            return point[id] if id in point else +_CONSTANTS["oo" if id.startswith("inf") else id]
        case Neg(operand):
            return -_walk(operand, point)
        case Binary(op, left, right):
            return _apply(op, _walk(left, point), _walk(right, point))
        case Call(function, arguments):
            return _FUNCTIONS[function](*(_walk(a, point) for a in arguments))
    raise Undefined("not a number")


def _apply(op: str, a: Any, b: Any) -> Any:
    if op == "+":
        return a + b
    if op == "-":
        return a - b
    if op == "*":
        return a * b
    if op == "/":
        return a / b
    if op == "^":
        return mpmath.power(a, b)
    raise Undefined(f"no operator {op}")


def holds(expression: Expression, point: Mapping[str, Any], slack: Any = 0) -> bool:
    """Whether a relation (or several joined) holds at ``point``; ``slack`` is for ``==``."""
    match expression:
        case Relation("and", left, right):
            return holds(left, point, slack) and holds(right, point, slack)
        case Relation("or", left, right):
            return holds(left, point, slack) or holds(right, point, slack)
        case Relation(op, left, right):
            a, b = evaluate(left, point), evaluate(right, point)
            if op in ("==", "!="):
                return (abs(a - b) <= slack * max(1, abs(a), abs(b))) == (op == "==")
            if mpmath.im(a) or mpmath.im(b):
                return False
            return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
    raise InputError("a condition such as x > 3 is needed")


def points(names: Sequence[str], n: int = 12) -> list[dict[str, Any]]:
    """Fixed points without pattern: multiples of square roots of primes, a few negative ones."""
    primes = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29)
    found = []
    for k in range(n):
        point = {}
        for j, name in enumerate(names):
            turn = mpmath.sqrt(primes[j % 10]) * (k + 1 + j // 10)
            part = mpmath.frac(turn + mpmath.mpf(j) / 7)
            value = mpmath.mpf("0.15") + 2 * part
            point[name] = -value if k % 4 == 3 else value
        found.append(point)
    return found


def disagreement(
    left: Callable[[Mapping[str, Any]], Any],
    right: Callable[[Mapping[str, Any]], Any],
    names: Sequence[str],
    least: int = 3,
) -> float:
    """The largest relative difference of two functions over the points where both have a value.

    Returns 1 where fewer than ``least`` points could be compared: nothing has been shown then.
    """
    with mpmath.workdps(DIGITS):
        compared, worst = 0, mpmath.mpf(0)
        for point in points(names):
            try:
                a, b = left(point), right(point)
            except Undefined:
                continue
            if not (mpmath.isfinite(a) and mpmath.isfinite(b)):
                continue
            compared += 1
            worst = max(worst, abs(a - b) / max(1, abs(a), abs(b)))
            if not names:
                return float(worst)
        return float(worst) if compared >= least else 1.0


def value_of(expression: Expression) -> Callable[[Mapping[str, Any]], Any]:
    """``expression`` as a function of a point."""
    return lambda point: evaluate(expression, point)
