"""EXECUTE: write each candidate as DSL and run it, within bounds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from havoc.dsl.grounding.slots import NUMERIC
from havoc.dsl.planning import lexicalise
from havoc.dsl.vocabulary import END_CALL, EXPLAIN, NEXT, REFUSE
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
        if not run.program:
            return run
        done = run_program(run.candidate, run.program, state, stack)
        return done if done.refusal is None else _with_columns_exchanged(done, state, stack)

    if stack.programs_at_once == 1 or sum(bool(r.program) for r in written) < 2:
        yield from map(one, written)
        return
    with ThreadPoolExecutor(stack.programs_at_once) as pool:
        yield from pool.map(one, written)


def _with_columns_exchanged(refused: Run, state: State, stack: Stack) -> Run:
    """The run with the two columns of its operation in each other's place, where only that can be computed.

    "n 1200 1150, bad 13 9" names its columns in either order; more rejects than were inspected cannot be meant.
    """
    places = _columns_of_two_inputs(refused.candidate.tokens)
    if places is None or state.edit is not None:
        return refused
    assert state.grounded is not None
    tokens = list(refused.candidate.tokens)
    a, b = places
    tokens[a], tokens[b] = tokens[b], tokens[a]
    exchanged = replace(refused.candidate, tokens=tuple(tokens))
    try:
        program = lexicalise(exchanged.tokens, state.grounded)
    except NeedsClarification:
        return refused
    done = run_program(exchanged, program, state, stack)
    return refused if done.execution is None else done


def _columns_of_two_inputs(tokens: Sequence[str]) -> tuple[int, int] | None:
    """Where the two columns stand in a program of one operation that has two inputs of one column each."""
    if NEXT in tokens:
        return None
    found = [i for i, t in enumerate(tokens) if NUMERIC.fullmatch(t)]
    alone = [
        i
        for i in found
        if tokens[i - 1].startswith("<p:") and tokens[i + 1].startswith(("<p:", END_CALL))
    ]
    return (found[0], found[1]) if len(found) == 2 and alone == found else None


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
