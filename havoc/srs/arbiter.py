"""ARBITER: score the candidates by a written rubric, choose, and ask for a better method where assumptions fail.

The rubric (weights in ``configs/srs``): the model's log-probability; the share of the request's numbers, ranges,
factors and expressions that the program uses, and that none is used twice; the share of checked assumptions that
hold. A candidate that was refused or lacks an input stays in the race: when the reading that the model is sure of is
impossible, saying so is the right answer, and answering something else is not.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from havoc.dsl.planning import question_between
from havoc.srs.agreement import inputs_question, same_result
from havoc.srs.alternatives import Remedy, better_program, remedy_for
from havoc.srs.argue import objections_to
from havoc.srs.calls import runs
from havoc.srs.evidence import does_all_of
from havoc.srs.execute import run_program
from havoc.srs.state import Amendment, Run, Stack, State

SAME_OPERATION_MARGIN = (
    2.5  # nats: another writing of the same operations may stand in for one that was refused
)
REPEATED = 2.0  # nats lost for each number or range that one program uses twice: hardly any request means that
SURE = 0.75  # a refused reading of at least this probability is what was meant: the refusal is the answer


def run(state: State, stack: Stack) -> State:
    """Choose a run, or decide to ask or to refuse."""
    if state.status:
        return state
    if not state.runs:
        return replace(state, status="refused", question="", answer="No program fits this request.")
    scores = [_score(r, state, stack) for r in state.runs]
    order = sorted(range(len(scores)), key=lambda i: -scores[i]["total"])
    chosen = _best_writing(state, state.runs[order[0]], scores, stack)
    if chosen.refusal is not None or chosen.question is not None:
        chosen = _stand_in(state, chosen, [state.runs[i] for i in order[1:]])
    # What is impossible was not meant: the rest of the probability is shared by what is left.
    doubt = 1.0 - _impossible(state, chosen)
    confidence = min(1.0, _confidence(state, chosen) / doubt)
    state = replace(state, chosen=chosen, scores=tuple(scores), confidence=confidence)
    if chosen.question is not None:
        return replace(state, status="needs_clarification", question=chosen.question)
    if chosen.refusal is not None:
        return replace(state, status="refused")
    if chosen.words == "refuse":
        return replace(state, status="refused")
    if confidence < stack.config.clarify_below:
        return replace(
            state,
            status="needs_clarification",
            question=_which(chosen, [state.runs[i] for i in order]),
        )
    if _agreement(state, chosen) < stack.config.agree_below:
        return replace(
            state,
            status="needs_clarification",
            question=inputs_question(chosen, [state.runs[i] for i in order]),
        )
    if chosen.execution is None or not stack.config.argue:
        return state
    state = replace(state, objections=tuple(objections_to(chosen)))
    return _with_better_method(state, stack) if stack.config.replans else state


def _score(run: Run, state: State, stack: Stack) -> dict[str, float]:
    config = stack.config
    coverage, repeats = used_share(run, state), _repeats(run)
    held = 1.0
    if run.execution is not None:
        checked = [
            a.met for s in run.execution.steps for a in s.result.assumptions if a.met is not None
        ]
        held = sum(checked) / len(checked) if checked else 1.0
        if not run.execution.passed:
            held -= 2.0  # a number that failed its audit is worse than any assumption
    likely = _log_probability(state, run)
    total = (
        config.weight_model * likely
        + config.weight_coverage * coverage
        + config.weight_assumptions * held
        - REPEATED * repeats
    )
    return {
        "model": likely,
        "coverage": coverage,
        "repeats": float(repeats),
        "assumptions": held,
        "total": total,
    }


def _log_probability(state: State, run: Run) -> float:
    """Logarithm of the probability of a run's result: of all candidates that come to it, however written."""
    if run.execution is None:
        return run.candidate.logprob
    same = [r.candidate.logprob for r in state.runs if r is run or same_result(r, run)]
    return min(0.0, float(np.logaddexp.reduce(same)))


def _best_writing(
    state: State, chosen: Run, scores: Sequence[Mapping[str, float]], stack: Stack
) -> Run:
    """Of the programs that come to the chosen result the best by its own probability, not that of all of them."""

    def own(i: int) -> float:
        more = state.runs[i].candidate.logprob - scores[i]["model"]
        return scores[i]["total"] + stack.config.weight_model * more

    same = [i for i, r in enumerate(state.runs) if r is chosen or same_result(r, chosen)]
    return state.runs[max(same, key=own)]


def used_share(run: Run, state: State) -> float:
    """Share of the request's own numbers, ranges, factors and expressions that the program uses."""
    assert state.grounded is not None
    given = {(s.start, s.end) for s in state.grounded.of("n", "f", "r", "e") if s.start >= 0}
    if not given or run.words or state.edit is not None:
        return 1.0
    used = {(s.start, s.end) for s in state.grounded.slots if s.token in run.candidate.tokens}
    return len(given & used) / len(given)


