"""GROUND: the request's slots, and passages from the index."""

from __future__ import annotations

from dataclasses import replace

from havoc.dsl.grounding.ground import ground
from havoc.errors import InputError
from havoc.srs.state import Passage, Stack, State

MAX_REQUEST_CHARACTERS = 200_000


def run(state: State, stack: Stack) -> State:
    """Ground the request and retrieve passages for it."""
    state = slots_of(state)
    if stack.index is None or stack.config.passages == 0:
        return state
    found = stack.index.search(state.request.text[:1000], stack.config.passages)
    passages = tuple(
        Passage(f.passage.id, f.passage.heading, f.passage.source, f.passage.text, f.score)
        for f in found
    )
    return replace(state, passages=passages)


def slots_of(state: State) -> State:
    """The state with its request grounded (once)."""
    if state.grounded is not None:
        return state
    text = state.request.text
    if not text.strip():
        raise InputError(
            "the request is empty; ask a question, for example: is 5.1 5.3 4.9 5.2 off target 5?"
        )
    if len(text) > MAX_REQUEST_CHARACTERS:
        raise InputError(
            f"the request has {len(text)} characters; at most {MAX_REQUEST_CHARACTERS} are read: "
            "attach large tables as files"
        )
    tables = {name: replace(t, source=name) for name, t in state.request.tables.items()}
    return replace(state, grounded=ground(text, tables))
