"""The operations as MCP tools: a JSON schema for each, and a program of one call from JSON arguments.

Columns and tables arrive as JSON lists and objects and are attached to the program as tables; what the
language writes as text (formulas, expressions, ranges, units) arrives as strings in the same notation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from havoc.dsl.reference import schema as described
from havoc.errors import InputError, nearest
from havoc.tools.expression import Name, show
from havoc.tools.operation import Kind, Operation, Parameter, operations
from havoc.tools.values import Column, Labels, Sample, Table

NUMBER: Mapping[str, Any] = {"type": ["number", "string"]}
CELLS: Mapping[str, Any] = {"type": "array", "items": {"type": ["number", "string", "null"]}}
COLUMNS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": CELLS,
    "description": "columns by name",
}
MANY: Mapping[str, Any] = {"anyOf": [{"type": "array", "items": CELLS}, COLUMNS]}
TEXTS: Mapping[str, Any] = {"type": "array", "items": {"type": "string"}}
LEVELS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "anyOf": [
            {"type": "string", "description": "range with unit, such as 150..200 degC"},
            {"type": "array", "items": {"type": ["number", "string"]}},
        ]
    },
}
BY_KIND: Mapping[Kind, Mapping[str, Any]] = {
    Kind.NUMBER: NUMBER,
    Kind.INTEGER: {"type": "integer"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.CHOICE: {"type": "string"},
    Kind.TEXT: {"type": "string"},
    Kind.RANGE: {"type": "string"},
    Kind.NUMBERS: {"type": "array", "items": NUMBER},
    Kind.SAMPLE: CELLS,
    Kind.SAMPLES: MANY,
    Kind.LABELS: CELLS,
    Kind.COLUMN: CELLS,
    Kind.COLUMNS: MANY,
    Kind.TABLE: COLUMNS,
    Kind.FORMULA: {"type": "string"},
    Kind.EXPRESSION: {"type": "string"},
    Kind.EXPRESSIONS: TEXTS,
    Kind.SYMBOL: {"type": "string"},
    Kind.SYMBOLS: TEXTS,
    Kind.CONDITION: {"type": "string"},
    Kind.MATRIX: {"type": "array", "items": {"type": "array", "items": NUMBER}},
    Kind.FACTORS: LEVELS,
    Kind.ASSIGNMENTS: {"type": "object", "additionalProperties": {"type": ["string", "number"]}},
}
RUN = "run_program"


def tool_name(operation: str) -> str:
    """``doe.box_behnken`` as clients that allow no dots in a name have it: ``doe_box_behnken``."""
    return operation.replace(".", "_")


def by_tool_name() -> dict[str, Operation]:
    return {tool_name(name): operation for name, operation in operations().items()}


def input_schema(operation: Operation) -> dict[str, Any]:
    """JSON schema of the arguments."""
    properties = {p.name: _property(p) for p in operation.parameters}
    return {
        "type": "object",
        "properties": properties,
        "required": [p.name for p in operation.parameters if p.required],
        "additionalProperties": False,
    }


def _property(parameter: Parameter) -> dict[str, Any]:
    limits = parameter.limits
    found = dict(BY_KIND[parameter.kind])
    words = [parameter.doc]
    if parameter.choices:
        found["enum"] = list(parameter.choices)
    if parameter.kind is Kind.INTEGER:
        bounds = {
            "minimum": limits.ge,
            "exclusiveMinimum": limits.gt,
            "maximum": limits.le,
            "exclusiveMaximum": limits.lt,
        }
        found |= {k: v for k, v in bounds.items() if v is not None}
    elif parameter.kind is Kind.NUMBER:
        signs = ((">=", limits.ge), (">", limits.gt), ("<=", limits.le), ("<", limits.lt))
        words += [f"{sign} {bound:g}" for sign, bound in signs if bound is not None]
    if limits.unit:
        words.append(f"in {limits.unit}")
    if not parameter.required and isinstance(parameter.default, bool | int | float | str):
        found["default"] = parameter.default
    if parameter.kind in (Kind.FORMULA, Kind.EXPRESSION, Kind.CONDITION, Kind.RANGE):
        written = {
            Kind.FORMULA: "rate ~ power*gas",
            Kind.EXPRESSION: "x^2*sin(x)",
            Kind.CONDITION: "rate > 3",
            Kind.RANGE: "24.0..26.0 mm",
        }
        found["examples"] = [written[parameter.kind]]
    found["description"] = "; ".join(w for w in words if w)
    return found


def description(operation: Operation) -> str:
    found = described(operation)
    text = f"{found['summary']}. {found['description']}".strip()
    return (
        f"{text}\n\nReference: {found['reference']}\nEvery number is recomputed by a second route."
    )


def program_of(operation: Operation, arguments: Mapping[str, Any]) -> tuple[str, dict[str, Table]]:
    """A program that calls the operation, and the tables it reads.

    Raises
    ------
    InputError
        An unknown argument, or a value that is not of the kind its parameter takes.
    """
    tables: dict[str, Table] = {}
    written: list[str] = []
    for key, value in arguments.items():
        if value is None:
            continue
        if key not in operation.by_name:
            raise InputError(
                f"{operation.name} has no parameter '{key}'{nearest(key, operation.by_name)} "
                f"(it takes: {', '.join(operation.by_name)})"
            )
        try:
            written += _argument(operation.by_name[key], value, tables)
        except InputError as error:
            raise InputError(f"{operation.name}: {key}: {error}") from None
    lines = [f'{name} = data("{name}")' for name in tables]
    return "\n".join([*lines, f"result = {operation.name}({', '.join(written)})"]), tables


def _argument(parameter: Parameter, value: Any, tables: dict[str, Table]) -> list[str]:
    name, kind = parameter.name, parameter.kind
    if kind in (Kind.FACTORS, Kind.ASSIGNMENTS):
        pairs = _object(value)
        texts = {k: _level(v) if kind is Kind.FACTORS else _line(str(v)) for k, v in pairs.items()}
        return [f"{_quoted(k)}={text}" for k, text in texts.items()]
    return [f"{name}={_written(kind, name, value, tables)}"]


def _written(kind: Kind, name: str, value: Any, tables: dict[str, Table]) -> str:
    match kind:
        case Kind.TABLE:
            tables[f"in_{name}"] = _table(_object(value), name)
            return f"in_{name}"
        case Kind.SAMPLE | Kind.LABELS | Kind.COLUMN:
            tables[f"in_{name}"] = _table({name: _list(value)}, name)
            return f"in_{name}.{_quoted(name)}"
        case Kind.SAMPLES | Kind.COLUMNS:
            columns = value if isinstance(value, Mapping) else _numbered(_list(value))
            table = tables[f"in_{name}"] = _table(columns, name)
            return f"[{', '.join(f'in_{name}.{_quoted(c)}' for c in table.names)}]"
        case Kind.BOOLEAN:
            if not isinstance(value, bool):
                raise InputError("true or false is needed")
            return "true" if value else "false"
        case Kind.TEXT:
            return _string(str(value))
        case Kind.NUMBERS:
            items = value if isinstance(value, list) else [value]
            return f"[{', '.join(_number(v) for v in items)}]"
        case Kind.MATRIX:
            rows = [_list(row) for row in _list(value)]
            return f"[{', '.join('[' + ', '.join(_number(v) for v in r) + ']' for r in rows)}]"
        case Kind.EXPRESSIONS | Kind.SYMBOLS:
            items = value if isinstance(value, list) else [value]
            return f"[{', '.join(_line(str(v)) for v in items)}]"
        case Kind.NUMBER | Kind.INTEGER:
            return _number(value)
        case Kind.CHOICE:
            return _string(str(value))
    return _line(str(value))


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not value:
        raise InputError("an object of names and values is needed")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise InputError("a list is needed")
    return value


def _numbered(columns: list[Any]) -> dict[str, Any]:
    if columns and not isinstance(columns[0], list):
        columns = [columns]
    return {f"group{i}": _list(c) for i, c in enumerate(columns, 1)}


def _table(columns: Mapping[str, Any], name: str) -> Table:
    lists = {str(k): _list(v) for k, v in columns.items()}
    longest = max((len(v) for v in lists.values()), default=0)
    if not longest:
        raise InputError("the columns are empty")
    return Table(
        tuple(_column(k, [*v, *[None] * (longest - len(v))]) for k, v in lists.items()), name
    )


def _column(name: str, cells: Sequence[Any]) -> Column:
    numbers = [c for c in cells if c is not None]
    if all(isinstance(c, int | float) and not isinstance(c, bool) for c in numbers):
        if not all(math.isfinite(c) for c in numbers):
            raise InputError(f"column '{name}' holds a number that is not finite")
        return Sample.of(cells, name)
    return Labels(name, tuple(None if c is None else str(c) for c in cells))


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise InputError("a number is needed (or a text such as '5 mm')")
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError("the number is not finite")
    return repr(value) if not isinstance(value, str) else _line(value)


def _level(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_string(v) if isinstance(v, str) else _number(v) for v in value)}]"
    return _line(str(value))


def _line(text: str) -> str:
    """Text of the language, of which no part may end the statement."""
    if any(mark in text for mark in "\n\r#") or not text.strip():
        raise InputError(f"'{' '.join(text.split())[:40]}' is no expression")
    return text.strip()


def _string(text: str) -> str:
    if any(mark in text for mark in '"\\\n\r'):
        raise InputError("a text may hold no quotation mark, backslash or new line")
    return f'"{text}"'


def _quoted(name: str) -> str:
    if "`" in name or "\n" in name:
        raise InputError(f"the name {name!r} may hold no backtick or new line")
    return show(Name(name, True))
