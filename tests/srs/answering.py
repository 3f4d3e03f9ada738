"""Answers from given programs: everything behind the planner is the real thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from havoc.config import SrsConfig
from havoc.dsl.executor import run_text
from havoc.dsl.grounding.slots import Grounded
from havoc.inference.planner import Candidate, Plan
from havoc.srs import answer, arbiter, argue, audit, execute
from havoc.srs.state import Request, Stack, State
from havoc.tools.values import Table


class NoPlanner:
    """Stands where a planner is not needed."""

    name = "none"

    def first(self, grounded: Grounded) -> dict[str, float]:
        return {}

    def propose(self, grounded: Grounded, n: int = 4, max_tokens: int = 96) -> Plan:
        return Plan((), {})


def chosen(
    program: str,
    request: str = "",
    tables: Mapping[str, Table] | None = None,
    detail: str = "normal",
    **config: object,
) -> tuple[State, Stack]:
    """The state with the program run and chosen, ready for the audit."""
    stack = Stack(NoPlanner(), run_text, config=SrsConfig(**config))  # type: ignore[arg-type]
    candidate = Candidate(("<op:given>",), -0.01)
    state = State(Request(request or program, tables or {}, detail=detail))
    state = replace(state, grounded=Grounded(request, request, ()), plan=Plan((candidate,), {}))
    run = execute.run_program(candidate, program, state, stack)
    assert run.execution is not None, run.refusal or run.question
    state = replace(state, runs=(run,))
    if stack.config.argue:
        state = argue.run(state, stack)
    return arbiter.run(state, stack), stack


def answered(program: str, request: str = "", **options: object) -> State:
    """The state after the last stage."""
    state, stack = chosen(program, request, **options)  # type: ignore[arg-type]
    return answer.run(audit.run(state, stack), stack)
