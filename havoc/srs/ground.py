"""GROUND: the request's slots, and passages from the index."""

from __future__ import annotations

from dataclasses import replace

from havoc.dsl.grounding.ground import ground
from havoc.errors import InputError, NeedsClarification
from havoc.srs.conversation import earlier_tables, last_program, program_before
from havoc.srs.durations import with_durations
from havoc.srs.followup import Edit, read_edit, undoes
from havoc.srs.sources import passage_of
from havoc.srs.state import Stack, State

MAX_REQUEST_CHARACTERS = 200_000


def run(state: State, stack: Stack) -> State:
    """Ground the request and retrieve passages for it."""
    state = slots_of(state)
    if stack.index is None or stack.config.passages == 0:
        return state
    found = stack.index.search(state.request.text[:1000], stack.config.passages)
    return replace(state, passages=tuple(map(passage_of, found)))


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
    history = state.request.history
    if history:
        state = _edited(replace(state, request=replace(state.request, tables=tables)))
        if not ground(text).of("t"):  # it brings no data of its own: it is about the earlier ones
            tables = {**earlier_tables(history, tables), **tables}
    return replace(state, grounded=ground(text, with_durations(tables, text)))


def _edited(state: State) -> State:
    """The state with the change of the last program that the text asks for, if it is one."""
    request = state.request
    if undoes(request.text):
        before = program_before(request.history)
        if not before:
            return replace(state, status="refused", answer="There is no change to undo.")
        return replace(state, edit=Edit(before, "Undone"))
    try:
        edit = read_edit(request.text, last_program(request.history), request.tables)
    except NeedsClarification as question:
        return replace(state, status="needs_clarification", question=str(question))
    except InputError as error:
        return replace(state, status="refused", answer=str(error))
    return replace(state, edit=edit)
