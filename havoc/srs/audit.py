"""AUDIT: every reported number re-computed, results and data unchanged, and each number of the text traced."""

from __future__ import annotations

from dataclasses import replace

from havoc.srs.integrity import integrity
from havoc.srs.state import Stack, State
from havoc.srs.tracing import trace, without
from havoc.srs.views import view
from havoc.srs.writing import draft

CHANGED = (
    "The results are not those that were computed from the data of this request, so nothing is reported. "
    "Please ask again."
)


def run(state: State, stack: Stack) -> State:
    """Collect the executor's checks, withhold what failed, write the draft and trace it."""
    if state.status or state.chosen is None or state.chosen.execution is None:
        return state
    execution = state.chosen.execution
    intact = integrity(execution, state.chosen.seal, state.request)
    if not all(c.passed for c in intact):
        return replace(state, checks=tuple(intact), status="failed", answer=CHANGED)
    checks = [replace(c, name=f"{s.name}.{c.name}") for s in execution.steps for c in s.checks]
    withheld = tuple(sorted({c.name for c in checks if not c.passed}))
    if state.edit is not None and state.edit.view:
        text = view(state, state.edit.view, frozenset(withheld))
    else:
        text = draft(state, frozenset(withheld), state.request.detail or stack.config.detail)
    traced = trace(text, execution, state.request.text)
    return replace(
        state,
        draft=without(text, traced.bad_lines),
        checks=(*checks, *intact, *traced.checks),
        withheld=withheld,
    )
