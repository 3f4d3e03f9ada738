"""What an operation gives back: named values, tables, figures as data, assumptions, warnings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from havoc.errors import InputError, nearest
from havoc.tools.values import Labels, Sample, Table

Value = float | int | bool | str | list[Any] | None


@dataclass(frozen=True)
class ResultTable:
    """A table to read: columns and rows of plain values."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def column(self, name: str) -> list[Any]:
        i = self.columns.index(name)
        return [row[i] for row in self.rows]

    def as_table(self) -> Table:
        """The same as a data table, so that a later statement can use it."""
        columns: list[Sample | Labels] = []
        for i, name in enumerate(self.columns):
            cells = [row[i] for row in self.rows]
            if all(
                c is None or (isinstance(c, int | float) and not isinstance(c, bool)) for c in cells
            ):
                columns.append(Sample.of(cells, name))
            else:
                columns.append(Labels(name, tuple(None if c is None else str(c) for c in cells)))
        return Table(tuple(columns), self.name)


@dataclass(frozen=True)
class Figure:
    """A figure as typed data; a renderer draws it. ``data`` holds plain JSON values only."""

    kind: str
    title: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Assumption:
    """One assumption behind a result, and what the data say about it.

    ``met`` is None where the data cannot tell (then ``detail`` says what to check).
    """

    name: str
    met: bool | None
    detail: str
    statistic: float | None = None
    p_value: float | None = None


@dataclass(frozen=True)
class Result:
    """The result of one operation.

    Parameters
    ----------
    values : named numbers, words and lists. Every key is declared in the operation's ``outputs``.
    conclusion : one or two plain sentences for the first line of an answer. Numbers in it are written as
        ``{key}`` (a key of ``values``; ``{key[0]}`` for an item of a list), never spelt out, so that each can be
        traced and audited. ``{key:signed}`` writes a term that follows another: ``+ 3`` or ``- 3``.
    tables, figures : what a person reads and looks at, most important first.
    assumptions : what was assumed and checked.
    warnings : full sentences; what a careful colleague would say.
    data : the table that a following statement uses (a design, a filtered table, residuals ...).
    units : unit of a value, where it has one.
    """

    values: Mapping[str, Value]
    conclusion: str = ""
    tables: tuple[ResultTable, ...] = ()
    figures: tuple[Figure, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    warnings: tuple[str, ...] = ()
    data: Table | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(
        default_factory=dict
    )  # typed objects for a following operation, never shown

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", {k: plain(v) for k, v in self.values.items()})
        for key, value in self.values.items():
            for number in flatten(value):
                if isinstance(number, float) and not math.isfinite(number):
                    raise InputError(f"'{key}' has no finite value for these inputs")

    def table(self, name: str | None = None) -> ResultTable:
        if name is None:
            return self.tables[0]
        for t in self.tables:
            if t.name == name:
                return t
        raise KeyError(f"no table '{name}'{nearest(name, [t.name for t in self.tables])}")


def plain(value: Any) -> Any:
    """Turn numpy scalars and arrays, tuples and fractions into plain Python values."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value.tolist()]
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    return float(value)


def digits_text(value: float, digits: int = 6) -> str:
    """A float to ``digits`` significant digits, as people write it: 1459432, not 1.45943e+06.

    From 1e15 on, and below 1e-4, powers of ten stay.
    """
    text = f"{value:.{digits}g}"
    return f"{value:.0f}" if "e+" in text and abs(value) < 1e15 else text


TINY_P = "1e-12"  # what a p value of nothing is known to lie below: audits compare to that


def vanished(name: str, value: Any) -> bool:
    """Whether a value is a p value too small for a float: it is told as ``< 1e-12``, never as 0.

    ``name``: key of the value, or its column.
    """
    is_p = name == "p value" or "p_value" in name
    return is_p and isinstance(value, float) and value == 0


def vanished_cell(columns: Sequence[str], row: Sequence[Any], i: int) -> bool:
    """Whether a cell is such a p value, by its column or, where rows name their values, by its row's first cell."""
    return vanished(str(columns[i]), row[i]) or (i == 1 and vanished(str(row[0]), row[i]))


def signed_text(text: str) -> str:
    """A number's text after another term: ``+ 3`` or ``- 3``, never ``+ -3``."""
    return f"- {text[1:]}" if text.startswith("-") else f"+ {text}"


def flatten(value: Any) -> list[Any]:
    """The leaves of a nested list."""
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in flatten(item)]
    return [value]


def table_of(name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> ResultTable:
    """Build a ResultTable of plain values; NaN becomes None (an empty cell)."""

    def cell(v: Any) -> Any:
        v = plain(v)
        return None if isinstance(v, float) and math.isnan(v) else v

    return ResultTable(name, tuple(columns), tuple(tuple(cell(v) for v in row) for row in rows))
