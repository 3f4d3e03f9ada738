"""Tracing a text: each number to the place it names, each name to the number beside it, each unit to its value.

A text is taken line by line, so that a line that cannot be traced can be withheld and the rest kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from havoc.dsl.executor import Execution, Step
from havoc.dsl.grounding.numbers import unit_of
from havoc.srs.guidance import advice, reading, verdict
from havoc.srs.markdown import escaped, label, number_text
from havoc.srs.places import LINK, TABLES, Link, links, value_at
from havoc.srs.samples import far_out, present, samples
from havoc.srs.uncertainty import confidence, uncertainty
from havoc.tools.operation import Check, get
from havoc.tools.result import flatten

SHOWN = 6e-4  # a number in the text is rounded: half a unit of its fourth digit
NUMBER = re.compile(r"(?<![\w.#:\[])[-−]?\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?")
_UNIT = re.compile(r"\s?([A-Za-z%°µΩ][\w%°µΩ·*/^]*)")
# the program is run as it stands; references and the description of a method have years and pages
_FREE = ("Program", "Sources", "Why this method")


@dataclass(frozen=True)
class Traced:
    """The checks of a text, and the lines (by number) that hold something wrong."""

    checks: tuple[Check, ...]
    bad_lines: frozenset[int] = frozenset()


def trace(text: str, execution: Execution, request: str) -> Traced:
    """One failed check for each thing that is wrong; one passed check if all is well."""
    steps = {s.name: s for s in execution.steps}
    known = list(_known(execution, request))
    guidance = list(_guidance(execution.steps))
    checks: list[Check] = []
    bad: set[int] = set()
    section, fenced = "", False
    for i, line in enumerate(text.split("\n")):
        fenced ^= line.startswith("```")
        if line.startswith("### "):
            section = line[4:]
        if fenced or section in _FREE or line.startswith("```"):
            continue
        allowed = known + guidance if section.startswith(("How to", "What to")) else known
        found = [*_of_line(line, steps), *_unlinked(line, allowed)]
        if found:
            bad.add(i)
            checks += found
    passed = Check("text", "every number traced", "every number traced", 0.0, True)
    return Traced(tuple(checks) or (passed,), frozenset(bad))


def without(text: str, bad_lines: frozenset[int]) -> str:
    """The text with the lines that cannot be traced withheld."""
    lines = text.split("\n")
    for i in bad_lines:
        row = lines[i].startswith("|")
        lines[i] = "| withheld |" if row else "(withheld: a number here could not be traced)"
    return "\n".join(lines)


# ---- linked numbers -----------------------------------------------------------------------------------------


def _of_line(line: str, steps: Mapping[str, Step]) -> Iterator[Check]:
    before = 0
    for found in links(line):
        there, value = value_at(steps, found)
        if not there or not agrees(found.shown, [value]):
            yield Check(f"text:{found.name}", found.shown, value if there else None, SHOWN, False)
        else:
            step = steps[found.step]
            yield from _named(found, line[before : found.start], step)
            yield from _measured(found, line[found.end :], step)
        before = found.end
    if line.startswith("|"):
        yield from _row(line, steps)


def _named(found: Link, before: str, step: Step) -> Iterator[Check]:
    """The name right before an item of a list (``T = 23``, ``b - a (2.3)``) is the name of that item."""
    if found.key == TABLES or len(found.place) != 1 or re.match(r"[-−+]\s", found.shown):
        return  # after a sign stands the next term of a sum: the name before it is of the one before
    told, wanted = "", ""
    for names in _name_lists(step, found.key):
        match = re.search(rf"(?<!\w)({'|'.join(map(re.escape, names))})\s*[=:(]?\s*$", before)
        if match and len(match[1]) > len(told):
            told, wanted = match[1], names[found.place[0]]
    if told != wanted:
        yield Check(f"text:name of {found.name}", told, wanted, 0.0, False)


def _name_lists(step: Step, key: str) -> Iterator[list[str]]:
    """The lists of names that run beside the list ``key``."""
    values = step.result.values
    length = len(values[key])  # type: ignore[arg-type]
    for names in values.values():
        if not isinstance(names, list) or len(names) != length or len(set(map(str, names))) < 2:
            continue
        if all(isinstance(n, str) and n for n in names):
            yield names


def _measured(found: Link, after: str, step: Step) -> Iterator[Check]:
    """The unit behind a number is the unit of that value."""
    declared = step.result.units.get(found.key)
    match = _UNIT.match(after)
    if declared is None or match is None or found.key == TABLES:
        return
    told = after.lstrip()
    if told.startswith((declared, f"({declared}", f"[{declared}")):
        return
    if unit_of(match[1]) is not None:
        yield Check(f"text:unit of {found.name}", match[1], declared, 0.0, False)


def _row(line: str, steps: Mapping[str, Step]) -> Iterator[Check]:
    """A table's row: the words in it belong to the numbers in it."""
    cells = [c.strip() for c in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
    found = list(links(line))
    if not found:
        return
    first = found[0]
    if first.key == TABLES:
        there, row = value_at(steps, Link("", first.step, TABLES, first.place[:2], 0, 0))
        if not there or any(f.place[:2] != first.place[:2] for f in found):
            yield Check(f"text:row of {first.name}", line, None, 0.0, False)
            return
        for cell, value in zip(cells, row, strict=False):
            if not LINK.search(cell) and cell not in (_cell_text(value), "withheld"):
                yield Check(f"text:row of {first.name}", cell, value, 0.0, False)
    elif len(cells) == 2:
        called = label(get(steps[first.step].operation).outputs.get(first.key, ""))
        if first.step in steps and cells[0] != called:
            yield Check(f"text:label of {first.name}", cells[0], called, 0.0, False)


def _cell_text(value: object) -> str:
    return escaped(number_text(value)).strip()


# ---- other numbers ------------------------------------------------------------------------------------------


def _unlinked(line: str, known: list[object]) -> Iterator[Check]:
    if line.startswith("|"):
        return
    for match in NUMBER.finditer(LINK.sub(" ", line)):
        if not agrees(match.group(), known):
            yield Check("text", match.group(), None, SHOWN, False)


def _known(execution: Execution, request: str) -> Iterator[object]:
    """Numbers a text may hold: of results, of their tables, of the operations' own sentences, of the request."""
    for step in execution.steps:
        values = flatten(list(step.result.values.values()))
        yield from values
        yield from (len(v) for v in step.result.values.values() if isinstance(v, list))  # "in all"
        yield from NUMBER.findall(" ".join(v for v in values if isinstance(v, str)))
        for table in step.result.tables:
            yield from flatten([list(r) for r in table.rows])
            yield from NUMBER.findall(f"{table.name} {' '.join(map(str, table.columns))}")
            yield len(table.rows)
        for a in step.result.assumptions:
            yield from (a.statistic, a.p_value)
            yield from NUMBER.findall(f"{a.name} {a.detail}")
        for sample in samples(step):  # values that an objection names, and the column's own name
            data = present(sample)
            yield from (float(data[i]) for i in far_out(data))
            yield from NUMBER.findall(sample.name)
        operation = get(step.operation)
        sentences = [verdict(step), step.result.conclusion, uncertainty(step), operation.summary]
        yield from NUMBER.findall(" ".join([*sentences, *step.result.warnings]))
        yield 100 * confidence(step)
        yield len(step.checks)
    yield from range(13)
    yield from NUMBER.findall(request)


def _guidance(steps: Iterable[Step]) -> Iterator[object]:
    for step in steps:
        yield from NUMBER.findall(" ".join([*reading(step), *advice(step)]))


def agrees(shown: str, values: Iterable[object]) -> bool:
    """Whether what is shown is one of the values, rounded."""
    try:
        number = float(shown.replace(",", "").replace("−", "-").replace("- ", "-"))
    except ValueError:
        return any(str(v).casefold() == shown.casefold() for v in values)
    for v in values:
        try:
            value = float(str(v).replace(",", "").replace("−", "-"))
        except ValueError:
            continue
        if abs(number - value) <= SHOWN * abs(value) + 1e-12:
            return True
    return False
