"""ARGUE: what speaks against each result, and what another method says."""

from __future__ import annotations

from dataclasses import replace

from havoc.dsl.executor import Step
from havoc.srs.alternatives import remedy_for
from havoc.srs.state import Objection, Run, Stack, State


def run(state: State, stack: Stack) -> State:
    """Raise the objections to each executed run."""
    objections = [o for r in state.runs if r.execution is not None for o in objections_to(r)]
    return replace(state, objections=tuple(objections))


def objections_to(run: Run) -> list[Objection]:
    """Assumptions that do not hold and warnings, most serious first; each with the better method, if one is known."""
    assert run.execution is not None
    found: list[Objection] = []
    for step in run.execution.steps:
        found += _of_step(step)
    order = {"serious": 0, "warning": 1, "note": 2}
    return sorted(found, key=lambda o: order[o.severity])


def _of_step(step: Step) -> list[Objection]:
    found = []
    for a in step.result.assumptions:
        if a.met is False:
            remedy = remedy_for(step, a.name)
            found.append(
                Objection(step.name, a.name, a.detail, "serious" if remedy else "warning", remedy)
            )
        elif a.met is None:
            found.append(Objection(step.name, a.name, a.detail, "note"))
    found += [Objection(step.name, "warning", w, "warning") for w in step.result.warnings]
    return found
