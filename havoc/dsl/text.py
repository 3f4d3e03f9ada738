"""An executed program as Markdown for a reader: conclusions, values, tables, cautions, audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from havoc.dsl.executor import Execution, Step, conclusion_text
from havoc.tools.result import TINY_P, Result, vanished, vanished_cell

MAX_ROWS = 60
_MAX_ITEMS = 12


def execution_text(execution: Execution) -> str:
    """The whole run; values whose audit failed are withheld."""
    parts = [step_text(step) for step in execution.steps]
    parts += [f"`{name}`: {t.n_rows} rows of {', '.join(t.names)}" for name, t in _read(execution)]
    checks = [c for step in execution.steps for c in step.checks]
    failed = [f"{s.name}.{c.name}" for s in execution.steps for c in s.checks if not c.passed]
    if failed:
        parts.append(f"AUDIT FAILED for {', '.join(failed)}: these numbers are withheld.")
    elif checks:
        parts.append(f"Audit: {len(checks)} checks by a second route, all passed.")
    return "\n\n".join(parts) + "\n"


def _read(execution: Execution) -> list[tuple[str, Any]]:
    """The tables read, where nothing was done with them."""
    return [] if execution.steps else list(execution.tables.items())


def step_text(step: Step) -> str:
    """One result: its conclusion first."""
    failed = {c.name for c in step.checks if not c.passed}
    if failed:
        return f"## {step.name} = {step.operation}\n\nWithheld: the audit did not confirm it."
    result = step.result
    parts = [f"## {step.name} = {step.operation}"]
    if result.conclusion:
        parts.append(conclusion_text(result))
    parts.append(_values(result))
    parts += [f"**{t.name}**\n\n{markdown_table(t.columns, t.rows)}" for t in result.tables]
    parts += [f"Assumption: {a.name}: {_verdict(a.met)} ({a.detail})" for a in result.assumptions]
    parts += [f"Caution: {w}" for w in result.warnings]
    return "\n\n".join(p for p in parts if p)


def _verdict(met: bool | None) -> str:
    return {True: "holds", False: "does not hold", None: "cannot be told from the data"}[met]


def _values(result: Result) -> str:
    rows = [
        (key, _shown(key, value) + (f" {result.units[key]}" if key in result.units else ""))
        for key, value in result.values.items()
    ]
    return markdown_table(("value", ""), rows) if rows else ""


def _shown(name: str, value: Any) -> str:
    """A value by its name: a p value that is nothing in a float is told as small, not as 0."""
    return f"< {TINY_P}" if vanished(name, value) else _value(value)


def _value(value: Any) -> str:
    if isinstance(value, list):
        items = ", ".join(_value(v) for v in value[:_MAX_ITEMS])
        more = f", ... ({len(value)} in all)" if len(value) > _MAX_ITEMS else ""
        return f"[{items}{more}]"
    if isinstance(value, float):
        return f"{value:.7g}"
    return "" if value is None else str(value)


def markdown_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table with aligned columns; long tables end in a count of what is left out."""
    cells = [
        [
            (f"< {TINY_P}" if vanished_cell(columns, row, i) else _value(v)).replace("|", "\\|")
            for i, v in enumerate(row)
        ]
        for row in rows[:MAX_ROWS]
    ]
    widths = [max(3, *(len(row[i]) for row in (columns, *cells))) for i in range(len(columns))]
    lines = [_line(columns, widths), "|" + "|".join("-" * (w + 2) for w in widths) + "|"]
    lines += [_line(row, widths) for row in cells]
    if len(rows) > MAX_ROWS:
        lines.append(f"\n... {len(rows) - MAX_ROWS} more rows (--json has all)")
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(c.ljust(w) for c, w in zip(cells, widths, strict=True)) + " |"
