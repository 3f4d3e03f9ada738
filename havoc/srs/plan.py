"""PLAN: the language model writes programs under the request's grammar."""

from __future__ import annotations

from dataclasses import replace

from havoc.srs.state import Stack, State


def run(state: State, stack: Stack) -> State:
    """Propose candidate programs, best first."""
    assert state.grounded is not None
    config = stack.config
    return replace(
        state,
        plan=stack.planner.propose(state.grounded, config.candidates, config.max_program_tokens),
    )
