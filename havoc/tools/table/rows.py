"""Operations that keep some rows of a table: each says how many went in, came out, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd

from havoc.errors import InputError, NeedsClarification
from havoc.tools.expression import Relation, show
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result, ResultTable, Value, table_of
from havoc.tools.table import vectors
from havoc.tools.table.cells import WHOLE_FUNCTIONS, Cell, cells_of, mask
from havoc.tools.values import Column, Labels, Sample, Table

_PANDAS = "Wickham (2014), Tidy Data, J. Statistical Software 59(10)"
ROWS = {
    "rows_in": "rows of the table given",
    "rows_out": "rows of the table returned",
    "dropped": "rows left out",
}
SHOWN_ROWS = 20
EXAMPLE = (
    "t = table(thickness=[10.2, 9.8, 10.5, na, 14.0, 10.1, 9.9, 10.0], "
    'line=["A", "B", "A", "B", "B", "A", "A", "B"])\n'
)


def preview(table: Table, rows: int = SHOWN_ROWS) -> ResultTable:
    """The first rows, to look at."""
    shown = table.take(range(min(rows, table.n_rows)))
    name = table.name if table.n_rows <= rows else f"{table.name} (first {rows} rows)"
    return table_of(name, table.names, shown.rows())


def kept(
    data: Table,
    rows: Sequence[int],
    conclusion: str,
    warnings: Sequence[str] = (),
    /,
    **more: Value,
) -> Result:
    """A result whose table has these rows of ``data``."""
    out = data.take(rows)
    values: dict[str, Value] = {
        "rows_in": data.n_rows,
        "rows_out": out.n_rows,
        "dropped": data.n_rows - out.n_rows,
        **more,
    }
    notes = list(warnings)
    if not rows:
        notes.append("No row is left.")
    return Result(
        values,
        conclusion,
        tables=(preview(out),),
        warnings=tuple(notes),
        data=out,
        extra={"rows": tuple(rows)},
    )


def same_rows(result: Result, data: Table, again: Sequence[int]) -> dict[str, Any]:
    """For a verifier: the rows kept are these, and the counts follow."""
    chosen = list(result.extra["rows"])
    out = result.data
    assert out is not None
    cells = sum(
        a != b
        for column in out.columns
        if column.name in data.names
        for a, b in zip(
            _texts(column), _texts(data.column(column.name).take(list(again))), strict=False
        )
    )
    return {
        "rows_in": len(data.frame()),
        "rows_out": len(again),
        "dropped": data.n_rows - len(again),
        "rows kept": Invariant(float(chosen == list(again)), 1.0),
        "cells that differ": Invariant(cells, 0),
    }


def _texts(column: Column) -> tuple[str | None, ...]:
    return column.texts if isinstance(column, Sample) else column.items


def named(columns: Sequence[Column], data: Table) -> list[str]:
    """The names of columns, each of which must be the table's own."""
    for column in columns:
        if column.name not in data.names:
            raise InputError(f"'{column.name}' is no column of '{data.name}'")
    return [c.name for c in columns]


# --- filter ----------------------------------------


