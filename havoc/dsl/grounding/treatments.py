"""Responses behind the labels of a two-level factorial: ``(1) = 60, a = 72, b = 54, ab = 68``, also replicated."""

from __future__ import annotations

import re

from havoc.dsl.grounding.numbers import number_text
from havoc.dsl.grounding.ranges import PLAIN
from havoc.dsl.grounding.text_tables import FoundTable
from havoc.tools.values import Sample, Table

_ITEM = (
    r"(?P<label>\(1\)|[A-Za-z]{1,6})[ ]?(?:[:=]|->|→)?[ \t]*"
    rf"(?P<values>{PLAIN}(?:(?:[ ]?,[ ]?|[ \t]+){PLAIN}(?![ ]?[:=])){{0,9}})"
)
_FIRST = re.compile(r"(?<![\w)])\(1\)[ ]?(?:[:=]|->|→|[ ]|\t)[ \t]*(?=[-+−.\d])")
_ONE = re.compile(_ITEM)
_JOINT = re.compile(r"[ \t]*[,;|]?\s*(?:and[ ]+)?")


def find_treatments(text: str) -> list[FoundTable]:
    """A design of coded factors with its response, where every label of a full factorial stands before its values."""
    found: list[FoundTable] = []
    for first in _FIRST.finditer(text):
        labels: list[str] = []
        values: list[list[str]] = []
        end = first.start()
        place = first.start()
        while (one := _ONE.match(text, place)) is not None:
            label = one["label"]
            if label != "(1)" and (
                len(set(label)) < len(label) or (label.isupper() and len(label) > 6)
            ):
                break
            labels.append(label)
            values.append([number_text(v) for v in re.findall(PLAIN, one["values"])])
            end = one.end()
            joint = _JOINT.match(text, end)
            place = joint.end() if joint else end
        table = _table(labels, values)
        if table is not None:
            found.append(FoundTable(table, first.start(), end))
    return found


def _table(labels: list[str], values: list[list[str]]) -> Table | None:
    names = [x for x in labels if len(x) == 1]
    expected = {"".join(sorted(x)) for x in labels if x != "(1)"}
    if len(labels) < 4 or len(labels) != 2 ** len(names) or len(expected) != len(labels) - 1:
        return None
    if not set("".join(expected)) <= set(names) or len({len(v) for v in values}) > 1:
        return None
    rows = [(x, v) for x, several in zip(labels, values, strict=True) for v in several]
    factors = tuple(
        Sample(n.upper(), tuple("1" if n in x and x != "(1)" else "-1" for x, _ in rows))
        for n in names
    )
    return Table((*factors, Sample("y", tuple(v for _, v in rows))))
