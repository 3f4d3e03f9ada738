"""Every operation's verifier passes its own examples and catches any number that was changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from havoc.dsl.executor import Execution, Step, run_text
from havoc.tools.operation import Operation, get, operations

EXAMPLES = [(name, text) for name, op in operations().items() for text in op.examples]
SMALLEST_SEEN = (
    1e-6  # below this the audit compares absolutely (operation._close): 1e-3 of it is nothing
)


@cache
def executed(text: str) -> Execution:
    return run_text(text)


def steps_of(name: str, text: str) -> list[Step]:
    return [step for step in executed(text).steps if step.operation == name]


@pytest.mark.parametrize("name", sorted(operations()))
def test_every_operation_is_fully_declared(name: str) -> None:
    operation = get(name)
    assert operation.examples, "at least one example"
    assert operation.reference
    assert operation.summary
    assert operation.outputs
    assert all(meaning for meaning in operation.outputs.values())
    assert all(p.doc for p in operation.parameters), "every parameter says what it is"


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_an_example_runs_and_its_audit_passes(name: str, text: str) -> None:
    steps = steps_of(name, text)
    assert steps, f"the example of {name} does not call it"
    for step in executed(text).steps:
        assert [c for c in step.checks if not c.passed] == []
        assert step.result.values
        assert step.checks, "the audit looks at something"


def numeric_places(value: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Where in a value (nested lists) numbers stand."""
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from numeric_places(item, (*path, i))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, value


def put(value: Any, path: tuple[int, ...], new: Any) -> Any:
    if not path:
        return new
    return [put(v, path[1:], new) if i == path[0] else v for i, v in enumerate(value)]


def corrupted(number: float) -> list[float]:
    """The ways a number goes wrong: a digit, a sign, something where there should be nothing."""
    if abs(number) < SMALLEST_SEEN:
        return [number + 1e-3]
    return [number * 1.001, -number]


def caught(operation: Operation, step: Step, key: str, value: Any) -> bool:
    false = replace(step.result, values={**step.result.values, key: value})
    try:
        checks = operation.audit(step.arguments, false)
    except Exception:  # a verifier that breaks on a false number withholds it too
        return True
    return any(not c.passed for c in checks)


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_a_changed_value_does_not_survive_the_audit(name: str, text: str) -> None:
    operation = get(name)
    missed = []
    for step in steps_of(name, text)[:1]:
        for key, value in step.result.values.items():
            places = list(numeric_places(value))
            for path, number in places[:: max(1, len(places) // 4)]:  # a few of a long list
                for wrong in corrupted(number):
                    if not caught(operation, step, key, put(value, path, wrong)):
                        missed.append(f"{key}{list(path) or ''}: {number} -> {wrong}")
            if isinstance(value, str) and any(c.name == key for c in step.checks):
                missed += [key] * (not caught(operation, step, key, "1/7"))
    assert missed == []
