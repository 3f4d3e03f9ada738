"""Tables whose cells hold several readings, as a row for each reading.

``low low 28, 25, 27`` below ``Temp Conc Yield`` are three runs at one setting; ``1  2.48 2.50  2.51 2.49`` below
``Part  Op A  Op B`` are the readings of two operators. Columns named ``A1 A2 B1 B2`` beside a part's are the trials of
the operators A and B, where the request speaks of a gage study.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from havoc.dsl.grounding.numbers import SIGNED, number_text
from havoc.dsl.grounding.text_tables import FoundTable, column_of
from havoc.tools.values import Column, Labels, Sample, Table

_GAPS = re.compile(r"\t|[ ]{2,}|[ ]*[|;][ ]*")
# "1,5" is one number with a decimal comma
_SEVERAL = re.compile(rf"{SIGNED}(?:(?:[ ]*,[ ]+|[ ]*/[ ]*|[ ]+){SIGNED})+")
_ONE = re.compile(rf"{SIGNED}|[A-Za-z+−-][\w .+−-]{{0,20}}")
_GAGE = re.compile(
    r"(?i)\b(?:gages?|gauges?|grr|gr\s?&\s?r|r\s?&\s?r|repeatab\w*|reproducib\w*|msa|measurement system|ndc)\b"
)
_PEOPLE = r"(?:operator|oper|op|appraiser|appr|inspector|insp|person|tester|technician|tech|rater)"
_TRIAL = r"(?:trial|rep|run|reading|measurement|m|t|r)"
_OF_A_TRIAL = re.compile(  # A1, A-2, Op A 1, Operator 1 trial 2, B_r3
    rf"(?i)^(?P<who>(?:{_PEOPLE}[ ._-]?)?[A-Za-z]+?|{_PEOPLE}[ ._-]?\d+)[ ._-]*(?:{_TRIAL}[ ._-]*)?(?P<trial>\d)$"
)
_HEADED = re.compile(rf"(?i)^{_PEOPLE}[ ._-]?\w*$")
_PART = re.compile(
    r"(?i)^(?:parts?|samples?|pieces?|units?|items?|specimens?)(?:[ ]?(?:no\.?|number|id|#))?$|^row$|^$|^#$"
)
MOST_ROWS = 400


def find_tables_of_several(text: str) -> list[FoundTable]:
    """Tables in lines under a heading, in which a cell holds two numbers or more."""
    lines = [(m.start(), m.end(), m.group()) for m in re.finditer(r"[^\n]+", text)]
    found: list[FoundTable] = []
    i = 0
    while i < len(lines) - 2:
        read = _below(lines, i)
        if read is None:
            i += 1
            continue
        last, table = read
        found.append(FoundTable(table, lines[i][0], lines[last][1]))
        i = last + 1
    return found


def _below(lines: Sequence[tuple[int, int, str]], at: int) -> tuple[int, Table] | None:
    header = [c for c in _GAPS.split(lines[at][2].strip().strip("|")) if c.strip()]
    if not 2 <= len(header) <= 12 or any(re.match(rf"{SIGNED}|.*[?.!:]$", h) for h in header):
        return None
    rest = lines[at + 1][2] if at + 1 < len(lines) else ""
    if len(_split(rest)) == len(header) + 1 and not re.match(SIGNED, rest.strip()):
        header = ["row", *header]  # nothing above the names of the rows
    rows: list[list[str]] = []
    for _, _, line in lines[at + 1 : at + 1 + MOST_ROWS]:
        if _is_rule(line):
            continue
        cells = _cells(line, header)
        if cells is None:
            break
        rows.append(cells)
    if len(rows) < 2 or not any(map(_SEVERAL.fullmatch, (c for r in rows for c in r))):
        return None
    many = [any(_SEVERAL.fullmatch(r[j]) for r in rows) for j in range(len(header))]
    first = many.index(True)
    if first == 0 or not all(many[first:]):
        return None
    skipped = sum(_is_rule(line) for _, _, line in lines[at + 1 : at + 1 + len(rows)])
    return at + len(rows) + skipped, _long(header, rows, first)


def _is_rule(line: str) -> bool:
    """``|---|---|`` between the heading and the rows."""
    return set(line.strip()) <= set("|-: +") and "-" in line


def _split(line: str) -> list[str]:
    return [c.strip() for c in _GAPS.split(line.strip().strip("|")) if c.strip()]


def _cells(line: str, header: Sequence[str]) -> list[str] | None:
    """The cells of a line between wide gaps or bars; one with single blanks by the heading, behind a part's number."""
    cells, width = _split(line), len(header)
    if len(cells) != width:
        if not _PART.match(header[0].strip()) or header[0] == "row":
            return None
        numbers = re.findall(r"\S+", line.strip())
        spread = len(numbers) - 1
        plain = all(re.fullmatch(SIGNED, n) for n in numbers[1:])
        if width < 3 or not plain or spread % (width - 1) or spread < width:
            return None
        each = spread // (width - 1)
        cells = [
            numbers[0],
            *(" ".join(numbers[k : k + each]) for k in range(1, len(numbers), each)),
        ]
    fits = all(_ONE.fullmatch(c) or _SEVERAL.fullmatch(c) for c in cells)
    return cells if fits and any(_SEVERAL.fullmatch(c) for c in cells) else None


def _values(cell: str) -> list[str]:
    return [number_text(v) for v in re.findall(SIGNED, cell)]


