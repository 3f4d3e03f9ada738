"""Expressions over the columns of a table, row by row, in decimal arithmetic.

A cell is a Decimal, a word or None (missing). Sums and products of decimal numbers stay exact: 0.1 + 0.2
is 0.3. A missing cell makes the result missing; so does one without a value there (a division by zero, the
logarithm of 0), which is counted and said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, DecimalException
from typing import Any

from havoc.errors import InputError, nearest
from havoc.tools.expression import (
    Binary,
    Call,
    Expression,
    Name,
    Neg,
    Num,
    Reference,
    Relation,
    Text,
    show,
)
from havoc.tools.table.dates import DATE_PARTS, parse_dates
from havoc.tools.values import Column, Labels, Sample, Table

Cell = Decimal | str | None
CONTEXT = Context(prec=34, Emax=9_999, Emin=-9_999)
CONSTANTS: Mapping[str, Decimal] = {
    "pi": Decimal("3.141592653589793238462643383279503"),
    "e": Decimal("2.718281828459045235360287471352662"),
    "true": Decimal(1),
    "false": Decimal(0),
}


@dataclass
class Trace:
    """What happened on the way: rows in which the expression has no value."""

    undefined: set[int] = field(default_factory=set)

    def sentence(self, what: str) -> str | None:
        if not self.undefined:
            return None
        n, first = len(self.undefined), min(self.undefined) + 1
        return f"{what} has no value in {n} row(s), the first being row {first}; they are missing."


def cells_of(column: Column) -> list[Cell]:
    if isinstance(column, Labels):
        return list(column.items)
    return [None if t is None else Decimal(t) for t in column.texts]


def column_of(name: str, cells: Sequence[Cell], unit: str | None = None) -> Column:
    """Numbers as a Sample; if there is a word among them, all as Labels."""
    texts = tuple(None if c is None else c if isinstance(c, str) else text_of(c) for c in cells)
    if any(isinstance(c, str) for c in cells):
        return Labels(name, texts)
    return Sample(name, texts, unit)


def text_of(value: Decimal) -> str:
    """Decimal text; a value with more digits than a float holds is cut to a float's."""
    digits = value.normalize(CONTEXT)
    exponent = int(digits.as_tuple().exponent)
    if len(digits.as_tuple().digits) > 17 or not -18 < exponent < 16:
        return repr(float(value))
    return format(digits, "f")


def evaluate(expression: Expression, table: Table, trace: Trace) -> list[Cell]:
    """The value of an expression in every row.

    Raises
    ------
    InputError
        An unknown column or function, or words where numbers are needed.
    """
    return _Rows(table, trace).cells(expression)


def mask(condition: Expression, table: Table) -> list[bool | None]:
    """In which rows a condition holds; None where a missing cell leaves it open."""
    values = _Rows(table, Trace()).cells(condition)
    return [None if v is None else v != 0 for v in values]


