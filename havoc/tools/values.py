"""The values operations take and give.

A number that a person wrote stays decimal text until an operation needs a float, so that an audit can
compute with exactly what was written (see ``exact``): 0.1 is one tenth, not 0.1000000000000000055.
All types are frozen; nothing here knows of the DSL or of files.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from havoc.errors import InputError, nearest

FloatArray = npt.NDArray[np.float64]
MISSING_TEXTS = frozenset({"", "na", "nan", "n/a", "null", "none", "-", "?"})


@dataclass(frozen=True)
class Number:
    """A number as written, with its unit (``"%"`` counts as a unit)."""

    text: str
    unit: str | None = None

    @cached_property
    def exact(self) -> Fraction:
        try:
            return Fraction(self.text)
        except (ValueError, ZeroDivisionError):
            raise InputError(f"'{self.text}' is not a finite number") from None

    @property
    def value(self) -> float:
        return as_float(self.text)

    def __str__(self) -> str:
        if self.unit is None:
            return self.text
        return f"{self.text}%" if self.unit == "%" else f"{self.text} {self.unit}"


@dataclass(frozen=True)
class Range:
    """``low..high unit``; low < high."""

    low: Number
    high: Number
    unit: str | None = None

    def __post_init__(self) -> None:
        if not self.low.exact < self.high.exact:
            raise InputError(
                f"the range {self.low.text}..{self.high.text} is empty: its low end must be below its high end"
            )

    def __str__(self) -> str:
        return f"{self.low.text}..{self.high.text}" + (f" {self.unit}" if self.unit else "")


@dataclass(frozen=True)
class Factor:
    """An experimental factor: numeric with a range (``low..high``), or a list of levels.

    ``levels`` are Numbers for a numeric discrete factor, str for a categorical one.
    """

    name: str
    range: Range | None = None
    levels: tuple[Number | str, ...] = ()
    unit: str | None = None

    @property
    def categorical(self) -> bool:
        return any(isinstance(level, str) for level in self.levels)

    @property
    def low(self) -> float:
        return self.range.low.value if self.range else min(v.value for v in self.levels)  # type: ignore[union-attr]

    @property
    def high(self) -> float:
        return self.range.high.value if self.range else max(v.value for v in self.levels)  # type: ignore[union-attr]


@dataclass(frozen=True)
class Sample:
    """A column of numbers as written; ``None`` marks a missing one.

    ``values`` are float64 with NaN where missing; ``exact`` are Fractions of the texts.
    """

    name: str
    texts: tuple[str | None, ...]
    unit: str | None = None

    def __getattr__(self, name: str) -> Any:
        """Write the texts of computed floats when they are first asked for: few columns are."""
        if name == "texts" and (computed := self.__dict__.get("values")) is not None:
            texts = tuple(map(repr, computed.tolist()))
            object.__setattr__(self, "texts", texts)
            return texts
        raise AttributeError(f"a column has no '{name}'")

    @staticmethod
    def of(
        values: Iterable[float | int | str | None], name: str = "x", unit: str | None = None
    ) -> Sample:
        """Build from Python numbers (shortest round-trip text) or texts."""
        if isinstance(values, np.ndarray):
            if values.dtype == np.float64 and values.ndim == 1 and not np.isnan(values).any():
                found = object.__new__(Sample)
                found.__dict__.update(name=name, unit=unit, values=values.copy())
                return found
            values = values.tolist()
        texts: list[str | None] = []
        values = list(values)
        if set(map(type, values)) == {float} and not any(map(math.isnan, values)):  # type: ignore[arg-type]
            return Sample(name, tuple(map(repr, values)), unit)
        for v in values:
            if v is None or (isinstance(v, float) and math.isnan(v)):
                texts.append(None)
            else:
                texts.append(
                    v if isinstance(v, str) else repr(v.item() if isinstance(v, np.generic) else v)
                )
        return Sample(name, tuple(texts), unit)

    @cached_property
    def values(self) -> FloatArray:
        try:  # in one sweep where nothing is missing and nothing is a fraction
            return np.array(list(map(float, self.texts)), dtype=np.float64)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            pass
        return np.array(
            [math.nan if t is None else as_float(t) for t in self.texts], dtype=np.float64
        )

    @cached_property
    def exact(self) -> tuple[Fraction, ...]:
        """Raises InputError where a value is missing: drop those first (``present``)."""
        if any(t is None for t in self.texts):
            raise InputError(f"column '{self.name}' has missing values")
        return tuple(Fraction(t) for t in self.texts if t is not None)

    @property
    def n_missing(self) -> int:
        return self.texts.count(None)

    def present(self) -> Sample:
        """Return the column without its missing values (say so: ``n_missing``)."""
        return Sample(self.name, tuple(t for t in self.texts if t is not None), self.unit)

    def unpadded(self) -> Sample:
        """Return a group's column without the empty cells behind its last value: beside longer ones it is filled up."""
        texts = self.__dict__.get("texts", ())  # computed floats have no gaps
        end = len(texts)
        while end and texts[end - 1] is None:
            end -= 1
        return self if end == len(texts) else Sample(self.name, texts[:end], self.unit)

    def take(self, rows: Sequence[int]) -> Sample:
        return Sample(self.name, tuple(self.texts[i] for i in rows), self.unit)

    def __len__(self) -> int:
        found = self.__dict__
        return len(found["texts"] if "texts" in found else found["values"])


