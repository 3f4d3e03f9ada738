"""Changes of a program's tree: an argument set, points left out, rows kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from havoc.dsl.ast import Argument, List, Program, Statement, Value
from havoc.errors import InputError, NeedsClarification
from havoc.tools.expression import Binary, Expression, Formula, Name, Num, Reference, Relation, Text
from havoc.tools.operation import Operation, operations
from havoc.tools.values import Labels, Number, Sample, Table

BUILT_IN = ("data", "table")
MOST_INLINE = 2000  # rows of a file that are written out to leave some of them out
_INDEPENDENT = (
    "stats.t_test_two",
    "stats.mann_whitney",
    "stats.variance_two",
    "stats.permutation_test",
)
Tables = Mapping[str, Table]


def calls(program: Program) -> list[tuple[int, Statement, Operation]]:
    """The statements that call an operation, last first: what is said is about the last that fits."""
    known = operations()
    found = [
        (i, s, known[s.operation]) for i, s in enumerate(program.statements) if s.operation in known
    ]
    return found[::-1]


def by_name(statement: Statement, operation: Operation) -> dict[str, Argument]:
    """The arguments by parameter name, positional ones too."""
    order = [p.name for p in operation.parameters]
    return {a.keyword or order[i]: a for i, a in enumerate(statement.arguments)}


def with_argument(program: Program, at: int, name: str, value: Value) -> Program:
    """The program with one argument of one statement set."""
    statement = program.statements[at]
    operation = operations()[statement.operation]
    order = [p.name for p in operation.parameters]
    arguments = list(statement.arguments)
    for i, a in enumerate(arguments):
        if (a.keyword or order[i]) == name:
            arguments[i] = Argument(value, a.keyword)
            break
    else:
        arguments.append(Argument(value, name))
    return _replaced(program, at, replace(statement, arguments=tuple(arguments)))


def without_argument(program: Program, at: int, name: str) -> Program:
    """The program with one keyword argument of one statement taken out."""
    statement = program.statements[at]
    kept = tuple(a for a in statement.arguments if a.keyword != name)
    return _replaced(program, at, replace(statement, arguments=kept))


def _replaced(program: Program, at: int, statement: Statement) -> Program:
    statements = (*program.statements[:at], statement, *program.statements[at + 1 :])
    return replace(program, statements=statements)


# ---- points left out ----------------------------------------------------------------------------------------


def without_points(program: Program, points: Sequence[int], tables: Tables) -> Program:
    """The last call without some points (from 1), by its own ``exclude``, or in its data.

    Raises
    ------
    InputError
        There is no such point.
    NeedsClarification
        There are two independent samples: of which?
    """
    for at, statement, operation in calls(program):
        if "exclude" in operation.by_name:
            given = by_name(statement, operation).get("exclude")
            earlier = given.value.items if given and isinstance(given.value, List) else ()
            numbers = tuple(Num(Number(str(p))) for p in points)
            return with_argument(program, at, "exclude", List((*earlier, *numbers)))
        if statement.operation in _INDEPENDENT and len(points) < 1000:
            raise NeedsClarification(
                f"Of which sample should I leave out point {points[0]}: the first or the second?"
            )
        changed = _without_rows(program, at, statement, points, tables)
        if changed is not None:
            return changed
    raise InputError("the last program has no data to leave points out of")


def _without_rows(
    program: Program, at: int, statement: Statement, points: Sequence[int], tables: Tables
) -> Program | None:
    bases = {base for a in statement.arguments for base in _bases(a.value)}
    declared = [
        (i, s)
        for i, s in enumerate(program.statements)
        if s.target in bases and s.operation in BUILT_IN
    ]
    for i, declaration in declared:
        return _replaced(program, i, _shorter(declaration, points, tables))
    lists = [a for a in statement.arguments if isinstance(a.value, List) and len(a.value.items) > 2]
    if not lists:
        return None
    arguments = tuple(
        Argument(_dropped(a.value, points), a.keyword) if a in lists else a
        for a in statement.arguments
    )
    return _replaced(program, at, replace(statement, arguments=arguments))


def _shorter(declaration: Statement, points: Sequence[int], tables: Tables) -> Statement:
    """A table's declaration without some rows; a file's is written out."""
    if declaration.operation == "data":
        declaration = _written_out(declaration, tables)
    arguments = tuple(
        Argument(_dropped(a.value, points), a.keyword, a.quoted) for a in declaration.arguments
    )
    return replace(declaration, arguments=arguments)


def _written_out(declaration: Statement, tables: Tables) -> Statement:
    value = declaration.arguments[0].value
    table = tables.get(value.value) if isinstance(value, Text) else None
    if table is None or table.n_rows > MOST_INLINE:
        raise InputError(
            "rows can be left out of small attached files only; attach the file without them"
        )
    arguments = tuple(
        Argument(List(tuple(_cells(c))), c.name, not c.name.isidentifier()) for c in table.columns
    )
    return replace(declaration, operation="table", arguments=arguments)


def _cells(column: Sample | Labels) -> Iterator[Value]:
    if isinstance(column, Sample):
        for t in column.texts:
            yield Name("NA") if t is None else Num(Number(t))
    else:
        for item in column.items:
            yield Name("NA") if item is None else Text(item)


def _dropped(value: Value, points: Sequence[int]) -> Value:
    if not isinstance(value, List):
        return value
    n = len(value.items)
    outside = [p for p in points if not 1 <= p <= n]
    if outside:
        raise InputError(f"there is no point {outside[0]}: the data have {n} points")
    if n - len(points) < 2:
        raise InputError(f"of {n} points none would be left to work with")
    return List(tuple(v for i, v in enumerate(value.items, 1) if i not in points))


def _bases(value: object) -> Iterator[str]:
    """The tables that a value refers to."""
    match value:
        case Reference(base, _):
            yield base
        case Name(id):
            yield id
        case List(items):
            for item in items:
                yield from _bases(item)


# ---- rows kept ----------------------------------------------------------------------------------------------


def with_filter(program: Program, variable: str, condition: Relation) -> Program:
    """The program with a filter behind a table's declaration, used by every statement after it."""
    at = next(i for i, s in enumerate(program.statements) if s.target == variable)
    taken = set(program.names)
    name = next(
        n
        for n in (f"{variable}_kept", *(f"{variable}_kept{i}" for i in range(2, 99)))
        if n not in taken
    )
    arguments = (Argument(Name(variable)), Argument(condition, "where"))
    kept = Statement(name, "table.filter", arguments)
    after = [_renamed(s, variable, name) for s in program.statements[at + 1 :]]
    return replace(program, statements=(*program.statements[: at + 1], kept, *after))


def _renamed(statement: Statement, old: str, new: str) -> Statement:
    arguments = tuple(
        Argument(_with_base(a.value, old, new), a.keyword, a.quoted) for a in statement.arguments
    )
    return replace(statement, arguments=arguments)


def _with_base(value: Value, old: str, new: str) -> Value:
    match value:
        case Reference(base, member) if base == old:
            return Reference(new, member)
        case Name(id) if id == old:
            return Name(new)
        case List(items):
            return List(tuple(_with_base(i, old, new) for i in items))
    return value


def is_condition(op: str, column: str, value: Expression) -> Relation:
    return Relation(op, Name(column), value)


def tables_of(program: Program, attached: Tables) -> dict[str, Table]:
    """The tables a program declares, by variable."""
    from havoc.dsl.executor import run_program

    declared = tuple(s for s in program.statements if s.operation in BUILT_IN)
    if not declared:
        return {}
    return dict(run_program(replace(program, statements=declared), files=attached).tables)


__all__ = [
    "Binary",
    "Formula",
    "by_name",
    "calls",
    "is_condition",
    "tables_of",
    "with_argument",
    "with_filter",
    "without_argument",
    "without_points",
]
