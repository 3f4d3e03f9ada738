"""The grammar of ``havoc.dsl.planning`` for a planner that writes JSON: a regular expression an argument."""

from __future__ import annotations

import re

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import Grounded
from havoc.dsl.planning import Results, argument_grammar
from havoc.tools.operation import Kind, Parameter

_PIECE = re.compile(r"<[^<>\s]+>|[()|*+?]")


def argument_pattern(parameter: Parameter, grounded: Grounded, later: Results) -> str | None:
    """A regular expression of what may stand behind a parameter, its tokens parted by blanks; None where nothing may.

    For choices it is the choice itself. The grammar of a call has no recursion, so an expression says all of it.
    """
    if parameter.kind in (Kind.CHOICE, Kind.BOOLEAN):
        choices = parameter.choices or ("true", "false")
        return "|".join(re.escape(c) for c in choices)
    body = argument_grammar(parameter, grounded, later)
    if body is None:
        return None
    names = v.param_tokens(parameter)
    if names:
        body = body.removeprefix(names[0] + " ")
    pieces = (m.group() for m in _PIECE.finditer(body))
    return "".join(
        f"(?:{re.escape(p)} ?)" if p[0] == "<" else p.replace("(", "(?:") for p in pieces
    )
