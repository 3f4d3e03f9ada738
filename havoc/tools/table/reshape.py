"""Operations that turn a table into another shape, and that join two tables."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

import pandas as pd

from havoc.errors import InputError
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result, Value
from havoc.tools.table import vectors
from havoc.tools.table.cells import Cell, cells_of, column_of
from havoc.tools.table.groups import aggregated, grouped, key_text
from havoc.tools.table.rows import named, preview
from havoc.tools.values import Column, Labels, Sample, Table, as_labels

_TIDY = "Wickham (2014), Tidy Data, J. Statistical Software 59(10)"


def _verify_pivot(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    index, across, column = (arguments[k] for k in ("rows", "columns", "values"))
    frame = pd.DataFrame(
        {
            "i": pd.Series(list(as_labels(index).items), dtype=object),
            "j": pd.Series(list(as_labels(across).items), dtype=object),
            "v": vectors.series_of(column),
        }
    )
    how = {"sd": "std"}.get(arguments["aggregate"], arguments["aggregate"])
    wide = frame.pivot_table(index="i", columns="j", values="v", aggfunc=how, observed=True)
    out = result.data
    assert out is not None
    wrong = 0
    first = as_labels(out.columns[0]).items
    for c in out.columns[1:]:
        for name, value in zip(first, c.values, strict=True):  # type: ignore[union-attr]
            there = name in wide.index and c.name in wide.columns
            again: Any = wide[c.name].loc[str(name)] if there else float("nan")
            same = pd.isna(again) and pd.isna(value)
            wrong += not (same or abs(again - value) <= 1e-9 * max(1, abs(again)))
    present = frame.dropna(subset=["i", "j"])
    return {
        "rows_in": len(frame),
        "rows_out": present["i"].nunique(),
        "n_columns": present["j"].nunique(),
        "cells that differ": Invariant(wrong, 0),
    }


@operation(
    "table.pivot",
    outputs={
        "rows_in": "rows of the table given",
        "rows_out": "rows of the wide table",
        "n_columns": "columns made",
    },
    reference=_TIDY,
    verifier=_verify_pivot,
    examples=(
        't = table(part=["a", "a", "b", "b"], op=["x", "y", "x", "y"], size=[1, 2, 3, 4])\n'
        "r = table.pivot(t, rows=part, columns=op, values=size)",
    ),
    terms=("pivot", "cross table", "wide format", "unstack"),
)
def pivot(
    data: Annotated[Table, Param("table")],
    rows: Annotated[Column, Param("column that names the rows")],
    columns: Annotated[Column, Param("column that names the new columns")],
    values: Annotated[Sample, Param("column of values")],
    aggregate: Annotated[
        Literal["mean", "median", "sum", "count", "min", "max", "sd"],
        Param("what is done with several values of one cell"),
    ] = "mean",
) -> Result:
    """Turn a long table into a wide one: one row for each name, one column for each other name."""
    named([rows, columns, values], data)
    down, _ = grouped([rows])
    across, _ = grouped([columns])
    for named_by, levels in ((rows, down), (columns, across)):
        if not levels:
            raise InputError(f"'{named_by.name}' has no values to name rows or columns by")
    if len(across) > 1000:
        raise InputError(
            f"'{columns.name}' would make {len(across)} columns; at most 1000 are made"
        )
    cells, place = cells_of(values), cells_of(columns)
    made: list[Column] = []
    for (level,) in across:
        found = []
        for members in down.values():
            inside = [
                c for i in members if place[i] == level and isinstance(c := cells[i], Decimal)
            ]
            found.append(aggregated(inside, aggregate) if inside else None)
        made.append(column_of(key_text((level,)), found))
    index = column_of(rows.name, [k[0] for k in down])
    out = Table((as_labels(index), *made), f"{data.name} (wide)")
    numbers: dict[str, Value] = {
        "rows_in": data.n_rows,
        "rows_out": out.n_rows,
        "n_columns": len(made),
    }
    return Result(
        numbers,
        "The wide table has {rows_out} rows and {n_columns} columns of values.",
        tables=(preview(out, 200),),
        data=out,
    )


def _verify_melt(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    frame = arguments["data"].frame()
    of = [c.name for c in arguments["columns"]]
    keep = [n for n in arguments["data"].names if n not in of]
    long = frame.melt(id_vars=keep, value_vars=of, var_name="__name", value_name="__value")
    if arguments["drop_missing"]:
        long = long.dropna(subset=["__value"])
    out = result.data
    assert out is not None
    return {
        "rows_in": len(frame),
        "rows_out": len(long),
        "groups": len(of),
        "values that differ": Invariant(
            vectors.differing_cells(out.columns[-1], long["__value"].reset_index(drop=True)), 0
        ),
    }


@operation(
    "table.melt",
    outputs={
        "rows_in": "rows of the table given",
        "rows_out": "rows of the long table",
        "groups": "columns stacked",
    },
    reference=_TIDY,
    verifier=_verify_melt,
    examples=("t = table(a=[1, 2], b=[3, 4])\nr = table.melt(t, columns=[a, b])",),
    terms=("melt", "long format", "stack columns", "unpivot"),
)
def melt(
    data: Annotated[Table, Param("table")],
    columns: Annotated[tuple[Sample, ...], Param("columns to stack", min_length=2)],
    drop_missing: Annotated[bool, Param("leave out missing cells (short columns)")] = True,
) -> Result:
    """Stack columns into one column of values and one of names."""
    names = named(columns, data)
    if len(set(names)) < len(names):
        raise InputError(f"a column is named twice among those to stack: {', '.join(names)}")
    keep = [c for c in data.columns if c.name not in names]
    place = [(c, i) for c in columns for i in range(data.n_rows)]
    if drop_missing:
        place = [(c, i) for c, i in place if c.texts[i] is not None]
    name = "group" if "group" not in data.names else "column"
    value = "value" if "value" not in data.names else "cell"
    rows = [i for _, i in place]
    out = Table(
        (
            *(c.take(rows) for c in keep),
            Labels(name, tuple(c.name for c, _ in place)),
            Sample(value, tuple(c.texts[i] for c, i in place)),
        ),
        f"{data.name} (long)",
    )
    numbers: dict[str, Value] = {
        "rows_in": data.n_rows,
        "rows_out": out.n_rows,
        "groups": len(names),
    }
    return Result(
        numbers,
        "The long table has {rows_out} rows from {groups} columns.",
        tables=(preview(out),),
        data=out,
    )


def _verify_join(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    left, right = (arguments[k] for k in ("data", "other"))
    keys = [c.name for c in arguments["on"]]
    frames = [
        pd.DataFrame({c.name: vectors.series_of(c) for c in t.columns}).dropna(subset=keys)
        for t in (left, right)
    ]
    how = arguments["how"]
    joined = frames[0].merge(frames[1], on=keys, how="inner")
    matched = len(frames[0].merge(frames[1][keys].drop_duplicates(), on=keys))
    unmatched = left.n_rows - matched
    return {
        "rows_in": left.n_rows,
        "rows_out": len(joined) + (unmatched if how == "left" else 0),
        "matched": matched,
        "unmatched": unmatched,
    }


@operation(
    "table.join",
    outputs={
        "rows_in": "rows of the first table",
        "rows_out": "rows of the joined table",
        "matched": "rows of the first table with a partner",
        "unmatched": "rows of the first table without one",
    },
    reference="Codd (1970), A Relational Model of Data for Large Shared Data Banks",
    verifier=_verify_join,
    examples=(
        "t = table(lot=[1, 2, 3], y=[5, 6, 7])\nu = table(lot=[1, 2], x=[8, 9])\n"
        "r = table.join(t, u, on=[lot], how=left)",
    ),
    terms=("join", "merge tables", "look up", "combine two tables"),
)
def join(
    data: Annotated[Table, Param("first table")],
    other: Annotated[Table, Param("second table")],
    on: Annotated[tuple[Column, ...], Param("columns of both that must be equal", min_length=1)],
    how: Annotated[
        Literal["inner", "left"], Param("keep matched rows only, or every row of the first")
    ] = "inner",
) -> Result:
    """Join two tables on equal columns.

    A row with several partners is repeated for each; missing keys match nothing.
    """
    keys = named(on, data)
    for k in keys:
        if isinstance(data.column(k), Sample) != isinstance(other.column(k), Sample):
            words, numbers = (data, other) if isinstance(other.column(k), Sample) else (other, data)
            row, cell = as_labels(words.column(k)).first_word()
            raise InputError(
                f"'{k}' holds numbers in '{numbers.name}' but words in '{words.name}' (row {row}: '{cell}'): "
                "rows cannot be matched"
            )
    index: dict[tuple[Cell, ...], list[int]] = {}
    theirs = [cells_of(other.column(k)) for k in keys]
    for j, key in enumerate(zip(*theirs, strict=True)):
        if not any(k is None for k in key):
            index.setdefault(key, []).append(j)
    pairs: list[tuple[int, int | None]] = []
    ours, matched = [cells_of(data.column(k)) for k in keys], 0
    for i, key in enumerate(zip(*ours, strict=True)):
        partners = index.get(key, [])
        matched += bool(partners)
        pairs += [(i, j) for j in partners] or ([(i, None)] if how == "left" else [])
        if len(pairs) > 2_000_000:
            raise InputError("the joined table would have more than 2,000,000 rows")
    added: list[Column] = []
    for c in other.columns:
        if c.name in [other.column(k).name for k in keys]:
            continue
        name = c.name if c.name not in data.names else f"{c.name}_{other.name}"
        cells = cells_of(c)
        added.append(column_of(name, [None if j is None else cells[j] for _, j in pairs]))
    out = data.take([i for i, _ in pairs])
    out = Table((*out.columns, *added), data.name, data.source, data.notes)
    values: dict[str, Value] = {
        "rows_in": data.n_rows,
        "rows_out": out.n_rows,
        "matched": matched,
        "unmatched": data.n_rows - matched,
    }
    warnings = []
    if out.n_rows > max(data.n_rows, other.n_rows):
        warnings.append("Some keys occur several times in both tables: rows were multiplied.")
    return Result(
        values,
        "{matched} of {rows_in} rows found a partner; the joined table has {rows_out} rows.",
        tables=(preview(out),),
        warnings=tuple(warnings),
        data=out,
    )
