"""Data that a caller changed: tables typed in, and rows left out, before a program runs again.

A row is left out of an attached file (by the file's name), of an inline table (by its variable) or
of a list written in a statement (``result.parameter``). The program that comes back shows what
ran; rows of a file stay in the file, so the answer names them under ``excluded``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from havoc.dsl.ast import Argument, List, Program, Statement
from havoc.dsl.parser import parse
from havoc.errors import InputError, nearest
from havoc.serving.schemas import Cell, InlineTable
from havoc.tools.values import Column, Labels, Sample, Table


def table_of(given: InlineTable) -> Table:
    """A typed-in table: a column of numbers (or empty cells) is numeric, any other holds words.

    Raises
    ------
    InputError
        If a row has not as many cells as there are columns, or a name comes twice.
    """
    names = list(given.columns)
    if len(set(names)) < len(names):
        raise InputError(f"table '{given.name}': a column's name comes twice")
    for number, row in enumerate(given.rows, 1):
        if len(row) != len(names):
            raise InputError(
                f"table '{given.name}', row {number}: {len(row)} cells, {len(names)} columns"
            )
    cells = list(zip(*given.rows, strict=True)) if given.rows else [() for _ in names]
    columns = tuple(
        _column(name, column, given.units.get(name))
        for name, column in zip(names, cells, strict=True)
    )
    return Table(columns, given.name, given.name)


def _column(name: str, cells: Sequence[Cell], unit: str | None) -> Column:
    present = [c for c in cells if c is not None and c != ""]
    if all(isinstance(c, int | float) and not isinstance(c, bool) for c in present):
        numbers = [None if c is None or isinstance(c, str) else c for c in cells]
        return Sample.of(numbers, name, unit)
    return Labels(name, tuple(None if c is None or c == "" else str(c) for c in cells))


def without_rows(
    text: str, tables: Mapping[str, Table], exclude: Mapping[str, Collection[int]]
) -> tuple[str | Program, dict[str, Table]]:
    """The program and its tables without the rows named, counted from 1.

    Raises
    ------
    InputError
        If there is nothing of that name, or no such row.
    """
    if not exclude:
        return text, dict(tables)
    left = {
        name: table.take(_kept(table.n_rows, exclude[name], name)) if name in exclude else table
        for name, table in tables.items()
    }
    inside = {name: set(rows) for name, rows in exclude.items() if name not in tables}
    if not inside:
        return text, left
    program = parse(text)
    return _rewritten(program, inside, [*tables]), left


def _kept(length: int, rows: Iterable[int], name: str) -> list[int]:
    gone = set(rows)
    strange = sorted(r for r in gone if not 1 <= r <= length)
    if strange:
        raise InputError(f"exclude: '{name}' has no row {strange[0]}; it has {length}")
    return [i for i in range(length) if i + 1 not in gone]


def _rewritten(program: Program, exclude: dict[str, set[int]], files: list[str]) -> Program:
    places = _places(program)
    for name in exclude:
        if name not in places:
            raise InputError(
                f"exclude: there is no file, table or list '{name}'{nearest(name, [*files, *places])}"
            )
    statements = tuple(
        replace(s, arguments=tuple(_shorter(a, place, exclude) for a, place in named))
        for s, named in zip(program.statements, _named(program), strict=True)
    )
    return replace(program, statements=statements)


def _named(program: Program) -> list[list[tuple[Argument, str | None]]]:
    """Each statement's arguments with the place by which a caller may name them."""
    return [
        [(a, _place(name, s, a)) for a in s.arguments]
        for name, s in zip(program.names, program.statements, strict=True)
    ]


def _place(name: str, statement: Statement, argument: Argument) -> str | None:
    if not isinstance(argument.value, List):
        return None
    if statement.operation == "table":
        return name
    return f"{name}.{argument.keyword}" if argument.keyword else name


def _places(program: Program) -> list[str]:
    return [place for named in _named(program) for _, place in named if place is not None]


def _shorter(argument: Argument, place: str | None, exclude: dict[str, set[int]]) -> Argument:
    if place not in exclude or not isinstance(argument.value, List):
        return argument
    items = argument.value.items
    kept = _kept(len(items), exclude[place], place)
    return replace(argument, value=List(tuple(items[i] for i in kept)))
