"""Lessons on a list of two or three columns, asked about four to seven: how long a list is, is said by nobody.

``regress {t.y} on {t.a} and {t.b}`` becomes ``regress {t.y} on {t.a}, {t.b}, {t.b2} and {t.b3}``. Only sentences
that name the columns one after the other can be lengthened so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from havoc.curriculum.lesson import Data, Fixed, Lesson, TableOf

LENGTHS = (4, 5, 6, 7)
_WEIGHT = 0.25  # of each length, for a lesson of weight 1
_LIST = re.compile(r"\[(\{t\.\w+\}(?:, \{t\.\w+\})+)\]")
_LINK = (
    r"(?:\s*(?:,|&|\+|;|/|\band\b|\bplus\b|\((?:,|&|\+|;|/|\s|\||and|plus|with|as well as)+\))\s*)+"
)
# Subgroups of the sizes that are taught hold two or three characteristics.
_NOT_LONGER = frozenset(("spc.generalized_variance",))
_FEWEST = 3  # sentences that can be lengthened, for a lesson to be


def wider_lessons(lesson: Lesson, trained: Callable[[str], bool]) -> list[Lesson]:
    """The lesson with longer lists; of its sentences those that are ``trained`` on."""
    listed = _LIST.search(lesson.program)
    table = lesson.fields.get("t")
    if listed is None or not isinstance(table, TableOf):
        return []
    if any(f"{name}(" in lesson.program for name in _NOT_LONGER):
        return []
    names = re.findall(r"\{t\.(\w+)\}", listed[1])
    last = table.columns.get(names[-1])
    if (
        not isinstance(last, Data)
        or last.names
        or any(lesson.program.count(f"{{t.{n}}}") > 1 for n in names)
    ):  # "with a alone, and with a and b" is no list
        return []
    region = re.compile(rf"({_LINK})".join(rf"\{{t\.{n}\}}" for n in names))
    asks = [t for t in lesson.ask if trained(t) and len(region.findall(t)) == 1]
    if len(asks) < _FEWEST:
        return []
    return [_widened(lesson, names, listed[1], region, asks, n) for n in LENGTHS if n > len(names)]


def _widened(
    lesson: Lesson, names: list[str], listed: str, region: re.Pattern[str], asks: list[str], n: int
) -> Lesson:
    table = lesson.fields["t"]
    assert isinstance(table, TableOf)
    added = [f"{names[-1]}{k}" for k in range(2, n - len(names) + 2)]
    fields = [f"{{t.{x}}}" for x in (*names, *added)]

    def longer(match: re.Match[str]) -> str:
        link = match[len(names) - 1]
        between = link if not re.search(r"[a-z(]", link) else ", "
        return between.join(fields[:-1]) + link + fields[-1]

    columns = {**table.columns, **dict.fromkeys(added, table.columns[names[-1]])}
    forms = tuple(f for f in table.forms if f in ("pasted", "attached")) or ("attached",)
    low, high = table.rows
    if not any(isinstance(c, Fixed) for c in columns.values()):  # cells of their own number
        low, high = max(low, 3 * n), high + 3 * n
    return replace(
        lesson,
        name=f"{lesson.name}.{n}_columns",
        ask=tuple(region.sub(longer, t) for t in asks),
        program=lesson.program.replace(listed, ", ".join(fields)),
        fields={
            **lesson.fields,
            "t": replace(table, columns=columns, forms=forms, rows=(low, high)),
        },
        # `at=[{v}, {w}]` has a value for each column
        options=tuple(o for o in lesson.options if "[" not in o.argument),
        weight=_WEIGHT * lesson.weight,
    )
