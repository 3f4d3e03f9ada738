"""Whether two programs come to the same result, and the question that tells two readings of the inputs apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from havoc.dsl.ast import Statement
from havoc.dsl.formatter import format_value
from havoc.dsl.parser import parse
from havoc.srs.followup.program import by_name
from havoc.srs.state import Run
from havoc.tools.operation import operations


def same_result(a: Run, b: Run) -> bool:
    """Equal operations with equal values, in whatever both report."""
    if a.execution is None or b.execution is None:
        return False
    if [s.operation for s in a.execution.steps] != [s.operation for s in b.execution.steps]:
        return False
    pairs = zip(a.execution.steps, b.execution.steps, strict=True)
    return all(_agree(x.result.values, y.result.values) for x, y in pairs)


def _agree(a: Any, b: Any) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return all(_agree(a[k], b[k]) for k in a.keys() & b.keys())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_agree(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    return bool(a == b)


def inputs_question(chosen: Run, runs: Sequence[Run]) -> str:
    """The one question about the argument in which the likeliest other reading differs."""
    summary = ""
    for other in runs:
        if other.execution is None or same_result(other, chosen):
            continue
        for mine, theirs in zip(_calls(chosen), _calls(other), strict=False):
            if mine.operation != theirs.operation:
                break
            operation = operations()[mine.operation]
            summary = f"{operation.summary[0].lower()}{operation.summary[1:]}"
            a, b = by_name(mine, operation), by_name(theirs, operation)
            for parameter in operation.parameters:
                one, two = (_shown(x, parameter.name) for x in (a, b))
                if one != two:
                    what = parameter.doc or parameter.name.replace("_", " ")
                    return (
                        f"I would {summary}, but I am not sure about one input, the {what}: "
                        f"is it (a) {one}, or (b) {two}?"
                    )
    guess = f" My best guess is to {summary}." if summary else ""
    return f"I am not sure about the inputs.{guess} Please say which numbers or columns stand for what."


def _calls(run: Run) -> list[Statement]:
    known = operations()
    return [s for s in parse(run.program).statements if s.operation in known]


def _shown(arguments: dict[str, Any], name: str) -> str:
    if name not in arguments:
        return "not given"
    text = format_value(arguments[name].value)
    return text if len(text) <= 60 else text[:57] + "..."
