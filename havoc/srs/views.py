"""Other views of a result that is asked about again: why, a figure or a table of it, the data to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from havoc.dsl.executor import Step
from havoc.srs import writing
from havoc.srs.guidance import advice, reading
from havoc.srs.markdown import filled, result_table
from havoc.srs.state import State
from havoc.tools.operation import get
from havoc.tools.result import ResultTable
from havoc.tools.values import Table


def view(state: State, name: str, withheld: frozenset[str]) -> str:
    """The answer's text for ``why``, ``next``, ``show:<word>``, ``export`` or ``export:<another format>``."""
    assert state.chosen is not None
    assert state.chosen.execution is not None
    steps = state.chosen.execution.steps
    if name == "why":
        parts = _why(state, steps, withheld)
    elif name == "next":
        parts = _next(state, steps, withheld)
    elif name.startswith("export"):
        parts = [*_instead(name.partition(":")[2]), *_export(steps)]
    else:
        parts = _shown(steps, name.partition(":")[2], withheld)
    return "\n\n".join([*parts, *writing.program_part(state)])


def _why(state: State, steps: Sequence[Step], withheld: frozenset[str]) -> list[str]:
    parts = writing.conclusions(steps, state.amendments, withheld)
    told = [s for s in steps if not s.operation.startswith("table.")] or list(steps)
    lines = [_method(s) for s in told] + [f"{a.reason}." for a in state.amendments]
    parts += writing.section("Why this method", lines)
    parts += writing.assumptions_part(steps)
    parts += writing.caveats_part(state, steps)
    return parts + writing.section(
        "How to read it",
        list(dict.fromkeys(filled(t, s, withheld) for s in reversed(told) for t in reading(s))),
    )


def _next(state: State, steps: Sequence[Step], withheld: frozenset[str]) -> list[str]:
    parts = writing.conclusions(steps, state.amendments, withheld)
    told = [s for s in steps if not s.operation.startswith("table.")] or list(steps)
    parts += writing.caveats_part(state, steps)
    lines = dict.fromkeys(filled(t, s, withheld) for s in reversed(told) for t in advice(s))
    return parts + writing.section("What to do next", list(lines))


def _method(step: Step) -> str:
    operation = get(step.operation)
    detail = operation.description.split("\n\n")[0].replace("\n", " ")
    return f"{operation.summary} ({step.operation}; {operation.reference.rstrip('.')}). {detail}".strip()


def _shown(steps: Sequence[Step], word: str, withheld: frozenset[str]) -> list[str]:
    """The figures or tables that the word names; all of them where none is named so."""
    figures = [(s, i, f) for s in steps for i, f in enumerate(s.result.figures)]
    tables = [(s, i, t) for s in steps for i, t in enumerate(s.result.tables) if t.rows]
    named = [(s, i) for s, i, f in figures if word in f"{f.kind} {f.title}".casefold()]
    found = [
        result_table(s, i, t, 200, withheld) for s, i, t in tables if word in t.name.casefold()
    ]
    if word == "table":
        return [result_table(s, i, t, 200, withheld) for s, i, t in tables] or _nothing(word)
    if not named and not found:
        if not figures:
            return _nothing(word)
        named = [(s, i) for s, i, _ in figures]
        if word not in ("chart", "plot", "graph", "figure", "picture"):
            found = [f"There is no figure of {word}s in this result; it has these."]
    return [*found, *(f"[[figure:{s.name}.{i + 1}]]" for s, i in named)]


def _nothing(word: str) -> list[str]:
    return [f"The last result has no {word} to show."]


_SPREADSHEETS = ("excel", "xls", "xlsx", "spreadsheet")


def _instead(wanted: str) -> list[str]:
    """What is said where another format than CSV was asked for."""
    if not wanted:
        return []
    if wanted in _SPREADSHEETS:
        return [
            "An answer holds text, no workbook: save this block as a .csv file, which a spreadsheet opens."
        ]
    return [f"An answer holds text, no {wanted} file: this is the CSV."]


def _export(steps: Sequence[Step]) -> list[str]:
    """The last table that the program made, as CSV with every digit."""
    for step in reversed(steps):
        if step.result.data is not None and step.result.data.n_rows:
            return [f"The data of {step.name} as CSV:", _csv(*_of_data(step.result.data))]
        for table in step.result.tables:
            if table.rows:
                return [f"The table '{table.name}' of {step.name} as CSV:", _csv(*_of_table(table))]
    values = [(k, v) for s in steps for k, v in s.result.values.items()]
    return ["The values as CSV:", _csv(["quantity", "value"], values)]


def _of_data(table: Table) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
    return table.names, list(table.rows())


def _of_table(table: ResultTable) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
    return table.columns, table.rows


def _csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([["" if c is None else c for c in r] for r in rows])
    return f"```csv\n{out.getvalue()}```"
