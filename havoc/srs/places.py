"""Places in results: what a link in the answer's Markdown points to (docs/reasoning.md).

``#v:r2.cpk``, ``#v:r2.ci.b``, ``#v:r2.tables.a.d.c``. Positions are letters, as a spreadsheet's columns are: digits
in a link would be read as numbers of the answer by whoever collects the numbers of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from havoc.dsl.executor import Step

TABLES = "tables"
LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)+)\]\(#v:(\w+)\.(\w+)((?:\.[a-z]+)*)\)")
_MISSING = object()


@dataclass(frozen=True)
class Link:
    """A link found in a text: what it shows, where it points to, and where it ends."""

    shown: str
    step: str
    key: str
    place: tuple[int, ...]
    start: int
    end: int

    @property
    def name(self) -> str:
        return ".".join([self.step, self.key, *map(letters, self.place)])


def letters(position: int) -> str:
    """``0`` is a, ``25`` z, ``26`` aa."""
    if position < 0:
        raise ValueError(f"no position {position}")
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(97 + rest) + text
    return text


def position(text: str) -> int:
    """The inverse of ``letters``."""
    n = 0
    for c in text:
        n = 26 * n + ord(c) - 96
    return n - 1


def place(step: str, key: str, *positions: int) -> str:
    """The target of a link, without ``#v:``."""
    return ".".join([step, key, *map(letters, positions)])


def links(text: str) -> Iterator[Link]:
    """Every number link of a text, in order."""
    for m in LINK.finditer(text):
        at = tuple(position(p) for p in m[4].split(".") if p)
        yield Link(m[1], m[2], m[3], at, m.start(), m.end())


def value_at(steps: Mapping[str, Step], link: Link) -> tuple[bool, Any]:
    """Whether there is such a place, and what stands there."""
    step = steps.get(link.step)
    if step is None:
        return False, None
    given: dict[str, Any] = {TABLES: [t.rows for t in step.result.tables]}
    at = {**step.result.values, **given}.get(link.key, _MISSING)
    for i in link.place:
        if not isinstance(at, list | tuple) or i >= len(at):
            return False, None
        at = at[i]
    return at is not _MISSING, None if at is _MISSING else at


def stripped(text: str) -> str:
    """Markdown with the number links replaced by what they show."""
    return LINK.sub(r"\1", text)