@dataclass(frozen=True)
class Labels:
    """A column of words; ``None`` marks a missing one."""

    name: str
    items: tuple[str | None, ...]

    @property
    def n_missing(self) -> int:
        return self.items.count(None)

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Distinct labels in order of first appearance."""
        return tuple(t for t in dict.fromkeys(self.items) if t is not None)

    @cached_property
    def codes(self) -> npt.NDArray[np.int64]:
        """The index in ``levels`` of each label; -1 where missing. Shape (n,)."""
        number: dict[str | None, int] = {level: k for k, level in enumerate(self.levels)}
        number[None] = -1
        return np.fromiter(map(number.__getitem__, self.items), np.int64, len(self.items))

    def first_word(self) -> tuple[int, str]:
        """Row (from 1) and text of the first cell that is not a number, for a refusal to name."""
        present = [(i, t) for i, t in enumerate(self.items, 1) if t is not None]
        words = [(i, t) for i, t in present if not _is_number(t)]
        return (words or present or [(0, "")])[0]

    def take(self, rows: Sequence[int]) -> Labels:
        return Labels(self.name, tuple(self.items[i] for i in rows))

    def __len__(self) -> int:
        return len(self.items)


Column = Sample | Labels

FAR = 1e6  # mean over spread from which float64 is held to lose too many digits of the spread


def near_zero(samples: Sequence[Sample]) -> tuple[list[FloatArray], Fraction]:
    """Values of columns without missing cells less a common exact number, and that number.

    What depends on differences alone (ranges, standard deviations, distances to a limit) is to be
    computed of these: 1000000000000.7 as a float64 has lost all but one digit after the point. The
    number is 0 where the values are not far from zero beside their spread.
    """
    values = [s.values for s in samples]
    full = [v for v in values if len(v)]
    if not full:
        return values, Fraction(0)
    low, high = min(float(v.min()) for v in full), max(float(v.max()) for v in full)
    if not max(abs(low), abs(high)) > FAR * (high - low):
        return values, Fraction(0)
    offset = Fraction(round(next(s.exact[0] for s in samples if len(s))))
    moved = [np.array([float(v - offset) for v in s.exact]) for s in samples]
    return moved, offset


def each_near_zero(samples: Sequence[Sample]) -> list[FloatArray]:
    """Values of each column less a number of its own, for what depends on spreads within columns alone.

    One subgroup mistyped near 1e12 then keeps its digits, as do the others.
    """
    return [near_zero([s])[0][0] for s in samples]


def refuse_unfit_for_logs(x: FloatArray, what: str) -> None:
    """Refuse positive values that no distribution on 0..∞ can be fitted to in float64.

    Raises
    ------
    InputError
        They span more than 30 powers of ten, or lie a million times further from 0 than apart.
    """
    low, high = float(x.min()), float(x.max())
    if low > 0 and high / low > 1e30:
        raise InputError(
            f"the values run from {low:g} to {high:g}: no {what} can be fitted over so many powers "
            "of ten; is one of them meant to be 0 or missing?"
        )
    if low > 0 and 0 < high - low < high / FAR:
        raise InputError(
            f"the values lie near {high:g} and differ by {high - low:.2g} only: a {what}, which "
            "starts at 0, cannot be told from them; subtract a constant first"
        )


def refuse_far_from_zero(x: Sample) -> None:
    """Refuse values whose differences float64 cannot hold to 8 digits, where no exact way exists."""
    v = x.values[~np.isnan(x.values)]
    spread = float(np.ptp(v)) if len(v) else 0.0
    if spread and float(np.abs(v).max()) > 1e8 * spread:
        raise InputError(
            f"the values of '{x.name}' lie near {v[0]:g} and differ by {spread:.2g} only, too "
            "little beside their size: subtract a constant first"
        )


def as_labels(column: Column) -> Labels:
    """A numeric column read as group labels (part 1, 2, 3 ...)."""
    return column if isinstance(column, Labels) else Labels(column.name, column.texts)


@dataclass(frozen=True)
class Table:
    """Named columns of equal length, except for wide group data, whose shorter columns end in missing values."""

    columns: tuple[Column, ...]
    name: str = "data"
    source: str | None = None
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        lengths = {len(c) for c in self.columns}
        if len(lengths) > 1:
            raise InputError(
                f"table '{self.name}' has columns of unequal length: {sorted(lengths)}"
            )

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    @property
    def n_rows(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def column(self, name: str) -> Column:
        """Find a column: exactly, then ignoring case, spaces, punctuation and a unit in brackets.

        Raises
        ------
        InputError
            If there is no such column (with the nearest name), or the loose match is not unique.
        """
        for c in self.columns:
            if c.name == name:
                return c
        loose = [c for c in self.columns if loose_name(c.name) == loose_name(name)]
        if len(loose) == 1:
            return loose[0]
        if loose:
            raise InputError(f"'{name}' fits several columns: {', '.join(c.name for c in loose)}")
        raise InputError(
            f"table '{self.name}' has no column '{name}'{nearest(name, self.names)} "
            f"(its columns: {', '.join(self.names)})"
        )

    def sample(self, name: str) -> Sample:
        """The numeric column ``name``; a text column is refused with its first non-numeric cell."""
        found = self.column(name)
        if isinstance(found, Labels):
            row, cell = found.first_word()
            raise InputError(
                f"column '{found.name}' holds words, not numbers (row {row}: '{cell}'); numbers are needed here"
            )
        return found

    def samples(self) -> tuple[Sample, ...]:
        """All numeric columns."""
        return tuple(c for c in self.columns if isinstance(c, Sample))

    def take(self, rows: Sequence[int]) -> Table:
        return Table(tuple(c.take(rows) for c in self.columns), self.name, self.source, self.notes)

    def rows(self) -> list[list[Any]]:
        """Rows of plain values: int or float (None when missing) and str."""
        plain = [
            [None if t is None else plain_number(t) for t in c.texts]
            if isinstance(c, Sample)
            else list(c.items)
            for c in self.columns
        ]
        return [list(row) for row in zip(*plain, strict=True)]

    def frame(self) -> Any:
        """A pandas DataFrame (float64 and object columns)."""
        import pandas as pd

        return pd.DataFrame(
            {
                c.name: c.values if isinstance(c, Sample) else np.array(c.items, dtype=object)
                for c in self.columns
            }
        )


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def plain_number(text: str) -> int | float:
    """``"3"`` -> 3, ``"3.0"`` -> 3.0."""
    try:
        return int(text)
    except ValueError:
        return as_float(text)


def as_float(text: str) -> float:
    """The nearest float64 to a number as written; folded arithmetic such as ``4/3`` is written as a fraction."""
    return float(Fraction(text)) if "/" in text else float(text)


def loose_name(name: str) -> str:
    """A column's name without case, punctuation and a trailing unit in brackets: ``Temp (°C)`` -> ``temp``."""
    bare = name.split("(")[0].split("[")[0] if name[:1] not in "([" else name
    return "".join(ch for ch in (bare or name).casefold() if ch.isalnum()) or name.casefold()


def complete_cases(*columns: Column) -> tuple[tuple[Column, ...], int]:
    """Drop the rows in which any column is missing; return the columns and the number of rows dropped."""
    if len({len(c) for c in columns}) > 1:
        raise InputError(
            "columns of unequal length cannot be paired: "
            + ", ".join(f"{c.name} has {len(c)}" for c in columns)
        )
    cells = [c.texts if isinstance(c, Sample) else c.items for c in columns]
    if not any(None in col for col in cells):
        return columns, 0
    keep = [i for i in range(len(columns[0])) if all(col[i] is not None for col in cells)]
    return tuple(c.take(keep) for c in columns), len(columns[0]) - len(keep)
