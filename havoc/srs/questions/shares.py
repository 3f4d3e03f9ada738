"""The share of rows that meet a condition: ``what percentage of smokers were readmitted``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from havoc.srs.questions.builder import Program
from havoc.srs.questions.conditions import Condition, read_flags, where_of
from havoc.srs.questions.groups import Groups
from havoc.srs.questions.words import Reading

SHARES = frozenset(
    "percentage percent share proportion fraction rate rates percentages shares".split()
)
_VERBS = frozenset(
    "who that which were was are is have had has did do does contain contains show also be being whose".split()
)
_AMONG = frozenset("among amongst within".split())


def share(
    reading: Reading, program: Program, groups: Groups, conditions: list[Condition], said: int
) -> bool:
    """The share of rows that meet one condition among those that meet the others, of each group if there are some."""
    conditions = sorted([*conditions, *read_flags(reading)], key=lambda c: c.at)
    if not conditions or reading.measures():
        return False
    of, among = _parted(reading, conditions, said)
    if not of or {c.column for c in of} & {c.column for c in among}:
        return False
    program.keep(among)
    if not groups.columns:
        program.call("<op:table.count>", "<p:where>", *where_of(of), "<p:data>", program.source)
        return True
    (column, *_), way = of[0].alternatives[0], of[0].alternatives
    if len(of) == 1 and way == ((column, "<eq>", "<d1>"),):
        program.group(groups, column, "mean")
        return True
    name = reading.add("s", "share_" + "_".join(_spoken(reading, of)))
    program.derive(name, where_of(of))
    figure = program.group(groups, name, "mean")
    program.first_groups(groups, figure)
    return True


def _spoken(reading: Reading, conditions: Sequence[Condition]) -> list[str]:
    """Words for the name of a new column: of which column it tells, and which cells."""
    return [
        re.sub(r"\W+", "_", str(reading.slot(c.column).value.name)).strip("_") for c in conditions
    ]


def _parted(
    reading: Reading, conditions: Sequence[Condition], said: int
) -> tuple[list[Condition], list[Condition]]:
    """The conditions whose share is wanted, and those of the rows it is a share of."""
    words = reading.words
    if len(conditions) == 1:
        return [*conditions], []
    among = next((i for i, w in enumerate(words) if w in _AMONG and i > said), None)
    if among is not None and any(c.at < among for c in conditions):
        return [c for c in conditions if c.at < among], [c for c in conditions if c.at > among]
    if words[said] in ("rate", "rates"):
        before = [c for c in conditions if c.at < said]
        return before, [c for c in conditions if c.at > said]
    verb = next(
        (i for i, w in enumerate(words) if w in _VERBS and said < i < conditions[-1].at), None
    )
    if verb is not None and verb < conditions[0].at:
        return [*conditions], []
    if verb is not None:
        return [c for c in conditions if c.at > verb], [c for c in conditions if c.at < verb]
    return [conditions[-1]], [*conditions[:-1]]
