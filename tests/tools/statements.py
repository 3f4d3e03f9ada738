"""Running one statement of the language in a test of an operation: parse, bind, run, audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from havoc.dsl.ast import Boolean, Interval, List
from havoc.dsl.parser import parse
from havoc.tools.bind import bind
from havoc.tools.expression import Expression, Name, Neg, Num, Reference, Text
from havoc.tools.operation import Operation, get
from havoc.tools.result import Result
from havoc.tools.values import Number, Range


@dataclass(frozen=True)
class Ran:
    operation: Operation
    arguments: Mapping[str, Any]
    result: Result

    def __getitem__(self, key: str) -> Any:
        return self.result.values[key]

    @property
    def failed_checks(self) -> list[str]:
        return [str(c) for c in self.operation.audit(self.arguments, self.result) if not c.passed]


def run(statement: str, **known: Any) -> Ran:
    """Run a statement; ``known`` are tables and results it may name. The audit must pass."""
    (parsed,) = parse(statement).statements
    operation = get(parsed.operation)
    values = [(a.keyword, _value(a.value, known)) for a in parsed.arguments]
    arguments = bind(
        operation, [v for k, v in values if k is None], {k: v for k, v in values if k is not None}
    )
    ran = Ran(operation, arguments, operation.run(arguments))
    assert ran.failed_checks == []
    return ran


def expression(text: str) -> Expression:
    """The tree of an expression."""
    return parse(f"x = f.g({text})").statements[0].arguments[0].value  # type: ignore[return-value]


def _value(value: Any, known: Mapping[str, Any]) -> Any:
    match value:
        case Boolean(flag):
            return flag
        case Num(number):
            return number
        case Neg(Num(number)):
            return Number(f"-{number.text}", number.unit)
        case Text(text):
            return text
        case Interval(low, high):
            low, high = _value(low, known), _value(high, known)
            return Range(low, high, high.unit)
        case List(items):
            return [_value(v, known) for v in items]
        case Name(id) if id in known:
            return known[id]
        case Reference(table, Name(column)) if table in known:
            return known[table].column(column)
    return value
