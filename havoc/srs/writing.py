"""The answer's Markdown, section by section (docs/reasoning.md): conclusion, results, assumptions, caveats, reading,
next steps, program, sources. Every number is a link to the place that it shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from havoc.dsl.executor import Step
from havoc.srs.asked import asked_quantities, asked_sentence
from havoc.srs.columns import assumed_columns
from havoc.srs.criteria import judgements
from havoc.srs.guidance import advice, reading, verdict
from havoc.srs.markdown import filled, label, result_table, value_text
from havoc.srs.state import Amendment, State
from havoc.srs.uncertainty import uncertainty
from havoc.tools.operation import get
from havoc.tools.result import Assumption, ResultTable, flatten

VERDICT = {True: "holds", False: "does not hold", None: "cannot be told from the data"}
SECTIONS = (
    "Assumptions", "To keep in mind", "How to read it", "What to do next", "Program", "Audit", "Sources",
)  # fmt: skip
_PLANNED = ("design", "settings", "path")  # tables that are the very thing asked for


@dataclass(frozen=True)
class Detail:
    """How much is written: rows of a table, quantities of a result, items of reading and advice."""

    rows: int
    quantities: int
    items: int
    audit: bool = False


LEVELS = {"brief": Detail(0, 0, 0), "normal": Detail(12, 16, 4), "full": Detail(200, 80, 20, True)}
DESIGN_ROWS = 64


def draft(state: State, withheld: frozenset[str], level: str = "normal") -> str:
    """The answer without its citations.

    Parameters
    ----------
    withheld : names (``r2.cpk``, ``r2.effects:estimate``) of numbers that failed their audit.
    level : ``brief``, ``normal`` or ``full``.
    """
    assert state.chosen is not None
    assert state.chosen.execution is not None
    detail = LEVELS[level]
    steps = state.chosen.execution.steps
    parts = conclusions(steps, state.amendments, withheld, state.request.text)
    if state.edit is not None and state.edit.said:
        parts[0] = f"{state.edit.said}: {parts[0]}"
    parts += judgements(state, withheld)
    if level == "brief":
        parts += caveats_part(state, steps, serious=True)
        return "\n\n".join(parts)
    for step in steps:
        asked = asked_quantities(step, state.request.text)
        parts += _result(step, withheld, detail, asked, titled=len(steps) > 1)
    parts += assumptions_part(steps)
    parts += caveats_part(state, steps)
    doubted = {a.step for a in state.amendments if _disagree(a, steps)}
    told = [s for s in steps if not _is_table(s) and s.name not in doubted] or steps[-1:]
    for title, said in (("How to read it", reading), ("What to do next", advice)):
        by_text = {text: s for s in reversed(told) for text in said(s)}
        lines = [filled(text, s, withheld) for text, s in by_text.items()]
        parts += section(title, lines[: detail.items])
    parts += program_part(state)
    if detail.audit:
        parts += section("Audit", _audit(steps))
    parts += section("Sources", list(dict.fromkeys(_source(s) for s in steps)))
    return "\n\n".join(p for p in parts if p)


def program_part(state: State) -> list[str]:
    """The program to run again."""
    assert state.chosen is not None
    return [f"### Program\n\n```havoc\n{state.chosen.program.strip()}\n```"]


def section(title: str, lines: Sequence[str]) -> list[str]:
    """A titled list; nothing where there is nothing to say."""
    kept = [line for line in lines if line]
    return ["\n".join([f"### {title}", "", *(f"- {line}" for line in kept)])] if kept else []


# ---- the conclusion -----------------------------------------------------------------------------------------


def conclusions(
    steps: Sequence[Step],
    amendments: Sequence[Amendment],
    withheld: frozenset[str],
    request: str = "",
) -> list[str]:
    """The first paragraph, with what ``request`` asks for by name, then one for each better method that was added."""
    added = {a.better for a in amendments}
    told = [s for s in steps if not _is_table(s) and s.name not in added] or list(steps[-1:])
    by_name = {s.name: s for s in steps}
    doubted = {a.step for a in amendments if _disagree(a, steps)}
    first = [conclusion(s, withheld, doubted=s.name in doubted) for s in told]
    first += [filled(said, s, withheld) for s in told if (said := asked_sentence(s, request))]
    if doubted:
        first.insert(0, "What follows depends on the method.")
    return [" ".join(first), *(_amended(a, by_name, withheld) for a in amendments)]


def conclusion(step: Step, withheld: frozenset[str], *, doubted: bool = False) -> str:
    """The result in plain words, the operation's own sentence with its numbers linked, and its uncertainty.

    ``doubted``: a better method says otherwise, so the plain words are left to that one.
    """
    told = ("" if doubted else verdict(step), step.result.conclusion, uncertainty(step))
    text = " ".join(t for t in told if t)
    return filled(text, step, withheld)


def _amended(a: Amendment, steps: dict[str, Step], withheld: frozenset[str]) -> str:
    better, original = steps[a.better], steps[a.step]
    before, after = decision(original), decision(better)
    said = ""
    if before is not None and after is not None:
        said = " Both methods come to the same conclusion." if before == after else f" {a.differs}"
    return f"{a.reason}: {conclusion(better, withheld)}{said}"


def _disagree(a: Amendment, steps: Sequence[Step]) -> bool:
    by_name = {s.name: s for s in steps}
    return decision(by_name[a.step]) != decision(by_name[a.better])


def decision(step: Step) -> bool | str | None:
    """What a result decides, to be compared between methods."""
    values, alpha = step.result.values, step.arguments.get("alpha")
    if isinstance(values.get("significant"), bool):
        return bool(values["significant"])
    if isinstance(values.get("p_value"), float) and isinstance(alpha, float):
        return bool(values["p_value"] < alpha)  # type: ignore[operator]
    return verdict(step) or None


# ---- results ------------------------------------------------------------------------------------------------


def _result(
    step: Step, withheld: frozenset[str], detail: Detail, asked: Collection[str], titled: bool
) -> list[str]:
    parts = [f"### {get(step.operation).summary}"] if titled else []
    tables = [
        (i, t)
        for i, t in enumerate(step.result.tables)
        if t.rows and (detail.audit or not _repeats(t))
    ]
    parts += _quantities(step, withheld, detail, asked, [t for _, t in tables])
    parts += [
        result_table(
            step,
            i,
            t,
            max(detail.rows, DESIGN_ROWS) if t.name in _PLANNED else detail.rows,
            withheld,
        )
        for i, t in tables
    ]
    return [*parts, *(f"[[figure:{step.name}.{i}]]" for i, _ in enumerate(step.result.figures, 1))]


def _repeats(table: ResultTable) -> bool:
    """A table of names and values only: the quantities say the same. The design in code repeats the design."""
    return table.columns[1:] == ("value",) or table.name == "coded design"


def _quantities(
    step: Step,
    withheld: frozenset[str],
    detail: Detail,
    asked: Collection[str],
    tables: Sequence[ResultTable],
) -> list[str]:
    """The result's values as a table, those asked for by name first."""
    outputs = get(step.operation).outputs
    shown = {
        v for t in tables for r in t.rows[: detail.rows] for v in r if isinstance(v, float | str)
    }
    rows: list[str] = []
    for key, value in sorted(step.result.values.items(), key=lambda kv: kv[0] not in asked):
        if value is None or value == []:
            continue
        lost = f"{step.name}.{key}" in withheld
        if not (lost or detail.audit) and _told_elsewhere(value, shown, bool(tables)):
            continue
        text = (
            "withheld: it did not survive its re-computation"
            if lost
            else value_text(step, key, value)
        )
        unit = step.result.units.get(key)
        rows.append(f"| {label(outputs[key])} | {text}{f' {unit}' if unit and not lost else ''} |")
    kept = rows[: detail.quantities]
    if not kept:
        return []
    table = "\n".join(["| quantity | value |", "|---|---|", *kept])
    more = len(rows) - len(kept)
    return [
        f"{table}\n\nThe result holds further quantities: see the full level of detail."
        if more
        else table
    ]