def _repeats(run: Run) -> int:
    """How many of the request's numbers and ranges stand in more than one place of the program."""
    used = Counter(t for t in run.candidate.tokens if re.fullmatch(r"<[nr]\d+>", t))
    return sum(n > 1 for n in used.values())


def _stand_in(state: State, chosen: Run, others: list[Run]) -> Run:
    """What may be answered instead of a reading that was refused or lacks an input.

    Another writing of the same operations that is nearly as probable; or, where the model was not sure of the
    reading, one of other operations that runs and uses as much of what the request gives.
    """
    for r in others:
        same = r.candidate.operations == chosen.candidate.operations
        close = r.candidate.logprob > chosen.candidate.logprob - SAME_OPERATION_MARGIN
        if r.execution is not None and same and close:
            return r
    if _confidence(state, chosen) >= SURE:
        return chosen
    for r in others:
        other = r.candidate.operations != chosen.candidate.operations
        if r.execution is not None and other and used_share(r, state) >= used_share(chosen, state):
            return r
    return chosen


def _impossible(state: State, chosen: Run) -> float:
    """Probability of the readings of other operations of which no writing runs, where the chosen one does."""
    if chosen.execution is None:
        return 0.0
    runs = {r.candidate.operations for r in state.runs if r.execution is not None or r.words}
    dead = [r for r in state.runs if r.refusal is not None and r.candidate.operations not in runs]
    return min(SURE, sum(math.exp(r.candidate.logprob) for r in dead))


def _confidence(state: State, chosen: Run) -> float:
    """Probability of the chosen operations among all candidates: writings of one method are one meaning.

    A program of which the chosen one makes all calls is answered by it too.
    """
    assert state.plan is not None
    key = chosen.candidate.operations or (chosen.words,)
    same = sum(
        math.exp(c.logprob)
        for c in state.plan.candidates
        if (c.operations or (chosen.words,)) == key or _told_by(chosen, c.tokens)
    )
    return min(1.0, same)


def _told_by(chosen: Run, tokens: Sequence[str]) -> bool:
    return (
        chosen.execution is not None
        and runs(tokens)
        and does_all_of(chosen.candidate.tokens, tokens)
    )


def _agreement(state: State, chosen: Run) -> float:
    """Probability of the candidates that come to the chosen result, among those that are possible.

    One reading of the operations may hold readings of their arguments that lead elsewhere; those that the operations
    refuse were not meant.
    """
    if chosen.execution is None:
        return 1.0
    possible = min(1.0, _mass(r for r in state.runs if r.refusal is None))
    same = _mass(
        r
        for r in state.runs
        if r.execution is not None
        and (same_result(r, chosen) or _told_by(chosen, r.candidate.tokens))
    )
    left_out = 1.0 - min(1.0, _mass(state.runs))  # not proposed
    return min(1.0, same / max(1.0 - SURE, possible + left_out))


def _mass(runs: Iterable[Run]) -> float:
    return sum(math.exp(r.candidate.logprob) for r in runs)


def _which(chosen: Run, runs: list[Run]) -> str:
    """The question between two methods; between two inputs where all that was proposed is one method."""
    if chosen.execution is not None and len({r.candidate.operations for r in runs}) == 1:
        return inputs_question(chosen, runs)
    return question_between([r.candidate.operations for r in runs], [r.words for r in runs])


def _with_better_method(state: State, stack: Stack) -> State:
    """Add the better method once, where a serious objection names one; both results are shown."""
    chosen = state.chosen
    if chosen is None or chosen.execution is None:
        return state
    steps = {s.name: s for s in chosen.execution.steps}
    for objection in state.objections:
        step = steps.get(objection.step)
        remedy = remedy_for(step, objection.name) if step and objection.remedy else None
        if step is None or remedy is None or _asked_already(chosen, remedy):
            continue
        written = better_program(chosen.program, step, remedy)
        if written is None:
            continue
        better = run_program(chosen.candidate, written[0], state, stack)
        if better.execution is not None and better.execution.passed:
            amendment = Amendment(step.name, written[1], remedy.why, remedy.differs)
            told = tuple(o for o in objections_to(better) if o.step != written[1])
            return replace(state, chosen=better, objections=told, amendments=(amendment,))
    return state


def _asked_already(chosen: Run, remedy: Remedy) -> bool:
    """The request asked for the better method too."""
    assert chosen.execution is not None
    return any(
        s.operation == remedy.operation
        and all(s.arguments.get(k) == v for k, v in remedy.set.items())
        for s in chosen.execution.steps
    )