def _long(header: Sequence[str], rows: Sequence[Sequence[str]], first: int) -> Table:
    """A row for each reading: the columns before ``first`` repeated, what the reading's heading says, and the value."""
    several = len(header) - first > 1
    out: list[list[str]] = []
    for row in rows:
        for name, cell in zip(header[first:], row[first:], strict=True):
            out += [[*row[:first], *([name] if several else []), v] for v in _values(cell)]
    names = [
        *header[:first],
        *((_name_of(header[first:]), "value") if several else (header[first],)),
    ]
    return Table(tuple(column_of([r[j] for r in out], n) for j, n in enumerate(names)))


def _name_of(headings: Sequence[str]) -> str:
    return "operator" if all(_HEADED.match(h.strip()) for h in headings) else "group"


_TWO_WAY = re.compile(
    r"(?i)\b(?:rcbd|two[- ]?way|2[- ]way|two[- ]factor|blocks?|blocked|main effects?|interactions?)\b"
)


_A_BLOCK = re.compile(
    r"(?i)^(?:blocks?|block no\.?|batch|day|field|plot|operator|subject|judge|litter|rep)$"
)


def by_row_and_column(found: FoundTable, text: str) -> FoundTable:
    """A table of readings by the names of its rows and columns as a row for each, where two factors are compared."""
    names, *readings = found.table.columns
    if isinstance(names, Sample) and _A_BLOCK.match(names.name.strip()):
        names = Labels(names.name, names.texts)  # blocks 1, 2, 3
    if not _TWO_WAY.search(text) or not isinstance(names, Labels) or len(readings) < 2:
        return found
    if not all(isinstance(c, Sample) for c in readings):
        return found
    if len(set(names.items)) < len(names.items):
        return found
    out = [
        (str(names.items[i]), c.name, c.texts[i])
        for i in range(len(names))
        for c in readings
        if isinstance(c, Sample) and c.texts[i] is not None
    ]
    table = Table(
        (
            Labels(_row_name(names.name), tuple(r[0] for r in out)),
            Labels("column", tuple(r[1] for r in out)),
            Sample("value", tuple(str(r[2]) for r in out)),
        )
    )
    return replace(found, table=table)


def _row_name(name: str) -> str:
    return name if _A_BLOCK.match(name.strip()) else "row"


def by_operator(found: FoundTable, text: str) -> FoundTable:
    """A gage study's table with a column for each trial of each operator as one row for each reading.

    What is no such table, or belongs to no talk of a gage, is left as it is.
    """
    if not _GAGE.search(text):
        return found
    table = found.table
    parts = [c for c in table.columns if _PART.match(c.name.strip())]
    readings = [c for c in table.columns if c not in parts]
    if len(parts) > 1 or len(readings) < 2 or not all(isinstance(c, Sample) for c in readings):
        return found
    named = [_of_a_trial(c.name) for c in readings]
    if any(n is None for n in named):
        return found
    who = [n for n in named if n is not None]
    people = [k for k, _ in groupby(who)]
    counts = {k: who.count(k) for k in people}
    if len(people) < 2 or len(counts) < len(people) or len(set(counts.values())) > 1:
        return found
    ids = list(parts[0].texts) if parts and isinstance(parts[0], Sample) else None
    if parts and isinstance(parts[0], Labels):
        ids = list(parts[0].items)
    ids = ids or [str(i + 1) for i in range(len(readings[0]))]
    out = [
        (ids[i] or str(i + 1), person, c.texts[i])
        for person, c in zip(who, readings, strict=True)
        if isinstance(c, Sample)
        for i in range(len(ids))
        if c.texts[i] is not None
    ]
    columns: tuple[Column, ...] = (
        column_of([r[0] for r in out], "part"),
        Labels("operator", tuple(r[1] for r in out)),
        Sample("value", tuple(str(r[2]) for r in out)),
    )
    return replace(found, table=Table(columns))


_A_TRIAL = re.compile(rf"(?i)^(?:{_TRIAL}|trial|repeat|meas)[ ._-]?\d$")
_WHO = re.compile(rf"(?i)^{_PEOPLE}s?$")


def by_trial(found: FoundTable, text: str) -> FoundTable:
    """A gage study's table of parts and operators with a column for each trial as one row for each reading."""
    if not _GAGE.search(text):
        return found
    columns = found.table.columns
    trials = [c for c in columns if isinstance(c, Sample) and _A_TRIAL.match(c.name.strip())]
    others = [c for c in columns if c not in trials]
    roles = [c.name.strip() for c in others]
    studied = any(map(_WHO.match, roles)) and any(map(_PART.match, roles))
    if len(trials) < 2 or len(others) != 2 or not studied:
        return found
    out = [
        (*(_cell(c, i) for c in others), t.texts[i])
        for i in range(len(columns[0]))
        for t in trials
        if t.texts[i] is not None
    ]
    names = (*(c.name for c in others), "value")
    table = Table(tuple(column_of([str(r[j]) for r in out], n) for j, n in enumerate(names)))
    return replace(found, table=table)


def _cell(column: Column, i: int) -> str:
    return str(column.texts[i] if isinstance(column, Sample) else column.items[i])


def _of_a_trial(name: str) -> str | None:
    """The operator in the name of a column of trials: ``A2``, ``Op B_1``, ``Operator 1 trial 2``, ``Ann``."""
    plain = re.sub(r"_(\d)$", r" \1", name.strip())
    match = _OF_A_TRIAL.match(plain)
    if match:
        return match["who"].strip(" ._-")
    return plain if re.fullmatch(r"[A-Za-z][A-Za-z ]{0,20}", plain) else None