class _Rows:
    def __init__(self, table: Table, trace: Trace) -> None:
        self.table, self.trace, self.n = table, trace, table.n_rows
        self._read: dict[str, list[Cell]] = {}

    def cells(self, node: Expression) -> list[Cell]:
        match node:
            case Num(number):
                exact = Decimal(number.text)
                return [exact / 100 if number.unit == "%" else exact] * self.n
            case Text(value):
                return [value] * self.n
            case Name(id) | Reference(_, Name(id)):
                return self._column(id)
            case Neg(operand):
                return self._each(node, lambda a: -a, operand)
            case Binary(op, left, right) if op in _OPERATORS:
                return self._each(node, _OPERATORS[op], left, right)
            case Relation("and" | "or" as op, left, right):
                return [_join(op, a, b) for a, b in self._pairs(left, right)]
            case Relation(op, left, right):
                return [_compare(op, a, b, node) for a, b in self._pairs(left, right)]
            case Call(function, arguments):
                return self._call(node, function, arguments)
        raise InputError(f"{show(node)} cannot be computed from the columns of a table")

    def _column(self, name: str) -> list[Cell]:
        if name not in self._read:
            if name not in self.table.names and name in CONSTANTS:
                self._read[name] = [CONSTANTS[name]] * self.n
            else:
                self._read[name] = cells_of(self.table.column(name))
        return self._read[name]

    def _pairs(self, left: Expression, right: Expression) -> list[tuple[Cell, Cell]]:
        return list(zip(self.cells(left), self.cells(right), strict=True))

    def _each(
        self, node: Expression, compute: Callable[..., Any], *operands: Expression
    ) -> list[Cell]:
        columns = [self._numbers(o) for o in operands]
        return [self._one(i, compute, row) for i, row in enumerate(zip(*columns, strict=True))]

    def _one(self, row: int, compute: Callable[..., Any], values: tuple[Any, ...]) -> Cell:
        if any(v is None for v in values):
            return None
        try:
            found = compute(*values)
            if isinstance(found, float):
                found = Decimal(repr(found))
            if isinstance(found, str) or (found.is_finite() and math.isfinite(float(found))):
                return found  # type: ignore[no-any-return]
        except (DecimalException, ArithmeticError, ValueError):
            pass  # no value in this row: said below
        self.trace.undefined.add(row)
        return None

    def _numbers(self, node: Expression) -> list[Cell]:
        found = self.cells(node)
        for i, cell in enumerate(found, 1):
            if isinstance(cell, str):
                raise InputError(f"{show(node)} holds words, not numbers (row {i}: '{cell}')")
        return found

    def _words(self, node: Expression) -> list[str | None]:
        """Cells as text: numbers as they are written."""
        if isinstance(node, Name) and node.id in self.table.names:
            column = self.table.column(node.id)
            return list(column.items if isinstance(column, Labels) else column.texts)
        return [text_of(c) if isinstance(c, Decimal) else c for c in self.cells(node)]

    def _constant(self, node: Expression, what: str) -> Decimal:
        if isinstance(node, Neg) and isinstance(node.operand, Num):
            return -Decimal(node.operand.number.text)
        if not isinstance(node, Num):
            raise InputError(f"{what} must be a number, not {show(node)}")
        return Decimal(node.number.text)

    def _call(
        self, node: Expression, function: str, arguments: tuple[Expression, ...]
    ) -> list[Cell]:
        n = len(arguments)
        if function in ROW_FUNCTIONS and n in ROW_FUNCTIONS[function][0]:
            return self._each(node, ROW_FUNCTIONS[function][1], *arguments)
        if function in WHOLE_FUNCTIONS and n == 1:
            return self._whole(WHOLE_FUNCTIONS[function], arguments[0])
        if function in WINDOW_FUNCTIONS and n in (1, 2):
            size = int(self._constant(arguments[1], f"{function}'s step")) if n == 2 else None
            return self._window(function, self._numbers(arguments[0]), size)
        if function in _WORD_FUNCTIONS and n == _WORD_FUNCTIONS[function]:
            return self._word_function(function, arguments)
        if function in DATE_PARTS and n == 1:
            return self._date(function, arguments[0])
        if function == "where" and n == 3:
            rows = zip(*(self.cells(a) for a in arguments), strict=True)
            return [None if c is None else yes if c != 0 else no for c, yes, no in rows]
        if function == "not" and n == 1:
            return [None if c is None else Decimal(int(c == 0)) for c in self.cells(arguments[0])]
        if function == "is_missing" and n == 1:
            return [Decimal(int(c is None)) for c in self.cells(arguments[0])]
        if function == "coalesce" and n == 2:
            return [b if a is None else a for a, b in self._pairs(*arguments)]
        if function == "quantile" and n == 2:
            share = self._constant(arguments[1], "quantile's share")
            return self._whole(lambda v: _quantile(v, share), arguments[0])
        known = known_functions()
        if function in known:
            raise InputError(f"{function} does not take {n} argument(s)")
        raise InputError(f"there is no column function '{function}'{nearest(function, known)}")

    def _whole(self, compute: Callable[[list[Decimal]], Any], argument: Expression) -> list[Cell]:
        """One number of a whole column, in every row."""
        present = [c for c in self._numbers(argument) if isinstance(c, Decimal)]
        if not present and compute is not WHOLE_FUNCTIONS["count"]:
            return [None] * self.n
        return [self._one(0, lambda: compute(present), ())] * self.n

    def _window(self, function: str, values: list[Cell], size: int | None) -> list[Cell]:
        if size is not None and not 1 <= size <= max(self.n, 1):
            raise InputError(f"{function} needs a whole number of rows from 1 to {self.n}")
        return WINDOW_FUNCTIONS[function](self, values, size or WINDOW_SIZES.get(function, 1))

    def _word_function(self, function: str, arguments: tuple[Expression, ...]) -> list[Cell]:
        columns = [self._words(a) for a in arguments]
        rows = list(zip(*columns, strict=True))
        if function == "number":
            found: list[Cell] = []
            for i, (word,) in enumerate(rows):
                cell = None if word is None else _leading_number(word)
                if cell is None and word is not None:
                    self.trace.undefined.add(i)
                found.append(cell)
            return found
        compute = WORD_RESULTS[function]
        return [None if any(w is None for w in row) else compute(*row) for row in rows]

    def _date(self, part: str, argument: Expression) -> list[Cell]:
        dates = parse_dates(self._words(argument), show(argument))
        return [None if d is None else Decimal(DATE_PARTS[part](d)) for d in dates]

    # --- windows: each takes the column and a number of rows ---

    def lag(self, values: list[Cell], k: int) -> list[Cell]:
        return ([None] * k + values)[: self.n]

    def lead(self, values: list[Cell], k: int) -> list[Cell]:
        return (values + [None] * k)[k:]

    def difference(self, values: list[Cell], k: int) -> list[Cell]:
        rows = enumerate(zip(values, self.lag(values, k), strict=True))
        return [self._one(i, CONTEXT.subtract, pair) for i, pair in rows]

    def pct_change(self, values: list[Cell], k: int) -> list[Cell]:
        rows = enumerate(zip(values, self.lag(values, k), strict=True))
        return [self._one(i, _percent, pair) for i, pair in rows]

    def cumsum(self, values: list[Cell], _: int) -> list[Cell]:
        total = Decimal(0)
        found: list[Cell] = []
        for v in values:
            total = CONTEXT.add(total, v) if isinstance(v, Decimal) else total
            found.append(None if v is None else total)
        return found

    def rolling_mean(self, values: list[Cell], k: int) -> list[Cell]:
        found: list[Cell] = []
        for i in range(self.n):
            window = values[i - k + 1 : i + 1] if i >= k - 1 else [None]
            found.append(self._one(i, lambda *w: _mean(list(w)), tuple(window)))
        return found

    def rank(self, values: list[Cell], _: int) -> list[Cell]:
        """Average ranks, 1 the smallest."""
        ordered = sorted(v for v in values if isinstance(v, Decimal))
        below: dict[Decimal, tuple[int, int]] = {}
        for i, number in enumerate(ordered):
            first, count = below.get(number, (i, 0))
            below[number] = (first, count + 1)
        found: list[Cell] = []
        for v in values:
            if not isinstance(v, Decimal):
                found.append(None)
                continue
            first, count = below[v]
            found.append(Decimal(2 * first + count + 1) / 2)
        return found

    def zscore(self, values: list[Cell], _: int) -> list[Cell]:
        present = [v for v in values if isinstance(v, Decimal)]
        centre, spread = (_mean(present), _sd(present)) if len(present) > 1 else (None, None)
        rows = enumerate((v, centre, spread) for v in values)
        return [self._one(i, lambda v, c, s: CONTEXT.divide(v - c, s), row) for i, row in rows]

    def minmax(self, values: list[Cell], _: int) -> list[Cell]:
        present = [v for v in values if isinstance(v, Decimal)]
        low, high = (min(present), max(present)) if present else (None, None)
        rows = enumerate((v, low, high) for v in values)
        return [self._one(i, lambda v, a, b: CONTEXT.divide(v - a, b - a), row) for i, row in rows]


