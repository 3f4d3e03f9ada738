"""Operations that summarise a table: groups, counts, an overview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

import pandas as pd

from havoc.errors import InputError
from havoc.tools.expression import Call, Name, Relation, show
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result, Value, table_of
from havoc.tools.table import vectors
from havoc.tools.table.cells import WHOLE_FUNCTIONS, Cell, cells_of, column_of, mask, text_of
from havoc.tools.table.dates import DATE_PARTS, parse_dates
from havoc.tools.table.rows import EXAMPLE, named, preview
from havoc.tools.values import Column, Labels, Sample, Table, as_labels

_TIDY = "Wickham (2014), Tidy Data, J. Statistical Software 59(10)"
Aggregate = Literal[
    "mean", "median", "sum", "count", "min", "max", "sd", "var", "range", "first", "last"
]
DatePart = Literal[
    "whole", "year", "quarter", "month", "year_month", "week", "day", "weekday", "hour"
]
_AGGREGATES: Mapping[str, Callable[[list[Decimal]], Any]] = {
    **WHOLE_FUNCTIONS,
    "range": lambda v: max(v) - min(v),
    "first": lambda v: v[0],
    "last": lambda v: v[-1],
}
_BY_PANDAS: Mapping[str, Callable[[Any], Any]] = {
    "mean": lambda s: s.mean(),
    "median": lambda s: s.median(),
    "sum": lambda s: s.sum(),
    "count": lambda s: s.count(),
    "min": lambda s: s.min(),
    "max": lambda s: s.max(),
    "sd": vectors.spread,
    "var": lambda s: s.var(ddof=1),
    "range": lambda s: s.max() - s.min(),
    "first": lambda s: s.dropna().iloc[0],
    "last": lambda s: s.dropna().iloc[-1],
}
MAX_GROUPS = 100_000


def key_text(key: tuple[Cell, ...]) -> str:
    """The name of a group: ``A / 3``."""
    return " / ".join(text_of(k) if isinstance(k, Decimal) else str(k) for k in key)


def grouped(by: Sequence[Column]) -> tuple[dict[tuple[Cell, ...], list[int]], int]:
    """Rows of each combination of the columns, in ascending order; and how many have a missing one."""
    found: dict[tuple[Cell, ...], list[int]] = {}
    columns, missing = [cells_of(c) for c in by], 0
    for i, key in enumerate(zip(*columns, strict=True)):
        if any(k is None for k in key):
            missing += 1
        else:
            found.setdefault(key, []).append(i)
    if len(found) > MAX_GROUPS:
        raise InputError(f"there are {len(found):,} groups; at most {MAX_GROUPS:,} are taken")
    return dict(sorted(found.items())), missing  # type: ignore[type-var]


def by_part(column: Column, part: str) -> Column:
    """A column of dates with only a part of each: ``month`` gives 3, ``year_month`` "2024-03".

    Raises
    ------
    InputError
        A cell that is no date.
    """
    dates = parse_dates(as_labels(column).items, column.name)
    if part == "year_month":
        return Labels(column.name, tuple(None if d is None else f"{d:%Y-%m}" for d in dates))
    take = DATE_PARTS[part]
    return column_of(
        f"{part} of {column.name}", [None if d is None else Decimal(take(d)) for d in dates]
    )


def _of_dates(column: Column, part: str) -> bool:
    """Whether a part is asked for and a column has it: words are no dates, nor are numbers."""
    if part == "whole" or not isinstance(column, Labels):
        return False
    try:
        parse_dates(column.items, column.name)
    except InputError as error:
        return "day first" in str(error)  # dates all the same: why they cannot be read is said
    return True


def aggregated(values: list[Decimal], how: str) -> Decimal | None:
    """One number of a group; None where there are too few values."""
    if how == "count":
        return Decimal(len(values))
    if not values or (how in ("sd", "var") and len(values) < 2):
        return None
    found = _AGGREGATES[how](values)
    assert isinstance(found, Decimal)
    return found


def _series_of_part(column: Column, part: str) -> Any:
    """The part of each date, by pandas."""
    table = Table((column,))
    if part != "year_month":
        return vectors.evaluate(Call(part, (Name(column.name),)), table)
    year, month = (
        vectors.evaluate(Call(p, (Name(column.name),)), table) for p in ("year", "month")
    )
    months = year * 12 + month - 1
    return months.map(lambda m: f"{int(m) // 12:04d}-{int(m) % 12 + 1:02d}", na_action="ignore")


def _verify_group(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    by, column, part = arguments["by"], arguments["column"], arguments["part"]
    how = arguments["aggregate"] if column is not None else "count"
    frame = pd.DataFrame(
        {
            f"k{i}": _series_of_part(c, part) if _of_dates(c, part) else vectors.series_of(c)
            for i, c in enumerate(by)
        }
    )
    frame["value"] = vectors.series_of(column) if column is not None else 1.0
    keys = [f"k{i}" for i in range(len(by))]
    groups: list[str] = []
    values: list[float | None] = []
    n: list[int] = []
    for key, same in frame.groupby(keys, dropna=True, sort=True)["value"]:
        groups.append(" / ".join(k if isinstance(k, str) else f"{k:.15g}" for k in key))
        present = same.dropna()
        n.append(len(present))
        few = len(present) < (2 if how in ("sd", "var") else 1) and how != "count"
        values.append(None if few else float(_BY_PANDAS[how](same)))
    checks: dict[str, Any] = {
        "groups": groups,
        "values": values,
        "n": n,
        "rows_in": len(frame),
        "rows_out": len(groups),
        "rows_without_group": int(frame[keys].isna().any(axis=1).sum()),
    }
    known = [(v, g) for v, g in zip(values, groups, strict=True) if v is not None]
    if known:
        best, worst = max(known)[0], min(known)[0]
        checks |= {
            "max_value": best,
            "min_value": worst,
            "max_group": next(g for v, g in known if v == best),
            "min_group": next(g for v, g in known if v == worst),
        }
    return checks


@operation(
    "table.group",
    outputs={
        "groups": "names of the groups, ascending",
        "values": "the aggregate of each group",
        "n": "values in each group",
        "max_group": "group with the largest aggregate",
        "max_value": "its aggregate",
        "min_group": "group with the smallest aggregate",
        "min_value": "its aggregate",
        "rows_in": "rows of the table given",
        "rows_out": "number of groups",
        "rows_without_group": "rows with a missing group name, left out",
    },
    reference="Wickham (2011), The Split-Apply-Combine Strategy, J. Statistical Software 40(1)",
    verifier=_verify_group,
    examples=(
        EXAMPLE + "r = table.group(t, by=[line], column=thickness, aggregate=mean)",
        EXAMPLE + "r = table.group(t, by=[line], aggregate=count)",
        't = table(date=["2024-01-31", "2024-02-29", "2024-02-01"], y=[1, 2, 4])\n'
        "r = table.group(t, by=date, part=month, column=y)",
    ),
    terms=(
        "group by",
        "per group",
        "for each",
        "average by",
        "aggregate",
        "pivot",
        "monthly average",
        "total per month",
    ),
)
def group(
    data: Annotated[Table, Param("table")],
    by: Annotated[tuple[Column, ...], Param("columns that make the groups", min_length=1)],
    column: Annotated[Sample | None, Param("column to aggregate; rows if left out")] = None,
    aggregate: Annotated[Aggregate, Param("what is computed for each group")] = "mean",
    part: Annotated[
        DatePart, Param("part of the dates in `by` that makes a group; weekday 1 is Monday")
    ] = "whole",
) -> Result:
    """Aggregate a column for each group of rows.

    Missing values are left out of each aggregate, rows with a missing group name altogether; both
    are counted. Dates make groups by a part of them, such as their months.
    """
    named(by, data)
    if part != "whole" and not any(_of_dates(c, part) for c in by):
        raise InputError(f"none of the columns that make the groups holds dates: no {part} to take")
    by = tuple(by_part(c, part) if _of_dates(c, part) else c for c in by)
    if column is None:
        aggregate, column = "count", Sample("rows", ("1",) * data.n_rows)
    groups, missing = grouped(by)
    if not groups:
        raise InputError("every row has a missing group name")
    cells = cells_of(column)
    values, n = [], []
    for rows in groups.values():
        present = [c for i in rows if isinstance(c := cells[i], Decimal)]
        values.append(aggregated(present, aggregate))
        n.append(len(present))
    name = f"{aggregate}_{column.name}"
    keys = [column_of(c.name, [k[i] for k in groups]) for i, c in enumerate(by)]
    size = Sample.of(n, "n" if all(k.name != "n" for k in keys) else "n_values")
    out = Table((*keys, size, column_of(name, values)), f"{data.name} by group")
    texts = [key_text(k) for k in groups]
    numbers = [None if v is None else float(v) for v in values]
    found: dict[str, Value] = {"groups": list(texts), "values": list(numbers), "n": list(n)}
    found |= {"rows_in": data.n_rows, "rows_out": len(groups), "rows_without_group": missing}
    known = [(v, t) for v, t in zip(numbers, texts, strict=True) if v is not None]
    conclusion = f"There are {{rows_out}} groups of {', '.join(c.name for c in by)}"
    if known:
        best, worst = max(v for v, _ in known), min(v for v, _ in known)
        found |= {"max_value": best, "max_group": next(t for v, t in known if v == best)}
        found |= {"min_value": worst, "min_group": next(t for v, t in known if v == worst)}
        conclusion += (
            f"; the {aggregate} of {column.name} is largest in {{max_group}} ({{max_value}}) "
            "and smallest in {min_group} ({min_value})"
        )
    warnings = []
    if missing:
        warnings.append(f"{missing} row(s) have a missing group name and are left out.")
    if column.n_missing:
        warnings.append(f"{column.n_missing} missing value(s) of {column.name} are left out.")
    return Result(
        found, conclusion + ".", tables=(preview(out, 200),), warnings=tuple(warnings), data=out
    )


# --- counts ----------------------------------------


def _verify_value_counts(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    s = pd.Series(list(as_labels(arguments["column"]).items), dtype=object)
    if isinstance(arguments["column"], Sample):
        s = vectors.series_of(arguments["column"]).map(
            lambda v: None if pd.isna(v) else f"{v:.15g}"
        )
    counts = s.value_counts()
    kept = counts[counts >= arguments["at_least"]]
    again = [int(counts[level]) for level in result.values["levels"]]  # type: ignore[union-attr]
    total = int(counts.sum())
    return {
        "counts": again,
        "proportions": [c / total for c in again],
        "n": total,
        "n_unique": len(kept),
        "missing": int(s.isna().sum()),
        "mode_count": int(counts.max()),
        "levels listed": Invariant(float(set(kept.index) == set(result.values["levels"])), 1.0),  # type: ignore[arg-type]
        "counts descend": Invariant(float(again == sorted(again, reverse=True)), 1.0),
    }


@operation(
    "table.value_counts",
    outputs={
        "levels": "distinct values, most frequent first",
        "counts": "rows with each",
        "proportions": "share of each among the rows that have a value",
        "n": "rows with a value",
        "n_unique": "number of distinct values listed",
        "missing": "rows without a value",
        "mode": "the most frequent value",
        "mode_count": "rows with it",
    },
    reference=_TIDY,
    verifier=_verify_value_counts,
    examples=(EXAMPLE + "r = table.value_counts(t, column=line)",),
    terms=("how many of each", "frequency table", "unique values", "distinct", "most common"),
)
def value_counts(
    data: Annotated[Table, Param("table")],
    column: Annotated[Column, Param("column")],
    at_least: Annotated[int, Param("list only values that occur so often", ge=1)] = 1,
) -> Result:
    """Count how often each value of a column occurs."""
    named([column], data)
    texts = [None if c is None else key_text((c,)) for c in cells_of(column)]
    counts = Counter(t for t in texts if t is not None)
    if not counts:
        raise InputError(f"'{column.name}' has no values")
    listed = [(t, n) for t, n in counts.most_common() if n >= at_least]
    total = sum(counts.values())
    values: dict[str, Value] = {
        "levels": [t for t, _ in listed],
        "counts": [n for _, n in listed],
        "proportions": [n / total for _, n in listed],
        "n": total,
        "n_unique": len(listed),
        "missing": len(texts) - total,
        "mode": counts.most_common(1)[0][0],
        "mode_count": counts.most_common(1)[0][1],
    }
    out = Table(
        (
            Labels(column.name, tuple(t for t, _ in listed)),
            Sample.of([n for _, n in listed], "count"),
        ),
        f"counts of {column.name}",
    )
    first = sum(n == counts.most_common(1)[0][1] for n in counts.values())
    tied = f", as often as {first - 1} other{'s' if first > 2 else ''}" if first > 1 else ""
    return Result(
        values,
        f"{column.name} has {{n_unique}} distinct values; the most frequent is {{mode}} "
        f"({{mode_count}} of {{n}}{tied}).",
        tables=(table_of("counts", [column.name, "count"], listed),),
        data=out,
    )


def _verify_count(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    data = arguments["data"]
    if arguments["where"] is None:
        n = sum(1 for _ in data.frame().itertuples())
        return {"count": n, "rows": n, "percent": 100.0, "undecided": 0}
    truth = vectors.evaluate(arguments["where"], data)
    n = int((truth == 1).sum())
    return {
        "count": n,
        "rows": len(truth),
        "percent": 100 * n / len(truth),
        "undecided": int(truth.isna().sum()),
    }


@operation(
    "table.count",
    outputs={
        "count": "rows that satisfy the condition",
        "rows": "rows of the table",
        "percent": "share of them in percent",
        "undecided": "rows in which a missing cell leaves the condition open (not counted)",
    },
    reference=_TIDY,
    verifier=_verify_count,
    examples=(EXAMPLE + "r = table.count(t, where=thickness > 10)",),
    terms=("how many rows", "count", "number of rows where"),
)
def count(
    data: Annotated[Table, Param("table")],
    where: Annotated[Relation | None, Param("condition on its columns; all rows if none")] = None,
) -> Result:
    """Count the rows of a table, or those in which a condition holds."""
    truth = [True] * data.n_rows if where is None else mask(where, data)
    n, open_ = sum(t is True for t in truth), sum(t is None for t in truth)
    if not truth:
        raise InputError(f"table '{data.name}' has no rows")
    values: dict[str, Value] = {
        "count": n,
        "rows": len(truth),
        "percent": 100 * n / len(truth),
        "undecided": open_,
    }
    what = (
        "The table has {rows} rows."
        if where is None
        else "{count} of {rows} rows satisfy it, {percent} %."
    )
    notes = (
        [f"{open_} row(s) have a missing cell that leaves {show(where)} open."]
        if open_ and where
        else []
    )
    return Result(values, what, warnings=tuple(notes))


def _verify_describe(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    frame = pd.DataFrame({c.name: vectors.series_of(c) for c in arguments["data"].columns})
    missing = [int(frame[c].isna().sum()) for c in frame.columns]
    numeric = [c.name for c in arguments["data"].samples()]
    checks: dict[str, Any] = {
        "rows": len(frame),
        "n_columns": len(frame.columns),
        "columns": [str(c) for c in frame.columns],
        "missing": missing,
        "missing_percent": [100 * m / len(frame) for m in missing],
        "missing_total": sum(missing),
        "complete_rows": int((~frame.isna().any(axis=1)).sum()),
    }
    if numeric:
        checks["numbers:mean"] = [_none(frame[c].mean()) for c in numeric]
        checks["numbers:sd"] = [
            vectors.summary(frame[c], arguments["data"].sample(c))["sd"] for c in numeric
        ]
        checks["numbers:median"] = [_none(frame[c].median()) for c in numeric]
    return checks


def _none(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


@operation(
    "table.describe",
    outputs={
        "rows": "rows",
        "n_columns": "columns",
        "columns": "names of the columns",
        "missing": "missing cells in each",
        "missing_percent": "share of missing cells in each, in percent",
        "missing_total": "missing cells in all",
        "complete_rows": "rows without a missing cell",
    },
    reference=_TIDY,
    verifier=_verify_describe,
    examples=(EXAMPLE + "r = table.describe(t)",),
    terms=("overview of a table", "missing values per column", "summary of the data", "describe"),
)
def describe(data: Annotated[Table, Param("table")]) -> Result:
    """Give an overview of a table: its columns, missing cells, and summaries of each column."""
    if not data.n_rows:
        raise InputError(f"table '{data.name}' has no rows")
    missing = [c.n_missing for c in data.columns]
    cells = [cells_of(c) for c in data.columns]
    complete = sum(all(col[i] is not None for col in cells) for i in range(data.n_rows))
    values: dict[str, Value] = {
        "rows": data.n_rows,
        "n_columns": len(data.columns),
        "columns": list(data.names),
        "missing": list(missing),
        "missing_percent": [100 * m / data.n_rows for m in missing],
        "missing_total": sum(missing),
        "complete_rows": complete,
    }
    tables = []
    hows = ("mean", "sd", "min", "median", "max")
    numbers = []
    for c in data.samples():
        present = [v for v in cells_of(c) if isinstance(v, Decimal)]
        found = [aggregated(present, how) for how in hows]
        numbers.append([c.name, len(present), *(None if v is None else float(v) for v in found)])
    if numbers:
        tables.append(table_of("numbers", ["column", "n", *hows], numbers))
    words = [
        [c.name, len(c) - c.n_missing, len(c.levels), ", ".join(c.levels[:5])]
        for c in data.columns
        if isinstance(c, Labels)
    ]
    if words:
        tables.append(table_of("words", ["column", "n", "distinct", "first ones"], words))
    return Result(
        values,
        "The table has {rows} rows and {n_columns} columns; {missing_total} cells are missing.",
        tables=tuple(tables),
        warnings=data.notes,
    )
