"""ANSWER: the final Markdown, with citations, or the question, or the reason why not."""

from __future__ import annotations

from dataclasses import replace

from havoc.srs.explain import explained
from havoc.srs.sources import passages_on
from havoc.srs.state import Stack, State

SCOPE = (
    "I answer questions of statistics, design of experiments, process control, capability, measurement systems, "
    "reliability and mathematics by computing; this request is outside of that."
)


def run(state: State, stack: Stack) -> State:
    """Close the state with a status and a text."""
    if state.status == "needs_clarification":
        return replace(state, answer="")
    if state.status == "refused":
        reason = (
            state.chosen.refusal if state.chosen and state.chosen.refusal else state.answer or SCOPE
        )
        return replace(state, answer=reason[0].upper() + reason[1:])
    if state.status == "failed":
        return state
    if state.chosen is None:
        return replace(
            state,
            status="failed",
            answer="No stage chose a result: PLAN, EXECUTE and ARBITER must be on.",
        )
    if state.chosen.words == "explain":
        return _explained(state)
    if state.withheld and all(not c.passed for c in state.checks):
        return replace(
            state,
            status="failed",
            answer="No number survived its re-computation; nothing is reported.",
        )
    text = state.draft
    steps = state.chosen.execution.steps if state.chosen.execution else ()
    passages = passages_on(steps, state.passages, stack.index)
    if "### Sources" in text:
        text += "".join(
            f"\n- [[{i}]](#c:{i}) {p.title}, {p.source}" for i, p in enumerate(passages, 1)
        )
    return replace(state, status="answered", answer=text, passages=passages)


def _explained(state: State) -> State:
    """An open question: what the library's passages say of it, with citations, or nothing."""
    text = explained(state.request.text, state.passages)
    if text is None:
        return replace(
            state, status="refused",
            answer="I answer open questions only from the library's passages, and found none on this.",
        )  # fmt: skip
    return replace(state, status="answered", answer=text)
