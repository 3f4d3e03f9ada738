"""Programs in their tokens, call by call, and calls put behind a new first one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import COLUMN

_BARE = ("<p:where>", "<p:formula>")  # inputs that name the columns of the call's own table


def calls_of(tokens: Sequence[str]) -> list[tuple[str, ...]]:
    """The calls of a program."""
    calls: list[list[str]] = [[]]
    for token in tokens:
        if token == v.NEXT:
            calls.append([])
        else:
            calls[-1].append(token)
    return [tuple(call) for call in calls]


def joined(calls: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The program of these calls."""
    return tuple(t for i, call in enumerate(calls) for t in ([v.NEXT] if i else []) + [*call])


def runs(tokens: Sequence[str]) -> bool:
    """Whether a program runs an operation: it may also explain, ask or refuse."""
    return any(t.startswith("<op:") for t in tokens)


def end_of_input(call: Sequence[str], at: int) -> int:
    """The place behind the value that begins at ``at``: of the next input, or of the call's end."""
    ends = (i for i in range(at, len(call)) if call[i].startswith("<p:") or call[i] == v.END_CALL)
    return next(ends, len(call))


def columns_of_input(call: Sequence[str], name: str) -> list[int]:
    """The places of the columns that a call takes for one input, in its order; none where it is not given."""
    if f"<p:{name}>" not in call:
        return []
    start = list(call).index(f"<p:{name}>") + 1
    return [i for i in range(start, end_of_input(call, start)) if COLUMN.fullmatch(call[i])]


def movable(call: Sequence[str]) -> bool:
    """Whether every column of a call can be taken from a result; designs and matrices are left alone."""
    return call[0].split(":")[1].split(".")[0] in ("table", "stats", "spc", "quality")


def moved(call: Sequence[str]) -> list[str]:
    """The call on the first result: its table, its columns; results before it count one further."""
    out: list[str] = []
    bare = call[0] == "<op:table.derive>"
    for token in call:
        if token.startswith("<p:"):
            bare = token in _BARE
        result = re.fullmatch(r"<res(\d)(\.?)>", token)
        if result:
            out.append(f"<res{int(result[1]) + 1}{result[2]}>")
        elif token.startswith("<t") and token[2:-1].isdigit():
            out.append(v.RESULTS[0])
        elif COLUMN.fullmatch(token) and not bare and not (out and out[-1].endswith(".>")):
            out += [f"{v.RESULTS[0][:-1]}.>", token]
        else:
            out.append(token)
    return out


def without(calls: Sequence[Sequence[str]], k: int) -> list[list[str]]:
    """The calls without call ``k``, which returned a table: what took that takes the table it was made of."""
    source = calls[k][calls[k].index("<p:data>") + 1]
    return [_from(call, k, source) for call in (*calls[:k], *calls[k + 1 :])]


def _from(call: Sequence[str], k: int, source: str) -> list[str]:
    out: list[str] = []
    for token in call:
        result = re.fullmatch(r"<res(\d)(\.?)>", token)
        if result is None or int(result[1]) <= k:
            out.append(token)
        elif int(result[1]) > k + 1:
            out.append(f"<res{int(result[1]) - 1}{result[2]}>")
        elif not result[2]:
            out.append(source)
        elif source.startswith("<res"):
            out.append(f"{source[:-1]}.>")
    return out
