"""AUDIT: every reported number re-computed, and every number of the text traced to what made it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from havoc.dsl.executor import Execution
from havoc.srs.state import Stack, State
from havoc.srs.writing import draft
from havoc.tools.operation import Check
from havoc.tools.result import flatten

_NUMBER = re.compile(r"(?<![\w.#:\[])[-−]?\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?")
_LINK = re.compile(r"\[([^\]]+)\]\(#v:([\w]+)\.(\w+)(?:\[(\d+)\])?\)")
_SHOWN = 6e-4  # a number in the text is rounded: half a unit of its fourth digit


def run(state: State, stack: Stack) -> State:
    """Collect the executor's checks, withhold what failed, write the draft and trace its numbers."""
    if state.status or state.chosen is None or state.chosen.execution is None:
        return state
    execution = state.chosen.execution
    checks = [replace(c, name=f"{s.name}.{c.name}") for s in execution.steps for c in s.checks]
    withheld = tuple(sorted({c.name for c in checks if not c.passed}))
    text = draft(state, frozenset(withheld))
    traced = trace_numbers(text, execution, state)
    return replace(state, draft=text, checks=(*checks, *traced), withheld=withheld)


def trace_numbers(text: str, execution: Execution, state: State) -> list[Check]:
    """One check for each number of the text that is wrong or comes from nowhere; one summary check if all is well."""
    bad: list[Check] = []
    steps = {s.name: s for s in execution.steps}
    for shown, step, key, index in _LINK.findall(text):
        value = steps[step].result.values.get(key) if step in steps else None
        if index and isinstance(value, list):
            value = value[int(index)]
        if not _agrees(shown, [value]):
            bad.append(Check(f"text:{step}.{key}", shown, value, _SHOWN, False))
    prose = re.sub(r"```.*?```", " ", text, flags=re.DOTALL)
    prose = re.sub(r"^\|.*\|$", " ", prose, flags=re.MULTILINE)
    prose = _LINK.sub(" ", prose)
    known = list(_sources(execution, state))
    for match in _NUMBER.finditer(prose):
        if not _agrees(match.group(), known):
            bad.append(Check("text", match.group(), None, _SHOWN, False))
    return bad or [Check("text", "every number traced", "every number traced", 0.0, True)]


def _sources(execution: Execution, state: State) -> Iterable[object]:
    """Numbers a text may hold: of results, of their tables, of the operations' own sentences, of the request."""
    for step in execution.steps:
        values = flatten(list(step.result.values.values()))
        yield from values
        yield from _NUMBER.findall(" ".join(v for v in values if isinstance(v, str)))
        for table in step.result.tables:
            yield from flatten([list(r) for r in table.rows])
        for a in step.result.assumptions:
            yield from (a.statistic, a.p_value)
            yield from _NUMBER.findall(f"{a.name} {a.detail}")
        sentences = " ".join([step.result.conclusion, *step.result.warnings])
        yield from _NUMBER.findall(sentences)
    yield from _NUMBER.findall(state.request.text)


def _agrees(shown: str, values: Iterable[object]) -> bool:
    try:
        number = float(shown.replace(",", "").replace("−", "-"))
    except ValueError:
        return any(str(v).casefold() == shown.casefold() for v in values)
    for v in values:
        try:
            value = float(str(v).replace(",", "").replace("−", "-"))
        except ValueError:
            continue
        if abs(number - value) <= _SHOWN * abs(value) + 1e-12:
            return True
    return False
