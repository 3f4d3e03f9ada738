"""The answer's Markdown: conclusion, numbers as links to what made them, tables, figures, caveats, the program."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from havoc.dsl.executor import Step
from havoc.srs.state import Objection, State
from havoc.tools.operation import get
from havoc.tools.result import ResultTable

MAX_ROWS, MAX_LIST, MAX_VALUES = 40, 12, 40
_PLACE = re.compile(r"\{(\w+)(?:\[(\d+)\])?(?::[^}]*)?\}")


def number_text(value: Any) -> str:
    """Six significant digits, whole numbers whole, tiny p-values in powers of ten."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.6g}"


def link(step: str, key: str, value: Any, index: int | None = None, unit: str | None = None) -> str:
    """A number as a link to the value that it shows."""
    place = f"{step}.{key}" + (f"[{index}]" if index is not None else "")
    text = f"[{number_text(value)}](#v:{place})"
    return f"{text} {unit}" if unit else text


def draft(state: State, withheld: frozenset[str]) -> str:
    """The body of the answer."""
    assert state.chosen is not None
    assert state.chosen.execution is not None
    steps = state.chosen.execution.steps
    shown = [s for s in steps if s.operation.split(".")[0] != "table"] or list(steps)
    parts = [conclusion(s, withheld) for s in shown]
    for step in steps:
        parts += _body(step, withheld, titled=len(steps) > 1)
    parts += _caveats(state.objections, steps)
    parts.append(f"**Program**\n\n```havoc\n{state.chosen.program.strip()}\n```")
    return "\n\n".join(p for p in parts if p)


def conclusion(step: Step, withheld: frozenset[str]) -> str:
    """The operation's own sentence with its numbers linked."""
    values = step.result.values

    def filled(match: re.Match[str]) -> str:
        key, index = match[1], match[2]
        if key not in values:
            return match[0]
        if f"{step.name}.{key}" in withheld:
            return "(withheld: it did not survive its re-computation)"
        value: Any = values[key]
        if index is not None and isinstance(value, list):
            return link(step.name, key, value[int(index)], int(index))
        if isinstance(value, list):
            return ", ".join(_linked(step, key, v, i) for i, v in enumerate(value[:MAX_LIST]))
        return _linked(step, key, value)

    return _PLACE.sub(filled, step.result.conclusion)


def _linked(step: Step, key: str, value: Any, index: int | None = None) -> str:
    """A number as a link, a word or a nested list as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return link(step.name, key, value, index)
    return (
        number_text(value)
        if not isinstance(value, list)
        else " ".join(number_text(v) for v in value)
    )


def _body(step: Step, withheld: frozenset[str], titled: bool) -> list[str]:
    operation = get(step.operation)
    parts = [f"### {operation.summary}"] if titled else []
    rows = []
    told = [(k, v) for k, v in step.result.values.items() if v is not None and v != []]
    for key, value in told[:MAX_VALUES]:
        if f"{step.name}.{key}" in withheld:
            rows.append(
                f"| {_label(operation.outputs[key])} | withheld: it did not survive its re-computation |"
            )
            continue
        rows.append(f"| {_label(operation.outputs[key])} | {_cell(step, key, value)} |")
    if rows:
        parts.append("\n".join(["| quantity | value |", "|---|---|", *rows]))
    parts += [table_text(t) for t in step.result.tables]
    parts += [f"[[figure:{step.name}.{i}]]" for i, _ in enumerate(step.result.figures, 1)]
    return parts


def _label(text: str) -> str:
    return text.split(";")[0].replace("|", "\\|").strip()


def _cell(step: Step, key: str, value: Any) -> str:
    unit = step.result.units.get(key)
    if isinstance(value, list):
        if value and isinstance(value[0], list):
            return "; ".join(" ".join(number_text(x) for x in row) for row in value[:MAX_LIST])
        shown = ", ".join(_linked(step, key, v, i) for i, v in enumerate(value[:MAX_LIST]))
        return (shown or "none") + (f" … ({len(value)} in all)" if len(value) > MAX_LIST else "")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return link(step.name, key, value, unit=unit)
    return number_text(value).replace("|", "\\|")


def table_text(table: ResultTable) -> str:
    """A Markdown table; a long one is cut, and says so."""
    header = "| " + " | ".join(str(c) for c in table.columns) + " |"
    rows = [
        "| " + " | ".join(number_text(c).replace("|", "\\|") for c in r) + " |"
        for r in table.rows[:MAX_ROWS]
    ]
    text = "\n".join([f"**{table.name}**", "", header, "|" + "---|" * len(table.columns), *rows])
    if len(table.rows) > MAX_ROWS:
        text += f"\n\n(the first {MAX_ROWS} of {len(table.rows)} rows; `--json` has all)"
    return text


def _caveats(objections: Sequence[Objection], steps: Sequence[Step]) -> list[str]:
    parts = []
    names = {s.name for s in steps}
    held = [a for s in steps for a in s.result.assumptions if a.met]
    if held:
        parts.append(
            "**Assumptions that hold:** "
            + "; ".join(f"{a.name} ({a.detail})" if a.detail else a.name for a in held)
            + "."
        )
    against = [o for o in objections if o.step in names]
    if against:
        lines = []
        for o in against:
            remedy = (
                f" The better method, {o.remedy}, was run as well: see below." if o.remedy else ""
            )
            text = o.detail if o.name == "warning" else f"{o.name}: {o.detail}"
            lines.append(f"- {text.rstrip('.')}.{remedy}")
        parts.append("**To keep in mind**\n\n" + "\n".join(dict.fromkeys(lines)))
    return parts
