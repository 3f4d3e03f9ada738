# ruff: noqa: E501 (the programs are read more easily on one line)
"""AUDIT against planted faults: each kind is caught, and what is wrong is not reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from srs.answering import answered, chosen

from havoc.dsl.executor import Execution, Step, run_text
from havoc.srs import answer, audit
from havoc.srs.state import State
from havoc.srs.tracing import trace, without
from havoc.tools.operation import operations
from havoc.tools.values import Sample, Table

EFFECTS = "r1 = doe.effects([60, 72, 54, 68, 52, 83, 45, 80], names=[T, C, K])"
TUKEY = "r1 = stats.tukey(groups=[[23, 24, 22.8], [25.6, 26.1, 25], [22, 21.6, 22.7]])"
UNITS = 'r1 = maths.convert_units(75 N*m, to="lbf*ft")'
MEAN = "r1 = stats.t_test_one(x=[502, 498, 505, 499], target=500)"


@pytest.mark.parametrize(
    ("fault", "program", "right", "wrong"),
    [
        ("a wrong number behind a link", MEAN, "The mean [501](#v:r1.mean)", "The mean [503.5](#v:r1.mean)"),
        ("a wrong digit", MEAN, "is [501](#v:r1.mean).", "is [510](#v:r1.mean)."),
        ("a link to another value", MEAN, "n is [4](#v:r1.n).", "n is [4](#v:r1.mean)."),
        ("a number from nowhere", MEAN, "The target is 500.", "The true mean is 777.25."),
        ("a link to no result", MEAN, "[501](#v:r1.mean)", "[501](#v:r9.mean)"),
        ("a link to no value", MEAN, "[501](#v:r1.mean)", "[501](#v:r1.median)"),
        ("a link past the end", EFFECTS, "[23](#v:r1.effects.a)", "[23](#v:r1.effects.z)"),
        ("a wrong sign", EFFECTS, "C = [-5](#v:r1.effects.b)", "C = [5](#v:r1.effects.b)"),
        ("swapped factors", EFFECTS, "T = [23](#v:r1.effects.a)", "C = [23](#v:r1.effects.a)"),
        ("a swapped pair", TUKEY, "group2 - group1 ([2.3](#v:r1.differences.a))", "group3 - group1 ([2.3](#v:r1.differences.a))"),
        ("a row under another name", EFFECTS, "| T | [23](#v:r1.tables.a.a.b) |", "| C | [23](#v:r1.tables.a.a.b) |"),
        ("a cell of another row", EFFECTS, "| T | [23](#v:r1.tables.a.a.b) | [11.5](#v:r1.tables.a.a.c) |", "| T | [23](#v:r1.tables.a.a.b) | [-2.5](#v:r1.tables.a.b.c) |"),
        ("a quantity under another label", MEAN, "| number of values | [4](#v:r1.n) |", "| degrees of freedom | [4](#v:r1.n) |"),
        ("a wrong unit", UNITS, "[55.3172](#v:r1.value) lbf*ft", "[55.3172](#v:r1.value) bar"),
    ],
)  # fmt: skip
def test_a_fault_planted_in_the_text_is_caught(
    fault: str, program: str, right: str, wrong: str
) -> None:
    execution = run_text(program)
    assert all(c.passed for c in trace(right, execution, program).checks), fault
    traced = trace(f"Fine.\n{wrong}", execution, program)
    assert not all(c.passed for c in traced.checks), fault
    assert traced.bad_lines == {1}
    kept = without(f"Fine.\n{wrong}", traced.bad_lines)
    assert kept.startswith("Fine.")
    assert wrong not in kept


def _first_step(state: State, change: Callable[[Step], Step]) -> State:
    """The state with its first step tampered with, behind the executor's back."""
    assert state.chosen is not None
    assert state.chosen.execution is not None
    execution: Execution = state.chosen.execution
    steps = (change(execution.steps[0]), *execution.steps[1:])
    return replace(state, chosen=replace(state.chosen, execution=replace(execution, steps=steps)))


def _value(key: str, change: Callable[[Any], Any]) -> Callable[[Step], Step]:
    def changed(step: Step) -> Step:
        values = {**step.result.values, key: change(step.result.values[key])}
        return replace(step, result=replace(step.result, values=values))

    return changed


def _table_rows_swapped(step: Step) -> Step:
    first, *others = step.result.tables
    rows = (first.rows[1], first.rows[0], *first.rows[2:])
    return replace(step, result=replace(step.result, tables=(replace(first, rows=rows), *others)))


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("a corrupted number", _value("mean", lambda m: m + 1e-9)),
        ("swapped names of factors", _value("effect_names", lambda n: [n[1], n[0], *n[2:]])),
        ("swapped rows of a table", _table_rows_swapped),
        ("other arguments", lambda s: replace(s, arguments={**s.arguments, "alpha": 0.2})),
    ],
)
def test_a_result_that_changed_after_it_was_computed_is_not_reported(
    fault: str, change: Callable[[Step], Step]
) -> None:
    state, stack = chosen(EFFECTS)
    done = answer.run(audit.run(_first_step(state, change), stack), stack)
    assert done.status == "failed", fault
    assert not all(c.passed for c in done.checks)
    assert "#v:" not in done.answer


def test_data_that_are_no_longer_the_requests_are_not_reported() -> None:
    before = Table((Sample("w", ("502", "498", "505", "499")),), source="fill.csv")
    after = replace(before, columns=(Sample("w", ("502", "498", "505", "459")),))
    state, stack = chosen(
        'd = data("fill.csv")\nr1 = stats.t_test_one(d.w, target=500)', tables={"fill.csv": before}
    )
    fresh = answer.run(audit.run(state, stack), stack)
    assert fresh.status == "answered"
    stale = replace(state, request=replace(state.request, tables={"fill.csv": after}))
    done = answer.run(audit.run(stale, stack), stack)
    assert done.status == "failed"
    assert any("fill.csv" in c.name and not c.passed for c in done.checks)


@pytest.mark.parametrize("key", ["statistic", "df", "p_value", "mean", "ci_low"])
def test_an_operation_that_computes_wrongly_is_caught_by_the_second_route(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = operations()["stats.t_test_one"]

    def wrong(**arguments: Any) -> Any:
        result = original.function(**arguments)
        return replace(result, values={**result.values, key: result.values[key] * 1.001 + 1e-6})

    broken = {**operations(), "stats.t_test_one": replace(original, function=wrong)}
    monkeypatch.setattr("havoc.dsl.executor.operations", lambda: broken)
    state = answered(MEAN)
    assert f"r1.{key}" in state.withheld
    assert "withheld" in state.answer
    assert f"(#v:r1.{key})" not in state.answer
