"""Operations that add, change or choose columns of a table; every row stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, DecimalException
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd

from havoc.errors import InputError, NeedsClarification
from havoc.tools.expression import Call, Expression, Name, show
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result, Value
from havoc.tools.table import rationals, vectors
from havoc.tools.table.cells import WHOLE_FUNCTIONS, Cell, Trace, cells_of, column_of, evaluate
from havoc.tools.table.rows import EXAMPLE, named, preview
from havoc.tools.values import Column, Labels, Sample, Table, as_labels

_WRANGLING = "McKinney (2022), Python for Data Analysis, 3rd ed., chapter 7"
ADDED = {
    "rows": "rows of the table",
    "new": "names of the new columns",
    "missing": "missing cells in each of them",
    "mean": "mean of each numeric one",
    "sd": "standard deviation of each numeric one",
    "min": "smallest value of each numeric one",
    "max": "largest value of each numeric one",
}


def with_columns(
    data: Table, new: Sequence[Column], conclusion: str, warnings: Sequence[str | None] = ()
) -> Result:
    """A result whose table has these columns added, or put in the place of those of that name."""
    names = {c.name for c in new}
    places = [next((n for n in new if n.name == c.name), c) for c in data.columns]
    added = [c for c in new if c.name not in data.names]
    out = replace(data, columns=(*places, *added))
    notes = [w for w in warnings if w]
    for name in names & set(data.names):
        notes.append(f"The column {name} has been replaced.")
    values: dict[str, Value] = {
        "rows": out.n_rows,
        "new": [c.name for c in new],
        "missing": [c.n_missing for c in new],
    }
    numeric = [
        [v for v in cells_of(c) if isinstance(v, Decimal)] for c in new if isinstance(c, Sample)
    ]
    if numeric and all(numeric):
        for how in ("mean", "sd", "min", "max"):
            values[how] = [
                float(WHOLE_FUNCTIONS[how](v)) if how != "sd" or len(v) > 1 else None
                for v in numeric
            ]
    return Result(values, conclusion, tables=(preview(out),), warnings=tuple(notes), data=out)


def check_columns(result: Result, data: Table, again: Mapping[str, Any]) -> dict[str, Any]:
    """For a verifier: the new columns hold these series, the others are as they were."""
    out = result.data
    assert out is not None
    checks: dict[str, Any] = {"rows": data.n_rows, "new": list(again)}
    for name, series in again.items():
        checks[f"column {name}"] = vectors.same_column(out.column(name), series)
    changed = [c for c in data.columns if c.name not in again and out.column(c.name) is not c]
    checks["columns changed"] = Invariant(len(changed), 0)
    checks["missing"] = [int(s.isna().sum()) for s in again.values()]
    if "mean" in result.values:
        own = [
            vectors.summary(s, column)
            for name, s in again.items()
            if _numeric(s) and isinstance(column := out.column(name), Sample)
        ]
        checks |= {how: [found[how] for found in own] for how in ("mean", "sd", "min", "max")}
    return checks


def _numeric(s: Any) -> bool:
    return s.dtype != object or not any(isinstance(v, str) for v in s)


# --- derive ----------------------------------------


def _again(expression: Expression, table: Table) -> Any:
    """By floats; by rationals where a column lies too far from zero for them, and they can say it."""
    if rationals.far_from_zero(expression, table):
        try:
            return vectors.series_of_exact(rationals.evaluate(expression, table))
        except rationals.NotArithmetic:
            pass
    return vectors.evaluate(expression, table)


def _verify_derive(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    table: Table = arguments["data"]
    again = {}
    for name, expression in arguments["columns"].items():
        again[name] = _again(expression, table)
        extended = column_of(name, cells_of(result.data.column(name)))  # type: ignore[union-attr]
        kept = tuple(c for c in table.columns if c.name != name)
        table = replace(table, columns=(*kept, extended))
    return check_columns(result, arguments["data"], again)


@operation(
    "table.derive",
    outputs=ADDED,
    reference=_WRANGLING,
    verifier=_verify_derive,
    examples=(
        EXAMPLE + "r = table.derive(t, deviation=thickness - mean(thickness))",
        EXAMPLE + "r = table.derive(t, change=pct_change(thickness), thick=thickness > 10)",
    ),
    terms=("new column", "derive", "compute a column", "feature", "add a column", "transform"),
)
def derive(
    data: Annotated[Table, Param("table")],
    columns: Annotated[Mapping[str, Expression], Param("new=expression of columns")],
) -> Result:
    """Compute new columns from expressions of the old ones.

    Arithmetic is decimal and row by row; a missing cell gives a missing one. Functions: log, log10,
    exp, sqrt, abs, round, min, max; of a whole column mean, sd, median, sum, count, quantile; along
    the rows lag, lead, diff, pct_change (in percent), cumsum, rolling_mean, rank, zscore, minmax; of
    words contains, before, after, lower, length, number; of dates year, month, day, weekday (Monday
    is 1), hour, day_number, seconds; where(condition, a, b), is_missing, coalesce. Later columns may
    use earlier ones.
    """
    table, new, warnings = data, [], []
    for name, expression in columns.items():
        trace = Trace()
        column = column_of(name, evaluate(expression, table, trace))
        warnings.append(trace.sentence(f"{name} = {show(expression)}"))
        new.append(column)
        kept = tuple(c for c in table.columns if c.name != name)
        table = replace(table, columns=(*kept, column))
    conclusion = "Computed {new} for {rows} rows."
    measured = [c for c in new if isinstance(c, Sample) and len(c.present()) > 1]
    if len(new) == len(measured) == 1:
        conclusion = (
            "Computed {new} for {rows} rows: mean {mean[0]}, standard deviation {sd[0]}, "
            "from {min[0]} to {max[0]}."
        )
    return with_columns(data, new, conclusion, warnings)


def _verify_scale(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    data, again = arguments["data"], {}
    for column in arguments["columns"]:
        offset = column.present().exact[0]  # scaled columns do not depend on the place
        s = pd.Series([None if t is None else float(Fraction(t) - offset) for t in column.texts])
        s = s.astype(float)
        name = f"{column.name}_{arguments['method']}"
        if arguments["method"] == "minmax":
            again[name] = (s - s.min()) / (s.max() - s.min())
        elif arguments["method"] == "zscore":
            again[name] = (s - s.mean()) / s.std(ddof=1)
        else:
            again[name] = (s - s.mean()) / s.std(ddof=0)
    return check_columns(result, data, again)


@operation(
    "table.scale",
    outputs=ADDED,
    reference=_WRANGLING,
    verifier=_verify_scale,
    examples=(EXAMPLE + "r = table.scale(t, columns=[thickness], method=minmax)",),
    terms=("normalise", "standardise", "z-score", "min-max", "scale a column"),
)
def scale(
    data: Annotated[Table, Param("table")],
    columns: Annotated[tuple[Sample, ...], Param("columns to scale", min_length=1)],
    method: Annotated[
        Literal["zscore", "zscore_population", "minmax"],
        Param("distance from the mean in sd (n - 1 or n), or 0 to 1 between min and max"),
    ] = "zscore",
) -> Result:
    """Scale columns to z-scores or to the range 0 to 1, as new columns."""
    named(columns, data)
    new, warnings = [], []
    for column in columns:
        if column.n_missing == len(column):
            raise InputError(f"'{column.name}' has no values: there is nothing to scale")
        trace = Trace()
        name = f"{column.name}_{method}"
        tree = Call(method.removesuffix("_population"), (Name(column.name),))
        cells = evaluate(tree, data, trace)
        if method == "zscore_population":
            n = len(column) - column.n_missing
            factor = (Decimal(n) / Decimal(max(n - 1, 1))).sqrt()
            cells = [c * factor if isinstance(c, Decimal) else c for c in cells]
        new.append(column_of(name, cells))
        warnings.append(trace.sentence(f"{name}, all values being equal,"))
    return with_columns(data, new, "Scaled columns: {new}.", warnings)


def _verify_date_part(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    data, column, part = arguments["data"], arguments["column"], arguments["part"]
    series = vectors.evaluate(Call(part, (Name(column.name),)), data)
    return check_columns(result, data, {_part_name(column, part): series})


def _part_name(column: Column, part: str) -> str:
    return f"{column.name}_{part}"


@operation(
    "table.date_part",
    outputs=ADDED,
    reference="ISO 8601-1:2019, Date and time representations",
    verifier=_verify_date_part,
    examples=(
        't = table(date=["2024-01-31", "2024-02-29"], y=[1, 2])\n'
        "r = table.date_part(t, column=date, part=month)",
    ),
    terms=("month of a date", "year", "weekday", "extract from a date", "day of week"),
)
def date_part(
    data: Annotated[Table, Param("table")],
    column: Annotated[Column, Param("column of dates or times")],
    part: Annotated[
        Literal[
            "year",
            "quarter",
            "month",
            "week",
            "day",
            "weekday",
            "hour",
            "minute",
            "day_number",
            "seconds",
        ],
        Param("part wanted; weekday 1 is Monday, seconds count from midnight"),
    ],
) -> Result:
    """Take the year, month, weekday ... of a column of dates, as a new column of whole numbers.

    One format must fit every cell; a column that could be day first or month first is refused.
    """
    named([column], data)
    cells = evaluate(Call(part, (Name(column.name),)), data, Trace())
    return with_columns(data, [column_of(_part_name(column, part), cells)], "Added {new}.")


# --- missing cells ----------------------------------------


def _fill_value(column: Column, method: str, value: str | None) -> Cell:
    present = [c for c in cells_of(column) if c is not None]
    if method == "constant":
        if value is None:
            raise NeedsClarification(f"with what are the missing cells of {column.name} filled?")
        if isinstance(column, Labels):
            return value
        try:
            number = Decimal(value)
        except DecimalException:
            raise InputError(f"'{column.name}' holds numbers; '{value}' is none") from None
        if not number.is_finite():
            raise InputError(f"'{column.name}' holds numbers; '{value}' is not a finite one")
        return number
    if not present:
        raise InputError(f"'{column.name}' has no values from which to fill it")
    if method == "mode":
        counts = Counter(present)
        most = max(counts.values())
        return next(c for c in present if counts[c] == most)
    if isinstance(column, Labels):
        raise InputError(f"'{column.name}' holds words: they have no {method}; fill with mode")
    numbers = sorted(c for c in present if isinstance(c, Decimal))
    if method == "mean":
        return sum(numbers, Decimal(0)) / len(numbers)
    half = len(numbers) // 2
    return numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2


def _verify_fill(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    data = arguments["data"]
    method = arguments["method"] if arguments["value"] is None else "constant"
    again: dict[str, Any] = {}
    filled: list[Any] = []
    for column in arguments["columns"]:
        s = vectors.series_of(column)
        if method in ("forward", "backward"):
            again[column.name] = s.ffill() if method == "forward" else s.bfill()
            filled.append(None)
            continue
        if method == "constant":
            value = arguments["value"]
            value = value if isinstance(column, Labels) else float(value)
        elif method == "mode":
            modes = s.mode()
            value = next(v for v in s if v in set(modes))
        else:
            value = s.mean() if method == "mean" else s.median()
        again[column.name] = s.where(~s.isna(), value)
        filled.append(value)
    before = [int(vectors.series_of(c).isna().sum()) for c in arguments["columns"]]
    checks = check_columns(result, data, again)
    count = sum(b - a for b, a in zip(before, checks["missing"], strict=True))
    return checks | {"filled": count, "value": filled}


@operation(
    "table.fill_missing",
    outputs={
        **ADDED,
        "filled": "number of cells filled",
        "value": "value put into each column (none for forward and backward)",
    },
    reference="Little and Rubin (2019), Statistical Analysis with Missing Data, 3rd ed., chapter 4",
    verifier=_verify_fill,
    examples=(
        EXAMPLE + "r = table.fill_missing(t, columns=[thickness], method=median)",
        EXAMPLE + "r = table.fill_missing(t, columns=[thickness], method=constant, value=10)",
    ),
    terms=("fill missing", "impute", "replace missing values", "fillna"),
)
def fill_missing(
    data: Annotated[Table, Param("table")],
    columns: Annotated[tuple[Column, ...], Param("columns to fill", min_length=1)],
    method: Annotated[
        Literal["mean", "median", "mode", "constant", "forward", "backward"],
        Param("what is put in; forward repeats the value above, backward the one below"),
    ] = "mean",
    value: Annotated[str | None, Param("the constant: a number or a word")] = None,
) -> Result:
    """Fill the missing cells of columns, each way named.

    Filling with one value makes the spread smaller than it is; the mode takes the first of several.
    """
    names = named(columns, data)
    if value is not None:
        method = "constant"
    new: list[Column] = []
    fills: list[Value] = []
    for column in columns:
        cells = cells_of(column)
        if method in ("forward", "backward"):
            new.append(column_of(column.name, _carried(cells, method), _unit(column)))
            fills.append(None)
            continue
        fill = _fill_value(column, method, value)
        new.append(column_of(column.name, [fill if c is None else c for c in cells], _unit(column)))
        fills.append(fill if isinstance(fill, str) else float(fill or 0))
    filled = sum(c.n_missing for c in columns) - sum(c.n_missing for c in new)
    result = with_columns(data, new, f"Filled {{filled}} missing cell(s) of {', '.join(names)}.")
    warnings = []
    share = filled / max(data.n_rows * len(new), 1)
    if method in ("mean", "median", "mode") and share > 0.05:
        warnings.append(
            f"{share:.0%} of the cells are filled with one value: standard deviations and p values "
            "come out too small."
        )
    if any(c.n_missing for c in new):
        warnings.append("Some cells are still missing: there is no value above or below them.")
    return replace(
        result,
        values={**result.values, "filled": filled, "value": fills},
        warnings=tuple(warnings),
    )


def _unit(column: Column) -> str | None:
    return column.unit if isinstance(column, Sample) else None


def _carried(cells: Sequence[Cell], direction: str) -> list[Cell]:
    ordered = list(cells) if direction == "forward" else list(cells)[::-1]
    last, out = None, []
    for cell in ordered:
        last = cell if cell is not None else last
        out.append(last)
    return out if direction == "forward" else out[::-1]


# --- bins and codes ----------------------------------------


def _edges(column: Sample, bins: int, method: str, edges: Sequence[float] | None) -> list[float]:
    values = column.present().values
    if edges is not None:
        if list(edges) != sorted(set(edges)):
            raise InputError("the edges must ascend")
        return [float(e) for e in edges]
    if len(values) < 2 or values.min() == values.max():
        raise InputError(f"'{column.name}' has no spread to be cut into bins")
    shares = np.linspace(0, 1, bins + 1)
    if method == "equal_count":
        return sorted(set(np.quantile(values, shares).tolist()))
    return (values.min() + shares * (values.max() - values.min())).tolist()  # type: ignore[no-any-return]


def _verify_bin(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    data, column = arguments["data"], arguments["column"]
    s = vectors.series_of(column)
    edges: Any = result.values["edges"]
    number = pd.cut(s, edges, labels=False, include_lowest=True) + 1
    counts = [int((number == k + 1).sum()) for k in range(len(edges) - 1)]
    if arguments["edges"] is not None:
        again = list(arguments["edges"])
    elif arguments["method"] == "equal_count":
        again = pd.qcut(s, arguments["bins"], retbins=True, duplicates="drop")[1].tolist()
    else:
        width = (s.max() - s.min()) / arguments["bins"]
        again = [s.min() + k * width for k in range(arguments["bins"] + 1)]
    new = f"{column.name}_bin"
    checks = check_columns(result, data, {new: number.astype(float)})
    return checks | {"edges": again, "counts": counts}


@operation(
    "table.bin",
    outputs={**ADDED, "edges": "edges of the bins", "counts": "rows in each bin"},
    reference=_WRANGLING,
    verifier=_verify_bin,
    examples=(EXAMPLE + "r = table.bin(t, column=thickness, bins=3)",),
    terms=("bin", "bucket", "categories from numbers", "cut", "quantile groups"),
)
def bin_column(
    data: Annotated[Table, Param("table")],
    column: Annotated[Sample, Param("column to cut")],
    bins: Annotated[int, Param("number of bins", ge=2, le=1000)] = 4,
    method: Annotated[
        Literal["equal_width", "equal_count"], Param("bins of equal width or of equal counts")
    ] = "equal_width",
    edges: Annotated[
        tuple[float, ...] | None, Param("edges of the bins, instead of their number", min_length=2)
    ] = None,
) -> Result:
    """Cut a column into bins, numbered from 1, as a new column.

    A bin holds its upper edge; the first holds both. Values outside given edges are missing.
    """
    named([column], data)
    cuts = _edges(column, bins, method, edges)
    found: list[Cell] = []
    for v in column.values:
        place = int(np.searchsorted(cuts, v, side="left"))
        place = 1 if v == cuts[0] else place
        found.append(None if np.isnan(v) or not 1 <= place < len(cuts) else Decimal(place))
    counts: list[Value] = [sum(c == k for c in found) for k in range(1, len(cuts))]
    result = with_columns(
        data, [column_of(f"{column.name}_bin", found)], "Cut into bins at {edges}: {counts} rows."
    )
    return replace(result, values={**result.values, "edges": cuts, "counts": counts})


def _verify_encode(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    data, again = arguments["data"], {}
    for column in arguments["columns"]:
        s = pd.Series(list(as_labels(column).items), dtype=object)
        if arguments["method"] == "number":
            codes = pd.Categorical(s, categories=sorted(set(s.dropna()))).codes.astype(float)
            again[f"{column.name}_code"] = pd.Series(np.where(codes < 0, np.nan, codes))
        else:
            dummies = pd.get_dummies(s, dtype=float)
            for level in dummies.columns:
                again[f"{column.name}_{level}"] = dummies[level].where(~s.isna(), np.nan)
    return check_columns(result, data, again)


@operation(
    "table.encode",
    outputs=ADDED,
    reference=_WRANGLING,
    verifier=_verify_encode,
    examples=(EXAMPLE + "r = table.encode(t, columns=[line])",),
    terms=("encode", "one-hot", "dummy variables", "label encoding", "words to numbers"),
)
def encode(
    data: Annotated[Table, Param("table")],
    columns: Annotated[tuple[Column, ...], Param("columns of words", min_length=1)],
    method: Annotated[
        Literal["one_hot", "number"],
        Param("a 0/1 column for each level, or one column of numbers from 0 in alphabetical order"),
    ] = "one_hot",
) -> Result:
    """Turn columns of words into numbers, as new columns.

    Levels are taken in alphabetical order; a missing word stays missing.
    """
    named(columns, data)
    new: list[Column] = []
    for column in columns:
        labels = as_labels(column)
        levels = sorted(labels.levels)
        if len(levels) > 200:
            raise InputError(f"'{column.name}' has {len(levels)} levels; at most 200 are encoded")
        if method == "number":
            codes = [None if t is None else Decimal(levels.index(t)) for t in labels.items]
            new.append(column_of(f"{column.name}_code", codes))
            continue
        for level in levels:
            flags = [None if t is None else Decimal(int(t == level)) for t in labels.items]
            new.append(column_of(f"{column.name}_{level}", flags))
    return with_columns(data, new, "Encoded columns: {new}.")


# --- choice ----------------------------------------


def _verify_select(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    frame = arguments["data"].frame()
    wanted = [c.name for c in arguments["columns"]]
    frame = frame[wanted] if arguments["keep"] else frame.drop(columns=wanted)
    out = result.data
    assert out is not None
    return {
        "rows": len(frame),
        "columns": [str(c) for c in frame.columns],
        "cells that differ": Invariant(
            sum(vectors.differing_cells(out.column(c), frame[c]) for c in frame.columns), 0
        ),
    }


@operation(
    "table.select",
    outputs={"rows": "rows of the table", "columns": "its columns"},
    reference=_WRANGLING,
    verifier=_verify_select,
    examples=(EXAMPLE + "r = table.select(t, columns=[thickness])",),
    terms=("select columns", "keep columns", "drop columns"),
)
def select(
    data: Annotated[Table, Param("table")],
    columns: Annotated[tuple[Column, ...], Param("columns", min_length=1)],
    keep: Annotated[bool, Param("keep them; false leaves them out")] = True,
) -> Result:
    """Keep some columns of a table, in the order given, or leave some out."""
    names = named(columns, data)
    if keep:
        chosen = tuple(data.column(n) for n in dict.fromkeys(names))
    else:
        chosen = tuple(c for c in data.columns if c.name not in names)
    if not chosen:
        raise InputError("no column would be left")
    out = replace(data, columns=chosen)
    values: dict[str, Value] = {"rows": out.n_rows, "columns": list(out.names)}
    return Result(values, "The table has the columns {columns}.", tables=(preview(out),), data=out)