def _percent(now: Decimal, before: Decimal) -> Decimal:
    return CONTEXT.multiply(CONTEXT.divide(now - before, before), Decimal(100))


def _join(op: str, a: Cell, b: Cell) -> Cell:
    """Three-valued logic: what is missing does not matter where the other side decides."""
    truths = [None if v is None else v != 0 for v in (a, b)]
    decisive = op == "or"
    if decisive in truths:
        return Decimal(int(decisive))
    return None if None in truths else Decimal(int(not decisive))


def _compare(op: str, a: Cell, b: Cell, node: Expression) -> Cell:
    if a is None or b is None:
        return None
    if isinstance(a, str) != isinstance(b, str):
        if op not in ("==", "!="):
            raise InputError(f"{show(node)} compares a word with a number ('{a}' and '{b}')")
        a, b = (v if isinstance(v, str) else text_of(v) for v in (a, b))
    return Decimal(int(_COMPARISONS[op](a, b)))


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _power(a: Decimal, b: Decimal) -> Decimal:
    if a == 0 and b < 0:
        raise ZeroDivisionError
    return CONTEXT.power(a, b)


_OPERATORS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
    "^": _power,
}


def _floating(function: Callable[[float], float]) -> Callable[[Decimal], float]:
    return lambda v: function(float(v))


def _rounded(value: Decimal, digits: Decimal = Decimal(0)) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-int(digits)), context=CONTEXT)


