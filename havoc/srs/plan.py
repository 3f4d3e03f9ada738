"""PLAN: the language model writes programs under the request's grammar."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from havoc.dsl.grounding.slots import Grounded, request_words
from havoc.dsl.methods import ABSENT, absent_method, named_methods
from havoc.dsl.parser import parse
from havoc.inference.planner import Candidate, Plan
from havoc.srs.evidence import weighed
from havoc.srs.followup import Edit
from havoc.srs.plain_calls import with_plain_calls
from havoc.srs.questions import said_question
from havoc.srs.state import Proposer, Stack, State

WIDER = 3  # programs proposed for each that is kept: what the request says outright may speak for a late one


def run(state: State, stack: Stack) -> State:
    """Propose candidate programs, as the request speaks for them, best first."""
    assert state.grounded is not None
    config = stack.config
    if state.status:
        return state
    if state.edit is not None:
        return replace(state, plan=_edited(state.edit))
    plan = proposed(stack.planner, state.grounded, config.candidates, config.max_program_tokens)
    reason = _beyond(plan, state.grounded.text)
    grounded = state.grounded
    state, plan = _with_said_question(state, plan)
    state = replace(state, plan=plan)
    if reason:
        return replace(state, status="refused", answer=reason)
    question = _which_share(plan, state.request.text) or _which_spread(plan, grounded)
    return replace(state, status="needs_clarification", question=question) if question else state


SAID = math.log(0.9)  # of a program in which every word of a plain question has its place


def _with_said_question(state: State, plan: Plan) -> tuple[State, Plan]:
    """The plan with the program of a plain question about a table, read word by word, before those of the model."""
    grounded = state.grounded
    assert grounded is not None
    said = said_question(grounded)
    if said is None:
        return state, plan
    left = math.log1p(-math.exp(SAID))
    others = [replace(c, logprob=c.logprob + left) for c in plan.candidates]
    candidates = (Candidate(said.tokens, SAID, "question"), *others)
    grounded = replace(grounded, slots=(*grounded.slots, *said.slots))
    return replace(state, grounded=grounded), replace(plan, candidates=candidates)


def _beyond(plan: Plan, text: str) -> str:
    """Why nothing is run: the request asks by name for a method that is not here, and for none that is."""
    name = absent_method(text)
    if name is None or named_methods(text) or not any(c.operations for c in plan.candidates[:1]):
        return ""
    return f"There is no operation for '{name}' here. What comes nearest: {ABSENT[name]}."


_TWO_SHARES = re.compile(
    r"(?<![\d./])(\d\d(?:\.\d+)?)[ ]?%?[ ]?/[ ]?(\d\d(?:\.\d+)?)[ ]?%?(?![\d/])"
)


def _which_share(plan: Plan, text: str) -> str:
    """What to ask where ``95/99`` gives a tolerance interval's coverage and confidence: both orders are in use."""
    first = plan.candidates[:1]
    if not any(o.startswith("quality.tolerance_") for c in first for o in c.operations):
        return ""
    shares = _TWO_SHARES.search(text)
    if shares is None or {"<p:coverage>", "<p:confidence>"} & set(first[0].tokens):
        return ""
    a, b = sorted(map(float, shares.groups()))
    if not 50 <= a < b < 100:
        return ""
    return (
        f"In {shares.group().strip()}, which one is the share of the population to cover, and which the "
        f"confidence? Please write, for example: coverage {shares[2]}%, confidence {shares[1]}%."
    )


_OF_A_SPREAD = tuple(
    f"stats.{k}_t_{n}" for k in ("sample_size", "power") for n in ("one", "two", "paired")
)
# Words of which one stands in nearly every taught request that gives a difference in standard deviations.
_STANDARDISED = frozenset(
    """sd sds sigma sigmas σ s std stdev deviation deviations effect effekt effektst effet standardised standardized d
    dz cohen cohens spread scatter noise variance variability streuung type rms cv units""".split()
)


def _which_spread(plan: Plan, grounded: Grounded) -> str:
    """What to ask where a difference is to be detected and nothing is said of how much single values scatter."""
    first = plan.candidates[:1]
    if not any(c.operations and c.operations[0] in _OF_A_SPREAD for c in first):
        return ""
    words = request_words(grounded.text)
    if (
        "<p:sd>" in first[0].tokens
        or _STANDARDISED & set(words)
        or "<p:difference>" not in first[0].tokens
    ):
        return ""
    return (
        "How much do single values scatter (their standard deviation)? Or is the difference given in standard "
        "deviations? Please write, for example: sigma 1.5."
    )


def proposed(planner: Proposer, grounded: Grounded, keep: int, max_tokens: int = 96) -> Plan:
    """The ``keep`` programs for which the model and the request's own words speak most, best first."""
    plan = planner.propose(grounded, WIDER * keep, max_tokens)
    weighed_ones = weighed(plan.candidates, grounded)
    return replace(plan, candidates=with_plain_calls(weighed_ones, grounded)[:keep])


def _edited(edit: Edit) -> Plan:
    """The changed program as the only candidate: nothing was guessed."""
    tokens = tuple(f"<op:{s.operation}>" for s in parse(edit.program).statements)
    return Plan((Candidate(tokens, 0.0, "edit"),), {})
