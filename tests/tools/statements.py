"""Running one statement of the language in a test of an operation: parse, bind, run, audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from havoc.dsl.evaluate import Scope, written_arguments
from havoc.dsl.parser import parse
from havoc.tools.bind import bind
from havoc.tools.expression import Expression
from havoc.tools.operation import Operation, get
from havoc.tools.result import Result


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
    arguments = bind(operation, *written_arguments(parsed, operation, Scope(known)))
    ran = Ran(operation, arguments, operation.run(arguments))
    assert ran.failed_checks == []
    return ran


def expression(text: str) -> Expression:
    """The tree of an expression."""
    return parse(f"x = f.g({text})").statements[0].arguments[0].value  # type: ignore[return-value]