def _verify_filter(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    data: Table = arguments["data"]
    truth = vectors.evaluate(arguments["where"], data)
    again = np.flatnonzero(truth.fillna(0.0).to_numpy() != 0).tolist()
    return same_rows(result, data, again) | {"undecided": int(truth.isna().sum())}


@operation(
    "table.filter",
    outputs={**ROWS, "undecided": "rows left out because a missing cell leaves the condition open"},
    reference=_PANDAS,
    verifier=_verify_filter,
    examples=(EXAMPLE + "r = table.filter(t, where=thickness > 10)",),
    terms=("filter rows", "only rows where", "subset", "keep rows"),
)
def filter_rows(
    data: Annotated[Table, Param("table")],
    where: Annotated[Relation, Param('condition on its columns, such as region == "north"')],
) -> Result:
    """Keep the rows in which a condition holds.

    Rows in which a missing cell leaves the condition open are left out and counted.
    """
    truth = mask(where, data)
    rows = [i for i, t in enumerate(truth) if t]
    undecided = sum(t is None for t in truth)
    warnings = []
    if undecided:
        warnings.append(
            f"{undecided} row(s) were left out because a missing cell leaves {show(where)} open."
        )
    return kept(
        data,
        rows,
        "{rows_out} of {rows_in} rows satisfy the condition.",
        warnings,
        undecided=undecided,
    )


# --- sort, top ----------------------------------------


def _order(data: Table, by: Sequence[Column], descending: bool) -> list[int]:
    """Row numbers in order; missing cells come last, ties keep their order."""
    rows = list(range(data.n_rows))
    for column in reversed(by):
        cells = cells_of(column)
        present = [i for i in rows if cells[i] is not None]
        missing = [i for i in rows if cells[i] is None]
        present.sort(key=lambda i: cells[i], reverse=descending)  # type: ignore[arg-type, return-value]
        rows = present + missing
    return rows


def _order_again(data: Table, by: Sequence[Column], descending: bool) -> list[int]:
    frame = pd.DataFrame({f"k{i}": vectors.series_of(c) for i, c in enumerate(by)})
    ordered = frame.sort_values(
        list(frame.columns), ascending=not descending, kind="stable", na_position="last"
    )
    return [int(i) for i in ordered.index]


def _verify_sort(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    data = arguments["data"]
    again = _order_again(data, arguments["by"], arguments["order"] == "descending")
    return same_rows(result, data, again)


@operation(
    "table.sort",
    outputs=ROWS,
    reference=_PANDAS,
    verifier=_verify_sort,
    examples=(EXAMPLE + "r = table.sort(t, by=[thickness], order=descending)",),
    terms=("sort", "order by", "arrange", "rank rows"),
)
def sort(
    data: Annotated[Table, Param("table")],
    by: Annotated[tuple[Column, ...], Param("columns, most important first", min_length=1)],
    order: Annotated[
        Literal["ascending", "descending"], Param("smallest or largest first")
    ] = "ascending",
) -> Result:
    """Sort the rows of a table.

    Rows with a missing cell in a sorting column come last; equal rows keep their order.
    """
    named(by, data)
    rows = _order(data, by, order == "descending")
    return kept(data, rows, f"The {{rows_out}} rows are sorted by {', '.join(c.name for c in by)}.")


def _verify_top(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    data, by = arguments["data"], arguments["by"]
    frame = vectors.series_of(by).dropna()
    pick = frame.nlargest if arguments["which"] == "largest" else frame.nsmallest
    again = [int(i) for i in pick(arguments["n"], keep="first").index]
    tied = arguments["ties"]
    if tied and again:
        edge = frame[again[-1]]
        again += [int(i) for i in frame.index[frame == edge] if int(i) not in again]
    checks = same_rows(result, data, again)
    return checks | {"values": [float(frame[i]) for i in again], "rows": [i + 1 for i in again]}


@operation(
    "table.top",
    outputs={
        **ROWS,
        "values": "values of the sorting column, most extreme first",
        "rows": "their row numbers in the table given, from 1",
        "labels": "their entries in the first column of words",
    },
    reference=_PANDAS,
    verifier=_verify_top,
    examples=(EXAMPLE + "r = table.top(t, by=thickness, n=3)",),
    terms=("top n", "largest", "smallest", "highest", "lowest", "which has the most"),
)
def top(
    data: Annotated[Table, Param("table")],
    by: Annotated[Sample, Param("column that decides")],
    n: Annotated[int, Param("how many rows", ge=1)] = 5,
    which: Annotated[Literal["largest", "smallest"], Param("which end")] = "largest",
    ties: Annotated[bool, Param("keep rows equal to the last one too")] = False,
) -> Result:
    """Find the rows with the largest or smallest values of a column.

    Of equal values the earlier row comes first.
    """
    named([by], data)
    rows = [i for i in _order(data, [by], which == "largest") if by.texts[i] is not None]
    if not rows:
        raise InputError(f"'{by.name}' has no values")
    chosen = rows[:n]
    if ties and chosen:
        edge = by.values[chosen[-1]]
        chosen += [i for i in rows[n:] if by.values[i] == edge]
    more: dict[str, Value] = {
        "values": [float(by.values[i]) for i in chosen],
        "rows": [i + 1 for i in chosen],
    }
    words = next((c for c in data.columns if isinstance(c, Labels)), None)
    conclusion = f"The {which} value of {by.name} is {{values[0]}}, in row {{rows[0]}}"
    if words is not None:
        more["labels"] = [words.items[i] for i in chosen]
        conclusion += " ({labels[0]})"
    warnings = []
    if not ties and len(rows) > n and by.values[rows[n]] == by.values[rows[n - 1]]:
        warnings.append("Further rows have the same value as the last one shown.")
    if by.n_missing:
        warnings.append(f"{by.n_missing} row(s) have no value of {by.name}.")
    return kept(data, chosen, conclusion + ".", warnings, **more)


# --- missing cells, duplicates ----------------------------------------


def _verify_drop_missing(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    data = arguments["data"]
    frame = data.frame()
    of = [c.name for c in arguments["columns"] or data.columns]
    again = [int(i) for i in frame.dropna(subset=of).index]
    return same_rows(result, data, again)


@operation(
    "table.drop_missing",
    outputs=ROWS,
    reference="Little and Rubin (2019), Statistical Analysis with Missing Data, 3rd ed., chapter 3",
    verifier=_verify_drop_missing,
    examples=(EXAMPLE + "r = table.drop_missing(t, columns=[thickness])",),
    terms=("drop missing", "remove empty rows", "complete cases", "dropna"),
)
def drop_missing(
    data: Annotated[Table, Param("table")],
    columns: Annotated[
        tuple[Column, ...] | None, Param("columns looked at; all if left out")
    ] = None,
) -> Result:
    """Leave out the rows with a missing cell.

    In any column, or in those named. Complete-case analysis is unbiased only if what is missing does
    not depend on the values: say so when many rows go.
    """
    of = data.columns if columns is None else tuple(columns)
    named(of, data)
    cells = [cells_of(c) for c in of]
    rows = [i for i in range(data.n_rows) if all(col[i] is not None for col in cells)]
    warnings = []
    share = 1 - len(rows) / data.n_rows if data.n_rows else 0
    if share > 0.2:
        warnings.append(
            f"{share:.0%} of the rows are left out: are the values missing by chance, or do "
            "they have something in common?"
        )
    return kept(data, rows, "{dropped} of {rows_in} rows have missing cells.", warnings)


def _verify_duplicates(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    data = arguments["data"]
    frame = pd.DataFrame({c.name: vectors.series_of(c) for c in data.columns})
    of = [c.name for c in arguments["columns"] or data.columns]
    again = np.flatnonzero(~frame.duplicated(subset=of).to_numpy()).tolist()
    return same_rows(result, data, again)


@operation(
    "table.drop_duplicates",
    outputs=ROWS,
    reference=_PANDAS,
    verifier=_verify_duplicates,
    examples=(EXAMPLE + "r = table.drop_duplicates(t)",),
    terms=("remove duplicates", "unique rows", "deduplicate"),
)
def drop_duplicates(
    data: Annotated[Table, Param("table")],
    columns: Annotated[
        tuple[Column, ...] | None, Param("columns compared; all if left out")
    ] = None,
) -> Result:
    """Leave out rows that repeat an earlier one.

    Numbers are compared as numbers: 1.0 and 1 are the same.
    """
    of = data.columns if columns is None else tuple(columns)
    named(of, data)
    cells = [cells_of(c) for c in of]
    seen: set[tuple[Cell, ...]] = set()
    rows = []
    for i in range(data.n_rows):
        key = tuple(col[i] for col in cells)
        if key not in seen:
            seen.add(key)
            rows.append(i)
    return kept(data, rows, "{dropped} of {rows_in} rows repeat an earlier one.")


# --- outliers ----------------------------------------


def _fences(
    column: Sample, method: str, threshold: float | None, sd: str
) -> tuple[Decimal, Decimal]:
    cells = [c for c in cells_of(column) if isinstance(c, Decimal)]
    if len(cells) < 3:
        raise InputError(f"'{column.name}' has {len(cells)} values; at least 3 are needed")
    if method == "iqr":
        ordered = sorted(cells)
        k = Decimal(repr(1.5 if threshold is None else threshold))
        q1, q3 = (_interpolated(ordered, p) for p in ("0.25", "0.75"))
        return q1 - k * (q3 - q1), q3 + k * (q3 - q1)
    k = Decimal(repr(3.0 if threshold is None else threshold))
    n = Decimal(len(cells))
    centre = sum(cells, Decimal(0)) / n
    squares = sum(((c - centre) ** 2 for c in cells), Decimal(0))
    spread = (squares / (n if sd == "population" else n - 1)).sqrt()
    return centre - k * spread, centre + k * spread


def _interpolated(ordered: Sequence[Decimal], share: str) -> Decimal:
    place = (len(ordered) - 1) * Decimal(share)
    i = min(int(place), len(ordered) - 2)
    return ordered[i] + (place - i) * (ordered[i + 1] - ordered[i])


def _verify_outliers(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    data, x = arguments["data"], arguments["column"]
    values = vectors.series_of(x)
    if arguments["method"] == "iqr":
        q1, q3 = values.quantile(0.25), values.quantile(0.75)
        k = arguments["threshold"] or 1.5
        low, high = q1 - k * (q3 - q1), q3 + k * (q3 - q1)
    else:
        k = arguments["threshold"] or 3.0
        spread = values.std(ddof=0 if arguments["sd"] == "population" else 1)
        low, high = values.mean() - k * spread, values.mean() + k * spread
    outside = (values < low) | (values > high)
    again = np.flatnonzero(~outside.to_numpy()).tolist()
    assert result.data is not None
    clean = vectors.summary(values[~outside], result.data.sample(x.name))
    return same_rows(result, data, again) | {
        "lower": low,
        "upper": high,
        "outliers": values[outside].tolist(),
        "rows": [int(i) + 1 for i in np.flatnonzero(outside.to_numpy())],
        "count": int(outside.sum()),
        "mean": clean["mean"],
        "sd": clean["sd"],
    }


@operation(
    "table.remove_outliers",
    outputs={
        **ROWS,
        "count": "number of outliers",
        "lower": "lower fence",
        "upper": "upper fence",
        "outliers": "the outlying values",
        "rows": "their row numbers, from 1",
        "mean": "mean without them",
        "sd": "standard deviation without them",
    },
    reference="Tukey (1977), Exploratory Data Analysis, chapter 2; NIST e-Handbook 7.1.6 and 1.3.5.17",
    verifier=_verify_outliers,
    examples=(EXAMPLE + "r = table.remove_outliers(t, column=thickness)",),
    terms=("remove outliers", "drop outliers", "z-score filter", "IQR rule", "Tukey fences"),
)
def remove_outliers(
    data: Annotated[Table, Param("table")],
    column: Annotated[Sample, Param("column looked at")],
    method: Annotated[
        Literal["iqr", "zscore"], Param("Tukey's fences at the quartiles, or distance in sd")
    ] = "iqr",
    threshold: Annotated[
        float | None, Param("fences' factor: 1.5 for iqr, 3 for zscore if left out", gt=0)
    ] = None,
    sd: Annotated[
        Literal["sample", "population"], Param("which standard deviation zscore divides by")
    ] = "population",
) -> Result:
    """Leave out the rows whose value in a column is outlying.

    By Tukey's fences Q1 - k IQR and Q3 + k IQR (quartiles interpolated, Hyndman-Fan type 7), or by
    |z| > k. Rows with no value stay.
    """
    named([column], data)
    low, high = _fences(column, method, threshold, sd)
    cells = cells_of(column)
    outside = [i for i, c in enumerate(cells) if isinstance(c, Decimal) and not low <= c <= high]
    rows = [i for i in range(data.n_rows) if i not in set(outside)]
    clean = [c for i in rows if isinstance(c := cells[i], Decimal)]
    more: dict[str, Value] = {
        "count": len(outside),
        "lower": float(low),
        "upper": float(high),
        "outliers": [float(column.values[i]) for i in outside],
        "rows": [i + 1 for i in outside],
        "mean": float(WHOLE_FUNCTIONS["mean"](clean)),
        "sd": float(WHOLE_FUNCTIONS["sd"](clean)) if len(clean) > 1 else None,
    }
    warnings = []
    if outside:
        warnings.append(
            "A value is not wrong because it is far out: look for its cause before dropping it."
        )
    if method == "zscore" and len(clean) + len(outside) <= 10:
        warnings.append("With 10 values or fewer no |z| can exceed 3: use the IQR rule.")
    return kept(data, rows, "{count} value(s) lie outside {lower} to {upper}.", warnings, **more)


# --- samples ----------------------------------------


def _verify_sample(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The generator's own permutation once more; with the other part it makes the whole table."""
    data = arguments["data"]
    n = _drawn(data.n_rows, arguments["n"], arguments["share"])
    order = np.random.default_rng(arguments["seed"]).permutation(data.n_rows)
    part = order[n:] if arguments["part"] == "rest" else order[:n]
    return same_rows(result, data, sorted(int(i) for i in part))


def _drawn(rows: int, n: int | None, share: float | None) -> int:
    """How many of ``rows`` are drawn, by number or by share (rounded to the nearest row).

    Raises
    ------
    NeedsClarification
        Neither is given.
    InputError
        Both are given, more than there are, or a share that leaves one part empty.
    """
    if (n is None) == (share is None):
        if n is not None:
            raise InputError("give either n rows or their share, not both")
        raise NeedsClarification("how many rows are to be drawn: n=10, or share=70%?")
    if n is None:
        assert share is not None
        n = int(Fraction(repr(share)) * rows + Fraction(1, 2))
        if not 0 < n < rows:
            raise InputError(f"a share of {share:g} of {rows} rows leaves one part empty")
    if n > rows:
        raise InputError(f"{n:.7g} rows cannot be drawn from {rows}")
    return n


@operation(
    "table.sample",
    outputs=ROWS,
    reference="Cochran (1977), Sampling Techniques, 3rd ed., chapter 2; PCG64 (O'Neill 2014)",
    verifier=_verify_sample,
    examples=(
        EXAMPLE + "r = table.sample(t, n=3, seed=7)",
        EXAMPLE + "train = table.sample(t, share=75%, seed=7)\n"
        "test = table.sample(t, share=75%, seed=7, part=rest)",
    ),
    terms=("random sample", "draw rows at random", "subsample", "split a table", "remaining rows"),
)
def sample(
    data: Annotated[Table, Param("table")],
    n: Annotated[int | None, Param("number of rows drawn", ge=1)] = None,
    share: Annotated[
        float | None, Param("share of the rows drawn, instead of n", gt=0, lt=1, fraction=True)
    ] = None,
    part: Annotated[
        Literal["drawn", "rest"], Param("the rows drawn, or those that remain: the two of a split")
    ] = "drawn",
    seed: Annotated[int, Param("seed of the random order", ge=0)] = 1,
) -> Result:
    """Draw rows at random without replacement, in their order; the same seed draws the same rows.

    With ``part=rest`` the rows that were not drawn are given: the same n (or share) and seed once
    with each ``part`` split a table in two, no row in both and none lost.
    """
    count = _drawn(data.n_rows, n, share)
    order = np.random.default_rng(seed).permutation(data.n_rows)
    if part == "rest":
        text = "{dropped} of {rows_in} rows were drawn; these are the other {rows_out}."
        return kept(data, sorted(order[count:].tolist()), text)
    return kept(data, sorted(order[:count].tolist()), "{rows_out} of {rows_in} rows were drawn.")
