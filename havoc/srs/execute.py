"""EXECUTE: write each candidate as DSL and run it, within bounds."""

from __future__ import annotations

import math
from dataclasses import replace

from havoc.dsl.planning import lexicalise
from havoc.dsl.vocabulary import EXPLAIN, REFUSE
from havoc.errors import InputError, NeedsClarification
from havoc.inference.planner import Candidate
from havoc.srs.integrity import fingerprint
from havoc.srs.state import Run, Stack, State

UNLIKELY = 4.0  # nats below the best candidate: not worth running


def run(state: State, stack: Stack) -> State:
    """Run every distinct candidate that is not far less likely than the best."""
    if state.status:
        return state
    assert state.plan is not None
    runs: list[Run] = []
    seen: set[str] = set()
    best = state.plan.candidates[0].logprob if state.plan.candidates else -math.inf
    for candidate in state.plan.candidates:
        if candidate.logprob < best - UNLIKELY:
            continue
        done = run_candidate(candidate, state, stack)
        key = done.program or done.question or done.words or ""
        if key not in seen:
            seen.add(key)
            runs.append(done)
    return replace(state, runs=tuple(runs))


def run_candidate(candidate: Candidate, state: State, stack: Stack) -> Run:
    """Write and execute one candidate; a refusal or a missing input is kept as such."""
    assert state.grounded is not None
    if state.edit is not None:
        return run_program(candidate, state.edit.program, state, stack)
    if candidate.tokens in ((EXPLAIN,), (REFUSE,)):
        return Run(candidate, words=candidate.tokens[0].strip("<>"))
    try:
        program = lexicalise(candidate.tokens, state.grounded)
    except NeedsClarification as question:
        return Run(candidate, question=str(question))
    return run_program(candidate, program, state, stack)


def run_program(candidate: Candidate, program: str, state: State, stack: Stack) -> Run:
    """Execute DSL text for a candidate."""
    try:
        execution = stack.execute(
            program, files=dict(state.request.tables), base_dir=state.request.base_dir
        )
    except NeedsClarification as question:
        return Run(candidate, program, question=_plain(str(question)))
    except InputError as error:
        return Run(candidate, program, refusal=_plain(str(error)))
    return Run(candidate, program, execution=execution, seal=fingerprint(execution))


def _plain(message: str) -> str:
    """Without the program's line number, which the person did not write."""
    return message.split(": ", 1)[1] if message.startswith("line ") and ": " in message else message
