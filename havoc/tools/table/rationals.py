"""Column expressions in rationals: the second route for columns far from zero beside their spread.

Floats keep 16 digits of 1000000000010.2, so that of its distance from the mean they keep four. Used by
verifiers only, and only for what arithmetic alone can say; the rest is left to ``vectors``.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from fractions import Fraction

from havoc.tools.expression import Binary, Call, Expression, Name, Neg, Num, Reference, names
from havoc.tools.least_squares import root
from havoc.tools.values import FAR, Sample, Table

Cells = list[Fraction | None]


class NotArithmetic(Exception):
    """The expression has something in it that rationals cannot say."""


def far_from_zero(expression: Expression, table: Table) -> bool:
    """Whether a column the expression names lies too far from zero for floats."""
    for name in set(names(expression)) & set(table.names):
        column = table.column(name)
        if isinstance(column, Sample) and len(present := column.present()):
            low, high = float(present.values.min()), float(present.values.max())
            if max(abs(low), abs(high)) > FAR * (high - low) > 0:
                return True
    return False


def evaluate(node: Expression, table: Table) -> Cells:
    """The expression in every row; None where it has no value.

    Raises
    ------
    NotArithmetic
        It holds more than arithmetic, whole-column summaries and steps along the rows.
    """
    match node:
        case Num(number):
            value = number.exact / (100 if number.unit == "%" else 1)
            return [Fraction(value)] * table.n_rows
        case Name(id) | Reference(_, Name(id)) if id in table.names:
            column = table.column(id)
            if not isinstance(column, Sample):
                raise NotArithmetic(id)
            return [None if t is None else Fraction(t) for t in column.texts]
        case Neg(operand):
            return [None if v is None else -v for v in evaluate(operand, table)]
        case Binary(op, left, right) if op in _BINARY:
            pairs = zip(evaluate(left, table), evaluate(right, table), strict=True)
            return [None if a is None or b is None else _BINARY[op](a, b) for a, b in pairs]
        case Call(function, (argument,)) if function in _WHOLE:
            present = [v for v in evaluate(argument, table) if v is not None]
            return [_WHOLE[function](present) if present else None] * table.n_rows
        case Call("abs", (argument,)):
            return [None if v is None else abs(v) for v in evaluate(argument, table)]
        case Call("diff", (argument,)):
            cells = evaluate(argument, table)
            return [_minus(b, a) for a, b in zip([None, *cells], cells, strict=False)]
        case Call("zscore" | "minmax" as function, (argument,)):
            cells = evaluate(argument, table)
            present = [v for v in cells if v is not None]
            if not present:
                raise NotArithmetic(function)
            spread = _sd(present) if function == "zscore" else max(present) - min(present)
            if not spread:
                raise NotArithmetic(function)
            start, width = _mean(present) if function == "zscore" else min(present), spread
            return [None if v is None else (v - start) / width for v in cells]
    raise NotArithmetic(str(node))


def _minus(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return None if a is None or b is None else a - b


def _quotient(a: Fraction, b: Fraction) -> Fraction | None:
    return a / b if b else None


def _power(a: Fraction, b: Fraction) -> Fraction:
    if b.denominator != 1 or not 0 <= b <= 9:
        raise NotArithmetic(f"^{b}")
    return Fraction(a ** int(b))


def _mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _sd(values: list[Fraction]) -> Fraction | None:
    """Its float, exactly: the square root is no rational."""
    if len(values) < 2:
        return None
    mean = _mean(values)
    squares = sum(((v - mean) ** 2 for v in values), Fraction(0))
    return Fraction(root(squares / (len(values) - 1)))


_BINARY: Mapping[str, Callable[[Fraction, Fraction], Fraction | None]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _quotient,
    "^": _power,
}
_WHOLE: Mapping[str, Callable[[list[Fraction]], Fraction | None]] = {
    "mean": _mean,
    "sd": _sd,
    "sum": lambda v: sum(v, Fraction(0)),
    "min": min,
    "max": max,
    "median": statistics.median,
    "count": lambda v: Fraction(len(v)),
}
