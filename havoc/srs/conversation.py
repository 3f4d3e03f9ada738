"""Earlier turns: what a conversation knows, read from its messages, and what the next request takes from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from havoc.dsl.parser import parse
from havoc.errors import InputError
from havoc.srs.followup.program import tables_of
from havoc.tools.values import Table

_PROGRAM = re.compile(r"```havoc\n(.*?)\n?```", re.DOTALL)
MAX_TURNS = 50


@dataclass(frozen=True)
class Turn:
    """One earlier request and the program that answered it (empty where none did)."""

    request: str
    program: str = ""

    def to_json(self) -> dict[str, str]:
        return {"request": self.request, "program": self.program}


def turns_of(messages: Iterable[Mapping[str, Any]]) -> tuple[Turn, ...]:
    """The turns of a list of ``{role, content}`` messages, the request that is to be answered not among them.

    An answer carries its program in a fenced block of the language ``havoc``; the last one of a message counts.
    """
    turns: list[Turn] = []
    for message in messages:
        role, content = message.get("role"), str(message.get("content") or "")
        if role == "user":
            turns.append(Turn(content))
        elif role == "assistant" and turns:
            found = _PROGRAM.findall(content)
            if found:
                turns[-1] = replace(turns[-1], program=found[-1].strip() + "\n")
    return tuple(turns[-MAX_TURNS:])


def turns_from_json(items: Any) -> tuple[Turn, ...]:
    """The turns of a session file; anything else is refused in one line."""
    if not isinstance(items, list) or not all(
        isinstance(i, dict)
        and isinstance(i.get("request"), str)
        and isinstance(i.get("program", ""), str)
        for i in items
    ):
        raise InputError('a session is a list of {"request": "...", "program": "..."}')
    return tuple(Turn(i["request"], i.get("program", "")) for i in items)[-MAX_TURNS:]


def last_program(turns: Iterable[Turn]) -> str:
    """The program of the last turn that had one."""
    return next((t.program for t in reversed(tuple(turns)) if t.program.strip()), "")


def program_before(turns: Iterable[Turn]) -> str:
    """The program that the last one was made from: the latest that differs from it; empty where none does."""
    programs = [t.program for t in turns if t.program.strip()]
    return next((p for p in reversed(programs) if p != programs[-1]), "")


def earlier_tables(turns: Iterable[Turn], attached: Mapping[str, Table]) -> dict[str, Table]:
    """The tables that the last program declared inline, by variable; files are attached already or are gone."""
    program = last_program(turns)
    if not program:
        return {}
    try:
        tree = parse(program)
        inline = tuple(s for s in tree.statements if s.operation == "table")
        found = tables_of(replace(tree, statements=inline), attached)
    except InputError:
        return {}
    return {name: replace(t, source="") for name, t in found.items()}
