"""MODE: the task, its difficulty and its risk, from the model's own distribution over operations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from havoc.dsl.parser import parse
from havoc.dsl.vocabulary import EXPLAIN, REFUSE
from havoc.srs.followup import Edit
from havoc.srs.ground import slots_of
from havoc.srs.state import Mode, Stack, State

# family -> task as people name it; quality operations by their topic
TASKS = {
    "maths": "math",
    "stats": "stats",
    "doe": "doe",
    "spc": "spc",
    "quality": "process engineering",
    "table": "stats",
}
GENERAL = "general"
_DECISIVE = ("quality.", "spc.")  # a wrong answer releases bad product or stops a good line


def run(state: State, stack: Stack) -> State:
    """Classify the request."""
    state = slots_of(state)
    assert state.grounded is not None
    if state.status:
        return state
    first = _of_edit(state.edit) if state.edit else stack.planner.first(state.grounded)
    tasks = task_probabilities(first)
    task = max(tasks, key=lambda t: tasks[t])
    entropy = -sum(p * math.log2(p) for p in first.values() if p > 0)
    difficulty = "easy" if entropy < 0.5 else "medium" if entropy < 2 else "hard"
    likely = max(first, key=lambda t: first[t])
    risk = (
        "high"
        if likely.removeprefix("<op:").startswith(_DECISIVE)
        else "low"
        if task in ("math", GENERAL)
        else "medium"
    )
    return replace(state, mode=Mode(task, tasks[task], tasks, difficulty, risk))


def _of_edit(edit: Edit) -> dict[str, float]:
    """A changed program is certain: its last operation."""
    return {f"<op:{parse(edit.program).statements[-1].operation}>": 1.0}


def task_probabilities(first: Mapping[str, float]) -> dict[str, float]:
    """Sum the probabilities of first tokens by task."""
    tasks: dict[str, float] = {}
    for token, p in first.items():
        family = token.removeprefix("<op:").split(".")[0]
        task = GENERAL if token in (EXPLAIN, REFUSE) else TASKS.get(family, GENERAL)
        tasks[task] = tasks.get(task, 0.0) + p
    return dict(sorted(tasks.items(), key=lambda kv: -kv[1]))
