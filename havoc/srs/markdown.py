"""Numbers, links and tables of an answer's Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from havoc.dsl.executor import Step
from havoc.srs.places import TABLES, place
from havoc.tools.result import (
    TINY_P,
    ResultTable,
    digits_text,
    signed_text,
    vanished,
    vanished_cell,
)

MAX_LIST = 12
WITHHELD = "(withheld: it did not survive its re-computation)"
_PLACE = re.compile(r"\{(\w+)(?:\[(\d+)\])?(?:\[(\d+)\])?(?::([^}]*))?\}")


def number_text(value: Any, digits: int = 6) -> str:
    """``digits`` significant digits, whole numbers whole, tiny p values in powers of ten."""
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
    return digits_text(value, digits)


def short(value: Any) -> str:
    """A number for running text: four significant digits, and no fewer than the digits before the point."""
    if isinstance(value, float) and 1e3 <= abs(value) < 1e7:
        return number_text(value, len(str(int(abs(value)))) + 1)
    return number_text(value, 4)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def link(text: str, step: str, key: str, *positions: int) -> str:
    """A number as a link to the place that it shows."""
    return f"[{text}](#v:{place(step, key, *positions)})"


def value_text(step: Step, key: str, value: Any, *positions: int, brief: bool = False) -> str:
    """A value with its numbers linked: a scalar, a list, a list of lists."""
    if isinstance(value, list):
        inner = [
            value_text(step, key, v, *positions, i, brief=brief)
            for i, v in enumerate(value[:MAX_LIST])
        ]
        nested = bool(value) and isinstance(value[0], list)
        text = ("; " if nested else ", ").join(inner) or "none"
        return text + (f" … ({len(value)} in all)" if len(value) > MAX_LIST else "")
    if vanished(key, value):
        return f"< {link(TINY_P, step.name, key, *positions)}"
    if is_number(value):
        return link(short(value) if brief else number_text(value), step.name, key, *positions)
    return escaped(number_text(value))


def escaped(text: str) -> str:
    """Text for a table's cell or a sentence."""
    return text.replace("|", "\\|").replace("\n", " ")


def label(text: str) -> str:
    """What a quantity is called in a table: its description up to the first mark, with no bracket left open."""
    head = text.split(";")[0]
    if head.count("(") > head.count(")"):
        head = head[: head.rindex("(")]
    return escaped(head).strip()


def filled(template: str, step: Step, withheld: frozenset[str], *, brief: bool = True) -> str:
    """A sentence of an operation or of the guidance with its ``{key}`` places filled by links."""
    values = step.result.values

    def put(match: re.Match[str]) -> str:
        key = match[1]
        if key not in values:
            return match[0]
        if f"{step.name}.{key}" in withheld:
            return WITHHELD
        value: Any = values[key]
        positions = tuple(int(i) for i in (match[2], match[3]) if i is not None)
        for i in positions:
            if not isinstance(value, list) or i >= len(value):
                return match[0]
            value = value[i]
        if match[4] == "signed" and is_number(value):  # the minus belongs to what is linked
            text = signed_text(short(value) if brief else number_text(value))
            sign, number = ("", text) if text.startswith("-") else ("+ ", text[2:])
            return sign + link(number, step.name, key, *positions)
        text = value_text(step, key, value, *positions, brief=brief)
        return f"({text})" if isinstance(value, list) and positions else text

    return _PLACE.sub(put, without_equals(template, values))


_EQUALS = re.compile(r"= (?=\{(\w+)(?:\[(\d+)\])?\})")


def without_equals(template: str, values: Mapping[str, Any]) -> str:
    """``p = {p_value}`` as ``p {p_value}`` where the value is told as ``< 1e-12``."""

    def kept(match: re.Match[str]) -> str:
        value = values.get(match[1])
        if match[2] is not None and isinstance(value, list) and int(match[2]) < len(value):
            value = value[int(match[2])]
        return "" if vanished(match[1], value) else match[0]

    return _EQUALS.sub(kept, template)


def result_table(
    step: Step, index: int, table: ResultTable, rows: int, withheld: frozenset[str] = frozenset()
) -> str:
    """A result's table with each number linked to its cell; a long one is cut, and says so.

    A column whose audit failed (``step.table name:column name`` in ``withheld``) is not shown.
    """
    lost = {j for j, c in enumerate(table.columns) if f"{step.name}.{table.name}:{c}" in withheld}
    header = "| " + " | ".join(escaped(str(c)) or " " for c in table.columns) + " |"
    lines = []
    for i, row in enumerate(table.rows[:rows]):
        cells = [
            "withheld"
            if j in lost
            else f"< {link(TINY_P, step.name, TABLES, index, i, j)}"
            if vanished_cell(table.columns, row, j)
            else link(number_text(c), step.name, TABLES, index, i, j)
            if is_number(c)
            else escaped(number_text(c))
            for j, c in enumerate(row)
        ]
        lines.append("| " + " | ".join(cells) + " |")
    text = "\n".join([f"**{table.name}**", "", header, "|" + "---|" * len(table.columns), *lines])
    if len(table.rows) > rows:
        text += f"\n\nThe first {rows} of {len(table.rows)} rows; the result holds all of them."
    return text