ROW_FUNCTIONS: Mapping[str, tuple[tuple[int, ...], Callable[..., Any]]] = {
    "ln": ((1,), CONTEXT.ln),
    "log": ((1,), CONTEXT.ln),
    "log10": ((1,), CONTEXT.log10),
    "log2": ((1,), _floating(math.log2)),
    "log1p": ((1,), _floating(math.log1p)),
    "exp": ((1,), CONTEXT.exp),
    "sqrt": ((1,), CONTEXT.sqrt),
    "cbrt": ((1,), _floating(math.cbrt)),
    "abs": ((1,), abs),
    "sign": ((1,), lambda v: Decimal((v > 0) - (v < 0))),
    "floor": ((1,), lambda v: Decimal(math.floor(v))),
    "ceil": ((1,), lambda v: Decimal(math.ceil(v))),
    "round": ((1, 2), _rounded),
    "mod": ((2,), lambda a, b: a - b * Decimal(math.floor(CONTEXT.divide(a, b)))),
    "sin": ((1,), _floating(math.sin)),
    "cos": ((1,), _floating(math.cos)),
    "tan": ((1,), _floating(math.tan)),
    "min": ((2, 3, 4, 5, 6), min),
    "max": ((2, 3, 4, 5, 6), max),
}


def _mean(values: list[Decimal]) -> Decimal:
    return CONTEXT.divide(sum(values, Decimal(0)), Decimal(len(values)))


def _variance(values: list[Decimal]) -> Decimal:
    if len(values) < 2:
        raise ZeroDivisionError
    centre = _mean(values)
    squares = sum(((v - centre) ** 2 for v in values), Decimal(0))
    return CONTEXT.divide(squares, Decimal(len(values) - 1))


def _sd(values: list[Decimal]) -> Decimal:
    return CONTEXT.sqrt(_variance(values))


def _quantile(values: list[Decimal], share: Decimal) -> Decimal:
    """Linear interpolation at (n - 1)p + 1: Hyndman and Fan's type 7."""
    if not 0 <= share <= 1:
        raise InputError("quantile's share lies between 0 and 1")
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    i = min(int(place), max(len(ordered) - 2, 0))
    above = ordered[min(i + 1, len(ordered) - 1)]
    return ordered[i] + (place - i) * (above - ordered[i])


WHOLE_FUNCTIONS: Mapping[str, Callable[[list[Decimal]], Any]] = {
    "mean": _mean,
    "median": lambda v: _quantile(v, Decimal("0.5")),
    "sd": _sd,
    "var": _variance,
    "sum": lambda v: sum(v, Decimal(0)),
    "min": min,
    "max": max,
    "count": lambda v: Decimal(len(v)),
}
WINDOW_FUNCTIONS: Mapping[str, Callable[[_Rows, list[Cell], int], list[Cell]]] = {
    "lag": _Rows.lag,
    "lead": _Rows.lead,
    "diff": _Rows.difference,
    "pct_change": _Rows.pct_change,
    "cumsum": _Rows.cumsum,
    "rolling_mean": _Rows.rolling_mean,
    "rank": _Rows.rank,
    "zscore": _Rows.zscore,
    "minmax": _Rows.minmax,
}
WINDOW_SIZES = {"rolling_mean": 3}
_WORD_FUNCTIONS = {
    "number": 1,
    "lower": 1,
    "upper": 1,
    "length": 1,
    "contains": 2,
    "starts_with": 2,
    "ends_with": 2,
    "before": 2,
    "after": 2,
    "join": 2,
}
WORD_RESULTS: Mapping[str, Callable[..., Cell]] = {
    "lower": str.lower,
    "upper": str.upper,
    "length": lambda w: Decimal(len(w)),
    "contains": lambda w, part: Decimal(int(part in w)),
    "starts_with": lambda w, part: Decimal(int(w.startswith(part))),
    "ends_with": lambda w, part: Decimal(int(w.endswith(part))),
    "before": lambda w, mark: w.split(mark)[0].strip() or None,
    "after": lambda w, mark: w.partition(mark)[2].strip() or None,
    "join": lambda a, b: f"{a}{b}",
}


def _leading_number(word: str) -> Decimal | None:
    """The number a text begins with: ``12.5 kg`` -> 12.5, ``1,234`` -> 1234."""
    bare = word.strip().replace("−", "-")
    match = re.match(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?", bare)
    text = match.group().replace(",", "") if match else ""
    return Decimal(text) if any(c.isdigit() for c in text) else None


def known_functions() -> tuple[str, ...]:
    """Every function an expression over columns may use."""
    found = {
        *ROW_FUNCTIONS,
        *WHOLE_FUNCTIONS,
        *WINDOW_FUNCTIONS,
        *_WORD_FUNCTIONS,
        *DATE_PARTS,
        *("where", "not", "is_missing", "coalesce", "quantile"),
    }
    return tuple(sorted(found))
