"""PLAN: the language model writes programs under the request's grammar."""

from __future__ import annotations

from dataclasses import replace

from havoc.dsl.parser import parse
from havoc.inference.planner import Candidate, Plan
from havoc.srs.evidence import weighed
from havoc.srs.followup import Edit
from havoc.srs.state import Stack, State


def run(state: State, stack: Stack) -> State:
    """Propose candidate programs, as the request speaks for them, best first."""
    assert state.grounded is not None
    config = stack.config
    if state.status:
        return state
    if state.edit is not None:
        return replace(state, plan=_edited(state.edit))
    plan = stack.planner.propose(state.grounded, config.candidates, config.max_program_tokens)
    return replace(state, plan=replace(plan, candidates=weighed(plan.candidates, state.grounded)))


def _edited(edit: Edit) -> Plan:
    """The changed program as the only candidate: nothing was guessed."""
    tokens = tuple(f"<op:{s.operation}>" for s in parse(edit.program).statements)
    return Plan((Candidate(tokens, 0.0, "edit"),), {})
