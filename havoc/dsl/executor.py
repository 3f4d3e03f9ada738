"""Running a program: statement by statement, each result audited by a second route."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from havoc.dsl.ast import List, Program, Statement
from havoc.dsl.evaluate import Scope, Variable, fold_number, written_arguments
from havoc.dsl.formatter import format_program
from havoc.dsl.parser import parse
from havoc.errors import InputError, nearest
from havoc.tools.bind import bind
from havoc.tools.expression import Name, Text
from havoc.tools.operation import Check, Operation, operations
from havoc.tools.result import TINY_P, Result, digits_text, plain, signed_text, vanished
from havoc.tools.table_io import ReadLimits, read_table
from havoc.tools.values import Labels, Sample, Table

BUILT_IN = ("data", "table")


@dataclass(frozen=True)
class Limits:
    """What one program may use. Time and memory hold in ``run_bounded``, the others always."""

    seconds: float = 30.0
    memory_mb: int = 2048
    rows: int = 1_000_000
    statements: int = 200


@dataclass(frozen=True)
class Step:
    """One executed operation: what it was given, what came out, and what the audit found."""

    name: str
    operation: str
    arguments: Mapping[str, Any]
    result: Result
    checks: tuple[Check, ...]
    ms: float

    @property
    def passed(self) -> bool:
        return all(c.passed for c in self.checks)


@dataclass(frozen=True)
class Execution:
    """A program that has run: its steps in order, and the tables it read."""

    program: Program
    steps: tuple[Step, ...]
    tables: Mapping[str, Table] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return all(step.passed for step in self.steps)

    def to_json(self) -> dict[str, Any]:
        """``program``, ``results`` and ``audit`` as every interface of HAVOC gives them."""
        return {
            "program": format_program(self.program),
            "results": [step_json(step) for step in self.steps],
            "audit": {
                "passed": self.passed,
                "checks": [
                    _check_json(step, check) for step in self.steps for check in step.checks
                ],
            },
        }


def step_json(step: Step) -> dict[str, Any]:
    """One element of ``results``."""
    result = step.result
    return {
        "name": step.name,
        "operation": step.operation,
        "values": dict(result.values),
        "units": dict(result.units),
        "tables": [
            {"name": t.name, "columns": list(t.columns), "rows": _json(t.rows)}
            for t in result.tables
        ],
        "figures": [
            {"kind": f.kind, "title": f.title, "data": _json(f.data)} for f in result.figures
        ],
        "assumptions": [
            {
                "name": a.name,
                "met": a.met,
                "detail": a.detail,
                "statistic": _json(a.statistic),
                "p_value": _json(a.p_value),
            }
            for a in result.assumptions
        ],
        "warnings": list(result.warnings),
        "conclusion": conclusion_text(result),
    }


def _check_json(step: Step, check: Check) -> dict[str, Any]:
    return {
        "name": f"{step.name}.{check.name}",
        "value": _json(check.value),
        "recomputed": _json(check.recomputed),
        "tolerance": check.tolerance,
        "passed": check.passed,
    }


def _json(value: Any) -> Any:
    """Plain JSON values; what is not finite is null."""
    if isinstance(value, Mapping):
        return {str(k): _json(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_json(v) for v in value]
    value = plain(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def conclusion_text(result: Result) -> str:
    """The conclusion with its ``{key}`` places filled, numbers to six significant digits.

    ``{key:signed}`` is a term after another one: ``+ 3`` or ``- 3``.
    """

    def words(value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(f"({words(v)})" if isinstance(v, list) else words(v) for v in value)
        return digits_text(value) if isinstance(value, float) else str(value)

    def filled(match: re.Match[str]) -> str:
        value = result.values.get(match["key"])
        if match["index"] is not None and isinstance(value, list):
            value = value[int(match["index"])]
        if vanished(match["key"], value):
            return f"< {TINY_P}"
        text = signed_text(words(value)) if match["signed"] else words(value)
        return (match["is"] or "") + text

    place = r"(?P<is>= )?\{(?P<key>\w+)(?:\[(?P<index>\d+)\])?(?P<signed>:signed)?\}"
    return re.sub(place, filled, result.conclusion)


def run_text(
    text: str,
    *,
    files: Mapping[str, Table] | None = None,
    base_dir: Path | None = None,
    limits: Limits | None = None,
) -> Execution:
    """Parse and run a program in this process.

    Parameters
    ----------
    files : tables that ``data("name")`` finds by name.
    base_dir : the folder that ``data`` may read from; without it only ``files`` can be read.

    Raises
    ------
    InputError
        One line: where, what was wrong, what would be right.
    NeedsClarification
        A required parameter is missing.
    """
    return run_program(parse(text), files=files, base_dir=base_dir, limits=limits)


def run_program(
    program: Program,
    *,
    files: Mapping[str, Table] | None = None,
    base_dir: Path | None = None,
    limits: Limits | None = None,
) -> Execution:
    """Run a parsed program; see ``run_text``."""
    limits = limits or Limits()
    if len(program.statements) > limits.statements:
        raise InputError(
            f"the program has {len(program.statements)} statements;"
            f" at most {limits.statements} are run"
        )
    variables: dict[str, Variable] = {}
    steps: list[Step] = []
    for name, statement in zip(program.names, program.statements, strict=True):
        try:
            if statement.operation in BUILT_IN:
                variables[name] = _within(
                    _table(statement, name, Scope(variables), files or {}, base_dir, limits), limits
                )
            else:
                step = run_statement(name, statement, variables)
                variables[name] = step.result
                if step.result.data is not None:
                    _within(step.result.data, limits)
                steps.append(step)
        except InputError as error:
            separator = ", " if str(error).startswith("column ") else ": "
            raise type(error)(f"line {statement.line}{separator}{error}") from None
    tables = {k: v for k, v in variables.items() if isinstance(v, Table)}
    return Execution(program, tuple(steps), tables)


def run_statement(name: str, statement: Statement, variables: Mapping[str, Variable]) -> Step:
    """Bind, run and audit one operation."""
    started = time.perf_counter()
    operation = _operation(statement.operation)
    positional, keywords = written_arguments(statement, operation, Scope(variables))
    arguments = bind(operation, positional, keywords)
    result = _computed(operation, arguments)
    checks = _audited(operation, arguments, result)
    return Step(
        name, operation.name, arguments, result, checks, 1000 * (time.perf_counter() - started)
    )


def _operation(name: str) -> Operation:
    known = operations()
    if name in known:
        return known[name]
    same = [k for k in known if k.split(".", 1)[1] == name.split(".")[-1]]
    if same:
        raise InputError(f"there is no operation '{name}'; did you mean '{same[0]}'?")
    raise InputError(f"there is no operation '{name}'{nearest(name, [*known, *BUILT_IN])}")


def _computed(operation: Operation, arguments: Mapping[str, Any]) -> Result:
    try:
        # what overflows or divides by zero must not pass silently as inf or nan
        with np.errstate(all="ignore"):
            return operation.run(arguments)
    except OverflowError:
        raise InputError(
            f"{operation.name} cannot be computed from these inputs: a number on the way is beyond "
            "1.8e308, the largest that is computed with"
        ) from None
    except (ArithmeticError, np.linalg.LinAlgError, RecursionError) as error:
        raise InputError(
            f"{operation.name} cannot be computed from these inputs ({error})"
        ) from error
    except MemoryError:
        raise InputError(f"{operation.name} needs more memory than a program may use") from None


def _audited(
    operation: Operation, arguments: Mapping[str, Any], result: Result
) -> tuple[Check, ...]:
    """The audit's checks; a verifier that cannot finish is a failed check, not a silent pass."""
    try:
        with np.errstate(all="ignore"):
            checks = operation.audit(arguments, result)
            return tuple(
                replace(c, value=_json(c.value), recomputed=_json(c.recomputed)) for c in checks
            )
    except Exception as error:
        return (
            Check(
                f"verifier stopped: {type(error).__name__}: {error}",
                None,
                None,
                operation.tolerance,
                False,
            ),
        )


