"""The tree of a program, with the expressions and formulas of ``havoc.tools.expression`` in it.

Places (line, column) are not compared: two programs are equal when they say the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from havoc.tools.expression import Expression, Formula


@dataclass(frozen=True)
class Boolean:
    value: bool


@dataclass(frozen=True)
class Interval:
    """``low..high``; a unit written once stands on the high end."""

    low: Expression
    high: Expression


@dataclass(frozen=True)
class List:
    items: tuple[Value, ...]


Value = Expression | Formula | Boolean | Interval | List


@dataclass(frozen=True)
class Argument:
    """One argument; ``quoted`` if its keyword stood in backticks (then it is always a factor)."""

    value: Value
    keyword: str | None = None
    quoted: bool = False
    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Statement:
    """``target = operation(arguments)  # comment``, with the comment lines above it.

    ``target`` is None for a bare call, whose result is named by its position (``Program.names``).
    """

    target: str | None
    operation: str
    arguments: tuple[Argument, ...] = ()
    above: tuple[str, ...] = ()
    comment: str | None = None
    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Program:
    """Statements in order, and the comment lines that follow the last one."""

    statements: tuple[Statement, ...]
    below: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each statement's result: its target, or ``r`` and its position from 1."""
        return tuple(s.target or f"r{i}" for i, s in enumerate(self.statements, 1))
