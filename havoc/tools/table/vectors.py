"""The second route of ``cells``: the same expressions by numpy and pandas, in floating point.

Used by verifiers only; it shares the table of date formats with the first route and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

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
)
from havoc.tools.least_squares import root
from havoc.tools.operation import Invariant
from havoc.tools.table.dates import date_format
from havoc.tools.values import FAR, Column, Labels, Sample, Table, as_labels

Series = Any  # pandas Series of float64 or of str
_CONSTANTS = {"pi": np.pi, "e": np.e, "true": 1.0, "false": 0.0}
_BINARY: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}
_UNARY: Mapping[str, Callable[[Any], Any]] = {
    "ln": np.log,
    "log": np.log,
    "log10": np.log10,
    "log2": np.log2,
    "log1p": np.log1p,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "cbrt": np.cbrt,
    "abs": np.abs,
    "sign": np.sign,
    "floor": np.floor,
    "ceil": np.ceil,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
}


def summary(s: Series, column: Sample | None = None) -> dict[str, float | None]:
    """Mean, sd, least and greatest of the numbers of a column (at least one).

    In floats; from the exact numbers of ``column`` where floats would lose them: far from 0 beside
    their spread, or too large to be squared or summed.
    """
    found = s.dropna().astype(float)
    low, high = float(found.min()), float(found.max())
    size = max(abs(low), abs(high))
    if column is not None and (size > 1e150 or size > FAR * (high - low) > 0):
        exact = column.present().exact
        n, mean = len(exact), sum(exact, Fraction(0)) / len(exact)
        square = sum(((v - mean) ** 2 for v in exact), Fraction(0))
        sd = root(square / (n - 1)) if n > 1 else None
        return {"mean": float(mean), "sd": sd, "min": low, "max": high}
    return {
        "mean": float(found.mean()),
        "sd": spread(found) if len(found) > 1 else None,
        "min": low,
        "max": high,
    }


def spread(s: Series) -> float:
    """The standard deviation (n - 1), in units of the largest value: squares of 1e200 would overflow."""
    unit = s.abs().max()
    return float((s / unit).std(ddof=1) * unit) if unit > 0 else float(s.std(ddof=1))


_WHOLE: Mapping[str, Callable[[Series], Any]] = {
    "mean": lambda s: s.mean(),
    "median": lambda s: s.median(),
    "sd": spread,
    "var": lambda s: s.var(ddof=1),
    "sum": lambda s: s.sum(min_count=1),
    "min": lambda s: s.min(),
    "max": lambda s: s.max(),
    "count": lambda s: s.count(),
}
_WINDOWS: Mapping[str, Callable[[Series, int], Series]] = {
    "lag": lambda s, k: s.shift(k),
    "lead": lambda s, k: s.shift(-k),
    "diff": lambda s, k: s.diff(k),
    "pct_change": lambda s, k: (s / s.shift(k) - 1) * 100,
    "cumsum": lambda s, k: s.cumsum(),
    "rolling_mean": lambda s, k: s.rolling(k).mean(),
    "rank": lambda s, k: s.rank(),
    "zscore": lambda s, k: (s - s.mean()) / s.std(ddof=1),
    "minmax": lambda s, k: (s - s.min()) / (s.max() - s.min()),
}
_DATES: Mapping[str, Callable[[Any], Series]] = {
    "year": lambda d: d.year,
    "quarter": lambda d: d.quarter,
    "month": lambda d: d.month,
    "week": lambda d: d.isocalendar().week,
    "day": lambda d: d.day,
    "weekday": lambda d: d.day_of_week + 1,
    "hour": lambda d: d.hour,
    "minute": lambda d: d.minute,
    "day_number": lambda d: (d.normalize() - pd.Timestamp("1970-01-01")) // pd.Timedelta("1D"),
    "seconds": lambda d: d.hour * 3600 + d.minute * 60 + d.second,
}


def series_of(column: Column) -> Series:
    if isinstance(column, Sample):
        return pd.Series(column.values, dtype=float)
    return pd.Series(list(column.items), dtype=object)


def series_of_exact(cells: Sequence[Fraction | None]) -> Series:
    return pd.Series([np.nan if v is None else float(v) for v in cells], dtype=float)


def evaluate(node: Expression, table: Table) -> Series:
    """The expression in every row; NaN or None where it has no value."""
    with np.errstate(all="ignore"):
        found = _walk(node, table)
    if found.dtype == object:
        return found
    return found.astype(float).replace([np.inf, -np.inf], np.nan)


def _constant(value: Any, table: Table) -> Series:
    return pd.Series([value] * table.n_rows, dtype=object if isinstance(value, str) else float)


def _walk(node: Expression, table: Table) -> Series:
    match node:
        case Num(number):
            return _constant(float(number.exact) / (100 if number.unit == "%" else 1), table)
        case Text(value):
            return _constant(value, table)
        case Name(id) | Reference(_, Name(id)):
            if id not in table.names and id in _CONSTANTS:
                return _constant(_CONSTANTS[id], table)
            return series_of(table.column(id))
        case Neg(operand):
            return -_walk(operand, table)
        case Binary(op, left, right):
            return pd.Series(_BINARY[op](_walk(left, table), _walk(right, table)))
        case Relation(op, left, right):
            return _relation(op, _walk(left, table), _walk(right, table))
        case Call(function, arguments):
            return _call(function, arguments, table)
    raise TypeError(f"not a column expression: {node!r}")


def _relation(op: str, a: Series, b: Series) -> Series:
    if op in ("and", "or"):
        truth = [s.map({0.0: False, 1.0: True}).astype("boolean") for s in (a, b)]
        joined = truth[0] & truth[1] if op == "and" else truth[0] | truth[1]
        return joined.astype("Float64").astype(float)
    missing = a.isna() | b.isna()
    if (a.dtype == object) != (b.dtype == object):
        a, b = (_as_text(s) for s in (a, b))
    compare = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}[op]
    present = ~missing
    found = pd.Series(np.nan, index=a.index)
    found[present] = getattr(a[present], compare)(b[present]).astype(float)
    return found


def _as_text(s: Series) -> Series:
    if s.dtype == object:
        return s
    return s.map(lambda v: None if np.isnan(v) else f"{v:.12g}").astype(object)


def _call(function: str, arguments: tuple[Expression, ...], table: Table) -> Series:
    n = len(arguments)
    columns = [_walk(a, table) for a in arguments]
    first = columns[0]
    if n == 1 and function in _UNARY:
        return pd.Series(_UNARY[function](first))
    if n == 1 and function in _WHOLE:
        return _constant(float(_WHOLE[function](first)), table)
    if function in _WINDOWS:
        size = int(columns[1].iloc[0]) if n == 2 else 3 if function == "rolling_mean" else 1
        return _WINDOWS[function](first, size)
    if function in _DATES:
        return _dates(function, arguments[0], table)
    if function in ("min", "max"):
        both = pd.concat(columns, axis=1)
        return (
            both.min(axis=1, skipna=False) if function == "min" else both.max(axis=1, skipna=False)
        )
    if function == "quantile":
        return _constant(float(first.quantile(float(columns[1].iloc[0]))), table)
    if function == "round":
        return first.round(int(columns[1].iloc[0]) if n == 2 else 0)
    if function == "mod":
        return first - columns[1] * np.floor(first / columns[1])
    if function == "where":
        yes, no = columns[1], columns[2]
        chosen = [y if c else n_ for c, y, n_ in zip(first, yes, no, strict=True)]
        missing = first.isna()
        cells = [None if m else v for m, v in zip(missing, chosen, strict=True)]
        words = any(isinstance(v, str) for v in cells)
        return pd.Series(cells, dtype=object if words else float)
    if function == "not":
        return first.map(lambda v: np.nan if np.isnan(v) else float(v == 0))
    if function == "is_missing":
        return first.isna().astype(float)
    if function == "coalesce":
        return first.where(~first.isna(), columns[1])
    return _words(
        function, [_as_words(a, c, table) for a, c in zip(arguments, columns, strict=True)]
    )


def _as_words(node: Expression, found: Series, table: Table) -> Series:
    if isinstance(node, Name) and node.id in table.names:
        return series_of(as_labels(table.column(node.id)))
    return _as_text(found)


def _dates(part: str, node: Expression, table: Table) -> Series:
    words = _as_words(node, _walk(node, table), table)
    tidy = [" ".join(w.split()).removesuffix("Z") if isinstance(w, str) else None for w in words]
    pattern = date_format([w for w in tidy if w is not None], "the column")
    stamps = pd.DatetimeIndex(pd.to_datetime(pd.Series(tidy, dtype=object), format=pattern))
    found = pd.Series(np.asarray(_DATES[part](stamps), dtype=float))
    return found.where(~pd.Series(stamps.isna()), np.nan)


def _words(function: str, columns: list[Series]) -> Series:
    first = pd.Series(columns[0], dtype="string")
    if function == "number":
        pattern = r"^\s*([+\-−]?(?:\d[\d,]*\.?\d*|\.\d+))"
        text = first.str.extract(pattern, expand=False)
        return pd.to_numeric(text.str.replace(",", "").str.replace("−", "-")).astype(float)
    if function in ("lower", "upper"):
        found = first.str.lower() if function == "lower" else first.str.upper()
        return _objects(found)
    if function == "length":
        return first.str.len().astype("Float64").astype(float)
    pairs = list(zip(*columns, strict=True))
    if function == "join":
        return _objects(first.str.cat(pd.Series(columns[1], dtype="string")))
    if function in ("before", "after"):
        at = 0 if function == "before" else 2
        cells = [
            None if None in p else str(p[0]).partition(str(p[1]))[at].strip() or None for p in pairs
        ]
        return pd.Series(cells, dtype=object)
    tests: Mapping[str, Callable[[str, str], bool]] = {
        "contains": lambda w, part: w.find(part) >= 0,
        "starts_with": lambda w, part: w[: len(part)] == part,
        "ends_with": lambda w, part: part == "" or w[-len(part) :] == part,
    }
    test = tests[function]
    return pd.Series([np.nan if None in p else float(test(*p)) for p in pairs], dtype=float)


def _objects(s: Series) -> Series:
    return pd.Series([None if pd.isna(v) else str(v) for v in s], dtype=object)


def differing_cells(column: Column, again: Series) -> int:
    """How many cells of a column are not those of ``again`` (to 1e-9)."""
    if len(column) != len(again):
        return max(len(column), len(again))
    if isinstance(column, Labels):
        pairs = zip(column.items, (None if pd.isna(v) else v for v in again), strict=True)
        return sum(a != (b if b is None or isinstance(b, str) else f"{b:.12g}") for a, b in pairs)
    left, right = column.values, again.to_numpy(dtype=float)
    close = np.isclose(left, right, rtol=1e-9, atol=1e-12) | (np.isnan(left) & np.isnan(right))
    return int((~close).sum())


def same_column(column: Column, again: Series) -> Invariant:
    """For a verifier: no cell differs."""
    return Invariant(differing_cells(column, again), 0)
