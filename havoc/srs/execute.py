"""EXECUTE: write each candidate as DSL and run it, within bounds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from havoc.dsl.planning import lexicalise
from havoc.dsl.vocabulary import EXPLAIN, REFUSE
from havoc.errors import InputError, NeedsClarification
from havoc.inference.planner import Candidate
from havoc.srs.integrity import fingerprint
from havoc.srs.state import Run, Stack, State

UNLIKELY = 4.0  # nats below the best candidate: not worth running


def run(state: State, stack: Stack) -> State:
    """Run every distinct candidate that is not far less likely than the best, several at a time."""
    if state.status:
        return state
    assert state.plan is not None
    best = state.plan.candidates[0].logprob if state.plan.candidates else -math.inf
    likely = [c for c in state.plan.candidates if c.logprob >= best - UNLIKELY]
    distinct: dict[str, Run] = {}  # by what is run or said; the most probable of those alike
    for written in (_written(candidate, state) for candidate in likely):
        key = written.program or written.question or written.words or ""
        distinct.setdefault(key, written)
    runs = _executed(list(distinct.values()), state, stack)
    return replace(state, runs=tuple(runs))


def _executed(written: Sequence[Run], state: State, stack: Stack) -> Iterator[Run]:
    """The runs with their programs executed, in the order given."""

    def one(run: Run) -> Run:
        return run_program(run.candidate, run.program, state, stack) if run.program else run

    if stack.programs_at_once == 1 or sum(bool(r.program) for r in written) < 2:
        yield from map(one, written)
        return
    with ThreadPoolExecutor(stack.programs_at_once) as pool:
        yield from pool.map(one, written)


def _written(candidate: Candidate, state: State) -> Run:
    """A candidate as a program, or what it says or asks instead."""
    assert state.grounded is not None
    if state.edit is not None:
        return Run(candidate, state.edit.program)
    if candidate.tokens in ((EXPLAIN,), (REFUSE,)):
        return Run(candidate, words=candidate.tokens[0].strip("<>"))
    try:
        return Run(candidate, lexicalise(candidate.tokens, state.grounded))
    except NeedsClarification as question:
        return Run(candidate, question=str(question))


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
