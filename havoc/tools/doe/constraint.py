"""Conditions on factor settings, evaluated for many candidate runs at once."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from havoc.errors import InputError, nearest
from havoc.tools.expression import Binary, Call, Expression, Name, Neg, Num, Relation, Text

Columns = Mapping[str, npt.NDArray[Any]]
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "ln": np.log,
}


def holds(
    condition: Relation, columns: Columns, words: frozenset[str] = frozenset()
) -> npt.NDArray[np.bool_]:
    """Where the condition is true; ``columns`` are settings by factor name, ``words`` all levels.

    Raises
    ------
    InputError
        For a name that is neither a factor nor one of the levels it is compared with.
    """
    if condition.op in ("and", "or"):
        left = _truth(condition.left, columns, words)
        right = _truth(condition.right, columns, words)
        return left & right if condition.op == "and" else left | right
    left_value, right_value = _value(condition.left, columns), _value(condition.right, columns)
    for side, other in ((left_value, right_value), (right_value, left_value)):
        if isinstance(side, str) and not (side in words and _is_words(other)):
            raise InputError(_unknown(side, columns))
    worded = _is_words(left_value) or _is_words(right_value)
    if worded and condition.op not in ("==", "!="):
        raise InputError("words can only be compared with == and !=")
    # A small allowance: 0.1 + 0.2 <= 0.3 is meant to hold.
    if condition.op in ("<=", ">=") and not worded:
        slack = 1e-9 * np.maximum(1, np.abs(np.asarray(right_value, dtype=float)))
        left_value = left_value - slack if condition.op == "<=" else left_value + slack
    return np.asarray(_COMPARE[condition.op](left_value, right_value), dtype=bool)


def _unknown(name: str, columns: Columns) -> str:
    return (
        f"'{name}' in the constraint is not a factor{nearest(name, columns)} ({', '.join(columns)})"
    )


def _truth(
    expression: Expression, columns: Columns, words: frozenset[str]
) -> npt.NDArray[np.bool_]:
    if not isinstance(expression, Relation):
        raise InputError("a constraint joins comparisons by and, or")
    return holds(expression, columns, words)


def _is_words(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == object


def _value(expression: Expression, columns: Columns) -> Any:
    match expression:
        case Num(number):
            return number.value
        case Name(id) if id in columns:
            return columns[id]
        case Name(id) | Text(id):
            return id
        case Neg(operand):
            return -_number(operand, columns)
        case Binary(op, left, right) if op in _ARITHMETIC:
            return _ARITHMETIC[op](_number(left, columns), _number(right, columns))
        case Call(function, (argument,)) if function in _FUNCTIONS:
            return _FUNCTIONS[function](_number(argument, columns))
    raise InputError("the constraint may hold factors, numbers, + - * / ^, abs, sqrt, exp and log")


def _number(expression: Expression, columns: Columns) -> Any:
    value = _value(expression, columns)
    if isinstance(value, str):
        raise InputError(_unknown(value, columns))
    if _is_words(value):
        raise InputError("a categorical factor cannot be calculated with")
    return value