def _table(
    statement: Statement,
    name: str,
    scope: Scope,
    files: Mapping[str, Table],
    base_dir: Path | None,
    limits: Limits,
) -> Table:
    if statement.operation == "table":
        return _inline_table(statement, name, scope)
    values = [a.value for a in statement.arguments]
    if len(values) != 1 or not isinstance(values[0], Text) or statement.arguments[0].keyword:
        raise InputError('data takes one file name: data("file.csv")')
    found = _file(values[0].value, files, base_dir, limits)
    return replace(found, name=name)


def _inline_table(statement: Statement, name: str, scope: Scope) -> Table:
    columns: list[Sample | Labels] = []
    for argument in statement.arguments:
        if argument.keyword is None or not isinstance(argument.value, List | Name):
            raise InputError(
                f"column {argument.column}: a table is written table(name=[1, 2, 3], other=[...])"
            )
        if any(c.name == argument.keyword for c in columns):
            raise InputError(
                f"column {argument.column}: the table's column '{argument.keyword}' is given twice"
            )
        value = argument.value
        columns.append(_inline_column(argument.keyword, value, scope))
    if not columns:
        raise InputError("a table needs columns: table(name=[1, 2, 3], other=[...])")
    return Table(tuple(columns), name)


def _inline_column(keyword: str, value: Any, scope: Scope) -> Sample | Labels:
    if isinstance(value, Name):
        raise InputError(f"the column '{keyword}' is a list: {keyword}=[1, 2, 3]")
    words = [
        i.value if isinstance(i, Text) else i.id if isinstance(i, Name) else None
        for i in value.items
    ]
    present = [
        w for w in words if w is not None and w.casefold() not in {"na", "nan", "missing", ""}
    ]
    if present:
        texts = [
            w if w is not None else str(fold_number(i, scope))
            for i, w in zip(value.items, words, strict=True)
        ]
        return Labels(
            keyword,
            tuple(None if t.casefold() in {"na", "nan", "missing", ""} else t for t in texts),
        )
    numbers = [
        None if w is not None else fold_number(i, scope)
        for i, w in zip(value.items, words, strict=True)
    ]
    units = {n.unit for n in numbers if n is not None}
    if len(units) > 1:
        raise InputError(
            f"the column '{keyword}' mixes units: {', '.join(sorted(u or 'none' for u in units))}"
        )
    return Sample(
        keyword, tuple(None if n is None else n.text for n in numbers), next(iter(units), None)
    )


def _file(name: str, files: Mapping[str, Table], base_dir: Path | None, limits: Limits) -> Table:
    """A table by name: an attached one, or a file under ``base_dir`` and nowhere else."""
    if name in files:
        return files[name]
    known = list(files)
    if base_dir is None:
        raise InputError(f"there is no file '{name}'{nearest(name, known)}")
    root = base_dir.resolve()
    wanted = Path(name)
    if wanted.is_absolute() or ".." in wanted.parts or "\x00" in name:
        raise InputError(
            f"'{name}' is outside the folder of the program; files are named relative to it"
        )
    path = (root / wanted).resolve()
    if not path.is_relative_to(root):
        raise InputError(f"'{name}' is outside the folder of the program")
    if not path.is_file():
        known += [p.name for p in root.iterdir() if p.is_file()] if root.is_dir() else []
        raise InputError(f"there is no file '{name}'{nearest(name, known)}")
    return read_table(path, name=name, limits=ReadLimits(rows=limits.rows))


def _within(table: Table, limits: Limits) -> Table:
    if table.n_rows > limits.rows:
        raise InputError(
            f"table '{table.name}' has {table.n_rows} rows; at most {limits.rows} are allowed"
        )
    return table