def _told_elsewhere(value: object, shown: set[float | str], has_tables: bool) -> bool:
    """A number that a table shows, or a list that the tables hold or that is too long to read."""
    if isinstance(value, list):
        leaves = flatten(value)
        return has_tables and (len(leaves) > 3 or all(v in shown or v == "" for v in leaves))
    return isinstance(value, float) and value in shown


def _is_table(step: Step) -> bool:
    return step.operation.startswith("table.")


# ---- what holds, what to keep in mind, sources --------------------------------------------------------------


def assumptions_part(steps: Sequence[Step]) -> list[str]:
    """What was assumed, what fails first."""
    return section("Assumptions", [_assumption(a, s, steps) for s, a in _assumptions(steps)])


def _assumptions(steps: Sequence[Step]) -> list[tuple[Step, Assumption]]:
    found = [(s, a) for s in steps for a in s.result.assumptions]
    order = {False: 0, None: 1, True: 2}
    return sorted(found, key=lambda sa: order[sa[1].met])


def _assumption(a: Assumption, step: Step, steps: Sequence[Step]) -> str:
    of = f" ({get(step.operation).summary})"
    several = len([s for s in steps if s.result.assumptions]) > 1
    detail = f": {a.detail.rstrip('.')}." if a.detail else "."
    return f"**{VERDICT[a.met]}** – {a.name}{of if several else ''}{detail}"


def caveats_part(state: State, steps: Sequence[Step], serious: bool = False) -> list[str]:
    """What to keep in mind: objections with what to do about them."""
    names = {s.name for s in steps}
    lines = _assumed(state)
    for o in state.objections:
        if o.step not in names or o.severity == "note" or (serious and o.severity != "serious"):
            continue
        if o.name == "warning":
            lines.append(f"{o.detail.rstrip('.')}.")
        elif o.advice or serious:  # the section on assumptions has the others
            told = o.advice or o.detail
            lines.append(f"{o.name[0].upper()}{o.name[1:]}: {told.rstrip('.')}.")
    return section("To keep in mind", list(dict.fromkeys(lines)))


def _assumed(state: State) -> list[str]:
    """Columns that were not named: whoever meant others must see it."""
    names = assumed_columns(state)
    if not names:
        return []
    told = ", ".join(f"'{n}'" for n in names)
    what = "the column" if len(names) == 1 else "the columns"
    return [
        f"The request does not name {what} {told} in these words: check that this is what was meant."
    ]


def _audit(steps: Sequence[Step]) -> list[str]:
    return [
        f"{s.name}: {sum(c.passed for c in s.checks)} of {len(s.checks)} numbers confirmed by a second route"
        for s in steps
    ]


def _source(step: Step) -> str:
    return f"{step.operation}: {get(step.operation).reference.rstrip('.')}."
